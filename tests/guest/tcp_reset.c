/* Ends by force: unread data, SO_LINGER with zero, and what the other end is told. */
#include "tcp_pair.h"
#include <signal.h>

int main(void)
{
	struct linger lg = { 1, 0 };
	char buf[16];
	int p[2];

	signal(SIGPIPE, SIG_IGN);
	tcp_pair(p);
	write(p[0], "unread", 6);
	wait_for(p[1], POLLIN);
	close(p[1]);
	SHOW_POLL(p[0], POLLIN | POLLOUT | POLLRDHUP, 5000);
	SHOW(write(p[0], "x", 1));
	SHOW(read(p[0], buf, sizeof(buf)));
	SHOW(read(p[0], buf, sizeof(buf)));
	SHOW(write(p[0], "x", 1));
	SHOW_STATE(p[0]);
	close(p[0]);

	tcp_pair(p);
	write(p[0], "unread", 6);
	wait_for(p[1], POLLIN);
	close(p[1]);
	wait_for(p[0], POLLIN);
	SHOW(read(p[0], buf, sizeof(buf)));
	SHOW(read(p[0], buf, sizeof(buf)));
	SHOW(int_opt(p[0], SOL_SOCKET, SO_ERROR));
	close(p[0]);

	tcp_pair(p);
	SHOW(setsockopt(p[1], SOL_SOCKET, SO_LINGER, &lg, sizeof(lg)));
	SHOW(close(p[1]));
	wait_for(p[0], POLLIN);
	SHOW(int_opt(p[0], SOL_SOCKET, SO_ERROR));
	SHOW(read(p[0], buf, sizeof(buf)));
	SHOW_STATE(p[0]);
	close(p[0]);

	/* Data for a socket that is closed: RST comes back. */
	tcp_pair(p);
	close(p[1]);
	wait_for(p[0], POLLRDHUP);
	SHOW(read(p[0], buf, sizeof(buf)));
	SHOW(write(p[0], "a", 1));
	wait_for(p[0], POLLHUP);
	SHOW(write(p[0], "b", 1));
	SHOW_POLL(p[0], POLLIN | POLLOUT | POLLRDHUP, 0);
	SHOW(read(p[0], buf, sizeof(buf)));
	close(p[0]);

	/* Data received before the RST is lost. */
	tcp_pair(p);
	write(p[1], "data", 4);
	wait_for(p[0], POLLIN);
	setsockopt(p[1], SOL_SOCKET, SO_LINGER, &lg, sizeof(lg));
	close(p[1]);
	wait_for(p[0], POLLHUP);
	SHOW(read(p[0], buf, 2));
	SHOW(read(p[0], buf, sizeof(buf)));
	return 0;
}
