/* bulk BYTES | bulk -g BYTES: sends BYTES of a fixed pseudo-random stream through a TCP connection over lo and writes what
 * arrives to stdout; -g writes the stream itself. What arrives is judged by comparing the two. */
#include "tcp_pair.h"
#include <stdint.h>
#include <sys/wait.h>

static void write_all(int fd, const char *p, size_t size)
{
	while (size) {
		ssize_t n = write(fd, p, size);

		if (n < 0) {
			perror("bulk: write");
			exit(1);
		}
		p += n;
		size -= (size_t)n;
	}
}

/* xorshift64: no stretch of the stream is like another, so a segment in the wrong place does not go unnoticed. */
static void generate(int fd, size_t size)
{
	static uint64_t chunk[8192];
	uint64_t x = 88172645463325252ull;

	while (size) {
		size_t n = size < sizeof(chunk) ? size : sizeof(chunk);

		for (size_t i = 0; i < sizeof(chunk) / 8; i++) {
			x ^= x << 13;
			x ^= x >> 7;
			x ^= x << 17;
			chunk[i] = x;
		}
		write_all(fd, (char *)chunk, n);
		size -= n;
	}
}

int main(int argc, char **argv)
{
	static char buf[1 << 16];
	struct sockaddr_in addr;
	int l, c, status;
	ssize_t n;

	if (argc == 3 && !strcmp(argv[1], "-g")) {
		generate(1, strtoul(argv[2], NULL, 0));
		return 0;
	}
	if (argc != 2)
		return 2;
	l = tcp_listener(&addr, 1);
	if (!fork()) {
		generate(tcp_connect_to(&addr), strtoul(argv[1], NULL, 0));
		_exit(0);
	}
	c = accept(l, NULL, NULL);
	while ((n = read(c, buf, sizeof(buf))) > 0)
		write_all(1, buf, (size_t)n);
	if (n < 0) {
		perror("bulk: read");
		return 1;
	}
	wait(&status);
	return status != 0;
}
