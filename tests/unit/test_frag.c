/* net/core/frag.c: order, overlaps, ends, limits and time. */
#include "net_unit.h"
#include "net/frag.h"

static struct frag_table table;
static int high = 100000, seconds = 30;
static unsigned expired;

static void expire(struct frag_queue *q) { expired++; }

static void start(void)
{
	slab_init();
	skb_init();
	frag_table_init(&table, 8, &high, &seconds, expire);
}

static struct sk_buff *piece(u32 offset, u32 len)
{
	struct sk_buff *skb = alloc_skb(64 + len);
	u8 *p;

	skb_reserve(skb, 20);
	skb_reset_network_header(skb);
	p = skb_put(skb, 20 + len);
	memset(p, 0xee, 20);
	for (u32 i = 0; i < len; i++)
		p[20 + i] = (u8)(offset + i);
	skb_pull(skb, 20);
	skb_reset_transport_header(skb);
	return skb;
}

static int insert(struct frag_queue *q, u32 offset, u32 len, bool last)
{
	struct sk_buff *skb = piece(offset, len);
	int err = frag_insert(q, skb, offset, offset + len, last);

	if (err)
		kfree_skb(skb);
	return err;
}

START_TEST(test_any_order)
{
	static const u8 orders[6][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 }, { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };

	start();
	for (u64 i = 0; i < 6; i++) {
		struct frag_queue *q = frag_find(&table, &i);
		struct sk_buff *whole;

		ck_assert_ptr_nonnull(q);
		for (unsigned k = 0; k < 3; k++) {
			ck_assert(!frag_complete(q));
			ck_assert_ptr_eq(frag_find(&table, &i), q);
			ck_assert_int_eq(insert(q, orders[i][k] * 16u, orders[i][k] == 2 ? 5 : 16, orders[i][k] == 2), 0);
		}
		ck_assert(frag_complete(q));
		whole = frag_join(q, 20);
		ck_assert_uint_eq(whole->len, 20 + 37);
		for (u32 b = 0; b < 37; b++)
			ck_assert_uint_eq(whole->data[20 + b], b);
		kfree_skb(whole);
		frag_kill(q);
	}
	ck_assert_uint_eq(table.mem, 0);
	ck_assert_uint_eq(table.count, 0);
}
END_TEST

START_TEST(test_contradictions)
{
	u64 key = 1;
	struct frag_queue *q;

	start();
	q = frag_find(&table, &key);
	ck_assert_int_eq(insert(q, 16, 16, false), 0);
	ck_assert_int_eq(insert(q, 16, 16, false), -EEXIST);
	ck_assert_int_eq(insert(q, 16, 8, false), -EEXIST);
	ck_assert_int_eq(insert(q, 8, 16, false), -EOVERFLOW);
	ck_assert_int_eq(insert(q, 24, 16, false), -EOVERFLOW);
	ck_assert_int_eq(insert(q, 8, 16, true), -EINVAL);
	ck_assert_int_eq(insert(q, 40, 4, true), 0);
	ck_assert_int_eq(insert(q, 48, 4, true), -EINVAL);
	ck_assert_int_eq(insert(q, 48, 8, false), -EINVAL);
	frag_kill(q);
	ck_assert_uint_eq(table.mem, 0);
}
END_TEST

START_TEST(test_limits)
{
	u64 key;
	unsigned made = 0;

	start();
	for (key = 0; key < 1000; key++) {
		struct frag_queue *q = frag_find(&table, &key);

		if (!q)
			break;
		made++;
		ck_assert_int_eq(insert(q, 8, 800, false), 0);
	}
	ck_assert_uint_gt(made, 10);
	ck_assert_uint_lt(made, 100);
	unit_now += 31ull * NSEC_PER_SEC;
	timers_run();
	ck_assert_uint_eq(expired, made);
	ck_assert_uint_eq(table.count, 0);
	ck_assert_uint_eq(table.mem, 0);
	high = 0; /* nothing is kept at all */
	ck_assert_ptr_null(frag_find(&table, &key));
}
END_TEST

UNIT_MAIN("frag", test_any_order, test_contradictions, test_limits)
