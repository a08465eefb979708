/* NLMSG_ERROR: what of the request comes back, with NETLINK_CAP_ACK and NETLINK_EXT_ACK; several messages in one datagram. */
// needs-root: it makes a network of its own
#include "netlink.h"

static void show(int s)
{
	char buf[4096];
	int n;

	while ((n = recv(s, buf, sizeof(buf), MSG_DONTWAIT)) > 0) {
		const struct nlmsghdr *h = (struct nlmsghdr *)buf;
		const struct nlmsgerr *e = NLMSG_DATA(h);

		printf("%d bytes, type %d, flags %#x, mine %d; %s of type %d, %d bytes, flags %#x: ", n, h->nlmsg_type, h->nlmsg_flags,
			h->nlmsg_pid != 0, e->error ? errno_name(-e->error) : "done", e->msg.nlmsg_type, e->msg.nlmsg_len, e->msg.nlmsg_flags);
		print_error(h);
	}
}

static void wrong(int s, int flags)
{
	struct ifaddrmsg m = { .ifa_family = AF_INET, .ifa_prefixlen = 33, .ifa_index = 1 };
	struct nl_req q;

	nl_begin(&q, RTM_NEWADDR, flags, &m, sizeof(m));
	nl_addr(&q, IFA_LOCAL, "10.0.0.1");
	send(s, &q, q.h.nlmsg_len, 0);
	show(s);
	nl_begin(&q, RTM_NEWADDR, flags, &m, sizeof(m));
	nl_attr(&q, IFA_LOCAL, "ab", 2);
	send(s, &q, q.h.nlmsg_len, 0);
	show(s);
}

int main(void)
{
	int one = 1, s;
	struct nl_req q, r;
	struct ifinfomsg m = { .ifi_index = 1 };
	char two[4096];

	own_network();
	s = nl_socket(NETLINK_ROUTE);
	printf("-- plain\n");
	wrong(s, 0);
	wrong(s, NLM_F_ACK);
	setsockopt(s, SOL_NETLINK, NETLINK_CAP_ACK, &one, sizeof(one));
	printf("-- capped\n");
	wrong(s, 0);
	setsockopt(s, SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one));
	printf("-- capped, extended\n");
	wrong(s, 0);
	one = 0;
	setsockopt(s, SOL_NETLINK, NETLINK_CAP_ACK, &one, sizeof(one));
	printf("-- extended\n");
	wrong(s, 0);
	printf("-- several at once\n");
	nl_begin(&q, RTM_SETLINK, NLM_F_ACK, &m, sizeof(m));
	nl_u32(&q, IFLA_TXQLEN, 1);
	memcpy(two, &q, q.h.nlmsg_len);
	nl_begin(&r, RTM_SETLINK, NLM_F_ACK, &m, sizeof(m));
	nl_u32(&r, IFLA_TXQLEN, 2);
	r.h.nlmsg_type = 4000;
	memcpy(two + q.h.nlmsg_len, &r, r.h.nlmsg_len);
	memcpy(two + q.h.nlmsg_len + r.h.nlmsg_len, &q, q.h.nlmsg_len);
	SHOW(send(s, two, 2 * q.h.nlmsg_len + r.h.nlmsg_len, 0));
	show(s);
	printf("-- the last one is cut\n");
	SHOW(send(s, two, 2 * q.h.nlmsg_len + r.h.nlmsg_len - 4, 0));
	show(s);
	printf("-- not for who may not\n");
	SHOW(setresuid(65534, 65534, 65534));
	wrong(s, 0);
	nl_begin(&q, RTM_GETLINK, NLM_F_DUMP, &m, sizeof(m));
	nl_talk(s, &q);
	return 0;
}
