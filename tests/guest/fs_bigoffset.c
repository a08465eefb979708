/* Offsets beyond 4 GiB: sparse writes, reads, truncation and mappings up there. */
#include "both.h"

#include <sys/mman.h>
static void all(void)
{
	long at = 5l << 30;
	char buf[8] = "", *m;
	struct stat st;
	int fd = open("f", O_CREAT | O_RDWR, 0644);

	SHOW(pwrite(fd, "far", 3, at));
	SHOW(fstat(fd, &st) == 0 && st.st_size == at + 3 && st.st_blocks < 1000);
	SHOW(pread(fd, buf, 8, at - 2));
	SHOW(memcmp(buf, "\0\0far", 5));
	SHOW(lseek(fd, 0, SEEK_END) == at + 3);
	SHOW(lseek(fd, at + 1, SEEK_SET) == at + 1);
	SHOW(read(fd, buf, 8));
	m = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, at);
	SHOW(memcmp(m, "far", 3));
	m[0] = 70;
	SHOW(pread(fd, buf, 1, at));
	SHOW(buf[0]);
	SHOW(ftruncate(fd, at + 1));
	SHOW(m[1]);
	SHOW(munmap(m, 4096));
	SHOW(lseek(fd, 4096, SEEK_DATA) == at);
	SHOW(ftruncate(fd, 0));
	SHOW(fstat(fd, &st) == 0 && st.st_size == 0 && st.st_blocks == 0);
}
int main(void)
{
	in_both(all);
	return 0;
}
