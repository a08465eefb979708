/* Supplementary groups: set, sorted, counted, inherited; the most there can be; and the errors. */
// needs-root: setgroups
/* musl */
#include <stdlib.h>
#include <sys/wait.h>
#include "show.h"

static unsigned many[65537], got[65537];

static long set(long n, const void *p) { return syscall(SYS_setgroups, n, p); }
static long get(long n, void *p) { return syscall(SYS_getgroups, n, p); }

int main(void)
{
	unsigned some[] = { 30, 10, 20, 10, 4000000000u };

	SHOW(set(0, NULL));
	SHOW(get(0, NULL));
	SHOW(set(5, some));
	SHOW(get(0, NULL));
	SHOW(get(5, got));
	for (int i = 0; i < 5; i++)
		printf(" %u", got[i]);
	printf("\n");
	SHOW(get(65537, got));
	SHOW(get(4, got));
	SHOW(get(-1, got));
	SHOW(get(5, BAD_PTR));
	SHOW(get(0, BAD_PTR));
	SHOW(set(1, BAD_PTR));
	SHOW(set(-1, some));
	SHOW(set(65537, many));
	SHOW(get(0, NULL)); /* nothing has changed */
	if (!fork()) {
		SHOW(get(0, NULL));
		SHOW(set(1, some));
		_exit(0);
	}
	wait(NULL);
	SHOW(get(0, NULL));
	for (unsigned i = 0; i < 65536; i++)
		many[i] = (i * 40503u) & 0xffff; /* every number below 65536 once */
	SHOW(set(65536, many));
	SHOW(get(65536, got));
	for (unsigned i = 0; i < 65536; i++)
		if (got[i] != i) {
			printf("%u at %u\n", got[i], i);
			break;
		}
	SHOW(get(65535, got));
	SHOW(syscall(SYS_setresuid, 1000, 1000, 1000));
	SHOW(get(0, NULL));
	SHOW(set(0, NULL));
	SHOW(set(65537, many));
	return 0;
}
