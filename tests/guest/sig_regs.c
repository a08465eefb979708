/* A handler sees the interrupted registers, may change them, and starts with clean flags. */
#include <signal.h>
#include <stdio.h>
#include <stdint.h>
#include <ucontext.h>
#include <unistd.h>

static void handler(int sig, siginfo_t *info, void *ctx)
{
	ucontext_t *uc = ctx;
	greg_t *g = uc->uc_mcontext.gregs;
	uint64_t flags;

	(void)sig;
	(void)info;
	__asm__ volatile("pushf; pop %0" : "=r"(flags));
	printf("rbx %llx rcx %llx rdx %llx rsi %llx rdi %llx\n", g[REG_RBX], g[REG_RCX], g[REG_RDX], g[REG_RSI], g[REG_RDI]);
	printf("r8 %llx r9 %llx r10 %llx r11 %llx r12 %llx r13 %llx r14 %llx r15 %llx rax %llx\n", g[REG_R8], g[REG_R9],
		g[REG_R10], g[REG_R11], g[REG_R12], g[REG_R13], g[REG_R14], g[REG_R15], g[REG_RAX]);
	printf("saved DF %d, handler's DF %d\n", !!(g[REG_EFL] & 0x400), !!(flags & 0x400));
	printf("cs %llx ss %llx\n", g[REG_CSGSFS] & 0xffff, g[REG_CSGSFS] >> 48 & 0xffff);
	printf("flags %lx\n", (unsigned long)uc->uc_flags);
	g[REG_RIP] += 2; /* behind ud2 */
	g[REG_RAX] = 0x1111;
	g[REG_RBX] = 0x2222;
	g[REG_R15] = 0x3333;
	g[REG_RCX] = 0x4444;
	g[REG_R11] = 0x5555;
	g[REG_EFL] |= 1;      /* CF */
	g[REG_EFL] &= ~0x400ll;
	g[REG_EFL] |= 0x3000; /* IOPL: not for a program to have */
}

int main(void)
{
	struct sigaction sa = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO };
	uint64_t out[6];

	sigaction(SIGILL, &sa, NULL);
	__asm__ volatile(
		"push %%rbp; push %0\n\t"
		"mov $0xa,%%rax; mov $0xb,%%rbx; mov $0xc,%%rcx; mov $0xd,%%rdx; mov $0xe,%%rsi; mov $0xf,%%rdi\n\t"
		"mov $0x8,%%r8; mov $0x9,%%r9; mov $0x10,%%r10; mov $0x11,%%r11; mov $0x12,%%r12; mov $0x13,%%r13\n\t"
		"mov $0x14,%%r14; mov $0x15,%%r15; std\n\t"
		"ud2\n\t"
		"pushf; pop %%rdx; pop %%r8; pop %%rbp\n\t"
		"mov %%rax,(%%r8); mov %%rbx,8(%%r8); mov %%r15,16(%%r8); mov %%rcx,24(%%r8); mov %%r11,32(%%r8); mov %%rdx,40(%%r8)"
		: : "r"(out)
		: "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "memory", "cc");
	printf("rax %lx rbx %lx r15 %lx rcx %lx r11 %lx CF %d DF %d IOPL %d\n", out[0], out[1], out[2], out[3], out[4],
		(int)(out[5] & 1), !!(out[5] & 0x400), (int)(out[5] >> 12 & 3));
	return 0;
}
