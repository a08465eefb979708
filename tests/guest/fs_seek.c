/* Sparse files: SEEK_DATA and SEEK_HOLE, large offsets, pread and pwrite beyond the end. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "show.h"

int main(void)
{
	int fd = open("file", O_RDWR | O_CREAT, 0644), p[2];
	char *buf = calloc(1, 65536);
	struct stat st;

	memset(buf, 'd', 65536);
	SHOW(pwrite(fd, buf, 65536, 1 << 20));
	SHOW(lseek(fd, 0, SEEK_CUR));
	SHOW(lseek(fd, 0, SEEK_END));
	SHOW(lseek(fd, 0, SEEK_DATA));
	SHOW(lseek(fd, 0, SEEK_HOLE));
	SHOW(lseek(fd, 1 << 20, SEEK_HOLE));
	SHOW(lseek(fd, (1 << 20) + 65536, SEEK_DATA));
	SHOW(lseek(fd, -1, SEEK_DATA));
	SHOW(lseek(fd, 0, 5));
	SHOW(pread(fd, buf, 100, (1 << 20) - 50));
	printf("%d %c\n", buf[49], buf[50]);
	SHOW(pread(fd, buf, 100, (1 << 20) + 65536 - 10));
	SHOW(pread(fd, buf, 100, 1 << 30));
	SHOW(pread(fd, buf, 100, -1));
	SHOW(pwrite(fd, buf, 100, -1));
	SHOW(lseek(fd, 5l << 30, SEEK_SET));
	SHOW(write(fd, "x", 1));
	SHOW(fstat(fd, &st));
	SHOW(st.st_size);
	SHOW(st.st_blocks < 10000);
	SHOW(pread(fd, buf, 10, (5l << 30) - 4));
	SHOW(ftruncate(fd, 0));
	if (pipe(p))
		return 1;
	SHOW(lseek(p[0], 0, SEEK_SET));
	SHOW(pread(p[0], buf, 1, 0));
	SHOW(pwrite(p[1], buf, 1, 0));
	SHOW(pread(0, buf, 1, 0));
	SHOW(lseek(999, 0, SEEK_SET));
	return 0;
}
