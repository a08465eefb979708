/* Forges a signal frame that masks every signal of the host's, hands it to rt_sigreturn by the stub's instruction, and
 * computes for ever. Its parent must be able to kill it. */
#include <ucontext.h>
#include "attack.h"

static void spin(void)
{
	for (;;)
		__asm__ volatile("pause");
}

static char stack[65536] __attribute__((aligned(64)));

int main(void)
{
	pid_t pid = fork();

	if (!pid) {
		/* as the kernel lays it out: flags, link, stack, then the registers and the mask */
		unsigned long *frame = (unsigned long *)(stack + 32768);
		unsigned long *gregs = frame + 5;

		memset(frame, 0, 1024);
		gregs[15] = (unsigned long)(stack + 65536 - 8); /* rsp */
		gregs[16] = (unsigned long)spin;                /* rip */
		gregs[17] = 0x202;
		gregs[18] = 0x2b000000000033ul;                 /* cs, ss */
		gregs[23] = 0;                                  /* no vector state */
		frame[5 + 32] = ~0ul;                           /* the mask */
		__asm__ volatile("movq %0, %%rsp; movl $15, %%eax; jmp *%1" : : "D"(frame), "S"(STUB_BASE) : "memory");
	}
	usleep(300000);
	kill(pid, SIGKILL);
	int status = reap(pid, 10000);

	check(status != -1, "a masked spinner can be killed");
	check(status != -1 && WIFSIGNALED(status), "by a signal");
	return status == -1;
}
