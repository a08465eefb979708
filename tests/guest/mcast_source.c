/* Source filters of IPv4 memberships: both interfaces, modes, limits. */
#include "inet.h"

static int a, b, c;
static unsigned short p;

static void both(void)
{
	send_to(b, "from 1", "239.4.4.4", p);
	send_to(c, "from 2", "239.4.4.4", p);
	receive(a);
	receive(a);
}

int main(void)
{
	struct in_addr lo = { htonl(INADDR_LOOPBACK) };
	struct ip_mreq_source s;
	struct ip_mreqn m = { .imr_ifindex = 1 };
	struct group_source_req g = { .gsr_interface = 1 };
	struct group_req gr = { .gr_interface = 1 };
	union { struct ip_msfilter f; char room[100]; } f;
	socklen_t n;

	a = bound("0.0.0.0");
	b = bound("127.0.0.1");
	c = bound("127.0.0.2");
	p = port_of(a);
	setsockopt(b, IPPROTO_IP, IP_MULTICAST_IF, &lo, sizeof(lo));
	setsockopt(c, IPPROTO_IP, IP_MULTICAST_IF, &lo, sizeof(lo));
	set_int(a, IPPROTO_IP, IP_MULTICAST_ALL, 0);
	memset(&s, 0, sizeof(s));
	inet_pton(AF_INET, "239.4.4.4", &s.imr_multiaddr);
	inet_pton(AF_INET, "127.0.0.1", &s.imr_sourceaddr);
	s.imr_interface = lo;
	m.imr_multiaddr = s.imr_multiaddr;
	SHOW(setsockopt(a, IPPROTO_IP, IP_BLOCK_SOURCE, &s, sizeof(s)));
	SHOW(setsockopt(a, IPPROTO_IP, IP_ADD_MEMBERSHIP, &m, sizeof(m)));
	both();
	SHOW(setsockopt(a, IPPROTO_IP, IP_BLOCK_SOURCE, &s, sizeof(s)));
	SHOW(setsockopt(a, IPPROTO_IP, IP_BLOCK_SOURCE, &s, sizeof(s)));
	both();
	SHOW(setsockopt(a, IPPROTO_IP, IP_ADD_SOURCE_MEMBERSHIP, &s, sizeof(s)));
	SHOW(setsockopt(a, IPPROTO_IP, IP_UNBLOCK_SOURCE, &s, sizeof(s)));
	SHOW(setsockopt(a, IPPROTO_IP, IP_UNBLOCK_SOURCE, &s, sizeof(s)));
	both();
	SHOW(setsockopt(a, IPPROTO_IP, IP_DROP_MEMBERSHIP, &m, sizeof(m)));
	SHOW(setsockopt(a, IPPROTO_IP, IP_ADD_SOURCE_MEMBERSHIP, &s, sizeof(s)));
	both();
	inet_pton(AF_INET, "127.0.0.2", &s.imr_sourceaddr);
	SHOW(setsockopt(a, IPPROTO_IP, IP_ADD_SOURCE_MEMBERSHIP, &s, sizeof(s)));
	both();
	memset(&f, 0, sizeof(f));
	f.f.imsf_multiaddr = s.imr_multiaddr;
	f.f.imsf_interface = lo;
	f.f.imsf_numsrc = 2;
	n = IP_MSFILTER_SIZE(2);
	SHOW(getsockopt(a, IPPROTO_IP, IP_MSFILTER, &f, &n));
	printf("mode %u sources %u len %u %s %s\n", f.f.imsf_fmode, f.f.imsf_numsrc, n,
		addr_text(&(addr_t){ .in = { AF_INET, 0, f.f.imsf_slist[0] } }),
		addr_text(&(addr_t){ .in = { AF_INET, 0, *(&f.f.imsf_slist[0] + 1) } }));
	SHOW(setsockopt(a, IPPROTO_IP, IP_DROP_SOURCE_MEMBERSHIP, &s, sizeof(s)));
	SHOW(setsockopt(a, IPPROTO_IP, IP_DROP_SOURCE_MEMBERSHIP, &s, sizeof(s)));
	both();
	f.f.imsf_fmode = MCAST_EXCLUDE;
	f.f.imsf_numsrc = 1;
	f.f.imsf_slist[0].s_addr = htonl(0x7f000001);
	SHOW(setsockopt(a, IPPROTO_IP, IP_MSFILTER, &f, IP_MSFILTER_SIZE(1)));
	both();
	f.f.imsf_numsrc = 11;
	SHOW(setsockopt(a, IPPROTO_IP, IP_MSFILTER, &f, IP_MSFILTER_SIZE(11)));
	f.f.imsf_numsrc = 3;
	SHOW(setsockopt(a, IPPROTO_IP, IP_MSFILTER, &f, IP_MSFILTER_SIZE(1)));
	SHOW(setsockopt(a, IPPROTO_IP, IP_MSFILTER, &f, 8));
	f.f.imsf_fmode = 7;
	f.f.imsf_numsrc = 0;
	SHOW(setsockopt(a, IPPROTO_IP, IP_MSFILTER, &f, IP_MSFILTER_SIZE(0)));
	f.f.imsf_fmode = MCAST_INCLUDE;
	SHOW(setsockopt(a, IPPROTO_IP, IP_MSFILTER, &f, IP_MSFILTER_SIZE(0)));
	both();
	SHOW(setsockopt(a, IPPROTO_IP, IP_DROP_MEMBERSHIP, &m, sizeof(m)));
	/* The protocol-independent interface. */
	((struct sockaddr_in *)&g.gsr_group)->sin_family = AF_INET;
	((struct sockaddr_in *)&g.gsr_group)->sin_addr = m.imr_multiaddr;
	((struct sockaddr_in *)&g.gsr_source)->sin_family = AF_INET;
	((struct sockaddr_in *)&g.gsr_source)->sin_addr = lo;
	memcpy(&gr.gr_group, &g.gsr_group, sizeof(gr.gr_group));
	SHOW(setsockopt(a, IPPROTO_IP, MCAST_JOIN_GROUP, &gr, sizeof(gr)));
	both();
	SHOW(setsockopt(a, IPPROTO_IP, MCAST_BLOCK_SOURCE, &g, sizeof(g)));
	both();
	SHOW(setsockopt(a, IPPROTO_IP, MCAST_UNBLOCK_SOURCE, &g, sizeof(g)));
	SHOW(setsockopt(a, IPPROTO_IP, MCAST_LEAVE_GROUP, &gr, sizeof(gr)));
	SHOW(setsockopt(a, IPPROTO_IP, MCAST_JOIN_SOURCE_GROUP, &g, sizeof(g)));
	both();
	SHOW(setsockopt(a, IPPROTO_IP, MCAST_LEAVE_SOURCE_GROUP, &g, sizeof(g)));
	SHOW(setsockopt(a, IPPROTO_IP, MCAST_LEAVE_GROUP, &gr, sizeof(gr)));
	gr.gr_group.ss_family = AF_INET6;
	SHOW(setsockopt(a, IPPROTO_IP, MCAST_JOIN_GROUP, &gr, sizeof(gr)));
	SHOW(setsockopt(a, IPPROTO_IP, MCAST_JOIN_GROUP, &gr, 8));
	g.gsr_source.ss_family = AF_INET6;
	SHOW(setsockopt(a, IPPROTO_IP, MCAST_BLOCK_SOURCE, &g, sizeof(g)));
	SHOW(setsockopt(a, IPPROTO_IP, IP_BLOCK_SOURCE, &s, 4));
	return 0;
}
