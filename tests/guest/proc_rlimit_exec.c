/* RLIMIT_NPROC: fork fails at it; setuid goes over it, and execve is where that shows; the privileged pass. */
// needs-root: another user's count
/* musl */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include "show.h"

#define USER 54321 /* nobody else is that */

static int go[2];

static void limit(rlim_t n)
{
	struct rlimit lim = { n, n };

	setrlimit(RLIMIT_NPROC, &lim);
}

/* A process of USER that waits. */
static pid_t waiting(void)
{
	int ready[2];
	pid_t pid;
	char c;

	pipe(ready);
	pid = fork();
	if (!pid) {
		close(go[1]);
		setresuid(USER, USER, USER);
		write(ready[1], "r", 1);
		read(go[0], &c, 1);
		_exit(0);
	}
	read(ready[0], &c, 1);
	close(ready[0]);
	close(ready[1]);
	return pid;
}

static void in_child(void (*fn)(void))
{
	if (!fork()) {
		close(go[1]);
		fn();
		fflush(stdout);
		_exit(0);
	}
	wait(NULL);
}

static long try_exec(void)
{
	int status;
	pid_t pid = vfork();

	if (!pid) {
		execl("/nonexistent/program", "x", NULL);
		_exit(errno == ENOENT ? 0 : errno == EAGAIN ? 11 : 99);
	}
	waitpid(pid, &status, 0);
	return WEXITSTATUS(status);
}

static char *args[] = { "x", NULL };

static void over(void)
{
	limit(1);
	SHOW(setresuid(USER, USER, USER)); /* the third: it succeeds */
	SHOW(execv("/nonexistent/program", args));
	SHOW(fork());
	SHOW(execv("/nonexistent/program", args));
}

static void at_it(void)
{
	limit(3);
	SHOW(setresuid(USER, USER, USER));
	SHOW(execv("/nonexistent/program", args));
	SHOW(fork());
}

static void below(void)
{
	limit(10);
	SHOW(setresuid(USER, USER, USER));
	SHOW(try_exec());
}

static void privileged(void)
{
	limit(1);
	prctl(PR_SET_KEEPCAPS, 1);
	SHOW(setresuid(-1, USER, -1)); /* the real user counts: root, who has no limit */
	SHOW(execv("/nonexistent/program", args));
}

int main(void)
{
	pipe(go);
	waiting();
	waiting();
	in_child(over);
	in_child(at_it);
	in_child(below);
	in_child(privileged);
	close(go[1]);
	while (wait(NULL) > 0)
		;
	return 0;
}
