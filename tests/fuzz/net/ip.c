/* IPv4 and IPv6 input: packets, whole and in fragments, that come in on lo. The input is a list of packets, either raw or
 * described; sockets of every kind that could want one listen, and what they got is read with all control messages on. */
#include "net.h"
#include "net/frag.h"
#include <linux/icmp.h>
#include <linux/udp.h>

#define PORT 1000
static int socks[16];
static unsigned nr_socks;

static void listen_at(int family, int type, int protocol)
{
	struct sockaddr_in6 a = { .sin6_family = AF_INET6, .sin6_port = htons(PORT) };
	struct sockaddr_in a4 = { .sin_family = AF_INET, .sin_port = htons(PORT) };
	static const int ip[] = { IP_PKTINFO, IP_RECVOPTS, IP_RETOPTS, IP_RECVTOS, IP_RECVTTL, IP_RECVERR, IP_RECVORIGDSTADDR, IP_CHECKSUM,
		IP_RECVFRAGSIZE };
	static const int ip6[] = { IPV6_RECVPKTINFO, IPV6_RECVHOPLIMIT, IPV6_RECVRTHDR, IPV6_RECVHOPOPTS, IPV6_RECVDSTOPTS, IPV6_RECVTCLASS,
		IPV6_RECVERR, IPV6_RECVPATHMTU, IPV6_RECVORIGDSTADDR, IPV6_RECVFRAGSIZE, IPV6_2292HOPOPTS, IPV6_2292DSTOPTS,
		IPV6_2292RTHDR };
	int fd = (int)__sys_socket(family, type | SOCK_NONBLOCK, protocol);

	FUZZ_ASSERT(fd >= 0);
	fuzz_set(fd, SOL_SOCKET, SO_TIMESTAMP, 1);
	fuzz_set(fd, SOL_SOCKET, SO_RXQ_OVFL, 1);
	for (unsigned i = 0; i < ARRAY_SIZE(ip); i++)
		fuzz_set(fd, SOL_IP, ip[i], 1);
	for (unsigned i = 0; family == AF_INET6 && i < ARRAY_SIZE(ip6); i++)
		fuzz_set(fd, SOL_IPV6, ip6[i], 1);
	if (family == AF_INET6)
		poke(0, &a, sizeof(a));
	else
		poke(0, &a4, sizeof(a4));
	if (type != SOCK_RAW)
		FUZZ_ASSERT(!__sys_bind(fd, G(0), family == AF_INET6 ? sizeof(a) : sizeof(a4)));
	if (type == SOCK_STREAM)
		FUZZ_ASSERT(!__sys_listen(fd, 4));
	socks[nr_socks++] = fd;
}

static void start(void)
{
	fuzz_start();
	listen_at(AF_INET, SOCK_DGRAM, 0);
	fuzz_set(socks[0], SOL_SOCKET, SO_REUSEADDR, 1);
	listen_at(AF_INET, SOCK_DGRAM, IPPROTO_UDPLITE);
	listen_at(AF_INET, SOCK_RAW, IPPROTO_ICMP);
	listen_at(AF_INET, SOCK_RAW, IPPROTO_UDP);
	listen_at(AF_INET, SOCK_DGRAM, IPPROTO_ICMP);
	listen_at(AF_INET, SOCK_STREAM, 0);
	listen_at(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6);
	listen_at(AF_INET6, SOCK_RAW, IPPROTO_UDP);
	listen_at(AF_INET6, SOCK_DGRAM, IPPROTO_ICMPV6);
}

/* A header of what the input says around a payload of its bytes. The size. */
static u32 build4(struct input *in, u8 *to)
{
	static const u8 protos[] = { IPPROTO_UDP, IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDPLITE, IPPROTO_IGMP, 50, 255, IPPROTO_UDP };
	static const u32 addrs[] = { 0x7f000001, 0x7f000002, 0xffffffff, 0xe0000001, 0x7fffffff, 0, 0x01020304, 0xe0000016 };
	u8 what = in8(in), where = in8(in), options = in8(in);
	struct iphdr *iph = (struct iphdr *)to;
	u32 head = 20 + (options & 15 ? options % 11 * 4 : 0), payload = what & 0x80 ? in16(in) % 3000 : in8(in);

	*iph = (struct iphdr){ .version = 4, .ihl = head / 4, .tos = where & 0x80 ? in8(in) : 0, .ttl = what & 0x40 ? 1 : 64,
		.protocol = protos[what & 7], .id = htons(what >> 3 & 1), .saddr = htonl(addrs[where & 7]),
		.daddr = htonl(addrs[where >> 3 & 7]) };
	if (what & 0x10)
		iph->frag_off = htons((u16)(in8(in) | (in8(in) & 0xe0) << 8));
	in_bytes(in, to + 20, head - 20);
	memset(to + head, 0xaa, payload);
	in_bytes(in, to + head, payload);
	iph->tot_len = htons((u16)(head + payload));
	if (what & 0x20)
		iph->tot_len = htons(in16(in));
	if (iph->protocol == IPPROTO_UDP && payload >= 8 && !(iph->frag_off & htons(0x1fff))) {
		struct udphdr *uh = (struct udphdr *)(to + head);

		uh->dest = where & 0x40 ? uh->dest : htons(PORT);
		uh->len = where & 0x40 ? uh->len : htons((u16)payload);
		uh->check = where & 0x40 ? uh->check : 0;
	}
	iph->check = 0;
	iph->check = ip_fast_csum(iph, iph->ihl);
	return head + payload;
}

static u32 build6(struct input *in, u8 *to)
{
	static const u8 next[] = { IPPROTO_UDP, IPPROTO_ICMPV6, IPPROTO_TCP, IPPROTO_UDPLITE, 0, 43, 44, 60, 44, 59, 51, 255 };
	u8 what = in8(in), where = in8(in), chain = in8(in) & 7, *nh;
	struct ipv6hdr *h = (struct ipv6hdr *)to;
	u32 at = 40, payload;

	memset(h, 0, sizeof(*h));
	h->version = 6;
	h->hop_limit = what & 0x40 ? 1 : 255;
	h->saddr.s6_addr[15] = where & 3;
	h->daddr.s6_addr[15] = 1;
	if (where & 0x10) {
		h->daddr.s6_addr[0] = 0xff;
		h->daddr.s6_addr[1] = where >> 5;
	}
	if (where & 0x08)
		h->saddr.s6_addr16[5] = 0xffff, h->saddr.s6_addr[12] = 127;
	nh = &h->nexthdr;
	*nh = next[what % 12];
	while (chain-- && (*nh == 0 || *nh == 43 || *nh == 60 || *nh == 44)) {
		u8 type = *nh, len = type == 44 ? 0 : in8(in) % 4, *ext = to + at;

		memset(ext, 0, 8u + len * 8u);
		in_bytes(in, ext + 2, 6 + len * 8u);
		ext[1] = len;
		if (type == 44) /* few packets, so that fragments meet */
			ext[4] = ext[5] = ext[6] = 0, ext[7] &= 1;
		at += 8 + len * 8u;
		nh = ext;
		*nh = next[in8(in) % 12];
	}
	payload = what & 0x80 ? in16(in) % 3000 : in8(in);
	memset(to + at, 0xbb, payload);
	in_bytes(in, to + at, payload);
	h->payload_len = htons((u16)(at - 40 + payload));
	if (what & 0x20)
		h->payload_len = htons(in16(in));
	return at + payload;
}

/* The sum that ICMPv6 and UDP want, so that they look further. */
static void sum6(u8 *packet, u32 size)
{
	struct ipv6hdr *h = (struct ipv6hdr *)packet;
	u32 off = h->nexthdr == IPPROTO_ICMPV6 ? 2 : 6, len = size - 40;
	u16 sum;

	if ((h->nexthdr != IPPROTO_ICMPV6 && h->nexthdr != IPPROTO_UDP) || len < off + 2)
		return;
	memset(packet + 40 + off, 0, 2);
	sum = csum_ipv6_magic(&h->saddr, &h->daddr, len, h->nexthdr, csum_partial(packet + 40, len, 0));
	memcpy(packet + 40 + off, &sum, 2);
}

static void sum4(u8 *packet, u32 size)
{
	struct iphdr *iph = (struct iphdr *)packet;
	u32 head = iph->ihl * 4u;
	u16 sum;

	if (iph->protocol != IPPROTO_ICMP || size < head + 8)
		return;
	memset(packet + head + 2, 0, 2);
	sum = csum_fold(csum_partial(packet + head, size - head, 0));
	memcpy(packet + head + 2, &sum, 2);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct input in = { data, data + size };
	static u8 packet[8192];
	static bool started;

	if (!started)
		start();
	started = true;
	for (unsigned n = 0; n < 24 && in_left(&in); n++) {
		u8 kind = in8(&in);
		struct sk_buff *skb;
		u32 len;

		if ((kind & 3) == 0) {
			len = in_bytes(&in, packet, in8(&in) + 1u);
		} else if (kind & 1) {
			len = build4(&in, packet);
			if (!(kind & 0x80))
				sum4(packet, len);
		} else {
			len = build6(&in, packet);
			if (!(kind & 0x80))
				sum6(packet, len);
		}
		skb = fuzz_skb(packet, len);
		if (kind & 4)
			skb->protocol ^= htons(ETH_P_IP) ^ htons(ETH_P_IPV6);
		if (kind & 8)
			skb->ip_summed = CHECKSUM_UNNECESSARY;
		if (kind & 0x10) { /* as a tun device's writer may say */
			skb->gso_size = (u16)(in8(&in) + 1);
			skb->gso_segs = (u16)((skb->len + skb->gso_size - 1) / skb->gso_size);
			skb->gso_type = (kind & 0x20 ? SKB_GSO_TCPV6 : SKB_GSO_TCPV4) | SKB_GSO_DODGY;
		}
		fuzz_receive(skb);
		if (kind & 0x40)
			fuzz_pass(in8(&in) * SECOND / 4);
	}
	for (unsigned i = 0; i < nr_socks; i++) {
		for (unsigned k = 0; k < 40 && fuzz_recvmsg(socks[i], (size & 1) ? 4096 : (u32)(size % 200), MSG_ERRQUEUE) >= 0; k++)
			;
		for (unsigned k = 0; k < 40 && fuzz_recvmsg(socks[i], (size & 2) ? 4096 : (u32)(size % 200), 0) >= 0; k++)
			;
	}
	fuzz_pass(70 * SECOND); /* no fragment waits that long */
	return 0;
}
