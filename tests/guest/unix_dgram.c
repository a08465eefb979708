/* Datagram sockets: boundaries, truncation, names, connect, queue limit. */
/* musl */
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include "show.h"

static socklen_t abstract(struct sockaddr_un *a, const char *name)
{
	memset(a, 0, sizeof(*a));
	a->sun_family = AF_UNIX;
	sprintf(a->sun_path + 1, "%s-%07d", name, getpid());
	return sizeof(sa_family_t) + 1 + strlen(a->sun_path + 1);
}

int main(void)
{
	struct sockaddr_un a, b, from;
	socklen_t la, lb, len;
	struct iovec iov;
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };
	char buf[64];
	int s[2], x, y, z, n;

	socketpair(AF_UNIX, SOCK_DGRAM, 0, s);
	SHOW(send(s[0], "first", 5, 0));
	SHOW(send(s[0], "", 0, 0));
	SHOW(send(s[0], "third message", 13, 0));
	SHOW(ioctl(s[1], FIONREAD, &n));
	printf("%d\n", n);
	SHOW(recv(s[1], buf, 64, MSG_PEEK));
	SHOW(recv(s[1], buf, 64, 0));
	SHOW(recv(s[1], buf, 64, 0));
	SHOW(recv(s[1], buf, 5, MSG_PEEK | MSG_TRUNC));
	iov = (struct iovec){ buf, 5 };
	SHOW(recvmsg(s[1], &m, 0));
	printf("flags %#x '%.5s'\n", m.msg_flags, buf);
	SHOW(recv(s[1], buf, 5, MSG_DONTWAIT));

	x = socket(AF_UNIX, SOCK_DGRAM, 0);
	y = socket(AF_UNIX, SOCK_DGRAM, 0);
	z = socket(AF_UNIX, SOCK_DGRAM, 0);
	la = abstract(&a, "umk-test-dgram-a");
	lb = abstract(&b, "umk-test-dgram-b");
	SHOW(sendto(x, "x", 1, 0, (void *)&a, la));
	SHOW(bind(x, (void *)&a, la));
	SHOW(bind(y, (void *)&a, la));
	SHOW(bind(x, (void *)&b, lb));
	SHOW(bind(y, (void *)&b, lb));
	SHOW(send(y, "x", 1, 0));
	SHOW(sendto(y, "to a", 4, 0, (void *)&a, la));
	len = sizeof(from);
	SHOW(recvfrom(x, buf, 64, 0, (void *)&from, &len));
	printf("from %d bytes '%.16s'\n", len, from.sun_path + 1);
	SHOW(sendto(z, "anonymous", 9, 0, (void *)&a, la));
	len = sizeof(from);
	SHOW(recvfrom(x, buf, 64, 0, (void *)&from, &len));
	printf("from %d bytes\n", len);
	SHOW(connect(y, (void *)&a, la));
	SHOW(send(y, "connected", 9, 0));
	SHOW(recv(x, buf, 64, 0));
	SHOW(connect(x, (void *)&b, lb));
	SHOW(sendto(z, "refused", 7, 0, (void *)&a, la));
	len = sizeof(from);
	SHOW(getpeername(x, (void *)&from, &len));
	a.sun_family = AF_UNSPEC;
	SHOW(connect(x, (void *)&a, la));
	a.sun_family = AF_UNIX;
	SHOW(getpeername(x, (void *)&from, &len));
	SHOW(sendto(z, "again", 5, 0, (void *)&a, la));
	SHOW(recv(x, buf, 64, 0));
	SHOW(connect(z, (void *)&a, la));
	/* A socket that is not our peer takes eleven messages. */
	for (n = 0; send(z, "q", 1, MSG_DONTWAIT) == 1; n++)
		;
	printf("%d sent, then %s\n", n, errno_name(errno));
	struct pollfd p = { z, POLLOUT, 0 };
	SHOW(poll(&p, 1, 0));
	recv(x, buf, 64, 0);
	SHOW(poll(&p, 1, 0));
	recv(x, buf, 64, 0);
	SHOW(poll(&p, 1, 1000));
	SHOW(close(x));
	SHOW(send(z, "gone", 4, 0));
	SHOW(send(z, "gone", 4, 0));
	SHOW(listen(y, 1));
	SHOW(accept(y, NULL, NULL));
	x = socket(AF_UNIX, SOCK_STREAM, 0);
	SHOW(connect(x, (void *)&b, lb));
	x = socket(AF_UNIX, SOCK_RAW, 0);
	len = sizeof(n);
	SHOW(getsockopt(x, SOL_SOCKET, SO_TYPE, &n, &len));
	printf("SOCK_RAW is %d\n", n);
	return 0;
}
