/* musl */
/* Edges: pipes written again before they are read, sockets, an eventfd both ways, a nested epoll, MOD as an edge. */
#include "show.h"
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

static int ep;

static void wait_now(const char *what)
{
	struct epoll_event out[8];
	int n = epoll_wait(ep, out, 8, 0);

	printf("%s: %d", what, n);
	for (int i = 0; i < n; i++)
		printf(" %d:%x", (int)out[i].data.u32, out[i].events);
	puts("");
}

static void add(int fd, int tag, unsigned events)
{
	struct epoll_event e = { .events = events, .data.u32 = tag };

	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e));
}

int main(void)
{
	int p[2], s[2], ev = eventfd(0, EFD_NONBLOCK), inner = epoll_create1(0);
	struct epoll_event e = { .events = EPOLLIN };
	char buf[8];
	unsigned long long v = 1;

	ep = epoll_create1(0);
	pipe2(p, O_NONBLOCK);
	add(p[0], 1, EPOLLIN | EPOLLET);
	add(p[1], 2, EPOLLOUT | EPOLLET);
	wait_now("new");
	wait_now("again");
	write(p[1], "ab", 2);
	wait_now("written");
	write(p[1], "c", 1);
	wait_now("written again");
	read(p[0], buf, 1);
	wait_now("read in part");
	read(p[0], buf, 8);
	wait_now("read to the end");
	while (write(p[1], buf, 8) > 0)
		;
	wait_now("full");
	while (read(p[0], buf, 8) > 0)
		;
	wait_now("emptied");
	e = (struct epoll_event){ .events = EPOLLOUT | EPOLLET, .data.u32 = 22 };
	SHOW(epoll_ctl(ep, EPOLL_CTL_MOD, p[1], &e));
	wait_now("MOD");
	close(p[0]);
	wait_now("no reader");
	close(p[1]);
	socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, s);
	add(s[0], 3, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET);
	wait_now("socket");
	write(s[1], "x", 1);
	wait_now("data");
	shutdown(s[1], SHUT_WR);
	wait_now("shut");
	close(s[1]);
	wait_now("closed");
	close(s[0]);
	add(ev, 4, EPOLLIN | EPOLLET);
	write(ev, &v, 8);
	wait_now("eventfd");
	write(ev, &v, 8);
	wait_now("eventfd again");
	read(ev, &v, 8);
	wait_now("eventfd read");
	close(ev);
	ev = eventfd(0, 0);
	add(inner, 5, EPOLLIN | EPOLLET);
	e = (struct epoll_event){ .events = EPOLLIN };
	epoll_ctl(inner, EPOLL_CTL_ADD, ev, &e);
	wait_now("nested, nothing");
	v = 1;
	write(ev, &v, 8);
	wait_now("nested");
	wait_now("nested again");
	write(ev, &v, 8);
	wait_now("nested written");
	return 0;
}
