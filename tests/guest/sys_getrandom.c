/* getrandom: flags, sizes, faults in the middle, and that no two answers are alike. */
/* musl */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "show.h"

#define NONBLOCK 1
#define RANDOM 2
#define INSECURE 4

static long get(void *p, size_t n, unsigned flags) { return syscall(SYS_getrandom, p, n, flags); }

int main(void)
{
	static unsigned char a[65536], b[65536];
	unsigned counts[256] = { 0 }, least = ~0u, most = 0;
	char *p = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	SHOW(get(a, 0, 0));
	SHOW(get(a, 1, 0));
	SHOW(get(a, 256, NONBLOCK));
	SHOW(get(a, 512, RANDOM));
	SHOW(get(a, 512, RANDOM | NONBLOCK));
	SHOW(get(a, 512, INSECURE));
	SHOW(get(a, sizeof(a), 0));
	SHOW(get(b, sizeof(b), 0));
	SHOW(memcmp(a, b, sizeof(a)) != 0);
	for (unsigned i = 0; i < sizeof(a); i++)
		counts[a[i]]++;
	for (unsigned i = 0; i < 256; i++) {
		least = counts[i] < least ? counts[i] : least;
		most = counts[i] > most ? counts[i] : most;
	}
	SHOW(least > 128 && most < 512); /* each byte about 256 times */
	/* what lies behind is not touched */
	memset(a, 0x55, 64);
	SHOW(get(a, 16, 0));
	for (int i = 16; i < 64; i++)
		if (a[i] != 0x55)
			printf("byte %d is changed\n", i);
	munmap(p + 4096, 4096);
	SHOW(get(p + 4096, 16, 0));
	SHOW(get(p + 4096 - 100, 256, 0) > 0);
	SHOW(get(BAD_PTR, 16, 0));
	SHOW(get(a, 16, 8));
	SHOW(get(a, 16, RANDOM | INSECURE));
	SHOW(get(BAD_PTR, 0, 0));
	return 0;
}
