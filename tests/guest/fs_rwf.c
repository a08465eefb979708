/* The flags of preadv2 and pwritev2, and positions given as -1. */
/* musl */
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include "show.h"

static long pw(int fd, const void *buf, size_t n, long pos, int flags)
{
	struct iovec iov = { (void *)buf, n };

	return syscall(SYS_pwritev2, fd, &iov, 1, pos, 0, flags);
}

static long pr(int fd, void *buf, size_t n, long pos, int flags)
{
	struct iovec iov = { buf, n };

	return syscall(SYS_preadv2, fd, &iov, 1, pos, 0, flags);
}

int main(void)
{
	char buf[64] = "";
	int fd = open("f", O_CREAT | O_RDWR, 0644), app, p[2], d = open(".", O_RDONLY), sv[2];

	SHOW(pw(fd, "0123456789", 10, 0, 0));
	SHOW(pw(fd, "ab", 2, -1, 0));
	SHOW(lseek(fd, 0, SEEK_CUR));
	SHOW(pr(fd, buf, 4, -1, 0));
	printf("%s\n", buf);
	SHOW(pw(fd, "END", 3, 0, 16 /* RWF_APPEND */));
	SHOW(lseek(fd, 0, SEEK_CUR));
	SHOW(pw(fd, "end", 3, -1, 16));
	SHOW(lseek(fd, 0, SEEK_CUR));
	memset(buf, 0, sizeof(buf));
	SHOW(pread(fd, buf, 60, 0));
	printf("%s\n", buf);
	SHOW(pw(fd, "sync", 4, 0, 4 /* RWF_SYNC */));
	SHOW(pw(fd, "dsync", 5, 0, 2 /* RWF_DSYNC */));
	SHOW(pw(fd, "high", 4, 0, 1 /* RWF_HIPRI */));
	SHOW(pr(fd, buf, 4, 0, 8 /* RWF_NOWAIT */));
	app = open("f", O_WRONLY | O_APPEND);
	SHOW(pw(app, "tail", 4, 0, 0));
	SHOW(pw(app, "HEAD", 4, 0, 32 /* RWF_NOAPPEND */));
	SHOW(pw(app, "HEAD", 4, 0, 48));
	memset(buf, 0, sizeof(buf));
	SHOW(pread(fd, buf, 60, 0));
	printf("%s\n", buf);
	SHOW(pw(fd, "x", 1, 0, 0x10000));
	SHOW(pr(fd, buf, 1, 0, 0x10000));
	SHOW(pr(fd, buf, 1, -2, 0));
	SHOW(pw(fd, "x", 1, -2, 0));
	SHOW(pr(-1, buf, 1, 0, 0));
	SHOW(pr(d, buf, 1, 0, 0));
	SHOW(pr(app, buf, 1, 0, 0));
	/* pipes and sockets */
	pipe(p);
	SHOW(pr(p[0], buf, 1, -1, 8));
	SHOW(pw(p[1], "pipe", 4, -1, 8));
	SHOW(pr(p[0], buf, 4, -1, 8));
	SHOW(pr(p[0], buf, 4, 0, 0));
	SHOW(pw(p[1], "pipe", 4, 0, 0));
	SHOW(fcntl(p[0], F_GETFL) & O_NONBLOCK);
	socketpair(AF_UNIX, SOCK_STREAM, 0, sv);
	SHOW(pr(sv[0], buf, 4, -1, 8));
	SHOW(pw(sv[0], "sock", 4, -1, 0));
	SHOW(pr(sv[1], buf, 4, -1, 8));
	return 0;
}
