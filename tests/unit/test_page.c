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

#define BLOCKS 7u /* more than is kept */
#define BLOCK_FRAMES 512u
#define LARGE (1ull << 30)

static void after_seconds(unsigned seconds)
{
	u64 end = unit_now + seconds * NSEC_PER_SEC;

	for (; timers_next() <= end; timers_run()) /* nobody asks for frames meanwhile */
		unit_now = max(unit_now, timers_next());
	unit_now = end;
}

/* Lets go of blocks, first of all their frames but one, then of that. What lies idle goes back to the host. */
static void give_back(bool huge)
{
	struct page *blocks[BLOCKS];

	host_info.physmem_huge = huge;
	host_info.physmem_size = LARGE; /* of which nothing beyond the fake host's is touched; so many are not yet too many */
	mm_unit_start();
	for (unsigned i = 0; i < BLOCKS; i++)
		blocks[i] = page_alloc(9, true);
	for (unsigned i = 0; i < BLOCKS; i++)
		for (unsigned f = 1; f < BLOCK_FRAMES; f++)
			page_put(blocks[i] + f);
	after_seconds(5);
	ck_assert(huge ? !unit_physmem_discarded : unit_physmem_discarded > 0);
	for (unsigned i = 0; i < BLOCKS; i++)
		page_put(blocks[i]);
	after_seconds(5);
	ck_assert_uint_ge(unit_physmem_discarded, (u64)(BLOCKS - 5) * BLOCK_FRAMES * PAGE_SIZE);
}

START_TEST(test_give_back)
{
	give_back(false);
}
END_TEST

/* A host that gives memory by 2 MiB gets whole blocks alone. */
START_TEST(test_give_back_huge)
{
	give_back(true);
	ck_assert_uint_eq(unit_physmem_discarded % (BLOCK_FRAMES * PAGE_SIZE), 0);
}
END_TEST

UNIT_MAIN("page", test_alloc, test_runs, test_all, test_reserve, test_give_back, test_give_back_huge)
