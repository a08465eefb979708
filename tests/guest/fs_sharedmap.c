/* Shared mappings of a file: seen by read, by other processes, after truncate (SIGBUS), private copies. */
#include "both.h"

#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
static sigjmp_buf env;
static void bus(int sig) { (void)sig; siglongjmp(env, 1); }
static int touch(volatile char *p) { if (sigsetjmp(env, 1)) return -1; return *p; }

static void all(void)
{
	char buf[16] = "";
	int fd = open("f", O_CREAT | O_RDWR, 0644), ro = open("f", O_RDONLY), wo = open("f", O_WRONLY);
	char *m, *pr;

	signal(SIGBUS, bus);
	ftruncate(fd, 10000);
	m = mmap(NULL, 12288, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	pr = mmap(NULL, 12288, PROT_READ | PROT_WRITE, MAP_PRIVATE, ro, 0);
	strcpy(m, "shared");
	SHOW(pread(fd, buf, 7, 0));
	puts(buf);
	puts(pr);
	strcpy(pr, "private");
	puts(m);
	pwrite(wo, "WRITTEN", 8, 0);
	puts(m);
	puts(pr);
	fflush(stdout);
	if (!fork()) {
		strcpy(m + 5000, "child");
		strcpy(pr + 5000, "hidden");
		_exit(0);
	}
	wait(NULL);
	puts(m + 5000);
	puts(pr + 5000);
	SHOW(touch(m + 9999));
	SHOW(touch(m + 12287));
	SHOW(ftruncate(fd, 4096));
	SHOW(touch(m + 4095));
	errno = 0;
	SHOW(touch(m + 4096) == -1);
	SHOW(ftruncate(fd, 8192));
	SHOW(touch(m + 5000));
	SHOW(msync(m, 8192, MS_SYNC));
	SHOW(mmap(NULL, 4096, PROT_WRITE, MAP_SHARED, ro, 0) == MAP_FAILED ? -1 : 0);
	SHOW(mmap(NULL, 4096, PROT_READ, MAP_SHARED, wo, 0) == MAP_FAILED ? -1 : 0);
	SHOW(mmap(NULL, 4096, PROT_WRITE, MAP_PRIVATE, ro, 0) == MAP_FAILED ? -1 : 0);
	SHOW(mmap(NULL, 4096, PROT_READ, MAP_SHARED, open(".", O_RDONLY), 0) == MAP_FAILED ? -1 : 0);
	SHOW(mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 100) == MAP_FAILED ? -1 : 0);
	close(fd);
	strcpy(m, "after close");
	SHOW(pread(ro, buf, 11, 0));
	puts(buf);
	unlink("f");
	strcpy(m, "unlinked");
	SHOW(pread(ro, buf, 9, 0));
	puts(buf);
	munmap(m, 12288);
	munmap(pr, 12288);
}
int main(void)
{
	in_both(all);
	return 0;
}
