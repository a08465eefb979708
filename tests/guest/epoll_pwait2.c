// timeout: 30
/* epoll_pwait and epoll_pwait2: masks, times, errors; timeouts are kept. */
#include "show.h"
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/time.h>
#include <time.h>

static volatile int got;
static void on(int sig) { got = sig; }

static long msec(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static long pw2(int ep, void *e, int n, struct timespec *t, sigset_t *s, size_t size)
{
	return syscall(SYS_epoll_pwait2, ep, e, n, t, s, size);
}

int main(void)
{
	int ep = epoll_create1(0), ev = eventfd(1, 0);
	struct epoll_event e = { .events = EPOLLIN }, out[2];
	struct timespec t = { 0, 30000000 };
	struct sigaction sa = { .sa_handler = on, .sa_flags = SA_RESTART };
	sigset_t none, all;
	long start;

	sigemptyset(&none);
	sigfillset(&all);
	sigaction(SIGALRM, &sa, NULL);
	start = msec();
	SHOW(pw2(ep, out, 2, &t, NULL, 0));
	SHOW(msec() - start >= 29);
	t.tv_nsec = 1000000000;
	SHOW(pw2(ep, out, 2, &t, NULL, 0));
	t = (struct timespec){ -1, 0 };
	SHOW(pw2(ep, out, 2, &t, NULL, 0));
	SHOW(pw2(ep, out, 2, BAD_PTR, NULL, 0));
	t = (struct timespec){ 0, 0 };
	SHOW(pw2(ep, out, 2, &t, &none, 8));
	SHOW(pw2(ep, out, 2, &t, &none, 4));
	SHOW(pw2(ep, out, 2, &t, BAD_PTR, 8));
	epoll_ctl(ep, EPOLL_CTL_ADD, ev, &e);
	SHOW(pw2(ep, out, 2, NULL, NULL, 0));
	epoll_ctl(ep, EPOLL_CTL_DEL, ev, &e);
	/* a blocked signal that waits comes through the mask */
	sigprocmask(SIG_BLOCK, &all, NULL);
	raise(SIGALRM);
	SHOW(got);
	SHOW(epoll_pwait(ep, out, 2, -1, &none));
	SHOW(got == SIGALRM);
	{
		sigset_t now;

		sigprocmask(SIG_BLOCK, NULL, &now);
		SHOW(sigismember(&now, SIGALRM));
	}
	got = 0;
	raise(SIGALRM);
	t = (struct timespec){ 0, 10000000 };
	SHOW(pw2(ep, out, 2, &t, NULL, 0));
	SHOW(got);
	sigprocmask(SIG_UNBLOCK, &all, NULL);
	SHOW(got == SIGALRM);
	/* SA_RESTART does not count */
	got = 0;
	setitimer(ITIMER_REAL, &(struct itimerval){ .it_value = { 0, 30000 } }, NULL);
	SHOW(epoll_wait(ep, out, 2, 5000));
	SHOW(got == SIGALRM);
	/* a mask that blocks keeps the wait whole */
	setitimer(ITIMER_REAL, &(struct itimerval){ .it_value = { 0, 10000 } }, NULL);
	start = msec();
	SHOW(epoll_pwait(ep, out, 2, 60, &all));
	SHOW(msec() - start >= 59);
	return 0;
}
