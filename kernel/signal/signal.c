/* Signals: queues, masks, sending. Decides what signal(7) says about who takes a signal and when it is dropped.
 * Leaves what a taken signal does to deliver.c, faults to fault.c, the system calls to sigcalls.c. */
#include "fs.h"
#include "sched.h"
#include "cred.h"
#include "host.h"
#include "oops.h"
#include "slab.h"
#include "string.h"
#include "syscalls.h"
#include "sigcore.h"
#include "../task.h"
#include "umk_kernel.h"
#include "tty.h"
#include <asm/resource.h>

bool sig_dumps_core(int sig) { return in_mask(sig, SIG_CORE_MASK); }

/* ---- life cycle ---- */

static struct kmem_cache *sigqueue_cache, *sighand_cache;

static void caches_init(void)
{
	if (sigqueue_cache)
		return;
	sigqueue_cache = kmem_cache_create("sigqueue", sizeof(struct sigqueue), 0);
	sighand_cache = kmem_cache_create("sighand", sizeof(struct sighand), 0);
}

void sigpending_init(struct sigpending *p)
{
	INIT_LIST_HEAD(&p->queue);
	p->set = 0;
}

static void sigqueue_free(struct sigqueue *q)
{
	list_del(&q->list);
	if (q->timer) {
		posix_timer_taken(q->timer, NULL);
		return;
	}
	if (q->user) {
		q->user->sigpending--;
		user_count_put(q->user);
	}
	kmem_cache_free(sigqueue_cache, q);
}

void sigpending_flush(struct sigpending *p)
{
	while (!list_empty(&p->queue))
		sigqueue_free(list_first_entry(&p->queue, struct sigqueue, list));
	p->set = 0;
}

struct sighand *sighand_alloc(void)
{
	struct sighand *h;

	caches_init();
	h = kmem_cache_zalloc(sighand_cache);
	if (!h)
		return NULL;
	h->refs = 1;
	init_waitqueue_head(&h->signalfd_wait);
	return h;
}

struct sighand *sighand_copy(const struct sighand *old)
{
	struct sighand *h = sighand_alloc();

	if (h)
		memcpy(h->action, old->action, sizeof(h->action));
	return h;
}

struct sighand *sighand_get(struct sighand *h)
{
	h->refs++;
	return h;
}

void sighand_put(struct sighand *h)
{
	if (!h || --h->refs)
		return;
	/* An epoll that outlives the process may still look at its signals through a signalfd. */
	while (waitqueue_active(&h->signalfd_wait))
		list_del(h->signalfd_wait.entries.next);
	kmem_cache_free(sighand_cache, h);
}

void sighand_clear(struct sighand *h)
{
	for (int i = 0; i < _NSIG; i++) {
		struct k_sigaction *a = &h->action[i];

		if (a->handler != SIG_IGN_ADDR)
			a->handler = SIG_DFL_ADDR;
		a->flags = 0;
		a->restorer = 0;
		a->mask = 0;
	}
}

int sighand_unshare(struct task *t)
{
	struct sighand *h;

	if (t->sighand->refs == 1)
		return 0;
	h = sighand_copy(t->sighand);
	if (!h)
		return -ENOMEM;
	sighand_put(t->sighand);
	t->sighand = h;
	return 0;
}

void signals_exec(struct task *t)
{
	sighand_clear(t->sighand);
	t->sas_sp = 0;
	t->sas_size = 0;
	t->restart.kind = RESTART_NONE;
}

/* ---- what is pending ---- */

bool has_pending_signals(const struct sigpending *p, ksigset_t blocked) { return p->set & ~blocked; }

bool fatal_signal_pending(const struct task *t)
{
	return t->pending.set & sigmask(SIGKILL);
}

void sigset_changed(struct task *t)
{
	t->sigpending = t->stopping || has_pending_signals(&t->pending, t->blocked) ||
		has_pending_signals(&t->signal->shared_pending, t->blocked) || (t->signal->group_exit && !t->exiting) ||
		(t->signal->core && !t->exiting);
}

void signal_wake_up(struct task *t, bool fatal)
{
	t->sigpending = true;
	wake_task_signal(t, fatal);
}

/* The signal to take next: what an instruction caused comes first, then the lowest number. 0: none. */
int next_signal(const struct sigpending *p, ksigset_t blocked)
{
	ksigset_t x = p->set & ~blocked;

	if (x & SIG_SYNC_MASK)
		x &= SIG_SYNC_MASK;
	return x ? __builtin_ctzll(x) + 1 : 0;
}

/* Takes one instance of @sig off the queue. */
static void collect_signal(struct sigpending *p, int sig, siginfo_t *info)
{
	struct sigqueue *q, *first = NULL;
	bool more = false;

	list_for_each_entry(q, &p->queue, list) {
		if (q->info.si_signo != sig)
			continue;
		if (first) {
			more = true;
			break;
		}
		first = q;
	}
	if (!more)
		p->set &= ~sigmask(sig);
	if (first) {
		*info = first->info;
		if (first->timer) {
			list_del(&first->list);
			posix_timer_taken(first->timer, info);
		} else {
			sigqueue_free(first);
		}
	} else {
		memset(info, 0, sizeof(*info));
		info->si_signo = sig;
		info->si_code = SI_USER;
	}
}

int dequeue_signal(struct task *t, ksigset_t blocked, siginfo_t *info)
{
	struct sigpending *p = &t->pending;
	int sig = next_signal(p, blocked);

	if (!sig) {
		p = &t->signal->shared_pending;
		sig = next_signal(p, blocked);
		if (!sig)
			return 0;
	}
	collect_signal(p, sig, info);
	if (sig == SIGALRM && p == &t->signal->shared_pending)
		itimer_real_rearm(t->signal);
	sigset_changed(t);
	return sig;
}

int dequeue_synchronous(struct task *t, siginfo_t *info)
{
	struct sigqueue *q;

	if (!(t->pending.set & ~t->blocked & SIG_SYNC_MASK))
		return 0;
	list_for_each_entry(q, &t->pending.queue, list) {
		int sig = q->info.si_signo;

		if (q->info.si_code > SI_USER && in_mask(sig, SIG_SYNC_MASK & ~t->blocked)) {
			collect_signal(&t->pending, sig, info);
			sigset_changed(t);
			return sig;
		}
	}
	return 0;
}

static void drop_from(struct sigpending *p, ksigset_t mask)
{
	struct sigqueue *q, *next;

	if (!(p->set & mask))
		return;
	p->set &= ~mask;
	list_for_each_entry_safe(q, next, &p->queue, list)
		if (in_mask(q->info.si_signo, mask))
			sigqueue_free(q);
}

void drop_signals(struct signal_struct *s, ksigset_t mask)
{
	struct task *t;

	drop_from(&s->shared_pending, mask);
	list_for_each_entry(t, &s->threads, thread_node) {
		drop_from(&t->pending, mask);
		sigset_changed(t);
	}
}

/* ---- masks ---- */

void retarget_shared(struct task *t, ksigset_t which)
{
	ksigset_t left = t->signal->shared_pending.set & which;
	struct task *other;

	if (!left)
		return;
	list_for_each_entry(other, &t->signal->threads, thread_node) {
		if (other == t || other->exiting || !(left & ~other->blocked))
			continue;
		left &= other->blocked;
		if (!other->sigpending)
			signal_wake_up(other, false);
		if (!left)
			break;
	}
}

void set_blocked(struct task *t, ksigset_t set)
{
	set &= ~(sigmask(SIGKILL) | sigmask(SIGSTOP));
	if (t->sigpending && t->signal->live > 1)
		retarget_shared(t, set & ~t->blocked);
	t->blocked = set;
	sigset_changed(t);
}

int set_user_sigmask(const void __user *umask, size_t size)
{
	ksigset_t set;

	if (!umask)
		return 0;
	if (size != sizeof(set))
		return -EINVAL;
	if (copy_from_user(&set, umask, sizeof(set)))
		return -EFAULT;
	current->restore_sigmask = true;
	current->saved_sigmask = current->blocked;
	set_blocked(current, set);
	return 0;
}

void restore_saved_sigmask(struct task *t)
{
	if (t->restore_sigmask) {
		t->restore_sigmask = false;
		set_blocked(t, t->saved_sigmask);
	}
}

void restore_saved_sigmask_unless(bool interrupted)
{
	if (!interrupted)
		restore_saved_sigmask(current);
}

/* ---- sending ---- */

static bool handler_ignores(u64 handler, int sig)
{
	return handler == SIG_IGN_ADDR || (handler == SIG_DFL_ADDR && in_mask(sig, SIG_IGNORE_MASK));
}

bool sig_task_ignored(const struct task *t, int sig)
{
	if (t->pid == 1 || !t->sighand)
		return true;
	return handler_ignores(t->sighand->action[sig - 1].handler, sig);
}

/* The kinds of stop and continue cancel each other when sent, whatever is blocked. */
static void cancel_opposite(struct signal_struct *s, int sig)
{
	struct task *t;
	bool stopped = group_stopped(s), stopping = s->stop_sig && !stopped;

	if (in_mask(sig, SIG_STOP_MASK)) {
		drop_signals(s, sigmask(SIGCONT));
		return;
	}
	if (sig != SIGCONT)
		return;
	drop_signals(s, SIG_STOP_MASK);
	s->stop_pending = 0;
	list_for_each_entry(t, &s->threads, thread_node)
		t->stopping = false;
	if (stopped || stopping) {
		int why = stopped ? CLD_CONTINUED : CLD_STOPPED;

		s->continued = true;
		s->cont_reported = false;
		notify_parent_cldstop(s->leader, why);
		s->stop_sig = 0;
	}
	list_for_each_entry(t, &s->threads, thread_node) {
		sigset_changed(t);
		if (t->state == TASK_STOPPED)
			wake_task_signal(t, true);
	}
}

static bool wants_signal(int sig, const struct task *t)
{
	if (in_mask(sig, t->blocked) || t->exiting || t->state == TASK_ZOMBIE || t->state == TASK_DEAD)
		return false;
	if (sig == SIGKILL)
		return true;
	return t->state != TASK_STOPPED && (t == current || !t->sigpending);
}

static bool sig_fatal(const struct task *t, int sig)
{
	return !in_mask(sig, SIG_IGNORE_MASK | SIG_STOP_MASK) && t->sighand &&
		t->sighand->action[sig - 1].handler == SIG_DFL_ADDR;
}

unsigned zap_other_threads(struct task *t)
{
	struct task *other;
	unsigned n = 0;

	t->signal->stop_pending = 0;
	t->signal->stop_sig = 0;
	list_for_each_entry(other, &t->signal->threads, thread_node) {
		other->stopping = false;
		if (other == t || other->exiting || other->state == TASK_ZOMBIE || other->state == TASK_DEAD)
			continue;
		other->pending.set |= sigmask(SIGKILL);
		signal_wake_up(other, true);
		n++;
	}
	return n;
}

/* Chooses who takes a signal that has just been queued, and starts the end of the whole process at once if it is fatal. */
static void complete_signal(int sig, struct task *t, bool group)
{
	struct signal_struct *s = t->signal;
	struct task *target = NULL, *other;

	if (wants_signal(sig, t)) {
		target = t;
	} else if (group) {
		list_for_each_entry(other, &s->threads, thread_node)
			if (wants_signal(sig, other)) {
				target = other;
				break;
			}
	}
	if (!target)
		return; /* whoever unblocks it takes it */
	/* A traced task takes the signal first, as under ptrace, so that the trace can show it. */
	if (sig_fatal(t, sig) && !s->group_exit && !in_mask(sig, target->real_blocked) && !sig_dumps_core(sig)
	    && (sig == SIGKILL || !umk_options.strace)) {
		s->group_exit = true;
		s->group_exit_code = sig;
		zap_other_threads(target);
		target->pending.set |= sigmask(SIGKILL);
		signal_wake_up(target, true);
		return;
	}
	signal_wake_up(target, sig == SIGKILL);
}

void siginfo_user(siginfo_t *info, int sig, int code)
{
	memset(info, 0, sizeof(*info));
	info->si_signo = sig;
	info->si_code = code;
	info->si_pid = current->tgid;
	info->si_uid = current->cred->uid;
}

/* An entry for the queue, within RLIMIT_SIGPENDING of the receiver's user unless @override. NULL: none. */
static struct sigqueue *sigqueue_alloc(struct task *t, bool override)
{
	struct user_count *user;
	struct sigqueue *q;

	caches_init();
	user = user_count_get(t->cred ? t->cred->uid : 0);
	if (!user)
		return NULL;
	if (!override && user->sigpending >= task_rlimit(t, RLIMIT_SIGPENDING))
		goto put_user;
	q = kmem_cache_alloc(sigqueue_cache);
	if (!q)
		goto put_user;
	INIT_LIST_HEAD(&q->list);
	user->sigpending++;
	q->user = user;
	q->timer = NULL;
	return q;
put_user:
	user_count_put(user);
	return NULL;
}

static bool special_info(const siginfo_t *info) { return info == SEND_SIG_NOINFO || info == SEND_SIG_PRIV; }

static int send_signal(int sig, const siginfo_t *info, struct task *t, bool group, bool force)
{
	struct sigpending *p = group ? &t->signal->shared_pending : &t->pending;
	struct sigqueue *q;
	bool override;

	if (t->signal->group_exit || t->state == TASK_ZOMBIE || t->state == TASK_DEAD) {
		if (group && t->state == TASK_ZOMBIE && !t->signal->group_exit && t->signal->live)
			; /* the leader has exited, other threads live on */
		else
			return 0;
	}
	cancel_opposite(t->signal, sig);
	if (!in_mask(sig, t->blocked | t->real_blocked) && !force && sig_task_ignored(t, sig)) {
		if (umk_options.strace && !special_info(info))
			trace_signal_ignored(t, info);
		return 0;
	}
	if (sig < SIGRTMIN && (p->set & sigmask(sig)))
		return 0; /* one instance of a classic signal */
	if (sig == SIGKILL)
		goto set;
	override = sig < SIGRTMIN && (special_info(info) || info->si_code >= 0);
	q = sigqueue_alloc(t, override);
	if (q) {
		if (info == SEND_SIG_NOINFO) {
			siginfo_user(&q->info, sig, SI_USER);
		} else if (info == SEND_SIG_PRIV) {
			memset(&q->info, 0, sizeof(q->info));
			q->info.si_signo = sig;
			q->info.si_code = SI_KERNEL;
		} else {
			q->info = *info;
			q->info.si_signo = sig;
		}
		list_add_tail(&q->list, &p->queue);
	} else if (!special_info(info) && sig >= SIGRTMIN && info->si_code != SI_USER) {
		return -EAGAIN;
	}
set:
	p->set |= sigmask(sig);
	if (t->sighand)
		wake_up_all(&t->sighand->signalfd_wait);
	complete_signal(sig, t, group);
	return 0;
}

struct sigqueue *sigqueue_alloc_timer(struct posix_timer *timer)
{
	struct sigqueue *q = sigqueue_alloc(current, false);

	if (q)
		q->timer = timer;
	return q;
}

void sigqueue_free_timer(struct sigqueue *q)
{
	q->timer = NULL;
	sigqueue_free(q);
}

bool send_sigqueue(struct sigqueue *q, struct task *t, bool group)
{
	struct sigpending *p = group ? &t->signal->shared_pending : &t->pending;
	int sig = q->info.si_signo;

	if (t->signal->group_exit || t->exiting)
		return false;
	cancel_opposite(t->signal, sig);
	if (!in_mask(sig, t->blocked | t->real_blocked) && sig_task_ignored(t, sig))
		return false;
	list_add_tail(&q->list, &p->queue);
	p->set |= sigmask(sig);
	wake_up_all(&t->sighand->signalfd_wait);
	complete_signal(sig, t, group);
	return true;
}

int send_sig_task(int sig, const siginfo_t *info, struct task *t)
{
	if (!t->signal || t->pid == 1)
		return 0;
	return send_signal(sig, info, t, false, false);
}

int send_sig_group(int sig, const siginfo_t *info, struct task *leader)
{
	if (!leader->signal || leader->tgid == 1)
		return 0;
	return send_signal(sig, info, leader, true, false);
}

int send_sig_pgrp(int sig, const siginfo_t *info, int pgid)
{
	struct task *t;
	int sent = 0, err = -ESRCH;

	list_for_each_entry(t, &all_tasks, task_node) {
		int e;

		if (t->tgid != t->pid || !t->signal || t->signal->pgid != pgid)
			continue;
		e = sig ? send_sig_group(sig, info, t) : 0;
		if (e)
			err = e;
		else
			sent++;
	}
	return sent ? 0 : err;
}

/* Cannot be refused: an ignored or blocked one becomes the default action. */
void force_siginfo(const siginfo_t *info, struct task *t)
{
	int sig = info->si_signo;
	struct k_sigaction *a = &t->sighand->action[sig - 1];

	if (in_mask(sig, t->blocked) || a->handler == SIG_IGN_ADDR) {
		a->handler = SIG_DFL_ADDR;
		t->blocked &= ~sigmask(sig);
	}
	send_signal(sig, info, t, false, true);
	sigset_changed(t);
	if (!t->sigpending)
		signal_wake_up(t, false);
}

void force_sig(int sig)
{
	siginfo_t info;

	memset(&info, 0, sizeof(info));
	info.si_signo = sig;
	info.si_code = SI_KERNEL;
	force_siginfo(&info, current);
}

void force_fatal_sig(int sig)
{
	current->sighand->action[sig - 1].handler = SIG_DFL_ADDR;
	force_sig(sig);
}

/* ---- from the host ---- */

void host_signal_upcall(int signo)
{
	struct task *first = find_task(FIRST_PID);
	int pgid = first && first->signal ? first->signal->pgid : FIRST_PID;

	if (signo == SIGUSR1) { /* it asks umk itself */
		dump_tasks();
		return;
	}
	if (signo == SIGHUP && console_is_gone())
		tty_hangup(console_tty(), true); /* and, as from a shell that hangs up its jobs, to the first program */
	/* what a terminal sends goes to the group that a guest's shell has put in its foreground */
	if ((signo == SIGINT || signo == SIGQUIT || signo == SIGTSTP || signo == SIGWINCH) && tty_foreground())
		pgid = tty_foreground();
	if ((signo == SIGTERM || signo == SIGHUP) && first)
		send_sig_group(signo, SEND_SIG_PRIV, first); /* kill(1) of umk itself names one process */
	else
		send_sig_pgrp(signo, SEND_SIG_PRIV, pgid);
}
