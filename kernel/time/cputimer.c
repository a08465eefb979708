/* CPU time: the clocks of processes and threads, and limits on it: ITIMER_VIRTUAL, ITIMER_PROF and RLIMIT_CPU of a process,
 * alarms of POSIX timers and sleepers. The guests run on the host, so nobody here sees every tick: a timer looks again at
 * the earliest moment at which the next limit can be reached. CPU time itself comes from the trap backend. */
#include "cputimer.h"
#include "ktime.h"
#include "sched.h"
#include "../signal/sigcore.h"
#include "trap.h"
#include "umk_kernel.h"
#include <asm/resource.h>
#include <linux/signal.h>
#include <linux/time.h>

#define LOOK_MIN 4000000ull /* ns: a tick of 250 Hz */

/* ---- clocks ---- */

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

/* A negative id names a process or thread: ~pid << 3, then bit 2 "a thread", and the kind of time (posix-timers.h). */
#define CPUCLOCK_PID(id) ((int)~((id) >> 3))
#define CPUCLOCK_PERTHREAD(id) ((id) & 4)
#define CPUCLOCK_WHICH(id) ((id) & 3)
enum { CPUCLOCK_PROF, CPUCLOCK_VIRT, CPUCLOCK_SCHED, CPUCLOCK_FD };

int cpu_clock_find(int id, struct cpu_clock *c)
{
	int pid = id < 0 ? CPUCLOCK_PID(id) : 0;
	struct task *t = current;

	c->thread = id == CLOCK_THREAD_CPUTIME_ID || (id < 0 && CPUCLOCK_PERTHREAD(id));
	c->which = id < 0 ? CPUCLOCK_WHICH(id) : CPUCLOCK_SCHED;
	if (c->which == CPUCLOCK_FD)
		return -EINVAL;
	if (pid)
		t = find_task(pid);
	if (!t || !t->signal)
		return -EINVAL;
	if (c->thread && t->tgid != current->tgid)
		return -EINVAL;
	if (!c->thread && t != current && t->pid != t->tgid)
		return -EINVAL;
	c->pid = c->thread ? t->pid : t->tgid;
	c->start = c->thread ? t->start_time : t->signal->start_time;
	return 0;
}

/* Who has the clock, or NULL. */
static struct task *clock_owner(const struct cpu_clock *c)
{
	struct task *t = find_task(c->pid);

	if (!t || !t->signal || (c->thread ? t->start_time : t->signal->start_time) != c->start)
		return NULL;
	return t;
}

int cpu_clock_sample(const struct cpu_clock *c, u64 *ns)
{
	struct task *t = clock_owner(c);
	u64 utime, stime;

	if (!t)
		return -ESRCH;
	if (c->thread) {
		utime = task_utime(t);
		stime = t->stime;
	} else {
		process_times(t->signal, &utime, &stime);
	}
	*ns = c->which == CPUCLOCK_VIRT ? utime : utime + stime;
	return 0;
}

/* ---- limits ---- */

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

/* Calls those alarms that are due; they may set themselves anew. What is left until the next one. */
static u64 look_at_alarms(struct signal_struct *s)
{
	struct cpu_alarm *a, *next;
	u64 left = KTIME_MAX, now;
	LIST_HEAD(due);

	/* A thread that has ended cannot be asked: its time stands still. */
	list_for_each_entry_safe(a, next, &s->cpu_alarms, node)
		if (!cpu_clock_sample(&a->clock, &now) && now >= a->expires)
			list_move_tail(&a->node, &due);
	while (!list_empty(&due)) {
		a = list_first_entry(&due, struct cpu_alarm, node);
		list_del(&a->node);
		a->func(a);
	}
	list_for_each_entry(a, &s->cpu_alarms, node)
		if (!cpu_clock_sample(&a->clock, &now))
			left = min(left, a->expires > now ? a->expires - now : 0);
	return left;
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
	left = min(left, look_at_alarms(s));
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
	while (!list_empty(&s->cpu_alarms))
		list_del(s->cpu_alarms.next);
}

void cpu_alarm_init(struct cpu_alarm *a, const struct cpu_clock *clock, void (*func)(struct cpu_alarm *))
{
	INIT_LIST_HEAD(&a->node);
	a->clock = *clock;
	a->expires = 0;
	a->func = func;
}

int cpu_alarm_start(struct cpu_alarm *a, u64 expires)
{
	struct task *t = clock_owner(&a->clock);

	list_del(&a->node);
	if (!t)
		return -ESRCH;
	a->expires = expires;
	if (!t->signal->live)
		return 0; /* a zombie's time stands still */
	list_add_tail(&a->node, &t->signal->cpu_alarms);
	cpu_timers_start(t->signal);
	return 0;
}

void cpu_alarm_cancel(struct cpu_alarm *a)
{
	list_del(&a->node);
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
