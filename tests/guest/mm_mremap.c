// mremap: shrink, grow in place, move, fixed; contents and shared mappings go along. musl
#include "show.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define P 4096ul
#define RW (PROT_READ | PROT_WRITE)
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)

static const char *name(const void *p) { return p == MAP_FAILED ? errno_name(errno) : "ok"; }

int main(void)
{
	char *area = mmap(NULL, 256 * P, PROT_NONE, ANON, -1, 0), *a, *b;
	int fd = open("f", O_RDWR | O_CREAT | O_TRUNC, 0600);

	munmap(area, 256 * P);
	a = mmap(area, 4 * P, RW, ANON | MAP_FIXED, -1, 0);
	for (int i = 0; i < 4; i++)
		a[i * P] = (char)(i + 1);
	b = mremap(a, 4 * P, 2 * P, 0);
	printf("shrink %d\n", b == a);
	b = mremap(a, 2 * P, 6 * P, 0);
	printf("grow %d values %d %d %d\n", b == a, a[P], a[2 * P], a[5 * P]);
	mmap(area + 6 * P, P, PROT_READ, ANON | MAP_FIXED, -1, 0);
	printf("blocked: %s\n", name(mremap(a, 6 * P, 8 * P, 0)));
	b = mremap(a, 6 * P, 8 * P, MREMAP_MAYMOVE);
	printf("moved %d values %d %d\n", b != a, b[0], b[P]);
	a = mremap(b, 8 * P, 8 * P, MREMAP_MAYMOVE | MREMAP_FIXED, area + 100 * P);
	printf("fixed %d values %d %d\n", a == area + 100 * P, a[0], a[P]);
	memset(a, 3, 8 * P);
	b = mremap(a + 2 * P, 2 * P, 4 * P, MREMAP_MAYMOVE);
	printf("middle moved %d value %d\n", b != a + 2 * P, b[P]);
	printf("errors: %s, %s, %s, %s\n", name(mremap(a + 1, P, P, 0)), name(mremap(a, P, 0, 0)),
		name(mremap(a + 2 * P, P, 2 * P, MREMAP_MAYMOVE)), name(mremap(a, P, P, MREMAP_FIXED, area)));
	ftruncate(fd, 8 * P);
	pwrite(fd, "last", 4, 7 * P);
	a = mmap(NULL, 4 * P, RW, MAP_SHARED, fd, 0);
	a[0] = 's';
	a = mremap(a, 4 * P, 8 * P, MREMAP_MAYMOVE);
	printf("file %c %.4s\n", a[0], a + 7 * P);
	a[7 * P] = 'L';
	char c;
	pread(fd, &c, 1, 7 * P);
	printf("stored %c\n", c);
	return 0;
}
