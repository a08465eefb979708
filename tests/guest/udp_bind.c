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

/* Three sockets at one port, each with its options (1: SO_REUSEADDR, 2: SO_REUSEPORT): the newest one that is in the way decides. */
static void three(int first, int second, int third)
{
	int options[3] = { first, second, third }, s[3];
	addr_t a = addr_of("127.0.0.1", 0);

	printf("-- three: %d %d %d", first, second, third);
	for (int i = 0; i < 3; i++) {
		s[i] = socket(AF_INET, SOCK_DGRAM, 0);
		set_int(s[i], SOL_SOCKET, SO_REUSEADDR, options[i] & 1);
		set_int(s[i], SOL_SOCKET, SO_REUSEPORT, options[i] >> 1);
		printf(" %s", bind(s[i], &a.sa, addr_len(&a)) ? errno_name(errno) : "ok");
		if (!i)
			a = addr_of("127.0.0.1", port_of(s[0]));
	}
	printf("\n");
	for (int i = 0; i < 3; i++)
		close(s[i]);
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
	for (int i = 0; i < 64; i++)
		three(i / 16, i / 4 % 4, i % 4);
	return 0;
}
