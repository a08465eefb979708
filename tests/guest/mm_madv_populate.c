/* MADV_POPULATE_READ and _WRITE, MAP_POPULATE, mincore before and after. */
#include "maps.h"
#include "show.h"

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#define MADV_POPULATE_WRITE 23
#endif

static int resident(char *a, int pages)
{
	unsigned char v[64];
	int n = 0;

	if (mincore(a, pages * P, v))
		return -1;
	for (int i = 0; i < pages; i++)
		n += v[i] & 1;
	return n;
}

int main(void)
{
	int fd = open("f", O_RDWR | O_CREAT | O_TRUNC, 0600), ro;
	char *h = hole(64), *a = map_at(h, 32, RW, ANON), *f;

	SHOW(resident(a, 32));
	SHOW(madvise(a, 32 * P, MADV_POPULATE_WRITE));
	SHOW(resident(a, 32));
	SHOW(madvise(a, 32 * P, MADV_DONTNEED));
	SHOW(resident(a, 32));
	SHOW(madvise(a + 4 * P, P, MADV_POPULATE_READ));
	SHOW(a[4 * P]);
	mprotect(a + 8 * P, P, PROT_READ);
	mprotect(a + 9 * P, P, PROT_NONE);
	mprotect(a + 10 * P, P, PROT_WRITE);
	SHOW(madvise(a + 8 * P, P, MADV_POPULATE_READ));
	SHOW(madvise(a + 8 * P, P, MADV_POPULATE_WRITE));
	SHOW(madvise(a + 9 * P, P, MADV_POPULATE_READ));
	SHOW(madvise(a + 9 * P, P, MADV_POPULATE_WRITE));
	SHOW(madvise(a + 10 * P, P, MADV_POPULATE_READ));
	SHOW(madvise(a + 10 * P, P, MADV_POPULATE_WRITE));
	SHOW(madvise(a + 6 * P, 4 * P, MADV_POPULATE_READ));
	munmap(a + 16 * P, P);
	SHOW(madvise(a + 12 * P, 8 * P, MADV_POPULATE_WRITE));
	SHOW(resident(a + 12 * P, 4));
	SHOW(madvise(a + 16 * P, P, MADV_POPULATE_READ));
	SHOW(madvise(a + 1, P, MADV_POPULATE_READ));
	SHOW(madvise(a, 0, MADV_POPULATE_READ));

	ftruncate(fd, 4 * P);
	f = mmap(NULL, 8 * P, RW, MAP_SHARED, fd, 0);
	SHOW(madvise(f, 4 * P, MADV_POPULATE_WRITE));
	SHOW(madvise(f, 8 * P, MADV_POPULATE_READ));
	SHOW(madvise(f + 4 * P, P, MADV_POPULATE_WRITE));
	ro = open("f", O_RDONLY);
	f = mmap(NULL, 4 * P, PROT_READ, MAP_SHARED, ro, 0);
	SHOW(madvise(f, 4 * P, MADV_POPULATE_READ));
	SHOW(madvise(f, 4 * P, MADV_POPULATE_WRITE));
	f = mmap(NULL, 4 * P, RW, MAP_PRIVATE, ro, 0);
	SHOW(madvise(f, 4 * P, MADV_POPULATE_WRITE));
	SHOW(smaps_kib(f, "Anonymous"));

	a = map_at(hole(16), 16, RW, ANON | MAP_POPULATE);
	SHOW(resident(a, 16));
	a = map_at(hole(16), 16, PROT_NONE, ANON | MAP_POPULATE);
	SHOW(resident(a, 16));
	a = map_at(hole(16), 16, RW, MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE);
	SHOW(resident(a, 16));
	return 0;
}
