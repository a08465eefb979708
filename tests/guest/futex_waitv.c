/* futex_waitv: which of many was woken, values, time limits, shared words, errors. */
/* musl */
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include "show.h"

#define WAITV(v, n, flags, time, clock) syscall(449, v, n, flags, time, clock)
struct waitv { uint64_t val, uaddr; uint32_t flags, reserved; };
#define PRIV (2 | 128)

static uint32_t words[130];
static struct waitv v[130];

static long wake(uint32_t *w, int n, int flag)
{
	long ret = 0;

	for (int i = 0; i < 5000 && !ret; i++) {
		usleep(1000);
		ret = syscall(SYS_futex, w, FUTEX_WAKE | flag, n, NULL, NULL, 0);
	}
	return ret;
}

static void *waiter(void *arg)
{
	return (void *)(WAITV(v, (long)arg, 0, NULL, 0));
}

static void nothing(int sig) { }

int main(void)
{
	struct timespec past = { 1, 0 }, soon, bad = { 0, -1 };
	uint32_t *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_t th;
	void *ret;
	pid_t pid;

	for (int i = 0; i < 130; i++)
		v[i] = (struct waitv){ .uaddr = (uintptr_t)&words[i], .flags = PRIV };
	pthread_create(&th, NULL, waiter, (void *)128);
	printf("woke %ld\n", wake(&words[77], 1, FUTEX_PRIVATE_FLAG));
	pthread_join(th, &ret);
	printf("index %ld\n", (long)ret);
	printf("nobody left %ld\n", syscall(SYS_futex, &words[3], FUTEX_WAKE_PRIVATE, 9, NULL, NULL, 0));
	/* a wake of the other kind finds nothing */
	pthread_create(&th, NULL, waiter, (void *)3);
	usleep(20000);
	printf("as shared %ld\n", syscall(SYS_futex, &words[0], FUTEX_WAKE, 1, NULL, NULL, 0));
	printf("woke %ld\n", wake(&words[2], 1, FUTEX_PRIVATE_FLAG));
	pthread_join(th, &ret);
	printf("index %ld\n", (long)ret);
	/* shared, between processes */
	v[1] = (struct waitv){ .uaddr = (uintptr_t)shared, .flags = 2 };
	fflush(stdout);
	pid = fork();
	if (!pid)
		_exit((int)(long)waiter((void *)2) + 10);
	printf("woke %ld\n", wake(shared, 1, 0));
	{
		int status;

		waitpid(pid, &status, 0);
		printf("index %d\n", WEXITSTATUS(status) - 10);
	}
	words[2] = 5;
	SHOW(WAITV(v, 3, 0, NULL, 0));
	v[2].val = 5;
	SHOW(WAITV(v, 3, 0, &past, CLOCK_MONOTONIC));
	SHOW(WAITV(v, 3, 0, &past, CLOCK_REALTIME));
	clock_gettime(CLOCK_REALTIME, &soon);
	soon.tv_nsec += 10000000;
	if (soon.tv_nsec >= 1000000000)
		soon.tv_sec++, soon.tv_nsec -= 1000000000;
	SHOW(WAITV(v, 3, 0, &soon, CLOCK_REALTIME));
	sigaction(SIGALRM, &(struct sigaction){ .sa_handler = nothing }, NULL);
	ualarm(20000, 0);
	SHOW(WAITV(v, 3, 0, NULL, 0));
	SHOW(WAITV(v, 0, 0, NULL, 0));
	SHOW(WAITV(v, 129, 0, NULL, 0));
	SHOW(WAITV(NULL, 1, 0, NULL, 0));
	SHOW(WAITV(BAD_PTR, 1, 0, NULL, 0));
	SHOW(WAITV(v, 1, 1, NULL, 0));
	SHOW(WAITV(v, 1, 0, &past, CLOCK_BOOTTIME));
	SHOW(WAITV(v, 1, 0, &bad, CLOCK_MONOTONIC));
	SHOW(WAITV(v, 1, 0, BAD_PTR, CLOCK_MONOTONIC));
	v[0].flags = 1;
	SHOW(WAITV(v, 1, 0, NULL, 0));
	v[0].flags = 0x1000 | PRIV;
	SHOW(WAITV(v, 1, 0, NULL, 0));
	v[0].flags = PRIV;
	v[0].reserved = 1;
	SHOW(WAITV(v, 1, 0, NULL, 0));
	v[0].reserved = 0;
	v[0].val = 1ull << 32;
	SHOW(WAITV(v, 1, 0, NULL, 0));
	v[0].val = 0;
	v[0].uaddr++;
	SHOW(WAITV(v, 1, 0, NULL, 0));
	v[0].uaddr = 16;
	SHOW(WAITV(v, 1, 0, NULL, 0));
	return 0;
}
