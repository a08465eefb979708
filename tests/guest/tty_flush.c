/* TCFLSH, TCSETSF and what they drop; FIONREAD on both sides; a full buffer. */
#include "tty.h"

static int pending(int fd)
{
	int n = -1;

	ready(fd, 30);
	ioctl(fd, FIONREAD, &n);
	return n;
}

int main(void)
{
	struct termios t;
	static char big[70000];
	long n, total = 0;

	tty_new();
	tty_modes(0, 0, 0, 0, 0, ECHO);
	type("one\n");
	SHOW(pending(slave));
	SHOW(tcflush(slave, TCOFLUSH));
	SHOW(pending(slave));
	SHOW(tcflush(slave, TCIFLUSH));
	SHOW(pending(slave));
	type("two\n");
	SHOW(pending(slave));
	tcgetattr(slave, &t);
	SHOW(tcsetattr(slave, TCSADRAIN, &t));
	SHOW(pending(slave));
	SHOW(tcsetattr(slave, TCSAFLUSH, &t));
	SHOW(pending(slave));
	write(slave, "out", 3);
	SHOW(pending(master));
	SHOW(tcflush(master, TCIFLUSH));
	SHOW(pending(master));
	type("half");
	SHOW(tcflush(slave, TCIOFLUSH));
	type("whole\n");
	take("line", 20);
	SHOW(ioctl(slave, TCFLSH, 9));
	SHOW(ioctl(slave, TCFLSH, -1));
	/* more than fits, and nobody reads */
	tty_raw(1, 0);
	fcntl(master, F_SETFL, O_NONBLOCK);
	memset(big, 'b', sizeof(big));
	for (int tries = 0; tries < 10; tries++) {
		n = write(master, big, 1000);
		if (n < 0)
			usleep(2000);
		else
			total += n, tries = 0;
	}
	SHOW(n);
	SHOW(total > 8000 && total < 40000);
	SHOW(pending(slave));
	for (n = 0; n < total && ready(slave, 200);)
		n += read(slave, big, sizeof(big));
	SHOW(n == total);
	SHOW(write(master, "again", 5));
	take("after", 20);
	/* output, too */
	fcntl(slave, F_SETFL, O_NONBLOCK);
	for (total = 0, n = 0; n >= 0;) {
		n = write(slave, big, 3000);
		total += n > 0 ? n : 0;
	}
	SHOW(n);
	SHOW(total > 4000);
	{
		struct pollfd p = { slave, POLLOUT, 0 };
		long got = 0;

		SHOW(poll(&p, 1, 0));
		for (long k; got < total && ready(master, 200); got += k)
			k = read(master, big, sizeof(big));
		SHOW(got == total);
		SHOW(poll(&p, 1, 100));
	}
	return 0;
}
