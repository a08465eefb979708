/* kernel/fs/eventpoll.c, select.c and eventfd.c: what is reported, when, once or again; sets of thousands; nesting. */
#include "fs_unit.h"
#include <linux/eventpoll.h>

static int ep;

static int eventfd(unsigned count)
{
	int fd = CALL(eventfd2, count, O_NONBLOCK);

	ck_assert_int_ge(fd, 0);
	return fd;
}

static void post(int fd, u64 value)
{
	poke(0x1000, &value, 8);
	IS(8, write, fd, G(0x1000), 8);
}

static void drain(int fd)
{
	IS(8, read, fd, G(0x1000), 8);
}

static long ctl(int set, int op, int fd, u32 events)
{
	struct epoll_event ev = { .events = events, .data = fd };

	poke(0x2000, &ev, sizeof(ev));
	return CALL(epoll_ctl, set, op, fd, G(0x2000));
}

/* The fd of the one event that waits, 0 if none; -n for more. */
static int one(void)
{
	struct epoll_event ev[4];
	long n = CALL(epoll_wait, ep, G(0x3000), 4, 0);

	ck_assert_int_ge(n, 0);
	peek(0x3000, ev, n * sizeof(*ev));
	return n == 1 ? (int)ev[0].data : -n;
}

static void start(void)
{
	fs_unit_start();
	CALL(open, P("/dev/null"), O_RDONLY, 0); /* so that no number is 0 */
	ep = CALL(epoll_create1, 0);
	ck_assert_int_gt(ep, 0);
}

START_TEST(test_level_and_edge)
{
	int a, b;

	start();
	a = eventfd(0);
	b = eventfd(0);
	ck_assert_int_eq(ctl(ep, EPOLL_CTL_ADD, a, EPOLLIN), 0);
	ck_assert_int_eq(ctl(ep, EPOLL_CTL_ADD, b, EPOLLIN | EPOLLET), 0);
	ck_assert_int_eq(one(), 0);
	post(a, 1);
	ck_assert_int_eq(one(), a);
	ck_assert_int_eq(one(), a);
	drain(a);
	ck_assert_int_eq(one(), 0);
	post(b, 1);
	ck_assert_int_eq(one(), b);
	ck_assert_int_eq(one(), 0);
	post(b, 1);
	ck_assert_int_eq(one(), b);
	ck_assert_int_eq(ctl(ep, EPOLL_CTL_MOD, b, EPOLLIN | EPOLLET), 0);
	ck_assert_int_eq(one(), b);
	ck_assert_int_eq(ctl(ep, EPOLL_CTL_MOD, b, EPOLLIN | EPOLLONESHOT), 0);
	ck_assert_int_eq(one(), b);
	ck_assert_int_eq(one(), 0);
	post(b, 1);
	ck_assert_int_eq(one(), 0);
	post(a, 1);
	ck_assert_int_eq(ctl(ep, EPOLL_CTL_MOD, b, EPOLLIN), 0);
	ck_assert_int_eq(one(), -2);
	OK(close, b);
	ck_assert_int_eq(one(), a);
	ck_assert_int_eq(ctl(ep, EPOLL_CTL_DEL, a, 0), 0);
	ck_assert_int_eq(one(), 0);
}
END_TEST

START_TEST(test_many)
{
	static int fds[2000];
	u32 seen = 0;

	start();
	mm_unit_signal.rlim[7].cur = 4096;
	for (int i = 0; i < 2000; i++) {
		fds[i] = eventfd(0);
		ck_assert_int_eq(ctl(ep, EPOLL_CTL_ADD, fds[i], EPOLLIN), 0);
	}
	ck_assert_int_eq(one(), 0);
	post(fds[1999], 1);
	ck_assert_int_eq(one(), fds[1999]);
	drain(fds[1999]);
	for (int i = 0; i < 2000; i++)
		post(fds[i], 1);
	/* level-triggered: each gets its turn, however few are asked for */
	for (int round = 0; round < 500; round++) {
		struct epoll_event ev[4];

		IS(4, epoll_wait, ep, G(0x3000), 4, 0);
		peek(0x3000, ev, sizeof(ev));
		for (int i = 0; i < 4; i++) {
			seen++;
			drain((int)ev[i].data);
		}
	}
	ck_assert_uint_eq(seen, 2000);
	ck_assert_int_eq(one(), 0);
	for (int i = 0; i < 2000; i++)
		OK(close, fds[i]);
}
END_TEST

START_TEST(test_errors)
{
	int a, file;

	start();
	a = eventfd(0);
	file = CALL(open, P("/f"), O_CREAT | O_RDWR, 0600);
	ck_assert_int_eq(ctl(ep, EPOLL_CTL_ADD, file, EPOLLIN), -EPERM);
	ck_assert_int_eq(ctl(ep, EPOLL_CTL_ADD, ep, EPOLLIN), -EINVAL);
	ck_assert_int_eq(ctl(a, EPOLL_CTL_ADD, ep, EPOLLIN), -EINVAL);
	ck_assert_int_eq(ctl(ep, EPOLL_CTL_ADD, 99, EPOLLIN), -EBADF);
	ck_assert_int_eq(ctl(ep, EPOLL_CTL_MOD, a, EPOLLIN), -ENOENT);
	ck_assert_int_eq(ctl(ep, EPOLL_CTL_DEL, a, EPOLLIN), -ENOENT);
	ck_assert_int_eq(ctl(ep, EPOLL_CTL_ADD, a, EPOLLIN), 0);
	ck_assert_int_eq(ctl(ep, EPOLL_CTL_ADD, a, EPOLLIN), -EEXIST);
	ck_assert_int_eq(ctl(ep, 9, a, EPOLLIN), -EINVAL);
	FAILS(EFAULT, epoll_ctl, ep, EPOLL_CTL_MOD, a, (void *)16);
	FAILS(EINVAL, epoll_wait, ep, G(0), 0, 0);
	FAILS(EINVAL, epoll_wait, a, G(0), 1, 0);
	FAILS(EFAULT, epoll_wait, ep, (void *)~0xfffull, 1, 0);
	post(a, 1);
	FAILS(EFAULT, epoll_wait, ep, (void *)16, 1, 0);
	ck_assert_int_eq(one(), a);
	FAILS(EINVAL, epoll_create1, 1);
	FAILS(EINVAL, epoll_create, 0);
}
END_TEST

START_TEST(test_nesting)
{
	int chain[8], a;

	start();
	a = eventfd(0);
	for (int i = 0; i < 8; i++)
		chain[i] = CALL(epoll_create1, 0);
	for (int i = 1; i < 5; i++)
		ck_assert_int_eq(ctl(chain[i], EPOLL_CTL_ADD, chain[i - 1], EPOLLIN), 0);
	ck_assert_int_eq(ctl(chain[5], EPOLL_CTL_ADD, chain[4], EPOLLIN), -ELOOP);
	ck_assert_int_eq(ctl(chain[0], EPOLL_CTL_ADD, chain[5], EPOLLIN), -ELOOP);
	ck_assert_int_eq(ctl(chain[0], EPOLL_CTL_ADD, chain[4], EPOLLIN), -ELOOP);
	ck_assert_int_eq(ctl(chain[0], EPOLL_CTL_ADD, a, EPOLLIN), 0);
	ep = chain[4];
	ck_assert_int_eq(one(), 0);
	post(a, 1);
	ck_assert_int_eq(one(), chain[3]);
	OK(close, chain[2]);
	ck_assert_int_eq(one(), 0);
}
END_TEST

START_TEST(test_poll_and_select)
{
	struct { int fd; short events, revents; } p[3];
	u64 set[16] = { 0 };
	int a;

	start();
	a = eventfd(0);
	p[0].fd = a, p[0].events = 1 | 4;
	p[1].fd = 77, p[1].events = 1;
	p[2].fd = -1, p[2].events = 1, p[2].revents = 9;
	poke(0, p, sizeof(p));
	IS(2, poll, G(0), 3, 0);
	peek(0, p, sizeof(p));
	ck_assert_int_eq(p[0].revents, 4);
	ck_assert_int_eq(p[1].revents, 0x20);
	ck_assert_int_eq(p[2].revents, 0);
	p[0].events = 1;
	poke(0, p, sizeof(p));
	IS(0, poll, G(0), 1, 0);
	FAILS(EINVAL, poll, G(0), 100000, 0);
	FAILS(EFAULT, poll, (void *)16, 1, 0);
	set[0] = 1ull << a;
	poke(0, set, sizeof(set));
	poke(0x1000, set, sizeof(set));
	poke(0x2000, (u64[2]){ 0, 0 }, 16);
	IS(1, select, 1024, G(0), G(0x1000), 0, G(0x2000));
	peek(0, set, 8);
	ck_assert_uint_eq(set[0], 0);
	peek(0x1000, set, 8);
	ck_assert_uint_eq(set[0], 1ull << a);
	FAILS(EINVAL, select, -1, 0, 0, 0, G(0x2000));
	set[0] = 1ull << 60;
	poke(0, set, 8);
	IS(0, select, 31, G(0), 0, 0, G(0x2000));
}
END_TEST

UNIT_MAIN("eventpoll", test_level_and_edge, test_many, test_errors, test_nesting, test_poll_and_select)
