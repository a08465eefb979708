/* Handlers that look at the frame and change it: registers, flags, vector and x87 state, the mask, the place to go on. */
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <ucontext.h>
#include "show.h"

/* rounding: mxcsr's bits 13 and 14, the x87 control word's 10 and 11 */
static unsigned sse_rounding(void) { return __builtin_ia32_stmxcsr() >> 13 & 3; }

static unsigned x87_rounding(void)
{
	unsigned short cw;

	__asm__ volatile("fnstcw %0" : "=m"(cw));
	return cw >> 10 & 3;
}

static void round_up(void)
{
	unsigned short cw = 0xb7f;

	__builtin_ia32_ldmxcsr(0x5f80);
	__asm__ volatile("fldcw %0" : : "m"(cw));
}

static volatile int step;
static volatile uint64_t seen_rax, seen_xmm[2];

static void edit(int sig, siginfo_t *si, void *ctx)
{
	ucontext_t *uc = ctx;
	greg_t *g = uc->uc_mcontext.gregs;

	switch (step) {
	case 0: /* registers */
		seen_rax = g[REG_RBX];
		g[REG_RBX] = 0x1111222233334444;
		g[REG_R15] = 15;
		g[REG_R8] = 8;
		break;
	case 1: /* SSE */
		memcpy((void *)seen_xmm, &uc->uc_mcontext.fpregs->_xmm[7], 16);
		uc->uc_mcontext.fpregs->_xmm[7].element[0] = 0xabcd;
		uc->uc_mcontext.fpregs->_xmm[7].element[3] = 0x77;
		break;
	case 2: /* the carry flag */
		g[REG_EFL] ^= 1;
		break;
	case 3: /* rounding of SSE and x87 */
		printf("in the handler: rounding %u %u\n", sse_rounding(), x87_rounding());
		uc->uc_mcontext.fpregs->mxcsr |= 0x6000;
		uc->uc_mcontext.fpregs->cwd |= 0xc00;
		break;
	case 4: /* skips the instruction that faults */
		g[REG_RIP] += 2;
		g[REG_RAX] = 99;
		break;
	case 5: /* blocks another signal for good */
		sigaddset(&uc->uc_sigmask, SIGUSR2);
		break;
	case 6: /* the red zone is the interrupted code's */
		memset((char *)__builtin_frame_address(0) - 600, 0xee, 400);
		break;
	}
}

int main(void)
{
	struct sigaction sa = { .sa_sigaction = edit, .sa_flags = SA_SIGINFO };
	uint64_t rbx, r15, r8, x[2] __attribute__((aligned(16))) = { 0x123456789, 0xfedcba987 };
	uint32_t flags_cf;
	sigset_t set;
	long pid = getpid(), ret;

	sigaction(SIGUSR1, &sa, NULL);
	sigaction(SIGSEGV, &sa, NULL);
	sigaction(SIGILL, &sa, NULL);
	step = 0;
	__asm__ volatile("mov $0x5555, %%rbx; mov $0, %%r15; mov $0, %%r8; mov $62, %%eax; mov %3, %%rdi; mov $10, %%esi; syscall\n"
		"mov %%rbx, %0; mov %%r15, %1; mov %%r8, %2" : "=m"(rbx), "=m"(r15), "=m"(r8) : "r"(pid)
		: "rax", "rbx", "rcx", "rdi", "rsi", "r8", "r11", "r15", "memory");
	printf("rbx seen %llx, then %llx, r15 %llu r8 %llu\n", (unsigned long long)seen_rax, (unsigned long long)rbx,
		(unsigned long long)r15, (unsigned long long)r8);
	step = 1;
	__asm__ volatile("movdqa %0, %%xmm7; mov $62, %%eax; mov %1, %%rdi; mov $10, %%esi; syscall; movdqa %%xmm7, %0"
		: "+m"(x) : "r"(pid) : "rax", "rcx", "rdi", "rsi", "r11", "xmm7", "memory");
	printf("xmm7 seen %llx %llx, then %llx %llx\n", (unsigned long long)seen_xmm[0], (unsigned long long)seen_xmm[1],
		(unsigned long long)x[0], (unsigned long long)x[1]);
	step = 2;
	__asm__ volatile("mov $62, %%eax; mov %1, %%rdi; mov $10, %%esi; clc; syscall; sbb %0, %0" : "=r"(flags_cf) : "r"(pid)
		: "rax", "rcx", "rdi", "rsi", "r11", "memory", "cc");
	printf("carry %x\n", flags_cf);
	step = 3;
	round_up();
	raise(SIGUSR1);
	printf("rounding %u %u\n", sse_rounding(), x87_rounding());
	step = 4;
	__asm__ volatile("xor %%eax, %%eax; ud2" : "=a"(ret));
	printf("past ud2 with %ld\n", ret);
	__asm__ volatile("mov $8, %%eax; movb (%%rax), %%cl; mov %%rax, %0" : "=r"(ret) : : "rax", "rcx");
	printf("past a fault with %ld\n", ret);
	step = 5;
	raise(SIGUSR1);
	sigprocmask(SIG_BLOCK, NULL, &set);
	printf("blocked usr1 %d usr2 %d\n", sigismember(&set, SIGUSR1), sigismember(&set, SIGUSR2));
	step = 6;
	__asm__ volatile("movq $0x4242, -8(%%rsp); movq $0x4343, -128(%%rsp); mov $62, %%eax; mov %2, %%rdi; mov $10, %%esi; syscall\n"
		"mov -8(%%rsp), %0; mov -128(%%rsp), %1" : "=r"(rbx), "=r"(r15) : "r"(pid)
		: "rax", "rcx", "rdi", "rsi", "r11", "memory");
	printf("red zone %llx %llx\n", (unsigned long long)rbx, (unsigned long long)r15);
	return 0;
}
