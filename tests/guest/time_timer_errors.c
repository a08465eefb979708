/* What POSIX timers, clocks and sleeping refuse. */
#include <signal.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <time.h>
#include "show.h"

#define CREATE(clock, ev, id) syscall(SYS_timer_create, clock, ev, id)
#define SET(id, flags, new, old) syscall(SYS_timer_settime, id, flags, new, old)
#define SLEEP(clock, flags, rq, rm) syscall(SYS_clock_nanosleep, clock, flags, rq, rm)

int main(void)
{
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = 0 };
	struct itimerspec its = { { 0, 0 }, { 1000, 0 } }, bad = { { 0, 0 }, { 0, 1000000000 } };
	struct timespec ts = { 0, 1 }, badts = { 0, -1 };
	struct timex tx = { .modes = 0 };
	struct rlimit rl;
	int id, ids[8], n = 0;

	SHOW(CREATE(CLOCK_MONOTONIC, &ev, &id));
	ev.sigev_signo = 65;
	SHOW(CREATE(CLOCK_MONOTONIC, &ev, &id));
	ev.sigev_signo = SIGUSR1;
	ev.sigev_notify = 99;
	SHOW(CREATE(CLOCK_MONOTONIC, &ev, &id));
	ev.sigev_notify = SIGEV_THREAD_ID;
	ev._sigev_un._tid = 1;
	SHOW(CREATE(CLOCK_MONOTONIC, &ev, &id));
	ev.sigev_notify = SIGEV_SIGNAL | SIGEV_THREAD_ID;
	SHOW(CREATE(CLOCK_MONOTONIC, &ev, &id));
	ev.sigev_notify = SIGEV_SIGNAL;
	SHOW(CREATE(CLOCK_MONOTONIC_RAW, &ev, &id));
	SHOW(CREATE(CLOCK_REALTIME_COARSE, &ev, &id));
	SHOW(CREATE(CLOCK_MONOTONIC_COARSE, &ev, &id));
	SHOW(CREATE(99, &ev, &id));
	SHOW(CREATE(10, &ev, &id));
	SHOW(CREATE(-1, &ev, &id));
	SHOW(CREATE((int)(~0x3fffffffu << 3 | 2), &ev, &id));
	SHOW(CREATE(CLOCK_MONOTONIC, BAD_PTR, &id));
	SHOW(CREATE(CLOCK_MONOTONIC, &ev, BAD_PTR));
	SHOW(CREATE(CLOCK_MONOTONIC, &ev, &id));
	SHOW(SET(id, 0, &bad, NULL));
	SHOW(SET(id, 0, NULL, NULL));
	SHOW(SET(id, 0, BAD_PTR, NULL));
	SHOW(SET(id, 0, &its, BAD_PTR));
	SHOW(SET(-5, 0, &its, NULL));
	SHOW(syscall(SYS_timer_gettime, id, BAD_PTR));
	SHOW(syscall(SYS_timer_gettime, -1, &its));
	SHOW(syscall(SYS_timer_getoverrun, 123456));
	SHOW(syscall(SYS_timer_delete, -1));

	/* each timer keeps one place in the queue of signals */
	getrlimit(RLIMIT_SIGPENDING, &rl);
	rl.rlim_cur = 4;
	setrlimit(RLIMIT_SIGPENDING, &rl);
	while (n < 8 && !CREATE(CLOCK_MONOTONIC, &ev, &ids[n]))
		n++;
	printf("timers %d, then %s\n", n < 8, errno_name(errno));
	ev.sigev_notify = SIGEV_NONE;
	SHOW(CREATE(CLOCK_MONOTONIC, &ev, &id));
	while (n--)
		syscall(SYS_timer_delete, ids[n]);

	SHOW(SLEEP(CLOCK_MONOTONIC, 0, &ts, NULL));
	SHOW(SLEEP(CLOCK_TAI, 0, &ts, NULL));
	SHOW(SLEEP(CLOCK_BOOTTIME, TIMER_ABSTIME, &ts, NULL));
	SHOW(SLEEP(CLOCK_REALTIME, TIMER_ABSTIME, &ts, BAD_PTR));
	SHOW(SLEEP(CLOCK_MONOTONIC, 0, &badts, NULL));
	SHOW(SLEEP(CLOCK_MONOTONIC, 0, BAD_PTR, NULL));
	SHOW(SLEEP(CLOCK_THREAD_CPUTIME_ID, 0, &ts, NULL));
	SHOW(SLEEP(CLOCK_MONOTONIC_RAW, 0, &ts, NULL));
	SHOW(SLEEP(CLOCK_MONOTONIC_COARSE, 0, &ts, NULL));
	SHOW(SLEEP(77, 0, &ts, NULL));
	SHOW(SLEEP(-1, 0, &ts, NULL));
	SHOW(SLEEP((int)(~0u << 3) | 4 | 2, 0, &ts, NULL)); /* this thread's own */
	SHOW(SLEEP(CLOCK_PROCESS_CPUTIME_ID, 0, &badts, NULL));
	SHOW(syscall(SYS_clock_settime, CLOCK_PROCESS_CPUTIME_ID, &ts));
	SHOW(syscall(SYS_clock_settime, CLOCK_THREAD_CPUTIME_ID, &ts));
	SHOW(syscall(SYS_clock_settime, CLOCK_MONOTONIC, &ts));
	SHOW(syscall(SYS_clock_settime, CLOCK_BOOTTIME, &ts));
	SHOW(syscall(SYS_clock_settime, (int)(~0u << 3) | 2, &ts)); /* this process's, by number */
	SHOW(syscall(SYS_clock_settime, CLOCK_REALTIME, &badts));
	SHOW(syscall(SYS_clock_settime, CLOCK_REALTIME, BAD_PTR));
	printf("adjtimex: %d\n", adjtimex(&tx) >= 0);
	printf("tick %ld tolerance %ld, time %d\n", tx.tick, tx.tolerance, tx.time.tv_sec - time(NULL) <= 1);
	SHOW(syscall(SYS_adjtimex, BAD_PTR));
	SHOW(syscall(SYS_clock_adjtime, CLOCK_MONOTONIC, &tx));
	SHOW(syscall(SYS_clock_adjtime, CLOCK_REALTIME, BAD_PTR));
	SHOW(syscall(SYS_clock_adjtime, 55, &tx));
	tx.modes = 0;
	printf("clock_adjtime: %d\n", syscall(SYS_clock_adjtime, CLOCK_REALTIME, &tx) >= 0);
	tx.modes = ADJ_OFFSET_SS_READ;
	printf("adjtime read: %d\n", adjtimex(&tx) >= 0);
	if (getuid() == 0 && seteuid(65534))
		return 1;
	tx.modes = ADJ_FREQUENCY;
	SHOW(adjtimex(&tx));
	tx.modes = ADJ_OFFSET_SINGLESHOT;
	SHOW(adjtimex(&tx));
	ts.tv_sec = 1000;
	SHOW(syscall(SYS_clock_settime, CLOCK_REALTIME, &ts));
	{
		struct timeval tv = { 1000, 0 };

		SHOW(settimeofday(&tv, NULL));
		tv.tv_usec = 1000000;
		SHOW(settimeofday(&tv, NULL));
		SHOW(syscall(SYS_settimeofday, BAD_PTR, NULL));
		SHOW(syscall(SYS_settimeofday, NULL, BAD_PTR));
	}
	return 0;
}
