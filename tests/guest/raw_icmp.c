/* Raw sockets of IPPROTO_ICMP: what comes in, ICMP_FILTER, echo, time stamp, and errors that reach other sockets. */
// needs-root: raw sockets
#include "inet.h"

struct icmp_filter_ { unsigned data; };

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

static void show(int s)
{
	unsigned char buf[600];
	int n = recv(s, buf, sizeof(buf), MSG_DONTWAIT);

	if (n < 0) {
		printf("recv: %s\n", errno_name(errno));
		return;
	}
	printf("recv %d: tos %#x len %d off %#x ttl %d proto %d csum ok %d icmp %d/%d csum ok %d\n", n, buf[1],
		buf[2] << 8 | buf[3], buf[6] << 8 | buf[7], buf[8], buf[9], !csum(buf, 20), buf[20], buf[21],
		!csum(buf + 20, n - 20));
}

static int echo(int s, int type, int code, const char *to)
{
	struct { struct icmphdr h; char data[12]; } p = { .h = { type, code } };
	addr_t a = addr_of(to, 0);

	p.h.un.echo.id = 77;
	p.h.checksum = csum(&p, sizeof(p));
	return sendto(s, &p, sizeof(p), 0, &a.sa, sizeof(a.in));
}

int main(void)
{
	int s = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP), t = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP), u, f = ~(1 << 0);
	addr_t a = addr_of("127.0.0.1", 0);
	struct { struct icmphdr h; struct iphdr ip; struct udphdr udp; } err;
	socklen_t n = sizeof(f);

	SHOW(setsockopt(t, SOL_RAW, 1, &f, sizeof(f)));
	f = 0;
	SHOW(getsockopt(t, SOL_RAW, 1, &f, &n));
	SHOW(f);
	SHOW(echo(s, ICMP_ECHO, 0, "127.0.0.1"));
	show(s);
	show(s);
	show(s);
	show(t);
	show(t);
	SHOW(set_int(s, IPPROTO_IP, IP_TOS, 0x10));
	SHOW(set_int(s, IPPROTO_IP, IP_TTL, 5));
	SHOW(echo(s, ICMP_ECHO, 0, "127.0.0.2"));
	show(s);
	show(s);
	SHOW(echo(s, ICMP_TIMESTAMP, 0, "127.0.0.1"));
	show(s);
	show(s);
	SHOW(echo(s, 99, 0, "127.0.0.1"));
	show(s);
	show(s);
	SHOW(bind(s, &a.sa, sizeof(a.in)));
	SHOW(echo(s, ICMP_ECHO, 0, "127.0.0.2"));
	show(s);
	show(s);
	SHOW(connect(s, &a.sa, sizeof(a.in)));
	SHOW(send(s, "x", 1, 0));
	show(s);
	/* An error that a guest makes up reaches the UDP socket that it is about. */
	u = bound("127.0.0.1");
	set_int(u, IPPROTO_IP, IP_RECVERR, 1);
	memset(&err, 0, sizeof(err));
	err.h.type = ICMP_DEST_UNREACH;
	err.h.code = ICMP_HOST_UNREACH;
	err.ip = (struct iphdr){ .version = 4, .ihl = 5, .tot_len = htons(28), .ttl = 64, .protocol = IPPROTO_UDP };
	inet_pton(AF_INET, "127.0.0.1", &err.ip.saddr);
	inet_pton(AF_INET, "127.98.76.54", &err.ip.daddr);
	err.udp.source = port_of(u);
	err.udp.dest = htons(9);
	err.h.checksum = csum(&err, sizeof(err));
	a = addr_of("127.0.0.1", 0);
	SHOW(sendto(t, &err, sizeof(err), 0, &a.sa, sizeof(a.in)));
	receive_err(u);
	err.h.code = ICMP_FRAG_NEEDED;
	err.h.un.frag.mtu = htons(1400);
	err.h.checksum = 0;
	err.h.checksum = csum(&err, sizeof(err));
	SHOW(sendto(t, &err, sizeof(err), 0, &a.sa, sizeof(a.in)));
	receive_err(u);
	SHOW(get_int(u, SOL_SOCKET, SO_ERROR));
	a = addr_of("127.98.76.54", htons(9));
	SHOW(connect(u, &a.sa, sizeof(a.in)));
	SHOW(get_int(u, IPPROTO_IP, IP_MTU));
	n = sizeof(f);
	SHOW(getsockopt(u, SOL_RAW, 1, &f, &n));
	close(u);
	u = socket(AF_INET, SOCK_RAW, 200);
	SHOW(setsockopt(u, SOL_RAW, 1, &f, sizeof(f)));
	SHOW(setsockopt(u, SOL_RAW, 2, &f, sizeof(f)));
	SHOW(setsockopt(s, SOL_RAW, 1, BAD_PTR, sizeof(f)));
	return 0;
}
