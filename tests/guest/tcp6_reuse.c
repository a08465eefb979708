/* IPv6: binding, ports in use, SO_REUSEPORT, bind(2)'s errors. */ /* musl */
#include "tcp_pair.h"

int main(void)
{
	struct sockaddr_in6 addr = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT }, a;
	struct sockaddr_in v4 = LOOPBACK;
	socklen_t len = sizeof(addr);
	int l = socket(AF_INET6, SOCK_STREAM, 0), b;

	SHOW(bind(l, (struct sockaddr *)&addr, 20));
	SHOW(bind(l, (struct sockaddr *)&v4, sizeof(v4)));
	SHOW(bind(l, (struct sockaddr *)&addr, sizeof(addr)));
	SHOW(bind(l, (struct sockaddr *)&addr, sizeof(addr)));
	SHOW(listen(l, 4));
	getsockname(l, (struct sockaddr *)&addr, &len);
	b = socket(AF_INET6, SOCK_STREAM, 0);
	SHOW(bind(b, (struct sockaddr *)&addr, sizeof(addr)));
	a = addr;
	a.sin6_addr = in6addr_any;
	SHOW(bind(b, (struct sockaddr *)&a, sizeof(a)));
	inet_pton(AF_INET6, "2001:db8::1", &a.sin6_addr);
	SHOW(bind(b, (struct sockaddr *)&a, sizeof(a)));
	inet_pton(AF_INET6, "ff02::1", &a.sin6_addr);
	SHOW(bind(b, (struct sockaddr *)&a, sizeof(a)));
	inet_pton(AF_INET6, "fe80::1", &a.sin6_addr);
	SHOW(bind(b, (struct sockaddr *)&a, sizeof(a)));
	/* The IPv4 loopback's port is another. */
	b = socket(AF_INET, SOCK_STREAM, 0);
	v4.sin_port = addr.sin6_port;
	SHOW(bind(b, (struct sockaddr *)&v4, sizeof(v4)));
	inet_pton(AF_INET6, "::ffff:127.0.0.3", &a.sin6_addr);
	b = socket(AF_INET6, SOCK_STREAM, 0);
	SHOW(bind(b, (struct sockaddr *)&a, sizeof(a)));
	SHOW(listen(b, 1));
	return 0;
}
