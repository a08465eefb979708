/* The accept queue: backlog plus one connections; what comes then waits, and what is left in it is reset. */
#include "tcp_pair.h"

int main(void)
{
	struct sockaddr_in addr;
	int l = tcp_listener(&addr, 1), c[4];
	char buf[4];

	for (int i = 0; i < 3; i++) {
		c[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		connect(c[i], (struct sockaddr *)&addr, sizeof(addr));
	}
	SHOW_POLL(c[0], POLLOUT, 5000);
	SHOW_POLL(c[1], POLLOUT, 5000);
	SHOW_POLL(c[2], POLLOUT, 100);
	SHOW_STATE(c[2]);
	/* Room: the repeated SYN gets through after a second. */
	SHOW(accept(l, NULL, NULL) >= 0);
	SHOW_POLL(c[2], POLLOUT, 5000);
	SHOW_STATE(c[2]);
	SHOW(close(l));
	SHOW_POLL(c[1], POLLIN | POLLOUT | POLLRDHUP, 5000);
	SHOW(read(c[1], buf, 4));
	SHOW(int_opt(c[2], SOL_SOCKET, SO_ERROR));
	SHOW_STATE(c[2]);
	return 0;
}
