/* Requests that ask for one thing, and dumps, with values that mean nothing: with NETLINK_GET_STRICT_CHK they are refused, and
 * why is told; neighbours are asked for strictly in any case. */
// needs-root: it makes a network of its own
#include "netlink.h"
#include <linux/fib_rules.h>
#include <linux/neighbour.h>
#include <linux/netconf.h>

static int strict;

/* What the last answer is: an error, the end of a dump, or something. */
static void show(const char *what, int s)
{
	char buf[32768];
	int n;

	printf("%s%s:", strict ? "strict " : "", what);
	while ((n = recv(s, buf, sizeof(buf), MSG_DONTWAIT)) > 0)
		for (struct nlmsghdr *h = (struct nlmsghdr *)buf; NLMSG_OK(h, n); h = NLMSG_NEXT(h, n)) {
			const struct nlattr *msg = NULL;
			int error = *(int *)NLMSG_DATA(h);
			size_t skip = h->nlmsg_type == NLMSG_DONE ? sizeof(int) : sizeof(struct nlmsgerr);

			if (h->nlmsg_type != NLMSG_DONE && h->nlmsg_type != NLMSG_ERROR)
				continue;
			if (h->nlmsg_flags & NLM_F_ACK_TLVS)
				msg = nl_find(h, skip, NLMSGERR_ATTR_MSG);
			printf(" %s%s%s", error ? errno_name(-error) : "done", msg ? ": " : "", msg ? (const char *)nl_data(msg) : "");
		}
	printf("\n");
}

static void ask(const char *what, int s, int type, int flags, const void *header, size_t size, int attr)
{
	struct nl_req q;

	nl_begin(&q, type, flags, header, size);
	if (attr)
		nl_u32(&q, attr, 1);
	send(s, &q, q.h.nlmsg_len, 0);
	show(what, s);
}

static void links(int s)
{
	struct ifinfomsg m = { .ifi_index = 1 }, odd = { .ifi_index = 1, .ifi_change = 1 }, six = { .ifi_family = AF_INET6 };

	ask("link", s, RTM_GETLINK, NLM_F_ACK, &odd, sizeof(odd), 0);
	ask("link with an attribute", s, RTM_GETLINK, NLM_F_ACK, &m, sizeof(m), IFLA_GROUP);
	m.ifi_index = 0;
	ask("links with an attribute", s, RTM_GETLINK, NLM_F_DUMP, &m, sizeof(m), IFLA_GROUP);
	ask("IPv6 links", s, RTM_GETLINK, NLM_F_DUMP, &six, sizeof(six), 0);
	ask("IPv6 links with an attribute", s, RTM_GETLINK, NLM_F_DUMP, &six, sizeof(six), IFLA_EXT_MASK);
	six.ifi_index = 1;
	ask("IPv6 links with an index", s, RTM_GETLINK, NLM_F_DUMP, &six, sizeof(six), 0);
	ask("short IPv6 links", s, RTM_GETLINK, NLM_F_DUMP, &six, 4, 0);
}

static void routes(int s)
{
	struct rtmsg four = { .rtm_family = AF_INET, .rtm_dst_len = 24 }, six = { .rtm_family = AF_INET6, .rtm_dst_len = 64 };
	struct ifaddrmsg a = { .ifa_family = AF_INET6, .ifa_prefixlen = 64 };

	ask("route", s, RTM_GETROUTE, 0, &four, sizeof(four), RTA_IIF);
	ask("IPv6 route", s, RTM_GETROUTE, 0, &six, sizeof(six), RTA_IIF);
	four.rtm_dst_len = six.rtm_dst_len = 0;
	ask("route with an attribute", s, RTM_GETROUTE, NLM_F_ACK, &four, sizeof(four), RTA_PRIORITY);
	ask("IPv6 address", s, RTM_GETADDR, 0, &a, sizeof(a), 0);
}

static void others(int s)
{
	struct ndmsg n = { .ndm_family = AF_INET, .ndm_ifindex = 1 };
	struct netconfmsg c = { AF_INET }, c6 = { AF_INET6 };
	struct fib_rule_hdr r = { .family = AF_INET };

	ask("neighbour", s, RTM_GETNEIGH, 0, &n, sizeof(n), NDA_DST);
	ask("neighbours by header", s, RTM_GETNEIGH, NLM_F_DUMP, &n, sizeof(n), 0);
	n.ndm_family = 9;
	ask("neighbour of no family", s, RTM_GETNEIGH, 0, &n, sizeof(n), NDA_DST);
	n.ndm_state = NUD_REACHABLE;
	ask("neighbour with a state", s, RTM_GETNEIGH, 0, &n, sizeof(n), NDA_DST);
	ask("netconf", s, RTM_GETNETCONF, NLM_F_DUMP, &c, sizeof(c), NETCONFA_IFINDEX);
	ask("IPv6 netconf", s, RTM_GETNETCONF, NLM_F_DUMP, &c6, sizeof(c6), NETCONFA_IFINDEX);
	ask("rules", s, RTM_GETRULE, NLM_F_DUMP, &r, sizeof(r), 0);
	ask("short rules", s, RTM_GETRULE, NLM_F_DUMP, &r, 4, 0);
	r.family = 9;
	ask("rules of no family", s, RTM_GETRULE, NLM_F_DUMP, &r, sizeof(r), 0);
}

int main(void)
{
	int one = 1, s;

	own_network();
	s = nl_socket(NETLINK_ROUTE);
	setsockopt(s, SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one));
	setsockopt(s, SOL_NETLINK, NETLINK_CAP_ACK, &one, sizeof(one));
	for (strict = 0; strict < 2; strict++) {
		setsockopt(s, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &strict, sizeof(strict));
		links(s);
		routes(s);
		others(s);
	}
	return 0;
}
