/* What options answer beyond success: values that are rounded, cut or refused, defaults, and missing values (socket(7), ip(7),
 * ipv6(7), tcp(7)). */
#include "tcp_pair.h"
#include "show.h"
#include <linux/errqueue.h>
#include <linux/net_tstamp.h>
#include <netinet/in.h>
#include <poll.h>

#define TCP_TX_DELAY 37
#define TCP_RTO_MAX_MS 44
#define TCP_RTO_MIN_US 45
#define TCP_DELACK_MAX_US 46
#define SO_PEERNAME 28
#define SO_TXREHASH 74
#define IPV6_2292PKTINFO 2
#define IPV6_2292PKTOPTIONS 6
#define IPV6_2292HOPLIMIT 8

static void number(const char *what, int s, int level, int name)
{
	int v = -7;
	socklen_t len = sizeof(v);

	if (getsockopt(s, level, name, &v, &len))
		printf("%s: %s\n", what, errno_name(errno));
	else
		printf("%s: %d\n", what, v);
}

static void set_and_get(const char *what, int s, int level, int name, int v)
{
	printf("%s %d: %s", what, v, setsockopt(s, level, name, &v, sizeof(v)) ? errno_name(errno) : "ok");
	number("", s, level, name);
}

static void tcp_bounds(void)
{
	static const int maxima[] = { 999, 1000, 60000, 120000, 120001, -1 };
	static const int minima[] = { 0, 1000, 40000, 200000, 204001, -1 };
	int s = socket(AF_INET, SOCK_STREAM, 0);

	for (unsigned i = 0; i < sizeof(maxima) / sizeof(maxima[0]); i++)
		set_and_get("rto max ms", s, IPPROTO_TCP, TCP_RTO_MAX_MS, maxima[i]);
	for (unsigned i = 0; i < sizeof(minima) / sizeof(minima[0]); i++) {
		set_and_get("rto min us", s, IPPROTO_TCP, TCP_RTO_MIN_US, minima[i]);
		set_and_get("delack max us", s, IPPROTO_TCP, TCP_DELACK_MAX_US, minima[i]);
	}
	set_and_get("tx delay", s, IPPROTO_TCP, TCP_TX_DELAY, (1 << 28) - 1);
	set_and_get("tx delay", s, IPPROTO_TCP, TCP_TX_DELAY, 1 << 28);
	set_and_get("window clamp", s, IPPROTO_TCP, TCP_WINDOW_CLAMP, -1);
	set_and_get("window clamp", s, IPPROTO_TCP, TCP_WINDOW_CLAMP, 20000);
	close(s);
}

static void socket_level(void)
{
	int s = socket(AF_INET, SOCK_STREAM, 0), u[2], v = 40000;
	struct sockaddr_storage ss;
	socklen_t len = sizeof(ss);

	number("txrehash", s, SOL_SOCKET, SO_TXREHASH);
	SHOW(setsockopt(s, SOL_SOCKET, SO_RCVBUF, &v, sizeof(v)));
	set_and_get("rcvlowat", s, SOL_SOCKET, SO_RCVLOWAT, 1000000000);
	set_and_get("rcvlowat", s, SOL_SOCKET, SO_RCVLOWAT, -5);
	set_and_get("rcvlowat", s, SOL_SOCKET, SO_RCVLOWAT, 0);
	set_and_get("timestamping by number, closed", s, SOL_SOCKET, SO_TIMESTAMPING, SOF_TIMESTAMPING_OPT_ID);
	SHOW(socketpair(AF_UNIX, SOCK_STREAM, 0, u));
	SHOW(getsockopt(u[0], SOL_SOCKET, SO_PEERNAME, &ss, &len));
	len = 2;
	SHOW(getsockopt(u[0], SOL_SOCKET, SO_PEERNAME, &ss, &len));
	len = 1;
	SHOW(getsockopt(u[0], SOL_SOCKET, SO_PEERNAME, &ss, &len));
	close(s);
	close(u[0]);
	close(u[1]);
}

static void multicast(void)
{
	int s = socket(AF_INET, SOCK_DGRAM, 0), s6 = socket(AF_INET6, SOCK_DGRAM, 0);
	struct group_source_req g, two[2];
	struct group_filter f;
	struct ipv6_mreq any = { .ipv6mr_interface = 0 };

	memset(&g, 0, sizeof(g));
	memset(two, 0, sizeof(two));
	memset(&f, 0, sizeof(f));
	g.gsr_interface = f.gf_interface = 1;
	SHOW(setsockopt(s, IPPROTO_IP, MCAST_JOIN_SOURCE_GROUP, &g, sizeof(g)));
	SHOW(setsockopt(s, IPPROTO_IP, MCAST_BLOCK_SOURCE, &g, sizeof(g)));
	SHOW(setsockopt(s, IPPROTO_IP, MCAST_BLOCK_SOURCE, two, sizeof(two)));
	SHOW(setsockopt(s, IPPROTO_IP, MCAST_MSFILTER, &f, sizeof(f)));
	SHOW(setsockopt(s6, IPPROTO_IPV6, MCAST_JOIN_SOURCE_GROUP, &g, sizeof(g)));
	SHOW(setsockopt(s6, IPPROTO_IPV6, MCAST_MSFILTER, &f, sizeof(f)));
	number("all of IPv4's groups, AF_INET", s, IPPROTO_IP, IP_MULTICAST_ALL);
	number("all of IPv4's groups, AF_INET6", s6, IPPROTO_IP, IP_MULTICAST_ALL);
	number("all groups, AF_INET6", s6, IPPROTO_IPV6, IPV6_MULTICAST_ALL);
	any.ipv6mr_multiaddr.s6_addr[0] = 0x20;
	any.ipv6mr_multiaddr.s6_addr[15] = 1;
	SHOW(setsockopt(s6, IPPROTO_IPV6, IPV6_JOIN_ANYCAST, &any, sizeof(any)));
	close(s);
	close(s6);
}

/* Without a value, an IPv6 option is set to 0; one that takes a header has to have it. */
static void no_value(void)
{
	int s = socket(AF_INET6, SOCK_DGRAM, 0);

	SHOW(setsockopt(s, IPPROTO_IPV6, IPV6_RECVPKTINFO, NULL, 4));
	SHOW(setsockopt(s, IPPROTO_IPV6, IPV6_UNICAST_HOPS, NULL, 4));
	SHOW(setsockopt(s, IPPROTO_IPV6, IPV6_MTU_DISCOVER, NULL, 4));
	SHOW(setsockopt(s, IPPROTO_IPV6, IPV6_RTHDR, NULL, 8));
	SHOW(setsockopt(s, IPPROTO_IPV6, IPV6_RTHDR, NULL, 0));
	close(s);
}

static void show_control(const char *what, int s, int level, int name)
{
	union { struct cmsghdr align; char bytes[512]; } u;
	socklen_t len = sizeof(u);
	struct msghdr msg = { .msg_control = &u };

	if (getsockopt(s, level, name, &u, &len)) {
		printf("%s: %s\n", what, errno_name(errno));
		return;
	}
	printf("%s: %u bytes", what, len);
	msg.msg_controllen = len;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&msg); c; c = CMSG_NXTHDR(&msg, c))
		printf(" [%d %d, %zu]", c->cmsg_level, c->cmsg_type, c->cmsg_len);
	printf("\n");
}

static void packet_options(void)
{
	int s = socket(AF_INET, SOCK_STREAM, 0), s6 = socket(AF_INET6, SOCK_STREAM, 0), d = socket(AF_INET, SOCK_DGRAM, 0), on = 1;
	static const int flags[] = { IPV6_RECVPKTINFO, IPV6_RECVHOPLIMIT, IPV6_RECVTCLASS, IPV6_2292PKTINFO, IPV6_2292HOPLIMIT };
	union { struct cmsghdr c; char bytes[CMSG_SPACE(sizeof(int))]; } u = { .c = { CMSG_LEN(sizeof(int)), IPPROTO_IPV6,
		IPV6_HOPLIMIT } };

	show_control("nothing wanted", s, IPPROTO_IP, IP_PKTOPTIONS);
	show_control("of a datagram socket", d, IPPROTO_IP, IP_PKTOPTIONS);
	SHOW(setsockopt(s, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on)));
	SHOW(setsockopt(s, IPPROTO_IP, IP_RECVTTL, &on, sizeof(on)));
	SHOW(setsockopt(s, IPPROTO_IP, IP_RECVTOS, &on, sizeof(on)));
	show_control("IPv4", s, IPPROTO_IP, IP_PKTOPTIONS);
	SHOW(setsockopt(s, IPPROTO_IP, IP_PKTOPTIONS, &on, sizeof(on)));

	show_control("nothing wanted", s6, IPPROTO_IPV6, IPV6_2292PKTOPTIONS);
	for (unsigned i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		setsockopt(s6, IPPROTO_IPV6, flags[i], &on, sizeof(on));
	show_control("IPv6", s6, IPPROTO_IPV6, IPV6_2292PKTOPTIONS);
	SHOW(setsockopt(s6, IPPROTO_IPV6, IPV6_2292PKTOPTIONS, &on, sizeof(on)));
	memcpy(CMSG_DATA(&u.c), &on, sizeof(on));
	SHOW(setsockopt(s6, IPPROTO_IPV6, IPV6_2292PKTOPTIONS, &u, sizeof(u)));
	on = 256;
	memcpy(CMSG_DATA(&u.c), &on, sizeof(on));
	SHOW(setsockopt(s6, IPPROTO_IPV6, IPV6_2292PKTOPTIONS, &u, sizeof(u)));
	u.c.cmsg_len = 1;
	SHOW(setsockopt(s6, IPPROTO_IPV6, IPV6_2292PKTOPTIONS, &u, sizeof(u)));
	SHOW(setsockopt(s6, IPPROTO_IPV6, IPV6_2292PKTOPTIONS, BAD_PTR, 4));
	SHOW(setsockopt(s6, IPPROTO_IPV6, IPV6_2292PKTOPTIONS, &u, 70000));
	SHOW(setsockopt(s6, IPPROTO_IPV6, IPV6_2292PKTOPTIONS, NULL, 0));
	close(s);
	close(s6);
	close(d);
}

/* The next stamp's number and kind. */
static void show_stamp(int s)
{
	char control[512];
	struct msghdr msg = { .msg_control = control, .msg_controllen = sizeof(control) };
	struct pollfd fd = { .fd = s };

	poll(&fd, 1, -1);
	if (recvmsg(s, &msg, MSG_ERRQUEUE) < 0) {
		printf("stamp: %s\n", errno_name(errno));
		return;
	}
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&msg); c; c = CMSG_NXTHDR(&msg, c)) {
		struct sock_extended_err ee;

		if (c->cmsg_level != IPPROTO_IP || c->cmsg_type != IP_RECVERR)
			continue;
		memcpy(&ee, CMSG_DATA(c), sizeof(ee));
		printf("stamp: byte %u, kind %u\n", ee.ee_data, ee.ee_info);
	}
}

/* Of one write: handed to the device, sent by it, acknowledged. */
static void show_stamps(int s)
{
	for (int i = 0; i < 3; i++)
		show_stamp(s);
}

/* SOF_TIMESTAMPING_OPT_ID counts a stream's bytes from the one that was next when it was set. */
static void stream_stamps(void)
{
	int fd[2], v = SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_OPT_TSONLY | SOF_TIMESTAMPING_TX_ACK
		| SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_TX_SCHED;
	char buf[16];

	tcp_pair(fd);
	SHOW(send(fd[0], "before", 6, 0));
	SHOW(recv(fd[1], buf, 6, MSG_WAITALL));
	SHOW(send(fd[1], "answer", 6, 0));
	SHOW(recv(fd[0], buf, 6, MSG_WAITALL));
	set_and_get("timestamping by number", fd[0], SOL_SOCKET, SO_TIMESTAMPING, v | SOF_TIMESTAMPING_OPT_ID);
	SHOW(send(fd[0], "hello", 5, 0));
	SHOW(recv(fd[1], buf, 5, MSG_WAITALL));
	SHOW(send(fd[1], "answer", 6, 0));
	show_stamps(fd[0]);
	SHOW(recv(fd[0], buf, 6, MSG_WAITALL));
	SHOW(send(fd[0], "abc", 3, 0));
	SHOW(recv(fd[1], buf, 3, MSG_WAITALL));
	SHOW(send(fd[1], "answer", 6, 0));
	show_stamps(fd[0]);
	close(fd[0]);
	close(fd[1]);
}

int main(void)
{
	tcp_bounds();
	socket_level();
	multicast();
	no_value();
	packet_options();
	stream_stamps();
	return 0;
}
