/* Where mmap puts things: MAP_FIXED, MAP_FIXED_NOREPLACE, hints, MAP_32BIT, the ends of address space. */
/* musl */
#include <signal.h>
#include <sys/wait.h>

#include "maps.h"
#include "show.h"

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif
#ifndef MAP_32BIT
#define MAP_32BIT 0x40
#endif
#define TOP ((char *)0x7ffffffff000)

int main(void)
{
	char *h = hole(32), *a;
	int status;

	a = mmap(h + P, 4 * P, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0);
	SHOW(a == h + P);
	SHOW(mmap(h, 2 * P, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0));
	SHOW(mmap(h + 4 * P, 4 * P, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0));
	SHOW(mmap(h + 2 * P, P, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0));
	SHOW(mmap(h, P, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0) == h);
	SHOW(mmap(h + 5 * P, P, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0) == h + 5 * P);
	SHOW(mmap(h + 1, P, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0));
	show_maps("noreplace", h, 32);
	a[0] = 1;
	SHOW(mmap(a, P, RW, ANON | MAP_FIXED, -1, 0) == a);
	printf("replaced %d\n", a[0]);
	SHOW(mmap(a + 1, P, RW, ANON | MAP_FIXED, -1, 0));
	/* Hints: taken where there is room, rounded down to a page. */
	SHOW(mmap(h + 10 * P, P, RW, ANON, -1, 0) == h + 10 * P);
	SHOW(mmap(h + 12 * P + 123, P, RW, ANON, -1, 0) == h + 12 * P);
	a = mmap(h + 10 * P, P, RW, ANON, -1, 0);
	SHOW(a != MAP_FAILED && a != h + 10 * P);
	a = mmap(h + 9 * P, 2 * P, RW, ANON, -1, 0);
	SHOW(a != MAP_FAILED && a != h + 9 * P);
	/* MAP_32BIT */
	a = mmap(NULL, 16 * P, RW, ANON | MAP_32BIT, -1, 0);
	SHOW(a != MAP_FAILED && (unsigned long)a + 16 * P <= 1ul << 31);
	SHOW(mmap(NULL, 1ul << 31, RW, ANON | MAP_32BIT | MAP_NORESERVE, -1, 0));
	/* The ends. */
	SHOW(mmap(TOP, P, RW, ANON | MAP_FIXED, -1, 0));
	SHOW(mmap((void *)-P, P, RW, ANON | MAP_FIXED, -1, 0));
	SHOW(mmap(NULL, 1ul << 47, PROT_NONE, ANON | MAP_NORESERVE, -1, 0));
	SHOW(mmap(NULL, -P, PROT_NONE, ANON | MAP_NORESERVE, -1, 0));
	SHOW(mmap(NULL, -1, PROT_NONE, ANON | MAP_NORESERVE, -1, 0));
	SHOW(munmap(TOP, P));
	SHOW(munmap(TOP - P, 2 * P));
	SHOW(munmap(h + 1, P));
	SHOW(munmap(h, 0));
	SHOW(munmap(h, 32 * P));
	SHOW(munmap(h, 32 * P));
	show_maps("nothing", h, 32);
	/* All there is: what runs is gone. */
	fflush(stdout);
	if (!fork()) {
		munmap(NULL, (unsigned long)TOP);
		_exit(0);
	}
	wait(&status);
	SHOW(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
	return 0;
}
