/* O_ASYNC on a terminal: SIGIO for the owner when a line or a byte comes. */
#include "tty.h"

static volatile int count;
static void on(int sig) { (void)sig; count++; }

static void show(const char *what)
{
	for (int i = 0; i < 300 && !count; i++)
		usleep(1000);
	printf("%s: %s\n", what, count ? "SIGIO" : "nothing");
	fflush(stdout);
	count = 0;
}

int main(void)
{
	tty_new();
	tty_modes(0, 0, 0, 0, 0, ECHO);
	signal(SIGIO, on);
	SHOW(fcntl(slave, F_SETOWN, getpid()));
	SHOW(fcntl(slave, F_SETFL, fcntl(slave, F_GETFL) | O_ASYNC));
	SHOW((fcntl(slave, F_GETFL) & O_ASYNC) != 0);
	type("part");
	show("part of a line");
	type("\n");
	show("the line");
	tty_raw(1, 0);
	tcflush(slave, TCIFLUSH);
	type("x");
	show("a byte");
	SHOW(fcntl(slave, F_SETFL, fcntl(slave, F_GETFL) & ~O_ASYNC));
	type("y");
	ready(slave, 50);
	usleep(20000);
	SHOW(count);
	return 0;
}
