/* What the attacks know of the stub: its window and the instructions `syscall; int3` at its start (um/stub.h). A hostile
 * guest can find that out; these programs need not. */
#ifndef ATTACK_H
#define ATTACK_H

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define STUB_BASE 0x7fffe0000000ul
#define STUB_END 0x7ffff0000000ul
#define STUB_CTL (STUB_BASE + 0x1000000)
#define STUB_AREAS (STUB_CTL + 0x100000)
#define AREA_SIZE 0x10000ul

/* A system call by the stub's own instruction. Returns only if the host lets it: the int3 behind it must be caught. */
static inline long stub_call(long nr, const unsigned long *a)
{
	register unsigned long r10 __asm__("r10") = a[3];
	register unsigned long r8 __asm__("r8") = a[4];
	register unsigned long r9 __asm__("r9") = a[5];
	long ret;

	__asm__ volatile("call *%[stub]"
			 : "=a"(ret)
			 : "a"(nr), "D"(a[0]), "S"(a[1]), "d"(a[2]), "r"(r10), "r"(r8), "r"(r9), [stub] "b"(STUB_BASE)
			 : "rcx", "r11", "memory");
	return ret;
}

/* Waits for @pid for at most @ms, then kills it. The wait status; -1 if even that does not end it within 10 s. */
static inline int reap(pid_t pid, int ms)
{
	struct timespec step = { 0, 1000000 };
	int status;

	for (int i = 0; i < ms + 10000; i++) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			return status;
		if (i == ms)
			kill(pid, SIGKILL);
		nanosleep(&step, NULL);
	}
	return -1;
}

static inline void check(int ok, const char *what)
{
	printf("%s: %s\n", what, ok ? "ok" : "FAILED");
	fflush(stdout);
}

#endif
