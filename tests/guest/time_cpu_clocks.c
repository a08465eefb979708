/* Clocks of CPU time by number, sleeping on them, and timers on them. */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include "show.h"

static volatile sig_atomic_t fired, stop;

static void handler(int sig) { fired++; }
static void nothing(int sig) { }

static long long now(clockid_t id)
{
	struct timespec ts;

	return clock_gettime(id, &ts) ? -1 : ts.tv_sec * 1000000000ll + ts.tv_nsec;
}

static void *burn(void *arg)
{
	while (!stop)
		;
	return NULL;
}

static void burn_until(volatile sig_atomic_t *what, int n)
{
	long long end = now(CLOCK_MONOTONIC) + 8000000000ll;

	while (*what < n && now(CLOCK_MONOTONIC) < end)
		;
}

int main(void)
{
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
	struct itimerspec its = { { 0, 10000000 }, { 0, 10000000 } }, once = { { 0, 0 }, { 0, 20000000 } }, left;
	struct timespec some = { 0, 20000000 }, rem = { 7, 7 };
	pthread_t th;
	clockid_t pclock, tclock, other;
	long long before;
	timer_t t;
	pid_t pid;

	SHOW(clock_getcpuclockid(0, &pclock));
	SHOW(pthread_getcpuclockid(pthread_self(), &tclock));
	printf("process by number agrees: %d\n", llabs(now(pclock) - now(CLOCK_PROCESS_CPUTIME_ID)) < 500000000);
	printf("thread by number agrees: %d\n", llabs(now(tclock) - now(CLOCK_THREAD_CPUTIME_ID)) < 500000000);
	printf("kinds: prof %d virt %d\n", now(~0u << 3 | 0) >= 0, now(~0u << 3 | 1) >= 0);
	printf("descriptor kind: %lld\n", now(~0u << 3 | 3));
	printf("of init's thread: %lld\n", now(~1u << 3 | 4 | 2));

	/* a sibling burns: the process's clock wakes the sleeper */
	pthread_create(&th, NULL, burn, NULL);
	before = now(CLOCK_PROCESS_CPUTIME_ID);
	SHOW(clock_nanosleep(CLOCK_PROCESS_CPUTIME_ID, 0, &some, &rem));
	printf("slept on CPU time: %d\n", now(CLOCK_PROCESS_CPUTIME_ID) - before >= 20000000);
	before = now(CLOCK_PROCESS_CPUTIME_ID) + 20000000;
	SHOW(clock_nanosleep(CLOCK_PROCESS_CPUTIME_ID, TIMER_ABSTIME,
		&(struct timespec){ before / 1000000000, before % 1000000000 }, NULL));
	printf("absolute: %d\n", now(CLOCK_PROCESS_CPUTIME_ID) >= before);
	pthread_getcpuclockid(th, &other);
	before = now(other);
	SHOW(clock_nanosleep(other, 0, &some, NULL));
	printf("on a sibling's: %d\n", now(other) - before >= 20000000);
	stop = 1;
	pthread_join(th, NULL);
	/* nobody burns: a signal ends the sleep, with most of it left */
	sigaction(SIGALRM, &(struct sigaction){ .sa_handler = nothing }, NULL);
	ualarm(30000, 0);
	some.tv_sec = 5;
	printf("interrupted: %s, left %d\n", errno_name(clock_nanosleep(CLOCK_PROCESS_CPUTIME_ID, 0, &some, &rem)), rem.tv_sec >= 4);

	signal(SIGUSR1, handler);
	SHOW(timer_create(CLOCK_THREAD_CPUTIME_ID, &ev, &t));
	SHOW(timer_settime(t, 0, &its, NULL));
	burn_until(&fired, 3);
	printf("fired %d\n", fired >= 3);
	SHOW(timer_delete(t));
	SHOW(timer_create(CLOCK_PROCESS_CPUTIME_ID, &ev, &t));
	SHOW(timer_settime(t, 0, &once, NULL));
	SHOW(timer_gettime(t, &left));
	printf("left %d\n", left.it_value.tv_nsec > 0 && left.it_value.tv_nsec <= 20000000);
	usleep(40000);
	fired = 0;
	burn_until(&fired, 1);
	printf("fired %d\n", fired);
	SHOW(timer_gettime(t, &left));
	printf("left %ld\n", left.it_value.tv_nsec);
	SHOW(timer_delete(t));

	/* a child's clock; when it has gone there is nothing to set */
	pid = fork();
	if (!pid)
		for (;;)
			;
	clock_getcpuclockid(pid, &other);
	SHOW(timer_create(other, &ev, &t));
	fired = 0;
	SHOW(timer_settime(t, 0, &once, NULL));
	for (int i = 0; i < 8000 && !fired; i++)
		usleep(1000);
	printf("by the child's time: %d\n", fired);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	SHOW(timer_settime(t, 0, &once, NULL));
	printf("its clock: %lld %s\n", now(other), errno_name(errno));
	SHOW(clock_getcpuclockid(pid, &other) == ESRCH);
	return 0;
}
