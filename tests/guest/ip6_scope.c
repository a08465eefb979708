/* Scope ids: addresses that need one, and what sin6_scope_id means for those that do not. musl */
#include "inet.h"

int main(void)
{
	int s = bound("::1"), t;
	addr_t x = local_addr(s), link = addr_of("fe80::1234", htons(9));

	printf("scope of ::1: %u\n", x.in6.sin6_scope_id);
	t = socket(AF_INET6, SOCK_DGRAM, 0);
	x.in6.sin6_scope_id = 1;
	SHOW(sendto(t, "scope 1", 7, 0, &x.sa, sizeof(x.in6)));
	receive(s);
	x.in6.sin6_scope_id = 9999;
	SHOW(sendto(t, "scope 9999", 10, 0, &x.sa, sizeof(x.in6)));
	receive(s);
	SHOW(connect(t, &x.sa, sizeof(x.in6)));
	SHOW(getpeername(t, &x.sa, &(socklen_t){ sizeof(x) }));
	printf("scope of the peer: %u\n", x.in6.sin6_scope_id);
	link.in6.sin6_scope_id = 9999;
	SHOW(sendto(t, "x", 1, 0, &link.sa, sizeof(link.in6)) == -1);
	SHOW(bind(socket(AF_INET6, SOCK_DGRAM, 0), &link.sa, sizeof(link.in6)));
	link.in6.sin6_scope_id = 1;
	SHOW(bind(socket(AF_INET6, SOCK_DGRAM, 0), &link.sa, sizeof(link.in6)));
	link.in6.sin6_scope_id = 0;
	SHOW(bind(socket(AF_INET6, SOCK_DGRAM, 0), &link.sa, sizeof(link.in6)));
	SHOW(connect(socket(AF_INET6, SOCK_DGRAM, 0), &link.sa, sizeof(link.in6)));
	set_int(t, SOL_SOCKET, SO_BINDTOIFINDEX, 1);
	link.in6.sin6_scope_id = 2;
	SHOW(connect(t, &link.sa, sizeof(link.in6)));
	SHOW(set_int(t, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, 256));
	SHOW(set_int(t, IPPROTO_IPV6, IPV6_UNICAST_HOPS, 0));
	x = addr_of("::1", port_of(s));
	SHOW(sendto(t, "no hops", 7, 0, &x.sa, sizeof(x.in6)));
	receive(s);
	return 0;
}
