/* RTM_NEWLINK of devices that are made: what they begin with is told once, and a request that is refused leaves no device and
 * tells nobody. Which kind of device is made differs between machines, and the kinds' own values are not shown. */
// needs-root: it makes a network of its own
#include "netlink.h"

static int s, watch;
static const char *kind = "dummy";

static void begin(struct nl_req *q, const char *name, unsigned flags)
{
	struct ifinfomsg m = { .ifi_flags = flags, .ifi_change = flags };
	struct { struct nlattr a; char text[8]; } info = { { NLA_HDRLEN + strlen(kind), IFLA_INFO_KIND } };

	memcpy(info.text, kind, strlen(kind));
	nl_begin(q, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK, &m, sizeof(m));
	nl_text(q, IFLA_IFNAME, name);
	nl_attr(q, IFLA_LINKINFO, &info, NLA_HDRLEN + NLA_ALIGN(strlen(kind)));
}

/* What the group hears: no index, no kind. */
static void heard(void)
{
	static char buf[65536];
	int size;

	while ((size = recv(watch, buf, sizeof(buf), MSG_DONTWAIT)) > 0) {
		struct nlmsghdr *h = (struct nlmsghdr *)buf;
		const struct ifinfomsg *m = NLMSG_DATA(h);

		printf("%s up %d change %#x", h->nlmsg_type == RTM_NEWLINK ? "new" : "gone", m->ifi_flags & IFF_UP, m->ifi_change);
		print_text("name", nl_find(h, sizeof(*m), IFLA_IFNAME));
		print_u32("mtu", nl_find(h, sizeof(*m), IFLA_MTU));
		print_u32("group", nl_find(h, sizeof(*m), IFLA_GROUP));
		print_text("alias", nl_find(h, sizeof(*m), IFLA_IFALIAS));
		printf("\n");
	}
}

static void make(const char *what, struct nl_req *q, const char *name)
{
	printf("-- %s\n", what);
	nl_talk(s, q);
	heard();
	printf("there: %d\n", if_nametoindex(name) != 0);
}

static void make_u32(const char *what, const char *name, int type, unsigned v)
{
	struct nl_req q;

	begin(&q, name, 0);
	nl_u32(&q, type, v);
	make(what, &q, name);
}

static void make_bytes(const char *what, const char *name, int type, const char *bytes, size_t size)
{
	struct nl_req q;

	begin(&q, name, 0);
	nl_attr(&q, type, bytes, size);
	make(what, &q, name);
}

/* Is that kind to be had here? */
static int has_kind(void)
{
	struct nl_req q;
	char buf[4096];

	begin(&q, "try", 0);
	send(s, &q, q.h.nlmsg_len, 0);
	recv(s, buf, sizeof(buf), 0);
	while (recv(watch, buf, sizeof(buf), MSG_DONTWAIT) > 0)
		;
	return if_nametoindex("try") != 0;
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
	if (!has_kind())
		kind = "ifb";
	begin(&q, "plain", 0);
	make("nothing more", &q, "plain");
	begin(&q, "plain", 0);
	make("again", &q, "plain");
	begin(&q, "full", 0);
	nl_u32(&q, IFLA_MTU, 1400);
	nl_u32(&q, IFLA_TXQLEN, 5);
	nl_u32(&q, IFLA_GROUP, 7);
	make("with numbers", &q, "full");
	begin(&q, "up", IFF_UP);
	make("up from the start", &q, "up");
	make_u32("mtu below zero", "mtu", IFLA_MTU, 0x80000000);
	make_u32("too many segments", "gso", IFLA_GSO_MAX_SEGS, 70000);
	make_u32("segments too large", "gso", IFLA_GSO_MAX_SIZE, 700000);
	make_bytes("short broadcast address", "short", IFLA_BROADCAST, "\1\2\3", 3);
	make_bytes("short address", "short", IFLA_ADDRESS, "\2\2\3", 3);
	make_bytes("address of a group", "many", IFLA_ADDRESS, "\1\2\3\4\5\6", 6);
	make_bytes("bad name", "a/b", IFLA_TXQLEN, "\1\0\0\0", 4);
	/* these are passed over */
	make_bytes("alias", "alias", IFLA_IFALIAS, "an alias", 9);
	make_bytes("carrier", "carrier", IFLA_CARRIER, "\0", 1);
	make_bytes("proto down", "down", IFLA_PROTO_DOWN, "\1", 1);
	return 0;
}
