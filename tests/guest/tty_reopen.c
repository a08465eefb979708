/* A slave that is closed and opened again: modes, data, and what the master sees in between. */
#include "tty.h"

int main(void)
{
	char name[64], buf[64];
	int n, other;
	struct pollfd p;

	tty_new();
	ioctl(master, TIOCGPTN, &n);
	snprintf(name, sizeof(name), "/dev/pts/%d", n);
	tty_modes(0, 0, 0, 0, 0, ECHO);
	type("before\n");
	ready(slave, 100);
	other = open(name, O_RDONLY | O_NOCTTY);
	close(slave);
	p = (struct pollfd){ master, POLLIN | POLLOUT, 0 };
	poll(&p, 1, 0);
	printf("one is left: %x\n", p.revents);
	close(other);
	poll(&p, 1, 0);
	printf("none is left: %x\n", p.revents);
	SHOW(read(master, buf, 10));
	SHOW(write(master, "between\n", 8));
	slave = open(name, O_RDWR | O_NOCTTY);
	poll(&p, 1, 0);
	printf("again: %x\n", p.revents);
	{
		struct termios t;

		SHOW(tcgetattr(slave, &t));
		printf("ECHO %d\n", (t.c_lflag & ECHO) != 0);
	}
	take("first", 30);
	take("second", 30);
	type("after\n");
	take("third", 30);
	write(slave, "out", 3);
	ready(master, 100);
	close(slave);
	show_bytes("master", buf, read(master, buf, 10));
	show_bytes("master", buf, read(master, buf, 10));
	slave = open(name, O_RDWR | O_NOCTTY);
	write(slave, "x", 1);
	show_bytes("master", buf, read(master, buf, 10));
	return 0;
}
