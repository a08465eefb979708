/* Resource limits: reading, lowering, inheriting; and what happens at NOFILE, AS, DATA, STACK, CORE and CPU. */
/* musl */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include "show.h"

static void limit(int which, rlim_t soft)
{
	struct rlimit rl;

	getrlimit(which, &rl);
	rl.rlim_cur = soft;
	if (setrlimit(which, &rl))
		printf("setrlimit %d: %s\n", which, errno_name(errno));
}

static volatile int got;
static void handler(int sig)
{
	got = sig;
}

static int deep(int n)
{
	volatile char frame[4096];

	frame[0] = (char)n;
	return n ? deep(n - 1) + frame[0] : 0;
}

static void *map(size_t size)
{
	return mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void child(int how)
{
	struct rlimit rl;
	char *argv[] = { "sh", "-c", "ulimit -n", NULL }, *envp[] = { NULL };
	int fds[2];

	switch (how) {
	case 0:
		limit(RLIMIT_NOFILE, 10);
		for (int i = 3; i < 20; i++)
			close(i);
		SHOW(dup2(1, 9));
		SHOW(dup2(1, 10));
		SHOW(fcntl(1, F_DUPFD, 10));
		SHOW(fcntl(1, F_DUPFD, 9));
		close(9);
		SHOW(dup(1));
		SHOW(dup(1));
		SHOW(pipe(fds));
		SHOW(dup(1));
		SHOW(dup(1));
		SHOW(dup(1));
		SHOW(dup(1));
		SHOW(pipe(fds));
		SHOW(dup(1));
		SHOW(open("/", O_RDONLY));
		break;
	case 1: /* open descriptors above a lowered limit go on */
		dup2(1, 50);
		limit(RLIMIT_NOFILE, 20);
		SHOW(write(50, "still open\n", 11));
		SHOW(dup2(1, 50));
		SHOW(dup(50) < 20);
		break;
	case 2:
		limit(RLIMIT_AS, 200 << 20);
		SHOW(map(400 << 20) == MAP_FAILED ? errno : 0);
		SHOW(map(20 << 20) == MAP_FAILED);
		SHOW(mremap(map(4096), 4096, 400 << 20, MREMAP_MAYMOVE) == MAP_FAILED ? errno : 0);
		break;
	case 3:
		limit(RLIMIT_DATA, 20 << 20);
		SHOW(map(400 << 20) == MAP_FAILED ? errno : 0);
		SHOW(mmap(NULL, 400 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
		SHOW(map(1 << 20) == MAP_FAILED);
		break;
	case 4:
		limit(RLIMIT_STACK, 1 << 20);
		SHOW(deep(100) != 12345);
		deep(1000);
		break;
	case 5:
		limit(RLIMIT_CPU, 1);
		signal(SIGXCPU, handler);
		while (!got)
			;
		SHOW(got);
		limit(RLIMIT_CPU, RLIM_INFINITY);
		_exit(5);
	case 6: /* nothing is printed here: the limit holds for stdout, too */
		limit(RLIMIT_FSIZE, 5);
		fds[0] = open("file", O_RDWR | O_CREAT, 0600);
		if (write(fds[0], "1234567890", 10) != 5)
			_exit(1);
		write(fds[0], "x", 1);
		_exit(2);
	case 7:
		limit(RLIMIT_NOFILE, 123);
		execve("/bin/sh", argv, envp);
		break;
	case 8:
		rl.rlim_cur = rl.rlim_max = 30;
		SHOW(setrlimit(RLIMIT_NOFILE, &rl));
		rl.rlim_cur = 31;
		SHOW(setrlimit(RLIMIT_NOFILE, &rl));
		rl.rlim_cur = rl.rlim_max = 2000000000;
		SHOW(setrlimit(RLIMIT_NOFILE, &rl));
		SHOW(setrlimit(16, &rl));
		SHOW(setrlimit(-1, &rl));
		SHOW(prlimit(0, RLIMIT_NOFILE, BAD_PTR, NULL));
		SHOW(prlimit(0, RLIMIT_NOFILE, NULL, BAD_PTR));
		SHOW(prlimit(-1, RLIMIT_NOFILE, NULL, NULL));
		SHOW(prlimit(getppid(), RLIMIT_NOFILE, NULL, &rl));
		SHOW(rl.rlim_cur != 30);
		break;
	case 9:
		limit(RLIMIT_CORE, 0);
		abort();
	}
}

int main(void)
{
	int status;

	for (int how = 0; how < 10; how++) {
		pid_t pid = fork();

		if (!pid) {
			child(how);
			_exit(0);
		}
		waitpid(pid, &status, 0);
		printf("%d: status %x\n", how, status);
		fflush(stdout);
	}
	return 0;
}
