/* Faults of guest instructions: resolved by the memory manager, or turned into the signal that Linux sends. */
#include "../coredump.h"
#include "sched.h"
#include "fs.h"
#include "host.h"
#include "mm.h"
#include "printk.h"
#include "sigcore.h"
#include "string.h"
#include "trap.h"
#include "umk_kernel.h"

#define X86_TRAP_PF 14
#define PF_PRESENT 1u
#define PF_WRITE 2u
#define PF_FETCH 16u

void force_sig_fault(int sig, int code, u64 addr, u64 trapno, u64 err)
{
	siginfo_t info;

	memset(&info, 0, sizeof(info));
	info.si_signo = sig;
	info.si_code = code;
	info.si_addr = (void *)addr;
	current->trap_nr = trapno;
	current->trap_err = err;
	if (trapno == X86_TRAP_PF)
		current->cr2 = addr;
	force_siginfo(&info, current);
}

/* No frame for a page that the guest has a right to: Linux's OOM killer, whose choice is always the one that asks. */
static void oom_kill(struct task *t)
{
	pr_msg("out of memory: killed process %d (%s)", t->tgid, t->comm);
	send_sig_group(SIGKILL, SEND_SIG_PRIV, t);
}

static void memory_fault(struct task *t, const struct trap_event *ev)
{
	u64 addr = ev->addr, err = ev->error_code;
	unsigned access = err & PF_FETCH ? VM_EXEC : err & PF_WRITE ? VM_WRITE : VM_READ;

	if (addr >= trap_layout.task_size) {
		force_sig_fault(SIGSEGV, SEGV_MAPERR, addr, X86_TRAP_PF, err | (addr >> 47 ? PF_PRESENT : 0));
		return;
	}
	switch (handle_mm_fault(t->mm, addr, access)) {
	case 0:
		t->min_flt++;
		return;
	case -EFAULT:
		force_sig_fault(SIGSEGV, SEGV_MAPERR, addr, X86_TRAP_PF, err & ~(u64)PF_PRESENT);
		return;
	case -EACCES:
		force_sig_fault(SIGSEGV, SEGV_ACCERR, addr, X86_TRAP_PF, err);
		return;
	case -EFBIG:
	case -EIO:
		force_sig_fault(SIGBUS, BUS_ADRERR, addr, X86_TRAP_PF, err & ~(u64)PF_PRESENT);
		return;
	case -ENOMEM:
		/* Dirty pages of files may be all that is in the way: once written they can go, and the guest faults again. */
		if (!writeback_for_memory())
			oom_kill(t);
		return;
	default:
		return; /* killed while it waited */
	}
}

void handle_guest_fault(struct task *t)
{
	const struct trap_event *ev = trap->event(t->tt);

	if (ev->trapno == X86_TRAP_PF && ev->signo == SIGSEGV) {
		memory_fault(t, ev);
		return;
	}
	if (ev->trapno == X86_TRAP_PF && ev->signo == SIGBUS) {
		if (mm_is_direct(t->mm, ev->addr)) /* the file ends before it by now, or the host could not read it */
			force_sig_fault(SIGBUS, BUS_ADRERR, ev->addr, X86_TRAP_PF, ev->error_code & ~(u64)PF_PRESENT);
		else
			oom_kill(t); /* the host has no page for physmem */
		return;
	}
	/* The host has worked out the same instruction's signal. */
	switch (ev->signo) {
	case SIGSEGV:
	case SIGBUS:
	case SIGILL:
	case SIGFPE:
	case SIGTRAP:
		force_sig_fault(ev->signo, ev->code, ev->code == SI_KERNEL ? 0 : ev->addr, ev->trapno,
			ev->trapno == X86_TRAP_PF ? 0 : ev->error_code);
		return;
	default:
		force_sig(SIGKILL); /* nothing else comes from an instruction */
	}
}

void report_fatal_signal(struct task *t, const siginfo_t *info)
{
	int sig = info->si_signo;

	if (!sig_dumps_core(sig))
		return;
	if (!umk_options.verbose)
		return;
	if (info->si_code > 0 && info->si_code != SI_KERNEL)
		pr_verbose("process %d (%s) dies of signal %d (code %d) at ip %#lx, address %#lx", t->tgid, t->comm, sig,
			info->si_code, t->regs.ip, (unsigned long)info->si_addr);
	else
		pr_verbose("process %d (%s) dies of signal %d (code %d) at ip %#lx", t->tgid, t->comm, sig,
			info->si_code, t->regs.ip);
	guest_backtrace(t);
}
