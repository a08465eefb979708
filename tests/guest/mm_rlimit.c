/* RLIMIT_AS and RLIMIT_DATA: what counts, and which calls they stop. */
#include <sys/resource.h>
#include <sys/wait.h>

#include "maps.h"
#include "show.h"

static void limit(int which, unsigned long kib)
{
	struct rlimit r = { kib * 1024, RLIM_INFINITY };

	if (setrlimit(which, &r))
		printf("setrlimit failed\n");
}

static void address_space(void)
{
	char *h = hole(4096), *a = map_at(h, 64, RW, ANON);

	limit(RLIMIT_AS, status_kib("VmSize") + 400);
	SHOW(mmap(NULL, 101 * P, RW, ANON, -1, 0));
	SHOW(mmap(NULL, 101 * P, PROT_NONE, ANON | MAP_NORESERVE, -1, 0));
	SHOW(mmap(NULL, 101 * P, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
	SHOW(mmap(h, 164 * P, RW, ANON | MAP_FIXED, -1, 0) == h); /* replaces 64 */
	SHOW(mmap(NULL, P, RW, ANON, -1, 0));
	SHOW((void *)syscall(SYS_mremap, a, 164 * P, 165 * P, 1, NULL));
	SHOW(munmap(h + 100 * P, 64 * P));
	SHOW(sbrk(80 * P) == (void *)-1);
	SHOW((char *)syscall(SYS_mremap, a, 100 * P, 150 * P, 0, NULL) == a);
	SHOW(mprotect(a, 150 * P, PROT_READ));
	SHOW(mprotect(a, 150 * P, RW));
	if (!fork())
		_exit(0);
	SHOW(wait(NULL) > 0);
}

static void data(void)
{
	char *h = hole(4096), *a = map_at(h, 64, RW, ANON), *p;
	int fd = open("f", O_RDWR | O_CREAT | O_TRUNC, 0600);

	ftruncate(fd, 256 * P);
	limit(RLIMIT_DATA, status_kib("VmData") + 400);
	SHOW(mmap(NULL, 101 * P, RW, ANON, -1, 0));
	SHOW(mmap(NULL, 101 * P, RW, MAP_PRIVATE, fd, 0));
	SHOW_OK(mmap(NULL, 101 * P, RW, MAP_SHARED, fd, 0));
	SHOW_OK(mmap(NULL, 101 * P, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
	p = mmap(NULL, 101 * P, PROT_READ, ANON, -1, 0);
	SHOW(p != MAP_FAILED);
	SHOW(mprotect(p, 101 * P, RW));
	SHOW(mprotect(p, 50 * P, RW));
	SHOW(mprotect(p, 101 * P, RW));
	SHOW(mprotect(p, 50 * P, PROT_READ));
	SHOW(mprotect(p, 50 * P, RW));
	SHOW((void *)syscall(SYS_mremap, a, 64 * P, 128 * P, 1, NULL));
	SHOW((char *)syscall(SYS_mremap, a, 64 * P, 100 * P, 1, NULL) == a);
	SHOW(sbrk(40 * P) == (void *)-1);
	SHOW(munmap(a, 100 * P));
	SHOW(mmap(NULL, 64 * P, RW, ANON, -1, 0) != MAP_FAILED);
}

int main(void)
{
	int status;

	setvbuf(stdout, NULL, _IONBF, 0);
	if (!fork()) {
		address_space();
		_exit(0);
	}
	wait(&status);
	SHOW(status);
	if (!fork()) {
		data();
		_exit(0);
	}
	wait(&status);
	SHOW(status);
	return 0;
}
