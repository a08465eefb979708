/* What routes of both families have in common as netlink tells them (net/core/rtnl_metrics.c). */
#ifndef UMK_NET_RTNL_METRICS_H
#define UMK_NET_RTNL_METRICS_H

#include "netlink.h"

/* The nest's values into metrics[RTAX_*], clamped as Linux does. 0 or -EINVAL. */
int rtnl_metrics_get(const struct nlattr *nest, u32 *metrics, struct netlink_ext_ack *extack);
int rtnl_metrics_put(struct sk_buff *skb, const u32 *metrics); /* 0 or -EMSGSIZE */
int rtnl_cacheinfo_put(struct sk_buff *skb, u32 refs, u64 expires, int error);
#define ROUTE_MESSAGE_ROOM 512 /* bytes of the largest message about a route */

#endif
