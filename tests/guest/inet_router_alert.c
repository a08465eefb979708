/* IP_ROUTER_ALERT and IPV6_ROUTER_ALERT: which sockets may be on the routers' list, once, and how they leave it. */
// needs-root: raw sockets
#include "inet.h"

static void show(const char *text, int s, int level, int name)
{
	int v = 77;
	socklen_t len = sizeof(v);

	errno = 0;
	if (getsockopt(s, level, name, &v, &len))
		printf("%s: %s\n", text, errno_name(errno));
	else
		printf("%s: %d, %u bytes\n", text, v, len);
}
static int set(int s, int level, int name, int v) { return setsockopt(s, level, name, &v, sizeof(v)); }
#define ALERT4 IPPROTO_IP, IP_ROUTER_ALERT
#define ALERT6 IPPROTO_IPV6, IPV6_ROUTER_ALERT

int main(void)
{
	int tcp = socket(AF_INET, SOCK_STREAM, 0), udp = socket(AF_INET, SOCK_DGRAM, 0);
	int raw = socket(AF_INET, SOCK_RAW, IPPROTO_UDP), all = socket(AF_INET, SOCK_RAW, IPPROTO_RAW);
	int tcp6 = socket(AF_INET6, SOCK_STREAM, 0), raw6 = socket(AF_INET6, SOCK_RAW, IPPROTO_UDP);
	int all6 = socket(AF_INET6, SOCK_RAW, IPPROTO_RAW);
	char one = 1;

	SHOW(set(tcp, ALERT4, 1));
	SHOW(set(udp, ALERT4, 1));
	SHOW(set(all, ALERT4, 1));
	SHOW(set(raw, ALERT4, 0));
	SHOW(setsockopt(raw, ALERT4, &one, 1));
	show("of one byte", raw, ALERT4);
	SHOW(set(raw, ALERT4, 1));
	SHOW(set(raw, ALERT4, 0));
	show("off", raw, ALERT4);
	SHOW(setsockopt(raw, ALERT4, &one, 0));
	SHOW(set(raw, ALERT4, 5));
	show("on", raw, ALERT4);
	show("of a stream", tcp, ALERT4);

	SHOW(set(tcp6, ALERT6, 1));
	SHOW(set(raw6, ALERT6, 1));
	SHOW(set(all6, ALERT6, -1));
	SHOW(setsockopt(all6, ALERT6, &one, 1));
	SHOW(set(all6, ALERT6, 0));
	show("selector 0", all6, ALERT6);
	SHOW(set(all6, ALERT6, 5));
	SHOW(set(all6, ALERT6, -1));
	SHOW(set(all6, ALERT6, 5));
	show("selector 5", all6, ALERT6);
	return 0;
}
