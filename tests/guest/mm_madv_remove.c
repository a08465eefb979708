/* MADV_REMOVE: holes in memfds, files of /dev/shm and shared anonymous memory; what it refuses. */
/* musl */
#include <sys/stat.h>

#include "maps.h"
#include "show.h"

static void try(const char *what, int fd)
{
	char *a, *b;
	struct stat st;

	printf("%s\n", what);
	SHOW(ftruncate(fd, 4 * P));
	a = mmap(NULL, 4 * P, RW, MAP_SHARED, fd, 0);
	b = mmap(NULL, 4 * P, RW, MAP_PRIVATE, fd, 0);
	memset(a, 1, 4 * P);
	b[P] = 5;
	SHOW(madvise(a + P, 2 * P, MADV_REMOVE));
	printf("%d %d %d %d\n", a[0], a[P], a[2 * P], a[3 * P]);
	printf("private copy %d, not copied %d\n", b[P], b[2 * P]);
	SHOW(fstat(fd, &st));
	printf("size %ld\n", (long)st.st_size);
	a[P] = 7;
	SHOW(pread(fd, b, 1, P));
	SHOW(b[0]);
	SHOW(madvise(b, P, MADV_REMOVE));
	munmap(a, 4 * P);
	munmap(b, 4 * P);
}

int main(void)
{
	int fd = (int)syscall(SYS_memfd_create, "m", 0), ro;
	char link[64], *a;

	try("memfd", fd);
	try("shm", open("/dev/shm", O_RDWR | O_TMPFILE, 0600));
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	ro = open(link, O_RDONLY);
	a = mmap(NULL, P, PROT_READ, MAP_SHARED, ro, 0);
	SHOW(madvise(a, P, MADV_REMOVE));
	a = mmap(NULL, P, PROT_READ, MAP_SHARED, fd, 0);
	a = mmap(NULL, P, RW, ANON, -1, 0);
	SHOW(madvise(a, P, MADV_REMOVE));
	SHOW(madvise(a, 0, MADV_REMOVE));
	SHOW(madvise(a + 1, P, MADV_REMOVE));
	return 0;
}
