/* The SIOC* requests about IPv6 addresses and routes, netdevice(7) and ipv6(7): ifconfig(8) and route(8) use them. */
#include "../ipv6.h"
#include "../ifa.h"
#include "../rtnetlink.h"
#include "kerrno.h"
#include "ledger.h"
#include "sched.h"
#include "slab.h"
#include "uaccess.h"
#include <linux/capability.h>
#include <linux/ipv6_route.h>
#include <linux/route.h>
#include <linux/sockios.h>

/* EPERM, EFAULT, ENODEV, EINVAL (the prefix), EADDRNOTAVAIL, EEXIST, ENOBUFS. */
static int address_ioctl(unsigned cmd, void __user *arg)
{
	struct in6_ifreq r;
	struct net_device *dev;
	struct inet6_ifaddr *ifa;
	int err;

	if (!capable(CAP_NET_ADMIN))
		return -EPERM;
	if (copy_from_user(&r, arg, sizeof(r)))
		return -EFAULT;
	if (r.ifr6_prefixlen > 128)
		return -EINVAL;
	dev = dev_get_by_index(r.ifr6_ifindex);
	if (!dev)
		return -ENODEV;
	if (cmd == SIOCDIFADDR) {
		ifa = ipv6_get_ifaddr(&r.ifr6_addr, dev);
		if (!ifa || ifa->prefixlen != r.ifr6_prefixlen)
			return -EADDRNOTAVAIL;
		inet6_del_ifa(ifa);
		return 0;
	}
	err = inet6_check_address(dev, &r.ifr6_addr, NULL);
	return err ? err : ipv6_add_addr(dev, &r.ifr6_addr, (u8)r.ifr6_prefixlen);
}

static int route_ioctl(unsigned cmd, void __user *arg)
{
	struct in6_rtmsg m;
	struct fib6_route r;
	int err;

	if (!capable(CAP_NET_ADMIN))
		return -EPERM;
	if (copy_from_user(&m, arg, sizeof(m)))
		return -EFAULT;
	if (m.rtmsg_dst_len > 128 || m.rtmsg_src_len)
		return -EINVAL;
	r = (struct fib6_route){ .table = RT_TABLE_MAIN, .prefix = ipv6_prefix(&m.rtmsg_dst, m.rtmsg_dst_len),
		.prefixlen = (u8)m.rtmsg_dst_len, .protocol = RTPROT_BOOT, .type = m.rtmsg_flags & RTF_REJECT ? RTN_UNREACHABLE : RTN_UNICAST,
		.metric = m.rtmsg_metric, .gw = m.rtmsg_flags & RTF_GATEWAY ? m.rtmsg_gateway : in6addr_any };
	if (cmd == SIOCDELRT) {
		r.protocol = r.type = 0;
		r.dev = m.rtmsg_ifindex ? dev_get_by_index(m.rtmsg_ifindex) : NULL;
		return m.rtmsg_ifindex && !r.dev ? -ESRCH : fib6_remove(&r, NULL);
	}
	err = ip6_route_check(&r, (u32)m.rtmsg_ifindex, NULL);
	return err ? err : fib6_insert(&r, NLM_F_CREATE, NULL);
}

int ipv6_config_ioctl(unsigned cmd, void __user *arg)
{
	switch (cmd) {
	case SIOCADDRT: case SIOCDELRT:
		return route_ioctl(cmd, arg);
	case SIOCSIFADDR: case SIOCDIFADDR:
		return address_ioctl(cmd, arg);
	case SIOCSIFDSTADDR: /* of tunnels over IPv4 only */
		LEDGER("SIOCSIFDSTADDR of IPv6", 0);
		return capable(CAP_NET_ADMIN) ? -ENODEV : -EPERM;
	}
	return -ENOIOCTLCMD;
}
