/* Clocks by id: what time.c and cputimer.c offer to those that wait for one (itimer.c, posix_timer.c, fs/timerfd.c). */
#ifndef UMK_KERNEL_CLOCK_H
#define UMK_KERNEL_CLOCK_H

#include "sched.h"

#define NSEC_PER_USEC 1000ull
#define USEC_PER_SEC 1000000ull

struct __kernel_old_timeval;
struct __kernel_itimerspec;

/* The clock's time in ns, or -EINVAL. */
int clock_read(int id, u64 *ns);
/* A clock of CPU time: CLOCK_PROCESS_CPUTIME_ID, CLOCK_THREAD_CPUTIME_ID, or a process's or thread's by number. */
bool clock_is_cpu(int id);
/* May current set a timer on this clock, which is not of CPU time? 0, -EOPNOTSUPP (one that cannot wait), -EPERM (it would
 * wake the machine), -EINVAL. */
int clock_can_wait(int id);
/* The ktime at which the clock will show @ns. The host's clocks keep step while nobody sets them; a jump of REALTIME is
 * not followed. */
u64 clock_deadline(int id, u64 ns);
/* How many whole intervals have passed at @now since *expires, which moves behind @now. 0 if it has not come. */
u64 clock_forward(u64 *expires, u64 interval, u64 now);

/* setitimer(2)'s structure as ns: 0 or -EINVAL. */
int timeval_ns(u64 *ns, const struct __kernel_old_timeval *tv);
struct __kernel_old_timeval ns_timeval(u64 ns);
/* timer_settime(2)'s: 0, -EFAULT, -EINVAL. */
int get_itimerspec(u64 *value, u64 *interval, const struct __kernel_itimerspec __user *u);
int put_itimerspec(u64 value, u64 interval, struct __kernel_itimerspec __user *u);

#endif
