/* What pipes tell at their ends: EOF, EPIPE, poll bits, a reader that comes back, ends that are duplicated. */
/* musl */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>

#include "show.h"

static void bits(const char *what, int fd)
{
	struct pollfd p = { fd, POLLIN | POLLOUT | POLLRDHUP, 0 };

	poll(&p, 1, 0);
	printf("%s: %#x\n", what, p.revents);
}

int main(void)
{
	char buf[16];
	struct stat st;
	int p[2], d;

	signal(SIGPIPE, SIG_IGN);
	pipe2(p, O_NONBLOCK);
	bits("empty reader", p[0]);
	bits("empty writer", p[1]);
	SHOW(read(p[0], buf, 1));
	SHOW(read(p[1], buf, 1));
	SHOW(write(p[0], buf, 1));
	SHOW(write(p[1], "abc", 3));
	bits("reader with data", p[0]);
	d = dup(p[1]);
	close(p[1]);
	bits("a duplicate is left", p[0]);
	SHOW(write(d, "d", 1));
	close(d);
	bits("no writer, data", p[0]);
	SHOW(read(p[0], buf, 16));
	bits("no writer, no data", p[0]);
	SHOW(read(p[0], buf, 16));
	SHOW(read(p[0], buf, 0));
	close(p[0]);
	pipe(p);
	close(p[0]);
	bits("no reader", p[1]);
	SHOW(write(p[1], "x", 1));
	SHOW(write(p[1], "", 0));
	close(p[1]);
	pipe(p);
	SHOW(fstat(p[0], &st) == 0 && S_ISFIFO(st.st_mode) && (st.st_mode & 0777) == 0600 && st.st_size == 0);
	SHOW(fchmod(p[0], 0666));
	SHOW(fstat(p[1], &st) == 0 && (st.st_mode & 0777) == 0666);
	SHOW(fcntl(p[0], F_GETFL));
	SHOW(fcntl(p[1], F_GETFL));
	SHOW(read(p[0], BAD_PTR, 0));
	SHOW(write(p[1], BAD_PTR, 1));
	SHOW(write(p[1], "z", 1));
	SHOW(read(p[0], BAD_PTR, 1));
	SHOW(read(p[0], buf, 1));
	return 0;
}
