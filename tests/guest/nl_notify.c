/* Groups: who is a member is told, with NETLINK_PKTINFO by which group; echo; and messages that do not fit are lost with ENOBUFS. */
// needs-root: it makes a network of its own
#include "netlink.h"

static void mtu(int s, int flags, unsigned v)
{
	struct ifinfomsg m = { .ifi_index = 1 };
	struct nl_req q;

	nl_begin(&q, RTM_SETLINK, flags, &m, sizeof(m));
	nl_u32(&q, IFLA_MTU, v);
	send(s, &q, q.h.nlmsg_len, 0);
}

static void receive(const char *who, int s)
{
	char buf[16384], control[256];
	struct iovec iov = { buf, sizeof(buf) };
	struct sockaddr_nl from;
	struct msghdr msg = { .msg_name = &from, .msg_namelen = sizeof(from), .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control,
		.msg_controllen = sizeof(control) };
	int n = recvmsg(s, &msg, MSG_DONTWAIT);

	if (n < 0) {
		printf("%s: %s\n", who, errno_name(errno));
		return;
	}
	printf("%s: from %u, groups %#x\n", who, from.nl_pid, from.nl_groups);
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&msg); c; c = CMSG_NXTHDR(&msg, c)) {
		if (c->cmsg_level == SOL_NETLINK && c->cmsg_type == NETLINK_PKTINFO)
			printf("  by group %u\n", ((struct nl_pktinfo *)CMSG_DATA(c))->group);
		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_CREDENTIALS) {
			struct ucred u;

			memcpy(&u, CMSG_DATA(c), sizeof(u));
			printf("  from process %d of %d %d\n", u.pid, u.uid, u.gid);
		}
	}
	printf("  ");
	print_messages(buf, n);
}

int main(void)
{
	int one = 1, group = RTNLGRP_LINK, size = 1, lost = 0, got = 0, s, a, b, c;
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK, .nl_groups = RTMGRP_LINK };
	struct pollfd p;
	char buf[16384];

	own_network();
	s = nl_socket(NETLINK_ROUTE);
	a = nl_socket(NETLINK_ROUTE);
	setsockopt(a, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group));
	setsockopt(a, SOL_NETLINK, NETLINK_PKTINFO, &one, sizeof(one));
	setsockopt(a, SOL_SOCKET, SO_PASSCRED, &one, sizeof(one));
	b = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	SHOW(bind(b, (struct sockaddr *)&addr, sizeof(addr)));
	c = nl_socket(NETLINK_ROUTE);
	mtu(s, 0, 9001);
	receive("a", a);
	receive("b", b);
	receive("c", c);
	receive("s", s);
	mtu(s, NLM_F_ECHO | NLM_F_ACK, 9002);
	receive("a", a);
	receive("s", s);
	receive("s", s);
	setsockopt(a, SOL_NETLINK, NETLINK_DROP_MEMBERSHIP, &group, sizeof(group));
	addr.nl_groups = 0;
	SHOW(bind(b, (struct sockaddr *)&addr, sizeof(addr)));
	mtu(s, 0, 9003);
	receive("a, left", a);
	receive("b, left", b);
	/* more than fits */
	setsockopt(a, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group));
	setsockopt(b, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group));
	setsockopt(b, SOL_NETLINK, NETLINK_NO_ENOBUFS, &one, sizeof(one));
	setsockopt(a, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	setsockopt(b, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	for (int i = 0; i < 50; i++)
		mtu(s, 0, 10000 + i);
	p = (struct pollfd){ a, POLLIN };
	SHOW(poll(&p, 1, 0));
	printf("error %d, data %d\n", (p.revents & POLLERR) != 0, (p.revents & POLLIN) != 0);
	SHOW(recv(a, buf, sizeof(buf), MSG_DONTWAIT));
	while (recv(a, buf, sizeof(buf), MSG_DONTWAIT) > 0)
		got++;
	printf("a few of them came %d, then %s\n", got > 0 && got < 50, errno_name(errno));
	mtu(s, 0, 11000);
	receive("a, later", a);
	for (got = 0; recv(b, buf, sizeof(buf), MSG_DONTWAIT) > 0; got++)
		;
	lost = errno == ENOBUFS;
	printf("b is told nothing: %d, some came %d\n", !lost, got > 0 && got < 50);
	return 0;
}
