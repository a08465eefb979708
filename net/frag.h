/* Fragments that wait for the rest of their packet, for both families (net/core/frag.c). */
#ifndef UMK_NET_FRAG_H
#define UMK_NET_FRAG_H

#include "skbuff.h"
#include "ktime.h"
#include "inet.h"

#define LL_RESERVED 48 /* room for a header of the link */

#define FRAG_KEY_MAX 48
struct frag_table;
struct frag_queue {
	struct hlist_node node;
	struct list_head lru;
	struct frag_table *table;
	u8 key[FRAG_KEY_MAX] __aligned(8);
	struct ktimer timer;
	struct sk_buff_head fragments; /* by offset, without gaps known; FRAG_CB each */
	u32 len;                   /* of the payload: known once the last one came, otherwise the furthest end */
	u32 meat;                  /* bytes that are there */
	u32 mem;                   /* truesize of them */
	bool first_in, last_in;
	u8 ecn;
	u16 max_size, max_df_size; /* largest fragment with header, and the largest with DF */
	u16 nhoffset;              /* IPv6 */
};
struct frag_table {
	struct hlist_head hash[256];
	struct list_head lru;      /* oldest first */
	u32 key_size, count;
	u64 mem;
	const int *high_thresh;    /* bytes */
	const int *time;           /* s */
	void (*expire)(struct frag_queue *q);
};
/* cb of a fragment that waits: keeps the family's own cb in front. */
struct frag_cb {
	union {
		struct inet_skb_parm h4;
		struct inet6_skb_parm h6;
	} h;
	u32 offset, len;
};
#define FRAG_CB(skb) ((struct frag_cb *)(skb)->cb)

void frag_table_init(struct frag_table *t, size_t key_size, const int *high_thresh, const int *time,
	void (*expire)(struct frag_queue *));
/* The queue for @key, made if need be; NULL: memory is used up. */
struct frag_queue *frag_find(struct frag_table *t, const void *key);
/* @skb's data, [offset,end) of the payload, goes into @q. 0: taken over. Otherwise the packet is the caller's. -EEXIST: it is
 * a copy. -EINVAL: it contradicts what is known of the length, -EOVERFLOW: it overlaps; then the queue is to be killed. */
int frag_insert(struct frag_queue *q, struct sk_buff *skb, u32 offset, u32 end, bool last);
static inline bool frag_complete(const struct frag_queue *q) { return q->first_in && q->last_in && q->meat == q->len; }
static inline struct sk_buff *frag_first(const struct frag_queue *q) { return skb_peek(&q->fragments); }
/* The whole packet in a buffer of its own, with @hlen bytes of the first one's network header; its cb, dst and the like are
 * the first one's. NULL without memory. */
struct sk_buff *frag_join(struct frag_queue *q, unsigned hlen);
void frag_unaccount(struct frag_queue *q, const struct sk_buff *skb);
void frag_kill(struct frag_queue *q);
void frag_table_exit(struct frag_table *t); /* drops all */

#endif
