/* SIGCHLD: siginfo of exits and deaths, coalescing, SIG_IGN and SA_NOCLDWAIT that leave no zombie. */
/* musl */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static void handler(int sig, siginfo_t *info, void *ctx)
{
	(void)ctx;
	printf("signal %d code %d status %d uid %d\n", sig, info->si_code, info->si_status, info->si_uid == getuid());
}

int main(void)
{
	struct sigaction sa = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO | SA_RESTART };
	sigset_t set, old;
	int status;
	pid_t pid;

	sigaction(SIGCHLD, &sa, NULL);
	pid = fork();
	if (!pid)
		_exit(3);
	waitpid(pid, &status, 0);
	pid = fork();
	if (!pid) {
		signal(SIGTERM, SIG_DFL);
		raise(SIGTERM);
	}
	waitpid(pid, &status, 0);

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, &old);
	for (int i = 0; i < 3; i++) {
		pid = fork();
		if (!pid)
			_exit(10);
		waitpid(pid, &status, 0);
	}
	printf("three exits, one signal:\n");
	sigprocmask(SIG_SETMASK, &old, NULL);

	sa.sa_flags |= SA_NOCLDWAIT;
	sigaction(SIGCHLD, &sa, NULL);
	pid = fork();
	if (!pid)
		_exit(4);
	printf("SA_NOCLDWAIT: wait %d", waitpid(pid, &status, 0));
	printf(", ECHILD %d\n", errno == ECHILD);
	signal(SIGCHLD, SIG_IGN);
	pid = fork();
	if (!pid)
		_exit(4);
	errno = 0;
	printf("SIG_IGN: wait %d", waitpid(pid, &status, 0));
	printf(", ECHILD %d\n", errno == ECHILD);
	/* The parent is woken a moment before the pid is free. */
	for (int i = 0; i < 2000 && !kill(pid, 0); i++)
		usleep(1000);
	printf("gone: %d\n", kill(pid, 0) < 0 && errno == ESRCH);
	return 0;
}
