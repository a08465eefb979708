/* IPV6_RECVERR on dual-stack sockets: errors of both families come to the queue of the socket; RFC 4884 off. */
#include "inet.h"

static unsigned short free_port(const char *text)
{
	int s = bound(text);
	unsigned short p = port_of(s);

	close(s);
	return p;
}

int main(void)
{
	int s = bound("::");
	addr_t four = addr_of("::ffff:127.0.0.1", free_port("127.0.0.1")), six = addr_of("::1", free_port("::1"));
	static char big[70000];

	set_int(s, IPPROTO_IPV6, IPV6_RECVERR, 1);
	set_int(s, IPPROTO_IP, IP_RECVERR, 1);
	SHOW(sendto(s, "six", 3, 0, &six.sa, sizeof(six.in6)));
	receive_err(s);
	SHOW(get_int(s, SOL_SOCKET, SO_ERROR));
	SHOW(sendto(s, "four", 4, 0, &four.sa, sizeof(four.in6)));
	receive_err(s);
	SHOW(get_int(s, SOL_SOCKET, SO_ERROR));
	SHOW(sendto(s, big, 65530, 0, &six.sa, sizeof(six.in6)));
	receive_err(s);
	SHOW(sendto(s, big, 65510, 0, &four.sa, sizeof(four.in6)));
	receive_err(s);
	set_int(s, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
	set_int(s, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1);
	SHOW(sendto(s, "six", 3, 0, &six.sa, sizeof(six.in6)));
	receive_err(s);
	SHOW(sendto(s, "one", 3, 0, &six.sa, sizeof(six.in6)));
	SHOW(recv(s, big, 10, MSG_DONTWAIT));
	SHOW(sendto(s, "two", 3, 0, &six.sa, sizeof(six.in6)));
	SHOW(sendto(s, "three", 5, 0, &six.sa, sizeof(six.in6)));
	receive_err(s);
	receive_err(s);
	receive_err(s);
	receive_err(s);
	return 0;
}
