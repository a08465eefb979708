/* TCP over IPv6: life, names, errors. */ /* musl */
#include "tcp_pair.h"

#define LOOPBACK6 ((struct sockaddr_in6){ .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT })

static void names(const char *what, int fd)
{
	struct sockaddr_in6 a;
	socklen_t len = sizeof(a);
	char buf[64];
	int r = getsockname(fd, (struct sockaddr *)&a, &len);

	printf("%s: own %d %s port %d length %d;", what, r, inet_ntop(AF_INET6, &a.sin6_addr, buf, 64), a.sin6_port != 0, len);
	len = sizeof(a);
	if (getpeername(fd, (struct sockaddr *)&a, &len))
		printf(" peer %s\n", errno_name(errno));
	else
		printf(" peer %s port %d scope %d\n", inet_ntop(AF_INET6, &a.sin6_addr, buf, 64), a.sin6_port != 0, a.sin6_scope_id);
}

int main(void)
{
	struct sockaddr_in6 addr = LOOPBACK6, a;
	struct sockaddr_in v4 = LOOPBACK;
	socklen_t len = sizeof(addr);
	int l = socket(AF_INET6, SOCK_STREAM, 0), c = socket(AF_INET6, SOCK_STREAM, 0), s;
	char buf[100000];

	SHOW(bind(l, (struct sockaddr *)&addr, sizeof(addr)));
	SHOW(listen(l, 4));
	getsockname(l, (struct sockaddr *)&addr, &len);
	names("listener", l);
	names("fresh", c);
	SHOW(connect(c, (struct sockaddr *)&addr, 8));
	SHOW(connect(c, (struct sockaddr *)&v4, sizeof(v4)));
	SHOW(connect(c, (struct sockaddr *)&addr, 24));
	names("connected", c);
	s = accept(l, (struct sockaddr *)&a, &len);
	printf("accepted %d, family %d, length %d\n", s >= 0, a.sin6_family, len);
	names("accepted", s);
	SHOW(write(c, "hello", 5));
	SHOW(read(s, buf, 100));
	memset(buf, 'x', sizeof(buf));
	SHOW(write(s, buf, sizeof(buf)));
	SHOW(recv(c, buf, sizeof(buf), MSG_WAITALL));
	SHOW(int_opt(c, SOL_SOCKET, SO_DOMAIN));
	SHOW(int_opt(c, SOL_SOCKET, SO_PROTOCOL));
	SHOW(shutdown(c, SHUT_WR));
	SHOW(read(s, buf, 100));
	close(s);
	SHOW(read(c, buf, 100));
	close(c);
	close(l);
	c = socket(AF_INET6, SOCK_STREAM, 0);
	SHOW(connect(c, (struct sockaddr *)&addr, sizeof(addr)));
	/* The unspecified address is this host. */
	a = addr;
	a.sin6_addr = in6addr_any;
	SHOW(connect(c, (struct sockaddr *)&a, sizeof(a)));
	inet_pton(AF_INET6, "ff02::1", &a.sin6_addr);
	SHOW(connect(c, (struct sockaddr *)&a, sizeof(a)));
	inet_pton(AF_INET6, "fe80::1", &a.sin6_addr);
	SHOW(connect(c, (struct sockaddr *)&a, sizeof(a)));
	return 0;
}
