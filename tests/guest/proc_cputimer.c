/* ITIMER_VIRTUAL and ITIMER_PROF: they fire after CPU time, again with an interval, not while the process sleeps. */
/* musl */
#include <signal.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include "show.h"

static volatile int hits;

static void handler(int sig)
{
	(void)sig;
	hits++;
}

static long used(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (long)(ts.tv_sec * 1000 + ts.tv_nsec / 1000000);
}

int main(void)
{
	int kinds[] = { ITIMER_VIRTUAL, ITIMER_PROF }, sigs[] = { SIGVTALRM, SIGPROF }, status;
	struct itimerval it, zero = { { 0, 0 }, { 0, 0 } };
	long before;
	pid_t pid;

	for (int k = 0; k < 2; k++) {
		signal(sigs[k], handler);
		hits = 0;
		it = (struct itimerval){ .it_value.tv_usec = 40000 };
		before = used();
		SHOW(setitimer(kinds[k], &it, NULL));
		while (!hits)
			;
		SHOW(used() - before >= 20);
		SHOW(getitimer(kinds[k], &it));
		SHOW(it.it_value.tv_sec == 0 && it.it_value.tv_usec == 0);
		it = (struct itimerval){ .it_value.tv_usec = 10000, .it_interval.tv_usec = 20000 };
		hits = 0;
		before = used();
		SHOW(setitimer(kinds[k], &it, NULL));
		while (hits < 3)
			;
		SHOW(used() - before >= 20);
		SHOW(setitimer(kinds[k], &zero, &it));
		SHOW(it.it_interval.tv_usec / 1000);
		SHOW(it.it_value.tv_usec > 0);
		hits = 0;
		it = (struct itimerval){ .it_value.tv_usec = 20000 };
		setitimer(kinds[k], &it, NULL);
		usleep(60000);
		SHOW(hits);
		pid = fork();
		if (!pid) {
			getitimer(kinds[k], &it);
			SHOW(it.it_value.tv_usec);
			it.it_value.tv_usec = 20000;
			signal(sigs[k], SIG_DFL);
			setitimer(kinds[k], &it, NULL);
			for (;;)
				;
		}
		waitpid(pid, &status, 0);
		SHOW(status);
		setitimer(kinds[k], &zero, NULL);
	}
	it.it_value.tv_usec = 1000000;
	SHOW(setitimer(ITIMER_PROF, &it, NULL));
	SHOW(setitimer(3, &zero, NULL));
	SHOW(getitimer(3, &it));
	SHOW(getitimer(ITIMER_PROF, BAD_PTR));
	SHOW(setitimer(ITIMER_PROF, BAD_PTR, NULL));
	return 0;
}
