/* IP_HDRINCL: headers of the guest's own, what the kernel fills in, and what it refuses; protocols without a socket. */
// needs-root: raw sockets
#include "inet.h"

static struct { struct iphdr ip; char data[20]; } p;

static void fill(int proto, const char *to)
{
	memset(&p, 0, sizeof(p));
	p.ip.version = 4;
	p.ip.ihl = 5;
	p.ip.ttl = 33;
	p.ip.tos = 4;
	p.ip.protocol = proto;
	inet_pton(AF_INET, to, &p.ip.daddr);
	strcpy(p.data, "payload");
}

static void show(int s)
{
	unsigned char buf[600];
	int n = recv(s, buf, sizeof(buf), MSG_DONTWAIT);
	addr_t a = addr_of("0.0.0.0", 0);

	if (n < 0) {
		printf("recv: %s\n", errno_name(errno));
		return;
	}
	memcpy(&a.in.sin_addr, buf + 12, 4);
	printf("recv %d: ihl %d tos %d len %d ttl %d proto %d from %s data '%.7s'\n", n, buf[0] & 15, buf[1],
		buf[2] << 8 | buf[3], buf[8], buf[9], addr_text(&a), buf + (buf[0] & 15) * 4);
}

int main(void)
{
	int s = socket(AF_INET, SOCK_RAW, IPPROTO_RAW), r = socket(AF_INET, SOCK_RAW, 201), u = bound("127.0.0.1"), v;
	addr_t a = addr_of("127.0.0.1", 0);

	SHOW(get_int(s, IPPROTO_IP, IP_HDRINCL));
	SHOW(get_int(r, IPPROTO_IP, IP_HDRINCL));
	fill(201, "127.0.0.1");
	SHOW(sendto(s, &p, sizeof(p), 0, &a.sa, sizeof(a.in)));
	show(r);
	inet_pton(AF_INET, "127.0.0.9", &p.ip.saddr);
	SHOW(sendto(s, &p, sizeof(p), 0, &a.sa, sizeof(a.in)));
	show(r);
	SHOW(sendto(s, &p, 19, 0, &a.sa, sizeof(a.in)));
	p.ip.ihl = 15;
	SHOW(sendto(s, &p, sizeof(p), 0, &a.sa, sizeof(a.in)));
	p.ip.ihl = 4;
	SHOW(sendto(s, &p, sizeof(p), 0, &a.sa, sizeof(a.in)));
	p.ip.ihl = 5;
	p.ip.version = 5;
	SHOW(sendto(s, &p, sizeof(p), 0, &a.sa, sizeof(a.in)) >= -1);
	show(r);
	SHOW(send(s, &p, sizeof(p), 0));
	SHOW(sendto(s, &p, sizeof(p), 0, &a.sa, 8));
	SHOW(sendto(s, BAD_PTR, sizeof(p), 0, &a.sa, sizeof(a.in)));
	SHOW(sendto(s, &p, sizeof(p), MSG_OOB, &a.sa, sizeof(a.in)));
	SHOW(sendto(r, "payload", 7, 0, &a.sa, sizeof(a.in)));
	show(r);
	SHOW(set_int(r, IPPROTO_IP, IP_HDRINCL, 1));
	fill(201, "127.0.0.1");
	SHOW(sendto(r, &p, 27, 0, &a.sa, sizeof(a.in)));
	show(r);
	/* Nobody takes protocol 202: protocol unreachable, told to the raw socket of the sender. */
	close(r);
	r = socket(AF_INET, SOCK_RAW, 202);
	set_int(r, IPPROTO_IP, IP_RECVERR, 1);
	a = addr_of("127.0.0.2", 0);
	SHOW(bind(r, &(addr_t){ .in = { AF_INET, 0, { htonl(0x7f000003) } } }.sa, sizeof(a.in)));
	SHOW(sendto(r, "payload", 7, 0, &a.sa, sizeof(a.in)));
	show(r);
	receive_err(r);
	/* A datagram to a UDP socket by hand. */
	fill(17, "127.0.0.1");
	memset(p.data, 0, sizeof(p.data));
	((unsigned short *)p.data)[0] = htons(5);
	((unsigned short *)p.data)[1] = port_of(u);
	((unsigned short *)p.data)[2] = htons(8 + 4);
	memcpy(p.data + 8, "hand", 4);
	SHOW(sendto(s, &p, 32, 0, &a.sa, sizeof(a.in)));
	receive(u);
	((unsigned short *)p.data)[3] = 0x1234;
	SHOW(sendto(s, &p, 32, 0, &a.sa, sizeof(a.in)));
	receive(u);
	((unsigned short *)p.data)[3] = 0;
	((unsigned short *)p.data)[2] = htons(50);
	SHOW(sendto(s, &p, 32, 0, &a.sa, sizeof(a.in)));
	receive(u);
	SHOW(ioctl(u, SIOCINQ, &v));
	SHOW(v);
	SHOW(bind(s, &a.sa, 4));
	a = addr_of("192.0.2.1", 0);
	SHOW(socket(AF_INET, SOCK_RAW, 0));
	SHOW(listen(s, 1));
	return 0;
}
