/* rtnetlink: routes are added, replaced, looked up and removed. */
// needs-root: it makes a network of its own
#include "netlink.h"

static int s, watch;

struct route { int table, type, scope, protocol, prefix, flags; const char *dst, *via, *src; int dev, metric; };

static void route(const char *what, int type, int nlflags, struct route r)
{
	struct rtmsg m = { .rtm_family = r.dst && strchr(r.dst, ':') ? AF_INET6 : AF_INET, .rtm_dst_len = r.prefix, .rtm_table = r.table,
		.rtm_protocol = r.protocol, .rtm_scope = r.scope, .rtm_type = r.type, .rtm_flags = r.flags };
	struct nl_req q;

	printf("-- %s\n", what);
	nl_begin(&q, type, nlflags | NLM_F_ACK, &m, sizeof(m));
	if (r.dst)
		nl_addr(&q, RTA_DST, r.dst);
	if (r.via)
		nl_addr(&q, RTA_GATEWAY, r.via);
	if (r.src)
		nl_addr(&q, RTA_PREFSRC, r.src);
	if (r.dev)
		nl_u32(&q, RTA_OIF, r.dev);
	if (r.metric)
		nl_u32(&q, RTA_PRIORITY, r.metric);
	nl_talk(s, &q);
	nl_drain(watch);
}
#define NEW(what, fl, ...) route(what, RTM_NEWROUTE, fl, (struct route){ .table = RT_TABLE_MAIN, .type = RTN_UNICAST, .protocol = RTPROT_BOOT, \
	.scope = RT_SCOPE_LINK, .dev = 1, __VA_ARGS__ })
#define DEL(what, ...) route(what, RTM_DELROUTE, 0, (struct route){ .table = RT_TABLE_MAIN, .scope = RT_SCOPE_NOWHERE, __VA_ARGS__ })
#define EXCL (NLM_F_CREATE | NLM_F_EXCL)

static void lookup(const char *dst, int flags)
{
	struct rtmsg m = { .rtm_family = strchr(dst, ':') ? AF_INET6 : AF_INET, .rtm_dst_len = strchr(dst, ':') ? 128 : 32, .rtm_flags = flags };
	struct nl_req q;

	printf("-- way to %s\n", dst);
	nl_begin(&q, RTM_GETROUTE, 0, &m, sizeof(m));
	nl_addr(&q, RTA_DST, dst);
	nl_talk(s, &q);
}

static void dump(int family, int table)
{
	struct rtmsg m = { .rtm_family = family, .rtm_table = table };
	struct nl_req q;

	printf("-- dump\n");
	nl_begin(&q, RTM_GETROUTE, NLM_F_DUMP, &m, sizeof(m));
	nl_talk(s, &q);
}

int main(void)
{
	int one = 1, groups[] = { RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE };

	own_network();
	s = nl_socket(NETLINK_ROUTE);
	setsockopt(s, SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one));
	watch = nl_socket(NETLINK_ROUTE);
	for (int i = 0; i < 2; i++)
		setsockopt(watch, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &groups[i], sizeof(int));
	NEW("new", EXCL, .dst = "10.8.0.0", .prefix = 16);
	NEW("again", EXCL, .dst = "10.8.0.0", .prefix = 16);
	NEW("other metric", EXCL, .dst = "10.8.0.0", .prefix = 16, .metric = 5);
	NEW("appended", NLM_F_CREATE | NLM_F_APPEND, .dst = "10.8.0.0", .prefix = 16, .src = "127.0.0.1");
	NEW("prepended", NLM_F_CREATE, .dst = "10.8.0.0", .prefix = 16, .protocol = RTPROT_STATIC);
	NEW("prepended again", NLM_F_CREATE, .dst = "10.8.0.0", .prefix = 16, .protocol = RTPROT_STATIC);
	NEW("replaced", NLM_F_CREATE | NLM_F_REPLACE, .dst = "10.8.0.0", .prefix = 16, .protocol = 99);
	NEW("replaced by the same", NLM_F_CREATE | NLM_F_REPLACE, .dst = "10.8.0.0", .prefix = 16, .protocol = 99);
	NEW("changed, none there", NLM_F_REPLACE, .dst = "10.9.0.0", .prefix = 16);
	NEW("bits beyond the prefix", EXCL, .dst = "10.8.0.1", .prefix = 16);
	NEW("prefix too long", EXCL, .dst = "10.8.0.1", .prefix = 33);
	NEW("no such device", EXCL, .dst = "10.10.0.0", .prefix = 16, .dev = 77);
	NEW("no device", EXCL, .dst = "10.10.0.0", .prefix = 16, .dev = 0);
	NEW("a bad source", EXCL, .dst = "10.10.0.0", .prefix = 16, .src = "1.2.3.4");
	NEW("a gateway that is far", EXCL, .dst = "10.10.0.0", .prefix = 16, .via = "8.8.8.8", .scope = RT_SCOPE_UNIVERSE);
	NEW("a gateway within scope", EXCL, .dst = "10.10.0.0", .prefix = 16, .via = "10.8.0.1");
	NEW("unreachable", EXCL, .dst = "10.7.0.0", .prefix = 16, .type = RTN_UNREACHABLE, .dev = 0, .scope = 0);
	NEW("blackhole", EXCL, .dst = "10.6.0.0", .prefix = 16, .type = RTN_BLACKHOLE, .dev = 0, .scope = 0);
	NEW("prohibit", EXCL, .dst = "10.5.0.0", .prefix = 16, .type = RTN_PROHIBIT, .dev = 0, .scope = 0);
	NEW("throw", EXCL, .dst = "10.4.0.0", .prefix = 16, .type = RTN_THROW, .dev = 0, .scope = 0);
	NEW("blackhole with a device", EXCL, .dst = "10.3.0.0", .prefix = 16, .type = RTN_BLACKHOLE, .scope = 0);
	NEW("unknown type", EXCL, .dst = "10.3.0.0", .prefix = 16, .type = 50);
	NEW("default", EXCL);
	NEW("table 77", EXCL, .dst = "10.2.0.0", .prefix = 16, .table = 77);
	NEW("six", EXCL, .dst = "fd05::", .prefix = 64);
	NEW("six again", EXCL, .dst = "fd05::", .prefix = 64);
	NEW("six beyond the prefix", EXCL, .dst = "fd05:0:0:1::1", .prefix = 64);
	NEW("six unreachable", EXCL, .dst = "fd07::", .prefix = 64, .type = RTN_UNREACHABLE, .dev = 0);
	NEW("six too long", EXCL, .dst = "fd07::", .prefix = 129);
	NEW("six without device", EXCL, .dst = "fd09::", .prefix = 64, .dev = 0);
	dump(AF_INET, 0);
	dump(AF_INET6, 0);
	lookup("10.8.1.1", 0);
	lookup("10.7.1.1", 0);
	lookup("10.6.1.1", 0);
	lookup("10.5.1.1", 0);
	lookup("10.4.1.1", 0);
	lookup("127.0.0.1", 0);
	lookup("10.8.1.1", 0x2000 /* RTM_F_FIB_MATCH */);
	lookup("fd05::1", 0);
	lookup("fd07::1", 0);
	lookup("fd99::1", 0);
	DEL("gone", .dst = "10.8.0.0", .prefix = 16);
	DEL("gone, by metric", .dst = "10.8.0.0", .prefix = 16, .metric = 5);
	DEL("gone, wrong device", .dst = "10.8.0.0", .prefix = 16, .dev = 77);
	DEL("gone before", .dst = "10.99.0.0", .prefix = 16);
	DEL("six gone", .dst = "fd05::", .prefix = 64);
	DEL("six gone before", .dst = "fd05::", .prefix = 64);
	dump(AF_INET, 0);
	return 0;
}
