/* Options of ipv6(7): values, defaults, short values and refusals. */
// needs-root: raw sockets
#include "inet.h"

static const struct { int name; const char *text; } options[] = {
#define O(x) { x, #x }
	O(IPV6_V6ONLY), O(IPV6_RECVPKTINFO), O(IPV6_2292PKTINFO), O(IPV6_RECVHOPLIMIT), O(IPV6_2292HOPLIMIT),
	O(IPV6_RECVRTHDR), O(IPV6_2292RTHDR), O(IPV6_RECVHOPOPTS), O(IPV6_2292HOPOPTS), O(IPV6_RECVDSTOPTS),
	O(IPV6_2292DSTOPTS), O(IPV6_TCLASS), O(IPV6_RECVTCLASS), O(11 /* FLOWINFO */), O(IPV6_RECVPATHMTU),
	O(IPV6_TRANSPARENT), O(74 /* ORIGDSTADDR */), O(IPV6_UNICAST_HOPS), O(IPV6_MULTICAST_HOPS), O(IPV6_MULTICAST_LOOP),
	O(IPV6_MULTICAST_IF), O(IPV6_MULTICAST_ALL), O(IPV6_MTU_DISCOVER), O(IPV6_MTU), O(IPV6_RECVERR), O(33 /* FLOWINFO_SEND */),
	O(IPV6_MINHOPCOUNT), O(IPV6_DONTFRAG), O(IPV6_AUTOFLOWLABEL), O(IPV6_RECVFRAGSIZE), O(IPV6_FREEBIND),
	O(31 /* RECVERR_RFC4884 */), O(30 /* ROUTER_ALERT_ISOLATE */), O(150),
#undef O
};

static void table(int s)
{
	for (unsigned i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		static const int tries[] = { -2, -1, 0, 1, 5, 255, 256, 1300 };
		int name = options[i].name, v = get_int(s, IPPROTO_IPV6, name), e = errno, r;
		unsigned char c = 7;
		socklen_t n = 1;

		printf("%s: get %d%s", options[i].text, v, v == -1 ? "/" : "");
		if (v == -1)
			printf("%s", errno_name(e));
		for (unsigned t = 0; t < 8; t++) {
			if (name == IPV6_MULTICAST_IF && tries[t] > 1)
				continue;
			r = set_int(s, IPPROTO_IPV6, name, tries[t]);
			printf(" %d:%s", tries[t], r ? errno_name(errno) : "ok");
			v = get_int(s, IPPROTO_IPV6, name);
			if (!r && v != -1)
				printf("=%d", v);
		}
		r = setsockopt(s, IPPROTO_IPV6, name, &c, 1);
		printf(" byte:%s", r ? errno_name(errno) : "ok");
		r = getsockopt(s, IPPROTO_IPV6, name, &c, &n);
		printf(" get byte:%s", r ? errno_name(errno) : "ok");
		if (!r)
			printf("=%d/%d", c, (int)n);
		r = setsockopt(s, IPPROTO_IPV6, name, &c, 0);
		printf(" none:%s", r ? errno_name(errno) : "ok");
		r = setsockopt(s, IPPROTO_IPV6, name, BAD_PTR, 4);
		printf(" bad:%s\n", r ? errno_name(errno) : "ok");
	}
}

int main(void)
{
	int s = socket(AF_INET6, SOCK_DGRAM, 0), b = bound("::1"), r = socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6);
	addr_t a = local_addr(b);
	unsigned char hop[16] = { 0, 0, 1, 4 };
	struct ip6_mtuinfo info;
	socklen_t n;

	table(s);
	printf("-- raw\n");
	table(r);
	SHOW(connect(b, &a.sa, sizeof(a.in6)));
	SHOW(get_int(b, IPPROTO_IPV6, IPV6_MTU));
	n = sizeof(info);
	SHOW(getsockopt(b, IPPROTO_IPV6, IPV6_PATHMTU, &info, &n));
	SHOW(info.ip6m_mtu);
	n = 4;
	SHOW(getsockopt(b, IPPROTO_IPV6, IPV6_PATHMTU, &info, &n));
	SHOW(set_int(b, IPPROTO_IPV6, IPV6_V6ONLY, 1));
	SHOW(setsockopt(b, IPPROTO_IPV6, IPV6_HOPOPTS, hop, 8));
	n = sizeof(hop);
	SHOW(getsockopt(b, IPPROTO_IPV6, IPV6_HOPOPTS, hop, &n));
	SHOW(n);
	SHOW(setsockopt(b, IPPROTO_IPV6, IPV6_HOPOPTS, hop, 7));
	hop[1] = 1;
	SHOW(setsockopt(b, IPPROTO_IPV6, IPV6_HOPOPTS, hop, 8));
	SHOW(setsockopt(b, IPPROTO_IPV6, IPV6_HOPOPTS, hop, 0));
	n = sizeof(hop);
	SHOW(getsockopt(b, IPPROTO_IPV6, IPV6_HOPOPTS, hop, &n));
	SHOW(n);
	SHOW(set_int(r, IPPROTO_IPV6, IPV6_CHECKSUM, 2));
	SHOW(get_int(r, IPPROTO_IPV6, IPV6_CHECKSUM));
	close(r);
	r = socket(AF_INET6, SOCK_RAW, 200);
	SHOW(get_int(r, IPPROTO_IPV6, IPV6_CHECKSUM));
	SHOW(set_int(r, IPPROTO_IPV6, IPV6_CHECKSUM, 3));
	SHOW(set_int(r, IPPROTO_IPV6, IPV6_CHECKSUM, 4));
	SHOW(get_int(r, IPPROTO_IPV6, IPV6_CHECKSUM));
	SHOW(set_int(r, IPPROTO_IPV6, IPV6_CHECKSUM, -1));
	SHOW(set_int(s, IPPROTO_IPV6, IPV6_CHECKSUM, 4));
	SHOW(set_int(s, IPPROTO_IPV6, IPV6_ADDRFORM, AF_INET));
	SHOW(set_int(s, IPPROTO_IPV6, IPV6_UNICAST_IF, htonl(1)));
	SHOW(set_int(s, IPPROTO_IPV6, IPV6_UNICAST_IF, htonl(9999)));
	SHOW(set_int(s, IPPROTO_IP, IP_TTL, 5));
	SHOW(get_int(s, IPPROTO_IP, IP_TTL));
	SHOW(get_int(s, 250, 1));
	return 0;
}
