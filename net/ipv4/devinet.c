/* IPv4 addresses of devices: the tables, the routes that they bring along, and the choice of a source address. */
#include "../ip.h"
#include "../ifa.h"
#include "../rtnetlink.h"
#include "slab.h"
#include "string.h"
#include <linux/if.h>


__be32 inet_make_mask(unsigned len)
{
	return len ? htonl(~((1u << (32 - len)) - 1)) : 0;
}

static bool same_network(const struct in_ifaddr *a, const struct in_ifaddr *b)
{
	return a->mask == b->mask && !((a->address ^ b->address) & a->mask);
}

/* ---- routes ---- */

/* One route that an address is the reason for. */
static struct fib_route kernel_route(const struct in_ifaddr *ifa, __be32 src, u8 type, __be32 prefix, u8 prefixlen)
{
	return (struct fib_route){ .table = type == RTN_UNICAST ? RT_TABLE_MAIN : RT_TABLE_LOCAL, .prefix = prefix,
		.prefixlen = prefixlen, .protocol = RTPROT_KERNEL, .scope = type == RTN_LOCAL ? RT_SCOPE_HOST : RT_SCOPE_LINK,
		.type = type, .prefsrc = src, .dev = ifa->dev, .metric = 0 };
}

/* Whose address what goes to @ifa's network is sent from: its primary one's. */
static const struct in_ifaddr *primary_of(const struct in_ifaddr *ifa)
{
	const struct in_ifaddr *p;

	if (!(ifa->flags & IFA_F_SECONDARY))
		return ifa;
	list_for_each_entry(p, &ifa->dev->ip4, list)
		if (!(p->flags & IFA_F_SECONDARY) && same_network(p, ifa))
			return p;
	return ifa;
}

/* The routes that an address brings along, as Linux's fib_add_ifaddr has them; how many. */
static int routes_of(const struct in_ifaddr *ifa, struct fib_route *r)
{
	const struct in_ifaddr *prim = primary_of(ifa);
	__be32 prefix = ifa->address & ifa->mask;
	bool loopback = ifa->dev->flags & IFF_LOOPBACK;
	int n = 0;

	r[n++] = kernel_route(ifa, prim->local, RTN_LOCAL, ifa->local, 32);
	if (!(ifa->dev->flags & IFF_UP))
		return n;
	if (ifa->broadcast && ifa->broadcast != htonl(INADDR_BROADCAST))
		r[n++] = kernel_route(ifa, prim->local, RTN_BROADCAST, ifa->broadcast, 32);
	if (!ipv4_is_zeronet(prefix) && !(ifa->flags & IFA_F_SECONDARY) && (prefix != ifa->local || ifa->prefixlen < 32)) {
		if (!(ifa->flags & IFA_F_NOPREFIXROUTE)) {
			r[n] = kernel_route(ifa, prim->local, loopback ? RTN_LOCAL : RTN_UNICAST, prefix, ifa->prefixlen);
			r[n++].metric = ifa->rt_priority;
		}
		if (ifa->prefixlen < 31)
			r[n++] = kernel_route(ifa, prim->local, RTN_BROADCAST, prefix | ~ifa->mask, 32);
	}
	return n;
}

static int add_routes(const struct in_ifaddr *ifa)
{
	struct fib_route r[4];
	int n = routes_of(ifa, r), err = 0;

	for (int i = 0; i < n; i++) {
		err = fib_add_route(&r[i]);
		if (err && err != -EEXIST)
			return err;
	}
	return 0;
}

/* Does another address of the device want that route, too? */
static bool still_wanted(const struct net_device *dev, const struct fib_route *gone)
{
	const struct in_ifaddr *ifa;
	struct fib_route r[4];

	list_for_each_entry(ifa, &dev->ip4, list)
		for (int n = routes_of(ifa, r), i = 0; i < n; i++)
			if (r[i].table == gone->table && r[i].prefix == gone->prefix && r[i].prefixlen == gone->prefixlen
					&& r[i].type == gone->type && r[i].metric == gone->metric)
				return true;
	return false;
}

static bool is_local(__be32 addr)
{
	const struct net_device *dev;
	const struct in_ifaddr *ifa;

	list_for_each_entry(dev, &net_devices, list)
		list_for_each_entry(ifa, &dev->ip4, list)
			if (ifa->local == addr)
				return true;
	return false;
}

/* Of an address that is on no list any more. */
static void del_routes(struct in_ifaddr *ifa)
{
	struct fib_route r[4];
	int n = routes_of(ifa, r);

	/* The network, its broadcasts, and the address itself last. */
	for (int step = 0; step < 3; step++)
		for (int i = 0; i < n; i++)
			if (step == (!i ? 2 : r[i].type == RTN_BROADCAST) && !still_wanted(ifa->dev, &r[i]))
				(void)fib_remove(&r[i], NULL);
	if (!is_local(ifa->local))
		fib_flush_prefsrc(ifa->local);
}

/* ---- addresses ---- */

static void free_ifa(struct in_ifaddr *ifa, const struct nl_request *rq)
{
	list_del(&ifa->list);
	rtnl_changed();
	rtmsg_ifa(RTM_DELADDR, ifa, rq);
	del_routes(ifa);
	kfree(ifa);
}

/* Primary addresses stand in the order of their scopes, secondary ones behind them all. */
static void link_ifa(struct in_ifaddr *ifa)
{
	struct net_device *dev = ifa->dev;
	struct list_head *at = &dev->ip4;
	struct in_ifaddr *i;

	if (ifa->flags & IFA_F_SECONDARY) {
		list_add_tail(&ifa->list, &dev->ip4);
		return;
	}
	list_for_each_entry(i, &dev->ip4, list)
		if (!(i->flags & IFA_F_SECONDARY) && ifa->scope <= i->scope)
			at = &i->list;
	list_add(&ifa->list, at);
}

int inet_add_ifa(struct in_ifaddr *ifa, const struct nl_request *rq, struct netlink_ext_ack *extack)
{
	const struct in_ifaddr *i;
	int err = 0;

	ifa->flags &= ~(u32)IFA_F_SECONDARY;
	list_for_each_entry(i, &ifa->dev->ip4, list) {
		if (!same_network(i, ifa))
			continue;
		if (i->local == ifa->local) {
			NL_SET_ERR_MSG(extack, "ipv4: Address already assigned");
			err = -EEXIST;
		} else if (i->scope != ifa->scope) {
			NL_SET_ERR_MSG(extack, "ipv4: Invalid scope value");
			err = -EINVAL;
		}
		if (err) {
			kfree(ifa);
			return err;
		}
		ifa->flags |= IFA_F_SECONDARY;
	}
	ifa->cstamp = ifa->tstamp = rtnl_clock();
	link_ifa(ifa);
	rtnl_changed();
	rtmsg_ifa(RTM_NEWADDR, ifa, rq);
	return add_routes(ifa);
}

int inet_insert_ifa(struct net_device *dev, __be32 local, u8 prefixlen, u8 scope, const char *label)
{
	struct in_ifaddr *ifa = kzalloc(sizeof(*ifa));

	if (!ifa)
		return -ENOMEM;
	INIT_LIST_HEAD(&ifa->list);
	ifa->dev = dev;
	ifa->local = ifa->address = local;
	ifa->mask = inet_make_mask(prefixlen);
	ifa->prefixlen = prefixlen;
	ifa->scope = scope;
	ifa->flags = IFA_F_PERMANENT;
	ifa->valid_lft = ifa->preferred_lft = INFINITY_LIFE_TIME;
	if (dev->flags & IFF_BROADCAST && prefixlen < 31)
		ifa->broadcast = local | ~ifa->mask;
	strscpy(ifa->label, label, sizeof(ifa->label));
	return inet_add_ifa(ifa, NULL, NULL);
}

void inet_del_ifa(struct in_ifaddr *ifa, const struct nl_request *rq)
{
	struct in_ifaddr *i, *next;

	if (!(ifa->flags & IFA_F_SECONDARY))
		list_for_each_entry_safe(i, next, &ifa->dev->ip4, list)
			if (i->flags & IFA_F_SECONDARY && same_network(i, ifa))
				free_ifa(i, rq);
	free_ifa(ifa, rq);
}

int inet_set_prefix(struct in_ifaddr *ifa, u8 prefixlen)
{
	struct in_ifaddr *copy;

	if (prefixlen == ifa->prefixlen)
		return 0;
	copy = kmemdup(ifa, sizeof(*ifa));
	if (!copy)
		return -ENOMEM;
	INIT_LIST_HEAD(&copy->list);
	inet_del_ifa(ifa, NULL);
	copy->prefixlen = prefixlen;
	if (copy->broadcast && copy->broadcast == (copy->local | ~copy->mask))
		copy->broadcast = copy->local | ~inet_make_mask(prefixlen);
	copy->mask = inet_make_mask(prefixlen);
	return inet_add_ifa(copy, NULL, NULL);
}

/* ---- devices ---- */

int inet_dev_up(struct net_device *dev)
{
	struct in_ifaddr *ifa;
	int err = 0;

	if (dev->mtu < IPV4_MIN_MTU)
		return 0;
	if (dev->flags & IFF_LOOPBACK && list_empty(&dev->ip4))
		return inet_insert_ifa(dev, htonl(INADDR_LOOPBACK), 8, RT_SCOPE_HOST, dev->name);
	list_for_each_entry(ifa, &dev->ip4, list)
		if (!err)
			err = add_routes(ifa);
	return err;
}

void inet_dev_down(struct net_device *dev)
{
	fib_flush_dev(dev, false);
}

void inet_dev_unregister(struct net_device *dev)
{
	struct in_ifaddr *ifa, *next;

	list_for_each_entry_safe(ifa, next, &dev->ip4, list)
		free_ifa(ifa, NULL);
	fib_flush_dev(dev, true);
}

/* One of lo's stays: the one of the start, or another in its place. */
void inet_addr_exit(void)
{
	struct in_ifaddr *ifa, *next;
	unsigned count = 0;

	list_for_each_entry_safe(ifa, next, &loopback_dev->ip4, list)
		if (count++)
			free_ifa(ifa, NULL);
	kfree(loopback_dev->alias);
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
