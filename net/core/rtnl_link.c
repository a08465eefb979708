/* RTM_*LINK: devices as netlink tells and changes them, rtnetlink(7). The attributes come in Linux's order. */
#include "../rtnetlink.h"
#include "../sch.h"
#include "kerrno.h"
#include "ledger.h"
#include "slab.h"
#include <linux/if.h>
#include <linux/if_arp.h>

/* Attributes since Linux 6.0; Debian 12's headers are older. */
enum { IFLA_DEVLINK_PORT_ = 62, IFLA_GSO_IPV4_MAX_SIZE_, IFLA_GRO_IPV4_MAX_SIZE_, IFLA_DPLL_PIN_, IFLA_MAX_PACING_OFFLOAD_HORIZON_,
	IFLA_NETNS_IMMUTABLE_, IFLA_HEADROOM_, IFLA_TAILROOM_ };
#ifndef RTEXT_FILTER_SKIP_STATS
#define RTEXT_FILTER_SKIP_STATS 8
#endif
#define QUEUES 1

static const struct nla_policy link_policy[IFLA_MAX + 1] = {
	[IFLA_IFNAME] = { NLA_STRING, IFNAMSIZ - 1 }, [IFLA_ALT_IFNAME] = { NLA_STRING, 127 }, [IFLA_ADDRESS] = { NLA_BINARY, 32 },
	[IFLA_BROADCAST] = { NLA_BINARY, 32 }, [IFLA_MAP] = { NLA_UNSPEC, sizeof(struct rtnl_link_ifmap) },
	[IFLA_MTU] = { NLA_U32 }, [IFLA_LINK] = { NLA_U32 }, [IFLA_MASTER] = { NLA_U32 }, [IFLA_CARRIER] = { NLA_U8 },
	[IFLA_TXQLEN] = { NLA_U32 }, [IFLA_WEIGHT] = { NLA_U32 }, [IFLA_OPERSTATE] = { NLA_U8 }, [IFLA_LINKMODE] = { NLA_U8 },
	[IFLA_LINKINFO] = { NLA_NESTED }, [IFLA_NET_NS_PID] = { NLA_U32 }, [IFLA_NET_NS_FD] = { NLA_U32 },
	[IFLA_IFALIAS] = { NLA_BINARY, 255 }, [IFLA_VFINFO_LIST] = { NLA_NESTED }, [IFLA_VF_PORTS] = { NLA_NESTED },
	[IFLA_PORT_SELF] = { NLA_NESTED }, [IFLA_AF_SPEC] = { NLA_NESTED }, [IFLA_EXT_MASK] = { NLA_U32 },
	[IFLA_PROMISCUITY] = { NLA_U32 }, [IFLA_NUM_TX_QUEUES] = { NLA_U32 }, [IFLA_NUM_RX_QUEUES] = { NLA_U32 },
	[IFLA_GSO_MAX_SEGS] = { NLA_U32 }, [IFLA_GSO_MAX_SIZE] = { NLA_U32 }, [IFLA_GRO_MAX_SIZE] = { NLA_U32 },
	[IFLA_CARRIER_CHANGES] = { NLA_U32 }, [IFLA_XDP] = { NLA_NESTED }, [IFLA_GROUP] = { NLA_U32 }, [IFLA_PROTO_DOWN] = { NLA_U8 },
	[IFLA_NEW_IFINDEX] = { NLA_U32 }, [IFLA_TARGET_NETNSID] = { NLA_U32 }, [IFLA_PROP_LIST] = { NLA_NESTED },
};
static const struct nla_policy linkinfo_policy[IFLA_INFO_MAX + 1] = { [IFLA_INFO_KIND] = { NLA_STRING },
	[IFLA_INFO_DATA] = { NLA_NESTED }, [IFLA_INFO_SLAVE_KIND] = { NLA_STRING }, [IFLA_INFO_SLAVE_DATA] = { NLA_NESTED } };

static const struct rtnl_link_ops *const link_kinds[] = { &dummy_link_ops, &tun_link_ops };

/* ---- telling ---- */

static int fill_numbers(struct sk_buff *skb, const struct net_device *dev)
{
	const struct { int type; u32 v; } numbers[] = { { IFLA_MTU, dev->mtu }, { IFLA_MIN_MTU, dev->min_mtu },
		{ IFLA_MAX_MTU, dev->max_mtu }, { IFLA_GROUP, dev->group }, { IFLA_PROMISCUITY, (u32)dev->promiscuity },
		{ IFLA_ALLMULTI, (u32)dev->allmulti }, { IFLA_NUM_TX_QUEUES, QUEUES }, { IFLA_GSO_MAX_SEGS, dev->gso_max_segs },
		{ IFLA_GSO_MAX_SIZE, dev->gso_max_size }, { IFLA_GRO_MAX_SIZE, 65536 }, { IFLA_GSO_IPV4_MAX_SIZE_, dev->gso_max_size },
		{ IFLA_GRO_IPV4_MAX_SIZE_, 65536 }, { IFLA_TSO_MAX_SIZE, dev->tso_max_size }, { IFLA_TSO_MAX_SEGS, 65535 },
		{ IFLA_MAX_PACING_OFFLOAD_HORIZON_, 0 }, { IFLA_NUM_RX_QUEUES, QUEUES } };
	int err = 0;

	for (unsigned i = 0; i < ARRAY_SIZE(numbers) && !err; i++)
		err = nla_put_u32(skb, numbers[i].type, numbers[i].v);
	return err;
}

static int fill_carrier(struct sk_buff *skb, const struct net_device *dev)
{
	u32 up = dev->carrier_up_count, down = dev->carrier_down_count;

	if (nla_put_u8(skb, IFLA_CARRIER, !dev->carrier_off) || nla_put_u32(skb, IFLA_CARRIER_CHANGES, up + down)
			|| nla_put_u32(skb, IFLA_CARRIER_UP_COUNT, up) || nla_put_u32(skb, IFLA_CARRIER_DOWN_COUNT, down))
		return -EMSGSIZE;
	return nla_put_u16(skb, IFLA_HEADROOM_, 0) || nla_put_u16(skb, IFLA_TAILROOM_, 0)
		|| nla_put_u8(skb, IFLA_PROTO_DOWN, dev->proto_down) ? -EMSGSIZE : 0;
}

static int fill_addresses(struct sk_buff *skb, const struct net_device *dev)
{
	if (!dev->addr_len)
		return 0;
	return nla_put(skb, IFLA_ADDRESS, dev->addr_len, dev->dev_addr) || nla_put(skb, IFLA_BROADCAST, dev->addr_len, dev->broadcast) ?
		-EMSGSIZE : 0;
}

static int fill_stats(struct sk_buff *skb, const struct net_device *dev)
{
	const struct netdev_stats *s = &dev->stats;
	u64 wide[25] = { s->rx_packets, s->tx_packets, s->rx_bytes, s->tx_bytes, s->rx_errors, s->tx_errors, s->rx_dropped,
		s->tx_dropped, s->multicast };
	u32 narrow[24];

	for (unsigned i = 0; i < ARRAY_SIZE(narrow); i++)
		narrow[i] = (u32)wide[i];
	return nla_put(skb, IFLA_STATS64, sizeof(wide), wide) || nla_put(skb, IFLA_STATS, sizeof(narrow), narrow) ? -EMSGSIZE : 0;
}

static int fill_kind(struct sk_buff *skb, const struct net_device *dev)
{
	struct nlattr *xdp = nla_nest_start(skb, IFLA_XDP), *info, *data;

	if (!xdp || nla_put_u8(skb, IFLA_XDP_ATTACHED, XDP_ATTACHED_NONE))
		return -EMSGSIZE;
	nla_nest_end(skb, xdp);
	if (!dev->link_ops)
		return 0;
	info = nla_nest_start(skb, IFLA_LINKINFO);
	if (!info || nla_put_string(skb, IFLA_INFO_KIND, dev->link_ops->kind))
		return -EMSGSIZE;
	if (dev->link_ops->fill_info) {
		data = nla_nest_start(skb, IFLA_INFO_DATA);
		if (!data || dev->link_ops->fill_info(skb, dev))
			return -EMSGSIZE;
		nla_nest_end(skb, data);
	}
	nla_nest_end(skb, info);
	return 0;
}

static int fill_families(struct sk_buff *skb, const struct net_device *dev, u32 ext_filter)
{
	struct nlattr *af = nla_nest_start(skb, IFLA_AF_SPEC), *nest;

	nest = af ? nla_nest_start(skb, AF_INET) : NULL;
	if (!nest || inet_fill_link_af(skb, dev))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	nest = nla_nest_start(skb, AF_INET6);
	if (!nest || inet6_fill_link_af(skb, dev, ext_filter))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	nla_nest_end(skb, af);
	return 0;
}

struct shown_link {
	const struct net_device *dev;
	u32 change, ext_filter;    /* IFF_*, RTEXT_FILTER_* */
};

static int fill_link(struct sk_buff *skb, struct nlmsghdr *nlh, const void *what)
{
	const struct shown_link *l = what;
	const struct net_device *dev = l->dev;
	struct rtnl_link_ifmap map;

	*(struct ifinfomsg *)nlmsg_data(nlh) = (struct ifinfomsg){ .ifi_type = dev->type, .ifi_index = dev->ifindex,
		.ifi_flags = dev->flags, .ifi_change = l->change };
	memset(&map, 0, sizeof(map));
	if (nla_put_string(skb, IFLA_IFNAME, dev->name) || nla_put_u32(skb, IFLA_TXQLEN, dev->tx_queue_len)
			|| nla_put_u8(skb, IFLA_OPERSTATE, dev_operstate(dev)) || nla_put_u8(skb, IFLA_LINKMODE, dev->linkmode)
			|| nla_put_u8(skb, IFLA_NETNS_IMMUTABLE_, dev->flags & IFF_LOOPBACK ? 1 : 0))
		return -EMSGSIZE;
	if (fill_numbers(skb, dev) || fill_carrier(skb, dev) || (dev->alias && nla_put_string(skb, IFLA_IFALIAS, dev->alias)))
		return -EMSGSIZE;
	if (fill_addresses(skb, dev) || fill_stats(skb, dev) || fill_kind(skb, dev))
		return -EMSGSIZE;
	if (nla_put_string(skb, IFLA_QDISC, qdisc_kind(dev)) || fill_families(skb, dev, l->ext_filter))
		return -EMSGSIZE;
	return nla_put(skb, IFLA_MAP, sizeof(map), &map) || nla_put(skb, IFLA_DEVLINK_PORT_ | NLA_F_NESTED, 0, NULL)
		|| nla_put(skb, IFLA_DPLL_PIN_ | NLA_F_NESTED, 0, NULL) ? -EMSGSIZE : 0;
}

void rtmsg_ifinfo(int type, struct net_device *dev, u32 change)
{
	struct shown_link l = { .dev = dev, .change = change };

	rtnl_changed();
	if (netlink_has_listeners(NETLINK_ROUTE, RTNLGRP_LINK))
		rtnl_notify(nlmsg_build(NLMSG_DEFAULT_SIZE, 0, 0, type, sizeof(struct ifinfomsg), 0, fill_link, &l), NULL, RTNLGRP_LINK);
}

/* ---- asking ---- */

/* The device that a request means, by index or by name; NULL with *err. *named: it named one at all. */
static struct net_device *find_device(const struct nl_request *rq, const struct nlattr **tb, int *err, bool *named)
{
	const struct ifinfomsg *ifm = nlmsg_data(rq->nlh);
	const struct nlattr *name = tb[IFLA_IFNAME] ? tb[IFLA_IFNAME] : tb[IFLA_ALT_IFNAME];
	struct net_device *dev = NULL;
	char text[128];

	*named = true;
	if (ifm->ifi_index > 0) {
		dev = dev_get_by_index(ifm->ifi_index);
	} else if (name) {
		nla_strscpy(text, name, sizeof(text));
		dev = dev_get_by_name(text);
	} else {
		*named = false;
	}
	*err = dev ? 0 : *named ? -ENODEV : -EINVAL;
	return dev;
}

/* Attributes of other network namespaces: there is one. */
static int check_namespaces(const struct nlattr **tb, struct netlink_ext_ack *extack)
{
	const struct nlattr *a = tb[IFLA_TARGET_NETNSID] ? tb[IFLA_TARGET_NETNSID] : tb[IFLA_NET_NS_FD] ? tb[IFLA_NET_NS_FD]
		: tb[IFLA_NET_NS_PID];

	if (!a)
		return 0;
	LEDGER("network namespace of a link", nla_type(a));
	NL_SET_BAD_ATTR(extack, a);
	return -EINVAL;
}

/* A strict request names the device and what of it is to be shown. */
static int check_getlink(const struct nl_request *rq, const struct nlattr **tb)
{
	const struct ifinfomsg *ifm = nlmsg_data(rq->nlh);
	bool strict = nlk_sk(rq->sk)->flags & NETLINK_F_STRICT_CHK;
	int err;

	if (strict && nlmsg_payload(rq->nlh) < sizeof(*ifm))
		return nl_refuse(rq->extack, -EINVAL, "Invalid header for get link");
	if (strict && (ifm->__ifi_pad || ifm->ifi_type || ifm->ifi_flags || ifm->ifi_change))
		return nl_refuse(rq->extack, -EINVAL, "Invalid values in header for get link request");
	err = nlmsg_parse(rq->nlh, sizeof(*ifm), tb, IFLA_MAX, link_policy, strict, rq->extack);
	for (int i = 1; strict && !err && i <= IFLA_MAX; i++)
		if (tb[i] && i != IFLA_IFNAME && i != IFLA_ALT_IFNAME && i != IFLA_EXT_MASK && i != IFLA_TARGET_NETNSID)
			return nl_refuse(rq->extack, -EINVAL, "Unsupported attribute in get link request");
	return err;
}

int rtnl_getlink(struct nl_request *rq)
{
	const struct nlattr *tb[IFLA_MAX + 1];
	struct shown_link l = { .change = 0 };
	bool named;
	int err = check_getlink(rq, tb);

	if (!err)
		err = check_namespaces(tb, rq->extack);
	if (err)
		return err;
	l.dev = find_device(rq, tb, &err, &named);
	if (!l.dev)
		return err;
	if (tb[IFLA_EXT_MASK])
		l.ext_filter = nla_get_u32(tb[IFLA_EXT_MASK]);
	return nlmsg_answer(rq, NLMSG_DEFAULT_SIZE, RTM_NEWLINK, sizeof(struct ifinfomsg), fill_link, &l);
}

/* What a dump is to show. */
struct link_filter {
	u32 ext_filter, master;
	char kind[16];
	bool on;
};

static int dump_filter(struct netlink_callback *cb, struct link_filter *f)
{
	const struct nlattr *tb[IFLA_MAX + 1], *info[IFLA_INFO_MAX + 1];
	const struct ifinfomsg *ifm = nlmsg_data(cb->nlh);
	size_t hdr = nlmsg_payload(cb->nlh) < sizeof(*ifm) ? sizeof(struct rtgenmsg) : sizeof(*ifm);
	int err;

	if (cb->strict_check) {
		if (hdr < sizeof(*ifm)) {
			NL_SET_ERR_MSG(cb->extack, "Invalid header for link dump");
			return -EINVAL;
		}
		if (ifm->ifi_type || ifm->ifi_flags || ifm->ifi_change) {
			NL_SET_ERR_MSG(cb->extack, "Invalid values in header for link dump request");
			return -EINVAL;
		}
		if (ifm->ifi_index) {
			NL_SET_ERR_MSG(cb->extack, "Filter by device index not supported for link dumps");
			return -EINVAL;
		}
	}
	err = nlmsg_parse(cb->nlh, hdr, tb, IFLA_MAX, link_policy, cb->strict_check, cb->extack);
	if (err)
		return cb->strict_check ? err : 0;
	for (int i = 1; cb->strict_check && i <= IFLA_MAX; i++)
		if (tb[i] && i != IFLA_EXT_MASK && i != IFLA_MASTER && i != IFLA_LINKINFO && i != IFLA_TARGET_NETNSID)
			return nl_refuse(cb->extack, -EINVAL, "Unsupported attribute in link dump request");
	if (tb[IFLA_EXT_MASK])
		f->ext_filter = nla_get_u32(tb[IFLA_EXT_MASK]);
	if (tb[IFLA_MASTER] && nla_get_u32(tb[IFLA_MASTER])) {
		f->master = nla_get_u32(tb[IFLA_MASTER]);
		f->on = true;
	}
	if (tb[IFLA_LINKINFO] && !nla_parse_nested(info, IFLA_INFO_MAX, tb[IFLA_LINKINFO], linkinfo_policy, false, NULL)
			&& info[IFLA_INFO_KIND]) {
		nla_strscpy(f->kind, info[IFLA_INFO_KIND], sizeof(f->kind));
		f->on = true;
	}
	return check_namespaces(tb, cb->extack);
}

static bool shown(const struct net_device *dev, const struct link_filter *f)
{
	if (f->master)
		return false; /* no device has a master */
	return !*f->kind || (dev->link_ops && !strcmp(dev->link_ops->kind, f->kind));
}

int rtnl_dump_links(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct link_filter f = { .ext_filter = 0 };
	const struct net_device *dev;
	int err = dump_filter(cb, &f);

	if (err)
		return err;
	cb->seq = rtnl_generation;
	list_for_each_entry(dev, &net_devices, list) {
		struct shown_link l = { .dev = dev, .ext_filter = f.ext_filter };

		if (dev->ifindex <= cb->args[0] || !shown(dev, &f))
			continue;
		if (nlmsg_dump(skb, cb, RTM_NEWLINK, sizeof(struct ifinfomsg), f.on ? NLM_F_DUMP_FILTERED : 0, fill_link, &l))
			return nlmsg_dump_full(skb);
		cb->args[0] = dev->ifindex;
	}
	return 0;
}

/* ---- changing ---- */

/* Segmentation limits. */
static int validate_gso(const struct net_device *dev, const struct nlattr **tb, struct netlink_ext_ack *extack)
{
	if (tb[IFLA_GSO_MAX_SIZE] && nla_get_u32(tb[IFLA_GSO_MAX_SIZE]) > max(dev->tso_max_size, 65536u)) {
		NL_SET_ERR_MSG(extack, "too big gso_max_size");
		return -EINVAL;
	}
	if (tb[IFLA_GSO_MAX_SEGS] && nla_get_u32(tb[IFLA_GSO_MAX_SEGS]) > 65535) {
		NL_SET_ERR_MSG(extack, "too big gso_max_segs");
		return -EINVAL;
	}
	return 0;
}

/* Lengths and numbers, before anything is changed. */
static int validate(const struct net_device *dev, const struct nlattr **tb, struct netlink_ext_ack *extack)
{
	static const u8 unsupported[] = { IFLA_VFINFO_LIST, IFLA_VF_PORTS, IFLA_PORT_SELF, IFLA_XDP, IFLA_PROP_LIST, IFLA_LINK_NETNSID };
	int err = check_namespaces(tb, extack);

	if (err)
		return err;
	if (dev && ((tb[IFLA_ADDRESS] && nla_len(tb[IFLA_ADDRESS]) < dev->addr_len)
			|| (tb[IFLA_BROADCAST] && nla_len(tb[IFLA_BROADCAST]) < dev->addr_len)))
		return -EINVAL;
	if (tb[IFLA_MAP])
		return -EOPNOTSUPP;
	if (tb[IFLA_MASTER] && nla_get_u32(tb[IFLA_MASTER])) {
		LEDGER("link attribute", IFLA_MASTER);
		return dev_get_by_index((int)nla_get_u32(tb[IFLA_MASTER])) ? -EOPNOTSUPP : -EINVAL;
	}
	for (unsigned i = 0; i < ARRAY_SIZE(unsupported); i++)
		if (tb[unsupported[i]]) {
			LEDGER("link attribute", unsupported[i]);
			NL_SET_BAD_ATTR(extack, tb[unsupported[i]]);
			return -EOPNOTSUPP;
		}
	return dev ? validate_gso(dev, tb, extack) : 0;
}

static int set_alias(struct net_device *dev, const struct nlattr *a)
{
	size_t size = strnlen(nla_data(a), (size_t)nla_len(a));
	char *alias = NULL;

	if (size) {
		alias = kstrndup(nla_data(a), size);
		if (!alias)
			return -ENOMEM;
	}
	kfree(dev->alias);
	dev->alias = alias;
	return 0;
}

static void set_gso(struct net_device *dev, const struct nlattr **tb, bool *modified)
{
	if (tb[IFLA_GSO_MAX_SIZE]) {
		u32 v = nla_get_u32(tb[IFLA_GSO_MAX_SIZE]);

		*modified |= dev->gso_max_size != v;
		dev->gso_max_size = min(v, 65536u);
	}
	if (tb[IFLA_GSO_MAX_SEGS]) {
		u32 v = nla_get_u32(tb[IFLA_GSO_MAX_SEGS]);

		*modified |= dev->gso_max_segs != v;
		dev->gso_max_segs = v;
	}
}

/* What a device can be made with, too: it is only stored. */
static void set_stored(struct net_device *dev, const struct nlattr **tb, bool *modified)
{
	if (tb[IFLA_GROUP]) {
		dev->group = nla_get_u32(tb[IFLA_GROUP]);
		*modified = true;
	}
	if (tb[IFLA_BROADCAST]) {
		memcpy(dev->broadcast, nla_data(tb[IFLA_BROADCAST]), dev->addr_len);
		*modified = true;
	}
	if (tb[IFLA_LINKMODE]) {
		dev->linkmode = nla_get_u8(tb[IFLA_LINKMODE]);
		*modified = true;
	}
	set_gso(dev, tb, modified);
}

static int set_plain(struct net_device *dev, const struct nlattr **tb, bool *modified)
{
	int err;

	set_stored(dev, tb, modified);
	if (tb[IFLA_IFALIAS]) {
		err = set_alias(dev, tb[IFLA_IFALIAS]);
		if (err)
			return err;
		*modified = true;
	}
	if (tb[IFLA_CARRIER]) {
		if (!dev->ops->can_set_carrier)
			return -EOPNOTSUPP;
		dev_set_carrier(dev, nla_get_u8(tb[IFLA_CARRIER]));
	}
	return tb[IFLA_PROTO_DOWN] ? -EOPNOTSUPP : 0;
}

/* The flags that a request asks for. */
static u32 wanted_flags(const struct nl_request *rq, const struct net_device *dev)
{
	const struct ifinfomsg *ifm = nlmsg_data(rq->nlh);
	u32 change = ifm->ifi_change ? ifm->ifi_change : ifm->ifi_flags ? ~0u : 0;

	return (ifm->ifi_flags & change) | (dev->flags & ~change);
}

static int change_link(const struct nl_request *rq, struct net_device *dev, const struct nlattr **tb)
{
	const struct ifinfomsg *ifm = nlmsg_data(rq->nlh);
	bool modified = false;
	char name[IFNAMSIZ];
	int err = validate(dev, tb, rq->extack);

	if (!err && tb[IFLA_ADDRESS])
		err = dev_set_mac_address(dev, nla_data(tb[IFLA_ADDRESS]));
	if (!err && tb[IFLA_MTU])
		err = dev_set_mtu(dev, (int)nla_get_u32(tb[IFLA_MTU]), rq->extack);
	if (!err && ifm->ifi_index > 0 && tb[IFLA_IFNAME]) {
		nla_strscpy(name, tb[IFLA_IFNAME], sizeof(name));
		err = *name ? dev_change_name(dev, name) : 0;
	}
	if (!err && tb[IFLA_TXQLEN])
		err = dev_set_tx_queue_len(dev, nla_get_u32(tb[IFLA_TXQLEN]));
	if (!err)
		err = set_plain(dev, tb, &modified);
	if (!err)
		err = dev_change_flags(dev, wanted_flags(rq, dev));
	if (modified)
		rtmsg_ifinfo(RTM_NEWLINK, dev, 0);
	return err;
}

int rtnl_setlink(struct nl_request *rq)
{
	const struct nlattr *tb[IFLA_MAX + 1];
	struct net_device *dev;
	bool named;
	int err = nlmsg_parse(rq->nlh, sizeof(struct ifinfomsg), tb, IFLA_MAX, link_policy, false, rq->extack);

	if (err)
		return err;
	dev = find_device(rq, tb, &err, &named);
	return dev ? change_link(rq, dev, tb) : err;
}

static int change_group(const struct nl_request *rq, const struct nlattr **tb)
{
	struct net_device *dev, *next;
	int err = 0;

	list_for_each_entry_safe(dev, next, &net_devices, list)
		if (!err && dev->group == nla_get_u32(tb[IFLA_GROUP]))
			err = change_link(rq, dev, tb);
	return err;
}

/* What a new device is before anybody hears of it. Other attributes are passed over at this point. */
static int init_link(struct net_device *dev, const struct nlattr **tb, struct netlink_ext_ack *extack)
{
	bool modified;
	int err = validate(dev, tb, extack);

	if (!err && tb[IFLA_MTU]) {
		err = dev_validate_mtu(dev, (int)nla_get_u32(tb[IFLA_MTU]), extack);
		dev->mtu = nla_get_u32(tb[IFLA_MTU]);
	}
	if (err)
		return err;
	if (tb[IFLA_TXQLEN])
		dev->tx_queue_len = nla_get_u32(tb[IFLA_TXQLEN]);
	set_stored(dev, tb, &modified);
	return 0;
}

static int create_link(struct nl_request *rq, const struct rtnl_link_ops *ops, const struct nlattr **tb)
{
	const struct ifinfomsg *ifm = nlmsg_data(rq->nlh);
	char pattern[IFNAMSIZ] = "", name[IFNAMSIZ];
	const u8 *addr = tb[IFLA_ADDRESS] ? nla_data(tb[IFLA_ADDRESS]) : NULL;
	struct net_device *dev;
	int err;

	if (tb[IFLA_IFNAME])
		nla_strscpy(pattern, tb[IFLA_IFNAME], sizeof(pattern));
	else
		ksnprintf(pattern, sizeof(pattern), "%s%%d", ops->kind);
	err = validate(NULL, tb, rq->extack);
	if (err)
		return err;
	if (addr && nla_len(tb[IFLA_ADDRESS]) < 6)
		return -EINVAL;
	err = dev_alloc_name(name, pattern);
	if (err)
		return err;
	if (ifm->ifi_index > 0) {
		LEDGER("index of a new link", ifm->ifi_index);
		return -EOPNOTSUPP;
	}
	if (tb[IFLA_LINK] && nla_get_u32(tb[IFLA_LINK])) {
		LEDGER("link attribute", IFLA_LINK);
		return -EOPNOTSUPP;
	}
	dev = ops->alloc(name, addr);
	if (IS_ERR(dev))
		return (int)PTR_ERR(dev);
	err = init_link(dev, tb, rq->extack);
	if (!err)
		err = list_netdevice(dev);
	if (err) {
		ops->free(dev);
		return err;
	}
	err = __dev_change_flags(dev, wanted_flags(rq, dev), ~0u);
	if (err)
		ops->dellink(dev);
	return err;
}

int rtnl_newlink(struct nl_request *rq)
{
	const struct nlattr *tb[IFLA_MAX + 1], *info[IFLA_INFO_MAX + 1] = { NULL };
	const struct ifinfomsg *ifm = nlmsg_data(rq->nlh);
	const struct rtnl_link_ops *ops = NULL;
	struct net_device *dev;
	char kind[16] = "";
	bool named;
	int err = nlmsg_parse(rq->nlh, sizeof(*ifm), tb, IFLA_MAX, link_policy, false, rq->extack);

	if (!err && tb[IFLA_LINKINFO])
		err = nla_parse_nested(info, IFLA_INFO_MAX, tb[IFLA_LINKINFO], linkinfo_policy, false, rq->extack);
	if (err)
		return err;
	if (info[IFLA_INFO_KIND])
		nla_strscpy(kind, info[IFLA_INFO_KIND], sizeof(kind));
	for (unsigned i = 0; i < ARRAY_SIZE(link_kinds); i++)
		if (!strcmp(kind, link_kinds[i]->kind))
			ops = link_kinds[i];
	if (ops && !ops->alloc) {
		NL_SET_ERR_MSG(rq->extack, ops->refuse);
		return -EOPNOTSUPP;
	}
	if (ifm->ifi_index < 0) {
		NL_SET_ERR_MSG(rq->extack, "ifindex can't be negative");
		return -EINVAL;
	}
	dev = find_device(rq, tb, &err, &named);
	if (dev) {
		if (rq->nlh->nlmsg_flags & NLM_F_EXCL)
			return -EEXIST;
		if (rq->nlh->nlmsg_flags & NLM_F_REPLACE || info[IFLA_INFO_DATA] || info[IFLA_INFO_SLAVE_DATA])
			return -EOPNOTSUPP;
		return change_link(rq, dev, tb);
	}
	if (!(rq->nlh->nlmsg_flags & NLM_F_CREATE))
		return named || !tb[IFLA_GROUP] ? -ENODEV : change_group(rq, tb);
	if (tb[IFLA_MAP] || tb[IFLA_PROTINFO])
		return -EOPNOTSUPP;
	if (!ops) {
		LEDGER("kind of link", 0);
		NL_SET_ERR_MSG(rq->extack, "Unknown device type");
		return -EOPNOTSUPP;
	}
	return create_link(rq, ops, tb);
}

static int delete_group(u32 group)
{
	struct net_device *dev, *next;
	bool found = false;

	if (!group)
		return -EPERM;
	list_for_each_entry(dev, &net_devices, list) {
		if (dev->group != group)
			continue;
		found = true;
		if (!dev->link_ops || !dev->link_ops->dellink)
			return -EOPNOTSUPP;
	}
	list_for_each_entry_safe(dev, next, &net_devices, list)
		if (dev->group == group)
			dev->link_ops->dellink(dev);
	return found ? 0 : -ENODEV;
}

int rtnl_dellink(struct nl_request *rq)
{
	const struct nlattr *tb[IFLA_MAX + 1];
	struct net_device *dev;
	bool named;
	int err = nlmsg_parse(rq->nlh, sizeof(struct ifinfomsg), tb, IFLA_MAX, link_policy, false, rq->extack);

	if (!err)
		err = check_namespaces(tb, rq->extack);
	if (err)
		return err;
	dev = find_device(rq, tb, &err, &named);
	if (!named && tb[IFLA_GROUP])
		return delete_group(nla_get_u32(tb[IFLA_GROUP]));
	if (!dev)
		return err;
	if (!dev->link_ops || !dev->link_ops->dellink)
		return -EOPNOTSUPP;
	dev->link_ops->dellink(dev);
	return 0;
}
