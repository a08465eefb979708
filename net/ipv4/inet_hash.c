/* Which socket a segment belongs to, and who has which local port. Connections, requests and TIME-WAIT sockets lie in one
 * table by their four numbers, which doubles when it fills; listeners in one by address and port; ports in an array. The
 * rules for sharing a port are Linux's. */
#include "../inet_hash.h"
#include "../ip.h"
#include "host.h"
#include "slab.h"
#include "string.h"

#define EHASH_FIRST 1024
#define LHASH_FIRST 64
#define PERTURB_SIZE 65536

struct inet_hashinfo tcp_hashinfo;
int (*inet_twsk_unique)(struct sock *sk, struct sock *sktw);
void (*inet_twsk_kill)(struct sock *sktw);
static struct inet_bind_bucket *ports[65536];
static struct kmem_cache *bucket_cache;
static u32 ehash_secret[2];
static u32 *perturb; /* how far the next connection to a destination begins, by its hash */

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

	bucket_cache = kmem_cache_create("inet_bind_bucket", sizeof(struct inet_bind_bucket), 0);
	host_random(ehash_secret, sizeof(ehash_secret));
	h->ehash = new_table(EHASH_FIRST);
	h->ehash_mask = EHASH_FIRST - 1;
	h->lhash2 = new_table(LHASH_FIRST);
	h->lhash2_mask = LHASH_FIRST - 1;
	h->bhash = ports;
}

/* Memory beyond what was there at the start. */
void inet_hashinfo_exit(void)
{
	kfree(perturb);
	perturb = NULL;
	kfree(tcp_hashinfo.ehash);
	kfree(tcp_hashinfo.lhash2);
	tcp_hashinfo.ehash = tcp_hashinfo.lhash2 = NULL;
}

/* ---- connections ---- */

static void ehash_add(struct sock *sk)
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

/* Another entry with @sk's four numbers, which @hash is of; NULL: none. */
static struct sock *find_twin(const struct sock *sk, u32 hash, u16 lport)
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
		*found_dup = find_twin(sk, sk->sk_hash, sk->sk_num) != NULL;
		if (*found_dup)
			return false;
	}
	ehash_add(sk);
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

/* ---- ports ---- */

static struct inet_bind_bucket *bucket_create(u16 port)
{
	struct inet_bind_bucket *tb = kmem_cache_zalloc(bucket_cache);

	if (!tb)
		return NULL;
	tb->port = port;
	ports[port] = tb;
	return tb;
}

static void bucket_free_unused(struct inet_bind_bucket *tb)
{
	if (!hlist_empty(&tb->owners))
		return;
	ports[tb->port] = NULL;
	kmem_cache_free(bucket_cache, tb);
}

void inet_bind_bucket_get(struct inet_bind_bucket *tb, struct hlist_node *bind_node)
{
	hlist_add_head(bind_node, &tb->owners);
}

void inet_bind_bucket_put(struct inet_bind_bucket *tb, struct hlist_node *bind_node)
{
	hlist_del(bind_node);
	bucket_free_unused(tb);
}

static void inet_bind_hash(struct sock *sk, struct inet_bind_bucket *tb, u16 port)
{
	sk->sk_num = port;
	inet_bind_bucket_get(tb, &sk->sk_bind_node);
	*inet_bind_hash_of(sk) = tb;
}

void inet_put_port(struct sock *sk)
{
	struct inet_bind_bucket **tb = inet_bind_hash_of(sk);

	if (!*tb)
		return;
	inet_bind_bucket_put(*tb, &sk->sk_bind_node);
	*tb = NULL;
	sk->sk_num = 0;
}

int __inet_inherit_port(const struct sock *sk, struct sock *child)
{
	struct inet_bind_bucket *tb = *inet_bind_hash_of(sk);

	if (!tb)
		return -ENOENT;
	inet_bind_hash(child, tb, child->sk_num);
	return 0;
}

/* Could @sk and @sk2, who have overlapping addresses, not both have the port? */
static bool inet_bind_conflict(const struct sock *sk, const struct sock *sk2, bool relax, bool reuseport_ok)
{
	bool same_user = sk2->sk_state == TCP_TIME_WAIT || sk_reuseport_match_uid(sk, sk2);

	if (sk == sk2 || (sk->sk_bound_dev_if && sk2->sk_bound_dev_if && sk->sk_bound_dev_if != sk2->sk_bound_dev_if))
		return false;
	if (sk->sk_reuse && sk2->sk_reuse && sk2->sk_state != TCP_LISTEN)
		return !relax || (!reuseport_ok && sk->sk_reuseport && sk2->sk_reuseport && !sk->sk_reuseport_cb && same_user);
	return !reuseport_ok || !sk->sk_reuseport || !sk2->sk_reuseport || sk->sk_reuseport_cb || !same_user;
}

static bool inet_csk_bind_conflict(const struct sock *sk, const struct inet_bind_bucket *tb, bool relax, bool reuseport_ok)
{
	struct sock *sk2;

	hlist_for_each_entry(sk2, &tb->owners, sk_bind_node)
		if (inet_bind_conflict(sk, sk2, relax, reuseport_ok) && inet_rcv_saddr_equal(sk, sk2, true))
			return true;
	return false;
}

void inet_get_local_port_range(const struct sock *sk, int *low, int *high)
{
	u32 range = inet_sk(sk)->local_port_range;

	*low = net_sysctl.ip_local_port_range[0];
	*high = net_sysctl.ip_local_port_range[1];
	if (range) {
		u16 lo = (u16)range, hi = (u16)(range >> 16);

		if (lo && *low <= lo && lo <= *high)
			*low = lo;
		if (hi && *low <= hi && hi <= *high)
			*high = hi;
	}
}

static u32 random_below(u32 limit)
{
	u32 r;

	host_random(&r, sizeof(r));
	return (u32)((u64)r * limit >> 32);
}

/* Ports of one parity from @low + @offset on; the port or 0. */
static u16 scan_parity(struct sock *sk, int low, int high, u32 offset, u32 remaining, bool relax)
{
	int port = low + (int)offset;

	for (u32 i = 0; i < remaining; i += 2, port += 2) {
		struct inet_bind_bucket *tb;

		if (port >= high)
			port -= (int)remaining;
		if (inet_is_local_reserved_port((u16)port))
			continue;
		tb = ports[port];
		if (!tb || !inet_csk_bind_conflict(sk, tb, relax, false))
			return (u16)port;
	}
	return 0;
}

/* bind(2) to port 0: half of the range first when addresses may be reused, and odd ports before even ones, which are
 * left to connect(2). */
static u16 inet_csk_find_open_port(struct sock *sk)
{
	bool relax = false;

	for (;;) {
		int half = sk->sk_reuse == SK_CAN_REUSE ? 1 : 0;

		for (;;) {
			int low, high;
			u32 remaining, offset;
			u16 port;

			inet_get_local_port_range(sk, &low, &high);
			high++;
			if (high - low < 4)
				half = 0;
			if (half) {
				int mid = low + ((high - low) >> 2 << 1);

				if (half == 1)
					high = mid;
				else
					low = mid;
			}
			remaining = (u32)(high - low);
			if (remaining > 1)
				remaining &= ~1u;
			offset = random_below(remaining) | 1;
			port = scan_parity(sk, low, high, offset, remaining, relax);
			if (!port)
				port = scan_parity(sk, low, high, offset - 1, remaining, relax);
			if (port)
				return port;
			if (half != 1)
				break;
			half = 2;
		}
		if (!net_sysctl.ip_autobind_reuse || relax)
			return 0;
		relax = true;
	}
}

static bool saddr_equal_fast(const struct inet_bind_bucket *tb, const struct sock *sk)
{
	struct sock fast = { .sk_family = tb->fast_sk_family, .sk_rcv_saddr = tb->fast_rcv_saddr,
		.sk_v6_rcv_saddr = tb->fast_v6_rcv_saddr, .sk_ipv6only = tb->fast_ipv6_only };

	return inet_rcv_saddr_equal(sk, &fast, false);
}

static bool sk_reuseport_match(const struct inet_bind_bucket *tb, const struct sock *sk)
{
	if (tb->fastreuseport <= 0 || !sk->sk_reuseport || sk->sk_reuseport_cb || tb->fastuid != sk->sk_uid)
		return false;
	return tb->fastreuseport == 1 || saddr_equal_fast(tb, sk);
}

static void set_fast(struct inet_bind_bucket *tb, const struct sock *sk)
{
	tb->fastuid = sk->sk_uid;
	tb->fast_rcv_saddr = sk->sk_rcv_saddr;
	tb->fast_ipv6_only = ipv6_only_sock(sk);
	tb->fast_sk_family = sk->sk_family;
	tb->fast_v6_rcv_saddr = sk->sk_v6_rcv_saddr;
}

#define FASTREUSEPORT_ANY 1
#define FASTREUSEPORT_STRICT 2
static void inet_csk_update_fastreuse(struct inet_bind_bucket *tb, const struct sock *sk)
{
	bool reuse = sk->sk_reuse && sk->sk_state != TCP_LISTEN;

	if (hlist_empty(&tb->owners)) {
		tb->fastreuse = reuse;
		tb->fastreuseport = sk->sk_reuseport ? FASTREUSEPORT_ANY : 0;
		if (sk->sk_reuseport)
			set_fast(tb, sk);
		return;
	}
	if (!reuse)
		tb->fastreuse = 0;
	if (!sk->sk_reuseport) {
		tb->fastreuseport = 0;
	} else if (!sk_reuseport_match(tb, sk)) {
		/* From now on only the very same address goes without a look at each owner. */
		tb->fastreuseport = FASTREUSEPORT_STRICT;
		set_fast(tb, sk);
	}
}

int inet_csk_get_port(struct sock *sk, u16 port)
{
	bool reuse = sk->sk_reuse && sk->sk_state != TCP_LISTEN;
	struct inet_bind_bucket *tb;

	if (!port) {
		port = inet_csk_find_open_port(sk);
		if (!port)
			return -EADDRINUSE;
		tb = ports[port];
	} else {
		tb = ports[port];
		if (tb && sk->sk_reuse != SK_FORCE_REUSE && !(tb->fastreuse > 0 && reuse) && !sk_reuseport_match(tb, sk)
				&& inet_csk_bind_conflict(sk, tb, true, true))
			return -EADDRINUSE;
	}
	if (!tb)
		tb = bucket_create(port);
	if (!tb)
		return -EADDRINUSE;
	inet_csk_update_fastreuse(tb, sk);
	if (!*inet_bind_hash_of(sk))
		inet_bind_hash(sk, tb, port);
	return 0;
}

/* ---- connect ---- */

/* Enters @sk with local port @lport unless such a connection exists; a TIME-WAIT socket may give way. */
static int check_established(struct sock *sk, u16 lport)
{
	u16 old = sk->sk_num;
	struct sock *twin;
	u32 hash;

	sk->sk_num = lport;
	hash = sk_ehashfn(sk);
	twin = find_twin(sk, hash, lport);
	if (twin && (twin->sk_state != TCP_TIME_WAIT || !inet_twsk_unique || !inet_twsk_unique(sk, twin))) {
		sk->sk_num = old;
		return -EADDRNOTAVAIL;
	}
	inet_sk(sk)->inet_sport = htons(lport);
	sk->sk_hash = hash;
	ehash_add(sk);
	sock_prot_inuse_add(sk->sk_prot, 1);
	if (twin) {
		NET_INC_STATS(LINUX_MIB_TIMEWAITRECYCLED);
		inet_twsk_kill(twin);
	}
	return 0;
}

/* Tries one port; 0 if @sk has it now. */
static int try_port(struct sock *sk, u16 port)
{
	struct inet_bind_bucket *tb = ports[port];

	if (inet_is_local_reserved_port(port))
		return -EADDRINUSE;
	if (tb) {
		if (tb->fastreuse >= 0 || tb->fastreuseport >= 0)
			return -EADDRINUSE;
		/* A TIME-WAIT socket that gives way may be the bucket's last owner: hold the port first. */
		inet_bind_hash(sk, tb, port);
		if (!check_established(sk, port))
			return 0;
		inet_put_port(sk);
		return -EADDRINUSE;
	}
	tb = bucket_create(port);
	if (!tb)
		return -ENOMEM;
	tb->fastreuse = tb->fastreuseport = -1;
	inet_bind_hash(sk, tb, port);
	if (!check_established(sk, port))
		return 0;
	inet_put_port(sk);
	return -EADDRINUSE;
}

int inet_hash_connect(struct sock *sk, u64 port_offset)
{
	u32 *step_by, index, offset, remaining, step;
	int low, high, port;

	if (sk->sk_num)
		return check_established(sk, sk->sk_num);
	if (!perturb) {
		perturb = kmalloc(PERTURB_SIZE * sizeof(u32));
		if (!perturb)
			return -ENOMEM;
		host_random(perturb, PERTURB_SIZE * sizeof(u32));
	}
	inet_get_local_port_range(sk, &low, &high);
	high++;
	step = inet_sk(sk)->local_port_range ? 1 : 2;
	remaining = (u32)(high - low);
	if (step == 2 && remaining > 1)
		remaining &= ~1u;
	index = (u32)port_offset & (PERTURB_SIZE - 1);
	step_by = &perturb[index];
	offset = (*step_by + (u32)(port_offset >> 32)) % remaining;
	if (step == 2)
		offset &= ~1u;
	for (u32 parity = 0; parity < step; parity++, offset++) {
		port = low + (int)offset;
		for (u32 i = 0; i < remaining; i += step, port += (int)step) {
			int err;

			if (port >= high)
				port -= (int)remaining;
			err = try_port(sk, (u16)port);
			if (err == -ENOMEM)
				return err;
			if (!err) {
				/* The next one begins a little further, by chance. */
				*step_by += max(i, random_below(8) * step) + step;
				return 0;
			}
		}
		if (remaining == 1)
			break;
	}
	return -EADDRNOTAVAIL;
}

int inet6_hash_connect(struct sock *sk, u64 port_offset)
{
	return inet_hash_connect(sk, port_offset);
}

/* ---- addresses ---- */

static bool v4_equal(__be32 a, __be32 b, bool sk2_v6only, bool match_a, bool match_b)
{
	if (sk2_v6only)
		return false;
	return a == b || (match_a && !a) || (match_b && !b);
}

static bool v6_equal(const struct sock *sk, const struct sock *sk2, bool match)
{
	const struct in6_addr *a6 = &sk->sk_v6_rcv_saddr;
	const struct in6_addr *b6 = sk2->sk_family == AF_INET6 ? &sk2->sk_v6_rcv_saddr : NULL;
	int type = ipv6_addr_type(a6), type2 = b6 ? ipv6_addr_type(b6) : IPV6_ADDR_MAPPED;

	/* Both mean IPv4. */
	if (type == IPV6_ADDR_MAPPED && type2 == IPV6_ADDR_MAPPED)
		return v4_equal(sk->sk_rcv_saddr, sk2->sk_rcv_saddr, ipv6_only_sock(sk2), match, match);
	if (type == IPV6_ADDR_ANY && type2 == IPV6_ADDR_ANY)
		return true;
	if (type2 == IPV6_ADDR_ANY && match && !(ipv6_only_sock(sk2) && type == IPV6_ADDR_MAPPED))
		return true;
	if (type == IPV6_ADDR_ANY && match && !(ipv6_only_sock(sk) && type2 == IPV6_ADDR_MAPPED))
		return true;
	return b6 && ipv6_addr_equal(a6, b6);
}

bool inet_rcv_saddr_equal(const struct sock *sk, const struct sock *sk2, bool match_wildcard)
{
	if (sk->sk_family == AF_INET6)
		return v6_equal(sk, sk2, match_wildcard);
	if (sk2->sk_family == AF_INET6) {
		/* sk_rcv_saddr of a pure IPv6 address is none of IPv4. */
		int type2 = ipv6_addr_type(&sk2->sk_v6_rcv_saddr);

		if (type2 != IPV6_ADDR_ANY && type2 != IPV6_ADDR_MAPPED)
			return false;
	}
	return v4_equal(sk->sk_rcv_saddr, sk2->sk_rcv_saddr, ipv6_only_sock(sk2), match_wildcard, match_wildcard);
}

bool inet_rcv_saddr_any(const struct sock *sk)
{
	return sk->sk_family == AF_INET6 ? ipv6_addr_any(&sk->sk_v6_rcv_saddr) : !sk->sk_rcv_saddr;
}
