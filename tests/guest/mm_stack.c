// The stack grows on demand down to RLIMIT_STACK, and no further. musl
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static char alt[65536];

static void on_segv(int sig, siginfo_t *si, void *ctx)
{
	(void)ctx;
	char text[64];
	int n = snprintf(text, sizeof(text), "signal %d code %d\n", sig, si->si_code);

	write(1, text, (size_t)n);
	_exit(3);
}

static int __attribute__((noinline)) deep(int n)
{
	volatile char frame[4096];

	frame[0] = (char)n;
	if (n)
		return deep(n - 1) + frame[0];
	return 0;
}

int main(void)
{
	struct sigaction sa = { .sa_sigaction = on_segv, .sa_flags = SA_SIGINFO | SA_ONSTACK };
	stack_t ss = { .ss_sp = alt, .ss_size = sizeof(alt) };
	struct rlimit rl = { 1 << 20, 1 << 20 };
	int status;

	setvbuf(stdout, NULL, _IONBF, 0);
	sigaltstack(&ss, NULL);
	sigaction(SIGSEGV, &sa, NULL);
	printf("deep %d\n", deep(1500) != 12345); /* 6 MiB */
	if (!fork()) {
		deep(1 << 20);
		_exit(0);
	}
	wait(&status);
	printf("endless: exit %d\n", WEXITSTATUS(status));
	if (!fork()) {
		setrlimit(RLIMIT_STACK, &rl);
		/* In the child the stack is as large as the parent's was: one store below is the question. */
		deep(1800);
		_exit(0);
	}
	wait(&status);
	printf("limited: exit %d\n", WEXITSTATUS(status));
	char *g = mmap(NULL, 16 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN, -1, 0);
	munmap(g, 15 * 4096); /* only the top page is left */
	g[15 * 4096] = 1;
	printf("growsdown %d\n", g[15 * 4096]);
	return 0;
}
