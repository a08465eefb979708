/* net/core/skbuff.c */
#include "net_unit.h"

START_TEST(test_truesize)
{
	/* What SIOCOUTQ of a Linux host says after one message of that many linear bytes. */
	static const struct { u32 size, truesize; } sizes[] = { { 1, 768 }, { 192, 768 }, { 193, 1280 }, { 704, 1280 },
		{ 705, 2304 }, { 1728, 2304 }, { 1729, 4352 }, { 3776, 4352 }, { 3777, 8448 }, { 7872, 8448 },
		{ 16064, 16640 } };

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++)
		ck_assert_uint_eq(skb_linux_truesize(sizes[i].size, 0), sizes[i].truesize);
	ck_assert_uint_eq(skb_linux_truesize(0, 4096), 768 + 4096);
	ck_assert_uint_eq(skb_linux_truesize(0, 4097), 768 + 8192);
	ck_assert_uint_eq(skb_linux_truesize(143328, 69632), 332032);
}
END_TEST

START_TEST(test_data)
{
	struct sk_buff *skb;

	slab_init();
	skb_init();
	skb = alloc_skb(16);
	ck_assert_ptr_nonnull(skb);
	ck_assert_uint_eq(skb_tailroom(skb), 16);
	skb_reserve(skb, 4);
	memcpy(skb_put(skb, 8), "abcdefgh", 8);
	ck_assert_uint_eq(skb->len, 8);
	ck_assert_uint_eq(skb_tailroom(skb), 4);
	ck_assert_int_eq(memcmp(skb_pull(skb, 3), "defgh", 5), 0);
	ck_assert_uint_eq(skb->len, 5);
	ck_assert_ptr_null(skb_pull(skb, 6));
	memcpy(skb_push(skb, 4), "head", 4);
	ck_assert_uint_eq(skb->len, 9);
	skb_get(skb);
	kfree_skb(skb);
	ck_assert_int_eq(memcmp(skb->data, "headdefgh", 9), 0);
	kfree_skb(skb);
	kfree_skb(NULL);
	skb = alloc_skb(0);
	ck_assert_ptr_nonnull(skb);
	kfree_skb(skb);
}
END_TEST

static unsigned destroyed;
static void count_destroyed(struct sk_buff *skb) { destroyed++; }

START_TEST(test_queue)
{
	struct sk_buff_head q;
	struct sk_buff *skb[3], *p;
	unsigned seen = 0;

	slab_init();
	skb_init();
	skb_queue_head_init(&q);
	ck_assert(skb_queue_empty(&q));
	ck_assert_ptr_null(skb_peek(&q));
	ck_assert_ptr_null(skb_dequeue(&q));
	for (int i = 0; i < 3; i++) {
		skb[i] = alloc_skb(8);
		skb[i]->destructor = count_destroyed;
	}
	skb_queue_tail(&q, skb[1]);
	skb_queue_tail(&q, skb[2]);
	skb_queue_head(&q, skb[0]);
	skb_queue_walk(&q, p)
		ck_assert_ptr_eq(p, skb[seen++]);
	ck_assert_uint_eq(skb_queue_len(&q), 3);
	ck_assert_ptr_eq(skb_peek_next(skb[1], &q), skb[2]);
	ck_assert_ptr_null(skb_peek_next(skb[2], &q));
	skb_unlink(skb[1], &q);
	kfree_skb(skb[1]);
	ck_assert_uint_eq(destroyed, 1);
	skb_queue_purge(&q);
	ck_assert_uint_eq(destroyed, 3);
	ck_assert_uint_eq(skb_queue_len(&q), 0);
}
END_TEST

UNIT_MAIN("skbuff", test_truesize, test_data, test_queue)
