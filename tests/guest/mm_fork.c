// fork: private memory of every size parts, shared memory does not; madvise flags; grandchildren. musl
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define P 4096ul
static char small[8192] = "data";

static unsigned long sum(const char *p, unsigned long n)
{
	unsigned long s = 0;

	for (unsigned long i = 0; i < n; i += 64)
		s = s * 31 + p[i];
	return s;
}

int main(void)
{
	unsigned long n = 8 << 20;
	char *big = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int *shared = mmap(NULL, P, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	char *wipe = mmap(NULL, 2 * P, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *heap = malloc(100000), stack[10000];
	unsigned long before;

	setvbuf(stdout, NULL, _IONBF, 0);
	for (unsigned long i = 0; i < n; i++)
		big[i] = (char)(i * 7 + i / P);
	memset(heap, 1, 100000);
	memset(stack, 2, sizeof(stack));
	memset(wipe, 3, 2 * P);
	madvise(wipe, P, MADV_WIPEONFORK);
	before = sum(big, n);
	if (!fork()) {
		printf("child: big %d heap %d stack %d data %s wiped %d kept %d\n", sum(big, n) == before, heap[99999],
			stack[5000], small, wipe[0], wipe[P]);
			for (unsigned long i = 0; i < n; i += P)
			big[i] = 1;
		memset(heap, 9, 100000);
		memset(stack, 9, sizeof(stack));
		strcpy(small, "changed");
		shared[0] = 42;
		if (!fork()) {
			shared[1] = big[0] + heap[0] + stack[0];
			big[P] = 77;
			_exit(0);
		}
		wait(NULL);
		shared[2] = big[P];
		_exit(0);
	}
	wait(NULL);
	printf("parent: big %d heap %d stack %d data %s\n", sum(big, n) == before, heap[0], stack[0], small);
	printf("shared %d %d %d\n", shared[0], shared[1], shared[2]);
	/* The parent changes while the child looks. */
	int fd[2], back[2];
	char c;

	pipe(fd);
	pipe(back);
	if (!fork()) {
		read(fd[0], &c, 1);
		printf("child still sees: %d\n", sum(big, n) == before);
			_exit(0);
	}
	memset(big, 0, n);
	write(fd[1], "x", 1);
	wait(NULL);
	printf("parent sees its own: %lu\n", sum(big, n));
	return 0;
}
