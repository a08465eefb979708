/* Seqpacket sockets: boundaries on a connection. */
#include <sys/socket.h>
#include <sys/un.h>
#include "show.h"

int main(void)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	socklen_t la = sizeof(sa_family_t) + 1 + sprintf(a.sun_path + 1, "umk-test-seqpacket-%07d", getpid()), len;
	struct iovec iov;
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };
	char buf[64];
	int s[2], l, c, d;

	socketpair(AF_UNIX, SOCK_SEQPACKET, 0, s);
	SHOW(send(s[0], "abc", 3, 0));
	SHOW(write(s[0], "defgh", 5));
	iov = (struct iovec){ buf, 64 };
	SHOW(recvmsg(s[1], &m, 0));
	printf("flags %#x\n", m.msg_flags);
	iov.iov_len = 2;
	SHOW(recvmsg(s[1], &m, 0));
	printf("flags %#x\n", m.msg_flags);
	SHOW(recv(s[1], buf, 64, MSG_DONTWAIT));
	SHOW(send(s[0], "", 0, 0));
	SHOW(recv(s[1], buf, 64, MSG_DONTWAIT));
	SHOW(sendto(s[0], "named", 5, 0, (void *)&a, la));
	SHOW(recv(s[1], buf, 64, MSG_DONTWAIT));

	l = socket(AF_UNIX, SOCK_SEQPACKET, 0);
	c = socket(AF_UNIX, SOCK_SEQPACKET, 0);
	SHOW(send(c, "x", 1, 0));
	SHOW(recv(c, buf, 1, 0));
	SHOW(listen(l, 1));
	SHOW(bind(l, (void *)&a, la));
	SHOW(connect(c, (void *)&a, la));
	SHOW(listen(l, 1));
	SHOW(connect(c, (void *)&a, la));
	SHOW(connect(c, (void *)&a, la));
	SHOW(send(c, "before accept", 13, 0));
	len = sizeof(a);
	d = accept(l, (void *)&a, &len);
	printf("accepted %d, peer's name has %d bytes\n", d >= 0, len);
	SHOW(recv(d, buf, 64, 0));
	SHOW(close(c));
	SHOW(recv(d, buf, 64, 0));
	SHOW(recv(d, buf, 64, MSG_DONTWAIT));
	return 0;
}
