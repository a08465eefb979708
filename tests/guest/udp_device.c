/* SO_BINDTODEVICE, SO_BINDTOIFINDEX, IP_UNICAST_IF on lo; who may change them. */
// needs-root: it gives up the privileges that it has
#include "inet.h"

int main(void)
{
	int a = bound("127.0.0.1"), b = bound("127.0.0.1"), c;
	addr_t to = local_addr(a), far = addr_of("192.0.2.254", htons(9));

	SHOW(setsockopt(a, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3));
	SHOW(sendto(b, "bound receiver", 14, 0, &to.sa, sizeof(to.in)));
	receive(a);
	SHOW(set_int(b, SOL_SOCKET, SO_BINDTOIFINDEX, 1));
	SHOW(sendto(b, "both", 4, 0, &to.sa, sizeof(to.in)));
	receive(a);
	SHOW(connect(b, &to.sa, sizeof(to.in)));
	SHOW(send(b, "connected", 9, 0));
	receive(a);
	/* The same port on another device. */
	c = socket(AF_INET, SOCK_DGRAM, 0);
	SHOW(bind(c, &to.sa, sizeof(to.in)));
	SHOW(set_int(c, IPPROTO_IP, IP_UNICAST_IF, htonl(1)));
	SHOW(sendto(c, "by lo", 5, 0, &to.sa, sizeof(to.in)));
	receive(a);
	SHOW(sendto(c, "far away by lo", 14, 0, &far.sa, sizeof(far.in)));
	SHOW(setsockopt(c, SOL_SOCKET, SO_BINDTODEVICE, "a name that is too long", 23));
	SHOW(setsockopt(c, SOL_SOCKET, SO_BINDTODEVICE, BAD_PTR, 4));
	SHOW(setuid(12345));
	SHOW(setsockopt(c, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3));
	SHOW(setsockopt(c, SOL_SOCKET, SO_BINDTODEVICE, "", 0));
	SHOW(setsockopt(a, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3));
	SHOW(set_int(c, SOL_SOCKET, SO_MARK, 1));
	SHOW(set_int(c, SOL_SOCKET, SO_PRIORITY, 7));
	SHOW(set_int(c, SOL_SOCKET, SO_PRIORITY, 6));
	SHOW(set_int(c, SOL_SOCKET, SO_DEBUG, 1));
	SHOW(set_int(c, SOL_SOCKET, SO_SNDBUFFORCE, 1000));
	SHOW(set_int(c, SOL_SOCKET, SO_RCVBUFFORCE, 1000));
	SHOW(set_int(c, IPPROTO_IP, IP_TRANSPARENT, 1));
	SHOW(set_int(c, IPPROTO_IP, IP_TRANSPARENT, 0));
	SHOW(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP));
	SHOW(socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6));
	SHOW(socket(AF_INET, SOCK_RAW, IPPROTO_RAW));
	to.in.sin_port = htons(80);
	SHOW(bind(socket(AF_INET, SOCK_DGRAM, 0), &to.sa, sizeof(to.in)));
	return 0;
}
