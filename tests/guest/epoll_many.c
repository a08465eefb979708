// timeout: 30
/* musl */
/* A thousand files in one epoll: fairness, small buffers, level and edge, removal under way. */
#include "show.h"
#include <fcntl.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>

#define N 900

int main(void)
{
	static int fd[N], seen[N];
	struct epoll_event e, out[64];
	struct rlimit r = { 1024, 1024 };
	int ep = epoll_create1(0), n, rounds = 0, total = 0, missing = 0;
	unsigned long long one = 1;

	setrlimit(RLIMIT_NOFILE, &r);
	for (int i = 0; i < N; i++) {
		fd[i] = eventfd(0, EFD_NONBLOCK);
		e.events = EPOLLIN | (i % 2 ? EPOLLET : 0);
		e.data.u32 = i;
		if (epoll_ctl(ep, EPOLL_CTL_ADD, fd[i], &e))
			SHOW(i);
	}
	SHOW(epoll_wait(ep, out, 64, 0));
	for (int i = 0; i < N; i++)
		write(fd[i], &one, 8);
	/* every one comes although the buffer is small and half of them stay ready */
	while (total < 4 * N && rounds++ < 1000 && (n = epoll_wait(ep, out, 64, 0)) > 0)
		for (int i = 0; i < n; i++, total++)
			seen[out[i].data.u32]++;
	for (int i = 0; i < N; i++)
		missing += !seen[i] + (i % 2 && seen[i] != 1);
	SHOW(missing);
	for (int i = 0; i < N; i += 2)
		read(fd[i], &one, 8);
	SHOW(epoll_wait(ep, out, 64, 0));
	one = 1;
	for (int i = 0; i < N; i++)
		write(fd[i], &one, 8);
	n = epoll_wait(ep, out, 64, 0);
	SHOW(n);
	for (int i = 0; i < N; i++)
		if (i % 3)
			epoll_ctl(ep, EPOLL_CTL_DEL, fd[i], NULL);
	memset(seen, 0, sizeof(seen));
	for (rounds = 0; rounds < 100 && (n = epoll_wait(ep, out, 64, 0)) > 0; rounds++)
		for (int i = 0; i < n; i++)
			seen[out[i].data.u32]++;
	missing = 0;
	for (int i = 0; i < N; i++)
		missing += i % 3 ? seen[i] != 0 : i % 2 ? seen[i] > 1 : !seen[i];
	SHOW(missing);
	for (int i = 0; i < N; i++)
		close(fd[i]);
	SHOW(epoll_wait(ep, out, 64, 0));
	return 0;
}
