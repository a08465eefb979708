/* read, write, their vector and positioned forms, lseek: success and every error that a program can cause. */
/* musl */
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/uio.h>

#include "show.h"

int main(void)
{
	char buf[64];
	struct iovec iov[2] = { { buf, 5 }, { buf + 5, 6 } }, bad[2] = { { buf, 5 }, { BAD_PTR, 6 } };
	struct iovec huge[2] = { { buf, SSIZE_MAX }, { buf, 10 } };
	int fd = open("file", O_RDWR | O_CREAT | O_TRUNC, 0644), ro, wo, dir, p[2];

	signal(SIGPIPE, SIG_IGN);
	SHOW(write(fd, "hello world", 11));
	SHOW(write(fd, BAD_PTR, 1));
	SHOW(write(fd, BAD_PTR, 0));
	SHOW(write(-1, buf, 1));
	SHOW(write(1000, buf, 0));
	SHOW(lseek(fd, 0, SEEK_SET));
	SHOW(read(fd, buf, 5));
	SHOW(read(fd, BAD_PTR, 1));
	SHOW(read(fd, BAD_PTR, 0));
	SHOW(read(-1, buf, 1));
	SHOW(read(fd, buf, sizeof(buf)));
	SHOW(read(fd, buf, sizeof(buf)));
	ro = open("file", O_RDONLY);
	wo = open("file", O_WRONLY);
	dir = open(".", O_RDONLY | O_DIRECTORY);
	SHOW(write(ro, "x", 1));
	SHOW(write(ro, "x", 0));
	SHOW(read(wo, buf, 1));
	SHOW(read(dir, buf, 1));
	SHOW(write(dir, buf, 1));
	SHOW(pread(fd, buf, 5, 6));
	SHOW(pread(fd, buf, 5, 100));
	SHOW(pread(fd, buf, 5, -1));
	SHOW(pread(fd, BAD_PTR, 5, 0));
	SHOW(pwrite(fd, "W", 1, 6));
	SHOW(pwrite(fd, "W", 1, -1));
	SHOW(pread(fd, buf, 11, 0));
	printf("%.11s\n", buf);
	SHOW(lseek(fd, 0, SEEK_CUR));
	SHOW(lseek(fd, -1, SEEK_SET));
	SHOW(lseek(fd, -5, SEEK_END));
	SHOW(lseek(fd, 100, SEEK_CUR));
	SHOW(lseek(fd, 0, 99));
	SHOW(lseek(-1, 0, SEEK_SET));
	SHOW(lseek(fd, LLONG_MAX, SEEK_END));
	SHOW(pipe(p));
	SHOW(lseek(p[0], 0, SEEK_SET));
	SHOW(pread(p[0], buf, 1, 0));
	SHOW(pwrite(p[1], buf, 1, 0));
	SHOW(read(p[1], buf, 1));
	SHOW(write(p[0], buf, 1));
	SHOW(close(p[0]));
	SHOW(write(p[1], buf, 1));

	SHOW(lseek(fd, 0, SEEK_SET));
	memset(buf, 0, sizeof(buf));
	SHOW(readv(fd, iov, 2));
	printf("%.11s\n", buf);
	SHOW(lseek(fd, 0, SEEK_SET));
	SHOW(readv(fd, bad, 2));
	SHOW(readv(fd, iov, 0));
	SHOW(readv(fd, iov, -1));
	SHOW(readv(fd, iov, 1025));
	SHOW(readv(fd, BAD_PTR, 1));
	SHOW(readv(-1, iov, 1));
	SHOW(writev(fd, iov, 2));
	SHOW(writev(fd, iov, 1025));
	SHOW(writev(ro, iov, 2));
	SHOW(writev(fd, BAD_PTR, 1));
	SHOW(readv(fd, huge, 2));
	huge[0].iov_len = (size_t)-1;
	SHOW(readv(fd, huge, 2));
	SHOW(preadv(fd, iov, 2, 3));
	SHOW(preadv(fd, iov, 2, -1));
	SHOW(pwritev(fd, iov, 2, 3));
	SHOW(lseek(fd, 0, SEEK_END));
	return 0;
}
