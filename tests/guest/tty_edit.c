/* musl */
/* Editing at the edges: words, UTF-8, literal keys, kill after a tab, reprint of control characters. */
#include "tty.h"

static void line(const char *what, const char *keys)
{
	type(keys);
	printf("%s\n", what);
	screen(" screen");
	take(" line", 100);
}

int main(void)
{
	tty_new();
	line("word after blanks", "one  two  \027x\n");
	line("word at the start", "one\027\027two\n");
	line("underscore and digits", "ab_1 c2\027\n");
	line("signs alone", "a --\027\n");
	line("control in a word", "a\001b\027c\n");
	line("kill after tab", "a\tb\025c\n");
	line("literal newline", "a\026\nb\n");
	line("literal erase", "a\026\177b\177\n");
	line("literal kill", "a\026\025\177b\n");
	line("reprint", "a\001b\022c\n");
	line("reprint empty", "\022\n");
	line("carriage return", "a\rb\n");
	take("rest", 100);
	line("start and stop", "a\021b\n");
	tty_modes(IUTF8, 0, 0, 0, 0, 0);
	line("UTF-8 word", "a\303\244\303\266 b\342\202\254c\027d\n");
	line("UTF-8 alone", "\200\177\177x\n");
	line("UTF-8 broken", "a\303\177b\n");
	line("UTF-8 kill", "\303\244\342\202\254\025z\n");
	tty_modes(0, 0, 0, 0, 0, IEXTEN);
	line("without IEXTEN", "a\026b\027c\022d\n");
	tty_modes(0, 0, 0, 0, IEXTEN, 0);
	tty_cc(VERASE, 'e');
	tty_cc(VKILL, 'k');
	line("other keys", "abcek abce\n");
	tty_cc(VEOF, 0);
	line("no EOF key", "a\004b\n");
	return 0;
}
