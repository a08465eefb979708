/* F_SETLKW whose lock two others hold: when the first lets go, the second is in the way, and if that one waits for the caller
 * the circle is closed while everybody sleeps. */
/* musl */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "show.h"

static int fd, ready[2];

static int lock(int cmd, int type, int at, int len)
{
	struct flock fl = { .l_type = type, .l_start = at, .l_len = len };

	return fcntl(fd, cmd, &fl);
}

/* Until @pid sleeps in the F_SETLKW that is all it has left to do. */
static void settle(pid_t pid)
{
	char name[64], line[256], state = 0;

	while (state != 'S') {
		FILE *f;

		usleep(5000);
		snprintf(name, sizeof(name), "/proc/%d/syscall", pid);
		f = fopen(name, "r");
		if (f && fgets(line, sizeof(line), f) && atoi(line) == SYS_fcntl)
			state = 'S';
		if (f)
			fclose(f);
	}
}

/* A child that holds @at and then wants @want to @want + @len: exits with the errno that it gets, 0: the lock. */
static pid_t holder(int at, int want, int len)
{
	pid_t pid = fork();
	char c;

	if (!pid) {
		lock(F_SETLK, F_WRLCK, at, 1);
		write(ready[1], "x", 1);
		_exit(lock(F_SETLKW, F_WRLCK, want, len) ? errno : 0);
	}
	read(ready[0], &c, 1);
	settle(pid);
	return pid;
}

int main(void)
{
	int status = 0, circles = 0, got = 0;
	pid_t a, b;

	fd = open("f", O_CREAT | O_RDWR, 0644);
	pipe(ready);
	setvbuf(stdout, NULL, _IONBF, 0);
	SHOW(lock(F_SETLK, F_WRLCK, 0, 1));
	/* a holds 10 and wants 0 to 29: we are in the way; then b, which holds 20 and wants 10 */
	a = holder(10, 0, 30);
	b = holder(20, 10, 1);
	SHOW(lock(F_SETLK, F_UNLCK, 0, 0));
	for (int i = 0; i < 2; i++) {
		pid_t pid = wait(&status);

		printf("%s: %s\n", pid == a ? "a" : pid == b ? "b" : "?", WEXITSTATUS(status) ? errno_name(WEXITSTATUS(status)) : "the lock");
		circles += WEXITSTATUS(status) == EDEADLK;
		got += !WEXITSTATUS(status);
	}
	printf("%d in a circle, %d served\n", circles, got);
	return 0;
}
