/* CLONE_PIDFD by clone and clone3, CLONE_CLEAR_SIGHAND, set_tid; and what clone3 refuses. */
// needs-root: set_tid
/* */
/* musl */
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include "show.h"

#ifndef CLONE_PIDFD
#define CLONE_PIDFD 0x1000
#endif
#define CLEAR_SIGHAND 0x100000000ull
#define INTO_CGROUP 0x200000000ull

struct args {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup;
};

static long clone3(struct args *a) { return syscall(SYS_clone3, a, sizeof(*a)); }

static void handler(int sig) { (void)sig; }

int main(void)
{
	struct args a = { .flags = CLONE_PIDFD, .exit_signal = SIGCHLD };
	struct pollfd p = { .events = POLLIN };
	struct sigaction sa;
	int fd = -1, tids[2], status;
	siginfo_t si;
	long pid;

	a.pidfd = (uintptr_t)&fd;
	pid = clone3(&a);
	if (!pid)
		_exit(fd == -1 ? 3 : 4); /* the child's memory was copied before */
	SHOW(pid > 0 && fd >= 0);
	SHOW(fcntl(fd, F_GETFD));
	p.fd = fd;
	SHOW(poll(&p, 1, -1));
	SHOW(syscall(SYS_waitid, 3, fd, &si, WEXITED, NULL));
	SHOW(si.si_pid == pid);
	SHOW(si.si_status == 3 || si.si_status == 4);
	close(fd);
	/* by clone: in the place of the parent's tid */
	fd = -1;
	pid = syscall(SYS_clone, CLONE_PIDFD | SIGCHLD, 0, &fd, NULL, 0);
	if (!pid)
		_exit(0);
	SHOW(pid > 0 && fd >= 0);
	SHOW(waitpid((pid_t)pid, &status, 0) == pid);
	close(fd);
	SHOW(syscall(SYS_clone, CLONE_PIDFD | CLONE_PARENT_SETTID | SIGCHLD, 0, &fd, NULL, 0));
	SHOW(syscall(SYS_clone, CLONE_PIDFD | 0x00400000 /* CLONE_DETACHED */ | SIGCHLD, 0, &fd, NULL, 0));
	SHOW(syscall(SYS_clone, CLONE_PIDFD | SIGCHLD, 0, BAD_PTR, NULL, 0));
	a.parent_tid = a.pidfd;
	a.flags |= CLONE_PARENT_SETTID;
	SHOW(clone3(&a));
	/* handlers go, ignored ones stay */
	signal(SIGUSR1, handler);
	signal(SIGUSR2, SIG_IGN);
	a = (struct args){ .flags = CLEAR_SIGHAND, .exit_signal = SIGCHLD };
	pid = clone3(&a);
	if (!pid) {
		sigaction(SIGUSR1, NULL, &sa);
		status = sa.sa_handler == SIG_DFL;
		sigaction(SIGUSR2, NULL, &sa);
		_exit(status | (sa.sa_handler == SIG_IGN) << 1);
	}
	waitpid((pid_t)pid, &status, 0);
	SHOW(WEXITSTATUS(status));
	a.flags |= CLONE_SIGHAND | CLONE_VM;
	SHOW(clone3(&a));
	/* a chosen number */
	tids[0] = 31337;
	a = (struct args){ .exit_signal = SIGCHLD, .set_tid = (uintptr_t)tids, .set_tid_size = 1 };
	pid = clone3(&a);
	if (!pid)
		_exit(getpid() == 31337);
	SHOW(pid);
	waitpid((pid_t)pid, &status, 0);
	SHOW(WEXITSTATUS(status));
	tids[0] = getpid();
	SHOW(clone3(&a));
	tids[0] = 0;
	SHOW(clone3(&a));
	tids[0] = -5;
	SHOW(clone3(&a));
	a.set_tid_size = 33;
	SHOW(clone3(&a));
	a.set_tid_size = 0;
	SHOW(clone3(&a));
	a.set_tid = 0;
	a.set_tid_size = 1;
	SHOW(clone3(&a));
	a.set_tid = 16;
	SHOW(clone3(&a));
	a = (struct args){ .flags = INTO_CGROUP, .exit_signal = SIGCHLD, .cgroup = 999 };
	SHOW(clone3(&a));
	a.cgroup = 0;
	SHOW(clone3(&a));
	a.cgroup = 0x80000000;
	SHOW(clone3(&a));
	a = (struct args){ .flags = 1ull << 40, .exit_signal = SIGCHLD };
	SHOW(clone3(&a));
	a = (struct args){ .exit_signal = 65 };
	SHOW(clone3(&a));
	a = (struct args){ .exit_signal = 0x100 };
	SHOW(clone3(&a));
	a = (struct args){ .exit_signal = SIGCHLD, .stack = 4096 };
	SHOW(clone3(&a));
	SHOW(syscall(SYS_clone3, &a, 63));
	SHOW(syscall(SYS_clone3, &a, 4097));
	SHOW(syscall(SYS_clone3, BAD_PTR, 64));
	tids[0] = 31338;
	if (!fork()) {
		setresuid(1000, 1000, 1000);
		a = (struct args){ .exit_signal = SIGCHLD, .set_tid = (uintptr_t)tids, .set_tid_size = 1 };
		SHOW(clone3(&a));
		a = (struct args){ .flags = CLONE_NEWNS, .exit_signal = SIGCHLD };
		SHOW(clone3(&a));
		a.flags = CLONE_NEWNS | CLONE_FS;
		SHOW(clone3(&a));
		_exit(0);
	}
	wait(NULL);
	return 0;
}
