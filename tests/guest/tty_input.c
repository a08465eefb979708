/* musl */
/* c_iflag: ICRNL INLCR IGNCR ISTRIP IUCLC PARMRK IXANY. */
#include "tty.h"

static void with(const char *name, unsigned on, unsigned off)
{
	tty_new();
	tty_raw(1, 0);
	tty_modes(on, off, 0, 0, 0, 0);
	printf("%s: ", name);
}

int main(void)
{
	with("raw", 0, 0);
	type("a\r\nA\377\n");
	take("", 100);
	with("ICRNL", ICRNL, 0);
	type("a\rb\n");
	take("", 100);
	with("INLCR", INLCR, 0);
	type("a\rb\n");
	take("", 100);
	with("both", ICRNL | INLCR, 0);
	type("a\rb\n");
	take("", 100);
	with("IGNCR", IGNCR | ICRNL, 0);
	type("a\rb\n");
	take("", 100);
	with("ISTRIP", ISTRIP, 0);
	type("\341\212x\377");
	take("", 100);
	with("IUCLC without IEXTEN", IUCLC, 0);
	type("aBC\301");
	take("", 100);
	with("IUCLC", IUCLC, 0);
	tty_modes(0, 0, 0, 0, IEXTEN, 0);
	type("aBC\301[");
	take("", 100);
	with("PARMRK", PARMRK, 0);
	type("a\377b");
	take("", 100);
	with("PARMRK ISTRIP", PARMRK | ISTRIP, 0);
	type("a\377b");
	take("", 100);
	tty_new();
	tty_modes(PARMRK, 0, 0, 0, 0, ECHO);
	type("a\377b\n");
	take("PARMRK canonical", 100);
	tty_new();
	tty_modes(INLCR, ICRNL, 0, 0, 0, ECHO);
	type("a\nb\rc\004");
	take("INLCR canonical", 100);
	return 0;
}
