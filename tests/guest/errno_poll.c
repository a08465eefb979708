/* poll, ppoll, select, epoll, eventfd: readiness of pipes and files, and errors. */
#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <time.h>

#include "show.h"

int main(void)
{
	int p[2], ep, fd, ev;
	struct pollfd pf[3];
	struct epoll_event e = { .events = EPOLLIN, .data.u64 = 7 }, out[4];
	struct timespec bad = { 0, -1 };
	unsigned long long v = 5;
	fd_set r, w;
	struct timeval tv = { 0, 1000 }, neg = { -1, 0 };

	if (pipe(p))
		return 1;
	fd = open("file", O_RDWR | O_CREAT, 0644);
	pf[0] = (struct pollfd){ p[0], POLLIN, 0 };
	pf[1] = (struct pollfd){ p[1], POLLOUT, 0 };
	pf[2] = (struct pollfd){ -5, POLLIN, 0 };
	SHOW(poll(pf, 3, 0));
	SHOW(pf[0].revents);
	SHOW(pf[1].revents);
	SHOW(poll(pf, 1, 10));
	SHOW(write(p[1], "abc", 3));
	SHOW(poll(pf, 1, -1));
	SHOW(pf[0].revents);
	pf[2].fd = 999;
	SHOW(poll(pf, 3, 0));
	SHOW(pf[2].revents);
	SHOW(poll(BAD_PTR, 1, 0));
	SHOW(poll(NULL, 0, 0));
	SHOW(syscall(SYS_poll, pf, 100000000, 0));
	SHOW(ppoll(pf, 1, &bad, NULL));
	pf[0] = (struct pollfd){ fd, POLLIN | POLLOUT, 0 };
	SHOW(poll(pf, 1, -1));
	SHOW(pf[0].revents);
	FD_ZERO(&r);
	FD_ZERO(&w);
	FD_SET(p[0], &r);
	FD_SET(p[1], &w);
	SHOW(select(p[1] + 1, &r, &w, NULL, &tv));
	SHOW(FD_ISSET(p[0], &r) && FD_ISSET(p[1], &w));
	SHOW(select(p[1] + 1, &r, &w, NULL, &neg));
	SHOW(select(-1, &r, NULL, NULL, &tv));
	FD_SET(500, &r);
	SHOW(select(501, &r, NULL, NULL, &tv));

	ep = SHOW(epoll_create1(EPOLL_CLOEXEC));
	SHOW(epoll_create1(1));
	SHOW(epoll_create(0));
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, p[0], &e));
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, p[0], &e));
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e));
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, ep, &e));
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, 999, &e));
	SHOW(epoll_ctl(fd, EPOLL_CTL_ADD, p[0], &e));
	SHOW(epoll_ctl(ep, EPOLL_CTL_MOD, p[1], &e));
	SHOW(epoll_ctl(ep, EPOLL_CTL_DEL, p[1], NULL));
	SHOW(epoll_ctl(ep, 99, p[0], &e));
	SHOW(epoll_ctl(ep, EPOLL_CTL_MOD, p[0], BAD_PTR));
	SHOW(epoll_wait(ep, out, 4, 0));
	SHOW(out[0].events);
	SHOW(out[0].data.u64);
	SHOW(epoll_wait(ep, out, 0, 0));
	SHOW(epoll_wait(ep, BAD_PTR, 4, 0));
	SHOW(epoll_wait(fd, out, 4, 0));
	SHOW(epoll_wait(-1, out, 4, 0));
	e.events = EPOLLIN | EPOLLET;
	SHOW(epoll_ctl(ep, EPOLL_CTL_MOD, p[0], &e));
	SHOW(epoll_wait(ep, out, 4, 0));
	SHOW(epoll_wait(ep, out, 4, 0));
	SHOW(write(p[1], "d", 1));
	SHOW(epoll_wait(ep, out, 4, 0));
	e.events = EPOLLIN | EPOLLONESHOT;
	SHOW(epoll_ctl(ep, EPOLL_CTL_MOD, p[0], &e));
	SHOW(epoll_wait(ep, out, 4, 0));
	SHOW(epoll_wait(ep, out, 4, 0));
	SHOW(epoll_ctl(ep, EPOLL_CTL_DEL, p[0], NULL));
	SHOW(epoll_wait(ep, out, 4, 10));
	e.events = EPOLLIN;
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, p[0], &e));
	SHOW(close(p[1]));
	SHOW(epoll_wait(ep, out, 4, -1));
	SHOW(out[0].events);

	ev = SHOW(eventfd(3, EFD_NONBLOCK));
	SHOW(read(ev, &v, 8));
	SHOW(v);
	SHOW(read(ev, &v, 8));
	SHOW(read(ev, &v, 4));
	v = ~0ull;
	SHOW(write(ev, &v, 8));
	v = ~0ull - 1;
	SHOW(write(ev, &v, 8));
	v = 1;
	SHOW(write(ev, &v, 8));
	SHOW(eventfd(0, 0x10000000));
	return 0;
}
