/* IPv6 addresses: what kind one is, and which are this system's. */
#include "../ipv6.h"
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

bool ipv6_chk_addr(const struct in6_addr *addr, const struct net_device *dev)
{
	const struct inet6_ifaddr *ifa;

	hlist_for_each_entry(ifa, addr_slot(addr), hash)
		if (ipv6_addr_equal(&ifa->addr, addr) && (!dev || ifa->dev == dev))
			return true;
	return false;
}

int ipv6_add_addr(struct net_device *dev, const struct in6_addr *addr, u8 prefixlen)
{
	struct fib6_route local = { .table = RT_TABLE_LOCAL, .prefix = *addr, .prefixlen = 128, .protocol = RTPROT_KERNEL,
		.type = RTN_LOCAL, .dev = dev };
	struct inet6_ifaddr *ifa;
	int err, type = __ipv6_addr_type(addr);

	if (ipv6_chk_addr(addr, dev))
		return -EEXIST;
	ifa = kzalloc(sizeof(*ifa));
	if (!ifa)
		return -ENOMEM;
	ifa->dev = dev;
	ifa->addr = *addr;
	ifa->prefixlen = prefixlen;
	ifa->flags = IFA_F_PERMANENT;
	ifa->scope = type & IPV6_ADDR_LOOPBACK ? RT_SCOPE_HOST : type & IPV6_ADDR_LINKLOCAL ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
	list_add_tail(&ifa->list, &dev->ip6);
	hlist_add_head(&ifa->hash, addr_slot(addr));
	err = fib6_add_route(&local);
	if (!err && prefixlen < 128 && !(dev->flags & IFF_LOOPBACK)) {
		struct fib6_route net = { .table = RT_TABLE_MAIN, .prefix = *addr, .prefixlen = prefixlen,
			.protocol = RTPROT_KERNEL, .type = RTN_UNICAST, .metric = 256, .dev = dev };

		for (unsigned i = prefixlen; i < 128; i++)
			net.prefix.s6_addr[i / 8] &= (u8)~(0x80 >> i % 8);
		err = fib6_add_route(&net);
	}
	return err;
}

int ipv6_iface_scope_id(const struct in6_addr *addr, int iface)
{
	return __ipv6_addr_needs_scope_id(__ipv6_addr_type(addr)) ? iface : 0;
}

void addrconf_init(void)
{
	ipv6_add_addr(loopback_dev, &in6addr_loopback, 128);
}
