/* /proc/self/smaps and smaps_rollup: figures of memory that was touched, shared with a child, locked. */
#include <sys/wait.h>

#include "maps.h"
#include "show.h"

static void figures(const char *what, void *a)
{
	printf("%s: size %ld anonymous %ld private %ld+%ld shared %ld+%ld swap %ld locked %ld\n", what, smaps_kib(a, "Size"),
		smaps_kib(a, "Anonymous"), smaps_kib(a, "Private_Clean"), smaps_kib(a, "Private_Dirty"),
		smaps_kib(a, "Shared_Clean"), smaps_kib(a, "Shared_Dirty"), smaps_kib(a, "Swap"), smaps_kib(a, "Locked"));
	printf("%s: rss is its parts %d, pss %ld, page %ld\n", what, smaps_kib(a, "Rss") == smaps_kib(a, "Private_Clean") +
		smaps_kib(a, "Private_Dirty") + smaps_kib(a, "Shared_Clean") + smaps_kib(a, "Shared_Dirty"), smaps_kib(a, "Pss"),
		smaps_kib(a, "KernelPageSize"));
}

static volatile int sum;

static void in_child(void (*fn)(const char *, void *), const char *what, void *a)
{
	fflush(stdout);
	if (!fork()) {
		for (int i = 0; i < 1024; i++)
			sum += ((char *)a)[i * P];
		fn(what, a);
		fflush(stdout);
		_exit(0);
	}
	wait(NULL);
}

int main(void)
{
	char *h = hole(1024), *a, *s, *text, *p;
	int fd = open("f", O_RDWR | O_CREAT | O_TRUNC, 0600), keys = 0;

	a = map_at(h, 1024, RW, ANON);
	figures("untouched", a);
	memset(a, 1, 1024 * P);
	figures("touched", a);
	in_child(figures, "in a child", a);
	figures("alone again", a);
	madvise(a, 1024 * P, MADV_DONTNEED);
	figures("given back", a);
	mlock(a, 1024 * P);
	figures("locked", a);
	printf("status: locked %ld\n", status_kib("VmLck"));
	munlock(a, 1024 * P);
	s = map_at(hole(1024), 1024, RW, MAP_SHARED | MAP_ANONYMOUS);
	memset(s, 1, 1024 * P);
	figures("shared", s);
	in_child(figures, "shared with a child", s);
	ftruncate(fd, 16 * P);
	s = mmap(NULL, 16 * P, RW, MAP_PRIVATE, fd, 0);
	memset(s, 2, 16 * P);
	figures("private file, written", s);
	s = mmap(NULL, 16 * P, RW, MAP_SHARED, fd, 0);
	memset(s, 2, 16 * P);
	figures("shared file, written", s);

	/* Each line that Linux has, in its order. */
	text = proc_text("/proc/self/smaps_rollup");
	p = strchr(text, '\n') + 1;
	printf("%d\n", strstr(text, "[rollup]") && strstr(text, "[rollup]") < p);
	for (; *p && strchr(p, ':'); p = strchr(p, '\n') + 1)
		printf("%.*s\n", (int)strcspn(p, ":"), p);
	text = proc_text("/proc/self/smaps");
	for (p = strchr(text, '\n') + 1; strncmp(p, "VmFlags", 7); p = strchr(p, '\n') + 1)
		if (strncmp(p, "ProtectionKey", 13)) /* where the machine has them */
			printf("%.*s%s", (int)strcspn(p, ":"), p, ++keys % 8 ? " " : "\n");
	printf("\n%d\n", access("/proc/self/task/self/smaps", F_OK) == -1);
	return 0;
}
