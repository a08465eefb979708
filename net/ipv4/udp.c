/* UDP over IPv4, RFC 768, and what UDP-Lite (RFC 3828) and UDP over IPv6 share with it: lookup tables, ports, queues.
 *
 * A socket lies in three tables: by port (for binding), by address and port (for lookup), and, connected, by all four
 * numbers, so that no lookup walks the many sockets of a busy port. */
#include "../udp.h"
#include "../inet_hash.h"
#include "../scm.h"
#include "fs.h"
#include "host.h"
#include "kerrno.h"
#include "ledger.h"
#include "slab.h"
#include "string.h"
#include "uaccess.h"
#include <linux/capability.h>
#include <linux/eventpoll.h>
#include <linux/if_packet.h>
#include <linux/sockios.h>
#include <asm/ioctls.h>

#define UDP_HTABLE_FIRST 256
#define UDPLITE_HTABLE_FIRST 16

struct udp_table udp_table, udplite_table;

static struct udp_table *table_of(const struct sock *sk)
{
	return is_udplite(sk) ? &udplite_table : &udp_table;
}

static u64 *mib_of(const struct sock *sk)
{
	return udp_mib(sk->sk_family == AF_INET6, is_udplite(sk));
}

/* ---- tables ---- */

static struct hlist_head *new_hash(u32 size) { return kcalloc(size, sizeof(struct hlist_head)); }

static void table_init(struct udp_table *t, u32 size)
{
	t->hash = new_hash(size);
	t->hash2 = new_hash(size);
	t->hash4 = new_hash(size);
	t->mask = size - 1;
}

static u32 sk_hash4(const struct sock *sk)
{
	return sk->sk_family == AF_INET6 && !ipv6_addr_v4mapped(&sk->sk_v6_daddr)
		? inet6_ehashfn(&sk->sk_v6_rcv_saddr, sk->sk_num, &sk->sk_v6_daddr, sk->sk_dport)
		: inet_ehashfn(sk->sk_rcv_saddr, sk->sk_num, sk->sk_daddr, sk->sk_dport);
}

/* Twice as many chains. Without memory it stays as it is. */
static void table_grow(struct udp_table *t)
{
	u32 size = (t->mask + 1) * 2;
	struct udp_table n = { .hash = new_hash(size), .hash2 = new_hash(size), .hash4 = new_hash(size) };
	struct hlist_node *next;
	struct sock *sk;

	if (!n.hash || !n.hash2 || !n.hash4) {
		kfree(n.hash);
		kfree(n.hash2);
		kfree(n.hash4);
		return;
	}
	for (u32 i = 0; i <= t->mask; i++) {
		struct udp_sock *up;

		hlist_for_each_entry_safe(sk, next, &t->hash[i], sk_node) {
			hlist_del(&sk->sk_node);
			hlist_add_tail(&sk->sk_node, &n.hash[sk->sk_num & (size - 1)]);
		}
		hlist_for_each_entry_safe(sk, next, &t->hash2[i], sk_bind_node) {
			hlist_del(&sk->sk_bind_node);
			hlist_add_tail(&sk->sk_bind_node, &n.hash2[udp_sk(sk)->hash2 & (size - 1)]);
		}
		hlist_for_each_entry_safe(up, next, &t->hash4[i], hash4_node) {
			hlist_del(&up->hash4_node);
			hlist_add_head(&up->hash4_node, &n.hash4[up->hash4 & (size - 1)]);
		}
	}
	kfree(t->hash);
	kfree(t->hash2);
	kfree(t->hash4);
	t->hash = n.hash;
	t->hash2 = n.hash2;
	t->hash4 = n.hash4;
	t->mask = size - 1;
}

u32 udp4_portaddr_hash(__be32 addr, u16 port) { return ipv4_portaddr_hash(addr, port); }
u32 udp6_portaddr_hash(const struct in6_addr *addr, u16 port) { return ipv6_portaddr_hash(addr, port); }

static u32 sk_hash2(const struct sock *sk, u16 port)
{
	return sk->sk_family == AF_INET6 ? udp6_portaddr_hash(&sk->sk_v6_rcv_saddr, port)
		: udp4_portaddr_hash(sk->sk_rcv_saddr, port);
}

/* Could @sk and @sk2 not both be bound to a port of theirs? */
static bool lib_lport_conflict(const struct sock *sk, const struct sock *sk2)
{
	if (sk == sk2 || (sk2->sk_reuse && sk->sk_reuse))
		return false;
	if (sk2->sk_bound_dev_if && sk->sk_bound_dev_if && sk2->sk_bound_dev_if != sk->sk_bound_dev_if)
		return false;
	if (!inet_rcv_saddr_equal(sk, sk2, true))
		return false;
	return !(sk2->sk_reuseport && sk->sk_reuseport && !sk->sk_reuseport_cb && sk_reuseport_match_uid(sk, sk2));
}

static bool port_taken(struct udp_table *t, const struct sock *sk, u16 port)
{
	const struct sock *sk2;

	hlist_for_each_entry(sk2, &t->hash[port & t->mask], sk_node)
		if (sk2->sk_num == port && lib_lport_conflict(sk, sk2))
			return true;
	return false;
}

/* Any port of the range that is free, from a random one on by random odd steps. 0: none. */
static u16 find_port(struct udp_table *t, const struct sock *sk)
{
	u32 r, remaining;
	int low, high;
	u16 first, step;

	inet_get_local_port_range(sk, &low, &high);
	remaining = (u32)(high - low + 1);
	host_random(&r, sizeof(r));
	first = (u16)(((u64)r * remaining >> 32) + (u32)low);
	step = (u16)(r | 1);
	for (u32 i = 0; i < 65536; i++, first += step) {
		if (first < low || first > high || inet_is_local_reserved_port(first))
			continue;
		if (!port_taken(t, sk, first))
			return first;
	}
	return 0;
}

static int udp_reuseport_add_sock(struct sock *sk, struct udp_table *t)
{
	struct sock *sk2;

	hlist_for_each_entry(sk2, &t->hash[sk->sk_num & t->mask], sk_node)
		if (sk2 != sk && sk2->sk_family == sk->sk_family && ipv6_only_sock(sk2) == ipv6_only_sock(sk)
				&& sk2->sk_num == sk->sk_num && sk2->sk_bound_dev_if == sk->sk_bound_dev_if && sk2->sk_reuseport
				&& sk_reuseport_match_uid(sk, sk2) && inet_rcv_saddr_equal(sk, sk2, false))
			return reuseport_add_sock(sk, sk2, inet_rcv_saddr_any(sk));
	return reuseport_alloc(sk, inet_rcv_saddr_any(sk));
}

int udp_lib_get_port(struct sock *sk, u16 port, u32 hash2_nulladdr __maybe_unused)
{
	struct udp_table *t = table_of(sk);

	if (!port)
		port = find_port(t, sk);
	else if (port_taken(t, sk, port))
		return -EADDRINUSE;
	if (!port)
		return -EADDRINUSE;
	sk->sk_num = port;
	udp_sk(sk)->hash2 = sk_hash2(sk, port);
	if (!hlist_unhashed(&sk->sk_node))
		return 0;
	if (sk->sk_reuseport && udp_reuseport_add_sock(sk, t)) {
		sk->sk_num = 0;
		return -EADDRINUSE;
	}
	if (t->count++ > t->mask)
		table_grow(t);
	hlist_add_head(&sk->sk_node, &t->hash[port & t->mask]);
	if (sk->sk_reuseport && sk->sk_family == AF_INET6)
		hlist_add_tail(&sk->sk_bind_node, &t->hash2[udp_sk(sk)->hash2 & t->mask]);
	else
		hlist_add_head(&sk->sk_bind_node, &t->hash2[udp_sk(sk)->hash2 & t->mask]);
	sock_prot_inuse_add(sk->sk_prot, 1);
	return 0;
}

static int udp_v4_get_port(struct sock *sk, u16 port)
{
	return udp_lib_get_port(sk, port, 0);
}

void udp_lib_unhash(struct sock *sk)
{
	if (hlist_unhashed(&sk->sk_node))
		return;
	if (sk->sk_reuseport_cb)
		reuseport_detach_sock(sk);
	hlist_del(&sk->sk_node);
	hlist_del(&sk->sk_bind_node);
	hlist_del(&udp_sk(sk)->hash4_node);
	sk->sk_num = 0;
	table_of(sk)->count--;
	sock_prot_inuse_add(sk->sk_prot, -1);
}

/* Its local address changed (connect, disconnect): so does its place. */
void udp_lib_rehash(struct sock *sk, u32 newhash2)
{
	struct udp_table *t = table_of(sk);
	struct udp_sock *up = udp_sk(sk);

	if (hlist_unhashed(&sk->sk_node))
		return;
	if (sk->sk_reuseport_cb)
		reuseport_detach_sock(sk);
	hlist_del(&sk->sk_bind_node);
	up->hash2 = newhash2;
	hlist_add_head(&sk->sk_bind_node, &t->hash2[newhash2 & t->mask]);
	if (sk->sk_reuseport)
		udp_reuseport_add_sock(sk, t);
}

static void udp_v4_rehash(struct sock *sk)
{
	udp_lib_rehash(sk, udp4_portaddr_hash(sk->sk_rcv_saddr, sk->sk_num));
}

/* A connected socket is found by its four numbers at once. */
void udp_hash4(struct sock *sk)
{
	struct udp_table *t = table_of(sk);
	struct udp_sock *up = udp_sk(sk);

	if (hlist_unhashed(&sk->sk_node))
		return;
	hlist_del(&up->hash4_node);
	up->hash4 = sk_hash4(sk);
	hlist_add_head(&up->hash4_node, &t->hash4[up->hash4 & t->mask]);
}

void udp_unhash4(struct sock *sk)
{
	hlist_del(&udp_sk(sk)->hash4_node);
}

/* ---- lookup ---- */

static int udp4_score(const struct sock *sk, __be32 saddr, __be16 sport, __be32 daddr, u16 hnum, int dif)
{
	int score;

	if (sk->sk_num != hnum || ipv6_only_sock(sk) || sk->sk_rcv_saddr != daddr)
		return -1;
	score = sk->sk_family == AF_INET ? 2 : 1;
	if (sk->sk_daddr) {
		if (sk->sk_daddr != saddr)
			return -1;
		score += 4;
	}
	if (sk->sk_dport) {
		if (sk->sk_dport != sport)
			return -1;
		score += 4;
	}
	if (!inet_sk_bound_dev_eq(sk->sk_bound_dev_if, dif))
		return -1;
	if (sk->sk_bound_dev_if)
		score += 4;
	return score + (sk->sk_incoming_cpu == 0);
}

static bool v6_sock_takes_v4(const struct sock *sk)
{
	return sk->sk_family == AF_INET || ipv6_addr_any(&sk->sk_v6_rcv_saddr) || ipv6_addr_v4mapped(&sk->sk_v6_rcv_saddr);
}

static struct sock *udp4_lookup2(struct udp_table *t, __be32 bound, __be32 saddr, __be16 sport, __be32 daddr, u16 hnum,
	int dif, struct sk_buff *skb)
{
	u32 hash2 = udp4_portaddr_hash(bound, hnum);
	struct sock *sk, *result = NULL;
	int best = 0;

	hlist_for_each_entry(sk, &t->hash2[hash2 & t->mask], sk_bind_node) {
		int score = udp4_score(sk, saddr, sport, bound, hnum, dif);

		if (score <= best || !v6_sock_takes_v4(sk))
			continue;
		best = score;
		result = sk;
		if (sk->sk_reuseport && sk->sk_state != TCP_ESTABLISHED) {
			struct sock *member = reuseport_select_sock(sk, inet_ehashfn(daddr, hnum, saddr, sport), skb,
				sizeof(struct udphdr));

			if (member) {
				result = member;
				/* A connected member elsewhere may yet score higher, but only by its own address. */
				if (!sk->sk_reuseport_cb->has_conns)
					return member;
			}
		}
	}
	return result;
}

static struct sock *udp4_lookup4(struct udp_table *t, __be32 saddr, __be16 sport, __be32 daddr, u16 hnum, int dif)
{
	u32 hash = inet_ehashfn(daddr, hnum, saddr, sport);
	struct udp_sock *up;

	hlist_for_each_entry(up, &t->hash4[hash & t->mask], hash4_node) {
		struct sock *sk = &up->inet.sk;

		if (up->hash4 == hash && sk->sk_daddr == saddr && sk->sk_dport == sport && sk->sk_rcv_saddr == daddr
				&& sk->sk_num == hnum && inet_sk_bound_dev_eq(sk->sk_bound_dev_if, dif)
				&& v6_sock_takes_v4(sk) && !ipv6_only_sock(sk))
			return sk;
	}
	return NULL;
}

/* The socket for a packet from saddr:sport to daddr:dport; no reference. NULL: none. */
struct sock *udp4_lib_lookup(struct udp_table *t, __be32 saddr, __be16 sport, __be32 daddr, __be16 dport, int dif,
	struct sk_buff *skb)
{
	u16 hnum = ntohs(dport);
	struct sock *sk = udp4_lookup4(t, saddr, sport, daddr, hnum, dif), *sk2;

	if (sk)
		return sk;
	sk = udp4_lookup2(t, daddr, saddr, sport, daddr, hnum, dif, skb);
	if (sk)
		return sk;
	sk2 = udp4_lookup2(t, 0, saddr, sport, daddr, hnum, dif, skb);
	return sk2;
}

/* ---- sending ---- */

/* UDP_SEGMENT: the packet becomes one of many segments. 0 or -errno (the packet is the caller's still). */
static int udp_set_gso(struct sock *sk, struct sk_buff *skb, unsigned hlen, const struct inet_cork *cork, unsigned len,
	bool no_check)
{
	unsigned datalen = len - sizeof(struct udphdr);

	if (hlen + cork->gso_size > cork->fragsize)
		return -EMSGSIZE;
	if (datalen > (unsigned)cork->gso_size * UDP_MAX_SEGMENTS)
		return -EINVAL;
	if (no_check)
		return -EINVAL;
	if (is_udplite(sk))
		return -EIO;
	if (datalen > cork->gso_size) {
		skb->gso_size = cork->gso_size;
		skb->gso_type = SKB_GSO_UDP_L4;
		skb->gso_segs = (u16)((datalen + cork->gso_size - 1) / cork->gso_size);
		skb->ip_summed = CHECKSUM_PARTIAL;
	}
	return 0;
}

int udp_finish_gso(struct sock *sk, struct sk_buff *skb, unsigned hlen, const struct inet_cork *cork, unsigned len,
	bool no_check)
{
	return cork->gso_size ? udp_set_gso(sk, skb, hlen, cork, len, no_check) : 0;
}

/* How much of the packet UDP-Lite's checksum covers; the header's length field says so. */
u32 udplite_csum(const struct sock *sk, struct sk_buff *skb, struct udphdr *uh)
{
	const struct udp_sock *up = udp_sk(sk);
	u32 len = (u32)(skb->tail - (u8 *)uh), cover = len;

	if (up->pcflag & UDPLITE_SEND_CC) {
		if (up->pcslen < len) {
			if (up->pcslen > 0)
				cover = up->pcslen;
			uh->len = htons(up->pcslen);
		}
	}
	skb->ip_summed = CHECKSUM_NONE;
	return csum_partial(uh, cover, 0);
}

/* Leaves the checksum to whoever shows the packet to others. */
void udp_csum_partial(struct sk_buff *skb, struct udphdr *uh, u32 pseudo)
{
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = (u16)((u8 *)uh - skb->head);
	skb->csum_offset = offsetof(struct udphdr, check);
	uh->check = (u16)~csum_fold(pseudo);
}

static int udp_send_skb(struct sk_buff *skb, struct flowi4 *fl4, const struct inet_cork *cork)
{
	struct sock *sk = skb->sk;
	struct udphdr *uh = udp_hdr(skb);
	unsigned offset = (unsigned)skb_transport_offset(skb), len = skb->len - offset;
	u64 *mib = mib_of(sk);
	int err;

	uh->source = inet_sk(sk)->inet_sport;
	uh->dest = fl4->fl4_dport;
	uh->len = htons((u16)len);
	uh->check = 0;
	err = udp_finish_gso(sk, skb, offset + sizeof(*uh), cork, len, sk->sk_no_check_tx);
	if (err) {
		kfree_skb(skb);
		return err;
	}
	if (is_udplite(sk)) {
		u32 sum = udplite_csum(sk, skb, uh);

		uh->check = csum_tcpudp_magic(fl4->saddr, fl4->daddr, len, IPPROTO_UDPLITE, sum);
		if (!uh->check)
			uh->check = 0xffff;
	} else if (sk->sk_no_check_tx && !skb_is_gso(skb)) {
		skb->ip_summed = CHECKSUM_NONE;
	} else {
		udp_csum_partial(skb, uh, csum_tcpudp_nofold(fl4->saddr, fl4->daddr, len, IPPROTO_UDP, 0));
	}
	err = ip_send_skb(skb);
	if (err) {
		if (err == -ENOBUFS && !inet_sk(sk)->recverr) {
			mib[UDP_MIB_SNDBUFERRORS]++;
			err = 0;
		}
	} else {
		mib[UDP_MIB_OUTDATAGRAMS]++;
	}
	return err;
}

void udp_flush_pending_frames(struct sock *sk)
{
	struct udp_sock *up = udp_sk(sk);

	if (up->pending) {
		up->len = 0;
		up->pending = 0;
		ip_flush_pending_frames(sk);
	}
}

int udp_push_pending_frames(struct sock *sk)
{
	struct udp_sock *up = udp_sk(sk);
	struct inet_cork *cork = &up->inet.cork;
	struct flowi4 *fl4 = &cork->fl.u.ip4;
	struct inet_cork facts = *cork;
	struct sk_buff *skb = ip_finish_skb(sk, fl4);
	int err = skb ? udp_send_skb(skb, fl4, &facts) : 0;

	up->len = 0;
	up->pending = 0;
	return err;
}

static void udp_v4_flush_on_close(struct sock *sk)
{
	lock_sock(sk);
	udp_flush_pending_frames(sk);
	release_sock(sk);
}

/* SOL_UDP control messages: 1 if others remain for IP, 0, or -EINVAL. */
int udp_cmsg_send(struct sock *sk __maybe_unused, struct msghdr *msg, u16 *gso_size)
{
	struct cmsghdr *cmsg;
	bool need_ip = false;

	for_each_cmsghdr(cmsg, msg) {
		if (!CMSG_OK(msg, cmsg))
			return -EINVAL;
		if (cmsg->cmsg_level != SOL_UDP) {
			need_ip = true;
			continue;
		}
		if (cmsg->cmsg_type != UDP_SEGMENT || cmsg->cmsg_len != CMSG_LEN(sizeof(u16)))
			return -EINVAL;
		*gso_size = get_unaligned16(CMSG_DATA(cmsg));
	}
	return need_ip;
}

/* The destination that the message names. 0, -EINVAL, -EAFNOSUPPORT. */
static int udp_name(const struct msghdr *msg, __be32 *daddr, __be16 *dport)
{
	const struct sockaddr_in *sin = msg->msg_name;

	if (msg->msg_namelen < (int)sizeof(*sin))
		return -EINVAL;
	if (sin->sin_family != AF_INET && sin->sin_family != AF_UNSPEC)
		return -EAFNOSUPPORT;
	*daddr = sin->sin_addr.s_addr;
	*dport = sin->sin_port;
	return *dport ? 0 : -EINVAL;
}

/* ICMP, IP_PKTINFO and the socket together say where a datagram goes. */
static struct rtable *udp_route(struct sock *sk, struct flowi4 *fl4, struct ipcm_cookie *ipc, __be32 faddr, __be32 *saddr,
	__be16 dport, bool connected, unsigned flags)
{
	struct inet_sock *inet = inet_sk(sk);
	struct dst_entry *dst = connected ? sk_dst_check(sk) : NULL;
	struct rtable *rt;
	u8 tos = (u8)(ipc->tos != -1 ? ipc->tos : inet->tos) & IPTOS_RT_MASK;
	u8 scope = flags & MSG_DONTROUTE || sock_flag(sk, SOCK_LOCALROUTE) || (ipc->opt && ipc->opt->opt.is_strictroute)
		? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;

	if (dst) {
		fl4->saddr = *saddr;
		return dst_rtable(dst_hold(dst));
	}
	flowi4_init_output(fl4, ipc->oif, ipc->sockc.mark, tos, scope, (u8)sk->sk_protocol, inet_sk_flowi_flags(sk), faddr,
		*saddr, dport, inet->inet_sport, sk->sk_uid);
	rt = ip_route_output_key(fl4);
	if (IS_ERR(rt)) {
		if (PTR_ERR(rt) == -ENETUNREACH)
			IP_INC_STATS(IPSTATS_MIB_OUTNOROUTES);
		return rt;
	}
	if (rt->rt_flags & RTCF_BROADCAST && !sock_flag(sk, SOCK_BROADCAST)) {
		ip_rt_put(rt);
		return ERR_PTR(-EACCES);
	}
	if (connected)
		sk_dst_set(sk, dst_hold(&rt->dst));
	return rt;
}

/* More to a message that MSG_MORE or UDP_CORK holds. The socket is owned. */
static ssize_t udp_append(struct sock *sk, struct msghdr *msg, size_t size, struct ipcm_cookie *ipc, struct rtable **rt,
	unsigned ulen, bool corkreq)
{
	struct udp_sock *up = udp_sk(sk);
	struct flowi4 *fl4 = &up->inet.cork.fl.u.ip4;
	int err;

	up->len += ulen;
	err = ip_append_data(sk, fl4, ip_generic_getfrag, msg, (int)ulen, sizeof(struct udphdr), ipc, rt,
		corkreq ? msg->msg_flags | MSG_MORE : msg->msg_flags);
	if (err)
		udp_flush_pending_frames(sk);
	else if (!corkreq)
		err = udp_push_pending_frames(sk);
	else if (skb_queue_empty(&sk->sk_write_queue))
		up->pending = 0;
	return err ? err : (ssize_t)size;
}

/* EMSGSIZE, EOPNOTSUPP, EINVAL, EAFNOSUPPORT, EDESTADDRREQ, EACCES, ENETUNREACH and other routes' errors, EAGAIN, EINTR,
 * EFAULT, ENOBUFS, EPIPE, and a pending error. */
ssize_t udp_sendmsg(struct sock *sk, struct msghdr *msg, size_t size)
{
	struct inet_sock *inet = inet_sk(sk);
	struct udp_sock *up = udp_sk(sk);
	unsigned ulen = (unsigned)size;
	struct flowi4 stack_fl, *fl4 = &stack_fl;
	struct ip_options_rcu opt_copy;
	struct ipcm_cookie ipc;
	struct rtable *rt = NULL;
	__be32 daddr, faddr, saddr;
	__be16 dport;
	bool connected = false, corkreq = up->corkflag || msg->msg_flags & MSG_MORE;
	ssize_t err;

	if (size > 0xffff)
		return -EMSGSIZE;
	if (msg->msg_flags & MSG_OOB)
		return -EOPNOTSUPP;
	if (up->pending) {
		lock_sock(sk);
		if (up->pending) {
			if (up->pending != AF_INET) {
				release_sock(sk);
				return -EINVAL;
			}
			goto append;
		}
		release_sock(sk);
	}
	ulen += sizeof(struct udphdr);
	if (msg->msg_name) {
		err = udp_name(msg, &daddr, &dport);
		if (err)
			return err;
	} else {
		if (sk->sk_state != TCP_ESTABLISHED)
			return -EDESTADDRREQ;
		daddr = sk->sk_daddr;
		dport = sk->sk_dport;
		connected = true;
	}
	ipcm_init_sk(&ipc, inet);
	ipc.gso_size = up->gso_size;
	if (msg->msg_controllen) {
		err = udp_cmsg_send(sk, msg, &ipc.gso_size);
		if (err > 0) {
			err = ip_cmsg_send(sk, msg, &ipc, sk->sk_family == AF_INET6);
			connected = false;
		}
		if (err < 0) {
			ip_cmsg_free(&ipc);
			return err;
		}
	}
	if (!ipc.opt && inet->inet_opt) {
		opt_copy = *inet->inet_opt;
		ipc.opt = &opt_copy;
	}
	saddr = ipc.addr;
	ipc.addr = faddr = daddr;
	if (ipc.opt && ipc.opt->opt.srr) {
		err = -EINVAL;
		if (!daddr)
			goto free_opt;
		faddr = ipc.opt->opt.faddr;
		connected = false;
	}
	if (msg->msg_flags & MSG_DONTROUTE || sock_flag(sk, SOCK_LOCALROUTE) || ipc.tos != -1)
		connected = false;
	if (unlikely(ipv4_is_multicast(daddr))) {
		if (!ipc.oif || ipc.oif == sk->sk_bound_dev_if)
			ipc.oif = inet->mc_index ? inet->mc_index : ipc.oif;
		if (!saddr)
			saddr = inet->mc_addr;
		connected = false;
	} else if (!ipc.oif) {
		ipc.oif = inet->uc_index;
	} else if (ipv4_is_lbcast(daddr) && inet->uc_index) {
		if (ipc.oif != inet->uc_index && !sk->sk_bound_dev_if)
			ipc.oif = inet->uc_index;
	}
	rt = udp_route(sk, fl4, &ipc, faddr, &saddr, dport, connected, msg->msg_flags);
	if (IS_ERR(rt)) {
		err = PTR_ERR(rt);
		rt = NULL;
		goto free_opt;
	}
	if (unlikely(msg->msg_flags & MSG_CONFIRM) && msg->msg_flags & MSG_PROBE && !size) {
		err = 0;
		goto free_opt;
	}
	saddr = fl4->saddr;
	if (!ipc.addr)
		daddr = ipc.addr = fl4->daddr;
	if (!corkreq) {
		struct inet_cork cork;
		struct sk_buff *skb;

		fl4->daddr = daddr;
		fl4->saddr = saddr;
		fl4->fl4_dport = dport;
		skb = ip_make_skb(sk, fl4, ip_generic_getfrag, msg, (int)ulen, sizeof(struct udphdr), &ipc, &rt, &cork,
			msg->msg_flags);
		err = PTR_ERR(skb);
		if (!IS_ERR_OR_NULL(skb))
			err = udp_send_skb(skb, fl4, &cork);
		goto out;
	}
	lock_sock(sk);
	if (up->pending) {
		release_sock(sk);
		err = -EINVAL; /* somebody else began a message while this one was prepared */
		goto free_opt;
	}
	fl4 = &inet->cork.fl.u.ip4;
	*fl4 = (struct flowi4){ .daddr = daddr, .saddr = saddr, .fl4_dport = dport, .fl4_sport = inet->inet_sport };
	up->pending = AF_INET;
	err = udp_append(sk, msg, size, &ipc, &rt, ulen, corkreq);
	release_sock(sk);
	goto free_opt;
append:
	ipcm_init_sk(&ipc, inet);
	err = udp_append(sk, msg, size, &ipc, &rt, ulen, corkreq);
	release_sock(sk);
	return err;
out:
	if (!err)
		err = (ssize_t)size;
free_opt:
	if (rt)
		ip_rt_put(rt);
	ip_cmsg_free(&ipc);
	/* Told by SO_SNDBUF rather than as a lost datagram. */
	if (err == -ENOBUFS)
		mib_of(sk)[UDP_MIB_SNDBUFERRORS]++;
	return err;
}

/* ---- receiving ---- */

u32 udp_pseudo(const struct sk_buff *skb, u32 len, u8 proto)
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
static bool udp_reader_checksum_ok(struct sk_buff *skb)
{
	return skb->ip_summed != CHECKSUM_NONE || udp_lib_checksum_ok(skb, skb->csum);
}

struct sk_buff *__skb_recv_udp(struct sock *sk, unsigned flags, int *off, int *err)
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

/* EAGAIN, EINTR, EFAULT, and a pending error. */
static ssize_t udp_recvmsg(struct sock *sk, struct msghdr *msg, size_t size, unsigned flags)
{
	struct sk_buff *skb;
	size_t ulen, copied;
	int off, err = 0;
	u64 *mib = mib_of(sk);

	if (flags & MSG_ERRQUEUE)
		return ip_recv_error(sk, msg, size);
try_again:
	off = sk_peek_offset(sk, flags);
	skb = __skb_recv_udp(sk, flags, &off, &err);
	if (!skb)
		return err;
	ulen = skb->len;
	copied = size;
	if (copied > ulen - (size_t)off)
		copied = ulen - (size_t)off;
	else if (copied < ulen)
		msg->msg_flags |= MSG_TRUNC;
	if (!udp_reader_checksum_ok(skb)) {
		mib[UDP_MIB_CSUMERRORS]++;
		mib[UDP_MIB_INERRORS]++;
		skb_kill_datagram(sk, skb, flags);
		msg->msg_flags &= ~MSG_TRUNC;
		cond_resched();
		goto try_again;
	}
	err = skb_copy_to_iter(skb, (size_t)off, &msg->msg_iter, copied);
	if (unlikely(err)) {
		if (!skb->peeked) {
			sk->sk_drops++;
			mib[UDP_MIB_INERRORS]++;
		}
		kfree_skb(skb);
		return err;
	}
	if (!(flags & MSG_PEEK))
		mib[UDP_MIB_INDATAGRAMS]++;
	sock_recv_cmsgs(msg, sk, skb);
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
	if (flags & MSG_TRUNC)
		copied = ulen;
	if (flags & MSG_PEEK)
		sk_peek_offset_fwd(sk, (int)copied);
	else
		sk_peek_offset_bwd(sk, (int)copied);
	kfree_skb(skb);
	return (ssize_t)copied;
}

/* Puts the packet on the queue. 0, or -ENOMEM (full). */
static int udp_enqueue(struct sock *sk, struct sk_buff *skb)
{
	if (sk->sk_rmem_alloc > (u32)sk->sk_rcvbuf)
		return -ENOMEM;
	skb->dev = NULL;
	skb->dropcount = sk->sk_drops;
	skb_set_owner_r(skb, sk);
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

int udp_queue_rcv_one_skb(struct sock *sk, struct sk_buff *skb)
{
	u64 *mib = mib_of(sk);

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
	if (udp_enqueue(sk, skb)) {
		mib[UDP_MIB_RCVBUFERRORS]++;
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
int udp_gso_segment(struct sk_buff *skb, struct sk_buff_head *segs)
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

static bool udp_v4_mcast_match(const struct sock *sk, __be16 loc_port, __be32 loc_addr, __be16 rmt_port, __be32 rmt_addr,
	int dif)
{
	if (sk->sk_num != ntohs(loc_port) || (sk->sk_daddr && sk->sk_daddr != rmt_addr)
			|| (sk->sk_dport && sk->sk_dport != rmt_port) || (sk->sk_rcv_saddr && sk->sk_rcv_saddr != loc_addr)
			|| ipv6_only_sock(sk) || !v6_sock_takes_v4(sk) || !inet_sk_bound_dev_eq(sk->sk_bound_dev_if, dif))
		return false;
	return ip_mc_sf_allow(sk, loc_addr, rmt_addr, dif);
}

/* To every socket that listens to the group or to broadcasts. */
static void udp4_mcast_deliver(struct sk_buff *skb, const struct udphdr *uh, __be32 saddr, __be32 daddr, struct udp_table *t)
{
	struct sock *sk, *first = NULL;
	u16 hnum = ntohs(uh->dest);

	hlist_for_each_entry(sk, &t->hash[hnum & t->mask], sk_node) {
		struct sk_buff *copy;

		if (!udp_v4_mcast_match(sk, uh->dest, daddr, uh->source, saddr, skb->skb_iif))
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
	udp_mib(false, t == &udplite_table)[UDP_MIB_IGNOREDMULTI]++;
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
		udp4_mcast_deliver(skb, uh, saddr, daddr, t);
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
	struct inet_sock *inet;
	bool harderr = false;
	int err = 0;

	if (!sk) {
		ICMP_INC_STATS(ICMP_MIB_INERRORS);
		return -ENOENT;
	}
	inet = inet_sk(sk);
	switch (type) {
	default:
	case ICMP_TIME_EXCEEDED:
		err = EHOSTUNREACH;
		break;
	case ICMP_SOURCE_QUENCH:
		return 0;
	case ICMP_PARAMETERPROB:
		err = EPROTO;
		harderr = true;
		break;
	case ICMP_DEST_UNREACH:
		if (code == ICMP_FRAG_NEEDED) {
			ipv4_sk_update_pmtu(skb, sk, info);
			if (inet->pmtudisc == IP_PMTUDISC_DONT)
				return 0;
			err = EMSGSIZE;
			harderr = true;
			break;
		}
		err = EHOSTUNREACH;
		if (code <= NR_ICMP_UNREACH) {
			harderr = icmp_err_convert[code].fatal;
			err = icmp_err_convert[code].error;
		}
		break;
	case ICMP_REDIRECT:
		ipv4_sk_redirect(skb, sk);
		return 0;
	}
	if (inet->recverr)
		ip_icmp_error(sk, skb, err, uh->dest, info, (u8 *)(uh + 1));
	else if (!harderr || sk->sk_state != TCP_ESTABLISHED)
		return 0;
	sk->sk_err = err;
	sk_error_report(sk);
	return 0;
}

int udp_err(struct sk_buff *skb, u32 info) { return __udp4_lib_err(skb, info, &udp_table); }
int udplite_err(struct sk_buff *skb, u32 info) { return __udp4_lib_err(skb, info, &udplite_table); }

/* ---- life ---- */

int udp_init_sock(struct sock *sk __maybe_unused)
{
	return 0;
}

static void udp_destroy_sock(struct sock *sk)
{
	if (udp_sk(sk)->pending)
		udp_v4_flush_on_close(sk);
}

void udp_lib_close(struct sock *sk, u64 timeout __maybe_unused)
{
	sk_common_release(sk);
}

int __udp_disconnect(struct sock *sk, int flags __maybe_unused)
{
	struct inet_sock *inet = inet_sk(sk);

	sk->sk_state = TCP_CLOSE;
	sk->sk_daddr = 0;
	sk->sk_dport = 0;
	udp_unhash4(sk);
	if (!(sk->sk_userlocks & SOCK_BINDADDR_LOCK)) {
		sk->sk_rcv_saddr = inet->inet_saddr = 0;
		if (sk->sk_family == AF_INET6) {
			struct ipv6_pinfo *np = inet6_sk(sk);

			memset(&np->saddr, 0, sizeof(np->saddr));
			memset(&sk->sk_v6_rcv_saddr, 0, sizeof(sk->sk_v6_rcv_saddr));
		}
		if (sk->sk_prot->rehash && sk->sk_userlocks & SOCK_BINDPORT_LOCK)
			sk->sk_prot->rehash(sk);
	}
	if (!(sk->sk_userlocks & SOCK_BINDPORT_LOCK)) {
		sk->sk_prot->unhash(sk);
		inet->inet_sport = 0;
	}
	sk_dst_reset(sk);
	return 0;
}

int udp_disconnect(struct sock *sk, int flags)
{
	lock_sock(sk);
	__udp_disconnect(sk, flags);
	release_sock(sk);
	return 0;
}

static int udp_connect(struct sock *sk, struct sockaddr *addr, int len)
{
	int err;

	lock_sock(sk);
	err = __ip4_datagram_connect(sk, addr, len);
	if (!err)
		udp_hash4(sk);
	release_sock(sk);
	return err;
}

/* The next datagram's size. */
long udp_ioctl(struct sock *sk, unsigned cmd, unsigned long arg)
{
	int __user *uarg = u64_to_uptr(arg);
	const struct sk_buff *skb;

	switch (cmd) {
	case SIOCOUTQ:
		return put_user(sk_wmem_alloc_get(sk), uarg);
	case SIOCINQ:
		skb = skb_peek(&sk->sk_receive_queue);
		return put_user(skb ? (int)skb->len : 0, uarg);
	}
	return -ENOIOCTLCMD;
}

u32 udp_poll(struct file *file, struct socket *sock, struct poll_table *pt)
{
	u32 mask = datagram_poll(file, sock, pt);
	struct sock *sk = sock->sk;
	struct sk_buff *skb;

	/* A blocking reader must not be told of packets that it will find bad. */
	if (!(mask & EPOLLRDNORM) || !file || file->flags & O_NONBLOCK || sk->sk_shutdown & RCV_SHUTDOWN)
		return mask;
	while ((skb = skb_peek(&sk->sk_receive_queue)) && !udp_reader_checksum_ok(skb)) {
		mib_of(sk)[UDP_MIB_CSUMERRORS]++;
		mib_of(sk)[UDP_MIB_INERRORS]++;
		sk->sk_drops++;
		skb_unlink(skb, &sk->sk_receive_queue);
		kfree_skb(skb);
	}
	if (!skb)
		mask &= ~(EPOLLIN | EPOLLRDNORM);
	return mask;
}

/* ---- options ---- */

int udp_lib_setsockopt(struct sock *sk, int level __maybe_unused, int name, const void __user *val, unsigned len,
	int (*push_pending_frames)(struct sock *))
{
	struct udp_sock *up = udp_sk(sk);
	int v;

	if (len < sizeof(int))
		return -EINVAL;
	if (get_user(v, (const int __user *)val))
		return -EFAULT;
	switch (name) {
	case UDP_CORK:
		up->corkflag = v != 0;
		if (!v) {
			lock_sock(sk);
			if (up->pending)
				push_pending_frames(sk);
			release_sock(sk);
		}
		return 0;
	case UDP_ENCAP:
		if (!v) {
			up->encap_type = 0;
			return 0;
		}
		LEDGER("UDP_ENCAP", v);
		return -ENOPROTOOPT;
	case UDP_NO_CHECK6_TX:
		up->no_check6_tx = v != 0;
		return 0;
	case UDP_NO_CHECK6_RX:
		up->no_check6_rx = v != 0;
		return 0;
	case UDP_SEGMENT:
		if (v < 0 || v > 0xffff)
			return -EINVAL;
		up->gso_size = (u16)v;
		return 0;
	case UDP_GRO:
		up->gro_enabled = v != 0;
		return 0;
	case UDPLITE_SEND_CSCOV:
	case UDPLITE_RECV_CSCOV:
		if (!is_udplite(sk))
			return -ENOPROTOOPT;
		if (v && v < 8)
			v = 8; /* the least that is legal */
		else if (v > 0xffff)
			v = 0xffff;
		if (name == UDPLITE_SEND_CSCOV) {
			up->pcslen = (u16)v;
			up->pcflag |= UDPLITE_SEND_CC;
		} else {
			up->pcrlen = (u16)v;
			up->pcflag |= UDPLITE_RECV_CC;
		}
		return 0;
	}
	LEDGER("setsockopt SOL_UDP option", name);
	return -ENOPROTOOPT;
}

int udp_lib_getsockopt(struct sock *sk, int level __maybe_unused, int name, void __user *val, int __user *ulen)
{
	const struct udp_sock *up = udp_sk(sk);
	int v, len;

	if (get_user(len, ulen))
		return -EFAULT;
	len = min((unsigned)len, (unsigned)sizeof(int));
	if (len < 0)
		return -EINVAL;
	switch (name) {
	case UDP_CORK: v = up->corkflag; break;
	case UDP_ENCAP: v = up->encap_type; break;
	case UDP_NO_CHECK6_TX: v = up->no_check6_tx; break;
	case UDP_NO_CHECK6_RX: v = up->no_check6_rx; break;
	case UDP_SEGMENT: v = up->gso_size; break;
	case UDP_GRO: v = up->gro_enabled; break;
	case UDPLITE_SEND_CSCOV: v = up->pcslen; break;
	case UDPLITE_RECV_CSCOV: v = up->pcrlen; break;
	default:
		LEDGER("getsockopt SOL_UDP option", name);
		return -ENOPROTOOPT;
	}
	if (put_user(len, ulen))
		return -EFAULT;
	return copy_to_user(val, &v, len) ? -EFAULT : 0;
}

static int udp_setsockopt(struct sock *sk, int level, int name, const void __user *val, unsigned len)
{
	if (level == SOL_UDP || level == SOL_UDPLITE)
		return udp_lib_setsockopt(sk, level, name, val, len, udp_push_pending_frames);
	return ip_setsockopt(sk, level, name, val, len);
}

static int udp_getsockopt(struct sock *sk, int level, int name, void __user *val, int __user *len)
{
	if (level == SOL_UDP || level == SOL_UDPLITE)
		return udp_lib_getsockopt(sk, level, name, val, len);
	return ip_getsockopt(sk, level, name, val, len);
}

#define UDP_PROT(_name) { .name = _name, .close = udp_lib_close, .connect = udp_connect, .disconnect = udp_disconnect, \
	.ioctl = udp_ioctl, .init = udp_init_sock, .destroy = udp_destroy_sock, .setsockopt = udp_setsockopt,              \
	.getsockopt = udp_getsockopt, .sendmsg = udp_sendmsg, .recvmsg = udp_recvmsg, .unhash = udp_lib_unhash,            \
	.rehash = udp_v4_rehash, .get_port = udp_v4_get_port, .obj_size = sizeof(struct udp_sock),                         \
	.sysctl_mem = net_sysctl.udp_mem }
struct proto udp_prot = UDP_PROT("UDP");
struct proto udplite_prot = UDP_PROT("UDP-Lite");

static void table_exit(struct udp_table *t, u32 first)
{
	if (t->mask + 1 == first)
		return;
	kfree(t->hash);
	kfree(t->hash2);
	kfree(t->hash4);
}

/* Tables that have grown since the start. */
void udp_exit(void)
{
	table_exit(&udp_table, UDP_HTABLE_FIRST);
	table_exit(&udplite_table, UDPLITE_HTABLE_FIRST);
}

void udp_init(void)
{
	table_init(&udp_table, UDP_HTABLE_FIRST);
	table_init(&udplite_table, UDPLITE_HTABLE_FIRST);
	proto_register(&udp_prot);
	proto_register(&udplite_prot);
}
