/* AF_NETLINK sockets: names, groups, options, and what a call says to bad arguments. */
// needs-root: it makes a network of its own
#include "netlink.h"

static int name(int s, int peer, struct sockaddr_nl *a)
{
	socklen_t len = sizeof(*a);

	memset(a, 0, sizeof(*a));
	return peer ? getpeername(s, (struct sockaddr *)a, &len) : getsockname(s, (struct sockaddr *)a, &len);
}

static void kinds(void)
{
	static const int types[] = { SOCK_STREAM, SOCK_DGRAM, SOCK_RAW, SOCK_RDM, SOCK_SEQPACKET };

	for (unsigned i = 0; i < 5; i++) {
		printf("type %d: ", types[i]);
		SHOW_OK(socket(AF_NETLINK, types[i], NETLINK_ROUTE));
	}
	SHOW(socket(AF_NETLINK, SOCK_RAW, -1));
	SHOW(socket(AF_NETLINK, SOCK_RAW, 31));
	SHOW(socket(AF_NETLINK, SOCK_RAW, 32));
	SHOW_OK(socket(AF_NETLINK, SOCK_RAW, NETLINK_USERSOCK));
	SHOW_OK(socket(AF_NETLINK, SOCK_RAW, NETLINK_SOCK_DIAG));
	SHOW_OK(socket(AF_NETLINK, SOCK_RAW, NETLINK_KOBJECT_UEVENT));
	SHOW_OK(socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC));
}

static void names(void)
{
	struct sockaddr_nl a = { .nl_family = AF_NETLINK, .nl_pid = 1234567 }, b;
	int s = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE), t = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	int u = socket(AF_NETLINK, SOCK_RAW, NETLINK_USERSOCK);

	name(s, 0, &b);
	printf("unbound %u %u\n", b.nl_pid, b.nl_groups);
	SHOW(bind(s, (struct sockaddr *)&a, 4));
	SHOW(bind(s, (struct sockaddr *)&a, sizeof(a)));
	SHOW(bind(t, (struct sockaddr *)&a, sizeof(a)));
	SHOW(bind(u, (struct sockaddr *)&a, sizeof(a)));
	SHOW(bind(s, (struct sockaddr *)&a, sizeof(a)));
	a.nl_pid = 7;
	SHOW(bind(s, (struct sockaddr *)&a, sizeof(a)));
	a.nl_pid = 1234567;
	a.nl_groups = 0x80000011;
	SHOW(bind(s, (struct sockaddr *)&a, sizeof(a)));
	name(s, 0, &b);
	printf("bound %u %#x\n", b.nl_pid, b.nl_groups);
	name(s, 1, &b);
	printf("peer %u %#x\n", b.nl_pid, b.nl_groups);
	a = (struct sockaddr_nl){ .nl_family = AF_NETLINK };
	SHOW(bind(t, (struct sockaddr *)&a, sizeof(a)));
	name(t, 0, &b);
	printf("own number %d\n", b.nl_pid == (unsigned)getpid());
	t = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	SHOW(bind(t, (struct sockaddr *)&a, sizeof(a)));
	name(t, 0, &b);
	printf("another's %d\n", (int)b.nl_pid < -4096);
	a.nl_family = AF_INET;
	SHOW(bind(t, (struct sockaddr *)&a, sizeof(a)));
	SHOW(connect(t, (struct sockaddr *)&a, sizeof(a)));
	a.nl_family = AF_NETLINK;
	SHOW(connect(t, (struct sockaddr *)&a, 1));
	SHOW(connect(t, (struct sockaddr *)&a, 8));
	a.nl_pid = 1234567;
	a.nl_groups = 4;
	SHOW(connect(t, (struct sockaddr *)&a, sizeof(a)));
	name(t, 1, &b);
	printf("connected to %u %#x\n", b.nl_pid, b.nl_groups);
	a.nl_family = AF_UNSPEC;
	SHOW(connect(t, (struct sockaddr *)&a, 2));
	name(t, 1, &b);
	printf("connected to %u %#x\n", b.nl_pid, b.nl_groups);
	SHOW(listen(t, 1));
	SHOW(accept(t, NULL, NULL));
	SHOW(shutdown(t, SHUT_RD));
	SHOW(socketpair(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE, (int[2]){ 0 }));
}

static int get(int s, int option)
{
	int v = -1;
	socklen_t len = sizeof(v);

	return getsockopt(s, SOL_NETLINK, option, &v, &len) ? -errno : v;
}

static void options(void)
{
	int s = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE), one = 1, group;
	unsigned list[8];
	socklen_t len = sizeof(list);

	for (int i = 0; i <= 14; i++) {
		int r = i == NETLINK_ADD_MEMBERSHIP || i == NETLINK_DROP_MEMBERSHIP ? 0 : setsockopt(s, SOL_NETLINK, i, &one, sizeof(one));

		printf("option %d: %s, %d\n", i, r ? errno_name(errno) : "set", i == NETLINK_LIST_MEMBERSHIPS ? 0 : get(s, i));
	}
	SHOW(setsockopt(s, SOL_NETLINK, NETLINK_PKTINFO, &one, 2));
	printf("after two bytes %d\n", get(s, NETLINK_PKTINFO));
	SHOW(setsockopt(s, SOL_NETLINK, NETLINK_PKTINFO, BAD_PTR, 4));
	SHOW(setsockopt(s, SOL_SOCKET + 7, NETLINK_PKTINFO, &one, 4));
	SHOW(getsockopt(s, SOL_SOCKET + 7, NETLINK_PKTINFO, &one, &len));
	len = 3;
	SHOW(getsockopt(s, SOL_NETLINK, NETLINK_PKTINFO, &one, &len));
	len = -1;
	SHOW(getsockopt(s, SOL_NETLINK, NETLINK_PKTINFO, &one, &len));
	len = sizeof(list);
	SHOW(getsockopt(s, SOL_NETLINK, NETLINK_LIST_MEMBERSHIPS, list, &len));
	printf("no groups: %u bytes\n", len);
	for (group = 0; group < 3; group++)
		SHOW(setsockopt(s, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)));
	group = 33;
	SHOW(setsockopt(s, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)));
	group = 4000;
	SHOW(setsockopt(s, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)));
	len = 4;
	memset(list, 0, sizeof(list));
	SHOW(getsockopt(s, SOL_NETLINK, NETLINK_LIST_MEMBERSHIPS, list, &len));
	printf("short list: %#x %#x\n", list[0], list[1]);
	len = sizeof(list);
	SHOW(getsockopt(s, SOL_NETLINK, NETLINK_LIST_MEMBERSHIPS, list, &len));
	printf("list: %#x %#x\n", list[0], list[1]);
	group = 1;
	SHOW(setsockopt(s, SOL_NETLINK, NETLINK_DROP_MEMBERSHIP, &group, sizeof(group)));
	len = sizeof(list);
	getsockopt(s, SOL_NETLINK, NETLINK_LIST_MEMBERSHIPS, list, &len);
	printf("list: %#x %#x\n", list[0], list[1]);
}

static void sending(void)
{
	int s = nl_socket(NETLINK_ROUTE), g = nl_socket(NETLINK_KOBJECT_UEVENT);
	struct sockaddr_nl a = { .nl_family = AF_NETLINK };
	char buf[64] = "";
	struct nlmsghdr *h = (struct nlmsghdr *)buf;

	*h = (struct nlmsghdr){ .nlmsg_len = 16, .nlmsg_type = NLMSG_NOOP, .nlmsg_flags = NLM_F_REQUEST };
	SHOW(send(s, buf, 0, 0));
	SHOW(send(s, buf, 16, MSG_OOB));
	SHOW(sendto(s, buf, 16, 0, (struct sockaddr *)&a, 8));
	a.nl_family = AF_INET;
	SHOW(sendto(s, buf, 16, 0, (struct sockaddr *)&a, sizeof(a)));
	a.nl_family = AF_NETLINK;
	SHOW(sendto(s, buf, 16, 0, (struct sockaddr *)&a, sizeof(a)));
	a.nl_pid = 999999999;
	SHOW(sendto(s, buf, 16, 0, (struct sockaddr *)&a, sizeof(a)));
	SHOW(send(s, BAD_PTR, 16, 0));
	SHOW(send(g, buf, 16, 0));
	SHOW(recv(s, buf, 64, MSG_DONTWAIT));
	SHOW(recv(s, buf, 64, MSG_OOB));
	/* acknowledged though it means nothing; not acknowledged; cut short; an end that lies */
	h->nlmsg_flags |= NLM_F_ACK;
	SHOW(send(s, buf, 16, 0));
	SHOW(recv(s, buf, 64, MSG_DONTWAIT));
	*h = (struct nlmsghdr){ .nlmsg_len = 16, .nlmsg_type = RTM_GETLINK, .nlmsg_flags = 0 };
	SHOW(send(s, buf, 16, 0));
	SHOW(recv(s, buf, 64, MSG_DONTWAIT));
	h->nlmsg_len = 100;
	SHOW(send(s, buf, 16, 0));
	SHOW(recv(s, buf, 64, MSG_DONTWAIT));
	h->nlmsg_len = 15;
	SHOW(send(s, buf, 16, 0));
	SHOW(recv(s, buf, 64, MSG_DONTWAIT));
	SHOW(send(s, buf, 10, 0));
	*h = (struct nlmsghdr){ .nlmsg_len = 16, .nlmsg_type = 2000, .nlmsg_flags = NLM_F_REQUEST };
	SHOW(send(s, buf, 16, 0));
	SHOW(recv(s, buf, 64, MSG_DONTWAIT));
	printf("%s\n", errno_name(-((struct nlmsgerr *)NLMSG_DATA(h))->error));
}

int main(void)
{
	own_network();
	kinds();
	names();
	options();
	sending();
	return 0;
}
