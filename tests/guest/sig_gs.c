/* arch_prctl and %gs: bases set and read, kept over calls, signals, fork and threads; instructions beside the call; errors. */
#include <asm/prctl.h>
#include <cpuid.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include "show.h"

#define PRCTL(code, addr) syscall(SYS_arch_prctl, code, addr)

static uint64_t block[64], other[64];

static uint64_t gs_word(long i)
{
	uint64_t v;

	__asm__ volatile("mov %%gs:(%1), %0" : "=r"(v) : "r"(i * 8));
	return v;
}

static uint64_t gs_base(void)
{
	uint64_t v = 0;

	PRCTL(ARCH_GET_GS, &v);
	return v;
}

static void handler(int sig)
{
	printf("handler: %llx\n", (unsigned long long)gs_word(1));
	PRCTL(ARCH_SET_GS, other);
}

static void *thread(void *arg)
{
	printf("thread: inherits %d\n", gs_base() == (uintptr_t)block);
	PRCTL(ARCH_SET_GS, other);
	for (int i = 0; i < 1000; i++)
		getppid();
	printf("thread: %llx\n", (unsigned long long)gs_word(1));
	return NULL;
}

static long calls(int n)
{
	long wrong = 0;

	for (int i = 0; i < n; i++) {
		getppid(); /* often enough to be rewritten */
		wrong += gs_word(1) != 0x1111;
	}
	return wrong;
}

int main(void)
{
	uint64_t v = 0, fs;
	pthread_t th;
	pid_t pid;
	int status;

	block[1] = 0x1111;
	other[1] = 0x2222;
	SHOW(PRCTL(ARCH_GET_FS, &fs));
	__asm__ volatile("mov %%fs:0, %0" : "=r"(v)); /* the thread block's pointer to itself */
	printf("fs is the thread's block %d\n", fs == v);
	SHOW(PRCTL(ARCH_GET_GS, &v));
	printf("gs %llx\n", (unsigned long long)v);
	SHOW(PRCTL(ARCH_SET_GS, block));
	printf("gs %d, word %llx\n", gs_base() == (uintptr_t)block, (unsigned long long)gs_word(1));
	printf("wrong after calls: %ld\n", calls(20000));
	signal(SIGUSR1, handler);
	raise(SIGUSR1);
	printf("after: %llx\n", (unsigned long long)gs_word(1)); /* not part of the frame */
	PRCTL(ARCH_SET_GS, block);
	pthread_create(&th, NULL, thread, NULL);
	pthread_join(th, NULL);
	printf("mine: %llx\n", (unsigned long long)gs_word(1));
	fflush(stdout);
	pid = fork();
	if (!pid)
		_exit(gs_word(1) == 0x1111 && calls(100) == 0 ? 0 : 1);
	waitpid(pid, &status, 0);
	printf("child %x\n", status);
	{
		unsigned a, b = 0, c, d;

		/* FSGSBASE where the CPU has it: the same by instruction */
		__get_cpuid_count(7, 0, &a, &b, &c, &d);
		if (b & 1) {
			__asm__ volatile("rdgsbase %0" : "=r"(v));
			status = v == (uintptr_t)block;
			__asm__ volatile("wrgsbase %0" : : "r"(other));
			status += 2 * (gs_base() == (uintptr_t)other);
			__asm__ volatile("wrgsbase %0" : : "r"(block));
		} else {
			status = 3;
		}
		printf("by instruction %d\n", status);
	}
	PRCTL(ARCH_SET_GS, 0);
	printf("wrong with gs 0: %d\n", gs_base() != 0);
	SHOW(PRCTL(ARCH_SET_GS, block));
	printf("wrong after calls: %ld\n", calls(20000));
	SHOW(PRCTL(ARCH_SET_GS, 0x800000000000ul));
	SHOW(PRCTL(ARCH_SET_FS, 0x800000000000ul));
	SHOW(PRCTL(ARCH_SET_GS, ~0ul));
	SHOW(PRCTL(ARCH_GET_GS, BAD_PTR));
	SHOW(PRCTL(ARCH_GET_FS, BAD_PTR));
	SHOW(PRCTL(0x1000, 0));
	SHOW(PRCTL(-1, 0));
	SHOW(PRCTL(ARCH_GET_CPUID, 0));
	/* an address that is not mapped is the guest's own business */
	SHOW(PRCTL(ARCH_SET_GS, 0x10000));
	SHOW(PRCTL(ARCH_SET_GS, 0));
	return 0;
}
