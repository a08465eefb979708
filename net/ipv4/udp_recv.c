/* UDP's way in, RFC 768 and 3828: packets from IP to the sockets' queues, ICMP errors, and recvmsg. The queues are those of both
 * families. */
#include "../udp.h"
#include "../scm.h"
#include "kerrno.h"
#include "string.h"
#include <linux/if_packet.h>

static u32 udp_pseudo(const struct sk_buff *skb, u32 len, u8 proto)
{
	const struct iphdr *iph = ip_hdr(skb);

	return csum_tcpudp_nofold(iph->saddr, iph->daddr, len, proto, 0);
}

/* The payload's checksum; UDP-Lite's covers a part. */
bool udp_lib_checksum_ok(struct sk_buff *skb, u32 pseudo)
{
	u8 *start = skb_transport_header(skb);

	if (likely(!UDP_SKB_CB(skb)->partial_cov))
		return skb_checksum_ok(skb, pseudo);
	if (skb->ip_summed == CHECKSUM_UNNECESSARY)
		return true;
	if (csum_fold(csum_partial(start, UDP_SKB_CB(skb)->cscov, pseudo)))
		return false;
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	return true;
}

/* The checksum was looked at when the packet came in: it is its first reader who computes it, as the packet may be dropped
 * unread. */
bool udp_reader_checksum_ok(struct sk_buff *skb)
{
	return skb->ip_summed != CHECKSUM_NONE || udp_lib_checksum_ok(skb, skb->csum);
}

static struct sk_buff *__skb_recv_udp(struct sock *sk, unsigned flags, int *off, int *err)
{
	return skb_recv_datagram(sk, flags, off, err);
}

/* UDP_GRO: how long the segments of this packet are. */
void udp_cmsg_recv(struct msghdr *msg, struct sock *sk, struct sk_buff *skb)
{
	int gso_size = skb->gso_size;

	if (udp_sk(sk)->gro_enabled && gso_size)
		put_cmsg(msg, SOL_UDP, UDP_GRO, &gso_size, sizeof(gso_size));
}

struct sk_buff *udp_read_skb(struct sock *sk, struct msghdr *msg, size_t size, unsigned flags, int *off, ssize_t *copied)
{
	struct sk_buff *skb;
	size_t n, ulen;
	int err = 0;
	u64 *mib;

	for (;;) {
		*off = sk_peek_offset(sk, flags);
		skb = __skb_recv_udp(sk, flags, off, &err);
		if (!skb)
			return ERR_PTR(err);
		mib = udp_mib(skb->protocol == htons(ETH_P_IPV6), is_udplite(sk));
		if (udp_reader_checksum_ok(skb))
			break;
		mib[UDP_MIB_CSUMERRORS]++;
		mib[UDP_MIB_INERRORS]++;
		skb_kill_datagram(sk, skb, flags);
		cond_resched();
	}
	ulen = skb->len;
	n = min(size, ulen - (size_t)*off);
	if (n < ulen && n == size)
		msg->msg_flags |= MSG_TRUNC;
	err = skb_copy_to_iter(skb, (size_t)*off, &msg->msg_iter, n);
	if (unlikely(err)) {
		if (!skb->peeked) {
			sk->sk_drops++;
			mib[UDP_MIB_INERRORS]++;
		}
		kfree_skb(skb);
		return ERR_PTR(err);
	}
	if (!(flags & MSG_PEEK))
		mib[UDP_MIB_INDATAGRAMS]++;
	*copied = (ssize_t)n;
	sock_recv_cmsgs(msg, sk, skb);
	return skb;
}

ssize_t udp_read_done(struct sock *sk, struct sk_buff *skb, unsigned flags, ssize_t copied)
{
	if (flags & MSG_TRUNC)
		copied = (ssize_t)skb->len;
	if (flags & MSG_PEEK)
		sk_peek_offset_fwd(sk, (int)copied);
	else
		sk_peek_offset_bwd(sk, (int)copied);
	kfree_skb(skb);
	return copied;
}

/* EAGAIN, EINTR, EFAULT, and a pending error. */
ssize_t udp_recvmsg(struct sock *sk, struct msghdr *msg, size_t size, unsigned flags)
{
	struct sk_buff *skb;
	ssize_t copied;
	int off;

	if (flags & MSG_ERRQUEUE)
		return ip_recv_error(sk, msg, size);
	skb = udp_read_skb(sk, msg, size, flags, &off, &copied);
	if (IS_ERR_OR_NULL(skb))
		return PTR_ERR(skb);
	if (msg->msg_name) {
		struct sockaddr_in *sin = msg->msg_name;

		memset(sin, 0, sizeof(*sin));
		sin->sin_family = AF_INET;
		sin->sin_port = udp_hdr(skb)->source;
		sin->sin_addr.s_addr = ip_hdr(skb)->saddr;
		msg->msg_namelen = sizeof(*sin);
	}
	udp_cmsg_recv(msg, sk, skb);
	if (inet_sk(sk)->cmsg_flags)
		ip_cmsg_recv_offset(msg, sk, skb, sizeof(struct udphdr), off);
	return udp_read_done(sk, skb, flags, copied);
}

/* Puts the packet on the queue. 0, -ENOMEM (full), -ENOBUFS (all sockets together have too much). */
static int udp_enqueue(struct sock *sk, struct sk_buff *skb)
{
	if (sk->sk_rmem_alloc > (u32)sk->sk_rcvbuf)
		return -ENOMEM;
	if (!sk_mem_schedule(sk, skb->truesize, false))
		return -ENOBUFS;
	skb->dev = NULL;
	skb->dropcount = sk->sk_drops;
	sk_mem_set_owner_r(skb, sk);
	skb_queue_tail(&sk->sk_receive_queue, skb);
	if (!sock_flag(sk, SOCK_DEAD))
		sk->sk_data_ready(sk);
	return 0;
}

/* UDP-Lite: a receiver may want a minimum of coverage. */
static bool udplite_coverage_ok(const struct sock *sk, const struct sk_buff *skb)
{
	const struct udp_sock *up = udp_sk(sk);

	if (!(up->pcflag & UDPLITE_RECV_CC) || !UDP_SKB_CB(skb)->partial_cov)
		return true;
	return up->pcrlen && UDP_SKB_CB(skb)->cscov >= up->pcrlen;
}

static int udp_queue_rcv_one_skb(struct sock *sk, struct sk_buff *skb)
{
	u64 *mib = udp_sk_mib(sk);
	int err;

	if (is_udplite(sk) && !udplite_coverage_ok(sk, skb))
		goto drop;
	if (sk->sk_filter) {
		if (skb->ip_summed == CHECKSUM_NONE && !udp_lib_checksum_ok(skb, skb->csum)) {
			mib[UDP_MIB_CSUMERRORS]++;
			goto drop;
		}
		if (sk_filter_trim_cap(sk, skb, sizeof(struct udphdr)))
			goto drop;
	}
	skb_dst_drop(skb);
	if (!skb_pull(skb, sizeof(struct udphdr)))
		goto drop;
	err = udp_enqueue(sk, skb);
	if (err) {
		mib[err == -ENOMEM ? UDP_MIB_RCVBUFERRORS : UDP_MIB_MEMERRORS]++;
		goto drop;
	}
	return 0;
drop:
	mib[UDP_MIB_INERRORS]++;
	sk->sk_drops++;
	kfree_skb(skb);
	return -1;
}

/* Cuts a packet of many segments (skb->data at its UDP header) into packets of one. 0 or -ENOMEM. */
static int udp_gso_segment(struct sk_buff *skb, struct sk_buff_head *segs)
{
	unsigned mss = skb->gso_size, headers = (unsigned)(skb->data - skb_network_header(skb)) + sizeof(struct udphdr);
	unsigned left = skb->len - sizeof(struct udphdr), offset = sizeof(struct udphdr);

	while (left) {
		unsigned len = min(left, mss);
		struct sk_buff *n = alloc_skb(LL_MAX_HEADER + headers + len);

		if (!n) {
			skb_queue_purge(segs);
			return -ENOMEM;
		}
		skb_reserve(n, LL_MAX_HEADER);
		skb_reset_mac_header(n);
		skb_reset_network_header(n);
		memcpy(skb_put(n, headers), skb_network_header(skb), headers);
		skb_pull(n, headers - sizeof(struct udphdr));
		skb_reset_transport_header(n);
		memcpy(skb_put(n, len), skb->data + offset, len);
		udp_hdr(n)->len = htons((u16)(len + sizeof(struct udphdr)));
		if (skb->protocol == htons(ETH_P_IP))
			ip_hdr(n)->tot_len = htons((u16)(headers + len));
		memcpy(n->cb, skb->cb, sizeof(n->cb));
		n->dev = skb->dev;
		n->protocol = skb->protocol;
		n->pkt_type = skb->pkt_type;
		n->priority = skb->priority;
		n->mark = skb->mark;
		n->hash = skb->hash;
		n->skb_iif = skb->skb_iif;
		n->tstamp = skb->tstamp;
		n->ip_summed = CHECKSUM_UNNECESSARY;
		skb_queue_tail(segs, n);
		left -= len;
		offset += len;
	}
	return 0;
}

int udp_queue_rcv_skb(struct sock *sk, struct sk_buff *skb)
{
	struct sk_buff_head segs;
	struct sk_buff *seg;

	if (likely(!skb_is_gso(skb) || udp_sk(sk)->gro_enabled))
		return udp_queue_rcv_one_skb(sk, skb);
	skb_queue_head_init(&segs);
	if (udp_gso_segment(skb, &segs))
		sk->sk_drops++;
	while ((seg = skb_dequeue(&segs)))
		udp_queue_rcv_one_skb(sk, seg);
	kfree_skb(skb);
	return 0;
}

static bool udp4_mcast_match(const struct sock *sk, const struct sk_buff *skb)
{
	__be32 loc = ip_hdr(skb)->daddr, rmt = ip_hdr(skb)->saddr;
	const struct udphdr *uh = udp_hdr(skb);

	if (sk->sk_num != ntohs(uh->dest) || (sk->sk_daddr && sk->sk_daddr != rmt)
			|| (sk->sk_dport && sk->sk_dport != uh->source) || (sk->sk_rcv_saddr && sk->sk_rcv_saddr != loc)
			|| ipv6_only_sock(sk) || !udp_takes_v4(sk) || !inet_sk_bound_dev_eq(sk->sk_bound_dev_if, skb->skb_iif))
		return false;
	return ip_mc_sf_allow(sk, loc, rmt, skb->skb_iif);
}

void udp_mcast_deliver(struct sk_buff *skb, struct udp_table *t, bool v6)
{
	u16 hnum = ntohs(udp_hdr(skb)->dest);
	struct sock *sk, *first = NULL;

	hlist_for_each_entry(sk, &t->hash[hnum & t->mask], sk_node) {
		struct sk_buff *copy;

		if (v6 ? !udp6_mcast_match(sk, skb) : !udp4_mcast_match(sk, skb))
			continue;
		if (!first) {
			first = sk;
			continue;
		}
		copy = skb_clone(skb);
		if (copy)
			udp_queue_rcv_skb(sk, copy);
		else
			sk->sk_drops++;
	}
	if (first) {
		udp_queue_rcv_skb(first, skb);
		return;
	}
	udp_mib(v6, t == &udplite_table)[UDP_MIB_IGNOREDMULTI]++;
	kfree_skb(skb);
}

/* Lengths and coverage in the header. False: drop it. */
bool udp_check_lengths(struct sk_buff *skb, bool lite, bool v6)
{
	struct udphdr *uh = udp_hdr(skb);
	unsigned ulen;

	if (skb->len < sizeof(*uh))
		return false;
	ulen = ntohs(uh->len);
	UDP_SKB_CB(skb)->partial_cov = false;
	UDP_SKB_CB(skb)->cscov = (u16)skb->len;
	if (lite) {
		/* RFC 3828: 0 is all, 1 to 7 are illegal, more than there is, too; and a checksum there must be. */
		if (!uh->check || (ulen && (ulen < sizeof(*uh) || ulen > skb->len)))
			return false;
		if (ulen && ulen < skb->len) {
			UDP_SKB_CB(skb)->partial_cov = true;
			UDP_SKB_CB(skb)->cscov = (u16)ulen;
		}
		return true;
	}
	if (v6 && !ulen)
		ulen = skb->len; /* a jumbogram */
	if (ulen > skb->len || ulen < sizeof(*uh))
		return false;
	skb_trim(skb, ulen);
	return true;
}

static int __udp4_lib_rcv(struct sk_buff *skb, struct udp_table *t, u8 proto)
{
	bool lite = proto == IPPROTO_UDPLITE;
	u64 *mib = udp_mib(false, lite);
	struct udphdr *uh;
	__be32 saddr, daddr;
	struct sock *sk;

	skb_reset_transport_header(skb);
	uh = udp_hdr(skb);
	saddr = ip_hdr(skb)->saddr;
	daddr = ip_hdr(skb)->daddr;
	if (!udp_check_lengths(skb, lite, false))
		goto drop;
	/* The pseudo header is lost when the reader comes: keep its sum. */
	if (skb->ip_summed == CHECKSUM_NONE) {
		if (!uh->check)
			skb->ip_summed = CHECKSUM_UNNECESSARY;
		else
			skb->csum = udp_pseudo(skb, skb->len, proto);
	}
	if (skb->dst && skb_rtable(skb)->rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST)) {
		udp_mcast_deliver(skb, t, false);
		return 0;
	}
	sk = udp4_lib_lookup(t, saddr, uh->source, daddr, uh->dest, skb->skb_iif, skb);
	if (likely(sk)) {
		udp_queue_rcv_skb(sk, skb);
		return 0;
	}
	if (skb->ip_summed == CHECKSUM_NONE && !udp_lib_checksum_ok(skb, skb->csum)) {
		mib[UDP_MIB_CSUMERRORS]++;
		goto drop;
	}
	mib[UDP_MIB_NOPORTS]++;
	icmp_send(skb, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, 0);
	kfree_skb(skb);
	return 0;
drop:
	mib[UDP_MIB_INERRORS]++;
	kfree_skb(skb);
	return 0;
}

int udp_rcv(struct sk_buff *skb) { return __udp4_lib_rcv(skb, &udp_table, IPPROTO_UDP); }
int udplite_rcv(struct sk_buff *skb) { return __udp4_lib_rcv(skb, &udplite_table, IPPROTO_UDPLITE); }

/* An ICMP error about a datagram of ours: skb->data at its IP header. */
static int __udp4_lib_err(struct sk_buff *skb, u32 info, struct udp_table *t)
{
	const struct iphdr *iph = (const struct iphdr *)skb->data;
	const struct udphdr *uh = (const struct udphdr *)(skb->data + iph->ihl * 4);
	int type = ((const struct icmphdr *)skb_transport_header(skb))->type;
	int code = ((const struct icmphdr *)skb_transport_header(skb))->code;
	struct sock *sk = udp4_lib_lookup(t, iph->daddr, uh->dest, iph->saddr, uh->source, skb->skb_iif, NULL);
	bool harderr;
	int err;

	if (!sk) {
		ICMP_INC_STATS(ICMP_MIB_INERRORS);
		return -ENOENT;
	}
	if (type == ICMP_DEST_UNREACH && code == ICMP_FRAG_NEEDED)
		ipv4_sk_update_pmtu(skb, sk, info);
	else if (type == ICMP_REDIRECT)
		ipv4_sk_redirect(skb, sk);
	err = icmp_error_of(inet_sk(sk), type, code, &harderr);
	if (!err || (err == EMSGSIZE && !harderr))
		return 0;
	if (inet_sk(sk)->recverr)
		ip_icmp_error(sk, skb, err, uh->dest, info, (u8 *)(uh + 1));
	else if (!harderr || sk->sk_state != TCP_ESTABLISHED)
		return 0;
	sk->sk_err = err;
	sk_error_report(sk);
	return 0;
}

int udp_err(struct sk_buff *skb, u32 info) { return __udp4_lib_err(skb, info, &udp_table); }
int udplite_err(struct sk_buff *skb, u32 info) { return __udp4_lib_err(skb, info, &udplite_table); }
