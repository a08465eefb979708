/* sendto(2), sendmsg(2) and sendmmsg(2) are refused in the same words: the manual page's errors, each in the three ways. */
#include "msg_ways.h"

static int pair_of(int type, int p[2]) { return socketpair(AF_UNIX, type, 0, p); }

/* Three ways to send one message. */
static long send_one(enum way way, int fd, struct msghdr *m, int flags)
{
	struct mmsghdr one = { *m };

	if (way == BY_MMSG)
		return sendmmsg(fd, &one, 1, flags);
	if (way == BY_MSG)
		return sendmsg(fd, m, flags);
	return sendto(fd, m->msg_iov->iov_base, m->msg_iov->iov_len, flags, m->msg_name, m->msg_namelen);
}

static void all_ways(const char *what, int fd, const void *data, size_t size, const void *name, socklen_t len, int flags)
{
	struct iovec iov = { (void *)data, size };
	struct msghdr m = { (void *)name, len, &iov, 1 };

	printf("%s:", what);
	for (enum way w = BY_NAME; w <= BY_MMSG; w++) {
		errno = 0;
		printf(" %s %s", way_name[w], send_one(w, fd, &m, flags) < 0 ? errno_name(errno) : "sends");
	}
	printf("\n");
	fflush(stdout);
}

static void simple(void)
{
	struct sockaddr_in broadcast = { .sin_family = AF_INET, .sin_port = htons(9) }, to = broadcast;
	struct sockaddr_un name = { .sun_family = AF_UNIX, .sun_path = "nobody" };
	int udp = socket(AF_INET, SOCK_DGRAM, 0), p[2], d[2], null = open("/dev/null", O_RDWR);
	static char big[70000];

	broadcast.sin_addr.s_addr = inet_addr("127.255.255.255");
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	all_ways("no descriptor", -1, "x", 1, NULL, 0, 0);
	all_ways("no socket", null, "x", 1, NULL, 0, 0);
	all_ways("broadcast", udp, "x", 1, &broadcast, sizeof(broadcast), 0);
	all_ways("to nowhere", udp, "x", 1, NULL, 0, 0);
	all_ways("short name", udp, "x", 1, &to, 4, 0);
	all_ways("too much", udp, big, sizeof(big), &to, sizeof(to), 0);
	all_ways("bad buffer", udp, BAD_PTR, 1, &to, sizeof(to), 0);
	all_ways("bad name", udp, "x", 1, BAD_PTR, sizeof(to), 0);
	all_ways("not connected", socket(AF_UNIX, SOCK_STREAM, 0), "x", 1, NULL, 0, 0);
	all_ways("not connected TCP", socket(AF_INET, SOCK_STREAM, 0), "x", 1, NULL, 0, MSG_NOSIGNAL);
	pair_of(SOCK_STREAM, p);
	pair_of(SOCK_DGRAM, d);
	all_ways("connected", p[0], "x", 1, &name, sizeof(name), 0);
	all_ways("urgent", d[0], "x", 1, NULL, 0, MSG_OOB);
	all_ways("nobody", d[0], "x", 1, &name, sizeof(name), 0);
	shutdown(p[0], SHUT_WR);
	all_ways("shut down", p[0], "x", 1, NULL, 0, MSG_NOSIGNAL);
	close(d[1]);
	all_ways("closed", d[0], "x", 1, NULL, 0, 0);
}

static void full(void)
{
	static char buf[65536];
	int p[2];

	pair_of(SOCK_STREAM, p);
	while (send(p[0], buf, sizeof(buf), MSG_DONTWAIT) > 0)
		;
	while (send(p[0], buf, 1, MSG_DONTWAIT) > 0)
		;
	all_ways("full", p[0], buf, sizeof(buf), NULL, 0, MSG_DONTWAIT);
	interrupted_calls(p[0], SO_SNDTIMEO);
	all_ways("interrupted", p[0], buf, sizeof(buf), NULL, 0, 0);
	not_interrupted();
}

static void reset(void)
{
	printf("reset:");
	for (enum way w = BY_NAME; w <= BY_MMSG; w++) {
		struct linger now = { 1, 0 };
		struct iovec iov = { "x", 1 };
		struct msghdr m = { NULL, 0, &iov, 1 };
		struct pollfd p = { .events = POLLIN };
		int s[2];

		tcp_pair(s);
		setsockopt(s[1], SOL_SOCKET, SO_LINGER, &now, sizeof(now));
		close(s[1]);
		p.fd = s[0];
		poll(&p, 1, -1);
		printf(" %s %s", way_name[w], send_one(w, s[0], &m, MSG_NOSIGNAL) < 0 ? errno_name(errno) : "sends");
		close(s[0]);
	}
	printf("\n");
}

/* ---- a fast open that waits for its connection ---- */

static int opening;

static void *open_fast(void *addr)
{
	long n = sendto(opening, "x", 1, MSG_FASTOPEN, addr, sizeof(struct sockaddr_in));

	printf("the first: %s\n", n < 0 ? errno_name(errno) : "sends");
	return NULL;
}

static void fast_open(void)
{
	struct sockaddr_in addr;
	int l = full_listener(&addr), c;
	pthread_t t;

	opening = socket(AF_INET, SOCK_STREAM, 0);
	pthread_create(&t, NULL, open_fast, &addr);
	wait_state(opening, TCP_SYN_SENT);
	all_ways("fast open", opening, "x", 1, &addr, sizeof(addr), MSG_FASTOPEN | MSG_DONTWAIT);
	shutdown(opening, SHUT_RDWR);
	pthread_join(t, NULL);
	c = socket(AF_INET, SOCK_STREAM, 0);
	all_ways("not even one", c, "x", 1, NULL, 0, MSG_FASTOPEN);
	close(l);
}

int main(void)
{
	simple();
	full();
	reset();
	fast_open();
	return 0;
}
