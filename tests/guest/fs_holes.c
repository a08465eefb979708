/* Sparse files: SEEK_DATA and SEEK_HOLE, punching and reserving, st_blocks, reads across holes. */
#include "both.h"

#include <linux/falloc.h>
static void map(int fd, const char *what)
{
	struct stat st;
	long at = 0;

	fsync(fd);
	fstat(fd, &st);
	printf("%-16s size %ld data:", what, (long)st.st_size);
	while ((at = lseek(fd, at, SEEK_DATA)) >= 0) {
		long end = lseek(fd, at, SEEK_HOLE);

		printf(" [%ld,%ld)", at, end);
		at = end;
	}
	printf("\n");
}

static void all(void)
{
	static char buf[65536], zero[65536];
	int fd = open("f", O_CREAT | O_RDWR, 0644), ro, d;

	memset(buf, 7, sizeof(buf));
	SHOW(ftruncate(fd, 1 << 20));
	map(fd, "truncated");
	SHOW(pwrite(fd, buf, 4096, 65536));
	SHOW(pwrite(fd, buf, 8192, 262144));
	map(fd, "two pieces");
	SHOW(pread(fd, buf, 65536, 32768));
	SHOW(buf[0] == 0 && buf[32767] == 0 && buf[32768] == 7 && buf[36863] == 7 && buf[36864] == 0);
	SHOW(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 65536, 4096));
	map(fd, "punched");
	SHOW(pwrite(fd, buf + 32768, 4096, 0));
	SHOW(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 1000, 1000));
	SHOW(pread(fd, buf, 4096, 0));
	SHOW(buf[999] == 7 && buf[1000] == 0 && buf[1999] == 0 && buf[2000] == 7);
	SHOW(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 1 << 21));
	map(fd, "all punched");
	SHOW(lseek(fd, 0, SEEK_HOLE));
	SHOW(lseek(fd, 0, SEEK_DATA));
	SHOW(lseek(fd, 1 << 20, SEEK_DATA));
	SHOW(lseek(fd, 1 << 20, SEEK_HOLE));
	SHOW(lseek(fd, -1, SEEK_DATA));
	SHOW(lseek(fd, 0, 9));
	SHOW(fallocate(fd, FALLOC_FL_KEEP_SIZE, 1 << 20, 65536));
	map(fd, "kept size");
	SHOW(fallocate(fd, 0, 1 << 20, 65536));
	SHOW(lseek(fd, 0, SEEK_END));
	SHOW(pread(fd, buf, 65536, 1 << 20));
	SHOW(memcmp(buf, zero, 65536));
	SHOW(ftruncate(fd, 100));
	SHOW(ftruncate(fd, 8192));
	SHOW(pread(fd, buf, 8192, 0));
	SHOW(memcmp(buf, zero, 8192));
	/* errors */
	ro = open("f", O_RDONLY);
	d = open(".", O_RDONLY);
	SHOW(fallocate(ro, 0, 0, 10));
	SHOW(fallocate(fd, 0, -1, 10));
	SHOW(fallocate(fd, 0, 0, 0));
	SHOW(fallocate(fd, 0, 0, -1));
	SHOW(fallocate(fd, 0, 0x7fffffffffffffff, 10));
	SHOW(fallocate(fd, FALLOC_FL_PUNCH_HOLE, 0, 10));
	SHOW(fallocate(fd, 0x100, 0, 10));
	SHOW(fallocate(d, 0, 0, 10));
	SHOW(fallocate(-1, 0, 0, 10));
	int p[2];
	pipe(p);
	SHOW(fallocate(p[1], 0, 0, 10));
	SHOW(lseek(p[0], 0, SEEK_DATA));
}
int main(void)
{
	in_both(all);
	return 0;
}
