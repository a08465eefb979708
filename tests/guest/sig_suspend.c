/* sigsuspend waits with another mask, and the handler's return brings the old one back. */
/* musl */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>
#include <sys/wait.h>

static int got[65];

static void handler(int sig)
{
	sigset_t now;

	sigprocmask(SIG_BLOCK, NULL, &now);
	got[sig]++;
	printf("handler %d: USR1 blocked %d, USR2 blocked %d, TERM blocked %d\n", sig, sigismember(&now, SIGUSR1),
		sigismember(&now, SIGUSR2), sigismember(&now, SIGTERM));
}

int main(void)
{
	struct sigaction sa = { .sa_handler = handler };
	sigset_t block, wait, now;
	pid_t pid;

	sigaction(SIGUSR1, &sa, NULL);
	sigaction(SIGUSR2, &sa, NULL);
	sigemptyset(&block);
	sigaddset(&block, SIGUSR1);
	sigaddset(&block, SIGUSR2);
	sigprocmask(SIG_BLOCK, &block, NULL);
	raise(SIGUSR1);
	sigemptyset(&wait);
	sigaddset(&wait, SIGTERM);
	sigaddset(&wait, SIGUSR2);
	errno = 0;
	printf("pending one: %d", sigsuspend(&wait));
	printf(" %d\n", errno == EINTR);
	sigprocmask(SIG_BLOCK, NULL, &now);
	printf("mask is back: %d %d %d\n", sigismember(&now, SIGUSR1), sigismember(&now, SIGUSR2), sigismember(&now, SIGTERM));
	pid = fork();
	if (!pid) {
		usleep(30000);
		kill(getppid(), SIGUSR2);
		_exit(0);
	}
	sigemptyset(&wait);
	while (!got[SIGUSR2])
		sigsuspend(&wait);
	waitpid(pid, NULL, 0);
	printf("got %d %d\n", got[SIGUSR1], got[SIGUSR2]);
	return 0;
}
