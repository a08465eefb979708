/* Subreapers: whose child an orphan becomes, through several generations, and that it is told of its end. */
/* musl */
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include "show.h"

static int told[2], go[2];

/* A grandchild whose parent ends; it says who its parent is then. */
static void orphan(void)
{
	pid_t parent = getpid();
	char c;

	if (!fork()) {
		while (getppid() == parent)
			usleep(1000);
		parent = getppid();
		write(told[1], &parent, sizeof(parent));
		read(go[0], &c, 1);
		_exit(7);
	}
	_exit(0);
}

static pid_t new_parent(void)
{
	pid_t pid = fork(), parent = 0;

	if (!pid)
		orphan();
	waitpid(pid, NULL, 0);
	read(told[0], &parent, sizeof(parent));
	return parent;
}

int main(void)
{
	int status, v = -1;
	pid_t pid;

	pipe(told);
	pipe(go);
	SHOW(prctl(PR_SET_CHILD_SUBREAPER, 1));
	SHOW(new_parent() == getpid());
	write(go[1], "g", 1);
	SHOW(wait(&status) > 0);
	SHOW(WEXITSTATUS(status));
	/* the nearest one: a child that is a subreaper itself */
	pid = fork();
	if (!pid) {
		prctl(PR_GET_CHILD_SUBREAPER, &v);
		SHOW(v); /* is not inherited */
		SHOW(prctl(PR_SET_CHILD_SUBREAPER, 1));
		SHOW(new_parent() == getpid());
		write(go[1], "g", 1);
		SHOW(wait(&status) > 0);
		fflush(stdout);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	/* one that is none: past it to us */
	pid = fork();
	if (!pid) {
		SHOW(new_parent() == getppid());
		fflush(stdout);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	write(go[1], "g", 1);
	SHOW(wait(&status) > 0);
	SHOW(WEXITSTATUS(status));
	/* zombies that nobody waited for come along */
	pid = fork();
	if (!pid) {
		if (!fork())
			_exit(21);
		siginfo_t si;
		waitid(P_ALL, 0, &si, WEXITED | WNOWAIT);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	SHOW(wait(&status) > 0);
	SHOW(WEXITSTATUS(status));
	SHOW(wait(&status));
	SHOW(prctl(PR_SET_CHILD_SUBREAPER, 0));
	SHOW(prctl(PR_GET_CHILD_SUBREAPER, &v));
	SHOW(v);
	return 0;
}
