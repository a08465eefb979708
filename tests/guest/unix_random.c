/* Random sequences of calls on AF_UNIX sockets, from fixed seeds: every result and every byte must be the host's.
 * Sockets are not passed: the host collects those that are lost in circles when it likes. With arguments: that seed alone,
 * that many steps, each call printed. */
#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <linux/sockios.h>
#include "show.h"

#define SLOTS 10

static unsigned long long state;
static int slot[SLOTS], verbose;
static unsigned hash;
static unsigned char data[300000], back[300000];
/* Nothing empty is sent: whether it counts as unread at the end has changed, too. */
static const int types[] = { SOCK_STREAM, SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET };
static const int sizes[] = { 0, 1, 2, 7, 100, 700, 1000, 4000, 5000, 17000, 40000, 70000, 213000 };
static const int flag_bits[] = { MSG_PEEK, MSG_TRUNC, MSG_WAITALL, MSG_EOR, MSG_DONTROUTE, MSG_MORE, MSG_CTRUNC };

static unsigned rnd(unsigned n)
{
	state = state * 6364136223846793005ull + 1442695040888963407ull;
	return (state >> 33) % n;
}

static void mix(const char *what, long a, long b)
{
	hash = (hash ^ (unsigned)a) * 16777619u;
	hash = (hash ^ (unsigned)b) * 16777619u;
	if (verbose)
		printf("%s: %ld %ld\n", what, a, b);
}

/* The call's value, or minus its errno. */
static long result(long r) { return r < 0 ? -errno : r; }

static unsigned sum(const unsigned char *p, long n)
{
	unsigned h = 2166136261u;

	for (long i = 0; i < n; i++)
		h = (h ^ p[i]) * 16777619u;
	return h;
}

static int flags(void)
{
	int f = MSG_DONTWAIT | MSG_NOSIGNAL;

	if (!rnd(3))
		f |= flag_bits[rnd(sizeof(flag_bits) / sizeof(*flag_bits))];
	return f;
}

static socklen_t address(struct sockaddr_un *a)
{
	memset(a, 0, sizeof(*a));
	a->sun_family = rnd(30) ? AF_UNIX : AF_UNSPEC;
	sprintf(a->sun_path + 1, "umk-random-%07d-%u", getpid(), rnd(4));
	if (!rnd(20))
		return sizeof(sa_family_t);
	return offsetof(struct sockaddr_un, sun_path) + 1 + strlen(a->sun_path + 1);
}

static int fd(void) { return slot[rnd(SLOTS)]; }

static void put(int f)
{
	int i = rnd(SLOTS);

	close(slot[i]);
	slot[i] = f;
}

static void send_message(int s, int f)
{
	union { char bytes[CMSG_SPACE(4 * sizeof(int))]; struct cmsghdr h; } u;
	int cut = 1 + rnd(500), count = 1 + rnd(3), fds[3] = { 0, 1, rnd(20) ? 2 : -1 };
	struct iovec iov[2] = { { data, cut }, { data + cut, sizes[rnd(10)] } };
	struct msghdr m = { .msg_iov = iov, .msg_iovlen = 2 };

	if (rnd(2)) {
		u.h = (struct cmsghdr){ .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS };
		u.h.cmsg_len = CMSG_LEN(count * sizeof(int));
		memcpy(CMSG_DATA(&u.h), fds, count * sizeof(int));
		m.msg_control = &u;
		m.msg_controllen = CMSG_SPACE(count * sizeof(int));
	}
	mix("sendmsg", s, result(sendmsg(s, &m, f)));
}

static void receive_message(int s, int f)
{
	union { char bytes[200]; struct cmsghdr h; } u;
	struct sockaddr_un a;
	int cut = rnd(500);
	struct iovec iov[2] = { { back, cut }, { back + cut, sizes[rnd(12)] } };
	struct msghdr m = { .msg_iov = iov, .msg_iovlen = 2, .msg_name = &a, .msg_namelen = sizeof(a),
		.msg_control = rnd(4) ? &u : NULL, .msg_controllen = 16 + rnd(60) };
	long n;

	if (!m.msg_control)
		m.msg_controllen = 0;
	n = result(recvmsg(s, &m, f));
	mix("recvmsg", s, n);
	if (n < 0)
		return;
	mix("  flags", m.msg_flags, m.msg_namelen);
	mix("  data", sum(back, n < (long)(iov[0].iov_len + iov[1].iov_len) ? n : 0), m.msg_controllen);
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
		int count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);

		mix("  cmsg", c->cmsg_type, c->cmsg_len);
		if (c->cmsg_type != SCM_RIGHTS)
			continue;
		for (int i = 0; i < count; i++) {
			int got;

			memcpy(&got, CMSG_DATA(c) + i * sizeof(int), sizeof(int));
			close(got);
		}
	}
}

static void option(int s)
{
	static const int names[] = { SO_SNDBUF, SO_RCVBUF, SO_RCVLOWAT, SO_PEEK_OFF, SO_ERROR, SO_TYPE, SO_ACCEPTCONN };
	int name = names[rnd(7)], v = (int)rnd(30000) - 2;
	socklen_t len = sizeof(v);

	if (rnd(3))
		mix("setsockopt", name, result(setsockopt(s, SOL_SOCKET, name, &v, sizeof(v))));
	v = 0;
	mix("getsockopt", result(getsockopt(s, SOL_SOCKET, name, &v, &len)), v);
}

/* Which of several errors an unconnected sender gets has changed between versions of Linux. */
static int connected(int f)
{
	struct sockaddr_un a;
	socklen_t len = sizeof(a);

	return getpeername(f, (void *)&a, &len) == 0;
}

static void step(void)
{
	struct sockaddr_un a;
	socklen_t len;
	int s[2], n, f = fd();
	struct pollfd p;
	long r;

	switch (rnd(18)) {
	case 0:
		r = result(socketpair(AF_UNIX, types[rnd(4)] | SOCK_NONBLOCK, 0, s));
		mix("socketpair", r, 0);
		if (!r) {
			put(s[0]);
			put(s[1]);
		}
		break;
	case 1:
		put(socket(AF_UNIX, types[rnd(4)] | SOCK_NONBLOCK, 0));
		break;
	case 2:
		len = address(&a);
		mix("bind", f, result(bind(f, (void *)&a, len > sizeof(sa_family_t) ? len : len + 1)));
		break;
	case 3:
		mix("listen", f, result(listen(f, rnd(4))));
		break;
	case 4:
		len = address(&a);
		mix("connect", f, result(connect(f, (void *)&a, len)));
		break;
	case 5:
		r = result(accept4(f, NULL, NULL, SOCK_NONBLOCK));
		mix("accept4", f, r);
		if (r >= 0)
			put(r);
		break;
	case 6:
	case 7:
	case 8:
		if (connected(f))
			mix("send", f, result(send(f, data + rnd(100), sizes[1 + rnd(12)], flags())));
		break;
	case 9:
	case 10:
	case 11:
		n = sizes[rnd(13)];
		r = result(recv(f, back, n, flags()));
		mix("recv", f, r);
		mix("  data", r > 0 && r <= n ? sum(back, r) : 0, 0);
		break;
	case 12:
		if (connected(f))
			send_message(f, flags());
		break;
	case 13:
		receive_message(f, flags());
		break;
	case 14:
		mix("shutdown", f, result(shutdown(f, rnd(4))));
		break;
	case 15:
		option(f);
		break;
	case 16:
		n = -1;
		mix("outq", result(ioctl(f, SIOCOUTQ, &n)), n);
		n = -1;
		mix("inq", result(ioctl(f, SIOCINQ, &n)), n);
		break;
	case 17:
		len = address(&a);
		mix("sendto", f, result(sendto(f, data, sizes[1 + rnd(8)], flags(), (void *)&a, len)));
		break;
	}
	f = fd();
	p = (struct pollfd){ f, POLLIN | POLLPRI | POLLOUT | POLLRDNORM | POLLRDBAND | POLLWRNORM | POLLWRBAND | POLLRDHUP, 0 };
	poll(&p, 1, 0);
	mix("poll", f, p.revents);
}

static void run(unsigned seed, int steps)
{
	state = seed * 7919 + 1;
	hash = 2166136261u;
	for (int i = 0; i < SLOTS; i++)
		slot[i] = -1;
	for (int i = 0; i < steps; i++)
		step();
	for (int i = 0; i < SLOTS; i++)
		close(slot[i]);
}

int main(int argc, char **argv)
{
	for (unsigned i = 0; i < sizeof(data); i++)
		data[i] = i * 2654435761u >> 24;
	for (int i = 3; i < 64; i++)
		close(i);
	if (argc > 1) {
		verbose = 1;
		run(atoi(argv[1]), argc > 2 ? atoi(argv[2]) : 300);
		return 0;
	}
	for (unsigned seed = 1; seed <= 200; seed++) {
		run(seed, 300);
		printf("%u: %08x\n", seed, hash);
	}
	return 0;
}
