/* sigtimedwait and sigwaitinfo: what they return, their order, time-outs, and other signals' handlers. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static void handler(int sig) { printf("handler %d\n", sig); }

int main(void)
{
	struct timespec zero = { 0, 0 }, some = { 0, 20000000 }, lots = { 30, 0 }, bad = { 0, 1000000000 };
	struct sigaction sa = { .sa_handler = handler };
	struct itimerval it = { { 0, 0 }, { 0, 20000 } };
	siginfo_t info;
	sigset_t set;
	pid_t pid;
	int status;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGRTMIN);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	printf("nothing: %d", sigtimedwait(&set, &info, &zero));
	printf(" EAGAIN %d\n", errno == EAGAIN);
	printf("time-out: %d", sigtimedwait(&set, &info, &some));
	printf(" EAGAIN %d\n", errno == EAGAIN);
	printf("bad time: %d", sigtimedwait(&set, &info, &bad));
	printf(" EINVAL %d\n", errno == EINVAL);
	sigqueue(getpid(), SIGRTMIN, (union sigval){ .sival_int = 1 });
	sigqueue(getpid(), SIGRTMIN, (union sigval){ .sival_int = 2 });
	kill(getpid(), SIGUSR1);
	for (int i = 0; i < 3; i++) {
		int sig = sigwaitinfo(&set, &info);

		printf("took %s, value %d\n", sig == SIGUSR1 ? "USR1" : sig == SIGRTMIN ? "RTMIN" : "?",
			sig == SIGRTMIN ? info.si_value.sival_int : 0);
	}
	sigaction(SIGALRM, &sa, NULL);
	setitimer(ITIMER_REAL, &it, NULL);
	printf("interrupted: %d", sigtimedwait(&set, &info, &lots));
	printf(" EINTR %d\n", errno == EINTR);
	pid = fork();
	if (!pid)
		_exit(9);
	printf("child: %d\n", sigtimedwait(&set, &info, &lots) == SIGCHLD);
	printf("code %d status %d pid %d\n", info.si_code, info.si_status, info.si_pid == pid);
	waitpid(pid, &status, 0);
	return 0;
}
