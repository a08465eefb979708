/* eventfd: counting, semaphore, blocking, overflow, sizes. */
// needs-root: the anonymous inode is root's
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <sys/uio.h>

#include "show.h"

/* An eventfd is read and written by its own call alone: no pages are passed and pwritev2 has no flags for it. */
static void neither_pages_nor_flags(int fd)
{
	uint64_t v = 1;
	struct iovec iov = { &v, 8 };
	off_t off = 0;
	int p[2], f = open("f", O_CREAT | O_RDWR | O_TRUNC, 0600);

	SHOW(sendfile(f, fd, NULL, 8));
	SHOW(sendfile(f, fd, NULL, 0));
	SHOW(sendfile(f, fd, &off, 8));
	SHOW(sendfile(fd, f, NULL, 8));
	SHOW(write(f, "12345678", 8));
	SHOW(lseek(f, 0, SEEK_SET));
	SHOW(sendfile(fd, f, NULL, 8));
	SHOW(lseek(f, 0, SEEK_CUR));
	SHOW(pwritev2(fd, &iov, 1, -1, RWF_HIPRI));
	SHOW(pwritev2(fd, &iov, 1, -1, RWF_APPEND));
	SHOW(pwritev2(fd, &iov, 1, -1, RWF_DSYNC));
	iov.iov_len = 4;
	SHOW(pwritev2(fd, &iov, 1, -1, RWF_APPEND));
	SHOW(pwritev2(fd, &iov, 1, -1, 0));
	iov.iov_len = 8;
	SHOW(preadv2(fd, &iov, 1, -1, RWF_HIPRI));
	/* What a pipe cannot take comes first. */
	pipe2(p, O_NONBLOCK);
	SHOW(splice(fd, NULL, p[1], NULL, 8, 0));
	SHOW(splice(p[0], NULL, fd, NULL, 8, 0));
	SHOW(fcntl(p[1], F_SETPIPE_SZ, 4096));
	SHOW(write(p[1], memset(calloc(1, 4096), 1, 4096), 4096));
	SHOW(splice(fd, NULL, p[1], NULL, 8, 0));
	close(p[0]);
	signal(SIGPIPE, SIG_IGN);
	SHOW(splice(fd, NULL, p[1], NULL, 8, 0));
}

int main(void)
{
	int a = eventfd(2, EFD_NONBLOCK), s = eventfd(2, EFD_SEMAPHORE | EFD_NONBLOCK), b = eventfd(0, 0), status;
	struct pollfd pf = { a, POLLIN | POLLOUT, 0 };
	char link[64] = "", proc[32];
	struct stat st;
	uint64_t v = 0;

	SHOW(read(a, &v, 8));
	SHOW(v);
	SHOW(read(a, &v, 8));
	SHOW(read(s, &v, 8));
	SHOW(v);
	SHOW(read(s, &v, 8));
	SHOW(read(s, &v, 8));
	SHOW(poll(&pf, 1, 0));
	SHOW(pf.revents);
	v = -1;
	SHOW(write(a, &v, 8));
	v = (uint64_t)-2;
	SHOW(write(a, &v, 8));
	SHOW(poll(&pf, 1, 0));
	SHOW(pf.revents);
	v = 1;
	SHOW(write(a, &v, 8));
	SHOW(read(a, &v, 4));
	SHOW(write(a, &v, 4));
	SHOW(read(a, BAD_PTR, 8));
	SHOW(lseek(a, 0, SEEK_SET));
	SHOW(eventfd(0, 0x100));
	if (!fork()) {
		usleep(20000);
		v = 42;
		write(b, &v, 8);
		_exit(0);
	}
	SHOW(read(b, &v, 16));
	SHOW(v);
	wait(&status);
	SHOW(fcntl(a, F_GETFL));
	SHOW(fstat(a, &st));
	SHOW(st.st_mode);
	snprintf(proc, sizeof(proc), "/proc/self/fd/%d", a);
	SHOW(readlink(proc, link, 63));
	printf("%s\n", link);
	SHOW(open(proc, O_RDWR));
	neither_pages_nor_flags(a);
	return 0;
}
