/* What a receiver is told of a packet (IP_PKTINFO, IP_RECVTTL, IP_RECVTOS, IP_RECVORIGDSTADDR, IP_RECVOPTS), and what a sender
 * says of one (IP_PKTINFO, IP_TTL, IP_TOS, IP_RETOPTS). */
#include "inet.h"

int main(void)
{
	int a = bound("0.0.0.0"), b = bound("0.0.0.0"), v;
	unsigned short p = port_of(a);
	addr_t to = addr_of("127.0.0.5", p);
	struct in_pktinfo info = { 0 };
	unsigned char opts[12] = { 7, 11, 4 };

	set_int(a, IPPROTO_IP, IP_PKTINFO, 1);
	SHOW(send_to(b, "info", "127.0.0.1", p));
	receive(a);
	SHOW(send_to(b, "info", "127.0.0.7", p));
	receive(a);
	set_int(a, IPPROTO_IP, IP_RECVTTL, 1);
	set_int(a, IPPROTO_IP, IP_RECVTOS, 1);
	set_int(a, IPPROTO_IP, IP_RECVORIGDSTADDR, 1);
	SHOW(send_to(b, "all", "127.0.0.1", p));
	receive(a);
	set_int(b, IPPROTO_IP, IP_TTL, 33);
	set_int(b, IPPROTO_IP, IP_TOS, 0x28);
	SHOW(send_to(b, "ttl 33", "127.0.0.1", p));
	receive(a);
	v = 44;
	SHOW(send_cmsg(b, "ttl 44", &to, IPPROTO_IP, IP_TTL, &v, 4));
	receive(a);
	v = 0xb8;
	SHOW(send_cmsg(b, "tos", &to, IPPROTO_IP, IP_TOS, &v, 4));
	receive(a);
	SHOW(send_cmsg(b, "tos", &to, IPPROTO_IP, IP_TOS, &v, 1));
	receive(a);
	inet_pton(AF_INET, "127.0.0.9", &info.ipi_spec_dst);
	SHOW(send_cmsg(b, "from 9", &to, IPPROTO_IP, IP_PKTINFO, &info, sizeof(info)));
	receive(a);
	inet_pton(AF_INET, "192.0.2.99", &info.ipi_spec_dst);
	SHOW(send_cmsg(b, "x", &to, IPPROTO_IP, IP_PKTINFO, &info, sizeof(info)));
	info.ipi_spec_dst.s_addr = 0;
	info.ipi_ifindex = 1;
	SHOW(send_cmsg(b, "by lo", &to, IPPROTO_IP, IP_PKTINFO, &info, sizeof(info)));
	receive(a);
	info.ipi_ifindex = 9999;
	SHOW(send_cmsg(b, "x", &to, IPPROTO_IP, IP_PKTINFO, &info, sizeof(info)));
	SHOW(send_cmsg(b, "x", &to, IPPROTO_IP, IP_PKTINFO, &info, 4));
	v = 256;
	SHOW(send_cmsg(b, "x", &to, IPPROTO_IP, IP_TTL, &v, 4));
	v = 0;
	SHOW(send_cmsg(b, "x", &to, IPPROTO_IP, IP_TTL, &v, 4));
	SHOW(send_cmsg(b, "x", &to, IPPROTO_IP, IP_TTL, &v, 1));
	SHOW(send_cmsg(b, "x", &to, IPPROTO_IP, 99, &v, 4));
	SHOW(send_cmsg(b, "other level", &to, 99, 99, &v, 4));
	receive(a);
	v = -1;
	SHOW(send_cmsg(b, "x", &to, IPPROTO_IP, IP_TOS, &v, 4));
	set_int(a, IPPROTO_IP, IP_RECVOPTS, 1);
	set_int(a, IPPROTO_IP, IP_RETOPTS, 1);
	SHOW(send_cmsg(b, "record route", &to, IPPROTO_IP, IP_RETOPTS, opts, 11));
	receive(a);
	SHOW(setsockopt(b, IPPROTO_IP, IP_OPTIONS, opts, 11));
	SHOW(send_to(b, "sticky route", "127.0.0.1", p));
	receive(a);
	receive_room(a, 10, 30, 0);
	SHOW(send_to(b, "truncated", "127.0.0.1", p));
	receive_room(a, 20, 30, 0);
	return 0;
}
