/* Leaving a handler by siglongjmp, many times: the mask comes back and nothing piles up. */
/* musl */
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>

static sigjmp_buf jump;
static int faults;

static void handler(int sig)
{
	(void)sig;
	faults++;
	siglongjmp(jump, faults);
}

int main(void)
{
	volatile char *bad = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	sigset_t now;

	signal(SIGSEGV, handler);
	signal(SIGFPE, handler);
	for (volatile int i = 0; i < 2000; i++)
		if (!sigsetjmp(jump, 1))
			*bad = 1;
	sigprocmask(SIG_BLOCK, NULL, &now);
	printf("faults %d, SIGSEGV blocked %d\n", faults, sigismember(&now, SIGSEGV));
	if (!sigsetjmp(jump, 0))
		*bad = 1;
	sigprocmask(SIG_BLOCK, NULL, &now);
	printf("without the mask: SIGSEGV blocked %d\n", sigismember(&now, SIGSEGV));
	printf("a fault while blocked kills\n");
	fflush(stdout);
	*bad = 1;
	printf("not reached\n");
	return 0;
}
