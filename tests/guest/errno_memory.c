/* mmap, munmap, mprotect, brk, mremap, madvise, mincore, msync: success and errors. */
#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>

#include "show.h"

int main(void)
{
	int fd = open("file", O_RDWR | O_CREAT, 0644), ro, p[2];
	char *a, *b;
	unsigned char vec[4];

	if (ftruncate(fd, 8192) || pipe(p))
		return 1;
	ro = open("file", O_RDONLY);
	a = (void *)SHOW_OK(mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	SHOW(mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	SHOW(mmap(NULL, 4096, PROT_READ, 0, fd, 0));
	SHOW(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, -1, 0));
	SHOW(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, p[0], 0));
	SHOW(syscall(SYS_mmap, NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 1));
	SHOW(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, ro, 0));
	SHOW_OK(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, ro, 0));
	SHOW(mmap(NULL, SIZE_MAX & ~4095ul, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	SHOW(mmap((void *)1, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
	SHOW(mmap(a, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == a);
	SHOW(mmap(a, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | 0x100000, -1, 0));
	b = (void *)SHOW_OK(mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
	b[0] = 'x';
	SHOW(msync(b, 8192, MS_SYNC));
	SHOW(msync(b, 4096, 0x80));
	SHOW(msync(b, 4096, MS_SYNC | MS_ASYNC));
	SHOW(msync(b + 1, 4096, MS_SYNC));
	SHOW(pread(fd, vec, 1, 0));
	SHOW(vec[0] == 'x');
	SHOW(mprotect(a, 8192, PROT_READ));
	SHOW(mprotect(a + 1, 4096, PROT_READ));
	SHOW(mprotect(a, 4096, 0x100));
	SHOW(mprotect((void *)0x10000, 4096, PROT_READ));
	SHOW(mprotect(a, 0, PROT_READ));
	SHOW(mmap(NULL, 4096, PROT_READ, MAP_SHARED, ro, 0) != MAP_FAILED);
	SHOW(mincore(b, 8192, vec));
	SHOW(mincore(b + 1, 4096, vec));
	SHOW(mincore(b, 4096, BAD_PTR));
	SHOW(madvise(a, 8192, MADV_DONTNEED));
	SHOW(madvise(a, 8192, 9999));
	SHOW(madvise(a + 1, 4096, MADV_DONTNEED));
	SHOW(munmap(a, 8192));
	SHOW(munmap(a, 8192));
	SHOW(munmap(a + 1, 4096));
	SHOW(munmap(a, 0));
	SHOW(munmap((void *)(1ul << 62), 4096));
	SHOW(mincore(a, 4096, vec));
	SHOW(madvise(a, 4096, MADV_DONTNEED));
	SHOW(mremap(b, 8192, 4096, 0) == b);
	SHOW(mremap(b, 4096, 0, 0));
	SHOW(mremap(b + 1, 4096, 8192, 0));
	SHOW(mremap(a, 4096, 8192, MREMAP_MAYMOVE));
	SHOW(sbrk(0) == sbrk(4096 * 3));
	SHOW(sbrk(-4096 * 3) != (void *)-1);
	SHOW(brk((void *)1));
	return 0;
}
