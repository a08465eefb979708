/* process_madvise and process_mrelease, by pidfd. */
#include <signal.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "maps.h"
#include "show.h"

#define PIDFD_OPEN 434
#define PROCESS_MADVISE 440
#define PROCESS_MRELEASE 448

int main(void)
{
	char *a = map_at(hole(16), 4, RW, ANON);
	struct iovec v[3] = { { a, P }, { a + P, 2 * P }, { a + 8 * P, P } };
	siginfo_t si;
	pid_t child = fork();
	int fd;

	if (!child)
		for (;;)
			pause();
	fd = (int)syscall(PIDFD_OPEN, child, 0);
	SHOW(syscall(PROCESS_MADVISE, fd, v, 2, MADV_COLD, 0));
	SHOW(syscall(PROCESS_MADVISE, fd, v, 2, MADV_PAGEOUT, 0));
	SHOW(syscall(PROCESS_MADVISE, fd, v, 2, MADV_WILLNEED, 0));
	SHOW(syscall(PROCESS_MADVISE, fd, v, 3, MADV_COLD, 0));
	SHOW(syscall(PROCESS_MADVISE, fd, v + 2, 1, MADV_COLD, 0));
	v[0].iov_base = a + 1;
	SHOW(syscall(PROCESS_MADVISE, fd, v, 1, MADV_COLD, 0));
	v[0].iov_base = a;
	SHOW(syscall(PROCESS_MADVISE, fd, v, 0, MADV_COLD, 0));
	SHOW(syscall(PROCESS_MADVISE, fd, v, 1, MADV_DONTNEED, 0));
	SHOW(syscall(PROCESS_MADVISE, fd, v, 1, 999, 0));
	SHOW(syscall(PROCESS_MADVISE, fd, v, 1, MADV_COLD, 1));
	SHOW(syscall(PROCESS_MADVISE, -1, v, 1, MADV_COLD, 0));
	SHOW(syscall(PROCESS_MADVISE, 0, v, 1, MADV_COLD, 0));
	SHOW(syscall(PROCESS_MADVISE, fd, BAD_PTR, 1, MADV_COLD, 0));
	SHOW(syscall(PROCESS_MADVISE, fd, v, 1025, MADV_COLD, 0));
	SHOW(syscall(PROCESS_MRELEASE, fd, 1));
	SHOW(syscall(PROCESS_MRELEASE, -1, 0));
	SHOW(syscall(PROCESS_MRELEASE, fd, 0));
	kill(child, SIGKILL);
	waitid(P_PID, child, &si, WEXITED | WNOWAIT);
	SHOW(syscall(PROCESS_MRELEASE, fd, 0));
	SHOW(syscall(PROCESS_MADVISE, fd, v, 1, MADV_COLD, 0));
	waitpid(child, NULL, 0);
	SHOW(syscall(PROCESS_MRELEASE, fd, 0));
	SHOW(syscall(PROCESS_MADVISE, fd, v, 1, MADV_COLD, 0));
	return 0;
}
