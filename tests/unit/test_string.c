/* kernel/lib/string.c and vsprintf.c */
#include "string.h"

static void check_format(const char *want, const char *fmt, ...)
{
	char buf[128];
	__builtin_va_list ap;
	int n;

	__builtin_va_start(ap, fmt);
	n = kvsnprintf(buf, sizeof(buf), fmt, ap);
	__builtin_va_end(ap);
	ck_assert_str_eq(buf, want);
	ck_assert_int_eq(n, (int)kstrlen(want));
}

START_TEST(test_strings)
{
	char buf[4];

	ck_assert_uint_eq(kstrlen("abc"), 3);
	ck_assert_uint_eq(kstrnlen("abc", 2), 2);
	ck_assert_int_eq(kstrcmp("a", "a"), 0);
	ck_assert(kstrcmp("a", "b") < 0 && kstrcmp("\xff", "a") > 0 && kstrcmp("ab", "a") > 0);
	ck_assert_int_eq(kstrncmp("abc", "abd", 2), 0);
	ck_assert(kstrncmp("abc", "abd", 3) < 0);
	ck_assert_str_eq(kstrchr("hello", 'l'), "llo");
	ck_assert_str_eq(kstrrchr("hello", 'l'), "lo");
	ck_assert_ptr_null(kstrchr("hello", 'x'));
	ck_assert_str_eq(kstrchr("hello", 0), "");
	ck_assert_ptr_null(kmemchr("abc", 'c', 2));
	ck_assert_uint_eq(strscpy(buf, "hello", sizeof(buf)), 5);
	ck_assert_str_eq(buf, "hel");
	ck_assert_uint_eq(strscpy(buf, "a", sizeof(buf)), 1);
	ck_assert_uint_eq(strscpy(buf, "abc", 0), 3);
}
END_TEST

START_TEST(test_format)
{
	check_format("-5 7 -128", "%d %u %hhd", -5, 7u, 128);
	check_format("18446744073709551615", "%lu", ~0ul);
	check_format("-9223372036854775808", "%ld", (long)(1ul << 63));
	check_format("  42|42  |00042|+42| 42", "%4d|%-4d|%05d|%+d|% d", 42, 42, 42, 42, 42);
	check_format("0x1f 1F 017 0", "%#x %X %#o %#x", 31, 31, 15, 0);
	check_format("0007  |", "%.4d%2s|", 7, "");
	check_format("   ab|ab   |a", "%5s|%-5s|%.1s", "ab", "ab", "ab");
	check_format("c%", "%c%%", 'c');
	check_format("0x1000", "%p", (void *)0x1000);
	check_format("  x", "%*s", 3, "x");
	check_format("x  |", "%*s|", -3, "x");
	check_format("abc", "%.*s", 3, "abcdef");
	check_format("-0042", "%05d", -42);
	check_format("4294967295 -1", "%zu %lld", (size_t)4294967295u, -1ll);
	check_format("(null)", "%s", NULL);
}
END_TEST

START_TEST(test_cut)
{
	char buf[5];

	ck_assert_int_eq(ksnprintf(buf, sizeof(buf), "%s", "abcdefgh"), 8);
	ck_assert_str_eq(buf, "abcd");
	ck_assert_int_eq(ksnprintf(NULL, 0, "%d", 12345), 5);
}
END_TEST

UNIT_MAIN("string", test_strings, test_format, test_cut)
