/* Operations on clocks and timers: what does not tell the time. A timer is far away, or its signal is waited for. */
#include <sys/time.h>
#include <sys/timerfd.h>
#include <poll.h>
#include <time.h>

#include "diff.h"

static int timers[3] = { -1, -1, -1 };

#define CLOCK() VALUE(CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME, CLOCK_TAI, CLOCK_MONOTONIC, CLOCK_PROCESS_CPUTIME_ID, CLOCK_REALTIME_COARSE, 50, -1)

static void op_clock(void)
{
	struct timespec ts;
	int clock = CLOCK();

	if (chance(50))
		result(syscall(SYS_clock_gettime, clock, &ts));
	else
		result(syscall(SYS_clock_getres, clock, chance(80) ? &ts : NULL));
}

static void op_sleep(void)
{
	struct timespec ts = { VALUE(0, 0, -1), VALUE(0, 1, 1000, 1000000000) };
	/* Of a clock of CPU time none would pass. */
	int clock = VALUE(CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME, CLOCK_TAI, CLOCK_THREAD_CPUTIME_ID, CLOCK_REALTIME_COARSE, 50, -1);

	result(syscall(SYS_clock_nanosleep, clock, VALUE(0, TIMER_ABSTIME, 8), &ts, NULL));
}

static void op_itimer(void)
{
	struct itimerval it = { { 0, 0 }, { 0, 0 } }, old = { { 0, 0 }, { 0, 0 } };
	int which = VALUE(ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF, 5);

	it.it_value.tv_sec = VALUE(0, 1000, 5000, -1);
	it.it_value.tv_usec = VALUE(0, 500000, 1000000);
	it.it_interval.tv_sec = VALUE(0, 7);
	if (chance(60))
		result(setitimer(which, &it, &old));
	else
		result(getitimer(which, &old));
	out("  %ld every %ld\n", (long)(old.it_value.tv_sec + (old.it_value.tv_usec > 100000)), (long)old.it_interval.tv_sec);
}

static void op_alarm(void) { result(alarm(VALUE(0, 100, 1000))); }

static void op_timer_create(void)
{
	struct sigevent ev = { 0 };
	int i = R(3), clock = CLOCK();

	ev.sigev_notify = VALUE(SIGEV_SIGNAL, SIGEV_NONE, SIGEV_SIGNAL, 99);
	ev.sigev_signo = VALUE(SIGUSR1, SIGRTMIN, 0, 65);
	ev.sigev_value.sival_int = 42;
	if (timers[i] >= 0)
		syscall(SYS_timer_delete, timers[i]);
	timers[i] = -1;
	result(syscall(SYS_timer_create, clock, &ev, &timers[i]) ? -1 : 0);
}

static void op_timer_set(void)
{
	struct itimerspec it = { { 0, 0 }, { 0, 0 } }, old = { { 0, 0 }, { 0, 0 } };
	int i = R(3);

	it.it_value.tv_sec = VALUE(0, 1000, 5000, -1);
	it.it_value.tv_nsec = VALUE(0, 500, 1000000000);
	it.it_interval.tv_sec = VALUE(0, 7);
	if (!it.it_value.tv_sec && it.it_value.tv_nsec)
		it.it_value.tv_sec = 100;
	if (!result(syscall(SYS_timer_settime, timers[i], 0, &it, &old)))
		out("  %ld every %ld\n", (long)(old.it_value.tv_sec + (old.it_value.tv_nsec > 100000000)), (long)old.it_interval.tv_sec);
	result(syscall(SYS_timer_getoverrun, timers[i]));
}

/* A timer's signal, waited for. */
static void op_timer_fires(void)
{
	struct timespec limit = { 10, 0 };
	struct itimerspec it = { { 0, 0 }, { 0, 1 } };
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN + 5, .sigev_value.sival_int = 7 };
	siginfo_t si = { 0 };
	sigset_t set, old;
	int id, clock = VALUE(CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME);

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN + 5);
	sigprocmask(SIG_BLOCK, &set, &old);
	if (syscall(SYS_timer_create, clock, &ev, &id)) {
		result(-1);
	} else {
		syscall(SYS_timer_settime, id, 0, &it, NULL);
		while (sigtimedwait(&set, &si, &limit) < 0 && errno == EINTR)
			;
		out(" signal %d code %d value %d overrun %d", si.si_signo, si.si_code, si.si_value.sival_int, si.si_overrun);
		result(syscall(SYS_timer_delete, id));
	}
	sigprocmask(SIG_SETMASK, &old, NULL);
}

static void op_timerfd(void) { int c = CLOCK(); result(timerfd_create(c, TFD_NONBLOCK | VALUE(0, TFD_CLOEXEC, 1))); }

static void op_timerfd_set(void)
{
	struct itimerspec it = { { 0, 0 }, { 0, 0 } }, old = { { 0, 0 }, { 0, 0 } };
	int fd = an_fd();

	it.it_value.tv_sec = VALUE(0, 1000, -1);
	it.it_interval.tv_sec = VALUE(0, 3);
	if (chance(60))
		result(timerfd_settime(fd, VALUE(0, 0, 8), &it, &old));
	else
		result(timerfd_gettime(fd, &old));
	out("  %ld every %ld\n", (long)(old.it_value.tv_sec + (old.it_value.tv_nsec > 100000000)), (long)old.it_interval.tv_sec);
}

static void op_timerfd_fires(void)
{
	struct itimerspec it = { { 0, 0 }, { 0, 1 } };
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
	struct pollfd p = { fd, POLLIN, 0 };
	uint64_t n = 0;

	timerfd_settime(fd, 0, &it, NULL);
	while (poll(&p, 1, 10000) < 0 && errno == EINTR)
		;
	out(" %x", p.revents);
	result(read(fd, &n, 8));
	out("  %d\n", (int)n);
	close(fd);
}

const struct op time_ops[] = {
	{ "clock", op_clock, 8 }, { "sleep", op_sleep, 6 }, { "itimer", op_itimer, 10 }, { "alarm", op_alarm, 5 },
	{ "timer_create", op_timer_create, 10 }, { "timer_set", op_timer_set, 12 }, { "timer_fires", op_timer_fires, 5 },
	{ "timerfd", op_timerfd, 6 }, { "timerfd_set", op_timerfd_set, 10 }, { "timerfd_fires", op_timerfd_fires, 4 }, { 0 }
};
