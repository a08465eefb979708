/* remap_file_pages: pages of a shared mapping in another order, and what it refuses. */
#include "maps.h"
#include "show.h"

#define remap(a, len, prot, off, flags) syscall(SYS_remap_file_pages, a, len, prot, off, flags)

int main(void)
{
	int fd = (int)syscall(SYS_memfd_create, "r", 0);
	char *h = hole(16), *a, *p;

	ftruncate(fd, 8 * P);
	a = mmap(h, 8 * P, RW, MAP_SHARED | MAP_FIXED, fd, 0);
	for (int i = 0; i < 8; i++)
		a[i * P] = (char)('0' + i);
	SHOW(remap(a, P, 0, 7, 0));
	SHOW(remap(a + 2 * P, 2 * P, 0, 0, 0));
	for (int i = 0; i < 8; i++)
		printf("%c", a[i * P]);
	printf("\n");
	show_maps("areas", h, 16);
	a[0] = 'x';
	printf("%c\n", a[7 * P]);
	SHOW(remap(a + 1, P, 0, 6, 0));
	printf("%c\n", a[0]);
	SHOW(remap(a, P, PROT_READ, 1, 0));
	SHOW(remap(a, 0, 0, 1, 0));
	SHOW(remap(a, P, 0, -1, 0));
	SHOW(remap(a + 8 * P, P, 0, 1, 0));
	SHOW(remap(a + 7 * P, 2 * P, 0, 1, 0));
	p = mmap(NULL, P, RW, MAP_PRIVATE, fd, 0);
	SHOW(remap(p, P, 0, 1, 0));
	p = mmap(NULL, P, RW, ANON, -1, 0);
	SHOW(remap(p, P, 0, 1, 0));
	p = mmap(NULL, 2 * P, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	p[P] = 'y';
	SHOW(remap(p, P, 0, 1, 0));
	printf("%c\n", p[0]);
	return 0;
}
