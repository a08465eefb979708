/* IPv6: refused, reset, nonblocking, shutdown, urgent data. */
#include "tcp_pair.h"
#include <signal.h>

int main(void)
{
	struct sockaddr_in6 addr = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT }, none = addr;
	socklen_t len = sizeof(addr);
	int l = socket(AF_INET6, SOCK_STREAM, 0), c, s;
	char buf[16];

	signal(SIGPIPE, SIG_IGN);
	bind(l, (struct sockaddr *)&addr, sizeof(addr));
	listen(l, 4);
	getsockname(l, (struct sockaddr *)&addr, &len);
	none.sin6_port = htons(1);
	c = socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK, 0);
	SHOW(connect(c, (struct sockaddr *)&none, sizeof(none)));
	SHOW_POLL(c, POLLOUT, 5000);
	SHOW(int_opt(c, SOL_SOCKET, SO_ERROR));
	c = socket(AF_INET6, SOCK_STREAM, 0);
	SHOW(connect(c, (struct sockaddr *)&addr, sizeof(addr)));
	s = accept(l, NULL, NULL);
	SHOW(send(c, "abU", 3, MSG_OOB));
	wait_for(s, POLLPRI);
	SHOW(recv(s, buf, 1, MSG_OOB));
	SHOW(recv(s, buf, 16, 0));
	write(c, "unread", 6);
	wait_for(s, POLLIN);
	close(s);
	wait_for(c, POLLHUP);
	SHOW(read(c, buf, 16));
	SHOW(write(c, "x", 1));
	close(c);
	c = socket(AF_INET6, SOCK_STREAM, 0);
	connect(c, (struct sockaddr *)&addr, sizeof(addr));
	close(l);
	wait_for(c, POLLHUP);
	SHOW(read(c, buf, 16));
	SHOW(connect(c, &(struct sockaddr){ .sa_family = AF_UNSPEC }, sizeof(struct sockaddr)));
	SHOW_STATE(c);
	return 0;
}
