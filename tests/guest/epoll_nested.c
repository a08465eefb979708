/* Epolls in epolls: readiness passes up, loops and depth are refused; closing, dup and fork with registered files. */
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/wait.h>

#include "show.h"

static int add(int ep, int fd, unsigned events)
{
	struct epoll_event e = { .events = events, .data.fd = fd };

	return epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e);
}

static int ready(int ep)
{
	struct epoll_event e[8];

	return epoll_wait(ep, e, 8, 0);
}

int main(void)
{
	int a = epoll_create1(0), b = epoll_create1(0), c = epoll_create1(0), chain[10], ev = eventfd(0, EFD_NONBLOCK), p[2], d;
	struct pollfd pf = { .events = POLLIN };
	struct epoll_event e;
	int status;

	SHOW(add(b, ev, EPOLLIN));
	SHOW(add(a, b, EPOLLIN));
	SHOW(ready(a));
	eventfd_write(ev, 1);
	SHOW(ready(a));
	pf.fd = a;
	SHOW(poll(&pf, 1, 0));
	SHOW(pf.revents);
	eventfd_read(ev, &(eventfd_t){ 0 });
	SHOW(ready(a));
	SHOW(poll(&pf, 1, 0));
	SHOW(add(b, a, EPOLLIN));
	SHOW(add(c, a, EPOLLIN));
	SHOW(add(b, c, EPOLLIN));
	if (!fork()) {
		usleep(20000);
		eventfd_write(ev, 1);
		_exit(0);
	}
	SHOW(epoll_wait(c, &e, 1, 10000));
	wait(&status);
	eventfd_read(ev, &(eventfd_t){ 0 });
	for (int i = 0; i < 10; i++)
		chain[i] = epoll_create1(0);
	for (int i = 1; i < 10; i++)
		printf("depth %d: %s\n", i + 1, add(chain[i], chain[i - 1], EPOLLIN) ? errno_name(errno) : "ok");
	SHOW(add(a, c, EPOLLEXCLUSIVE | EPOLLIN));
	SHOW(add(a, ev, EPOLLEXCLUSIVE | EPOLLIN | EPOLLRDHUP));
	SHOW(add(a, ev, EPOLLEXCLUSIVE | EPOLLIN));
	e.events = EPOLLIN;
	SHOW(epoll_ctl(a, EPOLL_CTL_MOD, ev, &e));
	/* A file stays registered as long as any descriptor of it is open. */
	if (pipe(p))
		return 1;
	SHOW(add(c, p[0], EPOLLIN));
	d = dup(p[0]);
	write(p[1], "x", 1);
	close(p[0]);
	SHOW(ready(c));
	SHOW(epoll_ctl(c, EPOLL_CTL_DEL, p[0], NULL));
	close(d);
	SHOW(ready(c));
	/* The same file under two numbers is two registrations. */
	pipe(p);
	d = dup(p[0]);
	SHOW(add(c, p[0], EPOLLIN));
	SHOW(add(c, d, EPOLLIN));
	write(p[1], "y", 1);
	SHOW(ready(c));
	SHOW(epoll_ctl(c, EPOLL_CTL_DEL, d, NULL));
	SHOW(ready(c));
	return 0;
}
