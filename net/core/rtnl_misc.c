/* RTM_*NEIGH, RTM_GETRULE and RTM_GETNETCONF, rtnetlink(7). No device here has neighbours that must be asked for their
 * address; what is entered by hand is kept and told, as on Linux's devices without ARP. Rules are those of the start. */
#include "../ip.h"
#include "../ipv6.h"
#include "../proc.h"
#include "../rtnetlink.h"
#include "kerrno.h"
#include "ledger.h"
#include "slab.h"
#include <linux/fib_rules.h>
#include <linux/if.h>
#include <linux/neighbour.h>
#include <linux/netconf.h>

/* ---- neighbours ---- */

#define MESSAGE_ROOM 256 /* bytes of the largest of these messages */
#define NEIGH_MOST 1024 /* net.ipv4.neigh.default.gc_thresh3 */

struct neighbour {
	struct list_head list;
	struct net_device *dev;
	u8 family, flags, protocol;
	u16 state;                 /* NUD_* */
	u8 key[16], lladdr[32];
	u64 updated;               /* ktime */
};
static LIST_HEAD(neighbours);
static u32 neighbour_count;

static const struct nla_policy neigh_policy[NDA_MAX + 1] = { [NDA_DST] = { NLA_BINARY, 32 }, [NDA_LLADDR] = { NLA_BINARY, 32 },
	[NDA_CACHEINFO] = { NLA_UNSPEC, sizeof(struct nda_cacheinfo) }, [NDA_PROBES] = { NLA_U32 }, [NDA_VLAN] = { NLA_U16 },
	[NDA_PORT] = { NLA_U16 }, [NDA_VNI] = { NLA_U32 }, [NDA_IFINDEX] = { NLA_U32 }, [NDA_MASTER] = { NLA_U32 },
	[NDA_PROTOCOL] = { NLA_U8 }, [NDA_FLAGS_EXT] = { NLA_U32 } };

static size_t key_size(u8 family) { return family == AF_INET ? 4 : 16; }

static void neigh_free(struct neighbour *n)
{
	list_del(&n->list);
	neighbour_count--;
	kfree(n);
}

static u8 neigh_type(const struct neighbour *n)
{
	__be32 addr;

	if (n->family == AF_INET6)
		return n->key[0] == 0xff ? RTN_MULTICAST : n->dev->flags & IFF_LOOPBACK ? RTN_LOCAL : RTN_UNICAST;
	memcpy(&addr, n->key, sizeof(addr));
	return (u8)inet_addr_type(addr);
}

static int fill_neigh(struct sk_buff *skb, struct nlmsghdr *nlh, const void *what)
{
	const struct neighbour *n = what;
	u32 age = (u32)((ktime_get() - n->updated) / (NSEC_PER_SEC / 100));
	struct nda_cacheinfo ci = { .ndm_confirmed = age, .ndm_used = age, .ndm_updated = age };

	*(struct ndmsg *)nlmsg_data(nlh) = (struct ndmsg){ .ndm_family = n->family, .ndm_ifindex = n->dev->ifindex,
		.ndm_state = n->state, .ndm_flags = n->flags, .ndm_type = neigh_type(n) };
	if (nla_put(skb, NDA_DST, key_size(n->family), n->key)
			|| (n->state & (NUD_PERMANENT | NUD_NOARP | NUD_REACHABLE | NUD_PROBE | NUD_STALE | NUD_DELAY)
				&& nla_put(skb, NDA_LLADDR, n->dev->addr_len, n->lladdr))
			|| nla_put_u32(skb, NDA_PROBES, 0) || nla_put(skb, NDA_CACHEINFO, sizeof(ci), &ci)
			|| (n->protocol && nla_put_u8(skb, NDA_PROTOCOL, n->protocol)))
		return -EMSGSIZE;
	return 0;
}

static void neigh_notify(int type, const struct neighbour *n, const struct nl_request *rq)
{
	rtnl_changed();
	if (rq || netlink_has_listeners(NETLINK_ROUTE, RTNLGRP_NEIGH))
		rtnl_notify(nlmsg_build(MESSAGE_ROOM, rq_portid(rq), rq_seq(rq), type, sizeof(struct ndmsg), 0, fill_neigh, n), rq,
			RTNLGRP_NEIGH);
}

void neigh_flush_dev(const struct net_device *dev)
{
	struct neighbour *n, *next;

	list_for_each_entry_safe(n, next, &neighbours, list) {
		if (n->dev != dev)
			continue;
		neigh_notify(RTM_DELNEIGH, n, NULL);
		neigh_free(n);
	}
}

void neigh_exit(void)
{
	struct neighbour *n, *next;

	list_for_each_entry_safe(n, next, &neighbours, list)
		neigh_free(n);
}

/* What a request is about: 0 or -errno. *found: the entry, or NULL. */
static int neigh_parse(const struct nl_request *rq, const struct nlattr **tb, struct neighbour *key, struct neighbour **found)
{
	const struct ndmsg *m;
	struct neighbour *n;
	int err = nlmsg_parse(rq->nlh, sizeof(*m), tb, NDA_MAX, neigh_policy, false, rq->extack);

	if (err)
		return err;
	m = nlmsg_data(rq->nlh);
	*key = (struct neighbour){ .family = m->ndm_family, .state = m->ndm_state, .flags = m->ndm_flags };
	*found = NULL;
	if (!tb[NDA_DST])
		return nl_refuse(rq->extack, -EINVAL, "Network address not specified");
	if (m->ndm_ifindex) {
		key->dev = dev_get_by_index(m->ndm_ifindex);
		if (!key->dev)
			return -ENODEV;
		if (tb[NDA_LLADDR] && nla_len(tb[NDA_LLADDR]) < key->dev->addr_len)
			return nl_refuse(rq->extack, -EINVAL, "Invalid link address");
	}
	if (key->family != AF_INET && key->family != AF_INET6)
		return -EAFNOSUPPORT;
	if (nla_len(tb[NDA_DST]) < (int)key_size(key->family))
		return nl_refuse(rq->extack, -EINVAL, "Invalid network address");
	if (m->ndm_flags & NTF_PROXY) {
		LEDGER("proxy neighbour", m->ndm_flags);
		return -EOPNOTSUPP;
	}
	if (!key->dev)
		return nl_refuse(rq->extack, -EINVAL, "Device not specified");
	if (key->family == AF_INET && key->dev->mtu < IPV4_MIN_MTU)
		return -EINVAL;
	/* Such devices have one neighbour in all. */
	if (key->family == AF_INET6 || !(key->dev->flags & (IFF_LOOPBACK | IFF_POINTOPOINT)))
		memcpy(key->key, nla_data(tb[NDA_DST]), key_size(key->family));
	list_for_each_entry(n, &neighbours, list)
		if (n->dev == key->dev && n->family == key->family && !memcmp(n->key, key->key, sizeof(n->key)))
			*found = n;
	return 0;
}

int neigh_rtm_new(struct nl_request *rq)
{
	const struct nlattr *tb[NDA_MAX + 1];
	struct neighbour key, *n;
	unsigned flags = rq->nlh->nlmsg_flags;
	bool changed = false;
	u16 old;
	int err = neigh_parse(rq, tb, &key, &n);

	if (err)
		return err;
	if (!n) {
		if (!(flags & NLM_F_CREATE))
			return -ENOENT;
		n = neighbour_count < NEIGH_MOST ? kmemdup(&key, sizeof(key)) : NULL;
		if (!n)
			return -ENOBUFS;
		list_add_tail(&n->list, &neighbours);
		neighbour_count++;
		/* Of devices that never ask, nothing is new in that. */
		old = n->dev->flags & (IFF_NOARP | IFF_LOOPBACK | IFF_POINTOPOINT) ? NUD_NOARP : NUD_NONE;
	} else {
		if (flags & NLM_F_EXCL)
			return -EEXIST;
		old = n->state;
		if (flags & NLM_F_REPLACE || !(n->state & (NUD_PERMANENT | NUD_NOARP)))
			n->state = key.state;
	}
	if (tb[NDA_LLADDR]) {
		changed = memcmp(n->lladdr, nla_data(tb[NDA_LLADDR]), n->dev->addr_len);
		memcpy(n->lladdr, nla_data(tb[NDA_LLADDR]), n->dev->addr_len);
	}
	n->protocol = tb[NDA_PROTOCOL] ? nla_get_u8(tb[NDA_PROTOCOL]) : n->protocol;
	n->updated = ktime_get();
	if (changed || n->state != old)
		neigh_notify(RTM_NEWNEIGH, n, rq);
	return 0;
}

int neigh_rtm_del(struct nl_request *rq)
{
	const struct nlattr *tb[NDA_MAX + 1];
	struct neighbour key, *n;
	int err = neigh_parse(rq, tb, &key, &n);

	if (err)
		return err;
	if (!n)
		return -ENOENT;
	n->state = NUD_FAILED;
	neigh_notify(RTM_DELNEIGH, n, rq);
	neigh_free(n);
	return 0;
}

/* What asks for one has an address and nothing else. 0, -EINVAL, -EAFNOSUPPORT. */
static int neigh_check_get(const struct nl_request *rq)
{
	const struct ndmsg *m = nlmsg_data(rq->nlh);
	struct netlink_ext_ack *extack = rq->extack;
	const struct nlattr *tb[NDA_MAX + 1];
	int err;

	if (nlmsg_payload(rq->nlh) < sizeof(*m))
		return nl_refuse(extack, -EINVAL, "Invalid header for neighbor get request");
	if (m->ndm_pad1 || m->ndm_pad2 || m->ndm_state || m->ndm_type)
		return nl_refuse(extack, -EINVAL, "Invalid values in header for neighbor get request");
	if (m->ndm_flags & ~NTF_PROXY)
		return nl_refuse(extack, -EINVAL, "Invalid flags in header for neighbor get request");
	err = nlmsg_parse(rq->nlh, sizeof(*m), tb, NDA_MAX, neigh_policy, true, extack);
	if (err)
		return err;
	if (m->ndm_family != AF_INET && m->ndm_family != AF_INET6)
		return nl_refuse(extack, -EAFNOSUPPORT, "Unsupported family in header for neighbor get request");
	for (int i = 1; i <= NDA_MAX; i++) {
		if (tb[i] && i != NDA_DST)
			return nl_refuse(extack, -EINVAL, "Unsupported attribute in neighbor get request");
		if (tb[i] && nla_len(tb[i]) != (int)key_size(m->ndm_family))
			return nl_refuse(extack, -EINVAL, "Invalid network address in neighbor get request");
	}
	return 0;
}

int neigh_rtm_get(struct nl_request *rq)
{
	const struct nlattr *tb[NDA_MAX + 1];
	struct neighbour key, *n;
	int err = neigh_check_get(rq);

	if (!err)
		err = neigh_parse(rq, tb, &key, &n);
	if (err)
		return err == -ENODEV ? nl_refuse(rq->extack, err, "Unknown device ifindex") : err;
	if (!n)
		return nl_refuse(rq->extack, -ENOENT, "Neighbour entry not found");
	return nlmsg_answer(rq, MESSAGE_ROOM, RTM_NEWNEIGH, sizeof(struct ndmsg), fill_neigh, n);
}

int neigh_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	const struct ndmsg *m = nlmsg_data(cb->nlh);
	const struct nlattr *tb[NDA_MAX + 1];
	struct neighbour *n;
	u32 ifindex = 0;
	long at = 0;
	int err = nlmsg_payload(cb->nlh) >= sizeof(*m) ? nlmsg_parse(cb->nlh, sizeof(*m), tb, NDA_MAX, neigh_policy,
		cb->strict_check, cb->extack) : cb->strict_check ? -EINVAL : 1;

	if (err < 0)
		return err;
	if (cb->strict_check && (m->ndm_pad1 || m->ndm_pad2 || m->ndm_ifindex || m->ndm_state || m->ndm_type))
		return nl_refuse(cb->extack, -EINVAL, "Invalid values in header for neighbor dump request");
	if (!err && tb[NDA_IFINDEX])
		ifindex = nla_get_u32(tb[NDA_IFINDEX]);
	if (!err && (tb[NDA_MASTER] || m->ndm_flags & NTF_PROXY))
		return 0;
	cb->seq = rtnl_generation;
	list_for_each_entry(n, &neighbours, list) {
		if (at++ < cb->args[0] || (m->ndm_family && m->ndm_family != n->family) || (ifindex && n->dev->ifindex != (int)ifindex))
			continue;
		if (nlmsg_dump(skb, cb, RTM_NEWNEIGH, sizeof(*m), ifindex ? NLM_F_DUMP_FILTERED : 0, fill_neigh, n)) {
			cb->args[0] = at - 1;
			return nlmsg_dump_full(skb);
		}
	}
	cb->args[0] = at;
	return (int)skb->len;
}

/* ---- rules ---- */

struct rule {
	u8 family;
	u32 table, priority;
};
static const struct rule rules[] = { { AF_INET, RT_TABLE_LOCAL, 0 }, { AF_INET, RT_TABLE_MAIN, 32766 },
	{ AF_INET, RT_TABLE_DEFAULT, 32767 }, { AF_INET6, RT_TABLE_LOCAL, 0 }, { AF_INET6, RT_TABLE_MAIN, 32766 } };

static int fill_rule(struct sk_buff *skb, struct nlmsghdr *nlh, const void *what)
{
	const struct rule *r = what;

	*(struct fib_rule_hdr *)nlmsg_data(nlh) = (struct fib_rule_hdr){ .family = r->family, .table = (u8)r->table,
		.action = FR_ACT_TO_TBL };
	return nla_put_u32(skb, FRA_TABLE, r->table) || nla_put_u32(skb, FRA_SUPPRESS_PREFIXLEN, ~0u)
		|| nla_put_u8(skb, FRA_PROTOCOL, RTPROT_KERNEL) || (r->priority && nla_put_u32(skb, FRA_PRIORITY, r->priority)) ?
		-EMSGSIZE : 0;
}

int rule_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	u8 family = ((struct rtgenmsg *)nlmsg_data(cb->nlh))->rtgen_family;

	if (cb->strict_check && nlmsg_payload(cb->nlh) < sizeof(struct fib_rule_hdr))
		return nl_refuse(cb->extack, -EINVAL, "Invalid header for fib rule dump request");
	if (family && family != AF_INET && family != AF_INET6)
		return -EAFNOSUPPORT;
	for (; cb->args[0] < (long)ARRAY_SIZE(rules); cb->args[0]++) {
		const struct rule *r = &rules[cb->args[0]];

		if (family && r->family != family)
			continue;
		if (nlmsg_dump(skb, cb, RTM_NEWRULE, sizeof(struct fib_rule_hdr), 0, fill_rule, r))
			return nlmsg_dump_full(skb);
	}
	return 0;
}

/* ---- netconf ---- */

struct netconf {
	u8 family;
	int ifindex;               /* or NETCONFA_IFINDEX_* */
};

static int fill_netconf(struct sk_buff *skb, struct nlmsghdr *nlh, const void *what)
{
	const struct netconf *c = what;
	bool v4 = c->family == AF_INET;

	((struct netconfmsg *)nlmsg_data(nlh))->ncm_family = c->family;
	if (nla_put_u32(skb, NETCONFA_IFINDEX, (u32)c->ifindex) || nla_put_u32(skb, NETCONFA_FORWARDING, v4 ? (u32)net_sysctl.ip_forward : 0)
			|| (v4 && nla_put_u32(skb, NETCONFA_RP_FILTER, (u32)net_sysctl.rp_filter)) || nla_put_u32(skb, NETCONFA_MC_FORWARDING, 0)
			|| (v4 && nla_put_u32(skb, NETCONFA_BC_FORWARDING, 0)) || nla_put_u32(skb, NETCONFA_PROXY_NEIGH, 0)
			|| nla_put_u32(skb, NETCONFA_IGNORE_ROUTES_WITH_LINKDOWN, 0))
		return -EMSGSIZE;
	return 0;
}

static int netconf_get(struct nl_request *rq, u8 family)
{
	static const struct nla_policy policy[NETCONFA_MAX + 1] = { [NETCONFA_IFINDEX] = { NLA_U32 } };
	const struct nlattr *tb[NETCONFA_MAX + 1];
	struct netconf c = { .family = family };
	int err = nlmsg_parse(rq->nlh, sizeof(struct netconfmsg), tb, NETCONFA_MAX, policy, false, rq->extack);

	if (err)
		return err;
	if (!tb[NETCONFA_IFINDEX])
		return -EINVAL;
	c.ifindex = (int)nla_get_u32(tb[NETCONFA_IFINDEX]);
	if (c.ifindex != NETCONFA_IFINDEX_ALL && c.ifindex != NETCONFA_IFINDEX_DEFAULT && !dev_get_by_index(c.ifindex))
		return -EINVAL;
	return nlmsg_answer(rq, MESSAGE_ROOM, RTM_NEWNETCONF, sizeof(struct netconfmsg), fill_netconf, &c);
}

/* Every device, then "all" and "default". args[0]: the last index told; args[1]: how many of those two. */
static int netconf_dump(struct sk_buff *skb, struct netlink_callback *cb, u8 family)
{
	static const int general[] = { NETCONFA_IFINDEX_ALL, NETCONFA_IFINDEX_DEFAULT };
	struct netconf c = { .family = family };
	const struct net_device *dev;
	size_t size = nlmsg_payload(cb->nlh);

	if (cb->strict_check && size < sizeof(struct netconfmsg))
		return nl_refuse(cb->extack, -EINVAL, family == AF_INET ? "ipv4: Invalid header for netconf dump request"
			: "ipv6: Invalid header for netconf dump request");
	if (cb->strict_check && size > NLMSG_ALIGN(sizeof(struct netconfmsg)))
		return nl_refuse(cb->extack, -EINVAL, family == AF_INET ? "ipv4: Invalid data after header in netconf dump request"
			: "ipv6: Invalid data after header in netconf dump request");
	cb->seq = rtnl_generation;
	list_for_each_entry(dev, &net_devices, list) {
		if (dev->ifindex <= cb->args[0])
			continue;
		c.ifindex = dev->ifindex;
		if (nlmsg_dump(skb, cb, RTM_NEWNETCONF, sizeof(struct netconfmsg), 0, fill_netconf, &c))
			return nlmsg_dump_full(skb);
		cb->args[0] = dev->ifindex;
	}
	for (; cb->args[1] < 2; cb->args[1]++) {
		c.ifindex = general[cb->args[1]];
		if (nlmsg_dump(skb, cb, RTM_NEWNETCONF, sizeof(struct netconfmsg), 0, fill_netconf, &c))
			return nlmsg_dump_full(skb);
	}
	return 0;
}

int netconf_get4(struct nl_request *rq) { return netconf_get(rq, AF_INET); }
int netconf_get6(struct nl_request *rq) { return netconf_get(rq, AF_INET6); }
int netconf_dump4(struct sk_buff *skb, struct netlink_callback *cb) { return netconf_dump(skb, cb, AF_INET); }
int netconf_dump6(struct sk_buff *skb, struct netlink_callback *cb) { return netconf_dump(skb, cb, AF_INET6); }

/* ---- /proc/net/arp ---- */

void proc_arp_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	const struct neighbour *n;

	seq_puts(s, "IP address       HW type     Flags       HW address            Mask     Device\n");
	list_for_each_entry(n, &neighbours, list) {
		char ip[16], hw[32] = "";
		size_t at = 0;

		if (n->family != AF_INET || n->state & NUD_NOARP)
			continue;
		ksnprintf(ip, sizeof(ip), "%u.%u.%u.%u", n->key[0], n->key[1], n->key[2], n->key[3]);
		for (unsigned i = 0; i < n->dev->addr_len && at + 3 < sizeof(hw); i++)
			at += (size_t)ksnprintf(hw + at, sizeof(hw) - at, "%s%02x", i ? ":" : "", n->lladdr[i]);
		seq_printf(s, "%-16s 0x%-10x0x%-10x%-17s     *        %s\n", ip, n->dev->type, n->state & NUD_PERMANENT ? 6 : 2, hw, n->dev->name);
	}
}
