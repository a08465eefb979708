// madvise, mincore, msync, mlock: the basics. musl
#include "show.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#define MADV_POPULATE_WRITE 23
#endif
#define P 4096ul
#define RW (PROT_READ | PROT_WRITE)

static const char *name(int r) { return r ? errno_name(errno) : "ok"; }

int main(void)
{
	char *a = mmap(NULL, 64 * P, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), *f;
	unsigned char vec[64];
	int fd = open("f", O_RDWR | O_CREAT | O_TRUNC, 0600), status;

	setvbuf(stdout, NULL, _IONBF, 0);
	memset(a, 1, 64 * P);
	printf("dontneed %s", name(madvise(a + P, 2 * P, MADV_DONTNEED)));
	printf(" %d %d %d\n", a[0], a[P], a[3 * P]);
	ftruncate(fd, 4 * P);
	pwrite(fd, "file", 4, 0);
	f = mmap(NULL, 4 * P, RW, MAP_PRIVATE, fd, 0);
	f[0] = 'F';
	madvise(f, P, MADV_DONTNEED);
	printf("private file again %.4s\n", f);
	f = mmap(NULL, 4 * P, RW, MAP_SHARED, fd, 0);
	f[0] = 'F';
	madvise(f, P, MADV_DONTNEED);
	printf("shared file %.4s\n", f);
	printf("hints %s %s %s %s\n", name(madvise(a, P, MADV_NORMAL)), name(madvise(a, P, MADV_RANDOM)),
		name(madvise(a, P, MADV_SEQUENTIAL)), name(madvise(f, P, MADV_WILLNEED)));
	printf("bad advice %s\n", name(madvise(a, P, 1234)));
	printf("unaligned %s\n", name(madvise(a + 1, P, MADV_NORMAL)));
	printf("free %s\n", name(madvise(a + 32 * P, P, MADV_FREE)));
	a[32 * P] = 4;
	printf("stored after free %d\n", a[32 * P]);
	munmap(a + 8 * P, P);
	printf("over a hole %s", name(madvise(a + 4 * P, 8 * P, MADV_DONTNEED)));
	printf(" %d %d\n", a[7 * P], a[9 * P]);
	madvise(a + 16 * P, P, MADV_DONTFORK);
	if (!fork()) {
		_exit(madvise(a + 16 * P, P, MADV_NORMAL) == -1 && errno == ENOMEM);
	}
	wait(&status);
	printf("dontfork %d\n", WEXITSTATUS(status));
	memset(a, 1, 8 * P);
	printf("mincore %s", name(mincore(a, 8 * P, vec)));
	printf(" %d %d\n", vec[0] & 1, vec[7] & 1);
	printf("mincore hole %s\n", name(mincore(a, 16 * P, vec)));
	printf("mincore unaligned %s\n", name(mincore(a + 1, P, vec)));
	printf("mincore bad vec %s\n", name(mincore(a, P, (void *)8)));
	printf("msync %s %s %s %s\n", name(msync(f, 4 * P, MS_SYNC)), name(msync(f, P, MS_ASYNC)),
		name(msync(f, P, MS_SYNC | MS_ASYNC)), name(msync(f + 1, P, MS_SYNC)));
	printf("msync hole %s\n", name(msync(a, 16 * P, MS_SYNC)));
	printf("mlock %s %s\n", name(mlock(a, 4 * P)), name(munlock(a, 4 * P)));
	printf("mlock hole %s\n", name(mlock(a, 16 * P)));
	printf("mlockall %s\n", name(mlockall(0x80)));
	printf("munlockall %s\n", name(munlockall()));
	printf("locked dontneed %s", name(mlock(a, P)));
	printf(" %s\n", name(madvise(a, P, MADV_DONTNEED)));
	printf("populate %s %s\n", name(madvise(a + 20 * P, 2 * P, MADV_POPULATE_WRITE)), name(madvise(a + 8 * P, P, MADV_POPULATE_READ)));
	return 0;
}
