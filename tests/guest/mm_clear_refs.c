/* /proc/PID/clear_refs: which pages count as referenced afterwards, and that nothing is lost by it. */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "show.h"

#define SIZE (1 << 20)

static char *anon, *file;

/* The field @key of the area at @p, in kB. */
static long smaps(const void *p, const char *key)
{
	FILE *f = fopen("/proc/self/smaps", "r");
	unsigned long start, end, at = (unsigned long)p;
	int here = 0;
	long value = -1;
	char line[512];

	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%lx-%lx ", &start, &end) == 2)
			here = start <= at && at < end;
		else if (here && !strncmp(line, key, strlen(key)))
			value = atol(line + strlen(key));
	}
	fclose(f);
	return value;
}

static void show(const char *when)
{
	printf("%s: anonymous %ld of %ld, file %ld of %ld\n", when, smaps(anon, "Referenced:"), smaps(anon, "Rss:"),
		smaps(file, "Referenced:"), smaps(file, "Rss:"));
}

/* Linux does not make the machine forget translations, which would keep it from marking pages. */
static long clear(int fd, const char *what)
{
	long n = write(fd, what, 1);

	for (int i = 0; i < 2; i++) {
		mprotect(anon, SIZE, i ? PROT_READ | PROT_WRITE : PROT_READ);
		mprotect(file, SIZE, i ? PROT_READ | PROT_WRITE : PROT_READ);
	}
	return n;
}

static long status(const char *key)
{
	FILE *f = fopen("/proc/self/status", "r");
	char line[256];
	long value = -1;

	while (fgets(line, sizeof(line), f))
		if (!strncmp(line, key, strlen(key)))
			value = atol(line + strlen(key));
	fclose(f);
	return value;
}

static char *area(int flags, int fd)
{
	char *p = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, flags, fd, 0);

	madvise(p, SIZE, MADV_NOHUGEPAGE);
	memset(p, 1, SIZE);
	return p;
}

static volatile int started, stop;

static void *counter(void *arg)
{
	volatile unsigned long *at = arg, n = 0;

	while (!stop)
		for (unsigned i = 0; i < SIZE / 4096; i++)
			at[i * 512] = ++n, started = 1;
	return (void *)n;
}

/* Another thread writes all the while: nothing may be lost. */
static void under_way(int fd)
{
	unsigned long *at = (unsigned long *)anon, last = 0;
	pthread_t t;
	void *n;

	pthread_create(&t, NULL, counter, anon);
	while (!started)
		sched_yield();
	for (int i = 0; i < 50; i++) {
		if (write(fd, "1", 1) != 1)
			puts("write fails");
		sched_yield();
	}
	stop = 1;
	pthread_join(t, &n);
	for (unsigned i = 0; i < SIZE / 4096; i++)
		last = at[i * 512] > last ? at[i * 512] : last;
	SHOW(last == (unsigned long)n);
	SHOW(at[1 * 512] == at[0] + 1 || at[0] == last);
}

static void another(void)
{
	char name[64];
	int to[2], from[2], fd;
	pid_t pid;
	char c;

	if (pipe(to) || pipe(from))
		return;
	pid = fork();
	if (pid == 0) {
		anon[0] = 2;
		_exit(write(from[1], "r", 1) != 1 || read(to[0], &c, 1) != 1 || smaps(anon, "Referenced:") != 0 || anon[0] != 2);
	}
	snprintf(name, sizeof(name), "/proc/%d/clear_refs", pid);
	fd = open(name, O_WRONLY);
	SHOW(read(from[0], &c, 1));
	SHOW(write(fd, "1", 1));
	SHOW(write(to[1], "x", 1));
	SHOW(({ int st; waitpid(pid, &st, 0); st; }));
	SHOW(write(fd, "1", 1));
}

static void words(int fd)
{
	static const char *const texts[] = { "0", "6", "x", "", " 1\n", "0x1", "1x", "1 2", "000000000000001", "000000000001",
		"+1", "-1", "3 \n" };
	char buf[8];

	for (unsigned i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		printf("%u: ", i);
		SHOW(write(fd, texts[i], strlen(texts[i])));
	}
	SHOW(write(fd, BAD_PTR, 1));
	SHOW(pwrite(fd, "1", 1, 5));
	SHOW(lseek(fd, 3, SEEK_SET));
	SHOW(lseek(fd, 0, SEEK_END));
	SHOW(read(fd, buf, 3));
	SHOW(ftruncate(fd, 0));
}

int main(void)
{
	int fd = open("/proc/self/clear_refs", O_WRONLY), tmp = open("f", O_CREAT | O_RDWR, 0600);
	char *big;

	SHOW(ftruncate(tmp, SIZE));
	anon = area(MAP_PRIVATE | MAP_ANONYMOUS, -1);
	file = area(MAP_SHARED, tmp);
	show("at first");
	SHOW(clear(fd, "1"));
	show("cleared");
	anon[0] = anon[8192] = 3;
	show("two pages written");
	if (anon[4096 * 5] != 1)
		puts("contents are lost");
	show("one read");
	SHOW(read(open("/dev/zero", O_RDONLY), anon + 4096 * 20, 1));
	show("one by the kernel");
	SHOW(clear(fd, "1"));
	file[0] = 2;
	show("a file's");
	SHOW(clear(fd, "2"));
	anon[0] = 4;
	show("anonymous cleared");
	SHOW(clear(fd, "3"));
	show("the file's cleared");
	SHOW(write(fd, "4", 1));
	show("soft-dirty");
	/* the peak of the resident set */
	big = mmap(NULL, 16 * SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memset(big, 1, 16 * SIZE);
	munmap(big, 16 * SIZE);
	SHOW(status("VmHWM:") - status("VmRSS:") > 8000);
	SHOW(write(fd, "5", 1));
	SHOW(status("VmHWM:") - status("VmRSS:") > 8000);
	words(fd);
	under_way(fd);
	another();
	return 0;
}
