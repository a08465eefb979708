/* Nice values: of threads, groups and users; inheritance; bounds; nice(2)'s answers. */
/* musl */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include "show.h"

static int get(int which, unsigned who)
{
	return (int)(20 - syscall(SYS_getpriority, which, who));
}

static int thread_tid;

static void *thread(void *arg)
{
	(void)arg;
	printf("a thread begins with %d\n", get(PRIO_PROCESS, 0));
	SHOW(setpriority(PRIO_PROCESS, 0, 9));
	printf("and has %d, main %d\n", get(PRIO_PROCESS, 0), get(PRIO_PROCESS, (unsigned)getpid()));
	thread_tid = (int)syscall(SYS_gettid);
	SHOW(setpriority(PRIO_PROCESS, getpid(), 7));
	return NULL;
}

int main(void)
{
	int go[2], status;
	pthread_t t;
	pid_t a, b;
	char c;

	setpgid(0, 0);
	SHOW(setpriority(PRIO_PROCESS, 0, 5));
	SHOW(get(PRIO_PROCESS, 0));
	pthread_create(&t, NULL, thread, NULL);
	pthread_join(t, NULL);
	SHOW(get(PRIO_PROCESS, 0));
	/* inherited by children; changed for a group */
	pipe(go);
	a = fork();
	if (!a) {
		close(go[1]);
		read(go[0], &c, 1);
		_exit(get(PRIO_PROCESS, 0));
	}
	SHOW(get(PRIO_PROCESS, (unsigned)a));
	b = fork();
	if (!b) {
		close(go[1]);
		read(go[0], &c, 1);
		_exit(get(PRIO_PROCESS, 0));
	}
	SHOW(setpriority(PRIO_PROCESS, b, 12));
	SHOW(get(PRIO_PGRP, 0)); /* the best of all */
	SHOW(get(PRIO_PGRP, (unsigned)getpgrp()));
	SHOW(setpriority(PRIO_PGRP, 0, 14));
	SHOW(get(PRIO_PROCESS, 0));
	close(go[1]);
	waitpid(a, &status, 0);
	SHOW(WEXITSTATUS(status));
	waitpid(b, &status, 0);
	SHOW(WEXITSTATUS(status));
	/* bounds */
	SHOW(setpriority(PRIO_PROCESS, 0, 1000));
	SHOW(get(PRIO_PROCESS, 0));
	errno = 0;
	SHOW(nice(5));
	/* errors */
	SHOW(syscall(SYS_getpriority, -1, 0));
	SHOW(syscall(SYS_getpriority, 3, 0));
	SHOW(setpriority(3, 0, 0));
	SHOW(syscall(SYS_getpriority, PRIO_PROCESS, 0x3fffffff));
	SHOW(setpriority(PRIO_PROCESS, 0x3fffffff, 1));
	SHOW(setpriority(PRIO_PGRP, 0x3fffffff, 1));
	SHOW(setpriority(PRIO_USER, 54321, 1));
	SHOW(syscall(SYS_getpriority, PRIO_USER, 54321));
	return 0;
}
