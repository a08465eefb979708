/* Connecting without waiting: EINPROGRESS, EALREADY, poll and SO_ERROR. */
#include "tcp_pair.h"

int main(void)
{
	struct sockaddr_in addr, a = LOOPBACK;
	int l = tcp_listener(&addr, 4), c = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), s;
	char buf[8];

	SHOW_POLL(c, POLLIN | POLLOUT | POLLRDHUP, 0);
	SHOW(connect(c, (struct sockaddr *)&addr, sizeof(addr)));
	SHOW_POLL(c, POLLOUT, 5000);
	SHOW(int_opt(c, SOL_SOCKET, SO_ERROR));
	SHOW(connect(c, (struct sockaddr *)&addr, sizeof(addr)));
	SHOW(connect(c, (struct sockaddr *)&addr, sizeof(addr)));
	SHOW_STATE(c);
	s = accept4(l, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	printf("accepted nonblocking: %d, close-on-exec: %d\n", !!(fcntl(s, F_GETFL) & O_NONBLOCK), fcntl(s, F_GETFD));
	SHOW(read(s, buf, 8));
	SHOW(fcntl(l, F_SETFL, O_NONBLOCK));
	SHOW(accept(l, NULL, NULL));
	close(c);
	close(s);

	c = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	a.sin_port = htons(1);
	SHOW(connect(c, (struct sockaddr *)&a, sizeof(a)));
	SHOW_POLL(c, POLLOUT | POLLIN, 5000);
	SHOW(int_opt(c, SOL_SOCKET, SO_ERROR));
	SHOW(int_opt(c, SOL_SOCKET, SO_ERROR));
	SHOW_POLL(c, POLLOUT | POLLIN | POLLRDHUP, 0);
	SHOW(read(c, buf, 8));
	SHOW(send(c, buf, 8, MSG_NOSIGNAL));
	/* The error is told once, by connect as well. */
	c = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	SHOW(connect(c, (struct sockaddr *)&a, sizeof(a)));
	wait_for(c, POLLOUT);
	SHOW(connect(c, (struct sockaddr *)&a, sizeof(a)));
	SHOW(connect(c, (struct sockaddr *)&addr, sizeof(addr)));
	wait_for(c, POLLOUT);
	SHOW(connect(c, (struct sockaddr *)&addr, sizeof(addr)));
	SHOW(write(c, "x", 1));
	return 0;
}
