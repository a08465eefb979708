/* Syscall user dispatch: prctl(PR_SET_SYSCALL_USER_DISPATCH). A thread has its calls reported by SIGSYS instead of made, but for
 * those from one range of addresses and as long as a byte of its memory says so. For programs that emulate other systems. */
#include "prctl.h"
#include "sched.h"
#include "signal/sigcore.h"
#include "string.h"
#include "trap.h"
#include "uaccess.h"
#include <linux/audit.h>
#include <linux/prctl.h>

#ifndef SYS_USER_DISPATCH
#define SYS_USER_DISPATCH 2
#endif

long prctl_user_dispatch(const unsigned long *a)
{
	struct user_dispatch *d = &current->dispatch;
	u64 start = a[1], len = a[2], selector = a[3];

	switch (a[0]) {
	case PR_SYS_DISPATCH_OFF:
		if (start || len || selector)
			return -EINVAL;
		break;
	case PR_SYS_DISPATCH_ON:
		if (start && start + len <= start)
			return -EINVAL;
		if (selector && selector >= trap_layout.task_size)
			return -EFAULT;
		break;
	default:
		return -EINVAL;
	}
	*d = (struct user_dispatch){ .on = a[0] == PR_SYS_DISPATCH_ON, .start = start, .len = len, .selector = selector };
	return 0;
}

static void report(struct task *t, struct pt_regs *regs)
{
	siginfo_t info;

	memset(&info, 0, sizeof(info));
	info.si_signo = SIGSYS;
	info.si_code = SYS_USER_DISPATCH;
	info.si_call_addr = (void *)regs->ip;
	info.si_syscall = (int)regs->orig_ax;
	info.si_arch = AUDIT_ARCH_X86_64;
	regs->ax = regs->orig_ax;
	force_siginfo(&info, t);
}

bool user_dispatch_catches(struct task *t, struct pt_regs *regs)
{
	const struct user_dispatch *d = &t->dispatch;
	u8 state;

	/* regs->ip is behind the instruction, as Linux has it when it looks. */
	if (regs->ip - d->start < d->len)
		return false;
	if (d->selector) {
		if (get_user(state, (u8 __user *)u64_to_uptr(d->selector))) {
			force_fatal_sig(SIGSEGV);
			return true;
		}
		if (state == SYSCALL_DISPATCH_FILTER_ALLOW)
			return false;
		if (state != SYSCALL_DISPATCH_FILTER_BLOCK) {
			force_fatal_sig(SIGSYS);
			return true;
		}
	}
	report(t, regs);
	return true;
}
