/* Dumps: they come in as many datagrams as it takes, go on as they are read, and only one at a time. */
// needs-root: it makes a network of its own
#include "netlink.h"

#define ROUTES 300

static int s;

static void ask(int family)
{
	struct rtmsg m = { .rtm_family = family };
	struct nl_req q;

	nl_begin(&q, RTM_GETROUTE, NLM_F_DUMP, &m, sizeof(m));
	SHOW_OK(send(s, &q, q.h.nlmsg_len, 0));
}

/* Reads a dump with buffers of @size and counts. */
static void count(size_t size)
{
	static char buf[65536];
	int n, routes = 0, datagrams = 0, most = 0, done = 0;

	while (!done && (n = recv(s, buf, size, 0)) > 0) {
		datagrams++;
		most = n > most ? n : most;
		for (struct nlmsghdr *h = (struct nlmsghdr *)buf; NLMSG_OK(h, n); h = NLMSG_NEXT(h, n)) {
			routes += h->nlmsg_type == RTM_NEWROUTE && ((struct rtmsg *)NLMSG_DATA(h))->rtm_table == RT_TABLE_MAIN;
			done |= h->nlmsg_type == NLMSG_DONE;
		}
	}
	printf("buffer %zu: %d routes, more than one datagram %d, within the buffer %d\n", size, routes, datagrams > 1, most <= (int)size);
}

int main(void)
{
	struct nl_req q;
	char buf[65536], tiny[20];
	struct iovec iov = { tiny, sizeof(tiny) };
	struct sockaddr_nl from;
	struct msghdr msg = { .msg_name = &from, .msg_namelen = sizeof(from), .msg_iov = &iov, .msg_iovlen = 1 };
	int n, full;

	own_network();
	s = nl_socket(NETLINK_ROUTE);
	for (int i = 0; i < ROUTES; i++) {
		struct rtmsg m = { .rtm_family = AF_INET, .rtm_dst_len = 32, .rtm_table = RT_TABLE_MAIN, .rtm_protocol = RTPROT_STATIC,
			.rtm_scope = RT_SCOPE_LINK, .rtm_type = RTN_UNICAST };
		unsigned dst = htonl(0x0a000000 + i);

		nl_begin(&q, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, &m, sizeof(m));
		nl_attr(&q, RTA_DST, &dst, 4);
		nl_u32(&q, RTA_OIF, 1);
		send(s, &q, q.h.nlmsg_len, 0);
	}
	SHOW(recv(s, buf, sizeof(buf), MSG_DONTWAIT));
	ask(AF_INET);
	count(4096);
	ask(AF_INET);
	count(65536);
	ask(AF_INET);
	count(4096);
	/* a second one while the first is under way */
	ask(AF_INET);
	ask(AF_INET);
	while ((n = recv(s, buf, sizeof(buf), 0)) > 0) {
		struct nlmsghdr *h = (struct nlmsghdr *)buf;

		if (h->nlmsg_type == NLMSG_ERROR) {
			printf("the second: %s\n", errno_name(-((struct nlmsgerr *)NLMSG_DATA(h))->error));
			continue;
		}
		for (; NLMSG_OK(h, n); h = NLMSG_NEXT(h, n))
			if (h->nlmsg_type == NLMSG_DONE)
				goto done;
	}
done:
	/* looks, cut short, and real lengths */
	ask(AF_INET6);
	full = recv(s, NULL, 0, MSG_PEEK | MSG_TRUNC);
	printf("its length is known %d\n", full > 20);
	printf("the same %d\n", recv(s, tiny, sizeof(tiny), MSG_PEEK | MSG_TRUNC) == full);
	n = recvmsg(s, &msg, MSG_PEEK);
	printf("peeked %d, cut %d, from %d %u %u of %d bytes\n", n, (msg.msg_flags & MSG_TRUNC) != 0, from.nl_family, from.nl_pid, from.nl_groups,
		msg.msg_namelen);
	n = recvmsg(s, &msg, 0);
	printf("read %d, cut %d\n", n, (msg.msg_flags & MSG_TRUNC) != 0);
	nl_drain(s);
	/* what was under way is forgotten with its socket */
	ask(AF_INET);
	close(s);
	s = nl_socket(NETLINK_ROUTE);
	ask(AF_INET);
	count(65536);
	return 0;
}
