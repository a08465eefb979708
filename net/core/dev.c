/* Network devices, the way of packets to and from them, and the one input backlog. What a packet means is its protocol's
 * business (packet types at the end); what a device does with it, the device's. */
#include "../dev.h"
#include "../sock.h"
#include "../ip.h"
#include "../ipv6.h"
#include "../rtnetlink.h"
#include "../sch.h"
#include "kerrno.h"
#include "ktime.h"
#include "slab.h"
#include "string.h"
#include <linux/if.h>
#include <linux/errqueue.h>
#include <linux/if_packet.h>

struct list_head net_devices = LIST_HEAD_INIT(net_devices);
struct net_device *loopback_dev;
void (*dev_capture)(struct net_device *dev, struct sk_buff *skb, int dir);
unsigned bh_count;
bool net_rx_pending;

static struct sk_buff_head backlog;
static struct ktimer backlog_timer; /* goes on where a long batch stopped */

/* ---- the table ---- */

struct net_device *dev_get_by_index(int ifindex)
{
	struct net_device *dev;

	list_for_each_entry(dev, &net_devices, list)
		if (dev->ifindex == ifindex)
			return dev;
	return NULL;
}

struct net_device *dev_get_by_name(const char *name)
{
	struct net_device *dev;

	list_for_each_entry(dev, &net_devices, list)
		if (!strcmp(dev->name, name))
			return dev;
	return NULL;
}

int list_netdevice(struct net_device *dev)
{
	static int next_index;

	if (dev_get_by_name(dev->name) || (dev->ifindex && dev_get_by_index(dev->ifindex)))
		return -EEXIST;
	if (!dev->ifindex)
		dev->ifindex = ++next_index;
	next_index = max(next_index, dev->ifindex);
	INIT_LIST_HEAD(&dev->ip4);
	INIT_LIST_HEAD(&dev->ip6);
	INIT_LIST_HEAD(&dev->mc4);
	INIT_LIST_HEAD(&dev->mc6);
	list_add_tail(&dev->list, &net_devices);
	netem_attach(dev);
	rtnl_changed();
	return 0;
}

int register_netdevice(struct net_device *dev)
{
	int err = list_netdevice(dev);

	if (!err)
		rtmsg_ifinfo(RTM_NEWLINK, dev, ~0u);
	return err;
}

void unregister_netdevice(struct net_device *dev)
{
	(void)dev_change_flags(dev, dev->flags & ~(u32)IFF_UP);
	inet6_dev_unregister(dev);
	inet_dev_unregister(dev);
	neigh_flush_dev(dev);
	qdisc_detach(dev);
	list_del(&dev->list);
	rtnl_changed();
	rtmsg_ifinfo(RTM_DELLINK, dev, ~0u);
	kfree(dev->alias);
	dev->alias = NULL;
}

/* ---- receiving ---- */

void netif_receive_skb(struct sk_buff *skb)
{
	struct net_device *dev = skb->dev;

	net_timestamp_set(skb);
	skb_reset_network_header(skb);
	if (!skb->transport_header)
		skb_reset_transport_header(skb);
	skb->skb_iif = dev->ifindex;
	if (unlikely(dev_capture))
		dev_capture(dev, skb, DEV_RX);
	if (skb->protocol == htons(ETH_P_IP))
		ip_rcv(skb, dev);
	else if (skb->protocol == htons(ETH_P_IPV6))
		ipv6_rcv(skb, dev);
	else
		kfree_skb(skb);
}

/* ---- the backlog ---- */

int netif_rx(struct sk_buff *skb)
{
	net_timestamp_set(skb);
	if (backlog.qlen > (u32)net_sysctl.netdev_max_backlog) {
		skb->dev->stats.rx_dropped++;
		kfree_skb(skb);
		return NET_RX_DROP;
	}
	skb_queue_tail(&backlog, skb);
	net_rx_pending = true;
	return NET_RX_SUCCESS;
}

/* Receives until nothing is left, or as many as net.core.netdev_budget says; the rest comes as soon as the kernel thread
 * is free. */
void net_rx_action(void)
{
	int budget = net_sysctl.netdev_budget;
	struct sk_buff *skb;

	while ((skb = skb_dequeue(&backlog))) {
		netif_receive_skb(skb);
		if (!--budget)
			break;
	}
	net_rx_pending = !skb_queue_empty(&backlog);
	if (net_rx_pending)
		timer_start(&backlog_timer, ktime_get());
}

static void backlog_more(struct ktimer *t __maybe_unused)
{
	local_bh_disable();
	local_bh_enable();
}

/* ---- the way out ---- */

void dev_hard_header(struct sk_buff *skb, struct net_device *dev, u16 protocol)
{
	struct ethhdr *eth;

	if (dev->hard_header_len != ETH_HLEN)
		return;
	eth = skb_push(skb, ETH_HLEN);
	memset(eth, 0, ETH_HLEN - sizeof(eth->h_proto));
	eth->h_proto = htons(protocol);
}

int dev_hard_start_xmit(struct sk_buff *skb, struct net_device *dev)
{
	if (unlikely(dev_capture))
		dev_capture(dev, skb, DEV_TX);
	return dev->ops->ndo_start_xmit(skb, dev);
}

int dev_queue_xmit(struct sk_buff *skb)
{
	struct net_device *dev = skb->dev;

	if (!(dev->flags & IFF_UP)) {
		kfree_skb(skb);
		return -ENETDOWN;
	}
	skb_reset_mac_header(skb);
	if (skb->tx_flags & SKBTX_SCHED_TSTAMP)
		__skb_tstamp_tx(skb, skb->sk, SCM_TSTAMP_SCHED);
	if (unlikely(dev->qdisc_state.kind) && !qdisc_has_room(dev, skb->len)) {
		dev->qdisc_state.drops++;
		kfree_skb(skb);
		return NET_XMIT_DROP;
	}
	if (dev->qdisc_counts) {
		dev->qdisc_state.bytes += skb->len;
		dev->qdisc_state.packets++;
	}
	if (dev->qdisc)
		return dev->qdisc(skb, dev);
	return dev_hard_start_xmit(skb, dev);
}

void dev_init(void)
{
	skb_queue_head_init(&backlog);
	timer_setup(&backlog_timer, backlog_more);
	pcap_init();
}

void dev_exit(void)
{
	timer_cancel(&backlog_timer);
	skb_queue_purge(&backlog);
	netem_exit();
	tun_exit();
	dummy_exit();
	neigh_exit();
}
