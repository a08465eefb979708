/* Echo and output in the finer points: XOFF in the midst of what is typed together, OLCUC beyond ASCII, the flow control of the
 * master's own, and modes that change while a byte 0 waits. */
#include "tty.h"

int main(void)
{
	struct termios t;
	char c;
	int fd;

	/* what was typed together with the XOFF waits, too */
	tty_new();
	type("be\026\003fore\023after");
	screen("stopped");
	type("more");
	screen("still");
	type("\021");
	screen("started");
	type("one\rtwo\023\021three");
	screen("stopped and started at once");
	type("\003\023x");
	screen("interrupted, then stopped");
	type("\021");
	screen("started");

	/* Latin-1's small letters have capitals, as the kernel sees it */
	tty_modes(0, 0, OLCUC, 0, 0, 0);
	SHOW(write(slave, "az\337\340\367\376\377\n", 8));
	screen("capitals");
	type("\377\344x");
	screen("echo of the byte 255");
	tty_modes(0, 0, 0, OLCUC, 0, 0);
	type("\025");
	screen("killed");

	/* TCIOFF of the master stops the slave */
	SHOW(tcflow(master, TCIOFF));
	fcntl(slave, F_SETFL, O_NONBLOCK);
	ready(slave, 20);
	SHOW(write(slave, "x", 1));
	SHOW(tcflow(master, TCION));
	ready(slave, 20);
	SHOW(write(slave, "x", 1));
	screen("goes on");

	/* a byte 0 at the end of what waits when lines begin is their end */
	tty_modes(0, 0, 0, 0, 0, ICANON | ECHO);
	type("ab");
	SHOW(write(master, "", 1));
	ready(slave, 300);
	tty_modes(0, 0, 0, 0, ICANON, 0);
	SHOW(read(slave, &c, 1));
	take("the rest", 10);
	SHOW(read(slave, &c, 1));

	SHOW(tcgetattr(master, &t));
	printf("%u %u\n", t.c_cc[VSTOP], t.c_cc[VEOF]);
	fd = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_NONBLOCK);
	printf("%#x\n", fcntl(fd, F_GETFL));
	return 0;
}
