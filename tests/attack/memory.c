/* A child touches more memory than there is. It alone dies, or is refused, and its memory comes back. */
#include "attack.h"

int main(int argc, char **argv)
{
	size_t size = argc > 1 ? strtoul(argv[1], NULL, 0) << 20 : 1ul << 30;
	int bad = 0;

	for (int round = 0; round < 3; round++) {
		pid_t pid = fork();

		if (!pid) {
			char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

			if (p == MAP_FAILED)
				_exit(1);
			for (size_t i = 0; i < size; i += 4096)
				p[i] = 1;
			_exit(0);
		}
		int status = reap(pid, 20000);

		bad += status == -1 || status == 0;
		size_t mine = 16 << 20;
		char *p = mmap(NULL, mine, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		bad += p == MAP_FAILED;
		if (p != MAP_FAILED) {
			memset(p, round, mine);
			munmap(p, mine);
		}
	}
	check(!bad, "only the greedy die");
	return bad;
}
