/* net/netlink/attr.c and net/ipv4/inet_diag_bc.c: attributes and filters as a hostile guest would send them. */
#include "net_unit.h"
#include "net/netlink.h"
#include "net/sock_diag.h"

static const struct nla_policy policy[] = { [1] = { NLA_U32 }, [2] = { NLA_U8 }, [3] = { NLA_STRING, 4 }, [4] = { NLA_NUL_STRING, 4 },
	[5] = { NLA_BINARY, 8 }, [6] = { NLA_FLAG }, [7] = { NLA_NESTED }, [8] = { NLA_EXACT, 6 }, [9] = { NLA_REJECT }, [10] = { NLA_MIN, 6 },
	[11] = { NLA_UNSPEC } };
#define MOST 11

static u8 buf[4096] __attribute__((aligned(8)));
static const struct nlattr *tb[MOST + 1];

static size_t put(size_t at, int type, const void *data, size_t size)
{
	struct nlattr *a = (struct nlattr *)(buf + at);

	a->nla_type = (u16)type;
	a->nla_len = (u16)(NLA_HDRLEN + size);
	memcpy(buf + at + NLA_HDRLEN, data, size);
	return at + NLA_HDRLEN + NLA_ALIGN(size);
}

static int parse_one(int type, const void *data, size_t size, bool strict)
{
	memset(buf, 0, sizeof(buf));
	return nla_parse(tb, MOST, buf, put(0, type, data, size), policy, strict, NULL);
}

START_TEST(test_policies)
{
	struct netlink_ext_ack e = { .msg = NULL };

	ck_assert_int_eq(parse_one(1, "abcd", 4, false), 0);
	ck_assert_ptr_eq(tb[1], (void *)buf);
	ck_assert_int_eq(parse_one(1, "abc", 3, false), -ERANGE);
	ck_assert_int_eq(parse_one(1, "abcdefgh", 8, false), 0); /* longer is fine for old messages */
	ck_assert_int_eq(parse_one(1, "abcdefgh", 8, true), -EINVAL);
	ck_assert_int_eq(parse_one(2, "", 0, false), -ERANGE);
	ck_assert_int_eq(parse_one(3, "abcd", 4, false), 0);
	ck_assert_int_eq(parse_one(3, "abcd\0", 5, false), 0);
	ck_assert_int_eq(parse_one(3, "abcde", 5, false), -ERANGE);
	ck_assert_int_eq(parse_one(3, "", 0, false), -ERANGE);
	ck_assert_int_eq(parse_one(4, "abcd", 4, false), -EINVAL);
	ck_assert_int_eq(parse_one(4, "abc", 4, false), 0);
	ck_assert_int_eq(parse_one(5, "123456789", 9, false), -ERANGE);
	ck_assert_int_eq(parse_one(6, "x", 1, false), -ERANGE);
	ck_assert_int_eq(parse_one(6, "", 0, false), 0);
	ck_assert_int_eq(parse_one(7, "xy", 2, false), -ERANGE);
	ck_assert_int_eq(parse_one(8, "12345", 5, false), -ERANGE);
	ck_assert_int_eq(parse_one(10, "12345", 5, false), -ERANGE);
	ck_assert_int_eq(parse_one(10, "1234567", 7, false), 0);
	ck_assert_int_eq(parse_one(9, "", 0, false), -EINVAL);
	ck_assert_int_eq(parse_one(11, "any", 3, true), -EINVAL);
	ck_assert_int_eq(parse_one(200, "abcd", 4, false), 0); /* unknown */
	ck_assert_int_eq(parse_one(200, "abcd", 4, true), -EINVAL);
	memset(buf, 0, sizeof(buf));
	put(put(0, 2, "a", 1), 1, "ab", 2);
	ck_assert_int_eq(nla_parse(tb, MOST, buf, 16, policy, false, &e), -ERANGE);
	ck_assert_ptr_eq(e.bad_attr, (void *)(buf + 8));
	ck_assert_ptr_eq(e.policy, &policy[1]);
}
END_TEST

/* Lengths that lie: nothing beyond the end is looked at (the sanitizer sees to it), and the walk ends. */
START_TEST(test_lengths)
{
	struct nlattr *a;
	u8 *p;

	slab_init();
	p = kmalloc(16);
	a = (struct nlattr *)p;
	for (unsigned len = 0; len < 40; len++)
		for (size_t size = 0; size <= 16; size++) {
			memset(p, 0, 16);
			*a = (struct nlattr){ .nla_len = (u16)len, .nla_type = 1 };
			(void)nla_parse(tb, MOST, p, size, policy, false, NULL);
			ck_assert(!tb[1] || (len >= 8 && len <= size));
		}
	kfree(p);
	/* the last of a type counts */
	put(put(0, 1, "aaaa", 4), 1, "bbbb", 4);
	ck_assert_int_eq(nla_parse(tb, MOST, buf, 16, policy, false, NULL), 0);
	ck_assert_ptr_eq(tb[1], (void *)(buf + 8));
	/* a rest that is no attribute */
	ck_assert_int_eq(nla_parse(tb, MOST, buf, 18, policy, false, NULL), 0);
	ck_assert_int_eq(nla_parse(tb, MOST, buf, 18, policy, true, NULL), -EINVAL);
}
END_TEST

START_TEST(test_building)
{
	struct sk_buff *skb;
	struct nlmsghdr *nlh;
	struct nlattr *nest;
	char text[8];

	slab_init();
	skb_init();
	skb = nlmsg_new(64);
	ck_assert_ptr_null(nlmsg_put(skb, 1, 2, 3, 60, 0));
	nlh = nlmsg_put(skb, 1, 2, 3, 5, 4);
	ck_assert_ptr_nonnull(nlh);
	ck_assert_uint_eq(skb->len, NLMSG_SPACE(5));
	ck_assert_int_eq(nla_put_u32(skb, 1, 7), 0);
	nest = nla_nest_start(skb, 2);
	ck_assert_int_eq(nla_put(skb, 3, 3, "abc"), 0);
	nla_nest_end(skb, nest);
	ck_assert_int_eq(nest->nla_len, 12);
	ck_assert_uint_eq(skb->len, 24 + 8 + 12);
	ck_assert_int_eq(nla_put(skb, 4, 17, "seventeen letters"), -EMSGSIZE);
	ck_assert_int_eq(nla_put(skb, 4, 16, "sixteen letters"), 0);
	ck_assert_ptr_null(nla_reserve(skb, 5, 0));
	nlmsg_end(skb, nlh);
	ck_assert_uint_eq(nlh->nlmsg_len, 64);
	nla_strscpy(text, nla_data(nest), sizeof(text));
	ck_assert_str_eq(text, "abc");
	nlmsg_cancel(skb, nest);
	ck_assert_uint_eq(skb->len, 32);
	kfree_skb(skb);
}
END_TEST

/* ---- filters ---- */

static bool audit(const void *bc, size_t size)
{
	memset(buf, 0, sizeof(buf));
	put(0, 1, bc, size);
	return !inet_diag_bc_audit((struct nlattr *)buf);
}

START_TEST(test_filters)
{
	static const u32 addr = 0x0100007f;
	struct inet_diag_entry e = { .saddr = &addr, .daddr = &addr, .family = AF_INET, .sport = 80, .dport = 1000 };
	struct inet_diag_bc_op eq[] = { { INET_DIAG_BC_S_EQ, 8, 12 }, { 0, 0, 80 } };
	u8 host[12] = { INET_DIAG_BC_S_COND, 12, 16, 0, AF_INET, 8, 0, 0 };

	mm_unit_start();
	ck_assert(audit(eq, sizeof(eq)));
	ck_assert(inet_diag_bc_run((struct nlattr *)buf, &e));
	e.sport = 81;
	ck_assert(!inet_diag_bc_run((struct nlattr *)buf, &e));
	ck_assert(!audit(eq, 4));
	eq[0].no = 8;
	ck_assert(audit(eq, sizeof(eq)));
	eq[0].no = 16;
	ck_assert(!audit(eq, sizeof(eq)));
	eq[0].no = 12;
	eq[0].yes = 4; /* into the middle of itself */
	ck_assert(!audit(eq, sizeof(eq)));
	eq[0].yes = 0;
	ck_assert(!audit(eq, sizeof(eq)));
	/* an address that is cut off */
	ck_assert(!audit(host, sizeof(host)));
}
END_TEST

/* Whatever passes the check ends, and reads nothing beyond its end: programs of random bytes, many of them nearly right. */
START_TEST(test_random_filters)
{
	static const u32 addr[4] = { 1, 2, 3, 4 };
	struct inet_diag_entry e = { .saddr = addr, .daddr = addr, .family = AF_INET6, .sport = 80, .dport = 1000 };
	unsigned accepted = 0, seed = 1;

	mm_unit_start();
	for (unsigned round = 0; round < 200000; round++) {
		size_t size = 4 * (1 + round % 8);
		u8 *p = kmalloc(NLA_HDRLEN + size);
		struct nlattr *a = (struct nlattr *)p;

		*a = (struct nlattr){ .nla_type = 1, .nla_len = (u16)(NLA_HDRLEN + size) };
		for (size_t i = 0; i < size; i++) {
			seed = seed * 1103515245 + 12345;
			p[NLA_HDRLEN + i] = (u8)(i % 4 == 0 ? (seed >> 16) % 14 : i % 4 == 3 ? 0 : (seed >> 16) % 10 * 4);
		}
		if (!inet_diag_bc_audit(a)) {
			accepted++;
			(void)inet_diag_bc_run(a, &e);
		}
		kfree(p);
	}
	ck_assert_uint_gt(accepted, 100);
}
END_TEST

UNIT_MAIN("netlink", test_policies, test_lengths, test_building, test_filters, test_random_filters)
