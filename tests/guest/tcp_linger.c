/* SO_LINGER: values, a close that waits for the peer's acknowledgement, and one that has nothing to wait for. */ /* musl */
#include "tcp_pair.h"
#include <time.h>

static void show(int fd)
{
	struct linger lg = { -1, -1 };
	socklen_t len = sizeof(lg);

	getsockopt(fd, SOL_SOCKET, SO_LINGER, &lg, &len);
	printf("linger %d %d, length %d\n", lg.l_onoff, lg.l_linger, len);
}

int main(void)
{
	struct linger lg = { 1, 5 };
	struct timespec a, b;
	char buf[64];
	int p[2];

	tcp_pair(p);
	show(p[0]);
	SHOW(setsockopt(p[0], SOL_SOCKET, SO_LINGER, &lg, 4));
	SHOW(setsockopt(p[0], SOL_SOCKET, SO_LINGER, &lg, sizeof(lg)));
	show(p[0]);
	write(p[0], "acknowledged at once", 20);
	clock_gettime(CLOCK_MONOTONIC, &a);
	SHOW(close(p[0]));
	clock_gettime(CLOCK_MONOTONIC, &b);
	printf("quick: %d\n", b.tv_sec - a.tv_sec < 4);
	SHOW(read(p[1], buf, sizeof(buf)));
	SHOW(read(p[1], buf, sizeof(buf)));
	lg.l_onoff = 0;
	SHOW(setsockopt(p[1], SOL_SOCKET, SO_LINGER, &lg, sizeof(lg)));
	show(p[1]);
	return 0;
}
