/* connect(2) of UDP: which address a socket gets, reconnecting, AF_UNSPEC, and what remains of a bind. musl */
#include "inet.h"

static void names(const char *what, int s)
{
	addr_t a = local_addr(s), b;
	socklen_t len = sizeof(b);
	int r = getpeername(s, &b.sa, &len);
	unsigned short p = a.sa.sa_family == AF_INET6 ? a.in6.sin6_port : a.in.sin_port;

	printf("%s: local %s port %s peer %s\n", what, addr_text(&a), p ? "yes" : "no", r ? errno_name(errno) : addr_text(&b));
}

static void family(const char *lo, const char *any, const char *second)
{
	addr_t a = addr_of(lo, htons(9)), b = addr_of(second, htons(9)), none = addr_of(any, 0), x;
	int s = socket(a.sa.sa_family, SOCK_DGRAM, 0);

	printf("-- %s\n", lo);
	names("fresh", s);
	SHOW(connect(s, &a.sa, addr_len(&a)));
	names("connected", s);
	SHOW(connect(s, &b.sa, addr_len(&b)));
	names("connected again", s);
	none.sa.sa_family = AF_UNSPEC;
	SHOW(connect(s, &none.sa, sizeof(none.in)));
	names("unconnected", s);
	x = addr_of(any, htons(9));
	SHOW(connect(s, &x.sa, addr_len(&x)));
	names("connected to any", s);
	close(s);
	s = bound(any);
	SHOW(connect(s, &a.sa, addr_len(&a)));
	names("bound to a port", s);
	SHOW(connect(s, &none.sa, sizeof(none.in)));
	names("unconnected", s);
	close(s);
	s = bound(lo);
	SHOW(connect(s, &a.sa, addr_len(&a)));
	SHOW(connect(s, &none.sa, 2));
	names("bound to an address", s);
	SHOW(connect(s, &a.sa, 2));
	SHOW(connect(s, BAD_PTR, addr_len(&a)));
	SHOW(connect(s, &a.sa, -1));
	x = addr_of(lo, 0);
	SHOW(connect(s, &x.sa, addr_len(&x)));
	names("port 0", s);
	close(s);
}

int main(void)
{
	family("127.0.0.1", "0.0.0.0", "127.0.0.2");
	family("::1", "::", "::1");
	return 0;
}
