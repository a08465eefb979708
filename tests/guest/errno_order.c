/* What comes first: orders of checks and rare forms that random sequences of calls were found to tell umk by. */
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include "show.h"

/* A read of a pipe takes a whole buffer of the pipe or nothing of it. */
static void pipe_buffers(void)
{
	char *page = mmap((void *)0x200000000, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	int p[2], n = 0;

	munmap(page + 4096, 4096);
	pipe(p);
	write(p[1], page, 100);
	SHOW(read(p[0], page + 4090, 100));
	SHOW(ioctl(p[0], FIONREAD, &n));
	SHOW(n);
	SHOW(read(p[0], page + 4090, 6));
	SHOW(read(p[0], page, 100));
	close(p[0]);
	close(p[1]);
}

/* A stack does not grow over more than there is memory, whatever its limit is. */
static void far_stack(void)
{
	struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };
	int p[2];

	SHOW(setrlimit(RLIMIT_STACK, &all));
	pipe(p);
	SHOW(write(p[1], (char *)0x300000000000, 1));
}

int main(void)
{
	struct timespec bad[2] = { { 0, 0 }, { 0, 1000000000 } }, omit[2] = { { 0, UTIME_OMIT }, { 0, UTIME_OMIT } };
	struct flock fl = { .l_type = F_UNLCK };
	unsigned long eight[8] = { 1 };
	struct iovec iov = { eight, 0 };
	int fd = open("f", O_CREAT | O_RDWR, 0644), ev = eventfd(0, EFD_NONBLOCK), ep = epoll_create1(0), wr = open("f", 3), p[2], n;

	SHOW(accept4(-1, NULL, NULL, 1));
	SHOW(accept4(fd, NULL, NULL, 1));
	SHOW(accept4(fd, NULL, NULL, 0));
	SHOW(fallocate(-1, 0, -1, 0));
	SHOW(fallocate(fd, 0, -1, 0));
	SHOW(utimensat(AT_FDCWD, "none", bad, 0));
	SHOW(utimensat(AT_FDCWD, "f", bad, 0));
	SHOW(utimensat(AT_FDCWD, "none", omit, 0));
	SHOW(write(ev, eight, 16));
	SHOW(write(ev, eight, 8));
	SHOW(read(ev, eight, 16));
	SHOW(ioctl(ep, FIONREAD, &n));
	SHOW(ioctl(ep, 0x1234, &n));
	SHOW(vmsplice(ev, &iov, 1, 0));
	iov.iov_len = 8;
	SHOW(vmsplice(ev, &iov, 1, 0));
	SHOW(vmsplice(wr, &iov, 1, 0));
	pipe2(p, O_NONBLOCK);
	SHOW(splice(p[0], NULL, ev, NULL, 8, SPLICE_F_NONBLOCK));
	SHOW(fcntl(fd, F_GETLK, &fl));
	SHOW(fcntl(fd, F_OFD_GETLK, &fl));
	fl = (struct flock){ .l_type = F_WRLCK, .l_start = 10, .l_len = 5 };
	SHOW(fcntl(fd, F_OFD_SETLK, &fl));
	fl = (struct flock){ .l_type = F_UNLCK };
	SHOW(fcntl(fd, F_OFD_GETLK, &fl));
	printf("type %d, %ld for %ld\n", fl.l_type, (long)fl.l_start, (long)fl.l_len);
	pipe_buffers();
	far_stack();
	return 0;
}
