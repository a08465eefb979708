/* set_tid_address and the word that a thread's or a process's end clears; which ends do, and which do not. */
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include "show.h"

static char stack[65536] __attribute__((aligned(16)));
static volatile int *shared, word;

static int vm_child(void *arg)
{
	if (arg)
		raise(SIGKILL);
	return 0;
}

int main(void)
{
	int status;
	pid_t pid;

	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	SHOW(syscall(SYS_set_tid_address, NULL) == getpid());
	SHOW(syscall(SYS_set_tid_address, BAD_PTR) == getpid());
	/* The last user of the memory clears nothing. */
	shared[0] = 5;
	pid = fork();
	if (!pid) {
		syscall(SYS_set_tid_address, &shared[0]);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	SHOW(shared[0]);
	/* A bad address in a child that shares the memory: no one is hurt. */
	for (int i = 0; i < 3; i++) {
		volatile int *where = i == 0 ? &word : i == 1 ? BAD_PTR : (int *)((char *)&word + 1);

		word = 9;
		pid = clone(vm_child, stack + sizeof(stack), CLONE_VM | CLONE_CHILD_CLEARTID | SIGCHLD, NULL, NULL, NULL,
			where);
		SHOW(waitpid(pid, &status, 0) == pid);
		SHOW(status);
		SHOW(word == 9 || word == 0);
		SHOW(i == 0 ? word : 0);
	}
	/* killed */
	word = 9;
	pid = clone(vm_child, stack + sizeof(stack), CLONE_VM | CLONE_CHILD_CLEARTID | SIGCHLD, (void *)1, NULL, NULL, &word);
	SHOW(waitpid(pid, &status, 0) == pid);
	SHOW(word);
	/* SETTID in parent and child; a copy has it only in its own memory */
	word = 0;
	pid = (pid_t)syscall(SYS_clone, CLONE_CHILD_SETTID | SIGCHLD, NULL, NULL, &word, 0);
	if (!pid)
		_exit(word == getpid());
	waitpid(pid, &status, 0);
	SHOW(WEXITSTATUS(status));
	SHOW(word);
	pid = (pid_t)syscall(SYS_clone, CLONE_PARENT_SETTID | SIGCHLD, NULL, &word, NULL, 0);
	if (!pid)
		_exit(word);
	waitpid(pid, &status, 0);
	SHOW(WEXITSTATUS(status));
	SHOW(word == pid);
	pid = (pid_t)syscall(SYS_clone, CLONE_PARENT_SETTID | CLONE_CHILD_SETTID | SIGCHLD, NULL, BAD_PTR, BAD_PTR, 0);
	if (!pid)
		_exit(6);
	waitpid(pid, &status, 0);
	SHOW(WEXITSTATUS(status));
	return 0;
}
