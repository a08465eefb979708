/* What is used: by threads, by processes, and by children only once they have been waited for. */
/* musl */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include "show.h"

static long us(const struct timeval *tv) { return tv->tv_sec * 1000000 + tv->tv_usec; }

static void burn(long want) /* microseconds of user time */
{
	struct rusage r;

	do {
		for (volatile int i = 0; i < 100000; i++)
			;
		getrusage(RUSAGE_SELF, &r);
	} while (us(&r.ru_utime) < want);
}

static long children(void)
{
	struct rusage r;

	getrusage(RUSAGE_CHILDREN, &r);
	return us(&r.ru_utime);
}

static struct rusage self(int who)
{
	struct rusage r;

	memset(&r, 0xff, sizeof(r));
	getrusage(who, &r);
	return r;
}

int main(void)
{
	struct timespec moment = { 0, 1000000 };
	struct rusage r, before;
	long n;
	pid_t pid;
	char *p;

	SHOW(children());
	/* waited for */
	pid = fork();
	if (!pid) {
		burn(30000);
		_exit(0);
	}
	SHOW(wait4(pid, NULL, 0, &r) == pid);
	SHOW(us(&r.ru_utime) >= 25000);
	n = children();
	SHOW(n >= 25000);
	/* a grandchild counts when its parent waited for it */
	pid = fork();
	if (!pid) {
		if (!fork()) {
			burn(30000);
			_exit(0);
		}
		wait(NULL);
		_exit(0);
	}
	SHOW(wait4(pid, NULL, 0, &r) == pid);
	SHOW(us(&r.ru_utime) >= 25000);
	SHOW(children() - n >= 25000);
	n = children();
	/* nobody waits: not counted */
	signal(SIGCHLD, SIG_IGN);
	pid = fork();
	if (!pid) {
		burn(30000);
		_exit(0);
	}
	SHOW(wait(NULL));
	SHOW(children() == n);
	signal(SIGCHLD, SIG_DFL);
	/* the largest child's memory */
	pid = fork();
	if (!pid) {
		p = mmap(NULL, 32 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		memset(p, 1, 32 << 20);
		_exit(0);
	}
	SHOW(wait4(pid, NULL, 0, &r) == pid);
	/* (32 MiB; Linux counts pages by the batch on each CPU) */
	SHOW(r.ru_maxrss >= 31 << 10 && r.ru_maxrss < 64 << 10);
	SHOW(self(RUSAGE_CHILDREN).ru_maxrss >= 31 << 10);
	SHOW(self(RUSAGE_SELF).ru_maxrss < 32 << 10);
	SHOW(r.ru_minflt > 0);
	/* sleeping is giving the CPU up; calls are time in the kernel */
	before = self(RUSAGE_THREAD);
	for (int i = 0; i < 5; i++)
		nanosleep(&moment, NULL);
	SHOW(self(RUSAGE_THREAD).ru_nvcsw - before.ru_nvcsw >= 5);
	before = self(RUSAGE_SELF);
	p = malloc(1 << 20);
	do {
		for (int i = 0; i < 20; i++)
			syscall(SYS_getrandom, p, 1 << 18, 0);
		r = self(RUSAGE_SELF);
	} while (us(&r.ru_stime) - us(&before.ru_stime) < 30000);
	SHOW(us(&r.ru_stime) > us(&before.ru_stime));
	SHOW(getrusage(7, &r));
	SHOW(getrusage(-2, &r));
	SHOW(getrusage(RUSAGE_SELF, BAD_PTR));
	return 0;
}
