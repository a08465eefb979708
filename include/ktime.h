/* Time: one clock source behind ktime_get(), timers in one structure (kernel/time/timer.c). */
#ifndef UMK_KTIME_H
#define UMK_KTIME_H

#include "list.h"
#include "types.h"
#include <linux/time_types.h>

#define NSEC_PER_SEC 1000000000ull
#define KTIME_MAX (~0ull) /* "never" as a deadline */

u64 ktime_get(void);      /* CLOCK_MONOTONIC, ns */
u64 ktime_get_real(void); /* CLOCK_REALTIME, ns */

struct ktimer {
	u64 deadline;                   /* ktime ns; KTIME_MAX when not queued */
	void (*func)(struct ktimer *t); /* on the kernel thread, outside any task's call; must not sleep */
	u32 slot;                       /* the timer structure's own */
	struct list_head node;          /* likewise; a zeroed timer is not queued and may be cancelled */
};
void timer_setup(struct ktimer *t, void (*func)(struct ktimer *));
void timer_start(struct ktimer *t, u64 deadline); /* moves it if queued */
bool timer_cancel(struct ktimer *t);              /* was it queued? */
void timers_run(void);                            /* runs what is due */
u64 timers_next(void);                            /* earliest deadline or KTIME_MAX */

struct __kernel_timespec;
/* Reads and checks a timespec (0 <= tv_nsec < 1e9, tv_sec >= 0): 0, -EFAULT, -EINVAL. */
int get_timespec(u64 *ns, const struct __kernel_timespec __user *u);
int put_timespec(u64 ns, struct __kernel_timespec __user *u);
/* now + ns without overflow. */
static inline u64 ktime_add_safe(u64 a, u64 b) { return a + b < a ? KTIME_MAX : a + b; }

#endif
