/* SIOCGIFCONF: as many whole entries as fit, and how much room all would take. */
// needs-root: it makes a network of its own
#include "netlink.h"

static void list(int s, char *buf, int len)
{
	struct ifconf c = { .ifc_len = len, .ifc_buf = buf };
	struct ifreq *r = (struct ifreq *)buf;
	char text[INET_ADDRSTRLEN];

	printf("room for %d bytes: ", len);
	if (ioctl(s, SIOCGIFCONF, &c) < 0) {
		printf("%s\n", errno_name(errno));
		return;
	}
	printf("%d bytes", c.ifc_len);
	for (int i = 0; buf && i < c.ifc_len / (int)sizeof(*r); i++)
		printf(", %s %s", r[i].ifr_name,
			inet_ntop(AF_INET, &((struct sockaddr_in *)&r[i].ifr_addr)->sin_addr, text, sizeof(text)));
	printf("\n");
}

static void add_address(int s, const char *text)
{
	struct ifaddrmsg m = { .ifa_family = AF_INET, .ifa_prefixlen = 24, .ifa_index = 1 };
	struct nl_req q;

	nl_begin(&q, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK, &m, sizeof(m));
	nl_addr(&q, IFA_LOCAL, text);
	nl_addr(&q, IFA_ADDRESS, text);
	nl_text(&q, IFA_LABEL, "lo:other");
	nl_talk(s, &q);
}

int main(void)
{
	static char buf[4096];
	const int size = sizeof(struct ifreq);
	int s;

	own_network();
	s = socket(AF_INET, SOCK_DGRAM, 0);
	add_address(nl_socket(NETLINK_ROUTE), "10.1.2.3");
	list(s, NULL, 0);
	list(s, NULL, 1000);
	list(s, buf, sizeof(buf));
	list(s, buf, 2 * size);
	list(s, buf, 2 * size - 1);
	list(s, buf, size);
	list(s, buf, size - 1);
	list(s, buf, 0);
	list(s, (char *)8, size);
	SHOW(ioctl(s, SIOCGIFCONF, (void *)8));
	return 0;
}
