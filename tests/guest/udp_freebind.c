/* IP_FREEBIND, IP_BIND_ADDRESS_NO_PORT, IP_LOCAL_PORT_RANGE, IP_MINTTL: where a socket may be bound, and to which port. */
#include "inet.h"

int main(void)
{
	int a = socket(AF_INET, SOCK_DGRAM, 0), b = bound("127.0.0.1"), c, low = 0, high = 0;
	addr_t x = addr_of("192.0.2.123", 0), to = local_addr(b);
	unsigned range = 41000 | 41003 << 16;

	SHOW(bind(a, &x.sa, sizeof(x.in)));
	SHOW(set_int(a, IPPROTO_IP, IP_FREEBIND, 1));
	SHOW(bind(a, &x.sa, sizeof(x.in)));
	SHOW(sendto(a, "x", 1, 0, &to.sa, sizeof(to.in)));
	receive(b);
	c = socket(AF_INET, SOCK_DGRAM, 0);
	SHOW(set_int(c, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1));
	x = addr_of("127.0.0.9", 0);
	SHOW(bind(c, &x.sa, sizeof(x.in)));
	SHOW(port_of(c));
	SHOW(sendto(c, "now it has", 10, 0, &to.sa, sizeof(to.in)));
	SHOW(port_of(c) != 0);
	receive(b);
	for (int i = 0; i < 4; i++) {
		int s = socket(AF_INET, SOCK_DGRAM, 0);
		addr_t any = addr_of("127.0.0.77", 0);

		setsockopt(s, IPPROTO_IP, 51, &range, sizeof(range));
		if (bind(s, &any.sa, sizeof(any.in)))
			printf("bind: %s\n", errno_name(errno));
		low += ntohs(port_of(s)) >= 41000;
		high += ntohs(port_of(s)) <= 41003;
	}
	printf("%d %d\n", low, high);
	c = socket(AF_INET, SOCK_DGRAM, 0);
	setsockopt(c, IPPROTO_IP, 51, &range, sizeof(range));
	x = addr_of("127.0.0.77", 0);
	SHOW(bind(c, &x.sa, sizeof(x.in)));
	range = 41003 | 41000 << 16;
	SHOW(setsockopt(c, IPPROTO_IP, 51, &range, sizeof(range)));
	SHOW(setsockopt(c, IPPROTO_IP, 51, &range, 2));
	return 0;
}
