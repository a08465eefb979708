/* vm.max_map_count: what still works when a process has as many areas as it may. */
#include "maps.h"
#include "show.h"

int main(void)
{
	char *h = hole(200000), *big = map_at(hole(8), 8, RW, ANON), *line = proc_text("/proc/sys/vm/max_map_count");
	int n = 0, most = atoi(line), err;

	printf("limit %d\n", most);
	/* Every other page, so that nothing merges. */
	while (n < 2 * most + 2 && mmap(h + n * P, P, n & 2 ? PROT_READ : RW, ANON | MAP_FIXED, -1, 0) != MAP_FAILED)
		n += 2;
	err = errno;
	SHOW(err == ENOMEM && n / 2 > most - 100 && n / 2 <= most);
	SHOW(mmap(h + 1 * P, P, RW, ANON | MAP_FIXED, -1, 0));
	SHOW(mmap(NULL, P, RW, ANON, -1, 0));
	SHOW(mremap(big, 8 * P, 16 * P, 1) == MAP_FAILED);
	/* Cutting is refused, changing and removing whole areas is not. */
	SHOW(mprotect(big + P, P, PROT_READ));
	SHOW(mprotect(big, 4 * P, PROT_READ));
	SHOW(madvise(big + P, P, MADV_RANDOM));
	SHOW(mlock(big + P, P));
	SHOW(munmap(big + 4 * P, P));
	SHOW(mprotect(big, 8 * P, PROT_READ));
	SHOW(munmap(big + 7 * P, P));
	SHOW(munmap(h, P));
	SHOW(munmap(h, 64 * P));
	SHOW_OK(mmap(h, 8 * P, RW, ANON | MAP_FIXED, -1, 0));
	SHOW(mprotect(h + P, P, PROT_READ));
	SHOW(munmap(h + 4 * P, P));
	SHOW(munmap(h, 200000 * P));
	return 0;
}
