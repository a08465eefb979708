/* musl */
/* Without a controlling terminal: /dev/tty, terminal calls on what is none, nodes made elsewhere. */
// needs-root: mknod
#include "tty.h"
#include <sys/stat.h>
#include <sys/sysmacros.h>

int main(void)
{
	int p[2], fd = open("file", O_RDWR | O_CREAT, 0600), n;
	struct termios t;

	if (fork()) {
		wait(NULL);
		return 0;
	}
	setsid();
	SHOW(open("/dev/tty", O_RDWR));
	SHOW(open("/dev/tty", O_RDWR | O_NONBLOCK));
	SHOW_OK(open("/dev/tty", O_PATH));
	pipe(p);
	SHOW(isatty(fd));
	SHOW(isatty(p[0]));
	SHOW(tcgetattr(fd, &t));
	SHOW(tcgetattr(p[0], &t));
	SHOW(tcgetpgrp(p[0]));
	SHOW(ioctl(fd, TIOCGWINSZ, &t));
	SHOW(ioctl(p[0], TIOCSCTTY, 0));
	SHOW(ioctl(99, TCGETS, &t));
	SHOW(ioctl(open("/dev/null", O_RDWR), TIOCSCTTY, 0));
	SHOW(ttyname(fd) == NULL);
	SHOW(mknod("tty", S_IFCHR | 0600, makedev(5, 0)));
	SHOW(open("tty", O_RDWR));
	SHOW(mknod("ptmx", S_IFCHR | 0600, makedev(5, 2)));
	SHOW(mknod("none", S_IFCHR | 0600, makedev(240, 77)));
	SHOW(open("none", O_RDWR));
	SHOW(mknod("block", S_IFBLK | 0600, makedev(240, 77)));
	SHOW(open("block", O_RDWR));
	SHOW(mknod("null", S_IFCHR | 0600, makedev(1, 3)));
	n = open("null", O_RDWR);
	SHOW(write(n, "x", 1));
	SHOW(read(n, &t, 1));
	SHOW(mknod("zero", S_IFCHR | 0600, makedev(1, 5)));
	SHOW(read(open("zero", O_RDWR), &t, 3));
	return 0;
}
