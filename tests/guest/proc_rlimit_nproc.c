/* RLIMIT_NPROC: an ordinary user's forks and threads end there, root's do not. To be run by root. */
// needs-root: other processes of the user count
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include "show.h"

static void *idle(void *arg)
{
	pause();
	return arg;
}

int main(void)
{
	struct rlimit rl = { 5, 5 };
	pthread_t t;
	int status;
	pid_t pid = fork();

	if (!pid) {
		int n = 0;

		setpgid(0, 0);
		if (getuid() == 0) {
			setrlimit(RLIMIT_NPROC, &rl);
			pid = fork();
			if (!pid)
				_exit(0);
			SHOW(waitpid(pid, &status, 0) == pid);
			SHOW(setresgid(54321, 54321, 54321));
			SHOW(setresuid(54321, 54321, 54321));
		}
		while (n < 20 && (pid = fork()) >= 0) {
			if (!pid) {
				signal(SIGTERM, SIG_DFL);
				pause();
				_exit(0);
			}
			n++;
		}
		SHOW(pid == -1 && errno == EAGAIN);
		SHOW(n);
		SHOW(syscall(SYS_fork));
		SHOW(vfork());
		SHOW(pthread_create(&t, NULL, idle, NULL));
		signal(SIGTERM, SIG_IGN);
		SHOW(kill(0, SIGTERM));
		while (n-- > 0)
			wait(&status);
		SHOW(pthread_create(&t, NULL, idle, NULL));
		SHOW(wait(&status));
		_exit(0);
	}
	waitpid(pid, &status, 0);
	SHOW(status);
	return 0;
}
