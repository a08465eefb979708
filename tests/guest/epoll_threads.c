// timeout: 30
/* Threads in one epoll: each event of EPOLLONESHOT and EPOLLET goes to one of them; a wait while the set changes. */
#include "show.h"
#include <pthread.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#define THREADS 4
#define EVENTS 200

static int ep, ev[8], stop;
static int taken[THREADS], both;
static _Atomic int inside[8], total;

static void *worker(void *arg)
{
	long me = (long)arg;
	struct epoll_event e;
	unsigned long long v;

	for (;;) {
		int n = epoll_wait(ep, &e, 1, -1), i;

		if (n != 1)
			continue;
		i = e.data.u32;
		if (i == 99)
			return NULL;
		if (inside[i]++)
			both++;
		if (read(ev[i], &v, 8) == 8) {
			taken[me]++;
			total += v;
		}
		inside[i]--;
		e.events = EPOLLIN | EPOLLONESHOT;
		e.data.u32 = i;
		epoll_ctl(ep, EPOLL_CTL_MOD, ev[i], &e);
	}
}

int main(void)
{
	pthread_t t[THREADS];
	struct epoll_event e;
	unsigned long long one = 1;

	ep = epoll_create1(0);
	for (int i = 0; i < 8; i++) {
		ev[i] = eventfd(0, EFD_NONBLOCK);
		e = (struct epoll_event){ .events = EPOLLIN | EPOLLONESHOT, .data.u32 = i };
		epoll_ctl(ep, EPOLL_CTL_ADD, ev[i], &e);
	}
	for (long i = 0; i < THREADS; i++)
		pthread_create(&t[i], NULL, worker, (void *)i);
	for (int i = 0; i < EVENTS; i++)
		write(ev[i % 8], &one, 8);
	for (int i = 0; i < 5000 && total < EVENTS; i++)
		usleep(1000);
	SHOW(total);
	SHOW(both);
	/* added while all of them wait: one event, level-triggered, wakes every one in the end */
	stop = eventfd(1, 0);
	e = (struct epoll_event){ .events = EPOLLIN, .data.u32 = 99 };
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, stop, &e));
	for (int i = 0; i < THREADS; i++)
		pthread_join(t[i], NULL);
	SHOW(epoll_ctl(ep, EPOLL_CTL_DEL, stop, NULL));
	SHOW(epoll_wait(ep, &e, 1, 0));
	return 0;
}
