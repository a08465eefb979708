/* mmap's MAP_DROPPABLE (Linux 6.11), and memory that is wiped and not dumped because of it. */
#include <sys/wait.h>

#include "maps.h"
#include "show.h"

int main(void)
{
	char *h = hole(8), *a = mmap(h, 4 * P, RW, 8 | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	int status;

	SHOW(a == h);
	printf("%s\n", smaps_text(a, "VmFlags"));
	a[0] = 1;
	map_at(h + 4 * P, 4, RW, ANON);
	show_maps("does not join others", h, 8);
	if (!fork())
		_exit(a[0]);
	wait(&status);
	SHOW(WEXITSTATUS(status));
	SHOW(mlock(a, P));
	printf("%s\n", smaps_text(a, "VmFlags"));
	SHOW(mlockall(MCL_CURRENT));
	printf("%s\n", smaps_text(a, "VmFlags"));
	SHOW(munlockall());
	SHOW(madvise(a, P, MADV_KEEPONFORK));
	SHOW(madvise(a, P, MADV_DODUMP));
	SHOW(madvise(a, P, MADV_MERGEABLE));
	printf("%s\n", smaps_text(a, "VmFlags"));
	SHOW(mprotect(a, P, PROT_READ));
	SHOW(munmap(a, 4 * P));
	return 0;
}
