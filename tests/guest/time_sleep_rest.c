/* What is left of a sleep: by a handler, after a stop, with absolute times; huge and odd values. */
/* musl */
#include <signal.h>
#include <stdlib.h>
#include <sys/select.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include "show.h"

static void nothing(int sig) { }

static double since(const struct timespec *a)
{
	struct timespec b;

	clock_gettime(CLOCK_MONOTONIC, &b);
	return b.tv_sec - a->tv_sec + (b.tv_nsec - a->tv_nsec) / 1e9;
}

int main(void)
{
	static const int clocks[] = { CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME, CLOCK_TAI };
	struct timespec rq, rem, start, huge = { 0x7fffffffffffffff, 999999999 };
	struct sigaction sa = { .sa_handler = nothing, .sa_flags = SA_RESTART };
	pid_t pid;
	int status;

	sigaction(SIGALRM, &sa, NULL);
	for (int i = 0; i < 4; i++) {
		rq = (struct timespec){ 50, 0 };
		rem = (struct timespec){ 7, 7 };
		ualarm(20000, 0);
		printf("clock %d: %s", clocks[i], errno_name(clock_nanosleep(clocks[i], 0, &rq, &rem)));
		printf(", left %d\n", rem.tv_sec == 49);
		clock_gettime(clocks[i], &rq);
		rq.tv_sec += 50;
		rem = (struct timespec){ 7, 7 };
		ualarm(20000, 0);
		printf("absolute: %s", errno_name(clock_nanosleep(clocks[i], TIMER_ABSTIME, &rq, &rem)));
		printf(", untouched %d\n", rem.tv_sec == 7 && rem.tv_nsec == 7);
	}
	ualarm(20000, 0);
	SHOW(nanosleep(&huge, &rem));
	printf("left much %d\n", rem.tv_sec > 1000000000);
	ualarm(20000, 0);
	SHOW(nanosleep(&huge, BAD_PTR)); /* the rest has nowhere to go */
	rq = (struct timespec){ 0, 0 };
	SHOW(nanosleep(&rq, NULL));
	rq.tv_nsec = 999999999;
	rq.tv_sec = -1;
	SHOW(nanosleep(&rq, NULL));
	rq = (struct timespec){ 0, 1000000000 };
	SHOW(nanosleep(&rq, NULL));
	SHOW(nanosleep(BAD_PTR, NULL));
	/* the same object for both */
	rq = (struct timespec){ 50, 0 };
	ualarm(20000, 0);
	SHOW(nanosleep(&rq, &rq));
	printf("left %d\n", rq.tv_sec == 49);
	/* a stop does not shorten it, nor does it start anew */
	fflush(stdout);
	clock_gettime(CLOCK_MONOTONIC, &start);
	pid = fork();
	if (!pid) {
		rq = (struct timespec){ 0, 400000000 };
		SHOW(nanosleep(&rq, NULL));
		printf("slept %d\n", since(&start) >= 0.4);
		fflush(stdout);
		_exit(0);
	}
	for (int i = 0; i < 3; i++) {
		usleep(50000);
		kill(pid, SIGSTOP);
		waitpid(pid, &status, WUNTRACED);
		usleep(50000);
		kill(pid, SIGCONT);
	}
	waitpid(pid, &status, 0);
	/* the shortest waits do wait */
	for (int i = 0; i < 3; i++) {
		clock_gettime(CLOCK_MONOTONIC, &start);
		rq = (struct timespec){ 0, 2000000 };
		if (i == 0)
			nanosleep(&rq, NULL);
		else if (i == 1)
			select(0, NULL, NULL, NULL, &(struct timeval){ 0, 2000 });
		else
			usleep(2000);
		printf("at least 2 ms %d\n", since(&start) >= 0.002);
	}
	return 0;
}
