/* O_DIRECT: what is refused, what goes past the page cache, and that the cache tells the same afterwards. */
/* musl */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <linux/stat.h>

#include "show.h"

#ifndef STATX_DIOALIGN
#define STATX_DIOALIGN 0x2000
#endif
#define NOTHING ((void *)8192) /* aligned, and never mapped */
#define AT_DIO_ALIGN 38 /* words of struct statx: stx_dio_mem_align, stx_dio_offset_align */

/* In bytes; 0: this file system does not tell. */
static unsigned offset_align(int fd)
{
	unsigned x[64] = { 0 };

	if (syscall(SYS_statx, fd, "", AT_EMPTY_PATH, STATX_DIOALIGN, x))
		return 0;
	return x[0] & STATX_DIOALIGN ? x[AT_DIO_ALIGN + 1] : 0;
}

/* A transfer that is not aligned does what the file system has said. */
static int as_told(unsigned align, long n, long size)
{
	if (align > 1)
		return n == -1 && errno == EINVAL;
	return n == size || (!align && n == -1 && errno == EINVAL);
}

static char *page_of(char c)
{
	char *p = aligned_alloc(4096, 4096);

	memset(p, c, 4096);
	return p;
}

static void refusals(void)
{
	int p[2], fd;
	char path[64];

	SHOW(open(".", O_RDONLY | O_DIRECT));
	SHOW(open("/dev/null", O_RDWR | O_DIRECT));
	SHOW(open("/proc/self/status", O_RDONLY | O_DIRECT));
	SHOW(open("/proc/sys/kernel/hostname", O_RDONLY | O_DIRECT));
	SHOW(mkfifo("fifo", 0600));
	SHOW(open("fifo", O_RDWR | O_DIRECT));
	SHOW(fcntl(open(".", O_RDONLY), F_SETFL, O_DIRECT));
	SHOW(fcntl(open("/dev/null", O_RDONLY), F_SETFL, O_DIRECT));
	SHOW(fcntl(open("/proc/self/status", O_RDONLY), F_SETFL, O_DIRECT));
	SHOW(fcntl(socket(AF_UNIX, SOCK_STREAM, 0), F_SETFL, O_DIRECT));
	SHOW(fcntl(eventfd(0, 0), F_SETFL, O_DIRECT));
	SHOW(pipe(p));
	SHOW(fcntl(p[1], F_SETFL, O_DIRECT));
	SHOW(fcntl(p[1], F_GETFL) & O_DIRECT);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", p[1]);
	SHOW(open(path, O_RDWR | O_DIRECT));
	fd = open("fifo", O_RDWR);
	SHOW(fcntl(fd, F_SETFL, O_DIRECT));
	SHOW(write(fd, "a", 1) + write(fd, "b", 1));
	SHOW(read(fd, path, sizeof(path)));
	SHOW(unlink("fifo"));
}

static void shared_memory(void)
{
	int fd = syscall(SYS_memfd_create, "m", 0), again;
	char path[64], buf[8] = "";

	SHOW(fcntl(fd, F_SETFL, O_DIRECT));
	SHOW(fcntl(fd, F_GETFL) & O_DIRECT);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	SHOW((again = open(path, O_RDWR | O_DIRECT)) >= 0);
	SHOW(fcntl(again, F_GETFL) & O_DIRECT);
	SHOW(pwrite(again, "odd", 3, 1));
	SHOW(pread(fd, buf, 3, 1));
	puts(buf);
	close(fd);
	close(again);
}

static void transfers(void)
{
	int fd, plain;
	unsigned align;
	char *a = page_of('a'), *b = page_of('b'), *buf = page_of(0), *map;
	struct iovec v[2] = { { a, 4096 }, { b, 4096 } };
	struct stat st;

	SHOW((fd = open("f", O_CREAT | O_EXCL | O_RDWR | O_DIRECT, 0600)) >= 0);
	SHOW(fcntl(fd, F_GETFL) & O_DIRECT);
	align = offset_align(fd);
	plain = open("f", O_RDWR);
	SHOW(offset_align(open(".", O_RDONLY)));
	SHOW(pwritev(fd, v, 2, 0));
	SHOW(as_told(align, pwrite(fd, a, 100, 0), 100));
	SHOW(as_told(align, pwrite(fd, a, 4096, 100), 4096));
	SHOW(as_told(align, pread(fd, buf, 100, 0), 100));
	SHOW(as_told(align, pread(fd, buf, 4096, 100), 4096));
	v[0].iov_len = 100;
	SHOW(as_told(align, preadv(fd, v, 2, 0), 4196));
	SHOW(pwrite(fd, a, 0, 1));
	SHOW(pread(fd, a, 0, 1));
	SHOW(pwrite(fd, b, 4096, 4096));
	SHOW(ftruncate(fd, 8192));
	SHOW(pread(fd, buf, 4096, 8192));
	SHOW(pread(fd, NOTHING, 4096, 4096));
	SHOW(pwrite(fd, NOTHING, 4096, 4096));
	v[0] = (struct iovec){ a, 4096 };
	v[1] = (struct iovec){ NULL, 4096 };
	SHOW(preadv(fd, v, 2, 0));
	SHOW(pwritev(fd, v, 2, 0));
	/* what another descriptor and a mapping see, and the other way round */
	map = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, plain, 0);
	memset(a, 'A', 4096);
	SHOW(pwrite(fd, a, 4096, 0));
	SHOW(map[0] == 'A' && map[4095] == 'A' && map[4096] == 'b');
	SHOW(pread(plain, buf, 4096, 0) == 4096 && !memcmp(buf, a, 4096));
	SHOW(pwrite(plain, "odd", 3, 4095));
	SHOW(pread(fd, buf, 4096, 4096) == 4096 && !memcmp(buf, "ddb", 3));
	map[1] = 'M';
	SHOW(pread(fd, buf, 4096, 0) == 4096 && buf[0] == 'A' && buf[1] == 'M' && buf[4095] == 'o');
	map[4096 + 9] = 'N';
	SHOW(pwrite(fd, b, 4096, 0));
	SHOW(map[1] == 'b' && map[4096 + 9] == 'N');
	/* from and into a mapping of the file itself */
	SHOW(pwrite(fd, map, 4096, 4096));
	SHOW(map[4096 + 9]);
	map[0] = 'S';
	SHOW(pread(fd, map + 4096, 4096, 0));
	SHOW(map[4096] == 'S' && map[4097] == 'b');
	SHOW(munmap(map, 8192));
	/* the end of a file that is no multiple of anything */
	SHOW(ftruncate(fd, 5000));
	SHOW(pread(fd, buf, 4096, 4096));
	SHOW(pread(fd, buf, 4096, 0));
	map = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(plain);
	map[4999] = 'Z';
	SHOW(msync(map, 8192, MS_SYNC));
	SHOW(munmap(map, 8192));
	SHOW(pread(fd, buf, 4096, 4096) == 904 && buf[903] == 'Z');
	/* off and on again */
	SHOW(fcntl(fd, F_SETFL, 0));
	SHOW(pwrite(fd, "xyz", 3, 4999));
	SHOW(fcntl(fd, F_SETFL, O_DIRECT | O_APPEND));
	SHOW(fcntl(fd, F_GETFL) & (O_DIRECT | O_APPEND));
	SHOW(pread(fd, buf, 4096, 4096) == 906 && !memcmp(buf + 903, "xyz", 3));
	SHOW(ftruncate(fd, 4096));
	SHOW(write(fd, a, 4096));
	SHOW(lseek(fd, 0, SEEK_CUR));
	SHOW(fstat(fd, &st));
	SHOW(st.st_size);
	SHOW(lseek(fd, 0, SEEK_SET));
	SHOW(read(fd, buf, 4096));
	SHOW(lseek(fd, 0, SEEK_CUR));
	close(fd);
}

static void in_kernel(void)
{
	int fd = open("f", O_RDONLY | O_DIRECT), out = open("g", O_CREAT | O_RDWR, 0600), p[2];
	char *buf = page_of(0);
	off_t at = 0;

	SHOW(sendfile(out, fd, &at, 8192));
	SHOW(at);
	SHOW(pread(out, buf, 4096, 4096) == 4096 && buf[0] == 'A' && buf[4095] == 'A');
	pipe(p);
	at = 4096;
	SHOW(splice(fd, &at, p[1], NULL, 4096, 0));
	SHOW(read(p[0], buf, 4096) == 4096 && buf[0] == 'A');
	close(fd);
	close(out);
}

/* More than is moved at once. */
static void large(void)
{
	size_t size = 3 << 20;
	unsigned *a = mmap(NULL, 2 * size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), *b = a + size / 4;
	int fd = open("big", O_CREAT | O_RDWR | O_DIRECT, 0600);
	unsigned align = offset_align(fd);
	struct iovec v[128];
	struct stat st;

	for (size_t i = 0; i < size / 4; i++)
		a[i] = i;
	SHOW(as_told(align, pwrite(fd, a, size - 1, 0), size - 1));
	SHOW(fstat(fd, &st) || st.st_size == (align > 1 ? 0 : st.st_size));
	SHOW(pwrite(fd, a, size, 0));
	SHOW(pread(fd, b, size, 0) == (long)size && !memcmp(a, b, size));
	SHOW(as_told(align, pread(fd, b, size - 1, 0), size - 1));
	SHOW(pread(fd, b, size, 1 << 20) == 2 << 20 && b[0] == 1 << 18);
	for (int i = 0; i < 128; i++)
		v[i] = (struct iovec){ (char *)b + (127 - i) * 8192, 4096 };
	SHOW(preadv(fd, v, 128, 0));
	SHOW(b[0] == 127 * 1024 && b[127 * 2048] == 0);
	close(fd);
}

int main(void)
{
	setvbuf(stdout, NULL, _IONBF, 0);
	refusals();
	shared_memory();
	transfers();
	in_kernel();
	large();
	return 0;
}
