/* close_range, dup2 and dup3, the lowest free number, close-on-exec, a table that is shared and one that is not. */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "show.h"

static void open_fds(const char *what)
{
	printf("%s:", what);
	for (int i = 3; i < 40; i++)
		if (fcntl(i, F_GETFD) >= 0)
			printf(" %d%s", i, fcntl(i, F_GETFD) ? "c" : "");
	printf("\n");
	fflush(stdout);
}

static void *closer(void *arg)
{
	(void)arg;
	syscall(SYS_close_range, 3, 5, 2 /* CLOSE_RANGE_UNSHARE */);
	open_fds("thread after unshare");
	return NULL;
}

int main(void)
{
	struct rlimit rl = { 20, 20 };
	pthread_t t;

	syscall(SYS_close_range, 3, ~0u, 0);
	for (int i = 0; i < 10; i++)
		open("/dev/null", O_RDONLY);
	open_fds("ten");
	SHOW(syscall(SYS_close_range, 5, 7, 0));
	open_fds("without 5 to 7");
	SHOW(open("/dev/null", O_RDONLY));
	SHOW(dup(3));
	SHOW(dup2(3, 30));
	SHOW(dup2(3, 3));
	SHOW(dup3(3, 31, O_CLOEXEC));
	SHOW(dup3(3, 3, 0));
	SHOW(dup3(3, 32, O_APPEND));
	SHOW(dup2(29, 33));
	SHOW(dup2(3, -1));
	SHOW(dup2(3, 1 << 30));
	SHOW(dup(29));
	open_fds("dups");
	SHOW(syscall(SYS_close_range, 8, 100000, 4 /* CLOSE_RANGE_CLOEXEC */));
	open_fds("cloexec from 8");
	SHOW(syscall(SYS_close_range, 9, 8, 0));
	SHOW(syscall(SYS_close_range, 3, 8, 1));
	SHOW(syscall(SYS_close_range, 1000, ~0u, 0));
	pthread_create(&t, NULL, closer, NULL);
	pthread_join(t, NULL);
	open_fds("main");
	SHOW(close(3));
	SHOW(close(3));
	SHOW(close(-1));
	SHOW(syscall(SYS_close_range, 3, ~0u, 0));
	open_fds("none");
	setrlimit(RLIMIT_NOFILE, &rl);
	int n = 0;
	while (open("/dev/null", O_RDONLY) >= 0)
		n++;
	SHOW(n);
	SHOW(open("/dev/null", O_RDONLY));
	SHOW(dup(3));
	SHOW(dup2(3, 20));
	SHOW(fcntl(3, F_DUPFD, 20));
	SHOW(fcntl(3, F_DUPFD, 19));
	return 0;
}
