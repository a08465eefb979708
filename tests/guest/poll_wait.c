/* poll, ppoll, select, pselect: sleeping until ready, time limits, signals, many descriptors. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <time.h>

#include "show.h"

static volatile int alarms;

static void on(int sig) { (void)sig; alarms++; }

static long ms_since(struct timespec *t)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - t->tv_sec) * 1000 + (now.tv_nsec - t->tv_nsec) / 1000000;
}

int main(void)
{
	struct pollfd pf[300];
	struct timespec t, ts = { 0, 30000000 };
	struct timeval tv = { 0, 30000 };
	sigset_t set, none;
	fd_set r, w;
	int p[2], status, ev;
	char buf[8];

	if (pipe(p))
		return 1;
	pf[0] = (struct pollfd){ p[0], POLLIN, 0 };
	clock_gettime(CLOCK_MONOTONIC, &t);
	SHOW(poll(pf, 1, 30));
	SHOW(ms_since(&t) >= 29);
	SHOW(ppoll(pf, 1, &ts, NULL));
	FD_ZERO(&r);
	FD_SET(p[0], &r);
	SHOW(select(p[0] + 1, &r, NULL, NULL, &tv));
	SHOW(FD_ISSET(p[0], &r));
	SHOW(tv.tv_sec + tv.tv_usec);
	SHOW(select(0, NULL, NULL, NULL, &(struct timeval){ 0, 1000 }));
	if (!fork()) {
		usleep(20000);
		write(p[1], "x", 1);
		_exit(0);
	}
	SHOW(poll(pf, 1, 10000));
	SHOW(pf[0].revents);
	wait(&status);
	FD_SET(p[0], &r);
	FD_ZERO(&w);
	FD_SET(p[1], &w);
	SHOW(select(p[1] + 1, &r, &w, NULL, NULL));
	SHOW(read(p[0], buf, 8));
	if (!fork()) {
		usleep(20000);
		_exit(0);
	}
	close(p[1]);
	SHOW(poll(pf, 1, 10000));
	SHOW(pf[0].revents);
	FD_ZERO(&r);
	FD_SET(p[0], &r);
	SHOW(select(p[0] + 1, &r, NULL, NULL, NULL));
	wait(&status);
	/* A signal that ppoll lets in. */
	signal(SIGALRM, on);
	sigemptyset(&none);
	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	raise(SIGALRM);
	pipe(p);
	pf[0].fd = p[0];
	SHOW(poll(pf, 1, 10));
	SHOW(alarms);
	SHOW(ppoll(pf, 1, NULL, &none));
	SHOW(alarms);
	raise(SIGALRM);
	FD_ZERO(&r);
	FD_SET(p[0], &r);
	SHOW(pselect(p[0] + 1, &r, NULL, NULL, NULL, &none));
	SHOW(alarms);
	sigprocmask(SIG_BLOCK, NULL, &set);
	SHOW(sigismember(&set, SIGALRM));
	/* Many. */
	for (int i = 0; i < 300; i++)
		pf[i] = (struct pollfd){ i % 3 ? -1 : i % 2 ? p[0] : p[1], POLLIN | POLLOUT, 99 };
	SHOW(poll(pf, 300, -1));
	SHOW(pf[0].revents + pf[1].revents * 10 + pf[3].revents * 100);
	ev = eventfd(0, 0);
	for (int i = 0; i < 300; i++)
		pf[i] = (struct pollfd){ ev, POLLIN, 0 };
	if (!fork()) {
		usleep(20000);
		eventfd_write(ev, 1);
		_exit(0);
	}
	SHOW(poll(pf, 300, -1));
	wait(&status);
	pf[0] = (struct pollfd){ 0, POLLIN, 0 };
	SHOW(poll(pf, 1, 0));
	SHOW(pf[0].revents);
	close(0);
	SHOW(poll(pf, 1, 0));
	SHOW(pf[0].revents);
	FD_ZERO(&r);
	FD_SET(0, &r);
	SHOW(select(1, &r, NULL, NULL, NULL));
	return 0;
}
