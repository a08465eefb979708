// timeout: 30
/* The four cases of VMIN and VTIME (termios(3)), and poll with them. */
#include "tty.h"

static void writer(const char *text, int wait_ms, int gap_ms)
{
	if (fork())
		return;
	usleep(wait_ms * 1000);
	for (; *text; text++) {
		write(master, text, 1);
		usleep(gap_ms * 1000);
	}
	_exit(0);
}

static long timed_read(const char *what, long size, long at_least, long at_most)
{
	char buf[100];
	long start = msec(), n = read(slave, buf, size), t = msec() - start;

	show_bytes(what, buf, n);
	printf("time %s\n", t >= at_least && t < at_most ? "ok" : "wrong");
	if (!(t >= at_least && t < at_most))
		printf("%ld ms\n", t);
	fflush(stdout);
	return n;
}

int main(void)
{
	char buf[16], many[300];

	tty_new();
	tty_raw(0, 0);
	timed_read("0,0 empty", 10, 0, 90);
	type("ab");
	ready(slave, 100);
	timed_read("0,0 full", 10, 0, 90);
	tty_raw(0, 1);
	timed_read("0,1 empty", 10, 95, 2000);
	writer("x", 30, 0);
	tty_raw(0, 20);
	timed_read("0,20 comes", 10, 20, 1900);
	wait(NULL);
	tty_raw(3, 0);
	writer("abcd", 10, 10);
	timed_read("3,0", 10, 30, 2000);
	wait(NULL);
	timed_read("rest", 1, 0, 1000);
	SHOW(ready(slave, 0));
	type("12");
	SHOW(ready(slave, 50));
	type("3");
	SHOW(ready(slave, 500));
	timed_read("3,0 small buffer", 2, 0, 90);
	timed_read("3,0 rest", 1, 0, 90);
	tty_raw(5, 2);
	writer("abc", 300, 1);
	timed_read("5,2 stops coming", 10, 450, 4000);
	wait(NULL);
	tty_raw(5, 3);
	writer("abcdefg", 0, 5);
	timed_read("5,3 enough", 5, 15, 1500);
	wait(NULL);
	usleep(20000);
	timed_read("5,3 rest", 10, 250, 3000);
	tty_raw(1, 0);
	SHOW(fcntl(slave, F_SETFL, O_NONBLOCK));
	SHOW(read(slave, buf, 1));
	type("z");
	ready(slave, 100);
	SHOW(read(slave, buf, 10));
	tty_raw(4, 0);
	type("z");
	ready(slave, 20);
	SHOW(read(slave, buf, 10));
	SHOW(read(slave, buf, 10));
	/* Linux reads by 64 bytes, and ends with a piece that is less than VMIN */
	tty_raw(100, 0);
	for (int i = 0; i < 15; i++)
		type("0123456789");
	ready(slave, 300);
	usleep(20000);
	SHOW(read(slave, many, sizeof(many)));
	SHOW(read(slave, many, sizeof(many)));
	SHOW(read(slave, many, sizeof(many)));
	return 0;
}
