/* Addresses that cannot be sent to, whatever routes there are: errno of bind, connect and sendto. */
#include "inet.h"

int main(void)
{
	static const char *const v4[] = { "0.0.0.1", "240.0.0.1", "224.1.1.1", "127.255.255.255", "255.255.255.255" };
	static const char *const v6[] = { "::", "::127.0.0.1", "::ffff:0.0.0.0", "ff01::1", "ff02::1" };

	for (unsigned i = 0; i < 5; i++) {
		addr_t a = addr_of(v4[i], 0), b = addr_of(v6[i], 0);
		int s = socket(AF_INET, SOCK_DGRAM, 0), t = socket(AF_INET6, SOCK_DGRAM, 0), r;

		r = bind(s, &a.sa, sizeof(a.in));
		printf("bind %s: %s\n", v4[i], r ? errno_name(errno) : "ok");
		r = bind(t, &b.sa, sizeof(b.in6));
		printf("bind %s: %s\n", v6[i], r ? errno_name(errno) : "ok");
		close(s);
		close(t);
	}
	{
		int s = bound("127.0.0.1"), t = bound("::1");
		addr_t a = addr_of("192.0.2.200", htons(9)), b = addr_of("2001:db8::5", htons(9)), c = addr_of("0.0.0.0", port_of(s));

		SHOW(sendto(s, "to any", 6, 0, &c.sa, sizeof(c.in)));
		receive(s);
		SHOW(set_int(s, SOL_SOCKET, SO_DONTROUTE, 1));
		c = addr_of("127.0.0.1", port_of(s));
		SHOW(sendto(s, "local", 5, 0, &c.sa, sizeof(c.in)));
		receive(s);
		SHOW(sendto(s, "local", 5, MSG_DONTROUTE, &c.sa, sizeof(c.in)));
		receive(s);
		c = addr_of("0.0.0.1", htons(9));
		SHOW(bind(socket(AF_INET, SOCK_DGRAM, 0), &a.sa, sizeof(a.in)));
		SHOW(bind(socket(AF_INET6, SOCK_DGRAM, 0), &b.sa, sizeof(b.in6)));
		(void)t;
	}
	return 0;
}
