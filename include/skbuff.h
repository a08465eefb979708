/* struct sk_buff: a message or packet in the kernel. One linear buffer, [head, end), of which [data, tail) is in use. The
 * buffer has a count of its own: clones are further sk_buffs on the same bytes. */
#ifndef UMK_SKBUFF_H
#define UMK_SKBUFF_H

#include "types.h"
#include "list.h"
#include "treap.h"

struct sock;
struct iov_iter;
struct net_device;
struct dst_entry;
struct ubuf_info;

/* What stands ahead of head. */
struct skb_data {
	u32 refs;                 /* sk_buffs on this buffer */
	u32 size;                 /* bytes from head to end */
	struct ubuf_info *uarg;   /* MSG_ZEROCOPY: who is told when the buffer goes; a reference, or NULL */
};

/* pkt_type is PACKET_HOST ... of linux/if_packet.h. */
enum { CHECKSUM_NONE, CHECKSUM_UNNECESSARY, CHECKSUM_COMPLETE, CHECKSUM_PARTIAL };
/* gso_type */
enum { SKB_GSO_TCPV4 = 1, SKB_GSO_TCP_ECN = 4, SKB_GSO_TCPV6 = 0x10, SKB_GSO_UDP_L4 = 0x20000, SKB_GSO_DODGY = 2 };
/* tx_flags */
enum { SKBTX_HW_TSTAMP = 1, SKBTX_SW_TSTAMP = 2, SKBTX_ACK_TSTAMP = 4, SKBTX_SCHED_TSTAMP = 8 };

struct sk_buff {
	union {
		struct list_head list;    /* on at most one sk_buff_head */
		struct treap_node tree;   /* or in a tree of TCP's: unacknowledged, or out of order */
	};
	struct list_head tcp_tsorted; /* unacknowledged, by time of transmission */
	struct sock *sk;          /* whom the memory is charged to; its meaning is the destructor's */
	void (*destructor)(struct sk_buff *skb);
	struct net_device *dev;   /* where it came in or goes out; not counted */
	struct dst_entry *dst;    /* a reference, or NULL */
	u8 *head, *data, *tail, *end; /* all NULL in a buffer of size 0 */
	u32 users;
	u32 len;                  /* bytes from data to tail */
	u32 truesize;             /* what it counts against SO_SNDBUF or SO_RCVBUF */

	/* packets */
	u16 mac_header, network_header, transport_header; /* offsets from head */
	u16 protocol;             /* ETH_P_*, network order */
	u8 pkt_type, ip_summed;
	bool cloned;              /* the buffer may have other users: look at its count before writing */
	bool peeked;              /* MSG_PEEK has shown it */
	bool local_df;            /* may be fragmented whatever its DF bit says (ignore_df) */
	bool tstamp_mono;         /* tstamp is a time of departure (SO_TXTIME), not of arrival */
	u8 tx_flags;              /* SKBTX_* */
	bool encap_hdr_csum;
	union {
		u32 csum;                              /* CHECKSUM_COMPLETE, or a partial sum while it is built */
		struct { u16 csum_start, csum_offset; }; /* CHECKSUM_PARTIAL: from head; of the field from csum_start */
	};
	u32 priority, mark, hash;
	int skb_iif;              /* index of the device it came in by */
	u16 gso_size, gso_segs;   /* a packet of many segments; 0: one */
	u32 gso_type;
	union {
		u32 tskey;        /* on its way out: SOF_TIMESTAMPING_OPT_ID */
		u32 dropcount;    /* in a receive queue: sk_drops when it came */
	};
	u64 tstamp;               /* ns of CLOCK_REALTIME, or 0 */
	char cb[64] __aligned(8); /* the owner's of the moment */
};
struct sk_buff_head {
	struct list_head list;
	u32 qlen;
};

void skb_init(void);
/* A buffer with room for @size bytes, empty, users 1; NULL without memory. */
struct sk_buff *alloc_skb(size_t size);
/* Drops a reference; the last one runs the destructor and frees. NULL is fine. */
void kfree_skb(struct sk_buff *skb);
#define consume_skb(skb) kfree_skb(skb)
static inline struct sk_buff *skb_get(struct sk_buff *skb) { skb->users++; return skb; }
static inline bool skb_shared(const struct sk_buff *skb) { return skb->users != 1; }
static inline struct skb_data *skb_data_of(const struct sk_buff *skb) { return (struct skb_data *)skb->head - 1; }
/* Somebody else may look at the bytes. */
static inline bool skb_cloned(const struct sk_buff *skb)
{
	return skb->cloned && skb->head && skb_data_of(skb)->refs != 1;
}
/* A second sk_buff on the same bytes, without owner and not on a list. NULL without memory. */
struct sk_buff *skb_clone(struct sk_buff *skb);
/* A copy of buffer and sk_buff, with @headroom bytes ahead of the data and @tailroom behind. NULL without memory. */
struct sk_buff *skb_copy_expand(const struct sk_buff *skb, size_t headroom, size_t tailroom);
/* The same with the room it has. */
struct sk_buff *skb_copy(const struct sk_buff *skb);
#define pskb_copy(skb) skb_copy(skb)
/* Makes the bytes @skb's own, with at least @headroom bytes ahead of the data: 0 or -ENOMEM (nothing has changed). */
int skb_cow(struct sk_buff *skb, size_t headroom);
/* The same with at least @tailroom bytes behind, too. */
int skb_expand(struct sk_buff *skb, size_t headroom, size_t tailroom);
/* The room ahead belongs to the clone that was made last, so headers may be pushed without a copy when there is room. */
int skb_cow_head(struct sk_buff *skb, size_t headroom);
/* @skb if it is nobody else's, otherwise a clone of it and one reference less; NULL without memory (the reference is gone). */
struct sk_buff *skb_share_check(struct sk_buff *skb);
/* Gives up the owner: what was charged is released, the packet lives on. */
static inline void skb_orphan(struct sk_buff *skb)
{
	if (skb->destructor)
		skb->destructor(skb);
	skb->destructor = NULL;
	skb->sk = NULL;
}

/* Extends the data by @size bytes at the end and returns where they go. The caller knows that there is room. */
static inline void *skb_put(struct sk_buff *skb, size_t size)
{
	void *p = skb->tail;

	skb->tail += size;
	skb->len += size;
	return p;
}
static inline size_t skb_tailroom(const struct sk_buff *skb) { return skb->end - skb->tail; }
static inline size_t skb_headroom(const struct sk_buff *skb) { return skb->data - skb->head; }
static inline void skb_reserve(struct sk_buff *skb, size_t size) { skb->data += size; skb->tail += size; }
static inline void *skb_pull(struct sk_buff *skb, size_t size)
{
	if (size > skb->len)
		return NULL;
	skb->len -= size;
	return skb->data += size;
}
static inline void *skb_push(struct sk_buff *skb, size_t size)
{
	skb->len += size;
	return skb->data -= size;
}
/* Cuts the data to its first @size bytes, if it is longer. */
static inline void skb_trim(struct sk_buff *skb, size_t size)
{
	if (skb->len > size) {
		skb->len = size;
		skb->tail = skb->data + size;
	}
}
/* Are there @size bytes of data? All data is linear. */
static inline bool pskb_may_pull(const struct sk_buff *skb, size_t size) { return size <= skb->len; }
static inline unsigned skb_headlen(const struct sk_buff *skb) { return skb->len; }
static inline bool skb_is_gso(const struct sk_buff *skb) { return skb->gso_size != 0; }

static inline u8 *skb_mac_header(const struct sk_buff *skb) { return skb->head + skb->mac_header; }
static inline u8 *skb_network_header(const struct sk_buff *skb) { return skb->head + skb->network_header; }
static inline u8 *skb_transport_header(const struct sk_buff *skb) { return skb->head + skb->transport_header; }
static inline void skb_reset_mac_header(struct sk_buff *skb) { skb->mac_header = skb->data - skb->head; }
static inline void skb_reset_network_header(struct sk_buff *skb) { skb->network_header = skb->data - skb->head; }
static inline void skb_reset_transport_header(struct sk_buff *skb) { skb->transport_header = skb->data - skb->head; }
static inline void skb_set_network_header(struct sk_buff *skb, int offset)
{
	skb->network_header = skb->data - skb->head + offset;
}
static inline void skb_set_transport_header(struct sk_buff *skb, int offset)
{
	skb->transport_header = skb->data - skb->head + offset;
}
static inline int skb_network_offset(const struct sk_buff *skb) { return (int)(skb_network_header(skb) - skb->data); }
static inline int skb_transport_offset(const struct sk_buff *skb) { return (int)(skb_transport_header(skb) - skb->data); }
static inline int skb_network_header_len(const struct sk_buff *skb)
{
	return skb->transport_header - skb->network_header;
}

/* Appends @size bytes from @from: 0 or -EFAULT (then the cursor and the buffer are as before). */
int skb_copy_from_iter(struct sk_buff *skb, struct iov_iter *from, size_t size);
/* Copies @size bytes from @off on; 0 or -EFAULT (the cursor is then where the copy stopped). */
int skb_copy_to_iter(const struct sk_buff *skb, size_t off, struct iov_iter *to, size_t size);
/* What Linux charges for a buffer with @header linear bytes and @data bytes in pages: programs see it through SO_SNDBUF. */
u32 skb_linux_truesize(size_t header, size_t data);

/* ---- checksums (net/core/checksum.c) ---- */
/* The one's complement sum of @size bytes at @p, added to @sum; fold it to get a checksum. */
u32 csum_partial(const void *p, size_t size, u32 sum);
static inline u16 csum_fold(u32 sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return (u16)~sum;
}
static inline u32 csum_add(u32 a, u32 b) { return a + b + (a + b < a); }
static inline u32 csum_sub(u32 a, u32 b) { return csum_add(a, ~b); }
/* Of an IP header of @words 32-bit words. */
u16 ip_fast_csum(const void *header, unsigned words);
/* The sum of the pseudo header, not folded; @len in host order. */
u32 csum_tcpudp_nofold(u32 saddr, u32 daddr, u32 len, u8 proto, u32 sum);
static inline u16 csum_tcpudp_magic(u32 saddr, u32 daddr, u32 len, u8 proto, u32 sum)
{
	return csum_fold(csum_tcpudp_nofold(saddr, daddr, len, proto, sum));
}
struct in6_addr;
u16 csum_ipv6_magic(const struct in6_addr *saddr, const struct in6_addr *daddr, u32 len, u8 proto, u32 sum);
/* Writes the checksum that CHECKSUM_PARTIAL left open: for whoever shows the packet to others than this stack. 0 or
 * -ENOMEM (the bytes had to be copied first). */
int skb_checksum_help(struct sk_buff *skb);
/* Is the checksum from the transport header on right? @pseudo: the pseudo header's sum. Trusts ip_summed. */
bool skb_checksum_ok(struct sk_buff *skb, u32 pseudo);

/* ---- queues ---- */
static inline void skb_queue_head_init(struct sk_buff_head *q) { INIT_LIST_HEAD(&q->list); q->qlen = 0; }
static inline bool skb_queue_empty(const struct sk_buff_head *q) { return list_empty(&q->list); }
static inline u32 skb_queue_len(const struct sk_buff_head *q) { return q->qlen; }
static inline struct sk_buff *skb_peek(const struct sk_buff_head *q)
{
	return list_empty(&q->list) ? NULL : list_first_entry(&q->list, struct sk_buff, list);
}
static inline struct sk_buff *skb_peek_tail(const struct sk_buff_head *q)
{
	return list_empty(&q->list) ? NULL : list_last_entry(&q->list, struct sk_buff, list);
}
static inline struct sk_buff *skb_peek_next(struct sk_buff *skb, const struct sk_buff_head *q)
{
	return skb->list.next == &q->list ? NULL : list_next_entry(skb, list);
}
static inline void skb_queue_tail(struct sk_buff_head *q, struct sk_buff *skb)
{
	list_add_tail(&skb->list, &q->list);
	q->qlen++;
}
static inline void skb_queue_head(struct sk_buff_head *q, struct sk_buff *skb)
{
	list_add(&skb->list, &q->list);
	q->qlen++;
}
static inline void skb_queue_after(struct sk_buff_head *q, struct sk_buff *prev, struct sk_buff *skb)
{
	list_add(&skb->list, &prev->list);
	q->qlen++;
}
static inline void skb_unlink(struct sk_buff *skb, struct sk_buff_head *q)
{
	list_del(&skb->list);
	q->qlen--;
}
static inline struct sk_buff *skb_dequeue(struct sk_buff_head *q)
{
	struct sk_buff *skb = skb_peek(q);

	if (skb)
		skb_unlink(skb, q);
	return skb;
}
static inline void skb_queue_splice_tail(struct sk_buff_head *from, struct sk_buff_head *to)
{
	list_splice_tail(&from->list, &to->list);
	to->qlen += from->qlen;
	from->qlen = 0;
}
void skb_queue_purge(struct sk_buff_head *q);
#define skb_queue_walk(q, skb) list_for_each_entry(skb, &(q)->list, list)
#define skb_queue_walk_safe(q, skb, tmp) list_for_each_entry_safe(skb, tmp, &(q)->list, list)

#endif
