/* How much the ends of a pty take that nobody reads, and who is woken when it is thrown away. */
/* musl */
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>

#include "show.h"

static int m, s;

static void nap(void) { nanosleep(&(struct timespec) { 0, 30000000 }, NULL); }

static void ends(int canonical)
{
	struct termios t;

	m = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
	if (m < 0 || grantpt(m) || unlockpt(m))
		exit(1);
	s = open(ptsname(m), O_RDWR | O_NOCTTY | O_NONBLOCK);
	tcgetattr(s, &t);
	t.c_lflag &= ~(ECHO | (canonical ? 0 : ICANON));
	tcsetattr(s, TCSANOW, &t);
}

static void done(void)
{
	close(m);
	close(s);
}

/* Bytes until nothing is taken, not even some time later. */
static long fill(int fd, int chunk)
{
	static char text[8192];
	long all = 0;

	memset(text, 'x', sizeof(text));
	for (int tries = 0; tries < 2;) {
		long n = write(fd, text, chunk);

		if (n < 0)
			tries++, nap();
		else
			all += n, tries = 0;
	}
	return all;
}

static void lines(int length)
{
	static char text[8192];
	int complete = 0;

	ends(1);
	memset(text, 'y', length - 1);
	text[length - 1] = '\n';
	for (;;) {
		int at = 0;

		for (int tries = 0; at < length && tries < 2;)
			if (write(m, text + at, 1) == 1)
				at++, tries = 0;
			else
				tries++, nap();
		if (at < length)
			break;
		complete++;
	}
	printf("lines of %d: %d", length, complete);
	nap();
	for (long n; (n = read(s, text, sizeof(text))) > 0; nap())
		printf(" %ld", n);
	printf("\n");
	done();
}

/* A writer that sleeps is woken by the reader's flush. */
static void flush(int which)
{
	struct pollfd p;
	int status;

	ends(0);
	fill(m, 256);
	p = (struct pollfd) { m, POLLOUT, 0 };
	SHOW(poll(&p, 1, 0));
	if (!fork()) {
		fcntl(m, F_SETFL, O_RDWR);
		alarm(10);
		_exit(write(m, "z", 1) == 1 ? 7 : 1);
	}
	nap();
	SHOW(ioctl(s, TCFLSH, which));
	wait(&status);
	printf("woken %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : -1);
	SHOW(poll(&p, 1, 0));
	done();
}

int main(void)
{
	static const int chunks[] = { 1, 64, 256 };

	setvbuf(stdout, NULL, _IONBF, 0);
	for (unsigned i = 0; i < sizeof(chunks) / sizeof(chunks[0]); i++) {
		ends(0);
		printf("%d from the master: %ld", chunks[i], fill(m, chunks[i]));
		ioctl(s, TCFLSH, TCIFLUSH);
		nap();
		printf(", flushed: %ld\n", fill(m, chunks[i]));
		done();
	}
	for (unsigned i = 0; i < sizeof(chunks) / sizeof(chunks[0]); i++) {
		ends(0);
		printf("%d from the slave: %ld\n", chunks[i], fill(s, chunks[i]));
		done();
	}
	lines(101);
	lines(1101);
	lines(3101);
	lines(4101);
	flush(TCIFLUSH);
	flush(TCIOFLUSH);
	return 0;
}
