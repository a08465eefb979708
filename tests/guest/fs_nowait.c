/* RWF_NOWAIT: what has it, and EAGAIN where it would wait. Files of disk file systems differ and are not asked. */
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include "show.h"

#define NOWAIT 8

static char buf[4096];

static void both(const char *what, int in, int out)
{
	struct iovec v = { buf, 8 };

	printf("%s\n", what);
	SHOW(syscall(SYS_preadv2, in, &v, 1, -1L, -1L, NOWAIT));
	SHOW(syscall(SYS_pwritev2, out, &v, 1, -1L, -1L, NOWAIT));
	SHOW(syscall(SYS_preadv2, in, &v, 1, -1L, -1L, NOWAIT));
	SHOW(syscall(SYS_preadv2, in, &v, 1, 0L, 0L, NOWAIT));
	SHOW(syscall(SYS_pwritev2, out, &v, 1, 0L, 0L, NOWAIT));
}

int main(void)
{
	struct iovec v = { buf, 8 };
	int p[2], s[2], fd, dir = open(".", O_RDONLY), full;

	if (pipe(p) || socketpair(AF_UNIX, SOCK_STREAM, 0, s))
		return 1;
	fd = memfd_create("m", 0);
	both("memfd", fd, fd);
	both("pipe", p[0], p[1]);
	fcntl(p[1], F_SETFL, O_NONBLOCK);
	while (write(p[1], buf, sizeof(buf)) > 0)
		;
	fcntl(p[1], F_SETFL, 0);
	SHOW(syscall(SYS_pwritev2, p[1], &v, 1, -1L, -1L, NOWAIT));
	SHOW(fcntl(p[1], F_GETFL) & O_NONBLOCK);
	both("socket", s[0], s[1]);
	fd = eventfd(0, 0);
	both("eventfd", fd, fd);
	SHOW(eventfd_write(fd, 3));
	SHOW(syscall(SYS_preadv2, fd, &v, 1, -1L, -1L, NOWAIT));
	for (const char *const *n = (const char *const[]){ "/dev/null", "/dev/zero", "/dev/urandom", NULL }; *n; n++) {
		fd = open(*n, O_RDWR);
		both(*n, fd, fd);
	}
	full = open("/dev/full", O_RDWR);
	SHOW(syscall(SYS_preadv2, full, &v, 1, -1L, -1L, NOWAIT));
	SHOW(syscall(SYS_preadv2, dir, &v, 1, -1L, -1L, NOWAIT));
	SHOW(syscall(SYS_preadv2, open("/proc/self/stat", O_RDONLY), &v, 1, -1L, -1L, NOWAIT));
	return 0;
}
