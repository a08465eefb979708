/* musl */
/* Raw with ISIG, IXON or ICRNL alone: each flag works without the others. */
#include "tty.h"

static volatile int got;
static void on(int sig) { got = sig; }

static void try(const char *name, unsigned i, unsigned l, const char *keys)
{
	tcflush(slave, TCIOFLUSH);
	tty_raw(0, 1);
	tty_modes(i, 0, 0, 0, l, 0);
	got = 0;
	type(keys);
	for (int k = 0; k < 30 && !got && l & ISIG; k++)
		usleep(1000);
	printf("%s: signal %d, ", name, got);
	take("read", 50);
	screen(" screen");
}

int main(void)
{
	if (fork()) {
		wait(NULL);
		return 0;
	}
	setsid();
	tty_new();
	ioctl(slave, TIOCSCTTY, 0);
	signal(SIGINT, on);
	signal(SIGQUIT, on);
	signal(SIGTSTP, on);
	try("nothing", 0, 0, "a\003\r\n\023\021b");
	try("ISIG", 0, ISIG, "a\003b\r\n");
	try("ISIG NOFLSH", 0, ISIG | NOFLSH, "a\032b\r\n");
	try("IXON", IXON, 0, "a\023b\021c");
	try("ICRNL", ICRNL, 0, "a\rb\n");
	try("ECHO", 0, ECHO, "a\r\n\001b");
	try("ECHO ECHOCTL", 0, ECHO | ECHOCTL, "a\r\n\001\t\177b");
	try("ECHO ISIG", 0, ECHO | ISIG, "a\034");
	try("IEXTEN", 0, IEXTEN, "a\026\027b");
	try("ECHO ICRNL", ICRNL, ECHO, "a\rb");
	return 0;
}
