/* IPv6 fragments by hand. */
// needs-root: raw sockets
#include "inet.h"
#include <netinet/ip6.h>

static int s;

static int frag(unsigned id, int offset, int more, const char *data, int len)
{
	struct { struct ip6_hdr ip; struct ip6_frag f; char data[100]; } p;
	addr_t a = addr_of("::1", 0);

	memset(&p, 0, sizeof(p));
	p.ip.ip6_vfc = 0x60;
	p.ip.ip6_plen = htons(8 + len);
	p.ip.ip6_nxt = 44;
	p.ip.ip6_hlim = 64;
	p.ip.ip6_src = p.ip.ip6_dst = in6addr_loopback;
	p.f.ip6f_nxt = 215;
	p.f.ip6f_offlg = htons(offset | more);
	p.f.ip6f_ident = htonl(id);
	memcpy(p.data, data, len);
	return sendto(s, &p, 48 + len, 0, &a.sa, sizeof(a.in6)) == 48 + len;
}

static void show(int r)
{
	char buf[200];
	int n = recv(r, buf, sizeof(buf), MSG_DONTWAIT);

	if (n < 0)
		printf("recv: %s\n", errno_name(errno));
	else
		printf("recv %d: '%.*s'\n", n, n, buf);
}

int main(void)
{
	int r = socket(AF_INET6, SOCK_RAW, 215), e = socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6), n;
	unsigned id = getpid() << 8;
	unsigned char buf[200];

	s = socket(AF_INET6, SOCK_RAW, IPPROTO_RAW);
	SHOW(frag(id + 1, 0, 1, "01234567", 8) + frag(id + 1, 8, 0, "89abc", 5));
	show(r);
	SHOW(frag(id + 2, 8, 0, "89abc", 5) + frag(id + 2, 0, 1, "01234567", 8));
	show(r);
	SHOW(frag(id + 3, 0, 1, "0123456789abcdef", 16) + frag(id + 3, 8, 1, "XXXXXXXXXXXXXXXX", 16)
		+ frag(id + 3, 24, 0, "end", 3));
	show(r);
	SHOW(frag(id + 4, 0, 1, "01234567", 8) + frag(id + 4, 0, 1, "01234567", 8) + frag(id + 4, 8, 0, "end", 3));
	show(r);
	/* Not a multiple of eight, and no end yet: an error for the sender. */
	SHOW(frag(id + 5, 0, 1, "0123456", 7));
	show(r);
	while ((n = recv(e, buf, sizeof(buf), MSG_DONTWAIT)) > 0)
		printf("icmp type %d code %d pointer %d\n", buf[0], buf[1], buf[7]);
	SHOW(frag(id + 6, 65528, 0, "beyond the end", 14));
	while ((n = recv(e, buf, sizeof(buf), MSG_DONTWAIT)) > 0)
		printf("icmp type %d code %d pointer %d\n", buf[0], buf[1], buf[7]);
	SHOW(frag(id + 7, 0, 0, "atomic", 6));
	show(r);
	return 0;
}
