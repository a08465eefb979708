/* Operations on AF_UNIX sockets. Nothing here blocks. */
#include <stddef.h>
#include <sys/un.h>

#include "diff_net.h"

#define TYPE() VALUE(SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET, SOCK_STREAM, SOCK_RAW, 77)

static socklen_t an_address(struct sockaddr_un *sun)
{
	static const char *const names[] = { "sock", "sock2", "a", "missing/x", "" };
	const char *name = PICK(names);

	memset(sun, 0, sizeof(*sun));
	sun->sun_family = chance(95) ? AF_UNIX : AF_INET;
	strcpy(sun->sun_path, name);
	out(" '%s' %d", name, sun->sun_family);
	return offsetof(struct sockaddr_un, sun_path) + strlen(name) + (name[0] != 0);
}

static void op_socket(void)
{
	int type = TYPE();

	result(socket(AF_UNIX, type | SOCK_NONBLOCK, VALUE(0, 0, 1, 9)));
}

static void op_socketpair(void)
{
	int s[2] = { 0 }, type = TYPE();

	if (!result(socketpair(AF_UNIX, type | SOCK_NONBLOCK, 0, s)))
		out("  %d %d\n", s[0], s[1]);
}

static void op_bind(void)
{
	struct sockaddr_un sun;
	int fd = an_fd();
	socklen_t len = an_address(&sun), has = sizeof(sun);
	struct sockaddr_un own;

	/* Linux makes the file of a second name first, and takes it away again. */
	if (!getsockname(fd, (void *)&own, &has) && has > 2)
		fd = -1;
	/* An address of two bytes takes a name by chance. */
	result(bind(fd, (void *)&sun, len < 4 ? 1 : len));
}

static void op_connect(void)
{
	struct sockaddr_un sun;
	int fd = an_fd();
	socklen_t len = an_address(&sun);

	result(connect(fd, (void *)&sun, len));
}

static void op_listen(void) { int fd = an_fd(); result(listen(fd, VALUE(0, 1, 5))); }
static void op_accept(void) { int fd = an_fd(); result(accept4(fd, NULL, NULL, SOCK_NONBLOCK | VALUE(0, SOCK_CLOEXEC, 1))); }

static void op_shutdown(void) { int fd = an_fd(); result(shutdown(fd, VALUE(SHUT_RD, SHUT_WR, SHUT_RDWR, 7))); }

static void op_send(void)
{
	char *buf = a_buffer();
	int fd = an_fd();
	size_t size = a_size();

	result(send(fd, buf, size, MSG_NOSIGNAL | MSG_DONTWAIT | (VALUE(0, 0, MSG_EOR, MSG_MORE) & ~tcp_more(fd))));
}

static void op_sendto(void)
{
	struct sockaddr_un sun;
	char *buf = a_buffer();
	int fd = an_fd();
	socklen_t len = an_address(&sun);

	result(sendto(fd, buf, a_size(), MSG_NOSIGNAL | MSG_DONTWAIT, (void *)&sun, len));
}

static void op_recv(void)
{
	char *buf = a_buffer();
	int fd = an_fd();
	size_t size = a_size();
	long n = result(recv(fd, buf, size, MSG_DONTWAIT | VALUE(0, 0, 0, MSG_PEEK, MSG_TRUNC, MSG_WAITALL)));

	if (n > 0)
		out("  %08x\n", hash(buf, n < (long)size ? (size_t)n : size));
}

static void op_sendmsg(void)
{
	char control[CMSG_SPACE(2 * sizeof(int))] = { 0 };
	struct iovec iov = { (char *)"rights", 6 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);
	int fd = an_fd(), fds[2] = { an_fd(), an_fd() };

	c->cmsg_level = VALUE(SOL_SOCKET, SOL_SOCKET, SOL_SOCKET, 9);
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(fds));
	memcpy(CMSG_DATA(c), fds, sizeof(fds));
	result(sendmsg(fd, &msg, MSG_NOSIGNAL | MSG_DONTWAIT));
}

static void op_recvmsg(void)
{
	char control[256] = { 0 }, buf[16];
	struct iovec iov = { buf, sizeof(buf) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control };
	int fd = an_fd();
	long n;

	msg.msg_controllen = VALUE(sizeof(control), sizeof(control), 20, 0);
	n = result(recvmsg(fd, &msg, MSG_DONTWAIT | VALUE(0, MSG_CMSG_CLOEXEC, MSG_PEEK)));
	if (n < 0)
		return;
	out("  flags %x control %zu", msg.msg_flags, (size_t)msg.msg_controllen);
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&msg); c; c = CMSG_NXTHDR(&msg, c)) {
		out(" %d/%d/%zu", c->cmsg_level, c->cmsg_type, (size_t)c->cmsg_len);
		if (c->cmsg_type == SCM_RIGHTS && c->cmsg_len >= CMSG_LEN(sizeof(int)))
			out(" fd %d", *(int *)CMSG_DATA(c));
	}
	out("\n");
}

static void op_option(void)
{
	int fd = an_fd(), v = VALUE(0, 1, 5, -1);
	int name = VALUE(SO_TYPE, SO_ERROR, SO_ACCEPTCONN, SO_PASSCRED, SO_DOMAIN, SO_PROTOCOL, SO_KEEPALIVE, SO_REUSEADDR, SO_BROADCAST, SO_PEEK_OFF, 999);
	socklen_t len = VALUE(4, 4, 1, 0);

	if (chance(40)) {
		result(setsockopt(fd, SOL_SOCKET, name, &v, len));
	} else {
		v = 0;
		if (!result(getsockopt(fd, SOL_SOCKET, name, &v, &len)))
			out("  %d %u\n", v, len);
	}
}

static void op_name(void)
{
	struct sockaddr_un sun = { 0 };
	socklen_t len = VALUE(sizeof(sun), sizeof(sun), 4, 0);
	int fd = an_fd();
	int r = chance(50) ? getsockname(fd, (void *)&sun, &len) : getpeername(fd, (void *)&sun, &len);

	if (!result(r))
		out("  %u %d %.20s\n", len, sun.sun_family, sun.sun_family == AF_UNIX ? sun.sun_path : "");
}

const struct op socket_ops[] = {
	{ "socket", op_socket, 12 }, { "socketpair", op_socketpair, 12 }, { "bind", op_bind, 8 }, { "connect", op_connect, 10 },
	{ "listen", op_listen, 8 }, { "accept", op_accept, 8 }, { "shutdown", op_shutdown, 5 }, { "send", op_send, 16 },
	{ "sendto", op_sendto, 6 }, { "recv", op_recv, 16 }, { "sendmsg", op_sendmsg, 6 }, { "recvmsg", op_recvmsg, 8 },
	{ "option", op_option, 10 }, { "name", op_name, 6 }, { 0 }
};
