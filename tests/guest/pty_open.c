// timeout: 30
/* musl */
/* Making pseudoterminals: numbers, names, locks, what each end sees when the other goes. */
#include "tty.h"
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

static void lock(void)
{
	int m = open("/dev/ptmx", O_RDWR | O_NOCTTY), n = -1, locked = -1, zero = 0, one = 1, fd;
	char name[64];
	struct stat st;

	SHOW_OK(m);
	SHOW(ioctl(m, TIOCGPTN, &n));
	snprintf(name, sizeof(name), "/dev/pts/%d", n);
	SHOW(ioctl(m, TIOCGPTLCK, &locked));
	SHOW(locked);
	SHOW_OK(open(name, O_RDWR | O_NOCTTY));
	SHOW(ioctl(m, TIOCSPTLCK, &zero));
	SHOW(ioctl(m, TIOCGPTLCK, &locked));
	SHOW(locked);
	fd = open(name, O_RDWR | O_NOCTTY);
	SHOW_OK(fd);
	SHOW(fstat(fd, &st));
	printf("chr %d major %u minor is number: %d\n", S_ISCHR(st.st_mode), major(st.st_rdev), (int)minor(st.st_rdev) == n);
	SHOW(ttyname(fd) && !strcmp(ttyname(fd), name));
	SHOW(isatty(m));
	SHOW(isatty(fd));
	SHOW(ioctl(m, TIOCSPTLCK, &one));
	SHOW(ioctl(m, TIOCSPTLCK, BAD_PTR));
	SHOW(ioctl(m, TIOCGPTN, BAD_PTR));
	SHOW(ioctl(fd, TIOCGPTN, &n));
	SHOW(ioctl(fd, TIOCSPTLCK, &zero));
	close(m);
	SHOW(stat(name, &st));
	close(fd);
}

static void peer(void)
{
	int zero = 0, m = open("/dev/ptmx", O_RDWR | O_NOCTTY), s;

	SHOW_OK(ioctl(m, TIOCGPTPEER, O_RDWR | O_NOCTTY));
	ioctl(m, TIOCSPTLCK, &zero);
	s = ioctl(m, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	SHOW_OK(s);
	SHOW(fcntl(s, F_GETFD));
	SHOW(fcntl(s, F_GETFL) & (O_ACCMODE | O_NONBLOCK));
	SHOW(write(s, "x", 1));
	SHOW_OK(ioctl(s, TIOCGPTPEER, O_RDWR));
	close(m);
	close(s);
}

static void ends(void)
{
	struct pollfd p;
	char buf[16];

	tty_new();
	p = (struct pollfd){ master, POLLIN | POLLOUT, 0 };
	SHOW(poll(&p, 1, 0));
	printf("master: %x\n", p.revents);
	type("line\n");
	ready(slave, 100);
	ready(master, 100);
	close(slave);
	SHOW(poll(&p, 1, 0));
	printf("slave closed: %x\n", p.revents);
	show_bytes("echo", buf, read(master, buf, sizeof(buf)));
	show_bytes("then", buf, read(master, buf, sizeof(buf)));
	SHOW(write(master, "y", 1));
	tty_new();
	p = (struct pollfd){ slave, POLLIN | POLLOUT, 0 };
	SHOW(poll(&p, 1, 0));
	printf("slave: %x\n", p.revents);
	close(master);
	master = -1;
	SHOW(poll(&p, 1, 0));
	printf("master closed: %x\n", p.revents);
	SHOW(read(slave, buf, 1));
	SHOW(write(slave, "x", 1));
	SHOW(ioctl(slave, FIONREAD, buf));
	SHOW(ioctl(slave, TIOCSPGRP, buf));
}

int main(void)
{
	struct statfs fs;

	lock();
	peer();
	ends();
	SHOW(statfs("/dev/pts", &fs));
	printf("magic %lx\n", (long)fs.f_type);
	SHOW_OK(open("/dev/pts/99999", O_RDWR));
	SHOW_OK(open("/dev/pts/none", O_RDWR | O_CREAT, 0600));
	SHOW(mkdir("/dev/pts/dir", 0700));
	return 0;
}
