/* Both ends write more than the buffers hold, with poll: nobody starves and nothing is lost. */
// timeout: 60
#include "tcp_pair.h"
#include <sys/wait.h>

#define TOTAL 3000000
static int run(int fd, unsigned char seed)
{
	static unsigned char out[50000], in[50000];
	unsigned long sent = 0, got = 0, bad = 0;

	fcntl(fd, F_SETFL, O_NONBLOCK);
	while (sent < TOTAL || got < TOTAL) {
		struct pollfd p = { .fd = fd, .events = (sent < TOTAL ? POLLOUT : 0) | (got < TOTAL ? POLLIN : 0) };
		long n;

		if (poll(&p, 1, 10000) != 1)
			return 100;
		if (p.revents & POLLIN && (n = read(fd, in, sizeof(in))) > 0) {
			for (long i = 0; i < n; i++)
				bad += in[i] != (unsigned char)((got + i) * 13 + (seed ^ 1));
			got += n;
		}
		if (p.revents & POLLOUT && sent < TOTAL) {
			for (unsigned i = 0; i < sizeof(out); i++)
				out[i] = (unsigned char)((sent + i) * 13 + seed);
			n = write(fd, out, sizeof(out) < TOTAL - sent ? sizeof(out) : TOTAL - sent);
			if (n > 0)
				sent += n;
		}
	}
	return bad ? 101 : 0;
}

int main(void)
{
	int p[2], status;

	tcp_pair(p);
	if (!fork())
		_exit(run(p[1], 2));
	printf("parent: %d\n", run(p[0], 3));
	wait(&status);
	printf("child: %d\n", WEXITSTATUS(status));
	return 0;
}
