/* musl */
/* /dev/null, zero, full, random and urandom: reads, writes, seeks, polls, maps. */
#include "show.h"
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>

static void node(const char *name)
{
	struct stat st;
	struct pollfd p;
	char buf[16] = "xxxxxxxxxxxxxxx";
	int fd = open(name, O_RDWR);
	long n;

	SHOW(stat(name, &st));
	printf("%s: %o %u:%u\n", name, st.st_mode & S_IFMT, major(st.st_rdev), minor(st.st_rdev));
	n = read(fd, buf, 8);
	printf("read %ld, zeros %d, untouched %d\n", n, !memcmp(buf, "\0\0\0\0\0\0\0\0", 8), buf[8] == 'x');
	SHOW(read(fd, buf, 0));
	SHOW(read(fd, BAD_PTR, 8));
	SHOW(write(fd, buf, 8));
	SHOW(write(fd, buf, 0));
	SHOW(write(fd, BAD_PTR, 8));
	SHOW(pread(fd, buf, 4, 100) >= 0);
	SHOW(pwrite(fd, buf, 4, 100));
	SHOW(lseek(fd, 100, SEEK_SET));
	SHOW(lseek(fd, 7, SEEK_CUR));
	SHOW(ftruncate(fd, 10));
	SHOW(ioctl(fd, 0x5401, buf));
	SHOW(fsync(fd));
	p = (struct pollfd){ fd, POLLIN | POLLOUT, 0 };
	SHOW(poll(&p, 1, 0));
	printf("%x\n", p.revents);
	close(fd);
}

int main(void)
{
	struct iovec v[2];
	char a[8], b[8], *m;
	int fd = open("/dev/zero", O_RDWR);

	node("/dev/null");
	node("/dev/zero");
	node("/dev/full");
	m = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	SHOW(m != MAP_FAILED && !m[0] && !m[8191]);
	m[5] = 1;
	SHOW(munmap(m, 8192));
	m = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	SHOW(m != MAP_FAILED && !m[0]);
	SHOW(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, open("/dev/null", O_RDONLY), 0) == MAP_FAILED);
	SHOW(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, open("/dev/random", O_RDONLY), 0) == MAP_FAILED);
	v[0] = (struct iovec){ a, 8 };
	v[1] = (struct iovec){ b, 8 };
	SHOW(readv(fd, v, 2));
	SHOW(writev(fd, v, 2));
	fd = open("/dev/urandom", O_RDWR);
	SHOW(read(fd, a, 8));
	SHOW(read(fd, b, 8));
	SHOW(memcmp(a, b, 8) != 0);
	SHOW(write(fd, a, 8));
	{
		int bits = -1;

		SHOW(ioctl(fd, 0x80045200 /* RNDGETENTCNT */, &bits));
		SHOW(bits);
		SHOW(ioctl(fd, 0x5299, &bits));
	}
	fd = open("/dev/random", O_RDONLY | O_NONBLOCK);
	SHOW(read(fd, a, 8));
	SHOW(lseek(fd, 3, SEEK_SET));
	SHOW(open("/dev/null", O_RDWR | O_DIRECTORY));
	SHOW_OK(open("/dev/null", O_RDWR | O_TRUNC | O_CREAT, 0600));
	SHOW(open("/dev/null", O_RDWR | O_CREAT | O_EXCL, 0600));
	SHOW(access("/dev/full", R_OK | W_OK));
	SHOW(access("/dev/full", X_OK));
	return 0;
}
