/* cycles N STEP: N times connect, accept, close. After each STEP of them it says so and waits for a line from stdin: whoever
 * watches looks at the memory meanwhile. A port is used again as soon as Linux does (tcp_tw_reuse: for lo, after a second). */
#include "tcp_pair.h"
#include <time.h>

/* Connects from any free port. While all are in TIME-WAIT, wait. */
static int connect_soon(const struct sockaddr_in *addr)
{
	for (;;) {
		int fd = socket(AF_INET, SOCK_STREAM, 0);

		if (!connect(fd, (const struct sockaddr *)addr, sizeof(*addr)))
			return fd;
		if (errno != EADDRNOTAVAIL)
			die("connect");
		close(fd);
		nanosleep(&(struct timespec){ 0, 10000000 }, NULL);
	}
}

int main(int argc, char **argv)
{
	int n = argc > 1 ? atoi(argv[1]) : 0, step = argc > 2 ? atoi(argv[2]) : n, l;
	char line[8];
	struct sockaddr_in addr;

	l = tcp_listener(&addr, 16);
	for (int i = 1; i <= n; i++) {
		int c = connect_soon(&addr), s = accept(l, NULL, NULL);

		if (s < 0)
			die("accept");
		/* Who closes first waits in TIME-WAIT: by turns. */
		close(i & 1 ? c : s);
		close(i & 1 ? s : c);
		if (!(i % step)) {
			printf("= %d cycles\n", i);
			fflush(stdout);
			fgets(line, sizeof(line), stdin);
		}
	}
	return 0;
}
