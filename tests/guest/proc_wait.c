/* wait4 and waitid in their forms: by pid, group and any; WNOHANG, WNOWAIT, the siginfo, rusage; and their errors. */
/* musl */
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include "show.h"

static int hold[2];

static pid_t child(int code)
{
	pid_t pid = fork();

	if (!pid)
		_exit(code);
	return pid;
}

/* A child that lives until hold is closed. */
static pid_t waiting_child(int code)
{
	pid_t pid;
	char c;

	pipe(hold);
	pid = fork();
	if (!pid) {
		close(hold[1]);
		read(hold[0], &c, 1);
		if (code < 0)
			raise(-code);
		_exit(code);
	}
	close(hold[0]);
	return pid;
}

static void show_info(const siginfo_t *si, pid_t pid)
{
	printf(" signo %d, errno %d, code %d, pid %s, uid %d, status %d\n", si->si_signo, si->si_errno, si->si_code,
		si->si_pid == pid ? "the child's" : si->si_pid ? "another" : "0", si->si_uid == getuid(), si->si_status);
}

int main(void)
{
	struct rusage ru;
	siginfo_t si;
	pid_t pid, a, b;
	int status = -1;

	/* WNOHANG */
	pid = waiting_child(5);
	SHOW(waitpid(pid, &status, WNOHANG));
	SHOW(status);
	SHOW(waitpid(-1, NULL, WNOHANG));
	memset(&si, 0xff, sizeof(si));
	SHOW(waitid(P_PID, (id_t)pid, &si, WEXITED | WNOHANG));
	printf(" signo %d, pid %d\n", si.si_signo, si.si_pid);
	SHOW(waitpid(pid + 1000, &status, WNOHANG));
	close(hold[1]);
	memset(&ru, 0xff, sizeof(ru));
	SHOW(wait4(pid, &status, 0, &ru) == pid);
	SHOW(status);
	SHOW(ru.ru_maxrss >= 0 && ru.ru_utime.tv_sec == 0 && ru.ru_inblock >= 0);
	SHOW(waitpid(pid, &status, WNOHANG));
	/* WNOWAIT leaves it */
	pid = child(6);
	SHOW(waitid(P_PID, (id_t)pid, &si, WEXITED | WNOWAIT));
	show_info(&si, pid);
	SHOW(waitid(P_ALL, 0, &si, WEXITED | WNOWAIT));
	show_info(&si, pid);
	SHOW(waitid(P_PGID, (id_t)getpgrp(), &si, WEXITED | WNOWAIT));
	SHOW(waitid(P_PGID, 0, &si, WEXITED | WNOWAIT));
	SHOW(waitid(P_PID, (id_t)pid, &si, WSTOPPED | WNOHANG));
	SHOW(waitid(P_PID, (id_t)pid, NULL, WEXITED));
	SHOW(waitid(P_PID, (id_t)pid, &si, WEXITED));
	/* killed */
	pid = waiting_child(-SIGTERM);
	close(hold[1]);
	SHOW(waitid(P_PID, (id_t)pid, &si, WEXITED));
	show_info(&si, pid);
	/* by process group */
	a = waiting_child(1);
	setpgid(a, a);
	SHOW(waitpid(0, &status, WNOHANG));
	SHOW(waitpid(-a, &status, WNOHANG));
	SHOW(waitid(P_PGID, (id_t)a, &si, WEXITED | WNOHANG));
	b = child(2);
	SHOW(waitpid(0, &status, 0) == b);
	close(hold[1]);
	SHOW(waitpid(-a, &status, 0) == a);
	SHOW(WEXITSTATUS(status));
	/* the oldest zombie first */
	a = child(3);
	SHOW(waitid(P_PID, (id_t)a, &si, WEXITED | WNOWAIT));
	b = child(4);
	SHOW(waitid(P_PID, (id_t)b, &si, WEXITED | WNOWAIT));
	SHOW(wait(&status) == a);
	SHOW(wait(&status) == b);
	/* errors */
	SHOW(wait(&status));
	SHOW(waitpid(-getpgrp(), &status, 0));
	SHOW(waitpid(1, &status, 0));
	SHOW(waitpid(getpid(), &status, 0));
	SHOW(syscall(SYS_wait4, 0x80000000, &status, 0, NULL));
	SHOW(waitpid(-1, &status, WEXITED));
	SHOW(waitpid(-1, &status, WNOWAIT));
	SHOW(waitpid(-1, &status, 0x100));
	SHOW(waitid(P_ALL, 0, &si, 0));
	SHOW(waitid(P_ALL, 0, &si, WNOHANG));
	SHOW(waitid(P_ALL, 0, &si, WEXITED | 0x100));
	SHOW(waitid(9, 0, &si, WEXITED));
	SHOW(waitid(P_PID, 0, &si, WEXITED));
	SHOW(waitid(P_PID, (id_t)-5, &si, WEXITED));
	SHOW(waitid(P_PGID, (id_t)-5, &si, WEXITED));
	SHOW(waitid(P_ALL, 0, &si, WEXITED | __WALL | __WCLONE | __WNOTHREAD));
	SHOW(waitid(P_ALL, 0, BAD_PTR, WEXITED));
	pid = child(1);
	SHOW(waitid(P_PID, (id_t)pid, BAD_PTR, WEXITED));
	SHOW(waitpid(pid, &status, 0));
	pid = child(1);
	SHOW(wait4(pid, &status, 0, BAD_PTR));
	SHOW(waitpid(pid, &status, 0));
	pid = child(1);
	SHOW(syscall(SYS_waitid, P_PID, pid, &si, WEXITED, &ru));
	SHOW(ru.ru_maxrss >= 0);
	return 0;
}
