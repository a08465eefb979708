/* c_oflag: OPOST ONLCR OCRNL ONOCR ONLRET OLCUC XTABS, and the column they know. */
#include "tty.h"

static void with(unsigned on, unsigned off, const char *name, const char *text)
{
	tty_new();
	tty_modes(0, 0, on, off, 0, 0);
	SHOW(write(slave, text, strlen(text)) == (long)strlen(text));
	screen(name);
}

int main(void)
{
	with(0, 0, "default", "a\nb\r\n\tc\bd\n");
	with(0, OPOST, "no OPOST", "a\nb\r\n\tc\n");
	with(0, ONLCR, "no ONLCR", "a\nb\r");
	with(OCRNL, ONLCR, "OCRNL", "a\rb\nc\r\n");
	with(OCRNL | ONLCR, 0, "OCRNL ONLCR", "a\rb\n");
	with(ONOCR, ONLCR, "ONOCR", "\ra\r\rb\n\rc");
	with(ONOCR | ONLRET, ONLCR, "ONOCR ONLRET", "\ra\r\rb\n\rc");
	with(OLCUC, 0, "OLCUC", "abcXYZ{\344\n");
	with(XTABS, 0, "XTABS", "\ta\tab\tabcdefgh\t|\n\t");
	with(XTABS, 0, "XTABS after backspace", "abc\b\b\tx");
	with(XTABS, 0, "XTABS after return", "abc\r\tx");
	with(XTABS, ONLCR, "XTABS after newline", "abc\n\tx");
	with(XTABS, 0, "XTABS control", "\001\002\tx");
	with(XTABS, 0, "XTABS not UTF-8", "\303\244\303\244\tx");
	tty_new();
	tty_modes(IUTF8, 0, XTABS, 0, 0, 0);
	write(slave, "\303\244\303\244\tx", 6);
	screen("XTABS UTF-8");
	return 0;
}
