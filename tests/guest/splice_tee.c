/* tee and splice between pipes, vmsplice: what is shared, moved and copied, and where it stops. */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "show.h"

static char buf[200000] __attribute__((aligned(4096)));

static void drain(int fd, const char *what)
{
	char text[64] = "";
	int n = read(fd, text, 63);

	printf("%s: %s\n", what, n < 0 ? errno_name(errno) : text);
}

int main(void)
{
	int a[2], b[2], n;
	struct iovec iov[3] = { { "one ", 4 }, { "two ", 4 }, { "three", 5 } };

	signal(SIGPIPE, SIG_IGN);
	pipe2(a, O_NONBLOCK);
	pipe2(b, O_NONBLOCK);
	SHOW(tee(a[0], b[1], 100, 0));
	SHOW(write(a[1], "hello", 5));
	SHOW(tee(a[0], b[1], 100, 0));
	SHOW(write(a[1], " more", 5));
	SHOW(write(b[1], "+", 1));
	drain(a[0], "a");
	drain(b[0], "b");
	SHOW(write(a[1], "abcdef", 6));
	SHOW(tee(a[0], b[1], 2, 0));
	SHOW(splice(a[0], NULL, b[1], NULL, 3, 0));
	drain(b[0], "b");
	drain(a[0], "a");
	SHOW(splice(a[0], NULL, b[1], NULL, 3, 0));
	/* a full target */
	memset(buf, 'x', sizeof(buf));
	SHOW(write(b[1], buf, 65536));
	SHOW(write(a[1], "q", 1));
	SHOW(tee(a[0], b[1], 10, 0));
	SHOW(splice(a[0], NULL, b[1], NULL, 10, 0));
	SHOW(read(b[0], buf, 4096));
	SHOW(tee(a[0], b[1], 10, 0));
	n = 0;
	for (int r; (r = read(b[0], buf, sizeof(buf))) > 0;)
		n += r;
	SHOW(n);
	drain(a[0], "a");
	/* errors */
	int f = open("f", O_CREAT | O_RDWR, 0644);
	SHOW(tee(a[0], a[1], 10, 0));
	SHOW(tee(f, a[1], 10, 0));
	SHOW(tee(a[0], f, 10, 0));
	SHOW(tee(a[1], b[1], 10, 0));
	SHOW(tee(a[0], b[0], 10, 0));
	SHOW(tee(-1, b[1], 10, 0));
	SHOW(tee(a[0], -1, 10, 0));
	SHOW(tee(a[0], b[1], 0, 0));
	SHOW(tee(a[0], b[1], 10, 0x100));
	/* vmsplice */
	SHOW(vmsplice(a[1], iov, 3, 0));
	drain(a[0], "vmsplice");
	SHOW(vmsplice(a[1], iov, 0, 0));
	iov[0].iov_base = buf;
	iov[0].iov_len = sizeof(buf);
	SHOW(vmsplice(a[1], iov, 1, 0));
	SHOW(vmsplice(a[1], iov, 1, SPLICE_F_NONBLOCK));
	iov[0].iov_len = 1000;
	iov[1] = (struct iovec){ buf, 10000 };
	SHOW(vmsplice(a[0], iov, 2, 0));
	n = 0;
	for (int r; (r = read(a[0], buf, sizeof(buf))) > 0;)
		n += r;
	SHOW(n);
	SHOW(vmsplice(a[0], iov, 2, SPLICE_F_NONBLOCK));
	iov[0].iov_base = buf + 4000;
	iov[0].iov_len = 5000;
	SHOW(vmsplice(a[1], iov, 1, 0));
	SHOW(read(a[0], buf, sizeof(buf)));
	SHOW(vmsplice(f, iov, 2, 0));
	SHOW(vmsplice(-1, iov, 2, 0));
	SHOW(vmsplice(a[1], iov, 2, 0x100));
	SHOW(vmsplice(a[1], iov, 2000, 0));
	SHOW(vmsplice(a[1], BAD_PTR, 1, 0));
	iov[0] = (struct iovec){ BAD_PTR, 10 };
	SHOW(vmsplice(a[1], iov, 1, 0));
	/* blocking: the data comes later */
	fcntl(a[0], F_SETFL, 0);
	fcntl(b[1], F_SETFL, 0);
	if (!fork()) {
		usleep(20000);
		write(a[1], "late", 4);
		_exit(0);
	}
	SHOW(tee(a[0], b[1], 100, 0));
	wait(NULL);
	drain(b[0], "b");
	SHOW(splice(a[0], NULL, b[1], NULL, 100, 0));
	close(b[0]);
	SHOW(write(a[1], "z", 1));
	SHOW(splice(a[0], NULL, b[1], NULL, 100, 0));
	SHOW(tee(a[0], b[1], 100, 0));
	/* Nothing comes any more: the pipe that cannot take it is told of first. */
	drain(a[0], "a");
	close(a[1]);
	SHOW(splice(a[0], NULL, b[1], NULL, 100, 0));
	SHOW(tee(a[0], b[1], 100, 0));
	pipe2(b, O_NONBLOCK);
	SHOW(splice(a[0], NULL, b[1], NULL, 100, 0));
	SHOW(tee(a[0], b[1], 100, 0));
	SHOW(write(b[1], buf, 65536));
	SHOW(splice(a[0], NULL, b[1], NULL, 100, 0));
	SHOW(tee(a[0], b[1], 100, 0));
	return 0;
}
