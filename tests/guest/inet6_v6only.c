/* bind of IPv4 and IPv6 sockets to one port, in each order, with IPV6_V6ONLY, SO_REUSEADDR and SO_REUSEPORT, UDP and TCP; and who
 * then gets what is sent to which address. */
#include "inet.h"

static int make(int type, int family, int only, int reuse, const char *ip, unsigned short port, int *err)
{
	int s = socket(family, type, 0);
	addr_t a = addr_of(ip, port);

	if (family == AF_INET6)
		set_int(s, IPPROTO_IPV6, IPV6_V6ONLY, only);
	if (reuse)
		set_int(s, SOL_SOCKET, reuse, 1);
	*err = bind(s, &a.sa, addr_len(&a)) ? errno : 0;
	if (!*err && type == SOCK_STREAM)
		*err = listen(s, 4) ? errno : 0;
	return s;
}

static void who(int a, int b, unsigned short port)
{
	static const char *const to[] = { "127.0.0.1", "::1", "::ffff:127.0.0.1" };
	char buf[8];

	for (int i = 0; i < 3; i++) {
		addr_t d = addr_of(to[i], port);
		int s = socket(d.sa.sa_family, SOCK_DGRAM, 0);
		long n = sendto(s, "x", 1, 0, &d.sa, addr_len(&d)), x, y;

		x = recv(a, buf, 8, MSG_DONTWAIT);
		y = recv(b, buf, 8, MSG_DONTWAIT);
		printf(" %s:%s", to[i], n < 0 ? "refused" : x == 1 ? "first" : y == 1 ? "second" : "nobody");
		close(s);
	}
}

int main(void)
{
	static const struct { int family, only; const char *ip; } kinds[] = { { AF_INET, 0, "0.0.0.0" }, { AF_INET, 0, "127.0.0.1" },
		{ AF_INET6, 0, "::" }, { AF_INET6, 1, "::" }, { AF_INET6, 0, "::1" }, { AF_INET6, 0, "::ffff:127.0.0.1" } };
	static const int reuses[] = { 0, SO_REUSEADDR, SO_REUSEPORT };

	for (int type = SOCK_STREAM; type <= SOCK_DGRAM; type++)
		for (int r = 0; r < 3; r++)
			for (int i = 0; i < 6; i++)
				for (int j = 0; j < 6; j++) {
					int e1, e2, a = make(type, kinds[i].family, kinds[i].only, reuses[r], kinds[i].ip, 0, &e1);
					unsigned short port = port_of(a);
					int b = make(type, kinds[j].family, kinds[j].only, reuses[r], kinds[j].ip, port, &e2);

					printf("%s reuse %d: %s%s then %s%s:", type == SOCK_STREAM ? "tcp" : "udp", reuses[r], kinds[i].ip,
						kinds[i].only ? " only" : "", kinds[j].ip, kinds[j].only ? " only" : "");
					printf(" %s %s", e1 ? errno_name(e1) : "ok", e2 ? errno_name(e2) : "ok");
					if (type == SOCK_DGRAM && !e1 && !e2 && r < 2)
						who(a, b, port);
					printf("\n");
					close(a);
					close(b);
				}
	return 0;
}
