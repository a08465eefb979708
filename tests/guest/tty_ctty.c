/* musl */
/* Controlling terminals: who gets one, /dev/tty, O_NOCTTY, TIOCSCTTY, TIOCNOTTY, TIOCGSID. */
#include "tty.h"

static volatile int hup, cont;
static void on(int sig) { sig == SIGHUP ? hup++ : cont++; }

static void in_child(const char *name, void (*fn)(void))
{
	fflush(stdout);
	if (!fork()) {
		setsid();
		printf("-- %s\n", name);
		fn();
		fflush(stdout);
		_exit(0);
	}
	wait(NULL);
}

static int has_tty(void)
{
	int fd = open("/dev/tty", O_RDWR);

	if (fd < 0)
		return -errno;
	close(fd);
	return 1;
}

static const char *name(void)
{
	static char buf[64];
	int n;

	ioctl(master, TIOCGPTN, &n);
	snprintf(buf, sizeof(buf), "/dev/pts/%d", n);
	return buf;
}

static void by_open(void)
{
	SHOW(has_tty() == -ENXIO);
	SHOW_OK(open(name(), O_RDWR | O_NOCTTY));
	SHOW(has_tty() == -ENXIO);
	SHOW_OK(open(name(), O_WRONLY));
	SHOW(has_tty() == -ENXIO);
	SHOW_OK(open(name(), O_RDONLY));
	SHOW(has_tty());
	SHOW(tcgetsid(slave) == getsid(0));
	SHOW(tcgetpgrp(slave) == getpgrp());
}

static void by_ioctl(void)
{
	SHOW(tcgetpgrp(slave));
	SHOW(tcgetsid(slave));
	SHOW(ioctl(slave, TIOCNOTTY));
	SHOW(ioctl(slave, TIOCSCTTY, 0));
	SHOW(ioctl(slave, TIOCSCTTY, 0));
	SHOW(has_tty());
	SHOW(write(open("/dev/tty", O_WRONLY), "x", 1));
	screen("by /dev/tty");
	if (!fork()) {
		SHOW(has_tty());
		SHOW(ioctl(slave, TIOCNOTTY));
		SHOW(has_tty() == -ENXIO);
		SHOW(ioctl(slave, TIOCSCTTY, 0));
		exit(0);
	}
	wait(NULL);
	SHOW(has_tty());
	if (!fork()) {
		setsid();
		SHOW(has_tty() == -ENXIO);
		SHOW(tcgetpgrp(slave));
		SHOW(ioctl(slave, TIOCSCTTY, 0));
		exit(0);
	}
	wait(NULL);
	signal(SIGHUP, on);
	signal(SIGCONT, on);
	SHOW(ioctl(slave, TIOCNOTTY));
	SHOW(hup);
	SHOW(cont);
	SHOW(has_tty() == -ENXIO);
	SHOW(ioctl(slave, TIOCSCTTY, 0));
	SHOW(has_tty());
}

static void master_side(void)
{
	int n = -1;

	SHOW(ioctl(master, TIOCGPGRP, &n));
	SHOW(n);
	SHOW(ioctl(master, TIOCGSID, &n));
	ioctl(slave, TIOCSCTTY, 0);
	SHOW(ioctl(master, TIOCGPGRP, &n));
	SHOW(n == getpgrp());
	SHOW(ioctl(master, TIOCGSID, &n));
	SHOW(n == getsid(0));
	SHOW(ioctl(master, TIOCGPGRP, BAD_PTR));
	SHOW(ioctl(slave, TIOCGPGRP, BAD_PTR));
}

int main(void)
{
	tty_new();
	in_child("by open", by_open);
	tty_new();
	in_child("by ioctl", by_ioctl);
	tty_new();
	in_child("from the master", master_side);
	return 0;
}
