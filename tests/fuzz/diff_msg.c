/* Operations on sockets of any family: messages with flags, control data, names and memory of all kinds, and what else moves
 * bytes into a socket and out of it. Nothing here blocks, and nothing shows a port, a time or a process's number. */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <linux/sockios.h>

#include "diff_net.h"

#define CONTROL 512
typedef union { addr_t a; struct sockaddr_storage room; } name_t;
#define SEND_FLAGS VALUE(0, 0, 0, 0, MSG_OOB, MSG_EOR, MSG_MORE, MSG_CONFIRM, MSG_DONTROUTE, MSG_PEEK, MSG_WAITALL, MSG_FASTOPEN, \
	MSG_ZEROCOPY, MSG_OOB | MSG_MORE, MSG_ERRQUEUE, MSG_TRUNC, MSG_CTRUNC, 0x20, 0x400000)
#define RECV_FLAGS VALUE(0, 0, 0, 0, MSG_PEEK, MSG_TRUNC, MSG_OOB, MSG_WAITALL, MSG_ERRQUEUE, MSG_CMSG_CLOEXEC, MSG_PEEK | MSG_TRUNC, \
	MSG_PEEK | MSG_WAITALL, MSG_OOB | MSG_PEEK, MSG_CTRUNC, MSG_EOR, MSG_WAITFORONE, MSG_NOSIGNAL, MSG_MORE)

/* A write to a socket that is shut, and O_ASYNC, are no end of a sequence. */
void net_init(void)
{
	signal(SIGPIPE, SIG_IGN);
	signal(SIGIO, SIG_IGN);
}

/* ---- memory ---- */

/* A page of the step's bytes where nothing is mapped after it, and all that a length can reach is a program's memory. */
static char *a_cliff(void)
{
	char *page = mmap((void *)(ARENA + (1ul << 32)), PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

	memcpy(page, a_buffer(), PAGE);
	return page;
}

/* Mostly a few good pieces for @fd; *count of them. What a piece holds is the step's bytes. How much is lost at a bad one follows
 * with TCP from how segments were joined. */
static struct iovec *some_iovecs(int fd, size_t *count)
{
	static struct iovec iov[4];
	char *buf = a_buffer(), *cliff = a_cliff();
	bool tcp = tcp_more(fd);

	*count = (size_t)VALUE(1, 1, 1, 2, 3, 4, tcp ? 1 : 0);
	for (unsigned i = 0; i < 4; i++) {
		iov[i] = (struct iovec){ buf + 8192 * i, (size_t)VALUE(1, 5, 100, 1000, 0, 4000) };
		if (tcp)
			continue;
		if (chance(3))
			iov[i].iov_base = BAD_PTR;
		else if (chance(3))
			iov[i].iov_base = cliff + PAGE - 3;
		else if (chance(2))
			iov[i] = (struct iovec){ cliff, (size_t)VALUE(-1, 0x7fffffffffffffff, 0x7ffffffff000) };
	}
	return iov;
}

static void show_iovecs(const struct iovec *iov, size_t count, long n)
{
	for (size_t i = 0; i < count && n > 0; i++) {
		size_t size = iov[i].iov_len < (size_t)n ? iov[i].iov_len : (size_t)n;

		if (iov[i].iov_base != BAD_PTR)
			out(" %08x", hash(iov[i].iov_base, size));
		n -= (long)size;
	}
}

/* ---- control messages ---- */

static void put_control(struct msghdr *msg, char *control, int level, int type, const void *data, size_t size)
{
	struct cmsghdr *c = (struct cmsghdr *)(control + msg->msg_controllen);

	*c = (struct cmsghdr){ .cmsg_level = level, .cmsg_type = type, .cmsg_len = CMSG_LEN(size) };
	memcpy(CMSG_DATA(c), data, size);
	out(" {%d/%d/%zu}", level, type, size);
	if (chance(4))
		c->cmsg_len = (size_t)VALUE(0, 15, 16, 17, 100, -1);
	msg->msg_controllen += CMSG_SPACE(size);
	msg->msg_control = control;
}

static void put_number(struct msghdr *msg, char *control)
{
	static const struct { int level, type; } numbers[] = { { IPPROTO_IP, IP_TTL }, { IPPROTO_IP, IP_TOS }, { IPPROTO_IPV6, IPV6_TCLASS },
		{ IPPROTO_IPV6, IPV6_HOPLIMIT }, { IPPROTO_IPV6, IPV6_DONTFRAG }, { SOL_SOCKET, SO_MARK }, { SOL_SOCKET, SO_PRIORITY },
		{ SOL_SOCKET, SO_TIMESTAMPING }, { IPPROTO_UDP, UDP_SEGMENT }, { IPPROTO_IP, IP_RETOPTS }, { IPPROTO_IP, 77 }, { 9, 9 },
		{ SOL_SOCKET, 77 }, { IPPROTO_IPV6, 77 } };
	unsigned i = R(sizeof(numbers) / sizeof(numbers[0]));
	int v = (int)VALUE(0, 1, 8, 64, 255, 256, 500, -1);

	put_control(msg, control, numbers[i].level, numbers[i].type, &v, (size_t)VALUE(4, 4, 4, 2, 1, 8, 0));
}

static void put_pktinfo(struct msghdr *msg, char *control)
{
	struct in_pktinfo info = { .ipi_ifindex = (int)VALUE(0, 1, 1000), .ipi_spec_dst.s_addr = htonl((uint32_t)VALUE(0, 0x7f000001, 0xc0000201)) };
	struct in6_pktinfo info6 = { .ipi6_ifindex = (unsigned)info.ipi_ifindex, .ipi6_addr.s6_addr[15] = (uint8_t)R(2) };

	if (chance(50))
		put_control(msg, control, IPPROTO_IP, IP_PKTINFO, &info, sizeof(info));
	else
		put_control(msg, control, IPPROTO_IPV6, IPV6_PKTINFO, &info6, sizeof(info6));
}

static void put_credentials(struct msghdr *msg, char *control)
{
	struct ucred creds = { chance(80) ? getpid() : 1, (uid_t)VALUE(0, 0, 1000), (gid_t)VALUE(0, 0, 1000) };

	put_control(msg, control, SOL_SOCKET, SCM_CREDENTIALS, &creds, (size_t)VALUE(12, 12, 12, 8));
}

static void some_control(struct msghdr *msg, char *control)
{
	int fds[4];

	msg->msg_controllen = 0;
	for (unsigned n = chance(50) ? 0 : 1 + R(3); n; n--) {
		switch (R(4)) {
		case 0:
			for (unsigned i = 0; i < 4; i++)
				fds[i] = a_sock();
			put_control(msg, control, SOL_SOCKET, SCM_RIGHTS, fds, (size_t)VALUE(4, 4, 8, 16, 0, 3));
			break;
		case 1: put_credentials(msg, control); break;
		case 2: put_pktinfo(msg, control); break;
		default: put_number(msg, control);
		}
	}
	if (chance(3))
		msg->msg_controllen += (size_t)VALUE(-1, -8, 8, 1000);
}

/* What a message says, as far as it is always the same. */
static void show_control(const struct cmsghdr *c)
{
	size_t size = c->cmsg_len - CMSG_LEN(0);
	const int *v = (const int *)CMSG_DATA(c);

	out(" %d/%d/%zu", c->cmsg_level, c->cmsg_type, size);
	if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS)
		for (size_t i = 0; i < size / sizeof(int); i++)
			out(" fd %d", v[i]);
	else if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_CREDENTIALS)
		out(" %d uid %d gid %d", v[0] == getpid(), v[1], v[2]);
	else if ((c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR) || (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR))
		out(" errno %d origin %d type %d code %d info %d", v[0], v[1] & 255, v[1] >> 8 & 255, v[1] >> 16 & 255, v[2]);
	else if (c->cmsg_level != SOL_SOCKET && size <= 20 && c->cmsg_type != IP_RECVORIGDSTADDR && c->cmsg_type != IP_PKTINFO && c->cmsg_type != IPV6_RECVORIGDSTADDR)
		out(" %08x", hash(v, size));
}

/* ---- sending and receiving ---- */

static void a_name_and_control(struct msghdr *msg, char *control, name_t *name)
{
	*msg = (struct msghdr){ .msg_iov = NULL };
	memset(name, 0, sizeof(*name));
	if (chance(30)) {
		msg->msg_namelen = an_inet_address(&name->a);
		msg->msg_name = chance(97) ? (void *)name : BAD_PTR;
		if (chance(5))
			msg->msg_namelen = (socklen_t)VALUE(0, 1, 8, 128, 129, -1);
	}
	some_control(msg, control);
}

static int send_flags(int fd)
{
	return (int)(SEND_FLAGS & ~tcp_more(fd)) | MSG_NOSIGNAL | MSG_DONTWAIT;
}

static void op_send(void)
{
	char *buf = a_buffer();
	int fd = a_sock();
	size_t size = (size_t)VALUE(0, 1, 5, 100, 1000, 4096, 9000);

	result(send(fd, buf, size, send_flags(fd)));
}

static void op_sendmsg(void)
{
	_Alignas(8) char control[CONTROL] = { 0 };
	struct msghdr msg;
	name_t name;
	size_t count;
	int fd = a_sock();

	a_name_and_control(&msg, control, &name);
	msg.msg_iov = some_iovecs(fd, &count);
	msg.msg_iovlen = chance(98) ? count : (size_t)VALUE(1024, 1025, -1);
	result(sendmsg(fd, &msg, send_flags(fd)));
}

static void show_message(const struct msghdr *msg, size_t count, long n)
{
	const name_t *name = msg->msg_name;

	out("  flags %x control %zu name %u", msg->msg_flags, (size_t)msg->msg_controllen, msg->msg_name ? msg->msg_namelen : 0);
	if (name && msg->msg_namelen >= 2)
		out(" %d", name->room.ss_family);
	show_iovecs(msg->msg_iov, count, n);
	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR((struct msghdr *)msg, c))
		show_control(c);
	out("\n");
}

static void op_recvmsg(void)
{
	_Alignas(8) char control[CONTROL] = { 0 };
	name_t name = { .room.ss_family = 0 };
	struct msghdr msg = { .msg_control = control };
	int fd = a_sock();
	size_t count;
	long n;

	msg.msg_iov = some_iovecs(fd, &count);
	msg.msg_iovlen = count;
	msg.msg_controllen = (size_t)VALUE(CONTROL, CONTROL, CONTROL, 0, 8, 16, 20, 24, 40);
	if (chance(40)) {
		msg.msg_name = &name;
		msg.msg_namelen = (socklen_t)VALUE(sizeof(name), 16, 2, 0, 128, -1);
	}
	n = result(recvmsg(fd, &msg, (int)(MSG_DONTWAIT | RECV_FLAGS)));
	if (n >= 0)
		show_message(&msg, count, n);
}

static void op_sendmmsg(void)
{
	struct mmsghdr msgs[3] = { 0 };
	int fd = a_sock();
	long n;

	for (unsigned i = 0; i < 3; i++) {
		static struct iovec iov[3];

		iov[i] = (struct iovec){ chance(95) ? a_buffer() : BAD_PTR, (size_t)VALUE(0, 1, 100, 2000) };
		msgs[i].msg_hdr = (struct msghdr){ .msg_iov = &iov[i], .msg_iovlen = 1 };
	}
	n = result(sendmmsg(fd, chance(98) ? msgs : BAD_PTR, (unsigned)VALUE(3, 3, 1, 0), send_flags(fd)));
	for (long i = 0; i < n; i++)
		out("  %u\n", msgs[i].msg_len);
}

static void op_recvmmsg(void)
{
	struct timespec timeout = { VALUE(0, 0, 0, -1), VALUE(0, 0, 1000000000) };
	struct mmsghdr msgs[3] = { 0 };
	struct iovec iov[3];
	int fd = a_sock();
	long n;

	for (unsigned i = 0; i < 3; i++) {
		iov[i] = (struct iovec){ a_buffer() + 8192 * i, (size_t)VALUE(1, 100, 4000) };
		msgs[i].msg_hdr = (struct msghdr){ .msg_iov = &iov[i], .msg_iovlen = 1 };
	}
	n = result(recvmmsg(fd, chance(98) ? msgs : BAD_PTR, (unsigned)VALUE(3, 3, 1, 0), (int)(MSG_DONTWAIT | RECV_FLAGS),
			    chance(50) ? NULL : &timeout));
	for (long i = 0; i < n; i++)
		out("  %u %x %08x\n", msgs[i].msg_len, msgs[i].msg_hdr.msg_flags, hash(iov[i].iov_base,
			msgs[i].msg_len < iov[i].iov_len ? msgs[i].msg_len : iov[i].iov_len));
}

/* ---- files' calls ---- */

/* RWF_NOWAIT is a socket's: pipes lose it by splice. */
static int rw_flags(int fd)
{
	return (int)VALUE(0, domain_of(fd) ? RWF_NOWAIT : 0, RWF_HIPRI, RWF_APPEND, 64);
}

static void op_readv(void)
{
	size_t count;
	int fd = a_sock();
	struct iovec *iov = some_iovecs(fd, &count);
	long n = result(chance(70) ? readv(fd, iov, (int)count) : preadv2(fd, iov, (int)count, VALUE(-1, 0), rw_flags(fd)));

	if (n > 0) {
		show_iovecs(iov, count, n);
		out("\n");
	}
}

static void op_writev(void)
{
	size_t count;
	int fd = a_sock();
	struct iovec *iov = some_iovecs(fd, &count);

	result(chance(70) ? writev(fd, iov, (int)count) : pwritev2(fd, iov, (int)count, VALUE(-1, 0), rw_flags(fd)));
}

static void op_sendfile(void)
{
	int file = memfd_create("sent", MFD_CLOEXEC), fd = a_sock();
	off_t off = VALUE(0, 100, 9000);
	long n;

	write(file, a_buffer(), 6000);
	n = result(sendfile(fd, file, &off, (size_t)VALUE(1, 1000, 5000, 10000)));
	if (n >= 0)
		out("  %ld\n", (long)off);
	close(file);
}

/* Through a pipe, in or out; what it holds in the end is shown. */
static void op_splice(void)
{
	int p[2], fd = a_sock();
	char *buf = a_buffer();
	size_t size = (size_t)VALUE(1, 100, 1000, 5000);
	unsigned flags = (unsigned)(SPLICE_F_NONBLOCK | VALUE(0, tcp_more(fd) ? 0 : SPLICE_F_MORE, SPLICE_F_MOVE));
	long n;

	if (pipe2(p, O_NONBLOCK))
		return;
	/* What splice takes from TCP stops at urgent data, as read does not. */
	if (chance(50) || tcp_more(fd)) {
		write(p[1], buf, 3000);
		result(splice(p[0], NULL, fd, NULL, size, flags));
	} else {
		result(splice(fd, NULL, p[1], NULL, size, flags));
	}
	n = read(p[0], buf, 8192);
	out("  %ld %08x\n", n, n > 0 ? hash(buf, (size_t)n) : 0);
	close(p[0]);
	close(p[1]);
}

static void op_ioctl(void)
{
	int fd = a_sock(), n = (int)VALUE(0, 1), type = 0;
	unsigned long request = (unsigned long)VALUE(SIOCINQ, SIOCOUTQ, SIOCATMARK, FIOASYNC, FIONBIO, SIOCOUTQNSD, FIOGETOWN, SIOCGPGRP,
		SIOCGSTAMP, 0x8999);
	socklen_t len = sizeof(type);
	bool shown;

	if (request == FIONBIO)
		n = 1;
	getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len);
	/* What TCP has not been told of yet is a matter of time; the others count what Linux has allocated. */
	shown = request != SIOCOUTQ && request != SIOCOUTQNSD;
	if (request == SIOCGSTAMP && type == SOCK_DGRAM)
		return (void)out("\n");
	if (!result(domain_of(fd) ? ioctl(fd, request, &n) : -1) && shown)
		out("  %d\n", n);
}

static void op_shutdown(void) { int fd = a_sock(); result(shutdown(fd, (int)VALUE(SHUT_RD, SHUT_WR, SHUT_RDWR, 3, -1))); }

static void op_pair(void)
{
	int s[2] = { -1, -1 }, type = (int)VALUE(SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET);

	result(socketpair(AF_UNIX, type | SOCK_NONBLOCK, 0, s));
	out("  %d %d\n", s[0], s[1]);
}

const struct op msg_ops[] = {
	{ "msg-pair", op_pair, 8 }, { "msg-send", op_send, 14 }, { "msg-sendmsg", op_sendmsg, 18 }, { "msg-recvmsg", op_recvmsg, 20 },
	{ "msg-sendmmsg", op_sendmmsg, 6 }, { "msg-recvmmsg", op_recvmmsg, 6 }, { "msg-readv", op_readv, 8 }, { "msg-writev", op_writev, 8 },
	{ "msg-sendfile", op_sendfile, 5 }, { "msg-splice", op_splice, 6 }, { "msg-ioctl", op_ioctl, 8 }, { "msg-shutdown", op_shutdown, 3 },
	{ 0 }
};
