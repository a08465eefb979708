/* Which error a socket call returns when there are several, and lengths beyond what there is. */
// needs-root: SO_MARK is CAP_NET_ADMIN's
#include "inet.h"
#include <signal.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <linux/net_tstamp.h>
#include <netinet/tcp.h>

#define LOW ((char *)0x100000000ul)

static int v = 1;
static socklen_t len;

/* A length that is cut to MAX_RW_COUNT before it is looked at: of one piece alone. */
static void lengths(void)
{
	char *page = mmap(LOW, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	struct iovec one = { page, 0x7fffffffffffffff }, two[2] = { { page, 1 }, { page, 0x7fffffffffffffff } },
		three[3] = { { (void *)-4096l, 1 }, { page, 1 }, { page, (size_t)-1 } };
	struct msghdr m = { .msg_iov = &one, .msg_iovlen = 1 };
	int s[2];

	socketpair(AF_UNIX, SOCK_DGRAM, 0, s);
	SHOW(send(s[0], "abc", 3, 0));
	SHOW(recvmsg(s[1], &m, MSG_DONTWAIT));
	SHOW(recvmsg(s[1], &m, MSG_DONTWAIT));
	SHOW(sendmsg(s[0], &m, MSG_DONTWAIT));
	SHOW(writev(s[0], two, 2));
	SHOW(writev(s[0], three, 3));
	SHOW(readv(s[0], three, 1));
}

static void dgram(void)
{
	struct sockaddr unspec = { .sa_family = AF_UNSPEC };
	int s = socket(AF_UNIX, SOCK_DGRAM, 0), p[2];

	SHOW(send(s, (void *)16, 5, 0));
	SHOW(send(s, "a", 1000000, 0));
	SHOW(send(s, "a", 1, 0));
	socketpair(AF_UNIX, SOCK_DGRAM, 0, p);
	SHOW(shutdown(p[0], SHUT_WR));
	SHOW(connect(p[0], &unspec, sizeof(unspec)));
	SHOW(send(p[0], "a", 1, MSG_NOSIGNAL));
}

static void options(void)
{
	struct sockaddr_un un;
	int s[2], tcp = socket(AF_INET, SOCK_STREAM, 0), tcp6 = socket(AF_INET6, SOCK_STREAM, 0);

	SHOW(setsockopt(-1, SOL_SOCKET, SO_KEEPALIVE, &v, -1));
	SHOW(setsockopt(tcp, SOL_SOCKET, SO_KEEPALIVE, &v, -1));
	socketpair(AF_UNIX, SOCK_DGRAM, 0, s);
	len = 4;
	SHOW(getsockopt(s[0], SOL_SOCKET, SO_PEERNAME, &un, &len));
	len = 2;
	SHOW(getsockopt(s[0], SOL_SOCKET, SO_PEERNAME, &un, &len));
	SHOW(len);
	v = 99;
	len = sizeof(v);
	SHOW(getsockopt(tcp6, IPPROTO_IP, IP_MULTICAST_ALL, &v, &len));
	SHOW(v);
	len = sizeof(v);
	SHOW(getsockopt(tcp, SOL_SOCKET, 74 /* SO_TXREHASH */, &v, &len));
	SHOW(v);
	v = SOF_TIMESTAMPING_OPT_ID | SOF_TIMESTAMPING_SOFTWARE;
	SHOW(setsockopt(tcp, SOL_SOCKET, SO_TIMESTAMPING, &v, sizeof(v)));
	SHOW(setsockopt(tcp6, SOL_SOCKET, SO_TIMESTAMPING, &v, sizeof(v)));
	SHOW(setsockopt(s[0], SOL_SOCKET, SO_TIMESTAMPING, &v, sizeof(v)));
}

/* A connected socket that is marked anew has no route until it sends. */
static void mark(void)
{
	int s = bound("::1");
	addr_t a = local_addr(s);

	SHOW(connect(s, &a.sa, addr_len(&a)));
	len = sizeof(v);
	SHOW(getsockopt(s, IPPROTO_IPV6, IPV6_MTU, &v, &len));
	v = 5;
	SHOW(setsockopt(s, SOL_SOCKET, SO_MARK, &v, sizeof(v)));
	SHOW(getsockopt(s, IPPROTO_IPV6, IPV6_MTU, &v, &len));
	SHOW(send(s, "x", 1, 0));
	SHOW(getsockopt(s, IPPROTO_IPV6, IPV6_MTU, &v, &len));
}

/* IP_DROP_MEMBERSHIP by a device that is not there. */
static void membership(void)
{
	struct ip_mreq m = { { htonl(0xe0000005) }, { htonl(0xc0000201) } };
	int s = bound("127.0.0.1");

	SHOW(setsockopt(s, IPPROTO_IP, IP_DROP_MEMBERSHIP, &m, sizeof(m)));
	SHOW(setsockopt(s, IPPROTO_IP, IP_ADD_MEMBERSHIP, &m, sizeof(m)));
}

/* RWF_NOWAIT: as if the socket did not block. */
static void nowait(void)
{
	struct iovec iov = { &v, 4 };
	int s[2], t = socket(AF_INET, SOCK_STREAM, 0);

	socketpair(AF_UNIX, SOCK_STREAM, 0, s);
	SHOW(preadv2(s[0], &iov, 1, -1, RWF_NOWAIT));
	SHOW(pwritev2(s[0], &iov, 1, -1, RWF_NOWAIT));
	SHOW(preadv2(s[1], &iov, 1, -1, RWF_NOWAIT));
	SHOW(preadv2(t, &iov, 1, -1, RWF_NOWAIT));
}

/* SO_PRIORITY as a control message (since Linux 6.14). */
static void priority(void)
{
	_Alignas(8) char control[CMSG_SPACE(4)] = { 0 };
	struct iovec iov = { &v, 4 };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	int s = bound("127.0.0.1");
	addr_t a = local_addr(s);

	connect(s, &a.sa, addr_len(&a));
	*c = (struct cmsghdr){ .cmsg_level = SOL_SOCKET, .cmsg_type = SO_PRIORITY, .cmsg_len = CMSG_LEN(4) };
	SHOW(sendmsg(s, &m, 0));
	c->cmsg_len = CMSG_LEN(2);
	SHOW(sendmsg(s, &m, 0));
}

/* A peer that goes with an empty message unread has read all; urgent data is one byte whatever recvmmsg(2) asks for. */
static void ends(void)
{
	struct mmsghdr m[2] = { 0 };
	char byte[2];
	struct iovec iov[2] = { { &byte[0], 1 }, { &byte[1], 1 } };
	int s[2];

	socketpair(AF_UNIX, SOCK_SEQPACKET, 0, s);
	SHOW(send(s[0], "", 0, 0));
	close(s[1]);
	SHOW(recv(s[0], byte, 1, 0));
	socketpair(AF_UNIX, SOCK_SEQPACKET, 0, s);
	SHOW(send(s[0], "", 0, 0));
	SHOW(send(s[0], "", 0, 0));
	close(s[1]);
	SHOW(recv(s[0], byte, 1, 0));
	socketpair(AF_UNIX, SOCK_STREAM, 0, s);
	SHOW(send(s[0], "abc", 3, MSG_OOB));
	SHOW(recv(s[1], byte, 0, MSG_PEEK | MSG_DONTWAIT)); /* a look at nothing comes to the mark */
	SHOW(recv(s[1], byte, 0, MSG_DONTWAIT));
	SHOW(recv(s[1], byte, 2, 0));
	m[0].msg_hdr = (struct msghdr){ .msg_iov = &iov[0], .msg_iovlen = 1 };
	m[1].msg_hdr = (struct msghdr){ .msg_iov = &iov[1], .msg_iovlen = 1 };
	SHOW(recvmmsg(s[1], m, 2, MSG_OOB | MSG_PEEK, NULL));
}

int main(void)
{
	signal(SIGPIPE, SIG_IGN);
	lengths();
	dgram();
	options();
	mark();
	membership();
	nowait();
	priority();
	ends();
	return 0;
}
