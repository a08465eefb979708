/* For the errno_* programs about sockets: the same calls on a socket of every family and type. */
#ifndef EACH_H
#define EACH_H

#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include "show.h"

typedef union { struct sockaddr sa; struct sockaddr_in in; struct sockaddr_in6 in6; struct sockaddr_un un; char bytes[128]; } any_addr;

static const struct kind { const char *name; int family, type, proto; } kinds[] = {
	{ "unix stream", AF_UNIX, SOCK_STREAM, 0 }, { "unix dgram", AF_UNIX, SOCK_DGRAM, 0 },
	{ "unix seqpacket", AF_UNIX, SOCK_SEQPACKET, 0 }, { "tcp4", AF_INET, SOCK_STREAM, 0 }, { "tcp6", AF_INET6, SOCK_STREAM, 0 },
	{ "udp4", AF_INET, SOCK_DGRAM, 0 }, { "udp6", AF_INET6, SOCK_DGRAM, 0 },
	{ "udplite4", AF_INET, SOCK_DGRAM, 136 },
};
#define NKINDS (sizeof(kinds) / sizeof(kinds[0]))

static inline int make(const struct kind *k) { return socket(k->family, k->type, k->proto); }

/* Loopback, or an abstract name that nobody has; @port in host order. */
static inline socklen_t addr_for(const struct kind *k, any_addr *a, int port)
{
	memset(a, 0, sizeof(*a));
	a->sa.sa_family = k->family;
	if (k->family == AF_UNIX)
		return sizeof(sa_family_t) + 1 + sprintf(a->un.sun_path + 1, "each-%d-%d", getpid(), port);
	if (k->family == AF_INET) {
		a->in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		a->in.sin_port = htons(port);
		return sizeof(a->in);
	}
	a->in6.sin6_addr = in6addr_loopback;
	a->in6.sin6_port = htons(port);
	return sizeof(a->in6);
}

/* A socket of this kind that is bound to loopback; its address in @a. */
static inline int make_bound(const struct kind *k, any_addr *a, socklen_t *len)
{
	static int turn;
	int s = make(k);

	*len = addr_for(k, a, 0);
	if (k->family == AF_UNIX)
		*len = addr_for(k, a, 100 + turn++);
	if (s < 0 || bind(s, &a->sa, *len))
		printf("make_bound: %s\n", errno_name(errno));
	*len = sizeof(*a);
	getsockname(s, &a->sa, len);
	return s;
}

/* Two connected sockets of this kind. */
static inline void make_pair(const struct kind *k, int s[2])
{
	any_addr a, b;
	socklen_t la, lb;

	s[1] = make_bound(k, &a, &la);
	if (k->type == SOCK_DGRAM) {
		s[0] = make_bound(k, &b, &lb);
		connect(s[0], &a.sa, la);
		connect(s[1], &b.sa, lb);
	} else {
		int l = s[1];

		listen(l, 1);
		s[0] = make(k);
		connect(s[0], &a.sa, la);
		s[1] = accept(l, NULL, NULL);
		close(l);
	}
}

#define FOR_EACH(k) for (const struct kind *k = kinds; k < kinds + NKINDS; k++)
static inline void title(const char *what) { printf("== %s\n", what); }

#endif
