/* Clocks never go back: over threads, calls and the vDSO, fork, sleeps; coarse ones behind fine ones; CPU clocks only grow. */
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include "show.h"

static volatile int64_t *last;
static volatile int back, stop;

static int64_t now(int clock, int by_call)
{
	struct timespec ts;

	if (by_call)
		syscall(SYS_clock_gettime, clock, &ts);
	else
		clock_gettime(clock, &ts);
	return ts.tv_sec * 1000000000ll + ts.tv_nsec;
}

static void *reader(void *arg)
{
	for (int i = 0; i < 20000; i++) {
		int64_t seen = __atomic_load_n(last, __ATOMIC_SEQ_CST), t = now(CLOCK_MONOTONIC, (long)arg);

		if (t < seen)
			back++;
		while (t > seen && !__atomic_compare_exchange_n(last, &seen, t, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
			;
	}
	return NULL;
}

int main(void)
{
	static const int clocks[] = { CLOCK_MONOTONIC, CLOCK_MONOTONIC_RAW, CLOCK_BOOTTIME, CLOCK_MONOTONIC_COARSE,
		CLOCK_PROCESS_CPUTIME_ID, CLOCK_THREAD_CPUTIME_ID };
	pthread_t th[3];
	int64_t a, b;
	int status;

	last = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	for (long i = 0; i < 3; i++)
		pthread_create(&th[i], NULL, reader, (void *)(i & 1));
	for (int i = 0; i < 3; i++)
		pthread_join(th[i], NULL);
	printf("back over threads: %d\n", back);
	fflush(stdout);
	for (int i = 0; i < 5; i++) {
		pid_t pid = fork();

		if (!pid) {
			reader((void *)(long)(i & 1));
			_exit(back);
		}
		waitpid(pid, &status, 0);
		printf("in a child: %d\n", WEXITSTATUS(status));
	}
	for (unsigned c = 0; c < sizeof(clocks) / sizeof(clocks[0]); c++) {
		int wrong = 0;

		a = now(clocks[c], 1);
		for (int i = 0; i < 3000; i++) {
			b = now(clocks[c], i & 1);

			wrong += b < a;
			a = b;
		}
		printf("clock %d back: %d\n", clocks[c], wrong);
	}
	a = now(CLOCK_MONOTONIC, 1);
	usleep(30000);
	b = now(CLOCK_MONOTONIC, 1);
	printf("slept enough %d\n", b - a >= 30000000);
	a = now(CLOCK_REALTIME, 1) - now(CLOCK_MONOTONIC, 1);
	usleep(20000);
	b = now(CLOCK_REALTIME, 1) - now(CLOCK_MONOTONIC, 1);
	printf("in step %d\n", b - a < 5000000000 && a - b < 5000000000);
	printf("coarse behind fine: %d\n", now(CLOCK_MONOTONIC_COARSE, 1) <= now(CLOCK_MONOTONIC, 1));
	return 0;
}
