/* The collector and listening sockets, urgent bytes and peeked descriptors: circles through a queue of connections that nobody
 * has accepted are found, what a descriptor still reaches stays. */
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include "show.h"

static long send_fd(int s, int fd, int flags)
{
	union { char bytes[CMSG_SPACE(sizeof(int))]; struct cmsghdr align; } u;
	struct iovec iov = { "x", 1 };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &u, .msg_controllen = sizeof(u) };

	u.align.cmsg_level = SOL_SOCKET;
	u.align.cmsg_type = SCM_RIGHTS;
	u.align.cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(&u.align), &fd, sizeof(int));
	return sendmsg(s, &m, flags);
}

/* A descriptor that the message carries, or -1. */
static int recv_fd(int s, int flags)
{
	union { char bytes[CMSG_SPACE(sizeof(int))]; struct cmsghdr align; } u;
	char c;
	struct iovec iov = { &c, 1 };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &u, .msg_controllen = sizeof(u) };
	int fd = -1;

	if (recvmsg(s, &m, flags) >= 0 && m.msg_controllen >= CMSG_LEN(sizeof(int)))
		memcpy(&fd, CMSG_DATA(&u.align), sizeof(int));
	return fd;
}

/* Does the pipe's reader see that every writer is gone? The host collects in the background. */
static void collected(const char *what, int reader)
{
	struct pollfd p = { reader, POLLIN, 0 };

	for (int i = 0; i < 200 && !(p.revents & POLLHUP); i++) {
		int s[2];

		poll(&p, 1, 0);
		socketpair(AF_UNIX, SOCK_STREAM, 0, s);
		send_fd(s[0], 1, 0);
		close(s[0]);
		close(s[1]);
		if (!(p.revents & POLLHUP))
			usleep(10000);
	}
	printf("%s: %s\n", what, p.revents & POLLHUP ? "collected" : "alive");
	fflush(stdout);
	close(reader);
}

static void alive(const char *what, int reader)
{
	struct pollfd p = { reader, POLLIN, 0 };
	int s[2];

	socketpair(AF_UNIX, SOCK_STREAM, 0, s);
	send_fd(s[0], s[1], 0);
	close(s[0]);
	close(s[1]);
	poll(&p, 1, 20);
	printf("%s: %s\n", what, p.revents & POLLHUP ? "collected" : "alive");
	fflush(stdout);
}

static int listener(struct sockaddr_un *un, socklen_t *len, int type)
{
	int l = socket(AF_UNIX, type, 0);

	memset(un, 0, sizeof(*un));
	un->sun_family = AF_UNIX;
	bind(l, (void *)un, sizeof(sa_family_t));
	*len = sizeof(*un);
	getsockname(l, (void *)un, len);
	listen(l, 8);
	return l;
}

/* The listener itself lies in the queue of a connection that waits in its own backlog. */
static void in_backlog(int type)
{
	struct sockaddr_un un;
	socklen_t len;
	int l = listener(&un, &len, type), c = socket(AF_UNIX, type, 0), p[2];

	pipe(p);
	connect(c, (void *)&un, len);
	SHOW(send_fd(c, l, 0));
	SHOW(send_fd(c, p[1], 0));
	close(p[1]);
	close(l);
	collected("client still open", p[0]);
	SHOW(send(c, "x", 1, MSG_NOSIGNAL));
	close(c);
}

/* Two listeners, each in the other's backlog, and the clients in flight too. */
static void two_backlogs(void)
{
	struct sockaddr_un un[2];
	socklen_t len[2];
	int l[2], c[2], p[2];

	pipe(p);
	for (int i = 0; i < 2; i++) {
		l[i] = listener(&un[i], &len[i], SOCK_STREAM);
		c[i] = socket(AF_UNIX, SOCK_STREAM, 0);
		connect(c[i], (void *)&un[i], len[i]);
	}
	send_fd(c[0], l[1], 0);
	send_fd(c[1], l[0], 0);
	send_fd(c[0], p[1], 0);
	send_fd(c[1], c[0], 0);
	send_fd(c[0], c[1], 0);
	for (int i = 0; i < 2; i++) {
		close(l[i]);
		close(c[i]);
	}
	close(p[1]);
	collected("two backlogs", p[0]);
}

/* Reached through a connection that can still be accepted. */
static void acceptable(void)
{
	struct sockaddr_un un;
	socklen_t len;
	int l = listener(&un, &len, SOCK_STREAM), c = socket(AF_UNIX, SOCK_STREAM, 0), a[2], p[2], s, fd;

	pipe(p);
	socketpair(AF_UNIX, SOCK_STREAM, 0, a);
	send_fd(a[0], a[1], 0);
	send_fd(a[0], p[1], 0);
	connect(c, (void *)&un, len);
	send_fd(c, a[1], 0);
	close(a[0]);
	close(a[1]);
	close(p[1]);
	close(c);
	alive("acceptable", p[0]);
	s = accept(l, NULL, NULL);
	fd = recv_fd(s, 0);
	close(s);
	alive("accepted", p[0]);
	s = recv_fd(fd, 0);
	printf("got %d %d\n", fd >= 0, s >= 0);
	close(s);
	alive("taken out", p[0]);
	close(fd);
	collected("closed", p[0]);
	close(l);
}

/* The descriptor of a circle goes with an urgent byte. */
static void urgent(int taken)
{
	int a[2], p[2];
	char c;

	pipe(p);
	socketpair(AF_UNIX, SOCK_STREAM, 0, a);
	SHOW(send_fd(a[0], p[1], 0));
	SHOW(send_fd(a[0], a[1], MSG_OOB));
	if (taken)
		SHOW(recv(a[1], &c, 1, MSG_OOB));
	close(p[1]);
	close(a[0]);
	alive("urgent, open", p[0]);
	close(a[1]);
	collected("urgent", p[0]);
}

/* A peek makes another reference. */
static void peeked(int type)
{
	int a[2], p[2], fd;

	pipe(p);
	socketpair(AF_UNIX, type, 0, a);
	send_fd(a[0], a[1], 0);
	send_fd(a[0], p[1], 0);
	fd = recv_fd(a[1], MSG_PEEK);
	close(a[0]);
	close(a[1]);
	close(p[1]);
	alive("peeked at", p[0]);
	printf("the copy works: %d\n", recv(fd, &(char){ 0 }, 1, MSG_PEEK) == 1);
	close(fd);
	collected("copy closed", p[0]);
}

/* Nested: a socket in a socket in a socket ... */
static void chain(void)
{
	int p[2], a[2], b[2];

	pipe(p);
	socketpair(AF_UNIX, SOCK_DGRAM, 0, a);
	send_fd(a[0], p[1], 0);
	close(p[1]);
	for (int i = 0; i < 300; i++) {
		socketpair(AF_UNIX, SOCK_DGRAM, 0, b);
		send_fd(b[0], a[0], 0);
		send_fd(b[0], a[1], 0);
		close(a[0]);
		close(a[1]);
		a[0] = b[0];
		a[1] = b[1];
	}
	alive("chain", p[0]);
	close(a[0]);
	close(a[1]);
	collected("chain closed", p[0]);
}

int main(void)
{
	in_backlog(SOCK_STREAM);
	in_backlog(SOCK_SEQPACKET);
	two_backlogs();
	acceptable();
	urgent(0);
	urgent(1);
	peeked(SOCK_STREAM);
	peeked(SOCK_DGRAM);
	chain();
	SHOW(open("/dev/null", O_RDONLY) < 12);
	return 0;
}
