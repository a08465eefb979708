/* rtnetlink(7): what of links, addresses, routes, neighbours and qdiscs is told and changed by NETLINK_ROUTE. net/core/rtnetlink.c
 * has the table of messages. */
#ifndef UMK_NET_RTNETLINK_H
#define UMK_NET_RTNETLINK_H

#include "netlink.h"
#include "dev.h"
#include <linux/rtnetlink.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>

struct in_ifaddr;
struct inet6_ifaddr;
struct fib_route;
struct fib6_route;

/* Counts what has changed, so that dumps can say that they are not of one piece. Never 0. */
extern u32 rtnl_generation;
static inline void rtnl_changed(void) { rtnl_generation += rtnl_generation == ~0u ? 2 : 1; }

/* Hundredths of a second since boot: IFA_CACHEINFO's unit. */
u32 rtnl_clock(void);
/* A message for @group: takes over the buffer (NULL: there was no memory). @rq: whose request it was, or NULL. */
void rtnl_notify(struct sk_buff *skb, const struct nl_request *rq, u32 group);
/* Who asked, for the header of a notification. */
static inline u32 rq_portid(const struct nl_request *rq) { return rq ? rq->portid : 0; }
static inline u32 rq_seq(const struct nl_request *rq) { return rq ? rq->nlh->nlmsg_seq : 0; }

/* Links (rtnl_link.c). */
int rtnl_getlink(struct nl_request *rq);
int rtnl_dump_links(struct sk_buff *skb, struct netlink_callback *cb);
int rtnl_newlink(struct nl_request *rq);
int rtnl_setlink(struct nl_request *rq);
int rtnl_dellink(struct nl_request *rq);
/* A device has come, gone or changed. @change: the IFF_* that did. */
void rtmsg_ifinfo(int type, struct net_device *dev, u32 change);
/* The device's attributes of a family: IFLA_AF_SPEC's. 0 or -EMSGSIZE. */
int inet_fill_link_af(struct sk_buff *skb, const struct net_device *dev);
int inet6_fill_link_af(struct sk_buff *skb, const struct net_device *dev, u32 ext_filter);
int inet6_dump_links(struct sk_buff *skb, struct netlink_callback *cb);

/* IPv4 addresses (net/ipv4/ifa_netlink.c) and routes (fib_netlink.c). */
int inet_rtm_newaddr(struct nl_request *rq);
int inet_rtm_deladdr(struct nl_request *rq);
int inet_dump_ifaddr(struct sk_buff *skb, struct netlink_callback *cb);
void rtmsg_ifa(int type, const struct in_ifaddr *ifa, const struct nl_request *rq);
int inet_rtm_newroute(struct nl_request *rq);
int inet_rtm_delroute(struct nl_request *rq);
int inet_rtm_getroute(struct nl_request *rq);
int inet_dump_fib(struct sk_buff *skb, struct netlink_callback *cb);
void rtmsg_fib(int type, const struct fib_route *r, const struct nl_request *rq, unsigned flags);

/* IPv6 (net/ipv6/ifa_netlink.c, fib_netlink.c). */
int inet6_rtm_newaddr(struct nl_request *rq);
int inet6_rtm_deladdr(struct nl_request *rq);
int inet6_rtm_getaddr(struct nl_request *rq);
int inet6_dump_ifaddr(struct sk_buff *skb, struct netlink_callback *cb);
int inet6_dump_ifmcaddr(struct sk_buff *skb, struct netlink_callback *cb);
int inet6_dump_none(struct sk_buff *skb, struct netlink_callback *cb);
void inet6_rtmsg_ifa(int type, const struct inet6_ifaddr *ifa);
int inet6_rtm_newroute(struct nl_request *rq);
int inet6_rtm_delroute(struct nl_request *rq);
int inet6_rtm_getroute(struct nl_request *rq);
int inet6_dump_fib(struct sk_buff *skb, struct netlink_callback *cb);
void inet6_rtmsg_fib(int type, const struct fib6_route *r, const struct nl_request *rq, unsigned flags);

/* The rest: neighbours, rules, netconf (net/core/rtnl_misc.c); qdiscs (net/sched/sch_api.c). */
int neigh_rtm_new(struct nl_request *rq);
int neigh_rtm_del(struct nl_request *rq);
int neigh_rtm_get(struct nl_request *rq);
int neigh_dump(struct sk_buff *skb, struct netlink_callback *cb);
void neigh_flush_dev(const struct net_device *dev);
int rule_dump(struct sk_buff *skb, struct netlink_callback *cb);
void neigh_exit(void);
int netconf_get4(struct nl_request *rq);
int netconf_get6(struct nl_request *rq);
int netconf_dump4(struct sk_buff *skb, struct netlink_callback *cb);
int netconf_dump6(struct sk_buff *skb, struct netlink_callback *cb);
int tc_modify_qdisc(struct nl_request *rq);
int tc_get_qdisc(struct nl_request *rq);
int tc_del_qdisc(struct nl_request *rq);
int tc_dump_qdisc(struct sk_buff *skb, struct netlink_callback *cb);

#endif
