/* personality(2), STICKY_TIMEOUTS: select, pselect and ppoll leave the time as it was, and a signal whose handler restarts calls
 * ends them all the same. */
/* musl */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/personality.h>
#include <sys/select.h>
#include <sys/time.h>

#include "show.h"

static void on_alarm(int sig) { (void)sig; }

static long raw_select(struct timeval *tv) { return syscall(SYS_select, 0, NULL, NULL, NULL, tv); }
static long raw_pselect(struct timespec *ts) { return syscall(SYS_pselect6, 0, NULL, NULL, NULL, ts, NULL); }
static long raw_ppoll(struct timespec *ts) { return syscall(SYS_ppoll, NULL, 0, ts, NULL, 0); }

static void all(const char *name)
{
	struct itimerval soon = { { 0, 0 }, { 0, 20000 } };
	struct timeval tv = { 0, 10000 };
	struct timespec ts = { 0, 10000000 }, ts2 = { 0, 10000000 };

	printf("-- %s\n", name);
	SHOW(raw_select(&tv));
	SHOW((int)tv.tv_usec);
	SHOW(raw_pselect(&ts));
	SHOW((int)ts.tv_nsec);
	SHOW(raw_ppoll(&ts2));
	SHOW((int)ts2.tv_nsec);
	tv.tv_sec = ts.tv_sec = ts2.tv_sec = 1000;
	setitimer(ITIMER_REAL, &soon, NULL);
	SHOW(raw_select(&tv));
	SHOW(tv.tv_sec == 1000);
	setitimer(ITIMER_REAL, &soon, NULL);
	SHOW(raw_pselect(&ts));
	SHOW(ts.tv_sec == 1000);
	setitimer(ITIMER_REAL, &soon, NULL);
	SHOW(raw_ppoll(&ts2));
	SHOW(ts2.tv_sec == 1000);
}

int main(void)
{
	struct sigaction sa = { .sa_handler = on_alarm, .sa_flags = SA_RESTART };

	sigaction(SIGALRM, &sa, NULL);
	all("as always");
	if (personality(STICKY_TIMEOUTS) < 0)
		perror("personality");
	all("STICKY_TIMEOUTS");
	return 0;
}
