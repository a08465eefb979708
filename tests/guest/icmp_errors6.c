/* ICMPv6 errors by hand: which socket hears of them, and as what. Not Packet Too Big: it would last on the
 * host, for every user of ::1. */
// needs-root: a raw socket
#include "inet.h"
#include <netinet/ip6.h>

static struct { struct icmp6_hdr h; struct ip6_hdr ip; struct udphdr udp; char data[4]; } e;

static void error(int r, int type, int code, unsigned info, unsigned short source, unsigned short dest)
{
	addr_t a = addr_of("::1", 0);

	memset(&e, 0, sizeof(e));
	e.h.icmp6_type = type;
	e.h.icmp6_code = code;
	e.h.icmp6_mtu = htonl(info);
	e.ip.ip6_vfc = 0x60;
	e.ip.ip6_plen = htons(12);
	e.ip.ip6_nxt = 17;
	e.ip.ip6_hlim = 64;
	e.ip.ip6_src = e.ip.ip6_dst = in6addr_loopback;
	e.udp.source = source;
	e.udp.dest = dest;
	e.udp.len = htons(12);
	memcpy(e.data, "quot", 4);
	printf("type %d code %d: %zd\n", type, code, sendto(r, &e, sizeof(e), 0, &a.sa, sizeof(a.in6)));
}

int main(void)
{
	static const struct { int type, code; unsigned info; } errors[] = { { 1, 0, 0 }, { 1, 1, 0 }, { 1, 3, 0 }, { 1, 4, 0 },
		{ 1, 6, 0 }, { 1, 200, 0 }, { 3, 0, 0 }, { 4, 1, 6 }, { 100, 0, 0 } };
	int r = socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6), u = bound("::1"), c = bound("::1");
	addr_t peer = addr_of("::1", htons(9));
	char buf[10];

	connect(c, &peer.sa, sizeof(peer.in6));
	for (unsigned i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		error(r, errors[i].type, errors[i].code, errors[i].info, port_of(c), htons(9));
		SHOW(get_int(c, SOL_SOCKET, SO_ERROR));
	}
	error(r, 1, 4, 0, port_of(u), htons(9));
	SHOW(recv(u, buf, sizeof(buf), MSG_DONTWAIT));
	set_int(u, IPPROTO_IPV6, IPV6_RECVERR, 1);
	for (unsigned i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		error(r, errors[i].type, errors[i].code, errors[i].info, port_of(u), htons(9));
		receive_err(u);
	}
	SHOW(get_int(u, SOL_SOCKET, SO_ERROR));
	/* Of somebody else's packet. */
	error(r, 1, 4, 0, htons(1), htons(9));
	receive_err(u);
	return 0;
}
