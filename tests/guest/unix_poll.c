/* poll and epoll over AF_UNIX sockets in every state. */
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include "show.h"

#define ALL (POLLIN | POLLPRI | POLLOUT | POLLRDNORM | POLLRDBAND | POLLWRNORM | POLLWRBAND | POLLRDHUP)
static char data[1 << 16];

static void show(const char *what, int fd)
{
	struct pollfd p = { fd, ALL, 0 };
	int n = poll(&p, 1, 0);

	printf("%s: %d %#x\n", what, n, p.revents);
	fflush(stdout);
}

static void states(int type)
{
	char buf[8];
	int s[2];

	printf("type %d\n", type);
	socketpair(AF_UNIX, type, 0, s);
	show("fresh", s[0]);
	write(s[1], "x", 1);
	show("readable", s[0]);
	read(s[0], buf, 1);
	shutdown(s[1], SHUT_WR);
	show("peer shut write", s[0]);
	show("own shut write", s[1]);
	shutdown(s[1], SHUT_RD);
	show("peer shut both", s[0]);
	show("own shut both", s[1]);
	close(s[0]);
	close(s[1]);
	socketpair(AF_UNIX, type, 0, s);
	while (send(s[0], data, 4096, MSG_DONTWAIT) > 0)
		;
	show("full", s[0]);
	close(s[1]);
	show("peer closed with unread data", s[0]);
	close(s[0]);
	socketpair(AF_UNIX, type, 0, s);
	close(s[1]);
	show("peer closed", s[0]);
	close(s[0]);
	s[0] = socket(AF_UNIX, type, 0);
	show("unconnected", s[0]);
	close(s[0]);
}

int main(void)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	struct epoll_event ev = { EPOLLIN | EPOLLRDHUP | EPOLLET, { .fd = 5 } }, got[4];
	int s[2], l, c, ep, n;
	char buf[16];

	states(SOCK_STREAM);
	states(SOCK_DGRAM);
	states(SOCK_SEQPACKET);
	l = socket(AF_UNIX, SOCK_STREAM, 0);
	bind(l, (void *)&a, sizeof(sa_family_t)); /* autobind */
	listen(l, 2);
	show("listening", l);
	socklen_t len = sizeof(a);
	getsockname(l, (void *)&a, &len);
	printf("name of %d bytes\n", len);
	c = socket(AF_UNIX, SOCK_STREAM, 0);
	SHOW(connect(c, (void *)&a, len));
	show("pending connection", l);
	show("connected", c);
	SHOW_OK(accept(l, NULL, NULL));
	show("accepted", l);

	socketpair(AF_UNIX, SOCK_STREAM, 0, s);
	ep = epoll_create1(0);
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, s[0], &ev));
	SHOW(epoll_wait(ep, got, 4, 0));
	write(s[1], "a", 1);
	n = SHOW(epoll_wait(ep, got, 4, 0));
	printf("%#x\n", n > 0 ? got[0].events : 0);
	SHOW(epoll_wait(ep, got, 4, 0));
	write(s[1], "b", 1);
	SHOW(epoll_wait(ep, got, 4, 0));
	read(s[0], buf, 16);
	SHOW(epoll_wait(ep, got, 4, 0));
	close(s[1]);
	n = SHOW(epoll_wait(ep, got, 4, 0));
	printf("%#x\n", n > 0 ? got[0].events : 0);
	return 0;
}
