/* What addresses of both families have in common: lifetimes (net/core/ifa_lifetime.c). */
#ifndef UMK_NET_IFA_H
#define UMK_NET_IFA_H

#include "netlink.h"
#include <linux/if_addr.h>

#define INFINITY_LIFE_TIME 0xffffffffu
#ifndef IFA_PROTO
#define IFA_PROTO 11
#endif
#define IFA_MOST 11
enum { IFAPROT_UNSPEC_, IFAPROT_KERNEL_LO_, IFAPROT_KERNEL_RA_, IFAPROT_KERNEL_LL_ };

/* An address's times, in one place whatever its family. */
struct ifa_times {
	u32 *flags, *valid_lft, *preferred_lft, *tstamp;
};
/* Takes over the lifetimes of a request, in seconds: 0 or -EINVAL. Permanent unless valid is finite. */
int ifa_set_lifetime(struct ifa_times *t, u32 valid, u32 preferred);
/* What is left of them, as IFA_CACHEINFO tells it. */
struct ifa_cacheinfo ifa_cacheinfo_now(u32 flags, u32 valid, u32 preferred, u32 cstamp, u32 tstamp);
void ifa_lifetime_check(void); /* something has changed: looks when the next address ends */
void ifa_lifetime_init(void);
void ifa_lifetime_exit(void);

#endif
