/* What a child of fork has of its parent: copies of memory, shared file offsets, its own pid, no pending signals, no
 * alarm, no clear_child_tid; and a chain and a fan of children. */
/* musl */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/time.h>
#include <sys/wait.h>
#include "show.h"

static int data = 1;
static int bss;

static int wait_code(pid_t pid)
{
	int status = -1;

	if (waitpid(pid, &status, 0) != pid)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

/* The depth that the chain reached. */
static int chain(int depth)
{
	pid_t parent = getpid(), pid;

	if (!depth)
		return 0;
	pid = fork();
	if (!pid)
		_exit(getppid() == parent ? chain(depth - 1) : 99);
	return wait_code(pid) + 1;
}

int main(void)
{
	struct itimerval timer = { .it_value.tv_sec = 1000 };
	int *heap = malloc(sizeof(*heap)), fd, stack = 7, sum = 0, status;
	pid_t pid, me = getpid(), group = getpgrp(), session = getsid(0);
	sigset_t set;
	char c;

	*heap = 3;
	fd = open("file", O_RDWR | O_CREAT | O_TRUNC, 0600);
	write(fd, "abcdef", 6);
	lseek(fd, 0, SEEK_SET);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	raise(SIGUSR1);
	setitimer(ITIMER_REAL, &timer, NULL);
	pid = fork();
	if (!pid) {
		SHOW(getppid() == me && getpid() != me && getpid() == syscall(SYS_gettid));
		SHOW(getpgrp() == group && getsid(0) == session);
		sigpending(&set);
		SHOW(sigismember(&set, SIGUSR1));
		sigprocmask(SIG_BLOCK, NULL, &set);
		SHOW(sigismember(&set, SIGUSR1));
		getitimer(ITIMER_REAL, &timer);
		SHOW(timer.it_value.tv_sec);
		data = bss = *heap = stack = 100;
		read(fd, &c, 1);
		SHOW(c);
		close(fd);
		_exit(42);
	}
	SHOW(wait_code(pid));
	SHOW(data + bss + *heap + stack);
	SHOW(read(fd, &c, 1));
	SHOW(c);
	sigpending(&set);
	SHOW(sigismember(&set, SIGUSR1));
	getitimer(ITIMER_REAL, &timer);
	SHOW(timer.it_value.tv_sec > 900);
	SHOW(chain(12));
	for (int i = 0; i < 40; i++) {
		pid = fork();
		if (!pid)
			_exit(i);
	}
	for (int i = 0; i < 40; i++) {
		if (wait(&status) < 0)
			break;
		sum += WEXITSTATUS(status);
	}
	SHOW(sum);
	SHOW(wait(&status));
	/* A child's writes after its parent has gone on. */
	for (int i = 0; i < 20; i++) {
		data = i;
		pid = fork();
		if (!pid) {
			for (int k = 0; k < 1000; k++)
				data += k;
			_exit(data == i + 499500 ? 0 : 1);
		}
		data = -1;
		status = wait_code(pid);
		if (status || data != -1)
			printf("round %d: %d\n", i, status);
	}
	return 0;
}
