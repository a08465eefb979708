/* net/ipv4/inet_hash.c and inet_port.c: equal addresses, who may share a port, lookups in tables that grow. */
#include "net_unit.h"
#include "net/inet_hash.h"
#include "net/ip.h"

static struct proto test_prot = { .name = "TEST" };

static struct inet_bound_sock *make(__be32 addr, u8 reuse, bool reuseport)
{
	struct inet_bound_sock *b = kzalloc(sizeof(*b));
	struct sock *sk = &b->inet.sk;

	sk->sk_family = AF_INET;
	sk->sk_state = TCP_CLOSE;
	sk->sk_rcv_saddr = addr;
	sk->sk_reuse = reuse;
	sk->sk_reuseport = reuseport;
	sk->sk_prot = &test_prot;
	sk->refs = 1;
	return b;
}

static int bind_port(struct inet_bound_sock *b, u16 port) { return inet_csk_get_port(&b->inet.sk, port); }

static void drop(struct inet_bound_sock *b)
{
	inet_unhash(&b->inet.sk);
	inet_put_port(&b->inet.sk);
	kfree(b);
}

#define ADDR(last) htonl(0x7f000000u | (last))

START_TEST(test_ports)
{
	struct inet_bound_sock *a, *b, *c;

	slab_init();
	inet_hashinfo_init();
	a = make(ADDR(1), 0, false);
	b = make(ADDR(2), 0, false);
	c = make(0, 0, false);
	ck_assert_int_eq(bind_port(a, 5000), 0);
	ck_assert_int_eq(bind_port(b, 5000), 0);
	ck_assert_int_eq(bind_port(c, 5000), -EADDRINUSE);
	ck_assert_int_eq(bind_port(c, 0), 0);
	ck_assert_uint_ge(c->inet.sk.sk_num, 32768);
	ck_assert_uint_eq(c->inet.sk.sk_num & 1, 1); /* bind takes odd ports first */
	drop(c);
	drop(b);
	/* Reuse: both must allow it, and a listener does not share. */
	b = make(ADDR(1), 1, false);
	ck_assert_int_eq(bind_port(b, 5000), -EADDRINUSE);
	drop(a);
	a = make(ADDR(1), 1, false);
	ck_assert_int_eq(bind_port(a, 5000), 0);
	ck_assert_int_eq(bind_port(b, 5000), 0);
	inet_put_port(&b->inet.sk);
	a->inet.sk.sk_state = TCP_LISTEN;
	inet_csk_get_port(&a->inet.sk, 5000); /* as listen(2) does: no shortcut any more */
	ck_assert_int_eq(bind_port(b, 5000), -EADDRINUSE);
	drop(a);
	drop(b);
	/* SO_REUSEPORT: of the same user only. */
	a = make(ADDR(1), 0, true);
	b = make(ADDR(1), 0, true);
	c = make(ADDR(1), 0, true);
	c->inet.sk.sk_uid = 5;
	ck_assert_int_eq(bind_port(a, 5001), 0);
	ck_assert_int_eq(bind_port(b, 5001), 0);
	ck_assert_int_eq(bind_port(c, 5001), -EADDRINUSE);
	drop(a);
	drop(b);
	drop(c);
	ck_assert_ptr_null(tcp_hashinfo.bhash[5000]);
	ck_assert_ptr_null(tcp_hashinfo.bhash[5001]);
}
END_TEST

START_TEST(test_addresses)
{
	struct inet_bound_sock *four, *any4, *six;
	struct sock *a, *b, *c;

	slab_init();
	four = make(ADDR(1), 0, false), any4 = make(0, 0, false), six = make(0, 0, false);
	a = &four->inet.sk, b = &any4->inet.sk, c = &six->inet.sk;
	c->sk_family = AF_INET6;
	ck_assert(inet_rcv_saddr_equal(a, b, true));
	ck_assert(!inet_rcv_saddr_equal(a, b, false));
	ck_assert(inet_rcv_saddr_equal(a, c, true));
	ck_assert(inet_rcv_saddr_equal(c, a, true));
	c->sk_ipv6only = true;
	ck_assert(!inet_rcv_saddr_equal(a, c, true));
	ck_assert(!inet_rcv_saddr_equal(b, c, true));
	ck_assert(!inet_rcv_saddr_equal(c, b, true));
	c->sk_ipv6only = false;
	ipv6_addr_set_v4mapped(ADDR(1), &c->sk_v6_rcv_saddr);
	c->sk_rcv_saddr = ADDR(1);
	ck_assert(inet_rcv_saddr_equal(a, c, false));
	ck_assert(inet_rcv_saddr_equal(c, a, false));
	c->sk_v6_rcv_saddr = in6addr_loopback;
	ck_assert(!inet_rcv_saddr_equal(c, a, true));
	ck_assert(!inet_rcv_saddr_equal(a, c, true));
	kfree(four);
	kfree(any4);
	kfree(six);
}
END_TEST

START_TEST(test_lookup)
{
	static struct inet_bound_sock *s[3000];
	bool dup = false;

	slab_init();
	inet_hashinfo_init();
	for (u32 i = 0; i < 3000; i++) {
		struct sock *sk;

		s[i] = make(ADDR(1), 0, false);
		sk = &s[i]->inet.sk;
		sk->sk_state = TCP_ESTABLISHED;
		sk->sk_num = 80;
		sk->sk_daddr = ADDR(2 + i % 7);
		sk->sk_dport = htons((u16)(1000 + i));
		ck_assert(inet_ehash_insert(sk, NULL, &dup));
	}
	ck_assert_uint_gt(tcp_hashinfo.ehash_mask, 1024);
	for (u32 i = 0; i < 3000; i++) {
		struct sock *sk = __inet_lookup_established(ADDR(2 + i % 7), htons((u16)(1000 + i)), ADDR(1), 80, 1);

		ck_assert_ptr_eq(sk, &s[i]->inet.sk);
		sk->refs--;
	}
	ck_assert_ptr_null(__inet_lookup_established(ADDR(2), htons(999), ADDR(1), 80, 1));
	{
		struct inet_bound_sock *twin = make(ADDR(1), 0, false);
		struct sock *sk = &twin->inet.sk;

		sk->sk_state = TCP_ESTABLISHED;
		sk->sk_num = 80;
		sk->sk_daddr = ADDR(2);
		sk->sk_dport = htons(1000);
		ck_assert(!inet_ehash_insert(sk, NULL, &dup));
		ck_assert(dup);
		ck_assert(inet_ehash_insert(sk, &s[0]->inet.sk, NULL)); /* in its place */
		ck_assert(!inet_ehash_insert(sk, &s[0]->inet.sk, NULL));
		kfree(s[0]);
		s[0] = twin;
	}
	for (u32 i = 0; i < 3000; i++)
		drop(s[i]);
	ck_assert_uint_eq(tcp_hashinfo.ehash_count, 0);
}
END_TEST

UNIT_MAIN("inet_hash", test_ports, test_addresses, test_lookup)
