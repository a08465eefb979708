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

static int do_op(struct trap_task *t, const struct op *op)
{
	long r = 0;
	int err = 0;

	switch (op->kind) {
	case OP_MAP:
		for (int try = 0; try < 2; try++) {
			err = tracee_call(t, &r, NULL, SYS_mmap, (long)op->addr, (long)op->size, op->prot,
				     MAP_SHARED | MAP_FIXED | (op->populate ? MAP_POPULATE : 0), STUB_PHYS_FD, (long)op->phys);
			if (err || r == (long)op->addr)
				return err;
			/* The host has no room for one more mapping: they are a cache, drop them all. */
			err = tracee_call(t, &r, NULL, SYS_munmap, GUEST_LOW, (long)(STUB_BASE - GUEST_LOW), 0, 0, 0, 0);
			if (err)
				return err;
		}
		return 0;
	case OP_PROTECT:
		err = tracee_call(t, &r, NULL, SYS_mprotect, (long)op->addr, (long)op->size, op->prot, 0, 0, 0);
		if (err || !r)
			return err;
		/* Part of it was not there, or could not be split: what goes now faults in again. */
		/* fall through */
	case OP_UNMAP:
		err = tracee_call(t, &r, NULL, SYS_munmap, (long)op->addr, (long)op->size, 0, 0, 0, 0);
		if (!err && r)
			err = tracee_call(t, &r, NULL, SYS_munmap, GUEST_LOW, (long)(STUB_BASE - GUEST_LOW), 0, 0, 0, 0);
		return err;
	}
	return 0;
}

int tracee_do_queue(struct trap_mm *mm, struct trap_task *t)
{
	unsigned done;
	int err = 0;

	for (done = 0; done < mm->nops && !err; done++)
		err = do_op(t, &mm->queue[done]);
	if (err) /* it may or may not have been done: again */
		done--;
	mm->nops -= done;
	memmove(mm->queue, mm->queue + done, mm->nops * sizeof(*mm->queue));
	return err;
}

static struct op *queue_op(struct trap_mm *mm)
{
	if (mm->nops == mm->cap) {
		unsigned cap = mm->cap ? 2 * mm->cap : 16;
		struct op *q = realloc(mm->queue, cap * sizeof(*q));

		if (!q)
			um_die(125, "out of memory");
		mm->queue = q;
		mm->cap = cap;
	}
	return &mm->queue[mm->nops++];
}

static struct op *last_op(struct trap_mm *mm, enum op_kind kind, u64 addr)
{
	struct op *last = mm->nops ? &mm->queue[mm->nops - 1] : NULL;

	return last && last->kind == kind && last->addr + last->size == addr ? last : NULL;
}

void ptrace_map(struct trap_mm *mm, u64 addr, u64 size, int prot, u64 phys, bool populate)
{
	struct op *last = last_op(mm, OP_MAP, addr);

	if (last && last->prot == prot && last->populate == populate && last->phys + last->size == phys)
		last->size += size;
	else
		*queue_op(mm) = (struct op){ OP_MAP, prot, populate, addr, size, phys };
}

void ptrace_unmap(struct trap_mm *mm, u64 addr, u64 size)
{
	struct op *last = last_op(mm, OP_UNMAP, addr);

	if (last)
		last->size += size;
	else
		*queue_op(mm) = (struct op){ .kind = OP_UNMAP, .addr = addr, .size = size };
}

void ptrace_protect(struct trap_mm *mm, u64 addr, u64 size, int prot)
{
	struct op *last = last_op(mm, OP_PROTECT, addr);

	if (last && last->prot == prot)
		last->size += size;
	else
		*queue_op(mm) = (struct op){ .kind = OP_PROTECT, .prot = prot, .addr = addr, .size = size };
}
