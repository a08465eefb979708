/* IP_PKTOPTIONS and IPV6_2292PKTOPTIONS: what is known of the packet that made a connection, as control messages; and, to set
 * for IPv6, control messages that hold for all packets. */
// needs-root: IPV6_HOPOPTS is CAP_NET_RAW's
#include "inet.h"

#define IPV6_2292PKTOPTIONS_ 6

static void on(int s, int level, int name)
{
	setsockopt(s, level, name, &(int){ 1 }, sizeof(int));
}

static void show_all(const char *what, int s, int level, int name, socklen_t room)
{
	_Alignas(8) char control[256] = { 0 };
	struct msghdr m = { .msg_control = control };
	socklen_t len = room;
	int r = getsockopt(s, level, name, control, &len);

	printf("%s: %d %s len %u\n", what, r, r ? strerrorname_np(errno) : "", len);
	m.msg_controllen = r ? 0 : len;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c))
		printf("  %d/%d/%zu %d\n", c->cmsg_level, c->cmsg_type, (size_t)c->cmsg_len, *(int *)CMSG_DATA(c));
}

/* The accepted side of a connection to a listener of @family. */
static int accepted(const char *ip)
{
	addr_t a = addr_of(ip, 0);
	int l = socket(a.sa.sa_family, SOCK_STREAM, 0), c = socket(a.sa.sa_family, SOCK_STREAM, 0);

	bind(l, &a.sa, addr_len(&a));
	listen(l, 1);
	a = local_addr(l);
	connect(c, &a.sa, addr_len(&a));
	return accept(l, NULL, NULL);
}

static void told4(void)
{
	int s = accepted("127.0.0.1");

	show_all("nothing", s, IPPROTO_IP, IP_PKTOPTIONS, 256);
	on(s, IPPROTO_IP, IP_PKTINFO);
	on(s, IPPROTO_IP, IP_RECVTTL);
	on(s, IPPROTO_IP, IP_RECVTOS);
	show_all("all", s, IPPROTO_IP, IP_PKTOPTIONS, 256);
	show_all("cut", s, IPPROTO_IP, IP_PKTOPTIONS, 20);
	show_all("no room", s, IPPROTO_IP, IP_PKTOPTIONS, 0);
	show_all("udp", bound("127.0.0.1"), IPPROTO_IP, IP_PKTOPTIONS, 256);
}

static void told6(void)
{
	int s = accepted("::1");

	show_all("nothing", s, IPPROTO_IPV6, IPV6_2292PKTOPTIONS_, 256);
	on(s, IPPROTO_IPV6, IPV6_RECVPKTINFO);
	on(s, IPPROTO_IPV6, IPV6_RECVHOPLIMIT);
	on(s, IPPROTO_IPV6, IPV6_RECVTCLASS);
	show_all("all", s, IPPROTO_IPV6, IPV6_2292PKTOPTIONS_, 256);
	show_all("cut", s, IPPROTO_IPV6, IPV6_2292PKTOPTIONS_, 20);
	show_all("udp", bound("::1"), IPPROTO_IPV6, IPV6_2292PKTOPTIONS_, 256);
}

static void set6(void)
{
	static const char hop[8] = { 0, 0, 1, 4 };
	_Alignas(8) char control[CMSG_SPACE(8)] = { 0 };
	struct cmsghdr *c = (struct cmsghdr *)control;
	int s = bound("::1"), name = IPV6_2292PKTOPTIONS_;
	char got[64];
	socklen_t len = sizeof(got);

	*c = (struct cmsghdr){ .cmsg_level = IPPROTO_IPV6, .cmsg_type = IPV6_HOPOPTS, .cmsg_len = CMSG_LEN(8) };
	memcpy(CMSG_DATA(c), hop, sizeof(hop));
	SHOW(setsockopt(s, IPPROTO_IPV6, name, control, sizeof(control)));
	SHOW(getsockopt(s, IPPROTO_IPV6, IPV6_HOPOPTS, got, &len));
	SHOW(len);
	SHOW(setsockopt(s, IPPROTO_IPV6, name, control, 4)); /* no header: nothing is set any more */
	len = sizeof(got);
	SHOW(getsockopt(s, IPPROTO_IPV6, IPV6_HOPOPTS, got, &len));
	SHOW(len);
	SHOW(setsockopt(s, IPPROTO_IPV6, name, (void *)16, 32));
	SHOW(setsockopt(s, IPPROTO_IPV6, name, control, 64 * 1024 + 1));
	c->cmsg_type = 250;
	SHOW(setsockopt(s, IPPROTO_IPV6, name, control, sizeof(control)));
	c->cmsg_len = 4;
	SHOW(setsockopt(s, IPPROTO_IPV6, name, control, sizeof(control)));
	SHOW(setsockopt(s, IPPROTO_IPV6, name, NULL, 0));
}

int main(void)
{
	told4();
	told6();
	set6();
	return 0;
}
