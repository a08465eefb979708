/* IPv4 routing: the routes that packets and sockets keep. A route with nothing of its own is made
 * once and shared by all packets that take it; a learned path MTU makes one for its destination. */
#include "../ip.h"
#include "host.h"
#include "slab.h"
#include "string.h"
#include <linux/if.h>

#define PMTU_HASH 64
#define PMTU_DEPTH 32 /* entries a chain: guests could make any number */

/* A path MTU that an ICMP message told. */
struct pmtu_exception {
	struct hlist_node node;
	__be32 daddr;
	u32 mtu;
	bool locked;          /* below the least that is believed: fragment rather */
	u64 expires;
};

static struct hlist_head exceptions[PMTU_HASH];
static u32 exceptions_in[PMTU_HASH];
static struct kmem_cache *rtable_cache;

/* ---- dst ---- */

static u32 ipv4_mtu(const struct dst_entry *dst)
{
	const struct rtable *rt = (const struct rtable *)dst;
	u32 mtu = rt->rt_pmtu ? rt->rt_pmtu : dst->mtu;

	return mtu ? mtu : min(dst->dev->mtu, IP_MAX_MTU);
}

static u32 ipv4_advmss(const struct dst_entry *dst)
{
	u32 header = sizeof(struct iphdr) + 20, mss = ipv4_mtu(dst) > header ? ipv4_mtu(dst) - header : 0;

	if (dst_metric(dst, RTAX_ADVMSS))
		return min(dst_metric(dst, RTAX_ADVMSS), IP_MAX_MTU - header);

	return min(max(mss, (u32)net_sysctl.min_adv_mss), IP_MAX_MTU - header);
}

static void ipv4_dst_destroy(struct dst_entry *dst)
{
	kmem_cache_free(rtable_cache, dst);
}

static struct pmtu_exception *find_exception(__be32 daddr)
{
	struct pmtu_exception *e;

	hlist_for_each_entry(e, &exceptions[ntohl(daddr) * 2654435761u >> 26], node)
		if (e->daddr == daddr)
			return e;
	return NULL;
}

static void drop_exception(struct pmtu_exception *e)
{
	hlist_del(&e->node);
	exceptions_in[ntohl(e->daddr) * 2654435761u >> 26]--;
	kfree(e);
}

/* Remembers that packets to @daddr must not be larger than @mtu. */
static void learn_pmtu(__be32 daddr, u32 old, u32 mtu)
{
	struct pmtu_exception *e = find_exception(daddr);
	u32 slot = ntohl(daddr) * 2654435761u >> 26;
	bool locked = false;

	if (old < mtu)
		return;
	if (mtu < (u32)net_sysctl.min_pmtu) {
		locked = true;
		mtu = min(old, (u32)net_sysctl.min_pmtu);
	}
	if (!e) {
		struct pmtu_exception *oldest = NULL;

		if (exceptions_in[slot] >= PMTU_DEPTH) {
			hlist_for_each_entry(e, &exceptions[slot], node)
				if (!oldest || e->expires < oldest->expires)
					oldest = e;
			drop_exception(oldest);
		}
		e = kzalloc(sizeof(*e));
		if (!e)
			return;
		e->daddr = daddr;
		hlist_add_head(&e->node, &exceptions[slot]);
		exceptions_in[slot]++;
	}
	e->mtu = mtu;
	e->locked = locked;
	e->expires = ktime_add_safe(ktime_get(), (u64)net_sysctl.mtu_expires * NSEC_PER_SEC);
}

static void ipv4_update_dst_pmtu(struct dst_entry *dst, struct sock *sk, struct sk_buff *skb, u32 mtu)
{
	__be32 daddr = skb ? ip_hdr(skb)->daddr : sk ? sk->sk_daddr : 0;

	if (!daddr)
		return;
	learn_pmtu(daddr, ipv4_mtu(dst), mtu);
	if (sk && sk->sk_dst_cache && sk->sk_daddr == daddr)
		sk_dst_reset(sk);
}

static void ipv4_redirect(struct dst_entry *dst __maybe_unused, struct sock *sk __maybe_unused,
	struct sk_buff *skb __maybe_unused)
{
	/* Without routers there is nothing to be redirected to: Linux ignores what comes from no gateway of ours. */
}

static const struct dst_ops ipv4_dst_ops = { .family = AF_INET, .mtu = ipv4_mtu, .advmss = ipv4_advmss,
	.update_pmtu = ipv4_update_dst_pmtu, .redirect = ipv4_redirect, .destroy = ipv4_dst_destroy };

/* An ICMP message about a packet of ours (network header set): @sk sent it, or nobody known. */
void ipv4_update_pmtu(struct sk_buff *skb, u32 mtu, int oif, u8 protocol)
{
	const struct iphdr *iph = (const struct iphdr *)skb->data;
	struct flowi4 fl4 = { .daddr = iph->daddr, .saddr = iph->saddr, .flowi4_oif = oif, .flowi4_proto = protocol,
		.flowi4_flags = FLOWI_FLAG_ANYSRC };
	struct rtable *rt = ip_route_output_key(&fl4);

	if (IS_ERR(rt))
		return;
	learn_pmtu(iph->daddr, ipv4_mtu(&rt->dst), mtu);
	ip_rt_put(rt);
}

void ipv4_sk_update_pmtu(struct sk_buff *skb, struct sock *sk, u32 mtu)
{
	struct flowi4 fl4;
	struct rtable *rt;

	ipv4_update_pmtu(skb, mtu, sk->sk_bound_dev_if, (u8)sk->sk_protocol);
	if (!sk->sk_dst_cache)
		return;
	sk_dst_reset(sk);
	flowi4_init_output(&fl4, sk->sk_bound_dev_if, sk->sk_mark, ip_sock_rt_tos(sk), ip_sock_rt_scope(sk),
		(u8)sk->sk_protocol, inet_sk_flowi_flags(sk), sk->sk_daddr, inet_sk(sk)->inet_saddr, sk->sk_dport,
		inet_sk(sk)->inet_sport, sk->sk_uid);
	rt = ip_route_output_key(&fl4);
	if (!IS_ERR(rt))
		sk_dst_set(sk, &rt->dst);
}

void ipv4_sk_redirect(struct sk_buff *skb __maybe_unused, struct sock *sk __maybe_unused)
{
}

u32 ip_skb_dst_mtu(struct sock *sk, const struct sk_buff *skb)
{
	if (sk && sk->sk_family == AF_INET && inet_sk(sk)->pmtudisc >= IP_PMTUDISC_INTERFACE)
		return min(skb->dst->dev->mtu, IP_MAX_MTU);
	return dst_mtu(skb->dst);
}

u8 ip4_dst_hoplimit(const struct dst_entry *dst)
{
	u32 limit = dst_metric(dst, RTAX_HOPLIMIT);

	return (u8)(limit ? limit : (u32)net_sysctl.ip_default_ttl);
}

/* ---- output ---- */

static struct rtable *rt_alloc(struct net_device *dev, u32 flags, u16 type)
{
	struct rtable *rt = kmem_cache_zalloc(rtable_cache);

	if (!rt)
		return NULL;
	rt->dst.refs = 1;
	rt->dst.dev = dev;
	rt->dst.ops = &ipv4_dst_ops;
	rt->dst.expires = KTIME_MAX;
	rt->dst.output = ip_output;
	rt->dst.input = flags & RTCF_LOCAL ? ip_local_deliver : dst_discard;
	rt->rt_flags = flags;
	rt->rt_type = type;
	return rt;
}

/* The route to fl4->daddr by @dev. @r: the entry it comes from, or NULL. */
static struct rtable *mkroute_output(struct flowi4 *fl4, struct fib_route *r, u16 type, struct net_device *dev, u32 flags)
{
	struct pmtu_exception *e;
	struct rtable *rt;

	if (ipv4_is_loopback(fl4->saddr) && !(dev->flags & IFF_LOOPBACK))
		return ERR_PTR(-EINVAL);
	if (ipv4_is_lbcast(fl4->daddr))
		type = RTN_BROADCAST;
	else if (ipv4_is_multicast(fl4->daddr))
		type = RTN_MULTICAST;
	else if (ipv4_is_zeronet(fl4->daddr))
		return ERR_PTR(-EINVAL);
	if (dev->flags & IFF_LOOPBACK)
		flags |= RTCF_LOCAL;
	if (type == RTN_BROADCAST) {
		flags |= RTCF_BROADCAST | RTCF_LOCAL;
		r = NULL;
	} else if (type == RTN_MULTICAST) {
		flags |= RTCF_MULTICAST | RTCF_LOCAL;
		if (!ip_check_mc(dev, fl4->daddr, fl4->saddr, fl4->flowi4_proto))
			flags &= ~RTCF_LOCAL;
		r = NULL;
	}
	e = find_exception(fl4->daddr);
	if (e && ktime_get() >= e->expires) {
		drop_exception(e);
		e = NULL;
	}
	if (r && !e && r->out && r->out->rt_flags == flags)
		return dst_rtable(dst_hold(&r->out->dst));
	rt = rt_alloc(dev, flags, type);
	if (!rt)
		return ERR_PTR(-ENOBUFS);
	if (flags & (RTCF_BROADCAST | RTCF_MULTICAST) && flags & RTCF_LOCAL && !(dev->flags & IFF_LOOPBACK))
		rt->dst.output = ip_mc_output;
	if (r) {
		rt->rt_gw4 = r->gw_local ? 0 : r->gw;
		rt->rt_uses_gateway = rt->rt_gw4 != 0;
		memcpy(rt->dst.metrics, r->metrics, sizeof(rt->dst.metrics));
		rt->dst.mtu = dst_metric(&rt->dst, RTAX_MTU);
		rt->rt_mtu_locked = dst_metric(&rt->dst, RTAX_LOCK) & 1u << RTAX_MTU;
	}
	if (e) {
		rt->rt_pmtu = e->mtu;
		rt->rt_mtu_locked = e->locked;
		rt->dst.expires = e->expires;
	} else if (r && !r->out) {
		r->out = rt;
		dst_hold(&rt->dst);
	}
	return rt;
}

static int fib_error(const struct fib_route *r)
{
	if (!r)
		return -ENETUNREACH;
	switch (r->type) {
	case RTN_UNREACHABLE: return -EHOSTUNREACH;
	case RTN_BLACKHOLE: return -EINVAL;
	case RTN_PROHIBIT: return -EACCES;
	}
	return 0;
}

/* The device by fl4's own words alone, before the table is asked: NULL: ask it; ERR_PTR. *done: the route is by this. */
static struct net_device *output_device(struct flowi4 *fl4, bool *done)
{
	struct net_device *dev;
	bool group = ipv4_is_multicast(fl4->daddr) || ipv4_is_lbcast(fl4->daddr);

	*done = false;
	if (fl4->saddr) {
		if (ipv4_is_multicast(fl4->saddr) || ipv4_is_lbcast(fl4->saddr) || ipv4_is_zeronet(fl4->saddr))
			return ERR_PTR(-EINVAL);
		if (!fl4->flowi4_oif && group) {
			dev = ip_dev_find(fl4->saddr);
			if (!dev)
				return ERR_PTR(-ENETUNREACH);
			fl4->flowi4_oif = dev->ifindex;
			*done = true;
			return dev;
		}
		if (!(fl4->flowi4_flags & FLOWI_FLAG_ANYSRC) && !ip_dev_find(fl4->saddr))
			return ERR_PTR(-ENETUNREACH);
	}
	if (!fl4->flowi4_oif)
		return NULL;
	dev = dev_get_by_index(fl4->flowi4_oif);
	if (!dev)
		return ERR_PTR(-ENODEV);
	if (!(dev->flags & IFF_UP) || (list_empty(&dev->ip4) && !(dev->flags & IFF_LOOPBACK)))
		return ERR_PTR(-ENETUNREACH);
	if (ipv4_is_local_multicast(fl4->daddr) || ipv4_is_lbcast(fl4->daddr) || fl4->flowi4_proto == IPPROTO_IGMP) {
		if (!fl4->saddr)
			fl4->saddr = inet_select_addr(dev, 0, RT_SCOPE_LINK);
		*done = true;
		return dev;
	}
	if (!fl4->saddr) {
		if (ipv4_is_multicast(fl4->daddr))
			fl4->saddr = inet_select_addr(dev, 0, fl4->flowi4_scope);
		else if (!fl4->daddr)
			fl4->saddr = inet_select_addr(dev, 0, RT_SCOPE_HOST);
	}
	return dev;
}

struct rtable *ip_route_output_key(struct flowi4 *fl4)
{
	struct net_device *dev;
	struct fib_route *r;
	int err;
	bool done;

	fl4->flowi4_iif = LOOPBACK_IFINDEX;
	dev = output_device(fl4, &done);
	if (IS_ERR(dev))
		return (struct rtable *)dev;
	if (done)
		return mkroute_output(fl4, NULL, RTN_UNICAST, dev, 0);
	if (!fl4->daddr) {
		fl4->daddr = fl4->saddr;
		if (!fl4->daddr)
			fl4->daddr = fl4->saddr = htonl(INADDR_LOOPBACK);
		fl4->flowi4_oif = LOOPBACK_IFINDEX;
		return mkroute_output(fl4, NULL, RTN_LOCAL, loopback_dev, RTCF_LOCAL);
	}
	r = fib_lookup(fl4);
	err = fib_error(r);
	if (err) {
		if (!dev)
			return ERR_PTR(err);
		/* The caller named a device: the destination is taken to be on its link. */
		if (!fl4->saddr)
			fl4->saddr = inet_select_addr(dev, 0, RT_SCOPE_LINK);
		return mkroute_output(fl4, NULL, RTN_UNICAST, dev, 0);
	}
	if (r->type == RTN_LOCAL) {
		if (!fl4->saddr)
			fl4->saddr = r->prefsrc ? r->prefsrc : fl4->daddr;
		fl4->flowi4_oif = LOOPBACK_IFINDEX;
		return mkroute_output(fl4, r, RTN_LOCAL, loopback_dev, RTCF_LOCAL);
	}
	if (!fl4->saddr)
		fl4->saddr = r->prefsrc ? r->prefsrc : inet_select_addr(r->dev, r->gw ? r->gw : fl4->daddr, r->scope);
	fl4->flowi4_oif = r->dev->ifindex;
	return mkroute_output(fl4, r, r->type, r->dev, 0);
}

struct rtable *ip_route_connect(struct flowi4 *fl4, __be32 dst, __be32 src, int oif, u8 protocol, __be16 sport, __be16 dport,
	const struct sock *sk)
{
	struct rtable *rt;

	flowi4_init_output(fl4, oif, sk->sk_mark, ip_sock_rt_tos(sk), ip_sock_rt_scope(sk), protocol,
		inet_sk_flowi_flags(sk), dst, src, dport, sport, sk->sk_uid);
	if (!dst || !src) {
		rt = ip_route_output_key(fl4);
		if (IS_ERR(rt))
			return rt;
		ip_rt_put(rt);
		fl4->flowi4_oif = oif;
	}
	return ip_route_output_key(fl4);
}

struct rtable *ip_route_newports(struct flowi4 *fl4, struct rtable *rt, __be16 orig_sport, __be16 orig_dport, __be16 sport,
	__be16 dport, const struct sock *sk)
{
	if (sport == orig_sport && dport == orig_dport)
		return rt;
	fl4->fl4_dport = dport;
	fl4->fl4_sport = sport;
	ip_rt_put(rt);
	fl4->flowi4_oif = sk->sk_bound_dev_if;
	return ip_route_output_key(fl4);
}

/* ---- input ---- */

int ip_route_input(struct sk_buff *skb, __be32 daddr, __be32 saddr, u8 tos, struct net_device *dev)
{
	struct flowi4 fl4 = { .daddr = daddr, .saddr = saddr, .flowi4_tos = tos, .flowi4_iif = dev->ifindex };
	u32 flags = RTCF_LOCAL;
	u16 type = RTN_LOCAL;
	struct fib_route *r;
	struct rtable *rt;

	if (ipv4_is_multicast(daddr)) {
		if (!ip_check_mc(dev, daddr, saddr, ip_hdr(skb)->protocol))
			return -EINVAL;
		flags |= RTCF_MULTICAST;
		type = RTN_MULTICAST;
		goto make;
	}
	if (ipv4_is_multicast(saddr) || ipv4_is_lbcast(saddr))
		return -EINVAL;
	if (ipv4_is_lbcast(daddr) || (!saddr && !daddr)) {
		flags |= RTCF_BROADCAST;
		type = RTN_BROADCAST;
		goto make;
	}
	if (ipv4_is_zeronet(saddr) || ipv4_is_zeronet(daddr))
		return -EINVAL;
	if ((ipv4_is_loopback(daddr) || ipv4_is_loopback(saddr)) && !(dev->flags & IFF_LOOPBACK))
		return -EINVAL;
	r = fib_lookup(&fl4);
	if (r && r->type == RTN_BROADCAST) {
		flags |= RTCF_BROADCAST;
		type = RTN_BROADCAST;
		goto make;
	}
	if (!r || r->type != RTN_LOCAL)
		return r && net_sysctl.ip_forward ? -EINVAL : -EHOSTUNREACH;
	if (r->in) {
		skb_dst_set(skb, dst_hold(&r->in->dst));
		return 0;
	}
	rt = rt_alloc(loopback_dev, flags, type);
	if (!rt)
		return -ENOBUFS;
	rt->rt_is_input = true;
	r->in = rt;
	skb_dst_set(skb, dst_hold(&rt->dst));
	return 0;
make:
	rt = rt_alloc(dev, flags, type);
	if (!rt)
		return -ENOBUFS;
	rt->rt_is_input = true;
	skb_dst_set(skb, &rt->dst);
	return 0;
}

/* ---- kinds of addresses ---- */

int inet_addr_type(__be32 addr)
{
	return inet_dev_addr_type(NULL, addr);
}

int inet_dev_addr_type(const struct net_device *dev, __be32 addr)
{
	const struct fib_route *r;

	if (ipv4_is_zeronet(addr) || ipv4_is_lbcast(addr))
		return RTN_BROADCAST;
	if (ipv4_is_multicast(addr))
		return RTN_MULTICAST;
	list_for_each_entry(r, &fib4_set.routes, list) {
		if (r->table != RT_TABLE_LOCAL)
			break;
		if (fib_prefix_match(addr, r))
			return !dev || dev == r->dev ? r->type : RTN_UNICAST;
	}
	return RTN_UNICAST;
}

void ip_rt_init(void)
{
	rtable_cache = kmem_cache_create("ip_dst_cache", sizeof(struct rtable), 0);
	inet_insert_ifa(loopback_dev, htonl(INADDR_LOOPBACK), 8, RT_SCOPE_HOST, "lo");
	fib_booted();
}

void ip_rt_exit(void)
{
	struct pmtu_exception *e;
	struct hlist_node *next;

	fib_exit();
	for (unsigned i = 0; i < PMTU_HASH; i++)
		hlist_for_each_entry_safe(e, next, &exceptions[i], node)
			drop_exception(e);
}
