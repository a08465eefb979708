/* ioprio_set and ioprio_get: classes and levels, what children inherit, whom a process may change. */
// needs-root: ids change
/* */
/* musl */
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include "show.h"

enum { NONE, RT, BE, IDLE };
enum { PROCESS = 1, PGRP, USER };
#define PRIO(class, level) ((class) << 13 | (level))

static long set(int which, int who, int prio) { return syscall(SYS_ioprio_set, which, who, prio); }
static long get(int which, int who) { return syscall(SYS_ioprio_get, which, who); }

static char stack[65536] __attribute__((aligned(16)));

static int child(void *arg)
{
	(void)arg;
	SHOW(get(PROCESS, 0) == PRIO(BE, 3));
	set(PROCESS, 0, PRIO(BE, 6));
	_exit(0);
}

int main(void)
{
	pid_t pid;

	setpgid(0, 0);
	SHOW(get(PROCESS, 0));
	SHOW(get(PGRP, 0) == PRIO(BE, 4));
	SHOW(set(PROCESS, 0, PRIO(BE, 3)));
	SHOW(get(PROCESS, 0) == PRIO(BE, 3));
	SHOW(get(PROCESS, getpid()) == PRIO(BE, 3));
	SHOW(get(PGRP, 0) == PRIO(BE, 3));
	/* inherited, and shared with CLONE_IO */
	pid = clone(child, stack + sizeof(stack), SIGCHLD, NULL);
	waitpid(pid, NULL, 0);
	SHOW(get(PROCESS, 0) == PRIO(BE, 3));
	pid = clone(child, stack + sizeof(stack), CLONE_IO | SIGCHLD, NULL);
	waitpid(pid, NULL, 0);
	SHOW(get(PROCESS, 0) == PRIO(BE, 6));
	SHOW(set(PROCESS, 0, PRIO(IDLE, 0)));
	SHOW(get(PROCESS, 0) == PRIO(IDLE, 0));
	SHOW(set(PROCESS, 0, PRIO(RT, 2)));
	SHOW(get(PROCESS, 0) == PRIO(RT, 2));
	SHOW(set(PROCESS, 0, 0));
	SHOW(get(PROCESS, 0));
	/* without a class of its own: by the nice value */
	setpriority(PRIO_PROCESS, 0, 10);
	SHOW(get(PGRP, 0) == PRIO(BE, 6));
	SHOW(set(PGRP, 0, PRIO(BE, 1)));
	SHOW(get(PGRP, 0) == PRIO(BE, 1));
	/* errors */
	SHOW(set(PROCESS, 0, PRIO(NONE, 1)));
	SHOW(set(PROCESS, 0, PRIO(7, 0)));
	SHOW(set(9, 0, PRIO(BE, 0)));
	SHOW(set(0, 0, PRIO(BE, 0)));
	SHOW(get(9, 0));
	SHOW(set(PROCESS, 0x3fffffff, PRIO(BE, 0)));
	SHOW(get(PROCESS, 0x3fffffff));
	SHOW(get(PGRP, 0x3fffffff));
	SHOW(get(USER, 54321));
	if (!fork()) {
		setresuid(1000, 1000, 1000);
		SHOW(set(PROCESS, 0, PRIO(BE, 2)));
		SHOW(set(PROCESS, 0, PRIO(RT, 2)));
		SHOW(set(PROCESS, getppid(), PRIO(BE, 2)));
		SHOW(get(PROCESS, getppid()) == PRIO(BE, 1));
		SHOW(get(USER, 0) == PRIO(BE, 2));
		_exit(0);
	}
	wait(NULL);
	return 0;
}
