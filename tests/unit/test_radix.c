/* kernel/mm/radix.c against a plain array. */
#include "kernel/mm/radix.h"
#include "slab.h"

START_TEST(test_sparse)
{
	u64 at[] = { 0, 1, 63, 64, 4095, 4096, 1ull << 40, (1ull << 52) - 1, ~0ull >> 1 }, index;
	void *root = NULL;

	slab_init();
	for (unsigned i = 0; i < ARRAY_SIZE(at); i++) {
		ck_assert_ptr_null(radix_lookup(root, at[i]));
		ck_assert_int_eq(radix_insert(&root, at[i], &at[i]), 0);
	}
	index = 0;
	for (unsigned i = 0; i < ARRAY_SIZE(at); i++) {
		ck_assert_ptr_eq(radix_lookup(root, at[i]), &at[i]);
		ck_assert_ptr_eq(radix_next(root, &index), &at[i]);
		ck_assert_uint_eq(index, at[i]);
		index++;
	}
	ck_assert_ptr_null(radix_next(root, &index));
	for (unsigned i = 0; i < ARRAY_SIZE(at); i++) {
		ck_assert_ptr_eq(radix_delete(&root, at[i]), &at[i]);
		ck_assert_ptr_null(radix_delete(&root, at[i]));
	}
	ck_assert_ptr_null(root);
	ck_assert_uint_eq(slab_leaks(true), 0);
}
END_TEST

START_TEST(test_dense)
{
	static char items[20000];
	void *root = NULL;
	u64 index = 0, seen = 0;

	slab_init();
	for (unsigned i = 0; i < sizeof(items); i += 3)
		ck_assert_int_eq(radix_insert(&root, i, &items[i]), 0);
	for (; radix_next(root, &index); index++, seen++)
		ck_assert_uint_eq(index % 3, 0);
	ck_assert_uint_eq(seen, (sizeof(items) + 2) / 3);
	for (unsigned i = 0; i < sizeof(items); i++)
		ck_assert_ptr_eq(radix_delete(&root, i), i % 3 ? NULL : &items[i]);
	ck_assert_ptr_null(root);
}
END_TEST

UNIT_MAIN("radix", test_sparse, test_dense)
