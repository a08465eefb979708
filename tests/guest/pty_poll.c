/* musl */
/* poll, select and epoll on both ends; edge-triggered; wake-ups across processes. */
#include "tty.h"
#include <sys/epoll.h>
#include <sys/select.h>

static int events(int fd)
{
	struct pollfd p = { fd, POLLIN | POLLOUT | POLLPRI, 0 };

	poll(&p, 1, 0);
	return p.revents;
}

int main(void)
{
	struct epoll_event e = { .events = EPOLLIN | EPOLLET, .data.u32 = 5 }, got;
	int ep = epoll_create1(0);
	fd_set in, out;
	char buf[100];

	tty_new();
	printf("%x %x\n", events(master), events(slave));
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, slave, &e));
	SHOW(epoll_wait(ep, &got, 1, 0));
	type("partial");
	ready(slave, 20);
	printf("%x\n", events(slave));
	SHOW(epoll_wait(ep, &got, 1, 0));
	type(" line\n");
	SHOW(epoll_wait(ep, &got, 1, 500));
	SHOW(epoll_wait(ep, &got, 1, 0));
	printf("%x\n", events(slave));
	SHOW(read(slave, buf, 3));
	printf("%x\n", events(slave));
	SHOW(read(slave, buf, 100));
	printf("%x\n", events(slave));
	FD_ZERO(&in);
	FD_ZERO(&out);
	FD_SET(master, &in);
	FD_SET(slave, &out);
	SHOW(select(slave > master ? slave + 1 : master + 1, &in, &out, NULL, &(struct timeval){ 1, 0 }));
	SHOW(FD_ISSET(master, &in) && FD_ISSET(slave, &out));
	drain(master, buf, sizeof(buf));
	if (!fork()) {
		usleep(20000);
		write(slave, "from the child", 14);
		_exit(0);
	}
	SHOW(ready(master, 2000));
	screen("master");
	wait(NULL);
	if (!fork()) {
		usleep(20000);
		type("to the slave\n");
		_exit(0);
	}
	SHOW(epoll_wait(ep, &got, 1, 2000));
	SHOW(got.data.u32);
	take("slave", 100);
	wait(NULL);
	close(slave);
	slave = -1;
	printf("%x\n", events(master) & ~POLLIN);
	return 0;
}
