/* rtnetlink: links are told and changed, and what is wrong with a request is said. */
// needs-root: it makes a network of its own
#include "netlink.h"

static int s, watch;

static void link_req(struct nl_req *q, int type, int flags, int index, unsigned iff, unsigned change)
{
	struct ifinfomsg m = { .ifi_index = index, .ifi_flags = iff, .ifi_change = change };

	nl_begin(q, type, flags, &m, sizeof(m));
}

static void talk(const char *what, struct nl_req *q)
{
	printf("-- %s\n", what);
	nl_talk(s, q);
	nl_drain(watch);
}

static void set_u32(const char *what, int attr, unsigned v)
{
	struct nl_req q;

	link_req(&q, RTM_SETLINK, NLM_F_ACK, 1, 0, 0);
	nl_u32(&q, attr, v);
	talk(what, &q);
}

static void by_name(const char *what, int type, int flags, const char *name)
{
	struct nl_req q;

	link_req(&q, type, flags, 0, 0, 0);
	nl_text(&q, IFLA_IFNAME, name);
	talk(what, &q);
}

int main(void)
{
	int one = 1, group = RTNLGRP_LINK;
	struct nl_req q;

	own_network();
	s = nl_socket(NETLINK_ROUTE);
	setsockopt(s, SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one));
	watch = nl_socket(NETLINK_ROUTE);
	setsockopt(watch, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group));
	link_req(&q, RTM_GETLINK, NLM_F_DUMP, 0, 0, 0);
	talk("dump", &q);
	link_req(&q, RTM_GETLINK, 0, 1, 0, 0);
	talk("by index", &q);
	by_name("by name", RTM_GETLINK, 0, "lo");
	by_name("by name, none", RTM_GETLINK, 0, "nope");
	link_req(&q, RTM_GETLINK, 0, 0, 0, 0);
	talk("by nothing", &q);
	link_req(&q, RTM_GETLINK, 0, -1, 0, 0);
	talk("by a negative index", &q);
	set_u32("mtu", IFLA_MTU, 9000);
	set_u32("mtu again", IFLA_MTU, 9000);
	set_u32("mtu too large", IFLA_MTU, 0x80000000);
	set_u32("qlen", IFLA_TXQLEN, 77);
	set_u32("group", IFLA_GROUP, 5);
	link_req(&q, RTM_SETLINK, NLM_F_ACK, 1, 0, 0);
	nl_text(&q, IFLA_IFALIAS, "an alias");
	talk("alias", &q);
	link_req(&q, RTM_SETLINK, NLM_F_ACK, 1, 0, 0);
	nl_attr(&q, IFLA_ADDRESS, "\2\0\0\0\0\1", 6);
	talk("address", &q);
	link_req(&q, RTM_SETLINK, NLM_F_ACK, 1, 0, 0);
	nl_attr(&q, IFLA_ADDRESS, "\1\0\0\0\0\1", 6);
	talk("address of a group", &q);
	link_req(&q, RTM_SETLINK, NLM_F_ACK, 1, 0, 0);
	nl_attr(&q, IFLA_ADDRESS, "\2\0\0", 3);
	talk("short address", &q);
	link_req(&q, RTM_SETLINK, NLM_F_ACK, 1, 0, 0);
	nl_text(&q, IFLA_IFNAME, "a/b");
	talk("bad name", &q);
	link_req(&q, RTM_SETLINK, NLM_F_ACK, 1, 0, 0);
	nl_text(&q, IFLA_IFNAME, "a-name-of-sixteen");
	talk("long name", &q);
	by_name("delete what cannot be", RTM_DELLINK, NLM_F_ACK, "lo");
	by_name("delete what is not", RTM_DELLINK, NLM_F_ACK, "nope");
	by_name("there already", RTM_NEWLINK, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, "lo");
	by_name("not to be made", RTM_NEWLINK, NLM_F_ACK, "nope");
	by_name("without a kind", RTM_NEWLINK, NLM_F_ACK | NLM_F_CREATE, "nope");
	link_req(&q, RTM_SETLINK, NLM_F_ACK, 1, 0, 0);
	nl_attr(&q, IFLA_MTU, "\1\2", 2);
	talk("two bytes for four", &q);
	q.h.nlmsg_len = NLMSG_LENGTH(8);
	talk("header cut short", &q);
	return 0;
}
