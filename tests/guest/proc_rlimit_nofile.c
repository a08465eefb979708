/* RLIMIT_NOFILE: every call that makes a descriptor stops at it, what is open above it stays, and it can be raised again. */
/* musl */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include "show.h"

static void limit(rlim_t n)
{
	struct rlimit lim;

	getrlimit(RLIMIT_NOFILE, &lim);
	lim.rlim_cur = n;
	setrlimit(RLIMIT_NOFILE, &lim);
}

int main(void)
{
	int fds[2], high, last = -1, fd, status;
	struct rlimit lim;
	pid_t pid;

	for (fd = 3; fd < 100; fd++)
		close(fd);
	high = fcntl(0, F_DUPFD, 40);
	SHOW(high);
	limit(10);
	while ((fd = open("/dev/null", O_RDONLY)) >= 0)
		last = fd;
	SHOW(last);
	SHOW(errno == EMFILE);
	SHOW(dup(0));
	SHOW(dup2(0, 10));
	SHOW(dup2(0, 9));
	SHOW(syscall(SYS_dup3, 0, 10, 0));
	SHOW(fcntl(0, F_DUPFD, 0));
	SHOW(fcntl(0, F_DUPFD, 10));
	SHOW(fcntl(0, F_DUPFD, -1));
	SHOW(pipe(fds));
	SHOW(socket(AF_UNIX, SOCK_STREAM, 0));
	SHOW(socketpair(AF_UNIX, SOCK_STREAM, 0, fds));
	SHOW(eventfd(0, 0));
	SHOW(epoll_create1(0));
	SHOW(syscall(SYS_pidfd_open, getpid(), 0));
	SHOW(syscall(SYS_memfd_create, "x", 0));
	/* what is above it works on */
	SHOW(fcntl(high, F_GETFD));
	SHOW(dup2(high, 8));
	/* one place: a pair needs two */
	close(5);
	SHOW(pipe(fds));
	SHOW(dup(0));
	/* children have the same limit and files */
	pid = fork();
	if (!pid) {
		getrlimit(RLIMIT_NOFILE, &lim);
		_exit(lim.rlim_cur == 10 && fcntl(high, F_GETFD) == 0);
	}
	waitpid(pid, &status, 0);
	SHOW(WEXITSTATUS(status));
	limit(0);
	SHOW(dup(0));
	SHOW(close(4));
	SHOW(open("/dev/null", O_RDONLY));
	limit(64);
	SHOW(open("/dev/null", O_RDONLY));
	SHOW(open("/dev/null", O_RDONLY));
	return 0;
}
