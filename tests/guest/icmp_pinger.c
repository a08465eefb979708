/* Ping sockets once the group range allows them: identifiers, echo, names, errors, and what they refuse. */
// needs-root: it sets net.ipv4.ping_group_range
// host-skip: the host's own range is not to be changed
#include "inet.h"

static void show(int s)
{
	unsigned char buf[100];
	addr_t from;
	socklen_t n = sizeof(from);
	int r = recvfrom(s, buf, sizeof(buf), MSG_DONTWAIT, &from.sa, &n);

	if (r < 0)
		printf("recvfrom: %s\n", errno_name(errno));
	else
		printf("recvfrom %d: type %d code %d own id %d seq %d from %s data '%.*s'\n", r, buf[0], buf[1],
			(buf[4] << 8 | buf[5]) == ntohs(port_of(s)), buf[6] << 8 | buf[7], addr_text(&from), r - 8, buf + 8);
}

static void family(const char *text, int proto, int request)
{
	addr_t to = addr_of(text, 0), x;
	int s = socket(to.sa.sa_family, SOCK_DGRAM, proto), t, err = to.sa.sa_family == AF_INET ? IP_RECVERR : IPV6_RECVERR;
	int level = to.sa.sa_family == AF_INET ? IPPROTO_IP : IPPROTO_IPV6;
	struct { unsigned char type, code; unsigned short sum, id, seq; char data[4]; } p = { request, 0, 0, 0x1234, htons(7), "echo" };

	printf("-- %s\n", text);
	SHOW(s > 0);
	SHOW(get_int(s, SOL_SOCKET, SO_PROTOCOL));
	SHOW(port_of(s));
	SHOW(sendto(s, &p, sizeof(p), 0, &to.sa, addr_len(&to)));
	SHOW(port_of(s) != 0);
	show(s);
	show(s);
	p.type = 77;
	SHOW(sendto(s, &p, sizeof(p), 0, &to.sa, addr_len(&to)));
	p.type = request;
	p.code = 1;
	SHOW(sendto(s, &p, sizeof(p), 0, &to.sa, addr_len(&to)));
	p.code = 0;
	SHOW(sendto(s, &p, 7, 0, &to.sa, addr_len(&to)));
	SHOW(sendto(s, &p, sizeof(p), 0, &to.sa, 8));
	SHOW(send(s, &p, sizeof(p), 0));
	SHOW(connect(s, &to.sa, addr_len(&to)));
	SHOW(send(s, &p, 8, 0));
	show(s);
	x = addr_of(text, port_of(s));
	t = socket(to.sa.sa_family, SOCK_DGRAM, proto);
	SHOW(bind(t, &x.sa, addr_len(&x)));
	SHOW(send(s, &p, sizeof(p), 0));
	show(t);
	show(s);
	close(t);
	t = socket(to.sa.sa_family, SOCK_DGRAM, proto);
	x = addr_of(text, htons(4321));
	SHOW(bind(t, &x.sa, addr_len(&x)));
	SHOW(bind(t, &x.sa, addr_len(&x)));
	SHOW(ntohs(port_of(t)));
	SHOW(set_int(t, level, err, 1));
	SHOW(sendto(t, &p, sizeof(p), 0, &to.sa, addr_len(&to)));
	show(t);
	x.sa.sa_family = AF_UNSPEC;
	SHOW(connect(s, &x.sa, sizeof(x.in)));
	SHOW(send(s, &p, sizeof(p), 0));
	SHOW(listen(s, 1));
	close(s);
	close(t);
}

int main(void)
{
	int f = open("/proc/sys/net/ipv4/ping_group_range", O_WRONLY);

	SHOW(write(f, "0 2147483647", 12));
	family("127.0.0.1", IPPROTO_ICMP, 8);
	family("::1", IPPROTO_ICMPV6, 128);
	return 0;
}
