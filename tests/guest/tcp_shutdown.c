/* shutdown(2): half-closed connections in both directions, SIGPIPE, poll. */
#include "tcp_pair.h"
#include <signal.h>

static volatile int pipes;
static void on_pipe(int sig) { (void)sig; pipes++; }

int main(void)
{
	int p[2], n = socket(AF_INET, SOCK_STREAM, 0);
	char buf[16];

	signal(SIGPIPE, on_pipe);
	SHOW(shutdown(-1, SHUT_RD));
	SHOW(shutdown(n, SHUT_RDWR));
	SHOW(shutdown(n, 7));
	tcp_pair(p);
	SHOW(shutdown(p[0], 3));
	SHOW(shutdown(p[0], -1));
	SHOW_POLL(p[0], POLLIN | POLLOUT | POLLRDHUP, 0);
	SHOW(write(p[0], "last", 4));
	SHOW(shutdown(p[0], SHUT_WR));
	SHOW(write(p[0], "x", 1));
	printf("SIGPIPE: %d\n", pipes);
	SHOW(send(p[0], "x", 1, MSG_NOSIGNAL));
	printf("SIGPIPE: %d\n", pipes);
	SHOW(read(p[1], buf, sizeof(buf)));
	SHOW(read(p[1], buf, sizeof(buf)));
	SHOW(read(p[1], buf, sizeof(buf)));
	SHOW_POLL(p[1], POLLIN | POLLOUT | POLLRDHUP, 5000);
	SHOW(write(p[1], "answer", 6));
	SHOW(read(p[0], buf, sizeof(buf)));
	SHOW(shutdown(p[0], SHUT_WR));
	SHOW(shutdown(p[1], SHUT_RDWR));
	wait_for(p[0], POLLIN);
	SHOW(read(p[0], buf, sizeof(buf)));
	SHOW_POLL(p[0], POLLIN | POLLOUT | POLLRDHUP, 5000);
	SHOW_POLL(p[1], POLLIN | POLLOUT | POLLRDHUP, 5000);
	close(p[0]);
	close(p[1]);

	tcp_pair(p);
	/* The reading side shut: what is there can be read, and more still comes in. */
	write(p[1], "abc", 3);
	wait_for(p[0], POLLIN);
	SHOW(shutdown(p[0], SHUT_RD));
	SHOW_POLL(p[0], POLLIN | POLLOUT | POLLRDHUP, 0);
	SHOW(read(p[0], buf, 2));
	SHOW(read(p[0], buf, 2));
	SHOW(read(p[0], buf, 2));
	SHOW(write(p[1], "defg", 4));
	usleep(50000);
	SHOW(read(p[0], buf, sizeof(buf)));
	SHOW(write(p[0], "still", 5));
	SHOW(read(p[1], buf, sizeof(buf)));
	SHOW_POLL(p[1], POLLIN | POLLOUT | POLLRDHUP, 0);
	return 0;
}
