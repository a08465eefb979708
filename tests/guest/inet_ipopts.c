/* Options of ip(7): values, defaults, short values and refusals, on datagram and raw sockets. */
// needs-root: raw sockets
#include "inet.h"

static const struct { int name; const char *text; } options[] = {
#define O(x) { x, #x }
	O(IP_TOS), O(IP_TTL), O(IP_HDRINCL), O(IP_RECVOPTS), O(IP_RETOPTS), O(IP_PKTINFO), O(IP_MTU_DISCOVER), O(IP_RECVERR),
	O(IP_RECVTTL), O(IP_RECVTOS), O(IP_MTU), O(IP_FREEBIND), O(IP_PASSSEC), O(IP_TRANSPARENT), O(IP_RECVORIGDSTADDR),
	O(IP_MINTTL), O(IP_NODEFRAG), O(IP_CHECKSUM), O(IP_BIND_ADDRESS_NO_PORT), O(IP_RECVFRAGSIZE), O(26 /* RFC4884 */),
	O(IP_MULTICAST_TTL), O(IP_MULTICAST_LOOP), O(IP_MULTICAST_ALL), O(51 /* IP_LOCAL_PORT_RANGE */),
	O(150),
#undef O
};

static void table(int s)
{
	for (unsigned i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		static const int tries[] = { -2, -1, 0, 1, 5, 255, 256 };
		int name = options[i].name, v = get_int(s, IPPROTO_IP, name), e = errno, r;
		unsigned char c = 7;
		socklen_t n = 1;

		printf("%s: get %d%s", options[i].text, v, v == -1 ? "/" : "");
		if (v == -1)
			printf("%s", errno_name(e));
		for (unsigned t = 0; t < 7; t++) {
			r = set_int(s, IPPROTO_IP, name, tries[t]);
			printf(" %d:%s", tries[t], r ? errno_name(errno) : "ok");
			v = get_int(s, IPPROTO_IP, name);
			if (!r && v != -1)
				printf("=%d", v);
		}
		r = setsockopt(s, IPPROTO_IP, name, &c, 1);
		printf(" byte:%s", r ? errno_name(errno) : "ok");
		r = getsockopt(s, IPPROTO_IP, name, &c, &n);
		printf(" get byte:%s", r ? errno_name(errno) : "ok");
		if (!r)
			printf("=%d/%d", c, (int)n);
		r = setsockopt(s, IPPROTO_IP, name, &c, 0);
		printf(" none:%s", r ? errno_name(errno) : "ok");
		r = setsockopt(s, IPPROTO_IP, name, BAD_PTR, 4);
		printf(" bad:%s\n", r ? errno_name(errno) : "ok");
	}
}

int main(void)
{
	int s = bound("127.0.0.1"), r = socket(AF_INET, SOCK_RAW, IPPROTO_RAW);
	addr_t a = local_addr(s);
	unsigned char opts[44] = { 7, 7, 4 };
	socklen_t n;

	table(s);
	printf("-- raw\n");
	table(r);
	SHOW(connect(s, &a.sa, sizeof(a.in)));
	SHOW(get_int(s, IPPROTO_IP, IP_MTU));
	SHOW(setsockopt(s, IPPROTO_IP, IP_OPTIONS, opts, 7));
	n = sizeof(opts);
	SHOW(getsockopt(s, IPPROTO_IP, IP_OPTIONS, opts, &n));
	SHOW(n);
	SHOW(setsockopt(s, IPPROTO_IP, IP_OPTIONS, opts, 41));
	opts[1] = 2;
	SHOW(setsockopt(s, IPPROTO_IP, IP_OPTIONS, opts, 8));
	SHOW(setsockopt(s, IPPROTO_IP, IP_OPTIONS, opts, 0));
	n = sizeof(opts);
	SHOW(getsockopt(s, IPPROTO_IP, IP_OPTIONS, opts, &n));
	SHOW(n);
	n = -1;
	SHOW(getsockopt(s, IPPROTO_IP, IP_TTL, opts, &n));
	SHOW(getsockopt(s, IPPROTO_IP, IP_TTL, opts, BAD_PTR));
	SHOW(set_int(s, IPPROTO_IP, IP_UNICAST_IF, htonl(1)));
	SHOW(set_int(s, IPPROTO_IP, IP_UNICAST_IF, htonl(9999)));
	SHOW(set_int(s, IPPROTO_IP, IP_TOS, 0x10));
	SHOW(get_int(s, SOL_SOCKET, SO_PRIORITY));
	SHOW(set_int(s, IPPROTO_IP, IP_TOS, 0x08));
	SHOW(get_int(s, SOL_SOCKET, SO_PRIORITY));
	return 0;
}
