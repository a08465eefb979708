/* Raw sockets that are bound and connected: what reaches them; several on one protocol; the end of a connection. */
// needs-root: raw sockets
#include "inet.h"

static int got(int s)
{
	char buf[100];
	int n = 0;

	while (recv(s, buf, sizeof(buf), MSG_DONTWAIT) > 0)
		n++;
	return n;
}

int main(void)
{
	int a = socket(AF_INET, SOCK_RAW, 212), b = socket(AF_INET, SOCK_RAW, 212), c = socket(AF_INET, SOCK_RAW, 212);
	int d = socket(AF_INET, SOCK_RAW, 212);
	addr_t one = addr_of("127.0.0.1", 0), two = addr_of("127.0.0.2", 0), x;
	socklen_t n = sizeof(x);

	SHOW(bind(b, &two.sa, sizeof(two.in)));
	SHOW(connect(c, &two.sa, sizeof(two.in)));
	SHOW(sendto(d, "x", 1, 0, &one.sa, sizeof(one.in)));
	printf("%d %d %d %d\n", got(a), got(b), got(c), got(d));
	SHOW(sendto(d, "x", 1, 0, &two.sa, sizeof(two.in)));
	printf("%d %d %d %d\n", got(a), got(b), got(c), got(d));
	SHOW(sendto(b, "x", 1, 0, &one.sa, sizeof(one.in)));
	printf("%d %d %d %d\n", got(a), got(b), got(c), got(d));
	SHOW(send(c, "x", 1, 0));
	printf("%d %d %d %d\n", got(a), got(b), got(c), got(d));
	SHOW(getpeername(c, &x.sa, &n));
	SHOW(getsockname(b, &x.sa, &n));
	printf("%s port %d\n", addr_text(&x), ntohs(x.in.sin_port));
	two.sa.sa_family = AF_UNSPEC;
	SHOW(connect(c, &two.sa, sizeof(two.in)));
	SHOW(send(c, "x", 1, 0));
	two = addr_of("192.0.2.3", 0);
	SHOW(bind(a, &two.sa, sizeof(two.in)));
	SHOW(bind(a, &two.sa, 3));
	SHOW(connect(a, &one.sa, 3));
	SHOW(sendto(a, "x", 1, 0, &one.sa, 3));
	one.sa.sa_family = AF_INET6;
	SHOW(sendto(a, "x", 1, 0, &one.sa, sizeof(one.in)));
	SHOW(send(a, "x", 1, 0));
	one = addr_of("127.255.255.255", 0);
	SHOW(sendto(a, "x", 1, 0, &one.sa, sizeof(one.in)));
	SHOW(set_int(a, SOL_SOCKET, SO_BROADCAST, 1));
	SHOW(sendto(a, "x", 1, 0, &one.sa, sizeof(one.in)));
	printf("%d %d %d %d\n", got(a), got(b), got(c), got(d));
	SHOW(shutdown(a, SHUT_RD));
	SHOW(accept(a, NULL, NULL));
	return 0;
}
