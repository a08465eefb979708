/* RTM_*ROUTE of AF_INET6, rtnetlink(7): routes as netlink adds, removes, lists and looks them up. */
#include "../ipv6.h"
#include "../rtnetlink.h"
#include "../rtnl_metrics.h"
#include "kerrno.h"
#include "ledger.h"
#include "sched.h"
#include <linux/if.h>

#define RTM_F_FIB_MATCH_ 0x2000

static const struct nla_policy route6_policy[RTA_MAX + 1] = {
	[RTA_DST] = { NLA_BINARY, 16 }, [RTA_SRC] = { NLA_BINARY, 16 }, [RTA_GATEWAY] = { NLA_UNSPEC, 16 },
	[RTA_PREFSRC] = { NLA_UNSPEC, 16 }, [RTA_OIF] = { NLA_U32 }, [RTA_IIF] = { NLA_U32 }, [RTA_PRIORITY] = { NLA_U32 },
	[RTA_METRICS] = { NLA_NESTED }, [RTA_MULTIPATH] = { NLA_UNSPEC, sizeof(struct rtnexthop) }, [RTA_PREF] = { NLA_U8 },
	[RTA_ENCAP_TYPE] = { NLA_U16 }, [RTA_ENCAP] = { NLA_NESTED }, [RTA_EXPIRES] = { NLA_U32 }, [RTA_UID] = { NLA_U32 },
	[RTA_MARK] = { NLA_U32 }, [RTA_TABLE] = { NLA_U32 }, [RTA_IP_PROTO] = { NLA_U8 }, [RTA_SPORT] = { NLA_U16 },
	[RTA_DPORT] = { NLA_U16 }, [RTA_NH_ID] = { NLA_U32 }, [RTA_FLOW] = { NLA_U32 }, [RTA_CACHEINFO] = { NLA_UNSPEC },
};

/* ---- telling ---- */

static int type_error(u8 type)
{
	return type == RTN_BLACKHOLE ? EINVAL : type == RTN_PROHIBIT ? EACCES : type == RTN_THROW ? EAGAIN
		: type == RTN_UNREACHABLE ? EHOSTUNREACH : 0;
}

/* A route, or what a lookup has found by it. */
struct shown_route {
	const struct fib6_route *r;
	const struct in6_addr *dst, *src, *saddr; /* of the lookup, or NULL */
	u32 refs;
};

static int fill_lookup(struct sk_buff *skb, struct nlmsghdr *nlh, const void *what)
{
	const struct shown_route *l = what;
	const struct fib6_route *r = l->r;
	struct rtmsg *m = nlmsg_data(nlh);
	struct net_device *dev = r->dev ? r->dev : loopback_dev;

	*m = (struct rtmsg){ .rtm_family = AF_INET6, .rtm_dst_len = l->dst ? 128 : r->prefixlen, .rtm_src_len = l->src ? 128 : 0,
		.rtm_table = (u8)(r->table < 256 ? r->table : RT_TABLE_COMPAT), .rtm_protocol = r->protocol,
		.rtm_type = r->type, .rtm_scope = RT_SCOPE_UNIVERSE };
	if (nla_put_u32(skb, RTA_TABLE, r->table) || (m->rtm_dst_len && nla_put_in6(skb, RTA_DST, l->dst ? l->dst : &r->prefix))
			|| (l->src && nla_put_in6(skb, RTA_SRC, l->src)) || (l->saddr && nla_put_in6(skb, RTA_PREFSRC, l->saddr))
			|| (!l->saddr && !ipv6_addr_any(&r->prefsrc) && nla_put_in6(skb, RTA_PREFSRC, &r->prefsrc))
			|| rtnl_metrics_put(skb, r->metrics) || nla_put_u32(skb, RTA_PRIORITY, r->metric)
			|| (!ipv6_addr_any(&r->gw) && nla_put_in6(skb, RTA_GATEWAY, &r->gw))
			|| nla_put_u32(skb, RTA_OIF, (u32)dev->ifindex)
			|| rtnl_cacheinfo_put(skb, l->refs, r->expires ? r->expires : KTIME_MAX, 0)
			|| nla_put_u8(skb, RTA_PREF, r->pref))
		return -EMSGSIZE;
	return 0;
}

static int fill_route(struct sk_buff *skb, struct nlmsghdr *nlh, const void *what)
{
	return fill_lookup(skb, nlh, &(struct shown_route){ .r = what });
}

void inet6_rtmsg_fib(int type, const struct fib6_route *r, const struct nl_request *rq, unsigned flags)
{
	if (rq || netlink_has_listeners(NETLINK_ROUTE, RTNLGRP_IPV6_ROUTE))
		rtnl_notify(nlmsg_build(ROUTE_MESSAGE_ROOM, rq_portid(rq), rq_seq(rq), type, sizeof(struct rtmsg), flags, fill_route, r),
			rq, RTNLGRP_IPV6_ROUTE);
}

int inet6_dump_fib(struct sk_buff *skb, struct netlink_callback *cb)
{
	static const struct fib_dump dump = { .set = &fib6_set, .family = AF_INET6, .no_table = "FIB table does not exist",
		.filtered_if_strict = true, .end_apart = true, .fill = fill_route };

	return fib_dump(skb, cb, &dump);
}

/* ---- changing ---- */

static int parse_route(const struct nl_request *rq, struct fib6_route *r, const struct nlattr **tb)
{
	static const u8 absent[] = { RTA_MULTIPATH, RTA_ENCAP, RTA_ENCAP_TYPE, RTA_NH_ID };
	struct netlink_ext_ack *extack = rq->extack;
	const struct rtmsg *m;
	int err = nlmsg_parse(rq->nlh, sizeof(*m), tb, RTA_MAX, route6_policy, false, extack);

	if (err)
		return err;
	m = nlmsg_data(rq->nlh);
	if (m->rtm_tos)
		return nl_refuse(extack, -EINVAL, "Invalid dsfield (tos): option not available for IPv6");
	for (unsigned i = 0; i < ARRAY_SIZE(absent); i++)
		if (tb[absent[i]]) {
			LEDGER("IPv6 route attribute", absent[i]);
			NL_SET_BAD_ATTR(extack, tb[absent[i]]);
			return -EOPNOTSUPP;
		}
	if (m->rtm_dst_len > 128)
		return tb[RTA_DST] ? -EINVAL : nl_refuse(extack, -EINVAL, "Invalid prefix length");
	if (m->rtm_src_len || tb[RTA_SRC])
		return nl_refuse(extack, -EINVAL, "Specifying source address requires IPV6_SUBTREES to be enabled");
	*r = (struct fib6_route){ .table = tb[RTA_TABLE] ? nla_get_u32(tb[RTA_TABLE]) : m->rtm_table, .prefixlen = m->rtm_dst_len,
		.protocol = m->rtm_protocol, .type = m->rtm_type, .flags = m->rtm_flags & 0xff };
	r->table = r->table ? r->table : RT_TABLE_MAIN;
	if (tb[RTA_DST]) {
		struct in6_addr dst = { .s6_addr[0] = 0 };

		if (nla_len(tb[RTA_DST]) < (m->rtm_dst_len + 7) / 8)
			return -EINVAL;
		memcpy(&dst, nla_data(tb[RTA_DST]), (size_t)min(nla_len(tb[RTA_DST]), 16));
		r->prefix = ipv6_prefix(&dst, r->prefixlen);
	}
	if (tb[RTA_GATEWAY])
		r->gw = nla_get_in6(tb[RTA_GATEWAY]);
	if (tb[RTA_PREFSRC])
		r->prefsrc = nla_get_in6(tb[RTA_PREFSRC]);
	r->metric = tb[RTA_PRIORITY] ? nla_get_u32(tb[RTA_PRIORITY]) : 0;
	r->pref = tb[RTA_PREF] ? nla_get_u8(tb[RTA_PREF]) : 0;
	if (tb[RTA_EXPIRES] && nla_get_u32(tb[RTA_EXPIRES]))
		r->expires = ktime_get() + nla_get_u32(tb[RTA_EXPIRES]) * NSEC_PER_SEC;
	return tb[RTA_METRICS] ? rtnl_metrics_get(tb[RTA_METRICS], r->metrics, extack) : 0;
}

static int check_gateway(struct fib6_route *r, struct netlink_ext_ack *extack)
{
	int type = ipv6_addr_type(&r->gw);
	const struct fib6_route *via;

	if (!(type & IPV6_ADDR_UNICAST) || type & IPV6_ADDR_LOOPBACK)
		return nl_refuse(extack, -EINVAL, "Invalid gateway address");
	if (ipv6_chk_addr(&r->gw, r->dev && type & IPV6_ADDR_LINKLOCAL ? r->dev : NULL))
		return nl_refuse(extack, -EINVAL, "Gateway can not be a local address");
	if (type & IPV6_ADDR_LINKLOCAL || r->flags & RTNH_F_ONLINK)
		return r->dev ? 0 : nl_refuse(extack, type & IPV6_ADDR_LINKLOCAL ? -EINVAL : -ENODEV, "Nexthop device required for onlink");
	via = fib6_lookup(&r->gw, r->dev ? r->dev->ifindex : 0, true);
	if (!via || via->type != RTN_UNICAST || !ipv6_addr_any(&via->gw)
			|| (!r->dev && via->dev->flags & IFF_LOOPBACK))
		return -EHOSTUNREACH;
	r->dev = r->dev ? r->dev : via->dev;
	return 0;
}

int ip6_route_check(struct fib6_route *r, u32 oif, struct netlink_ext_ack *extack)
{
	int err = 0;

	if (r->type > RTN_MAX)
		return nl_refuse(extack, -EINVAL, "Invalid route type");
	if (r->type == RTN_UNSPEC)
		r->type = RTN_UNICAST;
	if (oif) {
		r->dev = dev_get_by_index((int)oif);
		if (!r->dev)
			return -ENODEV;
	}
	r->metric = r->metric ? r->metric : IP6_RT_PRIO_USER;
	if (type_error(r->type)) {
		r->dev = loopback_dev;
		r->gw = in6addr_any;
		return 0;
	}
	if (r->type != RTN_UNICAST && r->type != RTN_LOCAL && r->type != RTN_MULTICAST) {
		LEDGER("type of an IPv6 route", r->type);
		return -EOPNOTSUPP;
	}
	if (!ipv6_addr_any(&r->gw))
		err = check_gateway(r, extack);
	if (err)
		return err;
	if (!r->dev)
		return -ENODEV;
	if (!ipv6_addr_any(&r->gw) && r->dev->flags & IFF_LOOPBACK)
		return nl_refuse(extack, -EINVAL, "Egress device can not be loopback device for this route");
	if (!netif_running(r->dev))
		return nl_refuse(extack, -ENETDOWN, "Nexthop device is not up");
	if (!ipv6_addr_any(&r->prefsrc) && !ipv6_chk_addr(&r->prefsrc, r->dev))
		return nl_refuse(extack, -EINVAL, "Invalid source address");
	r->flags = 0;
	return 0;
}

int inet6_rtm_newroute(struct nl_request *rq)
{
	const struct nlattr *tb[RTA_MAX + 1];
	struct fib6_route r;
	int err = parse_route(rq, &r, tb);

	if (!err)
		err = ip6_route_check(&r, tb[RTA_OIF] ? nla_get_u32(tb[RTA_OIF]) : 0, rq->extack);
	return err ? err : fib6_insert(&r, rq->nlh->nlmsg_flags, rq);
}

int inet6_rtm_delroute(struct nl_request *rq)
{
	const struct nlattr *tb[RTA_MAX + 1];
	struct fib6_route r;
	int err = parse_route(rq, &r, tb);

	if (err)
		return err;
	if (tb[RTA_OIF] && nla_get_u32(tb[RTA_OIF])) {
		r.dev = dev_get_by_index((int)nla_get_u32(tb[RTA_OIF]));
		if (!r.dev)
			return -ESRCH;
	}
	if (!((struct rtmsg *)nlmsg_data(rq->nlh))->rtm_type)
		r.type = 0;
	return fib6_remove(&r, rq);
}

/* ---- looking up ---- */

/* As of IPv4 (fib_netlink.c there). */
static int check_getroute(const struct nl_request *rq, const struct nlattr **tb)
{
	static const u8 known[] = { RTA_SRC, RTA_DST, RTA_IIF, RTA_OIF, RTA_MARK, RTA_UID, RTA_SPORT, RTA_DPORT, RTA_IP_PROTO };
	const struct rtmsg *m = nlmsg_data(rq->nlh);
	struct netlink_ext_ack *extack = rq->extack;
	bool strict = nlk_sk(rq->sk)->flags & NETLINK_F_STRICT_CHK;
	int err;

	if (nlmsg_payload(rq->nlh) < sizeof(*m))
		return nl_refuse(extack, -EINVAL, "ipv6: Invalid header for get route request");
	if (strict && ((m->rtm_src_len && m->rtm_src_len != 128) || (m->rtm_dst_len && m->rtm_dst_len != 128) || m->rtm_table
			|| m->rtm_protocol || m->rtm_scope || m->rtm_type))
		return nl_refuse(extack, -EINVAL, "ipv6: Invalid values in header for get route request");
	if (strict && m->rtm_flags & ~(u32)RTM_F_FIB_MATCH_)
		return nl_refuse(extack, -EINVAL, "ipv6: Invalid flags for get route request");
	err = nlmsg_parse(rq->nlh, sizeof(*m), tb, RTA_MAX, route6_policy, strict, extack);
	if (err || !strict)
		return err;
	if ((tb[RTA_SRC] && !m->rtm_src_len) || (tb[RTA_DST] && !m->rtm_dst_len))
		return nl_refuse(extack, -EINVAL, "ipv6: rtm_src_len and rtm_dst_len must be 128 for IPv6");
	for (int i = 1; i <= RTA_MAX; i++)
		if (tb[i] && !memchr(known, i, sizeof(known)))
			return nl_refuse(extack, -EINVAL, "ipv6: Unsupported attribute in get route request");
	return 0;
}

int inet6_rtm_getroute(struct nl_request *rq)
{
	const struct nlattr *tb[RTA_MAX + 1];
	const struct rtmsg *m;
	struct in6_addr dst = in6addr_any, src = in6addr_any, saddr;
	struct flowi6 fl6 = { .flowi6_proto = IPPROTO_UDP };
	const struct fib6_route *r;
	struct shown_route l = { .dst = &dst, .src = &src };
	struct dst_entry *entry;
	bool have_saddr;
	int err = check_getroute(rq, tb);

	if (err)
		return err;
	m = nlmsg_data(rq->nlh);
	if ((tb[RTA_DST] && nla_len(tb[RTA_DST]) < 16) || (tb[RTA_SRC] && nla_len(tb[RTA_SRC]) < 16))
		return -EINVAL;
	if (tb[RTA_DST])
		fl6.daddr = dst = nla_get_in6(tb[RTA_DST]);
	if (tb[RTA_SRC])
		fl6.saddr = src = nla_get_in6(tb[RTA_SRC]);
	fl6.flowi6_oif = tb[RTA_OIF] ? (int)nla_get_u32(tb[RTA_OIF]) : 0;
	fl6.flowi6_iif = tb[RTA_IIF] ? (int)nla_get_u32(tb[RTA_IIF]) : 0;
	if (fl6.flowi6_iif && !dev_get_by_index(fl6.flowi6_iif))
		return -ENODEV;
	r = fib6_lookup(&dst, fl6.flowi6_iif ? 0 : fl6.flowi6_oif, fl6.flowi6_oif != 0);
	if (!r)
		return -ENETUNREACH;
	if (type_error(r->type))
		return -type_error(r->type);
	entry = ip6_route_output(NULL, &fl6);
	if (entry->error) {
		err = entry->error;
		dst_release(entry);
		return err;
	}
	have_saddr = !tb[RTA_IIF] && ipv6_addr_any(&src) && !ipv6_get_saddr(entry, &dst, 0, &saddr);
	if (have_saddr && !ipv6_addr_any(&r->prefsrc))
		saddr = r->prefsrc;
	l.r = r;
	l.saddr = have_saddr ? &saddr : NULL;
	l.refs = entry->refs;
	dst_release(entry);
	if (m->rtm_flags & RTM_F_FIB_MATCH_)
		return nlmsg_answer(rq, ROUTE_MESSAGE_ROOM, RTM_NEWROUTE, sizeof(*m), fill_route, r);
	return nlmsg_answer(rq, ROUTE_MESSAGE_ROOM, RTM_NEWROUTE, sizeof(*m), fill_lookup, &l);
}
