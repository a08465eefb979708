/* Datagrams without checksum: SO_NO_CHECK, UDP_NO_CHECK6_TX and _RX; checksums that are wrong. */
// needs-root: a raw socket
#include "inet.h"

static void raw_send(int r, unsigned short port, unsigned short sum, const char *to)
{
	struct { struct udphdr h; char data[4]; } p = { .h = { .source = htons(7), .dest = port, .len = htons(12), .check = sum },
		.data = "data" };
	addr_t a = addr_of(to, 0);

	SHOW(sendto(r, &p, sizeof(p), 0, &a.sa, addr_len(&a)));
}

int main(void)
{
	int a = bound("127.0.0.1"), b = bound("127.0.0.1"), a6 = bound("::1"), b6 = bound("::1");
	int r = socket(AF_INET, SOCK_RAW, IPPROTO_UDP), r6 = socket(AF_INET6, SOCK_RAW, IPPROTO_UDP), v;

	SHOW(set_int(b, SOL_SOCKET, SO_NO_CHECK, 1));
	SHOW(send_to(b, "without", "127.0.0.1", port_of(a)));
	receive(a);
	SHOW(get_int(b6, IPPROTO_UDP, UDP_NO_CHECK6_TX));
	SHOW(set_int(b6, IPPROTO_UDP, UDP_NO_CHECK6_TX, 1));
	SHOW(get_int(b6, IPPROTO_UDP, UDP_NO_CHECK6_TX));
	SHOW(send_to(b6, "dropped", "::1", port_of(a6)));
	receive(a6);
	SHOW(set_int(a6, IPPROTO_UDP, UDP_NO_CHECK6_RX, 1));
	SHOW(get_int(a6, IPPROTO_UDP, UDP_NO_CHECK6_RX));
	SHOW(send_to(b6, "taken", "::1", port_of(a6)));
	receive(a6);
	raw_send(r, port_of(a), 0, "127.0.0.1");
	receive(a);
	raw_send(r, port_of(a), 0x1111, "127.0.0.1");
	SHOW(ioctl(a, SIOCINQ, &v));
	receive(a);
	raw_send(r6, port_of(a6), 0x1111, "::1");
	receive(a6);
	SHOW(set_int(r6, IPPROTO_IPV6, IPV6_CHECKSUM, 6));
	raw_send(r6, port_of(a6), 0, "::1");
	receive(a6);
	return 0;
}
