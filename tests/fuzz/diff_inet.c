/* Operations on UDP and TCP sockets over loopback. Nothing here blocks. An address is that of another descriptor, so that no
 * port is ever chosen or shown; what a socket that is not bound has for an address is refused by both kernels alike. */
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>

#include "diff_net.h"

int a_sock(void)
{
	int fd = chance(95) ? 3 + (int)R(6) : 3 + (int)R(10);

	out(" %d", fd);
	return fd;
}

int domain_of(int fd)
{
	int v = 0;
	socklen_t len = sizeof(v);

	return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &v, &len) ? 0 : v;
}

int tcp_more(int fd)
{
	int protocol = 0;
	socklen_t len = sizeof(protocol);

	getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &len);
	return protocol == IPPROTO_TCP ? MSG_MORE : 0;
}

socklen_t an_inet_address(addr_t *a)
{
	int fd = a_sock();
	socklen_t len = sizeof(*a);

	memset(a, 0, sizeof(*a));
	if ((domain_of(fd) != AF_INET && domain_of(fd) != AF_INET6) || getsockname(fd, &a->sa, &len)) {
		a->sa.sa_family = 99;
		return sizeof(a->in);
	}
	if (a->sa.sa_family == AF_INET && !a->in.sin_addr.s_addr)
		a->in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (a->sa.sa_family == AF_INET6 && IN6_IS_ADDR_UNSPECIFIED(&a->in6.sin6_addr))
		a->in6.sin6_addr = in6addr_loopback;
	return len;
}

static void op_socket(void)
{
	int family = VALUE(AF_INET, AF_INET6), type = VALUE(SOCK_STREAM, SOCK_DGRAM, SOCK_STREAM, SOCK_DGRAM, 77);

	result(socket(family, type | SOCK_NONBLOCK, 0));
}

/* Two sockets that are connected over loopback, and for TCP their listener. */
static void op_pair(void)
{
	int family = VALUE(AF_INET, AF_INET6), type = VALUE(SOCK_STREAM, SOCK_STREAM, SOCK_DGRAM), s[3] = { -1, -1, -1 };
	addr_t a = { .sa.sa_family = (sa_family_t)family };
	socklen_t len = family == AF_INET ? sizeof(a.in) : sizeof(a.in6);

	if (family == AF_INET)
		a.in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	else
		a.in6.sin6_addr = in6addr_loopback;
	s[0] = socket(family, type | SOCK_NONBLOCK, 0);
	s[1] = socket(family, type | SOCK_NONBLOCK, 0);
	if (bind(s[0], &a.sa, len) || getsockname(s[0], &a.sa, &len)) {
		result(-1);
		return;
	}
	if (type == SOCK_STREAM)
		listen(s[0], 2);
	connect(s[1], &a.sa, len);
	if (type == SOCK_DGRAM) {
		getsockname(s[1], &a.sa, &len);
		connect(s[0], &a.sa, len);
	} else {
		struct pollfd p = { s[0], POLLIN, 0 };

		poll(&p, 1, 1000);
		s[2] = accept4(s[0], NULL, NULL, SOCK_NONBLOCK);
	}
	out(" %d %d", s[0], s[1]);
	result(s[2]);
}

/* To a free port of loopback, or a few addresses of no use. */
static void op_bind(void)
{
	int fd = a_sock(), family = domain_of(fd);
	addr_t a = { .sa.sa_family = (sa_family_t)family };
	unsigned which = (unsigned)VALUE(0, 0, 0, 1, 2);

	if (family == AF_INET)
		a.in.sin_addr.s_addr = htonl(which == 0 ? INADDR_LOOPBACK : which == 1 ? INADDR_ANY : 0xc0000201);
	else if (which == 0)
		a.in6.sin6_addr = in6addr_loopback;
	else if (which == 2)
		a.in6.sin6_addr.s6_addr[0] = 0x20;
	if (family != AF_INET && family != AF_INET6)
		fd = -1;
	result(bind(fd, &a.sa, family == AF_INET6 ? sizeof(a.in6) : sizeof(a.in)));
}

static void op_connect(void)
{
	addr_t a;
	int fd = a_sock();
	socklen_t len = an_inet_address(&a);

	if (chance(8))
		a.sa.sa_family = AF_UNSPEC;
	result(connect(fd, &a.sa, len));
}

static void op_listen(void) { int fd = a_sock(); result(listen(fd, VALUE(0, 1, 5))); }
static void op_accept(void) { int fd = a_sock(); result(accept4(fd, NULL, NULL, SOCK_NONBLOCK | VALUE(0, SOCK_CLOEXEC))); }
static void op_shutdown(void) { int fd = a_sock(); result(shutdown(fd, VALUE(SHUT_RD, SHUT_WR, SHUT_RDWR, 7))); }
static size_t a_length(void) { return (size_t)VALUE(0, 1, 5, 100, 1000); }

static void op_send(void)
{
	char *buf = a_buffer();
	int fd = a_sock();
	size_t size = a_length();

	result(send(fd, buf, size, MSG_NOSIGNAL | MSG_DONTWAIT | VALUE(0, 0, 0, MSG_EOR, MSG_OOB)));
}

static void op_sendto(void)
{
	addr_t a;
	char *buf = a_buffer();
	int fd = a_sock();
	socklen_t len = an_inet_address(&a);

	result(sendto(fd, buf, a_length(), MSG_NOSIGNAL | MSG_DONTWAIT, &a.sa, len));
}

static void op_recv(void)
{
	char *buf = a_buffer();
	int fd = a_sock();
	size_t size = a_length();
	long n = result(recv(fd, buf, size, MSG_DONTWAIT | VALUE(0, 0, 0, MSG_PEEK, MSG_TRUNC, MSG_OOB)));

	(void)n;
}

static void op_recvfrom(void)
{
	char *buf = a_buffer();
	int fd = a_sock();
	addr_t a = { .sa.sa_family = 0 };
	socklen_t len = VALUE(sizeof(a), sizeof(a), 4);

	if (result(recvfrom(fd, buf, 1000, MSG_DONTWAIT, &a.sa, &len)) >= 0)
		out("  %u %d\n", len, a.sa.sa_family);
}

static void op_option(void)
{
	int fd = a_sock(), level = VALUE(SOL_SOCKET, IPPROTO_IP, IPPROTO_IPV6, IPPROTO_TCP, IPPROTO_UDP), v = VALUE(0, 1, 5, -1);
	int name = level == SOL_SOCKET ? VALUE(SO_TYPE, SO_ACCEPTCONN, SO_DOMAIN, SO_KEEPALIVE, SO_REUSEADDR, SO_BROADCAST, SO_OOBINLINE, SO_ERROR)
		: level == IPPROTO_IP ? VALUE(IP_TOS, IP_TTL, IP_RECVERR, IP_PKTINFO, IP_FREEBIND)
		: level == IPPROTO_IPV6 ? VALUE(IPV6_V6ONLY, IPV6_UNICAST_HOPS, IPV6_TCLASS, IPV6_RECVPKTINFO)
		: level == IPPROTO_TCP ? VALUE(TCP_NODELAY, TCP_CORK, TCP_KEEPIDLE, TCP_SYNCNT, TCP_LINGER2) : VALUE(1, 101, 103, 104);
	socklen_t len = VALUE(4, 4, 4, 1, 0);

	if (chance(50)) {
		result(setsockopt(fd, level, name, &v, len));
	} else {
		v = 0;
		if (!result(getsockopt(fd, level, name, &v, &len)))
			out("  %d %u\n", v, len);
	}
}

static void op_name(void)
{
	addr_t a = { .sa.sa_family = 0 };
	socklen_t len = VALUE(sizeof(a), sizeof(a), 2, 0);
	int fd = a_sock();

	if (!result(chance(50) ? getsockname(fd, &a.sa, &len) : getpeername(fd, &a.sa, &len)))
		out("  %u %d %d\n", len, a.sa.sa_family, domain_of(fd) == AF_INET && len > 4 ? a.in.sin_port != 0 : -1);
}

static void op_poll(void)
{
	struct pollfd p = { a_sock(), POLLIN | POLLOUT | POLLPRI | POLLRDHUP, 0 };

	result(poll(&p, 1, 0));
	out("  %x\n", p.revents);
}

static void op_inq(void)
{
	int fd = a_sock(), n = 0;

	if (!result(domain_of(fd) ? ioctl(fd, FIONREAD, &n) : -1))
		out("  %d\n", n);
}

const struct op inet_ops[] = {
	{ "inet-pair", op_pair, 14 }, { "inet-socket", op_socket, 14 }, { "inet-bind", op_bind, 14 }, { "inet-connect", op_connect, 16 }, { "inet-listen", op_listen, 10 },
	{ "inet-accept", op_accept, 10 }, { "inet-shutdown", op_shutdown, 4 }, { "inet-send", op_send, 16 }, { "inet-sendto", op_sendto, 8 },
	{ "inet-recv", op_recv, 14 }, { "inet-recvfrom", op_recvfrom, 6 }, { "inet-option", op_option, 8 }, { "inet-name", op_name, 6 },
	{ "inet-poll", op_poll, 8 }, { "inet-inq", op_inq, 4 }, { 0 }
};
