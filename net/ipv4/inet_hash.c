/* Which socket a segment belongs to. Connections, requests and TIME-WAIT sockets lie in one table by their four numbers, which
 * doubles when it fills; listeners in one by address and port. Who has which local port is in inet_port.c. */
#include "../inet_hash.h"
#include "../ip.h"
#include "host.h"
#include "slab.h"
#include "string.h"

#define EHASH_FIRST 1024
#define LHASH_FIRST 64

struct inet_hashinfo tcp_hashinfo;
int (*inet_twsk_unique)(struct sock *sk, struct sock *sktw);
void (*inet_twsk_kill)(struct sock *sktw);
static u32 ehash_secret[2];

/* ---- hashes ---- */

static u32 mix(u32 a, u32 b, u32 c)
{
	u64 h = ((u64)a ^ ehash_secret[0]) * 0x9e3779b97f4a7c15ull;

	h = (h ^ h >> 29 ^ b) * 0xbf58476d1ce4e5b9ull;
	h = (h ^ h >> 32 ^ c ^ ehash_secret[1]) * 0x94d049bb133111ebull;
	return (u32)(h >> 32) ^ (u32)h;
}

u32 inet_ehashfn(__be32 laddr, u16 lport, __be32 faddr, __be16 fport)
{
	return mix(laddr, faddr, (u32)lport << 16 | fport);
}

static u32 fold6(const struct in6_addr *a)
{
	return mix(a->s6_addr32[0] ^ a->s6_addr32[1], a->s6_addr32[2], a->s6_addr32[3]);
}

u32 inet6_ehashfn(const struct in6_addr *laddr, u16 lport, const struct in6_addr *faddr, __be16 fport)
{
	return mix(fold6(laddr), fold6(faddr), (u32)lport << 16 | fport);
}

u32 ipv4_portaddr_hash(__be32 addr, u16 port)
{
	return mix(addr, 0, port);
}

/* The wildcard of both families, and mapped addresses, have IPv4's hash: a dual-stack listener is found by either. */
u32 ipv6_portaddr_hash(const struct in6_addr *addr, u16 port)
{
	if (ipv6_addr_any(addr))
		return ipv4_portaddr_hash(0, port);
	if (ipv6_addr_v4mapped(addr))
		return ipv4_portaddr_hash(addr->s6_addr32[3], port);
	return mix(fold6(addr), 0, port);
}

static bool is_pure_v6(const struct sock *sk)
{
	return sk->sk_family == AF_INET6 && !ipv6_addr_v4mapped(&sk->sk_v6_daddr);
}

u32 sk_ehashfn(const struct sock *sk)
{
	if (is_pure_v6(sk))
		return inet6_ehashfn(&sk->sk_v6_rcv_saddr, sk->sk_num, &sk->sk_v6_daddr, sk->sk_dport);
	return inet_ehashfn(sk->sk_rcv_saddr, sk->sk_num, sk->sk_daddr, sk->sk_dport);
}

static struct hlist_head *new_table(u32 size)
{
	return kcalloc(size, sizeof(struct hlist_head));
}

/* Doubles a table. Without memory it stays as it is: only slower. */
static void grow(struct hlist_head **table, u32 *mask, u32 (*hash)(const struct sock *))
{
	u32 size = (*mask + 1) * 2;
	struct hlist_head *n = new_table(size);
	struct hlist_node *next;
	struct sock *sk;

	if (!n)
		return;
	for (u32 i = 0; i <= *mask; i++)
		hlist_for_each_entry_safe(sk, next, &(*table)[i], sk_node) {
			hlist_del(&sk->sk_node);
			hlist_add_tail(&sk->sk_node, &n[hash(sk) & (size - 1)]);
		}
	kfree(*table);
	*table = n;
	*mask = size - 1;
}

static u32 stored_hash(const struct sock *sk) { return sk->sk_hash; }

static u32 listener_hash(const struct sock *sk)
{
	return sk->sk_family == AF_INET6 ? ipv6_portaddr_hash(&sk->sk_v6_rcv_saddr, sk->sk_num)
		: ipv4_portaddr_hash(sk->sk_rcv_saddr, sk->sk_num);
}

void inet_hashinfo_init(void)
{
	struct inet_hashinfo *h = &tcp_hashinfo;

	inet_ports_init();
	host_random(ehash_secret, sizeof(ehash_secret));
	h->ehash = new_table(EHASH_FIRST);
	h->ehash_mask = EHASH_FIRST - 1;
	h->lhash2 = new_table(LHASH_FIRST);
	h->lhash2_mask = LHASH_FIRST - 1;
}

/* Memory beyond what was there at the start. */
void inet_hashinfo_exit(void)
{
	inet_ports_exit();
	kfree(tcp_hashinfo.ehash);
	kfree(tcp_hashinfo.lhash2);
	tcp_hashinfo.ehash = tcp_hashinfo.lhash2 = NULL;
}

/* ---- connections ---- */

void inet_ehash_add(struct sock *sk)
{
	struct inet_hashinfo *h = &tcp_hashinfo;

	if (h->ehash_count > h->ehash_mask)
		grow(&h->ehash, &h->ehash_mask, stored_hash);
	hlist_add_head(&sk->sk_node, &h->ehash[sk->sk_hash & h->ehash_mask]);
	h->ehash_count++;
}

static void ehash_del(struct sock *sk)
{
	hlist_del(&sk->sk_node);
	tcp_hashinfo.ehash_count--;
}

static bool match4(const struct sock *sk, u32 hash, __be32 saddr, __be16 sport, __be32 daddr, u16 hnum, int dif)
{
	return sk->sk_hash == hash && sk->sk_daddr == saddr && sk->sk_rcv_saddr == daddr && sk->sk_dport == sport
		&& sk->sk_num == hnum && inet_sk_bound_dev_eq(sk->sk_bound_dev_if, dif) && !is_pure_v6(sk);
}

static bool match6(const struct sock *sk, u32 hash, const struct in6_addr *saddr, __be16 sport,
	const struct in6_addr *daddr, u16 hnum, int dif)
{
	return sk->sk_hash == hash && sk->sk_dport == sport && sk->sk_num == hnum && sk->sk_family == AF_INET6
		&& ipv6_addr_equal(&sk->sk_v6_daddr, saddr) && ipv6_addr_equal(&sk->sk_v6_rcv_saddr, daddr)
		&& inet_sk_bound_dev_eq(sk->sk_bound_dev_if, dif);
}

struct sock *__inet_lookup_established(__be32 saddr, __be16 sport, __be32 daddr, u16 hnum, int dif)
{
	u32 hash = inet_ehashfn(daddr, hnum, saddr, sport);
	struct sock *sk;

	hlist_for_each_entry(sk, &tcp_hashinfo.ehash[hash & tcp_hashinfo.ehash_mask], sk_node)
		if (match4(sk, hash, saddr, sport, daddr, hnum, dif))
			return sock_hold(sk);
	return NULL;
}

struct sock *__inet6_lookup_established(const struct in6_addr *saddr, __be16 sport, const struct in6_addr *daddr, u16 hnum,
	int dif)
{
	u32 hash = inet6_ehashfn(daddr, hnum, saddr, sport);
	struct sock *sk;

	hlist_for_each_entry(sk, &tcp_hashinfo.ehash[hash & tcp_hashinfo.ehash_mask], sk_node)
		if (match6(sk, hash, saddr, sport, daddr, hnum, dif))
			return sock_hold(sk);
	return NULL;
}

struct sock *inet_ehash_find_twin(const struct sock *sk, u32 hash, u16 lport)
{
	struct sock *sk2;
	bool v6 = is_pure_v6(sk);

	hlist_for_each_entry(sk2, &tcp_hashinfo.ehash[hash & tcp_hashinfo.ehash_mask], sk_node) {
		if (sk2 == sk)
			continue;
		if (v6 ? match6(sk2, hash, &sk->sk_v6_daddr, sk->sk_dport, &sk->sk_v6_rcv_saddr, lport, sk->sk_bound_dev_if)
				: match4(sk2, hash, sk->sk_daddr, sk->sk_dport, sk->sk_rcv_saddr, lport, sk->sk_bound_dev_if))
			return sk2;
	}
	return NULL;
}

bool inet_ehash_insert(struct sock *sk, struct sock *osk, bool *found_dup)
{
	sk->sk_hash = sk_ehashfn(sk);
	if (osk) {
		if (hlist_unhashed(&osk->sk_node))
			return false;
		ehash_del(osk);
	} else if (found_dup) {
		*found_dup = inet_ehash_find_twin(sk, sk->sk_hash, sk->sk_num) != NULL;
		if (*found_dup)
			return false;
	}
	inet_ehash_add(sk);
	return true;
}

bool inet_ehash_nolisten(struct sock *sk, struct sock *osk, bool *found_dup)
{
	bool ok = inet_ehash_insert(sk, osk, found_dup);

	if (ok)
		sock_prot_inuse_add(sk->sk_prot, 1);
	return ok;
}

/* ---- listeners ---- */

/* Joins or makes the SO_REUSEPORT group of @sk's address and port. */
static int reuseport_join(struct sock *sk, struct hlist_head *bucket)
{
	struct sock *sk2;

	hlist_for_each_entry(sk2, bucket, sk_node)
		if (sk2 != sk && sk2->sk_family == sk->sk_family && ipv6_only_sock(sk2) == ipv6_only_sock(sk)
				&& sk2->sk_bound_dev_if == sk->sk_bound_dev_if && sk2->sk_num == sk->sk_num && sk2->sk_reuseport
				&& sk_reuseport_match_uid(sk, sk2) && inet_rcv_saddr_equal(sk, sk2, false))
			return reuseport_add_sock(sk, sk2, inet_rcv_saddr_any(sk));
	return reuseport_alloc(sk, inet_rcv_saddr_any(sk));
}

static int hash_listener(struct sock *sk)
{
	struct inet_hashinfo *h = &tcp_hashinfo;
	struct hlist_head *bucket;
	int err;

	if (h->lhash2_count > h->lhash2_mask)
		grow(&h->lhash2, &h->lhash2_mask, listener_hash);
	bucket = &h->lhash2[listener_hash(sk) & h->lhash2_mask];
	if (sk->sk_reuseport) {
		err = reuseport_join(sk, bucket);
		if (err)
			return err;
	}
	if (sk->sk_reuseport && sk->sk_family == AF_INET6)
		hlist_add_tail(&sk->sk_node, bucket);
	else
		hlist_add_head(&sk->sk_node, bucket);
	h->lhash2_count++;
	sock_prot_inuse_add(sk->sk_prot, 1);
	return 0;
}

int inet_hash(struct sock *sk)
{
	if (sk->sk_state == TCP_CLOSE)
		return 0;
	if (sk->sk_state != TCP_LISTEN) {
		inet_ehash_nolisten(sk, NULL, NULL);
		return 0;
	}
	return hlist_unhashed(&sk->sk_node) ? hash_listener(sk) : 0;
}

void inet_unhash(struct sock *sk)
{
	if (hlist_unhashed(&sk->sk_node))
		return;
	sock_prot_inuse_add(sk->sk_prot, -1);
	if (sk->sk_state != TCP_LISTEN) {
		ehash_del(sk);
		return;
	}
	if (sk->sk_reuseport_cb)
		reuseport_detach_sock(sk);
	hlist_del(&sk->sk_node);
	tcp_hashinfo.lhash2_count--;
}

static int listener_score(const struct sock *sk, u16 hnum, int dif, bool v6)
{
	if (sk->sk_num != hnum || !inet_sk_bound_dev_eq(sk->sk_bound_dev_if, dif))
		return -1;
	return (sk->sk_bound_dev_if ? 2 : 1) + (v6 || sk->sk_family == AF_INET) + (sk->sk_incoming_cpu == 0);
}

static struct sock *lhash2_lookup4(u32 hash, struct sk_buff *skb, int doff, __be32 saddr, __be16 sport, __be32 bound,
	__be32 daddr, u16 hnum, int dif)
{
	struct sock *sk, *result = NULL;
	int best = 0;

	hlist_for_each_entry(sk, &tcp_hashinfo.lhash2[hash & tcp_hashinfo.lhash2_mask], sk_node) {
		int score = -1;

		if (!ipv6_only_sock(sk) && sk->sk_rcv_saddr == bound
				&& (sk->sk_family == AF_INET || ipv6_addr_any(&sk->sk_v6_rcv_saddr)
				|| ipv6_addr_v4mapped(&sk->sk_v6_rcv_saddr)))
			score = listener_score(sk, hnum, dif, false);
		if (score <= best)
			continue;
		if (sk->sk_reuseport) {
			result = reuseport_select_sock(sk, inet_ehashfn(daddr, hnum, saddr, sport), skb, doff);
			if (result)
				return result;
		}
		result = sk;
		best = score;
	}
	return result;
}

struct sock *__inet_lookup_listener(struct sk_buff *skb, int doff, __be32 saddr, __be16 sport, __be32 daddr, u16 hnum, int dif)
{
	struct sock *sk = lhash2_lookup4(ipv4_portaddr_hash(daddr, hnum), skb, doff, saddr, sport, daddr, daddr, hnum, dif);

	return sk ? sk : lhash2_lookup4(ipv4_portaddr_hash(0, hnum), skb, doff, saddr, sport, 0, daddr, hnum, dif);
}

static struct sock *lhash2_lookup6(u32 hash, struct sk_buff *skb, int doff, const struct in6_addr *saddr, __be16 sport,
	const struct in6_addr *bound, const struct in6_addr *daddr, u16 hnum, int dif)
{
	struct sock *sk, *result = NULL;
	int best = 0;

	hlist_for_each_entry(sk, &tcp_hashinfo.lhash2[hash & tcp_hashinfo.lhash2_mask], sk_node) {
		int score = -1;

		if (sk->sk_family == AF_INET6 && ipv6_addr_equal(&sk->sk_v6_rcv_saddr, bound))
			score = listener_score(sk, hnum, dif, true);
		if (score <= best)
			continue;
		if (sk->sk_reuseport) {
			result = reuseport_select_sock(sk, inet6_ehashfn(daddr, hnum, saddr, sport), skb, doff);
			if (result)
				return result;
		}
		result = sk;
		best = score;
	}
	return result;
}

struct sock *inet6_lookup_listener(struct sk_buff *skb, int doff, const struct in6_addr *saddr, __be16 sport,
	const struct in6_addr *daddr, u16 hnum, int dif)
{
	struct sock *sk = lhash2_lookup6(ipv6_portaddr_hash(daddr, hnum), skb, doff, saddr, sport, daddr, daddr, hnum, dif);

	return sk ? sk : lhash2_lookup6(ipv4_portaddr_hash(0, hnum), skb, doff, saddr, sport, &in6addr_any, daddr, hnum, dif);
}
