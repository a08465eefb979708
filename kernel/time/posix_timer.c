/* POSIX timers: timer_create(2) and its kin. A timer has one queue entry for its one signal; while that waits to be taken,
 * expiries are only counted (the overruns), and the next interval starts when it is taken. */
#include "clock.h"
#include "cputimer.h"
#include "host.h"
#include "sched.h"
#include "seq.h"
#include "../signal/sigcore.h"
#include "slab.h"
#include "string.h"
#include "syscalls.h"
#include "umk_kernel.h"
#include <linux/signal.h>
#include <linux/time.h>

struct posix_timer {
	struct list_head node;       /* signal_struct.posix_timers */
	struct signal_struct *owner;
	int id, clock, notify;
	int tid;                     /* SIGEV_THREAD_ID: who gets the signal */
	u64 tid_start;
	u64 interval, expires;       /* ns of the clock; expires 0: not set */
	bool active;                 /* waits for expires; not while its signal is queued */
	s64 overrun;                 /* intervals since the last signal that was taken, less one */
	int overrun_last;
	u32 generation;              /* settings and signals: a signal from before the last setting starts nothing */
	struct sigqueue *q;          /* NULL once the timer is deleted and its signal stays behind */
	struct ktimer timer;
	struct cpu_alarm alarm;
};

static u64 timer_now(const struct posix_timer *it)
{
	u64 now = 0;
	int err = clock_is_cpu(it->clock) ? cpu_clock_sample(&it->alarm.clock, &now) : clock_read(it->clock, &now);

	return err ? 0 : now;
}

/* ---- running ---- */

static int timer_arm(struct posix_timer *it)
{
	it->active = true;
	if (clock_is_cpu(it->clock))
		return cpu_alarm_start(&it->alarm, it->expires);
	timer_start(&it->timer, clock_deadline(it->clock, it->expires));
	return 0;
}

static void timer_disarm(struct posix_timer *it)
{
	it->active = false;
	timer_cancel(&it->timer);
	if (clock_is_cpu(it->clock))
		cpu_alarm_cancel(&it->alarm);
}

/* The thread that gets the signal: NULL if it has gone. */
static struct task *timer_target(const struct posix_timer *it)
{
	struct task *t;

	if (it->notify != SIGEV_THREAD_ID)
		return it->owner->leader;
	t = find_task(it->tid);
	return t && t->signal == it->owner && t->start_time == it->tid_start ? t : NULL;
}

static void timer_expired(struct posix_timer *it)
{
	struct task *t = timer_target(it);

	it->active = false;
	it->q->info.si_sys_private = it->interval ? (int)++it->generation : 0;
	if (!list_empty(&it->q->list)) { /* set anew while its signal waited */
		it->q->info.si_overrun++;
		return;
	}
	it->q->info.si_overrun = 0;
	if (t && send_sigqueue(it->q, t, it->notify != SIGEV_THREAD_ID))
		return;
	if (!it->interval)
		return;
	/* An ignored signal costs nothing, but the timer goes on, for a handler that may come. */
	it->overrun += (s64)clock_forward(&it->expires, it->interval, timer_now(it));
	++it->generation;
	timer_arm(it);
}

static void ktimer_expired(struct ktimer *timer)
{
	struct posix_timer *it = container_of(timer, struct posix_timer, timer);
	u64 now = timer_now(it);

	if (now < it->expires) /* the host's clock was set back */
		timer_arm(it);
	else
		timer_expired(it);
}

static void alarm_expired(struct cpu_alarm *a)
{
	timer_expired(container_of(a, struct posix_timer, alarm));
}

void posix_timer_taken(struct posix_timer *it, siginfo_t *info)
{
	u32 generation = (u32)it->q->info.si_sys_private;

	if (generation && generation == it->generation) {
		it->overrun += (s64)clock_forward(&it->expires, it->interval, timer_now(it));
		++it->generation;
		timer_arm(it);
		it->overrun_last = (int)min(it->overrun, (s64)0x7fffffff);
		it->overrun = -1;
		if (info)
			info->si_overrun = (int)min((s64)info->si_overrun + it->overrun_last, (s64)0x7fffffff);
	}
	if (info)
		info->si_sys_private = 0;
}

/* What is left, as timer_gettime(2) tells it. */
static u64 timer_left(struct posix_timer *it)
{
	u64 now, expires = it->expires;

	if (!it->active && !(expires && (it->interval || it->notify == SIGEV_NONE)))
		return 0;
	now = timer_now(it);
	if (it->interval && (!it->active || it->notify == SIGEV_NONE))
		clock_forward(&expires, it->interval, now);
	if (it->notify == SIGEV_NONE)
		it->expires = expires;
	if (expires > now)
		return expires - now;
	return it->notify == SIGEV_NONE ? 0 : 1; /* due, not yet seen: not 0 */
}

/* ---- creating and deleting ---- */

static struct posix_timer *find_timer(int id)
{
	struct posix_timer *it;

	list_for_each_entry(it, &current->signal->posix_timers, node)
		if (it->id == id)
			return it;
	return NULL;
}

static void timer_free(struct posix_timer *it)
{
	timer_disarm(it);
	list_del(&it->node);
	if (it->q)
		sigqueue_free_timer(it->q);
	kfree(it);
}

/* proc_pid_timers(5): the newest first. */
void posix_timers_show(struct seq *s, const struct signal_struct *sig)
{
	for (const struct list_head *l = sig->posix_timers.prev; l != &sig->posix_timers; l = l->prev) {
		const struct posix_timer *it = list_entry(l, struct posix_timer, node);
		const int kind = it->notify & ~SIGEV_THREAD_ID;

		seq_printf(s, "ID: %d\nsignal: %d/%016llx\nnotify: %s/%s.%d\nClockID: %d\n", it->id, it->q->info.si_signo,
			(unsigned long long)(unsigned long)it->q->info.si_value.sival_ptr,
			kind == SIGEV_SIGNAL ? "signal" : kind == SIGEV_NONE ? "none" : "thread",
			it->notify & SIGEV_THREAD_ID ? "tid" : "pid", it->notify & SIGEV_THREAD_ID ? it->tid : sig->leader->tgid,
			it->clock);
	}
}

void exec_posix_timers(struct signal_struct *s)
{
	while (!list_empty(&s->posix_timers))
		timer_free(list_first_entry(&s->posix_timers, struct posix_timer, node));
}

/* Numbers are not used again before all others have been, so that a stale one names nothing. */
static int timer_new_id(void)
{
	struct signal_struct *s = current->signal;
	int id;

	do {
		id = s->next_timer_id;
		s->next_timer_id = (id + 1) & 0x7fffffff;
	} while (find_timer(id));
	return id;
}

/* Who is to be told, and how: 0 or -EINVAL. */
static int timer_set_target(struct posix_timer *it, const sigevent_t *ev)
{
	struct task *t;

	it->notify = ev->sigev_notify;
	switch (ev->sigev_notify) {
	case SIGEV_SIGNAL | SIGEV_THREAD_ID:
		t = find_task(ev->_sigev_un._tid);
		if (!t || t->tgid != current->tgid)
			return -EINVAL;
		it->tid = t->pid;
		it->tid_start = t->start_time;
		break;
	case SIGEV_SIGNAL:
	case SIGEV_THREAD:
		break;
	case SIGEV_NONE:
		return 0;
	default:
		return -EINVAL;
	}
	return ev->sigev_signo > 0 && ev->sigev_signo <= _NSIG ? 0 : -EINVAL;
}

static int timer_prepare(struct posix_timer *it, const sigevent_t *ev)
{
	/* Even one that never signals counts against the queue's limit. */
	it->q = sigqueue_alloc_timer(it);
	if (!it->q)
		return -EAGAIN;
	memset(&it->q->info, 0, sizeof(it->q->info));
	it->q->info.si_signo = ev->sigev_signo;
	it->q->info.si_code = SI_TIMER;
	it->q->info.si_value = ev->sigev_value;
	return timer_set_target(it, ev);
}

SYSCALL_DEFINE3(timer_create, int, which, sigevent_t __user *, uevent, int __user *, created)
{
	sigevent_t ev;
	struct cpu_clock cpu = { .pid = 0 };
	struct posix_timer *it;
	int err, id;

	err = clock_is_cpu(which) ? 0 : clock_can_wait(which);
	if (err && err != -EPERM)
		return err;
	if (uevent && copy_from_user(&ev, uevent, sizeof(ev)))
		return -EFAULT;
	it = kzalloc(sizeof(*it));
	if (!it)
		return -EAGAIN;
	INIT_LIST_HEAD(&it->node);
	it->clock = which;
	it->owner = current->signal;
	it->overrun = -1;
	timer_setup(&it->timer, ktimer_expired);
	id = timer_new_id();
	if (!uevent) {
		memset(&ev, 0, sizeof(ev));
		ev.sigev_notify = SIGEV_SIGNAL;
		ev.sigev_signo = SIGALRM;
		ev.sigev_value.sival_int = id;
	}
	err = timer_prepare(it, &ev);
	if (!err)
		err = clock_is_cpu(which) ? cpu_clock_find(which, &cpu) : clock_can_wait(which);
	cpu_alarm_init(&it->alarm, &cpu, alarm_expired);
	if (!err)
		it->q->info.si_tid = id;
	it->id = id;
	list_add_tail(&it->node, &current->signal->posix_timers);
	if (!err && put_user(id, created))
		err = -EFAULT;
	if (err)
		timer_free(it);
	return err;
}

SYSCALL_DEFINE1(timer_delete, int, id)
{
	struct posix_timer *it = find_timer(id);

	if (!it)
		return -EINVAL;
	if (!list_empty(&it->q->list)) { /* a signal that waits stays */
		it->q->info.si_sys_private = 0;
		it->q->timer = NULL;
		it->q = NULL;
	}
	timer_free(it);
	return 0;
}

/* ---- setting and asking ---- */

SYSCALL_DEFINE4(timer_settime, int, id, int, flags, const struct __kernel_itimerspec __user *, unew,
	struct __kernel_itimerspec __user *, uold)
{
	u64 value, interval, left, old_interval;
	struct posix_timer *it;
	int err;

	if (!unew)
		return -EINVAL;
	err = get_itimerspec(&value, &interval, unew);
	if (err)
		return err;
	it = find_timer(id);
	if (!it)
		return -EINVAL;
	left = uold ? timer_left(it) : 0;
	old_interval = it->interval;
	timer_disarm(it);
	it->generation++;
	it->overrun = -1;
	it->overrun_last = 0;
	it->interval = value ? interval : 0;
	/* As on Linux a timer that tells nobody keeps its time when it is set to 0, for timer_gettime(2). */
	if (it->notify != SIGEV_NONE || clock_is_cpu(it->clock))
		it->expires = 0;
	if (value) {
		it->expires = flags & TIMER_ABSTIME ? value : ktime_add_safe(timer_now(it), value);
		if (it->notify != SIGEV_NONE)
			err = timer_arm(it);
	}
	if (err)
		return err;
	if (it->active && it->timer.deadline <= ktime_get())
		timers_run(); /* due already: as with an interrupt, before anybody asks */
	return uold ? put_itimerspec(left, old_interval, uold) : 0;
}

SYSCALL_DEFINE2(timer_gettime, int, id, struct __kernel_itimerspec __user *, setting)
{
	struct posix_timer *it = find_timer(id);

	return it ? put_itimerspec(timer_left(it), it->interval, setting) : -EINVAL;
}

SYSCALL_DEFINE1(timer_getoverrun, int, id)
{
	struct posix_timer *it = find_timer(id);

	return it ? it->overrun_last : -EINVAL;
}
