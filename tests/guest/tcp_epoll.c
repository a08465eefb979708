/* epoll on TCP: levels, edges, one shot, hang-ups. */
#include "tcp_pair.h"
#include <sys/epoll.h>

static int ep;
static void show_events(const char *text, int timeout)
{
	static const struct { unsigned bit; const char *name; } bits[] = { { EPOLLIN, "IN" }, { EPOLLOUT, "OUT" },
		{ EPOLLRDHUP, "RDHUP" }, { EPOLLHUP, "HUP" }, { EPOLLERR, "ERR" }, { EPOLLPRI, "PRI" } };
	struct epoll_event e[8];
	int n = epoll_wait(ep, e, 8, timeout);

	printf("%s: %d", text, n);
	for (int i = 0; i < n; i++) {
		printf(" %c", (char)e[i].data.u32);
		for (unsigned k = 0; k < sizeof(bits) / sizeof(bits[0]); k++)
			if (e[i].events & bits[k].bit)
				printf(" %s", bits[k].name);
	}
	printf("\n");
}

static void add(int fd, char name, unsigned events, int op)
{
	struct epoll_event e = { .events = events, .data.u32 = (unsigned)name };

	if (epoll_ctl(ep, op, fd, &e))
		die("epoll_ctl");
}

int main(void)
{
	struct sockaddr_in addr;
	int l = tcp_listener(&addr, 8), c, s;
	char buf[16];

	ep = epoll_create1(0);
	add(l, 'l', EPOLLIN, EPOLL_CTL_ADD);
	show_events("nobody", 0);
	c = tcp_connect_to(&addr);
	show_events("a connection", 5000);
	show_events("still", 0);
	s = accept(l, NULL, NULL);
	show_events("accepted", 0);
	add(s, 's', EPOLLIN | EPOLLRDHUP | EPOLLET, EPOLL_CTL_ADD);
	show_events("edge: nothing", 0);
	write(c, "ab", 2);
	show_events("edge: data", 5000);
	show_events("edge: no news", 0);
	read(s, buf, 1);
	show_events("edge: half read", 0);
	write(c, "c", 1);
	show_events("edge: more", 5000);
	read(s, buf, sizeof(buf));
	add(s, 's', EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
	show_events("level: out", 0);
	show_events("level: out", 0);
	add(s, 's', EPOLLIN | EPOLLONESHOT, EPOLL_CTL_MOD);
	write(c, "d", 1);
	show_events("one shot", 5000);
	show_events("one shot, again", 0);
	add(s, 's', EPOLLIN | EPOLLONESHOT, EPOLL_CTL_MOD);
	show_events("one shot, armed", 0);
	read(s, buf, sizeof(buf));
	add(s, 's', EPOLLIN | EPOLLRDHUP, EPOLL_CTL_MOD);
	shutdown(c, SHUT_WR);
	show_events("half closed", 5000);
	close(s);
	show_events("closed descriptor", 0);
	add(c, 'c', EPOLLIN | EPOLLRDHUP, EPOLL_CTL_ADD);
	show_events("both closed", 5000);
	close(c);
	c = socket(AF_INET, SOCK_STREAM, 0);
	add(c, 'c', EPOLLIN | EPOLLOUT, EPOLL_CTL_ADD);
	show_events("not connected", 0);
	return 0;
}
