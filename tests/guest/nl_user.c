/* Netlink between programs: NETLINK_USERSOCK, its groups, waiting for room, and who may send. */
// needs-root: it makes a network of its own
#include "netlink.h"

int main(void)
{
	static char large[1 << 22];
	struct sockaddr_nl a = { .nl_family = AF_NETLINK, .nl_pid = 111 }, b = { .nl_family = AF_NETLINK, .nl_pid = 222 }, from;
	socklen_t len = sizeof(from);
	struct iovec iov;
	char buf[64], control[64] = "";
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control, .msg_controllen = CMSG_SPACE(sizeof(int)) };
	struct cmsghdr *c = (struct cmsghdr *)control;
	int group = 3, size = 1, n = 0, x, y;
	struct pollfd p;

	own_network();
	x = socket(AF_NETLINK, SOCK_DGRAM, NETLINK_USERSOCK);
	y = socket(AF_NETLINK, SOCK_DGRAM | SOCK_NONBLOCK, NETLINK_USERSOCK);
	SHOW(bind(x, (struct sockaddr *)&a, sizeof(a)));
	SHOW(bind(y, (struct sockaddr *)&b, sizeof(b)));
	SHOW(sendto(x, "hello", 5, 0, (struct sockaddr *)&b, sizeof(b)));
	SHOW(recvfrom(y, buf, sizeof(buf), 0, (struct sockaddr *)&from, &len));
	printf("%.5s from %u, %u bytes of name\n", buf, from.nl_pid, len);
	SHOW(sendto(x, "to nobody", 9, 0, NULL, 0));
	b.nl_pid = 333;
	SHOW(sendto(x, "to none", 7, 0, (struct sockaddr *)&b, sizeof(b)));
	/* connected: only from there */
	b.nl_pid = 222;
	SHOW(connect(x, (struct sockaddr *)&b, sizeof(b)));
	SHOW(send(x, "connected", 9, 0));
	SHOW(recv(y, buf, 4, MSG_TRUNC));
	a.nl_pid = 999;
	SHOW(connect(y, (struct sockaddr *)&a, sizeof(a)));
	SHOW(send(x, "refused", 7, 0));
	a.nl_family = AF_UNSPEC;
	SHOW(connect(y, (struct sockaddr *)&a, sizeof(a)));
	/* groups */
	SHOW(setsockopt(y, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)));
	b.nl_pid = 0;
	b.nl_groups = 4;
	SHOW(sendto(x, "to all", 6, 0, (struct sockaddr *)&b, sizeof(b)));
	len = sizeof(from);
	SHOW(recvfrom(y, buf, sizeof(buf), 0, (struct sockaddr *)&from, &len));
	printf("%.6s from %u, groups %#x\n", buf, from.nl_pid, from.nl_groups);
	/* the sender does not hear itself */
	SHOW(setsockopt(x, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)));
	SHOW(sendto(x, "to the others", 13, 0, (struct sockaddr *)&b, sizeof(b)));
	SHOW(recv(x, buf, sizeof(buf), MSG_DONTWAIT));
	SHOW(recv(y, buf, sizeof(buf), 0));
	SHOW(setsockopt(x, SOL_NETLINK, NETLINK_DROP_MEMBERSHIP, &group, sizeof(group)));
	/* room */
	SHOW(setsockopt(y, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)));
	while (send(x, buf, 64, MSG_DONTWAIT) == 64)
		n++;
	printf("full after some %d: %s\n", n > 0 && n < 100, errno_name(errno));
	p = (struct pollfd){ y, POLLIN | POLLOUT };
	SHOW(poll(&p, 1, 0));
	printf("readable %d writable %d\n", (p.revents & POLLIN) != 0, (p.revents & POLLOUT) != 0);
	while (recv(y, buf, sizeof(buf), 0) > 0)
		;
	printf("then %s\n", errno_name(errno));
	SHOW(send(x, buf, 64, MSG_DONTWAIT));
	/* descriptors do not go this way */
	iov = (struct iovec){ buf, 4 };
	*c = (struct cmsghdr){ .cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS };
	SHOW(sendmsg(x, &msg, 0));
	SHOW(send(x, large, sizeof(large), 0));
	close(y);
	SHOW(send(x, "gone", 4, 0));
	return 0;
}
