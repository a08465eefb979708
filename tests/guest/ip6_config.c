/* SIOCSIFADDR, SIOCDIFADDR, SIOCADDRT and SIOCDELRT on an IPv6 socket. */
// needs-root: it makes a network of its own
#include "netlink.h"
#include <linux/ipv6_route.h>
#include <netinet/in.h>
#include <linux/sockios.h>

struct in6_request { struct in6_addr addr; unsigned prefixlen; int ifindex; };
static int s, nl;

static void address(const char *what, unsigned long cmd, const char *text, unsigned prefix, int dev)
{
	struct in6_request r = { .prefixlen = prefix, .ifindex = dev };

	inet_pton(AF_INET6, text, &r.addr);
	printf("%s: ", what);
	SHOW(ioctl(s, cmd, &r));
}

static void route(const char *what, unsigned long cmd, const char *text, unsigned prefix, int dev, unsigned flags)
{
	struct in6_rtmsg m = { .rtmsg_dst_len = prefix, .rtmsg_ifindex = dev, .rtmsg_flags = flags, .rtmsg_metric = 7 };

	inet_pton(AF_INET6, text, &m.rtmsg_dst);
	printf("%s: ", what);
	SHOW(ioctl(s, cmd, &m));
}

/* Until the routes of the addresses are there: they come some time later. */
static void settle(int want)
{
	char buf[65536];

	for (int tries = 0; tries < 1000; tries++) {
		struct rtmsg m = { .rtm_family = AF_INET6 };
		struct nl_req q;
		int n, local = 0, done = 0;

		nl_begin(&q, RTM_GETROUTE, NLM_F_DUMP, &m, sizeof(m));
		send(nl, &q, q.h.nlmsg_len, 0);
		while (!done && (n = recv(nl, buf, sizeof(buf), 0)) > 0)
			for (struct nlmsghdr *h = (struct nlmsghdr *)buf; NLMSG_OK(h, n); h = NLMSG_NEXT(h, n)) {
				done |= h->nlmsg_type == NLMSG_DONE;
				local += h->nlmsg_type == RTM_NEWROUTE && ((struct rtmsg *)NLMSG_DATA(h))->rtm_type == RTN_LOCAL;
			}
		if (local == want)
			return;
		poll(NULL, 0, 10);
	}
	printf("no routes\n");
}

static void dump(int type)
{
	struct rtmsg m = { .rtm_family = AF_INET6 };
	struct nl_req q;

	nl_begin(&q, type, NLM_F_DUMP, &m, type == RTM_GETADDR ? sizeof(struct ifaddrmsg) : sizeof(m));
	nl_talk(nl, &q);
}

int main(void)
{
	struct sockaddr_in6 a = { .sin6_family = AF_INET6 };
	int t;

	own_network();
	s = socket(AF_INET6, SOCK_DGRAM, 0);
	nl = nl_socket(NETLINK_ROUTE);
	address("new", SIOCSIFADDR, "fd00::1", 64, 1);
	address("again", SIOCSIFADDR, "fd00::1", 64, 1);
	address("no device", SIOCSIFADDR, "fd00::2", 64, 77);
	address("too long", SIOCSIFADDR, "fd00::2", 129, 1);
	address("a group", SIOCSIFADDR, "ff02::2", 64, 1);
	address("none", SIOCSIFADDR, "::", 64, 1);
	settle(2);
	dump(RTM_GETADDR);
	t = socket(AF_INET6, SOCK_DGRAM, 0);
	inet_pton(AF_INET6, "fd00::1", &a.sin6_addr);
	SHOW(bind(t, (struct sockaddr *)&a, sizeof(a)));
	route("route", SIOCADDRT, "fd05::", 64, 1, 1);
	route("again", SIOCADDRT, "fd05::", 64, 1, 1);
	route("no device", SIOCADDRT, "fd06::", 64, 77, 1);
	route("too long", SIOCADDRT, "fd06::", 129, 1, 1);
	dump(RTM_GETROUTE);
	route("gone", SIOCDELRT, "fd05::", 64, 1, 1);
	route("gone before", SIOCDELRT, "fd05::", 64, 1, 1);
	address("other prefix", SIOCDIFADDR, "fd00::1", 128, 1);
	address("gone", SIOCDIFADDR, "fd00::1", 64, 1);
	address("gone before", SIOCDIFADDR, "fd00::1", 64, 1);
	t = socket(AF_INET6, SOCK_DGRAM, 0);
	SHOW(bind(t, (struct sockaddr *)&a, sizeof(a)));
	SHOW(ioctl(s, SIOCSIFADDR, BAD_PTR));
	/* not for who may not */
	SHOW(setresuid(65534, 65534, 65534));
	address("new", SIOCSIFADDR, "fd00::1", 64, 1);
	route("route", SIOCADDRT, "fd05::", 64, 1, 1);
	return 0;
}
