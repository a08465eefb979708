/* Positions: shared by dup and fork, apart for each open, lseek's limits, pread and pwrite beside them. */
/* musl */
#include "both.h"

static void all(void)
{
	char buf[16] = "";
	int a = open("f", O_CREAT | O_RDWR, 0644), b = dup(a), c = open("f", O_RDWR), p[2];

	SHOW(write(a, "0123456789", 10));
	SHOW(lseek(b, 0, SEEK_CUR));
	SHOW(lseek(c, 0, SEEK_CUR));
	SHOW(lseek(b, 4, SEEK_SET));
	SHOW(read(a, buf, 2));
	puts(buf);
	fflush(stdout);
	if (!fork()) {
		read(a, buf, 2);
		_exit(0);
	}
	wait(NULL);
	SHOW(lseek(a, 0, SEEK_CUR));
	SHOW(pread(a, buf, 3, 0));
	SHOW(pwrite(a, "X", 1, 20));
	SHOW(lseek(a, 0, SEEK_CUR));
	SHOW(lseek(a, 0, SEEK_END));
	SHOW(lseek(a, -5, SEEK_END));
	SHOW(lseek(a, -100, SEEK_CUR));
	SHOW(lseek(a, -1, SEEK_SET));
	SHOW(lseek(a, 0x7fffffffffffffff, SEEK_CUR));
	SHOW(lseek(a, 1l << 40, SEEK_SET) == 1l << 40);
	SHOW(read(a, buf, 1));
	SHOW(lseek(a, 0, 7));
	SHOW(lseek(a, 0, -1));
	SHOW(lseek(-1, 0, SEEK_SET));
	pipe(p);
	SHOW(lseek(p[0], 0, SEEK_SET));
	SHOW(pread(p[0], buf, 1, 0));
	SHOW(pwrite(p[1], buf, 1, 0));
	SHOW(pread(a, buf, 1, -1));
	SHOW(pwrite(a, buf, 1, -1));
	SHOW(pread(a, buf, 1, 0x7fffffffffffffff));
	SHOW(pwrite(a, buf, 1, 0x7fffffffffffffff));
	SHOW(lseek(c, 5, SEEK_SET));
	SHOW(write(c, "", 0));
	SHOW(lseek(c, 0, SEEK_CUR));
	SHOW(read(c, BAD_PTR, 2));
	SHOW(lseek(c, 0, SEEK_CUR));
	SHOW(write(c, BAD_PTR, 2));
	SHOW(lseek(c, 0, SEEK_CUR));
	SHOW(read(c, buf, 0));
	SHOW(read(open("f", O_WRONLY), buf, 1));
	SHOW(write(open("f", O_RDONLY), buf, 1));
}
int main(void)
{
	in_both(all);
	return 0;
}
