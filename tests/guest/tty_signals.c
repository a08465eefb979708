/* musl */
/* ISIG: the keys that send signals to the foreground group, NOFLSH, and what they throw away. */
#include "tty.h"

static volatile int got;
static void on(int sig) { got = sig; }

static void expect_signal(const char *what)
{
	for (int i = 0; i < 2000 && !got; i++)
		usleep(1000);
	printf("%s: %s\n", what, got ? strsignal(got) : "none");
	fflush(stdout);
	got = 0;
}

int main(void)
{
	int n;

	signal(SIGINT, on);
	signal(SIGQUIT, on);
	signal(SIGTSTP, on);
	signal(SIGWINCH, on);
	if (fork()) {
		int status;

		wait(&status);
		printf("status %x\n", status);
		return 0;
	}
	SHOW(setsid() == getpid());
	tty_new();
	SHOW(ioctl(slave, TIOCSCTTY, 0));
	SHOW(tcgetpgrp(slave) == getpid());
	type("lost\003");
	expect_signal("INTR");
	screen("echo");
	type("x\n");
	take("after INTR", 20);
	screen("echo");
	type("\034");
	expect_signal("QUIT");
	screen("echo");
	type("\032");
	expect_signal("SUSP");
	screen("echo");
	tty_modes(0, 0, 0, 0, NOFLSH, 0);
	type("kept\003more\n");
	expect_signal("INTR with NOFLSH");
	take("after NOFLSH", 20);
	screen("echo");
	tty_modes(0, 0, 0, 0, 0, ISIG);
	type("a\003\032\034b\n");
	take("without ISIG", 20);
	SHOW(got);
	tty_modes(0, 0, 0, 0, ISIG, NOFLSH);
	tty_cc(VINTR, 0);
	type("\003\n");
	take("INTR disabled", 20);
	screen("echo");
	tty_modes(0, 0, 0, 0, 0, ICANON);
	tty_cc(VINTR, 'c');
	type("abc");
	expect_signal("raw with ISIG");
	n = -1;
	ready(slave, 20);
	ioctl(slave, FIONREAD, &n);
	SHOW(n);
	SHOW(ioctl(master, TIOCSIG, SIGINT));
	expect_signal("TIOCSIG");
	SHOW(ioctl(master, TIOCSIG, SIGTERM));
	SHOW(ioctl(slave, TIOCSIG, SIGINT));
	SHOW(ioctl(slave, TIOCSWINSZ, &(struct winsize){ 25, 80, 0, 0 }));
	expect_signal("size set on the slave");
	SHOW(ioctl(master, TIOCSWINSZ, &(struct winsize){ 30, 90, 1, 2 }));
	expect_signal("size set on the master");
	SHOW(ioctl(master, TIOCSWINSZ, &(struct winsize){ 30, 90, 1, 2 }));
	usleep(20000);
	SHOW(got);
	{
		struct winsize ws;

		SHOW(ioctl(slave, TIOCGWINSZ, &ws));
		printf("%d %d %d %d\n", ws.ws_row, ws.ws_col, ws.ws_xpixel, ws.ws_ypixel);
		SHOW(ioctl(slave, TIOCGWINSZ, BAD_PTR));
		SHOW(ioctl(slave, TIOCSWINSZ, BAD_PTR));
	}
	return 0;
}
