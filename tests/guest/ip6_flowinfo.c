/* Flow labels: IPV6_FLOWINFO_SEND, IPV6_FLOWINFO, IPV6_AUTOFLOWLABEL, the label of connected sockets. */
#include "inet.h"
#define FLOWINFO 11
#define FLOWINFO_SEND 33

int main(void)
{
	int a = bound("::1"), b = bound("::1");
	addr_t to = local_addr(a), x;
	socklen_t n = sizeof(x);

	set_int(b, IPPROTO_IPV6, IPV6_AUTOFLOWLABEL, 0);
	SHOW(set_int(a, IPPROTO_IPV6, FLOWINFO, 1));
	SHOW(sendto(b, "none", 4, 0, &to.sa, sizeof(to.in6)));
	receive(a);
	to.in6.sin6_flowinfo = htonl(0x12345);
	SHOW(sendto(b, "not asked", 9, 0, &to.sa, sizeof(to.in6)));
	receive(a);
	SHOW(set_int(b, IPPROTO_IPV6, FLOWINFO_SEND, 1));
	SHOW(sendto(b, "label", 5, 0, &to.sa, sizeof(to.in6)));
	receive(a);
	SHOW(set_int(a, IPPROTO_IPV6, FLOWINFO_SEND, 1));
	SHOW(sendto(b, "in the name", 11, 0, &to.sa, sizeof(to.in6)));
	memset(&x, 0, sizeof(x));
	SHOW(recvfrom(a, (char[20]){ 0 }, 20, MSG_DONTWAIT, &x.sa, &n));
	printf("%#x\n", ntohl(x.in6.sin6_flowinfo));
	SHOW(connect(b, &to.sa, sizeof(to.in6)));
	SHOW(send(b, "connected", 9, 0));
	receive(a);
	n = sizeof(x);
	SHOW(getpeername(b, &x.sa, &n));
	printf("%#x\n", ntohl(x.in6.sin6_flowinfo));
	SHOW(set_int(b, IPPROTO_IPV6, IPV6_TCLASS, 0x20));
	SHOW(send(b, "class", 5, 0));
	receive(a);
	return 0;
}
