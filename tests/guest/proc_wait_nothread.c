/* Children belong to the thread that made them: __WNOTHREAD, the parent-death signal of a thread, and what happens to them
 * when that thread ends. */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include "show.h"

static pid_t mine, theirs;
static int hold[2], told[2];

static pid_t child(int code)
{
	pid_t pid = fork();
	char c;

	if (!pid) {
		close(hold[1]);
		read(hold[0], &c, 1);
		_exit(code);
	}
	return pid;
}

static void on_signal(int sig)
{
	(void)sig;
	write(told[1], "s", 1);
	_exit(9);
}

static void *thread(void *arg)
{
	int status;

	(void)arg;
	theirs = child(2);
	SHOW(waitpid(mine, &status, __WNOTHREAD | WNOHANG));
	SHOW(waitpid(theirs, &status, __WNOTHREAD | WNOHANG));
	SHOW(waitpid(-1, &status, __WNOTHREAD | WNOHANG));
	SHOW(waitpid(mine, &status, WNOHANG));
	return NULL;
}

/* Makes a child that is told when this thread, not the process, ends. */
static void *mortal(void *arg)
{
	char c;

	(void)arg;
	if (!fork()) {
		signal(SIGUSR1, on_signal);
		prctl(PR_SET_PDEATHSIG, SIGUSR1);
		write(told[1], "r", 1);
		for (;;)
			pause();
	}
	read(told[0], &c, 1);
	return NULL;
}

static int quiet(void *arg)
{
	(void)arg;
	_exit(5);
}
static char stack[65536] __attribute__((aligned(16)));

int main(void)
{
	int status;
	pthread_t t;
	pid_t pid;
	char c;

	pipe(hold);
	pipe(told);
	mine = child(1);
	pthread_create(&t, NULL, thread, NULL);
	pthread_join(t, NULL);
	/* the thread is gone: its child is ours */
	SHOW(waitpid(theirs, &status, __WNOTHREAD | WNOHANG));
	close(hold[1]);
	SHOW(waitpid(mine, &status, __WNOTHREAD) == mine);
	SHOW(waitpid(theirs, &status, __WNOTHREAD) == theirs);
	SHOW(waitpid(-1, &status, __WNOTHREAD));
	/* the death of a thread is the death of a parent */
	pthread_create(&t, NULL, mortal, NULL);
	pthread_join(t, NULL);
	SHOW(read(told[0], &c, 1));
	SHOW(c == 's');
	SHOW(wait(&status) > 0);
	SHOW(WEXITSTATUS(status));
	/* clone children: by their exit signal */
	pid = clone(quiet, stack + sizeof(stack), 0, NULL);
	SHOW(waitpid(pid, &status, 0));
	SHOW(waitpid(pid, &status, __WCLONE) == pid);
	signal(SIGUSR2, SIG_IGN);
	pid = clone(quiet, stack + sizeof(stack), SIGUSR2, NULL);
	SHOW(waitpid(pid, &status, __WALL) == pid);
	SHOW(WEXITSTATUS(status));
	pid = clone(quiet, stack + sizeof(stack), SIGCHLD, NULL);
	SHOW(waitpid(pid, &status, __WCLONE));
	SHOW(waitpid(pid, &status, __WALL | __WCLONE) == pid);
	return 0;
}
