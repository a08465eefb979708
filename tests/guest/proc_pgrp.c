/* Process groups and sessions: who may be put where, and what setsid does. */
/* musl */
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include "show.h"

static int up[2], down[2];

/* A child that does what @how says and then waits. */
static pid_t child(int how)
{
	char *argv[] = { "sh", "-c", "echo >&9; read x <&8", NULL }, *envp[] = { NULL };
	pid_t pid;
	char c;

	pipe(up);
	pipe(down);
	pid = fork();
	if (!pid) {
		close(down[1]);
		if (how == 1)
			setsid();
		if (how == 2)
			setpgid(0, 0);
		if (how == 3) {
			dup2(up[1], 9);
			dup2(down[0], 8);
			close(up[1]);
			execve("/bin/sh", argv, envp);
		}
		write(up[1], "", 1);
		read(down[0], &c, 1);
		_exit(0);
	}
	close(up[1]);
	close(down[0]);
	read(up[0], &c, 1);
	return pid;
}

static void end(pid_t pid)
{
	close(up[0]);
	close(down[1]);
	waitpid(pid, NULL, 0);
}

int main(void)
{
	pid_t pid, other, group = getpgrp();
	int status;

	pid = child(0);
	SHOW(setpgid(pid, 0));
	SHOW(getpgid(pid) == pid);
	SHOW(getpgid(0) == group);
	SHOW(setpgid(pid, group));
	SHOW(getpgid(pid) == group);
	SHOW(setpgid(pid, pid));
	SHOW(setpgid(pid, pid));
	SHOW(setpgid(pid, pid + 5000));
	SHOW(setpgid(pid, -1));
	SHOW(setpgid(-1, 0));
	SHOW(setpgid(getppid(), 0));
	SHOW(killpg(pid, 0));
	SHOW(killpg(pid + 5000, 0));
	SHOW(kill(-pid, SIGTERM));
	SHOW(waitpid(-pid, &status, 0) == pid);
	SHOW(WTERMSIG(status));
	SHOW(killpg(pid, 0));
	end(pid);
	/* another session */
	pid = child(1);
	SHOW(getsid(pid) == pid && getpgid(pid) == pid);
	SHOW(setpgid(pid, 0));
	SHOW(setpgid(pid, group));
	SHOW(setpgid(0, pid));
	end(pid);
	/* has run execve */
	pid = child(3);
	SHOW(setpgid(pid, 0));
	SHOW(getpgid(pid) == group);
	end(pid);
	/* a zombie can still be moved; a group lives as long as its zombies */
	pid = fork();
	if (!pid)
		_exit(0);
	{
		siginfo_t si;

		waitid(P_PID, (id_t)pid, &si, WEXITED | WNOWAIT);
	}
	SHOW(setpgid(pid, pid));
	other = fork();
	if (!other) {
		SHOW(setpgid(0, pid));
		SHOW(getpgrp() == pid);
		_exit(0);
	}
	SHOW(waitpid(other, &status, 0) == other);
	SHOW(waitpid(pid, &status, 0) == pid);
	/* a session leader, and one whose group others are in */
	pid = fork();
	if (!pid) {
		SHOW(setsid() == getpid());
		SHOW(setsid());
		SHOW(setpgid(0, 0));
		SHOW(getsid(0) == getpid() && getpgrp() == getpid());
		other = fork();
		if (!other) {
			SHOW(getsid(0) == getppid());
			SHOW(setpgid(0, getppid()));
			SHOW(setpgid(0, 0));
			SHOW(setsid());
			SHOW(setpgid(0, getppid()));
			SHOW(setsid() == getpid());
			_exit(0);
		}
		waitpid(other, &status, 0);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	SHOW(status);
	/* kill(-1) and kill(0) */
	pid = fork();
	if (!pid) {
		setpgid(0, 0);
		for (int i = 0; i < 3; i++)
			if (!fork())
				for (;;)
					pause();
		signal(SIGUSR1, SIG_IGN);
		SHOW(kill(0, SIGUSR1));
		for (int n = 0; n < 3; n++)
			wait(&status);
		SHOW(WTERMSIG(status));
		_exit(0);
	}
	waitpid(pid, &status, 0);
	SHOW(status);
	return 0;
}
