/* Datagrams larger than the path's MTU: fragments over IPv6, IPV6_DONTFRAG, IPV6_MTU and IPV6_RECVFRAGSIZE; IPV6_RECVPATHMTU. */
#include "inet.h"

int main(void)
{
	int a = bound("::1"), b = bound("::1");
	unsigned short p = port_of(a);
	addr_t to = local_addr(a);
	static char big[65535], got[65535];
	long n;

	for (unsigned i = 0; i < sizeof(big); i++)
		big[i] = (char)(i * 7 + i / 256);
	SHOW(sendto(b, big, 65527, 0, &to.sa, sizeof(to.in6)));
	n = recv(a, got, sizeof(got), MSG_DONTWAIT);
	SHOW(n);
	SHOW(memcmp(big, got, 65527));
	SHOW(set_int(b, IPPROTO_IPV6, IPV6_MTU, 1280));
	set_int(a, IPPROTO_IPV6, IPV6_RECVFRAGSIZE, 1);
	SHOW(sendto(b, big, 5000, 0, &to.sa, sizeof(to.in6)));
	receive(a);
	SHOW(sendto(b, big, 1232, 0, &to.sa, sizeof(to.in6)));
	receive(a);
	SHOW(sendto(b, big, 1233, 0, &to.sa, sizeof(to.in6)));
	receive(a);
	SHOW(sendto(b, big, 5000, 0, &to.sa, sizeof(to.in6)));
	n = recv(a, got, sizeof(got), MSG_DONTWAIT);
	SHOW(n);
	SHOW(memcmp(big, got, 5000));
	SHOW(set_int(b, IPPROTO_IPV6, IPV6_RECVERR, 1));
	SHOW(set_int(b, IPPROTO_IPV6, IPV6_RECVPATHMTU, 1));
	SHOW(set_int(b, IPPROTO_IPV6, IPV6_DONTFRAG, 1));
	SHOW(sendto(b, big, 5000, 0, &to.sa, sizeof(to.in6)));
	receive_err(b);
	receive(b);
	SHOW(set_int(b, IPPROTO_IPV6, IPV6_DONTFRAG, 0));
	SHOW(set_int(b, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_DO));
	SHOW(sendto(b, big, 5000, 0, &to.sa, sizeof(to.in6)));
	receive_err(b);
	SHOW(send_to(b, "small", "::1", p));
	receive(a);
	return 0;
}
