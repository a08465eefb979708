/* IPv6 routing: the routes that packets and sockets keep, and the choice of a source address (RFC 6724, as far
 * as one host's addresses differ). */
#include "../ipv6.h"
#include "kerrno.h"
#include "slab.h"
#include "string.h"
#include <linux/if.h>
#include <linux/rtnetlink.h>

#define IP6_MAX_MTU (0xffff + sizeof(struct ipv6hdr))

static struct kmem_cache *rt6_cache;

/* Path MTUs that were learned: few, oldest out. */
static struct { struct in6_addr daddr; u32 mtu; u64 expires; } pmtu_learned[64];
static unsigned pmtu_next;

static u32 ip6_mtu(const struct dst_entry *dst)
{
	const struct rt6_info *rt = (const struct rt6_info *)dst;
	u32 mtu = rt->rt6_pmtu ? rt->rt6_pmtu : dst->mtu;

	return min(mtu ? mtu : dst->dev->mtu, (u32)IP6_MAX_MTU);
}

static u32 ip6_advmss(const struct dst_entry *dst)
{
	u32 mtu = max(ip6_mtu(dst), (u32)IPV6_MIN_MTU) - sizeof(struct ipv6hdr) - 20;

	if (dst_metric(dst, RTAX_ADVMSS))
		return dst_metric(dst, RTAX_ADVMSS);
	return mtu > IPV6_MAXPLEN - 20 ? IPV6_MAXPLEN : mtu;
}

static void learn_pmtu(const struct in6_addr *daddr, u32 mtu)
{
	unsigned i;

	for (i = 0; i < ARRAY_SIZE(pmtu_learned); i++)
		if (pmtu_learned[i].mtu && ipv6_addr_equal(&pmtu_learned[i].daddr, daddr))
			break;
	if (i == ARRAY_SIZE(pmtu_learned))
		i = pmtu_next++ % ARRAY_SIZE(pmtu_learned);
	pmtu_learned[i].daddr = *daddr;
	pmtu_learned[i].mtu = max(mtu, (u32)IPV6_MIN_MTU);
	pmtu_learned[i].expires = ktime_add_safe(ktime_get(), (u64)net_sysctl.mtu_expires * NSEC_PER_SEC);
}

static void rt6_update_pmtu(struct dst_entry *dst, struct sock *sk, struct sk_buff *skb, u32 mtu)
{
	const struct in6_addr *daddr = skb ? &ipv6_hdr(skb)->daddr : sk ? &sk->sk_v6_daddr : NULL;

	if (!daddr || mtu >= ip6_mtu(dst))
		return;
	learn_pmtu(daddr, mtu);
	if (sk && sk->sk_dst_cache)
		sk_dst_reset(sk);
}

static void rt6_redirect(struct dst_entry *dst __maybe_unused, struct sock *sk __maybe_unused,
	struct sk_buff *skb __maybe_unused)
{
}

static void rt6_destroy(struct dst_entry *dst)
{
	kmem_cache_free(rt6_cache, dst);
}

static const struct dst_ops ip6_dst_ops = { .family = AF_INET6, .mtu = ip6_mtu, .advmss = ip6_advmss,
	.update_pmtu = rt6_update_pmtu, .redirect = rt6_redirect, .destroy = rt6_destroy };

static struct rt6_info *rt6_alloc(struct net_device *dev, int error)
{
	struct rt6_info *rt = kmem_cache_zalloc(rt6_cache);

	if (!rt)
		return NULL;
	rt->dst.refs = 1;
	rt->dst.dev = dev;
	rt->dst.ops = &ip6_dst_ops;
	rt->dst.expires = KTIME_MAX;
	rt->dst.error = error;
	rt->dst.output = error ? dst_discard_out : ip6_output;
	rt->dst.input = dst_discard;
	return rt;
}

/* For what has no route; and when there is no memory for one. */
static struct dst_entry *null_entry(int error)
{
	static struct rt6_info none = { .dst.refs = 1, .dst.ops = &ip6_dst_ops, .dst.input = dst_discard,
		.dst.output = dst_discard_out, .dst.expires = KTIME_MAX };
	struct rt6_info *rt = rt6_alloc(loopback_dev, error);

	if (rt)
		return &rt->dst;
	none.dst.dev = loopback_dev;
	none.dst.error = -ENOMEM;
	return dst_hold(&none.dst);
}

static u32 learned_mtu(const struct in6_addr *daddr, u64 *expires)
{
	for (unsigned i = 0; i < ARRAY_SIZE(pmtu_learned); i++) {
		if (!pmtu_learned[i].mtu || !ipv6_addr_equal(&pmtu_learned[i].daddr, daddr))
			continue;
		*expires = pmtu_learned[i].expires;
		return ktime_get() < *expires ? pmtu_learned[i].mtu : 0;
	}
	return 0;
}

/* The packet's way by entry @r to @daddr. */
static struct dst_entry *rt6_make(struct fib6_route *r, const struct in6_addr *daddr)
{
	bool local = r->type == RTN_LOCAL;
	u64 expires = KTIME_MAX;
	u32 pmtu = pmtu_next ? learned_mtu(daddr, &expires) : 0;
	struct rt6_info *rt;

	if (r->cache && !pmtu)
		return dst_hold(&r->cache->dst);
	rt = rt6_alloc(local ? loopback_dev : r->dev, 0);
	if (!rt)
		return null_entry(-ENOMEM);
	rt->prefsrc = r->prefsrc;
	rt->local = local;
	rt->multicast = r->type == RTN_MULTICAST;
	rt->rt6i_gateway = r->gw;
	memcpy(rt->dst.metrics, r->metrics, sizeof(rt->dst.metrics));
	rt->dst.mtu = dst_metric(&rt->dst, RTAX_MTU);
	if (local)
		rt->dst.input = ip6_input;
	else if (rt->multicast)
		rt->dst.input = ip6_mc_input;
	if (pmtu) {
		rt->rt6_pmtu = pmtu;
		rt->dst.expires = expires;
	} else {
		r->cache = rt;
		dst_hold(&rt->dst);
	}
	return &rt->dst;
}

struct dst_entry *ip6_route_output(const struct sock *sk, struct flowi6 *fl6)
{
	int type = __ipv6_addr_type(&fl6->daddr);
	bool strict = (sk && sk->sk_bound_dev_if) || type & (IPV6_ADDR_MULTICAST | IPV6_ADDR_LINKLOCAL | IPV6_ADDR_LOOPBACK)
		|| (fl6->flowi6_oif && ipv6_addr_any(&fl6->saddr));
	struct fib6_route *r;

	fl6->flowi6_iif = LOOPBACK_IFINDEX;
	r = fib6_lookup(&fl6->daddr, fl6->flowi6_oif, strict);
	if (!r)
		return null_entry(-ENETUNREACH);
	switch (r->type) {
	case RTN_BLACKHOLE: return null_entry(-EINVAL);
	case RTN_PROHIBIT: return null_entry(-EACCES);
	case RTN_UNREACHABLE: return null_entry(-EHOSTUNREACH);
	}
	return rt6_make(r, &fl6->daddr);
}

/* The source that fits @daddr best on @dst's device. 0 or -EADDRNOTAVAIL. */
int ipv6_get_saddr(const struct dst_entry *dst, const struct in6_addr *daddr, u8 srcprefs __maybe_unused,
	struct in6_addr *saddr)
{
	const struct inet6_ifaddr *ifa, *best = NULL;
	int want = ipv6_addr_scope(daddr);
	struct net_device *dev;

	if (ipv6_chk_addr(daddr, NULL)) {
		*saddr = *daddr;
		return 0;
	}
	list_for_each_entry(dev, &net_devices, list)
		list_for_each_entry(ifa, &dev->ip6, list) {
			int scope = ipv6_addr_scope(&ifa->addr);

			if (want <= IPV6_ADDR_SCOPE_LINKLOCAL && dev != dst->dev)
				continue;
			if (!best || (dev == dst->dev && best->dev != dst->dev)
					|| (scope >= want && ipv6_addr_scope(&best->addr) < want))
				best = ifa;
		}
	if (!best)
		return -EADDRNOTAVAIL;
	*saddr = best->addr;
	return 0;
}

static bool any_address(void)
{
	const struct net_device *dev;

	list_for_each_entry(dev, &net_devices, list)
		if (!list_empty(&dev->ip6))
			return true;
	return false;
}

static struct dst_entry *lookup_tail(const struct sock *sk, struct flowi6 *fl6)
{
	struct dst_entry *dst = ip6_route_output(sk, fl6);
	int err = dst->error;

	if (!err && ipv6_addr_any(&fl6->saddr)) {
		const struct rt6_info *rt = (const struct rt6_info *)dst;

		if (!ipv6_addr_any(&rt->prefsrc))
			fl6->saddr = rt->prefsrc;
		else
			err = ipv6_get_saddr(dst, &fl6->daddr, sk && inet6_sk(sk) ? inet6_sk(sk)->srcprefs : 0, &fl6->saddr);
	}
	/* A source is looked for before it matters that there is no route. */
	if (err && ipv6_addr_any(&fl6->saddr) && !any_address())
		err = -EADDRNOTAVAIL;
	if (!err && ipv6_addr_v4mapped(&fl6->saddr) && !ipv6_addr_v4mapped(&fl6->daddr) && !ipv6_addr_any(&fl6->daddr))
		err = -EAFNOSUPPORT;
	if (!err)
		return dst;
	if (err == -ENETUNREACH)
		IP6_INC_STATS(IPSTATS_MIB_OUTNOROUTES);
	dst_release(dst);
	return ERR_PTR(err);
}

struct dst_entry *ip6_dst_lookup_flow(const struct sock *sk, struct flowi6 *fl6, const struct in6_addr *final_dst)
{
	struct dst_entry *dst = lookup_tail(sk, fl6);

	if (!IS_ERR(dst) && final_dst)
		fl6->daddr = *final_dst;
	return dst;
}

struct dst_entry *ip6_sk_dst_lookup_flow(struct sock *sk, struct flowi6 *fl6, const struct in6_addr *final_dst, bool connected)
{
	const struct ipv6_pinfo *np = inet6_sk(sk);
	struct dst_entry *dst = sk_dst_check(sk);

	if (dst && dst->ops->family == AF_INET6 && ipv6_addr_equal(&fl6->daddr, &np->daddr_cache)
			&& (!fl6->flowi6_oif || fl6->flowi6_oif == dst->dev->ifindex) && !ipv6_addr_any(&fl6->saddr))
		return dst_hold(dst);
	dst = ip6_dst_lookup_flow(sk, fl6, final_dst);
	if (connected && !IS_ERR(dst))
		ip6_dst_store(sk, dst_hold(dst), &fl6->daddr, NULL);
	return dst;
}

void ip6_dst_store(struct sock *sk, struct dst_entry *dst, const struct in6_addr *daddr,
	const struct in6_addr *saddr __maybe_unused)
{
	sk_dst_set(sk, dst);
	if (daddr)
		inet6_sk(sk)->daddr_cache = *daddr;
}

void ip6_route_input(struct sk_buff *skb)
{
	const struct ipv6hdr *hdr = ipv6_hdr(skb);
	struct dst_entry *dst;

	skb_dst_drop(skb);
	if (ipv6_addr_is_multicast(&hdr->daddr)) {
		struct rt6_info *rt = rt6_alloc(skb->dev, 0);

		dst = rt ? &rt->dst : null_entry(-ENOMEM);
		if (rt) {
			rt->multicast = true;
			rt->dst.input = ip6_mc_input;
		}
	} else {
		struct fib6_route *r = fib6_lookup(&hdr->daddr, 0, false);

		/* Nothing is forwarded: what is not for us goes nowhere. */
		dst = r && r->type == RTN_LOCAL ? rt6_make(r, &hdr->daddr) : null_entry(-ENETUNREACH);
	}
	skb_dst_set(skb, dst);
}

void ip6_update_pmtu(struct sk_buff *skb, __be32 mtu, int oif __maybe_unused, u32 mark __maybe_unused, u32 uid __maybe_unused)
{
	const struct ipv6hdr *iph = (const struct ipv6hdr *)skb->data;
	struct flowi6 fl6 = { .daddr = iph->daddr, .saddr = iph->saddr };
	struct dst_entry *dst = ip6_route_output(NULL, &fl6);

	if (!dst->error && ntohl(mtu) < ip6_mtu(dst))
		learn_pmtu(&iph->daddr, ntohl(mtu));
	dst_release(dst);
}

void ip6_sk_update_pmtu(struct sk_buff *skb, struct sock *sk, __be32 mtu)
{
	ip6_update_pmtu(skb, mtu, sk->sk_bound_dev_if, sk->sk_mark, sk->sk_uid);
	if (!sk->sk_dst_cache)
		return;
	sk_dst_reset(sk);
	if (sk->sk_type != SOCK_STREAM && !ipv6_addr_v4mapped(&sk->sk_v6_daddr))
		ip6_datagram_dst_update(sk, false);
}

int ip6_dst_hoplimit(const struct dst_entry *dst)
{
	u32 limit = dst_metric(dst, RTAX_HOPLIMIT);

	return limit ? (int)limit : net_sysctl.ip6_hop_limit;
}

int ip6_sk_dst_hoplimit(const struct ipv6_pinfo *np, const struct flowi6 *fl6, const struct dst_entry *dst)
{
	int limit = ipv6_addr_is_multicast(&fl6->daddr) ? np->mcast_hops : np->hop_limit;

	return limit >= 0 ? limit : ip6_dst_hoplimit(dst);
}

u32 ip6_skb_dst_mtu(struct sk_buff *skb)
{
	const struct sock *sk = skb->sk;
	const struct ipv6_pinfo *np = sk && sk->sk_family == AF_INET6 && sk->sk_state != TCP_TIME_WAIT ? inet6_sk(sk) : NULL;

	return np && np->pmtudisc >= IPV6_PMTUDISC_PROBE ? skb->dst->dev->mtu : dst_mtu(skb->dst);
}

struct in6_addr *fl6_update_dst(struct flowi6 *fl6, const struct ipv6_txoptions *opt, struct in6_addr *orig)
{
	if (!opt || !opt->srcrt)
		return NULL;
	*orig = fl6->daddr;
	fl6->daddr = *ipv6_srcrt_first(opt->srcrt);
	return orig;
}

void ip6_route_init(void)
{
	rt6_cache = kmem_cache_create("ip6_dst_cache", sizeof(struct rt6_info), 0);
}
