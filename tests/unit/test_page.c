/* kernel/mm/page.c: runs, colours, giving back, exhaustion. */
#include "mm_unit.h"

static bool reads_zero(struct page *p)
{
	const u64 *q = page_address(p);

	for (unsigned i = 0; i < PAGE_SIZE / 8; i++)
		if (q[i])
			return false;
	return true;
}

START_TEST(test_alloc)
{
	u64 before;
	struct page *p;

	mm_unit_start();
	before = nr_free_pages();
	p = page_alloc(3, true);
	ck_assert_ptr_nonnull(p);
	ck_assert_uint_eq(nr_free_pages(), before - 8);
	for (unsigned i = 0; i < 8; i++) {
		ck_assert_uint_eq(p[i].refs, 1);
		ck_assert(reads_zero(p + i));
		memset(page_address(p + i), 0xaa, PAGE_SIZE);
	}
	ck_assert_ptr_eq(phys_page(page_phys(p)), p);
	page_get(p);
	for (unsigned i = 0; i < 8; i++)
		page_put(p + i);
	ck_assert_uint_eq(nr_free_pages(), before - 1);
	page_put(p);
	ck_assert_uint_eq(nr_free_pages(), before);
	p = page_alloc(3, true); /* used before: zeroed again */
	for (unsigned i = 0; i < 8; i++) {
		ck_assert(reads_zero(p + i));
		page_put(p + i);
	}
	ck_assert_ptr_null(page_alloc(30, false));
}
END_TEST

START_TEST(test_runs)
{
	u32 n = 16, m = 16;
	struct page *a, *b;

	mm_unit_start();
	a = page_alloc_run(&n, true);
	b = page_alloc_run(&m, true);
	ck_assert_uint_eq(n, 16);
	ck_assert_uint_eq(m, 16);
	ck_assert_ptr_eq(b, a + 16); /* what is asked for in a row lies in a row */
	n = 1000;
	a = page_alloc_run(&n, true);
	ck_assert_ptr_nonnull(a);
	ck_assert_uint_eq(n, 512);
	n = 5;
	a = page_alloc_run(&n, false);
	ck_assert_uint_eq(n, 5);
}
END_TEST

START_TEST(test_all)
{
	static struct page *got[20000];
	u64 before;
	unsigned n = 0;

	mm_unit_start();
	before = nr_free_pages();
	ck_assert_uint_eq(nr_total_pages(), (64 << 20) / PAGE_SIZE);
	while ((got[n] = page_alloc(0, false)))
		n++;
	ck_assert_uint_eq(n, before);
	ck_assert_uint_eq(nr_free_pages(), 0);
	memset(page_address(got[7]), 1, PAGE_SIZE);
	for (unsigned i = 0; i < n; i += 2) /* every other one, then the rest */
		page_put(got[i]);
	for (unsigned i = 1; i < n; i += 2)
		page_put(got[i]);
	ck_assert_uint_eq(nr_free_pages(), before);
	for (unsigned i = 0; i < n / 512 / 2; i++) /* whole again */
		ck_assert_ptr_nonnull(page_alloc(9, true));
}
END_TEST

/* Guests leave the kernel a reserve. */
START_TEST(test_reserve)
{
	u32 n;

	mm_unit_start();
	do
		n = 512;
	while (page_alloc_run(&n, true));
	ck_assert_uint_gt(nr_free_pages(), 0);
	ck_assert(memory_low());
	ck_assert_ptr_nonnull(page_alloc(0, true));
}
END_TEST

UNIT_MAIN("page", test_alloc, test_runs, test_all, test_reserve)
