/* Helpers of the programs about Internet sockets: sockets bound to a free port of loopback, and messages shown with their
 * control messages. Ports are never printed. */
#ifndef INET_H
#define INET_H

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <netinet/icmp6.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <linux/errqueue.h>
#include <linux/sockios.h>
#include "show.h"

#ifndef SO_EE_ORIGIN_ZEROCOPY
#define SO_EE_ORIGIN_ZEROCOPY 5
#endif
#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#define UDP_GRO 104
#endif

typedef union {
	struct sockaddr sa;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
	struct sockaddr_storage ss;
} addr_t;

static inline socklen_t addr_len(const addr_t *a)
{
	return a->sa.sa_family == AF_INET6 ? sizeof(a->in6) : sizeof(a->in);
}
/* An address of @text with @port (network order). */
static inline addr_t addr_of(const char *text, unsigned short port)
{
	addr_t a;

	memset(&a, 0, sizeof(a));
	if (strchr(text, ':')) {
		a.in6.sin6_family = AF_INET6;
		a.in6.sin6_port = port;
		inet_pton(AF_INET6, text, &a.in6.sin6_addr);
	} else {
		a.in.sin_family = AF_INET;
		a.in.sin_port = port;
		inet_pton(AF_INET, text, &a.in.sin_addr);
	}
	return a;
}
static inline addr_t local_addr(int s)
{
	addr_t a;
	socklen_t len = sizeof(a);

	memset(&a, 0, sizeof(a));
	getsockname(s, &a.sa, &len);
	return a;
}
static inline unsigned short port_of(int s)
{
	addr_t a = local_addr(s);

	return a.sa.sa_family == AF_INET6 ? a.in6.sin6_port : a.in.sin_port;
}
/* A datagram socket bound to @text and a free port. */
static inline int bound(const char *text)
{
	addr_t a = addr_of(text, 0);
	int s = socket(a.sa.sa_family, SOCK_DGRAM, 0);

	if (s < 0 || bind(s, &a.sa, addr_len(&a)))
		printf("bound(%s): %s\n", text, errno_name(errno));
	return s;
}
static inline const char *addr_text(const void *sa)
{
	const addr_t *a = sa;
	static char buf[4][80];
	static int turn;
	char *b = buf[turn++ & 3];

	if (a->sa.sa_family == AF_INET)
		inet_ntop(AF_INET, &a->in.sin_addr, b, 80);
	else if (a->sa.sa_family == AF_INET6)
		inet_ntop(AF_INET6, &a->in6.sin6_addr, b, 80);
	else
		snprintf(b, 80, "family %d", a->sa.sa_family);
	return b;
}
static inline long send_to(int s, const char *text, const char *to, unsigned short port)
{
	addr_t a = addr_of(to, port);

	return sendto(s, text, strlen(text), 0, &a.sa, addr_len(&a));
}
static inline int set_int(int s, int level, int name, int val) { return setsockopt(s, level, name, &val, sizeof(val)); }
static inline int get_int(int s, int level, int name)
{
	int val = -99;
	socklen_t len = sizeof(val);

	return getsockopt(s, level, name, &val, &len) ? -1 : val;
}
static inline void show_error_cmsg(const struct cmsghdr *c)
{
	struct sock_extended_err ee;
	struct { struct sock_extended_err ee; addr_t offender; } e;

	memset(&e, 0, sizeof(e));
	memcpy(&e, CMSG_DATA(c), c->cmsg_len - CMSG_LEN(0) < sizeof(e) ? c->cmsg_len - CMSG_LEN(0) : sizeof(e));
	ee = e.ee;
	printf("  recverr %s origin %d type %d code %d info %u data %u offender %s\n", errno_name(ee.ee_errno), ee.ee_origin,
		ee.ee_type, ee.ee_code, ee.ee_info, ee.ee_data, addr_text(&e.offender));
}
static inline void show_cmsg(const struct cmsghdr *c)
{
	int len = c->cmsg_len - CMSG_LEN(0), v;
	const unsigned char *d = CMSG_DATA(c);

	memcpy(&v, d, len < 4 ? 1 : 4);
	if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
		const struct in_pktinfo *p = (const void *)d;
		char a[40], b[40];

		printf("  pktinfo if %d spec_dst %s addr %s\n", p->ipi_ifindex, inet_ntop(AF_INET, &p->ipi_spec_dst, a, 40),
			inet_ntop(AF_INET, &p->ipi_addr, b, 40));
	} else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
		const struct in6_pktinfo *p = (const void *)d;
		char a[80];

		printf("  pktinfo6 if %d addr %s\n", (int)p->ipi6_ifindex, inet_ntop(AF_INET6, &p->ipi6_addr, a, 80));
	} else if ((c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR)
			|| (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR)) {
		show_error_cmsg(c);
	} else if (c->cmsg_level == SOL_SOCKET && (c->cmsg_type == SO_TIMESTAMP || c->cmsg_type == SO_TIMESTAMPNS
			|| c->cmsg_type == SO_TIMESTAMPING)) {
		long sec;

		memcpy(&sec, d, sizeof(sec));
		printf("  timestamp type %d len %d %s\n", c->cmsg_type, len, sec && labs(sec - time(NULL)) < 1000 ? "now" : "no");
	} else if ((c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_ORIGDSTADDR)
			|| (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == 74)) {
		printf("  origdstaddr %s\n", addr_text(d));
	} else if (len == 1 || len == 4) {
		printf("  level %d type %d len %d value %d\n", c->cmsg_level, c->cmsg_type, len, len == 1 ? d[0] : v);
	} else {
		printf("  level %d type %d len %d:", c->cmsg_level, c->cmsg_type, len);
		for (int i = 0; i < len && i < 48; i++)
			printf(" %02x", d[i]);
		printf("\n");
	}
}
/* Receives up to @room bytes and shows what came. */
static inline long receive_room(int s, size_t room, size_t control, int flags)
{
	static char text[70000];
	union { char bytes[1024]; struct cmsghdr align; } u;
	addr_t from;
	struct iovec iov = { text, room };
	struct msghdr m = { .msg_name = &from, .msg_namelen = sizeof(from), .msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &u, .msg_controllen = control };
	ssize_t n;

	memset(&from, 0, sizeof(from));
	n = recvmsg(s, &m, flags | MSG_DONTWAIT);
	if (n < 0) {
		printf("recvmsg: %s\n", errno_name(errno));
		return n;
	}
	printf("recvmsg: %zd", n);
	if (n > 0 && n <= 40 && !(flags & MSG_ERRQUEUE)) {
		int print = n < (ssize_t)room ? n : (int)room;

		printf(" '%.*s'", print, text);
	}
	printf(" from %s flags %#x\n", m.msg_namelen ? addr_text(&from) : "-", m.msg_flags);
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c))
		show_cmsg(c);
	fflush(stdout);
	return n;
}
#define receive(s) receive_room(s, sizeof(char[65536]), 1024, 0)
#define receive_err(s) receive_room(s, sizeof(char[65536]), 1024, MSG_ERRQUEUE)
/* sendmsg with one control message. */
static inline long send_cmsg(int s, const char *text, addr_t *to, int level, int type, const void *data, size_t len)
{
	union { char bytes[256]; struct cmsghdr align; } u;
	struct iovec iov = { (void *)text, strlen(text) };
	struct msghdr m = { .msg_name = to, .msg_namelen = to ? addr_len(to) : 0, .msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &u, .msg_controllen = CMSG_SPACE(len) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	memset(&u, 0, sizeof(u));
	c->cmsg_level = level;
	c->cmsg_type = type;
	c->cmsg_len = CMSG_LEN(len);
	memcpy(CMSG_DATA(c), data, len);
	return sendmsg(s, &m, 0);
}
static inline int poll_now(int s)
{
	struct pollfd p = { s, POLLIN | POLLOUT | POLLPRI | POLLRDHUP, 0 };

	poll(&p, 1, 0);
	return p.revents;
}

#endif
