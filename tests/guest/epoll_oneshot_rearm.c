/* musl */
/* EPOLLONESHOT: off after one event, what re-arms it, with other flags, with no interest at all. */
#include "show.h"
#include <fcntl.h>
#include <sys/epoll.h>

static int ep;

static void now(const char *what)
{
	struct epoll_event e[4];
	int n = epoll_wait(ep, e, 4, 0);

	printf("%s: %d %x\n", what, n, n > 0 ? e[0].events : 0);
}

int main(void)
{
	struct epoll_event e = { .events = EPOLLIN | EPOLLONESHOT };
	int p[2];
	char c;

	ep = epoll_create1(0);
	pipe(p);
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, p[0], &e));
	now("empty");
	write(p[1], "ab", 2);
	now("data");
	now("once only");
	write(p[1], "c", 1);
	now("more data");
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, p[0], &e));
	SHOW(epoll_ctl(ep, EPOLL_CTL_MOD, p[0], &e));
	now("armed");
	e.events = EPOLLIN;
	SHOW(epoll_ctl(ep, EPOLL_CTL_MOD, p[0], &e));
	now("level");
	now("level");
	e.events = EPOLLIN | EPOLLET | EPOLLONESHOT;
	SHOW(epoll_ctl(ep, EPOLL_CTL_MOD, p[0], &e));
	now("edge once");
	write(p[1], "d", 1);
	now("edge once, more");
	e.events = EPOLLONESHOT;
	SHOW(epoll_ctl(ep, EPOLL_CTL_MOD, p[0], &e));
	now("no interest");
	close(p[1]);
	now("hang-up");
	now("once only");
	SHOW(epoll_ctl(ep, EPOLL_CTL_MOD, p[0], &e));
	now("hang-up again");
	while (read(p[0], &c, 1) > 0)
		;
	SHOW(epoll_ctl(ep, EPOLL_CTL_DEL, p[0], NULL));
	now("deleted");
	return 0;
}
