/* musl */
/* IXON, IXANY, TCXONC: output stops and starts again, and echo with it. */
#include "tty.h"

static void out(const char *text)
{
	fcntl(slave, F_SETFL, O_NONBLOCK);
	show_bytes("write", text, write(slave, text, strlen(text)));
	fcntl(slave, F_SETFL, 0);
}

int main(void)
{
	struct pollfd p;

	tty_new();
	p = (struct pollfd){ slave, POLLOUT, 0 };
	type("\023");
	ready(slave, 20);
	out("stopped");
	SHOW(poll(&p, 1, 0));
	type("ab");
	screen("echo waits");
	type("\021");
	screen("started");
	out("more");
	screen("more");
	type("\023x");
	ready(slave, 20);
	screen("other keys do not start");
	tty_modes(IXANY, 0, 0, 0, 0, 0);
	type("y");
	screen("IXANY starts");
	type("\023");
	ready(slave, 20);
	tty_modes(0, IXON, 0, 0, 0, 0);
	out("without IXON");
	screen("started");
	type("\023\021");
	screen("plain characters");
	SHOW(tcflow(slave, TCOOFF));
	out("off");
	type("\021");
	ready(slave, 20);
	out("still off");
	SHOW(tcflow(slave, TCOON));
	screen("echo");
	out("on");
	screen("on");
	SHOW(tcflow(slave, TCIOFF));
	SHOW(tcflow(slave, TCION));
	screen("stop and start characters");
	SHOW(tcflow(slave, 7));
	SHOW(tcsendbreak(slave, 0));
	SHOW(tcdrain(slave));
	tty_cc(VSTOP, 0);
	SHOW(tcflow(slave, TCIOFF));
	screen("no character");
	return 0;
}
