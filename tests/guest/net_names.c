/* What the C library and ioctl(2) tell of interfaces and addresses: getifaddrs, if_nameindex, SIOCGIF*. */
// needs-root: it makes a network of its own
#include "netlink.h"
#include <ifaddrs.h>
#include <netpacket/packet.h>

static void list(void)
{
	struct ifaddrs *all, *i;

	SHOW(getifaddrs(&all));
	for (i = all; i; i = i->ifa_next) {
		char text[64] = "", mask[64] = "";
		int family = i->ifa_addr ? i->ifa_addr->sa_family : -1;

		printf("%s flags %#x family %d", i->ifa_name, i->ifa_flags, family);
		if (family == AF_INET) {
			inet_ntop(family, &((struct sockaddr_in *)i->ifa_addr)->sin_addr, text, sizeof(text));
			inet_ntop(family, &((struct sockaddr_in *)i->ifa_netmask)->sin_addr, mask, sizeof(mask));
		} else if (family == AF_INET6) {
			inet_ntop(family, &((struct sockaddr_in6 *)i->ifa_addr)->sin6_addr, text, sizeof(text));
			inet_ntop(family, &((struct sockaddr_in6 *)i->ifa_netmask)->sin6_addr, mask, sizeof(mask));
		} else if (family == AF_PACKET) {
			struct sockaddr_ll *ll = (struct sockaddr_ll *)i->ifa_addr;

			printf(" index %d type %d address of %d bytes", ll->sll_ifindex, ll->sll_hatype, ll->sll_halen);
		}
		printf(" %s %s\n", text, mask);
	}
	freeifaddrs(all);
}

int main(void)
{
	struct if_nameindex *names;
	char name[IF_NAMESIZE];
	struct ifreq r = { .ifr_name = "lo" };
	int s;

	own_network();
	list();
	names = if_nameindex();
	for (struct if_nameindex *n = names; n && n->if_index; n++)
		printf("%u %s\n", n->if_index, n->if_name);
	if_freenameindex(names);
	printf("%u %u\n", if_nametoindex("lo"), if_nametoindex("nope"));
	printf("%s %s\n", if_indextoname(1, name), if_indextoname(77, name) ? "?" : errno_name(errno));
	/* a netlink socket answers about interfaces, but not about addresses */
	s = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	SHOW(ioctl(s, SIOCGIFMTU, &r));
	printf("mtu %d\n", r.ifr_mtu);
	SHOW(ioctl(s, SIOCGIFADDR, &r));
	SHOW(ioctl(s, 0x1234, &r));
	return 0;
}
