// timeout: 30
/* Timerfds, signalfds, eventfds, pidfds and terminals in one epoll. */
#include "tty.h"
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>

static int ep;

static void add(int fd, int tag)
{
	struct epoll_event e = { .events = EPOLLIN, .data.u32 = tag };

	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e));
}

static void next(const char *what, int ms)
{
	struct epoll_event e[8];
	int n = epoll_wait(ep, e, 8, ms);

	printf("%s: %d", what, n);
	for (int i = 0; i < n; i++)
		printf(" %u:%x", e[i].data.u32, e[i].events);
	puts("");
	fflush(stdout);
}

int main(void)
{
	unsigned long long v = 1;
	struct signalfd_siginfo si;
	int tf = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK), ev = eventfd(0, 0), sf, pf;
	sigset_t s;
	pid_t pid;

	ep = epoll_create1(0);
	sigemptyset(&s);
	sigaddset(&s, SIGUSR1);
	sigprocmask(SIG_BLOCK, &s, NULL);
	sf = signalfd(-1, &s, SFD_NONBLOCK);
	tty_new();
	add(tf, 1);
	add(ev, 2);
	add(sf, 3);
	add(slave, 4);
	next("nothing", 0);
	timerfd_settime(tf, 0, &(struct itimerspec){ .it_value = { 0, 20000000 } }, NULL);
	next("timer", 2000);
	read(tf, &v, 8);
	next("timer read", 0);
	v = 1;
	write(ev, &v, 8);
	next("eventfd", 1000);
	read(ev, &v, 8);
	raise(SIGUSR1);
	next("signal", 1000);
	SHOW(read(sf, &si, sizeof(si)));
	next("signal read", 0);
	type("line\n");
	next("terminal", 1000);
	take("line", 10);
	next("terminal read", 0);
	pid = fork();
	if (!pid) {
		usleep(30000);
		_exit(0);
	}
	pf = syscall(SYS_pidfd_open, pid, 0);
	add(pf, 5);
	next("alive", 0);
	next("pidfd", 2000);
	wait(NULL);
	next("reaped", 0);
	return 0;
}
