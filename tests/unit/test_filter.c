/* net/core/filter.c: what programs are refused, and what instructions do, on packets of the test's own. */
#include "net_unit.h"
#include "net/dev.h"
#include <linux/if_ether.h>

static struct sk_buff *packet(const void *data, size_t size)
{
	struct sk_buff *skb = alloc_skb(size + 32);

	skb_reserve(skb, 32);
	memcpy(skb_put(skb, size), data, size);
	skb_reset_network_header(skb);
	skb_reset_mac_header(skb);
	return skb;
}

static u32 run(const struct sock_filter *insns, unsigned count, struct sk_buff *skb)
{
	struct sk_filter *f = kmalloc(sizeof(*f) + count * sizeof(*insns));
	u32 r;

	f->refs = 1;
	f->len = (u16)count;
	memcpy(f->insns, insns, count * sizeof(*insns));
	ck_assert_int_eq(bpf_check_classic(insns, count), 0);
	r = bpf_prog_run(f, skb);
	sk_filter_put(f);
	return r;
}
#define RUN(skb, ...) ({ struct sock_filter i_[] = { __VA_ARGS__ }; run(i_, ARRAY_SIZE(i_), skb); })
#define CHECK(...) ({ struct sock_filter i_[] = { __VA_ARGS__ }; bpf_check_classic(i_, ARRAY_SIZE(i_)); })
#define ST(c, k) BPF_STMT(c, (u32)(k))
#define RET_A ST(BPF_RET | BPF_A, 0)

START_TEST(test_loads)
{
	static const u8 bytes[] = { 0x45, 1, 2, 3, 0x84, 5, 6, 7 };
	struct sk_buff *skb;

	slab_init();
	skb_init();
	skb = packet(bytes, sizeof(bytes));
	ck_assert_uint_eq(RUN(skb, ST(BPF_LD | BPF_W | BPF_ABS, 0), RET_A), 0x45010203);
	ck_assert_uint_eq(RUN(skb, ST(BPF_LD | BPF_W | BPF_ABS, 4), RET_A), 0x84050607);
	ck_assert_uint_eq(RUN(skb, ST(BPF_LD | BPF_W | BPF_ABS, 5), ST(BPF_RET | BPF_K, 1)), 0);
	ck_assert_uint_eq(RUN(skb, ST(BPF_LD | BPF_H | BPF_ABS, 6), RET_A), 0x607);
	ck_assert_uint_eq(RUN(skb, ST(BPF_LD | BPF_H | BPF_ABS, 7), ST(BPF_RET | BPF_K, 1)), 0);
	ck_assert_uint_eq(RUN(skb, ST(BPF_LD | BPF_B | BPF_ABS, 7), RET_A), 7);
	ck_assert_uint_eq(RUN(skb, ST(BPF_LD | BPF_B | BPF_ABS, 8), ST(BPF_RET | BPF_K, 1)), 0);
	ck_assert_uint_eq(RUN(skb, ST(BPF_LDX | BPF_IMM, 3), ST(BPF_LD | BPF_B | BPF_IND, 2), RET_A), 5);
	/* An index that wraps round, and one that means a negative offset. */
	ck_assert_uint_eq(RUN(skb, ST(BPF_LDX | BPF_IMM, -1), ST(BPF_LD | BPF_B | BPF_IND, 1), RET_A), 0x45);
	ck_assert_uint_eq(RUN(skb, ST(BPF_LDX | BPF_IMM, -2), ST(BPF_LD | BPF_B | BPF_IND, 1), ST(BPF_RET | BPF_K, 1)), 0);
	ck_assert_uint_eq(RUN(skb, ST(BPF_LDX | BPF_B | BPF_MSH, 0), ST(BPF_MISC | BPF_TXA, 0), RET_A), 20);
	ck_assert_uint_eq(RUN(skb, ST(BPF_LD | BPF_W | BPF_LEN, 0), RET_A), 8);
	ck_assert_uint_eq(RUN(skb, ST(BPF_LD | BPF_B | BPF_ABS, SKF_NET_OFF + 1), RET_A), 1);
	ck_assert_uint_eq(RUN(skb, ST(BPF_LD | BPF_W | BPF_ABS, SKF_NET_OFF + 5), ST(BPF_RET | BPF_K, 1)), 0);
	ck_assert_uint_eq(RUN(skb, ST(BPF_LD | BPF_B | BPF_ABS, SKF_LL_OFF), RET_A), 0x45);
	/* Before the packet's header there is nothing. */
	ck_assert_uint_eq(RUN(skb, ST(BPF_LD | BPF_B | BPF_ABS, SKF_LL_OFF - 1), ST(BPF_RET | BPF_K, 1)), 0);
	skb->mark = 77;
	skb->protocol = htons(ETH_P_IPV6);
	ck_assert_uint_eq(RUN(skb, ST(BPF_LD | BPF_W | BPF_ABS, SKF_AD_OFF + SKF_AD_MARK), RET_A), 77);
	ck_assert_uint_eq(RUN(skb, ST(BPF_LD | BPF_W | BPF_ABS, SKF_AD_OFF + SKF_AD_PROTOCOL), RET_A), ETH_P_IPV6);
	/* Without a device these end the program. */
	ck_assert_uint_eq(RUN(skb, ST(BPF_LD | BPF_W | BPF_ABS, SKF_AD_OFF + SKF_AD_IFINDEX), ST(BPF_RET | BPF_K, 1)), 0);
	kfree_skb(skb);
}
END_TEST

START_TEST(test_arithmetic)
{
	struct sk_buff *skb;

	slab_init();
	skb_init();
	skb = packet("", 0);
#define ALU(op, a, k) RUN(skb, ST(BPF_LD | BPF_IMM, a), ST(BPF_ALU | (op) | BPF_K, k), RET_A)
#define ALUX(op, a, x) RUN(skb, ST(BPF_LDX | BPF_IMM, x), ST(BPF_LD | BPF_IMM, a), ST(BPF_ALU | (op) | BPF_X, 0), RET_A)
	ck_assert_uint_eq(ALU(BPF_ADD, -1, 2), 1);
	ck_assert_uint_eq(ALU(BPF_SUB, 1, 2), 0xffffffff);
	ck_assert_uint_eq(ALU(BPF_MUL, 0x10000, 0x10000), 0);
	ck_assert_uint_eq(ALU(BPF_DIV, 7, 2), 3);
	ck_assert_uint_eq(ALU(BPF_MOD, 7, 4), 3);
	ck_assert_uint_eq(ALU(BPF_LSH, 1, 31), 0x80000000);
	ck_assert_uint_eq(ALU(BPF_RSH, 0x80000000, 31), 1);
	ck_assert_uint_eq(ALU(BPF_XOR, 5, 1), 4);
	ck_assert_uint_eq(ALUX(BPF_DIV, 7, 0), 0);
	ck_assert_uint_eq(ALUX(BPF_MOD, 7, 0), 0);
	ck_assert_uint_eq(ALUX(BPF_LSH, 1, 33), 2);
	ck_assert_uint_eq(RUN(skb, ST(BPF_LD | BPF_IMM, 5), ST(BPF_ALU | BPF_NEG, 0), RET_A), (u32)-5);
	kfree_skb(skb);
}
END_TEST

START_TEST(test_refused)
{
	slab_init();
	ck_assert_int_eq(CHECK(ST(BPF_RET | BPF_K, 0)), 0);
	ck_assert_int_eq(CHECK(ST(BPF_LD | BPF_IMM, 0)), -EINVAL);
	ck_assert_int_eq(CHECK(ST(BPF_JMP | BPF_JA, 0), ST(BPF_RET | BPF_K, 0)), 0);
	ck_assert_int_eq(CHECK(ST(BPF_JMP | BPF_JA, 1), ST(BPF_RET | BPF_K, 0)), -EINVAL);
	ck_assert_int_eq(CHECK(ST(BPF_JMP | BPF_JA, -1), ST(BPF_RET | BPF_K, 0)), -EINVAL);
	ck_assert_int_eq(CHECK(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0), ST(BPF_RET | BPF_K, 0)), -EINVAL);
	ck_assert_int_eq(CHECK(ST(BPF_ST, 15), ST(BPF_LD | BPF_MEM, 15), RET_A), 0);
	ck_assert_int_eq(CHECK(ST(BPF_ST, 16), ST(BPF_RET | BPF_K, 0)), -EINVAL);
	/* A word that only one branch has written. */
	ck_assert_int_eq(CHECK(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0), ST(BPF_ST, 1), ST(BPF_LD | BPF_MEM, 1), RET_A),
		-EINVAL);
	ck_assert_int_eq(CHECK(ST(BPF_LD | BPF_W | BPF_ABS, SKF_AD_OFF + 100), ST(BPF_RET | BPF_K, 0)), -EINVAL);
	ck_assert_int_eq(CHECK(ST(0x1234, 0), ST(BPF_RET | BPF_K, 0)), -EINVAL);
}
END_TEST

UNIT_MAIN("filter", test_loads, test_arithmetic, test_refused)
