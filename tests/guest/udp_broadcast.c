/* Broadcast over lo: SO_BROADCAST, who hears it, and what a receiver is told. */
#include "inet.h"

int main(void)
{
	int a = bound("0.0.0.0"), b = bound("127.0.0.1"), c = bound("127.0.0.1"), d = bound("127.255.255.255");
	unsigned short p = port_of(a);
	addr_t x = addr_of("127.255.255.255", p);

	set_int(a, IPPROTO_IP, IP_PKTINFO, 1);
	SHOW(send_to(b, "x", "127.255.255.255", p));
	SHOW(connect(b, &x.sa, sizeof(x.in)));
	SHOW(set_int(b, SOL_SOCKET, SO_BROADCAST, 1));
	SHOW(send_to(b, "to all", "127.255.255.255", p));
	receive(a);
	SHOW(connect(b, &x.sa, sizeof(x.in)));
	SHOW(send(b, "connected", 9, 0));
	receive(a);
	SHOW(send_to(b, "c is bound", "127.255.255.255", port_of(c)));
	receive(c);
	SHOW(send_to(b, "d is bound to it", "127.255.255.255", port_of(d)));
	receive(d);
	SHOW(send_to(d, "from d", "127.0.0.1", p));
	receive(a);
	SHOW(set_int(b, SOL_SOCKET, SO_BROADCAST, 0));
	SHOW(send(b, "x", 1, 0));
	return 0;
}
