/* musl */
/* The size of a window: both ends, who is told and when, what is kept. */
#include "tty.h"

static volatile int count;
static void on(int sig) { (void)sig; count++; }

static void show(int fd)
{
	struct winsize w = { 9, 9, 9, 9 };

	SHOW(ioctl(fd, TIOCGWINSZ, &w));
	printf("%d %d %d %d, told %d\n", w.ws_row, w.ws_col, w.ws_xpixel, w.ws_ypixel, count);
}

static void set(int fd, int rows, int cols)
{
	struct winsize w = { rows, cols, 1, 2 };

	count = 0;
	SHOW(ioctl(fd, TIOCSWINSZ, &w));
	for (int i = 0; i < 20 && !count; i++)
		usleep(1000);
}

int main(void)
{
	if (fork()) {
		wait(NULL);
		return 0;
	}
	signal(SIGWINCH, on);
	setsid();
	tty_new();
	show(slave);
	set(master, 24, 80);
	show(slave);
	ioctl(slave, TIOCSCTTY, 0);
	set(master, 25, 80);
	show(slave);
	set(slave, 26, 81);
	show(master);
	set(slave, 26, 81);
	show(slave);
	if (!fork()) {
		setpgid(0, 0);
		set(master, 30, 90);
		show(slave);
		exit(0);
	}
	wait(NULL);
	usleep(5000);
	show(master);
	set(slave, 65535, 0);
	show(slave);
	SHOW(ioctl(0, TIOCGWINSZ, &count));
	return 0;
}
