/* Overruns: of a timer whose signal waits, exactly; what timer_settime, deletion and signalfd do with a signal that is pending. */
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <sys/signalfd.h>
#include <time.h>
#include "show.h"

static int got, overrun, value;
static void handler(int sig, siginfo_t *si, void *uc) { got++; overrun = si->si_overrun; value = si->si_value.sival_int; }

static timer_t create(int clock, int sig)
{
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = sig, .sigev_value.sival_int = 3 };
	timer_t t = 0;

	if (timer_create(clock, &ev, &t))
		printf("timer_create: %s\n", errno_name(errno));
	return t;
}

/* First @ago seconds ago, then every 100 s: how often it has expired since is exact. */
static int set_past(timer_t t, int clock, int ago, int interval)
{
	struct itimerspec its = { .it_interval = { interval, 0 } };

	clock_gettime(clock, &its.it_value);
	its.it_value.tv_sec -= ago;
	return timer_settime(t, TIMER_ABSTIME, &its, NULL);
}

int main(void)
{
	struct sigaction sa = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO };
	static const int clocks[] = { CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME, CLOCK_TAI };
	struct signalfd_siginfo r;
	struct itimerspec left;
	sigset_t set, old, pend;
	siginfo_t si;
	timer_t t, t2;
	int fd;

	sigaction(SIGRTMIN, &sa, NULL);
	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	for (int i = 0; i < 4; i++) {
		/* CLOCK_MONOTONIC may be younger than that: then from its beginning, which comes to the same for short */
		int ago = 5;

		sigprocmask(SIG_BLOCK, &set, &old);
		t = create(clocks[i], SIGRTMIN);
		if (set_past(t, clocks[i], ago * 100, 100) && !i)
			printf("settime: %s\n", errno_name(errno));
		usleep(5000);
		sigpending(&pend);
		got = 0;
		sigprocmask(SIG_SETMASK, &old, NULL);
		if (clocks[i] == CLOCK_REALTIME || clocks[i] == CLOCK_TAI)
			printf("clock %d: pending %d got %d overrun %d value %d, getoverrun %d\n", clocks[i], sigismember(&pend, SIGRTMIN), got,
				overrun, value, timer_getoverrun(t));
		timer_gettime(t, &left);
		printf("next within the interval %d\n", left.it_value.tv_sec >= 90 && left.it_value.tv_sec <= 100);
		timer_delete(t);
	}
	/* taken by sigtimedwait and by signalfd */
	sigprocmask(SIG_BLOCK, &set, NULL);
	t = create(CLOCK_REALTIME, SIGRTMIN);
	set_past(t, CLOCK_REALTIME, 700, 100);
	SHOW(sigwaitinfo(&set, &si) == SIGRTMIN);
	printf("overrun %d code %d\n", si.si_overrun, si.si_code == SI_TIMER);
	set_past(t, CLOCK_REALTIME, 300, 100);
	fd = signalfd(-1, &set, 0);
	SHOW(read(fd, &r, sizeof(r)));
	printf("overrun %u code %d int %d\n", r.ssi_overrun, r.ssi_code == SI_TIMER, r.ssi_int);
	printf("getoverrun %d\n", timer_getoverrun(t));
	/* two timers with one signal: two entries */
	t2 = create(CLOCK_REALTIME, SIGRTMIN);
	set_past(t, CLOCK_REALTIME, 0, 0);
	set_past(t2, CLOCK_REALTIME, 0, 0);
	usleep(5000);
	SHOW(sigwaitinfo(&set, &si) == SIGRTMIN);
	SHOW(sigwaitinfo(&set, &si) == SIGRTMIN);
	SHOW(sigtimedwait(&set, &si, &(struct timespec){ 0, 0 }));
	printf("disarmed: ");
	timer_gettime(t2, &left);
	printf("%ld %ld\n", left.it_value.tv_sec, left.it_value.tv_nsec);
	/* once means once */
	set_past(t2, CLOCK_REALTIME, 500, 0);
	SHOW(sigwaitinfo(&set, &si) == SIGRTMIN);
	printf("overrun %d\n", si.si_overrun);
	return 0;
}
