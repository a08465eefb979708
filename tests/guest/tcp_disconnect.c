/* connect(AF_UNSPEC): what a connection, an attempt and a listener become. */
#include "tcp_pair.h"
#include <signal.h>

static struct sockaddr unspec = { .sa_family = AF_UNSPEC };

int main(void)
{
	struct sockaddr_in addr;
	int l = tcp_listener(&addr, 3), c, s;
	char buf[8];

	signal(SIGPIPE, SIG_IGN);
	c = tcp_connect_to(&addr);
	s = accept(l, NULL, NULL);
	write(s, "unread", 6);
	wait_for(c, POLLIN);
	SHOW(connect(c, &unspec, sizeof(unspec)));
	SHOW_STATE(c);
	wait_for(s, POLLHUP);
	SHOW(read(s, buf, 8));
	SHOW(read(c, buf, 8));
	SHOW(int_opt(c, SOL_SOCKET, SO_ERROR));
	SHOW(write(c, "x", 1));
	/* It can be used again. */
	SHOW(connect(c, (struct sockaddr *)&addr, sizeof(addr)));
	s = accept(l, NULL, NULL);
	SHOW(write(c, "again", 5));
	SHOW(read(s, buf, 8));
	SHOW(connect(c, &unspec, sizeof(unspec)));
	SHOW(listen(c, 1));
	SHOW_STATE(c);
	/* A listener stops listening; whoever waits in its queue is reset. */
	c = tcp_connect_to(&addr);
	SHOW(shutdown(l, SHUT_RD));
	SHOW_STATE(l);
	wait_for(c, POLLHUP);
	SHOW(read(c, buf, 8));
	SHOW(listen(l, 3));
	c = tcp_connect_to(&addr);
	SHOW_STATE(c);
	return 0;
}
