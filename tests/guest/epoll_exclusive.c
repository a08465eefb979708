/* EPOLLEXCLUSIVE: which flags it takes, one of several waiters woken; EPOLLWAKEUP; EPOLLONESHOT re-armed. */
#include "show.h"
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/wait.h>

int main(void)
{
	int ep = epoll_create1(0), ep2 = epoll_create1(0), ev = eventfd(0, 0), p[2], report[2], got, woke = 0;
	struct epoll_event e = { .events = EPOLLIN | EPOLLEXCLUSIVE }, out[4];
	unsigned long long one = 1;
	char c;

	pipe(p);
	pipe(report);
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, ev, &e));
	SHOW(epoll_ctl(ep, EPOLL_CTL_MOD, ev, &e));
	e.events = EPOLLIN;
	SHOW(epoll_ctl(ep, EPOLL_CTL_MOD, ev, &e));
	SHOW(epoll_ctl(ep, EPOLL_CTL_DEL, ev, NULL));
	e.events = EPOLLIN | EPOLLEXCLUSIVE | EPOLLONESHOT;
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, ev, &e));
	e.events = EPOLLPRI | EPOLLEXCLUSIVE;
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, ev, &e));
	e.events = EPOLLIN | EPOLLOUT | EPOLLET | EPOLLWAKEUP | EPOLLEXCLUSIVE;
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, ev, &e));
	e.events = EPOLLIN | EPOLLEXCLUSIVE;
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, ep2, &e));
	e.events = EPOLLIN | EPOLLONESHOT;
	e.data.u32 = 6;
	SHOW(epoll_ctl(ep2, EPOLL_CTL_ADD, p[0], &e));
	write(p[1], "x", 1);
	SHOW(epoll_wait(ep2, out, 4, 0));
	SHOW(epoll_wait(ep2, out, 4, 0));
	write(p[1], "x", 1);
	SHOW(epoll_wait(ep2, out, 4, 0));
	SHOW(epoll_ctl(ep2, EPOLL_CTL_MOD, p[0], &e));
	SHOW(epoll_wait(ep2, out, 4, 0));
	SHOW(out[0].data.u32);
	e.events = 0;
	SHOW(epoll_ctl(ep2, EPOLL_CTL_MOD, p[0], &e));
	SHOW(epoll_wait(ep2, out, 4, 0));
	close(p[1]);
	SHOW(epoll_wait(ep2, out, 4, 0));
	printf("%x\n", out[0].events);
	/* four processes, each with an epoll of its own */
	for (int i = 0; i < 4; i++)
		if (!fork()) {
			int own = epoll_create1(0);

			e.events = EPOLLIN | EPOLLEXCLUSIVE;
			epoll_ctl(own, EPOLL_CTL_ADD, ev, &e);
			write(report[1], "r", 1);
			if (epoll_wait(own, out, 4, 700) == 1 && read(ev, &one, 8) == 8)
				write(report[1], "w", 1);
			_exit(0);
		}
	for (int i = 0; i < 4; i++)
		read(report[0], &c, 1);
	usleep(100000);
	fcntl(ev, F_SETFL, O_NONBLOCK);
	write(ev, &one, 8);
	for (int i = 0; i < 4; i++)
		wait(NULL);
	fcntl(report[0], F_SETFL, O_NONBLOCK);
	while ((got = read(report[0], &c, 1)) == 1)
		woke += c == 'w';
	SHOW(woke);
	return 0;
}
