/* epoll on sockets: edge-triggered, one-shot and level-triggered readiness of every kind, and what a hang-up adds. */
#include <sys/epoll.h>
#include "each.h"

static int ep;

static void show(const char *what)
{
	struct epoll_event e[4];
	int n = epoll_wait(ep, e, 4, 100);

	printf("%s:", what);
	for (int i = 0; i < n; i++)
		printf(" %d%s%s%s%s%s", e[i].data.fd, e[i].events & EPOLLIN ? " IN" : "", e[i].events & EPOLLOUT ? " OUT" : "",
			e[i].events & EPOLLRDHUP ? " RDHUP" : "", e[i].events & EPOLLHUP ? " HUP" : "", e[i].events & EPOLLERR ? " ERR" : "");
	printf("%s\n", n ? "" : " nothing");
	fflush(stdout);
}

static void watch(int op, int fd, unsigned events, int data)
{
	struct epoll_event e = { .events = events, .data.fd = data };

	if (epoll_ctl(ep, op, fd, &e))
		printf("epoll_ctl: %s\n", errno_name(errno));
}

static void feed(int from, int to, const char *text)
{
	struct epoll_event e;

	(void)to;
	send(from, text, strlen(text), 0);
	(void)e;
	usleep(1000);
}

int main(void)
{
	FOR_EACH(k) {
		char buf[64];
		int p[2];

		title(k->name);
		ep = epoll_create1(0);
		make_pair(k, p);
		watch(EPOLL_CTL_ADD, p[1], EPOLLIN | EPOLLET | EPOLLRDHUP, 1);
		show("empty");
		feed(p[0], p[1], "one");
		show("edge");
		show("edge again");
		feed(p[0], p[1], "two");
		show("next edge");
		recv(p[1], buf, 2, 0);
		show("after a short read");
		while (recv(p[1], buf, 64, MSG_DONTWAIT) > 0)
			;
		show("drained");
		feed(p[0], p[1], "three");
		watch(EPOLL_CTL_MOD, p[1], EPOLLIN | EPOLLONESHOT, 2);
		show("one shot");
		feed(p[0], p[1], "four");
		show("disarmed");
		watch(EPOLL_CTL_MOD, p[1], EPOLLIN | EPOLLOUT | EPOLLONESHOT, 3);
		show("armed");
		watch(EPOLL_CTL_MOD, p[1], EPOLLIN | EPOLLOUT | EPOLLRDHUP, 4);
		show("level");
		show("level again");
		while (recv(p[1], buf, 64, MSG_DONTWAIT) > 0)
			;
		show("level, drained");
		watch(EPOLL_CTL_MOD, p[1], EPOLLOUT | EPOLLET, 5);
		show("out, edge");
		show("out, edge again");
		if (k->type != SOCK_DGRAM) {
			watch(EPOLL_CTL_MOD, p[1], EPOLLIN | EPOLLRDHUP, 6);
			shutdown(p[0], SHUT_WR);
			usleep(1000);
			show("half closed");
			watch(EPOLL_CTL_MOD, p[1], 0, 7);
			shutdown(p[1], SHUT_WR);
			usleep(1000);
			show("closed, nothing asked for");
		}
		close(p[1]);
		show("closed descriptor");
		close(p[0]);
		close(ep);
	}
	return 0;
}
