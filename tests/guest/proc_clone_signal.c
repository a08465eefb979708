/* Children that report by another signal than SIGCHLD, or by none; __WCLONE and __WALL. */
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include "show.h"

static volatile int got[65];

static void handler(int sig)
{
	got[sig]++;
}

static pid_t child(int sig)
{
	pid_t pid = (pid_t)syscall(SYS_clone, (unsigned long)sig, NULL, NULL, NULL, 0);

	if (!pid)
		_exit(sig);
	return pid;
}

static long reap(pid_t pid, int options)
{
	int status = 0;
	long ret;

	do
		ret = waitpid(pid, &status, options);
	while (ret == -1 && errno == EINTR);
	return ret == pid ? WEXITSTATUS(status) : ret;
}

int main(void)
{
	int sigs[] = { SIGCHLD, SIGUSR1, SIGUSR2, 34, 64 };
	char *const argv[] = { "sh", "-c", "exit 3", NULL };
	pid_t pid;

	for (unsigned i = 0; i < 5; i++)
		signal(sigs[i], handler);
	for (unsigned i = 0; i < 5; i++) {
		memset((void *)got, 0, sizeof(got));
		pid = child(sigs[i]);
		if (sigs[i] != SIGCHLD) {
			SHOW(reap(pid, 0));
			SHOW(reap(pid, __WCLONE));
		} else {
			SHOW(reap(pid, __WCLONE));
			SHOW(reap(pid, 0));
		}
		SHOW(got[sigs[i]]);
		SHOW(got[SIGCHLD]);
	}
	memset((void *)got, 0, sizeof(got));
	pid = child(0);
	SHOW(reap(pid, __WALL));
	SHOW(got[SIGCHLD]);
	/* SIGCHLD ignored: only children that report by it go by themselves. */
	signal(SIGCHLD, SIG_IGN);
	pid = child(SIGUSR1);
	SHOW(reap(pid, __WALL));
	pid = child(SIGCHLD);
	SHOW(reap(pid, __WALL));
	/* execve makes it an ordinary child. */
	signal(SIGCHLD, SIG_DFL);
	pid = (pid_t)syscall(SYS_clone, (unsigned long)SIGUSR1, NULL, NULL, NULL, 0);
	if (!pid) {
		execv("/bin/sh", argv);
		_exit(9);
	}
	usleep(100000);
	SHOW(reap(pid, 0));
	return 0;
}
