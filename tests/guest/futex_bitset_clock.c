/* FUTEX_WAIT_BITSET: masks, absolute times on both clocks, in the past and soon; FUTEX_WAIT's relative ones; restarts of both. */
/* musl */
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/wait.h>
#include <time.h>
#include "show.h"

#define FUTEX(op, val, time, val3) syscall(SYS_futex, &word, (op) | FUTEX_PRIVATE_FLAG, val, time, NULL, val3)

static uint32_t word;
static volatile int started, woken;

static void nothing(int sig) { }

static void *waiter(void *arg)
{
	__atomic_add_fetch(&started, 1, __ATOMIC_SEQ_CST);
	FUTEX(FUTEX_WAIT_BITSET, 0, NULL, (uint32_t)(uintptr_t)arg);
	__atomic_add_fetch(&woken, 1, __ATOMIC_SEQ_CST);
	return NULL;
}

static struct timespec in_ms(int clock, long ms)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	ts.tv_nsec += ms * 1000000;
	ts.tv_sec += ts.tv_nsec / 1000000000;
	ts.tv_nsec %= 1000000000;
	return ts;
}

int main(void)
{
	struct timespec past = { 1, 0 }, zero = { 0, 0 }, bad = { 0, 1000000000 }, negative = { -1, 0 }, ts, start, end;
	pthread_t th[4];
	pid_t pid;

	for (long i = 0; i < 4; i++) {
		pthread_create(&th[i], NULL, waiter, (void *)(1l << i | 0x100));
		while (started <= i)
			usleep(500);
	}
	usleep(30000);
	SHOW(FUTEX(FUTEX_WAKE_BITSET, 10, NULL, 0x1000));
	SHOW(FUTEX(FUTEX_WAKE_BITSET, 10, NULL, 4));
	SHOW(FUTEX(FUTEX_WAKE_BITSET, 10, NULL, 0));
	SHOW(FUTEX(FUTEX_WAKE_BITSET, 1, NULL, 0x100));
	SHOW(FUTEX(FUTEX_WAKE, 10, NULL, 0));
	for (int i = 0; i < 4; i++)
		pthread_join(th[i], NULL);
	printf("woken %d\n", woken);
	SHOW(FUTEX(FUTEX_WAIT_BITSET, 0, NULL, 0));
	SHOW(FUTEX(FUTEX_WAIT_BITSET, 1, NULL, ~0u));
	SHOW(FUTEX(FUTEX_WAIT_BITSET, 0, &past, ~0u));
	SHOW(FUTEX(FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 0, &past, ~0u));
	SHOW(FUTEX(FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 0, &zero, ~0u));
	SHOW(FUTEX(FUTEX_WAIT, 0, &zero, 0));
	SHOW(FUTEX(FUTEX_WAIT | FUTEX_CLOCK_REALTIME, 0, &zero, 0));
	SHOW(FUTEX(FUTEX_WAIT_BITSET, 0, &bad, ~0u));
	SHOW(FUTEX(FUTEX_WAIT, 0, &negative, 0));
	SHOW(FUTEX(FUTEX_WAIT, 1, &bad, 0)); /* the time is looked at first */
	for (int i = 0; i < 3; i++) {
		clock_gettime(CLOCK_MONOTONIC, &start);
		ts = i == 2 ? (struct timespec){ 0, 20000000 } : in_ms(i ? CLOCK_REALTIME : CLOCK_MONOTONIC, 20);
		SHOW(i == 2 ? FUTEX(FUTEX_WAIT, 0, &ts, 0) : FUTEX(FUTEX_WAIT_BITSET | (i ? FUTEX_CLOCK_REALTIME : 0), 0, &ts, 1));
		clock_gettime(CLOCK_MONOTONIC, &end);
		printf("long enough %d\n", (end.tv_sec - start.tv_sec) * 1000000000l + end.tv_nsec - start.tv_nsec >= 19000000);
	}
	/* a handler ends a wait with a time limit, SA_RESTART or not; one without is restarted */
	sigaction(SIGALRM, &(struct sigaction){ .sa_handler = nothing, .sa_flags = SA_RESTART }, NULL);
	ts = (struct timespec){ 20, 0 };
	ualarm(10000, 0);
	SHOW(FUTEX(FUTEX_WAIT, 0, &ts, 0));
	ts = in_ms(CLOCK_MONOTONIC, 20000);
	ualarm(10000, 0);
	SHOW(FUTEX(FUTEX_WAIT_BITSET, 0, &ts, 1));
	/* a stop does not: what is left of the time is waited for */
	fflush(stdout);
	clock_gettime(CLOCK_MONOTONIC, &start);
	pid = fork();
	if (!pid) {
		ts = (struct timespec){ 0, 200000000 };
		SHOW(FUTEX(FUTEX_WAIT, 0, &ts, 0));
		clock_gettime(CLOCK_MONOTONIC, &end);
		printf("long enough %d, not twice %d\n", (end.tv_sec - start.tv_sec) * 1000 + (end.tv_nsec - start.tv_nsec) / 1000000 >= 199,
			end.tv_sec - start.tv_sec < 5);
		fflush(stdout);
		_exit(0);
	}
	for (int i = 0; i < 2; i++) {
		usleep(30000);
		kill(pid, SIGSTOP);
		waitpid(pid, NULL, WUNTRACED);
		kill(pid, SIGCONT);
	}
	waitpid(pid, NULL, 0);
	return 0;
}
