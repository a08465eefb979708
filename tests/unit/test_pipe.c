/* kernel/fs/pipe.c: the ring, merging, PIPE_BUF, sizes, ends that go. (Sleeping is for the guest tests.) */
#include "fs_unit.h"
#include <linux/eventpoll.h>

static int rd, wr;

static void start(int flags)
{
	int fds[2];

	fs_unit_start();
	OK(pipe2, G(0), O_NONBLOCK | flags);
	peek(0, fds, sizeof(fds));
	rd = fds[0];
	wr = fds[1];
}

static u32 ready(int fd)
{
	struct file *f = fget(fd);
	u32 r = vfs_poll(f, NULL);

	file_put(f);
	return r;
}

START_TEST(test_order)
{
	start(0);
	FAILS(EAGAIN, read, rd, G(100), 10);
	poke(0, "abcdefgh", 8);
	IS(3, write, wr, G(0), 3);
	IS(5, write, wr, G(3), 5);
	IS(2, read, rd, G(100), 2);
	IS(6, read, rd, G(102), 100);
	expect(100, "abcdefgh");
	FAILS(EAGAIN, read, rd, G(100), 10);
	IS(0, read, rd, G(100), 0);
	IS(0, write, wr, G(0), 0);
	FAILS(EBADF, read, wr, G(0), 1);
	FAILS(EBADF, write, rd, G(0), 1);
	FAILS(ESPIPE, lseek, rd, 0, 0);
}
END_TEST

START_TEST(test_full)
{
	unsigned total = 0;
	long n;

	start(0);
	/* 1000 bytes: four to a page, never split */
	while ((n = CALL(write, wr, G(0), 1000)) > 0)
		total += n;
	ck_assert_int_eq(n, -EAGAIN);
	ck_assert_uint_eq(total, 64000);
	ck_assert_uint_eq(ready(wr) & EPOLLOUT, 0);
	/* room for less than PIPE_BUF is no room for a write of PIPE_BUF, but small ones still merge */
	IS(96, write, wr, G(0), 96);
	FAILS(EAGAIN, write, wr, G(0), 4096);
	IS(4096, read, rd, G(0), 4096);
	ck_assert_uint_ne(ready(wr) & EPOLLOUT, 0);
	IS(4096, write, wr, G(0), 4096);
	/* more than PIPE_BUF may be taken in part */
	IS(8192, read, rd, G(0), 8192);
	IS(8192, write, wr, G(0), 20000);
}
END_TEST

START_TEST(test_faults)
{
	start(0);
	FAILS(EFAULT, write, wr, (void *)16, 5);
	FAILS(EAGAIN, read, rd, G(0), 10);
	poke(0, "data", 4);
	IS(4, write, wr, G(0), 4);
	FAILS(EFAULT, read, rd, (void *)16, 4);
	IS(4, read, rd, G(100), 10);
	expect(100, "data");
	/* a write that runs into unmapped memory is refused whole, in its first page */
	FAILS(EFAULT, write, wr, G(64 * PAGE_SIZE - 10), 20);
	FAILS(EAGAIN, read, rd, G(0), 10);
	FAILS(EFAULT, pipe2, (void *)16, 0);
	FAILS(EINVAL, pipe2, G(0), 1);
}
END_TEST

START_TEST(test_ends)
{
	start(0);
	ck_assert_uint_eq(ready(rd), 0);
	IS(1, write, wr, G(0), 1);
	ck_assert_uint_eq(ready(rd), EPOLLIN | EPOLLRDNORM);
	OK(close, wr);
	ck_assert_uint_eq(ready(rd), EPOLLIN | EPOLLRDNORM | EPOLLHUP);
	IS(1, read, rd, G(0), 10);
	ck_assert_uint_eq(ready(rd), EPOLLHUP);
	IS(0, read, rd, G(0), 10);
	OK(close, rd);
	OK(pipe2, G(0), O_NONBLOCK);
	OK(close, rd);
	mm_unit_task.blocked = ~0ull;
	ck_assert_uint_eq(ready(wr), EPOLLOUT | EPOLLWRNORM | EPOLLERR);
}
END_TEST

START_TEST(test_sizes)
{
	start(0);
	IS(65536, fcntl, rd, F_GETPIPE_SZ, 0);
	IS(65536, write, wr, G(0), 65536);
	FAILS(EBUSY, fcntl, wr, F_SETPIPE_SZ, 4096);
	IS(131072, fcntl, wr, F_SETPIPE_SZ, 65537);
	IS(65536, write, wr, G(0), 65536);
	IS(131072, read, rd, G(0), 200000);
	IS(4096, fcntl, wr, F_SETPIPE_SZ, 1);
	IS(4096, write, wr, G(0), 5000);
	mm_unit_cred.cap_effective = 0;
	FAILS(EPERM, fcntl, wr, F_SETPIPE_SZ, 2 << 20);
	FAILS(EINVAL, fcntl, wr, F_SETPIPE_SZ, 0xffffffff);
}
END_TEST

START_TEST(test_packets)
{
	start(O_DIRECT);
	poke(0, "onetwo", 6);
	IS(3, write, wr, G(0), 3);
	IS(3, write, wr, G(3), 3);
	IS(3, read, rd, G(100), 100);
	expect(100, "one");
	IS(1, read, rd, G(100), 1);
	expect(100, "t");
	/* what did not fit is gone */
	FAILS(EAGAIN, read, rd, G(100), 100);
}
END_TEST

START_TEST(test_no_leak)
{
	u64 free;

	start(0);
	OK(close, rd);
	OK(close, wr);
	for (unsigned at = 0; at < 70000; at += PAGE_SIZE)
		poke(at, "", 1);
	free = nr_free_pages();
	for (int i = 0; i < 100; i++) {
		int fds[2];

		OK(pipe2, G(0), O_NONBLOCK);
		peek(0, fds, sizeof(fds));
		IS(65536, write, fds[1], G(0), 70000);
		OK(close, fds[1]);
		OK(close, fds[0]);
	}
	/* the guest's own pages aside, which were touched meanwhile */
	ck_assert_uint_ge(nr_free_pages() + 32, free);
}
END_TEST

UNIT_MAIN("pipe", test_order, test_full, test_faults, test_ends, test_sizes, test_packets, test_no_leak)
