/* /proc/net: the files about sockets, devices and routes, to the character but for what differs from run to run. */
// needs-root: it makes a network of its own
#include "netlink.h"
#include <netinet/in.h>

static int ports[4];

/* Ports become the number of the socket, inodes and addresses of sockets X. */
static void put_line(char *line, int words)
{
	for (int i = 0; i < 4; i++) {
		char hex[8], *at;

		snprintf(hex, sizeof(hex), ":%04X", ports[i]);
		while (ports[i] && (at = strstr(line, hex)))
			memcpy(at + 1, "PRT0", 4), at[4] += i;
	}
	for (char *w = strtok(line, " \n"); w; w = strtok(NULL, " \n"))
		if (words-- > 0)
			printf("%s ", w);
	printf("\n");
}

static void sockets(const char *name, int words)
{
	char path[64], line[512];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/self/net/%s", name);
	f = fopen(path, "r");
	printf("-- %s\n", name);
	while (f && fgets(line, sizeof(line), f)) {
		if (strstr(line, "local_address")) {
			printf("%zu bytes: %s", strlen(line), line);
			continue;
		}
		/* without the slot, which hangs on a hash */
		put_line(strchr(line, ':') + 1, words);
	}
	if (f)
		fclose(f);
}

static void whole(const char *name)
{
	char path[64], buf[8192];
	int fd, n;

	snprintf(path, sizeof(path), "/proc/net/%s", name);
	fd = open(path, O_RDONLY);
	printf("-- %s\n", name);
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		fwrite(buf, 1, n, stdout);
	close(fd);
}

/* The names of a file of counters. */
static void titles(const char *name, const char *const *want)
{
	static char buf[65536];
	char path[64];
	int fd, n;

	snprintf(path, sizeof(path), "/proc/net/%s", name);
	fd = open(path, O_RDONLY);
	n = read(fd, buf, sizeof(buf) - 1);
	buf[n > 0 ? n : 0] = 0;
	close(fd);
	for (; *want; want++)
		printf("%s has \"%s\": %d\n", name, *want, strstr(buf, *want) != NULL);
}

static int bound(int family, int type)
{
	struct sockaddr_in6 a6 = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	struct sockaddr_in a4 = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr_storage ss;
	socklen_t len = sizeof(ss);
	static int n;
	int s = socket(family, type, 0);

	if (family == AF_INET)
		bind(s, (struct sockaddr *)&a4, sizeof(a4));
	else
		bind(s, (struct sockaddr *)&a6, sizeof(a6));
	if (type == SOCK_STREAM)
		listen(s, 5);
	getsockname(s, (struct sockaddr *)&ss, &len);
	ports[n++] = ntohs(((struct sockaddr_in *)&ss)->sin_port);
	return s;
}

int main(void)
{
	static const char *const snmp[] = { "Ip: Forwarding DefaultTTL InReceives", "Tcp: 1 200 120000 -1", "Udp: InDatagrams NoPorts InErrors",
		"UdpLite: ", "Icmp: InMsgs InErrors InCsumErrors", NULL };
	static const char *const netstat[] = { "TcpExt: SyncookiesSent", " TCPTimeouts ", "IpExt: InNoRoutes", NULL };
	static const char *const snmp6[] = { "Ip6InReceives                   \t", "Icmp6InMsgs", "Udp6InDatagrams", "UdpLite6MemErrors", NULL };
	int c;

	own_network();
	bound(AF_INET, SOCK_STREAM);
	bound(AF_INET6, SOCK_STREAM);
	bound(AF_INET, SOCK_DGRAM);
	bound(AF_INET6, SOCK_DGRAM);
	sockets("tcp", 8);
	sockets("tcp6", 8);
	sockets("udp", 8);
	sockets("udp6", 8);
	c = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
	sockets("raw", 8);
	sockets("raw6", 8);
	sockets("udplite", 8);
	close(c);
	whole("route");
	whole("if_inet6");
	whole("arp");
	whole("igmp");
	whole("igmp6");
	whole("mcfilter");
	whole("dev_mcast");
	whole("packet");
	whole("psched");
	titles("snmp", snmp);
	titles("netstat", netstat);
	titles("snmp6", snmp6);
	titles("dev", (const char *const[]){ "Inter-|   Receive", " face |bytes    packets errs drop fifo frame compressed multicast|", "    lo:", NULL });
	titles("unix", (const char *const[]){ "Num       RefCount Protocol Flags    Type St Inode Path", NULL });
	titles("netlink", (const char *const[]){ "sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops    Inode", NULL });
	titles("protocols", (const char *const[]){ "protocol  size sockets  memory press maxhdr  slab module ", "TCPv6 ", "\nUDP ", "\nRAW ", NULL });
	titles("sockstat", (const char *const[]){ "sockets: used ", "TCP: inuse 1 ", "UDP: inuse 1 ", "FRAG: inuse 0 memory 0", NULL });
	titles("sockstat6", (const char *const[]){ "TCP6: inuse 1\n", "UDP6: inuse 1\n", "RAW6: inuse 0\n", NULL });
	return 0;
}
