/* What a signal does once it is taken: default actions, stop and continue, handlers, restarted calls; on the way to
 * the guest. Leaves the handler's frame to sigframe.c and dying to exit.c. */
#include "../coredump.h"
#include "sched.h"
#include "host.h"
#include "sigcore.h"
#include "string.h"
#include "../task.h"
#include "umk_kernel.h"
#include <asm/unistd_64.h>
#include <linux/signal.h>

#define WCOREFLAG 0x80 /* of a wait status: a core file was written */

/* ---- stop and continue ---- */

bool group_stopped(const struct signal_struct *s) { return s->stop_sig && !s->stop_pending; }

void notify_parent_cldstop(struct task *t, int why)
{
	struct task *leader = t->signal->leader, *parent = leader->parent;
	siginfo_t info;
	u64 utime = 0, stime = 0;

	if (!parent || !parent->signal)
		return;
	process_times(t->signal, &utime, &stime);
	memset(&info, 0, sizeof(info));
	info.si_signo = SIGCHLD;
	info.si_code = why;
	info.si_pid = leader->pid;
	info.si_uid = leader->cred ? leader->cred->uid : 0;
	info.si_utime = (long)(utime / NSEC_PER_TICK);
	info.si_stime = (long)(stime / NSEC_PER_TICK);
	info.si_status = why == CLD_CONTINUED ? SIGCONT : t->signal->stop_sig & 0x7f;
	if (parent->sighand && parent->pid != 1) {
		const struct k_sigaction *a = &parent->sighand->action[SIGCHLD - 1];

		if (a->handler != SIG_IGN_ADDR && !(a->flags & SA_NOCLDSTOP))
			send_sig_group(SIGCHLD, &info, parent);
	}
	wake_up_all(&parent->signal->wait_chldexit);
}

/* One thread fewer to stop; the last one makes the stop complete. */
static void stop_participate(struct task *t)
{
	struct signal_struct *s = t->signal;

	if (!t->stopping)
		return;
	t->stopping = false;
	if (s->stop_pending && --s->stop_pending == 0 && s->stop_sig) {
		s->stop_reported = false;
		s->continued = false;
		notify_parent_cldstop(t, CLD_STOPPED);
	}
}

/* Some process can still run (and continue others). */
static bool anybody_unstopped(void)
{
	struct task *t;

	list_for_each_entry(t, &all_tasks, task_node)
		if (t->pid != 1 && t->signal && t == t->signal->leader && t->state != TASK_ZOMBIE && t->state != TASK_DEAD &&
		    !group_stopped(t->signal))
			return true;
	return false;
}

/* Who started umk sees the first program as umk itself: when it has stopped, umk stops, until it is continued. Not by
 * SIGSTOP as long as another guest runs, which may be the one to continue it. */
static void stop_with_first(struct signal_struct *s)
{
	int sig = s->stop_sig;

	if (!group_stopped(s) || s->leader->tgid != FIRST_PID || (sig == SIGSTOP && anybody_unstopped()))
		return;
	host_stop_self(sig);
	send_sig_pgrp(SIGCONT, SEND_SIG_PRIV, s->pgid);
}

/* Starts a stop of the whole process by @sig, or (0) takes part in one that a sibling started. */
static void do_signal_stop(struct task *t, int sig)
{
	struct signal_struct *s = t->signal;
	struct task *other;

	if (sig) {
		if (s->group_exit || s->exec_task)
			return;
		s->stop_sig = sig;
		list_for_each_entry(other, &s->threads, thread_node) {
			if (other->exiting || other->stopping || other->state == TASK_STOPPED ||
			    other->state == TASK_ZOMBIE || other->state == TASK_DEAD)
				continue;
			other->stopping = true;
			s->stop_pending++;
			if (other != t)
				signal_wake_up(other, false);
		}
	}
	stop_participate(t);
	stop_with_first(s);
	while (s->stop_sig && !fatal_signal_pending(t) && !s->group_exit) {
		t->state = TASK_STOPPED;
		schedule();
		/* Continued and stopped anew by a sibling before it ran: it counts for the new stop, too. */
		if (t->stopping && s->stop_sig) {
			stop_participate(t);
			stop_with_first(s);
		}
	}
	t->state = TASK_RUNNING;
	sigset_changed(t);
}

void signals_exit(struct task *t)
{
	t->exiting = true;
	if (t->stopping)
		stop_participate(t);
	if (!t->signal->group_exit && t->signal->live > 1)
		retarget_shared(t, ~t->blocked);
	sigpending_flush(&t->pending);
	t->sigpending = false;
}

/* ---- delivery ---- */

/* Takes signals until one has a handler (true, in @ks) or none is left. Default actions happen here. */
static bool get_signal(struct task *t, struct ksignal *ks)
{
	struct signal_struct *s = t->signal;
	struct k_sigaction *a;
	int sig;

	for (;;) {
		if (s->group_exit)
			do_group_exit(s->group_exit_code);
		if (s->exec_task && s->exec_task != t)
			do_exit(0);
		if (coredump_park())
			continue;
		if (t->stopping) {
			do_signal_stop(t, 0);
			continue;
		}
		sig = dequeue_synchronous(t, &ks->info);
		if (!sig)
			sig = dequeue_signal(t, t->blocked, &ks->info);
		if (!sig)
			return false;
		if (umk_options.strace)
			trace_signal(t, sig, &ks->info);
		a = &t->sighand->action[sig - 1];
		if (a->handler == SIG_IGN_ADDR)
			continue;
		if (a->handler != SIG_DFL_ADDR) {
			ks->sig = sig;
			ks->action = *a;
			if (a->flags & SA_RESETHAND)
				a->handler = SIG_DFL_ADDR;
			return true;
		}
		if (in_mask(sig, SIG_IGNORE_MASK))
			continue;
		if (in_mask(sig, SIG_STOP_MASK)) {
			if (sig == SIGSTOP || !pgrp_is_orphaned(s->pgid))
				do_signal_stop(t, sig);
			continue;
		}
		report_fatal_signal(t, &ks->info);
		do_group_exit(coredump(&ks->info) ? sig | WCOREFLAG : sig);
	}
}

/* A call that a signal interrupted, and a handler that is about to run: restart it after the handler, or EINTR. */
static void restart_with_handler(struct pt_regs *regs, const struct k_sigaction *a)
{
	if ((long)regs->orig_ax == -1)
		return;
	switch ((long)regs->ax) {
	case -ERESTART_RESTARTBLOCK:
	case -ERESTARTNOHAND:
		regs->ax = -EINTR;
		return;
	case -ERESTARTSYS:
		if (!(a->flags & SA_RESTART)) {
			regs->ax = -EINTR;
			return;
		}
		/* fall through */
	case -ERESTARTNOINTR:
		regs->ax = regs->orig_ax;
		regs->ip -= 2; /* the syscall instruction */
	}
}

static void restart_without_handler(struct pt_regs *regs)
{
	if ((long)regs->orig_ax == -1)
		return;
	switch ((long)regs->ax) {
	case -ERESTARTNOHAND:
	case -ERESTARTSYS:
	case -ERESTARTNOINTR:
		regs->ax = regs->orig_ax;
		regs->ip -= 2;
		return;
	case -ERESTART_RESTARTBLOCK:
		regs->ax = __NR_restart_syscall;
		regs->ip -= 2;
	}
}

/* A handler's frame could not be made or read: SIGSEGV; if SIGSEGV's own frame failed, its handler is given up. */
static void force_sigsegv(struct task *t, int sig)
{
	if (sig == SIGSEGV)
		t->sighand->action[SIGSEGV - 1].handler = SIG_DFL_ADDR;
	force_sig(SIGSEGV);
}

static void handle_signal(struct task *t, struct ksignal *ks)
{
	ksigset_t save = t->restore_sigmask ? t->saved_sigmask : t->blocked, mask;

	restart_with_handler(&t->regs, &ks->action);
	if (setup_rt_frame(t, ks, save)) {
		force_sigsegv(t, ks->sig);
		return;
	}
	t->restore_sigmask = false;
	mask = t->blocked | ks->action.mask;
	if (!(ks->action.flags & SA_NODEFER))
		mask |= sigmask(ks->sig);
	set_blocked(t, mask);
	if (t->sas_flags & SS_AUTODISARM) {
		t->sas_sp = 0;
		t->sas_size = 0;
		t->sas_flags = SS_DISABLE;
	}
}

/* What the CPU would refuse to load becomes the fault that Linux makes of it. */
bool regs_loadable(struct task *t)
{
	struct pt_regs *regs = &t->regs;

	if (regs->cs != GUEST_CS || regs->ss != GUEST_SS) {
		u64 bad = regs->cs != GUEST_CS ? regs->cs : regs->ss;

		regs->cs = GUEST_CS;
		regs->ss = GUEST_SS;
		force_sig_fault(SIGSEGV, SI_KERNEL, 0, 13, bad & 0xfffc);
		return false;
	}
	if (regs->ip >> 47) {
		if (regs->ip >> 47 == 0x1ffff)
			force_sig_fault(SIGSEGV, SEGV_MAPERR, regs->ip, 14, 0x15);
		else
			force_sig_fault(SIGSEGV, SI_KERNEL, 0, 13, 0);
		return false;
	}
	return true;
}

void exit_to_guest_work(struct task *t)
{
	struct ksignal ks;

	for (;;) {
		while (t->sigpending) {
			if (!get_signal(t, &ks))
				break;
			handle_signal(t, &ks);
		}
		restart_without_handler(&t->regs);
		restore_saved_sigmask(t);
		if (t->sigpending) {
			/* A stale flag would spin: only what get_signal can act on keeps it. */
			sigset_changed(t);
			if (t->sigpending)
				continue;
		}
		if (regs_loadable(t))
			return;
	}
}
