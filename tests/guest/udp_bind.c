/* Ports of UDP: conflicts between addresses, SO_REUSEADDR and SO_REUSEPORT, both families. musl */
#include "inet.h"

static int try(const char *text, unsigned short port, int reuse, int reuseport, int v6only)
{
	addr_t a = addr_of(text, port);
	int s = socket(a.sa.sa_family, SOCK_DGRAM, 0), r;

	if (reuse)
		set_int(s, SOL_SOCKET, SO_REUSEADDR, 1);
	if (reuseport)
		set_int(s, SOL_SOCKET, SO_REUSEPORT, 1);
	if (v6only >= 0)
		set_int(s, IPPROTO_IPV6, IPV6_V6ONLY, v6only);
	r = bind(s, &a.sa, addr_len(&a));
	printf("  %s reuse %d port %d only %d: %s\n", text, reuse, reuseport, v6only, r ? errno_name(errno) : "ok");
	close(s);
	return r;
}

static void against(const char *text, int reuse, int reuseport, int v6only)
{
	static const char *const addrs[] = { "127.0.0.1", "127.0.0.2", "0.0.0.0", "::1", "::", "::ffff:127.0.0.1" };
	addr_t a = addr_of(text, 0);
	int s = socket(a.sa.sa_family, SOCK_DGRAM, 0);

	printf("-- %s reuse %d port %d only %d\n", text, reuse, reuseport, v6only);
	set_int(s, SOL_SOCKET, SO_REUSEADDR, reuse);
	set_int(s, SOL_SOCKET, SO_REUSEPORT, reuseport);
	if (v6only >= 0)
		set_int(s, IPPROTO_IPV6, IPV6_V6ONLY, v6only);
	if (bind(s, &a.sa, addr_len(&a)))
		printf("bind: %s\n", errno_name(errno));
	for (unsigned i = 0; i < 6; i++) {
		int v6 = i > 2;

		try(addrs[i], port_of(s), 0, 0, v6 ? 0 : -1);
		try(addrs[i], port_of(s), 1, 0, v6 ? 1 : -1);
		try(addrs[i], port_of(s), 0, 1, v6 ? 0 : -1);
	}
	close(s);
}

int main(void)
{
	against("127.0.0.1", 0, 0, -1);
	against("0.0.0.0", 1, 0, -1);
	against("0.0.0.0", 0, 1, -1);
	against("::", 0, 0, 0);
	against("::", 0, 0, 1);
	against("::", 1, 1, 0);
	against("::1", 0, 0, 0);
	against("::ffff:127.0.0.1", 0, 0, 0);
	return 0;
}
