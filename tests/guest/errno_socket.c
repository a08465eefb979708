/* Socket calls over AF_UNIX: success and the errors that a program can cause. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "show.h"

int main(void)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX }, b;
	struct sockaddr_storage big;
	socklen_t len;
	int s[2], other[2], l, c, d, fd, one = 1, value;
	char buf[64];
	struct iovec iov = { buf, sizeof(buf) };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };
	socklen_t full = sizeof(a);

	signal(SIGPIPE, SIG_IGN);
	fd = open("file", O_RDWR | O_CREAT, 0600);
	SHOW(socket(AF_UNIX, SOCK_STREAM, 0));
	SHOW(socket(AF_UNIX, SOCK_STREAM, 99));
	SHOW(socket(AF_UNIX, 77, 0));
	SHOW(socket(12345, SOCK_STREAM, 0));
	SHOW(socket(-1, SOCK_STREAM, 0));
	SHOW(socket(AF_UNIX, SOCK_STREAM | 0x10000000, 0));
	SHOW(socketpair(AF_UNIX, SOCK_STREAM, 0, s));
	SHOW(socketpair(AF_UNIX, SOCK_STREAM, 0, BAD_PTR));
	SHOW(socketpair(12345, SOCK_STREAM, 0, other));

	SHOW(send(s[0], "hello", 5, 0));
	SHOW(recv(s[1], buf, 3, MSG_PEEK));
	SHOW(recv(s[1], buf, sizeof(buf), 0));
	SHOW(recv(s[1], buf, sizeof(buf), MSG_DONTWAIT));
	SHOW(recv(s[1], BAD_PTR, 0, MSG_DONTWAIT));
	SHOW(send(s[0], BAD_PTR, 5, 0));
	SHOW(recv(-1, buf, 1, 0));
	SHOW(recv(fd, buf, 1, 0));
	SHOW(send(-1, buf, 1, 0));
	SHOW(send(fd, buf, 1, 0));
	SHOW(sendto(s[0], "x", 1, 0, (void *)&a, sizeof(a)));
	SHOW(sendto(s[0], "x", 1, 0, BAD_PTR, sizeof(a)));
	SHOW(sendto(s[0], "x", 1, 0, (void *)&a, -1));
	SHOW(recv(s[1], buf, sizeof(buf), MSG_DONTWAIT));
	len = sizeof(b);
	SHOW(send(s[0], "y", 1, 0));
	SHOW(recvfrom(s[1], buf, 1, 0, (void *)&b, &len));
	SHOW(len);
	len = -1;
	SHOW(send(s[0], "y", 1, 0));
	SHOW(recvfrom(s[1], buf, 1, 0, (void *)&b, &len));
	SHOW(sendmsg(s[0], BAD_PTR, 0));
	m.msg_iovlen = 2000;
	SHOW(sendmsg(s[0], &m, 0));
	SHOW(recvmsg(s[1], &m, MSG_DONTWAIT));
	m.msg_iovlen = 1;
	SHOW(recvmsg(s[1], BAD_PTR, MSG_DONTWAIT));
	SHOW(sendmsg(s[0], &m, 0));
	SHOW(recvmsg(s[1], &m, MSG_DONTWAIT));
	SHOW(getsockopt(s[0], SOL_SOCKET, SO_TYPE, (len = 4, &value), &len));
	SHOW(value == SOCK_STREAM);
	SHOW(getsockopt(s[0], SOL_SOCKET, SO_DOMAIN, (len = 4, &value), &len));
	SHOW(value == AF_UNIX);
	SHOW(getsockopt(s[0], SOL_SOCKET, SO_ERROR, (len = 4, &value), &len));
	SHOW(getsockopt(s[0], SOL_SOCKET, 9999, (len = 4, &value), &len));
	SHOW(getsockopt(s[0], SOL_SOCKET, SO_TYPE, (len = -1, &value), &len));
	SHOW(getsockopt(s[0], SOL_SOCKET, SO_TYPE, BAD_PTR, (len = 4, &len)));
	SHOW(getsockopt(s[0], SOL_SOCKET, SO_TYPE, &value, BAD_PTR));
	SHOW(getsockopt(s[0], 6, 1, (len = 4, &value), &len));
	SHOW(getsockopt(fd, SOL_SOCKET, SO_TYPE, &value, &len));
	SHOW(getsockopt(-1, SOL_SOCKET, SO_TYPE, &value, &len));
	SHOW(setsockopt(s[0], SOL_SOCKET, SO_PASSCRED, &one, sizeof(one)));
	SHOW(setsockopt(s[0], SOL_SOCKET, SO_PASSCRED, &one, 1));
	SHOW(setsockopt(s[0], SOL_SOCKET, SO_PASSCRED, BAD_PTR, sizeof(one)));
	SHOW(setsockopt(s[0], SOL_SOCKET, 9999, &one, sizeof(one)));
	SHOW(setsockopt(s[0], SOL_SOCKET, SO_TYPE, &one, sizeof(one)));
	SHOW(setsockopt(-1, SOL_SOCKET, SO_PASSCRED, &one, sizeof(one)));
	SHOW(shutdown(s[0], 9));
	SHOW(shutdown(fd, SHUT_RD));
	SHOW(shutdown(-1, SHUT_RD));
	SHOW(shutdown(s[0], SHUT_WR));
	SHOW(send(s[0], "x", 1, 0));
	SHOW(recv(s[1], buf, 1, 0));
	SHOW(close(s[1]));
	SHOW(recv(s[0], buf, 1, 0));
	SHOW(send(s[0], "x", 1, MSG_NOSIGNAL));

	l = SHOW(socket(AF_UNIX, SOCK_STREAM, 0));
	strcpy(a.sun_path, "sock");
	SHOW(connect(l, (void *)&a, full));
	SHOW(listen(l, 5));
	SHOW(bind(l, (void *)&a, 1));
	SHOW(bind(l, (void *)&a, 500));
	SHOW(bind(l, BAD_PTR, full));
	SHOW(bind(-1, (void *)&a, full));
	SHOW(bind(fd, (void *)&a, full));
	SHOW(bind(l, (void *)&a, full));
	strcpy(a.sun_path, "second");
	SHOW(bind(l, (void *)&a, full));
	strcpy(a.sun_path, "sock");
	c = socket(AF_UNIX, SOCK_STREAM, 0);
	SHOW(bind(c, (void *)&a, full));
	SHOW(connect(c, (void *)&a, full));
	SHOW(accept(l, NULL, NULL));
	SHOW(listen(l, 1));
	SHOW(listen(-1, 1));
	SHOW(listen(fd, 1));
	len = sizeof(big);
	SHOW(getsockname(l, (void *)&big, &len));
	SHOW(len == offsetof(struct sockaddr_un, sun_path) + 5 || len == full);
	SHOW(getpeername(l, (void *)&big, &len));
	SHOW(getsockname(fd, (void *)&big, &len));
	SHOW(getsockname(l, BAD_PTR, &len));
	SHOW(getsockname(l, (void *)&big, BAD_PTR));
	fcntl(l, F_SETFL, O_NONBLOCK);
	SHOW(accept(l, NULL, NULL));
	SHOW(connect(c, (void *)&a, full));
	SHOW(connect(c, (void *)&a, full));
	SHOW(accept4(l, NULL, NULL, 1));
	d = SHOW(accept4(l, NULL, NULL, SOCK_CLOEXEC));
	SHOW(fcntl(d, F_GETFD));
	SHOW(accept(-1, NULL, NULL));
	SHOW(accept(fd, NULL, NULL));
	SHOW(accept(c, NULL, NULL));
	len = sizeof(big);
	SHOW(getpeername(c, (void *)&big, &len));
	SHOW(send(c, "abc", 3, 0));
	SHOW(close(c));
	SHOW(recv(d, buf, sizeof(buf), 0));
	SHOW(recv(d, buf, sizeof(buf), 0));
	SHOW(send(d, "x", 1, MSG_NOSIGNAL));
	SHOW(close(l));
	c = socket(AF_UNIX, SOCK_STREAM, 0);
	SHOW(connect(c, (void *)&a, full));
	strcpy(a.sun_path, "file");
	SHOW(connect(c, (void *)&a, full));
	strcpy(a.sun_path, "nothing");
	SHOW(connect(c, (void *)&a, full));
	a.sun_family = AF_INET;
	SHOW(connect(c, (void *)&a, full));
	SHOW(connect(-1, (void *)&a, full));
	SHOW(connect(fd, (void *)&a, full));
	SHOW(connect(c, BAD_PTR, full));
	SHOW(send(c, "x", 1, MSG_NOSIGNAL));
	SHOW(recv(c, buf, 1, 0));

	d = socket(AF_UNIX, SOCK_DGRAM, 0);
	SHOW(send(d, "x", 1, 0));
	a.sun_family = AF_UNIX;
	memcpy(a.sun_path, "\0abstract", 9);
	full = offsetof(struct sockaddr_un, sun_path) + 9;
	SHOW(sendto(d, "x", 1, 0, (void *)&a, full));
	SHOW(bind(d, (void *)&a, full));
	SHOW(sendto(d, "to myself", 9, 0, (void *)&a, full));
	len = sizeof(b);
	SHOW(recvfrom(d, buf, 4, MSG_TRUNC, (void *)&b, &len));
	SHOW(len == full && !memcmp(&a, &b, full));
	SHOW(listen(d, 1));
	SHOW(accept(d, NULL, NULL));
	return 0;
}
