/* Locks of open file descriptions, beside those of processes. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "show.h"

static int lock(int fd, int cmd, int type, long start, long len)
{
	struct flock fl = { .l_type = type, .l_start = start, .l_len = len };

	return fcntl(fd, cmd, &fl);
}

int main(void)
{
	int a = open("f", O_CREAT | O_RDWR, 0644), b = open("f", O_RDWR), c = dup(a);
	struct flock fl = { .l_type = F_WRLCK };

	SHOW(lock(a, F_OFD_SETLK, F_WRLCK, 0, 10));
	SHOW(lock(b, F_OFD_SETLK, F_WRLCK, 5, 10));
	SHOW(lock(c, F_OFD_SETLK, F_RDLCK, 5, 10));
	SHOW(lock(b, F_OFD_SETLK, F_RDLCK, 5, 10));
	SHOW(lock(a, F_SETLK, F_WRLCK, 0, 1));
	SHOW(fcntl(b, F_OFD_GETLK, &fl));
	printf("type %d start %ld len %ld pid %d\n", fl.l_type, (long)fl.l_start, (long)fl.l_len, fl.l_pid);
	fl = (struct flock){ .l_type = F_WRLCK, .l_pid = 1 };
	SHOW(fcntl(a, F_OFD_GETLK, &fl));
	SHOW(fcntl(a, F_OFD_SETLK, &fl));
	SHOW(lock(b, F_SETLK, F_RDLCK, 100, 1));
	SHOW(lock(a, F_OFD_SETLK, F_WRLCK, 100, 1));
	/* a child shares the description */
	fflush(stdout);
	if (!fork()) {
		SHOW(lock(a, F_OFD_SETLK, F_WRLCK, 0, 5));
		SHOW(lock(b, F_OFD_SETLK, F_WRLCK, 0, 1));
		SHOW(lock(a, F_SETLK, F_WRLCK, 100, 1));
		close(a);
		close(c);
		_exit(0);
	}
	wait(NULL);
	SHOW(lock(b, F_OFD_SETLK, F_WRLCK, 0, 1));
	/* it lives until the last descriptor */
	close(a);
	SHOW(lock(b, F_OFD_SETLK, F_WRLCK, 0, 1));
	close(c);
	SHOW(lock(b, F_OFD_SETLK, F_WRLCK, 0, 1));
	/* waiting */
	a = open("f", O_RDWR);
	fflush(stdout);
	if (!fork()) {
		usleep(30000);
		close(b);
		_exit(0);
	}
	close(b);
	SHOW(lock(a, F_OFD_SETLKW, F_WRLCK, 0, 1));
	wait(NULL);
	int ro = open("f", O_RDONLY), wo = open("f", O_WRONLY);
	SHOW(lock(ro, F_OFD_SETLK, F_WRLCK, 50, 1));
	SHOW(lock(wo, F_OFD_SETLK, F_RDLCK, 50, 1));
	SHOW(lock(ro, F_OFD_SETLK, F_RDLCK, 50, 1));
	SHOW(lock(-1, F_OFD_SETLK, F_RDLCK, 50, 1));
	return 0;
}
