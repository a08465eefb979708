/* The default action of every signal, as the parent's wait tells it. */
/* musl */
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	for (int sig = 1; sig <= 64; sig++) {
		pid_t pid;
		int status;

		if (sig == 32 || sig == 33) /* libc's own */
			continue;
		fflush(stdout);
		pid = fork();
		if (!pid) {
			struct rlimit rl = { 0, 0 };

			setpgid(0, 0);
			setrlimit(RLIMIT_CORE, &rl);
			prctl(PR_SET_DUMPABLE, 0);
			kill(getpid(), sig);
			_exit(100);
		}
		waitpid(pid, &status, WUNTRACED);
		if (WIFEXITED(status))
			printf("%d: goes on\n", sig);
		else if (WIFSTOPPED(status))
			printf("%d: stopped by %d\n", sig, WSTOPSIG(status));
		else
			printf("%d: killed by %d, core %d\n", sig, WTERMSIG(status), !!WCOREDUMP(status));
		if (WIFSTOPPED(status)) {
			kill(pid, SIGKILL);
			waitpid(pid, &status, 0);
			printf("%d: then killed by %d\n", sig, WTERMSIG(status));
		}
	}
	return 0;
}
