/* Larger transfers in both directions at once, with all kinds of sizes and calls. */
#include "tcp_pair.h"
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <sys/wait.h>

static unsigned long hash;
static void add(const unsigned char *b, long n)
{
	for (long i = 0; i < n; i++)
		hash = (hash ^ b[i]) * 1099511628211ul;
}

static unsigned rnd_state = 1;
static unsigned rnd(void) { return rnd_state = rnd_state * 1664525 + 1013904223; }

static void writer(int fd, long total)
{
	static unsigned char buf[200000];

	while (total > 0) {
		long n = 1 + rnd() % (rnd() % 4 ? 3000 : sizeof(buf)), half;

		if (n > total)
			n = total;
		for (long i = 0; i < n; i++)
			buf[i] = (unsigned char)(rnd() >> 16);
		add(buf, n);
		half = n / 2;
		struct iovec iov[2] = { { buf, half }, { buf + half, n - half } };
		for (long done = 0; done < n;) {
			long w = done || n & 1 ? write(fd, buf + done, n - done) : writev(fd, iov, 2);

			if (w <= 0)
				die("write");
			done += w;
		}
		total -= n;
	}
}

static void reader(int fd, long total)
{
	static unsigned char buf[150000];

	while (total > 0) {
		long n = read(fd, buf, 1 + rnd() % sizeof(buf));

		if (n <= 0)
			die("read");
		add(buf, n);
		total -= n;
	}
}

int main(void)
{
	static const long total = 8000000;
	int p[2], fd, status;
	off_t off = 0;
	unsigned char page[4096];

	tcp_pair(p);
	if (!fork()) {
		writer(p[1], total);
		reader(p[1], total);
		_exit((hash ^ hash >> 32) & 0x7f);
	}
	if (!fork()) {
		hash = 0;
		reader(p[0], total);
		_exit(hash & 0x7f);
	}
	wait(&status);
	hash = 0;
	writer(p[0], total);
	printf("sent %lx\n", hash);
	wait(&status);
	printf("both ended: %d\n", WIFEXITED(status));
	close(p[0]);
	close(p[1]);

	/* From a file. */
	tcp_pair(p);
	fd = open("data", O_RDWR | O_CREAT | O_TRUNC, 0600);
	hash = 0;
	for (int i = 0; i < 100; i++) {
		memset(page, i * 3 + 1, sizeof(page));
		write(fd, page, sizeof(page));
	}
	SHOW(sendfile(p[0], fd, &off, 100 * 4096));
	reader(p[1], 100 * 4096);
	printf("received %lx\n", hash);
	return 0;
}
