/* Who has which local port: buckets of sockets that share one, by Linux's rules; any port that is free, for bind(2) and for a
 * connection; and whether two sockets' addresses are the same. */
#include "../inet_hash.h"
#include "../ip.h"
#include "host.h"
#include "slab.h"
#include "string.h"

#define PERTURB_SIZE 65536

static struct inet_bind_bucket *ports[65536];
static struct kmem_cache *bucket_cache;
static u32 *perturb; /* how far the next connection to a destination begins, by its hash */

void inet_ports_init(void)
{
	bucket_cache = kmem_cache_create("inet_bind_bucket", sizeof(struct inet_bind_bucket), 0);
	tcp_hashinfo.bhash = ports;
}

void inet_ports_exit(void)
{
	kfree(perturb);
	perturb = NULL;
}

/* ---- buckets ---- */

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
	twin = inet_ehash_find_twin(sk, hash, lport);
	if (twin && (twin->sk_state != TCP_TIME_WAIT || !inet_twsk_unique || !inet_twsk_unique(sk, twin))) {
		sk->sk_num = old;
		return -EADDRNOTAVAIL;
	}
	inet_sk(sk)->inet_sport = htons(lport);
	sk->sk_hash = hash;
	inet_ehash_add(sk);
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
