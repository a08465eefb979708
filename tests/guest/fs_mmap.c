/* One file by read, write, shared and private mappings, from one process and a child: all see the same bytes. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "show.h"

int main(void)
{
	int fd = open("file", O_RDWR | O_CREAT, 0644), ro, status;
	char *buf = malloc(70000), *shared, *private, c;
	long sum = 0;

	for (int i = 0; i < 70000; i++)
		buf[i] = 'a' + i % 26;
	SHOW(write(fd, buf, 70000));
	shared = mmap(NULL, 70000, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	private = mmap(NULL, 70000, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	printf("%c%c %c%c\n", shared[0], shared[69999], private[0], private[69999]);
	shared[10] = '!';
	SHOW(pread(fd, &c, 1, 10));
	printf("read %c private %c\n", c, private[10]);
	private[10] = '?';
	printf("shared %c\n", shared[10]);
	SHOW(pwrite(fd, "XYZ", 3, 10));
	printf("shared %.3s private %.3s\n", shared + 10, private + 10);
	SHOW(pwrite(fd, "QQQQ", 4, 65534));
	printf("across pages %.6s\n", shared + 65533);
	if (!fork()) {
		shared[20] = '#';
		private[20] = '$';
		_exit(0);
	}
	wait(&status);
	printf("after child: %c %c\n", shared[20], private[20]);
	SHOW(msync(shared, 70000, MS_SYNC));
	ro = open("file", O_RDONLY);
	SHOW(read(ro, buf, 70000));
	printf("%.20s\n", buf + 5);
	SHOW(munmap(shared, 70000));
	SHOW(close(fd));
	SHOW(pread(ro, &c, 1, 20));
	printf("%c\n", c);
	SHOW(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, ro, 0) == MAP_FAILED);
	SHOW(mmap(NULL, 4096, PROT_READ, MAP_SHARED, open(".", O_RDONLY), 0) == MAP_FAILED);
	fd = open("file", O_WRONLY);
	SHOW(mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED);
	/* A read into a mapping of the same file, and a write from one. */
	fd = open("file", O_RDWR);
	shared = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	SHOW(pread(fd, shared + 8192, 4096, 0));
	SHOW(pwrite(fd, shared + 8192, 4096, 16384));
	for (int i = 0; i < 65536; i++)
		sum += (unsigned char)shared[i] * (i % 7 + 1);
	printf("sum %ld equal %d\n", sum, !memcmp(shared, shared + 16384, 4096));
	return 0;
}
