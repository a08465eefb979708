/* mremap without MREMAP_FIXED: growing in place and elsewhere, shrinking, what is in the way; contents stay. */
/* musl */
#include "maps.h"
#include "show.h"

#define remap(a, old, new, flags) ((char *)syscall(SYS_mremap, a, old, new, flags, NULL))
#define MAY 1

static void fill(char *a, int pages)
{
	for (int i = 0; i < pages; i++)
		memset(a + i * P, 'a' + i, P);
}

static int filled(char *a, int pages)
{
	for (int i = 0; i < pages; i++)
		if (a[i * P] != 'a' + i || a[i * P + P - 1] != 'a' + i)
			return 0;
	return 1;
}

int main(void)
{
	char *h = hole(64), *a = map_at(h, 4, RW, ANON), *b;
	int fd = open("f", O_RDWR | O_CREAT | O_TRUNC, 0600);

	fill(a, 4);
	SHOW(remap(a, 4 * P, 8 * P, 0) == a);
	SHOW(filled(a, 4) && a[5 * P] == 0);
	show_maps("grown", h, 64);
	SHOW(remap(a, 8 * P, 6 * P, 0) == a);
	show_maps("shrunk", h, 64);
	SHOW(remap(a, 6 * P, 6 * P, 0) == a);
	SHOW(remap(a + 2 * P, 2 * P, 4 * P, 0));
	b = remap(a + 2 * P, 2 * P, 4 * P, MAY);
	SHOW(b != MAP_FAILED && (b < h || b >= h + 64 * P));
	SHOW(b[0] == 'c' && b[P] == 'd' && !b[2 * P] && filled(a, 2));
	show_maps("middle gone", h, 64);
	/* The end of an area grows in place; something behind it is in the way. */
	SHOW(remap(a + 4 * P, 2 * P, 4 * P, 0) == a + 4 * P);
	show_maps("end grown", h, 64);
	map_at(h + 8 * P, 1, PROT_READ, ANON);
	SHOW(remap(a + 4 * P, 4 * P, 5 * P, 0));
	SHOW(remap(a + 4 * P, 5 * P, 6 * P, MAY));
	SHOW(remap(a + 4 * P, 5 * P, 5 * P, MAY) == a + 4 * P);
	/* A shrinking range may cross areas and holes. */
	SHOW(remap(a, 32 * P, P, 0) == a);
	show_maps("all but one", h, 64);
	SHOW(remap(a + P, P, P, 0));
	SHOW(remap(a, 2 * P, 4 * P, MAY));

	/* A file's mapping goes on in the file. */
	ftruncate(fd, 8 * P);
	for (int i = 0; i < 8; i++) {
		char c = (char)('A' + i);

		pwrite(fd, &c, 1, i * P);
	}
	b = mmap(h + 16 * P, 2 * P, RW, MAP_SHARED | MAP_FIXED, fd, P);
	SHOW(remap(b, 2 * P, 4 * P, 0) == b);
	printf("%c%c%c%c\n", b[0], b[P], b[2 * P], b[3 * P]);
	b[3 * P] = 'x';
	a = remap(b + P, 3 * P, 5 * P, MAY);
	printf("%c%c%c\n", a[0], a[2 * P], a[4 * P]);
	show_maps("left of the file", h + 16 * P, 16);
	b = mmap(h + 32 * P, 2 * P, RW, MAP_PRIVATE | MAP_FIXED, fd, P);
	b[0] = 'p';
	SHOW(remap(b, 2 * P, 4 * P, 0) == b);
	printf("%c%c%c\n", b[0], b[P], b[3 * P]);
	SHOW(remap(b, 2 * P, -2 * P, MAY));
	SHOW(remap(b, -P, P, MAY));
	SHOW(remap((char *)-(P * 4), P, 2 * P, MAY));
	return 0;
}
