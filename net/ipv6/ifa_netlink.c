/* RTM_*ADDR of AF_INET6, rtnetlink(7), multicast addresses, and the part of a link's attributes that IPv6 has. */
#include "../ipv6.h"
#include "../ifa.h"
#include "../rtnetlink.h"
#include "kerrno.h"
#include "ledger.h"
#include "slab.h"
#include <linux/if.h>
#include <linux/if_arp.h>

#ifndef RTEXT_FILTER_SKIP_STATS
#define RTEXT_FILTER_SKIP_STATS 8
#endif
#define IF_READY 0x80000000u

static const struct nla_policy ifa6_policy[IFA_MOST + 1] = { [IFA_ADDRESS] = { NLA_UNSPEC, 16 }, [IFA_LOCAL] = { NLA_UNSPEC, 16 },
	[IFA_CACHEINFO] = { NLA_UNSPEC, sizeof(struct ifa_cacheinfo) }, [IFA_FLAGS] = { NLA_UNSPEC, 4 }, [IFA_RT_PRIORITY] = { NLA_UNSPEC, 4 },
	[IFA_TARGET_NETNSID] = { NLA_U32 }, [IFA_PROTO] = { NLA_U8 } };

/* ---- telling ---- */

static int fill_ifa(struct sk_buff *skb, struct nlmsghdr *nlh, const void *pos)
{
	const struct inet6_ifaddr *ifa = list_entry(pos, struct inet6_ifaddr, list);
	struct ifa_cacheinfo ci = ifa_cacheinfo_now(ifa->flags, ifa->valid_lft, ifa->preferred_lft, ifa->cstamp, ifa->tstamp);
	bool peer = !ipv6_addr_any(&ifa->peer);

	*(struct ifaddrmsg *)nlmsg_data(nlh) = (struct ifaddrmsg){ .ifa_family = AF_INET6, .ifa_prefixlen = ifa->prefixlen,
		.ifa_flags = (u8)ifa->flags, .ifa_scope = ifa->scope, .ifa_index = (u32)ifa->dev->ifindex };
	if ((peer && nla_put_in6(skb, IFA_LOCAL, &ifa->addr)) || nla_put_in6(skb, IFA_ADDRESS, peer ? &ifa->peer : &ifa->addr)
			|| (ifa->rt_priority && nla_put_u32(skb, IFA_RT_PRIORITY, ifa->rt_priority))
			|| nla_put(skb, IFA_CACHEINFO, sizeof(ci), &ci) || nla_put_u32(skb, IFA_FLAGS, ifa->flags)
			|| (ifa->proto && nla_put_u8(skb, IFA_PROTO, ifa->proto)))
		return -EMSGSIZE;
	return 0;
}

/* As in Linux nobody is told who has asked for it. */
void inet6_rtmsg_ifa(int type, const struct inet6_ifaddr *ifa)
{
	if (netlink_has_listeners(NETLINK_ROUTE, RTNLGRP_IPV6_IFADDR))
		rtnl_notify(nlmsg_build(IFA_MESSAGE_ROOM, 0, 0, type, sizeof(struct ifaddrmsg), 0, fill_ifa, &ifa->list), NULL,
			RTNLGRP_IPV6_IFADDR);
}

int inet6_dump_ifaddr(struct sk_buff *skb, struct netlink_callback *cb)
{
	static const struct ifa_dump dump = { IFA_DUMP_TEXTS("ipv6"), .policy = ifa6_policy, .head = offsetof(struct net_device, ip6),
		.type = RTM_NEWADDR, .fill = fill_ifa };

	return ifa_dump(skb, cb, &dump);
}

static int fill_mc(struct sk_buff *skb, struct nlmsghdr *nlh, const void *pos)
{
	const struct ifmcaddr6 *mc = list_entry(pos, struct ifmcaddr6, list);
	u32 now = rtnl_clock();
	struct ifa_cacheinfo ci = { .ifa_prefered = INFINITY_LIFE_TIME, .ifa_valid = INFINITY_LIFE_TIME, .cstamp = now, .tstamp = now };

	*(struct ifaddrmsg *)nlmsg_data(nlh) = (struct ifaddrmsg){ .ifa_family = AF_INET6, .ifa_prefixlen = 128,
		.ifa_flags = IFA_F_PERMANENT, .ifa_scope = ipv6_addr_scope(&mc->group) & IPV6_ADDR_SCOPE_SITELOCAL ? RT_SCOPE_SITE
			: RT_SCOPE_UNIVERSE, .ifa_index = (u32)mc->dev->ifindex };
	return nla_put_in6(skb, IFA_MULTICAST, &mc->group) || nla_put(skb, IFA_CACHEINFO, sizeof(ci), &ci) ? -EMSGSIZE : 0;
}

int inet6_dump_ifmcaddr(struct sk_buff *skb, struct netlink_callback *cb)
{
	static const struct ifa_dump dump = { .head = offsetof(struct net_device, mc6), .type = RTM_GETMULTICAST, .fill = fill_mc };

	return ifa_dump_lists(skb, cb, &dump, 0);
}

int inet6_dump_none(struct sk_buff *skb __maybe_unused, struct netlink_callback *cb __maybe_unused)
{
	return 0;
}

/* ---- asking and changing ---- */

/* The address that a request is about, and its peer (or ::): 0 or -EINVAL. */
static int parse(const struct nl_request *rq, const struct nlattr **tb, struct in6_addr *addr, struct in6_addr *peer)
{
	int err = nlmsg_parse(rq->nlh, sizeof(struct ifaddrmsg), tb, IFA_MOST, ifa6_policy, false, rq->extack);

	if (err)
		return err;
	*peer = in6addr_any;
	if (!tb[IFA_ADDRESS] && !tb[IFA_LOCAL])
		return -EINVAL;
	*addr = nla_get_in6(tb[tb[IFA_LOCAL] ? IFA_LOCAL : IFA_ADDRESS]);
	if (tb[IFA_LOCAL] && tb[IFA_ADDRESS] && memcmp(nla_data(tb[IFA_LOCAL]), nla_data(tb[IFA_ADDRESS]), sizeof(*addr)))
		*peer = nla_get_in6(tb[IFA_ADDRESS]);
	return 0;
}

int inet6_check_address(const struct net_device *dev, const struct in6_addr *addr, struct netlink_ext_ack *extack)
{
	int type = ipv6_addr_type(addr);

	if (net_sysctl.ip6_disable_ipv6)
		return nl_refuse(extack, -EACCES, "ipv6: IPv6 is disabled on this device");
	if (dev->mtu < IPV6_MIN_MTU)
		return -ENODEV;
	if (type & IPV6_ADDR_MULTICAST)
		return nl_refuse(extack, -EADDRNOTAVAIL, "ipv6: Cannot assign multicast address without \"IFA_F_MCAUTOJOIN\" flag");
	if (type == IPV6_ADDR_ANY)
		return nl_refuse(extack, -EADDRNOTAVAIL, "ipv6: Invalid address");
	if (type & IPV6_ADDR_LOOPBACK && !(dev->flags & IFF_LOOPBACK))
		return nl_refuse(extack, -EADDRNOTAVAIL, "ipv6: Cannot assign loopback address on this device");
	return 0;
}

int inet6_rtm_newaddr(struct nl_request *rq)
{
	const struct nlattr *tb[IFA_MOST + 1];
	const struct ifaddrmsg *m;
	u32 flags;
	struct in6_addr addr, peer;
	struct inet6_ifaddr *ifa, *old, made = { .flags = 0 };
	struct net_device *dev;
	struct ifa_times t = { &made.flags, &made.valid_lft, &made.preferred_lft, &made.tstamp };
	int err = parse(rq, tb, &addr, &peer);

	if (err)
		return err;
	m = nlmsg_data(rq->nlh);
	flags = tb[IFA_FLAGS] ? nla_get_u32(tb[IFA_FLAGS]) : m->ifa_flags;
	if (flags & (IFA_F_MANAGETEMPADDR | IFA_F_MCAUTOJOIN)) {
		LEDGER("address flags", flags);
		return -EOPNOTSUPP;
	}
	made.flags = flags & (IFA_F_NODAD | IFA_F_HOMEADDRESS | IFA_F_NOPREFIXROUTE | IFA_F_OPTIMISTIC);
	if (ifa_get_lifetime(&t, tb[IFA_CACHEINFO]))
		return nl_refuse(rq->extack, -EINVAL, "ipv6: address lifetime invalid");
	dev = dev_get_by_index((int)m->ifa_index);
	if (!dev)
		return nl_refuse(rq->extack, -ENODEV, "ipv6: Unable to find the interface");
	old = ipv6_get_ifaddr(&addr, dev);
	if (old) {
		if (rq->nlh->nlmsg_flags & NLM_F_EXCL || !(rq->nlh->nlmsg_flags & NLM_F_REPLACE))
			return nl_refuse(rq->extack, -EEXIST, "ipv6: address already assigned");
		old->flags = (old->flags & IFA_F_TENTATIVE) | made.flags;
		old->valid_lft = made.valid_lft;
		old->preferred_lft = made.preferred_lft;
		old->tstamp = made.tstamp;
		rtnl_changed();
		inet6_rtmsg_ifa(RTM_NEWADDR, old);
		ifa_lifetime_check();
		return 0;
	}
	if (m->ifa_prefixlen > 128)
		return nl_refuse(rq->extack, -EINVAL, "ipv6: Invalid prefix length");
	err = inet6_check_address(dev, &addr, rq->extack);
	if (err)
		return err;
	ifa = kmemdup(&made, sizeof(made));
	if (!ifa)
		return -ENOBUFS;
	INIT_LIST_HEAD(&ifa->list);
	ifa->dev = dev;
	ifa->addr = addr;
	ifa->peer = peer;
	ifa->prefixlen = m->ifa_prefixlen;
	ifa->rt_priority = tb[IFA_RT_PRIORITY] ? nla_get_u32(tb[IFA_RT_PRIORITY]) : 0;
	ifa->proto = tb[IFA_PROTO] ? nla_get_u8(tb[IFA_PROTO]) : 0;
	err = inet6_add_ifa(ifa);
	ifa_lifetime_check();
	return err;
}

int inet6_rtm_deladdr(struct nl_request *rq)
{
	const struct nlattr *tb[IFA_MOST + 1];
	const struct ifaddrmsg *m;
	struct in6_addr addr, peer;
	struct inet6_ifaddr *ifa;
	struct net_device *dev;
	int err = parse(rq, tb, &addr, &peer);

	if (err)
		return err;
	m = nlmsg_data(rq->nlh);
	if (m->ifa_prefixlen > 128)
		return nl_refuse(rq->extack, -EINVAL, "ipv6: Invalid prefix length");
	dev = dev_get_by_index((int)m->ifa_index);
	if (!dev)
		return nl_refuse(rq->extack, -ENODEV, "ipv6: Unable to find the interface");
	ifa = ipv6_get_ifaddr(&addr, dev);
	if (!ifa || ifa->prefixlen != m->ifa_prefixlen)
		return nl_refuse(rq->extack, -EADDRNOTAVAIL, "ipv6: address not found");
	inet6_del_ifa(ifa);
	return 0;
}

int inet6_rtm_getaddr(struct nl_request *rq)
{
	const struct nlattr *tb[IFA_MOST + 1];
	const struct ifaddrmsg *m;
	struct in6_addr addr, peer;
	struct inet6_ifaddr *ifa;
	int err;

	m = nlmsg_data(rq->nlh);
	if (nlk_sk(rq->sk)->flags & NETLINK_F_STRICT_CHK && nlmsg_payload(rq->nlh) >= sizeof(*m)
			&& (m->ifa_prefixlen || m->ifa_flags || m->ifa_scope))
		return nl_refuse(rq->extack, -EINVAL, "ipv6: Invalid values in header for get address request");
	err = parse(rq, tb, &addr, &peer);
	if (err)
		return err;
	ifa = ipv6_get_ifaddr(&addr, m->ifa_index ? dev_get_by_index((int)m->ifa_index) : NULL);
	if (!ifa)
		return -EADDRNOTAVAIL;
	return nlmsg_answer(rq, IFA_MESSAGE_ROOM, RTM_NEWADDR, sizeof(*m), fill_ifa, &ifa->list);
}

/* ---- links ---- */

static int fill_conf(struct sk_buff *skb, const struct net_device *dev)
{
	bool quiet = dev->flags & IFF_LOOPBACK || dev->type == ARPHRD_NONE;
	s32 conf[60] = { [DEVCONF_ACCEPT_REDIRECTS] = 1, [DEVCONF_AUTOCONF] = 1, [DEVCONF_DAD_TRANSMITS] = 1, [DEVCONF_RTR_SOLICITS] = -1,
		[DEVCONF_RTR_SOLICIT_INTERVAL] = 4000, [DEVCONF_RTR_SOLICIT_DELAY] = 1000, [DEVCONF_TEMP_VALID_LFT] = 604800,
		[DEVCONF_TEMP_PREFERED_LFT] = 86400, [DEVCONF_REGEN_MAX_RETRY] = 3, [DEVCONF_MAX_DESYNC_FACTOR] = 600,
		[DEVCONF_MAX_ADDRESSES] = 16, [DEVCONF_ACCEPT_RA_DEFRTR] = 1, [DEVCONF_ACCEPT_RA_PINFO] = 1,
		[DEVCONF_ACCEPT_RA_RTR_PREF] = 1, [DEVCONF_RTR_PROBE_INTERVAL] = 60000, [DEVCONF_MLDV1_UNSOLICITED_REPORT_INTERVAL] = 10000,
		[DEVCONF_MLDV2_UNSOLICITED_REPORT_INTERVAL] = 1000, [DEVCONF_SUPPRESS_FRAG_NDISC] = 1, [DEVCONF_ACCEPT_RA_MTU] = 1,
		[DEVCONF_ACCEPT_RA_MIN_HOP_LIMIT] = 1, [DEVCONF_RTR_SOLICIT_MAX_INTERVAL] = 3600000, [DEVCONF_ENHANCED_DAD] = 1,
		[DEVCONF_RA_DEFRTR_METRIC] = 1024, [DEVCONF_IOAM6_ID] = 65535, [DEVCONF_IOAM6_ID_WIDE] = -1,
		[DEVCONF_NDISC_EVICT_NOCARRIER] = 1 };

	conf[DEVCONF_HOPLIMIT] = net_sysctl.ip6_hop_limit;
	conf[DEVCONF_MTU6] = (s32)dev->mtu;
	conf[DEVCONF_ACCEPT_RA] = net_sysctl.ip6_accept_ra;
	conf[DEVCONF_DISABLE_IPV6] = net_sysctl.ip6_disable_ipv6;
	conf[DEVCONF_USE_TEMPADDR] = quiet ? -1 : 0;
	conf[DEVCONF_ACCEPT_DAD] = dev->flags & IFF_LOOPBACK ? -1 : 1;
	return nla_put(skb, IFLA_INET6_CONF, sizeof(conf), conf);
}

/* The counters are the system's; they are shown as those of lo, by which nearly all goes. */
static int fill_stats(struct sk_buff *skb)
{
	u64 ip[IP_MIB_MAX], icmp[__ICMP6_MIB_MAX];

	memcpy(ip, net_mib.ip6, sizeof(ip));
	memcpy(icmp, net_mib.icmp6, sizeof(icmp));
	ip[0] = IP_MIB_MAX;
	icmp[0] = __ICMP6_MIB_MAX;
	return nla_put(skb, IFLA_INET6_STATS, sizeof(ip), ip) || nla_put(skb, IFLA_INET6_ICMP6STATS, sizeof(icmp), icmp) ? -EMSGSIZE : 0;
}

int inet6_fill_link_af(struct sk_buff *skb, const struct net_device *dev, u32 ext_filter)
{
	struct ifla_cacheinfo ci = { .max_reasm_len = IPV6_MAXPLEN, .tstamp = rtnl_clock(), .reachable_time = 30000, .retrans_time = 1000 };

	if (nla_put_u32(skb, IFLA_INET6_FLAGS, netif_running(dev) ? IF_READY : 0) || nla_put(skb, IFLA_INET6_CACHEINFO, sizeof(ci), &ci)
			|| fill_conf(skb, dev))
		return -EMSGSIZE;
	if (!(ext_filter & RTEXT_FILTER_SKIP_STATS) && dev == loopback_dev && fill_stats(skb))
		return -EMSGSIZE;
	return nla_put_in6(skb, IFLA_INET6_TOKEN, &in6addr_any) || nla_put_u8(skb, IFLA_INET6_ADDR_GEN_MODE,
		dev->flags & IFF_LOOPBACK ? IN6_ADDR_GEN_MODE_EUI64 : IN6_ADDR_GEN_MODE_NONE) ? -EMSGSIZE : 0;
}

static int fill_link(struct sk_buff *skb, struct nlmsghdr *nlh, const void *what)
{
	const struct net_device *dev = what;
	struct nlattr *nest;

	*(struct ifinfomsg *)nlmsg_data(nlh) = (struct ifinfomsg){ .ifi_family = AF_INET6, .ifi_type = dev->type,
		.ifi_index = dev->ifindex, .ifi_flags = dev->flags };
	if (nla_put_string(skb, IFLA_IFNAME, dev->name)
			|| (dev->addr_len && nla_put(skb, IFLA_ADDRESS, dev->addr_len, dev->dev_addr))
			|| nla_put_u32(skb, IFLA_MTU, dev->mtu) || nla_put_u8(skb, IFLA_OPERSTATE, dev_operstate(dev)))
		return -EMSGSIZE;
	nest = nla_nest_start(skb, IFLA_PROTINFO);
	if (!nest || inet6_fill_link_af(skb, dev, 0))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* RTM_GETLINK of AF_INET6: only what IPv6 has of a device. */
int inet6_dump_links(struct sk_buff *skb, struct netlink_callback *cb)
{
	const struct ifinfomsg *m = nlmsg_data(cb->nlh);
	const struct net_device *dev;

	if (cb->strict_check) {
		if (nlmsg_payload(cb->nlh) < sizeof(*m))
			return nl_refuse(cb->extack, -EINVAL, "ipv6: Invalid header for link dump request");
		if (nlmsg_payload(cb->nlh) > sizeof(*m))
			return nl_refuse(cb->extack, -EINVAL, "ipv6: Invalid data after header");
		if (m->__ifi_pad || m->ifi_type || m->ifi_flags || m->ifi_change || m->ifi_index)
			return nl_refuse(cb->extack, -EINVAL, "ipv6: Invalid values in header for dump request");
	}
	cb->seq = rtnl_generation;
	list_for_each_entry(dev, &net_devices, list) {
		if (dev->ifindex <= cb->args[0])
			continue;
		if (nlmsg_dump(skb, cb, RTM_NEWLINK, sizeof(struct ifinfomsg), 0, fill_link, dev))
			return nlmsg_dump_full(skb);
		cb->args[0] = dev->ifindex;
	}
	return 0;
}
