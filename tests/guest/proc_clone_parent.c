/* CLONE_PARENT: the child is the caller's sibling, with the caller's own exit signal. */
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include "show.h"

static volatile int got;
static volatile int *shared;

static void handler(int sig)
{
	got = sig;
}

static pid_t raw_clone(unsigned long flags)
{
	return (pid_t)syscall(SYS_clone, flags, NULL, NULL, NULL, 0);
}

int main(void)
{
	pid_t me = getpid(), child, sibling;
	int status;

	signal(SIGUSR2, handler);
	signal(SIGUSR1, handler);
	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	child = raw_clone(SIGUSR2);
	if (!child) {
		/* The low byte is not looked at. */
		sibling = raw_clone(CLONE_PARENT | SIGUSR1);
		if (!sibling) {
			shared[1] = getppid() == me;
			_exit(21);
		}
		shared[0] = sibling;
		SHOW(waitpid(sibling, &status, __WALL));
		SHOW(wait(&status));
		_exit(22);
	}
	SHOW(waitpid(child, &status, __WCLONE) == child);
	SHOW(WEXITSTATUS(status));
	got = 0;
	SHOW(waitpid(shared[0], &status, 0));
	while (waitpid(shared[0], &status, __WALL) == -1 && errno == EINTR)
		;
	SHOW(WEXITSTATUS(status));
	SHOW(shared[1]);
	SHOW(got == SIGUSR2 || got == 0);
	SHOW(waitpid(-1, &status, __WALL));
	return 0;
}
