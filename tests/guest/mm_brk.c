// brk: growth, contents, shrinking, limits. musl
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static uintptr_t kbrk(uintptr_t x) { return (uintptr_t)syscall(SYS_brk, x); }

int main(void)
{
	uintptr_t start = kbrk(0), page = (start + 4095) & ~4095ul;
	struct rlimit rl;
	char *p = (char *)page;

	printf("grow %d\n", kbrk(page + 0x100000) == page + 0x100000);
	memset(p, 5, 0x100000);
	printf("odd %d\n", kbrk(page + 0x80001) == page + 0x80001);
	printf("kept %d\n", p[0x80000]);
	printf("again %d\n", kbrk(page + 0x100000) == page + 0x100000);
	printf("kept page %d fresh page %d\n", p[0x80fff], p[0x81000]);
	printf("below %d\n", kbrk(0x1000) == page + 0x100000);
	mmap(p + 0x200000, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	printf("into a mapping %d\n", kbrk(page + 0x300000) == page + 0x100000);
	printf("up to it %d\n", kbrk(page + 0x200000) == page + 0x100000);
	printf("one page short %d\n", kbrk(page + 0x1ff000) == page + 0x1ff000);
	munmap(p + 0x200000, 4096);
	getrlimit(RLIMIT_DATA, &rl);
	rl.rlim_cur = 0x280000;
	setrlimit(RLIMIT_DATA, &rl);
	printf("limit %d\n", kbrk(page + 0x800000) == page + 0x1ff000);
	printf("shrink %d\n", kbrk(start) == start);
	return 0;
}
