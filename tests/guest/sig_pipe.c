/* SIGPIPE: kills by default, EPIPE when ignored or handled. */
/* musl */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static void handler(int sig, siginfo_t *info, void *ctx)
{
	(void)ctx;
	printf("signal %d code %d own %d\n", sig, info->si_code, info->si_pid == getpid());
}

int main(void)
{
	struct sigaction sa = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO };
	int fd[2], status;
	pid_t pid;

	if (pipe(fd))
		return 1;
	close(fd[0]);
	pid = fork();
	if (!pid)
		_exit((int)write(fd[1], "x", 1));
	waitpid(pid, &status, 0);
	printf("killed by %d\n", WTERMSIG(status));
	signal(SIGPIPE, SIG_IGN);
	errno = 0;
	printf("ignored: %d", (int)write(fd[1], "x", 1));
	printf(" EPIPE %d\n", errno == EPIPE);
	sigaction(SIGPIPE, &sa, NULL);
	errno = 0;
	printf("handled: %d", (int)write(fd[1], "x", 1));
	printf(" EPIPE %d\n", errno == EPIPE);
	return 0;
}
