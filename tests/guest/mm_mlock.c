/* mlock, mlock2, munlock, mlockall, munlockall: what becomes resident, errors, fork and exec. */
#include <sys/wait.h>

#include "maps.h"
#include "show.h"

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
	char *h = hole(64), *a = map_at(h, 16, RW, ANON), *b;
	int fd = open("f", O_RDWR | O_CREAT | O_TRUNC, 0600);

	SHOW(mlock(a, 16 * P));
	SHOW(resident(a, 16));
	SHOW(madvise(a, P, MADV_DONTNEED));
	SHOW(madvise(a, P, MADV_FREE));
	SHOW(madvise(a, P, MADV_COLD));
	SHOW(madvise(a, P, MADV_PAGEOUT));
	SHOW(madvise(a, 16 * P, 24)); /* MADV_DONTNEED_LOCKED */
	SHOW(resident(a, 16));
	if (!fork()) {
		printf("child: locked %ld\n", status_kib("VmLck"));
		fflush(stdout);
		_exit(0);
	}
	wait(NULL);
	SHOW(munlock(a, 16 * P));
	printf("locked %ld\n", status_kib("VmLck"));
	a = map_at(h + 32 * P, 16, RW, ANON);
	SHOW(mlock2(a, 16 * P, 1));
	SHOW(resident(a, 16));
	SHOW(mlock2(a, 16 * P, 2));
	printf("locked %ld\n", status_kib("VmLck"));
	SHOW(munlock(a + 1, 16 * P - 1));
	printf("locked %ld\n", status_kib("VmLck"));
	SHOW(mlock(a + 15 * P, 2 * P));
	printf("locked %ld\n", status_kib("VmLck"));
	SHOW(munlock(a + 15 * P, 2 * P));
	SHOW(mlock(a, -1));
	SHOW(munlock(a, -1));
	SHOW(mlock(a, 0));
	b = map_at(h + 50 * P, 2, PROT_NONE, ANON);
	SHOW(mlock(b, P));
	b = map_at(h + 54 * P, 2, PROT_READ, ANON);
	SHOW(mlock(b, 2 * P));
	SHOW(resident(b, 2));
	ftruncate(fd, P);
	b = mmap(NULL, 2 * P, RW, MAP_SHARED, fd, 0);
	SHOW(mlock(b, P));
	SHOW(mlock(b, 2 * P));
	SHOW(munlock(b, 2 * P));
	SHOW(msync(b, P, MS_INVALIDATE));
	SHOW(mlock(b, P));
	SHOW(msync(b, P, MS_INVALIDATE));

	SHOW(mlockall(0));
	SHOW(mlockall(4));
	SHOW(mlockall(8));
	SHOW(mlockall(MCL_FUTURE));
	b = map_at(hole(8), 8, RW, ANON);
	SHOW(resident(b, 8));
	SHOW(mlockall(MCL_FUTURE | 4));
	b = map_at(hole(8), 8, RW, ANON);
	SHOW(resident(b, 8));
	SHOW(munlockall());
	b = map_at(hole(8), 8, RW, ANON);
	SHOW(resident(b, 8));
	SHOW(mlockall(MCL_CURRENT));
	SHOW(resident(b, 8));
	SHOW(status_kib("VmLck") > 0);
	SHOW(munlockall());
	printf("locked %ld\n", status_kib("VmLck"));
	return 0;
}
