/* Dual stack: IPv4 by mapped addresses, IPV6_V6ONLY, and what each side sees. */
#include "inet.h"

static void names(const char *what, int s)
{
	addr_t a = local_addr(s), b;
	socklen_t len = sizeof(b);
	int r = getpeername(s, &b.sa, &len);

	printf("%s: local %s peer %s\n", what, addr_text(&a), r ? errno_name(errno) : addr_text(&b));
}

int main(void)
{
	int six = bound("::"), four = bound("127.0.0.1"), c = socket(AF_INET6, SOCK_DGRAM, 0), only, m;
	unsigned short p6 = port_of(six), p4 = port_of(four);
	addr_t a = addr_of("::ffff:127.0.0.1", p4), b = addr_of("::1", p6);

	set_int(six, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
	set_int(six, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1);
	set_int(six, IPPROTO_IP, IP_RECVTTL, 1);
	SHOW(send_to(four, "from four", "127.0.0.1", p6));
	receive(six);
	SHOW(sendto(six, "from six", 8, 0, &a.sa, sizeof(a.in6)));
	receive(four);
	SHOW(connect(c, &a.sa, sizeof(a.in6)));
	names("connected to mapped", c);
	SHOW(send(c, "connected", 9, 0));
	receive(four);
	SHOW(send_to(four, "back", "127.0.0.1", port_of(c)));
	receive(c);
	SHOW(connect(c, &b.sa, sizeof(b.in6)));
	names("then to ::1", c);
	SHOW(send(c, "x", 1, 0));
	only = socket(AF_INET6, SOCK_DGRAM, 0);
	SHOW(get_int(only, IPPROTO_IPV6, IPV6_V6ONLY));
	SHOW(set_int(only, IPPROTO_IPV6, IPV6_V6ONLY, 1));
	SHOW(connect(only, &a.sa, sizeof(a.in6)));
	SHOW(sendto(only, "x", 1, 0, &a.sa, sizeof(a.in6)));
	SHOW(bind(only, &(addr_t){ .in6 = { .sin6_family = AF_INET6 } }.sa, sizeof(a.in6)));
	SHOW(set_int(only, IPPROTO_IPV6, IPV6_V6ONLY, 0));
	SHOW(send_to(four, "x", "127.0.0.1", port_of(only)));
	receive(only);
	m = bound("::ffff:127.0.0.1");
	names("bound to mapped", m);
	SHOW(send_to(four, "to mapped", "127.0.0.1", port_of(m)));
	receive(m);
	SHOW(sendto(m, "x", 1, 0, &b.sa, sizeof(b.in6)));
	SHOW(connect(m, &b.sa, sizeof(b.in6)));
	a = addr_of("127.0.0.1", p4);
	SHOW(sendto(six, "by AF_INET", 10, 0, &a.sa, sizeof(a.in)));
	receive(four);
	close(c);
	c = socket(AF_INET6, SOCK_DGRAM, 0);
	SHOW(connect(c, &a.sa, sizeof(a.in)));
	names("connected by AF_INET", c);
	return 0;
}
