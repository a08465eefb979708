/* Helpers of the tty_* and pty_* programs: a fresh pseudoterminal, modes, and what came out shown readably. */
#ifndef TTY_H
#define TTY_H

#include "show.h"
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <signal.h>
#include <termios.h>
#include <time.h>

#ifndef IUTF8
#define IUTF8 040000
#endif
#ifndef XTABS
#define XTABS 014000
#endif
#ifndef EXTPROC
#define EXTPROC 0200000
#endif

static int master = -1, slave = -1;

static inline void tty_new(void)
{
	char name[64];
	int zero = 0, n = -1;

	if (master >= 0)
		close(master);
	if (slave >= 0)
		close(slave);
	master = open("/dev/ptmx", O_RDWR | O_NOCTTY);
	if (master < 0 || ioctl(master, TIOCSPTLCK, &zero) || ioctl(master, TIOCGPTN, &n)) {
		perror("ptmx");
		exit(1);
	}
	snprintf(name, sizeof(name), "/dev/pts/%d", n);
	slave = open(name, O_RDWR | O_NOCTTY);
	if (slave < 0) {
		perror(name);
		exit(1);
	}
}

/* Sets and clears flags of the slave's modes. */
static inline void tty_modes(unsigned ion, unsigned ioff, unsigned oon, unsigned ooff, unsigned lon, unsigned loff)
{
	struct termios t;

	tcgetattr(slave, &t);
	t.c_iflag = (t.c_iflag | ion) & ~ioff;
	t.c_oflag = (t.c_oflag | oon) & ~ooff;
	t.c_lflag = (t.c_lflag | lon) & ~loff;
	if (tcsetattr(slave, TCSANOW, &t))
		perror("tcsetattr");
}

static inline void tty_cc(int which, int value)
{
	struct termios t;

	tcgetattr(slave, &t);
	t.c_cc[which] = value;
	tcsetattr(slave, TCSANOW, &t);
}

static inline void tty_raw(int min, int time)
{
	struct termios t;

	tcgetattr(slave, &t);
	cfmakeraw(&t);
	t.c_cc[VMIN] = min;
	t.c_cc[VTIME] = time;
	tcsetattr(slave, TCSANOW, &t);
}

static inline void show_bytes(const char *what, const char *buf, long n)
{
	printf("%s: ", what);
	if (n < 0) {
		printf("%s\n", errno_name(errno));
		fflush(stdout);
		return;
	}
	printf("%ld \"", n);
	for (long i = 0; i < n; i++) {
		unsigned char c = buf[i];

		if (c == '\n')
			printf("\\n");
		else if (c == '\r')
			printf("\\r");
		else if (c < 32 || c > 126 || c == '\\' || c == '"')
			printf("\\%03o", c);
		else
			putchar(c);
	}
	printf("\"\n");
	fflush(stdout);
}

static inline int ready(int fd, int ms)
{
	struct pollfd p = { fd, POLLIN, 0 };

	return poll(&p, 1, ms) > 0;
}

/* All that comes within a while; the first bytes are waited for longer. */
static inline long drain(int fd, char *buf, long size)
{
	long n = 0;

	while (n < size && ready(fd, n ? 20 : 200)) {
		long got = read(fd, buf + n, size - n);

		if (got <= 0)
			return n ? n : got;
		n += got;
	}
	return n;
}

static inline void type(const char *text)
{
	if (write(master, text, strlen(text)) != (long)strlen(text))
		perror("type");
}

/* What the terminal shows. */
static inline void screen(const char *what)
{
	static char buf[20000];
	long n = drain(master, buf, sizeof(buf));

	show_bytes(what, buf, n);
}

/* What a program reads: only when there is something. */
static inline void take(const char *what, long size)
{
	static char buf[20000];

	if (!ready(slave, 300)) {
		printf("%s: nothing\n", what);
		fflush(stdout);
		return;
	}
	show_bytes(what, buf, read(slave, buf, size));
}

static inline long msec(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

#endif
