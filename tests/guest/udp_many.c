/* Many sockets: ports given out are different, and each datagram finds its socket; many connected to one port. */
#include "inet.h"
#include <sys/resource.h>
#define N 600

int main(void)
{
	static int s[N], c[N];
	static unsigned char seen[65536];
	struct rlimit r = { 2 * N + 50, 2 * N + 50 };
	int twice = 0, wrong = 0, range = 0, b, hit = 0;
	addr_t x = addr_of("127.0.0.1", 0);
	char text[16], buf[16];

	setrlimit(RLIMIT_NOFILE, &r);
	for (int i = 0; i < N; i++) {
		unsigned short p;

		s[i] = bound("127.0.0.1");
		p = ntohs(port_of(s[i]));
		range += p < 32768 || p > 60999;
		twice += seen[p]++;
	}
	printf("twice %d outside %d\n", twice, range);
	b = bound("127.0.0.1");
	for (int i = 0; i < N; i++) {
		sprintf(text, "%d", i);
		send_to(b, text, "127.0.0.1", port_of(s[i]));
	}
	for (int i = N - 1; i >= 0; i--) {
		ssize_t n = recv(s[i], buf, sizeof(buf) - 1, MSG_DONTWAIT);

		buf[n < 0 ? 0 : n] = 0;
		wrong += atoi(buf) != i;
	}
	printf("wrong %d\n", wrong);
	/* One port, many peers, each with a connected socket of its own. */
	for (int i = 0; i < N; i++) {
		addr_t peer = local_addr(s[i]);

		c[i] = socket(AF_INET, SOCK_DGRAM, 0);
		set_int(c[i], SOL_SOCKET, SO_REUSEADDR, 1);
		if (bind(c[i], &x.sa, sizeof(x.in)))
			printf("bind: %s\n", errno_name(errno));
		x = local_addr(c[i]);
		if (connect(c[i], &peer.sa, sizeof(peer.in)))
			printf("connect: %s\n", errno_name(errno));
	}
	for (int i = 0; i < N; i++)
		send_to(s[i], "to its own", "127.0.0.1", x.in.sin_port);
	for (int i = 0; i < N; i++)
		hit += recv(c[i], buf, sizeof(buf), MSG_DONTWAIT) == 10;
	printf("hit %d\n", hit);
	for (int i = 0; i < N; i += 2)
		close(c[i]);
	for (int i = 0; i < N; i++)
		send_to(s[i], "again", "127.0.0.1", x.in.sin_port);
	hit = 0;
	for (int i = 1; i < N; i += 2)
		hit += recv(c[i], buf, sizeof(buf), MSG_DONTWAIT) == 5;
	printf("hit %d\n", hit);
	return 0;
}
