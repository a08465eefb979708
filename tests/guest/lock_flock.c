/* flock: shared and exclusive, conversion, inheritance, its end with the description, beside record locks. */
/* musl */
#include <fcntl.h>
#include <sys/file.h>
#include <sys/wait.h>

#include "show.h"

int main(void)
{
	int a = open("f", O_CREAT | O_RDWR, 0644), b = open("f", O_RDONLY), c = dup(a), p[2];
	struct flock fl = { .l_type = F_WRLCK };

	SHOW(flock(a, LOCK_EX | LOCK_NB));
	SHOW(flock(c, LOCK_EX | LOCK_NB));
	SHOW(flock(b, LOCK_SH | LOCK_NB));
	SHOW(flock(b, LOCK_EX | LOCK_NB));
	SHOW(flock(c, LOCK_SH | LOCK_NB));
	SHOW(flock(b, LOCK_SH | LOCK_NB));
	SHOW(flock(a, LOCK_EX | LOCK_NB));
	SHOW(flock(b, LOCK_UN));
	SHOW(flock(a, LOCK_EX | LOCK_NB));
	SHOW(flock(c, LOCK_UN));
	SHOW(flock(b, LOCK_EX | LOCK_NB));
	/* other kinds do not care */
	SHOW(fcntl(a, F_SETLK, &fl));
	SHOW(fcntl(a, F_OFD_SETLK, &(struct flock){ .l_type = F_WRLCK, .l_start = 10, .l_len = 1 }));
	fflush(stdout);
	/* a child has the same lock */
	if (!fork()) {
		SHOW(flock(b, LOCK_SH | LOCK_NB));
		SHOW(flock(a, LOCK_SH | LOCK_NB));
		close(b);
		_exit(0);
	}
	wait(NULL);
	SHOW(flock(a, LOCK_EX | LOCK_NB));
	SHOW(flock(a, LOCK_UN));
	SHOW(flock(b, LOCK_EX | LOCK_NB));
	fflush(stdout);
	if (!fork()) {
		usleep(30000);
		flock(b, LOCK_UN);
		_exit(0);
	}
	SHOW(flock(a, LOCK_EX));
	wait(NULL);
	close(a);
	SHOW(flock(b, LOCK_EX | LOCK_NB));
	close(c);
	SHOW(flock(b, LOCK_EX | LOCK_NB));
	SHOW(flock(b, 0));
	SHOW(flock(b, LOCK_SH | LOCK_EX));
	SHOW(flock(b, LOCK_NB));
	SHOW(flock(-1, LOCK_EX));
	SHOW(flock(open("f", O_PATH), LOCK_EX));
	pipe(p);
	SHOW(flock(p[0], LOCK_EX | LOCK_NB));
	SHOW(flock(p[1], LOCK_EX | LOCK_NB));
	SHOW(flock(open(".", O_RDONLY), LOCK_EX | LOCK_NB));
	return 0;
}
