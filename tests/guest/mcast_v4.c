/* IPv4 multicast over lo: joining, sending by IP_MULTICAST_IF, IP_MULTICAST_ALL, leaving, several listeners, errno. */
#include "inet.h"

int main(void)
{
	int a = bound("0.0.0.0"), b = bound("127.0.0.1"), c;
	unsigned short p = port_of(a);
	struct ip_mreqn m = { .imr_ifindex = 1 }, other = m;
	struct ip_mreq by_addr;
	struct in_addr lo = { htonl(INADDR_LOOPBACK) }, got;
	addr_t x;
	socklen_t n;

	inet_pton(AF_INET, "239.1.2.3", &m.imr_multiaddr);
	inet_pton(AF_INET, "239.9.9.9", &other.imr_multiaddr);
	SHOW(setsockopt(b, IPPROTO_IP, IP_MULTICAST_IF, &lo, sizeof(lo)));
	n = sizeof(got);
	SHOW(getsockopt(b, IPPROTO_IP, IP_MULTICAST_IF, &got, &n));
	SHOW(got.s_addr == lo.s_addr);
	SHOW(send_to(b, "nobody", "239.1.2.3", p));
	receive(a);
	SHOW(setsockopt(a, IPPROTO_IP, IP_ADD_MEMBERSHIP, &m, sizeof(m)));
	SHOW(setsockopt(a, IPPROTO_IP, IP_ADD_MEMBERSHIP, &m, sizeof(m)));
	set_int(a, IPPROTO_IP, IP_PKTINFO, 1);
	set_int(a, IPPROTO_IP, IP_RECVTTL, 1);
	SHOW(send_to(b, "group", "239.1.2.3", p));
	receive(a);
	SHOW(set_int(b, IPPROTO_IP, IP_MULTICAST_TTL, 9));
	SHOW(send_to(b, "ttl 9", "239.1.2.3", p));
	receive(a);
	SHOW(send_to(b, "other group", "239.9.9.9", p));
	receive(a);
	/* A second socket on the port, without membership: IP_MULTICAST_ALL. */
	c = socket(AF_INET, SOCK_DGRAM, 0);
	set_int(c, SOL_SOCKET, SO_REUSEADDR, 1);
	x = addr_of("0.0.0.0", p);
	SHOW(bind(c, &x.sa, sizeof(x.in)));
	close(a);
	a = socket(AF_INET, SOCK_DGRAM, 0);
	set_int(a, SOL_SOCKET, SO_REUSEADDR, 1);
	SHOW(bind(a, &x.sa, sizeof(x.in)));
	close(c);
	c = socket(AF_INET, SOCK_DGRAM, 0);
	set_int(c, SOL_SOCKET, SO_REUSEADDR, 1);
	SHOW(bind(c, &x.sa, sizeof(x.in)));
	SHOW(setsockopt(a, IPPROTO_IP, IP_ADD_MEMBERSHIP, &m, sizeof(m)));
	SHOW(send_to(b, "both", "239.1.2.3", p));
	receive(a);
	receive(c);
	SHOW(set_int(c, IPPROTO_IP, IP_MULTICAST_ALL, 0));
	SHOW(send_to(b, "one", "239.1.2.3", p));
	receive(a);
	receive(c);
	/* By the interface's address; leaving. */
	by_addr.imr_multiaddr = m.imr_multiaddr;
	by_addr.imr_interface = lo;
	SHOW(setsockopt(c, IPPROTO_IP, IP_ADD_MEMBERSHIP, &by_addr, sizeof(by_addr)));
	SHOW(send_to(b, "again both", "239.1.2.3", p));
	receive(a);
	receive(c);
	SHOW(setsockopt(a, IPPROTO_IP, IP_DROP_MEMBERSHIP, &m, sizeof(m)));
	SHOW(setsockopt(a, IPPROTO_IP, IP_DROP_MEMBERSHIP, &m, sizeof(m)));
	SHOW(setsockopt(c, IPPROTO_IP, IP_DROP_MEMBERSHIP, &m, sizeof(m)));
	SHOW(send_to(b, "gone", "239.1.2.3", p));
	receive(a);
	receive(c);
	/* Bound to the group. */
	close(c);
	c = socket(AF_INET, SOCK_DGRAM, 0);
	x = addr_of("239.1.2.3", 0);
	SHOW(bind(c, &x.sa, sizeof(x.in)));
	SHOW(setsockopt(c, IPPROTO_IP, IP_ADD_MEMBERSHIP, &m, sizeof(m)));
	SHOW(send_to(b, "bound", "239.1.2.3", port_of(c)));
	receive(c);
	SHOW(send_to(b, "unicast", "127.0.0.1", port_of(c)));
	receive(c);
	/* Errors. */
	inet_pton(AF_INET, "127.0.0.1", &other.imr_multiaddr);
	SHOW(setsockopt(a, IPPROTO_IP, IP_ADD_MEMBERSHIP, &other, sizeof(other)));
	m.imr_ifindex = 9999;
	SHOW(setsockopt(a, IPPROTO_IP, IP_ADD_MEMBERSHIP, &m, sizeof(m)));
	SHOW(setsockopt(a, IPPROTO_IP, IP_ADD_MEMBERSHIP, &m, 4));
	SHOW(setsockopt(a, IPPROTO_IP, IP_ADD_MEMBERSHIP, BAD_PTR, sizeof(m)));
	SHOW(setsockopt(a, IPPROTO_IP, IP_MULTICAST_IF, &m, sizeof(m)));
	m.imr_ifindex = 0;
	inet_pton(AF_INET, "192.0.2.200", &m.imr_address);
	SHOW(setsockopt(a, IPPROTO_IP, IP_ADD_MEMBERSHIP, &m, sizeof(m)));
	SHOW(setsockopt(a, IPPROTO_IP, IP_MULTICAST_IF, &m, sizeof(m)));
	SHOW(setsockopt(a, IPPROTO_IP, IP_MULTICAST_IF, "", 0));
	for (int i = 0; i < 22; i++) {
		struct ip_mreqn many = { .imr_ifindex = 1, .imr_multiaddr.s_addr = htonl(0xef0a0000 + i) };

		if (setsockopt(a, IPPROTO_IP, IP_ADD_MEMBERSHIP, &many, sizeof(many))) {
			printf("membership %d: %s\n", i, errno_name(errno));
			break;
		}
	}
	return 0;
}
