/* Sockets that only their own queues refer to are collected, and what they hold with them. */
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include "show.h"

static void send_fd(int s, int fd)
{
	union { char bytes[CMSG_SPACE(sizeof(int))]; struct cmsghdr align; } u;
	struct iovec iov = { "x", 1 };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &u, .msg_controllen = sizeof(u) };

	u.align.cmsg_level = SOL_SOCKET;
	u.align.cmsg_type = SCM_RIGHTS;
	u.align.cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(&u.align), &fd, sizeof(int));
	if (sendmsg(s, &m, 0) != 1)
		printf("sendmsg: %s\n", errno_name(errno));
}

/* Does the pipe's reader see that every writer is gone? The host collects in the background. */
static void collected(const char *what, int reader)
{
	struct pollfd p = { reader, POLLIN, 0 };

	for (int i = 0; i < 100 && !(p.revents & POLLHUP); i++) {
		int s[2];

		poll(&p, 1, 0);
		socketpair(AF_UNIX, SOCK_STREAM, 0, s);
		send_fd(s[0], 1);
		close(s[0]);
		close(s[1]);
		if (!(p.revents & POLLHUP))
			usleep(10000);
	}
	printf("%s: %s\n", what, p.revents & POLLHUP ? "collected" : "alive");
	fflush(stdout);
}

int main(void)
{
	int a[2], b[2], p[2];

	for (int i = 0; i < 200; i++) {
		pipe(p);
		socketpair(AF_UNIX, SOCK_STREAM, 0, a);
		socketpair(AF_UNIX, SOCK_DGRAM, 0, b);
		send_fd(a[0], a[1]);  /* in its own queue */
		send_fd(a[0], p[1]);
		send_fd(a[1], b[0]);
		send_fd(b[1], a[0]);  /* a circle of two pairs */
		close(a[0]);
		close(a[1]);
		close(b[0]);
		close(b[1]);
		close(p[1]);
		if (i == 199)
			collected("circle", p[0]);
		close(p[0]);
	}
	/* What can still be received stays. */
	pipe(p);
	socketpair(AF_UNIX, SOCK_STREAM, 0, a);
	socketpair(AF_UNIX, SOCK_STREAM, 0, b);
	send_fd(b[0], a[1]);
	send_fd(a[0], p[1]);
	close(a[0]);
	close(a[1]);
	close(p[1]);
	usleep(1000);
	struct pollfd q = { p[0], POLLIN, 0 };
	poll(&q, 1, 50);
	printf("reachable: %s\n", q.revents & POLLHUP ? "collected" : "alive");
	close(b[0]);
	close(b[1]);
	collected("then closed", p[0]);
	SHOW(open("/dev/null", O_RDONLY) >= 0);
	return 0;
}
