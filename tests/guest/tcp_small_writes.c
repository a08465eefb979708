/* Many small writes arrive in order and whole, whatever Nagle makes of them. */
#include "tcp_pair.h"
#include <sys/wait.h>

int main(void)
{
	char buf[1000], text[16];
	int p[2], status, n, want = 0, bad = 0, fill = 0;

	tcp_pair(p);
	if (!fork()) {
		close(p[1]);
		for (int i = 0; i < 5000; i++) {
			n = sprintf(text, "%d,", i);
			if (write(p[0], text, n) != n)
				_exit(1);
		}
		_exit(0);
	}
	close(p[0]);
	while ((n = read(p[1], buf + fill, sizeof(buf) - fill)) > 0) {
		char *q = buf, *end = buf + fill + n, *comma;

		while ((comma = memchr(q, ',', end - q))) {
			*comma = 0;
			bad += atoi(q) != want++;
			q = comma + 1;
		}
		fill = end - q;
		memmove(buf, q, fill);
	}
	wait(&status);
	printf("numbers %d, wrong %d, left %d\n", want, bad, fill);
	return 0;
}
