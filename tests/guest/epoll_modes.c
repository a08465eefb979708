/* epoll: level- and edge-triggered, one-shot, changes of interest, data, order, maxevents. */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/wait.h>

#include "show.h"

static int ep;

static void wait_for(const char *what, int ms)
{
	struct epoll_event e[8];
	int n = epoll_wait(ep, e, 8, ms);

	printf("%s: %d", what, n);
	for (int i = 0; i < n; i++)
		printf(" [%x %d]", e[i].events, e[i].data.fd);
	printf("\n");
	fflush(stdout);
}

static int ctl(int op, int fd, unsigned events, int data)
{
	struct epoll_event e = { .events = events, .data.fd = data };

	return epoll_ctl(ep, op, fd, &e);
}

int main(void)
{
	int p[2], q[2], ev, status;
	struct epoll_event e[4];
	char buf[16];
	struct timespec ts = { 0, 5000000 };

	ep = epoll_create1(0);
	if (pipe(p) || pipe(q))
		return 1;
	SHOW(ctl(EPOLL_CTL_ADD, p[0], EPOLLIN, 1));
	wait_for("empty", 0);
	write(p[1], "ab", 2);
	wait_for("level", -1);
	wait_for("level again", 0);
	read(p[0], buf, 1);
	wait_for("half read", 0);
	read(p[0], buf, 1);
	wait_for("all read", 0);
	SHOW(ctl(EPOLL_CTL_MOD, p[0], EPOLLIN | EPOLLET, 2));
	write(p[1], "ab", 2);
	wait_for("edge", -1);
	wait_for("edge again", 0);
	read(p[0], buf, 1);
	wait_for("edge half read", 0);
	write(p[1], "c", 1);
	wait_for("edge more", 0);
	SHOW(ctl(EPOLL_CTL_MOD, p[0], EPOLLIN | EPOLLET, 2));
	wait_for("edge after mod", 0);
	SHOW(ctl(EPOLL_CTL_MOD, p[0], EPOLLIN | EPOLLONESHOT, 3));
	wait_for("oneshot", 0);
	wait_for("oneshot again", 0);
	write(p[1], "d", 1);
	wait_for("oneshot more", 0);
	SHOW(ctl(EPOLL_CTL_MOD, p[0], EPOLLIN | EPOLLONESHOT, 4));
	wait_for("oneshot armed", 0);
	SHOW(ctl(EPOLL_CTL_ADD, p[1], EPOLLOUT, 5));
	SHOW(ctl(EPOLL_CTL_ADD, q[0], EPOLLIN, 6));
	wait_for("writer", 0);
	write(q[1], "x", 1);
	SHOW(epoll_wait(ep, e, 1, 0));
	SHOW(epoll_wait(ep, e, 1, 0));
	SHOW(epoll_wait(ep, e, 4, 0));
	SHOW(ctl(EPOLL_CTL_DEL, p[1], 0, 0));
	wait_for("one left", 0);
	SHOW(ctl(EPOLL_CTL_MOD, q[0], 0, 6));
	wait_for("no interest", 0);
	close(q[1]);
	wait_for("hangup", 0);
	close(q[0]);
	wait_for("closed", 0);
	SHOW(ctl(EPOLL_CTL_MOD, p[0], EPOLLIN | EPOLLET, 7));
	wait_for("drain", 0);
	ev = eventfd(3, EFD_SEMAPHORE);
	SHOW(ctl(EPOLL_CTL_ADD, ev, EPOLLIN | EPOLLET, 8));
	wait_for("eventfd", 0);
	wait_for("eventfd again", 0);
	read(ev, buf, 8);
	wait_for("eventfd read", 0);
	eventfd_write(ev, 1);
	wait_for("eventfd written", 0);
	if (!fork()) {
		usleep(30000);
		eventfd_write(ev, 1);
		_exit(0);
	}
	wait_for("asleep", -1);
	wait(&status);
	SHOW(epoll_wait(ep, e, 4, 5));
	SHOW(syscall(SYS_epoll_pwait2, ep, e, 4, &ts, NULL, 0));
	ts.tv_nsec = -1;
	SHOW(syscall(SYS_epoll_pwait2, ep, e, 4, &ts, NULL, 0));
	SHOW(ctl(EPOLL_CTL_ADD, ep, EPOLLIN, 9));
	SHOW(ctl(EPOLL_CTL_ADD, 999, EPOLLIN, 9));
	SHOW(ctl(EPOLL_CTL_DEL, q[0], 0, 0));
	SHOW(ctl(77, ev, EPOLLIN, 9));
	SHOW(epoll_ctl(ep, EPOLL_CTL_MOD, ev, BAD_PTR));
	SHOW(epoll_ctl(p[0], EPOLL_CTL_ADD, ev, e));
	SHOW(epoll_wait(p[0], e, 4, 0));
	SHOW(epoll_wait(ep, e, 0, 0));
	SHOW(epoll_wait(ep, e, -1, 0));
	SHOW(epoll_wait(999, e, 1, 0));
	eventfd_write(ev, 1);
	SHOW(epoll_wait(ep, BAD_PTR, 1, 0));
	SHOW(read(ep, buf, 1));
	return 0;
}
