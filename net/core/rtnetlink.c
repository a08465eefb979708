/* NETLINK_ROUTE's table: which message of which family goes to whom, who may send it, and how dumps of all families are
 * joined. What the messages say is their subsystem's. */
#include "../rtnetlink.h"
#include "kerrno.h"
#include "ktime.h"
#include "ledger.h"
#include "sched.h"
#include "slab.h"
#include <linux/capability.h>
#include <linux/if_arp.h>

u32 rtnl_generation = 1;

struct rtnl_row {
	u8 family;
	u16 type;
	int (*doit)(struct nl_request *rq);
	int (*dumpit)(struct sk_buff *skb, struct netlink_callback *cb);
	bool split_done;
	u32 min_alloc;
};
static int dump_all(struct sk_buff *skb, struct netlink_callback *cb);

static const struct rtnl_row rows[] = {
	{ AF_UNSPEC, RTM_GETLINK, rtnl_getlink, rtnl_dump_links, true, 4096 },
	{ AF_UNSPEC, RTM_NEWLINK, rtnl_newlink },
	{ AF_UNSPEC, RTM_SETLINK, rtnl_setlink },
	{ AF_UNSPEC, RTM_DELLINK, rtnl_dellink },
	{ AF_UNSPEC, RTM_GETADDR, .dumpit = dump_all },
	{ AF_UNSPEC, RTM_GETROUTE, .dumpit = dump_all },
	{ AF_UNSPEC, RTM_GETNETCONF, .dumpit = dump_all },
	{ AF_UNSPEC, RTM_GETRULE, .dumpit = rule_dump },
	{ AF_UNSPEC, RTM_NEWNEIGH, neigh_rtm_new },
	{ AF_UNSPEC, RTM_DELNEIGH, neigh_rtm_del },
	{ AF_UNSPEC, RTM_GETNEIGH, neigh_rtm_get, neigh_dump },
	{ AF_UNSPEC, RTM_NEWQDISC, tc_modify_qdisc },
	{ AF_UNSPEC, RTM_DELQDISC, tc_del_qdisc },
	{ AF_UNSPEC, RTM_GETQDISC, tc_get_qdisc, tc_dump_qdisc },
	{ AF_INET, RTM_NEWADDR, inet_rtm_newaddr },
	{ AF_INET, RTM_DELADDR, inet_rtm_deladdr },
	{ AF_INET, RTM_GETADDR, .dumpit = inet_dump_ifaddr, .split_done = true },
	{ AF_INET, RTM_NEWROUTE, inet_rtm_newroute },
	{ AF_INET, RTM_DELROUTE, inet_rtm_delroute },
	{ AF_INET, RTM_GETROUTE, inet_rtm_getroute, inet_dump_fib, true },
	{ AF_INET, RTM_GETNETCONF, netconf_get4, netconf_dump4 },
	{ AF_INET6, RTM_GETLINK, .dumpit = inet6_dump_links },
	{ AF_INET6, RTM_NEWADDR, inet6_rtm_newaddr },
	{ AF_INET6, RTM_DELADDR, inet6_rtm_deladdr },
	{ AF_INET6, RTM_GETADDR, inet6_rtm_getaddr, inet6_dump_ifaddr },
	{ AF_INET6, RTM_GETMULTICAST, .dumpit = inet6_dump_ifmcaddr },
	{ AF_INET6, RTM_GETANYCAST, .dumpit = inet6_dump_none },
	{ AF_INET6, RTM_NEWROUTE, inet6_rtm_newroute },
	{ AF_INET6, RTM_DELROUTE, inet6_rtm_delroute },
	{ AF_INET6, RTM_GETROUTE, inet6_rtm_getroute, inet6_dump_fib },
	{ AF_INET6, RTM_GETNETCONF, netconf_get6, netconf_dump6 },
};

static const struct rtnl_row *find_row(u8 family, u16 type, bool dump)
{
	for (unsigned i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].family == family && rows[i].type == type && (dump ? rows[i].dumpit != NULL : rows[i].doit != NULL))
			return &rows[i];
	return NULL;
}

/* One family after the other; args[0] is where it stands, the others begin anew for each. */
static int dump_all(struct sk_buff *skb, struct netlink_callback *cb)
{
	static const u8 families[] = { AF_INET, AF_INET6 };
	long at = cb->args[0];
	int err = 0;

	for (; at < (long)ARRAY_SIZE(families); at++) {
		const struct rtnl_row *row = find_row(families[at], cb->nlh->nlmsg_type, true);

		memmove(cb->args, cb->args + 1, sizeof(cb->args) - sizeof(long));
		err = row ? row->dumpit(skb, cb) : 0;
		memmove(cb->args + 1, cb->args, sizeof(cb->args) - sizeof(long));
		cb->args[0] = at;
		if (err > 0)
			return err;
		if (err < 0 && err != -EMSGSIZE)
			return skb->len ? (int)skb->len : err;
		memset(cb->args + 1, 0, sizeof(cb->args) - sizeof(long));
		cb->prev_seq = cb->seq = 0;
	}
	cb->args[0] = at;
	return (int)skb->len;
}

static int rtnetlink_rcv(struct nl_request *rq)
{
	u16 type = rq->nlh->nlmsg_type;
	unsigned kind = (type - RTM_BASE) & 3;
	const struct rtnl_row *row;
	u8 family;

	if (type < RTM_BASE || type > RTM_MAX)
		return -EOPNOTSUPP;
	if (nlmsg_payload(rq->nlh) < sizeof(struct rtgenmsg))
		return 0;
	family = ((struct rtgenmsg *)nlmsg_data(rq->nlh))->rtgen_family;
	if (kind != 2 && !netlink_capable(rq, CAP_NET_ADMIN))
		return -EPERM;
	if (kind == 2 && rq->nlh->nlmsg_flags & NLM_F_DUMP) {
		row = find_row(family, type, true);
		row = row ? row : find_row(AF_UNSPEC, type, true);
		if (!row) {
			LEDGER("rtnetlink dump", (u64)family << 16 | type);
			return -EOPNOTSUPP;
		}
		return netlink_dump_start(rq, &(struct netlink_callback){ .dump = row->dumpit, .row = row,
			.split_done = row->split_done, .min_dump_alloc = row->min_alloc });
	}
	row = find_row(family, type, false);
	row = row ? row : find_row(AF_UNSPEC, type, false);
	if (!row) {
		LEDGER("rtnetlink message", (u64)family << 16 | type);
		return -EOPNOTSUPP;
	}
	if (kind == 1 && rq->nlh->nlmsg_flags & NLM_F_BULK)
		return nl_refuse(rq->extack, -EOPNOTSUPP, "Bulk delete is not supported");
	return row->doit(rq);
}

const struct netlink_kernel rtnetlink_kernel = { .protocol = NETLINK_ROUTE, .name = "route", .groups = RTNLGRP_MAX,
	.nonroot_recv = true, .rcv = rtnetlink_rcv };

u32 rtnl_clock(void)
{
	return (u32)(ktime_get() / (NSEC_PER_SEC / 100));
}

void rtnl_notify(struct sk_buff *skb, const struct nl_request *rq, u32 group)
{
	bool echo = rq && rq->nlh->nlmsg_flags & NLM_F_ECHO;

	if (!skb)
		return;
	if (echo) {
		struct sk_buff *copy = skb_clone(skb);

		if (copy)
			(void)nlmsg_reply(rq, copy);
	}
	netlink_broadcast_kernel(NETLINK_ROUTE, skb, echo ? rq->portid : 0, group);
}
