/* A tracee's state as the kernel knows it: registers, extended state, and what a fault was.
 *
 * The host does not tell a tracer whether a fault was a read or a write. A fault on a page that is not mapped is reported
 * as a write if the instruction is a plain store (insn.c), as a fetch if the address is the instruction's, else as a read: once
 * mapped it faults again if it was a write. So only where a page cannot be mapped is a store of another kind taken for a read:
 * beyond the end of a file that may not be written, it is SIGBUS instead of SIGSEGV. A fault on a page that is mapped is reported
 * as a write, or as a fetch where it may be one. */
#include <errno.h>
#include <linux/elf.h>
#include <signal.h>
#include <string.h>
#include <sys/uio.h>

#include "insn.h"
#include "ptrace_parts.h"

#define MAX_XSTATE 16384
enum { PF_PRESENT = 1, PF_WRITE = 2, PF_USER = 4, PF_FETCH = 16 }; /* bits of the error code */

static size_t xstate_size;              /* of the host's register set */
static u8 xstate[MAX_XSTATE] __aligned(64);

void tracee_to_pt_regs(struct pt_regs *r, const struct user_regs_struct *u)
{
	r->r15 = u->r15;
	r->r14 = u->r14;
	r->r13 = u->r13;
	r->r12 = u->r12;
	r->bp = u->rbp;
	r->bx = u->rbx;
	r->r11 = u->r11;
	r->r10 = u->r10;
	r->r9 = u->r9;
	r->r8 = u->r8;
	r->ax = u->rax;
	r->cx = u->rcx;
	r->dx = u->rdx;
	r->si = u->rsi;
	r->di = u->rdi;
	r->orig_ax = u->orig_rax;
	r->ip = u->rip;
	r->cs = u->cs;
	r->flags = u->eflags;
	r->sp = u->rsp;
	r->ss = u->ss;
}

void tracee_from_pt_regs(struct user_regs_struct *u, const struct pt_regs *r)
{
	u->r15 = r->r15;
	u->r14 = r->r14;
	u->r13 = r->r13;
	u->r12 = r->r12;
	u->rbp = r->bp;
	u->rbx = r->bx;
	u->r11 = r->r11;
	u->r10 = r->r10;
	u->r9 = r->r9;
	u->r8 = r->r8;
	u->rax = r->ax;
	u->rcx = r->cx;
	u->rdx = r->dx;
	u->rsi = r->si;
	u->rdi = r->di;
	u->rip = r->ip;
	u->eflags = r->flags;
	u->rsp = r->sp;
	u->cs = r->cs == 0x23 ? 0x23 : GUEST_CS;
	u->ss = GUEST_SS;
	/* The host must not take the guest's result for one of its own and restart a call. */
	u->orig_rax = -1ul;
	if (r->orig_ax != -1ul) {
		u->rcx = r->ip;
		u->r11 = r->flags;
	}
}

bool tracee_get_regs(struct trap_task *t)
{
	return ptrace(PTRACE_GETREGS, t->pid, 0, &t->user) == 0;
}

/* ---- faults ---- */

/* The memory may be changed meanwhile: then a guest gets the wrong signal by its own doing. */
static bool at_store(const struct trap_task *t)
{
	unsigned char insn[INSN_SIZE];

	for (unsigned i = 0; i < INSN_SIZE; i += sizeof(long)) {
		long word;

		errno = 0;
		word = ptrace(PTRACE_PEEKTEXT, t->pid, t->user.rip + i, 0);
		if (word == -1 && errno)
			return false;
		memcpy(insn + i, &word, sizeof(word));
	}
	return t->user.cs == GUEST_CS && insn_only_stores(insn);
}

void tracee_guess_fault(struct trap_task *t, struct trap_event *ev, u64 ip)
{
	bool at_ip = ev->addr == ip;
	/* an instruction that begins in the page before may be what is fetched, or what stores */
	bool near_ip = (ev->addr & ~PAGE_MASK) == 0 && ev->addr > ip && ev->addr - ip < 15;
	bool again = t->fault_ip == ip && t->fault_addr == ev->addr && t->fault_code == ev->code;

	switch (ev->signo) {
	case SIGFPE:
		ev->trapno = ev->code == FPE_INTDIV ? 0 : 19;
		return;
	case SIGTRAP:
		ev->trapno = ev->code == SI_KERNEL ? 3 : 1;
		ev->addr = ev->code == SI_KERNEL ? 0 : ev->addr;
		return;
	case SIGILL:
		ev->trapno = 6;
		return;
	case SIGBUS:
		ev->trapno = ev->code == BUS_ADRALN ? 17 : 14;
		break;
	default:
		if (ev->code == SI_KERNEL) {
			ev->trapno = 13;
			return;
		}
		ev->trapno = 14;
	}
	t->fault_ip = ip;
	t->fault_addr = ev->addr;
	t->fault_code = ev->code;
	switch (ev->code) {
	case SEGV_MAPERR:
		ev->error_code = PF_USER | (at_ip ? PF_FETCH : !near_ip && at_store(t) ? PF_WRITE : 0);
		break;
	case SEGV_ACCERR:
		t->fault_fetch = again && (at_ip || near_ip) ? !t->fault_fetch : at_ip;
		ev->error_code = PF_USER | PF_PRESENT | (t->fault_fetch ? PF_FETCH : PF_WRITE);
		break;
	default:
		ev->error_code = PF_USER | PF_PRESENT;
	}
}

/* ---- extended state ---- */

int ptrace_get_fp(struct trap_task *t, void *xsave)
{
	struct iovec iov = { xstate, sizeof(xstate) };

	if (t->dead || ptrace(PTRACE_GETREGSET, t->pid, NT_X86_XSTATE, &iov))
		return -EIO;
	if (iov.iov_len < trap_layout.xsave_size)
		memset(xstate + iov.iov_len, 0, trap_layout.xsave_size - iov.iov_len);
	memcpy(xsave, xstate, trap_layout.xsave_size);
	xstate_size = iov.iov_len;
	return 0;
}

int ptrace_set_fp(struct trap_task *t, const void *xsave)
{
	struct iovec iov = { xstate, sizeof(xstate) };

	if (t->dead)
		return -EIO;
	if (!xstate_size) {
		if (ptrace(PTRACE_GETREGSET, t->pid, NT_X86_XSTATE, &iov))
			return -EIO;
		xstate_size = iov.iov_len;
	}
	memset(xstate, 0, sizeof(xstate));
	memcpy(xstate, xsave, trap_layout.xsave_size);
	memset(xstate + 464, 0, 48);       /* software's bytes of the legacy area */
	memset(xstate + 520, 0, 56);       /* of the header only XSTATE_BV counts; compacted formats are not set here */
	iov.iov_len = xstate_size;
	return ptrace(PTRACE_SETREGSET, t->pid, NT_X86_XSTATE, &iov) ? -EIO : 0;
}
