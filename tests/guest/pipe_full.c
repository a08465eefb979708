/* How much a pipe takes by sizes of write, F_SETPIPE_SZ, FIONREAD, and readiness on the way. */
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>

#include "show.h"

static void fill(int chunk)
{
	char *buf = calloc(1, chunk);
	int p[2], n = 0, total = 0, got, avail;
	struct pollfd pf = { .events = POLLIN | POLLOUT };

	if (pipe2(p, O_NONBLOCK))
		exit(1);
	while ((got = write(p[1], buf, chunk)) > 0)
		n++, total += got;
	ioctl(p[0], FIONREAD, &avail);
	printf("chunk %d: %d writes, %d bytes, %s, FIONREAD %d\n", chunk, n, total, errno_name(errno), avail);
	pf.fd = p[1];
	SHOW(poll(&pf, 1, 0));
	SHOW(read(p[0], buf, 1));
	SHOW(poll(&pf, 1, 0));
	SHOW(write(p[1], buf, 1));
	close(p[0]);
	SHOW(poll(&pf, 1, 0));
	SHOW(pf.revents);
	close(p[1]);
	free(buf);
}

int main(void)
{
	int p[2];
	char *buf = calloc(1, 200000);

	fill(1);
	fill(100);
	fill(1000);
	fill(4096);
	fill(4097);
	fill(5000);
	fill(65536);
	fill(100000);
	if (pipe2(p, O_NONBLOCK))
		return 1;
	SHOW(fcntl(p[0], F_GETPIPE_SZ));
	SHOW(fcntl(p[0], F_SETPIPE_SZ, 100000));
	SHOW(write(p[1], buf, 200000));
	SHOW(fcntl(p[0], F_SETPIPE_SZ, 4096));
	SHOW(read(p[0], buf, 130000));
	SHOW(fcntl(p[0], F_SETPIPE_SZ, 4096));
	SHOW(fcntl(p[0], F_GETPIPE_SZ));
	SHOW(write(p[1], buf, 5000));
	SHOW(fcntl(p[0], F_SETPIPE_SZ, 0));
	SHOW(fcntl(0, F_GETPIPE_SZ));
	SHOW(fcntl(p[1], F_GETFL));
	SHOW(fcntl(p[0], F_GETFL));
	return 0;
}
