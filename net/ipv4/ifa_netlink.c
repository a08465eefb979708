/* RTM_*ADDR of AF_INET, rtnetlink(7), and the part of a link's attributes that IPv4 has. */
#include "../ip.h"
#include "../ifa.h"
#include "../rtnetlink.h"
#include "kerrno.h"
#include "ledger.h"
#include "slab.h"
#include <linux/ip.h>

static const struct nla_policy ifa_policy[IFA_MOST + 1] = { [IFA_LOCAL] = { NLA_U32 }, [IFA_ADDRESS] = { NLA_U32 },
	[IFA_BROADCAST] = { NLA_U32 }, [IFA_LABEL] = { NLA_STRING, 15 }, [IFA_CACHEINFO] = { NLA_UNSPEC, sizeof(struct ifa_cacheinfo) },
	[IFA_FLAGS] = { NLA_U32 }, [IFA_RT_PRIORITY] = { NLA_U32 }, [IFA_TARGET_NETNSID] = { NLA_U32 }, [IFA_PROTO] = { NLA_U8 } };

/* ---- telling ---- */

static int fill_ifa(struct sk_buff *skb, struct nlmsghdr *nlh, const void *pos)
{
	const struct in_ifaddr *ifa = list_entry(pos, struct in_ifaddr, list);
	struct ifa_cacheinfo ci = ifa_cacheinfo_now(ifa->flags, ifa->valid_lft, ifa->preferred_lft, ifa->cstamp, ifa->tstamp);

	*(struct ifaddrmsg *)nlmsg_data(nlh) = (struct ifaddrmsg){ .ifa_family = AF_INET, .ifa_prefixlen = ifa->prefixlen,
		.ifa_flags = (u8)ifa->flags, .ifa_scope = ifa->scope, .ifa_index = (u32)ifa->dev->ifindex };
	if ((ifa->address && nla_put_u32(skb, IFA_ADDRESS, ifa->address)) || (ifa->local && nla_put_u32(skb, IFA_LOCAL, ifa->local))
			|| (ifa->broadcast && nla_put_u32(skb, IFA_BROADCAST, ifa->broadcast))
			|| (*ifa->label && nla_put_string(skb, IFA_LABEL, ifa->label)) || (ifa->proto && nla_put_u8(skb, IFA_PROTO, ifa->proto))
			|| nla_put_u32(skb, IFA_FLAGS, ifa->flags)
			|| (ifa->rt_priority && nla_put_u32(skb, IFA_RT_PRIORITY, ifa->rt_priority))
			|| nla_put(skb, IFA_CACHEINFO, sizeof(ci), &ci))
		return -EMSGSIZE;
	return 0;
}

void rtmsg_ifa(int type, const struct in_ifaddr *ifa, const struct nl_request *rq)
{
	if (rq || netlink_has_listeners(NETLINK_ROUTE, RTNLGRP_IPV4_IFADDR))
		rtnl_notify(nlmsg_build(IFA_MESSAGE_ROOM, rq_portid(rq), rq_seq(rq), type, sizeof(struct ifaddrmsg), 0, fill_ifa, &ifa->list),
			rq, RTNLGRP_IPV4_IFADDR);
}

int inet_dump_ifaddr(struct sk_buff *skb, struct netlink_callback *cb)
{
	static const struct ifa_dump dump = { IFA_DUMP_TEXTS("ipv4"), .policy = ifa_policy, .head = offsetof(struct net_device, ip4),
		.type = RTM_NEWADDR, .fill = fill_ifa };

	return ifa_dump(skb, cb, &dump);
}

/* ---- changing ---- */

static bool matches(const struct in_ifaddr *ifa, __be32 address, __be32 mask)
{
	return !((ifa->address ^ address) & mask);
}

static int parse(const struct nl_request *rq, const struct nlattr **tb)
{
	return nlmsg_parse(rq->nlh, sizeof(struct ifaddrmsg), tb, IFA_MOST, ifa_policy, false, rq->extack);
}

/* The address that a request describes; ERR_PTR. */
static struct in_ifaddr *address_of(const struct nl_request *rq, const struct nlattr **tb)
{
	const struct ifaddrmsg *m = nlmsg_data(rq->nlh);
	u32 flags = tb[IFA_FLAGS] ? nla_get_u32(tb[IFA_FLAGS]) : m->ifa_flags;
	struct net_device *dev = dev_get_by_index((int)m->ifa_index);
	struct in_ifaddr *ifa;
	struct ifa_times t;

	if (m->ifa_prefixlen > 32)
		return ERR_PTR(nl_refuse(rq->extack, -EINVAL, "ipv4: Invalid prefix length"));
	if (!tb[IFA_LOCAL])
		return ERR_PTR(nl_refuse(rq->extack, -EINVAL, "ipv4: Local address is not supplied"));
	if (!dev)
		return ERR_PTR(nl_refuse(rq->extack, -ENODEV, "ipv4: Device not found"));
	if (dev->mtu < IPV4_MIN_MTU)
		return ERR_PTR(-ENOBUFS);
	if (flags & IFA_F_MCAUTOJOIN) {
		LEDGER("address flags", flags);
		return ERR_PTR(-EOPNOTSUPP);
	}
	ifa = kzalloc(sizeof(*ifa));
	if (!ifa)
		return ERR_PTR(-ENOBUFS);
	*ifa = (struct in_ifaddr){ .list = LIST_HEAD_INIT(ifa->list), .dev = dev, .local = nla_get_u32(tb[IFA_LOCAL]),
		.address = nla_get_u32(tb[tb[IFA_ADDRESS] ? IFA_ADDRESS : IFA_LOCAL]), .mask = inet_make_mask(m->ifa_prefixlen),
		.broadcast = tb[IFA_BROADCAST] ? nla_get_u32(tb[IFA_BROADCAST]) : 0, .prefixlen = m->ifa_prefixlen,
		.scope = m->ifa_scope, .flags = flags, .proto = tb[IFA_PROTO] ? nla_get_u8(tb[IFA_PROTO]) : 0,
		.rt_priority = tb[IFA_RT_PRIORITY] ? nla_get_u32(tb[IFA_RT_PRIORITY]) : 0 };
	if (tb[IFA_LABEL])
		nla_strscpy(ifa->label, tb[IFA_LABEL], sizeof(ifa->label));
	else
		strscpy(ifa->label, dev->name, sizeof(ifa->label));
	t = (struct ifa_times){ &ifa->flags, &ifa->valid_lft, &ifa->preferred_lft, &ifa->tstamp };
	if (ifa_get_lifetime(&t, tb[IFA_CACHEINFO])) {
		kfree(ifa);
		return ERR_PTR(nl_refuse(rq->extack, -EINVAL, "ipv4: address lifetime invalid"));
	}
	return ifa;
}

int inet_rtm_newaddr(struct nl_request *rq)
{
	const struct nlattr *tb[IFA_MOST + 1];
	struct in_ifaddr *ifa, *i, *old = NULL;
	int err = parse(rq, tb);

	if (err)
		return err;
	ifa = address_of(rq, tb);
	if (IS_ERR(ifa))
		return (int)PTR_ERR(ifa);
	list_for_each_entry(i, &ifa->dev->ip4, list)
		if (i->mask == ifa->mask && matches(i, ifa->address, i->mask) && i->local == ifa->local)
			old = i;
	if (!old) {
		err = inet_add_ifa(ifa, rq, rq->extack);
		ifa_lifetime_check();
		return err;
	}
	if (rq->nlh->nlmsg_flags & NLM_F_EXCL || !(rq->nlh->nlmsg_flags & NLM_F_REPLACE)) {
		kfree(ifa);
		return nl_refuse(rq->extack, -EEXIST, "ipv4: Address already assigned");
	}
	old->valid_lft = ifa->valid_lft;
	old->preferred_lft = ifa->preferred_lft;
	old->tstamp = ifa->tstamp;
	old->flags = (old->flags & IFA_F_SECONDARY) | (ifa->flags & ~(u32)IFA_F_SECONDARY);
	kfree(ifa);
	rtnl_changed();
	rtmsg_ifa(RTM_NEWADDR, old, rq);
	ifa_lifetime_check();
	return 0;
}

int inet_rtm_deladdr(struct nl_request *rq)
{
	const struct nlattr *tb[IFA_MOST + 1];
	const struct ifaddrmsg *m;
	struct net_device *dev;
	struct in_ifaddr *ifa;
	char label[16];
	int err = parse(rq, tb);

	if (err)
		return err;
	m = nlmsg_data(rq->nlh);
	dev = dev_get_by_index((int)m->ifa_index);
	if (!dev)
		return nl_refuse(rq->extack, -ENODEV, "ipv4: Device not found");
	if (tb[IFA_LABEL])
		nla_strscpy(label, tb[IFA_LABEL], sizeof(label));
	list_for_each_entry(ifa, &dev->ip4, list) {
		if (tb[IFA_LOCAL] && ifa->local != nla_get_u32(tb[IFA_LOCAL]))
			continue;
		if (tb[IFA_LABEL] && strcmp(label, ifa->label))
			continue;
		if (tb[IFA_ADDRESS] && (m->ifa_prefixlen != ifa->prefixlen || !matches(ifa, nla_get_u32(tb[IFA_ADDRESS]), ifa->mask)))
			continue;
		inet_del_ifa(ifa, rq);
		return 0;
	}
	return nl_refuse(rq->extack, -EADDRNOTAVAIL, "ipv4: Address not found");
}

/* ---- links ---- */

int inet_fill_link_af(struct sk_buff *skb, const struct net_device *dev)
{
	bool lo = dev == loopback_dev;
	u32 conf[33] = { [IPV4_DEVCONF_ACCEPT_REDIRECTS - 1] = 1, [IPV4_DEVCONF_SECURE_REDIRECTS - 1] = 1,
		[IPV4_DEVCONF_SEND_REDIRECTS - 1] = 1, [IPV4_DEVCONF_SHARED_MEDIA - 1] = 1, [IPV4_DEVCONF_NOXFRM - 1] = lo,
		[IPV4_DEVCONF_NOPOLICY - 1] = lo, [IPV4_DEVCONF_IGMPV2_UNSOLICITED_REPORT_INTERVAL - 1] = 10000,
		[IPV4_DEVCONF_IGMPV3_UNSOLICITED_REPORT_INTERVAL - 1] = 1000, [IPV4_DEVCONF_ARP_EVICT_NOCARRIER - 1] = 1 };

	conf[IPV4_DEVCONF_FORWARDING - 1] = (u32)net_sysctl.ip_forward;
	conf[IPV4_DEVCONF_RP_FILTER - 1] = (u32)net_sysctl.rp_filter;
	conf[IPV4_DEVCONF_ACCEPT_SOURCE_ROUTE - 1] = (u32)net_sysctl.accept_source_route;
	conf[IPV4_DEVCONF_LOG_MARTIANS - 1] = (u32)net_sysctl.log_martians;
	return nla_put(skb, IFLA_INET_CONF, sizeof(conf), conf);
}
