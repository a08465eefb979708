/* What addresses of both families have in common: lifetimes (net/core/ifa_lifetime.c), and how netlink tells them
 * (net/core/ifa_netlink.c). */
#ifndef UMK_NET_IFA_H
#define UMK_NET_IFA_H

#include "netlink.h"
#include <linux/if_addr.h>

#define INFINITY_LIFE_TIME 0xffffffffu
#ifndef IFA_PROTO
#define IFA_PROTO 11
#endif
#define IFA_MOST 11
#define IFA_MESSAGE_ROOM 256 /* bytes of the largest message about an address */
enum { IFAPROT_UNSPEC_, IFAPROT_KERNEL_LO_, IFAPROT_KERNEL_RA_, IFAPROT_KERNEL_LL_ };

/* An address's times, in one place whatever its family. */
struct ifa_times {
	u32 *flags, *valid_lft, *preferred_lft, *tstamp;
};
/* What is left of them, as IFA_CACHEINFO tells it. */
struct ifa_cacheinfo ifa_cacheinfo_now(u32 flags, u32 valid, u32 preferred, u32 cstamp, u32 tstamp);
/* The same of IFA_CACHEINFO, if the request has it; for ever if not. */
int ifa_get_lifetime(struct ifa_times *t, const struct nlattr *cacheinfo);
void ifa_lifetime_check(void); /* something has changed: looks when the next address ends */
void ifa_lifetime_init(void);
void ifa_lifetime_exit(void);

/* A dump of addresses. */
struct ifa_dump {
	const char *bad_header, *bad_values, *bad_netns, *bad_attr; /* what a strict request that is refused is told */
	const struct nla_policy *policy;  /* of IFA_MOST + 1 rows */
	size_t head;                      /* offset in struct net_device of the list of addresses */
	int type;                         /* of the messages */
	/* Says what the address at @pos of @head's list is. */
	int (*fill)(struct sk_buff *skb, struct nlmsghdr *nlh, const void *pos);
};
#define IFA_DUMP_TEXTS(family) .bad_header = family ": Invalid header for address dump request",             \
	.bad_values = family ": Invalid values in header for address dump request",                            \
	.bad_netns = family ": Invalid target network namespace id",                                            \
	.bad_attr = family ": Unsupported attribute in dump request"
int ifa_dump(struct sk_buff *skb, struct netlink_callback *cb, const struct ifa_dump *d);
/* Tells what is on a list of each device, or of the one with index @only if that is not 0, without a look at the request. */
int ifa_dump_lists(struct sk_buff *skb, struct netlink_callback *cb, const struct ifa_dump *d, u32 only);

#endif
