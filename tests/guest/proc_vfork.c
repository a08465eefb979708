/* vfork: the parent stands still until its child has ended or is another program; the memory is shared, descriptors are
 * copied. */
/* musl */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include "show.h"

static volatile int order, child_was, parent_was, execs;
static char stack[65536] __attribute__((aligned(16)));

static int child(void *arg)
{
	int how = (int)(long)arg;
	char *const argv[] = { "sh", "-c", "exit 5", NULL }, *const envp[] = { NULL };

	usleep(30000);
	child_was = ++order;
	close(1000);
	if (how == 0)
		_exit(3);
	if (how == 1)
		execve("/bin/sh", argv, envp);
	if (how == 2) {
		execs = execve("/nothing", argv, envp);
		_exit(4);
	}
	if (how == 3)
		kill(getpid(), SIGKILL);
	return 6;
}

static void run(int how, int flags)
{
	int status = 0, fd = dup2(1, 1000);
	pid_t pid;

	order = 0;
	pid = clone(child, stack + sizeof(stack), flags | SIGCHLD, (void *)(long)how);
	parent_was = ++order;
	waitpid(pid, &status, 0);
	if (WIFEXITED(status))
		printf("how %d: child %d, parent %d, exit %d", how, child_was, parent_was, WEXITSTATUS(status));
	else
		printf("how %d: child %d, parent %d, signal %d", how, child_was, parent_was, WTERMSIG(status));
	printf(", descriptor %s\n", fcntl(fd, F_GETFD) == -1 ? "closed" : "open");
}

int main(void)
{
	struct sigaction sa;
	pid_t pid;
	int status;

	for (int how = 0; how < 5; how++)
		run(how, CLONE_VFORK | CLONE_VM);
	/* With copied memory the parent does not see the order. */
	order = child_was = 0;
	run(0, CLONE_VFORK);
	run(0, CLONE_VFORK | CLONE_VM | CLONE_FILES);
	run(1, CLONE_VFORK | CLONE_VM | CLONE_FILES);
	pid = vfork();
	if (!pid) {
		order = 77;
		_exit(9);
	}
	SHOW(order);
	SHOW(waitpid(pid, &status, 0) == pid);
	SHOW(WEXITSTATUS(status));
	/* Handlers are copied, as CLONE_SIGHAND is not asked for. */
	pid = vfork();
	if (!pid) {
		signal(SIGUSR1, SIG_IGN);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	sigaction(SIGUSR1, NULL, &sa);
	SHOW(sa.sa_handler == SIG_DFL);
	return 0;
}
