/* recvfrom(2), recvmsg(2) and recvmmsg(2) are refused in the same words: the manual page's errors, each in the three ways. */
#include "msg_ways.h"

static long receive_one(enum way way, int fd, struct msghdr *m, int flags)
{
	struct mmsghdr one = { *m };
	socklen_t len = m->msg_namelen;

	if (way == BY_MMSG)
		return recvmmsg(fd, &one, 1, flags, NULL);
	if (way == BY_MSG)
		return recvmsg(fd, m, flags);
	return recvfrom(fd, m->msg_iov->iov_base, m->msg_iov->iov_len, flags, m->msg_name, &len);
}

static void all_ways(const char *what, int fd, void *buf, void *name, socklen_t len, int flags)
{
	struct iovec iov = { buf, 8 };

	printf("%s:", what);
	for (enum way w = BY_NAME; w <= BY_MMSG; w++) {
		struct msghdr m = { name, len, &iov, 1 };

		errno = 0;
		printf(" %s %s", way_name[w], receive_one(w, fd, &m, flags) < 0 ? errno_name(errno) : "receives");
	}
	printf("\n");
	fflush(stdout);
}

/* A datagram to where nobody is: its sender is told by its next call. */
static void refused(void)
{
	printf("refused:");
	for (enum way w = BY_NAME; w <= BY_MMSG; w++) {
		struct sockaddr_in to = LOOPBACK;
		char buf[8];
		struct iovec iov = { buf, 8 };
		struct msghdr m = { NULL, 0, &iov, 1 };
		struct pollfd p = { socket(AF_INET, SOCK_DGRAM, 0), 0, 0 };

		to.sin_port = htons(1);
		connect(p.fd, (void *)&to, sizeof(to));
		send(p.fd, "x", 1, 0);
		poll(&p, 1, -1);
		printf(" %s %s", way_name[w], receive_one(w, p.fd, &m, MSG_DONTWAIT) < 0 ? errno_name(errno) : "receives");
		close(p.fd);
	}
	printf("\n");
}

int main(void)
{
	int p[2], null = open("/dev/null", O_RDWR);
	char buf[8];
	struct sockaddr_un from;

	socketpair(AF_UNIX, SOCK_DGRAM, 0, p);
	all_ways("no descriptor", -1, buf, NULL, 0, 0);
	all_ways("no socket", null, buf, NULL, 0, 0);
	all_ways("not connected", socket(AF_UNIX, SOCK_SEQPACKET, 0), buf, NULL, 0, 0);
	all_ways("not connected TCP", socket(AF_INET, SOCK_STREAM, 0), buf, NULL, 0, 0);
	all_ways("listening", full_listener(&(struct sockaddr_in){ 0 }), buf, NULL, 0, 0);
	all_ways("empty", p[0], buf, NULL, 0, MSG_DONTWAIT);
	for (int i = 0; i < 3; i++)
		send(p[1], "x", 1, 0);
	all_ways("bad buffer", p[0], BAD_PTR, NULL, 0, MSG_DONTWAIT);
	while (recv(p[0], buf, 8, MSG_DONTWAIT) > 0)
		;
	for (int i = 0; i < 3; i++)
		send(p[1], "x", 1, 0);
	all_ways("negative length", p[0], buf, &from, -1, MSG_DONTWAIT);
	while (recv(p[0], buf, 8, MSG_DONTWAIT) > 0)
		;
	all_ways("urgent", p[0], buf, NULL, 0, MSG_OOB);
	interrupted_calls(p[0], SO_RCVTIMEO);
	all_ways("interrupted", p[0], buf, NULL, 0, 0);
	not_interrupted();
	refused();
	return 0;
}
