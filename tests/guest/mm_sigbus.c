/* SIGBUS beyond the end of a file: after truncation, in the last page, through calls, by memfds and shared memory. */
/* musl */
#include <setjmp.h>
#include <signal.h>
#include <sys/uio.h>

#include "maps.h"
#include "show.h"

static sigjmp_buf env;
static siginfo_t got;

static void on_fault(int sig, siginfo_t *si, void *ctx)
{
	(void)sig;
	(void)ctx;
	got = *si;
	siglongjmp(env, 1);
}

static void touch(const char *what, char *p, int write)
{
	if (sigsetjmp(env, 1)) {
		printf("%s: signal %d code %d at %ld\n", what, got.si_signo, got.si_code, (long)((char *)got.si_addr - p));
		return;
	}
	if (write)
		*(volatile char *)p = 'w';
	printf("%s: %d\n", what, *(volatile char *)p);
}

static void try(const char *what, int fd, int is_file)
{
	char *a, *b, buf[16];
	struct iovec v = { NULL, 10 };
	int p[2];

	printf("== %s\n", what);
	if (ftruncate(fd, 2 * P + 10) || pipe2(p, O_NONBLOCK) || write(p[1], "0123456789", 10) != 10)
		return;
	pwrite(fd, "abc", 3, 2 * P);
	pwrite(fd, "0", 1, 0);
	a = mmap(NULL, 8 * P, RW, MAP_SHARED, fd, 0);
	b = mmap(NULL, 8 * P, RW, MAP_PRIVATE, fd, 0);
	touch("in the last page", a + 2 * P + 1, 0);
	touch("zeroes behind the end", a + 2 * P + 100, 1);
	touch("next page", a + 3 * P, 0);
	touch("next page, written", a + 3 * P + 5, 1);
	touch("private next page", b + 3 * P, 1);
	/* Who may not write is told that first. */
	SHOW(mprotect(a + 3 * P, P, PROT_READ));
	touch("next page, read only, read", a + 3 * P, 0);
	touch("next page, read only, written", a + 3 * P, 1);
	SHOW(mprotect(a + 3 * P, P, RW));
	SHOW(write(p[1], a + 3 * P, 10));
	SHOW(write(p[1], a + 3 * P - 5, 10));
	SHOW(read(p[0], a + 3 * P, 5));
	v.iov_base = a + 3 * P;
	SHOW(readv(p[0], &v, 1));
	/* It grows: what is behind the old end is zero. */
	SHOW(ftruncate(fd, 4 * P));
	touch("after growing", a + 3 * P, 0);
	if (is_file) { /* shmem keeps what was stored there */
		SHOW(pread(fd, buf, 1, 2 * P + 100));
		printf("%d\n", buf[0]);
	}
	/* It shrinks: pages go, private copies too. */
	b[0] = 'p';
	b[3 * P] = 'q';
	SHOW(ftruncate(fd, P));
	touch("shrunk", a + P, 0);
	touch("shrunk, private copy", b + 3 * P, 0);
	touch("private copy stays", b, 0);
	SHOW(ftruncate(fd, 4 * P));
	touch("grown again", a + 2 * P, 0);
	touch("grown again, private", b + 3 * P, 0);
	SHOW(ftruncate(fd, 0));
	touch("empty", a, 1);
	munmap(a, 8 * P);
	munmap(b, 8 * P);
}

int main(void)
{
	struct sigaction sa = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO };

	sigaction(SIGSEGV, &sa, NULL);
	sigaction(SIGBUS, &sa, NULL);
	try("file", open("f", O_RDWR | O_CREAT | O_TRUNC, 0600), 1);
	try("memfd", (int)syscall(SYS_memfd_create, "s", 0), 0);
	try("shm", open("/dev/shm", O_RDWR | O_TMPFILE, 0600), 0);
	return 0;
}
