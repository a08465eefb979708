/* select on TCP: readable, writable, exceptional (urgent data). */
#include "tcp_pair.h"
#include <sys/select.h>

static void show(const char *what, int fd, int ms)
{
	struct timeval tv = { ms / 1000, ms % 1000 * 1000 };
	fd_set r, w, e;
	int n;

	FD_ZERO(&r);
	FD_ZERO(&w);
	FD_ZERO(&e);
	FD_SET(fd, &r);
	FD_SET(fd, &e);
	if (ms >= 0)
		FD_SET(fd, &w);
	else
		tv.tv_sec = 5, tv.tv_usec = 0;
	n = select(fd + 1, &r, &w, &e, &tv);
	printf("%s: %d r%d w%d e%d\n", what, n, !!FD_ISSET(fd, &r), !!FD_ISSET(fd, &w), !!FD_ISSET(fd, &e));
}

int main(void)
{
	int p[2], n = socket(AF_INET, SOCK_STREAM, 0);
	char buf[8];

	show("fresh", n, 0);
	tcp_pair(p);
	show("idle", p[1], 0);
	write(p[0], "a", 1);
	show("data", p[1], -1);
	read(p[1], buf, 8);
	send(p[0], "u", 1, MSG_OOB);
	show("urgent", p[1], -1);
	recv(p[1], buf, 1, MSG_OOB);
	shutdown(p[0], SHUT_WR);
	wait_for(p[1], POLLRDHUP);
	show("end", p[1], 0);
	read(p[1], buf, 8);
	show("still the end", p[1], 0);
	shutdown(p[1], SHUT_WR);
	show("both shut", p[1], 0);
	return 0;
}
