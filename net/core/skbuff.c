/* Buffers of the socket layer: allocation, sharing, copies, queues, copying from and to iterators. What a buffer means,
 * and whom it is charged to, is its owner's business. */
#include "skbuff.h"
#include "slab.h"
#include "string.h"
#include "kerrno.h"
#include "uio.h"
#include "../sock.h"

static struct kmem_cache *skb_cache;

void skb_init(void)
{
	skb_cache = kmem_cache_create("sk_buff", sizeof(struct sk_buff), 64);
}

/* A buffer of @size bytes with its count; NULL without memory. Returns head. */
static u8 *data_alloc(size_t size)
{
	struct skb_data *d = kmalloc(sizeof(*d) + size);

	if (!d)
		return NULL;
	d->refs = 1;
	d->size = (u32)size;
	d->uarg = NULL;
	return (u8 *)(d + 1);
}

static void data_put(u8 *head)
{
	struct skb_data *d;

	if (!head)
		return;
	d = (struct skb_data *)head - 1;
	if (--d->refs)
		return;
	if (d->uarg)
		msg_zerocopy_put(d->uarg);
	kfree(d);
}

struct sk_buff *alloc_skb(size_t size)
{
	struct sk_buff *skb = kmem_cache_zalloc(skb_cache);

	if (!skb)
		return NULL;
	if (size) {
		skb->head = data_alloc(size);
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
	if (skb->dst)
		dst_release(skb->dst);
	if (skb->destructor)
		skb->destructor(skb);
	data_put(skb->head);
	kmem_cache_free(skb_cache, skb);
}

/* What a copy of the sk_buff keeps of the original and what it does not. */
static void copy_header(struct sk_buff *to, const struct sk_buff *from)
{
	*to = *from;
	INIT_LIST_HEAD(&to->list);
	to->users = 1;
	to->sk = NULL;
	to->destructor = NULL;
	to->peeked = false;
	if (to->dst)
		dst_hold(to->dst);
}

struct sk_buff *skb_clone(struct sk_buff *skb)
{
	struct sk_buff *n = kmem_cache_alloc(skb_cache);

	if (!n)
		return NULL;
	copy_header(n, skb);
	n->cloned = skb->cloned = true;
	if (skb->head)
		skb_data_of(skb)->refs++;
	return n;
}

/* Gives @skb a buffer of its own with @headroom ahead of the data and @tailroom behind: 0 or -ENOMEM. */
static int skb_new_data(struct sk_buff *skb, const u8 *from, size_t headroom, size_t tailroom)
{
	size_t used = from - skb->head, size;
	ssize_t delta;
	u8 *head;

	headroom = max(headroom, used);
	size = headroom + skb->len + tailroom;
	head = data_alloc(size);
	if (!head)
		return -ENOMEM;
	delta = (ssize_t)(headroom - used);
	memcpy(head + delta, skb->head, used + skb->len);
	skb->head = head;
	skb->data = head + headroom;
	skb->tail = skb->data + skb->len;
	skb->end = head + size;
	skb->mac_header += delta; /* offsets from head */
	skb->network_header += delta;
	skb->transport_header += delta;
	if (skb->ip_summed == CHECKSUM_PARTIAL)
		skb->csum_start += delta;
	skb->cloned = false;
	return 0;
}

struct sk_buff *skb_copy_expand(const struct sk_buff *skb, size_t headroom, size_t tailroom)
{
	struct sk_buff *n = kmem_cache_alloc(skb_cache);

	if (!n)
		return NULL;
	copy_header(n, skb);
	if (skb_new_data(n, skb->data, headroom, tailroom)) {
		dst_release(n->dst);
		kmem_cache_free(skb_cache, n);
		return NULL;
	}
	return n;
}

struct sk_buff *skb_copy(const struct sk_buff *skb)
{
	return skb_copy_expand(skb, skb_headroom(skb), skb_tailroom(skb));
}

int skb_cow(struct sk_buff *skb, size_t headroom)
{
	u8 *old = skb->head;
	int err;

	if (!skb_cloned(skb) && skb_headroom(skb) >= headroom)
		return 0;
	err = skb_new_data(skb, skb->data, headroom, skb_tailroom(skb));
	if (!err)
		data_put(old);
	return err;
}

int skb_expand(struct sk_buff *skb, size_t headroom, size_t tailroom)
{
	u8 *old = skb->head;
	int err;

	if (!skb_cloned(skb) && skb_headroom(skb) >= headroom && skb_tailroom(skb) >= tailroom)
		return 0;
	err = skb_new_data(skb, skb->data, headroom, tailroom);
	if (!err)
		data_put(old);
	return err;
}

int skb_cow_head(struct sk_buff *skb, size_t headroom)
{
	return skb_headroom(skb) >= headroom ? 0 : skb_cow(skb, headroom);
}

struct sk_buff *skb_share_check(struct sk_buff *skb)
{
	struct sk_buff *n;

	if (!skb_shared(skb))
		return skb;
	n = skb_clone(skb);
	kfree_skb(skb);
	return n;
}

void skb_zcopy_set(struct sk_buff *skb, struct ubuf_info *uarg)
{
	struct skb_data *d;

	if (!uarg || !skb->head)
		return;
	d = skb_data_of(skb);
	if (d->uarg)
		return;
	uarg->refs++;
	d->uarg = uarg;
}

void skb_zcopy_clear(struct sk_buff *skb)
{
	struct skb_data *d;
	struct ubuf_info *uarg;

	if (!skb->head || skb_cloned(skb))
		return;
	d = skb_data_of(skb);
	uarg = d->uarg;
	if (likely(!uarg))
		return;
	d->uarg = NULL;
	msg_zerocopy_put(uarg);
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
