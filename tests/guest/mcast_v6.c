/* IPv6 memberships: joining, leaving, errno. What is sent to groups by lo depends on routes, so nothing is sent. */
#include "inet.h"

int main(void)
{
	int a = socket(AF_INET6, SOCK_DGRAM, 0);
	struct ipv6_mreq m = { .ipv6mr_interface = 1 };
	struct group_req g = { .gr_interface = 1 };
	struct group_source_req s = { .gsr_interface = 1 };
	addr_t x = addr_of("ff15::1234", 0), y = addr_of("2001:db8::1", 0);

	m.ipv6mr_multiaddr = x.in6.sin6_addr;
	SHOW(setsockopt(a, IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, &m, sizeof(m)));
	SHOW(setsockopt(a, IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, &m, sizeof(m)));
	SHOW(setsockopt(a, IPPROTO_IPV6, IPV6_DROP_MEMBERSHIP, &m, sizeof(m)));
	SHOW(setsockopt(a, IPPROTO_IPV6, IPV6_DROP_MEMBERSHIP, &m, sizeof(m)));
	SHOW(setsockopt(a, IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, &m, 8));
	SHOW(setsockopt(a, IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, BAD_PTR, sizeof(m)));
	m.ipv6mr_interface = 9999;
	SHOW(setsockopt(a, IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, &m, sizeof(m)));
	m.ipv6mr_interface = 1;
	m.ipv6mr_multiaddr = in6addr_loopback;
	SHOW(setsockopt(a, IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, &m, sizeof(m)));
	SHOW(setsockopt(a, IPPROTO_IPV6, IPV6_DROP_MEMBERSHIP, &m, sizeof(m)));
	memcpy(&g.gr_group, &x.in6, sizeof(x.in6));
	SHOW(setsockopt(a, IPPROTO_IPV6, MCAST_JOIN_GROUP, &g, sizeof(g)));
	SHOW(setsockopt(a, IPPROTO_IPV6, MCAST_JOIN_GROUP, &g, sizeof(g)));
	memcpy(&s.gsr_group, &x.in6, sizeof(x.in6));
	memcpy(&s.gsr_source, &y.in6, sizeof(y.in6));
	SHOW(setsockopt(a, IPPROTO_IPV6, MCAST_BLOCK_SOURCE, &s, sizeof(s)));
	SHOW(setsockopt(a, IPPROTO_IPV6, MCAST_BLOCK_SOURCE, &s, sizeof(s)));
	SHOW(setsockopt(a, IPPROTO_IPV6, MCAST_UNBLOCK_SOURCE, &s, sizeof(s)));
	SHOW(setsockopt(a, IPPROTO_IPV6, MCAST_UNBLOCK_SOURCE, &s, sizeof(s)));
	SHOW(setsockopt(a, IPPROTO_IPV6, MCAST_LEAVE_GROUP, &g, sizeof(g)));
	SHOW(setsockopt(a, IPPROTO_IPV6, MCAST_JOIN_SOURCE_GROUP, &s, sizeof(s)));
	SHOW(setsockopt(a, IPPROTO_IPV6, MCAST_LEAVE_SOURCE_GROUP, &s, sizeof(s)));
	SHOW(setsockopt(a, IPPROTO_IPV6, MCAST_LEAVE_GROUP, &g, sizeof(g)));
	g.gr_group.ss_family = AF_INET;
	SHOW(setsockopt(a, IPPROTO_IPV6, MCAST_JOIN_GROUP, &g, sizeof(g)));
	SHOW(setsockopt(a, IPPROTO_IPV6, MCAST_JOIN_GROUP, &g, 4));
	SHOW(set_int(a, IPPROTO_IPV6, IPV6_MULTICAST_IF, 1));
	SHOW(get_int(a, IPPROTO_IPV6, IPV6_MULTICAST_IF));
	SHOW(set_int(a, IPPROTO_IPV6, IPV6_MULTICAST_IF, 9999));
	SHOW(set_int(a, IPPROTO_IPV6, IPV6_MULTICAST_IF, 0));
	x = addr_of("ff02::77", 0);
	SHOW(bind(a, &x.sa, sizeof(x.in6)));
	x.in6.sin6_scope_id = 1;
	SHOW(bind(a, &x.sa, sizeof(x.in6)));
	x = local_addr(a);
	printf("%s scope %u\n", addr_text(&x), x.in6.sin6_scope_id);
	return 0;
}
