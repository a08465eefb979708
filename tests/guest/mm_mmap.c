// mmap and munmap: contents, neighbours, holes, hints, errors. musl
#include "show.h"
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define P 4096ul
static sigjmp_buf env;
static volatile int sig_code;

static void on_fault(int sig, siginfo_t *si, void *ctx)
{
	(void)ctx;
	sig_code = sig * 100 + si->si_code;
	siglongjmp(env, 1);
}

static int probe(volatile char *p, int write)
{
	sig_code = 0;
	if (!sigsetjmp(env, 1)) {
		if (write)
			*p = 1;
		else
			(void)*p;
	}
	return sig_code;
}

static const char *name(const void *p)
{
	return p == MAP_FAILED ? errno_name(errno) : "ok";
}

int main(void)
{
	struct sigaction sa = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO };
	char *a, *b;
	int sum = 0;

	sigaction(SIGSEGV, &sa, NULL);
	sigaction(SIGBUS, &sa, NULL);
	a = mmap(NULL, 64 * P, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (unsigned long i = 0; i < 64 * P; i++)
		sum += a[i];
	printf("fresh sum %d\n", sum);
	memset(a, 7, 64 * P);
	printf("unmap middle %d\n", munmap(a + 16 * P, 16 * P));
	for (int i = 15; i < 34; i += 6)
		printf("page %d: %d\n", i, probe(a + i * P, 1));
	printf("last of hole %d\n", probe(a + 32 * P - 1, 1));
	b = mmap(a + 20 * P, P, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	printf("fixed %d value %d write %d\n", b == a + 20 * P, *b, probe(b, 1));
	b = mmap(a + 40 * P, P, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	printf("replaced %d value %d next %d\n", b == a + 40 * P, *b, b[P]);
	b = mmap(a, P, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	printf("noreplace: %s\n", name(b));
	b = mmap(a + 24 * P, P, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	printf("hint free %d\n", b == a + 24 * P);
	b = mmap(a + 24 * P, P, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	printf("hint taken %d\n", b == a + 24 * P);
	b = mmap(NULL, P, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	printf("none %d\n", probe(b, 0));
	b = mmap(NULL, P, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	printf("32bit %d\n", (uintptr_t)b < 1ul << 31);
	printf("zero length: %s\n", name(mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)));
	printf("no type: %s\n", name(mmap(NULL, P, PROT_READ, MAP_ANONYMOUS, -1, 0)));
	printf("bad fd: %s\n", name(mmap(NULL, P, PROT_READ, MAP_PRIVATE, 99, 0)));
	printf("fixed unaligned: %s\n", name(mmap(a + 1, P, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0)));
	printf("huge: %s\n", name(mmap(NULL, 1ul << 47, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)));
	printf("wrap: %s\n", name(mmap(NULL, -P, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)));
	printf("munmap unaligned %s\n", munmap(a + 1, P) ? errno_name(errno) : "ok");
	printf("munmap zero %s\n", munmap(a, 0) ? errno_name(errno) : "ok");
	printf("munmap nothing %d\n", munmap(a + 17 * P, P));
	printf("null %d kernel %d\n", probe(NULL, 0), probe((char *)0xffffffff80000000ul, 0));
	b = mmap(NULL, 2 * P, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	b[P] = 5;
	printf("shared anonymous %d %d\n", b[0], b[P]);
	/* The kernel stores up to the hole: what fits is read. */
	int fd = open("f", O_RDWR | O_CREAT | O_TRUNC, 0600);
	write(fd, a, 8192);
	ssize_t n = pread(fd, a + 16 * P - 100, 8192, 0);
	printf("read into the hole: %zd\n", n);
	n = pread(fd, a + 16 * P, 8192, 0);
	printf("read into nothing: %zd %s\n", n, n < 0 ? errno_name(errno) : "");
	n = pwrite(fd, a + 15 * P, 2 * P, 0);
	printf("write from the hole: %zd\n", n);
	return 0;
}
