/* readv, writev, preadv, pwritev and the v2 forms: empty segments, faults half way, limits. */
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/uio.h>

#include "show.h"

int main(void)
{
	char a[8] = "aaaa", b[8] = "bbbb", c[8] = "cccc", buf[64] = "";
	struct iovec v[3] = { { a, 4 }, { b, 0 }, { c, 4 } }, *many = calloc(2000, sizeof(*many));
	int fd = open("file", O_RDWR | O_CREAT, 0644), p[2];
	char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	munmap(page + 4096, 4096);
	memset(page, 'p', 4096);
	SHOW(writev(fd, v, 3));
	SHOW(pwritev(fd, v, 3, 4));
	SHOW(pread(fd, buf, 64, 0));
	printf("%s\n", buf);
	SHOW(preadv(fd, (struct iovec[2]){ { a, 2 }, { b, 3 } }, 2, 3));
	printf("%.2s %.3s\n", a, b);
	SHOW(lseek(fd, 0, SEEK_SET));
	SHOW(readv(fd, (struct iovec[3]){ { a, 1 }, { NULL, 0 }, { b, 1 } }, 3));
	SHOW(lseek(fd, 0, SEEK_CUR));
	SHOW(writev(fd, v, 0));
	SHOW(writev(fd, v, -1));
	SHOW(writev(fd, many, 1025));
	SHOW(writev(fd, many, 1024));
	SHOW(writev(fd, BAD_PTR, 1));
	SHOW(writev(fd, BAD_PTR, 0));
	v[1].iov_len = -1;
	SHOW(writev(fd, v, 3));
	v[1] = (struct iovec){ BAD_PTR, 4 };
	SHOW(pwritev(fd, v, 3, 100));
	SHOW(preadv(fd, v, 3, 0));
	SHOW(pwrite(fd, page + 4000, 200, 200));
	SHOW(lseek(fd, 0, SEEK_END));
	SHOW(pread(fd, page + 4090, 20, 0));
	SHOW(write(fd, page + 4096, 10));
	SHOW(read(fd, BAD_PTR, 0));
	SHOW(write(fd, BAD_PTR, 0));
	SHOW(read(fd, (void *)-1, 10));
	SHOW(write(fd, a, (size_t)-1));
	SHOW(preadv2(fd, v, 1, -1, 0));
	SHOW(preadv2(fd, v, 1, 0, 0x4000));
	SHOW(preadv(fd, v, 1, -1));
	if (pipe(p))
		return 1;
	v[1] = (struct iovec){ b, 4 };
	SHOW(writev(p[1], v, 3));
	SHOW(preadv(p[0], v, 3, 0));
	SHOW(readv(p[0], v, 3));
	SHOW(readv(p[1], v, 3));
	SHOW(writev(p[0], v, 3));
	SHOW(writev(999, v, 3));
	return 0;
}
