/* Record locks of fcntl: splitting, joining, converting, what F_GETLK tells, and their end with any close of the file. */
/* musl */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "show.h"

static int fd;

static int set(int type, long start, long len)
{
	struct flock fl = { .l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = len };

	return fcntl(fd, F_SETLK, &fl);
}

/* What another process sees of bytes 0 to 99: a letter for each ten, R, W or a dot. */
static void map(const char *what)
{
	int status;

	fflush(stdout);
	if (!fork()) {
		char text[11] = "";

		for (int i = 0; i < 10; i++) {
			struct flock r = { .l_type = F_RDLCK, .l_start = i * 10, .l_len = 10 }, w = r;

			w.l_type = F_WRLCK;
			fcntl(fd, F_GETLK, &r);
			fcntl(fd, F_GETLK, &w);
			text[i] = r.l_type != F_UNLCK ? 'W' : w.l_type != F_UNLCK ? 'R' : '.';
		}
		printf("%-28s %s\n", what, text);
		fflush(stdout);
		_exit(0);
	}
	wait(&status);
}

int main(void)
{
	struct flock fl;
	int other;

	fd = open("f", O_CREAT | O_RDWR, 0644);
	set(F_WRLCK, 20, 60);
	map("write 20+60");
	set(F_UNLCK, 40, 10);
	map("unlock 40+10");
	set(F_RDLCK, 30, 30);
	map("read 30+30");
	set(F_RDLCK, 0, 20);
	map("read 0+20");
	set(F_WRLCK, 0, 0);
	map("write all");
	set(F_UNLCK, 50, 0);
	map("unlock from 50");
	set(F_UNLCK, 0, 0);
	map("unlock all");
	SHOW(set(F_WRLCK, 90, -30));
	map("write 90-30");
	SHOW(set(F_WRLCK, 10, -30));
	SHOW(set(F_WRLCK, -1, 5));
	SHOW(set(F_WRLCK, 0x7fffffffffffffff, 2));
	SHOW(set(F_WRLCK, 0x7fffffffffffffff, 1));
	SHOW(set(7, 0, 0));
	lseek(fd, 10, SEEK_SET);
	fl = (struct flock){ .l_type = F_RDLCK, .l_whence = SEEK_CUR, .l_start = 0, .l_len = 10 };
	SHOW(fcntl(fd, F_SETLK, &fl));
	map("read from the position");
	ftruncate(fd, 50);
	fl = (struct flock){ .l_type = F_WRLCK, .l_whence = SEEK_END, .l_start = -10, .l_len = 10 };
	SHOW(fcntl(fd, F_SETLK, &fl));
	map("write before the end");
	fl.l_whence = 9;
	SHOW(fcntl(fd, F_SETLK, &fl));
	SHOW(fcntl(fd, F_SETLK, BAD_PTR));
	SHOW(fcntl(fd, F_GETLK, BAD_PTR));
	/* who has it */
	fflush(stdout);
	pid_t me = getpid();
	if (!fork()) {
		fl = (struct flock){ .l_type = F_WRLCK, .l_whence = SEEK_CUR, .l_start = -10 + 45, .l_len = 2 };
		SHOW(fcntl(fd, F_GETLK, &fl));
		printf("type %d whence %d start %ld len %ld pid %d\n", fl.l_type, fl.l_whence, (long)fl.l_start, (long)fl.l_len,
			fl.l_pid == me);
		SHOW(set(F_RDLCK, 40, 1));
		SHOW(set(F_RDLCK, 10, 1));
		SHOW(set(F_WRLCK, 10, 1));
		_exit(0);
	}
	wait(NULL);
	map("a child's locks are gone");
	/* closing another descriptor of it */
	other = open("f", O_RDONLY);
	SHOW(fcntl(other, F_SETLK, &(struct flock){ .l_type = F_WRLCK, .l_len = 1 }));
	SHOW(fcntl(other, F_SETLK, &(struct flock){ .l_type = F_RDLCK, .l_len = 1 }));
	close(other);
	map("after a close");
	int wo = open("f", O_WRONLY);
	SHOW(fcntl(wo, F_SETLK, &(struct flock){ .l_type = F_RDLCK, .l_len = 1 }));
	SHOW(fcntl(open("f", O_PATH), F_SETLK, &(struct flock){ .l_type = F_RDLCK, .l_len = 1 }));
	SHOW(fcntl(-1, F_SETLK, &fl));
	return 0;
}
