/* System calls that meet the edge of memory: how much they do, and what they say. */
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include "maps.h"
#include "show.h"

int main(void)
{
	char *a = map_at(hole(4), 2, RW, ANON), *end = a + P, buf[P];
	int fd = open("f", O_RDWR | O_CREAT | O_TRUNC, 0600), p[2], sv[2];
	struct iovec v[2] = { { buf, 10 }, { end - 5, 10 } };
	struct stat st;

	munmap(a + P, P);
	if (pipe(p) || socketpair(AF_UNIX, SOCK_STREAM, 0, sv))
		return 1;
	memset(a, 'a', P);
	memset(buf, 'b', sizeof(buf));
	SHOW(write(fd, end - 5, 10));
	SHOW(lseek(fd, 0, SEEK_CUR));
	SHOW(write(fd, end, 10));
	SHOW(writev(fd, v, 2));
	SHOW(pwrite(fd, buf, P, 0));
	SHOW(pread(fd, end - 5, 10, 0));
	SHOW(memcmp(end - 5, "bbbbb", 5));
	SHOW(pread(fd, end, 10, 0));
	SHOW(pread(fd, end, 0, 0));
	SHOW(pread(fd, end, 10, 1 << 20));
	SHOW(preadv(fd, v, 2, 0));
	SHOW(write(p[1], buf, 100));
	SHOW(read(p[0], end - 5, 5));
	SHOW(read(p[0], end, 10));
	SHOW(write(p[1], end - 1, 1));
	SHOW(send(sv[0], end - 5, 5, 0));
	SHOW(send(sv[0], end, 10, 0));
	SHOW(recv(sv[1], end, 10, 0));
	SHOW(recv(sv[1], buf, 10, 0));
	SHOW(stat("f", (void *)(end - 8)));
	SHOW(stat(end, &st));
	strcpy(end - 2, "f");
	SHOW(stat(end - 2, &st));
	end[-1] = 'f';
	SHOW(stat(end - 1, &st));
	SHOW(getcwd(end - 1, P) == NULL);
	SHOW(readlink("/proc/self/exe", end, 10));
	/* Read-only memory is not written, whatever holds it. */
	mprotect(a, P, PROT_READ);
	SHOW(pread(fd, a, 10, 0));
	SHOW(write(fd, a, 10));
	mprotect(a, P, PROT_WRITE);
	SHOW(write(fd, a, 10));
	mprotect(a, P, PROT_NONE);
	SHOW(write(fd, a, 10));
	SHOW(pread(fd, a, 10, 0));
	/* A file read into its own mapping overlaps itself: what comes out is the machine's, but all of it comes. */
	char *m = mmap(NULL, P, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	ftruncate(fd, P);
	SHOW(pread(fd, m + 100, 3000, 0));
	SHOW(pread(fd, m, 3000, 100));
	SHOW(pwrite(fd, m, 3000, 100));
	SHOW(pwrite(fd, m + 100, 3000, 0));
	return 0;
}
