/* fork and vfork by one thread of several: the child has that thread alone, with its mask and number; vfork holds up the
 * caller, not its siblings. */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <dirent.h>
#include "show.h"

static volatile int ticks, stop;

static void *ticker(void *arg)
{
	(void)arg;
	while (!stop) {
		ticks++;
		usleep(500);
	}
	return NULL;
}

static int threads(void)
{
	DIR *d = opendir("/proc/self/task");
	struct dirent *e;
	int n = 0;

	while (d && (e = readdir(d)))
		n += e->d_name[0] != '.';
	closedir(d);
	return n;
}

static void *forker(void *arg)
{
	sigset_t set, old;
	int status, before;
	pid_t pid;

	(void)arg;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	raise(SIGUSR1); /* pending here, and not in the child */
	pid = fork();
	if (!pid) {
		sigpending(&set);
		pthread_sigmask(SIG_SETMASK, NULL, &old);
		_exit((threads() == 1) | (syscall(SYS_gettid) == getpid()) << 1 | sigismember(&old, SIGUSR1) << 2 |
			!sigismember(&set, SIGUSR1) << 3);
	}
	waitpid(pid, &status, 0);
	SHOW(WEXITSTATUS(status));
	before = ticks;
	pid = vfork();
	if (!pid) {
		while (ticks < before + 5)
			usleep(500);
		_exit(3);
	}
	/* the sibling went on while we stood still */
	SHOW(ticks >= before + 5);
	SHOW(waitpid(pid, &status, 0) == pid);
	SHOW(WEXITSTATUS(status));
	return NULL;
}

int main(void)
{
	pthread_t t, u;
	int status;
	pid_t pid;

	SHOW(threads());
	pthread_create(&t, NULL, ticker, NULL);
	pthread_create(&u, NULL, forker, NULL);
	pthread_join(u, NULL);
	SHOW(threads());
	stop = 1;
	pthread_join(t, NULL);
	/* a thread in the child of a threaded process; by the plain call */
	pid = (pid_t)syscall(SYS_fork);
	if (!pid) {
		stop = 0;
		pthread_create(&t, NULL, ticker, NULL);
		status = threads();
		stop = 1;
		pthread_join(t, NULL);
		_exit(status);
	}
	waitpid(pid, &status, 0);
	SHOW(WEXITSTATUS(status));
	return 0;
}
