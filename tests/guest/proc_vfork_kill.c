/* The parent of a vfork child dies while it stands still: the child lives on in the shared memory. */
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include "show.h"

static volatile int *shared;
static char stack[65536] __attribute__((aligned(16)));

static int child(void *arg)
{
	(void)arg;
	shared[0] = getpid();
	while (!shared[1])
		usleep(1000);
	shared[2] = 1;
	_exit(12);
}

int main(void)
{
	int status;
	pid_t pid;

	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	for (int sig = SIGKILL; sig; sig = sig == SIGKILL ? SIGTERM : 0) {
		shared[0] = shared[1] = shared[2] = 0;
		pid = fork();
		if (!pid) {
			clone(child, stack + sizeof(stack), CLONE_VM | CLONE_VFORK | SIGCHLD, NULL);
			_exit(1);
		}
		while (!shared[0])
			usleep(1000);
		SHOW(kill(pid, sig));
		if (sig == SIGTERM)
			usleep(20000);
		SHOW(waitpid(pid, &status, 0) == pid);
		SHOW(WIFSIGNALED(status) ? WTERMSIG(status) : -1);
		SHOW(shared[2]);
		shared[1] = 1;
		SHOW(wait(&status) == shared[0]);
		SHOW(WEXITSTATUS(status));
		SHOW(shared[2]);
	}
	/* A signal with a handler waits until the child is done. */
	return 0;
}
