/* Locks and fork, exec and exit: record locks are the process's, flock's the description's. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/wait.h>

#include "show.h"

static int fd;
static int lock(int cmd, int type, long at) { return fcntl(fd, cmd, &(struct flock){ .l_type = type, .l_start = at, .l_len = 1 }); }

int main(int argc, char **argv)
{
	if (argc > 1) { /* after execve */
		fd = atoi(argv[1]);
		SHOW(flock(fd, LOCK_EX | LOCK_NB));
		SHOW(lock(F_SETLK, F_WRLCK, 0));
		return 0;
	}
	fd = open("f", O_CREAT | O_RDWR, 0644);
	SHOW(lock(F_SETLK, F_WRLCK, 0));
	SHOW(flock(fd, LOCK_EX | LOCK_NB));
	fflush(stdout);
	if (!fork()) {
		SHOW(lock(F_SETLK, F_WRLCK, 0));
		SHOW(lock(F_SETLK, F_WRLCK, 1));
		SHOW(flock(fd, LOCK_SH | LOCK_NB));
		SHOW(flock(fd, LOCK_EX | LOCK_NB));
		_exit(0);
	}
	wait(NULL);
	SHOW(lock(F_SETLK, F_WRLCK, 1));
	fflush(stdout);
	if (!fork()) {
		close(fd);
		_exit(0);
	}
	wait(NULL);
	int other = open("f", O_RDWR);
	SHOW(flock(other, LOCK_EX | LOCK_NB));
	fflush(stdout);
	if (!fork()) {
		int mine = fd;

		fd = other;
		SHOW(lock(F_SETLK, F_WRLCK, 0));
		fd = mine;
		_exit(0);
	}
	wait(NULL);
	/* a whole process ends while it waits for nothing */
	if (!fork()) {
		lock(F_SETLK, F_WRLCK, 5);
		_exit(0);
	}
	wait(NULL);
	SHOW(lock(F_SETLK, F_WRLCK, 5));
	char text[16];
	snprintf(text, sizeof(text), "%d", fd);
	fflush(stdout);
	execl("/proc/self/exe", "lock_fork", text, NULL);
	return 1;
}
