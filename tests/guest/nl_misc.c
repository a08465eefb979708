/* rtnetlink: neighbours, rules, configuration and queues; messages that nobody takes. */
// needs-root: it makes a network of its own
#include "netlink.h"
#include <linux/fib_rules.h>
#include <linux/neighbour.h>
#include <linux/netconf.h>
#include <linux/pkt_sched.h>

static int s;

static void show_other(const struct nlmsghdr *h)
{
	switch (h->nlmsg_type) {
	case RTM_NEWNEIGH: {
		const struct ndmsg *m = NLMSG_DATA(h);

		printf("neighbour family %d state %d flags %d dev %d", m->ndm_family, m->ndm_state, m->ndm_flags, m->ndm_ifindex);
		print_addr("dst", nl_find(h, sizeof(*m), NDA_DST));
		printf("\n");
		break;
	}
	case RTM_NEWRULE: {
		const struct fib_rule_hdr *m = NLMSG_DATA(h);

		printf("rule family %d table %d action %d", m->family, m->table, m->action);
		print_u32("table", nl_find(h, sizeof(*m), FRA_TABLE));
		print_u32("priority", nl_find(h, sizeof(*m), FRA_PRIORITY));
		printf("\n");
		break;
	}
	case RTM_NEWNETCONF:
		printf("netconf family %d", ((struct netconfmsg *)NLMSG_DATA(h))->ncm_family);
		print_u32("dev", nl_find(h, 1, NETCONFA_IFINDEX));
		print_u32("forwarding", nl_find(h, 1, NETCONFA_FORWARDING));
		printf("\n");
		break;
	case RTM_NEWQDISC: case RTM_DELQDISC: {
		const struct tcmsg *m = NLMSG_DATA(h);
		const struct nlattr *opt = nl_find(h, sizeof(*m), TCA_OPTIONS);

		printf("qdisc dev %d handle %#x parent %#x refs %d", m->tcm_ifindex, m->tcm_handle >= 0x80000000 ? 0x80000000 : m->tcm_handle,
			m->tcm_parent, m->tcm_info);
		print_text("kind", nl_find(h, sizeof(*m), TCA_KIND));
		if (opt && opt->nla_len == 8)
			print_u32("limit", opt);
		printf("\n");
		break;
	}
	case NLMSG_ERROR:
		print_error(h);
		break;
	case NLMSG_DONE:
		printf("end\n");
		break;
	default:
		printf("type %d\n", h->nlmsg_type);
	}
}

static void talk(const char *what, struct nl_req *q)
{
	char buf[32768];
	int more, n;

	printf("-- %s\n", what);
	send(s, q, q->h.nlmsg_len, 0);
	do {
		more = 0;
		n = recv(s, buf, sizeof(buf), 0);
		for (struct nlmsghdr *h = (struct nlmsghdr *)buf; NLMSG_OK(h, n); h = NLMSG_NEXT(h, n)) {
			show_other(h);
			more = h->nlmsg_flags & NLM_F_MULTI && h->nlmsg_type != NLMSG_DONE;
		}
	} while (more);
}

static void neigh(const char *what, int type, int flags, int family, int dev, const char *dst)
{
	struct ndmsg m = { .ndm_family = family, .ndm_ifindex = dev, .ndm_state = NUD_PERMANENT };
	struct nl_req q;

	nl_begin(&q, type, flags, &m, sizeof(m));
	if (dst)
		nl_addr(&q, NDA_DST, dst);
	if (type == RTM_NEWNEIGH)
		nl_attr(&q, NDA_LLADDR, "\2\0\0\0\0\1", 6);
	talk(what, &q);
}

static void qdisc(const char *what, int type, int flags, unsigned handle, unsigned parent, const char *kind, unsigned limit)
{
	struct tcmsg m = { .tcm_ifindex = 1, .tcm_handle = handle, .tcm_parent = parent };
	struct nl_req q;

	nl_begin(&q, type, flags | NLM_F_ACK, &m, sizeof(m));
	if (kind)
		nl_text(&q, TCA_KIND, kind);
	if (limit)
		nl_u32(&q, TCA_OPTIONS, limit);
	talk(what, &q);
}

static void plain(const char *what, int type, int flags, int family)
{
	struct rtgenmsg g = { .rtgen_family = family };
	struct nl_req q;

	nl_begin(&q, type, flags, &g, sizeof(g));
	talk(what, &q);
}

int main(void)
{
	struct tcmsg all = { .tcm_ifindex = 0 };
	struct nl_req q;
	int one = 1;

	own_network();
	s = nl_socket(NETLINK_ROUTE);
	setsockopt(s, SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one));
	neigh("neighbour", RTM_NEWNEIGH, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, AF_INET6, 1, "fe80::5");
	neigh("again", RTM_NEWNEIGH, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, AF_INET6, 1, "fe80::5");
	neigh("not there", RTM_NEWNEIGH, NLM_F_ACK, AF_INET6, 1, "fe80::6");
	neigh("no device", RTM_NEWNEIGH, NLM_F_ACK | NLM_F_CREATE, AF_INET6, 77, "fe80::6");
	neigh("no address", RTM_NEWNEIGH, NLM_F_ACK | NLM_F_CREATE, AF_INET6, 1, NULL);
	neigh("short address", RTM_NEWNEIGH, NLM_F_ACK | NLM_F_CREATE, AF_INET6, 1, "1.2.3.4");
	neigh("all", RTM_GETNEIGH, NLM_F_DUMP, AF_INET6, 0, NULL);
	neigh("gone", RTM_DELNEIGH, NLM_F_ACK, AF_INET6, 1, "fe80::5");
	neigh("gone before", RTM_DELNEIGH, NLM_F_ACK, AF_INET6, 1, "fe80::5");
	plain("rules", RTM_GETRULE, NLM_F_DUMP, AF_INET);
	plain("rules of six", RTM_GETRULE, NLM_F_DUMP, AF_INET6);
	plain("netconf", RTM_GETNETCONF, NLM_F_DUMP, AF_INET);
	plain("netconf of six", RTM_GETNETCONF, NLM_F_DUMP, AF_INET6);
	nl_begin(&q, RTM_GETQDISC, NLM_F_DUMP, &all, sizeof(all));
	talk("qdiscs", &q);
	qdisc("pfifo", RTM_NEWQDISC, NLM_F_CREATE | NLM_F_EXCL, 0, TC_H_ROOT, "pfifo", 10);
	qdisc("pfifo again", RTM_NEWQDISC, NLM_F_CREATE | NLM_F_EXCL, 0, TC_H_ROOT, "pfifo", 20);
	qdisc("changed", RTM_NEWQDISC, 0, 0, TC_H_ROOT, "pfifo", 30);
	qdisc("by handle", RTM_NEWQDISC, NLM_F_CREATE | NLM_F_REPLACE, 0x60000, TC_H_ROOT, "bfifo", 5000);
	nl_begin(&q, RTM_GETQDISC, NLM_F_DUMP, &all, sizeof(all));
	talk("qdiscs", &q);
	qdisc("another handle", RTM_NEWQDISC, NLM_F_CREATE | NLM_F_EXCL, 0x70000, TC_H_ROOT, "pfifo", 1);
	qdisc("of no kind", RTM_NEWQDISC, NLM_F_CREATE | NLM_F_REPLACE, 0, TC_H_ROOT, "no-such", 0);
	qdisc("below a class", RTM_NEWQDISC, NLM_F_CREATE, 0, 0x10001, "pfifo", 0);
	qdisc("nowhere", RTM_NEWQDISC, NLM_F_CREATE, 0, 0, "pfifo", 0);
	qdisc("gone, other handle", RTM_DELQDISC, 0, 0x90000, TC_H_ROOT, NULL, 0);
	qdisc("gone", RTM_DELQDISC, 0, 0, TC_H_ROOT, NULL, 0);
	qdisc("gone before", RTM_DELQDISC, 0, 0, TC_H_ROOT, NULL, 0);
	plain("no such message", RTM_GETLINK + 400, NLM_F_ACK, AF_UNSPEC);
	return 0;
}
