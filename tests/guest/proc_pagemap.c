// needs-root: numbers of frames
/* /proc/PID/pagemap: what is present and whose, frames that are the same, who is told their numbers, positions and sizes of reads.
 * Everything is stored to before it is looked at: what is mapped around a fault differs. */
// musl
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "show.h"

#define PAGES 64
#define PAGE 4096
#define PFN ((1ull << 55) - 1)

static int fd;

static char *map(int flags)
{
	char *p = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, flags, -1, 0);

	for (int i = 0; i < PAGES; i++)
		p[i * PAGE] = 1;
	return p;
}

/* The flags that all entries have, and whether frames are numbered and all different. */
static void look(const char *what, const void *p)
{
	uint64_t e[PAGES], all = ~0ull, any = 0;
	int different = 1;
	ssize_t n = pread(fd, e, sizeof(e), (off_t)((uintptr_t)p / PAGE * 8));

	for (int i = 0; i < PAGES; i++) {
		all &= e[i];
		any |= e[i];
		for (int j = 0; j < i; j++)
			different &= (e[i] & PFN) != (e[j] & PFN);
	}
	printf("%s: %zd bytes, flags %llx %llx, numbers %d, different %d\n", what, n, (unsigned long long)(all >> 55),
		(unsigned long long)(any >> 55), (any & PFN) != 0, different);
	fflush(stdout);
}

static uint64_t frame_of(const void *p)
{
	uint64_t e = 0;

	if (pread(fd, &e, 8, (off_t)((uintptr_t)p / PAGE * 8)) != 8)
		exit(1);
	return e & PFN;
}

static void in_child(char *shared)
{
	uint64_t before = frame_of(shared);
	pid_t pid = fork();

	if (!pid) {
		for (int i = 0; i < PAGES; i++)
			shared[i * PAGE] = 2;
		close(fd);
		fd = open("/proc/self/pagemap", O_RDONLY);
		printf("a child has the same frame: %d\n", frame_of(shared) == before);
		fflush(stdout);
		if (setresuid(1001, 1001, 1001))
			_exit(1);
		SHOW(open("/proc/self/pagemap", O_RDONLY) >= 0);
		look("the descriptor that root opened", shared);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
}

static void positions(const void *p)
{
	off_t at = (off_t)((uintptr_t)p / PAGE * 8), end = (off_t)(0x7ffffffff000 / PAGE * 8);
	uint64_t e[4];

	SHOW(pread(fd, e, 7, at));
	SHOW(pread(fd, e, 8, at + 4));
	SHOW(pread(fd, e, 0, at));
	SHOW(pread(fd, e, 12, at));
	SHOW(pread(fd, e, 32, end - 16));
	SHOW(pread(fd, e, 8, end));
	SHOW(pread(fd, e, 8, 0x7ffffffffffffff8));
	SHOW(pread(fd, BAD_PTR, 8, at));
	SHOW(lseek(fd, 0, SEEK_END));
	SHOW(lseek(fd, 16, SEEK_SET));
	SHOW(read(fd, e, 16));
	SHOW(lseek(fd, 0, SEEK_CUR));
	SHOW(write(fd, e, 8));
}

int main(void)
{
	char *own = map(MAP_PRIVATE | MAP_ANONYMOUS), *shared = map(MAP_SHARED | MAP_ANONYMOUS);

	fd = open("/proc/self/pagemap", O_RDONLY);
	look("private", own);
	look("shared", shared);
	SHOW(mprotect(own, PAGES * PAGE, PROT_NONE));
	look("PROT_NONE", own);
	SHOW(madvise(own, PAGES * PAGE, MADV_DONTNEED));
	look("given back", own);
	in_child(shared);
	positions(shared);
	SHOW(munmap(shared, PAGES * PAGE));
	look("unmapped", shared);
	return 0;
}
