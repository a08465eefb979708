/* Limits on CPU time: ITIMER_VIRTUAL, ITIMER_PROF and RLIMIT_CPU of a process. The guests run on the host, so nobody here
 * sees every tick: a timer looks again at the earliest moment at which the next limit can be reached. */
#include "cputimer.h"
#include "ktime.h"
#include "sched.h"
#include "sigcore.h"
#include "umk_kernel.h"
#include <asm/resource.h>
#include <linux/signal.h>

#define LOOK_MIN 4000000ull /* ns: a tick of 250 Hz */

static u64 used_time(const struct signal_struct *s, enum cpu_itimer_kind kind)
{
	u64 utime, stime;

	process_times(s, &utime, &stime);
	return kind == CPU_ITIMER_VIRTUAL ? utime : utime + stime;
}

static u64 rlimit_ns(u64 seconds)
{
	return seconds >= KTIME_MAX / NSEC_PER_SEC ? KTIME_MAX : max(seconds, (u64)1) * NSEC_PER_SEC;
}

/* One itimer: signals if it is due. What is left until it is due again. */
static u64 look_at_itimer(struct signal_struct *s, enum cpu_itimer_kind kind, int sig)
{
	struct cpu_itimer *it = &s->cpu_itimer[kind];
	u64 used;

	if (!it->expires)
		return KTIME_MAX;
	used = used_time(s, kind);
	if (used >= it->expires) {
		it->expires = it->interval ? ktime_add_safe(used, it->interval) : 0;
		send_sig_group(sig, SEND_SIG_PRIV, s->leader);
	}
	return it->expires ? it->expires - used : KTIME_MAX;
}

/* getrlimit(2): SIGXCPU at the soft limit and every second from there, SIGKILL at the hard one. */
static u64 look_at_rlimit(struct signal_struct *s)
{
	struct rlimit64_k *r = &s->rlim[RLIMIT_CPU];
	u64 used, soft = rlimit_ns(r->cur), hard = rlimit_ns(r->max);

	if (soft == KTIME_MAX)
		return KTIME_MAX;
	used = used_time(s, CPU_ITIMER_PROF);
	if (used >= hard) {
		send_sig_group(SIGKILL, SEND_SIG_PRIV, s->leader);
		return KTIME_MAX;
	}
	if (used >= soft) {
		r->cur = max(r->cur, (u64)1) + 1;
		send_sig_group(SIGXCPU, SEND_SIG_PRIV, s->leader);
		soft = rlimit_ns(r->cur);
	}
	return soft > used ? soft - used : 0;
}

static void look(struct ktimer *timer)
{
	struct signal_struct *s = container_of(timer, struct signal_struct, cpu_timer);

	cpu_timers_start(s);
}

void cpu_timers_start(struct signal_struct *s)
{
	u64 left;

	if (!s->live)
		return;
	left = min(look_at_itimer(s, CPU_ITIMER_VIRTUAL, SIGVTALRM), look_at_itimer(s, CPU_ITIMER_PROF, SIGPROF));
	left = min(left, look_at_rlimit(s));
	if (!s->cpu_timer.func)
		timer_setup(&s->cpu_timer, look);
	if (left == KTIME_MAX)
		timer_cancel(&s->cpu_timer);
	else
		timer_start(&s->cpu_timer, ktime_add_safe(ktime_get(), max(left / max(s->live, 1u), LOOK_MIN)));
}

void cpu_timers_stop(struct signal_struct *s)
{
	timer_cancel(&s->cpu_timer);
}

void cpu_itimer_get(const struct signal_struct *s, enum cpu_itimer_kind kind, u64 *left, u64 *interval)
{
	const struct cpu_itimer *it = &s->cpu_itimer[kind];
	u64 used;

	*left = 0;
	*interval = it->interval;
	if (!it->expires)
		return;
	used = used_time(s, kind);
	*left = it->expires > used ? it->expires - used : 1; /* due, not yet seen: not 0 */
}

void cpu_itimer_set(struct signal_struct *s, enum cpu_itimer_kind kind, u64 value, u64 interval)
{
	struct cpu_itimer *it = &s->cpu_itimer[kind];

	it->interval = interval;
	it->expires = value ? ktime_add_safe(used_time(s, kind), value) : 0;
	cpu_timers_start(s);
}
