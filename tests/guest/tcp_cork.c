/* TCP_CORK, MSG_MORE, TCP_NODELAY: when bytes leave. */
#include "tcp_pair.h"

static int unsent(int fd)
{
	int v = -1;

	return ioctl(fd, 0x894b /* SIOCOUTQNSD */, &v) ? -errno : v;
}

int main(void)
{
	char buf[64];
	int p[2];

	tcp_pair(p);
	SHOW(set_int(p[0], IPPROTO_TCP, TCP_CORK, 1));
	SHOW(write(p[0], "held ", 5));
	SHOW(write(p[0], "back ", 5));
	SHOW(unsent(p[0]));
	SHOW(recv(p[1], buf, sizeof(buf), MSG_DONTWAIT));
	SHOW(set_int(p[0], IPPROTO_TCP, TCP_CORK, 0));
	SHOW(unsent(p[0]));
	SHOW(recv(p[1], buf, sizeof(buf), 0));
	SHOW(send(p[0], "more ", 5, MSG_MORE));
	SHOW(unsent(p[0]));
	SHOW(recv(p[1], buf, sizeof(buf), MSG_DONTWAIT));
	SHOW(send(p[0], "end", 3, 0));
	SHOW(unsent(p[0]));
	SHOW(recv(p[1], buf, sizeof(buf), MSG_WAITALL & 0));
	SHOW(set_int(p[0], IPPROTO_TCP, TCP_CORK, 1));
	SHOW(write(p[0], "x", 1));
	/* TCP_NODELAY sends what is held, but the cork stays. */
	SHOW(set_int(p[0], IPPROTO_TCP, TCP_NODELAY, 1));
	SHOW(recv(p[1], buf, sizeof(buf), 0));
	SHOW(write(p[0], "y", 1));
	SHOW(unsent(p[0]));
	/* A FIN takes along what is held. */
	SHOW(shutdown(p[0], SHUT_WR));
	SHOW(recv(p[1], buf, sizeof(buf), 0));
	SHOW(recv(p[1], buf, sizeof(buf), 0));
	return 0;
}
