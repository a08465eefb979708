/* ICMP errors by hand: every code as errno, on connected sockets and with IP_RECVERR; RFC 4884 is left out. */
// needs-root: a raw socket
#include "inet.h"

static unsigned short csum(const void *p, int n)
{
	const unsigned short *w = p;
	unsigned sum = 0;

	for (; n > 1; n -= 2)
		sum += *w++;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

static void error(int r, int type, int code, unsigned info, unsigned short source)
{
	struct { struct icmphdr h; struct iphdr ip; struct udphdr udp; } e = { .h = { type, code },
		.ip = { .version = 4, .ihl = 5, .tot_len = htons(28), .ttl = 64, .protocol = 17,
		.saddr = htonl(INADDR_LOOPBACK), .daddr = htonl(INADDR_LOOPBACK) }, .udp = { .source = source, .dest = htons(9) } };
	addr_t a = addr_of("127.0.0.1", 0);

	e.h.un.gateway = htonl(info);
	e.h.checksum = csum(&e, sizeof(e));
	sendto(r, &e, sizeof(e), 0, &a.sa, sizeof(a.in));
}

int main(void)
{
	int r = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP), c = bound("127.0.0.1"), u = bound("127.0.0.1");
	addr_t peer = addr_of("127.0.0.1", htons(9));

	connect(c, &peer.sa, sizeof(peer.in));
	set_int(u, IPPROTO_IP, IP_RECVERR, 1);
	for (int code = 0; code < 17; code++) {
		if (code == ICMP_FRAG_NEEDED)
			continue;
		error(r, ICMP_DEST_UNREACH, code, 0, port_of(c));
		printf("code %d: %s\n", code, errno_name(get_int(c, SOL_SOCKET, SO_ERROR)));
		error(r, ICMP_DEST_UNREACH, code, 0, port_of(u));
		receive_err(u);
	}
	for (int type = 4; type < 20; type++) {
		if (type == ICMP_ECHO || type == ICMP_TIMESTAMP)
			continue;
		error(r, type, 0, 20 << 24, port_of(c));
		printf("type %d: %s\n", type, errno_name(get_int(c, SOL_SOCKET, SO_ERROR)));
		error(r, type, 0, 20 << 24, port_of(u));
		receive_err(u);
	}
	return 0;
}
