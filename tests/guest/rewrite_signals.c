// Signals that land anywhere round a hot call site show the handler an instruction pointer of the program itself, whole
// registers, and an undisturbed interrupted computation.
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <ucontext.h>
#include <unistd.h>

extern const char __executable_start[], etext[];
static volatile sig_atomic_t hits, outside, badreg;

static void handler(int sig, siginfo_t *info, void *ctx)
{
	ucontext_t *uc = ctx;
	uint64_t ip = (uint64_t)uc->uc_mcontext.gregs[REG_RIP];
	volatile char scribble[512];

	(void)sig;
	(void)info;
	hits++;
	if (ip < (uint64_t)__executable_start || ip >= (uint64_t)etext)
		outside++;
	if (uc->uc_mcontext.gregs[REG_R15] != 0x1515151515151515 || uc->uc_mcontext.gregs[REG_R14] != 0x1414141414141414)
		badreg++;
	memset((char *)scribble, 0xee, sizeof(scribble));
	__asm__ volatile("pxor %%xmm7,%%xmm7" : : : "xmm7");
}

/* Runs @n calls with known values in r14, r15 and xmm7; returns how often something was off. */
static long hot(long n, long pid)
{
	long bad = 0;

	__asm__ volatile(
		"mov $0x1515151515151515,%%r15\n\tmov $0x1414141414141414,%%r14\n\t"
		"movq %%r15,%%xmm7\n\t"
		"1:\n\t"
		"mov $39,%%eax\n\tsyscall\n\t"
		"cmp %[pid],%%rax\n\tje 2f\n\tinc %[bad]\n\t"
		"2: movq %%xmm7,%%rax\n\tcmp %%r15,%%rax\n\tje 3f\n\tinc %[bad]\n\t"
		"3: dec %[n]\n\tjnz 1b\n\t"
		: [bad] "+r"(bad), [n] "+r"(n)
		: [pid] "r"(pid)
		: "rax", "rcx", "r11", "r14", "r15", "xmm7", "memory", "cc");
	return bad;
}

int main(void)
{
	struct sigaction sa = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO };
	struct itimerval it = { { 0, 1000 }, { 0, 1000 } }, off = { { 0, 0 }, { 0, 0 } };
	long bad = 0;
	long pid = getpid();

	sigaction(SIGALRM, &sa, NULL);

	setitimer(ITIMER_REAL, &it, NULL);
	for (int i = 0; hits < 50 && i < 100000; i++)
		bad += hot(20000, pid);
	setitimer(ITIMER_REAL, &off, NULL);
	/* a signal between two hot() runs sees other registers: few against the ones inside */
	printf("enough hits: %d\n", hits >= 50);
	printf("outside the program: %d\n", (int)outside);
	printf("mostly inside the loop: %d\n", badreg <= hits / 5);
	printf("bad: %ld\n", bad);
	return 0;
}
