/* Every form of echo: ECHO ECHOE ECHOK ECHOKE ECHOCTL ECHONL ECHOPRT, tabs, UTF-8. */
#include "tty.h"

static void flags(const char *name, unsigned on, unsigned off)
{
	tty_new();
	tty_modes(0, 0, 0, 0, on, off);
	printf("-- %s\n", name);
}

int main(void)
{
	flags("default", 0, 0);
	type("abc");
	screen("typed");
	type("\177");
	screen("erased");
	type("\001\177");
	screen("control erased");
	type("\t\177");
	screen("tab erased");
	type("a\tb\177\177");
	screen("tab after a letter");
	type("\t\t\177\177");
	screen("two tabs");
	type("\025");
	screen("killed");
	type("word one\027\027");
	screen("words");
	type("x\n");
	screen("line");
	type("q\022");
	screen("reprint");
	type("\026\001");
	screen("literal");
	type("\025\004");
	screen("kill and EOF");
	type("\033[A\r");
	screen("escape");
	flags("no ECHOCTL", 0, ECHOCTL);
	type("\001b\177\177\n");
	screen("control");
	type("\026");
	screen("literal");
	flags("no ECHOE", 0, ECHOE);
	type("ab\177");
	screen("erase");
	type("\025");
	screen("kill");
	flags("no ECHOKE", 0, ECHOKE);
	type("ab\025");
	screen("kill");
	flags("no ECHOKE, no ECHOK", 0, ECHOKE | ECHOK);
	type("ab\025");
	screen("kill");
	flags("ECHOPRT", ECHOPRT, 0);
	type("abc\177\177d");
	screen("erase");
	type("\025");
	screen("kill");
	type("e\027\n");
	screen("word");
	flags("no ECHO", 0, ECHO);
	type("secret\n");
	screen("nothing");
	flags("ECHONL", ECHONL, ECHO);
	type("secret\n");
	screen("newline only");
	flags("not canonical", 0, ICANON);
	type("a\177\025\004\n\r\001");
	screen("all of it");
	flags("UTF-8", 0, 0);
	tty_modes(IUTF8, 0, 0, 0, 0, 0);
	type("\303\244\342\202\254");
	screen("typed");
	type("\177");
	screen("one erased");
	type("\t\177");
	screen("tab");
	type("\177\n");
	screen("other");
	take("read", 100);
	flags("UTF-8 ECHOPRT", ECHOPRT, 0);
	tty_modes(IUTF8, 0, 0, 0, 0, 0);
	type("\342\202\254\177\n");
	screen("erased");
	flags("not UTF-8", 0, 0);
	type("\303\244\177\n");
	screen("half erased");
	return 0;
}
