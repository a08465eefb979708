/* System calls that a tracee makes for us: its registers are set, it runs the two instructions `syscall; int3` at STUB_TEXT, and
 * its registers are put back when it next runs. Memory operations are queued here and made in this way. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "ptrace_parts.h"

#define GADGET_END (STUB_TEXT + 3)      /* ip after the gadget's int3 */
#define GUEST_LOW 0x10000ull

int tracee_call(struct trap_task *t, long *result, pid_t *cloned, long nr, long a1, long a2, long a3, long a4, long a5,
		  long a6)
{
	struct user_regs_struct u = t->user;
	unsigned long message;
	int status, sig;

	u.rip = STUB_TEXT;
	u.cs = GUEST_CS;
	u.ss = GUEST_SS;
	u.eflags = X86_EFLAGS_FIXED;
	u.orig_rax = -1ul;
	u.rax = (unsigned long)nr;
	u.rdi = (unsigned long)a1;
	u.rsi = (unsigned long)a2;
	u.rdx = (unsigned long)a3;
	u.r10 = (unsigned long)a4;
	u.r8 = (unsigned long)a5;
	u.r9 = (unsigned long)a6;
	ptrace(PTRACE_SETREGS, t->pid, 0, &u);
	ptrace(PTRACE_CONT, t->pid, 0, 0);
	for (;;) {
		tracee_wait(t->pid, &status);
		if (!tracee_alive(status)) {
			tracee_died(t, status);
			return -EIO;
		}
		sig = WSTOPSIG(status);
		if (status >> 16 == PTRACE_EVENT_CLONE) {
			if (cloned && !ptrace(PTRACE_GETEVENTMSG, t->pid, 0, &message))
				*cloned = (pid_t)message;
		} else if (status >> 16 == 0 && sig == SIGTRAP) {
			if (!ptrace(PTRACE_GETREGS, t->pid, 0, &u) && u.rip == GADGET_END) {
				*result = (long)u.rax;
				return 0;
			}
		} else if (status >> 16 == 0 && (sig == SIGTSTP || sig == SIGTTIN || sig == SIGTTOU || sig == SIGSTOP)) {
			t->stop_signal = sig;
		}
		/* else a signal from outside, or an old interrupt */
		ptrace(PTRACE_CONT, t->pid, 0, 0);
	}
}

/* ---- memory operations ---- */

static int do_op(struct trap_task *t, const struct stub_op *op)
{
	bool populate = op->prot & STUB_OP_POPULATE;
	int prot = (int)(op->prot & ~STUB_OP_POPULATE);
	long r = 0;
	int err = 0;

	switch (op->kind) {
	case STUB_OP_MAP:
		for (int try = 0; try < 2; try++) {
			err = tracee_call(t, &r, NULL, SYS_mmap, (long)op->addr, (long)op->size, prot,
				     MAP_SHARED | MAP_FIXED | (populate ? MAP_POPULATE : 0), STUB_PHYS_FD, (long)op->phys);
			if (err || r == (long)op->addr)
				return err;
			/* The host has no room for one more mapping: they are a cache, drop them all. */
			err = tracee_call(t, &r, NULL, SYS_munmap, GUEST_LOW, (long)(STUB_BASE - GUEST_LOW), 0, 0, 0, 0);
			if (err)
				return err;
		}
		return 0;
	case STUB_OP_PROTECT:
		err = tracee_call(t, &r, NULL, SYS_mprotect, (long)op->addr, (long)op->size, prot, 0, 0, 0);
		if (err || !r)
			return err;
		/* Part of it was not there, or could not be split: what goes now faults in again. */
		/* fall through */
	case STUB_OP_UNMAP:
		err = tracee_call(t, &r, NULL, SYS_munmap, (long)op->addr, (long)op->size, 0, 0, 0, 0);
		if (!err && r)
			err = tracee_call(t, &r, NULL, SYS_munmap, GUEST_LOW, (long)(STUB_BASE - GUEST_LOW), 0, 0, 0, 0);
		return err;
	}
	return 0;
}

int tracee_do_queue(struct trap_mm *mm, struct trap_task *t)
{
	struct op_queue *q = &mm->queue;
	unsigned done;
	int err = 0;

	for (done = 0; done < q->n && !err; done++)
		err = do_op(t, &q->ops[done]);
	if (err) /* it may or may not have been done: again */
		done--;
	q->n -= done;
	memmove(q->ops, q->ops + done, q->n * sizeof(*q->ops));
	return err;
}

void ptrace_map(struct trap_mm *mm, u64 addr, u64 size, int prot, u64 phys, bool populate)
{
	op_queue_map(&mm->queue, addr, size, (u32)prot | (populate ? STUB_OP_POPULATE : 0), phys);
}

void ptrace_unmap(struct trap_mm *mm, u64 addr, u64 size)
{
	op_queue_unmap(&mm->queue, addr, size);
}

void ptrace_protect(struct trap_mm *mm, u64 addr, u64 size, int prot)
{
	op_queue_protect(&mm->queue, addr, size, (u32)prot);
}
