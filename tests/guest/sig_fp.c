/* x87, SSE and control words: clean in the handler, preserved across it, and taken from the frame when it changed them. */
#include <signal.h>
#include <stdio.h>
#include <stdint.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>

static void handler(int sig, siginfo_t *info, void *ctx)
{
	ucontext_t *uc = ctx;
	struct _libc_fpstate *fp = uc->uc_mcontext.fpregs;
	uint32_t mxcsr, *sw = (uint32_t *)((char *)fp + 464);
	uint16_t cw;
	uint64_t low;

	(void)sig;
	(void)info;
	__asm__ volatile("stmxcsr %0; fnstcw %1; movq %%xmm5,%2" : "=m"(mxcsr), "=m"(cw), "=r"(low));
	printf("handler: mxcsr %#x cw %#x xmm5 %#lx\n", mxcsr, cw, low);
	memcpy(&low, &fp->_xmm[5], 8);
	printf("frame: mxcsr %#x cw %#x xmm5 %#lx\n", fp->mxcsr, fp->cwd, low);
	printf("magic1 %#x, sizes %d, aligned %d, magic2 %#x\n", sw[0], sw[1] == sw[4] + 4, (uintptr_t)fp % 64 == 0,
		*(uint32_t *)((char *)fp + sw[4]));
	/* scribble over everything: it must not matter */
	__asm__ volatile("pcmpeqd %%xmm5,%%xmm5; fninit; fldpi" : : : "xmm5");
	low = 0xfeedface;
	memcpy(&fp->_xmm[6], &low, 8);
	fp->mxcsr = 0x3f80; /* round down */
}

int main(void)
{
	struct sigaction sa = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO };
	uint64_t x5, x6, pid = (uint64_t)getpid();
	uint32_t mxcsr = 0x5f80; /* round up */
	uint16_t cw = 0x27f;     /* double precision */
	double st;

	sigaction(SIGUSR1, &sa, NULL);
	__asm__ volatile("fld1\n\tfldcw %[cw]\n\tldmxcsr %[mx]\n\t"
		"mov $0x123456789abcdef0,%%rax\n\tmovq %%rax,%%xmm5\n\tmovq %%rax,%%xmm6\n\t"
		"mov $62,%%eax\n\tmov $10,%%esi\n\tsyscall\n\t" /* kill(getpid(), SIGUSR1) */
		"movq %%xmm5,%[x5]\n\tmovq %%xmm6,%[x6]\n\tstmxcsr %[mx]\n\tfnstcw %[cw]\n\tfstpl %[st]"
		: [x5] "=r"(x5), [x6] "=r"(x6), [mx] "+m"(mxcsr), [cw] "+m"(cw), [st] "=m"(st)
		: "D"(pid)
		: "rax", "rcx", "rsi", "r11", "xmm5", "xmm6", "memory");
	printf("after: mxcsr %#x cw %#x xmm5 %#lx xmm6 %#lx st %g\n", mxcsr, cw, x5, x6, st);
	return 0;
}
