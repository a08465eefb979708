/* fork, wait4, kill, execve, identity and group calls: success and errors. */
/* musl */
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "show.h"

int main(void)
{
	char *const argv[] = { "x", NULL }, *const bad_argv[] = { BAD_PTR, NULL };
	int status = 0;
	pid_t pid;
	struct rusage ru;

	SHOW(waitpid(-1, &status, 0));
	SHOW(waitpid(999999, &status, 0));
	SHOW(wait4(-1, &status, 0x10, NULL));
	pid = fork();
	if (!pid)
		_exit(3);
	SHOW(waitpid(pid, &status, 0) == pid);
	SHOW(WEXITSTATUS(status));
	pid = fork();
	if (!pid) {
		pause();
		_exit(1);
	}
	SHOW(waitpid(pid, &status, WNOHANG));
	SHOW(kill(pid, 0));
	SHOW(kill(pid, 65));
	SHOW(kill(pid, -1));
	SHOW(kill(999999, 0));
	SHOW(kill(pid, SIGTERM));
	SHOW(wait4(pid, BAD_PTR, 0, NULL));
	SHOW(waitpid(pid, &status, 0));
	pid = fork();
	if (!pid)
		abort();
	SHOW(wait4(-1, &status, 0, &ru) == pid);
	SHOW(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	SHOW(kill(pid, 0));

	SHOW(execve("nothing", argv, NULL));
	SHOW(execve(".", argv, NULL));
	SHOW(execve("/dev/null", argv, NULL));
	SHOW(execve(BAD_PTR, argv, NULL));
	SHOW(execve("/bin/sh", BAD_PTR, NULL));
	SHOW(execve("/bin/sh", bad_argv, NULL));
	SHOW(execve("", argv, NULL));

	SHOW(getpgid(0) == getpgrp());
	SHOW(getpgid(999999));
	SHOW(getsid(999999));
	SHOW(setpgid(0, -1));
	SHOW(setpgid(999999, 0));
	pid = fork();
	if (!pid) {
		SHOW(setsid() == getpid());
		SHOW(setsid());
		SHOW(setpgid(0, 0));
		SHOW(getsid(0) == getpid());
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	SHOW(setuid(getuid()));
	SHOW(setgid(getgid()));
	SHOW(setresuid(-1, -1, -1));
	SHOW(getgroups(-1, NULL));
	SHOW(prctl(12345, 0, 0, 0, 0));
	SHOW(prctl(PR_SET_PDEATHSIG, 100));
	SHOW(prctl(PR_SET_NAME, BAD_PTR));
	SHOW(getrlimit(99, BAD_PTR));
	SHOW(getrlimit(RLIMIT_STACK, BAD_PTR));
	SHOW(getrusage(5, &ru));
	SHOW(getrusage(RUSAGE_SELF, BAD_PTR));
	SHOW(sched_yield());
	SHOW(syscall(SYS_tgkill, getpid(), getpid(), 0));
	SHOW(syscall(SYS_tgkill, -1, getpid(), 0));
	SHOW(syscall(SYS_tgkill, getpid(), 999999, 0));
	SHOW(syscall(SYS_tkill, getpid(), 0));
	SHOW(syscall(SYS_tkill, 0, 0));
	SHOW(syscall(9999));
	SHOW(syscall(0x40000000));
	return 0;
}
