/* PR_SET_VMA_ANON_NAME: which names and which memory, how areas split and join by it, what fork and mremap keep, and what
 * /proc/self/maps and smaps show. */
// host-skip: kernels without CONFIG_ANON_VMA_NAME have no names
/* musl */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include "show.h"

#ifndef PR_SET_VMA
#define PR_SET_VMA 0x53564d41
#define PR_SET_VMA_ANON_NAME 0
#endif
#define PAGE 4096ul

static long name(const void *at, size_t size, const char *text)
{
	return syscall(SYS_prctl, PR_SET_VMA, PR_SET_VMA_ANON_NAME, at, size, text);
}

/* The areas in [at, at + size), addresses as pages from there. */
static void areas(const char *what, const char *at, size_t size)
{
	unsigned long from = (unsigned long)at, start, end, off, ino;
	char line[300], perm[5], dev[16], text[200];
	FILE *f = fopen("/proc/self/maps", "r");

	printf("%s:\n", what);
	while (fgets(line, sizeof(line), f)) {
		text[0] = 0;
		sscanf(line, "%lx-%lx %4s %lx %15s %lu %199[^\n]", &start, &end, perm, &off, dev, &ino, text);
		if (start < from + size && end > from)
			printf("  %ld-%ld %s %s\n", (long)(start - from) / 4096, (long)(end - from) / 4096, perm, text);
	}
	fclose(f);
}

static void refusals(char *m)
{
	char long_name[81];
	int fd = open("file", O_RDWR | O_CREAT, 0600);
	void *file, *zero = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, open("/dev/zero", O_RDONLY), 0);

	memset(long_name, 'n', 80);
	long_name[80] = 0;
	ftruncate(fd, PAGE);
	file = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	SHOW(syscall(SYS_prctl, PR_SET_VMA, 1, m, PAGE, "name"));
	SHOW(name(m, PAGE, long_name));
	SHOW(name(m, PAGE, long_name + 1));
	SHOW(name(m, PAGE, BAD_PTR));
	SHOW(name(m, PAGE, "[a]"));
	SHOW(name(m, PAGE, "a$b"));
	SHOW(name(m, PAGE, "a`b"));
	SHOW(name(m, PAGE, "a\\b"));
	SHOW(name(m, PAGE, "a\nb"));
	SHOW(name(m, PAGE, "\x7f"));
	SHOW(name(m, PAGE, "\xc3\xa4"));
	SHOW(name(m + 1, PAGE, "name"));
	SHOW(name(m, -1ul, "name"));
	SHOW(name(m, -8192ul, "name"));
	SHOW(name(m, 0, "name"));
	SHOW(name(file, PAGE, "name"));
	SHOW(name(zero, PAGE, "name"));
	SHOW(name(NULL, PAGE, "name"));
	SHOW(name(m, PAGE, NULL));
}

static void splits_and_joins(char *m)
{
	SHOW(name(m + PAGE, 2 * PAGE, "a name, with (all) sorts of #chars~"));
	areas("in the middle", m, 8 * PAGE);
	SHOW(name(m + 3 * PAGE, 1, "second"));
	SHOW(name(m + 4 * PAGE, PAGE, "second"));
	areas("the same name twice", m, 8 * PAGE);
	SHOW(mprotect(m + 4 * PAGE, PAGE, PROT_READ));
	SHOW(name(m, 8 * PAGE, "all"));
	areas("all", m, 8 * PAGE);
	SHOW(mprotect(m + 4 * PAGE, PAGE, PROT_READ | PROT_WRITE));
	areas("writable again", m, 8 * PAGE);
	SHOW(munmap(m + 2 * PAGE, PAGE));
	SHOW(name(m, 8 * PAGE, ""));
	areas("with a hole", m, 8 * PAGE);
	SHOW(mmap(m + 2 * PAGE, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == m + 2 * PAGE);
	areas("filled", m, 8 * PAGE);
	SHOW(name(m, 8 * PAGE, NULL));
	areas("without", m, 8 * PAGE);
}

static void copies(char *m)
{
	char *moved;

	SHOW(name(m, 8 * PAGE, "kept"));
	fflush(stdout);
	if (!fork()) {
		areas("child", m, 8 * PAGE);
		SHOW(name(m, PAGE, "of the child"));
		fflush(stdout);
		_exit(0);
	}
	wait(NULL);
	areas("parent", m, 8 * PAGE);
	moved = mremap(m + 4 * PAGE, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, m + 16 * PAGE);
	areas("moved", m, 20 * PAGE);
	SHOW(moved == m + 16 * PAGE);
}

static void other_memory(char *m)
{
	char *shared = mmap(m + 24 * PAGE, PAGE, PROT_READ, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0), *top = (char *)syscall(SYS_brk, 0);
	int memfd = syscall(SYS_memfd_create, "m", 0), seen = 0;
	char line[300], stack;
	FILE *f;

	SHOW(name(shared, PAGE, "shared"));
	areas("shared", shared, PAGE);
	SHOW(ftruncate(memfd, PAGE));
	SHOW(name(mmap(shared, PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, memfd, 0), PAGE, "memfd"));
	/* the heap and the stack are called so whatever they are called */
	SHOW(syscall(SYS_brk, top + 64 * PAGE) == (long)top + 64 * (long)PAGE);
	top = (char *)(((unsigned long)top + PAGE - 1) & -PAGE);
	SHOW(name(top, PAGE, "heap"));
	areas("heap", top, PAGE);
	SHOW(name((void *)((unsigned long)&stack & -PAGE), PAGE, "stack"));
	f = fopen("/proc/self/smaps", "r");
	while (fgets(line, sizeof(line), f))
		seen += strstr(line, " [anon:kept]\n") != NULL;
	fclose(f);
	SHOW(seen);
}

int main(void)
{
	char *m = mmap(NULL, 32 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	/* nothing next to it, and something in it */
	SHOW(munmap(m, PAGE) | munmap(m + 9 * PAGE, 23 * PAGE));
	m += PAGE;
	SHOW(mprotect(m, 8 * PAGE, PROT_READ | PROT_WRITE));
	memset(m, 1, 8 * PAGE);
	refusals(m);
	splits_and_joins(m);
	copies(m);
	other_memory(m);
	return 0;
}
