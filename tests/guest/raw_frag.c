/* Fragments by hand: put together in any order, overlaps and gaps dropped. */
// needs-root: raw sockets
#include "inet.h"

static int s;

static int frag(int id, int offset, int more, const char *data, int len)
{
	struct { struct iphdr ip; char data[100]; } p;
	addr_t a = addr_of("127.0.0.1", 0);

	memset(&p, 0, sizeof(p));
	p.ip.version = 4;
	p.ip.ihl = 5;
	p.ip.ttl = 64;
	p.ip.id = htons(id);
	p.ip.frag_off = htons((more ? 0x2000 : 0) | offset / 8);
	p.ip.protocol = 203;
	p.ip.daddr = p.ip.saddr = htonl(INADDR_LOOPBACK);
	memcpy(p.data, data, len);
	return sendto(s, &p, 20 + len, 0, &a.sa, sizeof(a.in)) == 20 + len;
}

static void show(int r)
{
	unsigned char buf[600];
	int n = recv(r, buf, sizeof(buf), MSG_DONTWAIT);

	if (n < 0)
		printf("recv: %s\n", errno_name(errno));
	else
		printf("recv %d: len %d off %#x '%.*s'\n", n, buf[2] << 8 | buf[3], buf[6] << 8 | buf[7], n - 20, buf + 20);
}

int main(void)
{
	int r = socket(AF_INET, SOCK_RAW, 203), id = getpid() & 0xff00;

	s = socket(AF_INET, SOCK_RAW, IPPROTO_RAW);
	SHOW(frag(id + 1, 0, 1, "01234567", 8) + frag(id + 1, 8, 0, "89abc", 5));
	show(r);
	SHOW(frag(id + 2, 8, 0, "89abc", 5) + frag(id + 2, 0, 1, "01234567", 8));
	show(r);
	SHOW(frag(id + 3, 16, 0, "last", 4) + frag(id + 3, 0, 1, "first   ", 8));
	show(r);
	SHOW(frag(id + 3, 8, 1, "middle  ", 8));
	show(r);
	show(r);
	/* A copy is harmless. */
	SHOW(frag(id + 4, 0, 1, "01234567", 8) + frag(id + 4, 0, 1, "01234567", 8) + frag(id + 4, 8, 0, "end", 3));
	show(r);
	/* An overlap is not. */
	SHOW(frag(id + 5, 0, 1, "0123456789abcdef", 16) + frag(id + 5, 8, 1, "XXXXXXXXXXXXXXXX", 16)
		+ frag(id + 5, 24, 0, "end", 3));
	show(r);
	/* Two ends. */
	SHOW(frag(id + 6, 16, 0, "end", 3) + frag(id + 6, 24, 0, "end", 3) + frag(id + 6, 0, 1, "0123456789abcdef", 16));
	show(r);
	/* More fragments, but not a multiple of eight: cut. */
	SHOW(frag(id + 7, 0, 1, "0123456789", 10) + frag(id + 7, 8, 0, "end", 3));
	show(r);
	/* Different identifications do not mix. */
	SHOW(frag(id + 8, 0, 1, "01234567", 8) + frag(id + 9, 8, 0, "end", 3));
	show(r);
	return 0;
}
