/* Clocks, sleeping, interval timers. The clocks are the host's, through host.h; CPU time comes from the trap backend. */
#include "cputimer.h"
#include "sched.h"
#include "cred.h"
#include "host.h"
#include "ledger.h"
#include "sigcore.h"
#include "string.h"
#include "syscalls.h"
#include "trap.h"
#include "umk_kernel.h"
#include <linux/capability.h>
#include <linux/time.h>
#include <linux/times.h>

#define NSEC_PER_USEC 1000ull
#define USEC_PER_SEC 1000000ull
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

/* A struct timeval as ns; -EINVAL as setitimer(2) says. */
static int timeval_ns(u64 *ns, const struct __kernel_old_timeval *tv)
{
	if (tv->tv_sec < 0 || tv->tv_usec < 0 || (u64)tv->tv_usec >= USEC_PER_SEC)
		return -EINVAL;
	*ns = (u64)tv->tv_sec >= KTIME_MAX / NSEC_PER_SEC ? KTIME_MAX :
		(u64)tv->tv_sec * NSEC_PER_SEC + (u64)tv->tv_usec * NSEC_PER_USEC;
	return 0;
}

static struct __kernel_old_timeval ns_timeval(u64 ns)
{
	return (struct __kernel_old_timeval){ .tv_sec = (long)(ns / NSEC_PER_SEC),
		.tv_usec = (long)(ns % NSEC_PER_SEC / NSEC_PER_USEC) };
}

/* ---- CPU time ---- */

u64 task_utime(const struct task *t)
{
	return t->utime + (t->tt ? trap->cpu_time(t->tt) : 0);
}

void process_times(const struct signal_struct *s, u64 *utime, u64 *stime)
{
	struct task *t;
	u64 u = s->utime_dead, k = s->stime_dead;

	list_for_each_entry(t, &s->threads, thread_node) {
		u += task_utime(t);
		k += t->stime;
	}
	*utime = u;
	*stime = k;
}

/* ---- clock ids ---- */

/* A negative id names a process or thread: ~pid << 3, then bit 2 "a thread", and the kind of time (posix-timers.h). */
#define CPUCLOCK_PID(id) ((int)~((id) >> 3))
#define CPUCLOCK_PERTHREAD(id) ((id) & 4)
#define CPUCLOCK_WHICH(id) ((id) & 3)
enum { CPUCLOCK_PROF, CPUCLOCK_VIRT, CPUCLOCK_SCHED, CPUCLOCK_FD };

static bool cpu_clock(int id) { return id < 0 || id == CLOCK_PROCESS_CPUTIME_ID || id == CLOCK_THREAD_CPUTIME_ID; }

static u64 cpu_clock_kind(int which, u64 utime, u64 stime) { return which == CPUCLOCK_VIRT ? utime : utime + stime; }

static int cpu_clock_read(int id, u64 *ns)
{
	struct task *t = current;
	bool thread = id == CLOCK_THREAD_CPUTIME_ID || (id < 0 && CPUCLOCK_PERTHREAD(id));
	int which = id < 0 ? CPUCLOCK_WHICH(id) : CPUCLOCK_SCHED, pid = id < 0 ? CPUCLOCK_PID(id) : 0;
	u64 utime, stime;

	if (which == CPUCLOCK_FD)
		return -EINVAL;
	if (pid)
		t = find_task(pid);
	if (!t || !t->signal)
		return -EINVAL;
	if (thread && t->tgid != current->tgid)
		return -EINVAL;
	if (!thread && pid && t->pid != t->tgid)
		return -EINVAL;
	if (thread) {
		utime = task_utime(t);
		stime = t->stime;
	} else {
		process_times(t->signal, &utime, &stime);
	}
	*ns = cpu_clock_kind(which, utime, stime);
	return 0;
}

static int clock_read(int id, u64 *ns)
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

	if (cpu_clock(id))
		return cpu_clock_read(id, ns);
	if (id >= (int)ARRAY_SIZE(host_ids) || host_ids[id] < 0)
		return -EINVAL;
	*ns = host_clock((enum host_clock)host_ids[id]);
	return 0;
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

/* Nobody in a guest sets the host's clock: what has the right gets EPERM like what has not. */
SYSCALL_DEFINE2(clock_settime, int, which, const struct __kernel_timespec __user *, tp)
{
	u64 ns;
	int err;

	if (which != CLOCK_REALTIME && !cpu_clock(which))
		return -EINVAL;
	err = get_timespec(&ns, tp);
	return err ? err : -EPERM;
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
	u64 ns;

	if (tv) {
		if (copy_from_user(&val, tv, sizeof(val)))
			return -EFAULT;
		if (timeval_ns(&ns, &val))
			return -EINVAL;
	}
	if (tz && copy_from_user(&zone, tz, sizeof(zone)))
		return -EFAULT;
	return -EPERM;
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

SYSCALL_DEFINE4(clock_nanosleep, int, which, int, flags, const struct __kernel_timespec __user *, rqtp,
	struct __kernel_timespec __user *, rmtp)
{
	u64 ns, now;
	long ret;
	int err = clock_read(which, &now);

	if (err)
		return err;
	switch (which) {
	case CLOCK_REALTIME:
	case CLOCK_MONOTONIC:
	case CLOCK_BOOTTIME:
	case CLOCK_TAI:
		break;
	case CLOCK_REALTIME_ALARM:
	case CLOCK_BOOTTIME_ALARM:
		if (!capable(CAP_WAKE_ALARM))
			return -EPERM;
		break;
	default:
		LEDGER("clock_nanosleep clock", which);
		return -EOPNOTSUPP;
	}
	err = get_timespec(&ns, rqtp);
	if (err)
		return err;
	if (!(flags & TIMER_ABSTIME))
		return sleep_relative(ns, rmtp);
	/* The host's clocks keep step with each other while nobody sets them; a jump of REALTIME is not followed. */
	if (ns <= now)
		return 0;
	ret = sleep_until(ns == KTIME_MAX ? KTIME_MAX : ktime_add_safe(ktime_get(), ns - now));
	return ret == -ERESTART_RESTARTBLOCK ? -ERESTARTNOHAND : ret;
}

/* ---- interval timers ---- */

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
	if (s->live) /* execve keeps alarms */
		return;
	timer_cancel(&s->real_timer);
	cpu_timers_stop(s);
}

/* timer_create(2) is not there yet: a process has no POSIX timers to lose. */
void exec_posix_timers(struct signal_struct *s __maybe_unused)
{
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
