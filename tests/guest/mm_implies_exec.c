/* The personality READ_IMPLIES_EXEC: what may be read may be executed. */
#include <sys/personality.h>

#include "maps.h"
#include "show.h"

int main(void)
{
	int fd = open("f", O_RDWR | O_CREAT | O_TRUNC, 0600);
	char *h = hole(16), *a;

	ftruncate(fd, P);
	map_at(h, 1, PROT_READ, ANON);
	SHOW(personality(0xffffffff) & READ_IMPLIES_EXEC);
	SHOW(personality(READ_IMPLIES_EXEC));
	map_at(h + 2 * P, 1, PROT_READ, ANON);
	map_at(h + 4 * P, 1, RW, ANON);
	map_at(h + 6 * P, 1, PROT_WRITE, ANON);
	map_at(h + 8 * P, 1, PROT_NONE, ANON);
	mmap(h + 10 * P, P, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 0);
	show_maps("mmap", h, 16);
	a = map_at(h + 12 * P, 1, PROT_NONE, ANON);
	SHOW(mprotect(h, P, PROT_READ));
	SHOW(mprotect(a, P, RW));
	SHOW(mprotect(h + 2 * P, P, PROT_WRITE));
	show_maps("mprotect", h, 16);
	a = map_at(h + 14 * P, 1, RW, ANON);
	a[0] = (char)0xc3;
	((void (*)(void))a)();
	personality(0);
	SHOW(mprotect(a, P, PROT_READ));
	show_maps("without", h + 14 * P, 1);
	return 0;
}
