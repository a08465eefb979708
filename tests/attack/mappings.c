/* 60,000 two-page mappings that cannot be merged, then a fork, then both sides look at and change all of them. */
#include "attack.h"

#define COUNT 60000
#define STEP 0x3000ul

int main(void)
{
	char *base = mmap(NULL, COUNT * STEP, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	int bad = 0, made = 0, status;

	if (base == MAP_FAILED)
		return 1;
	munmap(base, COUNT * STEP);
	for (; made < COUNT; made++) {
		char *p = mmap(base + made * STEP, 0x2000, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

		if (p == MAP_FAILED)
			break;
		p[0] = (char)made;
		p[0x1000] = (char)(made >> 8);
	}
	check(made == COUNT, "60,000 mappings");
	pid_t pid = fork();

	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < made; i++) {
			char *p = base + i * STEP;

			bad += p[0] != (char)(i + round) || p[0x1000] != (char)(i >> 8);
			p[0]++;
		}
	}
	if (!pid)
		_exit(bad != 0);
	check(!bad, "the parent's bytes");
	waitpid(pid, &status, 0);
	check(status == 0, "the child's bytes");
	return bad || status;
}
