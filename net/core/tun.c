/* /dev/net/tun: a network device whose other end is a file. What the stack sends can be read, what is written comes in
 * (Documentation/networking/tuntap.rst). Only IFF_TUN with one queue; tap devices and several queues are refused.
 *
 * A device's memory is kept for the next one when its file is closed: packets and routes on their way may still point to it. */
#include "../dev.h"
#include "../sock.h"
#include "../ip.h"
#include "../rtnetlink.h"
#include "fs.h"
#include "ledger.h"
#include "slab.h"
#include "string.h"
#include "uaccess.h"
#include <linux/capability.h>
#include <linux/eventpoll.h>
#include <linux/if.h>
#include <linux/if_arp.h>
#include <linux/if_packet.h>
#include <linux/ioctl.h>
#include <linux/if_tun.h>
#include <linux/virtio_net.h>

/* since Linux 6.2; Debian 12's headers are older */
#ifndef TUN_F_USO4
#define TUN_F_USO4 0x20
#define TUN_F_USO6 0x40
#endif
#ifndef VIRTIO_NET_HDR_GSO_UDP_L4
#define VIRTIO_NET_HDR_GSO_UDP_L4 5
#endif

#define TUN_MTU 1500
#define TUN_QUEUE 500
#define TUN_MOST 64       /* devices at once */
#define TUN_FEATURES (IFF_TUN | IFF_NO_PI | IFF_ONE_QUEUE | IFF_VNET_HDR)
#define TUN_OFFLOADS (TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 | TUN_F_TSO_ECN | TUN_F_USO4 | TUN_F_USO6)
#define PACKET_MOST 65535

struct tun_device {
	struct net_device dev;   /* first */
	struct tun_file *file;   /* NULL: nobody has it open */
	bool used, persist;      /* not used: free to be used again */
	u32 flags;               /* IFF_* of TUNSETIFF */
	u32 owner, group;        /* who may open it; ~0: not set */
	struct tun_device *next; /* all that were ever made */
};
/* An open file; a device belongs to it from TUNSETIFF on. */
struct tun_file {
	struct tun_device *tun;
	u32 flags;               /* IFF_* of TUNSETIFF */
	u32 offload;             /* TUN_F_* */
	int vnet_hdr_size;
	struct sk_buff_head queue; /* sent by the stack, not yet read */
	struct wait_queue_head wait;
	struct fasync_list fasync;
};
static struct tun_device *tuns;

/* ---- the stack's side ---- */

static int tun_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct tun_file *tf = ((struct tun_device *)dev)->file;

	if (!tf || skb_queue_len(&tf->queue) >= dev->tx_queue_len || skb->len > PACKET_MOST) {
		dev->stats.tx_dropped++;
		kfree_skb(skb);
		return -ENOBUFS;
	}
	skb_tx_timestamp(skb);
	skb_orphan(skb);
	dst_release(skb->dst);
	skb->dst = NULL;
	skb_queue_tail(&tf->queue, skb);
	wake_up_poll(&tf->wait, EPOLLIN | EPOLLRDNORM);
	kill_fasync(&tf->fasync, SIGIO, POLL_IN);
	return 0;
}

static const struct net_device_ops tun_netdev_ops = { .ndo_start_xmit = tun_xmit };

/* Segments may be as large as the reader says it can take. */
static void set_segments(struct tun_file *tf)
{
	if (tf->tun)
		tf->tun->dev.gso_max_size = tf->offload & (TUN_F_TSO4 | TUN_F_TSO6) ? 65536 : 0;
}

/* ---- netlink's side ---- */

static int tun_fill_info(struct sk_buff *skb, const struct net_device *dev)
{
	const struct tun_device *t = (const struct tun_device *)dev;

	return nla_put_u8(skb, IFLA_TUN_TYPE, IFF_TUN) || (t->owner != ~0u && nla_put_u32(skb, IFLA_TUN_OWNER, t->owner))
		|| (t->group != ~0u && nla_put_u32(skb, IFLA_TUN_GROUP, t->group))
		|| nla_put_u8(skb, IFLA_TUN_PI, !(t->flags & IFF_NO_PI)) || nla_put_u8(skb, IFLA_TUN_VNET_HDR, !!(t->flags & IFF_VNET_HDR))
		|| nla_put_u8(skb, IFLA_TUN_PERSIST, t->persist) || nla_put_u8(skb, IFLA_TUN_MULTI_QUEUE, 0) ? -EMSGSIZE : 0;
}

/* The device goes; its file, if there is one, is left without. */
static void tun_dellink(struct net_device *dev)
{
	struct tun_device *t = (struct tun_device *)dev;

	unregister_netdevice(dev);
	if (t->file) {
		t->file->tun = NULL;
		wake_up_poll(&t->file->wait, EPOLLERR | EPOLLHUP | EPOLLIN);
	}
	t->file = NULL;
	t->persist = t->used = false;
}

const struct rtnl_link_ops tun_link_ops = { .kind = "tun", .refuse = "tun/tap creation via rtnetlink is not supported.",
	.dellink = tun_dellink, .fill_info = tun_fill_info };

/* ---- reading ---- */

static struct virtio_net_hdr vnet_header(struct sk_buff *skb)
{
	struct virtio_net_hdr h = { .flags = 0 };

	if (skb_is_gso(skb)) {
		h.hdr_len = (u16)(skb_transport_header(skb) - skb->data + 20);
		h.gso_size = skb->gso_size;
		h.gso_type = skb->gso_type & SKB_GSO_TCPV4 ? VIRTIO_NET_HDR_GSO_TCPV4
			: skb->gso_type & SKB_GSO_TCPV6 ? VIRTIO_NET_HDR_GSO_TCPV6 : VIRTIO_NET_HDR_GSO_UDP_L4;
	}
	if (skb->ip_summed == CHECKSUM_PARTIAL) {
		h.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
		h.csum_start = (u16)(skb->head + skb->csum_start - skb->data);
		h.csum_offset = skb->csum_offset;
	}
	return h;
}

/* One packet to the reader; what does not fit its buffer is lost, as with a datagram. */
static ssize_t give(struct tun_file *tf, struct sk_buff *skb, struct iov_iter *to)
{
	size_t room = iov_iter_count(to), extra = 0, n;
	struct tun_pi pi = { .proto = skb->protocol };

	if (!(tf->flags & IFF_NO_PI)) {
		extra += sizeof(pi);
		if (room < extra)
			return -EINVAL;
		if (room < extra + skb->len)
			pi.flags |= TUN_PKT_STRIP;
		if (copy_to_iter(&pi, sizeof(pi), to) != sizeof(pi))
			return -EFAULT;
	}
	if (tf->flags & IFF_VNET_HDR) {
		struct virtio_net_hdr h = vnet_header(skb);

		if (iov_iter_count(to) < (size_t)tf->vnet_hdr_size)
			return -EINVAL;
		if (copy_to_iter(&h, sizeof(h), to) != sizeof(h)
		    || iov_iter_zero((size_t)tf->vnet_hdr_size - sizeof(h), to) != (size_t)tf->vnet_hdr_size - sizeof(h))
			return -EFAULT;
		extra += (size_t)tf->vnet_hdr_size;
	}
	n = min((size_t)skb->len, iov_iter_count(to));
	if (copy_to_iter(skb->data, n, to) != n)
		return -EFAULT;
	tf->tun->dev.stats.tx_packets++;
	tf->tun->dev.stats.tx_bytes += skb->len;
	return (ssize_t)(extra + n);
}

static ssize_t tun_read(struct file *f, struct iov_iter *to, u64 *pos __maybe_unused)
{
	struct tun_file *tf = f->private;
	struct sk_buff *skb;
	ssize_t n;

	if (!tf->tun)
		return -EBADFD;
	if (f->flags & O_NONBLOCK && skb_queue_empty(&tf->queue))
		return -EAGAIN;
	n = wait_event_interruptible(&tf->wait, !skb_queue_empty(&tf->queue));
	if (n)
		return n;
	skb = skb_dequeue(&tf->queue);
	/* The reader computes checksums only if it said that it can. */
	if (!(tf->offload & TUN_F_CSUM) && skb_checksum_help(skb))
		n = -ENOMEM;
	else
		n = give(tf, skb, to);
	kfree_skb(skb);
	return n;
}

/* ---- writing ---- */

/* What the writer says of checksum and segments, checked against the packet. 0 or -EINVAL. */
static int apply_vnet_header(struct sk_buff *skb, const struct virtio_net_hdr *h)
{
	if (h->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM) {
		if ((u32)h->csum_start + h->csum_offset + 2 > skb->len)
			return -EINVAL;
		skb->ip_summed = CHECKSUM_PARTIAL;
		skb->csum_start = (u16)(skb->data + h->csum_start - skb->head);
		skb->csum_offset = h->csum_offset;
	} else if (h->flags & VIRTIO_NET_HDR_F_DATA_VALID) {
		skb->ip_summed = CHECKSUM_UNNECESSARY;
	}
	switch (h->gso_type & ~VIRTIO_NET_HDR_GSO_ECN) {
	case VIRTIO_NET_HDR_GSO_NONE:
		return 0;
	case VIRTIO_NET_HDR_GSO_TCPV4:
		skb->gso_type = SKB_GSO_TCPV4 | SKB_GSO_DODGY;
		break;
	case VIRTIO_NET_HDR_GSO_TCPV6:
		skb->gso_type = SKB_GSO_TCPV6 | SKB_GSO_DODGY;
		break;
	default:
		return -EINVAL;
	}
	if (!h->gso_size)
		return -EINVAL;
	skb->gso_size = h->gso_size;
	skb->gso_segs = (u16)((skb->len + h->gso_size - 1) / h->gso_size);
	return 0;
}

static struct sk_buff *take(struct tun_file *tf, struct iov_iter *from)
{
	struct tun_pi pi = { .proto = 0 };
	struct virtio_net_hdr h = { .flags = 0 };
	struct sk_buff *skb;
	size_t size;
	int err;

	if (!(tf->flags & IFF_NO_PI) && (iov_iter_count(from) < sizeof(pi) || copy_from_iter(&pi, sizeof(pi), from) != sizeof(pi)))
		return ERR_PTR(iov_iter_count(from) < sizeof(pi) ? -EINVAL : -EFAULT);
	if (tf->flags & IFF_VNET_HDR) {
		if (iov_iter_count(from) < (size_t)tf->vnet_hdr_size)
			return ERR_PTR(-EINVAL);
		if (copy_from_iter(&h, sizeof(h), from) != sizeof(h))
			return ERR_PTR(-EFAULT);
		iov_iter_advance(from, (size_t)tf->vnet_hdr_size - sizeof(h));
	}
	size = iov_iter_count(from);
	if (size > PACKET_MOST)
		return ERR_PTR(-EINVAL);
	skb = alloc_skb(LL_MAX_HEADER + size);
	if (!skb)
		return ERR_PTR(-ENOMEM);
	skb_reserve(skb, LL_MAX_HEADER);
	err = skb_copy_from_iter(skb, from, size);
	if (!err)
		err = apply_vnet_header(skb, &h);
	if (!err && tf->flags & IFF_NO_PI) {
		u8 version = size ? skb->data[0] >> 4 : 0;

		pi.proto = version == 4 ? htons(ETH_P_IP) : version == 6 ? htons(ETH_P_IPV6) : 0;
		err = pi.proto ? 0 : -EINVAL;
	}
	if (err) {
		kfree_skb(skb);
		return ERR_PTR(err);
	}
	skb->protocol = pi.proto;
	return skb;
}

static ssize_t tun_write(struct file *f, struct iov_iter *from, u64 *pos __maybe_unused)
{
	struct tun_file *tf = f->private;
	size_t size = iov_iter_count(from);
	struct net_device *dev;
	struct sk_buff *skb;

	if (!tf->tun)
		return -EBADFD;
	dev = &tf->tun->dev;
	skb = take(tf, from);
	if (!IS_ERR(skb) && !(dev->flags & IFF_UP)) { /* only after all that the packet itself may have wrong */
		kfree_skb(skb);
		skb = ERR_PTR(-EIO);
	}
	if (IS_ERR(skb)) {
		dev->stats.rx_dropped++;
		return PTR_ERR(skb);
	}
	skb->dev = dev;
	skb->pkt_type = PACKET_HOST;
	skb_reset_mac_header(skb);
	dev->stats.rx_packets++;
	dev->stats.rx_bytes += skb->len;
	local_bh_disable();
	netif_rx(skb);
	local_bh_enable();
	return (ssize_t)size;
}

static u32 tun_poll(struct file *f, struct poll_table *pt)
{
	struct tun_file *tf = f->private;
	u32 mask = 0;

	if (!tf->tun)
		return EPOLLERR;
	poll_wait(pt, &tf->wait);
	if (!skb_queue_empty(&tf->queue))
		mask |= EPOLLIN | EPOLLRDNORM;
	if (tf->tun->dev.flags & IFF_UP)
		mask |= EPOLLOUT | EPOLLWRNORM;
	return mask;
}

/* ---- making the device ---- */

static struct tun_device *tun_get_free(void)
{
	struct tun_device *t;
	unsigned count = 0;

	for (t = tuns; t; t = t->next, count++)
		if (!t->used && list_empty(&t->dev.mc4) && list_empty(&t->dev.mc6))
			return t;
	t = count < TUN_MOST ? kzalloc(sizeof(*t)) : NULL;
	if (t) {
		INIT_LIST_HEAD(&t->dev.mc4);
		INIT_LIST_HEAD(&t->dev.mc6);
		t->next = tuns;
		tuns = t;
	}
	return t;
}

static void join(struct tun_device *t, struct tun_file *tf, u32 flags)
{
	t->file = tf;
	t->flags = flags;
	tf->tun = t;
	tf->flags = flags;
	set_segments(tf);
}

/* One that stayed when its last file was closed. */
static int tun_reopen(struct tun_file *tf, struct net_device *dev, u32 flags)
{
	struct tun_device *t = (struct tun_device *)dev;

	if (dev->ops != &tun_netdev_ops)
		return -EINVAL;
	if (!capable(CAP_NET_ADMIN) && ((t->owner == ~0u && t->group == ~0u) || (t->owner != ~0u && t->owner != current->cred->euid)
			|| (t->group != ~0u && current->cred->egid != t->group)))
		return -EPERM;
	if (t->file)
		return -EBUSY;
	join(t, tf, flags);
	dev_set_carrier(dev, true);
	return 0;
}

static int tun_set_iff(struct tun_file *tf, struct ifreq __user *arg)
{
	struct tun_device *t, *next;
	struct ifreq r;
	char name[IFNAMSIZ];
	int err;

	if (copy_from_user(&r, arg, sizeof(r)))
		return -EFAULT;
	r.ifr_name[IFNAMSIZ - 1] = 0;
	if (tf->tun)
		return -EINVAL;
	if (!capable(CAP_NET_ADMIN) && !(*r.ifr_name && dev_get_by_name(r.ifr_name)))
		return -EPERM;
	if ((r.ifr_flags & TUN_TYPE_MASK) != IFF_TUN || (u16)r.ifr_flags & ~TUN_FEATURES) {
		LEDGER("TUNSETIFF flags", (u16)r.ifr_flags);
		return -EINVAL;
	}
	if (*r.ifr_name && dev_get_by_name(r.ifr_name))
		return tun_reopen(tf, dev_get_by_name(r.ifr_name), (u16)r.ifr_flags);
	err = dev_alloc_name(name, *r.ifr_name ? r.ifr_name : "tun%d");
	if (err)
		return err;
	t = tun_get_free();
	if (!t)
		return -ENOMEM;
	next = t->next;
	*t = (struct tun_device){ .next = next, .owner = ~0u, .group = ~0u, .dev = { .type = ARPHRD_NONE, .mtu = TUN_MTU, .tx_queue_len = TUN_QUEUE,
		.flags = IFF_POINTOPOINT | IFF_NOARP | IFF_MULTICAST, .min_mtu = 68, .max_mtu = 65535, .tso_max_size = 65536,
		.gso_max_segs = 65535, .qdisc_counts = true, .ops = &tun_netdev_ops, .link_ops = &tun_link_ops } };
	strscpy(t->dev.name, name, sizeof(t->dev.name));
	err = register_netdevice(&t->dev);
	if (err)
		return err;
	t->used = true;
	join(t, tf, (u16)r.ifr_flags);
	strscpy(r.ifr_name, name, IFNAMSIZ);
	return copy_to_user(arg, &r, sizeof(r)) ? -EFAULT : 0;
}

static long tun_ioctl(struct file *f, unsigned cmd, unsigned long arg)
{
	struct tun_file *tf = f->private;
	void __user *uarg = u64_to_uptr(arg);
	struct ifreq r;
	int v;

	switch (cmd) {
	case TUNSETIFF:
		return tun_set_iff(tf, uarg);
	case TUNGETFEATURES:
		return put_user(TUN_FEATURES, (unsigned __user *)uarg);
	}
	if (!tf->tun)
		return -EBADFD;
	switch (cmd) {
	case TUNGETIFF:
		memset(&r, 0, sizeof(r));
		strscpy(r.ifr_name, tf->tun->dev.name, IFNAMSIZ);
		r.ifr_flags = (short)tf->flags;
		return copy_to_user(uarg, &r, sizeof(r)) ? -EFAULT : 0;
	case TUNSETPERSIST:
		tf->tun->persist = arg != 0;
		return 0;
	case TUNSETOWNER:
		tf->tun->owner = (u32)arg;
		return 0;
	case TUNSETGROUP:
		tf->tun->group = (u32)arg;
		return 0;
	case TUNSETOFFLOAD:
		if (arg & ~(unsigned long)TUN_OFFLOADS || (arg & ~(unsigned long)TUN_F_CSUM && !(arg & TUN_F_CSUM)))
			return -EINVAL;
		tf->offload = (u32)arg;
		set_segments(tf);
		return 0;
	case TUNGETVNETHDRSZ:
		return put_user(tf->vnet_hdr_size, (int __user *)uarg);
	case TUNSETVNETHDRSZ:
		if (get_user(v, (int __user *)uarg))
			return -EFAULT;
		if (v < (int)sizeof(struct virtio_net_hdr) || v > 4096)
			return -EINVAL;
		tf->vnet_hdr_size = v;
		return 0;
	}
	LEDGER("tun ioctl", cmd);
	return cmd == TUNSETQUEUE ? -EINVAL : -ENOTTY;
}

static int tun_fasync(int fd, struct file *f, bool on)
{
	return fasync_helper(fd, f, on, &((struct tun_file *)f->private)->fasync);
}

static void tun_release(struct file *f)
{
	struct tun_file *tf = f->private;

	if (tf->tun && tf->tun->persist) {
		tf->tun->file = NULL;
		dev_set_carrier(&tf->tun->dev, false);
	} else if (tf->tun) {
		tun_dellink(&tf->tun->dev);
	}
	skb_queue_purge(&tf->queue);
	kfree(tf);
}

static const struct file_operations tun_fops = { .name = "tun", .read = tun_read, .write = tun_write, .poll = tun_poll,
	.ioctl = tun_ioctl, .fasync = tun_fasync, .release = tun_release };

int tun_open(struct inode *inode __maybe_unused, struct file *f)
{
	struct tun_file *tf = kzalloc(sizeof(*tf));

	if (!tf)
		return -ENOMEM;
	tf->vnet_hdr_size = sizeof(struct virtio_net_hdr);
	skb_queue_head_init(&tf->queue);
	INIT_LIST_HEAD(&tf->fasync.entries);
	init_waitqueue_head(&tf->wait);
	f->private = tf;
	f->ops = &tun_fops;
	return 0;
}

void tun_exit(void)
{
	struct tun_device *t;

	while ((t = tuns)) {
		tuns = t->next;
		if (t->used)
			unregister_netdevice(&t->dev);
		kfree(t);
	}
}
