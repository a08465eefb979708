/* Where a packet goes: the part of a route that packets and sockets keep. Counted; an obsolete one is let go and looked up
 * again at its next check. */
#ifndef UMK_NET_DST_H
#define UMK_NET_DST_H

#include "skbuff.h"
#include <linux/rtnetlink.h>

#define DST_METRICS 18

struct dst_ops;
struct dst_entry {
	u32 refs;
	int error;                 /* of input and output, negative; 0: it works */
	struct net_device *dev;
	int (*input)(struct sk_buff *skb);                   /* takes over the packet */
	int (*output)(struct sock *sk, struct sk_buff *skb); /* likewise; within bh */
	const struct dst_ops *ops;
	bool obsolete;             /* the tables changed: look it up again */
	u32 mtu;                   /* of the route; 0: the device's */
	u64 expires;               /* ktime; KTIME_MAX: never */
	u32 metrics[DST_METRICS];  /* of the route, by RTAX_* (linux/rtnetlink.h); 0: none */
};
static inline u32 dst_metric(const struct dst_entry *dst, int metric) { return dst->metrics[metric]; }
static inline bool dst_metric_locked(const struct dst_entry *dst, int metric) { return dst->metrics[RTAX_LOCK] >> metric & 1; }
struct dst_ops {
	int family;
	u32 (*mtu)(const struct dst_entry *dst);
	u32 (*advmss)(const struct dst_entry *dst);          /* the MSS that TCP offers */
	/* An ICMP error told a smaller path MTU. */
	void (*update_pmtu)(struct dst_entry *dst, struct sock *sk, struct sk_buff *skb, u32 mtu);
	void (*redirect)(struct dst_entry *dst, struct sock *sk, struct sk_buff *skb);
	void (*destroy)(struct dst_entry *dst);
};
static inline struct dst_entry *dst_hold(struct dst_entry *dst) { dst->refs++; return dst; }
static inline void dst_release(struct dst_entry *dst)
{
	if (dst && !--dst->refs)
		dst->ops->destroy(dst);
}
static inline u32 dst_mtu(const struct dst_entry *dst) { return dst->ops->mtu(dst); }
static inline void skb_dst_set(struct sk_buff *skb, struct dst_entry *dst) { skb->dst = dst; } /* takes the reference */
static inline void skb_dst_drop(struct sk_buff *skb) { dst_release(skb->dst); skb->dst = NULL; }
static inline int dst_input(struct sk_buff *skb) { return skb->dst->input(skb); }
static inline int dst_output(struct sock *sk, struct sk_buff *skb) { return skb->dst->output(sk, skb); }
/* For packets that go nowhere. */
int dst_discard(struct sk_buff *skb);
int dst_discard_out(struct sock *sk, struct sk_buff *skb);

#endif
