/* One listener for both families: mapped addresses, IPV6_V6ONLY. */
#include "tcp_pair.h"

int main(void)
{
	struct sockaddr_in6 addr = { .sin6_family = AF_INET6 }, a, mapped;
	struct sockaddr_in v4 = LOOPBACK, b;
	socklen_t len = sizeof(addr);
	int l = socket(AF_INET6, SOCK_STREAM, 0), c, s, other;
	char buf[64];

	SHOW(int_opt(l, IPPROTO_IPV6, IPV6_V6ONLY));
	SHOW(bind(l, (struct sockaddr *)&addr, sizeof(addr)));
	SHOW(listen(l, 4));
	getsockname(l, (struct sockaddr *)&addr, &len);
	v4.sin_port = addr.sin6_port;
	/* An IPv4 peer. */
	c = socket(AF_INET, SOCK_STREAM, 0);
	SHOW(connect(c, (struct sockaddr *)&v4, sizeof(v4)));
	len = sizeof(a);
	s = accept(l, (struct sockaddr *)&a, &len);
	printf("from %s\n", inet_ntop(AF_INET6, &a.sin6_addr, buf, 64));
	len = sizeof(a);
	getsockname(s, (struct sockaddr *)&a, &len);
	printf("to %s\n", inet_ntop(AF_INET6, &a.sin6_addr, buf, 64));
	SHOW(write(s, "mapped", 6));
	SHOW(read(c, buf, 64));
	SHOW(write(c, "reply", 5));
	SHOW(read(s, buf, 64));
	close(c);
	close(s);
	/* An AF_INET6 client of a mapped address. */
	c = socket(AF_INET6, SOCK_STREAM, 0);
	mapped = addr;
	inet_pton(AF_INET6, "::ffff:127.0.0.1", &mapped.sin6_addr);
	SHOW(connect(c, (struct sockaddr *)&mapped, sizeof(mapped)));
	len = sizeof(a);
	getsockname(c, (struct sockaddr *)&a, &len);
	printf("client is %s\n", inet_ntop(AF_INET6, &a.sin6_addr, buf, 64));
	s = accept(l, NULL, NULL);
	SHOW(write(c, "x", 1));
	SHOW(read(s, buf, 64));
	close(c);
	close(s);
	/* Both families' wildcards collide. */
	other = socket(AF_INET, SOCK_STREAM, 0);
	b = v4;
	SHOW(bind(other, (struct sockaddr *)&b, sizeof(b)));
	close(l);
	usleep(10000);

	l = socket(AF_INET6, SOCK_STREAM, 0);
	set_int(l, SOL_SOCKET, SO_REUSEADDR, 1);
	SHOW(set_int(l, IPPROTO_IPV6, IPV6_V6ONLY, 1));
	addr.sin6_port = 0;
	SHOW(bind(l, (struct sockaddr *)&addr, sizeof(addr)));
	SHOW(listen(l, 4));
	len = sizeof(addr);
	getsockname(l, (struct sockaddr *)&addr, &len);
	v4.sin_port = addr.sin6_port;
	c = socket(AF_INET, SOCK_STREAM, 0);
	SHOW(connect(c, (struct sockaddr *)&v4, sizeof(v4)));
	SHOW(bind(other, (struct sockaddr *)&v4, sizeof(v4)));
	c = socket(AF_INET6, SOCK_STREAM, 0);
	SHOW(set_int(c, IPPROTO_IPV6, IPV6_V6ONLY, 1));
	mapped.sin6_port = addr.sin6_port;
	SHOW(connect(c, (struct sockaddr *)&mapped, sizeof(mapped)));
	SHOW(set_int(l, IPPROTO_IPV6, IPV6_V6ONLY, 0));
	return 0;
}
