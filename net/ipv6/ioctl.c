/* IPv6 addresses and routes by ioctl, as ifconfig(8) and route(8) ask for them (ipv6(7), netdevice(7)). */
#include "../ipv6.h"
#include "../dev.h"
#include "cred.h"
#include "kerrno.h"
#include "uaccess.h"
#include <linux/capability.h>
#include <linux/ipv6.h>
#include <linux/ipv6_route.h>
#include <linux/route.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>

/* -EPERM, -EFAULT, -EINVAL, -ENODEV, -EEXIST, -EADDRNOTAVAIL. */
static int address_ioctl(unsigned cmd, const void __user *arg)
{
	struct inet6_ifaddr *ifa;
	struct net_device *dev;
	struct in6_ifreq r;

	if (!capable(CAP_NET_ADMIN))
		return -EPERM;
	if (copy_from_user(&r, arg, sizeof(r)))
		return -EFAULT;
	if (r.ifr6_prefixlen > 128)
		return -EINVAL;
	dev = dev_get_by_index(r.ifr6_ifindex);
	if (!dev)
		return -ENODEV;
	if (cmd == SIOCSIFADDR)
		return ipv6_add_addr(dev, &r.ifr6_addr, (u8)r.ifr6_prefixlen);
	ifa = ipv6_get_ifaddr(&r.ifr6_addr, dev);
	if (!ifa || ifa->prefixlen != r.ifr6_prefixlen)
		return -EADDRNOTAVAIL;
	inet6_del_ifa(ifa, NULL);
	return 0;
}

/* As for a route by netlink; -ESRCH if there is none to be deleted. */
static int route_ioctl(unsigned cmd, const void __user *arg)
{
	struct fib6_route r = { .table = RT_TABLE_MAIN, .protocol = RTPROT_BOOT, .type = RTN_UNICAST };
	struct in6_rtmsg m;
	int err;

	if (!capable(CAP_NET_ADMIN))
		return -EPERM;
	if (copy_from_user(&m, arg, sizeof(m)))
		return -EFAULT;
	if (m.rtmsg_dst_len > 128 || m.rtmsg_src_len > 128 || m.rtmsg_src_len)
		return -EINVAL;
	r.prefixlen = (u8)m.rtmsg_dst_len;
	r.prefix = ipv6_prefix(&m.rtmsg_dst, r.prefixlen);
	r.metric = m.rtmsg_metric;
	if (m.rtmsg_flags & RTF_GATEWAY)
		r.gw = m.rtmsg_gateway;
	if (m.rtmsg_ifindex) {
		r.dev = dev_get_by_index(m.rtmsg_ifindex);
		if (!r.dev)
			return cmd == SIOCADDRT ? -ENODEV : -ESRCH;
	}
	if (cmd == SIOCDELRT)
		return fib6_remove(&r, NULL);
	err = fib6_check_route(&r, NULL);
	return err ? err : fib6_add_route(&r);
}

int ipv6_dev_ioctl(unsigned cmd, void __user *arg)
{
	switch (cmd) {
	case SIOCSIFADDR:
	case SIOCDIFADDR:
		return address_ioctl(cmd, arg);
	case SIOCADDRT:
	case SIOCDELRT:
		return route_ioctl(cmd, arg);
	default:
		return -ENOIOCTLCMD;
	}
}
