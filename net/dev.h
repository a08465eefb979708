/* Network devices, the input backlog, and where packet work is done.
 *
 * Packet input and the timers of net/ must not sleep and run one after the other: between local_bh_disable() and the
 * matching local_bh_enable() nothing is received, and the outermost enable receives what has come in meanwhile. Whoever
 * sends does so inside such a section; so a packet over lo is received on its sender's stack, but never in the middle of
 * its sender's work. */
#ifndef UMK_NET_DEV_H
#define UMK_NET_DEV_H

#include "skbuff.h"
#include "byteorder.h"
#include <linux/types.h>
#include <linux/in6.h>
#include <linux/if_ether.h>

struct netdev_stats { /* struct rtnl_link_stats64's first fields */
	u64 rx_packets, tx_packets, rx_bytes, tx_bytes, rx_errors, tx_errors, rx_dropped, tx_dropped, multicast;
};
/* An address of a device. */
struct in_ifaddr {
	struct list_head list;     /* net_device.ip4 */
	struct net_device *dev;
	__be32 local, address, broadcast, mask;
	u8 prefixlen, scope;       /* RT_SCOPE_* */
	u32 flags;                 /* IFA_F_* */
	char label[16];
	u8 proto;                  /* IFAPROT_* */
	u32 rt_priority;           /* of its routes */
	u32 valid_lft, preferred_lft; /* seconds from tstamp on; INFINITY_LIFE_TIME */
	u32 cstamp, tstamp;        /* made, changed: rtnl_clock() */
};
struct inet6_ifaddr {
	struct list_head list;     /* net_device.ip6 */
	struct hlist_node hash;    /* all of them, by address */
	struct net_device *dev;
	struct in6_addr addr;
	u8 prefixlen, scope;       /* IPV6_ADDR_*'s scope in RT_SCOPE_* terms */
	u32 flags;
	struct in6_addr peer;      /* or :: */
	u8 proto;
	u32 rt_priority, valid_lft, preferred_lft, cstamp, tstamp; /* as above */
};
/* Multicast groups that some socket of this system has joined on a device. */
struct dev_mc_list;

/* What is at the root of a device. */
struct qdisc_state {
	const struct qdisc_kind *kind; /* NULL: the device's own (noqueue, pfifo_fast, noop) */
	u32 handle;                /* 0: of a device's own */
	u32 limit;                 /* packets or bytes */
	u64 bytes;                 /* what went through */
	u32 packets, drops;
};
struct net_device {
	char name[16];
	int ifindex;
	u16 type;                  /* ARPHRD_* */
	u32 flags;                 /* IFF_* */
	u32 mtu;
	u8 addr_len, hard_header_len, dev_addr[32], broadcast[32];
	u32 tx_queue_len, group;
	u32 gso_max_size;
	u32 min_mtu, max_mtu;      /* max 0: any */
	u32 gso_max_segs, tso_max_size;
	int promiscuity, allmulti;
	bool carrier_off, proto_down, live_addr_change; /* live: its address may change while it is up */
	u8 linkmode;
	u8 addr_assign_type;       /* NET_ADDR_* */
	u32 carrier_up_count, carrier_down_count;
	char *alias;               /* kmalloc'd, or NULL */
	const struct rtnl_link_ops *link_ops; /* its kind, or NULL */
	const struct net_device_ops *ops;
	struct netdev_stats stats;
	struct list_head list;     /* all devices, by ifindex */
	struct list_head ip4, ip6; /* struct in_ifaddr, struct inet6_ifaddr */
	struct list_head mc4, mc6; /* struct ip_mc_dev, struct ifmcaddr6 (igmp.c, mcast.c) */
	/* Holds packets on their way out (netem); takes over the packet: 0 or NET_XMIT_DROP. NULL: straight to the device. */
	int (*qdisc)(struct sk_buff *skb, struct net_device *dev);
	void *qdisc_priv;
	struct qdisc_state qdisc_state;
	bool qdisc_counts;         /* a qdisc that keeps counters */
	bool was_up;               /* it has come up at least once */
	void *priv;
};
enum { DEV_RX, DEV_TX };
struct net_device_ops {
	/* Takes over the packet: 0, or -errno when it was dropped. */
	int (*ndo_start_xmit)(struct sk_buff *skb, struct net_device *dev);
	/* The link-layer address is about to change to @addr, which has dev->addr_len bytes: 0 or -errno. NULL: it cannot. */
	int (*ndo_set_mac_address)(struct net_device *dev, const u8 *addr);
	bool can_set_carrier;
};
/* A kind of devices that netlink can make or unmake: ip-link(8)'s TYPE. */
struct nlattr;
struct netlink_ext_ack;
struct rtnl_link_ops {
	const char *kind;
	/* A filled device of that name, to be registered or freed; ERR_PTR. NULL: such devices are not made by netlink (@refuse
	 * says why). */
	struct net_device *(*alloc)(const char *name, const u8 *addr);
	const char *refuse;
	void (*free)(struct net_device *dev); /* that is not registered, or no longer */
	void (*dellink)(struct net_device *dev);
	int (*fill_info)(struct sk_buff *skb, const struct net_device *dev); /* IFLA_INFO_DATA: 0 or -EMSGSIZE */
};
extern const struct rtnl_link_ops dummy_link_ops, tun_link_ops;
void dummy_exit(void);

/* Sees each packet, DEV_RX or DEV_TX; must not keep or change it. NULL: nobody captures. */
extern void (*dev_capture)(struct net_device *dev, struct sk_buff *skb, int dir);
void pcap_init(void);      /* --pcap */
int netem_init(void);      /* --netem: 0, -EINVAL (said why), -ENOMEM */
void netem_attach(struct net_device *dev); /* a device of that name is there */
void netem_exit(void);

extern struct list_head net_devices;
extern struct net_device *loopback_dev;
#define LOOPBACK_IFINDEX 1
#define IPV4_MIN_MTU 68 /* a device with less has no IPv4 */
void dev_init(void);
void dev_exit(void);
void loopback_init(void);
/* Adds a filled device to the table; gives it the next index if it has none. 0, -EEXIST (name or index). The first tells
 * nobody: __dev_change_flags() is to follow. */
int list_netdevice(struct net_device *dev);
int register_netdevice(struct net_device *dev);
/* The device goes: no route and no address leads to it any more. Its memory must stay as long as packets may refer to it. */
void unregister_netdevice(struct net_device *dev);
struct net_device *dev_get_by_index(int ifindex);
struct net_device *dev_get_by_name(const char *name);

/* The name that @pattern stands for: with %d, the first number that is free. 0, -EINVAL, -ENFILE. */
int dev_alloc_name(char *name, const char *pattern);
/* What ioctl(2) and netlink both change; who may is the caller's question. Members are told. */
int dev_change_flags(struct net_device *dev, u32 flags);           /* IFF_UP and the settable ones */
/* The same; @untold flags count as changed in what is told, which is the first of a new device. */
int __dev_change_flags(struct net_device *dev, u32 flags, u32 untold);
int dev_change_name(struct net_device *dev, const char *name);     /* 0, -EINVAL, -EEXIST, -ENFILE */
int dev_validate_mtu(const struct net_device *dev, int mtu, struct netlink_ext_ack *extack); /* 0, -EINVAL */
int dev_set_mtu(struct net_device *dev, int mtu, struct netlink_ext_ack *extack); /* 0, -EINVAL */
int dev_set_tx_queue_len(struct net_device *dev, u32 len);
int dev_set_mac_address(struct net_device *dev, const u8 *addr);   /* dev->addr_len bytes; 0, -EOPNOTSUPP, -EBUSY, -EADDRNOTAVAIL */
void dev_set_carrier(struct net_device *dev, bool on);
static inline bool netif_running(const struct net_device *dev) { return dev->flags & 1 /* IFF_UP */; }
u8 dev_operstate(const struct net_device *dev); /* IF_OPER_* */

/* ---- the way out and in ---- */
/* Puts the device's header ahead of a packet of @protocol (host order), for which there is room. */
void dev_hard_header(struct sk_buff *skb, struct net_device *dev, u16 protocol);
/* Sends a packet whose data begins at the device's header: takes it over. 0 or -errno (-ENETDOWN, -ENOBUFS). Within bh. */
#define NET_XMIT_DROP 1 /* the queue of this device had no room for the packet: what sending says then, which is no errno */
int dev_queue_xmit(struct sk_buff *skb); /* 0, NET_XMIT_DROP, -errno: in any case the packet is gone */
/* Past the qdisc: to the device itself. */
int dev_hard_start_xmit(struct sk_buff *skb, struct net_device *dev);
/* A packet has come in: onto the backlog. NET_RX_DROP when that is full (the packet is gone). */
int netif_rx(struct sk_buff *skb);
enum { NET_RX_SUCCESS, NET_RX_DROP };
/* To the protocol, at once. Within bh. */
void netif_receive_skb(struct sk_buff *skb);
/* SIOC* requests about interfaces and routes (net/core/dev_ioctl.c); -ENOIOCTLCMD: it is none. */
int dev_ioctl(unsigned cmd, void __user *arg);
long sock_dev_ioctl(unsigned cmd, void __user *arg); /* the part of it that sockets of any family answer, or -ENOTTY */
void tun_exit(void);

/* ---- sections ---- */
extern unsigned bh_count;
extern bool net_rx_pending;
void net_rx_action(void);  /* the outermost local_bh_enable()'s */
static inline void local_bh_disable(void) { bh_count++; }
static inline void local_bh_enable(void)
{
	if (bh_count == 1 && net_rx_pending)
		net_rx_action();
	bh_count--;
}
static inline bool in_softirq(void) { return bh_count != 0; }

/* ---- addresses (net/ipv4/devinet.c, net/ipv6/addrconf.c) ---- */
struct nl_request;
int inet_insert_ifa(struct net_device *dev, __be32 local, u8 prefixlen, u8 scope, const char *label); /* 0, -EEXIST, -ENOMEM */
/* A filled kmalloc'd address, which becomes the device's, or is freed on failure: 0, -EEXIST, -EINVAL. */
int inet_add_ifa(struct in_ifaddr *ifa, const struct nl_request *rq, struct netlink_ext_ack *extack);
/* The device comes up, or goes down: its routes with it. */
int inet_dev_up(struct net_device *dev);
void inet_dev_down(struct net_device *dev);
/* An address goes, the secondary ones of its network with it. */
void inet_del_ifa(struct in_ifaddr *ifa, const struct nl_request *rq);
int inet_set_prefix(struct in_ifaddr *ifa, u8 prefixlen);
void inet_dev_unregister(struct net_device *dev);
void inet_addr_exit(void);
__be32 inet_make_mask(unsigned len);
int ipv6_add_addr(struct net_device *dev, const struct in6_addr *addr, u8 prefixlen);
/* As inet_add_ifa(). */
int inet6_add_ifa(struct inet6_ifaddr *ifa);
void inet6_del_ifa(struct inet6_ifaddr *ifa);
struct inet6_ifaddr *ipv6_get_ifaddr(const struct in6_addr *addr, const struct net_device *dev); /* NULL: any device */
int inet6_dev_up(struct net_device *dev);
void inet6_dev_down(struct net_device *dev);
void inet6_dev_unregister(struct net_device *dev);
/* The device that has @addr as a local address, or NULL. */
struct net_device *ip_dev_find(__be32 addr);
/* The first address of @dev (or any device) with a scope of at most @scope that is on @dst's network, or 0. */
__be32 inet_select_addr(const struct net_device *dev, __be32 dst, int scope);
/* Is @addr of @dev (NULL: of any)? */
bool ipv6_chk_addr(const struct in6_addr *addr, const struct net_device *dev);

#endif
