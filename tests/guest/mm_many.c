// 60,000 two-page mappings and a fork; the limit of 65,530; all of them removed again.
// timeout: 60
#include "show.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define P 4096ul
#define N 60000
static char *at[N];

int main(void)
{
	int status, bad = 0, more = 0;

	for (int i = 0; i < N; i++) {
		at[i] = mmap(NULL, 2 * P, i % 2 ? PROT_READ : PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (at[i] == MAP_FAILED) {
			printf("mmap %d: %s\n", i, errno_name(errno));
			return 1;
		}
		if (i % 2 == 0 && i % 16 == 0)
			at[i][0] = (char)(i / 16);
	}
	fflush(stdout);
	if (!fork()) {
		for (int i = 0; i < N; i += 16) {
			bad += at[i][0] != (char)(i / 16);
			at[i][1] = 1;
		}
		_exit(bad != 0);
	}
	wait(&status);
	printf("child %d\n", WEXITSTATUS(status));
	for (int i = 0; i < N; i += 16)
		bad += at[i][0] != (char)(i / 16) || at[i][1];
	printf("parent %d\n", bad);
	/* PROT_EXEC|READ alternating with the others never joins them. */
	while (mmap(NULL, P, more % 2 ? PROT_READ | PROT_EXEC : PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED)
		more++;
	printf("then %s, after %s\n", errno_name(errno), more > 5400 && more < 5540 ? "about 5,500 more" : "another count");
	if (more <= 5400 || more >= 5540)
		printf("%d\n", more);
	for (int i = 0; i < N; i++)
		bad += munmap(at[i], 2 * P) != 0;
	printf("removed, %d errors\n", bad);
	return 0;
}
