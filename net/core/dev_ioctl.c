/* The SIOC* requests about interfaces, as netdevice(7) has them: any socket of an internet family takes them. */
#include "../dev.h"
#include "../ip.h"
#include "../sock.h"
#include "ledger.h"
#include "string.h"
#include "slab.h"
#include "uaccess.h"
#include <linux/capability.h>
#include <linux/if.h>
#include <linux/if_arp.h>
#include <linux/route.h>
#include <linux/sockios.h>

static struct sockaddr_in *sin_of(struct ifreq *r)
{
	return (struct sockaddr_in *)&r->ifr_addr;
}

static void put_addr(struct ifreq *r, __be32 addr)
{
	memset(&r->ifr_addr, 0, sizeof(r->ifr_addr));
	sin_of(r)->sin_family = AF_INET;
	sin_of(r)->sin_addr.s_addr = addr;
}

/* The address that @label names, or the device's first. */
static struct in_ifaddr *find_ifa(struct net_device *dev, const char *label)
{
	struct in_ifaddr *ifa, *first = NULL;

	list_for_each_entry(ifa, &dev->ip4, list) {
		if (!strcmp(ifa->label, label))
			return ifa;
		if (!first)
			first = ifa;
	}
	return strchr(label, ':') ? NULL : first;
}

/* ---- IPv4 addresses ---- */

static int get_addr(struct net_device *dev, unsigned cmd, struct ifreq *r, const char *label)
{
	const struct in_ifaddr *ifa = find_ifa(dev, label);

	if (sin_of(r)->sin_family == AF_UNSPEC)
		sin_of(r)->sin_family = AF_INET;
	if (!ifa)
		return -EADDRNOTAVAIL;
	put_addr(r, cmd == SIOCGIFADDR ? ifa->local : cmd == SIOCGIFBRDADDR ? ifa->broadcast
		: cmd == SIOCGIFDSTADDR ? ifa->address : ifa->mask);
	return 0;
}

/* The prefix length of the class that an address had before there were prefixes. */
static u8 class_prefix(__be32 addr)
{
	u32 a = ntohl(addr);

	return !addr || ipv4_is_lbcast(addr) ? 0 : !(a >> 31) ? 8 : (a >> 30) == 2 ? 16 : (a >> 29) == 6 ? 24 : 0;
}

static int prefix_of_mask(__be32 mask)
{
	u32 m = ntohl(mask);

	return ~m & (~m + 1) ? -EINVAL : m ? 32 - __builtin_ctz(m) : 0;
}

static int set_addr(struct net_device *dev, unsigned cmd, struct ifreq *r, const char *label)
{
	struct in_ifaddr *ifa = find_ifa(dev, label);
	__be32 addr = sin_of(r)->sin_addr.s_addr;
	int prefix;

	if (!capable(CAP_NET_ADMIN))
		return -EPERM;
	if (sin_of(r)->sin_family != AF_INET)
		return -EINVAL;
	if (cmd == SIOCSIFADDR) {
		if (ipv4_is_multicast(addr) || ntohl(addr) >= 0xf0000000)
			return -EINVAL;
		if (ifa)
			inet_del_ifa(ifa, NULL);
		if (!addr)
			return 0;
		return inet_insert_ifa(dev, addr, dev->flags & IFF_POINTOPOINT ? 32 : class_prefix(addr),
			ipv4_is_loopback(addr) ? RT_SCOPE_HOST : RT_SCOPE_UNIVERSE, label);
	}
	if (!ifa)
		return -EADDRNOTAVAIL;
	switch (cmd) {
	case SIOCSIFBRDADDR:
		ifa->broadcast = addr;
		return 0;
	case SIOCSIFDSTADDR:
		ifa->address = addr;
		return 0;
	default: /* SIOCSIFNETMASK */
		prefix = prefix_of_mask(addr);
		return prefix < 0 ? prefix : inet_set_prefix(ifa, (u8)prefix);
	}
}

/* ---- the device itself ---- */

static int get_one(struct net_device *dev, unsigned cmd, struct ifreq *r)
{
	switch (cmd) {
	case SIOCGIFFLAGS:
		r->ifr_flags = (short)dev->flags;
		return 0;
	case SIOCGIFMETRIC:
		r->ifr_metric = 0;
		return 0;
	case SIOCGIFMTU:
		r->ifr_mtu = (int)dev->mtu;
		return 0;
	case SIOCGIFHWADDR:
		memset(&r->ifr_hwaddr, 0, sizeof(r->ifr_hwaddr));
		memcpy(r->ifr_hwaddr.sa_data, dev->dev_addr, min((size_t)dev->addr_len, sizeof(r->ifr_hwaddr.sa_data)));
		r->ifr_hwaddr.sa_family = dev->type;
		return 0;
	case SIOCGIFMAP:
		memset(&r->ifr_map, 0, sizeof(r->ifr_map));
		return 0;
	case SIOCGIFINDEX:
		r->ifr_ifindex = dev->ifindex;
		return 0;
	default: /* SIOCGIFTXQLEN */
		r->ifr_qlen = (int)dev->tx_queue_len;
		return 0;
	}
}

static int set_one(struct net_device *dev, unsigned cmd, struct ifreq *r)
{
	if (!capable(CAP_NET_ADMIN))
		return -EPERM;
	switch (cmd) {
	case SIOCSIFFLAGS:
		return dev_change_flags(dev, (dev->flags & ~0xffffu) | (u16)r->ifr_flags);
	case SIOCSIFMTU:
		return dev_set_mtu(dev, r->ifr_mtu, NULL);
	case SIOCSIFTXQLEN:
		if (r->ifr_qlen < 0)
			return -EINVAL;
		return dev_set_tx_queue_len(dev, (u32)r->ifr_qlen);
	case SIOCSIFNAME:
		r->ifr_newname[IFNAMSIZ - 1] = 0;
		return dev_change_name(dev, r->ifr_newname);
	case SIOCSIFHWADDR:
		if (r->ifr_hwaddr.sa_family != dev->type)
			return -EINVAL;
		return dev_set_mac_address(dev, (const u8 *)r->ifr_hwaddr.sa_data);
	}
	LEDGER("interface ioctl", cmd);
	return -EOPNOTSUPP;
}

/* ---- lists and names ---- */

/* SIOCGIFCONF: every IPv4 address; only whole entries, as many as fit. */
static int list_addresses(void __user *arg)
{
	struct ifreq *list = NULL;
	struct net_device *dev;
	struct in_ifaddr *ifa;
	struct ifconf c;
	u32 count = 0, n = 0;
	int err = 0;

	if (copy_from_user(&c, arg, sizeof(c)))
		return -EFAULT;
	list_for_each_entry(dev, &net_devices, list)
		list_for_each_entry(ifa, &dev->ip4, list)
			count++;
	if (c.ifc_buf) {
		/* Gathered first: addresses and devices may go while they are copied. */
		count = min(count, (u32)max(c.ifc_len, 0) / (u32)sizeof(*list));
		list = kcalloc(count + 1, sizeof(*list));
		if (!list)
			return -ENOMEM;
		list_for_each_entry(dev, &net_devices, list)
			list_for_each_entry(ifa, &dev->ip4, list) {
				if (n == count)
					break;
				strscpy(list[n].ifr_name, *ifa->label ? ifa->label : dev->name, IFNAMSIZ);
				put_addr(&list[n++], ifa->local);
			}
		err = copy_to_user(u64_to_uptr((u64)(unsigned long)c.ifc_buf), list, count * sizeof(*list)) ? -EFAULT : 0;
		kfree(list);
	}
	return err || put_user((int)(count * sizeof(*list)), &((struct ifconf __user *)arg)->ifc_len) ? -EFAULT : 0;
}

static int name_of_index(struct ifreq __user *arg)
{
	const struct net_device *dev;
	struct ifreq r;

	if (copy_from_user(&r, arg, sizeof(r)))
		return -EFAULT;
	dev = dev_get_by_index(r.ifr_ifindex);
	if (!dev)
		return -ENODEV;
	memset(r.ifr_name, 0, IFNAMSIZ);
	strscpy(r.ifr_name, dev->name, IFNAMSIZ);
	return copy_to_user(arg, &r, sizeof(r)) ? -EFAULT : 0;
}

/* ---- routes (route(8)) ---- */

static int route_ioctl(unsigned cmd, void __user *arg)
{
	struct fib_route r = { .table = RT_TABLE_MAIN, .protocol = RTPROT_BOOT, .type = RTN_UNICAST, .scope = RT_SCOPE_LINK };
	struct rtentry rt;
	char name[IFNAMSIZ] = "";
	int prefix = 32;

	if (!capable(CAP_NET_ADMIN))
		return -EPERM;
	if (copy_from_user(&rt, arg, sizeof(rt)))
		return -EFAULT;
	if (rt.rt_dst.sa_family != AF_INET)
		return -EAFNOSUPPORT;
	r.prefix = ((struct sockaddr_in *)&rt.rt_dst)->sin_addr.s_addr;
	if (!(rt.rt_flags & RTF_HOST)) {
		prefix = prefix_of_mask(((struct sockaddr_in *)&rt.rt_genmask)->sin_addr.s_addr);
		if (prefix < 0)
			return prefix;
	}
	r.prefixlen = (u8)prefix;
	if (cmd == SIOCDELRT)
		return fib_del_route(RT_TABLE_MAIN, r.prefix, r.prefixlen, 0);
	if (rt.rt_dev) {
		if (strncpy_from_user(name, (const char __user *)rt.rt_dev, IFNAMSIZ - 1) < 0)
			return -EFAULT;
		r.dev = dev_get_by_name(name);
		if (!r.dev)
			return -ENODEV;
	}
	if (rt.rt_flags & RTF_GATEWAY) {
		struct flowi4 fl4 = { .daddr = ((struct sockaddr_in *)&rt.rt_gateway)->sin_addr.s_addr, .flowi4_scope = RT_SCOPE_LINK };
		const struct fib_route *via = fib_lookup(&fl4);

		if (!via || via->type != RTN_UNICAST)
			return -ENETUNREACH;
		r.gw = fl4.daddr;
		r.scope = RT_SCOPE_UNIVERSE;
		r.dev = r.dev ? r.dev : via->dev;
	}
	if (!r.dev)
		return -ENODEV;
	if (!(r.dev->flags & IFF_UP))
		return -ENETDOWN;
	if (rt.rt_flags & RTF_MTU)
		r.metrics[RTAX_MTU] = (u32)rt.rt_mtu;
	r.metric = rt.rt_metric > 0 ? (u32)rt.rt_metric - 1 : 0;
	return fib_add_route(&r);
}

/* ---- all of them ---- */

int dev_ioctl(unsigned cmd, void __user *arg)
{
	char label[IFNAMSIZ], *colon;
	struct net_device *dev;
	struct ifreq r;
	int err;

	switch (cmd) {
	case SIOCGIFCONF: return list_addresses(arg);
	case SIOCGIFNAME: return name_of_index(arg);
	case SIOCADDRT:
	case SIOCDELRT: return route_ioctl(cmd, arg);
	case SIOCGIFADDR: case SIOCSIFADDR: case SIOCGIFFLAGS: case SIOCSIFFLAGS: case SIOCGIFDSTADDR: case SIOCSIFDSTADDR: case SIOCGIFBRDADDR: case SIOCSIFBRDADDR:
	case SIOCGIFNETMASK: case SIOCSIFNETMASK: case SIOCGIFMETRIC: case SIOCGIFMTU: case SIOCSIFMTU: case SIOCSIFNAME:
	case SIOCGIFHWADDR: case SIOCGIFMAP: case SIOCGIFINDEX: case SIOCGIFTXQLEN: case SIOCSIFTXQLEN: case SIOCSIFHWADDR:
		break;
	default:
		return -ENOIOCTLCMD;
	}
	if (copy_from_user(&r, arg, sizeof(r)))
		return -EFAULT;
	r.ifr_name[IFNAMSIZ - 1] = 0;
	strscpy(label, r.ifr_name, sizeof(label));
	colon = strchr(r.ifr_name, ':');
	if (colon)
		*colon = 0;
	dev = dev_get_by_name(r.ifr_name);
	if (!dev)
		return -ENODEV;
	switch (cmd) {
	case SIOCGIFADDR: case SIOCGIFDSTADDR: case SIOCGIFBRDADDR: case SIOCGIFNETMASK:
		err = get_addr(dev, cmd, &r, label);
		break;
	case SIOCSIFADDR: case SIOCSIFDSTADDR: case SIOCSIFBRDADDR: case SIOCSIFNETMASK:
		return set_addr(dev, cmd, &r, label);
	case SIOCGIFFLAGS: case SIOCGIFMETRIC: case SIOCGIFMTU: case SIOCGIFHWADDR: case SIOCGIFMAP: case SIOCGIFINDEX:
	case SIOCGIFTXQLEN:
		err = get_one(dev, cmd, &r);
		break;
	default:
		return set_one(dev, cmd, &r);
	}
	strscpy(r.ifr_name, label, IFNAMSIZ);
	return err ? err : copy_to_user(arg, &r, sizeof(r)) ? -EFAULT : 0;
}

/* Interfaces, but not addresses and routes, which are the internet families'. */
long sock_dev_ioctl(unsigned cmd, void __user *arg)
{
	int err = -ENOIOCTLCMD;

	switch (cmd) {
	case SIOCGIFADDR: case SIOCSIFADDR: case SIOCGIFBRDADDR: case SIOCSIFBRDADDR: case SIOCGIFNETMASK: case SIOCSIFNETMASK:
	case SIOCGIFDSTADDR: case SIOCSIFDSTADDR: case SIOCADDRT: case SIOCDELRT:
		break;
	default:
		err = dev_ioctl(cmd, arg);
	}
	if (err != -ENOIOCTLCMD)
		return err;
	LEDGER("socket ioctl", cmd);
	return -ENOTTY;
}
