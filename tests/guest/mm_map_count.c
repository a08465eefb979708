/* vm.max_map_count: what still works when a process has as many areas as it may. */
#include "maps.h"
#include "show.h"

int main(void)
{
	char *h = hole(200000);
	int n = 0, most;
	FILE *f = fopen("/proc/sys/vm/max_map_count", "r");

	if (fscanf(f, "%d", &most) != 1)
		return 1;
	printf("limit %d\n", most);
	fclose(f);
	/* Every other page, so that nothing merges. */
	while (n < 2 * most && mmap(h + n * P, P, n & 2 ? PROT_READ : RW, ANON | MAP_FIXED, -1, 0) != MAP_FAILED)
		n += 2;
	SHOW(errno == ENOMEM && n / 2 > most - 100 && n / 2 <= most);
	SHOW(mmap(h + 1 * P, P, RW, ANON | MAP_FIXED, -1, 0));
	SHOW(munmap(h, P));
	SHOW_OK(mmap(h, P, RW, ANON | MAP_FIXED, -1, 0));
	/* At the limit now: splitting is refused, removing whole areas is not. */
	SHOW(mprotect(h, P, PROT_READ));
	SHOW(mprotect(h, P, RW));
	SHOW(munmap(h, 64 * P));
	SHOW_OK(mmap(h, 8 * P, RW, ANON | MAP_FIXED, -1, 0));
	SHOW(mprotect(h + P, P, PROT_READ));
	SHOW(munmap(h + 4 * P, P));
	SHOW(munmap(h, 200000 * P));
	return 0;
}
