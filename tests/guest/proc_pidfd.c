/* pidfds: opening, poll, waitid by one, fdinfo, the process's end and its number's; and their errors. */
/* */
/* musl */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include "show.h"

#ifndef P_PIDFD
#define P_PIDFD 3
#endif

static int hold[2];

static pid_t waiting_child(void)
{
	pid_t pid;
	char c;

	pipe(hold);
	pid = fork();
	if (!pid) {
		close(hold[1]);
		read(hold[0], &c, 1);
		_exit(7);
	}
	close(hold[0]);
	return pid;
}

static int pidfd_open(pid_t pid, unsigned flags) { return (int)syscall(SYS_pidfd_open, pid, flags); }

/* The lines of its fdinfo that are a pidfd's own. */
static void show_fdinfo(int fd, pid_t pid)
{
	char path[64], line[128];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	f = fopen(path, "r");
	while (f && fgets(line, sizeof(line), f)) {
		int nr;

		if (sscanf(line, "Pid:\t%d", &nr) == 1)
			printf(" Pid: %s\n", nr == pid ? "the child's" : nr == -1 ? "-1" : "another");
		if (sscanf(line, "NSpid:\t%d", &nr) == 1)
			printf(" NSpid: %s\n", nr == pid ? "the child's" : nr == -1 ? "-1" : "another");
	}
	if (f)
		fclose(f);
}

static short ready(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, 0) < 0 ? -1 : p.revents;
}

int main(void)
{
	pid_t pid = waiting_child();
	int fd = pidfd_open(pid, 0), self, status;
	struct pollfd p;
	siginfo_t si;

	SHOW(fd >= 0);
	SHOW(fcntl(fd, F_GETFD));
	SHOW((fcntl(fd, F_GETFL) & (O_ACCMODE | O_NONBLOCK)) == O_RDWR);
	show_fdinfo(fd, pid);
	SHOW(ready(fd));
	memset(&si, 0xff, sizeof(si));
	SHOW(syscall(SYS_waitid, P_PIDFD, fd, &si, WEXITED | WNOHANG, NULL));
	SHOW(si.si_pid);
	SHOW(fcntl(fd, F_SETFL, O_NONBLOCK));
	SHOW(syscall(SYS_waitid, P_PIDFD, fd, &si, WEXITED, NULL));
	SHOW(syscall(SYS_waitid, P_PIDFD, fd, &si, WEXITED | WNOHANG, NULL));
	SHOW(fcntl(fd, F_SETFL, 0));
	close(hold[1]);
	p = (struct pollfd){ .fd = fd, .events = POLLIN };
	SHOW(poll(&p, 1, -1));
	SHOW(p.revents == POLLIN);
	SHOW(syscall(SYS_waitid, P_PIDFD, fd, &si, WEXITED | WNOWAIT, NULL));
	SHOW(si.si_pid == pid && si.si_status == 7);
	show_fdinfo(fd, pid);
	SHOW(syscall(SYS_waitid, P_PIDFD, fd, &si, WEXITED, NULL));
	SHOW(si.si_code);
	SHOW(syscall(SYS_waitid, P_PIDFD, fd, &si, WEXITED, NULL));
	SHOW(ready(fd) == (POLLIN | POLLHUP));
	show_fdinfo(fd, pid);
	SHOW(syscall(SYS_pidfd_send_signal, fd, 0, NULL, 0));
	close(fd);
	/* not a child */
	self = pidfd_open(getpid(), 0);
	SHOW(self >= 0);
	SHOW(syscall(SYS_waitid, P_PIDFD, self, &si, WEXITED, NULL));
	SHOW(ready(self));
	/* a thread of its own has no use for read and write */
	SHOW(read(self, &status, 4));
	SHOW(write(self, &status, 4));
	SHOW(lseek(self, 0, SEEK_SET));
	close(self);
	fd = pidfd_open(getpid(), O_NONBLOCK);
	SHOW(!!(fcntl(fd, F_GETFL) & O_NONBLOCK));
	close(fd);
	/* errors */
	SHOW(pidfd_open(0, 0));
	SHOW(pidfd_open(-1, 0));
	SHOW(pidfd_open(pid, 0));
	SHOW(pidfd_open(getpid(), 1));
	SHOW(pidfd_open(0x3fffffff, 0));
	SHOW(syscall(SYS_waitid, P_PIDFD, 0, &si, WEXITED, NULL));
	SHOW(syscall(SYS_waitid, P_PIDFD, 999, &si, WEXITED, NULL));
	SHOW(syscall(SYS_waitid, P_PIDFD, -1, &si, WEXITED, NULL));
	return 0;
}
