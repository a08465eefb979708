/* Addresses that end: after their preferred lifetime they are deprecated, after their valid one they go. */
#include "../dev.h"
#include "../ifa.h"
#include "../rtnetlink.h"
#include "ktime.h"

#define HZ 100

static struct ktimer lifetime_timer;

/* Takes over the lifetimes of a request, in seconds: 0 or -EINVAL. Permanent unless valid is finite. */
static int ifa_set_lifetime(struct ifa_times *t, u32 valid, u32 preferred)
{
	if (!valid || preferred > valid)
		return -EINVAL;
	*t->flags &= ~(u32)(IFA_F_PERMANENT | IFA_F_DEPRECATED);
	if (valid == INFINITY_LIFE_TIME)
		*t->flags |= IFA_F_PERMANENT;
	if (!preferred)
		*t->flags |= IFA_F_DEPRECATED;
	*t->valid_lft = valid;
	*t->preferred_lft = preferred;
	*t->tstamp = rtnl_clock();
	return 0;
}

int ifa_get_lifetime(struct ifa_times *t, const struct nlattr *cacheinfo)
{
	const struct ifa_cacheinfo *ci = cacheinfo ? nla_data(cacheinfo) : NULL;

	return ci ? ifa_set_lifetime(t, ci->ifa_valid, ci->ifa_prefered) : ifa_set_lifetime(t, INFINITY_LIFE_TIME, INFINITY_LIFE_TIME);
}

static u32 left(u32 lft, u32 age)
{
	return lft == INFINITY_LIFE_TIME ? lft : lft > age ? lft - age : 0;
}

struct ifa_cacheinfo ifa_cacheinfo_now(u32 flags, u32 valid, u32 preferred, u32 cstamp, u32 tstamp)
{
	u32 age = (rtnl_clock() - tstamp) / HZ;
	bool permanent = flags & IFA_F_PERMANENT && preferred == INFINITY_LIFE_TIME;

	return (struct ifa_cacheinfo){ .ifa_prefered = permanent ? INFINITY_LIFE_TIME : left(preferred, age),
		.ifa_valid = permanent ? INFINITY_LIFE_TIME : left(valid, age), .cstamp = cstamp, .tstamp = tstamp };
}

/* Has the address reached an end? 1: it goes, 2: it is deprecated now. *next: seconds until it has. */
static int end_of(u32 *flags, u32 valid, u32 preferred, u32 tstamp, u32 *next)
{
	u32 age = (rtnl_clock() - tstamp) / HZ;

	if (valid != INFINITY_LIFE_TIME) {
		if (age >= valid)
			return 1;
		*next = min(*next, valid - age);
	}
	if (preferred == INFINITY_LIFE_TIME || *flags & IFA_F_DEPRECATED)
		return 0;
	if (age < preferred) {
		*next = min(*next, preferred - age);
		return 0;
	}
	*flags |= IFA_F_DEPRECATED;
	return 2;
}

static void check(struct ktimer *t __maybe_unused)
{
	u32 next = INFINITY_LIFE_TIME;
	struct in_ifaddr *i4, *n4;
	struct inet6_ifaddr *i6, *n6;
	struct net_device *dev;
	int what;

again:
	list_for_each_entry(dev, &net_devices, list) {
		list_for_each_entry_safe(i4, n4, &dev->ip4, list) {
			what = end_of(&i4->flags, i4->valid_lft, i4->preferred_lft, i4->tstamp, &next);
			if (what == 1) {
				inet_del_ifa(i4, NULL);
				goto again; /* others may have gone with it */
			}
			if (what == 2)
				rtmsg_ifa(RTM_NEWADDR, i4, NULL);
		}
		list_for_each_entry_safe(i6, n6, &dev->ip6, list) {
			what = end_of(&i6->flags, i6->valid_lft, i6->preferred_lft, i6->tstamp, &next);
			if (what == 1)
				inet6_del_ifa(i6);
			if (what == 2)
				inet6_rtmsg_ifa(RTM_NEWADDR, i6);
		}
	}
	if (next != INFINITY_LIFE_TIME)
		timer_start(&lifetime_timer, ktime_get() + next * NSEC_PER_SEC);
}

void ifa_lifetime_check(void)
{
	check(NULL);
}

void ifa_lifetime_init(void)
{
	timer_setup(&lifetime_timer, check);
}

void ifa_lifetime_exit(void)
{
	timer_cancel(&lifetime_timer);
}
