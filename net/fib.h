/* What the routing tables of IPv4 and IPv6 have in common (net/core/fib_common.c): the order of routes, and how netlink lists
 * them. */
#ifndef UMK_NET_FIB_H
#define UMK_NET_FIB_H

#include "dst.h"
#include "netlink.h"
#include <linux/rtnetlink.h>

/* What a route of either family begins with. */
struct fib_common {
	struct list_head list;     /* of lookups */
	struct list_head order;    /* as routes are told */
	u32 table;                 /* RT_TABLE_* */
	u8 prefixlen, protocol, scope, type; /* RTPROT_*, RT_SCOPE_*, RTN_* */
	struct net_device *dev;    /* IPv4: NULL: unreachable, blackhole, prohibit, throw */
	u32 metric;                /* priority: the least counts */
	u32 flags;                 /* RTNH_F_ONLINK */
};

/* The routes of a family, all tables together, in two orders. */
struct fib_set {
	struct list_head routes;   /* as lookups go */
	struct list_head order;    /* as Linux tells them */
	u32 count, boot_count;
	/* Below 0: @a comes first. 0: they are alternatives. */
	int (*cmp_lookup)(const struct fib_common *a, const struct fib_common *b);
	int (*cmp_order)(const struct fib_common *a, const struct fib_common *b);
};
#define FIB_SET_INIT(name, lookup, told) { .routes = LIST_HEAD_INIT((name).routes), .order = LIST_HEAD_INIT((name).order),   \
	.cmp_lookup = lookup, .cmp_order = told }
extern struct fib_set fib4_set, fib6_set;
#define FIB_MOST 1000000 /* routes of a family: guests could make any number */

static inline int fib_cmp(u32 a, u32 b) { return a < b ? -1 : a > b; }
/* Adds @n, behind its alternatives if @append, else ahead of them. */
void fib_link(struct fib_set *s, struct fib_common *n, bool append);
void fib_unlink(struct fib_set *s, struct fib_common *r);

/* ---- dumps ---- */
struct fib_dump {
	const struct fib_set *set;
	u8 family;
	const char *no_table;      /* what a request for a table without routes is told */
	bool filtered_if_strict;   /* NLM_F_DUMP_FILTERED also when a strict request filters nothing */
	bool end_apart;            /* the end comes in a datagram of its own */
	nlmsg_fill fill;           /* says what a struct fib_common is */
};
/* 0 at the end, above 0: there is more; -EINVAL, -ENOENT, -ENODEV, -EMSGSIZE. */
int fib_dump(struct sk_buff *skb, struct netlink_callback *cb, const struct fib_dump *d);
extern const struct nla_policy rtm_ipv4_policy[RTA_MAX + 1];

#endif
