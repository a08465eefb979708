/* Errors of the memory calls that need some preparation: other users, limits, ranges that wrap. */
// needs-root: changes its user
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "maps.h"
#include "show.h"

static unsigned long one = 1;

int main(void)
{
	char *a = map_at(hole(4), 4, RW, ANON), *b;
	struct iovec l = { a, 16 }, r = { a + P, 16 };
	struct rlimit few = { 3, 3 };
	void *pages[1] = { a };
	int status[1], ro, fd = open("f", O_RDWR | O_CREAT | O_TRUNC, 0600), pidfd, st;
	pid_t root, child;

	setvbuf(stdout, NULL, _IONBF, 0);
	ftruncate(fd, P);
	ro = open("f", O_RDONLY);
	SHOW(mlock(a, -P));
	SHOW(mlock2(a, -P, 1));
	SHOW(munlock(a, -P));
	SHOW(mlock2(a + 3 * P, 2 * P, 1));
	SHOW(mlock2(a + 3 * P, P, 8));
	SHOW(munlock(a + 3 * P, 2 * P));
	b = mmap(NULL, P, PROT_READ, MAP_SHARED, ro, 0);
	SHOW(syscall(329, b, P, RW, -1));
	SHOW(mprotect(b, P, RW));
	SHOW(syscall(SYS_process_vm_writev, getpid(), &l, 1, &r, 1, 1));
	SHOW(syscall(SYS_process_vm_writev, 0x7ffffff0, &l, 1, &r, 1, 0));
	SHOW(syscall(SYS_process_vm_writev, getpid(), &l, 1025, &r, 1, 0));
	SHOW(syscall(SYS_process_vm_writev, getpid(), &l, 1, &r, 1, 0));
	root = getpid();
	child = fork();
	if (!child) {
		if (setgid(12345) || setuid(12345))
			_exit(1);
		SHOW(syscall(SYS_mbind, a, P, 2, &one, 64, 4)); /* MPOL_MF_MOVE_ALL */
		SHOW(syscall(SYS_move_pages, 0, 1, pages, NULL, status, 4));
		SHOW(syscall(SYS_move_pages, root, 1, pages, NULL, status, 2));
		SHOW(syscall(SYS_migrate_pages, root, 64, &one, &one));
		prctl(PR_SET_DUMPABLE, 1);
		child = fork();
		if (!child)
			for (;;)
				pause();
		pidfd = (int)syscall(434, child, 0);
		SHOW(syscall(440, pidfd, &l, 1, MADV_COLD, 0));
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		_exit(0);
	}
	waitpid(child, &st, 0);
	SHOW(st);
	setrlimit(RLIMIT_NOFILE, &few);
	SHOW(syscall(SYS_memfd_create, "none left", 0));
	return 0;
}
