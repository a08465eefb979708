/* The tables of UDP's and UDP-Lite's sockets, of both families: ports, and which socket a packet is for.
 *
 * A socket lies in three tables: by port (for binding), by address and port (for lookup), and, connected, by all four
 * numbers, so that no lookup walks the many sockets of a busy port. */
#include "../udp.h"
#include "../inet_hash.h"
#include "host.h"
#include "kerrno.h"
#include "slab.h"

#define UDP_HTABLE_FIRST 256
#define UDPLITE_HTABLE_FIRST 16

struct udp_table udp_table, udplite_table;

static struct udp_table *table_of(const struct sock *sk)
{
	return is_udplite(sk) ? &udplite_table : &udp_table;
}

/* ---- the tables ---- */

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

/* Are @sk and @sk2 in each other's way at a port of theirs, but for SO_REUSEPORT? */
static bool same_place(const struct sock *sk, const struct sock *sk2)
{
	if (sk == sk2 || (sk2->sk_reuse && sk->sk_reuse))
		return false;
	if (sk2->sk_bound_dev_if && sk->sk_bound_dev_if && sk2->sk_bound_dev_if != sk->sk_bound_dev_if)
		return false;
	return inet_rcv_saddr_equal(sk, sk2, true);
}

/* The newest socket in the way decides for a port that is @asked for; otherwise all have to share it. */
static bool port_taken(struct udp_table *t, const struct sock *sk, u16 port, bool asked)
{
	const struct sock *sk2;

	hlist_for_each_entry(sk2, &t->hash[port & t->mask], sk_node) {
		if (sk2->sk_num != port || !same_place(sk, sk2))
			continue;
		if (!sk2->sk_reuseport || !sk->sk_reuseport || sk->sk_reuseport_cb || !sk_reuseport_match_uid(sk, sk2))
			return true;
		if (asked)
			return false;
	}
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
		if (!port_taken(t, sk, first, false))
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
	else if (port_taken(t, sk, port, true))
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

bool udp_reuseport_choose(struct sock *sk, u32 hash, struct sk_buff *skb, struct sock **result)
{
	struct sock *member = reuseport_select_sock(sk, hash, skb, sizeof(struct udphdr));

	if (!member)
		return false;
	*result = member;
	/* A connected member elsewhere may yet score higher, but only by its own address. */
	return !sk->sk_reuseport_cb->has_conns;
}

static struct sock *udp4_lookup2(struct udp_table *t, __be32 bound, __be32 saddr, __be16 sport, __be32 daddr, u16 hnum,
	int dif, struct sk_buff *skb)
{
	u32 hash2 = udp4_portaddr_hash(bound, hnum);
	struct sock *sk, *result = NULL;
	int best = 0;

	hlist_for_each_entry(sk, &t->hash2[hash2 & t->mask], sk_bind_node) {
		int score = udp4_score(sk, saddr, sport, bound, hnum, dif);

		if (score <= best || !udp_takes_v4(sk))
			continue;
		best = score;
		result = sk;
		if (sk->sk_reuseport && sk->sk_state != TCP_ESTABLISHED
				&& udp_reuseport_choose(sk, inet_ehashfn(daddr, hnum, saddr, sport), skb, &result))
			return result;
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
				&& udp_takes_v4(sk) && !ipv6_only_sock(sk))
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

/* ---- start and end ---- */

static void table_exit(struct udp_table *t, u32 first)
{
	if (t->mask + 1 == first)
		return;
	kfree(t->hash);
	kfree(t->hash2);
	kfree(t->hash4);
}

/* Those that have grown since the start. */
void udp_tables_exit(void)
{
	table_exit(&udp_table, UDP_HTABLE_FIRST);
	table_exit(&udplite_table, UDPLITE_HTABLE_FIRST);
}

void udp_tables_init(void)
{
	table_init(&udp_table, UDP_HTABLE_FIRST);
	table_init(&udplite_table, UDPLITE_HTABLE_FIRST);
}
