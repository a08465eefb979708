/* net/core/checksum.c, against a sum made two bytes at a time. */
#include "net_unit.h"

static u16 reference(const u8 *p, size_t size, u32 sum)
{
	for (; size > 1; size -= 2, p += 2)
		sum += (u32)(p[0] | p[1] << 8), sum = (sum & 0xffff) + (sum >> 16);
	if (size)
		sum += p[0];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (u16)~sum;
}

START_TEST(test_partial)
{
	static u8 buf[3000];

	for (size_t i = 0; i < sizeof(buf); i++)
		buf[i] = (u8)(i * 37 + i / 256 * 11 + 0x80);
	for (size_t off = 0; off < 9; off++)
		for (size_t size = 0; size < 70; size++)
			ck_assert_uint_eq(csum_fold(csum_partial(buf + off, size, 0)), reference(buf + off, size, 0));
	ck_assert_uint_eq(csum_fold(csum_partial(buf, 2999, 0)), reference(buf, 2999, 0));
	memset(buf, 0xff, sizeof(buf)); /* every carry there is */
	ck_assert_uint_eq(csum_fold(csum_partial(buf, 3000, 0xffffffff)), reference(buf, 3000, 0xffff));
}
END_TEST

START_TEST(test_ip_header)
{
	/* The example of many a text. */
	static const u8 header[] = { 0x45, 0, 0, 0x73, 0, 0, 0x40, 0, 0x40, 0x11, 0xb8, 0x61, 0xc0, 0xa8, 0, 1, 0xc0, 0xa8, 0, 0xc7 };

	ck_assert_uint_eq(ip_fast_csum(header, 5), 0);
}
END_TEST

/* A checksum that was left open is written over the right bytes, and others are not touched. */
START_TEST(test_help)
{
	struct sk_buff *skb, *clone;
	u8 *p;

	slab_init();
	skb_init();
	skb = alloc_skb(100);
	skb_reserve(skb, 20);
	p = skb_put(skb, 30);
	for (int i = 0; i < 30; i++)
		p[i] = (u8)i;
	p[16] = p[17] = 0;
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = (u16)(p + 10 - skb->head);
	skb->csum_offset = 6;
	clone = skb_clone(skb);
	ck_assert_int_eq(skb_checksum_help(skb), 0);
	ck_assert_uint_eq(skb->ip_summed, CHECKSUM_NONE);
	ck_assert_uint_eq(csum_fold(csum_partial(skb->data + 10, 20, 0)), 0);
	ck_assert_ptr_ne(skb->data, clone->data);
	ck_assert_uint_eq(clone->data[16] | clone->data[17], 0);
	kfree_skb(skb);
	kfree_skb(clone);
}
END_TEST

UNIT_MAIN("checksum", test_partial, test_ip_header, test_help)
