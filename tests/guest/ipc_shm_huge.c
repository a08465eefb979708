/* Segments of huge pages, of which there are none: which sizes are known, and who may ask. */
// needs-root: another user's rights
/* musl */
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include "show.h"

#ifndef SHM_HUGETLB
#define SHM_HUGETLB 04000
#endif
#define HUGE(log) (SHM_HUGETLB | 0600 | (log) << 26)

static void ask(void)
{
	SHOW(shmget(IPC_PRIVATE, 4096, HUGE(0)));
	SHOW(shmget(IPC_PRIVATE, 2 << 20, HUGE(21)));
	SHOW(shmget(IPC_PRIVATE, 2 << 20, HUGE(16)));
	SHOW(shmget(IPC_PRIVATE, 0, HUGE(21)));
}

int main(void)
{
	struct rlimit none = { 0, 0 };
	int status;

	ask();
	if (!fork()) {
		SHOW(setresgid(100, 100, 100) | syscall(SYS_setgroups, 0, NULL));
		SHOW(setresuid(1000, 1000, 1000));
		SHOW(shmget(IPC_PRIVATE, 1, HUGE(0)));
		SHOW(setrlimit(RLIMIT_MEMLOCK, &none));
		ask();
		_exit(0);
	}
	wait(&status);
	if (!fork()) { /* the group may */
		SHOW(setrlimit(RLIMIT_MEMLOCK, &none));
		SHOW(setresuid(1000, 1000, 1000));
		ask();
		_exit(0);
	}
	wait(&status);
	return 0;
}
