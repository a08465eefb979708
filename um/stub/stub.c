/* The stub's side of the hand-off: takes the host's signals, posts events, waits, and does the memory operations that the
 * kernel orders. It runs in guests' address spaces, so nothing here is secret or trusted; the filter bounds what its
 * system calls can do. Built without vector instructions: the guest's vector state is live in the registers. */
#include "stub.h"
#include <linux/futex.h>
#include <linux/mman.h>
#include <linux/sched.h>
#include <asm/prctl.h>
#include <asm/signal.h>
#include <asm/siginfo.h>
#include <asm/sigcontext.h>
#include <asm/ucontext.h>
#include <asm/unistd.h>

#define ctl ((struct stub_ctl *)STUB_CTL)
#define SYS0(nr) stub_syscall(nr, 0, 0, 0, 0, 0, 0)
#define SYS2(nr, a, b) stub_syscall(nr, (long)(a), (long)(b), 0, 0, 0, 0)
#define SYS3(nr, a, b, c) stub_syscall(nr, (long)(a), (long)(b), (long)(c), 0, 0, 0)

/* Wakes the thread that the kernel has answered already, if @rest names one. Only once: *woken is the last. */
static void wake_peer(u32 rest, u32 *woken)
{
	u32 area = rest >> 2;

	if (area == *woken)
		return;
	*woken = area;
	if (area && area <= STUB_MAX_AREAS)
		stub_syscall(__NR_futex, (long)(STUB_AREAS + ((u64)(area - 1) << STUB_AREA_SHIFT)), FUTEX_WAKE, 1, 0, 0, 0);
}

static void futex_wait_word(u32 *word, u32 value)
{
	stub_syscall(__NR_futex, (long)word, FUTEX_WAIT, value, 0, 0, 0);
}

/* Tells the kernel that the area has an event, unless it is polling just that frame. The state was set by xchg before,
 * the kernel sets watch and kernel_sleeping by xchg and rechecks: one of the two sees the other. */
static void ring(unsigned index)
{
	if (READ_ONCE(ctl->watch) != (s32)index) {
		__atomic_fetch_or(&ctl->bell[index / 64 % 64], 1ull << index % 64, __ATOMIC_SEQ_CST);
		__atomic_fetch_or(&ctl->summary, 1ull << index / 64 % 64, __ATOMIC_SEQ_CST);
	}
	if (READ_ONCE(ctl->kernel_sleeping)) {
		static const u64 one = 1;

		SYS3(__NR_write, STUB_BELL_FD, &one, 8);
	}
}

static u64 read_fs(void)
{
	u64 base = 0;

	if (READ_ONCE(ctl->fsgsbase))
		__asm__("rdfsbase %0" : "=r"(base));
	else
		SYS2(__NR_arch_prctl, ARCH_GET_FS, &base);
	return base;
}

static u64 read_gs(void)
{
	u64 base = 0;

	if (READ_ONCE(ctl->fsgsbase))
		__asm__("rdgsbase %0" : "=r"(base));
	else
		SYS2(__NR_arch_prctl, ARCH_GET_GS, &base);
	return base;
}

static void write_bases(u64 fs, u64 gs)
{
	if (READ_ONCE(ctl->fsgsbase)) {
		__asm__ volatile("wrfsbase %0" : : "r"(fs));
		__asm__ volatile("wrgsbase %0" : : "r"(gs));
	} else {
		SYS2(__NR_arch_prctl, ARCH_SET_FS, fs);
		SYS2(__NR_arch_prctl, ARCH_SET_GS, gs);
	}
}

/* The host's mappings are a cache of the kernel's page table: when the host has no room for one more, all are dropped and
 * fault in again. */
static long map_pages(struct stub_frame *f, const struct stub_op *op)
{
	long flags = MAP_SHARED | MAP_FIXED | (op->prot & STUB_OP_POPULATE ? MAP_POPULATE : 0);
	bool file = op->phys & STUB_PHYS_FILE;
	int fd = file ? stub_file_fd(op->phys) : STUB_PHYS_FD;
	long offset = (long)(file ? stub_file_offset(op->phys) : op->phys);

	for (int try = 0;; try++) {
		long r = stub_syscall(__NR_mmap, (long)op->addr, (long)op->size, op->prot & 7, flags, fd, offset);

		if (r == (long)op->addr)
			return 0;
		if (r != -12 /* ENOMEM */ || try)
			return r;
		SYS2(__NR_munmap, 0x10000, STUB_BASE - 0x10000);
		f->dropped++;
	}
}

/* Must not fail: the frames behind it are about to be somebody else's. */
static long unmap_pages(struct stub_frame *f, const struct stub_op *op)
{
	long r = SYS2(__NR_munmap, op->addr, op->size);

	if (r < 0) { /* the host has no room to split a mapping */
		r = SYS2(__NR_munmap, 0x10000, STUB_BASE - 0x10000);
		f->dropped++;
	}
	return r;
}

static void save_fp(u64 area)
{
	u64 *header = (u64 *)(area + AREA_XSAVE + 512);

	for (int i = 0; i < 8; i++)
		header[i] = 0;
	__asm__ volatile("xsave64 (%0)" : : "r"(area + AREA_XSAVE), "a"(-1), "d"(-1) : "memory");
}

static void load_fp(u64 area)
{
	__asm__ volatile("xrstor64 (%0)" : : "r"(area + AREA_XSAVE), "a"(-1), "d"(-1) : "memory");
}

static void set_alternate_stack(struct stub_frame *f)
{
	stack_t alt = { .ss_sp = (char *)f + AREA_ALT, .ss_flags = 0, .ss_size = AREA_ALT_SIZE };

	SYS2(__NR_sigaltstack, &alt, 0);
}

/* What a hostile guest may have changed by jumping here; its successor is not to suffer. */
static void stub_reset(struct stub_frame *f)
{
	static const u64 none;

	stub_syscall(__NR_rt_sigprocmask, SIG_SETMASK, (long)&none, 0, 8, 0, 0);
	set_alternate_stack(f);
}

static void do_ops(struct stub_frame *f, u32 nops)
{
	for (u32 i = 0; i < nops && i < STUB_MAX_OPS; i++) {
		const struct stub_op *op = &f->ops[i];
		long r = 0;

		switch (op->kind) {
		case STUB_OP_MAP:
			r = map_pages(f, op);
			break;
		case STUB_OP_UNMAP:
			r = unmap_pages(f, op);
			break;
		case STUB_OP_PROTECT:
			r = SYS3(__NR_mprotect, op->addr, op->size, op->prot & 7);
			/* Part of it was not mapped, or the host has no room to split: what is gone faults in again. */
			if (r < 0)
				r = unmap_pages(f, op);
			break;
		case STUB_OP_SAVE_FP:
			save_fp((u64)f);
			break;
		case STUB_OP_LOAD_FP:
			load_fp((u64)f);
			break;
		case STUB_OP_SET_BASES:
			write_bases(f->fs_base, f->gs_base);
			break;
		case STUB_OP_RESET:
			stub_reset(f);
			break;
		case STUB_OP_TAKE_FILE:
			r = SYS2(__NR_dup2, -1, op->addr);
			break;
		case STUB_OP_CLOSE_FILE:
			SYS2(__NR_close, op->addr, 0); /* it may not have been there */
			break;
		case STUB_OP_CLONE:
			f->result = stub_clone(CLONE_VM | CLONE_FILES | CLONE_FS | CLONE_SIGHAND | CLONE_PARENT,
					       STUB_AREAS + (op->addr << STUB_AREA_SHIFT));
			continue;
		default:
			continue;
		}
		if (r < 0)
			f->result = r;
	}
	__atomic_store_n(&f->nops, 0, __ATOMIC_RELEASE);
}

/* Waits until the kernel has answered the event; returns the frame's state. */
static u32 wait_answer(struct stub_frame *f)
{
	u32 state, woken = 0, spins = 0, yields = 0;

	while ((state = __atomic_load_n(&f->state, __ATOMIC_ACQUIRE)) == STUB_POSTED) {
		u32 rest = READ_ONCE(f->rest);

		if (!rest && !READ_ONCE(ctl->kernel_away) && spins++ < READ_ONCE(f->spin)) {
			__builtin_ia32_pause();
			continue;
		}
		if (rest & STUB_YIELD && yields++ < STUB_YIELDS) {
			wake_peer(rest, &woken);
			SYS0(__NR_sched_yield);
			continue;
		}
		__atomic_exchange_n(&f->sleeping, 1, __ATOMIC_SEQ_CST);
		/* the kernel writes rest, then looks whether we sleep: it or we wake the peer */
		wake_peer(__atomic_load_n(&f->rest, __ATOMIC_SEQ_CST), &woken);
		futex_wait_word(&f->state, STUB_POSTED);
		__atomic_store_n(&f->sleeping, 0, __ATOMIC_RELAXED);
	}
	return state;
}

/* Posts f->event and waits until the kernel lets the guest run. Called by entry.S. */
void stub_exchange(struct stub_frame *f);
void stub_exchange(struct stub_frame *f)
{
	u32 index = f->index, state;

	for (;;) {
		__atomic_exchange_n(&f->state, STUB_POSTED, __ATOMIC_SEQ_CST);
		if (f->event != STUB_EV_READY) /* the kernel looks for that one itself, at the first resume */
			ring(index);
		state = wait_answer(f);
		if (f->nops)
			do_ops(f, f->nops);
		if (state == STUB_REPLY) {
			if (f->brief) {
				f->regs.ax = f->ret;
				f->regs.ip = f->regs.cx = f->site_word;
				f->regs.r11 = f->regs.flags;
			}
			__atomic_store_n(&f->state, STUB_GUEST, __ATOMIC_RELEASE);
			return;
		}
		f->event = STUB_EV_ACK;
	}
}

static bool in_stub(u64 ip)
{
	return ip >= STUB_BASE && ip < STUB_END;
}

static void save_regs(struct pt_regs *r, const struct sigcontext *sc)
{
	r->r15 = sc->r15;
	r->r14 = sc->r14;
	r->r13 = sc->r13;
	r->r12 = sc->r12;
	r->bp = sc->rbp;
	r->bx = sc->rbx;
	r->r11 = sc->r11;
	r->r10 = sc->r10;
	r->r9 = sc->r9;
	r->r8 = sc->r8;
	r->ax = sc->rax;
	r->cx = sc->rcx;
	r->dx = sc->rdx;
	r->si = sc->rsi;
	r->di = sc->rdi;
	r->ip = sc->rip;
	r->cs = sc->cs;
	r->flags = sc->eflags;
	r->sp = sc->rsp;
	r->ss = sc->ss;
}

/* A host signal. Returns 0 to go back to where it struck, or the address of the vector state to restore when an event is
 * to be posted. */
u64 stub_signal(int sig, const siginfo_t *info, struct ucontext *uc, struct stub_frame *f);
u64 stub_signal(int sig, const siginfo_t *info, struct ucontext *uc, struct stub_frame *f)
{
	struct sigcontext *sc = &uc->uc_mcontext;
	u64 ip = sc->rip;

	if (sig == STUB_SIG_KICK) {
		if (ip >= (u64)stub_exit && ip < (u64)stub_exit_end) {
			/* On the way out: frame.regs still holds all of it. */
			sc->rip = (u64)stub_kicked;
			sc->rbx = (u64)f;
			sc->eflags &= ~(u64)0x500;
			return 0;
		}
		if (in_stub(ip) || !READ_ONCE(f->kick))
			return 0; /* an event is about to be posted anyway; or an old kick */
		f->event = STUB_EV_INTERRUPT;
	} else if (sig == SIGSYS && info->si_code == 1 /* SYS_SECCOMP */) {
		u64 call = (u64)info->si_call_addr;

		f->call_addr = call;
		f->arch = info->si_arch;
		/* si_call_addr is the address behind the instruction. */
		if (call == (u64)stub_miss + 2) {
			f->event = STUB_EV_SITE;
			f->site_word = sc->rax;
		} else if (in_stub(call)) {
			f->event = STUB_EV_FAULT; /* a guest that jumped here, with a call that the filter refuses */
			f->signo = SIGSYS;
		} else {
			f->event = STUB_EV_SYSCALL;
		}
	} else {
		f->event = STUB_EV_FAULT;
		f->signo = (u32)sig;
	}
	if (f->event == STUB_EV_FAULT) {
		f->code = (u32)info->si_code;
		f->addr = (u64)info->si_addr;
		f->trapno = sc->trapno;
		f->error_code = sc->err;
	}
	save_regs(&f->regs, sc);
	if (f->event == STUB_EV_SITE) {
		u64 word = f->site_word;

		f->regs.flags = (sc->eflags & ~(u64)0x8d5) | (word >> 8 & 0xd5) | (word & 1 ? 0x800 : 0);
	}
	f->fs_base = read_fs();
	f->gs_base = read_gs();
	return (u64)sc->fpstate;
}

void stub_thread_init(struct stub_frame *f);
void stub_thread_init(struct stub_frame *f)
{
	set_alternate_stack(f);
	write_bases(0, (u64)f);
	f->fs_base = 0;
	f->gs_base = (u64)f;
	f->event = STUB_EV_READY;
}

long stub_install_handlers(void)
{
	static const int signals[] = { SIGSYS, SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, STUB_SIG_KICK };
	struct {
		void (*handler)(void);
		unsigned long flags;
		void (*restorer)(void);
		unsigned long mask;
	} sa = { stub_handler, SA_SIGINFO | SA_ONSTACK | SA_NODEFER | 0x04000000ul /* SA_RESTORER */, stub_restorer, 0 };

	for (unsigned i = 0; i < ARRAY_SIZE(signals); i++) {
		long r = stub_syscall(__NR_rt_sigaction, signals[i], (long)&sa, 0, 8, 0, 0);

		if (r < 0)
			return r;
	}
	return 0;
}
