/* A file through three processes and pipes by splice and tee, with a checksum at both ends. */
// timeout: 60
#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "show.h"

#define SIZE (3 << 20)

static unsigned sum(int fd)
{
	static unsigned char buf[65536];
	unsigned h = 2166136261u;
	long n;

	while ((n = read(fd, buf, sizeof(buf))) > 0)
		for (long i = 0; i < n; i++)
			h = (h ^ buf[i]) * 16777619u;
	return h;
}

int main(void)
{
	int a[2], b[2], c[2], f = open("in", O_CREAT | O_RDWR, 0644), out = open("out", O_CREAT | O_RDWR, 0644);
	unsigned char *data = malloc(SIZE);
	long n, total = 0;
	int status, bad = 0;

	for (int i = 0; i < SIZE; i++)
		data[i] = i * 31 + i / 4093;
	SHOW(write(f, data, SIZE) == SIZE);
	lseek(f, 0, SEEK_SET);
	unsigned want = sum(f);
	pipe(a); pipe(b); pipe(c);
	if (!fork()) { /* file to pipe */
		loff_t at = 0;

		close(a[0]); close(b[0]); close(b[1]); close(c[0]); close(c[1]);
		while ((n = splice(f, &at, a[1], NULL, 30000, 0)) > 0)
			;
		_exit(at != SIZE);
	}
	close(a[1]);
	if (!fork()) { /* pipe to two pipes */
		close(b[0]); close(c[0]);
		while ((n = tee(a[0], b[1], 50000, 0)) > 0)
			while (n > 0) {
				long m = splice(a[0], NULL, c[1], NULL, n, 0);

				if (m <= 0)
					_exit(1);
				n -= m;
			}
		_exit(n < 0);
	}
	close(a[0]); close(b[1]); close(c[1]);
	if (!fork()) { /* one of them is only counted */
		close(c[0]);
		_exit(sum(b[0]) != want);
	}
	close(b[0]);
	while ((n = splice(c[0], NULL, out, NULL, 100000, 0)) > 0)
		total += n;
	SHOW(total == SIZE);
	while (wait(&status) > 0)
		bad |= status;
	SHOW(bad);
	lseek(out, 0, SEEK_SET);
	SHOW(sum(out) == want);
	return 0;
}
