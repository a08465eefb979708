/* musl */
/* Reading files of /proc: in pieces, at offsets, by readv and pread, after an end; EFAULT. */
#include "show.h"
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/uio.h>

int main(void)
{
	static char whole[8192], part[8192];
	int fd = open("/proc/self/limits", O_RDONLY);
	long n = read(fd, whole, sizeof(whole)), at = 0, k;
	struct iovec v[2] = { { part, 10 }, { part + 10, 20 } };
	char *page;

	SHOW(n > 200);
	SHOW(read(fd, part, 10));
	SHOW(lseek(fd, 0, SEEK_SET));
	while ((k = read(fd, part + at, 7)) > 0)
		at += k;
	SHOW(at == n && !memcmp(whole, part, n));
	SHOW(pread(fd, part, 20, 5) == 20 && !memcmp(part, whole + 5, 20));
	SHOW(pread(fd, part, 20, n));
	SHOW(pread(fd, part, 20, n + 1000));
	SHOW(lseek(fd, 10, SEEK_SET));
	SHOW(readv(fd, v, 2) == 30 && !memcmp(part, whole + 10, 30));
	SHOW(lseek(fd, 0, SEEK_CUR));
	SHOW(lseek(fd, -5, SEEK_CUR));
	SHOW(lseek(fd, 0, SEEK_END));
	SHOW(lseek(fd, -1, SEEK_SET));
	SHOW(pread(fd, BAD_PTR, 10, 0));
	page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	munmap(page + 4096, 4096);
	SHOW(pread(fd, page + 4090, 6, 0));
	SHOW(read(fd, part, 0));
	SHOW(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0) == MAP_FAILED);
	SHOW(ftruncate(fd, 0));
	SHOW(write(fd, "x", 1));
	SHOW(fsync(fd));
	fd = open("/proc/self/cmdline", O_RDONLY);
	SHOW(read(fd, part, 3));
	SHOW(lseek(fd, 1, SEEK_SET));
	SHOW(read(fd, whole, 2) == 2 && !memcmp(whole, part + 1, 2));
	fd = open("/proc/self/comm", O_RDWR);
	write(fd, "first", 5);
	lseek(fd, 0, SEEK_SET);
	SHOW(read(fd, part, 100));
	SHOW(write(fd, "renamed", 7));
	SHOW(lseek(fd, 0, SEEK_SET));
	SHOW(read(fd, part, 100));
	printf("%.8s", part);
	return 0;
}
