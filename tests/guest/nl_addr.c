/* rtnetlink: addresses come, are told, and go, with the routes that they bring along. */
// needs-root: it makes a network of its own
#include "netlink.h"

static int s, watch;

/* An IPv6 address begins to work some time later: its local route is the last that is told. */
static void await_local_route(void)
{
	static char buf[65536];

	for (;;) {
		int n = recv(watch, buf, sizeof(buf), 0);
		const struct nlmsghdr *h = (struct nlmsghdr *)buf;

		if (n < 0) {
			printf("no route: %s\n", errno_name(errno));
			return;
		}
		print_messages(buf, n);
		if (h->nlmsg_type == RTM_NEWROUTE && ((struct rtmsg *)NLMSG_DATA(h))->rtm_table == RT_TABLE_LOCAL)
			return;
	}
}

static void addr(const char *what, int type, int flags, int family, int prefix, int index, const char *local, const char *address)
{
	/* Without the search for duplicates, which would end some time later. */
	struct ifaddrmsg m = { .ifa_family = family, .ifa_prefixlen = prefix, .ifa_index = index,
		.ifa_flags = family == AF_INET6 ? IFA_F_NODAD : 0 };
	struct nl_req q;

	printf("-- %s\n", what);
	nl_begin(&q, type, flags | NLM_F_ACK, &m, sizeof(m));
	if (local)
		nl_addr(&q, IFA_LOCAL, local);
	if (address)
		nl_addr(&q, IFA_ADDRESS, address);
	nl_talk(s, &q);
	printf("told:\n");
	if (*what == '+')
		await_local_route();
	nl_drain(watch);
}

static void dump(int type, int family)
{
	struct rtmsg m = { .rtm_family = family };
	struct nl_req q;

	printf("-- dump %d of family %d\n", type, family);
	nl_begin(&q, type, NLM_F_DUMP, &m, type == RTM_GETADDR ? sizeof(struct ifaddrmsg) : sizeof(m));
	nl_talk(s, &q);
}

int main(void)
{
	int one = 1, groups[] = { RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR, RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE };

	own_network();
	s = nl_socket(NETLINK_ROUTE);
	setsockopt(s, SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one));
	watch = nl_socket(NETLINK_ROUTE);
	for (unsigned i = 0; i < 4; i++)
		setsockopt(watch, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &groups[i], sizeof(int));
	dump(RTM_GETADDR, AF_INET);
	dump(RTM_GETADDR, AF_INET6);
	dump(RTM_GETADDR, AF_UNSPEC);
	addr("new", RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, AF_INET, 24, 1, "10.1.0.1", "10.1.0.1");
	addr("secondary", RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, AF_INET, 24, 1, "10.1.0.2", NULL);
	addr("again", RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, AF_INET, 24, 1, "10.1.0.1", NULL);
	addr("replace", RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE, AF_INET, 24, 1, "10.1.0.1", NULL);
	addr("peer", RTM_NEWADDR, NLM_F_CREATE, AF_INET, 32, 1, "10.2.0.1", "10.2.0.2");
	addr("without", RTM_NEWADDR, NLM_F_CREATE, AF_INET, 24, 1, NULL, "10.3.0.1");
	addr("too long", RTM_NEWADDR, NLM_F_CREATE, AF_INET, 33, 1, "10.3.0.1", NULL);
	addr("no device", RTM_NEWADDR, NLM_F_CREATE, AF_INET, 24, 77, "10.3.0.1", NULL);
	addr("+ six", RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, AF_INET6, 64, 1, "fd00::1", NULL);
	addr("six again", RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, AF_INET6, 64, 1, "fd00::1", NULL);
	addr("six, none", RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, AF_INET6, 64, 1, "::", NULL);
	addr("+ six, second", RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, AF_INET6, 64, 1, "fd00::2", NULL);
	addr("six, no device", RTM_NEWADDR, NLM_F_CREATE, AF_INET6, 64, 77, "fd00::1", NULL);
	addr("family", RTM_NEWADDR, NLM_F_CREATE, AF_UNIX, 64, 1, "fd00::1", NULL);
	dump(RTM_GETADDR, AF_UNSPEC);
	dump(RTM_GETROUTE, AF_INET);
	dump(RTM_GETROUTE, AF_INET6);
	addr("gone", RTM_DELADDR, 0, AF_INET, 24, 1, "10.1.0.1", NULL);
	addr("gone before", RTM_DELADDR, 0, AF_INET, 24, 1, "10.1.0.1", NULL);
	addr("gone, other prefix", RTM_DELADDR, 0, AF_INET, 24, 1, "10.2.0.1", "10.2.0.2");
	addr("gone", RTM_DELADDR, 0, AF_INET, 32, 1, "10.2.0.1", "10.2.0.2");
	addr("gone six", RTM_DELADDR, 0, AF_INET6, 64, 1, "fd00::1", NULL);
	addr("gone six before", RTM_DELADDR, 0, AF_INET6, 64, 1, "fd00::1", NULL);
	addr("gone six", RTM_DELADDR, 0, AF_INET6, 64, 1, "fd00::2", NULL);
	dump(RTM_GETADDR, AF_UNSPEC);
	dump(RTM_GETROUTE, AF_UNSPEC);
	return 0;
}
