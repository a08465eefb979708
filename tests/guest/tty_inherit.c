/* musl */
/* Terminals across fork and exec: who is in the session, /dev/tty by another name, duplicates of both ends. */
#include "tty.h"

int main(int argc, char **argv)
{
	int status, fd, copy;
	char buf[32];

	if (argc > 1) {
		fd = open("/dev/tty", O_RDWR);
		printf("after exec: %s, group %d, session %d\n", fd >= 0 ? "has a terminal" : errno_name(errno),
			fd >= 0 && tcgetpgrp(fd) == getpgrp(), fd >= 0 && tcgetsid(fd) == getsid(0));
		return 0;
	}
	if (!fork()) {
		setsid();
		tty_new();
		ioctl(slave, TIOCSCTTY, 0);
		if (!fork()) {
			fflush(stdout);
			execl("/proc/self/exe", argv[0], "x", NULL);
			_exit(1);
		}
		wait(NULL);
		copy = dup(master);
		close(master);
		if (!fork()) {
			usleep(30000);
			write(slave, "child", 5);
			_exit(0);
		}
		show_bytes("copy of the master", buf, read(copy, buf, sizeof(buf)));
		wait(NULL);
		fd = open("/dev/tty", O_RDWR);
		SHOW(write(fd, "by name", 7));
		show_bytes("master", buf, read(copy, buf, sizeof(buf)));
		SHOW(ttyname(fd) && !strcmp(ttyname(fd), "/dev/tty"));
		SHOW(isatty(fd));
		if (!fork()) {
			close(slave);
			signal(SIGHUP, SIG_IGN);
			setsid();
			SHOW(open("/dev/tty", O_RDWR));
			SHOW(write(fd, "still", 5));
			SHOW(tcgetpgrp(fd));
			_exit(0);
		}
		wait(NULL);
		show_bytes("master", buf, read(copy, buf, sizeof(buf)));
		signal(SIGHUP, SIG_IGN);
		close(copy);
		SHOW(read(slave, buf, 1));
		SHOW(open("/dev/tty", O_RDWR));
		SHOW(write(fd, "gone", 4));
		exit(3);
	}
	wait(&status);
	printf("status %x\n", status);
	return 0;
}
