/* Waiting by process group: the group is the one at the time of the call, the children's the one that they have when looked
 * at; of several zombies the oldest child first. */
/* musl */
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include "show.h"

static int hold[2];

static pid_t child(int code, pid_t group)
{
	pid_t pid = fork();
	char c;

	if (!pid) {
		close(hold[1]);
		read(hold[0], &c, 1);
		_exit(code);
	}
	if (group >= 0)
		setpgid(pid, group);
	return pid;
}

int main(void)
{
	pid_t a, b, c, d;
	siginfo_t si;
	int status;

	setpgid(0, 0);
	pipe(hold);
	a = child(1, -1);
	b = child(2, 0);   /* leads a group of its own */
	c = child(3, b);   /* is in it */
	d = child(4, b);
	SHOW(waitpid(0, &status, WNOHANG));
	SHOW(waitpid(-b, &status, WNOHANG));
	SHOW(waitpid(-c, &status, WNOHANG));
	SHOW(waitid(P_PGID, (id_t)c, &si, WEXITED | WNOHANG));
	/* one moves */
	SHOW(setpgid(d, getpgrp()));
	close(hold[1]);
	SHOW(waitpid(-b, &status, 0) > 0);
	SHOW(WEXITSTATUS(status) == 2 || WEXITSTATUS(status) == 3);
	SHOW(waitpid(-b, &status, 0) > 0);
	SHOW(WEXITSTATUS(status) == 2 || WEXITSTATUS(status) == 3);
	SHOW(waitpid(-b, &status, 0));
	/* wait until both zombies are there, then the order is the children's */
	SHOW(waitid(P_PID, (id_t)a, &si, WEXITED | WNOWAIT));
	SHOW(waitid(P_PID, (id_t)d, &si, WEXITED | WNOWAIT));
	SHOW(waitid(P_PGID, 0, &si, WEXITED));
	SHOW(si.si_pid == a && si.si_status == 1);
	SHOW(waitpid(-getpgrp(), &status, 0) == d);
	SHOW(WEXITSTATUS(status));
	SHOW(waitpid(0, &status, 0));
	SHOW(waitpid(-0x3fffffff, &status, 0));
	return 0;
}
