/* kernel/mm/slab.c: caches, kmalloc, runs of blocks, leak counts, the limit. */
#include "slab.h"
#include "host.h"
#include "ktime.h"
#include "string.h"

START_TEST(test_cache)
{
	struct kmem_cache *c;
	void *p[3000];

	slab_init();
	c = kmem_cache_create("test", 100, 8);
	for (unsigned i = 0; i < ARRAY_SIZE(p); i++) {
		p[i] = kmem_cache_alloc(c);
		ck_assert_ptr_nonnull(p[i]);
		ck_assert_uint_eq((u64)p[i] % 16, 0);
		memset(p[i], (int)i, 100);
	}
	ck_assert_uint_eq(slab_leaks(false), ARRAY_SIZE(p));
	for (unsigned i = 0; i < ARRAY_SIZE(p); i++) {
		ck_assert_int_eq(((u8 *)p[i])[0], (u8)i);
		ck_assert_int_eq(((u8 *)p[i])[99], (u8)i);
		kmem_cache_free(c, p[i]);
	}
	ck_assert_uint_eq(slab_leaks(true), 0);
	p[0] = kmem_cache_zalloc(c);
	for (unsigned i = 0; i < 100; i++)
		ck_assert_int_eq(((u8 *)p[0])[i], 0);
	kmem_cache_free(c, p[0]);
	kmem_cache_free(c, NULL);
}
END_TEST

START_TEST(test_kmalloc)
{
	size_t sizes[] = { 1, 16, 17, 100, 1024, 1025, 4096, 5000, 16384, 16385, 65536, 65537, 1 << 20, 32 << 20 };
	void *p[ARRAY_SIZE(sizes)];

	slab_init();
	for (int round = 0; round < 3; round++) {
		for (unsigned i = 0; i < ARRAY_SIZE(sizes); i++) {
			p[i] = kmalloc(sizes[i]);
			ck_assert_ptr_nonnull(p[i]);
			ck_assert_uint_eq((u64)p[i] % 16, 0);
			memset(p[i], (int)i + 1, sizes[i]);
		}
		for (unsigned i = 0; i < ARRAY_SIZE(sizes); i++) {
			ck_assert_int_eq(((u8 *)p[i])[0], i + 1);
			ck_assert_int_eq(((u8 *)p[i])[sizes[i] - 1], i + 1);
			kfree(p[i]);
		}
		ck_assert_uint_eq(slab_leaks(true), 0);
	}
	for (size_t size = 16; size <= 65536; size *= 2) {
		for (unsigned i = 0; i < 3; i++) {
			p[i] = kmalloc(size);
			ck_assert_uint_eq((u64)p[i] % min(size, PAGE_SIZE), 0);
		}
		for (unsigned i = 0; i < 3; i++)
			kfree(p[i]);
	}
	ck_assert_ptr_null(kmalloc((32 << 20) + 1));
	ck_assert_ptr_null(kcalloc(~0ul / 8, 16));
	kfree(NULL);
}
END_TEST

START_TEST(test_krealloc)
{
	char *p, *s;

	slab_init();
	p = krealloc(NULL, 10);
	strscpy(p, "hello", 10);
	p = krealloc(p, 100000);
	ck_assert_str_eq(p, "hello");
	p = krealloc(p, 8);
	ck_assert_str_eq(p, "hello");
	s = kstrdup(p);
	kfree(p);
	p = kstrndup(s, 3);
	ck_assert_str_eq(p, "hel");
	kfree(p);
	kfree(s);
	ck_assert_uint_eq(slab_leaks(true), 0);
}
END_TEST

/* A guest cannot make the kernel take all there is; and what was taken can be taken again. */
START_TEST(test_limit)
{
	static void *p[20000];
	unsigned n, again;

	if (host_info.sanitized)
		return;
	slab_init();
	for (n = 0; n < ARRAY_SIZE(p) && (p[n] = kmalloc(60000)); n++)
		;
	ck_assert_uint_gt(n, 100);
	ck_assert_uint_lt(n, ARRAY_SIZE(p));
	for (unsigned i = 0; i < n; i++)
		kfree(p[i]);
	for (again = 0; again < n && (p[again] = kmalloc(60000)); again++)
		;
	ck_assert_uint_eq(again, n);
	for (unsigned i = 0; i < n; i++)
		kfree(p[i]);
	ck_assert_uint_eq(slab_leaks(true), 0);
}
END_TEST

static void run_timers(void)
{
	while (timers_next() != KTIME_MAX) {
		unit_now = timers_next();
		timers_run();
	}
}

/* Memory that comes and goes stays; when nobody wants it any more, most of it goes back to the host. */
START_TEST(test_trim)
{
	const u64 size = 256 << 10, count = 64;
	void *p[64];

	if (host_info.sanitized)
		return;
	slab_init();
	for (int round = 0; round < 100; round++) {
		for (unsigned i = 0; i < count; i++) {
			p[i] = kmalloc(size);
			ck_assert_ptr_nonnull(p[i]);
		}
		for (unsigned i = 0; i < count; i++)
			kfree(p[i]);
		unit_now += 10000000;
		timers_run();
	}
	ck_assert_uint_eq(unit_arena_discarded, 0);
	run_timers();
	ck_assert_uint_ge(unit_arena_discarded, size * count - (4 << 20));
	ck_assert_uint_eq(slab_leaks(true), 0);
}
END_TEST

START_TEST(test_report)
{
	slab_init();
	ck_assert_ptr_nonnull(kmalloc(5000));
	ck_assert_uint_eq(slab_leaks(true), 1);
	ck_assert_ptr_nonnull(__builtin_strstr(unit_messages, "kmalloc-8192"));
}
END_TEST

UNIT_MAIN("slab", test_cache, test_kmalloc, test_krealloc, test_limit, test_trim, test_report)
