/* Canonical mode with a line longer than the buffer; changes of mode with data in it. */
#include "tty.h"

int main(void)
{
	static char big[6000], got[6000];
	int n;
	long r;

	tty_new();
	tty_modes(0, 0, 0, 0, 0, ECHO);
	memset(big, 'a', sizeof(big));
	for (int i = 0; i < 5; i++) {
		SHOW(write(master, big, 1000));
		ready(slave, 10);
	}
	ioctl(slave, FIONREAD, &n);
	SHOW(n);
	SHOW(write(master, "\n", 1));
	SHOW(ready(slave, 500));
	ioctl(slave, FIONREAD, &n);
	SHOW(n);
	r = read(slave, got, sizeof(got));
	SHOW(r);
	SHOW(got[r - 1] == '\n' && got[r - 2] == 'a');
	type("next\n");
	take("next", 20);
	for (int i = 0; i < 3; i++) {
		SHOW(write(master, big, 1500));
		ready(slave, 10);
	}
	type("\004");
	SHOW(ready(slave, 500));
	r = read(slave, got, sizeof(got));
	SHOW(r);
	type("x\ny\n");
	ready(slave, 100);
	tty_modes(0, 0, 0, 0, 0, ICANON);
	take("both lines raw", 20);
	type("a\nb");
	ready(slave, 100);
	usleep(10000);
	tty_modes(0, 0, 0, 0, ICANON, 0);
	take("in one", 20);
	type("c\n");
	take("next", 20);
	tty_modes(0, 0, 0, 0, EXTPROC, 0);
	type("raw\025\n");
	ready(slave, 100);
	take("EXTPROC", 20);
	return 0;
}
