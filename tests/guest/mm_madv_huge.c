/* MADV_HUGEPAGE, MADV_NOHUGEPAGE, MADV_COLLAPSE: contents stay what they are. */
#include <sys/wait.h>

#include "maps.h"
#include "show.h"

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif
#define H (2ul << 20)

static int good(char *a, unsigned long size)
{
	for (unsigned long i = 0; i < size; i += P)
		if (*(unsigned long *)(a + i) != i / P + 1)
			return 0;
	return 1;
}

int main(void)
{
	char *a = (char *)(((unsigned long)hole(4096) + H - 1) & -H);
	int status;

	map_at(a, 3 * H / P, RW, ANON);
	SHOW(madvise(a, 3 * H, MADV_NOHUGEPAGE));
	for (unsigned long i = 0; i < 2 * H; i += P)
		*(unsigned long *)(a + i) = i / P + 1;
	SHOW(madvise(a, H, MADV_COLLAPSE));
	SHOW(madvise(a, 3 * H, MADV_HUGEPAGE));
	SHOW(madvise(a, 2 * H, MADV_COLLAPSE));
	SHOW(good(a, 2 * H));
	SHOW(madvise(a, 0, MADV_COLLAPSE));
	SHOW(madvise(a + P, H, MADV_COLLAPSE));
	SHOW(madvise(a + 1, H, MADV_COLLAPSE));
	SHOW(madvise(a + 2 * H, H, MADV_COLLAPSE));
	if (!fork()) {
		int ok = good(a, 2 * H);

		*(unsigned long *)a = 99;
		_exit(!ok);
	}
	wait(&status);
	SHOW(status);
	SHOW(good(a, 2 * H));
	mprotect(a, H, PROT_READ);
	SHOW(madvise(a, H, MADV_COLLAPSE));
	SHOW(good(a, 2 * H));
	munmap(a + P, P);
	SHOW(madvise(a, H, MADV_COLLAPSE));
	a = map_at(hole(16), 16, RW, ANON);
	SHOW(madvise(a, 16 * P, MADV_COLLAPSE));
	SHOW(madvise(a, 16 * P, MADV_HUGEPAGE));
	a[0] = 1;
	SHOW(madvise(a, P, MADV_DONTNEED));
	printf("%d\n", a[0]);
	return 0;
}
