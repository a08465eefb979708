/* execve by a thread: the leader's identity passes on. Its pidfd, its number, its children and its parent's view stay. */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include "show.h"

static char **args;

static void *runner(void *arg)
{
	char *argv[] = { args[0], "second", NULL };
	char tid[16];

	(void)arg;
	snprintf(tid, sizeof(tid), "%d", (int)syscall(SYS_gettid));
	setenv("OLD_TID", tid, 1);
	execv("/proc/self/exe", argv);
	_exit(99);
}

static void first(void)
{
	pthread_t t;

	/* a child that the new program waits for */
	if (!fork())
		_exit(33);
	pthread_create(&t, NULL, runner, NULL);
	for (;;)
		pause();
}

static void second(void)
{
	int old = atoi(getenv("OLD_TID")), status = 0, tasks = 0;
	char path[64];

	printf("tid is pid: %d\n", syscall(SYS_gettid) == getpid());
	printf("the old tid: %s\n", syscall(SYS_tgkill, getpid(), old, 0) < 0 ? errno_name(errno) : "alive");
	snprintf(path, sizeof(path), "/proc/self/task/%d", old);
	printf("in /proc: %d\n", access(path, F_OK));
	printf("child %d", wait(&status) > 0);
	printf(", status %d\n", WEXITSTATUS(status));
	(void)tasks;
	fflush(stdout);
	raise(SIGSTOP);
	exit(44);
}

int main(int argc, char **argv)
{
	struct pollfd p = { .events = POLLIN };
	int status;
	pid_t pid;

	args = argv;
	if (argc > 1)
		second();
	pid = fork();
	if (!pid)
		first();
	p.fd = (int)syscall(SYS_pidfd_open, pid, 0);
	SHOW(waitpid(pid, &status, WUNTRACED) == pid);
	SHOW(WIFSTOPPED(status));
	SHOW(poll(&p, 1, 0));
	SHOW(syscall(SYS_pidfd_send_signal, p.fd, SIGCONT, NULL, 0));
	SHOW(poll(&p, 1, -1));
	SHOW(waitpid(pid, &status, 0) == pid);
	SHOW(WEXITSTATUS(status));
	return 0;
}
