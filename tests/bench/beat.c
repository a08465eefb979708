/* beat [zero|fork|unlink|fifo...]: a 1 ms timer beside work that a kernel could be held up by, and how late its beats were: a
 * line "beat_NAME NS" each, the 99th percentile. "none" is the timer alone. Works in the current directory. */
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define BEAT_NS 1000000ll
#define BEATS_MIN 1000u
#define BEATS_MAX 200000u
#define GIB (1ul << 30)

static int64_t late[BEATS_MAX];

static void *memory(size_t size)
{
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED) {
		perror("beat: mmap");
		exit(1);
	}
	for (size_t i = 0; i < size; i += 4096)
		p[i] = 1;
	return p;
}

/* ---- the work: prepare() first, work() while the timer beats ---- */

static void *buffer;

static void zero_prepare(void) { buffer = memory(GIB); }

static void zero_work(void)
{
	if (read(open("/dev/zero", O_RDONLY), buffer, GIB) != (ssize_t)GIB)
		perror("beat: read");
}

static void fork_prepare(void) { buffer = memory(2 * GIB); }

static void fork_work(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	waitpid(pid, NULL, 0);
}

static void unlink_prepare(void)
{
	int fd = open("beat-file", O_RDWR | O_CREAT | O_TRUNC, 0600);
	char *block = memory(1 << 20);

	if (posix_fallocate(fd, 0, 4 * GIB))
		perror("beat: fallocate");
	for (int i = 0; i < 512; i++) /* some of it is in memory, too */
		if (pwrite(fd, block, 1 << 20, (off_t)i << 20) != 1 << 20)
			perror("beat: write");
	close(fd);
}

static void unlink_work(void) { unlink("beat-file"); }

static void fifo_prepare(void) { mkfifo("beat-fifo", 0600); }

/* Nobody writes: it is killed. */
static void fifo_work(void) { open("beat-fifo", O_RDONLY); }

static void nothing(void) { }

static const struct load {
	const char *name;
	void (*prepare)(void), (*work)(void);
} loads[] = {
	{ "none", nothing, nothing }, { "zero", zero_prepare, zero_work }, { "fork", fork_prepare, fork_work },
	{ "unlink", unlink_prepare, unlink_work }, { "fifo", fifo_prepare, fifo_work },
};

/* ---- the timer ---- */

static int64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ll + ts.tv_nsec;
}

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static void beat(const struct load *load)
{
	unsigned n = 0;
	int64_t due;
	int ready[2];
	pid_t pid;
	char c;

	if (pipe(ready) || (pid = fork()) < 0) {
		perror("beat");
		exit(1);
	}
	if (!pid) {
		load->prepare();
		write(ready[1], "x", 1);
		usleep(100000); /* the timer beats by now */
		load->work();
		_exit(0);
	}
	read(ready[0], &c, 1);
	/* At least a second; until the work is done, except that of one that waits for ever. */
	for (due = now() + BEAT_NS; n < BEATS_MAX; due = due + BEAT_NS > now() ? due + BEAT_NS : now() + BEAT_NS) {
		struct timespec ts = { due / 1000000000, due % 1000000000 };

		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
		late[n++] = now() - due;
		if (n >= BEATS_MIN && (load->work == fifo_work || waitpid(pid, NULL, WNOHANG) == pid))
			break;
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	unlink("beat-fifo");
	qsort(late, n, sizeof(*late), by_size);
	printf("beat_%s %lld\n", load->name, (long long)late[n * 99 / 100]);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	for (unsigned i = 0; i < sizeof(loads) / sizeof(loads[0]); i++) {
		int wanted = argc < 2;

		for (int k = 1; k < argc; k++)
			wanted |= !strcmp(argv[k], loads[i].name);
		if (wanted)
			beat(&loads[i]);
	}
	return 0;
}
