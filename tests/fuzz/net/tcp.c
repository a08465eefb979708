/* TCP input: a connection over lo on which the input decides: what each side does, which of its packets arrive, and which
 * segments an attacker who knows the numbers puts in between. */
#include "net.h"
#include "net/inet_hash.h"
#include <linux/tcp.h>

#define HELD 32
static struct sk_buff *held[HELD];
static unsigned nr_held;
static bool v6;
static int listener, fd[2], accepted[4];

/* The path keeps what is sent until the input says. */
static int path(struct sk_buff *skb, struct net_device *dev)
{
	(void)dev;
	if (nr_held < HELD)
		held[nr_held++] = skb;
	else
		kfree_skb(skb);
	return 0;
}

static void deliver(unsigned i, bool copy)
{
	struct sk_buff *skb = held[i];

	if (copy) {
		skb = skb_copy(skb);
	} else {
		held[i] = held[--nr_held];
		for (unsigned k = i; k + 1 < nr_held; k++) { /* the others keep their order */
			struct sk_buff *t = held[k];

			held[k] = held[k + 1];
			held[k + 1] = t;
		}
	}
	local_bh_disable();
	dev_hard_start_xmit(skb, loopback_dev);
	local_bh_enable();
}

static void deliver_all(void)
{
	for (unsigned n = 0; nr_held && n < 200; n++)
		deliver(0, false);
}

static void drop_all(void)
{
	while (nr_held)
		kfree_skb(held[--nr_held]);
}

static u32 name_of(void *a, u16 port)
{
	struct sockaddr_in6 *a6 = a;
	struct sockaddr_in *a4 = a;

	memset(a, 0, sizeof(*a6));
	if (v6) {
		a6->sin6_family = AF_INET6;
		a6->sin6_addr.s6_addr[15] = 1;
		a6->sin6_port = port;
		return sizeof(*a6);
	}
	a4->sin_family = AF_INET;
	a4->sin_addr.s_addr = htonl(0x7f000001);
	a4->sin_port = port;
	return sizeof(*a4);
}

static void connect_to_listener(int s)
{
	struct sockaddr_in6 a;
	u32 len = name_of(&a, htons(7));

	poke(0, &a, len);
	__sys_connect(s, G(0), (int)len);
}

static void start_connection(u8 options)
{
	struct sockaddr_in6 a;
	u32 len = name_of(&a, htons(7));
	int family = v6 ? AF_INET6 : AF_INET;

	listener = (int)__sys_socket(family, SOCK_STREAM | SOCK_NONBLOCK, 0);
	FUZZ_ASSERT(listener >= 0);
	fuzz_set(listener, SOL_SOCKET, SO_REUSEADDR, 1);
	if (options & 1)
		fuzz_set(listener, SOL_TCP, TCP_FASTOPEN, 4);
	if (options & 2)
		fuzz_set(listener, SOL_TCP, TCP_DEFER_ACCEPT, 5);
	if (options & 4)
		fuzz_set(listener, SOL_SOCKET, SO_RCVBUF, 2048);
	poke(0, &a, len);
	FUZZ_ASSERT(!__sys_bind(listener, G(0), (int)len));
	FUZZ_ASSERT(!__sys_listen(listener, 2));
	fd[0] = (int)__sys_socket(family, SOCK_STREAM | SOCK_NONBLOCK, 0);
	fd[1] = -1;
	FUZZ_ASSERT(fd[0] >= 0);
	if (options & 8)
		fuzz_set(fd[0], SOL_TCP, TCP_MAXSEG, 200);
	if (options & 16)
		fuzz_set(fd[0], SOL_SOCKET, SO_OOBINLINE, 1);
	connect_to_listener(fd[0]);
	if (options & 32)
		return;
	deliver_all();
	fd[1] = (int)__sys_accept4(listener, NULL, NULL, SOCK_NONBLOCK);
}

/* A segment to one side, by the numbers that side would take. */
static void inject(struct input *in, unsigned side)
{
	static u8 packet[2048];
	u8 what = in8(in), flags = in8(in);
	u32 ip_len = v6 ? 40 : 20, opt = what & 3 ? in8(in) % 41 & ~3u : 0, payload = what & 4 ? in8(in) * (what & 8 ? 5u : 1u) : 0;
	struct tcphdr *th = (struct tcphdr *)(packet + ip_len);
	struct sock *sk = fd[side] >= 0 ? sock_of(fd[side]) : NULL;
	u32 seq = 0x1000, ack = 0x2000, len;
	u16 to = htons(7), from = htons(40000);

	memset(packet, 0, ip_len + 20);
	if (sk && sk->sk_state != TCP_CLOSE && sk->sk_state != TCP_LISTEN) {
		to = htons((u16)sk->sk_num);
		from = sk->sk_dport;
		seq = tcp_sk(sk)->rcv_nxt;
		ack = what & 16 ? tcp_sk(sk)->snd_una : tcp_sk(sk)->snd_nxt;
	}
	if (what & 32)
		seq += what & 64 ? in32(in) : (u32)(s32)(s16)in16(in);
	if (what & 128)
		ack += flags & 64 ? in32(in) : (u32)(s32)(s16)in16(in);
	th->source = from;
	th->dest = to;
	th->seq = htonl(seq);
	th->ack_seq = htonl(ack);
	th->window = htons((u16)(in8(in) * 200));
	((u8 *)th)[13] = flags;
	th->doff = (20 + opt) / 4;
	if ((what & 3) == 3)
		th->urg_ptr = htons(in8(in));
	memset(th + 1, 0, opt);
	in_bytes(in, th + 1, opt);
	if ((what & 3) == 2 && opt >= 12) { /* a timestamp that passes */
		u8 *o = (u8 *)(th + 1);
		u32 tsval = htonl(sk ? tcp_sk(sk)->rx_opt.ts_recent + in8(in) : 1);
		u32 tsecr = htonl(sk ? tcp_sk(sk)->rx_opt.rcv_tsval : 1);

		o[0] = o[1] = 1, o[2] = 8, o[3] = 10;
		memcpy(o + 4, &tsval, 4);
		memcpy(o + 8, &tsecr, 4);
	}
	memset((u8 *)(th + 1) + opt, 'x', payload);
	len = 20 + opt + payload;
	if (flags & 128 && what & 2)
		th->doff = in8(in) & 15;
	if (v6) {
		struct ipv6hdr *h = (struct ipv6hdr *)packet;

		h->version = 6;
		h->nexthdr = IPPROTO_TCP;
		h->hop_limit = 64;
		h->payload_len = htons((u16)len);
		h->saddr.s6_addr[15] = h->daddr.s6_addr[15] = 1;
		th->check = csum_ipv6_magic(&h->saddr, &h->daddr, len, IPPROTO_TCP, csum_partial(th, len, 0));
	} else {
		struct iphdr *iph = (struct iphdr *)packet;

		*iph = (struct iphdr){ .version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_TCP, .tos = flags & 1 ? 3 : 0,
			.tot_len = htons((u16)(20 + len)), .saddr = htonl(0x7f000001), .daddr = htonl(0x7f000001) };
		iph->check = ip_fast_csum(iph, 5);
		th->check = csum_tcpudp_magic(iph->saddr, iph->daddr, len, IPPROTO_TCP, csum_partial(th, len, 0));
	}
	fuzz_receive(fuzz_skb(packet, ip_len + len));
}

/* An ICMP error about a segment of one side. */
static void icmp_about(struct input *in, unsigned side)
{
	struct sock *sk = fd[side] >= 0 ? sock_of(fd[side]) : NULL;
	u8 packet[20 + 8 + 20 + 8] = { 0 };
	struct iphdr *out = (struct iphdr *)packet, *iph = (struct iphdr *)(packet + 28);
	u32 seq;

	if (!sk || v6)
		return;
	*out = (struct iphdr){ .version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_ICMP, .tot_len = htons(sizeof(packet)),
		.saddr = htonl(0x7f000001), .daddr = htonl(0x7f000001) };
	out->check = ip_fast_csum(out, 5);
	*iph = *out;
	iph->protocol = IPPROTO_TCP;
	iph->tot_len = htons(in16(in));
	packet[20] = in8(in) & 1 ? 3 : in8(in);
	packet[21] = in8(in) & 15;
	packet[26] = in8(in), packet[27] = in8(in);
	seq = htonl(tcp_sk(sk)->snd_una + in8(in));
	packet[48] = (u8)(sk->sk_num >> 8), packet[49] = (u8)sk->sk_num;
	memcpy(packet + 50, &sk->sk_dport, 2);
	memcpy(packet + 52, &seq, 4);
	{
		u16 sum = csum_fold(csum_partial(packet + 20, sizeof(packet) - 20, 0));

		memcpy(packet + 22, &sum, 2);
	}
	fuzz_receive(fuzz_skb(packet, sizeof(packet)));
}

static void option(struct input *in, int s)
{
	static const u8 names[] = { TCP_NODELAY, TCP_CORK, TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT, TCP_LINGER2, TCP_WINDOW_CLAMP,
		TCP_QUICKACK, TCP_USER_TIMEOUT, TCP_NOTSENT_LOWAT, TCP_MAXSEG, TCP_SYNCNT, TCP_INQ, TCP_TIMESTAMP };
	u8 which = in8(in);

	if (which & 0x80)
		fuzz_set(s, SOL_SOCKET, which & 1 ? SO_KEEPALIVE : which & 2 ? SO_RCVBUF : which & 4 ? SO_SNDBUF : SO_RCVLOWAT, in16(in));
	else if (which & 0x40)
		__sys_getsockopt(s, SOL_TCP, TCP_INFO, G(1024), G(0));
	else
		fuzz_set(s, SOL_TCP, names[which % ARRAY_SIZE(names)], in8(in));
}

static void close_one(int *s)
{
	if (*s >= 0)
		do_close(*s);
	*s = -1;
}

static void step(struct input *in)
{
	u8 op = in8(in);
	unsigned side = op >> 4 & 1;
	int s = fd[side];

	switch (op & 15) {
	case 0: case 1: case 2: case 3:
		inject(in, side);
		break;
	case 4:
		deliver_all();
		break;
	case 5:
		if (nr_held)
			deliver(in8(in) % nr_held, op & 32);
		break;
	case 6:
		if (nr_held && op & 32)
			kfree_skb(held[--nr_held]);
		else
			drop_all();
		break;
	case 7:
		fuzz_pass(op & 32 ? in8(in) * SECOND : in8(in) * 1000000ull);
		break;
	case 8:
		__sys_sendto(s, G(4096), in8(in) * (op & 32 ? 64u : 1u) + 1, MSG_DONTWAIT | MSG_NOSIGNAL | (op & 64 ? MSG_OOB : 0) |
			(op & 128 ? MSG_MORE : 0), NULL, 0);
		break;
	case 9:
		__sys_recvfrom(s, G(65536), in8(in) * (op & 32 ? 256u : 1u), MSG_DONTWAIT | (op & 64 ? MSG_OOB : 0) |
			(op & 128 ? MSG_PEEK : 0), NULL, NULL);
		break;
	case 10:
		option(in, s);
		break;
	case 11:
		__sys_shutdown(s, op >> 5 & 3);
		break;
	case 12:
		if (op & 32) {
			struct linger l = { 1, 0 }; /* not to wait: there is no other task */

			poke(0, &l, sizeof(l));
			__sys_setsockopt(s, SOL_SOCKET, SO_LINGER, G(0), sizeof(l));
		}
		if (!(op & 64))
			close_one(&fd[side]);
		break;
	case 13: {
		int *to = fd[1] < 0 ? &fd[1] : &accepted[op >> 5 & 3];

		close_one(to);
		*to = (int)__sys_accept4(listener, NULL, NULL, SOCK_NONBLOCK);
		break;
	}
	case 14:
		icmp_about(in, side);
		break;
	case 15:
		if (op & 32 && s >= 0) { /* disconnect */
			poke(0, &(u16){ AF_UNSPEC }, 2);
			__sys_connect(s, G(0), 16);
		} else if (op & 64) {
			close_one(&fd[side]);
			fd[side] = (int)__sys_socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
			connect_to_listener(fd[side]);
		} else {
			fuzz_recvmsg(s, 256, MSG_ERRQUEUE);
		}
		break;
	}
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct input in = { data, data + size };
	u8 first = in8(&in);

	fuzz_start();
	loopback_dev->qdisc = path;
	v6 = first & 0x80;
	memset(accepted, 0xff, sizeof(accepted));
	start_connection(first);
	for (unsigned n = 0; n < 200 && in_left(&in); n++)
		step(&in);
	close_one(&fd[0]);
	close_one(&fd[1]);
	close_one(&listener);
	for (unsigned i = 0; i < ARRAY_SIZE(accepted); i++)
		close_one(&accepted[i]);
	/* Orphans, TIME-WAIT and half-open connections end by themselves. */
	drop_all();
	for (unsigned n = 0; n < 200 && (tcp_tw_count || tcp_orphan_count); n++) {
		fuzz_pass(10 * SECOND);
		drop_all();
	}
	fuzz_pass(200 * SECOND);
	drop_all();
	FUZZ_ASSERT(!tcp_tw_count && !tcp_orphan_count);
	FUZZ_ASSERT(!tcp_memory.allocated);
	FUZZ_ASSERT(!tcp_hashinfo.ehash_count);
	return 0;
}
