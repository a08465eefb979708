/* Half-closed connections: what still flows, what poll and errno say at each end; RST for unread data and for data that nobody
 * takes. */
#include <signal.h>
#include "tcp_pair.h"

static void get(const char *what, int fd)
{
	char buf[64];
	long n = recv(fd, buf, sizeof(buf), 0);

	if (n < 0)
		printf("%s: %s\n", what, errno_name(errno));
	else
		printf("%s: %ld '%.*s'\n", what, n, (int)n, buf);
}
#define EV (POLLIN | POLLOUT | POLLRDHUP)

int main(void)
{
	struct sockaddr_in addr;
	struct linger l = { 1, 0 };
	int p[2], s, a;

	signal(SIGPIPE, SIG_IGN);
	tcp_pair(p);
	SHOW(shutdown(p[0], SHUT_WR));
	SHOW(send(p[0], "x", 1, 0));
	wait_for(p[1], POLLRDHUP);
	SHOW_POLL(p[1], EV, 0);
	SHOW_POLL(p[0], EV, 0);
	get("end", p[1]);
	SHOW(send(p[1], "back", 4, 0));
	get("back", p[0]);
	SHOW_STATE(p[0]);
	SHOW_STATE(p[1]);
	SHOW(shutdown(p[1], SHUT_WR));
	get("end", p[0]);
	SHOW_POLL(p[1], EV, 0);
	SHOW_POLL(p[0], EV, 0);
	SHOW_STATE(p[1]);
	SHOW(shutdown(p[0], SHUT_WR));
	SHOW(shutdown(p[0], SHUT_RDWR));
	close(p[0]);
	close(p[1]);

	printf("== reading is shut\n");
	tcp_pair(p);
	SHOW(shutdown(p[1], SHUT_RD));
	SHOW_POLL(p[1], EV, 0);
	get("shut", p[1]);
	SHOW(send(p[0], "still", 5, 0));
	wait_for(p[1], POLLIN);
	usleep(20000);
	get("still", p[1]);
	get("then", p[1]);
	SHOW(send(p[1], "x", 1, 0));
	get("other way", p[0]);
	close(p[0]);
	close(p[1]);

	printf("== closed with unread data\n");
	tcp_pair(p);
	SHOW(send(p[0], "unread", 6, 0));
	wait_for(p[1], POLLIN);
	close(p[1]);
	wait_for(p[0], POLLHUP);
	SHOW_POLL(p[0], EV, 0);
	SHOW(int_opt(p[0], SOL_SOCKET, SO_ERROR) == ECONNRESET);
	get("after", p[0]);
	SHOW(send(p[0], "x", 1, 0));
	SHOW_STATE(p[0]);
	close(p[0]);

	printf("== linger 0\n");
	tcp_pair(p);
	setsockopt(p[1], SOL_SOCKET, SO_LINGER, &l, sizeof(l));
	close(p[1]);
	wait_for(p[0], POLLHUP);
	SHOW_POLL(p[0], EV, 0);
	get("reset", p[0]);
	get("again", p[0]);
	SHOW(send(p[0], "x", 1, 0));
	close(p[0]);

	printf("== data for a closed socket\n");
	tcp_pair(p);
	close(p[1]);
	wait_for(p[0], POLLRDHUP);
	SHOW(send(p[0], "first", 5, 0));
	wait_for(p[0], POLLHUP);
	SHOW_POLL(p[0], EV, 0);
	SHOW(send(p[0], "second", 6, 0));
	SHOW(send(p[0], "third", 5, 0));
	get("read", p[0]);
	close(p[0]);

	printf("== a reset connection in the backlog\n");
	s = tcp_listener(&addr, 4);
	a = tcp_connect_to(&addr);
	SHOW(send(a, "data", 4, 0));
	setsockopt(a, SOL_SOCKET, SO_LINGER, &l, sizeof(l));
	wait_for(s, POLLIN);
	close(a);
	usleep(20000);
	a = accept(s, NULL, NULL);
	printf("accepted %d\n", a >= 0);
	get("data", a);
	return 0;
}
