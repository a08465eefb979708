// Mapped files: private copies, shared stores that read(2) sees, the page beyond the end, SIGBUS, truncation. musl
#include "show.h"
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define P 4096ul
static sigjmp_buf env;
static volatile int code;

static void on_fault(int sig, siginfo_t *si, void *ctx)
{
	(void)ctx;
	code = sig * 100 + si->si_code;
	siglongjmp(env, 1);
}

static int load(volatile char *p) { code = 0; if (!sigsetjmp(env, 1)) (void)*p; return code; }
static int store(volatile char *p) { code = 0; if (!sigsetjmp(env, 1)) *p = 9; return code; }

static int in_file(int fd, off_t at)
{
	char c = -1;

	return pread(fd, &c, 1, at) == 1 ? c : -1;
}

int main(void)
{
	struct sigaction sa = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO };
	char buf[3 * 4096 + 100], *priv, *shared, *ro;
	int fd = open("data", O_RDWR | O_CREAT | O_TRUNC, 0600), fr;

	sigaction(SIGSEGV, &sa, NULL);
	sigaction(SIGBUS, &sa, NULL);
	setvbuf(stdout, NULL, _IONBF, 0);
	for (unsigned i = 0; i < sizeof(buf); i++)
		buf[i] = 'a' + i / 4096;
	write(fd, buf, sizeof(buf));
	priv = mmap(NULL, 8 * P, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	shared = mmap(NULL, 8 * P, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	ro = mmap(NULL, P, PROT_READ, MAP_SHARED, fd, P);
	printf("%c %c %c %c %d\n", priv[0], priv[P], shared[2 * P], shared[3 * P], shared[3 * P + 100]);
	priv[0] = 'X';
	printf("private: %c shared %c file %c\n", priv[0], shared[0], in_file(fd, 0));
	shared[P] = 'Y';
	printf("shared: %c private %c other view %c file %c\n", shared[P], priv[P], ro[0], in_file(fd, P));
	pwrite(fd, "Z", 1, 2 * P);
	printf("written: shared %c private %c\n", shared[2 * P], priv[2 * P]);
	pwrite(fd, "Q", 1, 0);
	printf("copied before: private %c shared %c\n", priv[0], shared[0]);
	printf("read-only view %d\n", store(ro));
	printf("last page %d beyond %d %d\n", load(shared + 3 * P + 4095), load(shared + 4 * P), store(priv + 5 * P));
	printf("msync %d\n", msync(shared, 4 * P, MS_SYNC));
	ftruncate(fd, P + 10);
	printf("truncated: %d %d %d, tail %d\n", load(shared + P), load(shared + 2 * P), load(priv + 2 * P), shared[P + 10]);
	ftruncate(fd, 5 * P);
	printf("extended: %d %d value %d %d\n", load(shared + 2 * P), load(shared + 4 * P), shared[2 * P], shared[P + 10]);
	shared[4 * P] = 'E';
	printf("new page in file %c\n", in_file(fd, 4 * P));
	munmap(shared, 8 * P);
	close(fd);
	printf("after close %c %c\n", priv[0], ro[0]);
	fr = open("data", O_RDONLY);
	printf("kept: %c %c\n", in_file(fr, P), in_file(fr, 4 * P));
	printf("shared write of ro fd: %s\n", mmap(NULL, P, PROT_WRITE, MAP_SHARED, fr, 0) == MAP_FAILED ? errno_name(errno) : "ok");
	shared = mmap(NULL, P, PROT_READ, MAP_SHARED, fr, 0);
	printf("mprotect of it: %s\n", mprotect(shared, P, PROT_READ | PROT_WRITE) ? errno_name(errno) : "ok");
	priv = mmap(NULL, P, PROT_READ | PROT_WRITE, MAP_PRIVATE, fr, 0);
	priv[0] = 'p';
	if (!fork()) {
		priv[0] = 'c';
		_exit(0);
	}
	wait(NULL);
	printf("private over fork %c\n", priv[0]);
	printf("offset unaligned: %s\n", mmap(NULL, P, PROT_READ, MAP_SHARED, fr, 100) == MAP_FAILED ? errno_name(errno) : "ok");
	close(fr);
	fr = open("data", O_WRONLY);
	printf("write-only fd: %s\n", mmap(NULL, P, PROT_READ, MAP_PRIVATE, fr, 0) == MAP_FAILED ? errno_name(errno) : "ok");
	fr = open(".", O_RDONLY);
	printf("directory: %s\n", mmap(NULL, P, PROT_READ, MAP_PRIVATE, fr, 0) == MAP_FAILED ? errno_name(errno) : "ok");
	return 0;
}
