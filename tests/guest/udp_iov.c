/* Datagrams from and to several buffers, bad ones among them; control messages that are malformed. */
#include "inet.h"
#include <sys/uio.h>

int main(void)
{
	int a = bound("127.0.0.1"), b = bound("127.0.0.1");
	addr_t to = local_addr(a);
	char x[8], y[8];
	struct iovec iov[3] = { { "one ", 4 }, { "two ", 4 }, { "three", 5 } };
	struct msghdr m = { .msg_name = &to, .msg_namelen = sizeof(to.in), .msg_iov = iov, .msg_iovlen = 3 };
	union { char bytes[128]; struct cmsghdr h; } u;

	SHOW(sendmsg(b, &m, 0));
	receive(a);
	m.msg_iovlen = 0;
	SHOW(sendmsg(b, &m, 0));
	receive(a);
	m.msg_iovlen = 3;
	iov[1].iov_base = BAD_PTR;
	SHOW(sendmsg(b, &m, 0));
	receive(a);
	iov[1] = (struct iovec){ "", 0 };
	SHOW(sendmsg(b, &m, 0));
	iov[0] = (struct iovec){ x, 3 };
	iov[1] = (struct iovec){ BAD_PTR, 3 };
	iov[2] = (struct iovec){ y, 8 };
	m = (struct msghdr){ .msg_iov = iov, .msg_iovlen = 3 };
	SHOW(recvmsg(a, &m, MSG_DONTWAIT));
	SHOW(recvmsg(a, &m, MSG_DONTWAIT));
	send_to(b, "0123456789", "127.0.0.1", to.in.sin_port);
	iov[1] = (struct iovec){ y, 4 };
	m.msg_iovlen = 2;
	SHOW(readv(a, iov, 2));
	printf("%.3s %.4s\n", x, y);
	connect(b, &to.sa, sizeof(to.in));
	iov[0] = (struct iovec){ "wri", 3 };
	iov[1] = (struct iovec){ "tev", 3 };
	SHOW(writev(b, iov, 2));
	receive(a);
	iov[0].iov_len = -1;
	SHOW(writev(b, iov, 2));
	m = (struct msghdr){ .msg_iov = iov, .msg_iovlen = 1, .msg_control = &u, .msg_controllen = sizeof(u.h) };
	iov[0] = (struct iovec){ "text", 4 };
	memset(&u, 0, sizeof(u));
	u.h.cmsg_len = 5;
	SHOW(sendmsg(b, &m, 0));
	u.h.cmsg_len = 1000;
	SHOW(sendmsg(b, &m, 0));
	u.h.cmsg_len = sizeof(u.h);
	u.h.cmsg_level = 77;
	SHOW(sendmsg(b, &m, 0));
	u.h.cmsg_level = SOL_SOCKET;
	SHOW(sendmsg(b, &m, 0));
	m.msg_controllen = 5;
	SHOW(sendmsg(b, &m, 0));
	m.msg_control = BAD_PTR;
	m.msg_controllen = 100;
	SHOW(sendmsg(b, &m, 0));
	m.msg_controllen = 1 << 20;
	SHOW(sendmsg(b, &m, 0));
	m.msg_control = NULL;
	m.msg_controllen = 0;
	m.msg_name = BAD_PTR;
	m.msg_namelen = 16;
	SHOW(sendmsg(b, &m, 0));
	m.msg_namelen = -1;
	SHOW(sendmsg(b, &m, 0));
	m.msg_name = NULL;
	SHOW(sendmsg(b, &m, 0));
	m.msg_iovlen = 1025;
	SHOW(sendmsg(b, &m, 0));
	while (receive(a) > 0)
		;
	return 0;
}
