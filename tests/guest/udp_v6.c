/* UDP over IPv6: the same as over IPv4, scope ids, and names. musl */
#include "inet.h"

int main(void)
{
	int a = bound("::1"), b = bound("::1"), c;
	unsigned short pa = port_of(a), pb = port_of(b);
	addr_t aa = local_addr(a), x;
	socklen_t len;

	SHOW(send_to(b, "hello", "::1", pa));
	receive(a);
	SHOW(connect(b, &aa.sa, sizeof(aa.in6)));
	SHOW(send(b, "connected", 9, 0));
	receive(a);
	len = sizeof(x);
	SHOW(getpeername(b, &x.sa, &len));
	printf("%s %u\n", addr_text(&x), len);
	c = bound("::");
	SHOW(send_to(c, "stranger", "::1", pb));
	receive(b);
	SHOW(send_to(c, "to any", "::", pa));
	receive(a);
	x = addr_of("::1", pa);
	x.sa.sa_family = AF_UNSPEC;
	SHOW(sendto(c, "x", 1, 0, &x.sa, sizeof(x.in6)));
	SHOW(connect(b, &x.sa, sizeof(x.in6)));
	SHOW(send(b, "x", 1, 0));
	SHOW(port_of(b) == pb);
	x = addr_of("::1", pa);
	SHOW(sendto(c, "short", 5, 0, &x.sa, 24));
	receive(a);
	SHOW(sendto(c, "x", 1, 0, &x.sa, 23));
	SHOW(sendto(c, "x", 1, 0, &x.sa, 1));
	x.in6.sin6_port = 0;
	SHOW(sendto(c, "x", 1, 0, &x.sa, sizeof(x.in6)));
	x = addr_of("127.0.0.1", pa);
	SHOW(sendto(b, "x", 1, 0, &x.sa, sizeof(x.in)));
	SHOW(sendto(b, "x", 1, MSG_OOB, &aa.sa, sizeof(aa.in6)) > 0);
	x = addr_of("fe80::1", pa);
	SHOW(connect(c, &x.sa, sizeof(x.in6)));
	SHOW(bind(socket(AF_INET6, SOCK_DGRAM, 0), &x.sa, sizeof(x.in6)));
	x.in6.sin6_scope_id = 9999;
	SHOW(bind(socket(AF_INET6, SOCK_DGRAM, 0), &x.sa, sizeof(x.in6)));
	x = addr_of("2001:db8::77", 0);
	SHOW(bind(socket(AF_INET6, SOCK_DGRAM, 0), &x.sa, sizeof(x.in6)));
	x = addr_of("::1", 0);
	SHOW(bind(socket(AF_INET6, SOCK_DGRAM, 0), &x.sa, 16));
	SHOW(bind(socket(AF_INET6, SOCK_DGRAM, 0), &x.sa, 24));
	SHOW(bind(a, &x.sa, sizeof(x.in6)));
	x.sa.sa_family = AF_INET;
	SHOW(bind(socket(AF_INET6, SOCK_DGRAM, 0), &x.sa, sizeof(x.in6)));
	x.sa.sa_family = AF_UNSPEC;
	SHOW(bind(socket(AF_INET6, SOCK_DGRAM, 0), &x.sa, sizeof(x.in6)));
	return 0;
}
