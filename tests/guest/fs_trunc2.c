/* truncate and ftruncate: growing, shrinking, mappings, the last page, errors. */
/* musl */
#include "both.h"

#include <sys/mman.h>
static void all(void)
{
	char buf[32] = "", *m;
	struct stat st;
	int fd = open("f", O_CREAT | O_RDWR, 0644), ro = open("f", O_RDONLY), p[2];

	SHOW(write(fd, "0123456789", 10));
	SHOW(ftruncate(fd, 4));
	SHOW(ftruncate(fd, 8));
	SHOW(pread(fd, buf, 20, 0));
	SHOW(memcmp(buf, "0123\0\0\0\0", 8));
	m = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	memcpy(m, "mapped!!", 8);
	m[9] = 120;
	SHOW(pread(fd, buf, 20, 0));
	SHOW(ftruncate(fd, 12));
	SHOW(pread(fd, buf, 20, 0));
	SHOW(buf[8] | buf[9] | buf[10]);
	SHOW(truncate("f", 3));
	SHOW(m[3] | m[4]);
	SHOW(truncate("f", 6000));
	SHOW(m[5999]);
	m[5999] = 7;
	SHOW(pread(fd, buf, 1, 5999));
	SHOW(buf[0]);
	SHOW(truncate("f", 4096));
	SHOW(truncate("f", 8192));
	SHOW(m[5999]);
	SHOW(lseek(fd, 0, SEEK_CUR));
	SHOW(truncate("f", 0));
	SHOW(fstat(fd, &st) == 0 && st.st_size == 0 && st.st_blocks == 0);
	munmap(m, 8192);
	SHOW(ftruncate(ro, 1));
	SHOW(ftruncate(fd, -1));
	SHOW(truncate("f", -1));
	SHOW(truncate("none", 1));
	SHOW(truncate(".", 1));
	SHOW(truncate("f/x", 1));
	SHOW(truncate(BAD_PTR, 1));
	SHOW(truncate("", 1));
	SHOW(ftruncate(-1, 1));
	SHOW(ftruncate(open(".", O_RDONLY), 1));
	pipe(p);
	SHOW(ftruncate(p[1], 1));
	SHOW(ftruncate(open("f", O_PATH), 1));
	mknod("fifo", S_IFIFO | 0600, 0);
	SHOW(truncate("fifo", 1));
	SHOW(open("f", O_WRONLY | O_TRUNC) >= 0);
}
int main(void)
{
	in_both(all);
	return 0;
}
