/* Megabytes through a stream in odd sizes between two processes, each byte checked; many short messages to and fro. */
/* musl */
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include "show.h"

#define TOTAL 8000000u

int main(void)
{
	static unsigned char buf[200000];
	unsigned long done = 0, bad = 0, sum = 0;
	unsigned size = 1;
	int s[2], status;
	char c = 0;

	socketpair(AF_UNIX, SOCK_STREAM, 0, s);
	if (!fork()) {
		close(s[0]);
		while (done < TOTAL) {
			unsigned n = size < TOTAL - done ? size : TOTAL - done;
			long w;

			for (unsigned i = 0; i < n; i++)
				buf[i] = (done + i) * 31 >> 3;
			w = write(s[1], buf, n);
			if (w < 0)
				_exit(1);
			done += w;
			size = size * 7 % 199999 + 1;
		}
		_exit(0);
	}
	close(s[1]);
	size = 5;
	for (;;) {
		long n = read(s[0], buf, size);

		if (n <= 0)
			break;
		for (long i = 0; i < n; i++) {
			bad += buf[i] != (unsigned char)((done + i) * 31 >> 3);
			sum += buf[i];
		}
		done += n;
		size = size * 11 % 150001 + 1;
	}
	wait(&status);
	printf("%lu bytes, %lu wrong, sum %lu, status %d\n", done, bad, sum, status);
	socketpair(AF_UNIX, SOCK_STREAM, 0, s);
	if (!fork()) {
		for (int i = 0; i < 2000; i++) {
			read(s[1], &c, 1);
			c++;
			write(s[1], &c, 1);
		}
		_exit(0);
	}
	for (int i = 0; i < 2000; i++) {
		write(s[0], &c, 1);
		read(s[0], &c, 1);
	}
	wait(&status);
	printf("counted to %d\n", c);
	return 0;
}
