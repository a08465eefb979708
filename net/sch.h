/* Queueing disciplines, tc(8): one at each device's root (net/sched/sch_api.c). Devices here are never busy, so the plain queues
 * are always empty: netem alone holds packets back (net/core/netem.c). */
#ifndef UMK_NET_SCH_H
#define UMK_NET_SCH_H

#include "dev.h"

const char *qdisc_kind(const struct net_device *dev);
bool qdisc_has_room(const struct net_device *dev, u32 len); /* for a packet of @len bytes: a fifo's limit may be nothing */
void qdisc_detach(struct net_device *dev); /* the device goes */

/* netem's parameters; chances in 1/2^32. */
struct netem_chance { u32 probability, correlation; };
struct netem_options {
	u32 limit, gap;            /* packets */
	u64 delay, jitter;         /* ns */
	u64 rate;                  /* bytes a second, 0: no bound */
	struct netem_chance delay_corr, loss, duplicate, corrupt, reorder;
};
/* The device's netem, made if there is none: 0 or -ENOMEM. */
int netem_set(struct net_device *dev, const struct netem_options *o);
bool netem_get(const struct net_device *dev, struct netem_options *o, u32 *qlen, u32 *backlog); /* false: none */
void netem_detach(struct net_device *dev); /* what waits is dropped */

#endif
