/* /sys/class/net: what is told of each device, a file a value. */
#include "../dev.h"
#include "kerrno.h"
#include "string.h"
#include "sysfs_net.h"
#include <linux/if.h>

enum { ADDR_ASSIGN_TYPE, ADDR_LEN, ADDRESS, BROADCAST, CARRIER, CARRIER_CHANGES, CARRIER_DOWN, CARRIER_UP, DEV_ID, DEV_PORT, DORMANT, DUPLEX,
	FLAGS, GRO_FLUSH, IFALIAS, IFINDEX, IFLINK, LINK_MODE, MTU, NAME_ASSIGN, NAPI_DEFER, GROUP, OPERSTATE, PROTO_DOWN, SPEED, TESTING,
	TX_QUEUE_LEN, TYPE, UEVENT };
enum { NONE = 999 }; /* a statistic that nothing here counts */

const struct sysfs_net_file sysfs_net_files[] = {
	{ "addr_assign_type", false, ADDR_ASSIGN_TYPE }, { "addr_len", false, ADDR_LEN }, { "address", false, ADDRESS },
	{ "broadcast", false, BROADCAST }, { "carrier", false, CARRIER }, { "carrier_changes", false, CARRIER_CHANGES },
	{ "carrier_down_count", false, CARRIER_DOWN }, { "carrier_up_count", false, CARRIER_UP }, { "dev_id", false, DEV_ID },
	{ "dev_port", false, DEV_PORT }, { "dormant", false, DORMANT }, { "duplex", false, DUPLEX }, { "flags", false, FLAGS },
	{ "gro_flush_timeout", false, GRO_FLUSH }, { "ifalias", false, IFALIAS }, { "ifindex", false, IFINDEX }, { "iflink", false, IFLINK },
	{ "link_mode", false, LINK_MODE }, { "mtu", false, MTU }, { "name_assign_type", false, NAME_ASSIGN },
	{ "napi_defer_hard_irqs", false, NAPI_DEFER }, { "netdev_group", false, GROUP }, { "operstate", false, OPERSTATE },
	{ "proto_down", false, PROTO_DOWN }, { "speed", false, SPEED }, { "testing", false, TESTING },
	{ "tx_queue_len", false, TX_QUEUE_LEN }, { "type", false, TYPE }, { "uevent", false, UEVENT },
#define STAT(field) { #field, true, offsetof(struct netdev_stats, field) }
#define NO_STAT(name) { #name, true, NONE }
	NO_STAT(collisions), STAT(multicast), STAT(rx_bytes), NO_STAT(rx_compressed), NO_STAT(rx_crc_errors), STAT(rx_dropped),
	STAT(rx_errors), NO_STAT(rx_fifo_errors), NO_STAT(rx_frame_errors), NO_STAT(rx_length_errors), NO_STAT(rx_missed_errors),
	NO_STAT(rx_nohandler), NO_STAT(rx_over_errors), STAT(rx_packets), NO_STAT(tx_aborted_errors), STAT(tx_bytes),
	NO_STAT(tx_carrier_errors), NO_STAT(tx_compressed), STAT(tx_dropped), STAT(tx_errors), NO_STAT(tx_fifo_errors),
	NO_STAT(tx_heartbeat_errors), STAT(tx_packets), NO_STAT(tx_window_errors), { NULL },
};

bool sysfs_net_name(unsigned n, char *name)
{
	const struct net_device *dev;

	list_for_each_entry(dev, &net_devices, list)
		if (!n--) {
			strscpy(name, dev->name, IFNAMSIZ);
			return true;
		}
	return false;
}

bool sysfs_net_exists(const char *dev)
{
	return dev_get_by_name(dev) != NULL;
}

static void put_address(struct seq *s, const struct net_device *dev, const u8 *addr)
{
	for (unsigned i = 0; i < dev->addr_len; i++)
		seq_printf(s, "%s%02x", i ? ":" : "", addr[i]);
	seq_puts(s, "\n");
}

/* Files of one number. */
static long number_of(const struct net_device *dev, unsigned index)
{
	switch (index) {
	case ADDR_ASSIGN_TYPE: return dev->addr_assign_type;
	case ADDR_LEN: return dev->addr_len;
	case CARRIER: return !dev->carrier_off;
	case CARRIER_CHANGES: return (long)dev->carrier_up_count + dev->carrier_down_count;
	case CARRIER_DOWN: return dev->carrier_down_count;
	case CARRIER_UP: return dev->carrier_up_count;
	case IFINDEX: case IFLINK: return dev->ifindex;
	case LINK_MODE: return dev->linkmode;
	case MTU: return dev->mtu;
	case NAME_ASSIGN: return dev->flags & IFF_LOOPBACK ? 2 : 3; /* NET_NAME_PREDICTABLE, NET_NAME_USER */
	case GROUP: return dev->group;
	case PROTO_DOWN: return dev->proto_down;
	case TX_QUEUE_LEN: return dev->tx_queue_len;
	case TYPE: return dev->type;
	}
	return 0; /* of hardware that is not there */
}

int sysfs_net_show(struct seq *s, const char *name, const struct sysfs_net_file *f)
{
	const struct net_device *dev = dev_get_by_name(name);

	if (!dev)
		return -ENODEV;
	if (f->statistic) {
		u64 v = f->index == NONE ? 0 : *(const u64 *)((const u8 *)&dev->stats + f->index);

		seq_printf(s, "%llu\n", (unsigned long long)v);
		return 0;
	}
	switch (f->index) {
	case ADDRESS:
		put_address(s, dev, dev->dev_addr);
		return 0;
	case BROADCAST:
		put_address(s, dev, dev->broadcast);
		return 0;
	case DEV_ID:
		seq_puts(s, "0x0\n");
		return 0;
	case FLAGS:
		seq_printf(s, "0x%x\n", dev->flags & 0xffff & ~(u32)IFF_RUNNING);
		return 0;
	case IFALIAS:
		if (dev->alias)
			seq_printf(s, "%s\n", dev->alias);
		return 0;
	case OPERSTATE:
		seq_puts(s, dev_operstate(dev) ? "down\n" : "unknown\n");
		return 0;
	case UEVENT:
		seq_printf(s, "INTERFACE=%s\nIFINDEX=%d\n", dev->name, dev->ifindex);
		return 0;
	case CARRIER: case DORMANT: case TESTING:
		if (!netif_running(dev))
			return -EINVAL;
		break;
	case DUPLEX: case SPEED:
		return -EINVAL; /* of devices with a wire */
	}
	seq_printf(s, "%ld\n", number_of(dev, f->index));
	return 0;
}
