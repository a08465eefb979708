/* Stop and continue: wait's view, SIGCHLD's siginfo, SA_NOCLDSTOP, signals that wait for the continue. */
/* musl */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t chld;
static volatile int last_code, last_status;

static void on_chld(int sig, siginfo_t *info, void *ctx)
{
	(void)sig;
	(void)ctx;
	chld++;
	last_code = info->si_code;
	last_status = info->si_status;
}

static void on_usr1(int sig)
{
	(void)sig;
	_exit(5);
}

int main(void)
{
	struct sigaction sa = { .sa_sigaction = on_chld, .sa_flags = SA_SIGINFO | SA_RESTART };
	siginfo_t info;
	int status;
	pid_t pid;

	sigaction(SIGCHLD, &sa, NULL);
	pid = fork();
	if (!pid) {
		signal(SIGUSR1, on_usr1);
		for (;;)
			pause();
	}
	usleep(20000);
	kill(pid, SIGSTOP);
	waitpid(pid, &status, WUNTRACED);
	printf("stopped %d by %d\n", WIFSTOPPED(status), WSTOPSIG(status));
	printf("SIGCHLD %d code %d status %d\n", (int)chld, last_code, last_status);
	printf("reported once: %d\n", waitpid(pid, &status, WUNTRACED | WNOHANG) == 0);
	kill(pid, SIGUSR1);
	usleep(20000);
	printf("a stopped process takes no signal: %d\n", waitpid(pid, &status, WNOHANG) == 0);
	kill(pid, SIGCONT);
	waitpid(pid, &status, 0);
	printf("exit status %d\n", WEXITSTATUS(status));

	pid = fork();
	if (!pid)
		for (;;)
			pause();
	kill(pid, SIGSTOP);
	printf("waitid stop: %d", waitid(P_PID, (id_t)pid, &info, WSTOPPED | WNOWAIT));
	printf(" code %d status %d\n", info.si_code, info.si_status);
	waitid(P_PID, (id_t)pid, &info, WSTOPPED);
	printf("again: code %d\n", info.si_code);
	kill(pid, SIGCONT);
	waitid(P_PID, (id_t)pid, &info, WCONTINUED);
	printf("continued: code %d status %d\n", info.si_code, info.si_status);
	sa.sa_flags |= SA_NOCLDSTOP;
	sigaction(SIGCHLD, &sa, NULL);
	chld = 0;
	kill(pid, SIGSTOP);
	waitpid(pid, &status, WUNTRACED);
	printf("SA_NOCLDSTOP: SIGCHLD %d\n", (int)chld);
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	printf("killed while stopped: %d, SIGCHLD %d\n", WTERMSIG(status), (int)chld);

	/* a process that runs without any call can be stopped as well */
	pid = fork();
	if (!pid)
		for (volatile long i = 0;; i++)
			;
	usleep(20000);
	kill(pid, SIGSTOP);
	waitpid(pid, &status, WUNTRACED);
	printf("busy one stopped: %d\n", WSTOPSIG(status));
	kill(pid, SIGTERM);
	kill(pid, SIGCONT);
	waitpid(pid, &status, 0);
	printf("busy one killed: %d\n", WTERMSIG(status));
	return 0;
}
