/* Buffers of the socket layer: allocation, queues, copying from and to iterators. What a buffer means, and whom it is
 * charged to, is its owner's business. */
#include "skbuff.h"
#include "slab.h"
#include "string.h"
#include "kerrno.h"
#include "uio.h"

static struct kmem_cache *skb_cache;

void skb_init(void)
{
	skb_cache = kmem_cache_create("sk_buff", sizeof(struct sk_buff), 0);
}

struct sk_buff *alloc_skb(size_t size)
{
	struct sk_buff *skb = kmem_cache_zalloc(skb_cache);

	if (!skb)
		return NULL;
	if (size) {
		skb->head = kmalloc(size);
		if (!skb->head) {
			kmem_cache_free(skb_cache, skb);
			return NULL;
		}
	}
	INIT_LIST_HEAD(&skb->list);
	skb->users = 1;
	skb->data = skb->tail = skb->head;
	skb->end = skb->head + size;
	skb->truesize = skb_linux_truesize(size, 0);
	return skb;
}

void kfree_skb(struct sk_buff *skb)
{
	if (!skb || --skb->users)
		return;
	if (skb->destructor)
		skb->destructor(skb);
	kfree(skb->head);
	kmem_cache_free(skb_cache, skb);
}

int skb_copy_from_iter(struct sk_buff *skb, struct iov_iter *from, size_t size)
{
	size_t done = copy_from_iter(skb->tail, size, from);

	if (done != size) {
		iov_iter_revert(from, done);
		return -EFAULT;
	}
	skb_put(skb, size);
	return 0;
}

int skb_copy_to_iter(const struct sk_buff *skb, size_t off, struct iov_iter *to, size_t size)
{
	return copy_to_iter(skb->data + off, size, to) == size ? 0 : -EFAULT;
}

/* Linux rounds the linear part with its 320-byte struct skb_shared_info up to a kmalloc size (powers of two from 512 on),
 * and adds whole pages and 256 bytes for the sk_buff. */
u32 skb_linux_truesize(size_t header, size_t data)
{
	size_t need = round_up(header, 64ul) + 320, bucket = 512;

	while (bucket < need)
		bucket *= 2;
	return bucket + 256 + round_up(data, PAGE_SIZE);
}

void skb_queue_purge(struct sk_buff_head *q)
{
	struct sk_buff *skb;

	while ((skb = skb_dequeue(q)))
		kfree_skb(skb);
}
