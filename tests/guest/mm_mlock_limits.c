/* mlock and its kin without privileges: RLIMIT_MEMLOCK counts, VmLck tells. */
// needs-root: gives up its privileges
#include <sys/resource.h>
#include <sys/wait.h>

#include "maps.h"
#include "show.h"

static void limit(unsigned long pages)
{
	struct rlimit r = { pages * P, pages * P };

	setrlimit(RLIMIT_MEMLOCK, &r);
}

int main(void)
{
	char *h = hole(64), *a = map_at(h, 16, RW, ANON), *b;

	SHOW(mlock(a, 4 * P));
	printf("locked %ld\n", status_kib("VmLck"));
	munlockall();
	limit(8);
	if (setgid(12345) || setuid(12345))
		return 1;
	SHOW(mlock(a, 8 * P));
	printf("locked %ld\n", status_kib("VmLck"));
	SHOW(mlock(a, 8 * P));
	SHOW(mlock(a, 9 * P));
	SHOW(mlock(a + 4 * P, 4 * P));
	printf("locked %ld\n", status_kib("VmLck"));
	SHOW(munlock(a + 4 * P, P));
	printf("locked %ld\n", status_kib("VmLck"));
	show_maps("areas", h, 64);
	SHOW(mlock(a + 8 * P, P));
	SHOW(mlock(a + 9 * P, P));
	SHOW(mmap(NULL, P, RW, ANON | MAP_LOCKED, -1, 0));
	SHOW(mremap(a, 4 * P, 32 * P, 1));
	SHOW(mremap(a + 5 * P, 3 * P, 3 * P, 1) == a + 5 * P);
	/* What goes away no longer counts. */
	SHOW(munmap(a, 4 * P));
	printf("locked %ld\n", status_kib("VmLck"));
	b = mmap(NULL, 2 * P, RW, ANON | MAP_LOCKED, -1, 0);
	SHOW(b != MAP_FAILED);
	printf("locked %ld\n", status_kib("VmLck"));
	SHOW(mlockall(MCL_CURRENT));
	SHOW(mlockall(MCL_FUTURE));
	SHOW(mmap(NULL, 32 * P, RW, ANON, -1, 0));
	SHOW(sbrk(64 * P) == (void *)-1);
	SHOW(munlockall());
	printf("locked %ld\n", status_kib("VmLck"));
	limit(0);
	SHOW(mlock(a + 8 * P, P));
	SHOW(mlock2(a + 8 * P, P, 1));
	SHOW(mlockall(MCL_CURRENT));
	SHOW(mmap(NULL, P, RW, ANON | MAP_LOCKED, -1, 0));
	SHOW(munlock(a + 8 * P, P));
	SHOW(mlock(a + 8 * P, 0));
	return 0;
}
