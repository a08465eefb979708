/* An epoll and descriptors that are duplicated, closed, inherited: what counts is the description. */
#include "show.h"
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/wait.h>

int main(void)
{
	struct epoll_event e = { .events = EPOLLIN, .data.u64 = 1 }, got[8];
	int ep = epoll_create1(EPOLL_CLOEXEC), ev = eventfd(0, 0), copy, other, st;
	unsigned long long one = 1;

	SHOW(fcntl(ep, F_GETFD));
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, ev, &e));
	copy = dup(ev);
	e.data.u64 = 2;
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, copy, &e));
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, copy, &e));
	write(ev, &one, 8);
	SHOW(epoll_wait(ep, got, 8, 0));
	close(ev);
	SHOW(epoll_wait(ep, got, 8, 0));
	SHOW(epoll_ctl(ep, EPOLL_CTL_DEL, ev, NULL));
	SHOW(epoll_ctl(ep, EPOLL_CTL_MOD, copy, &e));
	other = dup2(eventfd(0, 0), ev);
	SHOW(other == ev);
	SHOW(epoll_ctl(ep, EPOLL_CTL_DEL, ev, NULL));
	e.data.u64 = 3;
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, ev, &e));
	SHOW(epoll_wait(ep, got, 8, 0));
	close(copy);
	SHOW(epoll_wait(ep, got, 8, 0));
	write(ev, &one, 8);
	SHOW(epoll_wait(ep, got, 8, 0));
	SHOW(got[0].data.u64);
	if (!fork()) {
		close(ev);
		_exit(epoll_wait(ep, got, 8, 0) == 1 ? 9 : 1);
	}
	wait(&st);
	SHOW(WEXITSTATUS(st));
	SHOW(epoll_wait(dup(ep), got, 8, 0));
	SHOW(read(ep, got, 8));
	SHOW(write(ep, got, 8));
	SHOW(lseek(ep, 5, SEEK_SET));
	SHOW(epoll_wait(ev, got, 8, 0));
	SHOW(epoll_wait(ep, got, 0, 0));
	SHOW(epoll_wait(ep, got, -1, 0));
	SHOW(epoll_wait(ep, BAD_PTR, 1, 0));
	SHOW(epoll_wait(99, got, 1, 0));
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, ep, &e));
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, open("/", O_RDONLY), &e));
	SHOW(epoll_ctl(ep, 7, ev, &e));
	SHOW(epoll_ctl(ev, EPOLL_CTL_ADD, ev, &e));
	SHOW(epoll_ctl(ep, EPOLL_CTL_MOD, ev, BAD_PTR));
	SHOW(epoll_ctl(99, EPOLL_CTL_ADD, ev, &e));
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, 99, &e));
	SHOW(epoll_create(0));
	SHOW(epoll_create(-1));
	SHOW(epoll_create1(1));
	return 0;
}
