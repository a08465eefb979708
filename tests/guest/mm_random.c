/* Seeded sequences of calls on one range of memory: the areas that /proc/self/maps shows and the bytes that are there must be
 * Linux's after each of them. With an argument: that seed, and each step. */
// timeout: 60
#include <sys/wait.h>

#include "maps.h"
#include "show.h"

#define PAGES 48
#define STEPS 300
#define SEEDS 6

static unsigned long state;
static char *base;
static int fd, memfd;
static int verbose;

static unsigned rnd(unsigned n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned)((state * 0x2545f4914f6cdd1dul) >> 33) % n;
}

static unsigned long hash(unsigned long h, const void *p, size_t n)
{
	const unsigned char *c = p;

	while (n--)
		h = (h ^ *c++) * 0x100000001b3ul;
	return h;
}

/* The area that holds page @at: its end, or 0, and what of it may be read and written. */
static unsigned area_end(unsigned at, char *perm)
{
	char *line = proc_text("/proc/self/maps"), *next;
	unsigned long start, end, a = (unsigned long)base + at * P;

	for (; *line; line = next) {
		next = strchr(line, '\n') + 1;
		if (sscanf(line, "%lx-%lx %5s", &start, &end, perm) == 3 && a >= start && a < end) {
			unsigned last = (unsigned)((end - (unsigned long)base) / P);

			return last > PAGES ? PAGES : last;
		}
	}
	return 0;
}

/* All areas of the range, and of each page that can be read its first bytes. */
static unsigned long look(unsigned long h)
{
	char *line = proc_text("/proc/self/maps"), *next, perm[8], text[64];
	unsigned long start, end, off;

	for (; *line; line = next) {
		next = strchr(line, '\n') + 1;
		if (sscanf(line, "%lx-%lx %7s %lx", &start, &end, perm, &off) != 4)
			continue;
		if (end <= (unsigned long)base || start >= (unsigned long)base + PAGES * P)
			continue;
		start = (start - (unsigned long)base) / P;
		end = (end - (unsigned long)base) / P;
		snprintf(text, sizeof(text), "%ld-%ld %s %lx", start, end, perm, off);
		if (verbose)
			printf(" [%s]", text);
		h = hash(h, text, strlen(text));
		for (; perm[0] == 'r' && start < end && start < PAGES; start++)
			h = hash(h, base + start * P, 8);
	}
	return h;
}

static const int prots[] = { PROT_NONE, PROT_READ, RW, RW, RW, PROT_READ | PROT_EXEC };
static const int advices[] = { MADV_NORMAL, MADV_RANDOM, MADV_SEQUENTIAL, MADV_DONTFORK, MADV_DOFORK, MADV_DONTDUMP,
	MADV_DODUMP, MADV_DONTNEED, MADV_WIPEONFORK, MADV_KEEPONFORK };

static long step(void)
{
	unsigned at = rnd(PAGES), len = 1 + rnd(rnd(3) ? 6 : PAGES), to, end, kind = rnd(16);
	char *a = base + at * P, perm[8];
	int prot = prots[rnd(6)];
	long r = 0;

	if (at + len > PAGES)
		len = PAGES - at;
	if (verbose)
		printf("kind %u at %u len %u prot %d:", kind, at, len, prot);
	switch (kind) {
	case 0: case 1: case 2:
		r = mmap(a, len * P, prot, ANON | MAP_FIXED | (rnd(8) ? 0 : MAP_NORESERVE), -1, 0) == a;
		break;
	case 3:
		r = mmap(a, len * P, prot & ~PROT_EXEC, (rnd(2) ? MAP_SHARED : MAP_PRIVATE) | MAP_FIXED, rnd(2) ? fd : memfd,
			(rnd(3) ? at : rnd(16)) * P) == a;
		break;
	case 4: case 5:
		r = munmap(a, len * P);
		break;
	case 6: case 7: case 8:
		r = mprotect(a, len * P, prot);
		break;
	case 9: case 10:
		end = area_end(at, perm);
		to = rnd(PAGES);
		if (!end)
			break;
		len = len > end - at ? end - at : len;
		if (to + len > PAGES)
			to = PAGES - len;
		r = syscall(SYS_mremap, a, len * P, len * P, 3, base + to * P) == (long)(base + to * P);
		break;
	case 11:
		end = area_end(at, perm);
		if (!end)
			break;
		to = 1 + rnd(8);
		if (at + to > PAGES)
			to = PAGES - at;
		r = syscall(SYS_mremap, a, (len > end - at ? end - at : len) * P, to * P, 0, NULL) == (long)a;
		break;
	case 12:
		r = madvise(a, len * P, advices[rnd(10)]);
		break;
	case 13:
		r = rnd(2) ? mlock(a, len * P) : munlock(a, len * P);
		break;
	default:
		end = area_end(at, perm);
		for (; at < end && len && perm[1] == 'w'; at++, len--)
			*(unsigned long *)(base + at * P) = state + at;
	}
	if (verbose)
		printf(" %ld %s", r, r == -1 ? errno_name(errno) : "");
	return r == -1 ? -errno : r;
}

static void run(unsigned long seed)
{
	unsigned long h = 0xcbf29ce484222325ul;

	state = seed * 0x9e3779b97f4a7c15ul + 1;
	fd = open("f", O_RDWR | O_CREAT | O_TRUNC, 0600);
	memfd = (int)syscall(SYS_memfd_create, "m", 0);
	if (ftruncate(fd, 2 * PAGES * P) || ftruncate(memfd, 2 * PAGES * P))
		return;
	base = hole(PAGES);
	for (unsigned i = 0; i < STEPS; i++) {
		long r = step();

		h = hash(h, &r, sizeof(r));
		h = look(h);
		if (verbose)
			printf(" = %lx\n", h);
	}
	printf("seed %lu: %016lx\n", seed, h);
	munmap(base, PAGES * P);
	close(fd);
	close(memfd);
}

int main(int argc, char **argv)
{
	if (argc > 1) {
		verbose = 1;
		run(strtoul(argv[1], NULL, 0));
		return 0;
	}
	for (unsigned long seed = 1; seed <= SEEDS; seed++)
		run(seed);
	/* The same in a child: its areas are copies, which join less. */
	fflush(stdout);
	if (!fork()) {
		run(1000);
		fflush(stdout);
		_exit(0);
	}
	wait(NULL);
	return 0;
}
