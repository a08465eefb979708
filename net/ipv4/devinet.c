/* IPv4 addresses of devices: the tables, and the choice of a source address. */
#include "../ip.h"
#include "slab.h"
#include "string.h"
#include <linux/if.h>
#include <linux/if_addr.h>

static __be32 inet_make_mask(unsigned len)
{
	return len ? htonl(~((1u << (32 - len)) - 1)) : 0;
}

/* The routes that an address brings along, as Linux's fib_add_ifaddr. */
static int add_routes(struct net_device *dev, const struct in_ifaddr *ifa)
{
	struct fib_route r = { .table = RT_TABLE_LOCAL, .prefix = ifa->local, .prefixlen = 32, .protocol = RTPROT_KERNEL,
		.scope = RT_SCOPE_HOST, .type = RTN_LOCAL, .prefsrc = ifa->local, .dev = dev };
	__be32 prefix = ifa->address & ifa->mask;
	int err = fib_add_route(&r);

	if (!err && prefix && ifa->prefixlen < 32) {
		r.prefix = prefix;
		r.prefixlen = ifa->prefixlen;
		if (!ipv4_is_loopback(ifa->local)) {
			r.table = RT_TABLE_MAIN;
			r.type = RTN_UNICAST;
			r.scope = RT_SCOPE_LINK;
		}
		err = fib_add_route(&r);
	}
	if (!err && ifa->prefixlen < 31) {
		r.table = RT_TABLE_LOCAL;
		r.type = RTN_BROADCAST;
		r.scope = RT_SCOPE_LINK;
		r.prefix = prefix | ~ifa->mask;
		r.prefixlen = 32;
		err = fib_add_route(&r);
	}
	return err;
}

int inet_insert_ifa(struct net_device *dev, __be32 local, u8 prefixlen, u8 scope, const char *label)
{
	struct in_ifaddr *ifa;

	list_for_each_entry(ifa, &dev->ip4, list)
		if (ifa->local == local && ifa->prefixlen == prefixlen)
			return -EEXIST;
	ifa = kzalloc(sizeof(*ifa));
	if (!ifa)
		return -ENOMEM;
	ifa->dev = dev;
	ifa->local = ifa->address = local;
	ifa->mask = inet_make_mask(prefixlen);
	ifa->prefixlen = prefixlen;
	ifa->scope = scope;
	ifa->flags = IFA_F_PERMANENT;
	strscpy(ifa->label, label, sizeof(ifa->label));
	list_add_tail(&ifa->list, &dev->ip4);
	return dev->flags & IFF_UP ? add_routes(dev, ifa) : 0;
}

int inet_dev_up(struct net_device *dev)
{
	struct in_ifaddr *ifa;
	int err = 0;

	list_for_each_entry(ifa, &dev->ip4, list)
		if (!err)
			err = add_routes(dev, ifa);
	return err;
}

void inet_dev_down(struct net_device *dev)
{
	fib_flush_dev(dev);
}

/* The routes of what addresses are left. */
static int renew_routes(struct net_device *dev)
{
	fib_flush_dev(dev);
	return dev->flags & IFF_UP ? inet_dev_up(dev) : 0;
}

void inet_del_ifa(struct in_ifaddr *ifa)
{
	struct net_device *dev = ifa->dev;

	list_del(&ifa->list);
	kfree(ifa);
	(void)renew_routes(dev);
}

int inet_set_prefix(struct in_ifaddr *ifa, u8 prefixlen)
{
	ifa->prefixlen = prefixlen;
	ifa->mask = inet_make_mask(prefixlen);
	return renew_routes(ifa->dev);
}

void inet_dev_unregister(struct net_device *dev)
{
	struct in_ifaddr *ifa, *next;

	fib_flush_dev(dev);
	list_for_each_entry_safe(ifa, next, &dev->ip4, list) {
		list_del(&ifa->list);
		kfree(ifa);
	}
}

struct net_device *ip_dev_find(__be32 addr)
{
	struct flowi4 fl4 = { .daddr = addr };
	const struct in_ifaddr *ifa;
	struct net_device *dev;
	const struct fib_route *r;

	list_for_each_entry(dev, &net_devices, list)
		list_for_each_entry(ifa, &dev->ip4, list)
			if (ifa->local == addr)
				return dev;
	r = fib_lookup(&fl4); /* 127/8 is local as a whole */
	return r && r->type == RTN_LOCAL && r->table == RT_TABLE_LOCAL ? r->dev : NULL;
}

static __be32 select_on(const struct net_device *dev, __be32 dst, int scope)
{
	const struct in_ifaddr *ifa;
	__be32 first = 0;

	list_for_each_entry(ifa, &dev->ip4, list) {
		if (ifa->scope > scope)
			continue;
		if (!dst || !((ifa->address ^ dst) & ifa->mask))
			return ifa->local;
		if (!first)
			first = ifa->local;
	}
	return first;
}

__be32 inet_select_addr(const struct net_device *dev, __be32 dst, int scope)
{
	const struct net_device *other;
	const struct in_ifaddr *ifa;
	__be32 addr = dev ? select_on(dev, dst, scope) : 0;

	if (addr)
		return addr;
	list_for_each_entry(other, &net_devices, list)
		list_for_each_entry(ifa, &other->ip4, list)
			if (ifa->scope != RT_SCOPE_LINK && ifa->scope <= scope)
				return ifa->local;
	return 0;
}
