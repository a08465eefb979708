/* pidfd_getfd: a copy of another process's descriptor; who may have it, and the errors. */
// needs-root: ids change
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include "show.h"

static int go[2], ready[2];

static pid_t child(int what)
{
	pid_t pid;
	char c;

	pipe(go);
	pipe(ready);
	pid = fork();
	if (!pid) {
		int fds[2];

		close(go[1]);
		pipe(fds);
		dup2(fds[0], 100);
		dup2(fds[1], 101);
		if (what == 1)
			setresuid(1000, 1000, 1000);
		if (what == 2) {
			setresuid(1000, 1000, 1000);
			prctl(PR_SET_DUMPABLE, 1);
		}
		write(ready[1], "r", 1);
		read(go[0], &c, 1);
		_exit(0);
	}
	close(go[0]);
	read(ready[0], &c, 1);
	return pid;
}

static void end(pid_t pid, int fd)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(go[1]);
	close(fd);
}

int main(void)
{
	struct rlimit lim;
	pid_t pid = child(0);
	int fd = (int)syscall(SYS_pidfd_open, pid, 0), a, b;
	char buf[8] = "";

	a = (int)syscall(SYS_pidfd_getfd, fd, 100, 0);
	b = (int)syscall(SYS_pidfd_getfd, fd, 101, 0);
	SHOW(a >= 0 && b >= 0);
	SHOW(fcntl(a, F_GETFD));
	SHOW(write(b, "hello", 5));
	SHOW(read(a, buf, 5));
	SHOW(strcmp(buf, "hello"));
	/* the same open file description */
	fcntl(a, F_SETFL, O_NONBLOCK);
	close(a);
	a = (int)syscall(SYS_pidfd_getfd, fd, 100, 0);
	SHOW(!!(fcntl(a, F_GETFL) & O_NONBLOCK));
	SHOW(syscall(SYS_pidfd_getfd, fd, 99, 0));
	SHOW(syscall(SYS_pidfd_getfd, fd, -1, 0));
	SHOW(syscall(SYS_pidfd_getfd, fd, 100, 1));
	SHOW(syscall(SYS_pidfd_getfd, 0, 100, 0));
	SHOW(syscall(SYS_pidfd_getfd, 999, 100, 0));
	getrlimit(RLIMIT_NOFILE, &lim);
	lim.rlim_cur = 3;
	setrlimit(RLIMIT_NOFILE, &lim);
	SHOW(syscall(SYS_pidfd_getfd, fd, 100, 0));
	lim.rlim_cur = lim.rlim_max;
	setrlimit(RLIMIT_NOFILE, &lim);
	/* a zombie, then nobody */
	close(go[1]);
	siginfo_t si;
	waitid(P_PID, (id_t)pid, &si, WEXITED | WNOWAIT);
	SHOW(syscall(SYS_pidfd_getfd, fd, 100, 0));
	waitpid(pid, NULL, 0);
	SHOW(syscall(SYS_pidfd_getfd, fd, 100, 0));
	close(fd);
	/* somebody else's */
	pid = child(1);
	fd = (int)syscall(SYS_pidfd_open, pid, 0);
	SHOW_OK(syscall(SYS_pidfd_getfd, fd, 100, 0));
	if (!fork()) {
		setresuid(1000, 1000, 1000);
		SHOW(syscall(SYS_pidfd_getfd, fd, 100, 0)); /* not dumpable */
		fflush(stdout);
		_exit(0);
	}
	wait(NULL);
	end(pid, fd);
	pid = child(2);
	fd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (!fork()) {
		setresuid(1001, 1001, 1001);
		SHOW(syscall(SYS_pidfd_getfd, fd, 100, 0));
		_exit(0);
	}
	wait(NULL);
	if (!fork()) {
		setresgid(0, 0, 0);
		setresuid(1000, 1000, 1000);
		SHOW_OK(syscall(SYS_pidfd_getfd, fd, 100, 0));
		_exit(0);
	}
	wait(NULL);
	end(pid, fd);
	return 0;
}
