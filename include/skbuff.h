/* struct sk_buff: a message or packet in the kernel. One linear buffer, [head, end), of which [data, tail) is in use. */
#ifndef UMK_SKBUFF_H
#define UMK_SKBUFF_H

#include "types.h"
#include "list.h"

struct sock;
struct iov_iter;
struct sk_buff {
	struct list_head list;    /* on at most one sk_buff_head */
	struct sock *sk;          /* whom the memory is charged to; its meaning is the destructor's */
	u32 users;
	u32 len;                  /* bytes from data to tail */
	u32 truesize;             /* what it counts against SO_SNDBUF or SO_RCVBUF */
	u8 *head, *data, *tail, *end;
	void (*destructor)(struct sk_buff *skb);
	char cb[48] __aligned(8); /* the owner's of the moment */
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
/* Extends the data by @size bytes at the end and returns where they go. The caller knows that there is room. */
static inline void *skb_put(struct sk_buff *skb, size_t size)
{
	void *p = skb->tail;

	skb->tail += size;
	skb->len += size;
	return p;
}
static inline size_t skb_tailroom(const struct sk_buff *skb) { return skb->end - skb->tail; }
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
/* Appends @size bytes from @from: 0 or -EFAULT (then the cursor and the buffer are as before). */
int skb_copy_from_iter(struct sk_buff *skb, struct iov_iter *from, size_t size);
/* Copies @size bytes from @off on; 0 or -EFAULT (the cursor is then where the copy stopped). */
int skb_copy_to_iter(const struct sk_buff *skb, size_t off, struct iov_iter *to, size_t size);
/* What Linux charges for a buffer with @header linear bytes and @data bytes in pages: programs see it through SO_SNDBUF. */
u32 skb_linux_truesize(size_t header, size_t data);

static inline void skb_queue_head_init(struct sk_buff_head *q) { INIT_LIST_HEAD(&q->list); q->qlen = 0; }
static inline bool skb_queue_empty(const struct sk_buff_head *q) { return list_empty(&q->list); }
static inline u32 skb_queue_len(const struct sk_buff_head *q) { return q->qlen; }
static inline struct sk_buff *skb_peek(const struct sk_buff_head *q)
{
	return list_empty(&q->list) ? NULL : list_first_entry(&q->list, struct sk_buff, list);
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
void skb_queue_purge(struct sk_buff_head *q);
#define skb_queue_walk(q, skb) list_for_each_entry(skb, &(q)->list, list)

#endif
