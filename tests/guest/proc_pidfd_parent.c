/* CLONE_PIDFD with CLONE_PARENT and for threads: the descriptor is the caller's, the child somebody else's; a pidfd crosses
 * processes, and outlives the number. */
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include "show.h"

#ifndef CLONE_PIDFD
#define CLONE_PIDFD 0x1000
#endif
static char stack[65536] __attribute__((aligned(16)));
static int go[2], pidfd = -1;
static volatile int done;

static int child(void *arg)
{
	char c;

	(void)arg;
	read(go[0], &c, 1);
	_exit(12);
}

static int thread(void *arg)
{
	char c;

	(void)arg;
	read(go[0], &c, 1);
	done = 1;
	syscall(SYS_exit, 0);
	return 0;
}

static short ready(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	poll(&p, 1, 0);
	return p.revents;
}

int main(void)
{
	struct pollfd p = { .events = POLLIN };
	int status, told[2];
	siginfo_t si;
	pid_t pid, grandchild = 0;

	pipe(go);
	pipe(told);
	/* a sibling made by a child: its parent is ours, the descriptor the child's */
	pid = fork();
	if (!pid) {
		pid_t sibling = clone(child, stack + sizeof(stack), CLONE_PARENT | CLONE_PIDFD, NULL, &pidfd);

		SHOW(pidfd >= 0);
		SHOW(syscall(SYS_waitid, 3, pidfd, &si, WEXITED | WNOHANG, NULL));
		SHOW(ready(pidfd));
		write(told[1], &sibling, sizeof(sibling));
		write(go[1], "g", 1);
		p.fd = pidfd;
		SHOW(poll(&p, 1, -1));
		SHOW(!!(p.revents & POLLIN));
		fflush(stdout);
		_exit(0);
	}
	read(told[0], &grandchild, sizeof(grandchild));
	SHOW(waitpid(pid, &status, 0) == pid);
	SHOW(WEXITSTATUS(status));
	SHOW(waitpid(grandchild, &status, 0) == grandchild);
	SHOW(WEXITSTATUS(status));
	/* a thread's */
	pid = clone(thread, stack + sizeof(stack), CLONE_VM | CLONE_SIGHAND | CLONE_THREAD | CLONE_FILES | CLONE_PIDFD, NULL, &pidfd);
	SHOW(pid > 0 && pidfd >= 0);
	SHOW(fcntl(pidfd, F_GETFD));
	SHOW(!!(fcntl(pidfd, F_GETFL) & O_EXCL));
	SHOW(ready(pidfd));
	SHOW(syscall(SYS_pidfd_send_signal, pidfd, 0, NULL, 0));
	write(go[1], "g", 1);
	p.fd = pidfd;
	SHOW(poll(&p, 1, -1));
	SHOW(done);
	close(pidfd);
	/* inherited by a child, which may signal with it what it cannot wait for */
	pid = fork();
	if (!pid)
		child(NULL);
	pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	grandchild = fork();
	if (!grandchild) {
		SHOW(syscall(SYS_waitid, 3, pidfd, &si, WEXITED, NULL));
		SHOW(syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0));
		p.fd = pidfd;
		SHOW(poll(&p, 1, -1));
		fflush(stdout);
		_exit(0);
	}
	waitpid(grandchild, NULL, 0);
	SHOW(syscall(SYS_waitid, 3, pidfd, &si, WEXITED, NULL));
	SHOW(si.si_code == CLD_KILLED && si.si_status == SIGKILL);
	return 0;
}
