/* mseal: what is sealed cannot be unmapped, moved, replaced, protected or emptied. */
/* musl */
#include "maps.h"
#include "show.h"

#define mseal(a, len, flags) syscall(462, a, len, flags)
#define MAYFIX (MREMAP_MAYMOVE | MREMAP_FIXED)
#ifndef MREMAP_MAYMOVE
#define MREMAP_MAYMOVE 1
#define MREMAP_FIXED 2
#endif

int main(void)
{
	char *h = hole(16), *a = map_at(h, 8, RW, ANON);

	SHOW(mseal(a, P, 1));
	SHOW(mseal(a + 1, P, 0));
	SHOW(mseal(a, 0, 0));
	SHOW(mseal(a, -P, 0));
	SHOW(mseal(a, 9 * P, 0));
	SHOW(mprotect(a, P, RW));
	SHOW(mseal(a + 2 * P, 2 * P, 0));
	show_maps("splits", h, 16);
	SHOW(mseal(a + 2 * P, 2 * P, 0));
	a[2 * P] = 1;
	SHOW(munmap(a + 2 * P, P));
	SHOW(munmap(a, 8 * P));
	SHOW(mprotect(a + 2 * P, P, PROT_READ));
	SHOW(mprotect(a + 4 * P, P, PROT_READ));
	SHOW(mprotect(a + 4 * P, P, RW));
	SHOW(mmap(a + 3 * P, P, RW, ANON | MAP_FIXED, -1, 0));
	SHOW(syscall(SYS_mremap, a + 2 * P, 2 * P, 2 * P, MAYFIX, h + 12 * P));
	SHOW(syscall(SYS_mremap, a, P, P, MAYFIX, a + 2 * P));
	SHOW(syscall(SYS_mremap, a + 2 * P, 2 * P, P, 0));
	SHOW(madvise(a + 2 * P, P, MADV_DONTNEED));
	printf("emptied %d\n", a[2 * P]);
	SHOW(madvise(a + 2 * P, P, MADV_RANDOM));
	SHOW(mlock(a + 2 * P, P));
	SHOW(munlock(a + 2 * P, P));
	SHOW(madvise(a + 2 * P, P, MADV_NORMAL));
	a = map_at(h + 10 * P, 2, RW, ANON);
	a[0] = 7;
	mprotect(a, 2 * P, PROT_READ);
	SHOW(mseal(a, 2 * P, 0));
	SHOW(madvise(a, P, MADV_DONTNEED));
	printf("kept %d\n", a[0]);
	SHOW(madvise(a, P, MADV_WILLNEED));
	show_maps("end", h, 16);
	return 0;
}
