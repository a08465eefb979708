/* Raw sockets of IPv6: ICMPv6 with its checksum, ICMP6_FILTER, IPV6_CHECKSUM, unknown headers. */
// needs-root: raw sockets
#include "inet.h"

static void show(int s)
{
	unsigned char buf[600];
	int n = recv(s, buf, sizeof(buf), MSG_DONTWAIT);

	if (n < 0) {
		printf("recv: %s\n", errno_name(errno));
		return;
	}
	printf("recv %d:", n);
	for (int i = 0; i < n && i < 24; i++)
		printf(" %02x", buf[i]);
	printf("\n");
}

int main(void)
{
	int s = socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6), t = socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6), r;
	struct icmp6_hdr h = { .icmp6_type = ICMP6_ECHO_REQUEST };
	struct icmp6_filter f;
	addr_t a = addr_of("::1", 0);
	socklen_t n = sizeof(f);

	h.icmp6_id = 1;
	memset(&f, 0xff, sizeof(f));
	ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &f);
	SHOW(setsockopt(t, IPPROTO_ICMPV6, ICMP6_FILTER, &f, sizeof(f)));
	memset(&f, 0, sizeof(f));
	SHOW(getsockopt(t, IPPROTO_ICMPV6, ICMP6_FILTER, &f, &n));
	SHOW(f.icmp6_filt[4]);
	SHOW(sendto(s, &h, sizeof(h), 0, &a.sa, sizeof(a.in6)));
	show(s);
	show(s);
	show(t);
	show(t);
	h.icmp6_cksum = 0x1234; /* the kernel's is what goes out */
	SHOW(sendto(s, &h, sizeof(h), 0, &a.sa, sizeof(a.in6)));
	show(s);
	SHOW(sendto(s, &h, 3, 0, &a.sa, sizeof(a.in6)));
	SHOW(sendto(s, &h, sizeof(h), 0, &a.sa, 20));
	a.in6.sin6_port = htons(IPPROTO_ICMPV6);
	SHOW(sendto(s, &h, sizeof(h), 0, &a.sa, sizeof(a.in6)));
	a.in6.sin6_port = htons(17);
	SHOW(sendto(s, &h, sizeof(h), 0, &a.sa, sizeof(a.in6)));
	a.in6.sin6_port = 0;
	a.sa.sa_family = AF_INET;
	SHOW(sendto(s, &h, sizeof(h), 0, &a.sa, sizeof(a.in6)));
	a.sa.sa_family = AF_INET6;
	r = socket(AF_INET6, SOCK_RAW, 205);
	SHOW(sendto(r, "payload", 7, 0, &a.sa, sizeof(a.in6)));
	show(r);
	SHOW(set_int(r, IPPROTO_IPV6, IPV6_CHECKSUM, 4));
	SHOW(sendto(r, "pay\0\0\0load", 10, 0, &a.sa, sizeof(a.in6)));
	show(r);
	SHOW(sendto(r, "pay", 3, 0, &a.sa, sizeof(a.in6)));
	close(r);
	/* Nobody takes header 206. */
	r = socket(AF_INET6, SOCK_RAW, 206);
	SHOW(set_int(r, IPPROTO_IPV6, IPV6_RECVERR, 1));
	SHOW(connect(r, &a.sa, sizeof(a.in6)));
	SHOW(send(r, "self", 4, 0));
	show(r);
	SHOW(getsockopt(r, IPPROTO_ICMPV6, ICMP6_FILTER, &f, &n));
	SHOW(setsockopt(s, IPPROTO_ICMPV6, 2, &f, sizeof(f)));
	a = addr_of("::ffff:127.0.0.1", 0);
	SHOW(bind(r, &a.sa, sizeof(a.in6)));
	close(r);
	r = socket(AF_INET6, SOCK_RAW, 207);
	SHOW(bind(r, &a.sa, sizeof(a.in6)));
	a.sa.sa_family = AF_INET;
	SHOW(bind(r, &a.sa, sizeof(a.in6)));
	return 0;
}
