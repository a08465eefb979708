/* O_APPEND, positions of descriptors that share a description and of those that do not. */
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "show.h"

static void content(void)
{
	char buf[100] = "";
	int fd = open("file", O_RDONLY), n = read(fd, buf, 99);

	printf("content %d: %.*s\n", n, n, buf);
	close(fd);
}

int main(void)
{
	int a = open("file", O_RDWR | O_CREAT | O_APPEND, 0644), b = open("file", O_RDWR), c, status;
	char buf[16];

	SHOW(write(b, "0123456789", 10));
	SHOW(write(a, "AB", 2));
	SHOW(lseek(a, 0, SEEK_CUR));
	SHOW(lseek(a, 3, SEEK_SET));
	SHOW(write(a, "CD", 2));
	SHOW(lseek(a, 0, SEEK_CUR));
	SHOW(write(b, "ef", 2));
	content();
	SHOW(pwrite(a, "G", 1, 0));
	content();
	SHOW(pwrite(b, "H", 1, 0));
	content();
	SHOW(fcntl(a, F_SETFL, 0));
	SHOW(lseek(a, 1, SEEK_SET));
	SHOW(write(a, "I", 1));
	content();
	SHOW(fcntl(b, F_SETFL, O_APPEND));
	SHOW(write(b, "J", 1));
	SHOW(lseek(b, 0, SEEK_CUR));
	content();
	c = dup(a);
	SHOW(lseek(c, 5, SEEK_SET));
	SHOW(lseek(a, 0, SEEK_CUR));
	if (!fork()) {
		read(a, buf, 3);
		_exit(0);
	}
	wait(&status);
	SHOW(lseek(c, 0, SEEK_CUR));
	SHOW(read(c, buf, 16));
	SHOW(read(a, buf, 16));
	SHOW(lseek(a, 100, SEEK_SET));
	SHOW(read(a, buf, 16));
	SHOW(lseek(a, -1, SEEK_SET));
	SHOW(lseek(a, -1000, SEEK_CUR));
	SHOW(lseek(a, 0, 77));
	SHOW(lseek(a, -2, SEEK_END));
	SHOW(lseek(a, 0x7fffffffffffffff, SEEK_CUR));
	return 0;
}
