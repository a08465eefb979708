/* Several processes wait on one epoll: every event is taken by exactly one of them; nobody sleeps for ever. */
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/wait.h>

#include "show.h"

#define CHILDREN 4
#define EVENTS 400

int main(void)
{
	int ep = epoll_create1(0), ev = eventfd(0, EFD_SEMAPHORE | EFD_NONBLOCK), done[2], total = 0, status, n;
	struct epoll_event e = { .events = EPOLLIN };
	eventfd_t v;

	if (pipe(done))
		return 1;
	epoll_ctl(ep, EPOLL_CTL_ADD, ev, &e);
	for (int i = 0; i < CHILDREN; i++) {
		if (fork())
			continue;
		close(done[0]);
		for (n = 0;;) {
			if (epoll_wait(ep, &e, 1, 1000) == 0)
				break;
			if (eventfd_read(ev, &v) == 0)
				n++;
		}
		write(done[1], &n, sizeof(n));
		_exit(0);
	}
	close(done[1]);
	for (int i = 0; i < EVENTS; i++) {
		eventfd_write(ev, 1);
		if (i % 50 == 0)
			usleep(1000);
	}
	while (read(done[0], &n, sizeof(n)) == sizeof(n))
		total += n;
	while (wait(&status) > 0)
		;
	SHOW(total);
	return 0;
}
