/* shutdown(2) of AF_UNIX, each half by each end, on every type: what goes through, what poll and the calls say. */
#include <poll.h>
#include <sys/socket.h>
#include "show.h"

static void show(const char *who, int fd)
{
	struct pollfd p = { fd, POLLIN | POLLOUT | POLLRDHUP, 0 };
	char buf[8];
	long n, m;
	int e;

	poll(&p, 1, 0);
	n = recv(fd, buf, 8, MSG_DONTWAIT);
	e = errno;
	printf("  %s: events %#x, recv %s", who, p.revents, n < 0 ? errno_name(e) : n ? "data" : "end");
	m = send(fd, "x", 1, MSG_NOSIGNAL | MSG_DONTWAIT);
	printf(", send %s\n", m < 0 ? errno_name(errno) : "ok");
}

int main(void)
{
	static const int types[] = { SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET };

	for (int t = 0; t < 3; t++)
		for (int a = -1; a < 3; a++)
			for (int b = -1; b < 3; b++) {
				int s[2];

				socketpair(AF_UNIX, types[t], 0, s);
				send(s[0], "a", 1, 0);
				send(s[1], "b", 1, 0);
				printf("type %d, one %d, other %d:", types[t], a, b);
				printf(" %d %d\n", a < 0 ? 0 : shutdown(s[0], a), b < 0 ? 0 : shutdown(s[1], b));
				show("one", s[0]);
				show("other", s[1]);
				show("one", s[0]);
				close(s[1]);
				show("other closed", s[0]);
				close(s[0]);
			}
	return 0;
}
