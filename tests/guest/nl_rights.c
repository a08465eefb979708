/* Who may change the network by netlink: whoever has opened the socket must have the right, and the sender, unless that one names
 * the kernel. */
// needs-root: it gives rights up
#include "netlink.h"
#include <sys/wait.h>

/* The removal of an address that is not there: EPERM without the right, EADDRNOTAVAIL with it. */
static void ask(const char *who, int s, int named)
{
	struct sockaddr_nl to = { .nl_family = AF_NETLINK };
	struct ifaddrmsg m = { .ifa_family = AF_INET, .ifa_prefixlen = 32, .ifa_index = 1 };
	char buf[4096];
	struct nl_req q;

	nl_begin(&q, RTM_DELADDR, 0, &m, sizeof(m));
	nl_addr(&q, IFA_LOCAL, "192.0.2.77");
	if (named)
		sendto(s, &q, q.h.nlmsg_len, 0, (struct sockaddr *)&to, sizeof(to));
	else
		send(s, &q, q.h.nlmsg_len, 0);
	if (recv(s, buf, sizeof(buf), 0) > 0) {
		const struct nlmsgerr *e = NLMSG_DATA((struct nlmsghdr *)buf);

		printf("%s, %s: %s\n", who, named ? "to the kernel" : "no name", e->error ? errno_name(-e->error) : "done");
	}
}

static void both(const char *who, int s)
{
	ask(who, s, 0);
	ask(who, s, 1);
}

int main(void)
{
	struct sockaddr_nl to = { .nl_family = AF_NETLINK };
	int mine, others;

	own_network();
	mine = nl_socket(NETLINK_ROUTE);
	both("root's", mine);
	SHOW(seteuid(1000));
	others = nl_socket(NETLINK_ROUTE);
	both("a user's", others);
	both("root's, by a user", mine);
	SHOW(seteuid(0));
	both("a user's, by root", others);
	SHOW(connect(others, (struct sockaddr *)&to, sizeof(to)));
	ask("a user's, connected", others, 0);
	return 0;
}
