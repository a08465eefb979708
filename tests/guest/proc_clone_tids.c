/* The words that clone writes: the child's number to parent and child, cleared at the end with a wake-up; the TLS base; the
 * exit signal; and shared memory, files and directories. */
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include "show.h"

static char stack[65536] __attribute__((aligned(16)));
static volatile int parent_tid, child_tid, seen, value;
static volatile sig_atomic_t signalled;

static int child(void *arg)
{
	(void)arg;
	seen = child_tid == syscall(SYS_gettid);
	value = 42;
	syscall(SYS_exit, 9);
	return 0;
}

static void handler(int sig) { signalled = sig; }

int main(void)
{
	int status, flags = CLONE_PARENT_SETTID | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID;
	pid_t pid;

	/* sharing memory: the word is cleared at the end */
	child_tid = -1;
	pid = clone(child, stack + sizeof(stack), CLONE_VM | flags | SIGCHLD, NULL, &parent_tid, NULL, &child_tid);
	SHOW(parent_tid == pid);
	while (child_tid)
		syscall(SYS_futex, &child_tid, FUTEX_WAIT, pid, NULL, NULL, 0);
	SHOW(child_tid);
	SHOW(seen);
	SHOW(value);
	SHOW(waitpid(pid, &status, 0) == pid);
	SHOW(WEXITSTATUS(status));
	/* a copy: the child's word is its own */
	parent_tid = child_tid = seen = value = 0;
	pid = clone(child, stack + sizeof(stack), flags | SIGCHLD, NULL, &parent_tid, NULL, &child_tid);
	SHOW(parent_tid == pid);
	SHOW(waitpid(pid, &status, 0) == pid);
	SHOW(child_tid == 0 && seen == 0 && value == 0);
	/* bad addresses are nobody's error */
	pid = (pid_t)syscall(SYS_clone, flags | SIGCHLD, 0, BAD_PTR, BAD_PTR, 0);
	if (!pid)
		_exit(5);
	SHOW(pid > 0);
	SHOW(waitpid(pid, &status, 0) == pid);
	SHOW(WEXITSTATUS(status));
	/* exit signals */
	signal(SIGUSR1, handler);
	pid = clone(child, stack + sizeof(stack), SIGUSR1, NULL);
	SHOW(waitpid(pid, &status, __WCLONE) == pid);
	SHOW(signalled == SIGUSR1);
	/* the reserved bits of clone's flags that mean nothing now */
	pid = (pid_t)syscall(SYS_clone, 0x00400000 | SIGCHLD, 0, NULL, NULL, 0); /* CLONE_DETACHED */
	if (!pid)
		_exit(6);
	SHOW(waitpid(pid, &status, 0) == pid);
	/* errors */
	SHOW(syscall(SYS_clone, CLONE_THREAD | SIGCHLD, 0, NULL, NULL, 0));
	SHOW(syscall(SYS_clone, CLONE_SIGHAND | SIGCHLD, 0, NULL, NULL, 0));
	SHOW(syscall(SYS_clone, CLONE_THREAD | CLONE_SIGHAND | SIGCHLD, 0, NULL, NULL, 0));
	SHOW(syscall(SYS_clone, CLONE_FS | CLONE_NEWNS | SIGCHLD, 0, NULL, NULL, 0));
	SHOW(syscall(SYS_clone, CLONE_FS | CLONE_NEWUSER | SIGCHLD, 0, NULL, NULL, 0));
	SHOW(syscall(SYS_clone, CLONE_SETTLS | SIGCHLD, 0, NULL, NULL, 1ul << 63));
	return 0;
}
