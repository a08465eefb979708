// timeout: 40
/* A megabyte through a pty in each direction, in lines and raw, between two processes. */
#include "tty.h"

#define SIZE (512 * 1024)

static unsigned long sum(unsigned long s, const char *buf, long n)
{
	while (n--)
		s = s * 31 + (unsigned char)*buf++;
	return s;
}

static void writer(int fd, int line)
{
	static char buf[3000];
	unsigned long s = 0;
	unsigned x = 1;
	long done = 0;

	while (done < SIZE) {
		long n = 1 + (x = x * 1103515245 + 12345) / 65536 % 2900, at = 0;

		if (n > SIZE - done)
			n = SIZE - done;
		for (long i = 0; i < n; i++)
			buf[i] = line && (done + i + 1) % 61 == 0 ? '\n' : 'a' + (done + i) % 26;
		s = sum(s, buf, n);
		while (at < n) {
			long k = write(fd, buf + at, n - at);

			if (k <= 0)
				_exit(1);
			at += k;
		}
		done += n;
	}
	_exit((int)(s % 251));
}

static void pass(const char *what, int to, int from, int line)
{
	static char buf[8192];
	unsigned long s = 0;
	long n, total = 0;
	int status;

	if (!fork())
		writer(to, line);
	while (total < SIZE - (line ? SIZE % 61 : 0) && (n = read(from, buf, sizeof(buf))) > 0) {
		s = sum(s, buf, n);
		total += n;
	}
	if (line && total < SIZE) {
		write(to, "\004", 1);
		n = read(from, buf, sizeof(buf));
		s = sum(s, buf, n);
		total += n;
	}
	wait(&status);
	printf("%s: %ld bytes, sum %s\n", what, total, WEXITSTATUS(status) == (int)(s % 251) ? "ok" : "differs");
	fflush(stdout);
}

int main(void)
{
	tty_new();
	tty_raw(1, 0);
	pass("raw to the slave", master, slave, 0);
	pass("raw to the master", slave, master, 0);
	tty_modes(0, 0, OPOST, ONLCR, 0, 0);
	pass("processed to the master", slave, master, 0);
	tty_modes(0, 0, 0, 0, ICANON, 0);
	tty_cc(VEOF, 4);
	pass("lines to the slave", master, slave, 1);
	return 0;
}
