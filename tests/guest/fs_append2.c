/* O_APPEND: positions, several writers, pwrite, F_SETFL, truncation between. */
#include "both.h"

static void all(void)
{
	char buf[64] = "";
	int a = open("f", O_CREAT | O_WRONLY | O_APPEND, 0644), b = open("f", O_RDWR | O_APPEND), c = open("f", O_RDWR);

	SHOW(write(a, "aaa", 3));
	SHOW(write(b, "bbb", 3));
	SHOW(lseek(a, 0, SEEK_CUR));
	SHOW(lseek(b, 0, SEEK_CUR));
	SHOW(lseek(b, 0, SEEK_SET));
	SHOW(read(b, buf, 2));
	SHOW(write(b, "end", 3));
	SHOW(lseek(b, 0, SEEK_CUR));
	SHOW(pwrite(b, "pw", 2, 0));
	SHOW(lseek(b, 0, SEEK_CUR));
	SHOW(write(c, "c", 1));
	SHOW(fcntl(c, F_SETFL, O_APPEND));
	SHOW(write(c, "C", 1));
	SHOW(fcntl(c, F_SETFL, 0));
	SHOW(write(c, "!", 1));
	SHOW(ftruncate(c, 5));
	SHOW(write(a, "after", 5));
	SHOW(ftruncate(a, 20));
	SHOW(write(a, "x", 1));
	memset(buf, 0, sizeof(buf));
	SHOW(pread(c, buf, 63, 0));
	for (int i = 0; i < 21; i++)
		putchar(buf[i] ? buf[i] : 46);
	putchar(10);
}
int main(void)
{
	in_both(all);
	return 0;
}
