/* SCM_RIGHTS: passing descriptors, cutting them off, peeking at them, message boundaries, close-on-exec. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include "show.h"

static int send_fds(int s, const char *text, const int *fds, int count)
{
	char control[CMSG_SPACE(300 * sizeof(int))] = "";
	struct iovec iov = { (char *)text, strlen(text) };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control,
		.msg_controllen = CMSG_SPACE(count * sizeof(int)) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(count * sizeof(int));
	memcpy(CMSG_DATA(c), fds, count * sizeof(int));
	return sendmsg(s, &m, 0);
}

static void receive(int s, size_t room, size_t size, int flags)
{
	union { char bytes[2000]; struct cmsghdr align; } u;
	char text[64];
	struct iovec iov = { text, size };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = room ? &u : NULL, .msg_controllen = room };
	ssize_t n = recvmsg(s, &m, flags);

	if (n < 0) {
		printf("recvmsg: %s\n", errno_name(errno));
		return;
	}
	printf("recvmsg: %zd '%.*s' flags %#x controllen %zu\n", n, (int)n, text, m.msg_flags, (size_t)m.msg_controllen);
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
		int *fds = (int *)CMSG_DATA(c), count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);

		printf("  level %d type %d len %zu:", c->cmsg_level, c->cmsg_type, (size_t)c->cmsg_len);
		for (int i = 0; i < count; i++) {
			int flags = fcntl(fds[i], F_GETFD);

			if (count < 5)
				printf(" %s%s", flags < 0 ? "bad" : "open", flags & FD_CLOEXEC ? "(cloexec)" : "");
			close(fds[i]);
		}
		printf("\n");
	}
	fflush(stdout);
}

int main(void)
{
	int s[2], p[2], fds[300], r;
	char buf[8];

	socketpair(AF_UNIX, SOCK_STREAM, 0, s);
	pipe(p);
	SHOW(send_fds(s[0], "one", &p[1], 1));
	receive(s[1], 200, 64, 0);
	SHOW(send_fds(s[0], "two", p, 2));
	receive(s[1], 200, 64, MSG_CMSG_CLOEXEC);
	SHOW(send_fds(s[0], "cut", p, 2));
	receive(s[1], CMSG_LEN(sizeof(int)), 64, 0);
	SHOW(send_fds(s[0], "no room", p, 2));
	receive(s[1], sizeof(struct cmsghdr), 64, 0);
	SHOW(send_fds(s[0], "no control", p, 2));
	receive(s[1], 0, 64, 0);
	SHOW(send_fds(s[0], "peeked", p, 1));
	receive(s[1], 200, 64, MSG_PEEK);
	receive(s[1], 200, 64, 0);
	/* Bytes before and after do not run into a message with descriptors. */
	write(s[0], "before", 6);
	send_fds(s[0], "with", p, 1);
	write(s[0], "after", 5);
	receive(s[1], 200, 64, 0);
	receive(s[1], 200, 64, 0);
	/* The descriptors go with the first byte. */
	send_fds(s[0], "split", p, 1);
	receive(s[1], 200, 2, 0);
	receive(s[1], 200, 64, 0);
	send_fds(s[0], "read", p, 1);
	SHOW(read(s[1], buf, sizeof(buf)));
	fds[0] = 99;
	SHOW(send_fds(s[0], "x", fds, 1));
	fds[0] = -1;
	SHOW(send_fds(s[0], "x", fds, 1));
	for (int i = 0; i < 300; i++)
		fds[i] = p[0];
	SHOW(send_fds(s[0], "x", fds, 253));
	receive(s[1], 1200, 64, 0);
	SHOW(send_fds(s[0], "x", fds, 254));
	/* A file lives on in the message, and dies with it. */
	SHOW(send_fds(s[0], "in flight", &p[1], 1));
	close(p[1]);
	fcntl(p[0], F_SETFL, O_NONBLOCK);
	SHOW(read(p[0], buf, 1));
	SHOW(close(s[1]));
	SHOW(read(p[0], buf, 1));
	r = open("/dev/null", O_RDONLY);
	SHOW(r);
	return 0;
}
