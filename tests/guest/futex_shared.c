/* Futexes between processes: in a shared anonymous mapping, in a shared file mapped at two addresses; not in private
 * memory after a fork. */
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long futex(unsigned *u, int op, unsigned val, const struct timespec *ts)
{
	return syscall(SYS_futex, u, op, val, ts, NULL, 0);
}

/* The child waits on @mine; the parent wakes it by @yours until it has ended. */
static void ping(const char *what, unsigned *mine, unsigned *yours)
{
	struct timespec limit = { 10, 0 };
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		long r;

		while ((r = futex(mine, FUTEX_WAIT, 0, &limit)) == 0 && *mine == 0)
			;
		_exit(r == 0 || errno == EAGAIN ? 0 : 1);
	}
	usleep(20000);
	while (futex(yours, FUTEX_WAKE, 1, NULL) == 0)
		usleep(1000);
	*yours = 1;
	futex(yours, FUTEX_WAKE, 1, NULL);
	waitpid(pid, &status, 0);
	printf("%s: %d\n", what, WEXITSTATUS(status));
}

int main(void)
{
	unsigned *anon, *one, *two, *private;
	struct timespec some = { 0, 100000000 };
	int fd = open("file", O_RDWR | O_CREAT, 0600), status;
	pid_t pid;

	if (ftruncate(fd, 8192))
		return 1;
	anon = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	one = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	two = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 4096);
	private = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ping("shared anonymous", anon + 7, anon + 7);
	ping("one file, two addresses", one + 1024 + 3, two + 3);
	pid = fork();
	if (!pid)
		_exit(futex(private, FUTEX_WAIT, 0, &some) < 0 && errno == ETIMEDOUT ? 0 : 1);
	usleep(20000);
	printf("private after fork: woken %ld", futex(private, FUTEX_WAKE, 10, NULL));
	waitpid(pid, &status, 0);
	printf(", timed out %d\n", WEXITSTATUS(status) == 0);
	return 0;
}
