/* Interval timers of a process: setitimer(2), alarm(2). ITIMER_REAL is one timer, which starts anew when its signal is
 * taken; the two of CPU time are cputimer.c's. */
#include "clock.h"
#include "cputimer.h"
#include "sched.h"
#include "../signal/sigcore.h"
#include "syscalls.h"
#include "umk_kernel.h"
#include <linux/time.h>

static void real_timer_fires(struct ktimer *timer)
{
	struct signal_struct *s = container_of(timer, struct signal_struct, real_timer);

	send_sig_group(SIGALRM, SEND_SIG_PRIV, s->leader);
}

void itimer_real_rearm(struct signal_struct *s)
{
	u64 now = ktime_get(), next;

	if (!s->real_interval || s->real_timer.deadline != KTIME_MAX)
		return;
	next = ktime_add_safe(s->real_expires, s->real_interval);
	if (next <= now) /* intervals that passed while the signal waited are lost, as in Linux */
		next = now + s->real_interval - (now - s->real_expires) % s->real_interval;
	s->real_expires = next;
	timer_start(&s->real_timer, next);
}

static u64 real_timer_left(const struct signal_struct *s)
{
	u64 now = ktime_get();

	if (!s->real_timer.func || s->real_timer.deadline == KTIME_MAX)
		return 0;
	return s->real_timer.deadline > now ? s->real_timer.deadline - now : 1; /* due, not yet run: not 0 */
}

void exit_itimers(struct signal_struct *s)
{
	timer_cancel(&s->real_timer);
	cpu_timers_stop(s);
	exec_posix_timers(s);
}

/* Starts ITIMER_REAL @value ns from now (0: stops it). What was left of the old one. */
static u64 real_timer_set(struct signal_struct *s, u64 value, u64 interval)
{
	u64 left = real_timer_left(s);

	if (!s->real_timer.func)
		timer_setup(&s->real_timer, real_timer_fires);
	timer_cancel(&s->real_timer);
	s->real_interval = value ? interval : 0;
	if (value) {
		s->real_expires = ktime_add_safe(ktime_get(), value);
		timer_start(&s->real_timer, s->real_expires);
	}
	return left;
}

static bool itimer_known(int which)
{
	return which == ITIMER_REAL || which == ITIMER_VIRTUAL || which == ITIMER_PROF;
}

static struct __kernel_old_itimerval itimer_get(const struct signal_struct *s, int which)
{
	struct __kernel_old_itimerval it;
	u64 left = real_timer_left(s), interval = s->real_interval;

	if (which != ITIMER_REAL)
		cpu_itimer_get(s, which == ITIMER_PROF ? CPU_ITIMER_PROF : CPU_ITIMER_VIRTUAL, &left, &interval);
	it.it_interval = ns_timeval(interval);
	it.it_value = ns_timeval(left);
	return it;
}

SYSCALL_DEFINE2(getitimer, int, which, struct __kernel_old_itimerval __user *, value)
{
	struct __kernel_old_itimerval it;

	if (!itimer_known(which))
		return -EINVAL;
	it = itimer_get(current->signal, which);
	return copy_to_user(value, &it, sizeof(it)) ? -EFAULT : 0;
}

SYSCALL_DEFINE3(setitimer, int, which, const struct __kernel_old_itimerval __user *, value,
	struct __kernel_old_itimerval __user *, ovalue)
{
	struct signal_struct *s = current->signal;
	struct __kernel_old_itimerval it = { { 0, 0 }, { 0, 0 } }, old;
	u64 ns, interval;

	if (value && copy_from_user(&it, value, sizeof(it)))
		return -EFAULT;
	if (timeval_ns(&ns, &it.it_value) || timeval_ns(&interval, &it.it_interval) || !itimer_known(which))
		return -EINVAL;
	old = itimer_get(s, which);
	if (which == ITIMER_REAL)
		real_timer_set(s, ns, interval);
	else
		cpu_itimer_set(s, which == ITIMER_PROF ? CPU_ITIMER_PROF : CPU_ITIMER_VIRTUAL, ns, interval);
	return ovalue && copy_to_user(ovalue, &old, sizeof(old)) ? -EFAULT : 0;
}

SYSCALL_DEFINE1(alarm, unsigned, seconds)
{
	u64 left = real_timer_set(current->signal, (u64)seconds * NSEC_PER_SEC, 0);

	/* Rounded, but never to 0: that would mean there was no alarm. */
	if (left && left < NSEC_PER_SEC)
		return 1;
	return (long)((left + NSEC_PER_SEC / 2) / NSEC_PER_SEC);
}
