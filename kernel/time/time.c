/* Clocks and sleeping. The clocks are the host's, through host.h, and nobody in a guest sets them; CPU time is cputimer.c's. */
#include "clock.h"
#include "cputimer.h"
#include "sched.h"
#include "cred.h"
#include "host.h"
#include "ledger.h"
#include "../signal/sigcore.h"
#include "string.h"
#include "syscalls.h"
#include "trap.h"
#include "umk_kernel.h"
#include <linux/capability.h>
#include <linux/time.h>
#include <linux/times.h>
#include <linux/timex.h>

#define COARSE_RES 4000000ull /* a jiffy of HZ=250, Debian's choice */

/* ---- guest structures ---- */

int get_timespec(u64 *ns, const struct __kernel_timespec __user *u)
{
	struct __kernel_timespec ts;

	if (copy_from_user(&ts, u, sizeof(ts)))
		return -EFAULT;
	if (ts.tv_sec < 0 || ts.tv_nsec < 0 || (u64)ts.tv_nsec >= NSEC_PER_SEC)
		return -EINVAL;
	*ns = (u64)ts.tv_sec >= KTIME_MAX / NSEC_PER_SEC ? KTIME_MAX : (u64)ts.tv_sec * NSEC_PER_SEC + (u64)ts.tv_nsec;
	return 0;
}

int put_timespec(u64 ns, struct __kernel_timespec __user *u)
{
	struct __kernel_timespec ts = { .tv_sec = (s64)(ns / NSEC_PER_SEC), .tv_nsec = (s64)(ns % NSEC_PER_SEC) };

	return copy_to_user(u, &ts, sizeof(ts)) ? -EFAULT : 0;
}

int timeval_ns(u64 *ns, const struct __kernel_old_timeval *tv)
{
	if (tv->tv_sec < 0 || tv->tv_usec < 0 || (u64)tv->tv_usec >= USEC_PER_SEC)
		return -EINVAL;
	*ns = (u64)tv->tv_sec >= KTIME_MAX / NSEC_PER_SEC ? KTIME_MAX :
		(u64)tv->tv_sec * NSEC_PER_SEC + (u64)tv->tv_usec * NSEC_PER_USEC;
	return 0;
}

struct __kernel_old_timeval ns_timeval(u64 ns)
{
	return (struct __kernel_old_timeval){ .tv_sec = (long)(ns / NSEC_PER_SEC),
		.tv_usec = (long)(ns % NSEC_PER_SEC / NSEC_PER_USEC) };
}

int get_itimerspec(u64 *value, u64 *interval, const struct __kernel_itimerspec __user *u)
{
	int err = get_timespec(value, &u->it_value);

	return err ? err : get_timespec(interval, &u->it_interval);
}

int put_itimerspec(u64 value, u64 interval, struct __kernel_itimerspec __user *u)
{
	int err = put_timespec(interval, &u->it_interval);

	return err ? err : put_timespec(value, &u->it_value);
}

/* ---- clock ids ---- */

/* A clock that a descriptor would stand for (PTP): of that kind there is none, but what it could not do is told first. */
static bool clock_is_fd(int id) { return id < 0 && (id & 7) == 3; }

bool clock_is_cpu(int id)
{
	return (id < 0 && !clock_is_fd(id)) || id == CLOCK_PROCESS_CPUTIME_ID || id == CLOCK_THREAD_CPUTIME_ID;
}

int clock_read(int id, u64 *ns)
{
	static const s8 host_ids[] = {
		[CLOCK_REALTIME] = HOST_REALTIME,
		[CLOCK_MONOTONIC] = HOST_MONOTONIC,
		[CLOCK_PROCESS_CPUTIME_ID] = -1,
		[CLOCK_THREAD_CPUTIME_ID] = -1,
		[CLOCK_MONOTONIC_RAW] = HOST_MONOTONIC_RAW,
		[CLOCK_REALTIME_COARSE] = HOST_REALTIME_COARSE,
		[CLOCK_MONOTONIC_COARSE] = HOST_MONOTONIC_COARSE,
		[CLOCK_BOOTTIME] = HOST_BOOTTIME,
		[CLOCK_REALTIME_ALARM] = HOST_REALTIME,
		[CLOCK_BOOTTIME_ALARM] = HOST_BOOTTIME,
		[CLOCK_SGI_CYCLE] = -1,
		[CLOCK_TAI] = HOST_TAI,
	};

	if (clock_is_cpu(id)) {
		struct cpu_clock c;
		int err = cpu_clock_find(id, &c);

		return err || cpu_clock_sample(&c, ns) ? -EINVAL : 0;
	}
	if (id < 0 || id >= (int)ARRAY_SIZE(host_ids) || host_ids[id] < 0)
		return -EINVAL;
	*ns = host_clock((enum host_clock)host_ids[id]);
	return 0;
}

int clock_can_wait(int id)
{
	switch (id) {
	case CLOCK_REALTIME:
	case CLOCK_MONOTONIC:
	case CLOCK_BOOTTIME:
	case CLOCK_TAI:
		return 0;
	case CLOCK_REALTIME_ALARM:
	case CLOCK_BOOTTIME_ALARM:
		return capable(CAP_WAKE_ALARM) ? 0 : -EPERM;
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_REALTIME_COARSE:
	case CLOCK_MONOTONIC_COARSE:
		return -EOPNOTSUPP;
	default:
		return clock_is_fd(id) ? -EOPNOTSUPP : -EINVAL;
	}
}

u64 clock_deadline(int id, u64 ns)
{
	u64 now;

	if (ns == KTIME_MAX || clock_read(id, &now))
		return KTIME_MAX;
	return ns > now ? ktime_add_safe(ktime_get(), ns - now) : 0;
}

u64 clock_forward(u64 *expires, u64 interval, u64 now)
{
	u64 passed;

	if (now < *expires)
		return 0;
	passed = (now - *expires) / interval + 1;
	*expires = ktime_add_safe(*expires, passed * interval);
	return passed;
}

SYSCALL_DEFINE2(clock_gettime, int, which, struct __kernel_timespec __user *, tp)
{
	u64 ns;
	int err = clock_read(which, &ns);

	return err ? err : put_timespec(ns, tp);
}

SYSCALL_DEFINE2(clock_getres, int, which, struct __kernel_timespec __user *, tp)
{
	u64 ns;
	int err = clock_read(which, &ns);

	if (err || !tp)
		return err;
	return put_timespec(which == CLOCK_REALTIME_COARSE || which == CLOCK_MONOTONIC_COARSE ? COARSE_RES : 1, tp);
}

/* The clock is the host's: a guest that has the right to set it to @ns gets EPERM like one that has not, and is counted. */
static int refuse_to_set(u64 ns)
{
	if (capable(CAP_SYS_TIME))
		LEDGER("setting the clock", ns);
	return -EPERM;
}

SYSCALL_DEFINE2(clock_settime, int, which, const struct __kernel_timespec __user *, tp)
{
	u64 ns;
	int err;

	/* Of the clocks of CPU time only those by number have a function for it, which refuses (posix-cpu-timers.c). */
	if (which != CLOCK_REALTIME && (which >= 0 || clock_read(which, &ns)))
		return -EINVAL;
	err = get_timespec(&ns, tp);
	return err ? err : refuse_to_set(ns);
}

SYSCALL_DEFINE2(gettimeofday, struct __kernel_old_timeval __user *, tv, struct timezone __user *, tz)
{
	struct __kernel_old_timeval now = ns_timeval(ktime_get_real());

	if (tv && copy_to_user(tv, &now, sizeof(now)))
		return -EFAULT;
	if (tz && clear_user(tz, sizeof(struct timezone)))
		return -EFAULT;
	return 0;
}

SYSCALL_DEFINE2(settimeofday, const struct __kernel_old_timeval __user *, tv, const struct timezone __user *, tz)
{
	struct __kernel_old_timeval val;
	struct timezone zone;
	u64 ns = 0;

	if (tv) {
		if (copy_from_user(&val, tv, sizeof(val)))
			return -EFAULT;
		if (timeval_ns(&ns, &val))
			return -EINVAL;
	}
	if (tz && copy_from_user(&zone, tz, sizeof(zone)))
		return -EFAULT;
	return refuse_to_set(ns);
}

/* ---- adjtimex(2): read-only ---- */

#define MAXFREQ_SCALED 32768000l
#define NTP_PHASE_LIMIT 16000000l /* us: what a clock that nobody steers may be off by */

/* What ntp_adjtime of a kernel says that no daemon has ever steered. */
static void timex_state(struct __kernel_timex *tx)
{
	u64 now = ktime_get_real();
	unsigned modes = tx->modes;

	memset(tx, 0, sizeof(*tx));
	tx->modes = modes;
	tx->maxerror = tx->esterror = NTP_PHASE_LIMIT;
	tx->status = STA_UNSYNC;
	tx->constant = 2;
	tx->precision = 1;
	tx->tolerance = MAXFREQ_SCALED;
	tx->time.tv_sec = (s64)(now / NSEC_PER_SEC);
	tx->time.tv_usec = (s64)(now % NSEC_PER_SEC / NSEC_PER_USEC);
	tx->tick = USEC_PER_SEC / 100;
	tx->tai = (int)((host_clock(HOST_TAI) - now + NSEC_PER_SEC / 2) / NSEC_PER_SEC);
}

/* timekeeping.c's checks, then EPERM for whoever would change something: the clock is the host's. */
static long do_adjtimex(struct __kernel_timex __user *utx)
{
	struct __kernel_timex tx;

	if (copy_from_user(&tx, utx, sizeof(tx)))
		return -EFAULT;
	if (tx.modes & 0x8000 /* adjtime(3) */) {
		if (!(tx.modes & ADJ_OFFSET_SINGLESHOT & 1))
			return -EINVAL;
		if (!(tx.modes & 0x2000 /* read only */))
			return -EPERM;
	} else if (tx.modes) {
		return -EPERM;
	}
	timex_state(&tx);
	return copy_to_user(utx, &tx, sizeof(tx)) ? -EFAULT : TIME_ERROR;
}

SYSCALL_DEFINE1(adjtimex, struct __kernel_timex __user *, txc)
{
	return do_adjtimex(txc);
}

SYSCALL_DEFINE2(clock_adjtime, int, which, struct __kernel_timex __user *, utx)
{
	struct __kernel_timex tx;
	u64 ns;

	if (copy_from_user(&tx, utx, sizeof(tx)))
		return -EFAULT;
	if (which == CLOCK_REALTIME)
		return do_adjtimex(utx);
	return clock_is_cpu(which) || !clock_read(which, &ns) ? -EOPNOTSUPP : -EINVAL;
}

SYSCALL_DEFINE1(time, __kernel_old_time_t __user *, tloc)
{
	long now = (long)(host_clock(HOST_REALTIME_COARSE) / NSEC_PER_SEC);

	return tloc && put_user(now, tloc) ? -EFAULT : now;
}

SYSCALL_DEFINE1(times, struct tms __user *, tbuf)
{
	const struct signal_struct *s = current->signal;
	struct tms tms;
	u64 utime, stime;

	if (tbuf) {
		process_times(s, &utime, &stime);
		tms.tms_utime = (long)(utime / NSEC_PER_TICK);
		tms.tms_stime = (long)(stime / NSEC_PER_TICK);
		tms.tms_cutime = (long)(s->cutime / NSEC_PER_TICK);
		tms.tms_cstime = (long)(s->cstime / NSEC_PER_TICK);
		if (copy_to_user(tbuf, &tms, sizeof(tms)))
			return -EFAULT;
	}
	return (long)(ktime_get() / NSEC_PER_TICK);
}

/* ---- sleeping ---- */

static long sleep_until(u64 deadline)
{
	bool expired;

	if (signal_pending(current) && deadline > ktime_get())
		return -ERESTART_RESTARTBLOCK;
	current->state = TASK_INTERRUPTIBLE;
	expired = schedule_until(deadline);
	current->state = TASK_RUNNING;
	return expired || ktime_get() >= deadline ? 0 : -ERESTART_RESTARTBLOCK;
}

/* Sleeps till rb->deadline; an interruption writes what is left to the guest's rmtp in arg[0]. */
static long nanosleep_restart(struct restart_block *rb)
{
	struct __kernel_timespec __user *rmtp = u64_to_uptr(rb->arg[0]);
	long ret;
	u64 now;

	ret = sleep_until(rb->deadline);
	if (!ret)
		return 0;
	now = ktime_get();
	if (rmtp && put_timespec(rb->deadline > now ? rb->deadline - now : 0, rmtp))
		return -EFAULT;
	rb->kind = RESTART_NANOSLEEP;
	rb->fn = nanosleep_restart;
	return ret;
}

static long sleep_relative(u64 ns, struct __kernel_timespec __user *rmtp)
{
	struct restart_block *rb = &current->restart;

	rb->deadline = ktime_add_safe(ktime_get(), ns);
	rb->arg[0] = (u64)rmtp;
	return nanosleep_restart(rb);
}

SYSCALL_DEFINE2(nanosleep, const struct __kernel_timespec __user *, rqtp, struct __kernel_timespec __user *, rmtp)
{
	u64 ns;
	int err = get_timespec(&ns, rqtp);

	return err ? err : sleep_relative(ns, rmtp);
}

/* ---- sleeping on CPU time ---- */

struct cpu_sleeper {
	struct cpu_alarm alarm;
	struct task *task;
};

static void wake_cpu_sleeper(struct cpu_alarm *a)
{
	wake_task(container_of(a, struct cpu_sleeper, alarm)->task);
}

/* Until the clock shows @until: 0, -ESRCH, or -ERESTART_RESTARTBLOCK with the time *now. */
static long cpu_sleep_until(const struct cpu_clock *c, u64 until, u64 *now)
{
	struct cpu_sleeper s = { .task = current };
	long err;

	cpu_alarm_init(&s.alarm, c, wake_cpu_sleeper);
	for (;;) {
		current->state = TASK_INTERRUPTIBLE;
		err = cpu_alarm_start(&s.alarm, until);
		if (!err)
			err = cpu_clock_sample(c, now);
		if (err || *now >= until)
			break;
		err = signal_pending(current) ? -ERESTART_RESTARTBLOCK : 0;
		if (err)
			break;
		schedule();
	}
	current->state = TASK_RUNNING;
	cpu_alarm_cancel(&s.alarm);
	return err;
}

/* rb->deadline is of the CPU clock; arg: rmtp, pid, start, thread and kind. */
static long cpu_nanosleep_restart(struct restart_block *rb)
{
	struct cpu_clock c = { .pid = (int)rb->arg[1], .start = rb->arg[2], .thread = rb->arg[3] & 4, .which = rb->arg[3] & 3 };
	struct __kernel_timespec __user *rmtp = u64_to_uptr(rb->arg[0]);
	u64 now = 0;
	long ret = cpu_sleep_until(&c, rb->deadline, &now);

	if (ret != -ERESTART_RESTARTBLOCK)
		return ret;
	if (rmtp && put_timespec(rb->deadline - now, rmtp))
		return -EFAULT;
	rb->kind = RESTART_NANOSLEEP;
	rb->fn = cpu_nanosleep_restart;
	return ret;
}

static long cpu_nanosleep(int which, int flags, u64 ns, struct __kernel_timespec __user *rmtp)
{
	struct restart_block *rb = &current->restart;
	struct cpu_clock c;
	u64 now;
	long ret;

	if (cpu_clock_find(which, &c) || cpu_clock_sample(&c, &now))
		return -EINVAL;
	if (c.thread && c.pid == current->pid) /* it would never wake */
		return -EINVAL;
	if (flags & TIMER_ABSTIME) {
		ret = cpu_sleep_until(&c, ns, &now);
		return ret == -ERESTART_RESTARTBLOCK ? -ERESTARTNOHAND : ret;
	}
	rb->deadline = ktime_add_safe(now, ns);
	rb->arg[0] = (u64)rmtp;
	rb->arg[1] = (u64)c.pid;
	rb->arg[2] = c.start;
	rb->arg[3] = c.which | (c.thread ? 4u : 0u);
	return cpu_nanosleep_restart(rb);
}

SYSCALL_DEFINE4(clock_nanosleep, int, which, int, flags, const struct __kernel_timespec __user *, rqtp,
	struct __kernel_timespec __user *, rmtp)
{
	bool cpu = clock_is_cpu(which) && which != CLOCK_THREAD_CPUTIME_ID;
	u64 ns;
	long ret;
	int err = cpu ? 0 : which == CLOCK_THREAD_CPUTIME_ID ? -EOPNOTSUPP : clock_can_wait(which);

	if (err && err != -EPERM)
		return err;
	ret = get_timespec(&ns, rqtp);
	if (ret)
		return ret;
	if (err)
		return err;
	if (cpu)
		return cpu_nanosleep(which, flags, ns, rmtp);
	if (!(flags & TIMER_ABSTIME))
		return sleep_relative(ns, rmtp);
	ret = sleep_until(clock_deadline(which, ns));
	return ret == -ERESTART_RESTARTBLOCK ? -ERESTARTNOHAND : ret;
}
