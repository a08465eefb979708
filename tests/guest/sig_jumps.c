/* siglongjmp out of handlers: nested ones, off the alternate stack, with and without the mask, in a loop, out of faults. */
/* musl */
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include "show.h"

static sigjmp_buf env, outer;
static char *stack;
static volatile int depth, count;

static int blocked(int sig)
{
	sigset_t set;

	sigprocmask(SIG_BLOCK, NULL, &set);
	return sigismember(&set, sig);
}

static int on_stack(void)
{
	stack_t ss;

	sigaltstack(NULL, &ss);
	return !!(ss.ss_flags & SS_ONSTACK);
}

static void jump(int sig) { siglongjmp(env, ++count); }

static void nested(int sig)
{
	if (++depth < 4)
		raise(sig == SIGUSR1 ? SIGUSR2 : SIGUSR1);
	siglongjmp(outer, depth);
}

static void on_alt(int sig)
{
	printf("handler on it %d\n", on_stack());
	siglongjmp(env, 1);
}

int main(void)
{
	struct sigaction sa = { .sa_handler = jump };
	stack_t ss = { .ss_size = 65536 };
	volatile int i;
	int r;

	sigaction(SIGUSR1, &sa, NULL);
	sigaction(SIGSEGV, &sa, NULL);
	sigaction(SIGFPE, &sa, NULL);
	if (!sigsetjmp(env, 1))
		raise(SIGUSR1);
	printf("with the mask: %d blocked %d\n", count, blocked(SIGUSR1));
	if (!sigsetjmp(env, 0))
		raise(SIGUSR1);
	printf("without: %d blocked %d\n", count, blocked(SIGUSR1));
	{
		sigset_t set;

		sigemptyset(&set);
		sigprocmask(SIG_SETMASK, &set, NULL);
	}
	for (i = 0; i < 1000; i++)
		if (!sigsetjmp(env, 1))
			*(volatile int *)8 = i;
	printf("faults: %d\n", count);
	for (i = 0; i < 100; i++)
		if (!sigsetjmp(env, 1)) {
			volatile int zero = 0;

			r = 1 / zero;
			printf("no trap %d\n", r);
		}
	printf("divisions: %d\n", count);
	sa.sa_handler = nested;
	sa.sa_flags = SA_NODEFER;
	sigaction(SIGUSR1, &sa, NULL);
	sigaction(SIGUSR2, &sa, NULL);
	r = sigsetjmp(outer, 1);
	if (!r)
		raise(SIGUSR1);
	printf("out of depth %d, blocked %d %d\n", r, blocked(SIGUSR1), blocked(SIGUSR2));
	stack = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ss.ss_sp = stack;
	sigaltstack(&ss, NULL);
	sa.sa_handler = on_alt;
	sa.sa_flags = SA_ONSTACK;
	sigaction(SIGUSR1, &sa, NULL);
	for (i = 0; i < 3; i++) {
		if (!sigsetjmp(env, 1))
			raise(SIGUSR1);
		printf("off it %d\n", !on_stack());
	}
	SHOW(sigaltstack(&ss, NULL)); /* not in use any more */
	return 0;
}
