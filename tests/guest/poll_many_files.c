/* musl */
/* poll and select over many descriptors: order of results, holes, one in a thousand that wakes. */
#include "show.h"
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/wait.h>

#define N 800

int main(void)
{
	static struct pollfd p[N];
	struct rlimit r = { 1024, 1024 };
	unsigned long long one = 1;
	fd_set in;
	int n, odd = 0;

	setrlimit(RLIMIT_NOFILE, &r);
	for (int i = 0; i < N; i++)
		p[i] = (struct pollfd){ eventfd(0, EFD_NONBLOCK), POLLIN, 0 };
	SHOW(poll(p, N, 0));
	for (int i = 0; i < N; i += 3)
		write(p[i].fd, &one, 8);
	SHOW(poll(p, N, 0));
	for (int i = 0; i < N; i++)
		odd += (p[i].revents != 0) != (i % 3 == 0);
	SHOW(odd);
	for (int i = 0; i < N; i += 3)
		read(p[i].fd, &one, 8);
	for (int i = 0; i < N; i += 2)
		p[i].fd = -1 - p[i].fd;
	one = 1;
	if (!fork()) {
		usleep(20000);
		write(p[701].fd, &one, 8);
		_exit(0);
	}
	SHOW(poll(p, N, 5000));
	SHOW(p[701].revents);
	wait(NULL);
	for (int i = 0; i < N; i += 2)
		p[i].fd = -1 - p[i].fd;
	FD_ZERO(&in);
	for (int i = 0; i < N; i++)
		FD_SET(p[i].fd, &in);
	SHOW(n = select(p[N - 1].fd + 1, &in, NULL, NULL, NULL));
	SHOW(FD_ISSET(p[701].fd, &in));
	read(p[701].fd, &one, 8);
	one = 1;
	FD_ZERO(&in);
	for (int i = 0; i < N; i++)
		FD_SET(p[i].fd, &in);
	if (!fork()) {
		usleep(20000);
		write(p[799].fd, &one, 8);
		_exit(0);
	}
	SHOW(select(p[N - 1].fd + 1, &in, NULL, NULL, NULL));
	odd = 0;
	for (int i = 0; i < N; i++)
		odd += FD_ISSET(p[i].fd, &in) != 0;
	SHOW(odd);
	wait(NULL);
	return 0;
}
