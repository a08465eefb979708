/* The tun device by which packets come and go, with the addresses of packetdrill's scripts: made by ioctls, so that nothing
 * has to be installed. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <net/route.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>
#include <linux/if_tun.h>
#include <linux/ipv6.h>
#include <linux/virtio_net.h>

#include "pd.h"

#define NAME "tun0"
#define PREFIX4 16
#define PREFIX6 48

int tun_fd = -1;

static void must(int result, const char *what)
{
	if (result < 0)
		fail(0, "setting up " NAME ": %s: %s", what, strerror(errno));
}

static struct ifreq request(void)
{
	struct ifreq r;

	memset(&r, 0, sizeof(r));
	strcpy(r.ifr_name, NAME);
	return r;
}

static void set_inet(struct sockaddr *to, const char *text)
{
	struct sockaddr_in *sin = (struct sockaddr_in *)to;

	sin->sin_family = AF_INET;
	if (text && inet_pton(AF_INET, text, &sin->sin_addr) != 1)
		fail(0, "\"%s\" is no IPv4 address", text);
}

static void address4(int s)
{
	struct ifreq r = request();
	struct rtentry route = { .rt_flags = RTF_UP | RTF_GATEWAY, .rt_dev = (char *)NAME };
	in_addr_t mask = htonl(~0u << (32 - PREFIX4));

	set_inet(&r.ifr_addr, script.local4);
	must(ioctl(s, SIOCSIFADDR, &r), "SIOCSIFADDR");
	((struct sockaddr_in *)&r.ifr_addr)->sin_addr.s_addr = mask;
	must(ioctl(s, SIOCSIFNETMASK, &r), "SIOCSIFNETMASK");
	set_inet(&route.rt_dst, NULL);
	set_inet(&route.rt_genmask, NULL);
	set_inet(&route.rt_gateway, script.gateway4);
	/* a script's own address may be the usual gateway's: then there is none */
	if (!strcmp(script.gateway4, script.local4))
		route.rt_flags = RTF_UP;
	must(ioctl(s, SIOCADDRT, &route), "SIOCADDRT");
}

/* An address is tentative at first, until the kernel gets round to it. */
static void wait_for_address6(const struct in6_addr *addr)
{
	struct sockaddr_in6 sin6 = { .sin6_family = AF_INET6, .sin6_addr = *addr };
	int s = socket(AF_INET6, SOCK_DGRAM, 0);

	must(s, "an IPv6 socket");
	for (int i = 0; bind(s, (struct sockaddr *)&sin6, sizeof(sin6)); i++) {
		if (i == 200)
			fail(0, "the IPv6 address cannot be used: %s", strerror(errno));
		usleep(10000);
	}
	close(s);
}

static void address6(int index)
{
	struct in6_ifreq r = { .ifr6_prefixlen = PREFIX6, .ifr6_ifindex = index };
	struct in6_rtmsg route = { .rtmsg_ifindex = index, .rtmsg_metric = 1, .rtmsg_flags = RTF_UP | RTF_GATEWAY };
	int s = socket(AF_INET6, SOCK_DGRAM, 0);

	must(s, "an IPv6 socket");
	if (inet_pton(AF_INET6, script.local6, &r.ifr6_addr) != 1 || inet_pton(AF_INET6, script.gateway6, &route.rtmsg_gateway) != 1)
		fail(0, "an IPv6 address is malformed");
	must(ioctl(s, SIOCSIFADDR, &r), "SIOCSIFADDR of IPv6");
	must(ioctl(s, SIOCADDRT, &route), "SIOCADDRT of IPv6");
	close(s);
	wait_for_address6(&r.ifr6_addr);
}

void device_open(void)
{
	struct ifreq r = request();
	int s = socket(AF_INET, SOCK_DGRAM, 0), index;

	must(s, "an IPv4 socket");
	tun_fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	must(tun_fd, "/dev/net/tun");
	r.ifr_flags = IFF_TUN | IFF_NO_PI | IFF_VNET_HDR;
	must(ioctl(tun_fd, TUNSETIFF, &r), "TUNSETIFF");
	/* as a device that segments by itself: segments come out as large as TCP makes them */
	must(ioctl(tun_fd, TUNSETOFFLOAD, TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 | TUN_F_TSO_ECN), "TUNSETOFFLOAD");
	r = request();
	r.ifr_mtu = script.mtu;
	must(ioctl(s, SIOCSIFMTU, &r), "SIOCSIFMTU");
	r = request();
	must(ioctl(s, SIOCGIFINDEX, &r), "SIOCGIFINDEX");
	index = r.ifr_ifindex;
	r = request();
	r.ifr_flags = IFF_UP | IFF_RUNNING;
	must(ioctl(s, SIOCSIFFLAGS, &r), "SIOCSIFFLAGS");
	address4(s);
	if (script.ip_version == 6)
		address6(index);
	close(s);
}

void device_send(const void *packet, size_t size)
{
	struct virtio_net_hdr header = { .flags = 0 };
	struct iovec iov[] = { { &header, sizeof(header) }, { (void *)packet, size } };

	if (writev(tun_fd, iov, 2) != (ssize_t)(sizeof(header) + size))
		fail(0, "cannot inject a packet of %zu bytes: %s", size, strerror(errno));
}

bool device_receive(struct wire *w)
{
	struct virtio_net_hdr header;
	struct iovec iov[] = { { &header, sizeof(header) }, { w->bytes, sizeof(w->bytes) } };
	ssize_t n = readv(tun_fd, iov, 2);

	if (n < 0 && errno == EAGAIN)
		return false;
	if (n < (ssize_t)sizeof(header))
		fail(0, "cannot read from " NAME ": %s", n < 0 ? strerror(errno) : "too short");
	w->size = (size_t)n - sizeof(header);
	w->unsummed = header.flags & VIRTIO_NET_HDR_F_NEEDS_CSUM;
	return true;
}
