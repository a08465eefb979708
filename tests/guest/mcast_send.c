/* Sending to groups: the source address and device that are chosen, IP_MULTICAST_IF in its three forms, connected sockets. */
#include "inet.h"

int main(void)
{
	int a = bound("0.0.0.0"), b = socket(AF_INET, SOCK_DGRAM, 0);
	unsigned short p = port_of(a);
	struct ip_mreqn m = { .imr_ifindex = 1 };
	struct ip_mreq old;
	struct in_pktinfo info = { .ipi_ifindex = 1 };
	addr_t to = addr_of("239.7.7.7", p), lo = addr_of("127.0.0.3", 0);

	m.imr_multiaddr = to.in.sin_addr;
	SHOW(setsockopt(a, IPPROTO_IP, IP_ADD_MEMBERSHIP, &m, sizeof(m)));
	lo = addr_of("127.0.0.3", 0);
	old.imr_multiaddr = to.in.sin_addr;
	old.imr_interface = lo.in.sin_addr;
	m.imr_address = lo.in.sin_addr;
	SHOW(setsockopt(b, IPPROTO_IP, IP_MULTICAST_IF, &m, sizeof(m)));
	SHOW(sendto(b, "by index", 8, 0, &to.sa, sizeof(to.in)));
	receive(a);
	SHOW(connect(b, &to.sa, sizeof(to.in)));
	lo = local_addr(b);
	printf("local %s\n", addr_text(&lo));
	SHOW(send(b, "connected", 9, 0));
	receive(a);
	close(b);
	b = socket(AF_INET, SOCK_DGRAM, 0);
	SHOW(setsockopt(b, IPPROTO_IP, IP_MULTICAST_IF, &old, sizeof(old)));
	SHOW(sendto(b, "by address", 10, 0, &to.sa, sizeof(to.in)));
	receive(a);
	close(b);
	b = socket(AF_INET, SOCK_DGRAM, 0);
	info.ipi_spec_dst.s_addr = htonl(0x7f000005);
	SHOW(send_cmsg(b, "by pktinfo", &to, IPPROTO_IP, IP_PKTINFO, &info, sizeof(info)));
	receive(a);
	close(b);
	b = socket(AF_INET, SOCK_DGRAM, 0);
	lo = addr_of("127.0.0.4", 0);
	SHOW(bind(b, &lo.sa, sizeof(lo.in)));
	SHOW(sendto(b, "bound", 5, 0, &to.sa, sizeof(to.in)));
	receive(a);
	SHOW(set_int(b, IPPROTO_IP, IP_MULTICAST_LOOP, 0));
	SHOW(sendto(b, "on lo it loops all the same", 27, 0, &to.sa, sizeof(to.in)));
	receive(a);
	SHOW(set_int(b, SOL_SOCKET, SO_BINDTOIFINDEX, 1));
	to = addr_of("224.0.0.251", p);
	SHOW(sendto(b, "not joined", 10, 0, &to.sa, sizeof(to.in)));
	receive(a);
	to = addr_of("224.0.0.1", p);
	SHOW(sendto(b, "all hosts", 9, 0, &to.sa, sizeof(to.in)));
	receive(a);
	return 0;
}
