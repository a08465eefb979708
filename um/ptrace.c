/* The ptrace trap backend: PTRACE_SYSEMU. The plain reference, which works wherever ptrace does.
 *
 * A guest thread is a tracee that is seized in the zygote's child. Every stop is an event or is sorted out here. Memory
 * operations and thread creation are system calls that the tracee makes for us: its registers are set, it runs the two
 * instructions `syscall; int3` at STUB_TEXT, and its registers are put back. Nothing is shared with the guest but physmem.
 *
 * The host does not tell a tracer whether a fault was a read or a write. A fault on a page that is not mapped is reported
 * as a write if the instruction is a plain store (insn.c), as a fetch if the address is the instruction's, else as a read: once
 * mapped it faults again if it was a write. So only where a page cannot be mapped is a store of another kind taken for a read:
 * beyond the end of a file that may not be written, it is SIGBUS instead of SIGSEGV. A fault on a page that is mapped is reported
 * as a write, or as a fetch where it may be one.
 *
 * SYSEMU does not stop the three calls of the vsyscall page: a filter gives SIGSYS for them. Where the host has no seccomp
 * it serves them itself. */
#include <errno.h>
#include <linux/audit.h>
#include <linux/elf.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
/* user.h defines them too */
#undef PAGE_SIZE
#undef PAGE_MASK
#undef PAGE_SHIFT

#include "insn.h"
#include "trap.h"
#include "stub.h"
#include "um.h"
#include "zygote.h"

#ifndef PTRACE_SYSEMU
#define PTRACE_SYSEMU 31
#endif
#ifndef SYS_SECCOMP
#define SYS_SECCOMP 1
#endif
#define OPTIONS (PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL | PTRACE_O_TRACECLONE)
#define GADGET_END (STUB_TEXT + 3)      /* ip after the gadget's int3 */
#define GUEST_LOW 0x10000ull
#define MAX_XSTATE 16384
#define HASH 1024
enum { PF_PRESENT = 1, PF_WRITE = 2, PF_USER = 4, PF_FETCH = 16 }; /* bits of the error code */

enum op_kind { OP_MAP, OP_UNMAP, OP_PROTECT };
struct op {
	enum op_kind kind;
	int prot;
	bool populate;
	u64 addr, size, phys;
};

struct trap_task {
	struct trap_mm *mm;
	struct trap_task *next_in_mm;
	struct trap_task *hash_next;
	struct trap_task *next_notify;
	pid_t pid;
	unsigned area;                  /* only a number: the right to one more process */
	void *cookie;
	struct pt_regs *regs;           /* the kernel's, while running */
	struct user_regs_struct user;   /* the tracee's at its last stop, with the bases to resume with */
	struct trap_event ev;
	bool running;                   /* between resume and its event */
	bool dead;                      /* reaped */
	int death;                      /* the signal that it died of */
	bool listening;                 /* stopped by job control */
	bool notify;                    /* on notify_list: the upcall is due */
	bool interrupt;                 /* wanted by the kernel */
	int stop_signal;                /* a stop that came in the middle of an injected call: given at the next resume */
	u64 fault_ip, fault_addr;       /* of the last fault, to see a repetition */
	int fault_code;
	bool fault_fetch;               /* it was taken for a fetch */
	u64 cpu_time;                   /* at its end */
	struct cpu_task cpu;
};

struct trap_mm {
	struct trap_task *tasks;
	unsigned running;
	struct op *queue;
	unsigned nops, cap;
};

static struct trap_task *hash[HASH];
static struct trap_task *notify_list, **notify_tail = &notify_list;
static size_t xstate_size;              /* of the host's register set */
static u8 xstate[MAX_XSTATE] __aligned(64);

static struct trap_task *find_task(pid_t pid)
{
	struct trap_task *t;

	for (t = hash[(unsigned)pid % HASH]; t && t->pid != pid; t = t->hash_next)
		;
	return t;
}

/* The task that runs has its event in t->ev: the upcall follows at the next poll. */
static void park(struct trap_task *t)
{
	t->interrupt = false;
	if (t->running) {
		t->running = false;
		t->mm->running--;
		cpu_task_parked(&t->cpu);
	}
	if (!t->notify) {
		t->notify = true;
		t->next_notify = NULL;
		*notify_tail = t;
		notify_tail = &t->next_notify;
	}
}

static void unnotify(struct trap_task *t)
{
	struct trap_task **p;

	if (!t->notify)
		return;
	for (p = &notify_list; *p != t; p = &(*p)->next_notify)
		;
	*p = t->next_notify;
	if (notify_tail == &t->next_notify)
		notify_tail = p;
	t->notify = false;
}

static void report_death(struct trap_task *t)
{
	t->ev = (struct trap_event){ .kind = TRAP_DIED, .signo = t->death };
	park(t);
}

static void died(struct trap_task *t, int status)
{
	t->dead = true;
	cpu_task_del(&t->cpu);
	t->death = WIFSIGNALED(status) ? WTERMSIG(status) : SIGKILL;
	/* the kernel hears of a parked one, too: whatever it sleeps in, it ends */
	report_death(t);
}

static bool alive(int status)
{
	return WIFSTOPPED(status);
}

static pid_t wait_one(pid_t pid, int *status)
{
	pid_t r;

	do
		r = waitpid(pid, status, __WALL);
	while (r < 0 && errno == EINTR);
	if (r < 0)
		*status = SIGKILL; /* as if killed: somebody else has reaped it */
	return r;
}

/* ---- registers ---- */

static void to_pt_regs(struct pt_regs *r, const struct user_regs_struct *u)
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

static void from_pt_regs(struct user_regs_struct *u, const struct pt_regs *r)
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

/* ---- calls made by the tracee ---- */

/* Makes a system call in @t, which is stopped; its registers stay as they are only in t->user. Stores the call's result,
 * and in *@cloned the pid of the task that it made. 0, or -EIO: @t has died. */
static int inject(struct trap_task *t, long *result, pid_t *cloned, long nr, long a1, long a2, long a3, long a4, long a5,
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
		wait_one(t->pid, &status);
		if (!alive(status)) {
			died(t, status);
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
			err = inject(t, &r, NULL, SYS_mmap, (long)op->addr, (long)op->size, op->prot,
				     MAP_SHARED | MAP_FIXED | (op->populate ? MAP_POPULATE : 0), STUB_PHYS_FD, (long)op->phys);
			if (err || r == (long)op->addr)
				return err;
			/* The host has no room for one more mapping: they are a cache, drop them all. */
			err = inject(t, &r, NULL, SYS_munmap, GUEST_LOW, (long)(STUB_BASE - GUEST_LOW), 0, 0, 0, 0);
			if (err)
				return err;
		}
		return 0;
	case OP_PROTECT:
		err = inject(t, &r, NULL, SYS_mprotect, (long)op->addr, (long)op->size, op->prot, 0, 0, 0);
		if (err || !r)
			return err;
		/* Part of it was not there, or could not be split: what goes now faults in again. */
		/* fall through */
	case OP_UNMAP:
		err = inject(t, &r, NULL, SYS_munmap, (long)op->addr, (long)op->size, 0, 0, 0, 0);
		if (!err && r)
			err = inject(t, &r, NULL, SYS_munmap, GUEST_LOW, (long)(STUB_BASE - GUEST_LOW), 0, 0, 0, 0);
		return err;
	}
	return 0;
}

/* Does what is queued, in @t, which is stopped. If it dies the rest is left for another. */
static int do_queue(struct trap_mm *mm, struct trap_task *t)
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

static void ptrace_map(struct trap_mm *mm, u64 addr, u64 size, int prot, u64 phys, bool populate)
{
	struct op *last = last_op(mm, OP_MAP, addr);

	if (last && last->prot == prot && last->populate == populate && last->phys + last->size == phys)
		last->size += size;
	else
		*queue_op(mm) = (struct op){ OP_MAP, prot, populate, addr, size, phys };
}

static void ptrace_unmap(struct trap_mm *mm, u64 addr, u64 size)
{
	struct op *last = last_op(mm, OP_UNMAP, addr);

	if (last)
		last->size += size;
	else
		*queue_op(mm) = (struct op){ .kind = OP_UNMAP, .addr = addr, .size = size };
}

static void ptrace_protect(struct trap_mm *mm, u64 addr, u64 size, int prot)
{
	struct op *last = last_op(mm, OP_PROTECT, addr);

	if (last && last->prot == prot)
		last->size += size;
	else
		*queue_op(mm) = (struct op){ .kind = OP_PROTECT, .prot = prot, .addr = addr, .size = size };
}

/* ---- events ---- */

static bool is_fault(int sig)
{
	return sig == SIGSEGV || sig == SIGBUS || sig == SIGILL || sig == SIGFPE || sig == SIGTRAP;
}

static bool is_stop(int sig)
{
	return sig == SIGSTOP || sig == SIGTSTP || sig == SIGTTIN || sig == SIGTTOU;
}

/* The terminal's, and what else may be sent to a whole process group: umk's own business (see um/zygote.c). */
static bool is_ignored(int sig)
{
	switch (sig) {
	case SIGHUP: case SIGINT: case SIGQUIT: case SIGTERM: case SIGPIPE: case SIGALRM: case SIGUSR1: case SIGUSR2:
	case SIGVTALRM: case SIGPROF: case SIGIO: case SIGPWR: case SIGCONT: case SIGCHLD: case SIGWINCH: case SIGURG:
		return true;
	}
	return false;
}

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

/* The x86 vector and error code that the siginfo stands for; see the head of this file. */
static void guess_fault(struct trap_task *t, struct trap_event *ev, u64 ip)
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

static bool get_regs(struct trap_task *t)
{
	return ptrace(PTRACE_GETREGS, t->pid, 0, &t->user) == 0;
}

static void report(struct trap_task *t, enum trap_event_kind kind)
{
	t->ev.kind = kind;
	if (t->running)
		to_pt_regs(t->regs, &t->user);
	park(t);
}

static void report_syscall(struct trap_task *t, u32 arch)
{
	t->ev = (struct trap_event){ .arch_i386 = arch == AUDIT_ARCH_I386 };
	t->user.rax = (unsigned long)-ENOSYS;
	t->fault_addr = t->fault_ip = 0;
	report(t, TRAP_SYSCALL);
}

/* Which of the two ways to make a call: the code segment does not tell, 64-bit code can make int $0x80 too. */
static u32 syscall_arch(const struct trap_task *t)
{
	struct __ptrace_syscall_info info = { .arch = AUDIT_ARCH_X86_64 };

	ptrace(PTRACE_GET_SYSCALL_INFO, t->pid, sizeof(info), &info);
	return info.arch;
}

/* The tracee has stopped with @status while its guest ran. True: it was an event, and the task is parked. False: it is to
 * run on with the signal *@deliver, or, when t->listening, is left as it is. */
static bool sort_out(struct trap_task *t, int status, int *deliver)
{
	int sig = WSTOPSIG(status), event = status >> 16;
	siginfo_t si;

	*deliver = 0;
	t->listening = false;
	if (sig == (SIGTRAP | 0x80)) {
		if (get_regs(t)) {
			report_syscall(t, syscall_arch(t));
			return true;
		}
		return false; /* killed meanwhile: the status follows */
	}
	if (event == PTRACE_EVENT_STOP) {
		if (t->interrupt) {
			if (!get_regs(t))
				return false;
			t->ev = (struct trap_event){ 0 };
			t->user.orig_rax = -1ul;
			report(t, TRAP_INTERRUPT);
			return true;
		}
		if (is_stop(sig))
			t->listening = true;
		return false;
	}
	if (event)
		return false;
	if (sig == SIGSYS && !ptrace(PTRACE_GETSIGINFO, t->pid, 0, &si) && si.si_code == SYS_SECCOMP && get_regs(t)) {
		t->user.orig_rax = (unsigned)si.si_syscall;
		report_syscall(t, si.si_arch);
		return true;
	}
	if (is_fault(sig) && !ptrace(PTRACE_GETSIGINFO, t->pid, 0, &si) && si.si_code > 0 && get_regs(t)) {
		t->ev = (struct trap_event){ .signo = sig, .code = si.si_code };
		t->ev.addr = sig == SIGSEGV && si.si_code == SI_KERNEL ? 0 : (u64)si.si_addr;
		guess_fault(t, &t->ev, t->user.rip);
		t->user.orig_rax = -1ul;
		report(t, TRAP_FAULT);
		return true;
	}
	if (!is_ignored(sig))
		*deliver = sig; /* a stop, or the end */
	return false;
}

static void run_on(struct trap_task *t, int sig)
{
	if (t->listening)
		ptrace(PTRACE_LISTEN, t->pid, 0, 0);
	else
		ptrace(PTRACE_SYSEMU, t->pid, 0, sig);
	/* If it has been killed meanwhile its status comes by waitpid. */
}

static void handle_status(struct trap_task *t, int status)
{
	int sig;

	if (!alive(status))
		died(t, status);
	else if (t->running && !sort_out(t, status, &sig))
		run_on(t, sig);
}

static bool ptrace_poll(void)
{
	struct trap_task *t;
	bool did = false;
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG | __WALL)) > 0) {
		t = find_task(pid);
		if (t)
			handle_status(t, status);
		else if (!alive(status))
			zygote_child_died(pid, status);
		else /* a thread that came by itself */
			kill(pid, SIGKILL);
	}
	while ((t = notify_list)) {
		unnotify(t);
		trap_event_upcall(t->cookie);
		did = true;
	}
	return did;
}

static bool ptrace_prepare_sleep(void)
{
	zygote_pool_fill();
	/* SIGCHLD ends the sleep, also one that came before it. */
	return !notify_list;
}

static void ptrace_finish_sleep(void)
{
}

/* ---- ordering the guest about ---- */

static void ptrace_resume(struct trap_task *t, struct pt_regs *regs)
{
	struct trap_mm *mm = t->mm;
	int sig;

	t->regs = regs;
	if (!t->dead && mm->nops)
		do_queue(mm, t);
	if (t->dead) {
		report_death(t);
		return;
	}
	t->ev.kind = TRAP_NONE;
	t->listening = false;
	t->interrupt = false;
	from_pt_regs(&t->user, regs);
	t->running = true;
	mm->running++;
	cpu_task_resumed(&t->cpu);
	sig = t->stop_signal;
	t->stop_signal = 0;
	ptrace(PTRACE_SETREGS, t->pid, 0, &t->user);
	ptrace(PTRACE_SYSEMU, t->pid, 0, sig);
}

static const struct trap_event *ptrace_event(struct trap_task *t)
{
	return &t->ev;
}

static void ptrace_will_block(struct trap_task *t)
{
}

static void ptrace_interrupt(struct trap_task *t)
{
	if (!t->running || t->interrupt)
		return;
	t->interrupt = true;
	ptrace(PTRACE_INTERRUPT, t->pid, 0, 0);
}

/* Stops a running task, has it do what is queued, and lets it run on, unless what stopped it was an event. */
static void flush_by(struct trap_mm *mm, struct trap_task *t)
{
	int status, sig;
	bool was_parked;

	if (t->interrupt == false)
		ptrace(PTRACE_INTERRUPT, t->pid, 0, 0);
	wait_one(t->pid, &status);
	if (!alive(status)) {
		died(t, status);
		return;
	}
	was_parked = sort_out(t, status, &sig);
	if (!was_parked && !get_regs(t))
		return; /* killed: the next round of flush waits for its end */
	if (do_queue(mm, t) || was_parked)
		return;
	t->user.orig_rax = -1ul;
	ptrace(PTRACE_SETREGS, t->pid, 0, &t->user);
	/* It is no longer in the stop that could listen: job control's stop is made anew. */
	if (t->listening)
		sig = SIGSTOP;
	t->listening = false;
	run_on(t, sig);
}

static void ptrace_flush(struct trap_mm *mm)
{
	struct trap_task *t;

	while (mm->nops && mm->running) {
		for (t = mm->tasks; t && (t->running || t->dead); t = t->next_in_mm)
			;
		if (t) {
			do_queue(mm, t);
			continue;
		}
		for (t = mm->tasks; t && !t->running; t = t->next_in_mm)
			;
		if (!t)
			return;
		flush_by(mm, t);
	}
}

static unsigned ptrace_running(struct trap_mm *mm)
{
	return mm->running;
}

/* ---- life ---- */

static struct trap_task *new_task(struct trap_mm *mm, pid_t pid, unsigned area, void *cookie, u32 generation)
{
	struct trap_task *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->mm = mm;
	t->pid = pid;
	t->area = area;
	t->cookie = cookie;
	t->next_in_mm = mm->tasks;
	mm->tasks = t;
	t->hash_next = hash[(unsigned)pid % HASH];
	hash[(unsigned)pid % HASH] = t;
	cpu_task_add(&t->cpu, pid, generation);
	return t;
}

static void forget(struct trap_task *t)
{
	struct trap_task **p;

	unnotify(t);
	for (p = &hash[(unsigned)t->pid % HASH]; *p && *p != t; p = &(*p)->hash_next)
		;
	if (*p)
		*p = t->hash_next;
	for (p = &t->mm->tasks; *p != t; p = &(*p)->next_in_mm)
		;
	*p = t->next_in_mm;
	if (t->running) {
		t->mm->running--;
		cpu_task_parked(&t->cpu);
	}
	if (!t->dead)
		cpu_task_del(&t->cpu);
	free(t);
}

/* A stopped thread never sees the guest again and is reaped when its SIGCHLD comes; one that runs may be storing into
 * guest memory: its end is waited for. */
static void ptrace_task_destroy(struct trap_task *t)
{
	int status;

	if (!t->dead) {
		kill(t->pid, SIGKILL);
		if (t->running) {
			do
				wait_one(t->pid, &status);
			while (alive(status));
			area_free(t->area);
		} else {
			zygote_reap_later(t->pid, t->area);
		}
	} else {
		area_free(t->area);
	}
	forget(t);
}

static void ptrace_mm_destroy(struct trap_mm *mm, u64 program)
{
	(void)program;
	while (mm->tasks)
		ptrace_task_destroy(mm->tasks);
	free(mm->queue);
	free(mm);
}

/* Takes hold of a child of the zygote. 0, -EPERM..., or -ESRCH, -EAGAIN: it was killed. */
static int seize(struct trap_task *t)
{
	siginfo_t ended = { 0 };
	long result;
	int status;

	if (ptrace(PTRACE_SEIZE, t->pid, 0, OPTIONS)) {
		int err = -errno;

		/* What is dead already is refused as what is forbidden. */
		if (err == -EPERM && !waitid(P_PID, t->pid, &ended, WEXITED | WNOHANG | WNOWAIT | __WALL) && ended.si_pid)
			err = -ESRCH;
		return err;
	}
	ptrace(PTRACE_INTERRUPT, t->pid, 0, 0);
	do {
		wait_one(t->pid, &status);
		if (!alive(status)) {
			died(t, status);
			return -EAGAIN;
		}
	} while (status >> 16 != PTRACE_EVENT_STOP && !ptrace(PTRACE_CONT, t->pid, 0, 0));
	if (!get_regs(t))
		return -EAGAIN;
	t->user.fs_base = t->user.gs_base = 0;
	return inject(t, &result, NULL, SYS_munmap, STUB_ZYGOTE, STUB_ZYGOTE_SIZE, 0, 0, 0, 0) ? -EAGAIN : 0;
}

/* One try of ptrace_mm_create: a child of the zygote, in our hands. 0, -EPERM..., or -ESRCH: that child was killed. */
static int take_child(struct trap_mm *mm, struct trap_task **first, void *cookie)
{
	unsigned area;
	pid_t pid;
	u32 generation;
	int err = zygote_child(&area, &pid, &generation);

	if (err)
		return err;
	*first = new_task(mm, pid, area, cookie, generation);
	if (!*first) {
		kill(pid, SIGKILL);
		zygote_reap_later(pid, area);
		return -ENOMEM;
	}
	err = seize(*first);
	if (err)
		ptrace_task_destroy(*first);
	return !err || err == -EPERM ? err : -ESRCH;
}

static int ptrace_mm_create(struct trap_mm **out, struct trap_task **first, void *cookie, u64 program)
{
	struct trap_mm *mm = calloc(1, sizeof(*mm));
	int err = -ESRCH;

	(void)program; /* all are clean */
	if (!mm)
		return -ENOMEM;
	/* Children that were forked ahead may have been killed from outside. */
	for (int tries = 0; err == -ESRCH && tries < 4; tries++)
		err = take_child(mm, first, cookie);
	if (err) {
		ptrace_mm_destroy(mm, 0);
		return err == -ESRCH ? -EAGAIN : err;
	}
	*out = mm;
	return 0;
}

static int ptrace_task_create(struct trap_task **out, struct trap_mm *mm, struct trap_task *creator, void *cookie)
{
	const long flags = CLONE_VM | CLONE_FILES | CLONE_FS | CLONE_SIGHAND | CLONE_PARENT;
	int area = area_alloc(), status;
	struct trap_task *t;
	pid_t pid = 0;
	long result;

	if (area < 0)
		return -EAGAIN;
	if (creator->dead || inject(creator, &result, &pid, SYS_clone, flags, 0, 0, 0, 0, 0)) {
		if (pid) {
			kill(pid, SIGKILL);
			zygote_reap_later(pid, (unsigned)area);
		} else {
			area_free((unsigned)area);
		}
		return -EAGAIN;
	}
	if (result < 0 || !pid) {
		area_free((unsigned)area);
		return result == -ENOMEM ? -ENOMEM : -EAGAIN;
	}
	/* Seized already, it stops before its first instruction. */
	wait_one(pid, &status);
	if (!alive(status)) {
		area_free((unsigned)area);
		return -EAGAIN;
	}
	t = new_task(mm, pid, (unsigned)area, cookie, creator->cpu.generation);
	if (!t) {
		kill(pid, SIGKILL);
		zygote_reap_later(pid, (unsigned)area);
		return -ENOMEM;
	}
	if (!get_regs(t)) {
		ptrace_task_destroy(t);
		return -EAGAIN;
	}
	cpu_task_inherit(&t->cpu, &creator->cpu);
	t->user.fs_base = creator->user.fs_base;
	t->user.gs_base = creator->user.gs_base;
	*out = t;
	return 0;
}

/* ---- what else a thread has ---- */

static int ptrace_get_fp(struct trap_task *t, void *xsave)
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

static int ptrace_set_fp(struct trap_task *t, const void *xsave)
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

static int ptrace_get_bases(struct trap_task *t, u64 *fs, u64 *gs)
{
	*fs = t->user.fs_base;
	*gs = t->user.gs_base;
	return t->dead ? -EIO : 0;
}

static int ptrace_set_bases(struct trap_task *t, u64 fs, u64 gs)
{
	t->user.fs_base = fs;
	t->user.gs_base = gs;
	return t->dead ? -EIO : 0;
}

static int ptrace_set_affinity(struct trap_task *t, const u64 *mask, unsigned words)
{
	return cpu_task_set_affinity(&t->cpu, mask, words);
}

static int ptrace_set_sched(struct trap_task *t, int policy, int nice)
{
	return cpu_task_set_sched(&t->cpu, policy, nice);
}

static u64 ptrace_cpu_time(struct trap_task *t)
{
	struct timespec ts;
	clockid_t clock;

	if (!t->dead && !clock_getcpuclockid(t->pid, &clock) && !clock_gettime(clock, &ts))
		t->cpu_time = (u64)ts.tv_sec * 1000000000ull + (u64)ts.tv_nsec;
	return t->cpu_time;
}

static const struct trap_ops ptrace_trap_ops = {
	.name = "ptrace",
	.mm_create = ptrace_mm_create,
	.mm_destroy = ptrace_mm_destroy,
	.task_create = ptrace_task_create,
	.task_destroy = ptrace_task_destroy,
	.resume = ptrace_resume,
	.event = ptrace_event,
	.will_block = ptrace_will_block,
	.interrupt = ptrace_interrupt,
	.get_fp = ptrace_get_fp,
	.set_fp = ptrace_set_fp,
	.get_bases = ptrace_get_bases,
	.set_bases = ptrace_set_bases,
	.set_affinity = ptrace_set_affinity,
	.set_sched = ptrace_set_sched,
	.cpu_time = ptrace_cpu_time,
	.map = ptrace_map,
	.unmap = ptrace_unmap,
	.protect = ptrace_protect,
	.flush = ptrace_flush,
	.running = ptrace_running,
};

/* ---- the backend ---- */

static void for_all(void (*fn)(struct trap_task *t, int sig), int sig)
{
	for (unsigned i = 0; i < HASH; i++)
		for (struct trap_task *t = hash[i]; t; t = t->hash_next)
			fn(t, sig);
}

static void send(struct trap_task *t, int sig)
{
	if (!t->dead)
		kill(t->pid, sig);
}

static void ptrace_shutdown(void)
{
	for_all(send, SIGKILL);
	zygote_shutdown();
}

static void hold(struct trap_task *t, int sig)
{
	if (t->running)
		send(t, sig);
}

/* Tracees that run guest code stop as any process does; those that are parked wait anyway. */
static void ptrace_stop_all(bool stop)
{
	for_all(hold, stop ? SIGSTOP : SIGCONT);
}

static int ptrace_init(void)
{
	const char *obstacle = probe_ptrace();

	if (obstacle) {
		um_reason("%s", obstacle);
		return -EPERM;
	}
	return zygote_start(false);
}

const struct backend ptrace_backend = {
	.ops = &ptrace_trap_ops,
	.init = ptrace_init,
	.poll = ptrace_poll,
	.prepare_sleep = ptrace_prepare_sleep,
	.finish_sleep = ptrace_finish_sleep,
	.shutdown = ptrace_shutdown,
	.stop_all = ptrace_stop_all,
	.wants_sigchld = true,
};
