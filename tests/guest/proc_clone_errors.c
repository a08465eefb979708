/* Which flags clone and clone3 refuse, and how. */
/* musl */
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/wait.h>
#include "show.h"

struct args {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup;
};

static long c(unsigned long flags)
{
	long pid = syscall(SYS_clone, flags, NULL, NULL, NULL, 0);

	if (!pid)
		_exit(0);
	if (pid > 0) {
		waitpid((pid_t)pid, NULL, __WALL);
		return 0;
	}
	return pid;
}

static long c3(struct args *a, size_t size)
{
	long pid = syscall(SYS_clone3, a, size);

	if (!pid)
		_exit(0);
	if (pid > 0) {
		waitpid((pid_t)pid, NULL, __WALL);
		return 0;
	}
	return pid;
}

#define A(...) (&(struct args){ __VA_ARGS__ })
#define SIZE sizeof(struct args)

int main(void)
{
	static char big[8192];

	signal(64, SIG_IGN);
	SHOW(c(SIGCHLD));
	SHOW(c(0));
	SHOW(c(64));
	SHOW(c(200));
	SHOW(c(CLONE_THREAD));
	SHOW(c(CLONE_THREAD | CLONE_VM));
	SHOW(c(CLONE_THREAD | CLONE_SIGHAND));
	SHOW(c(CLONE_SIGHAND));
	SHOW(c(CLONE_NEWNS | CLONE_FS));
	SHOW(c(CLONE_NEWUSER | CLONE_FS));
	SHOW(c(CLONE_THREAD | CLONE_SIGHAND | CLONE_VM | CLONE_NEWUSER));
	SHOW(c(CLONE_PIDFD | CLONE_PARENT_SETTID | SIGCHLD));
	SHOW(c(CLONE_PIDFD | CLONE_DETACHED | SIGCHLD));
	SHOW(c(CLONE_DETACHED | SIGCHLD));
	SHOW(c(CLONE_FS | CLONE_FILES | CLONE_IO | CLONE_SYSVSEM | CLONE_UNTRACED | SIGCHLD));
	SHOW(syscall(SYS_clone, CLONE_SETTLS | SIGCHLD, NULL, NULL, NULL, 1ul << 63));

	SHOW(c3(A(.exit_signal = SIGCHLD), SIZE));
	SHOW(c3(A(.exit_signal = SIGCHLD), 64));
	SHOW(c3(A(.exit_signal = SIGCHLD), 63));
	SHOW(c3(A(.exit_signal = SIGCHLD), 0));
	SHOW(c3(A(.exit_signal = SIGCHLD), 4097));
	((struct args *)big)->exit_signal = SIGCHLD;
	SHOW(c3((struct args *)big, 4096));
	big[200] = 1;
	SHOW(c3((struct args *)big, 4096));
	SHOW(c3((struct args *)big, 200));
	SHOW(c3(BAD_PTR, SIZE));
	SHOW(c3(A(.exit_signal = 65), SIZE));
	SHOW(c3(A(.exit_signal = 256), SIZE));
	SHOW(c3(A(.exit_signal = 64), SIZE));
	SHOW(c3(A(.exit_signal = 0), SIZE));
	SHOW(c3(A(.flags = CLONE_DETACHED, .exit_signal = SIGCHLD), SIZE));
	SHOW(c3(A(.flags = SIGCHLD), SIZE));
	SHOW(c3(A(.flags = 1ull << 40, .exit_signal = SIGCHLD), SIZE));
	SHOW(c3(A(.flags = CLONE_PARENT, .exit_signal = SIGCHLD), SIZE));
	SHOW(c3(A(.flags = CLONE_THREAD | CLONE_SIGHAND | CLONE_VM, .exit_signal = SIGCHLD), SIZE));
	SHOW(c3(A(.flags = CLONE_SIGHAND | 0x100000000ull, .exit_signal = SIGCHLD), SIZE));
	SHOW(c3(A(.flags = CLONE_SIGHAND | CLONE_VM | 0x100000000ull, .exit_signal = SIGCHLD), SIZE));
	SHOW(c3(A(.flags = 0x100000000ull, .exit_signal = SIGCHLD), SIZE));
	SHOW(c3(A(.exit_signal = SIGCHLD, .stack = 4096), SIZE));
	SHOW(c3(A(.exit_signal = SIGCHLD, .stack_size = 4096), SIZE));
	SHOW(c3(A(.exit_signal = SIGCHLD, .stack = 1ull << 62, .stack_size = 4096), SIZE));
	SHOW(c3(A(.exit_signal = SIGCHLD, .set_tid = 16), SIZE));
	SHOW(c3(A(.exit_signal = SIGCHLD, .set_tid_size = 1), SIZE));
	SHOW(c3(A(.exit_signal = SIGCHLD, .set_tid_size = 33, .set_tid = 16), SIZE));
	SHOW(c3(A(.exit_signal = SIGCHLD, .set_tid_size = 1, .set_tid = 16), SIZE));
	SHOW(c3(A(.exit_signal = SIGCHLD, .flags = 0x200000000ull, .cgroup = 1ull << 40), SIZE));
	SHOW(c3(A(.exit_signal = SIGCHLD, .flags = 0x200000000ull, .cgroup = 900), SIZE));
	SHOW(c3(A(.exit_signal = SIGCHLD, .flags = 0x200000000ull, .cgroup = 900), 80));
	return 0;
}
