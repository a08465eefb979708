/* Destinations that no route leads to: what is told depends on whether there is any address to send from. */
// needs-root: it makes a network of its own
#include "netlink.h"
#include <linux/ipv6.h>
#include <linux/sockios.h>
#include <netinet/in.h>

struct in6_request { struct in6_addr addr; unsigned prefixlen; int ifindex; };

static void try(const char *text, int type)
{
	struct sockaddr_in6 a = { .sin6_family = AF_INET6, .sin6_port = htons(9999) };
	int s = socket(AF_INET6, type, 0);

	inet_pton(AF_INET6, text, &a.sin6_addr);
	printf("%s: ", text);
	SHOW(connect(s, (struct sockaddr *)&a, sizeof(a)));
	if (type == SOCK_DGRAM)
		SHOW(sendto(s, "x", 1, 0, (struct sockaddr *)&a, sizeof(a)));
	close(s);
}

static void all(void)
{
	try("::1", SOCK_DGRAM);
	try("::1", SOCK_STREAM);
	try("2001:db8::1", SOCK_DGRAM);
	try("2001:db8::1", SOCK_STREAM);
	try("fe80::1", SOCK_DGRAM);
}

static void remove_loopback(void)
{
	struct in6_request r = { .prefixlen = 128, .ifindex = 1 };
	int s = socket(AF_INET6, SOCK_DGRAM, 0);

	inet_pton(AF_INET6, "::1", &r.addr);
	SHOW(ioctl(s, SIOCDIFADDR, &r));
	close(s);
}

int main(void)
{
	if (unshare(CLONE_NEWNET) && errno != EINVAL)
		return 1; /* never without a network of its own */
	own_network();
	all();
	remove_loopback();
	all();
	return 0;
}
