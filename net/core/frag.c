/* Queues of fragments, keyed by what a family says makes them one packet. Memory is bounded: beyond the limit new packets
 * are refused, as in Linux, until old ones complete or time out. */
#include "../frag.h"
#include "../dev.h"
#include "host.h"
#include "kerrno.h"
#include "slab.h"
#include "string.h"

static struct kmem_cache *queue_cache;
static u32 secret;

void frag_table_init(struct frag_table *t, size_t key_size, const int *high_thresh, const int *time,
	void (*expire)(struct frag_queue *))
{
	if (!queue_cache)
		queue_cache = kmem_cache_create("frag_queue", sizeof(struct frag_queue), 0);
	memset(t, 0, sizeof(*t));
	INIT_LIST_HEAD(&t->lru);
	t->key_size = (u32)key_size;
	t->high_thresh = high_thresh;
	t->time = time;
	t->expire = expire;
	host_random(&secret, sizeof(secret));
}

static struct hlist_head *bucket_of(struct frag_table *t, const void *key)
{
	u32 h = secret;

	for (u32 i = 0; i < t->key_size; i += 4)
		h = (h ^ get_unaligned32((const u8 *)key + i)) * 0x9e3779b1u, h ^= h >> 15;
	return &t->hash[h & 255];
}

static void queue_timeout(struct ktimer *timer)
{
	struct frag_queue *q = container_of(timer, struct frag_queue, timer);

	local_bh_disable();
	q->table->expire(q);
	frag_kill(q);
	local_bh_enable();
}

struct frag_queue *frag_find(struct frag_table *t, const void *key)
{
	struct hlist_head *bucket = bucket_of(t, key);
	struct frag_queue *q;

	hlist_for_each_entry(q, bucket, node)
		if (!memcmp(q->key, key, t->key_size))
			return q;
	if (!*t->high_thresh || t->mem > (u64)*t->high_thresh)
		return NULL;
	q = kmem_cache_zalloc(queue_cache);
	if (!q)
		return NULL;
	q->table = t;
	memcpy(q->key, key, t->key_size);
	skb_queue_head_init(&q->fragments);
	timer_setup(&q->timer, queue_timeout);
	timer_start(&q->timer, ktime_get() + (u64)max(*t->time, 0) * NSEC_PER_SEC);
	hlist_add_head(&q->node, bucket);
	list_add_tail(&q->lru, &t->lru);
	t->count++;
	t->mem += sizeof(*q);
	return q;
}

void frag_unaccount(struct frag_queue *q, const struct sk_buff *skb)
{
	q->mem -= skb->truesize;
	q->table->mem -= skb->truesize;
}

void frag_kill(struct frag_queue *q)
{
	timer_cancel(&q->timer);
	hlist_del(&q->node);
	list_del(&q->lru);
	q->table->count--;
	q->table->mem -= q->mem + sizeof(*q);
	skb_queue_purge(&q->fragments);
	kmem_cache_free(queue_cache, q);
}

void frag_table_exit(struct frag_table *t)
{
	while (!list_empty(&t->lru))
		frag_kill(list_first_entry(&t->lru, struct frag_queue, lru));
}

int frag_insert(struct frag_queue *q, struct sk_buff *skb, u32 offset, u32 end, bool last)
{
	struct sk_buff *prev = NULL, *next;

	if (last) {
		/* Another end than the one known, or beyond bytes that are there: one of them lies. */
		if (end < q->len || (q->last_in && end != q->len))
			return -EINVAL;
		q->last_in = true;
		q->len = end;
	} else if (end > q->len) {
		if (q->last_in)
			return -EINVAL;
		q->len = end;
	}
	if (end == offset)
		return -EINVAL;
	/* Most come in order: look from the end. */
	next = skb_peek_tail(&q->fragments);
	while (next && FRAG_CB(next)->offset >= offset)
		next = next->list.prev == &q->fragments.list ? NULL : list_entry(next->list.prev, struct sk_buff, list);
	prev = next;
	next = prev ? skb_peek_next(prev, &q->fragments) : skb_peek(&q->fragments);
	if (prev && FRAG_CB(prev)->offset + FRAG_CB(prev)->len > offset)
		return FRAG_CB(prev)->offset + FRAG_CB(prev)->len >= end ? -EEXIST : -EOVERFLOW;
	if (next && FRAG_CB(next)->offset < end)
		return FRAG_CB(next)->offset == offset && offset + FRAG_CB(next)->len >= end ? -EEXIST : -EOVERFLOW;
	FRAG_CB(skb)->offset = offset;
	FRAG_CB(skb)->len = end - offset;
	if (prev)
		skb_queue_after(&q->fragments, prev, skb);
	else
		skb_queue_head(&q->fragments, skb);
	q->meat += end - offset;
	q->mem += skb->truesize;
	q->table->mem += skb->truesize;
	if (!offset)
		q->first_in = true;
	return 0;
}

struct sk_buff *frag_join(struct frag_queue *q, unsigned hlen)
{
	struct sk_buff *head = frag_first(q), *skb = alloc_skb(LL_RESERVED + hlen + q->len), *f;

	if (!skb)
		return NULL;
	skb_reserve(skb, LL_RESERVED);
	skb_reset_mac_header(skb);
	skb_reset_network_header(skb);
	skb->transport_header = skb->network_header + hlen;
	memcpy(skb_put(skb, hlen), skb_network_header(head), hlen);
	memcpy(skb->cb, head->cb, sizeof(skb->cb));
	skb->dev = head->dev;
	skb->protocol = head->protocol;
	skb->pkt_type = head->pkt_type;
	skb->priority = head->priority;
	skb->mark = head->mark;
	skb->hash = head->hash;
	skb->skb_iif = head->skb_iif;
	skb->tstamp = head->tstamp;
	skb->truesize = 0;
	skb_queue_walk(&q->fragments, f) {
		memcpy(skb_put(skb, f->len), f->data, f->len);
		skb->truesize += f->truesize;
	}
	return skb;
}
