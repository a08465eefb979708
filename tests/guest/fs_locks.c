/* fcntl record locks and flock, among processes and descriptions. */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/wait.h>

#include "show.h"

static int fd;

static int lock(int f, int cmd, int type, long start, long len)
{
	struct flock fl = { .l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = len };

	return fcntl(f, cmd, &fl);
}

/* What another process would meet at [start, +len). */
static void probe(long start, long len)
{
	fflush(stdout);
	if (!fork()) {
		struct flock fl = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = start, .l_len = len };
		int err = fcntl(fd, F_GETLK, &fl);

		printf("probe %ld+%ld: %d type %d at %ld+%ld parent %d\n", start, len, err, fl.l_type, (long)fl.l_start,
			(long)fl.l_len, fl.l_type == F_UNLCK ? -1 : fl.l_pid == getppid());
		fflush(stdout);
		_exit(0);
	}
	wait(NULL);
}

int main(void)
{
	int other, status, p[2];
	char c;

	fd = open("file", O_RDWR | O_CREAT, 0644);
	SHOW(write(fd, "0123456789", 10));
	SHOW(lock(fd, F_SETLK, F_WRLCK, 0, 100));
	probe(0, 1);
	probe(100, 1);
	SHOW(lock(fd, F_SETLK, F_UNLCK, 40, 20));
	probe(0, 0);
	probe(40, 20);
	probe(60, 0);
	SHOW(lock(fd, F_SETLK, F_RDLCK, 30, 50));
	probe(30, 1);
	probe(80, 1);
	SHOW(lock(fd, F_SETLK, F_UNLCK, 0, 0));
	probe(0, 0);
	SHOW(lock(fd, F_SETLK, F_WRLCK, -1, 5));
	SHOW(lock(fd, F_SETLK, 77, 0, 5));
	SHOW(lock(open("file", O_RDONLY), F_SETLK, F_WRLCK, 0, 5));
	SHOW(lock(fd, F_SETLK, F_WRLCK, 10, -5));
	probe(0, 0);
	/* Closing any descriptor of the file drops a process's locks. */
	other = open("file", O_RDONLY);
	SHOW(close(other));
	probe(0, 0);

	/* A blocked child gets the lock when the parent lets go. */
	SHOW(lock(fd, F_SETLK, F_WRLCK, 0, 0));
	if (pipe(p))
		return 1;
	if (!fork()) {
		if (lock(fd, F_SETLK, F_WRLCK, 0, 0) == -1 && errno == EAGAIN)
			write(p[1], "a", 1);
		if (lock(fd, F_SETLKW, F_WRLCK, 0, 0) == 0)
			write(p[1], "b", 1);
		_exit(0);
	}
	SHOW(read(p[0], &c, 1));
	printf("%c\n", c);
	SHOW(lock(fd, F_SETLK, F_UNLCK, 0, 0));
	SHOW(read(p[0], &c, 1));
	printf("%c\n", c);
	wait(&status);
	SHOW(lock(fd, F_SETLK, F_WRLCK, 0, 0));

	/* Open file description locks: two descriptions of one process conflict. */
	SHOW(lock(fd, F_SETLK, F_UNLCK, 0, 0));
	other = open("file", O_RDWR);
	SHOW(lock(fd, F_OFD_SETLK, F_WRLCK, 0, 10));
	SHOW(lock(other, F_OFD_SETLK, F_WRLCK, 5, 10));
	SHOW(lock(other, F_OFD_SETLK, F_WRLCK, 10, 10));
	SHOW(lock(fd, F_SETLK, F_WRLCK, 5, 1));
	SHOW(lock(fd, F_OFD_SETLK, F_UNLCK, 0, 0));
	SHOW(lock(other, F_OFD_SETLK, F_WRLCK, 5, 10));

	SHOW(flock(fd, LOCK_EX));
	SHOW(flock(other, LOCK_EX | LOCK_NB));
	SHOW(flock(other, LOCK_SH | LOCK_NB));
	SHOW(flock(fd, LOCK_SH | LOCK_NB));
	SHOW(flock(other, LOCK_SH | LOCK_NB));
	SHOW(flock(fd, LOCK_EX | LOCK_NB));
	SHOW(flock(dup(other), LOCK_UN));
	SHOW(flock(fd, LOCK_EX | LOCK_NB));
	SHOW(flock(fd, LOCK_UN));
	SHOW(flock(fd, 99));
	SHOW(flock(999, LOCK_EX));
	return 0;
}
