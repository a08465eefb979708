/* Overcommit by the default heuristic: only what exceeds all memory is refused, and MAP_NORESERVE never. */
/* musl */
#include <sys/sysinfo.h>
#include <sys/wait.h>

#include "maps.h"
#include "show.h"

#define MOST (1ul << 46) /* more than any memory */

int main(void)
{
	struct sysinfo si;
	unsigned long total;
	char *a, text[8] = "", *h;
	int fd;

	sysinfo(&si);
	total = si.totalram * si.mem_unit;
	fd = open("/proc/sys/vm/overcommit_memory", O_RDONLY);
	SHOW(read(fd, text, sizeof(text)));
	printf("mode %c\n", text[0]);
	SHOW_OK(mmap(NULL, total / 2, RW, ANON, -1, 0));
	SHOW_OK(mmap(NULL, total / 4 * 3, RW, ANON, -1, 0)); /* together more than there is */
	SHOW(mmap(NULL, MOST, RW, ANON, -1, 0));
	SHOW_OK(mmap(NULL, MOST, RW, ANON | MAP_NORESERVE, -1, 0));
	a = mmap(NULL, MOST / 4, PROT_NONE, ANON, -1, 0);
	SHOW(a != MAP_FAILED);
	SHOW(mprotect(a, MOST / 4, PROT_READ));
	SHOW(mprotect(a, MOST / 4, RW));
	SHOW(mprotect(a, P, RW));
	a[0] = 1;
	SHOW(munmap(a, MOST / 4));
	a = mmap(NULL, MOST / 4, PROT_READ, ANON, -1, 0);
	SHOW(a != MAP_FAILED);
	SHOW(munmap(a, MOST / 4));
	h = hole(8);
	a = map_at(h, 4, RW, ANON);
	SHOW((void *)syscall(SYS_mremap, a, 4 * P, MOST / 4, 1, NULL));
	SHOW(sbrk(1l << 42) == (void *)-1);
	fd = open("f", O_RDWR | O_CREAT | O_TRUNC, 0600);
	SHOW_OK(mmap(NULL, MOST / 16, PROT_READ, MAP_PRIVATE, fd, 0));
	SHOW_OK(mmap(NULL, MOST / 16, RW, MAP_SHARED, fd, 0));
	SHOW(mmap(NULL, MOST / 16, RW, MAP_PRIVATE, fd, 0));
	/* A child may be told to have as much as its parent. */
	if (!fork())
		_exit(0);
	SHOW(wait(NULL) > 0);
	return 0;
}
