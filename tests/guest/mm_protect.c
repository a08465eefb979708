// mprotect: what is taken away is gone at once, for loads, stores, fetches and for the kernel's own copies.
#include "show.h"
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define P 4096ul
static sigjmp_buf env;
static volatile int code;

static void on_fault(int sig, siginfo_t *si, void *ctx)
{
	(void)ctx;
	code = sig * 100 + si->si_code;
	siglongjmp(env, 1);
}

static int load(volatile char *p) { code = 0; if (!sigsetjmp(env, 1)) (void)*p; return code; }
static int store(volatile char *p) { code = 0; if (!sigsetjmp(env, 1)) *p = 9; return code; }
static int run(void *p) { code = 0; if (!sigsetjmp(env, 1)) ((void (*)(void))p)(); return code; }

static void show(const char *what, char *p)
{
	int l = load(p), r = run(p), s = store(p);

	printf("%s: load %d run %d store %d\n", what, l, r, s);
	if (!s) {
		*p = (char)0xc3;
	}
}

static void result(const char *what, long r)
{
	printf("%s: %ld %s\n", what, r, r < 0 ? errno_name(errno) : "");
}

int main(void)
{
	struct sigaction sa = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO };
	char *a = mmap(NULL, 8 * P, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd[2];

	sigaction(SIGSEGV, &sa, NULL);
	setvbuf(stdout, NULL, _IONBF, 0);
	pipe(fd);
	memset(a, 0xc3, 8 * P); /* ret */
	show("rw", a);
	mprotect(a, P, PROT_READ | PROT_EXEC);
	show("rx", a);
	mprotect(a, P, PROT_NONE);
	show("none", a);
	mprotect(a, P, PROT_READ);
	show("r", a);
	mprotect(a, P, PROT_READ | PROT_WRITE | PROT_EXEC);
	show("rwx", a);
	mprotect(a, P, PROT_WRITE);
	show("w", a);
	mprotect(a + 2 * P, 2 * P, PROT_READ);
	for (int i = 1; i < 5; i++)
		printf("page %d: store %d\n", i, store(a + i * P));
	printf("value kept %d\n", (unsigned char)a[2 * P]);
	write(fd[1], "abcdefgh", 8);
	result("kernel store to r", read(fd[0], a + 2 * P, 8));
	mprotect(a + 2 * P, P, PROT_NONE);
	result("kernel load of none", write(fd[1], a + 2 * P, 8));
	result("still in the pipe", read(fd[0], a + 5 * P, 100));
	result("hole", mprotect(a, 1 << 30, PROT_READ));
	printf("first part changed %d\n", store(a + 5 * P));
	result("unaligned", mprotect(a + 1, P, PROT_READ));
	result("bad bits", mprotect(a, P, 0x40));
	result("empty", mprotect(a, 0, PROT_READ));
	return 0;
}
