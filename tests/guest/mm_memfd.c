/* memfd_create: flags, names and errors; the file behaves as one without a name. */
/* musl */
#include <fcntl.h>
#include <linux/falloc.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "show.h"

static int memfd(const char *name, unsigned flags) { return (int)syscall(SYS_memfd_create, name, flags); }

int main(void)
{
	char name[300], link[64], buf[300];
	struct stat st;
	char *a, *b;
	int fd, fd2;
	ssize_t n;

	fd = memfd("first", 0);
	SHOW(fd);
	SHOW(memfd("x", 0x100));
	SHOW(memfd("x", 0x80000000));
	SHOW(memfd("x", 8 | 16)); /* MFD_NOEXEC_SEAL | MFD_EXEC */
	SHOW(memfd(NULL, 0));
	SHOW(memfd(BAD_PTR, 0));
	memset(name, 'n', sizeof(name));
	name[249] = 0;
	SHOW(close(memfd(name, 0)));
	name[249] = 'n';
	name[250] = 0;
	SHOW(memfd(name, 0));
	SHOW(close(memfd("", 0)));
	SHOW(fcntl(fd, F_GETFD));
	fd2 = memfd("cloexec/with slash", 1);
	SHOW(fcntl(fd2, F_GETFD));
	SHOW(fcntl(fd2, F_GETFL) & O_ACCMODE);
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd2);
	n = readlink(link, buf, sizeof(buf) - 1);
	buf[n > 0 ? n : 0] = 0;
	printf("link %s\n", buf);
	SHOW(fstat(fd, &st));
	printf("mode %o nlink %ld size %ld blocks %ld\n", st.st_mode, (long)st.st_nlink, (long)st.st_size, (long)st.st_blocks);
	SHOW(write(fd, "hello", 5));
	SHOW(lseek(fd, 0, SEEK_SET));
	SHOW(read(fd, buf, sizeof(buf)));
	SHOW(ftruncate(fd, 3 * 4096));
	a = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	b = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	SHOW(memcmp(a, "hello", 6));
	strcpy(a + 4096, "shared");
	SHOW(strcmp(b + 4096, "shared"));
	strcpy(b, "mine");
	SHOW(strcmp(a, "hello"));
	SHOW(pread(fd, buf, 7, 4096));
	SHOW(strcmp(buf, "shared"));
	SHOW(fstat(fd, &st));
	printf("size %ld\n", (long)st.st_size);
	/* A second open of the same memory. */
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	fd2 = open(link, O_RDONLY);
	SHOW(pread(fd2, buf, 5, 0));
	SHOW(write(fd2, "x", 1));
	SHOW(mmap(NULL, 4096, PROT_WRITE, MAP_SHARED, fd2, 0));
	SHOW(close(fd2));
	fd2 = open(link, O_RDWR | O_TRUNC);
	SHOW(fstat(fd, &st));
	printf("size %ld\n", (long)st.st_size);
	SHOW(fallocate(fd, 0, 0, 8192));
	SHOW(fallocate(fd, FALLOC_FL_KEEP_SIZE, 8192, 4096));
	SHOW(fallocate(fd, FALLOC_FL_ZERO_RANGE, 0, 4096));
	SHOW(fallocate(fd, FALLOC_FL_COLLAPSE_RANGE, 0, 4096));
	SHOW(fstat(fd, &st));
	printf("size %ld blocks %ld\n", (long)st.st_size, (long)st.st_blocks);
	SHOW(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096));
	SHOW(fstat(fd, &st));
	printf("blocks %ld\n", (long)st.st_blocks);
	SHOW(fsync(fd));
	SHOW(fchmod(fd, 0600));
	SHOW(fstat(fd, &st));
	printf("mode %o\n", st.st_mode);
	SHOW(lseek(fd, 0, SEEK_END));
	return 0;
}
