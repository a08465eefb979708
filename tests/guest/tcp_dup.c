/* A connection with several descriptors and processes ends with the last of them. */
#include "tcp_pair.h"
#include <sys/wait.h>

int main(void)
{
	int p[2], d, status;
	char buf[16];

	tcp_pair(p);
	d = dup(p[0]);
	close(p[0]);
	SHOW_POLL(p[1], POLLIN | POLLRDHUP, 50);
	SHOW(write(d, "by the copy", 11));
	SHOW(read(p[1], buf, 16));
	if (!fork()) {
		close(p[1]);
		usleep(50000);
		write(d, "child", 5);
		_exit(0);
	}
	close(d);
	SHOW(read(p[1], buf, 16));
	SHOW(read(p[1], buf, 16));
	wait(&status);
	/* shutdown is for all. */
	tcp_pair(p);
	d = dup(p[0]);
	SHOW(shutdown(p[0], SHUT_WR));
	SHOW(send(d, "x", 1, MSG_NOSIGNAL));
	SHOW(read(p[1], buf, 16));
	/* exit closes. */
	tcp_pair(p);
	if (!fork())
		_exit(0);
	wait(&status);
	SHOW_POLL(p[1], POLLIN, 20);
	close(p[0]);
	SHOW_POLL(p[1], POLLIN | POLLRDHUP, 5000);
	return 0;
}
