/* kernel/rewrite_shape.c: what is a site, what becomes of it, and that nothing of it stays. */
#include "../../kernel/rewrite.h"
#include "mm.h"
#include "string.h"

#define START 0x400000ul
#define THUNK 0x10000ul

static u8 page[PAGE_SIZE], original[PAGE_SIZE];

static void put(u32 at, const char *bytes, size_t size)
{
	memcpy(page + at, bytes, size);
}
#define PUT(at, bytes) put(at, bytes, sizeof(bytes) - 1)
#define MOV_SITE "\xb8\x01\0\0\0\x0f\x05"
#define XOR_SITE "\x31\xc0\x0f\x05"
#define NOPL "\x0f\x1f\x84\0\0\0\0\0"

static void begin(void)
{
	memset(page, 0xcc, sizeof(page));
}

static struct site site_at(u32 at, u16 nr, u16 size)
{
	memcpy(original, page, sizeof(page));
	return (struct site){ .addr = START + at, .nr = nr, .size = size };
}

static u64 jump_target(u32 at)
{
	s32 rel;

	if (page[at] == 0xeb)
		at += 2 + (u32)(s8)page[at + 1];
	ck_assert_uint_eq(page[at], 0xe9);
	memcpy(&rel, page + at + 1, sizeof(rel));
	return START + at + JUMP_SIZE + (u64)rel;
}

START_TEST(test_mov)
{
	begin();
	PUT(100, MOV_SITE);
	ck_assert_uint_eq(rewrite_shape(page, 107, 1), 7);
	ck_assert_uint_eq(rewrite_shape(page, 107, 2), 0); /* rax was changed in between, or another site jumped here */
	ck_assert_uint_eq(rewrite_shape(page, 106, 1), 0);
	struct site s = site_at(100, 1, 7);

	ck_assert(rewrite_patch(page, &s, THUNK));
	ck_assert_uint_eq(jump_target(100), THUNK);
	ck_assert(!memcmp(page + 105, "\x0f\x05", 2));
	ck_assert(!rewrite_patch(page, &s, THUNK));
	rewrite_unpatch(page, &s, THUNK, false);
	ck_assert(!memcmp(page, original, sizeof(page)));
}
END_TEST

/* A site that begins in the page before is none; one at the end is one. */
START_TEST(test_page_ends)
{
	begin();
	PUT(0, "\x0f\x05");
	ck_assert_uint_eq(rewrite_shape(page, 2, 0), 0);
	PUT(0, "\xc0\x0f\x05");
	ck_assert_uint_eq(rewrite_shape(page, 3, 0), 0);
	PUT(0, "\x01\0\0\0\x0f\x05");
	ck_assert_uint_eq(rewrite_shape(page, 6, 1), 0);
	PUT(PAGE_SIZE - 4, XOR_SITE);
	ck_assert_uint_eq(rewrite_shape(page, PAGE_SIZE, 0), 0);
	PUT(PAGE_SIZE - 16, NOPL);
	ck_assert_uint_eq(rewrite_shape(page, PAGE_SIZE, 0), 4);
	PUT(0, NOPL);
	PUT(8, XOR_SITE);
	struct site s = site_at(8, 0, 4);

	ck_assert(rewrite_patch(page, &s, THUNK));
	ck_assert_uint_eq(jump_target(8), THUNK);
}
END_TEST

START_TEST(test_xor)
{
	begin();
	PUT(200, XOR_SITE);
	ck_assert_uint_eq(rewrite_shape(page, 204, 0), 0);
	PUT(239, NOPL); /* ends where no gap does */
	ck_assert_uint_eq(rewrite_shape(page, 204, 0), 0);
	PUT(240, NOPL);
	ck_assert_uint_eq(rewrite_shape(page, 204, 0), 4);
	ck_assert_uint_eq(rewrite_shape(page, 204, 1), 0);
	PUT(200, "\x31\xdb");
	ck_assert_uint_eq(rewrite_shape(page, 204, 0), 0);
	PUT(200, XOR_SITE);
	struct site s = site_at(200, 0, 4), other = { .addr = START + 220, .nr = 0, .size = 4 };

	ck_assert(rewrite_patch(page, &s, THUNK));
	ck_assert_uint_eq(jump_target(200), THUNK);
	ck_assert(!memcmp(page + 202, "\x0f\x05", 2));
	ck_assert(!memcmp(page + 240, "\x0f\x1f\x84\xe9", 4)); /* a nopl still, of the same length */
	ck_assert(rewrite_is_jump(page + 243, START + 243, THUNK));
	ck_assert(!rewrite_is_jump(page + 243, START + 243, THUNK + 1));
	PUT(220, XOR_SITE);
	ck_assert(!rewrite_patch(page, &other, THUNK + 32)); /* the only nopl is taken */
	memset(page + 220, 0xcc, 4);
	rewrite_unpatch(page, &s, THUNK, true);
	ck_assert(!memcmp(page + 200, XOR_SITE, 4));
	ck_assert(rewrite_is_jump(page + 243, START + 243, THUNK)); /* for whoever has just jumped there */
	memset(page + 243, 0, JUMP_SIZE);
	ck_assert(!memcmp(page, original, sizeof(page)));
	ck_assert(rewrite_patch(page, &s, THUNK));
	rewrite_unpatch(page, &s, THUNK, false);
	ck_assert(!memcmp(page, original, sizeof(page)));
}
END_TEST

/* As far as a short jump goes, and no further. */
START_TEST(test_reach)
{
	for (u32 gap = 1024; gap < 1536; gap += 8) {
		s32 distance = (s32)gap + 3 - (1280 + 2);

		if (gap == 1280)
			continue;
		begin();
		PUT(gap, NOPL);
		PUT(1280, XOR_SITE);
		ck_assert_uint_eq(rewrite_shape(page, 1284, 0), distance >= -128 && distance <= 127 ? 4 : 0);
		if (distance < -128 || distance > 127)
			continue;
		struct site s = site_at(1280, 0, 4);

		ck_assert(rewrite_patch(page, &s, THUNK));
		ck_assert_uint_eq(jump_target(1280), THUNK);
		rewrite_unpatch(page, &s, THUNK, false);
		ck_assert(!memcmp(page, original, sizeof(page)));
	}
}
END_TEST

/* What a guest has written over a site since is left alone. */
START_TEST(test_overwritten)
{
	begin();
	PUT(200, XOR_SITE);
	PUT(240, NOPL);
	struct site s = site_at(200, 0, 4);

	ck_assert(rewrite_patch(page, &s, THUNK));
	for (u32 i = 0; i < 256; i++) {
		u8 changed[PAGE_SIZE];

		page[201] = (u8)i;
		if (i == 243 - 202)
			continue;
		memcpy(changed, page, sizeof(page));
		rewrite_unpatch(page, &s, THUNK, false);
		ck_assert(!memcmp(page, changed, sizeof(page)));
	}
}
END_TEST

UNIT_MAIN("rewrite_shape", test_mov, test_page_ends, test_xor, test_reach, test_overwritten)
