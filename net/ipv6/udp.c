/* UDP and UDP-Lite over IPv6, and the way of dual-stack sockets to IPv4 by mapped addresses. Tables, queues and options are
 * those of net/ipv4/udp*.c. */
#include "../udp.h"
#include "../scm.h"
#include "../inet_hash.h"
#include "fs.h"
#include "kerrno.h"
#include "ledger.h"
#include "string.h"
#include <linux/if_packet.h>

static int udp_v6_get_port(struct sock *sk, u16 port)
{
	return udp_lib_get_port(sk, port, 0);
}

static void udp_v6_rehash(struct sock *sk)
{
	udp_lib_rehash(sk, udp6_portaddr_hash(&sk->sk_v6_rcv_saddr, sk->sk_num));
}

/* ---- lookup ---- */

static int udp6_score(const struct sock *sk, const struct in6_addr *saddr, __be16 sport, const struct in6_addr *bound, u16 hnum,
	int dif)
{
	int score = 0;

	if (sk->sk_num != hnum || sk->sk_family != AF_INET6 || !ipv6_addr_equal(&sk->sk_v6_rcv_saddr, bound))
		return -1;
	if (sk->sk_dport) {
		if (sk->sk_dport != sport)
			return -1;
		score++;
	}
	if (!ipv6_addr_any(&sk->sk_v6_daddr)) {
		if (!ipv6_addr_equal(&sk->sk_v6_daddr, saddr))
			return -1;
		score++;
	}
	if (!inet_sk_bound_dev_eq(sk->sk_bound_dev_if, dif))
		return -1;
	if (sk->sk_bound_dev_if)
		score++;
	return score + 1 + (sk->sk_incoming_cpu == 0);
}

static struct sock *udp6_lookup2(struct udp_table *t, const struct in6_addr *bound, const struct in6_addr *saddr, __be16 sport,
	const struct in6_addr *daddr, u16 hnum, int dif, struct sk_buff *skb)
{
	u32 hash2 = udp6_portaddr_hash(bound, hnum);
	struct sock *sk, *result = NULL;
	int best = 0;

	hlist_for_each_entry(sk, &t->hash2[hash2 & t->mask], sk_bind_node) {
		int score = udp6_score(sk, saddr, sport, bound, hnum, dif);

		if (score <= best)
			continue;
		best = score;
		result = sk;
		if (sk->sk_reuseport && sk->sk_state != TCP_ESTABLISHED
				&& udp_reuseport_choose(sk, inet6_ehashfn(daddr, hnum, saddr, sport), skb, &result))
			return result;
	}
	return result;
}

static struct sock *udp6_lib_lookup(struct udp_table *t, const struct in6_addr *saddr, __be16 sport, const struct in6_addr *daddr,
	__be16 dport, int dif, struct sk_buff *skb)
{
	u16 hnum = ntohs(dport);
	u32 hash4 = inet6_ehashfn(daddr, hnum, saddr, sport);
	struct udp_sock *up;
	struct sock *sk;

	hlist_for_each_entry(up, &t->hash4[hash4 & t->mask], hash4_node) {
		sk = &up->inet.sk;
		if (up->hash4 == hash4 && udp6_score(sk, saddr, sport, daddr, hnum, dif) > 0)
			return sk;
	}
	sk = udp6_lookup2(t, daddr, saddr, sport, daddr, hnum, dif, skb);
	return sk ? sk : udp6_lookup2(t, &in6addr_any, saddr, sport, daddr, hnum, dif, skb);
}

/* ---- receiving ---- */

static void put_name(struct msghdr *msg, struct sk_buff *skb)
{
	struct sockaddr_in6 *sin6 = msg->msg_name;

	memset(sin6, 0, sizeof(*sin6));
	sin6->sin6_family = AF_INET6;
	sin6->sin6_port = udp_hdr(skb)->source;
	if (skb->protocol == htons(ETH_P_IP)) {
		ipv6_addr_set_v4mapped(ip_hdr(skb)->saddr, &sin6->sin6_addr);
	} else {
		sin6->sin6_addr = ipv6_hdr(skb)->saddr;
		sin6->sin6_scope_id = (u32)ipv6_iface_scope_id(&sin6->sin6_addr, skb->skb_iif);
	}
	msg->msg_namelen = sizeof(*sin6);
}

static ssize_t udpv6_recvmsg(struct sock *sk, struct msghdr *msg, size_t size, unsigned flags)
{
	struct ipv6_pinfo *np = inet6_sk(sk);
	struct sk_buff *skb;
	ssize_t copied;
	int off;

	if (flags & MSG_ERRQUEUE)
		return ipv6_recv_error(sk, msg, size);
	if (np->rxpmtu && np->rxopt.rxpmtu)
		return ipv6_recv_rxpmtu(sk, msg, size);
	skb = udp_read_skb(sk, msg, size, flags, &off, &copied);
	if (IS_ERR_OR_NULL(skb))
		return PTR_ERR(skb);
	if (msg->msg_name)
		put_name(msg, skb);
	udp_cmsg_recv(msg, sk, skb);
	ip6_datagram_recv_common_ctl(sk, msg, skb);
	if (skb->protocol == htons(ETH_P_IP)) {
		if (inet_sk(sk)->cmsg_flags)
			ip_cmsg_recv_offset(msg, sk, skb, sizeof(struct udphdr), off);
	} else {
		ip6_datagram_recv_specific_ctl(sk, msg, skb);
	}
	return udp_read_done(sk, skb, flags, copied);
}

bool udp6_mcast_match(const struct sock *sk, const struct sk_buff *skb)
{
	const struct in6_addr *loc = &ipv6_hdr(skb)->daddr, *rmt = &ipv6_hdr(skb)->saddr;
	const struct udphdr *uh = udp_hdr(skb);

	if (sk->sk_num != ntohs(uh->dest) || sk->sk_family != AF_INET6 || (sk->sk_dport && sk->sk_dport != uh->source)
			|| (!ipv6_addr_any(&sk->sk_v6_daddr) && !ipv6_addr_equal(&sk->sk_v6_daddr, rmt))
			|| !inet_sk_bound_dev_eq(sk->sk_bound_dev_if, skb->skb_iif)
			|| (!ipv6_addr_any(&sk->sk_v6_rcv_saddr) && !ipv6_addr_equal(&sk->sk_v6_rcv_saddr, loc)))
		return false;
	return inet6_mc_check(sk, loc, rmt) && (uh->check || udp_sk(sk)->no_check6_rx);
}

static int __udp6_lib_rcv(struct sk_buff *skb, struct udp_table *t, u8 proto)
{
	bool lite = proto == IPPROTO_UDPLITE;
	u64 *mib = udp_mib(true, lite);
	const struct ipv6hdr *hdr = ipv6_hdr(skb);
	const struct udphdr *uh;
	struct sock *sk;
	u32 pseudo;

	skb_reset_transport_header(skb);
	uh = udp_hdr(skb);
	if (!udp_check_lengths(skb, lite, true))
		goto discard;
	pseudo = csum_add((u16)~csum_ipv6_magic(&hdr->saddr, &hdr->daddr, skb->len, proto, 0), 0);
	if (skb->ip_summed == CHECKSUM_NONE && uh->check)
		skb->csum = pseudo;
	if (ipv6_addr_is_multicast(&hdr->daddr)) {
		udp_mcast_deliver(skb, t, true);
		return 0;
	}
	sk = udp6_lib_lookup(t, &hdr->saddr, uh->source, &hdr->daddr, uh->dest, skb->skb_iif, skb);
	/* RFC 2460: a checksum there must be, unless the receiver does without (RFC 6936). */
	if (!uh->check && skb->ip_summed == CHECKSUM_NONE) {
		if (!sk || !udp_sk(sk)->no_check6_rx) {
			mib[UDP_MIB_CSUMERRORS]++;
			goto discard;
		}
		skb->ip_summed = CHECKSUM_UNNECESSARY;
	}
	if (sk) {
		udp_queue_rcv_skb(sk, skb);
		return 0;
	}
	if (skb->ip_summed == CHECKSUM_NONE && !udp_lib_checksum_ok(skb, pseudo)) {
		mib[UDP_MIB_CSUMERRORS]++;
		goto discard;
	}
	mib[UDP_MIB_NOPORTS]++;
	icmpv6_send(skb, ICMPV6_DEST_UNREACH, ICMPV6_PORT_UNREACH, 0);
	kfree_skb(skb);
	return 0;
discard:
	mib[UDP_MIB_INERRORS]++;
	kfree_skb(skb);
	return 0;
}

int udpv6_rcv(struct sk_buff *skb) { return __udp6_lib_rcv(skb, &udp_table, IPPROTO_UDP); }
int udplitev6_rcv(struct sk_buff *skb) { return __udp6_lib_rcv(skb, &udplite_table, IPPROTO_UDPLITE); }

static int __udp6_lib_err(struct sk_buff *skb, u8 type, u8 code, int offset, u32 info, struct udp_table *t)
{
	const struct ipv6hdr *hdr = (const struct ipv6hdr *)skb->data;
	const struct udphdr *uh = (const struct udphdr *)(skb->data + offset);
	struct sock *sk = udp6_lib_lookup(t, &hdr->daddr, uh->dest, &hdr->saddr, uh->source, skb->skb_iif, NULL);
	bool harderr;
	int err;

	if (!sk) {
		ICMP6_INC_STATS(ICMP6_MIB_INERRORS);
		return -ENOENT;
	}
	harderr = icmpv6_err_convert(type, code, &err);
	if (type == ICMPV6_PKT_TOOBIG) {
		ip6_sk_update_pmtu(skb, sk, info);
		if (inet6_sk(sk)->pmtudisc != IPV6_PMTUDISC_DONT)
			harderr = true;
	}
	if (!inet6_sk(sk)->recverr) {
		if (!harderr || sk->sk_state != TCP_ESTABLISHED)
			return 0;
	} else {
		ipv6_icmp_error(sk, skb, err, uh->dest, ntohl(info), (u8 *)(uh + 1));
	}
	sk->sk_err = err;
	sk_error_report(sk);
	return 0;
}

int udpv6_err(struct sk_buff *skb, u8 type, u8 code, int offset, u32 info)
{
	return __udp6_lib_err(skb, type, code, offset, info, &udp_table);
}

int udplitev6_err(struct sk_buff *skb, u8 type, u8 code, int offset, u32 info)
{
	return __udp6_lib_err(skb, type, code, offset, info, &udplite_table);
}

/* ---- sending ---- */

static int udp_v6_send_skb(struct sk_buff *skb, const struct flowi6 *fl6, const struct inet_cork *cork)
{
	struct sock *sk = skb->sk;
	struct udp_sock *up = udp_sk(sk);
	struct udphdr *uh = udp_hdr(skb);
	unsigned offset = (unsigned)skb_transport_offset(skb), len = skb->len - offset;
	int err;

	uh->source = fl6->fl6_sport;
	uh->dest = fl6->fl6_dport;
	uh->len = htons((u16)len);
	uh->check = 0;
	err = udp_finish_gso(sk, skb, offset + sizeof(*uh), cork, len, up->no_check6_tx);
	if (err) {
		kfree_skb(skb);
		return err;
	}
	if (is_udplite(sk)) {
		u32 sum = udplite_csum(sk, skb, uh);

		uh->check = csum_ipv6_magic(&fl6->saddr, &fl6->daddr, len, IPPROTO_UDPLITE, sum);
		if (!uh->check)
			uh->check = 0xffff;
	} else if (up->no_check6_tx) {
		skb->ip_summed = CHECKSUM_NONE;
	} else {
		udp_csum_partial(skb, uh, (u16)~csum_ipv6_magic(&fl6->saddr, &fl6->daddr, len, IPPROTO_UDP, 0));
	}
	return udp_count_sent(sk, ip6_send_skb(skb), inet6_sk(sk)->recverr);
}

static int udp_v6_push_pending_frames(struct sock *sk)
{
	struct udp_sock *up = udp_sk(sk);
	struct inet_cork facts = up->inet.cork;
	struct sk_buff *skb;
	int err;

	if (up->pending == AF_INET)
		return udp_push_pending_frames(sk);
	skb = ip6_finish_skb(sk);
	err = skb ? udp_v6_send_skb(skb, &facts.fl.u.ip6, &facts) : 0;
	up->len = 0;
	up->pending = 0;
	return err;
}

static void udp_v6_flush_pending_frames(struct sock *sk)
{
	struct udp_sock *up = udp_sk(sk);

	if (up->pending == AF_INET) {
		udp_flush_pending_frames(sk);
	} else if (up->pending) {
		up->len = 0;
		up->pending = 0;
		ip6_flush_pending_frames(sk);
	}
}

/* A destination that is IPv4's. */
static ssize_t send_v4(struct sock *sk, struct msghdr *msg, size_t size, const struct in6_addr *daddr, __be16 port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = port, .sin_addr.s_addr = daddr->s6_addr32[3] };

	if (ipv6_only_sock(sk))
		return -ENETUNREACH;
	msg->msg_name = &sin;
	msg->msg_namelen = sizeof(sin);
	return udp_sendmsg(sk, msg, size);
}

static ssize_t udp6_append(struct sock *sk, struct msghdr *msg, size_t size, struct ipcm6_cookie *ipc6, struct flowi6 *fl6,
	struct rt6_info *rt, unsigned ulen, bool corkreq)
{
	struct udp_sock *up = udp_sk(sk);
	int err;

	up->len += ulen;
	err = ip6_append_data(sk, ip_generic_getfrag, msg, (int)ulen, sizeof(struct udphdr), ipc6, fl6, rt,
		corkreq ? msg->msg_flags | MSG_MORE : msg->msg_flags);
	if (err)
		udp_v6_flush_pending_frames(sk);
	else if (!corkreq)
		err = udp_v6_push_pending_frames(sk);
	else if (skb_queue_empty(&sk->sk_write_queue))
		up->pending = 0;
	return err ? err : (ssize_t)size;
}

/* Where a message goes: its name, the peer, or (a message that is put together) any. 0, 1: the name is IPv4's, or -errno. */
static int udp6_destination(struct sock *sk, struct msghdr *msg, struct in6_addr *daddr)
{
	const struct sockaddr_in6 *sin6 = msg->msg_name;

	if (!sin6 && udp_sk(sk)->pending) {
		*daddr = in6addr_any; /* the pending message has its own */
		return 0;
	}
	if (sin6 && msg->msg_namelen < (int)offsetof(struct sockaddr, sa_data))
		return -EINVAL;
	switch (sin6 ? sin6->sin6_family : AF_UNSPEC) {
	case AF_INET6:
		if (msg->msg_namelen < SIN6_LEN_RFC2133)
			return -EINVAL;
		*daddr = sin6->sin6_addr;
		if (ipv6_addr_any(daddr) && ipv6_addr_v4mapped(&inet6_sk(sk)->saddr))
			ipv6_addr_set_v4mapped(htonl(INADDR_LOOPBACK), daddr);
		return 0;
	case AF_INET:
		return ipv6_only_sock(sk) ? -ENETUNREACH : 1;
	case AF_UNSPEC:
		msg->msg_name = NULL;
		msg->msg_namelen = 0;
		if (sk->sk_state != TCP_ESTABLISHED)
			return -EDESTADDRREQ;
		*daddr = sk->sk_v6_daddr;
		return 0;
	}
	return -EINVAL;
}

/* Port, device and flow label of the way to *@daddr. 0 or -EINVAL. */
static int udp6_flow(const struct sock *sk, const struct msghdr *msg, const struct in6_addr *daddr, struct flowi6 *fl6)
{
	const struct sockaddr_in6 *sin6 = msg->msg_name;
	const struct ipv6_pinfo *np = inet6_sk(sk);

	if (sin6) {
		if (!sin6->sin6_port)
			return -EINVAL;
		fl6->fl6_dport = sin6->sin6_port;
		fl6->flowlabel = np->sndflow ? sin6->sin6_flowinfo & IPV6_FLOWINFO_MASK : 0;
		if (msg->msg_namelen >= (int)sizeof(*sin6) && sin6->sin6_scope_id
				&& __ipv6_addr_needs_scope_id(__ipv6_addr_type(daddr)))
			fl6->flowi6_oif = (int)sin6->sin6_scope_id;
	} else {
		fl6->fl6_dport = sk->sk_dport;
		fl6->flowlabel = np->flow_label;
	}
	if (!fl6->flowi6_oif)
		fl6->flowi6_oif = sk->sk_bound_dev_if;
	if (!fl6->flowi6_oif)
		fl6->flowi6_oif = np->sticky_oif;
	return 0;
}

static void udp6_init_cookie(const struct sock *sk, struct ipcm6_cookie *ipc6)
{
	ipcm6_init_sk(ipc6, sk);
	ipc6->tclass = -1;
	ipc6->dontfrag = -1;
	ipc6->gso_size = udp_sk(sk)->gso_size;
}

/* What control messages and the socket say: ipc6->opt is a reference, also on failure. 0 or -errno. */
static int udp6_cookie(struct sock *sk, struct msghdr *msg, struct ipcm6_cookie *ipc6, struct flowi6 *fl6, bool *connected)
{
	int err;

	if (msg->msg_controllen) {
		ipc6->opt = NULL;
		err = udp_cmsg_send(sk, msg, &ipc6->gso_size);
		if (err > 0) {
			err = ip6_datagram_send_ctl(sk, msg, fl6, ipc6);
			*connected = false;
		}
		if (err < 0)
			return err;
	}
	if (!ipc6->opt)
		ipc6->opt = txopt_get(inet6_sk(sk));
	return 0;
}

/* A datagram that is whole: built and sent at once. Takes over the route; the flow is @cork's. 0 or -errno. */
static ssize_t udp6_send_whole(struct sock *sk, struct msghdr *msg, unsigned ulen, struct ipcm6_cookie *ipc6, struct rt6_info *rt,
	struct inet_cork *cork)
{
	struct sk_buff *skb = ip6_make_skb(sk, ip_generic_getfrag, msg, (int)ulen, sizeof(struct udphdr), ipc6, rt, msg->msg_flags, cork);

	return IS_ERR_OR_NULL(skb) ? PTR_ERR(skb) : udp_v6_send_skb(skb, &cork->fl.u.ip6, cork);
}

/* The first part of a message that is put together. Takes over the route. */
static ssize_t udp6_begin(struct sock *sk, struct msghdr *msg, size_t size, struct ipcm6_cookie *ipc6, struct flowi6 *fl6,
	struct rt6_info *rt, unsigned ulen)
{
	struct udp_sock *up = udp_sk(sk);
	ssize_t err;

	lock_sock(sk);
	if (up->pending) { /* somebody else began a message while this one was prepared */
		dst_release(&rt->dst);
		err = -EINVAL;
	} else {
		up->pending = AF_INET6;
		err = udp6_append(sk, msg, size, ipc6, fl6, rt, ulen, true);
	}
	release_sock(sk);
	return err;
}

/* A message that is put together already goes on; *pending: there was one. */
static ssize_t udp6_continue(struct sock *sk, struct msghdr *msg, size_t size, bool corkreq, bool *pending)
{
	struct udp_sock *up = udp_sk(sk);
	struct flowi6 fl6 = { .flowi6_oif = 0 };
	struct ipcm6_cookie ipc6;
	ssize_t err = 0;

	lock_sock(sk);
	*pending = up->pending;
	if (up->pending && up->pending != AF_INET6) {
		err = -EINVAL;
	} else if (up->pending) {
		udp6_init_cookie(sk, &ipc6);
		err = udp6_append(sk, msg, size, &ipc6, &fl6, NULL, (unsigned)size, corkreq);
	}
	release_sock(sk);
	return err;
}

/* Cookie, route, and away with it. */
static ssize_t udp6_send_to(struct sock *sk, struct msghdr *msg, size_t size, const struct in6_addr *daddr, bool corkreq)
{
	unsigned ulen = (unsigned)(size + sizeof(struct udphdr));
	bool connected = !msg->msg_name;
	struct in6_addr final, *final_p;
	struct ipcm6_cookie ipc6;
	struct inet_cork cork;
	struct flowi6 *fl6 = &cork.fl.u.ip6;
	struct dst_entry *dst;
	ssize_t err;

	*fl6 = (struct flowi6){ .flowi6_oif = 0 };
	udp6_init_cookie(sk, &ipc6);
	err = udp6_flow(sk, msg, daddr, fl6);
	if (err)
		return err;
	err = udp6_cookie(sk, msg, &ipc6, fl6, &connected);
	if (err)
		goto put_opt;
	fl6->flowi6_proto = (u8)sk->sk_protocol;
	fl6->fl6_sport = inet_sk(sk)->inet_sport;
	final_p = ip6_datagram_finish_flow(sk, daddr, &ipc6, fl6, &final);
	if (final_p || ipv6_addr_is_multicast(&fl6->daddr))
		connected = false;
	dst = ip6_sk_dst_lookup_flow(sk, fl6, final_p, connected);
	if (IS_ERR(dst)) {
		err = PTR_ERR(dst);
		goto put_opt;
	}
	if (ipc6.hlimit < 0)
		ipc6.hlimit = ip6_sk_dst_hoplimit(inet6_sk(sk), fl6, dst);
	if (ipc6.dontfrag < 0)
		ipc6.dontfrag = inet6_sk(sk)->dontfrag;
	if (msg->msg_flags & MSG_CONFIRM && msg->msg_flags & MSG_PROBE && !size) {
		dst_release(dst);
	} else if (corkreq) {
		err = udp6_begin(sk, msg, size, &ipc6, fl6, (struct rt6_info *)dst, ulen);
	} else {
		err = udp6_send_whole(sk, msg, ulen, &ipc6, (struct rt6_info *)dst, &cork);
		err = err ? err : (ssize_t)size;
	}
put_opt:
	txopt_put(ipc6.opt);
	if (err == -ENOBUFS)
		udp_sk_mib(sk)[UDP_MIB_SNDBUFERRORS]++;
	return err;
}

/* As udp_sendmsg(), and ENETUNREACH for an IPv4 destination of an IPv6-only socket. */
static ssize_t udpv6_sendmsg(struct sock *sk, struct msghdr *msg, size_t size)
{
	struct udp_sock *up = udp_sk(sk);
	bool corkreq = up->corkflag || msg->msg_flags & MSG_MORE, pending;
	const struct sockaddr_in6 *sin6;
	struct in6_addr daddr;
	ssize_t err = udp6_destination(sk, msg, &daddr);

	if (err)
		return err > 0 ? udp_sendmsg(sk, msg, size) : err;
	sin6 = msg->msg_name;
	if (!up->pending && ipv6_addr_v4mapped(&daddr))
		return send_v4(sk, msg, size, &daddr, sin6 ? sin6->sin6_port : sk->sk_dport);
	if (size > 0x7fffffff - sizeof(struct udphdr))
		return -EMSGSIZE;
	if (up->pending == AF_INET)
		return udp_sendmsg(sk, msg, size);
	if (up->pending) {
		err = udp6_continue(sk, msg, size, corkreq, &pending);
		if (pending)
			return err;
	}
	return udp6_send_to(sk, msg, size, &daddr, corkreq);
}

/* ---- the rest ---- */

static void udpv6_destroy_sock(struct sock *sk)
{
	if (!udp_sk(sk)->pending)
		return;
	lock_sock(sk);
	udp_v6_flush_pending_frames(sk);
	release_sock(sk);
}

static int udpv6_connect(struct sock *sk, struct sockaddr *addr, int len)
{
	int err;

	lock_sock(sk);
	err = __ip6_datagram_connect(sk, addr, len);
	if (!err)
		udp_hash4(sk);
	release_sock(sk);
	return err;
}

static int udpv6_disconnect(struct sock *sk, int flags)
{
	memset(&sk->sk_v6_daddr, 0, sizeof(sk->sk_v6_daddr));
	return udp_disconnect(sk, flags);
}

static int udpv6_setsockopt(struct sock *sk, int level, int name, const void __user *val, unsigned len)
{
	if (level == SOL_UDP || level == SOL_UDPLITE)
		return udp_lib_setsockopt(sk, level, name, val, len, udp_v6_push_pending_frames);
	return ipv6_setsockopt(sk, level, name, val, len);
}

static int udpv6_getsockopt(struct sock *sk, int level, int name, void __user *val, int __user *len)
{
	if (level == SOL_UDP || level == SOL_UDPLITE)
		return udp_lib_getsockopt(sk, level, name, val, len);
	return ipv6_getsockopt(sk, level, name, val, len);
}

#define UDPV6_PROT(_name) { .name = _name, .close = udp_lib_close, .connect = udpv6_connect, .disconnect = udpv6_disconnect, \
	.ioctl = udp_ioctl, .init = udp_init_sock, .destroy = udpv6_destroy_sock, .setsockopt = udpv6_setsockopt,               \
	.getsockopt = udpv6_getsockopt, .sendmsg = udpv6_sendmsg, .recvmsg = udpv6_recvmsg, .unhash = udp_lib_unhash,           \
	.rehash = udp_v6_rehash, .get_port = udp_v6_get_port, .obj_size = sizeof(struct udp6_sock),                             \
	.mem = &udp_memory }
struct proto udpv6_prot = UDPV6_PROT("UDPv6");
struct proto udplitev6_prot = UDPV6_PROT("UDPLITEv6");

void udpv6_init(void)
{
	proto_register(&udpv6_prot);
	proto_register(&udplitev6_prot);
}
