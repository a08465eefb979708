/* Helpers of the programs about netlink: a network of one's own, requests built piece by piece, and answers shown. Ports and
 * sequence numbers are never printed. */
#ifndef NETLINK_H
#define NETLINK_H

#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include "show.h"

#ifndef SOL_NETLINK
#define SOL_NETLINK 270
#endif

/* Where namespaces can be had, an empty one, so that nothing of the machine shows; lo is up in both cases. */
static inline void own_network(void)
{
	struct ifreq r = { .ifr_name = "lo" };
	int s;

	(void)!unshare(CLONE_NEWNET);
	s = socket(AF_INET, SOCK_DGRAM, 0);
	ioctl(s, SIOCGIFFLAGS, &r);
	r.ifr_flags |= IFF_UP;
	ioctl(s, SIOCSIFFLAGS, &r);
	close(s);
}

static inline int nl_socket(int protocol)
{
	struct sockaddr_nl a = { .nl_family = AF_NETLINK };
	struct timeval tv = { .tv_sec = 5 };
	int s = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);

	setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	bind(s, (struct sockaddr *)&a, sizeof(a));
	return s;
}

/* ---- requests ---- */
struct nl_req {
	struct nlmsghdr h;
	char body[2048];
};
static inline void nl_begin(struct nl_req *q, int type, int flags, const void *header, size_t size)
{
	static unsigned seq;

	memset(q, 0, sizeof(*q));
	q->h = (struct nlmsghdr){ .nlmsg_len = NLMSG_LENGTH(size), .nlmsg_type = type, .nlmsg_flags = NLM_F_REQUEST | flags, .nlmsg_seq = ++seq };
	memcpy(q->body, header, size);
}
static inline void nl_attr(struct nl_req *q, int type, const void *data, size_t size)
{
	struct nlattr *a = (struct nlattr *)((char *)q + NLMSG_ALIGN(q->h.nlmsg_len));

	a->nla_type = type;
	a->nla_len = NLA_HDRLEN + size;
	if (size)
		memcpy((char *)a + NLA_HDRLEN, data, size);
	q->h.nlmsg_len = NLMSG_ALIGN(q->h.nlmsg_len) + NLA_ALIGN(a->nla_len);
}
static inline void nl_u32(struct nl_req *q, int type, unsigned v) { nl_attr(q, type, &v, sizeof(v)); }
static inline void nl_text(struct nl_req *q, int type, const char *s) { nl_attr(q, type, s, strlen(s) + 1); }
static inline void nl_addr(struct nl_req *q, int type, const char *text)
{
	unsigned char b[16];
	int v6 = strchr(text, ':') != NULL;

	inet_pton(v6 ? AF_INET6 : AF_INET, text, b);
	nl_attr(q, type, b, v6 ? 16 : 4);
}

/* ---- answers ---- */
static inline const struct nlattr *nl_find(const struct nlmsghdr *h, size_t header, int type)
{
	const char *p = (const char *)NLMSG_DATA(h) + NLMSG_ALIGN(header), *end = (const char *)h + h->nlmsg_len;

	while (end - p >= (long)sizeof(struct nlattr)) {
		const struct nlattr *a = (const struct nlattr *)p;

		if (a->nla_len < sizeof(*a) || a->nla_len > end - p)
			break;
		if ((a->nla_type & NLA_TYPE_MASK) == type)
			return a;
		p += NLA_ALIGN(a->nla_len);
	}
	return NULL;
}
static inline const void *nl_data(const struct nlattr *a) { return (const char *)a + NLA_HDRLEN; }
static inline void print_addr(const char *name, const struct nlattr *a)
{
	char text[64];

	if (a)
		printf(" %s %s", name, inet_ntop(a->nla_len == 8 ? AF_INET : AF_INET6, nl_data(a), text, sizeof(text)));
}
static inline void print_u32(const char *name, const struct nlattr *a)
{
	if (a)
		printf(" %s %u", name, *(const unsigned *)nl_data(a));
}
static inline void print_text(const char *name, const struct nlattr *a)
{
	if (a)
		printf(" %s %s", name, (const char *)nl_data(a));
}

static inline void print_link(const struct nlmsghdr *h)
{
	const struct ifinfomsg *m = NLMSG_DATA(h);
	const size_t n = sizeof(*m);

	printf("%s %d family %d type %d flags %#x", h->nlmsg_type == RTM_NEWLINK ? "link" : "link gone", m->ifi_index, m->ifi_family,
		m->ifi_type, m->ifi_flags);
	print_text("name", nl_find(h, n, IFLA_IFNAME));
	print_u32("mtu", nl_find(h, n, IFLA_MTU));
	print_u32("qlen", nl_find(h, n, IFLA_TXQLEN));
	print_u32("group", nl_find(h, n, IFLA_GROUP));
	print_text("alias", nl_find(h, n, IFLA_IFALIAS));
	print_text("qdisc", nl_find(h, n, IFLA_QDISC));
	printf("\n");
}
static inline void print_ifa(const struct nlmsghdr *h)
{
	const struct ifaddrmsg *m = NLMSG_DATA(h);
	const size_t n = sizeof(*m);

	printf("%s family %d /%d flags %#x scope %d index %d", h->nlmsg_type == RTM_NEWADDR ? "address" : "address gone", m->ifa_family,
		m->ifa_prefixlen, m->ifa_flags, m->ifa_scope, m->ifa_index);
	print_addr("address", nl_find(h, n, IFA_ADDRESS));
	print_addr("local", nl_find(h, n, IFA_LOCAL));
	print_addr("broadcast", nl_find(h, n, IFA_BROADCAST));
	print_text("label", nl_find(h, n, IFA_LABEL));
	print_u32("flags", nl_find(h, n, IFA_FLAGS));
	printf("\n");
}
static inline void print_route(const struct nlmsghdr *h)
{
	const struct rtmsg *m = NLMSG_DATA(h);
	const size_t n = sizeof(*m);

	printf("%s family %d /%d table %d proto %d scope %d type %d", h->nlmsg_type == RTM_NEWROUTE ? "route" : "route gone",
		m->rtm_family, m->rtm_dst_len, m->rtm_table, m->rtm_protocol, m->rtm_scope, m->rtm_type);
	print_addr("dst", nl_find(h, n, RTA_DST));
	print_addr("via", nl_find(h, n, RTA_GATEWAY));
	print_addr("src", nl_find(h, n, RTA_PREFSRC));
	print_u32("dev", nl_find(h, n, RTA_OIF));
	print_u32("metric", nl_find(h, n, RTA_PRIORITY));
	printf("\n");
}
static inline void print_error(const struct nlmsghdr *h)
{
	const struct nlmsgerr *e = NLMSG_DATA(h);
	size_t inner = h->nlmsg_flags & NLM_F_CAPPED ? sizeof(*e) : sizeof(*e) - sizeof(e->msg) + NLMSG_ALIGN(e->msg.nlmsg_len);

	printf("%s", e->error ? errno_name(-e->error) : "done");
	if (h->nlmsg_flags & NLM_F_ACK_TLVS) {
		print_text("message", nl_find(h, inner, NLMSGERR_ATTR_MSG));
		print_u32("at", nl_find(h, inner, NLMSGERR_ATTR_OFFS));
	}
	printf("\n");
}
/* One datagram's messages; 1 when more of a dump is to come, or of several parts. */
static inline int print_messages(char *buf, int size)
{
	int more = 0;

	for (struct nlmsghdr *h = (struct nlmsghdr *)buf; NLMSG_OK(h, size); h = NLMSG_NEXT(h, size)) {
		more = h->nlmsg_flags & NLM_F_MULTI && h->nlmsg_type != NLMSG_DONE;
		switch (h->nlmsg_type) {
		case NLMSG_ERROR: print_error(h); break;
		case NLMSG_DONE: printf("end\n"); break;
		case RTM_NEWLINK: case RTM_DELLINK: print_link(h); break;
		case RTM_NEWADDR: case RTM_DELADDR: print_ifa(h); break;
		case RTM_NEWROUTE: case RTM_DELROUTE: print_route(h); break;
		default: printf("message %d of %d bytes\n", h->nlmsg_type, h->nlmsg_len);
		}
	}
	return more;
}
/* Sends, and shows what comes until the answer is complete. */
static inline void nl_talk(int s, struct nl_req *q)
{
	static char buf[65536];
	int n;

	if (send(s, q, q->h.nlmsg_len, 0) < 0) {
		printf("send: %s\n", errno_name(errno));
		return;
	}
	do {
		n = recv(s, buf, sizeof(buf), 0);
		if (n < 0)
			printf("recv: %s\n", errno_name(errno));
	} while (n >= 0 && print_messages(buf, n));
	fflush(stdout);
}
/* Everything that has come to @s by now. */
static inline void nl_drain(int s)
{
	static char buf[65536];
	int n;

	while ((n = recv(s, buf, sizeof(buf), MSG_DONTWAIT)) > 0)
		print_messages(buf, n);
	if (errno != EAGAIN)
		printf("recv: %s\n", errno_name(errno));
}

#endif
