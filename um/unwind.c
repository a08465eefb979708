/* umk's own call chain, by libunwind, and what happens when umk itself faults: the kernel says whether a task dies of it or
 * umk does. */
#define UNW_LOCAL_ONLY
#include <libunwind.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include "um.h"

#define FRAMES_MOST 48
#define CRASH_STACK (128 * 1024)

static ucontext_t *fault_context; /* while a fault is handled */

/* ---- call chains ---- */

typedef bool (*frame_fn)(void *ctx, u64 ip, const char *name, u64 offset);

static void walk(unw_cursor_t *cursor, frame_fn frame, void *ctx)
{
	unw_word_t ip, offset;
	char name[128];

	for (int i = 0; i < FRAMES_MOST; i++) {
		unw_get_reg(cursor, UNW_REG_IP, &ip);
		if (!ip)
			break;
		if (unw_get_proc_name(cursor, name, sizeof(name), &offset)) {
			name[0] = 0;
			offset = 0;
		}
		if (!frame(ctx, ip, name, offset) || unw_step(cursor) <= 0)
			break;
	}
}

/* What switch_stack() (kernel/sched/switch.S) has pushed, lowest address first. */
struct switched {
	unsigned long r15, r14, r13, r12, rbx, rbp, rip;
};

/* The registers that a call chain starts from, as they will be when the stack at @ksp is entered again. */
static void context_of(ucontext_t *uc, const struct switched *s)
{
	greg_t *r = uc->uc_mcontext.gregs;

	memset(uc, 0, sizeof(*uc));
	r[REG_R15] = (greg_t)s->r15;
	r[REG_R14] = (greg_t)s->r14;
	r[REG_R13] = (greg_t)s->r13;
	r[REG_R12] = (greg_t)s->r12;
	r[REG_RBX] = (greg_t)s->rbx;
	r[REG_RBP] = (greg_t)s->rbp;
	r[REG_RIP] = (greg_t)s->rip;
	r[REG_RSP] = (greg_t)(s + 1);
}

void host_walk_stack(void *ksp, frame_fn frame, void *ctx)
{
	unw_context_t context;
	unw_cursor_t cursor;

	if (ksp)
		context_of(&context, ksp);
	else if (unw_getcontext(&context))
		return;
	if (!unw_init_local(&cursor, &context))
		walk(&cursor, frame, ctx);
}

static bool print_frame(void *ctx, u64 ip, const char *name, u64 offset)
{
	int *n = ctx;

	if (*name)
		um_message("  #%-2d %#lx %s+%#lx", (*n)++, (unsigned long)ip, name, (unsigned long)offset);
	else
		um_message("  #%-2d %#lx", (*n)++, (unsigned long)ip);
	return true;
}

void host_backtrace(void)
{
	unw_cursor_t cursor;
	int n = 0;

	if (!fault_context)
		host_walk_stack(NULL, print_frame, &n);
	else if (!unw_init_local2(&cursor, fault_context, UNW_INIT_SIGNAL_FRAME))
		walk(&cursor, print_frame, &n);
}

/* ---- faults ---- */

void host_fault_registers(void)
{
	static const struct { const char *name; int reg; } regs[] = {
		{ "rip", REG_RIP }, { "rsp", REG_RSP }, { "flags", REG_EFL }, { "err", REG_ERR },
		{ "rax", REG_RAX }, { "rbx", REG_RBX }, { "rcx", REG_RCX }, { "rdx", REG_RDX },
		{ "rsi", REG_RSI }, { "rdi", REG_RDI }, { "rbp", REG_RBP }, { "r8", REG_R8 },
		{ "r9", REG_R9 }, { "r10", REG_R10 }, { "r11", REG_R11 }, { "r12", REG_R12 },
		{ "r13", REG_R13 }, { "r14", REG_R14 }, { "r15", REG_R15 }, { "cr2", REG_CR2 },
	};

	if (!fault_context)
		return;
	for (unsigned i = 0; i < ARRAY_SIZE(regs); i += 4) {
		const greg_t *r = fault_context->uc_mcontext.gregs;

		um_message("  %5s %016llx %5s %016llx %5s %016llx %5s %016llx", regs[i].name, r[regs[i].reg], regs[i + 1].name,
			   r[regs[i + 1].reg], regs[i + 2].name, r[regs[i + 2].reg], regs[i + 3].name, r[regs[i + 3].reg]);
	}
}

/* Only umk's own code can be left in the middle: libc may hold a lock. */
static bool own_code(const ucontext_t *uc)
{
	extern char __executable_start[], etext[];
	unsigned long ip = (unsigned long)uc->uc_mcontext.gregs[REG_RIP];

	return ip >= (unsigned long)__executable_start && ip < (unsigned long)etext;
}

static void crash(int signo, siginfo_t *info, void *context)
{
	void (*go_on)(void) = NULL;
	ucontext_t *uc = context;
	greg_t *regs = uc->uc_mcontext.gregs;
	void *sp = NULL;
	char what[128];

	if (fault_context)
		_exit(125);
	fault_context = uc;
	snprintf(what, sizeof(what), "%s at address %p, code %d", strsignal(signo), info->si_addr, info->si_code);
	/* A helper thread has no part in the kernel's state, and no stack that the kernel could leave. */
	if (syscall(SYS_gettid) == getpid() && own_code(uc)) {
		sp = host_fault_upcall(what, &go_on);
	} else {
		um_message("umk itself failed: %s; please report this", what);
		host_fault_registers();
		host_backtrace();
	}
	if (!sp) {
		console_restore();
		um_exit(125);
	}
	fault_context = NULL;
	regs[REG_RIP] = (greg_t)(unsigned long)go_on;
	regs[REG_RSP] = (greg_t)(unsigned long)sp - 8; /* as if called */
	regs[REG_RBP] = 0;
	regs[REG_EFL] &= ~0x500ll; /* no direction, no single steps */
}

void crash_init(void)
{
	static const int faults[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE };
	struct sigaction sa = { .sa_sigaction = crash, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER };
	stack_t ss = { .ss_size = CRASH_STACK };

	if (host_info.sanitized)
		return;         /* the sanitizer reports better */
	/* a stack of its own: the fault may be a kernel stack's guard page */
	ss.ss_sp = mmap(NULL, CRASH_STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (ss.ss_sp == MAP_FAILED || sigaltstack(&ss, NULL))
		sa.sa_flags &= ~SA_ONSTACK;
	sigemptyset(&sa.sa_mask);
	for (unsigned i = 0; i < ARRAY_SIZE(faults); i++)
		sigaction(faults[i], &sa, NULL);
}
