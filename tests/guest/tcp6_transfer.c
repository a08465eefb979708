/* More data over IPv6, with options of ipv6(7) on a stream. */
#include "tcp_pair.h"
#include <sys/wait.h>

int main(void)
{
	static unsigned char buf[100000];
	struct sockaddr_in6 addr = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	socklen_t len = sizeof(addr);
	int l = socket(AF_INET6, SOCK_STREAM, 0), c = socket(AF_INET6, SOCK_STREAM, 0), s, status;
	unsigned long got = 0, bad = 0;
	long n;

	bind(l, (struct sockaddr *)&addr, sizeof(addr));
	listen(l, 2);
	getsockname(l, (struct sockaddr *)&addr, &len);
	SHOW(set_int(c, IPPROTO_IPV6, IPV6_TCLASS, 0x20));
	SHOW(int_opt(c, IPPROTO_IPV6, IPV6_TCLASS));
	SHOW(int_opt(c, IPPROTO_IPV6, IPV6_UNICAST_HOPS));
	SHOW(set_int(c, IPPROTO_IPV6, IPV6_UNICAST_HOPS, 9));
	SHOW(int_opt(c, IPPROTO_IPV6, IPV6_UNICAST_HOPS));
	SHOW(set_int(c, IPPROTO_IPV6, IPV6_UNICAST_HOPS, 300));
	SHOW(set_int(c, IPPROTO_TCP, TCP_NODELAY, 1));
	SHOW(connect(c, (struct sockaddr *)&addr, sizeof(addr)));
	s = accept(l, NULL, NULL);
	if (!fork()) {
		unsigned long sent = 0;

		while (sent < 5000000) {
			for (unsigned i = 0; i < sizeof(buf); i++)
				buf[i] = (unsigned char)((sent + i) % 251);
			n = write(c, buf, sizeof(buf) < 5000000 - sent ? sizeof(buf) : 5000000 - sent);
			if (n <= 0)
				_exit(1);
			sent += n;
		}
		_exit(0);
	}
	close(c);
	while ((n = read(s, buf, sizeof(buf))) > 0) {
		for (long i = 0; i < n; i++)
			bad += buf[i] != (unsigned char)((got + i) % 251);
		got += n;
	}
	wait(&status);
	printf("got %lu, wrong %lu, writer %d\n", got, bad, WEXITSTATUS(status));
	return 0;
}
