/* What is changed of a device, by ioctl(2) or by netlink: flags, name, MTU, address, carrier. Who may is the callers'
 * question; what follows for addresses and routes is the families'; who listens is told. */
#include "../dev.h"
#include "../ip.h"
#include "../ipv6.h"
#include "../rtnetlink.h"
#include <linux/if.h>
#include <linux/if_ether.h>

/* What may be changed by flags alone. */
#define SETTABLE_FLAGS (IFF_DEBUG | IFF_NOTRAILERS | IFF_NOARP | IFF_DYNAMIC | IFF_MULTICAST | IFF_PORTSEL | IFF_AUTOMEDIA)
#define UP_FLAGS (IFF_RUNNING | IFF_LOWER_UP)

static bool dev_valid_name(const char *name)
{
	if (!*name || strlen(name) >= IFNAMSIZ || !strcmp(name, ".") || !strcmp(name, ".."))
		return false;
	for (; *name; name++)
		if (*name == '/' || *name == ':' || *name == ' ' || (*name >= '\t' && *name <= '\r'))
			return false;
	return true;
}

int dev_alloc_name(char *name, const char *pattern)
{
	const char *percent = strchr(pattern, '%');

	if (!dev_valid_name(pattern))
		return -EINVAL;
	if (!percent) {
		strscpy(name, pattern, IFNAMSIZ);
		return 0;
	}
	if (percent[1] != 'd' || strchr(percent + 2, '%'))
		return -EINVAL;
	for (int i = 0; i < 1000; i++) {
		ksnprintf(name, IFNAMSIZ, "%.*s%d%s", (int)(percent - pattern), pattern, i, percent + 2);
		if (!dev_get_by_name(name))
			return 0;
	}
	return -ENFILE;
}

u8 dev_operstate(const struct net_device *dev)
{
	/* Devices without a sense of their link are IF_OPER_UNKNOWN while they are up, IF_OPER_DOWN otherwise. */
	return dev->flags & IFF_UP && !dev->carrier_off ? 0 : 2;
}

/* Carrier or not, as the flags show it. */
static void set_up_flags(struct net_device *dev)
{
	if (dev->flags & IFF_UP && !dev->carrier_off)
		dev->flags |= UP_FLAGS;
	else
		dev->flags &= ~(u32)UP_FLAGS;
}

/* A flag that several may ask for. */
static void count_flag(struct net_device *dev, u32 flags, u32 flag, int *count)
{
	if (!((dev->flags ^ flags) & flag))
		return;
	*count += flags & flag ? 1 : -1;
	dev->flags ^= flag;
}

int __dev_change_flags(struct net_device *dev, u32 flags, u32 untold)
{
	u32 was = dev->flags, change;
	int err = 0;

	dev->flags = (dev->flags & ~(u32)SETTABLE_FLAGS) | (flags & SETTABLE_FLAGS);
	count_flag(dev, flags, IFF_PROMISC, &dev->promiscuity);
	count_flag(dev, flags, IFF_ALLMULTI, &dev->allmulti);
	if ((dev->flags ^ flags) & IFF_UP)
		dev->flags ^= IFF_UP;
	dev->was_up |= netif_running(dev);
	set_up_flags(dev);
	change = (was ^ dev->flags) & ~(u32)(IFF_RUNNING | IFF_LOWER_UP); /* which follow */
	if (!(change | untold))
		return 0;
	rtmsg_ifinfo(RTM_NEWLINK, dev, change | untold);
	if (!(change & IFF_UP))
		return 0;
	if (dev->flags & IFF_UP) {
		err = inet_dev_up(dev);
		return err ? err : inet6_dev_up(dev);
	}
	inet_dev_down(dev);
	inet6_dev_down(dev);
	neigh_flush_dev(dev);
	return 0;
}

int dev_change_flags(struct net_device *dev, u32 flags)
{
	return __dev_change_flags(dev, flags, 0);
}

int dev_change_name(struct net_device *dev, const char *name)
{
	char chosen[IFNAMSIZ], old[IFNAMSIZ];
	struct in_ifaddr *ifa;
	int err;

	if (!strcmp(name, dev->name))
		return 0;
	err = dev_alloc_name(chosen, name);
	if (err)
		return err;
	if (dev_get_by_name(chosen))
		return -EEXIST;
	strscpy(old, dev->name, sizeof(old));
	strscpy(dev->name, chosen, IFNAMSIZ);
	list_for_each_entry(ifa, &dev->ip4, list)
		if (!strcmp(ifa->label, old))
			strscpy(ifa->label, chosen, sizeof(ifa->label));
	rtmsg_ifinfo(RTM_NEWLINK, dev, 0);
	return 0;
}

int dev_validate_mtu(const struct net_device *dev, int mtu, struct netlink_ext_ack *extack)
{
	if (mtu < 0 || (u32)mtu < dev->min_mtu) {
		NL_SET_ERR_MSG(extack, "mtu less than device minimum");
		return -EINVAL;
	}
	if (dev->max_mtu && (u32)mtu > dev->max_mtu) {
		NL_SET_ERR_MSG(extack, "mtu greater than device maximum");
		return -EINVAL;
	}
	return 0;
}

int dev_set_mtu(struct net_device *dev, int mtu, struct netlink_ext_ack *extack)
{
	int err;

	if ((u32)mtu == dev->mtu)
		return 0;
	err = dev_validate_mtu(dev, mtu, extack);
	if (err)
		return err;
	dev->mtu = (u32)mtu;
	fib_flush_cache();
	fib6_flush_cache();
	if (dev->mtu < IPV4_MIN_MTU)
		inet_dev_unregister(dev);
	if (dev->mtu < IPV6_MIN_MTU)
		inet6_dev_down(dev);
	rtmsg_ifinfo(RTM_NEWLINK, dev, 0);
	return 0;
}

int dev_set_tx_queue_len(struct net_device *dev, u32 len)
{
	if (len == dev->tx_queue_len)
		return 0;
	dev->tx_queue_len = len;
	rtmsg_ifinfo(RTM_NEWLINK, dev, 0);
	return 0;
}

int dev_set_mac_address(struct net_device *dev, const u8 *addr)
{
	int err;

	if (!dev->ops->ndo_set_mac_address)
		return -EOPNOTSUPP;
	if (!dev->live_addr_change && dev->flags & IFF_UP)
		return -EBUSY;
	err = dev->ops->ndo_set_mac_address(dev, addr);
	if (err)
		return err;
	memcpy(dev->dev_addr, addr, dev->addr_len);
	dev->addr_assign_type = 3; /* NET_ADDR_SET */
	rtmsg_ifinfo(RTM_NEWLINK, dev, 0);
	return 0;
}

void dev_set_carrier(struct net_device *dev, bool on)
{
	u32 was = dev->flags;

	if (dev->carrier_off == !on)
		return;
	dev->carrier_off = !on;
	*(on ? &dev->carrier_up_count : &dev->carrier_down_count) += 1;
	set_up_flags(dev);
	rtmsg_ifinfo(RTM_NEWLINK, dev, was ^ dev->flags);
}
