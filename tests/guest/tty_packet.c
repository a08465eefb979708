/* Packet mode: data with a 0 before it, and control bytes for flow and flushing. */
#include "tty.h"

static void packet(const char *what)
{
	char buf[64];
	struct pollfd p = { master, POLLIN | POLLPRI, 0 };
	int n = poll(&p, 1, 200);

	printf("%s: poll %x ", what, n > 0 ? p.revents : 0);
	if (n > 0)
		show_bytes("read", buf, read(master, buf, sizeof(buf)));
	else
		puts("");
}

int main(void)
{
	int on = 1, off = 0, v = -1;

	tty_new();
	SHOW(ioctl(master, TIOCGPKT, &v));
	SHOW(v);
	SHOW(ioctl(master, TIOCPKT, BAD_PTR));
	SHOW(ioctl(slave, TIOCPKT, &on));
	SHOW(ioctl(master, TIOCPKT, &on));
	SHOW(ioctl(master, TIOCGPKT, &v));
	SHOW(v);
	write(slave, "data", 4);
	packet("data");
	SHOW(tcflush(slave, TCIFLUSH));
	packet("input flushed");
	SHOW(tcflush(slave, TCOFLUSH));
	packet("output flushed");
	SHOW(tcflow(slave, TCOOFF));
	packet("stopped");
	SHOW(tcflow(slave, TCOON));
	packet("started");
	tty_modes(0, IXON, 0, 0, 0, 0);
	packet("no flow control");
	tty_modes(IXON, 0, 0, 0, 0, 0);
	packet("flow control");
	tty_cc(VSTOP, 1);
	packet("other keys");
	tty_modes(0, 0, 0, 0, EXTPROC, 0);
	packet("external processing");
	tty_modes(0, 0, 0, 0, 0, EXTPROC);
	packet("without");
	SHOW(tcflush(slave, TCIOFLUSH));
	write(slave, "x", 1);
	packet("both");
	packet("then data");
	{
		char c;

		write(slave, "abc", 3);
		ready(master, 100);
		SHOW(read(master, &c, 1));
		SHOW(c);
		SHOW(read(master, &c, 1));
		SHOW(c);
	}
	SHOW(ioctl(master, TIOCPKT, &off));
	packet("off");
	return 0;
}
