/* IPv6: what a receiver is told of a packet, and what a sender says of one. */
// needs-root: extension headers
#include "inet.h"

int main(void)
{
	int a = bound("::"), b = bound("::"), v;
	unsigned short p = port_of(a);
	addr_t to = addr_of("::1", p);
	struct in6_pktinfo info = { IN6ADDR_LOOPBACK_INIT, 0 };
	unsigned char hop[8] = { 0, 0, 1, 4 };

	set_int(b, IPPROTO_IPV6, IPV6_AUTOFLOWLABEL, 0);
	set_int(a, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
	SHOW(send_to(b, "info", "::1", p));
	receive(a);
	set_int(a, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1);
	set_int(a, IPPROTO_IPV6, IPV6_RECVTCLASS, 1);
	set_int(a, IPPROTO_IPV6, 74, 1);
	set_int(a, IPPROTO_IPV6, IPV6_RECVHOPOPTS, 1);
	set_int(a, IPPROTO_IPV6, IPV6_RECVDSTOPTS, 1);
	set_int(a, IPPROTO_IPV6, IPV6_2292PKTINFO, 1);
	set_int(a, IPPROTO_IPV6, IPV6_2292HOPLIMIT, 1);
	SHOW(send_to(b, "all", "::1", p));
	receive(a);
	set_int(a, IPPROTO_IPV6, IPV6_2292PKTINFO, 0);
	set_int(a, IPPROTO_IPV6, IPV6_2292HOPLIMIT, 0);
	set_int(b, IPPROTO_IPV6, IPV6_UNICAST_HOPS, 9);
	set_int(b, IPPROTO_IPV6, IPV6_TCLASS, 0x48);
	SHOW(send_to(b, "hops 9", "::1", p));
	receive(a);
	v = 77;
	SHOW(send_cmsg(b, "hops 77", &to, IPPROTO_IPV6, IPV6_HOPLIMIT, &v, 4));
	receive(a);
	SHOW(send_cmsg(b, "tclass 77", &to, IPPROTO_IPV6, IPV6_TCLASS, &v, 4));
	receive(a);
	v = 256;
	SHOW(send_cmsg(b, "x", &to, IPPROTO_IPV6, IPV6_HOPLIMIT, &v, 4));
	SHOW(send_cmsg(b, "x", &to, IPPROTO_IPV6, IPV6_TCLASS, &v, 4));
	SHOW(send_cmsg(b, "x", &to, IPPROTO_IPV6, IPV6_TCLASS, &v, 2));
	v = -1;
	SHOW(send_cmsg(b, "hops -1", &to, IPPROTO_IPV6, IPV6_HOPLIMIT, &v, 4));
	receive(a);
	SHOW(send_cmsg(b, "from ::1", &to, IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof(info)));
	receive(a);
	info.ipi6_ifindex = 1;
	SHOW(send_cmsg(b, "by lo", &to, IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof(info)));
	receive(a);
	info.ipi6_ifindex = 9999;
	SHOW(send_cmsg(b, "x", &to, IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof(info)));
	info.ipi6_ifindex = 0;
	inet_pton(AF_INET6, "2001:db8::9", &info.ipi6_addr);
	SHOW(send_cmsg(b, "x", &to, IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof(info)));
	SHOW(send_cmsg(b, "x", &to, IPPROTO_IPV6, IPV6_PKTINFO, &info, 5));
	SHOW(send_cmsg(b, "hop by hop", &to, IPPROTO_IPV6, IPV6_HOPOPTS, hop, 8));
	receive(a);
	SHOW(send_cmsg(b, "destination", &to, IPPROTO_IPV6, IPV6_DSTOPTS, hop, 8));
	receive(a);
	SHOW(send_cmsg(b, "x", &to, IPPROTO_IPV6, IPV6_DSTOPTS, hop, 5));
	hop[1] = 3;
	SHOW(send_cmsg(b, "x", &to, IPPROTO_IPV6, IPV6_DSTOPTS, hop, 8));
	hop[1] = 0;
	SHOW(setsockopt(b, IPPROTO_IPV6, IPV6_HOPOPTS, hop, 8));
	SHOW(send_to(b, "sticky", "::1", p));
	receive(a);
	SHOW(send_cmsg(b, "x", &to, IPPROTO_IPV6, 150, &v, 4));
	SHOW(send_cmsg(b, "other level", &to, 99, 1, &v, 4));
	receive(a);
	return 0;
}
