/* sock_diag: what is told of TCP, UDP, raw and AF_UNIX sockets, which are chosen, and filters. */
// needs-root: it makes a network of its own
#include "netlink.h"
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/un.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>

static int s, lport, cport;

static const char *port_name(int p) { return !p ? "-" : p == lport ? "server" : p == cport ? "client" : "other"; }

static void show_inet(const struct nlmsghdr *h)
{
	const struct inet_diag_msg *m = NLMSG_DATA(h);
	const struct nlattr *info = nl_find(h, sizeof(*m), INET_DIAG_INFO), *shut = nl_find(h, sizeof(*m), INET_DIAG_SHUTDOWN);
	const struct nlattr *mem = nl_find(h, sizeof(*m), INET_DIAG_SKMEMINFO);

	printf("family %d state %d %s to %s, read %u write %u, inode %d, cookie %d", m->idiag_family, m->idiag_state,
		port_name(m->id.idiag_sport), port_name(m->id.idiag_dport), m->idiag_rqueue, m->idiag_wqueue, m->idiag_inode != 0,
		m->id.idiag_cookie[0] != 0);
	if (info)
		printf(", info of state %d", ((struct tcp_info *)nl_data(info))->tcpi_state);
	if (nl_find(h, sizeof(*m), INET_DIAG_CONG))
		printf(", congestion control");
	if (mem)
		printf(", memory of %d numbers", (mem->nla_len - 4) / 4 >= 9 ? 9 : 0);
	if (shut)
		printf(", shut %d", *(unsigned char *)nl_data(shut));
	printf("\n");
}

static void show_unix(const struct nlmsghdr *h)
{
	const struct unix_diag_msg *m = NLMSG_DATA(h);
	const struct nlattr *a = nl_find(h, sizeof(*m), UNIX_DIAG_NAME), *q = nl_find(h, sizeof(*m), UNIX_DIAG_RQLEN);

	printf("unix type %d state %d", m->udiag_type, m->udiag_state);
	if (a)
		printf(" name %.*s", a->nla_len - 5, (const char *)nl_data(a) + 1);
	if (q)
		printf(" queues %u %u", ((const unsigned *)nl_data(q))[0], ((const unsigned *)nl_data(q))[1]);
	printf(" peer %d icons %d\n", nl_find(h, sizeof(*m), UNIX_DIAG_PEER) != NULL, nl_find(h, sizeof(*m), UNIX_DIAG_ICONS) != NULL);
}

static void talk(const char *what, struct nl_req *q)
{
	char buf[65536];
	int n, more;

	printf("-- %s\n", what);
	if (send(s, q, q->h.nlmsg_len, 0) < 0)
		printf("send: %s\n", errno_name(errno));
	do {
		more = 0;
		n = recv(s, buf, sizeof(buf), 0);
		if (n < 0)
			printf("recv: %s\n", errno_name(errno));
		for (struct nlmsghdr *h = (struct nlmsghdr *)buf; n > 0 && NLMSG_OK(h, n); h = NLMSG_NEXT(h, n)) {
			more = h->nlmsg_flags & NLM_F_MULTI && h->nlmsg_type != NLMSG_DONE;
			if (h->nlmsg_type == NLMSG_DONE)
				printf("end\n");
			else if (h->nlmsg_type == NLMSG_ERROR)
				print_error(h);
			else if (*(unsigned char *)NLMSG_DATA(h) == AF_UNIX)
				show_unix(h);
			else
				show_inet(h);
		}
	} while (more);
}

static struct inet_diag_req_v2 inet(int family, int protocol, unsigned states, unsigned ext)
{
	return (struct inet_diag_req_v2){ .sdiag_family = family, .sdiag_protocol = protocol, .idiag_states = states, .idiag_ext = ext,
		.id.idiag_cookie = { ~0u, ~0u } };
}

static void ask(const char *what, int flags, struct inet_diag_req_v2 r)
{
	struct nl_req q;

	nl_begin(&q, SOCK_DIAG_BY_FAMILY, flags, &r, sizeof(r));
	talk(what, &q);
}

/* A filter of one condition about a port. */
static void filtered(const char *what, int code, int port)
{
	struct inet_diag_req_v2 r = inet(AF_INET, IPPROTO_TCP, ~0u, 0);
	struct inet_diag_bc_op bc[2] = { { code, 8, 12 }, { 0, 0, (unsigned short)port } };
	struct nl_req q;

	nl_begin(&q, SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, &r, sizeof(r));
	nl_attr(&q, INET_DIAG_REQ_BYTECODE, bc, sizeof(bc));
	talk(what, &q);
}

static void bad_filter(const char *what, const void *bc, size_t size)
{
	struct inet_diag_req_v2 r = inet(AF_INET, IPPROTO_TCP, ~0u, 0);
	struct nl_req q;

	nl_begin(&q, SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, &r, sizeof(r));
	nl_attr(&q, INET_DIAG_REQ_BYTECODE, bc, size);
	talk(what, &q);
}

int main(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr_un un = { .sun_family = AF_UNIX, .sun_path = "\0nl_diag" };
	struct unix_diag_req ur = { .sdiag_family = AF_UNIX, .udiag_states = 1u << 10, .udiag_show = 0x3f };
	struct sock_diag_req packet = { .sdiag_family = AF_PACKET };
	socklen_t len = sizeof(a);
	int l = socket(AF_INET, SOCK_STREAM, 0), c = socket(AF_INET, SOCK_STREAM, 0), d, u = socket(AF_INET, SOCK_DGRAM, 0), ul;
	struct inet_diag_req_v2 r;
	struct nl_req q;

	own_network();
	close(l), close(c), close(u);
	l = socket(AF_INET, SOCK_STREAM, 0);
	c = socket(AF_INET, SOCK_STREAM, 0);
	u = socket(AF_INET, SOCK_DGRAM, 0);
	bind(l, (struct sockaddr *)&a, sizeof(a));
	listen(l, 7);
	getsockname(l, (struct sockaddr *)&a, &len);
	lport = a.sin_port;
	connect(c, (struct sockaddr *)&a, sizeof(a));
	getsockname(c, (struct sockaddr *)&a, &len);
	cport = a.sin_port;
	d = accept(l, NULL, NULL);
	(void)!write(c, "hello", 5);
	bind(u, (struct sockaddr *)&a, sizeof(a));
	s = nl_socket(NETLINK_SOCK_DIAG);
	ask("listeners", NLM_F_DUMP, inet(AF_INET, IPPROTO_TCP, 1u << 10, 0));
	ask("with all that ss asks", NLM_F_DUMP, inet(AF_INET, IPPROTO_TCP, 1u << 10, 0xff));
	r = inet(AF_INET, IPPROTO_TCP, 1u << 1, 0xff);
	r.id.idiag_sport = lport;
	ask("the server's end", NLM_F_DUMP, r);
	r.id.idiag_sport = cport;
	ask("the client's end", NLM_F_DUMP, r);
	ask("none of six", NLM_F_DUMP, inet(AF_INET6, IPPROTO_TCP, ~0u, 0));
	ask("UDP", NLM_F_DUMP, inet(AF_INET, IPPROTO_UDP, ~0u, 0));
	ask("raw", NLM_F_DUMP, inet(AF_INET, IPPROTO_RAW, ~0u, 0));
	r = inet(AF_INET, IPPROTO_TCP, 0, 0);
	r.id.idiag_sport = cport;
	r.id.idiag_dport = lport;
	r.id.idiag_src[0] = r.id.idiag_dst[0] = htonl(INADDR_LOOPBACK);
	ask("one", 0, r);
	r.id.idiag_cookie[0] = r.id.idiag_cookie[1] = 12345;
	ask("one that is another", 0, r);
	r.id.idiag_sport = htons(1);
	ask("none", 0, r);
	filtered("source port at least the server's", INET_DIAG_BC_S_EQ, ntohs(lport));
	filtered("destination port", INET_DIAG_BC_D_EQ, ntohs(cport));
	filtered("unknown condition", 99, 0);
	bad_filter("a filter of three bytes", "abc", 3);
	bad_filter("that leads backwards", &(struct inet_diag_bc_op){ INET_DIAG_BC_JMP, 4, 0 }, 4);
	bad_filter("that leads out", &(struct inet_diag_bc_op){ INET_DIAG_BC_JMP, 4, 12 }, 4);
	bad_filter("that ends too early", &(struct inet_diag_bc_op){ INET_DIAG_BC_S_EQ, 8, 12 }, 4);
	ask("no such protocol", NLM_F_DUMP, inet(AF_INET, 200, ~0u, 0));
	nl_begin(&q, SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, &packet, sizeof(packet));
	packet.sdiag_family = 45;
	nl_begin(&q, SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, &packet, sizeof(packet));
	talk("a family without an answer", &q);
	packet.sdiag_family = 200;
	nl_begin(&q, SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, &packet, sizeof(packet));
	talk("no family", &q);
	nl_begin(&q, SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, &packet, 1);
	talk("too short", &q);
	nl_begin(&q, 77, NLM_F_ACK, &packet, 2);
	talk("no such message", &q);
	ul = socket(AF_UNIX, SOCK_STREAM, 0);
	bind(ul, (struct sockaddr *)&un, sizeof(sa_family_t) + 8);
	listen(ul, 5);
	nl_begin(&q, SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, &ur, sizeof(ur));
	talk("AF_UNIX listeners", &q);
	ur.udiag_ino = 0;
	nl_begin(&q, SOCK_DIAG_BY_FAMILY, 0, &ur, sizeof(ur));
	talk("AF_UNIX by no number", &q);
	ur.udiag_ino = ~0u;
	nl_begin(&q, SOCK_DIAG_BY_FAMILY, 0, &ur, sizeof(ur));
	talk("AF_UNIX by a number that is not there", &q);
	close(d);
	return 0;
}
