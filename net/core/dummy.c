/* dummy: a device that takes every packet and sends none, to hold addresses and routes (ip-link(8), TYPE dummy). The memory of
 * one that is deleted is kept for the next: packets and routes on their way may still point to it. */
#include "../dev.h"
#include "../sock.h"
#include "host.h"
#include "kerrno.h"
#include "slab.h"
#include "string.h"
#include <linux/if.h>
#include <linux/if_arp.h>

#define DUMMY_MOST 256
#define ETH_MIN_MTU 68

struct dummy {
	struct net_device dev;  /* first */
	bool used;
	struct dummy *next;
};
static struct dummy *dummies;

static int dummy_xmit(struct sk_buff *skb, struct net_device *dev)
{
	dev->stats.tx_packets++;
	dev->stats.tx_bytes += skb->len;
	skb_tx_timestamp(skb);
	kfree_skb(skb);
	return 0;
}

static int dummy_set_mac_address(struct net_device *dev __maybe_unused, const u8 *addr)
{
	static const u8 zero[ETH_ALEN];

	return addr[0] & 1 || !memcmp(addr, zero, ETH_ALEN) ? -EADDRNOTAVAIL : 0;
}

static const struct net_device_ops dummy_ops = { .ndo_start_xmit = dummy_xmit, .ndo_set_mac_address = dummy_set_mac_address,
	.can_set_carrier = true };

static struct dummy *get_free(void)
{
	unsigned count = 0;
	struct dummy *d;

	for (d = dummies; d; d = d->next, count++)
		if (!d->used && list_empty(&d->dev.mc4) && list_empty(&d->dev.mc6))
			return d;
	d = count < DUMMY_MOST ? kzalloc(sizeof(*d)) : NULL;
	if (d) {
		d->next = dummies;
		dummies = d;
	}
	return d;
}

static struct net_device *dummy_alloc(const char *name, const u8 *addr)
{
	struct dummy *d = get_free(), *next;

	if (addr && dummy_set_mac_address(NULL, addr))
		return ERR_PTR(-EADDRNOTAVAIL);
	if (!d)
		return ERR_PTR(-ENOMEM);
	next = d->next;
	*d = (struct dummy){ .next = next, .dev = { .type = ARPHRD_ETHER, .mtu = 1500, .max_mtu = 0, .addr_len = ETH_ALEN,
		.hard_header_len = ETH_HLEN, .tx_queue_len = 1000, .gso_max_size = 65536, .tso_max_size = 65536, .gso_max_segs = 65535,
		.flags = IFF_BROADCAST | IFF_NOARP, .live_addr_change = true, .ops = &dummy_ops, .link_ops = &dummy_link_ops } };
	strscpy(d->dev.name, name, sizeof(d->dev.name));
	memset(d->dev.broadcast, 0xff, ETH_ALEN);
	d->dev.addr_assign_type = addr ? 3 : 1; /* NET_ADDR_SET, NET_ADDR_RANDOM */
	if (addr) {
		memcpy(d->dev.dev_addr, addr, ETH_ALEN);
	} else {
		host_random(d->dev.dev_addr, ETH_ALEN);
		d->dev.dev_addr[0] = (u8)((d->dev.dev_addr[0] & 0xfe) | 2); /* one that nobody gave out */
	}
	INIT_LIST_HEAD(&d->dev.mc4);
	INIT_LIST_HEAD(&d->dev.mc6);
	d->used = true;
	return &d->dev;
}

static void dummy_free(struct net_device *dev)
{
	((struct dummy *)dev)->used = false;
}

static void dummy_dellink(struct net_device *dev)
{
	unregister_netdevice(dev);
	dummy_free(dev);
}

const struct rtnl_link_ops dummy_link_ops = { .kind = "dummy", .alloc = dummy_alloc, .free = dummy_free,
	.dellink = dummy_dellink };

void dummy_exit(void)
{
	struct dummy *d;

	while ((d = dummies)) {
		dummies = d->next;
		kfree(d->dev.alias);
		kfree(d);
	}
}
