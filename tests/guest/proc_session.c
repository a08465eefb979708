/* Sessions and process groups: getsid, getpgid, setsid, setpgid of others, and their errors in Linux's order. */
/* musl */
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include "show.h"

static int go[2], ready[2];

/* A child that waits; @how 1: in a session of its own, 2: after execve, 3: in a group of its own. */
static pid_t child(int how, char **argv)
{
	pid_t pid;
	char c;

	pipe(go);
	pipe(ready);
	pid = fork();
	if (!pid) {
		char fds[32];

		close(go[1]);
		if (how == 1)
			setsid();
		if (how == 3)
			setpgid(0, 0);
		if (how == 2) {
			char *args[] = { argv[0], fds, NULL };

			snprintf(fds, sizeof(fds), "%d %d", go[0], ready[1]);
			execv("/proc/self/exe", args);
		}
		write(ready[1], "r", 1);
		read(go[0], &c, 1);
		_exit(0);
	}
	close(go[0]);
	read(ready[0], &c, 1);
	return pid;
}

static void end(pid_t pid)
{
	close(go[1]);
	waitpid(pid, NULL, 0);
}

int main(int argc, char **argv)
{
	pid_t me = getpid(), pid, other;
	int in, out;
	char c;

	if (argc > 1) {
		sscanf(argv[1], "%d %d", &in, &out);
		write(out, "r", 1);
		read(in, &c, 1);
		return 0;
	}
	/* be no leader of anything to begin with */
	if (getpgrp() == me) {
		pid = fork();
		if (pid) {
			waitpid(pid, &in, 0);
			return WEXITSTATUS(in);
		}
		me = getpid();
	}
	SHOW(getpgid(0) == getpgrp());
	SHOW(getsid(0) == getsid(me));
	SHOW(getpgid(0x3fffffff));
	SHOW(getsid(0x3fffffff));
	SHOW(getpgid(-1));
	SHOW(setpgid(0, -1));
	SHOW(setpgid(0x3fffffff, 0));
	SHOW(setpgid(-1, 0));
	SHOW(setpgid(0, 0x3fffffff));
	SHOW(setpgid(getppid(), 0));
	/* a child's group: before and after execve */
	pid = child(0, argv);
	SHOW(setpgid(pid, pid));
	SHOW(getpgid(pid) == pid);
	SHOW(setpgid(pid, getpgrp()));
	SHOW(getpgid(pid) == getpgrp());
	end(pid);
	pid = child(2, argv);
	SHOW(setpgid(pid, pid));
	end(pid);
	pid = child(1, argv);
	SHOW(getsid(pid) == pid && getpgid(pid) == pid);
	SHOW(setpgid(pid, getpgrp()));
	SHOW(setpgid(0, pid)); /* a group of another session */
	end(pid);
	/* a group that another process leads */
	other = child(3, argv);
	SHOW(setpgid(0, other));
	SHOW(getpgrp() == other);
	end(other);
	SHOW(getpgrp() == other); /* it outlives its leader */
	SHOW(kill(-other, 0));
	SHOW(setsid() == me);
	SHOW(getpgrp() == me && getsid(0) == me);
	SHOW(setsid());
	SHOW(setpgid(0, 0));
	/* a leader of a group cannot leave its session */
	pid = fork();
	if (!pid) {
		setpgid(0, 0);
		SHOW(setsid());
		fflush(stdout);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	/* nor can a process whose number a group still has */
	pid = fork();
	if (!pid) {
		setpgid(0, 0);
		other = fork();
		if (!other) {
			pause();
			_exit(0);
		}
		setpgid(0, getppid());
		SHOW(getpgrp() == getppid());
		SHOW(setsid());
		kill(other, SIGKILL);
		fflush(stdout);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	return 0;
}
