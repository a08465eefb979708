/* RTM_*ROUTE of AF_INET, rtnetlink(7): routes as netlink adds, removes, lists and looks them up. */
#include "../ip.h"
#include "../rtnetlink.h"
#include "../rtnl_metrics.h"
#include "kerrno.h"
#include "ledger.h"
#include "sched.h"
#include <linux/if.h>

#define RTM_F_FIB_MATCH_ 0x2000

const struct nla_policy rtm_ipv4_policy[RTA_MAX + 1] = {
	[RTA_DST] = { NLA_U32 }, [RTA_SRC] = { NLA_U32 }, [RTA_IIF] = { NLA_U32 }, [RTA_OIF] = { NLA_U32 }, [RTA_GATEWAY] = { NLA_U32 },
	[RTA_PRIORITY] = { NLA_U32 }, [RTA_PREFSRC] = { NLA_U32 }, [RTA_METRICS] = { NLA_NESTED },
	[RTA_MULTIPATH] = { NLA_UNSPEC, sizeof(struct rtnexthop) }, [RTA_FLOW] = { NLA_U32 }, [RTA_TABLE] = { NLA_U32 },
	[RTA_MARK] = { NLA_U32 }, [RTA_ENCAP_TYPE] = { NLA_U16 }, [RTA_ENCAP] = { NLA_NESTED }, [RTA_UID] = { NLA_U32 },
	[RTA_IP_PROTO] = { NLA_U8 }, [RTA_SPORT] = { NLA_U16 }, [RTA_DPORT] = { NLA_U16 }, [RTA_NH_ID] = { NLA_U32 },
	[RTA_VIA] = { NLA_UNSPEC, 2 }, [RTA_CACHEINFO] = { NLA_UNSPEC }, [RTA_PREF] = { NLA_U8 }, [RTA_EXPIRES] = { NLA_U32 },
};

/* ---- telling ---- */

static int fill_route(struct sk_buff *skb, struct nlmsghdr *nlh, const void *what)
{
	const struct fib_route *r = what;
	struct rtmsg *m = nlmsg_data(nlh);

	*m = (struct rtmsg){ .rtm_family = AF_INET, .rtm_dst_len = r->prefixlen, .rtm_tos = r->tos,
		.rtm_table = (u8)(r->table < 256 ? r->table : RT_TABLE_COMPAT), .rtm_protocol = r->protocol, .rtm_scope = r->scope,
		.rtm_type = r->type, .rtm_flags = r->flags };
	if (nla_put_u32(skb, RTA_TABLE, r->table) || (r->prefixlen && nla_put_u32(skb, RTA_DST, r->prefix))
			|| (r->metric && nla_put_u32(skb, RTA_PRIORITY, r->metric)) || rtnl_metrics_put(skb, r->metrics)
			|| (r->prefsrc && nla_put_u32(skb, RTA_PREFSRC, r->prefsrc)) || (r->gw && nla_put_u32(skb, RTA_GATEWAY, r->gw))
			|| (r->dev && nla_put_u32(skb, RTA_OIF, (u32)r->dev->ifindex)))
		return -EMSGSIZE;
	return 0;
}

void rtmsg_fib(int type, const struct fib_route *r, const struct nl_request *rq, unsigned flags)
{
	if (rq || netlink_has_listeners(NETLINK_ROUTE, RTNLGRP_IPV4_ROUTE))
		rtnl_notify(nlmsg_build(ROUTE_MESSAGE_ROOM, rq_portid(rq), rq_seq(rq), type, sizeof(struct rtmsg), flags, fill_route, r),
			rq, RTNLGRP_IPV4_ROUTE);
}

int inet_dump_fib(struct sk_buff *skb, struct netlink_callback *cb)
{
	static const struct fib_dump dump = { .set = &fib4_set, .family = AF_INET, .no_table = "ipv4: FIB table does not exist",
		.fill = fill_route };

	return fib_dump(skb, cb, &dump);
}

/* ---- changing ---- */

/* The narrowest scope that a route of a type may have. */
static const u8 type_scope[RTN_MAX + 1] = { [RTN_UNSPEC] = RT_SCOPE_NOWHERE, [RTN_LOCAL] = RT_SCOPE_HOST, [RTN_BROADCAST] = RT_SCOPE_LINK,
	[RTN_ANYCAST] = RT_SCOPE_LINK, [RTN_NAT] = RT_SCOPE_NOWHERE, [RTN_XRESOLVE] = RT_SCOPE_NOWHERE };

static bool error_type(u8 type)
{
	return type == RTN_BLACKHOLE || type == RTN_UNREACHABLE || type == RTN_PROHIBIT || type == RTN_THROW;
}

/* What is in the request, not yet judged. */
static int parse_route(const struct nl_request *rq, struct fib_route *r, const struct nlattr **tb)
{
	static const u8 absent[] = { RTA_MULTIPATH, RTA_VIA, RTA_ENCAP, RTA_ENCAP_TYPE, RTA_NH_ID, RTA_FLOW };
	struct netlink_ext_ack *extack = rq->extack;
	const struct rtmsg *m;
	int err = nlmsg_parse(rq->nlh, sizeof(*m), tb, RTA_MAX, rtm_ipv4_policy, false, extack);

	if (err)
		return err;
	m = nlmsg_data(rq->nlh);
	if (m->rtm_tos & 3)
		return nl_refuse(extack, -EINVAL, "Invalid dsfield (tos): ECN bits must be 0");
	if (m->rtm_type > RTN_MAX)
		return nl_refuse(extack, -EINVAL, "Invalid route type");
	if (tb[RTA_GATEWAY] && tb[RTA_VIA])
		return nl_refuse(extack, -EINVAL, "Nexthop configuration can not contain both GATEWAY and VIA");
	for (unsigned i = 0; i < ARRAY_SIZE(absent); i++)
		if (tb[absent[i]]) {
			LEDGER("route attribute", absent[i]);
			NL_SET_BAD_ATTR(extack, tb[absent[i]]);
			return -EOPNOTSUPP;
		}
	*r = (struct fib_route){ .table = tb[RTA_TABLE] ? nla_get_u32(tb[RTA_TABLE]) : m->rtm_table, .prefixlen = m->rtm_dst_len,
		.tos = m->rtm_tos, .protocol = m->rtm_protocol, .scope = m->rtm_scope, .type = m->rtm_type,
		.flags = m->rtm_flags & 0xff };
	r->table = r->table ? r->table : RT_TABLE_MAIN;
	r->prefix = tb[RTA_DST] ? nla_get_u32(tb[RTA_DST]) : 0;
	r->gw = tb[RTA_GATEWAY] ? nla_get_u32(tb[RTA_GATEWAY]) : 0;
	r->prefsrc = tb[RTA_PREFSRC] ? nla_get_u32(tb[RTA_PREFSRC]) : 0;
	r->metric = tb[RTA_PRIORITY] ? nla_get_u32(tb[RTA_PRIORITY]) : 0;
	if (r->prefixlen > 32)
		return nl_refuse(extack, -EINVAL, "Invalid prefix length");
	if (r->prefix & ~inet_make_mask(r->prefixlen))
		return nl_refuse(extack, -EINVAL, "Invalid prefix for given prefix length");
	return tb[RTA_METRICS] ? rtnl_metrics_get(tb[RTA_METRICS], r->metrics, extack) : 0;
}

/* The way to the gateway: on whose link it is. 0 or -errno. */
static int check_gateway(struct fib_route *r, struct net_device *dev, struct netlink_ext_ack *extack)
{
	struct flowi4 fl4 = { .daddr = r->gw, .flowi4_scope = r->scope + 1, .flowi4_oif = dev ? dev->ifindex : 0 };
	const struct fib_route *via;

	if (r->flags & RTNH_F_ONLINK) {
		if (r->scope >= RT_SCOPE_LINK)
			return nl_refuse(extack, -EINVAL, "Nexthop has invalid scope");
		if (!dev)
			return nl_refuse(extack, -ENODEV, "Nexthop device required for onlink");
		if (inet_addr_type(r->gw) != RTN_UNICAST)
			return nl_refuse(extack, -EINVAL, "Nexthop has invalid gateway");
		if (!netif_running(dev))
			return nl_refuse(extack, -ENETDOWN, "Nexthop device is not up");
		r->dev = dev;
		return 0;
	}
	if (fl4.flowi4_scope < RT_SCOPE_LINK)
		fl4.flowi4_scope = RT_SCOPE_LINK;
	via = fib_lookup(&fl4);
	if (!via)
		return nl_refuse(extack, -ENETUNREACH, "Nexthop has invalid gateway");
	if (via->type != RTN_UNICAST && via->type != RTN_LOCAL)
		return nl_refuse(extack, -EINVAL, "Nexthop has invalid gateway");
	if (!via->dev)
		return nl_refuse(extack, -ENODEV, "No egress device for nexthop");
	if (!netif_running(via->dev))
		return nl_refuse(extack, -ENETDOWN, "Nexthop device is not up");
	r->dev = via->dev;
	r->gw_local = via->type == RTN_LOCAL;
	return 0;
}

/* Is it a route that can be? Finds its device. */
static int check_route(struct fib_route *r, const struct nlattr **tb, struct netlink_ext_ack *extack)
{
	struct net_device *dev = tb[RTA_OIF] ? dev_get_by_index((int)nla_get_u32(tb[RTA_OIF])) : NULL;
	int err = 0;

	if (type_scope[r->type] > r->scope)
		return nl_refuse(extack, -EINVAL, "Invalid scope");
	if (r->flags & (RTNH_F_DEAD | RTNH_F_LINKDOWN))
		return nl_refuse(extack, -EINVAL, "Invalid rtm_flags - can not contain DEAD or LINKDOWN");
	r->flags &= RTNH_F_ONLINK;
	if (error_type(r->type)) {
		if (r->gw || (tb[RTA_OIF] && nla_get_u32(tb[RTA_OIF])))
			return nl_refuse(extack, -EINVAL, "Gateway, device and multipath can not be specified for this route type");
	} else if (r->type == RTN_NAT || r->type == RTN_XRESOLVE || r->type == RTN_UNSPEC) {
		return nl_refuse(extack, -EINVAL, "Invalid route type");
	} else if (r->scope > RT_SCOPE_HOST) {
		return nl_refuse(extack, -EINVAL, "Invalid scope");
	} else if (r->scope == RT_SCOPE_HOST) {
		if (r->gw)
			return nl_refuse(extack, -EINVAL, "Route with host scope can not have a gateway");
		r->dev = dev;
		err = dev ? 0 : -ENODEV;
	} else if (r->gw) {
		err = check_gateway(r, dev, extack);
	} else {
		if (r->flags & RTNH_F_ONLINK)
			return nl_refuse(extack, -EINVAL, "Invalid flags for nexthop - PERVASIVE and ONLINK can not be set");
		r->dev = dev;
		err = !dev ? -ENODEV : !netif_running(dev) ? nl_refuse(extack, -ENETDOWN, "Device for nexthop is not up") : 0;
	}
	if (err)
		return err;
	if (r->prefsrc && (r->type != RTN_LOCAL || !r->prefix || r->prefsrc != r->prefix) && inet_addr_type(r->prefsrc) != RTN_LOCAL)
		return nl_refuse(extack, -EINVAL, "Invalid prefsrc address");
	return 0;
}

int inet_rtm_newroute(struct nl_request *rq)
{
	const struct nlattr *tb[RTA_MAX + 1];
	struct fib_route r;
	int err = parse_route(rq, &r, tb);

	if (!err)
		err = check_route(&r, tb, rq->extack);
	return err ? err : fib_insert(&r, rq->nlh->nlmsg_flags, rq);
}

int inet_rtm_delroute(struct nl_request *rq)
{
	const struct nlattr *tb[RTA_MAX + 1];
	struct fib_route r;
	int err = parse_route(rq, &r, tb);

	if (err)
		return err;
	if (tb[RTA_OIF] && nla_get_u32(tb[RTA_OIF])) {
		r.dev = dev_get_by_index((int)nla_get_u32(tb[RTA_OIF]));
		if (!r.dev)
			return -ESRCH;
	}
	return fib_remove(&r, rq);
}

/* ---- looking up ---- */

struct shown_lookup {
	const struct rtable *rt;
	const struct flowi4 *fl4;
	__be32 dst, src;
	u32 table, flags;          /* RTM_F_* */
	bool input;
};

static int fill_lookup(struct sk_buff *skb, struct nlmsghdr *nlh, const void *what)
{
	const struct shown_lookup *l = what;
	const struct rtable *rt = l->rt;
	const struct flowi4 *fl4 = l->fl4;
	struct rtmsg *m = nlmsg_data(nlh);
	u32 metrics[DST_METRICS];

	*m = (struct rtmsg){ .rtm_family = AF_INET, .rtm_dst_len = 32, .rtm_tos = fl4->flowi4_tos,
		.rtm_table = (u8)(l->table < 256 ? l->table : RT_TABLE_COMPAT), .rtm_type = (u8)rt->rt_type,
		.rtm_flags = (rt->rt_flags & ~0xffffu) | RTM_F_CLONED | (l->flags & RTM_F_NOTIFY), .rtm_src_len = l->src ? 32 : 0 };
	memcpy(metrics, rt->dst.metrics, sizeof(metrics));
	if (rt->rt_pmtu)
		metrics[RTAX_MTU] = rt->rt_pmtu;
	if (rt->rt_mtu_locked && metrics[RTAX_MTU])
		metrics[RTAX_LOCK] |= 1u << RTAX_MTU;
	if (nla_put_u32(skb, RTA_TABLE, l->table) || nla_put_u32(skb, RTA_DST, l->dst) || (l->src && nla_put_u32(skb, RTA_SRC, l->src))
			|| (rt->dst.dev && nla_put_u32(skb, RTA_OIF, (u32)rt->dst.dev->ifindex))
			|| (!l->input && fl4->saddr != l->src && nla_put_u32(skb, RTA_PREFSRC, fl4->saddr))
			|| (rt->rt_uses_gateway && nla_put_u32(skb, RTA_GATEWAY, rt->rt_gw4)) || rtnl_metrics_put(skb, metrics)
			|| (fl4->flowi4_mark && nla_put_u32(skb, RTA_MARK, fl4->flowi4_mark))
			|| (fl4->flowi4_uid != ~0u && nla_put_u32(skb, RTA_UID, fl4->flowi4_uid))
			|| (l->input && nla_put_u32(skb, RTA_IIF, (u32)fl4->flowi4_iif))
			|| rtnl_cacheinfo_put(skb, rt->dst.refs, rt->dst.expires, -rt->dst.error))
		return -EMSGSIZE;
	return 0;
}

/* The route of a packet that came in by a device. */
static struct rtable *lookup_input(const struct flowi4 *fl4, struct net_device *dev)
{
	struct sk_buff *skb = alloc_skb(sizeof(struct iphdr));
	struct rtable *rt;
	int err;

	if (!skb)
		return ERR_PTR(-ENOBUFS);
	skb_reset_network_header(skb);
	memset(skb_put(skb, sizeof(struct iphdr)), 0, sizeof(struct iphdr));
	ip_hdr(skb)->protocol = fl4->flowi4_proto;
	skb->dev = dev;
	err = ip_route_input(skb, fl4->daddr, fl4->saddr, fl4->flowi4_tos, dev);
	rt = err ? ERR_PTR(err) : skb_rtable(skb);
	skb->dst = NULL;
	kfree_skb(skb);
	return rt;
}

static u32 table_of(const struct flowi4 *fl4)
{
	const struct fib_route *r = fib_lookup(fl4);

	return r && r->table != RT_TABLE_LOCAL ? r->table : RT_TABLE_MAIN;
}

/* A strict request has whole addresses and nothing that a lookup does not look at. */
static int check_getroute(const struct nl_request *rq, const struct nlattr **tb)
{
	static const u8 known[] = { RTA_IIF, RTA_OIF, RTA_SRC, RTA_DST, RTA_IP_PROTO, RTA_SPORT, RTA_DPORT, RTA_MARK, RTA_UID };
	const struct rtmsg *m = nlmsg_data(rq->nlh);
	struct netlink_ext_ack *extack = rq->extack;
	bool strict = nlk_sk(rq->sk)->flags & NETLINK_F_STRICT_CHK;
	int err;

	if (nlmsg_payload(rq->nlh) < sizeof(*m))
		return nl_refuse(extack, -EINVAL, "ipv4: Invalid header for route get request");
	if (strict && ((m->rtm_src_len && m->rtm_src_len != 32) || (m->rtm_dst_len && m->rtm_dst_len != 32) || m->rtm_table
			|| m->rtm_protocol || m->rtm_scope || m->rtm_type))
		return nl_refuse(extack, -EINVAL, "ipv4: Invalid values in header for route get request");
	if (strict && m->rtm_flags & ~(u32)(RTM_F_NOTIFY | RTM_F_LOOKUP_TABLE | RTM_F_FIB_MATCH_))
		return nl_refuse(extack, -EINVAL, "ipv4: Unsupported rtm_flags for route get request");
	err = nlmsg_parse(rq->nlh, sizeof(*m), tb, RTA_MAX, rtm_ipv4_policy, strict, extack);
	if (err || !strict)
		return err;
	if ((tb[RTA_SRC] && !m->rtm_src_len) || (tb[RTA_DST] && !m->rtm_dst_len))
		return nl_refuse(extack, -EINVAL, "ipv4: rtm_src_len and rtm_dst_len must be 32 for IPv4");
	for (int i = 1; i <= RTA_MAX; i++)
		if (tb[i] && !memchr(known, i, sizeof(known)))
			return nl_refuse(extack, -EINVAL, "ipv4: Unsupported attribute in route get request");
	return 0;
}

int inet_rtm_getroute(struct nl_request *rq)
{
	const struct nlattr *tb[RTA_MAX + 1];
	const struct rtmsg *m;
	struct flowi4 fl4 = { .flowi4_flags = 0 };
	struct net_device *in = NULL;
	const struct fib_route *found;
	struct shown_lookup l;
	struct rtable *rt;
	int err = check_getroute(rq, tb);

	if (err)
		return err;
	m = nlmsg_data(rq->nlh);
	fl4.daddr = tb[RTA_DST] ? nla_get_u32(tb[RTA_DST]) : 0;
	fl4.saddr = tb[RTA_SRC] ? nla_get_u32(tb[RTA_SRC]) : 0;
	l = (struct shown_lookup){ .fl4 = &fl4, .dst = fl4.daddr, .src = fl4.saddr, .flags = m->rtm_flags };
	fl4.flowi4_tos = m->rtm_tos & IPTOS_RT_MASK;
	fl4.flowi4_oif = tb[RTA_OIF] ? (int)nla_get_u32(tb[RTA_OIF]) : 0;
	fl4.flowi4_mark = tb[RTA_MARK] ? nla_get_u32(tb[RTA_MARK]) : 0;
	fl4.flowi4_uid = tb[RTA_UID] ? nla_get_u32(tb[RTA_UID]) : tb[RTA_IIF] ? ~0u : current->cred->uid;
	fl4.flowi4_proto = tb[RTA_IP_PROTO] ? nla_get_u8(tb[RTA_IP_PROTO]) : IPPROTO_UDP;
	if (tb[RTA_IIF] && nla_get_u32(tb[RTA_IIF])) {
		in = dev_get_by_index((int)nla_get_u32(tb[RTA_IIF]));
		if (!in)
			return -ENODEV;
		fl4.flowi4_iif = in->ifindex;
		rt = lookup_input(&fl4, in);
	} else {
		rt = ip_route_output_key(&fl4);
		fl4.flowi4_oif = tb[RTA_OIF] ? (int)nla_get_u32(tb[RTA_OIF]) : 0;
	}
	if (IS_ERR(rt))
		return (int)PTR_ERR(rt);
	if (m->rtm_flags & RTM_F_FIB_MATCH_) {
		found = fib_lookup(&fl4);
		err = found ? nlmsg_answer(rq, ROUTE_MESSAGE_ROOM, RTM_NEWROUTE, sizeof(*m), fill_route, found) : -EHOSTUNREACH;
	} else {
		l.rt = rt;
		l.dst = l.dst ? l.dst : fl4.daddr;
		l.table = m->rtm_flags & RTM_F_LOOKUP_TABLE ? table_of(&fl4) : RT_TABLE_MAIN;
		l.input = in != NULL;
		err = nlmsg_answer(rq, ROUTE_MESSAGE_ROOM, RTM_NEWROUTE, sizeof(*m), fill_lookup, &l);
	}
	ip_rt_put(rt);
	return err;
}
