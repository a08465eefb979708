/* musl */
/* Canonical mode: lines, line ends, partial reads, VEOF, what FIONREAD counts. */
#include "tty.h"

static int pending(void)
{
	int n = -1;

	ready(slave, 0);
	ioctl(slave, FIONREAD, &n);
	return n;
}

int main(void)
{
	tty_new();
	tty_modes(0, 0, 0, 0, 0, ECHO);
	type("abc");
	SHOW(pending());
	SHOW(ready(slave, 0));
	type("d\n");
	SHOW(pending());
	take("line", 100);
	type("one\ntwo\nthree");
	SHOW(pending());
	take("first of two", 100);
	take("second", 2);
	take("its rest", 100);
	type("\n");
	take("third", 100);
	type("no newline\004");
	SHOW(pending());
	take("by EOF", 100);
	type("\004");
	SHOW(pending());
	take("end of file", 100);
	type("\004\004x\n");
	take("end", 10);
	take("end again", 10);
	take("x", 10);
	type("exact\004");
	take("size used up with EOF behind", 5);
	type("z\n");
	take("EOF was taken along", 5);
	type("exact\n");
	take("size used up with newline behind", 5);
	take("newline", 5);
	tty_cc(VEOL, ';');
	tty_cc(VEOL2, ':');
	type("a;b:c\n");
	take("eol", 10);
	take("eol2", 10);
	take("newline", 10);
	tty_modes(0, 0, 0, 0, 0, IEXTEN);
	type("a:b;");
	take("without IEXTEN", 10);
	tty_modes(0, 0, 0, 0, IEXTEN, 0);
	type("gone\025kept\177t\n");
	take("kill and erase", 20);
	type("two words\027s\n");
	take("werase", 30);
	type("a_b.c d!\027\n");
	take("werase over signs", 30);
	type("\026\003\026\004\026\026\n");
	take("literal", 20);
	type("\177\177\025x\n");
	take("nothing to erase", 20);
	type("half");
	tty_modes(0, 0, 0, 0, 0, ICANON);
	take("out of canonical mode", 20);
	type("raw");
	ready(slave, 100);
	tty_modes(0, 0, 0, 0, ICANON, 0);
	SHOW(pending());
	take("into canonical mode", 20);
	type("x\n");
	take("a line", 20);
	SHOW(write(master, "", 0));
	return 0;
}
