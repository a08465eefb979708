/* IPv6 addresses: what kind one is, which are this system's, and the routes that they bring along. */
#include "../ipv6.h"
#include "../ifa.h"
#include "../rtnetlink.h"
#include "slab.h"
#include "string.h"
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>

const struct in6_addr in6addr_any;
const struct in6_addr in6addr_loopback = { .s6_addr[15] = 1 };
const struct in6_addr in6addr_linklocal_allnodes = { .s6_addr = { 0xff, 2, [15] = 1 } };
const struct in6_addr in6addr_interfacelocal_allnodes = { .s6_addr = { 0xff, 1, [15] = 1 } };

static struct hlist_head addresses[64]; /* struct inet6_ifaddr, by address */

int __ipv6_addr_type(const struct in6_addr *addr)
{
	__be32 st = addr->s6_addr32[0];

#define SCOPE_TYPE(scope) ((scope) << 16)
	/* Everything but 000 and 111 as the first bits is global unicast. */
	if ((st & htonl(0xe0000000)) != 0 && (st & htonl(0xe0000000)) != htonl(0xe0000000))
		return IPV6_ADDR_UNICAST | SCOPE_TYPE(IPV6_ADDR_SCOPE_GLOBAL);
	if ((st & htonl(0xff000000)) == htonl(0xff000000))
		return IPV6_ADDR_MULTICAST | (addr->s6_addr[1] & 0xf) << 16;
	if ((st & htonl(0xffc00000)) == htonl(0xfe800000))
		return IPV6_ADDR_LINKLOCAL | IPV6_ADDR_UNICAST | SCOPE_TYPE(IPV6_ADDR_SCOPE_LINKLOCAL);
	if ((st & htonl(0xffc00000)) == htonl(0xfec00000))
		return IPV6_ADDR_SITELOCAL | IPV6_ADDR_UNICAST | SCOPE_TYPE(IPV6_ADDR_SCOPE_SITELOCAL);
	if ((st & htonl(0xfe000000)) == htonl(0xfc000000))
		return IPV6_ADDR_UNICAST | SCOPE_TYPE(IPV6_ADDR_SCOPE_GLOBAL); /* RFC 4193 */
	if (!(addr->s6_addr32[0] | addr->s6_addr32[1])) {
		if (!addr->s6_addr32[2]) {
			if (!addr->s6_addr32[3])
				return IPV6_ADDR_ANY;
			if (addr->s6_addr32[3] == htonl(1))
				return IPV6_ADDR_LOOPBACK | IPV6_ADDR_UNICAST | SCOPE_TYPE(IPV6_ADDR_SCOPE_LINKLOCAL);
			return IPV6_ADDR_COMPATv4 | IPV6_ADDR_UNICAST | SCOPE_TYPE(IPV6_ADDR_SCOPE_GLOBAL);
		}
		if (addr->s6_addr32[2] == htonl(0xffff))
			return IPV6_ADDR_MAPPED | SCOPE_TYPE(IPV6_ADDR_SCOPE_GLOBAL);
	}
	return IPV6_ADDR_UNICAST | SCOPE_TYPE(IPV6_ADDR_SCOPE_GLOBAL);
#undef SCOPE_TYPE
}

bool ipv6_prefix_equal(const struct in6_addr *a, const struct in6_addr *b, unsigned bits)
{
	unsigned words = bits / 32, rest = bits % 32;

	if (words && memcmp(a, b, words * 4))
		return false;
	return !rest || !((a->s6_addr32[words] ^ b->s6_addr32[words]) & htonl(~0u << (32 - rest)));
}

static struct hlist_head *addr_slot(const struct in6_addr *a)
{
	u32 h = a->s6_addr32[0] ^ a->s6_addr32[1] ^ a->s6_addr32[2] ^ a->s6_addr32[3];

	return &addresses[h * 0x9e3779b1u >> 26];
}

struct inet6_ifaddr *ipv6_get_ifaddr(const struct in6_addr *addr, const struct net_device *dev)
{
	struct inet6_ifaddr *ifa;

	hlist_for_each_entry(ifa, addr_slot(addr), hash)
		if (ipv6_addr_equal(&ifa->addr, addr) && (!dev || ifa->dev == dev))
			return ifa;
	return NULL;
}

bool ipv6_chk_addr(const struct in6_addr *addr, const struct net_device *dev)
{
	return ipv6_get_ifaddr(addr, dev) != NULL;
}

/* ---- addresses of devices ---- */

/* Which of two addresses says more: RFC 4007's scopes, an address of this host alone least of all. */
static int scope_order(const struct in6_addr *a)
{
	int type = __ipv6_addr_type(a);

	return type & IPV6_ADDR_LOOPBACK ? IPV6_ADDR_SCOPE_NODELOCAL : type >> 16;
}

static struct fib6_route host_route(const struct inet6_ifaddr *ifa)
{
	return (struct fib6_route){ .table = RT_TABLE_LOCAL, .prefix = ifa->addr, .prefixlen = 128, .protocol = RTPROT_KERNEL,
		.type = RTN_LOCAL, .dev = ifa->dev };
}

/* The route to the address's network. */
static struct fib6_route prefix_route(const struct inet6_ifaddr *ifa)
{
	bool peer = !ipv6_addr_any(&ifa->peer);

	return (struct fib6_route){ .table = RT_TABLE_MAIN, .prefix = ipv6_prefix(peer ? &ifa->peer : &ifa->addr, ifa->prefixlen),
		.prefixlen = ifa->prefixlen, .protocol = RTPROT_KERNEL, .type = RTN_UNICAST, .dev = ifa->dev,
		.metric = ifa->rt_priority ? ifa->rt_priority : IP6_RT_PRIO_ADDRCONF };
}

/* Linux gives no route to what it put on a device by itself without a network: ::1. */
static bool has_prefix_route(const struct inet6_ifaddr *ifa)
{
	return !(ifa->flags & IFA_F_NOPREFIXROUTE) && ifa->proto != IFAPROT_KERNEL_LO_;
}

/* The address begins to work: its device is up. */
static int start_ifa(struct inet6_ifaddr *ifa)
{
	struct fib6_route host = host_route(ifa), net = prefix_route(ifa);
	int err;

	if (has_prefix_route(ifa))
		(void)fib6_add_route(&net);
	/* Linux looks for others with the address, on devices that have them: it works at once here. */
	if (!(ifa->flags & IFA_F_NODAD) && ifa->proto != IFAPROT_KERNEL_LO_) {
		ifa->flags |= IFA_F_TENTATIVE;
		inet6_rtmsg_ifa(RTM_NEWADDR, ifa);
	}
	ifa->flags &= ~(u32)IFA_F_TENTATIVE;
	rtnl_changed();
	inet6_rtmsg_ifa(RTM_NEWADDR, ifa);
	err = fib6_add_route(&host);
	return err == -EEXIST ? 0 : err;
}

int inet6_add_ifa(struct inet6_ifaddr *ifa)
{
	int type = __ipv6_addr_type(&ifa->addr);
	struct inet6_ifaddr *i;
	struct list_head *at;

	if (ipv6_chk_addr(&ifa->addr, ifa->dev)) {
		kfree(ifa);
		return -EEXIST;
	}
	ifa->scope = type & IPV6_ADDR_LOOPBACK ? RT_SCOPE_HOST : type & IPV6_ADDR_LINKLOCAL ? RT_SCOPE_LINK
		: type & IPV6_ADDR_SITELOCAL ? RT_SCOPE_SITE : RT_SCOPE_UNIVERSE;
	ifa->cstamp = ifa->tstamp = rtnl_clock();
	at = &ifa->dev->ip6;
	list_for_each_entry(i, &ifa->dev->ip6, list)
		if (scope_order(&ifa->addr) >= scope_order(&i->addr)) {
			at = &i->list;
			break;
		}
	list_add_tail(&ifa->list, at);
	hlist_add_head(&ifa->hash, addr_slot(&ifa->addr));
	rtnl_changed();
	if (netif_running(ifa->dev))
		return start_ifa(ifa);
	ifa->flags |= IFA_F_TENTATIVE;
	inet6_rtmsg_ifa(RTM_NEWADDR, ifa);
	return 0;
}

int ipv6_add_addr(struct net_device *dev, const struct in6_addr *addr, u8 prefixlen)
{
	struct inet6_ifaddr *ifa = kzalloc(sizeof(*ifa));

	if (!ifa)
		return -ENOMEM;
	*ifa = (struct inet6_ifaddr){ .list = LIST_HEAD_INIT(ifa->list), .dev = dev, .addr = *addr, .prefixlen = prefixlen,
		.flags = IFA_F_PERMANENT, .valid_lft = INFINITY_LIFE_TIME, .preferred_lft = INFINITY_LIFE_TIME,
		.proto = ipv6_addr_loopback(addr) ? IFAPROT_KERNEL_LO_ : 0 };
	return inet6_add_ifa(ifa);
}

/* Does another address of the device lead to that network, too? */
static bool prefix_wanted(const struct fib6_route *net)
{
	const struct inet6_ifaddr *i;

	list_for_each_entry(i, &net->dev->ip6, list) {
		struct fib6_route other = prefix_route(i);

		if (has_prefix_route(i) && other.prefixlen == net->prefixlen && other.metric == net->metric
				&& ipv6_addr_equal(&other.prefix, &net->prefix))
			return true;
	}
	return false;
}

void inet6_del_ifa(struct inet6_ifaddr *ifa)
{
	struct fib6_route host = host_route(ifa), net = prefix_route(ifa);

	list_del(&ifa->list);
	hlist_del(&ifa->hash);
	rtnl_changed();
	inet6_rtmsg_ifa(RTM_DELADDR, ifa);
	(void)fib6_remove(&host, NULL);
	if (has_prefix_route(ifa) && !prefix_wanted(&net))
		(void)fib6_remove(&net, NULL);
	kfree(ifa);
}

/* ---- devices ---- */

static int add_multicast_route(struct net_device *dev)
{
	struct fib6_route r = { .table = RT_TABLE_LOCAL, .prefix = { .s6_addr[0] = 0xff }, .prefixlen = 8, .protocol = RTPROT_KERNEL,
		.type = RTN_MULTICAST, .metric = IP6_RT_PRIO_ADDRCONF, .dev = dev };
	int err = fib6_add_route(&r);

	return err == -EEXIST ? 0 : err;
}

int inet6_dev_up(struct net_device *dev)
{
	struct inet6_ifaddr *ifa, *next;
	int err = 0;

	if (dev->mtu < IPV6_MIN_MTU)
		return 0;
	if (!(dev->flags & IFF_LOOPBACK))
		err = add_multicast_route(dev);
	else if (!ipv6_chk_addr(&in6addr_loopback, dev))
		return ipv6_add_addr(dev, &in6addr_loopback, 128);
	list_for_each_entry_safe(ifa, next, &dev->ip6, list)
		if (!err && ifa->flags & IFA_F_TENTATIVE)
			err = start_ifa(ifa);
	return err;
}

/* As Linux without keep_addr_on_down. */
void inet6_dev_down(struct net_device *dev)
{
	struct inet6_ifaddr *ifa, *next;

	list_for_each_entry_safe(ifa, next, &dev->ip6, list)
		inet6_del_ifa(ifa);
	fib6_flush_dev(dev);
}

void inet6_dev_unregister(struct net_device *dev)
{
	inet6_dev_down(dev);
}

int ipv6_iface_scope_id(const struct in6_addr *addr, int iface)
{
	return __ipv6_addr_needs_scope_id(__ipv6_addr_type(addr)) ? iface : 0;
}

void addrconf_init(void)
{
	ipv6_add_addr(loopback_dev, &in6addr_loopback, 128);
	fib6_booted();
}

/* One stays: the one of the start, or another in its place. */
void addrconf_exit(void)
{
	struct inet6_ifaddr *ifa, *next;
	unsigned count = 0;

	list_for_each_entry_safe(ifa, next, &loopback_dev->ip6, list)
		if (count++)
			inet6_del_ifa(ifa);
}
