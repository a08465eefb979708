/* F_SETPIPE_SZ, what fits, packets of O_DIRECT, FIONREAD, reads that are cut. */
/* musl */
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <asm/ioctls.h>

#include "show.h"

static char buf[1 << 21];

static int fill(int fd)
{
	int n, total = 0;

	while ((n = write(fd, buf, 4096)) > 0)
		total += n;
	return total;
}

int main(void)
{
	int p[2], n;

	signal(SIGPIPE, SIG_IGN);
	pipe2(p, O_NONBLOCK);
	SHOW(fcntl(p[0], F_GETPIPE_SZ));
	SHOW(fcntl(p[0], F_SETPIPE_SZ, 1));
	SHOW(fcntl(p[1], F_GETPIPE_SZ));
	SHOW(fill(p[1]));
	SHOW(fcntl(p[1], F_SETPIPE_SZ, 5000));
	SHOW(fill(p[1]));
	SHOW(fcntl(p[1], F_SETPIPE_SZ, 4096));
	SHOW(ioctl(p[0], FIONREAD, &n));
	SHOW(n);
	SHOW(fcntl(p[1], F_SETPIPE_SZ, 1 << 20));
	SHOW(fill(p[1]));
	SHOW(read(p[0], buf, sizeof(buf)));
	SHOW(fcntl(p[1], F_SETPIPE_SZ, 0x80000001));
	SHOW(fcntl(p[1], F_SETPIPE_SZ, 0));
	SHOW(fcntl(open("f", O_CREAT | O_RDWR, 0600), F_SETPIPE_SZ, 4096));
	SHOW(fcntl(-1, F_GETPIPE_SZ));
	/* packets */
	SHOW(pipe2(p, O_DIRECT | O_NONBLOCK));
	SHOW(write(p[1], "one", 3));
	SHOW(write(p[1], "second", 6));
	SHOW(write(p[1], buf, 10000));
	SHOW(ioctl(p[0], FIONREAD, &n));
	SHOW(n);
	SHOW(read(p[0], buf, 100));
	SHOW(read(p[0], buf, 3));
	SHOW(read(p[0], buf, 100000));
	SHOW(read(p[0], buf, 100000));
	SHOW(read(p[0], buf, 100000));
	SHOW(read(p[0], buf, 100000));
	SHOW(write(p[1], "", 0));
	SHOW(read(p[0], buf, 10));
	SHOW(fcntl(p[1], F_SETFL, O_NONBLOCK));
	SHOW(write(p[1], "a", 1));
	SHOW(write(p[1], "b", 1));
	SHOW(read(p[0], buf, 10));
	SHOW(fcntl(p[1], F_SETFL, O_NONBLOCK | O_DIRECT));
	SHOW(write(p[1], "a", 1));
	SHOW(write(p[1], "b", 1));
	SHOW(read(p[0], buf, 10));
	SHOW(pipe2(p, 0x100));
	SHOW(pipe2(BAD_PTR, 0));
	return 0;
}
