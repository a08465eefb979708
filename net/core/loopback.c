/* lo: what is sent comes in again. Packets keep what the sender knew of them (their checksum is not computed, large
 * segments stay whole), but not their sender: its buffer space is free once a packet has left. */
#include "../dev.h"
#include "../sock.h"
#include "kerrno.h"
#include "slab.h"
#include "string.h"
#include <linux/if.h>
#include <linux/if_arp.h>
#include <linux/if_packet.h>

#define LOOPBACK_MTU 65536

static int loopback_xmit(struct sk_buff *skb, struct net_device *dev)
{
	u32 len;

	skb_tx_timestamp(skb);
	skb->tstamp = 0;
	skb->tstamp_mono = false;
	skb->tx_flags = 0;
	skb_orphan(skb);
	skb_zcopy_clear(skb);
	/* The route stays: that of a local destination knows how it is received. */
	skb->pkt_type = PACKET_HOST;
	skb_pull(skb, ETH_HLEN);
	len = skb->len;
	dev->stats.tx_packets++;
	dev->stats.tx_bytes += len;
	if (netif_rx(skb) == NET_RX_SUCCESS) {
		dev->stats.rx_packets++;
		dev->stats.rx_bytes += len;
	}
	return 0;
}

static int loopback_set_mac_address(struct net_device *dev __maybe_unused, const u8 *addr)
{
	static const u8 zero[ETH_ALEN];

	return addr[0] & 1 || !memcmp(addr, zero, ETH_ALEN) ? -EADDRNOTAVAIL : 0;
}

static const struct net_device_ops loopback_ops = { .ndo_start_xmit = loopback_xmit, .ndo_set_mac_address = loopback_set_mac_address };

void loopback_init(void)
{
	static struct net_device lo = { .name = "lo", .ifindex = LOOPBACK_IFINDEX, .type = ARPHRD_LOOPBACK,
		.flags = IFF_UP | IFF_LOOPBACK | IFF_RUNNING | IFF_LOWER_UP, .mtu = LOOPBACK_MTU, .addr_len = ETH_ALEN, .hard_header_len = ETH_HLEN,
		.tx_queue_len = 1000, .gso_max_size = 65536, .gso_max_segs = 65535, .tso_max_size = 524280, .was_up = true,
		.live_addr_change = true, .ops = &loopback_ops };

	loopback_dev = &lo;
	register_netdevice(&lo);
}
