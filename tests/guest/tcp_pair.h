/* Connections over 127.0.0.1 for the tcp_* programs. */
#ifndef TCP_PAIR_H
#define TCP_PAIR_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "show.h"
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#define LOOPBACK ((struct sockaddr_in){ .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) })

static inline void die(const char *what)
{
	printf("%s failed: %s\n", what, errno_name(errno));
	exit(1);
}

/* A listener on a port of its own; *addr is where it is. */
static inline int tcp_listener(struct sockaddr_in *addr, int backlog)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	socklen_t len = sizeof(*addr);

	*addr = LOOPBACK;
	if (fd < 0 || bind(fd, (struct sockaddr *)addr, sizeof(*addr)) || listen(fd, backlog)
			|| getsockname(fd, (struct sockaddr *)addr, &len))
		die("listener");
	return fd;
}

static inline int tcp_connect_to(const struct sockaddr_in *addr)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || connect(fd, (const struct sockaddr *)addr, sizeof(*addr)))
		die("connect");
	return fd;
}

/* fd[0] has connected to what became fd[1]. */
static inline void tcp_pair(int fd[2])
{
	struct sockaddr_in addr;
	int l = tcp_listener(&addr, 1);

	fd[0] = tcp_connect_to(&addr);
	fd[1] = accept(l, NULL, NULL);
	if (fd[1] < 0)
		die("accept");
	close(l);
}

/* Waits up to 5 s for one of @events; prints what there is. */
static inline int show_poll(const char *text, int fd, short events, int timeout)
{
	static const struct { short bit; const char *name; } bits[] = { { POLLIN, "IN" }, { POLLPRI, "PRI" }, { POLLOUT, "OUT" },
		{ POLLERR, "ERR" }, { POLLHUP, "HUP" }, { POLLRDHUP, "RDHUP" } };
	struct pollfd p = { .fd = fd, .events = events };
	int n = poll(&p, 1, timeout);

	printf("%s: %d", text, n);
	for (unsigned i = 0; i < sizeof(bits) / sizeof(bits[0]); i++)
		if (p.revents & bits[i].bit)
			printf(" %s", bits[i].name);
	printf("\n");
	return p.revents;
}
#define SHOW_POLL(fd, events, timeout) show_poll("poll " #fd " " #events, fd, events, timeout)

static inline int tcp_state(int fd)
{
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);

	return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) ? -1 : info.tcpi_state;
}
static inline const char *state_name(int state)
{
	static const char *const names[] = { "0", "ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT",
		"CLOSE", "CLOSE_WAIT", "LAST_ACK", "LISTEN", "CLOSING" };

	return state >= 0 && state < 12 ? names[state] : "?";
}
#define SHOW_STATE(fd) printf("state of %s: %s\n", #fd, state_name(tcp_state(fd)))

static inline int int_opt(int fd, int level, int name)
{
	int v = -1;
	socklen_t len = sizeof(v);

	return getsockopt(fd, level, name, &v, &len) ? -errno - 1000 : v;
}
static inline int set_int(int fd, int level, int name, int v) { return setsockopt(fd, level, name, &v, sizeof(v)); }

/* Until poll reports one of @events: what arrives by itself arrives in time. */
static inline int wait_for(int fd, short events)
{
	struct pollfd p = { .fd = fd, .events = events };

	return poll(&p, 1, 5000);
}

#endif
