/* The pieces of TCP that stand alone: sequence arithmetic, options, CUBIC's root, the windowed minimum, SipHash, treaps, RTT. */
#include "tcp_unit.h"
#include "net/siphash.h"

START_TEST(test_sequence)
{
	ck_assert(before(1, 2) && !before(2, 2) && !before(2, 1));
	ck_assert(before(0xfffffff0u, 5) && after(5, 0xfffffff0u));
	ck_assert(between(5, 0xfffffff0u, 10) && !between(11, 0xfffffff0u, 10) && between(7, 7, 7));
}
END_TEST

START_TEST(test_siphash)
{
	/* The vectors of the authors' paper: key 00 01 .. 0f, input 00 01 .. . */
	struct siphash_key key = { { 0x0706050403020100ull, 0x0f0e0d0c0b0a0908ull } };
	u8 in[15];

	for (unsigned i = 0; i < sizeof(in); i++)
		in[i] = (u8)i;
	ck_assert_uint_eq(siphash(in, 0, &key), 0x726fdb47dd0e0e31ull);
	ck_assert_uint_eq(siphash(in, 8, &key), 0x93f5f5799a932462ull);
	ck_assert_uint_eq(siphash(in, 15, &key), 0xa129ca6149be45e5ull);
}
END_TEST

START_TEST(test_cubic_root)
{
	for (u64 i = 0; i < 3000; i++) {
		ck_assert_uint_eq(tcp_cubic_root(i * i * i), i);
		if (i)
			ck_assert_uint_eq(tcp_cubic_root(i * i * i - 1), i - 1);
	}
	ck_assert_uint_eq(tcp_cubic_root(~0ull), 2642245);
}
END_TEST

START_TEST(test_minmax)
{
	struct minmax m = { { { 0, ~0u }, { 0, ~0u }, { 0, ~0u } } };

	ck_assert_uint_eq(minmax_running_min(&m, 100, 0, 50), 50);
	ck_assert_uint_eq(minmax_running_min(&m, 100, 10, 60), 50);
	ck_assert_uint_eq(minmax_running_min(&m, 100, 20, 40), 40);
	for (u32 t = 30; t < 120; t += 10)
		ck_assert_uint_eq(minmax_running_min(&m, 100, t, 70), 40);
	/* The 40 is older than the window. */
	ck_assert_uint_eq(minmax_running_min(&m, 100, 130, 70), 70);
	ck_assert_uint_eq(minmax_running_min(&m, 100, 131, 30), 30);
}
END_TEST

/* ---- treaps ---- */

struct item { struct treap_node node; u32 key; bool in; };
static struct item items[2000];

static void item_insert(struct treap_root *root, struct item *it)
{
	struct treap_node **link = &root->node, *parent = NULL;

	while (*link) {
		parent = *link;
		link = it->key < container_of(parent, struct item, node)->key ? &parent->left : &parent->right;
	}
	treap_insert(root, &it->node, parent, link);
	it->in = true;
}

static unsigned depth(const struct treap_node *n)
{
	return n ? 1 + max(depth(n->left), depth(n->right)) : 0;
}

START_TEST(test_treap)
{
	struct treap_root root = { NULL };
	unsigned in = 0;
	u32 state = 1;

	/* In order, the worst for a plain tree. */
	for (unsigned i = 0; i < ARRAY_SIZE(items); i++) {
		items[i].key = i;
		item_insert(&root, &items[i]);
	}
	ck_assert_uint_lt(depth(root.node), 60);
	for (unsigned round = 0; round < 5000; round++) {
		struct item *it = &items[(state = state * 1664525 + 1013904223) >> 8 & 1023];

		if (it->in) {
			treap_erase(&root, &it->node);
			it->in = false;
		} else {
			item_insert(&root, it);
		}
	}
	for (struct treap_node *n = treap_first(&root); n; n = treap_next(n)) {
		struct treap_node *next = treap_next(n);

		in++;
		ck_assert(!next || container_of(n, struct item, node)->key < container_of(next, struct item, node)->key);
		ck_assert(!next || treap_prev(next) == n);
	}
	for (unsigned i = 0; i < ARRAY_SIZE(items); i++)
		in -= items[i].in;
	ck_assert_uint_eq(in, 0);
	while (root.node)
		treap_erase(&root, root.node);
	ck_assert(!treap_first(&root) && !treap_last(&root));
}
END_TEST

/* ---- options ---- */

/* A segment with these @n bytes of options. */
static struct sk_buff *segment(const u8 *opts, u32 n, bool syn)
{
	struct sk_buff *skb = alloc_skb(128);
	struct tcphdr *th = skb_put(skb, 20 + n);

	memset(th, 0, 20);
	memcpy(th + 1, opts, n);
	((u8 *)th)[12] = (u8)((20 + n) / 4 << 4);
	th->syn = syn;
	skb_reset_transport_header(skb);
	memset(skb->cb, 0, sizeof(skb->cb));
	return skb;
}

START_TEST(test_options_round_trip)
{
	u8 buf[60] = { 0 };
	struct tcp_out_options out = { .options = OPTION_TS | OPTION_SACK_ADVERTISE | OPTION_WSCALE, .mss = 1460, .ws = 7,
		.tsval = 0x01020304, .tsecr = 0x05060708 };
	/* MSS; SACK permitted and timestamp; padding and window scale: as Linux orders them. */
	static const u8 want[] = { 2, 4, 5, 180, 4, 2, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8, 1, 3, 3, 7 };
	struct tcp_options_received rx = { 0 };
	struct sk_buff *skb;

	net_unit_start();
	tcp_options_write((struct tcphdr *)buf, NULL, &out);
	ck_assert_int_eq(memcmp(buf + 20, want, sizeof(want)), 0);
	skb = segment(buf + 20, 20, true);
	tcp_parse_options(skb, &rx, false, NULL);
	ck_assert_uint_eq(rx.mss_clamp, 1460);
	ck_assert(rx.wscale_ok && rx.sack_ok && rx.saw_tstamp);
	ck_assert_uint_eq(rx.snd_wscale, 7);
	ck_assert_uint_eq(rx.rcv_tsval, 0x01020304);
	ck_assert_uint_eq(rx.rcv_tsecr, 0x05060708);
	kfree_skb(skb);
}
END_TEST

START_TEST(test_options_bad)
{
	static const struct { u8 b[12]; const char *what; } bad[] = {
		{ { 2, 0 }, "length 0" }, { { 2, 1 }, "length 1" }, { { 2, 40, 5, 180 }, "beyond the header" },
		{ { 2, 3, 5, 1 }, "MSS too short" }, { { 2, 4, 0, 0 }, "MSS 0" }, { { 3, 2, 1, 1 }, "window scale too short" },
		{ { 8, 9, 1, 2, 3, 4, 5, 6, 7, 0 }, "timestamp too short" }, { { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 8 }, "kind alone" },
		{ { 0, 2, 4, 5, 180 }, "behind the end" },
	};
	struct tcp_fastopen_cookie foc;

	net_unit_start();
	for (unsigned i = 0; i < ARRAY_SIZE(bad); i++) {
		struct tcp_options_received rx = { .mss_clamp = 536 };
		struct sk_buff *skb = segment(bad[i].b, 12, true);

		tcp_parse_options(skb, &rx, false, NULL);
		ck_assert_msg(rx.mss_clamp == 536 && !rx.wscale_ok && !rx.saw_tstamp, "%s", bad[i].what);
		kfree_skb(skb);
	}
	/* A window scale of more than 14 is 14 (RFC 7323 2.3). */
	{
		static const u8 ws[] = { 3, 3, 200, 1 };
		struct tcp_options_received rx = { 0 };
		struct sk_buff *skb = segment(ws, 4, true);

		tcp_parse_options(skb, &rx, false, NULL);
		ck_assert_uint_eq(rx.snd_wscale, 14);
		kfree_skb(skb);
	}
	/* A cookie of odd length is none. */
	{
		static const u8 tfo[] = { 34, 7, 1, 2, 3, 4, 5, 0 };
		struct tcp_options_received rx = { 0 };
		struct sk_buff *skb = segment(tfo, 8, true);

		foc.len = -1;
		tcp_parse_options(skb, &rx, false, &foc);
		ck_assert_int_eq(foc.len, -1);
		kfree_skb(skb);
	}
}
END_TEST

START_TEST(test_rtt)
{
	struct sock *sk;
	struct tcp_sock *tp;
	int fd;

	net_unit_start();
	fd = tcp_unit_socket();
	sk = sock_of(fd);
	tp = tcp_sk(sk);
	/* RFC 6298 2.2: the first sample. */
	tcp_rtt_estimator(sk, 100000);
	tcp_set_rto(sk);
	ck_assert_uint_eq(tp->srtt_us >> 3, 100000);
	ck_assert_uint_eq(tp->mdev_us >> 2, 50000);
	ck_assert_uint_eq(inet_csk(sk)->icsk_rto, 300000);
	/* 2.3: an eighth of the difference. */
	tcp_rtt_estimator(sk, 180000);
	ck_assert_uint_eq(tp->srtt_us >> 3, 110000);
	for (int i = 0; i < 200; i++) {
		tp->snd_una += 2;
		tp->snd_nxt = tp->snd_una + 1;
		tcp_rtt_estimator(sk, 1000);
	}
	tcp_set_rto(sk);
	ck_assert_uint_lt(tp->srtt_us >> 3, 1100);
	/* Never less than 200 ms of variance. */
	ck_assert_uint_ge(inet_csk(sk)->icsk_rto, 200000);
	ck_assert_uint_lt(inet_csk(sk)->icsk_rto, 210000);
	do_close(fd);
}
END_TEST

START_TEST(test_isn)
{
	u32 a, b;

	net_unit_start();
	a = secure_tcp_seq(1, 2, 3, 4);
	ck_assert_uint_eq(secure_tcp_seq(1, 2, 3, 4), a);
	ck_assert_uint_ne(secure_tcp_seq(1, 2, 3, 5), a);
	/* The clock: 64 ns a number. */
	unit_now += 64000;
	b = secure_tcp_seq(1, 2, 3, 4);
	ck_assert_uint_eq(b - a, 1000);
	ck_assert_uint_eq(secure_tcp_ts_off(1, 2), secure_tcp_ts_off(1, 2));
	ck_assert_uint_ne(secure_tcp_ts_off(1, 2), secure_tcp_ts_off(1, 3));
}
END_TEST

START_TEST(test_initial_window)
{
	u32 wnd, clamp;
	u8 ws;
	int fd;

	net_unit_start();
	fd = tcp_unit_socket();
	/* As large as the buffer may become: 6 MiB need a shift of 7. */
	clamp = 0;
	tcp_select_initial_window(sock_of(fd), 65536, 1460, &wnd, &clamp, true, &ws, 0);
	ck_assert_uint_eq(ws, 7);
	ck_assert_uint_eq(wnd, 64240);
	clamp = 0;
	tcp_select_initial_window(sock_of(fd), 65536, 1460, &wnd, &clamp, false, &ws, 0);
	ck_assert_uint_eq(ws, 0);
	ck_assert_uint_le(clamp, 65535);
	do_close(fd);
}
END_TEST

UNIT_MAIN("tcp parts", test_sequence, test_siphash, test_cubic_root, test_minmax, test_treap, test_options_round_trip,
	test_options_bad, test_rtt, test_isn, test_initial_window)
