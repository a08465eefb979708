/* Files that are mapped and only read, and what then happens to file and mapping: the mapping must tell what read(2) would. */
// musl
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "show.h"

#define PAGE 4096
#define PAGES 300
#define SIZE (PAGES * PAGE)

static sigjmp_buf back;
static volatile int code;

static void fault(int sig, siginfo_t *info, void *context)
{
	code = sig * 100 + info->si_code;
	siglongjmp(back, 1);
}

/* The byte at @p, or -signal * 100 - si_code. */
static int load(const volatile unsigned char *p)
{
	return sigsetjmp(back, 1) ? -code : *p;
}

static int store(volatile unsigned char *p, int value)
{
	if (sigsetjmp(back, 1))
		return -code;
	*p = value;
	return *p;
}

static void make(const char *name)
{
	unsigned char page[PAGE];
	int fd = open(name, O_CREAT | O_TRUNC | O_WRONLY, 0644);

	for (int i = 0; i < PAGES; i++) {
		memset(page, i & 255, sizeof(page));
		if (write(fd, page, sizeof(page)) != sizeof(page))
			exit(1);
	}
	close(fd);
}

static unsigned char *map(const char *name, int prot, int flags)
{
	int fd = open(name, O_RDONLY);
	void *p = mmap(NULL, SIZE, prot, flags, fd, 0);

	close(fd);
	return p == MAP_FAILED ? NULL : p;
}

static void show_pages(const char *what, const unsigned char *p)
{
	static const int pages[] = { 0, 1, 17, 63, 64, 150, 299 };

	printf("%s:", what);
	for (unsigned i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
		printf(" %d", load(p + pages[i] * PAGE + 5));
	printf("\n");
	fflush(stdout);
}

static void writes(unsigned char *private, unsigned char *shared)
{
	int fd = open("file", O_RDWR);
	unsigned char *w;

	pwrite(fd, "abcdefgh", 8, 17 * PAGE);
	printf("after write: %d %d\n", private[17 * PAGE + 5], shared[17 * PAGE + 5]);
	w = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	w[63 * PAGE + 5] = 'S';
	w[64 * PAGE + 5] = 'T';
	printf("after stores: %d %d %d %d\n", private[63 * PAGE + 5], shared[63 * PAGE + 5], private[64 * PAGE + 5], shared[64 * PAGE + 5]);
	munmap(w, SIZE);
	close(fd);
	show_pages("private", private);
	show_pages("shared", shared);
	fflush(stdout);
	if (!fork()) {
		fd = open("file", O_WRONLY);
		pwrite(fd, "ijklmnop", 8, 150 * PAGE);
		_exit(0);
	}
	wait(NULL);
	printf("after the child's: %d %d\n", private[150 * PAGE + 5], shared[150 * PAGE + 5]);
}

static void own_stores(void)
{
	unsigned char *p = map("file", PROT_READ | PROT_WRITE, MAP_PRIVATE), *q = map("file", PROT_READ, MAP_PRIVATE);
	int status;

	show_pages("before", p);
	for (int i = 0; i < PAGES; i += 3)
		p[i * PAGE + 5] = 200;
	show_pages("own", p);
	show_pages("file", q);
	fflush(stdout);
	if (!fork()) {
		p[5] = 99;
		p[PAGE + 5] = 98;
		_exit(p[5] == 99 && p[2 * PAGE + 5] == 2 && p[3 * PAGE + 5] == 200 && q[5] == 0 ? 0 : 1);
	}
	wait(&status);
	printf("child: %d; parent has %d %d\n", status, p[5], p[PAGE + 5]);
	SHOW(mprotect(q, SIZE, PROT_READ | PROT_WRITE));
	printf("store after mprotect: %d, its neighbour %d\n", store(q + 9 * PAGE, 77), load(q + 10 * PAGE));
	SHOW(mprotect(q, SIZE, PROT_NONE));
	printf("PROT_NONE: %d %d\n", load(q), load(q + 9 * PAGE));
	SHOW(mprotect(q, SIZE, PROT_READ));
	printf("PROT_READ: %d %d, store %d\n", load(q + PAGE), load(q + 9 * PAGE), store(q, 1));
	SHOW(madvise(q, SIZE, MADV_DONTNEED));
	printf("after MADV_DONTNEED: %d\n", load(q + 9 * PAGE));
	munmap(p, SIZE);
	SHOW(munmap(q + PAGE, SIZE - PAGE));
	printf("unmapped: %d, left: %d\n", load(q + PAGE), load(q));
	munmap(q, PAGE);
}

static void moves(void)
{
	unsigned char *p = map("file", PROT_READ, MAP_PRIVATE), *q;

	q = mremap(p, SIZE, SIZE, MREMAP_MAYMOVE | MREMAP_FIXED, p + 4 * SIZE);
	show_pages("moved", q);
	printf("old place: %d\n", load(p + PAGE));
	munmap(q, SIZE);
}

/* The kernel reads and writes such memory, too. */
static void by_calls(void)
{
	unsigned char *p = map("file", PROT_READ | PROT_WRITE, MAP_PRIVATE), buf[8];
	int fds[2], fd = open("file", O_RDONLY);

	if (pipe(fds))
		return;
	SHOW(write(fds[1], p + 20 * PAGE, 8));
	SHOW(read(fds[0], buf, 8));
	printf("%d\n", buf[5]);
	SHOW(pread(fd, p + 30 * PAGE, 8, 40 * PAGE));
	printf("%d %d, its neighbours %d %d\n", p[30 * PAGE + 5], p[30 * PAGE + 9], p[29 * PAGE], p[31 * PAGE]);
	close(fd);
	munmap(p, SIZE);
}

static void sizes(unsigned char *shared)
{
	SHOW(truncate("file", 100 * PAGE + 10));
	printf("cut: %d %d %d %d\n", load(shared + 99 * PAGE), load(shared + 100 * PAGE + 5), load(shared + 100 * PAGE + 50),
		load(shared + 101 * PAGE));
	SHOW(truncate("file", SIZE));
	printf("grown: %d %d %d\n", load(shared + 100 * PAGE + 5), load(shared + 100 * PAGE + 50), load(shared + 299 * PAGE));
	SHOW(unlink("file"));
	printf("without a name: %d %d\n", load(shared + PAGE), load(shared + 299 * PAGE));
}

int main(void)
{
	struct sigaction sa = { .sa_sigaction = fault, .sa_flags = SA_SIGINFO | SA_NODEFER };
	unsigned char *private, *shared;

	sigaction(SIGSEGV, &sa, NULL);
	sigaction(SIGBUS, &sa, NULL);
	make("file");
	private = map("file", PROT_READ, MAP_PRIVATE);
	shared = map("file", PROT_READ, MAP_SHARED);
	show_pages("private", private);
	show_pages("shared", shared);
	printf("stores: %d %d\n", store(private, 1), store(shared, 1));
	own_stores();
	moves();
	by_calls();
	writes(private, shared);
	sizes(shared);
	return 0;
}
