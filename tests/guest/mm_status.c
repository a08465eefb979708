/* The memory figures of /proc/self/status and statm: what each kind of mapping adds. */
#include "maps.h"
#include "show.h"

static const char *const keys[] = { "VmSize", "VmLck", "VmData", "VmStk", "VmExe", "VmLib", "RssAnon", "RssShmem" };
static long before[8];
static int figures = 8;

static void mark(void)
{
	for (int i = 0; i < 8; i++)
		before[i] = status_kib(keys[i]);
}

static void diff(const char *what)
{
	printf("%s:", what);
	for (int i = 0; i < figures; i++) {
		long v = status_kib(keys[i]) - before[i];

		if (v)
			printf(" %s %ld", keys[i], v);
	}
	printf("\n");
}

int main(void)
{
	int fd = open("f", O_RDWR | O_CREAT | O_TRUNC, 0600), ro = open("f", O_RDONLY);
	unsigned long size, rss, shared, text, lib, data, dirty;
	char *a, *h = hole(512);

	ftruncate(fd, 64 * P);
	for (int i = 0; i < 3; i++) { /* what stdio touches first */
		printf("%s", i ? "" : "start\n");
		mark();
	}
	diff("nothing");
	mark(), a = map_at(h, 64, RW, ANON), diff("private");
	mark(), memset(a, 1, 64 * P), diff("touched");
	mark(), madvise(a, 64 * P, MADV_DONTNEED), diff("given back");
	mark(), mprotect(a, 64 * P, PROT_READ), diff("read-only");
	mark(), mprotect(a, 64 * P, PROT_READ | PROT_EXEC), diff("executable");
	mark(), mprotect(a, 64 * P, PROT_READ | PROT_WRITE | PROT_EXEC), diff("all");
	mark(), mlock(a, 64 * P), diff("locked");
	mark(), munmap(a, 64 * P), diff("unmapped");
	mark(), map_at(h, 64, PROT_NONE, ANON), diff("none");
	mark(), munmap(h, 64 * P), diff("unmapped");
	mark(), a = map_at(h, 64, RW, MAP_SHARED | MAP_ANONYMOUS), diff("shared");
	mark(), memset(a, 1, 64 * P), diff("touched");
	mark(), munmap(h, 64 * P), diff("unmapped");
	mark(), mmap(h, 64 * P, PROT_READ, MAP_PRIVATE | MAP_FIXED, ro, 0), diff("file");
	mark(), mmap(h, 64 * P, RW, MAP_PRIVATE | MAP_FIXED, ro, 0), diff("file to be written");
	mark(), memset(h, 1, 64 * P), diff("written");
	mark(), mmap(h, 64 * P, RW, MAP_SHARED | MAP_FIXED, fd, 0), diff("file shared");
	mark(), mmap(h, 64 * P, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_FIXED, fd, 0), diff("library");
	mark(), munmap(h, 64 * P), diff("unmapped");
	figures = 6; /* a fault may bring more than a page */
	mark(), a = map_at(h + 300 * P, 64, RW, ANON | MAP_GROWSDOWN), diff("stack");
	mark(), a[-P] = 1, diff("grown");
	mark(), map_at(h, 8, RW, ANON | MAP_LOCKED), diff("locked");
	mark(), (void)!sbrk(1 << 20), diff("heap");

	sscanf(proc_text("/proc/self/statm"), "%lu %lu %lu %lu %lu %lu %lu", &size, &rss, &shared, &text, &lib, &data, &dirty);
	SHOW((long)size * 4 == status_kib("VmSize"));
	SHOW((long)text * 4 == status_kib("VmExe"));
	SHOW((long)data * 4 == status_kib("VmData") + status_kib("VmStk"));
	SHOW(lib);
	SHOW(dirty);
	SHOW(status_kib("VmPeak") >= status_kib("VmSize"));
	SHOW(status_kib("VmHWM") >= status_kib("VmRSS"));
	SHOW(status_kib("VmRSS") == status_kib("RssAnon") + status_kib("RssFile") + status_kib("RssShmem"));
	SHOW(status_kib("VmSwap"));
	SHOW(status_kib("VmPTE") > 0);
	return 0;
}
