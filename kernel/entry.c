/* The way into the kernel and out: the loop that every task runs on its kernel stack. It decides what an event of the
 * guest means; the work is elsewhere (do_syscall_64, handle_guest_fault, exit_to_guest_work). */
#include "host.h"
#include "ledger.h"
#include "mm.h"
#include "prctl.h"
#include "sched.h"
#include "syscalls.h"
#include "task.h"
#include "trap.h"
#include "umk_kernel.h"

/* A restart code still lies in ax: exit_to_guest_work() must turn it into a restart or EINTR. */
static inline bool wants_restart(const struct pt_regs *regs)
{
	return (long)regs->orig_ax >= 0 && regs->ax + ERESTART_RESTARTBLOCK <= ERESTART_RESTARTBLOCK - ERESTARTSYS;
}

static void guest_syscall(struct task *t, const struct trap_event *ev)
{
	struct pt_regs *regs = &t->regs;

	if (ev->site) {
		/* A forged site number is a guest's own doing. */
		if (unlikely(!rewrite_site_regs(t->mm, ev->site - 1, regs))) {
			force_sig(SIGSEGV);
			return;
		}
	} else if (unlikely(ev->arch_i386)) {
		LEDGER("i386 system call (int $0x80)", regs->orig_ax);
		ledger_count_enosys((unsigned)regs->orig_ax, true);
		regs->ax = (unsigned long)-ENOSYS;
		return;
	} else if (umk_options.rewrite && trap->rewrite_thunk) {
		rewrite_consider(regs);
	}
	if (unlikely(t->dispatch.on) && user_dispatch_catches(t, regs))
		return;
	t->in_syscall = (int)regs->orig_ax;
	if (unlikely(umk_options.strace)) {
		trace_syscall_enter(t);
		do_syscall_64(regs);
		trace_syscall_exit(t);
	} else {
		do_syscall_64(regs);
	}
	t->in_syscall = -1;
}

static void guest_event(struct task *t, const struct trap_event *ev)
{
	switch (ev->kind) {
	case TRAP_SYSCALL:
		guest_syscall(t, ev);
		break;
	case TRAP_FAULT:
		handle_guest_fault(t);
		break;
	case TRAP_INTERRUPT:
		rewrite_fix_interrupt(t->mm, &t->regs);
		break;
	case TRAP_DIED:
		do_group_exit(ev->signo & 0x7f ? ev->signo & 0x7f : SIGKILL);
	case TRAP_NONE:
		/* Only a fatal signal ends the wait for an event; the loop is about to deliver it. */
		break;
	}
}

void task_loop(void *unused __maybe_unused)
{
	struct task *t = current;

	if (t->set_child_tid) {
		/* As in Linux the child's own store: a fault here is nobody's error. */
		int pid = t->pid;

		(void)put_user(pid, (int __user *)u64_to_uptr(t->set_child_tid));
		t->set_child_tid = 0;
	}
	for (;;) {
		const struct trap_event *ev;

		if (unlikely(t->sigpending || t->restore_sigmask || wants_restart(&t->regs)))
			exit_to_guest_work(t);
		t->state = TASK_GUEST;
		trap->resume(t->tt, &t->regs);
		do {
			schedule();
			ev = trap->event(t->tt);
			if (unlikely(ev->kind == TRAP_NONE)) {
				if (fatal_signal_pending(t))
					break;
				t->state = TASK_GUEST;
			}
		} while (ev->kind == TRAP_NONE);
		guest_event(t, ev);
	}
}
