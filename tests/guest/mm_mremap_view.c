/* mremap: no length makes a second view of shared memory; MREMAP_DONTUNMAP leaves an empty area; MREMAP_FIXED replaces. */
/* musl */
#include "maps.h"
#include "show.h"

#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP 4
#endif
#define MAYFIX (MREMAP_MAYMOVE | MREMAP_FIXED)

static void *remap(void *old, size_t old_size, size_t new_size, int flags, void *to)
{
	return (void *)syscall(SYS_mremap, old, old_size, new_size, flags, to);
}

int main(void)
{
	char *a, *b, *h;
	int fd = open("f", O_RDWR | O_CREAT | O_TRUNC, 0600);

	SHOW(ftruncate(fd, 8 * P));
	a = mmap(NULL, 4 * P, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	strcpy(a + P, "one");
	b = remap(a, 0, 4 * P, MREMAP_MAYMOVE, NULL);
	SHOW(b != MAP_FAILED && b != a);
	printf("view %s\n", b + P);
	strcpy(b + 2 * P, "two");
	printf("first %s\n", a + 2 * P);
	b = remap(a + P, 0, P, MREMAP_MAYMOVE, NULL);
	printf("from the middle %s\n", b);
	show_maps("view", b, 1);
	SHOW(munmap(a, 4 * P));
	printf("survives %s\n", b);

	a = mmap(NULL, 4 * P, RW, MAP_SHARED, fd, 2 * P);
	strcpy(a, "file");
	h = hole(8);
	b = remap(a, 0, 2 * P, MAYFIX, h);
	SHOW(b == h);
	printf("file view %s\n", b);
	show_maps("file view", h, 8);
	SHOW(remap(a, 0, 4 * P, 0, NULL));
	a = mmap(NULL, 4 * P, RW, ANON, -1, 0);
	SHOW(remap(a, 0, 4 * P, MREMAP_MAYMOVE, NULL));

	/* MREMAP_DONTUNMAP */
	h = hole(16);
	a = map_at(h, 4, RW, ANON);
	memset(a, 7, 4 * P);
	b = remap(a, 4 * P, 4 * P, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, NULL);
	SHOW(b != MAP_FAILED && b != a);
	printf("moved %d, left %d\n", b[P], a[P]);
	show_maps("left behind", h, 16);
	a[P] = 1;
	b = remap(a, 2 * P, 2 * P, MAYFIX | MREMAP_DONTUNMAP, h + 8 * P);
	SHOW(b == h + 8 * P);
	printf("moved %d, left %d\n", b[P], a[P]);
	SHOW(remap(a, 2 * P, 3 * P, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, NULL));
	SHOW(remap(a, 2 * P, 2 * P, MREMAP_DONTUNMAP, NULL));
	a = mmap(NULL, 2 * P, RW, MAP_SHARED, fd, 0);
	strcpy(a, "shared");
	b = remap(a, 2 * P, 2 * P, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, NULL);
	printf("shared left %s, moved %s\n", a, b);

	/* MREMAP_FIXED takes the place of what is there. */
	h = hole(16);
	a = map_at(h, 4, RW, ANON);
	memset(a, 1, 4 * P);
	b = map_at(h + 8 * P, 6, RW, ANON);
	memset(b, 2, 6 * P);
	SHOW(remap(a, 4 * P, 4 * P, MAYFIX, b + P) == b + P);
	printf("%d %d %d %d\n", b[0], b[P], b[4 * P], b[5 * P]);
	SHOW(remap(b + P, 4 * P, 2 * P, MAYFIX, h) == h);
	show_maps("after", h, 16);
	printf("%d %d %d\n", h[0], h[P], b[0]);
	SHOW(remap(h, 2 * P, 6 * P, MAYFIX, h + P));
	SHOW(remap(h, 2 * P, 2 * P, MAYFIX, h + 8 * P + 1));
	SHOW(remap(h, 2 * P, 2 * P, MREMAP_FIXED, h + 8 * P));
	SHOW(remap(h, 2 * P, 2 * P, 8, h + 8 * P));
	SHOW(remap(h + P + 1, P, P, MREMAP_MAYMOVE, NULL));
	SHOW(remap(h + 4 * P, P, 2 * P, MREMAP_MAYMOVE, NULL));
	SHOW(remap(h, 2 * P, 0, MREMAP_MAYMOVE, NULL));
	return 0;
}
