/* Several signals unblocked at once: each gets a frame on top of the last, real-time ones queue, classic ones do not. */
/* musl */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static int depth;

static void handler(int sig, siginfo_t *info, void *ctx)
{
	(void)ctx;
	depth++;
	if (sig >= SIGRTMIN)
		printf("rt+%d value %d depth %d\n", sig - SIGRTMIN, info->si_value.sival_int, depth);
	else
		printf("%d depth %d\n", sig, depth);
	depth--;
}

int main(void)
{
	struct sigaction sa = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO };
	sigset_t all, none, pending;

	for (int sig = 1; sig <= 64; sig++)
		sigaction(sig, &sa, NULL);
	sigfillset(&all);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &all, NULL);
	for (int i = 0; i < 3; i++) {
		sigqueue(getpid(), SIGRTMIN + 2, (union sigval){ .sival_int = 20 + i });
		sigqueue(getpid(), SIGRTMIN + 1, (union sigval){ .sival_int = 10 + i });
		kill(getpid(), SIGUSR2);
		kill(getpid(), SIGUSR1);
		kill(getpid(), SIGTERM);
	}
	sigpending(&pending);
	printf("pending: %d %d %d\n", sigismember(&pending, SIGUSR1), sigismember(&pending, SIGRTMIN + 1),
		sigismember(&pending, SIGRTMIN + 3));
	printf("frames nest:\n");
	sigprocmask(SIG_SETMASK, &none, NULL);
	printf("with everything masked in handlers:\n");
	sa.sa_mask = all;
	for (int sig = 1; sig <= 64; sig++)
		sigaction(sig, &sa, NULL);
	sigprocmask(SIG_SETMASK, &all, NULL);
	kill(getpid(), SIGUSR2);
	kill(getpid(), SIGUSR1);
	sigqueue(getpid(), SIGRTMIN, (union sigval){ .sival_int = 1 });
	sigqueue(getpid(), SIGRTMIN, (union sigval){ .sival_int = 2 });
	sigprocmask(SIG_SETMASK, &none, NULL);
	return 0;
}
