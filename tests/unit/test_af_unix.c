/* net/unix: accounting, references, messages with descriptors, the collector. */
#include "net_unit.h"

static long send_n(int fd, size_t size, unsigned flags)
{
	return __sys_sendto(fd, G(PAGE_SIZE), size, flags, NULL, 0);
}

static long recv_n(int fd, size_t size, unsigned flags)
{
	return __sys_recvfrom(fd, G(PAGE_SIZE), size, flags, NULL, NULL);
}

static long send_fd(int s, int fd)
{
	struct { struct cmsghdr h; int fd; } c = { { CMSG_LEN(4), SOL_SOCKET, SCM_RIGHTS }, fd };
	struct iovec iov = { G(PAGE_SIZE), 1 };
	struct user_msghdr m = { .msg_iov = G(512), .msg_iovlen = 1, .msg_control = G(600), .msg_controllen = CMSG_SPACE(4) };

	poke(512, &iov, sizeof(iov));
	poke(600, &c, sizeof(c));
	poke(700, &m, sizeof(m));
	return __sys_sendmsg(s, G(700), 0, true);
}

START_TEST(test_accounting)
{
	struct file *f;
	int fds[2];
	long n, sent = 0;

	net_unit_start();
	pair(SOCK_STREAM, fds);
	while ((n = send_n(fds[0], 1, MSG_DONTWAIT)) == 1)
		sent++;
	ck_assert_int_eq(n, -EAGAIN);
	ck_assert_int_eq(sent, 278); /* Linux: 212992 bytes at 768 each */
	ck_assert_uint_eq(sock_of(fds[0])->sk_wmem_alloc, 278 * 768);
	f = fget(fds[0]);
	ck_assert_uint_eq(vfs_poll(f, NULL) & 4, 0); /* EPOLLOUT */
	file_put(f);
	while (sent--)
		ck_assert_int_eq(recv_n(fds[1], 1, MSG_DONTWAIT), 1);
	ck_assert_uint_eq(sock_of(fds[0])->sk_wmem_alloc, 0);
	/* buffers outlive their sender */
	ck_assert_int_eq(send_n(fds[0], 100000, MSG_DONTWAIT), 100000);
	do_close(fds[0]);
	for (sent = 0; (n = recv_n(fds[1], 7777, MSG_DONTWAIT)) > 0; sent += n)
		;
	ck_assert_int_eq(n, 0);
	ck_assert_int_eq(sent, 100000);
	do_close(fds[1]);
	net_unit_end();
}
END_TEST

START_TEST(test_release_order)
{
	int fds[2];

	net_unit_start();
	for (int type = SOCK_STREAM; type <= SOCK_SEQPACKET; type += type == SOCK_STREAM ? 1 : 3) {
		for (int first = 0; first < 2; first++) {
			pair(type, fds);
			ck_assert_int_eq(send_n(fds[0], 5000, 0), 5000);
			ck_assert_int_eq(send_n(fds[1], 5000, 0), 5000);
			do_close(fds[first]);
			do_close(fds[!first]);
			net_unit_end();
		}
	}
}
END_TEST

START_TEST(test_listener_release)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX, .sun_path = "\0unit" };
	int l, c;

	net_unit_start();
	poke(0, &a, sizeof(a));
	l = __sys_socket(AF_UNIX, SOCK_STREAM, 0);
	c = __sys_socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	ck_assert_int_eq(__sys_bind(l, G(0), 7), 0);
	ck_assert_int_eq(__sys_listen(l, 1), 0);
	ck_assert_int_eq(__sys_connect(c, G(0), 7), 0);
	ck_assert_int_eq(send_n(c, 10, 0), 10);
	do_close(l);
	ck_assert_int_eq(recv_n(c, 10, 0), -ECONNRESET);
	ck_assert_int_eq(recv_n(c, 10, 0), 0);
	do_close(c);
	net_unit_end();
	/* and the other way round */
	l = __sys_socket(AF_UNIX, SOCK_STREAM, 0);
	c = __sys_socket(AF_UNIX, SOCK_STREAM, 0);
	ck_assert_int_eq(__sys_bind(l, G(0), 7), 0);
	ck_assert_int_eq(__sys_listen(l, 1), 0);
	ck_assert_int_eq(__sys_connect(c, G(0), 7), 0);
	do_close(c);
	c = __sys_accept4(l, NULL, NULL, 0);
	ck_assert_int_ge(c, 0);
	ck_assert_int_eq(recv_n(c, 10, 0), 0);
	do_close(c);
	do_close(l);
	net_unit_end();
}
END_TEST

START_TEST(test_autobind)
{
	int a, b, len = sizeof(struct sockaddr_un);
	struct sockaddr_un n = { .sun_family = AF_UNIX };

	net_unit_start();
	poke(0, &n, sizeof(n));
	a = __sys_socket(AF_UNIX, SOCK_DGRAM, 0);
	b = __sys_socket(AF_UNIX, SOCK_DGRAM, 0);
	ck_assert_int_eq(__sys_bind(a, G(0), 2), 0);
	ck_assert_int_eq(__sys_bind(b, G(0), 2), 0);
	ck_assert_int_eq(__sys_bind(b, G(0), 2), 0);
	poke(500, &len, sizeof(len));
	ck_assert_int_eq(__sys_getsockname(b, G(600), G(500)), 0);
	peek(500, &len, sizeof(len));
	peek(600, &n, sizeof(n));
	ck_assert_int_eq(len, 8);
	ck_assert_int_eq(n.sun_path[0], 0);
	ck_assert_int_eq(__sys_connect(a, G(600), len), 0);
	ck_assert_int_eq(send_n(a, 1, 0), 1);
	ck_assert_int_eq(recv_n(b, 10, 0), 1);
	do_close(a);
	do_close(b);
	net_unit_end();
}
END_TEST

START_TEST(test_collector)
{
	int a[2], b[2];

	net_unit_start();
	/* a socket in its own queue */
	pair(SOCK_STREAM, a);
	ck_assert_int_eq(send_fd(a[0], a[1]), 1);
	do_close(a[0]);
	do_close(a[1]);
	net_unit_end();
	/* two pairs in a circle, of different types */
	pair(SOCK_STREAM, a);
	pair(SOCK_DGRAM, b);
	ck_assert_int_eq(send_fd(a[0], b[0]), 1);
	ck_assert_int_eq(send_fd(b[0], a[0]), 1);
	ck_assert_int_eq(send_fd(a[1], b[1]), 1);
	ck_assert_int_eq(send_fd(b[1], a[1]), 1);
	ck_assert_uint_eq(unix_tot_inflight, 4);
	do_close(a[0]);
	do_close(a[1]);
	do_close(b[0]);
	ck_assert_uint_eq(unix_tot_inflight, 2); /* b[1] reaches a[0]; a[1] and b[0] only each other */
	do_close(b[1]);
	net_unit_end();
	/* what can be received stays */
	pair(SOCK_STREAM, a);
	pair(SOCK_STREAM, b);
	ck_assert_int_eq(send_fd(a[0], b[1]), 1);
	ck_assert_int_eq(send_fd(b[0], a[0]), 1);
	do_close(b[0]);
	do_close(b[1]);
	do_close(a[0]);
	unix_gc(NULL);
	ck_assert_uint_eq(unix_tot_inflight, 2);
	ck_assert(!list_empty(&unix_sockets));
	do_close(a[1]);
	net_unit_end();
}
END_TEST

START_TEST(test_too_many_in_flight)
{
	int fds[2], n;

	net_unit_start();
	mm_unit_cred.cap_effective = 0;
	pair(SOCK_STREAM, fds);
	for (n = 0; send_fd(fds[0], fds[1]) == 1; n++)
		;
	ck_assert_int_eq(send_fd(fds[0], fds[1]), -ETOOMANYREFS);
	ck_assert_int_eq(n, 65);
	mm_unit_cred.cap_effective = ~0ull;
	ck_assert_int_eq(send_fd(fds[0], fds[1]), 1);
	do_close(fds[0]);
	do_close(fds[1]);
	net_unit_end();
}
END_TEST

START_TEST(test_control_bounds)
{
	static const struct { size_t len; int level, type; long want; } bad[] = {
		{ 0, SOL_SOCKET, SCM_RIGHTS, -EINVAL }, { 15, SOL_SOCKET, SCM_RIGHTS, -EINVAL },
		{ 25, SOL_SOCKET, SCM_RIGHTS, -EINVAL }, { ~0ul, SOL_SOCKET, SCM_RIGHTS, -EINVAL },
		{ ~0ul - 7, SOL_SOCKET, SCM_RIGHTS, -EINVAL }, { 20, SOL_SOCKET, SCM_CREDENTIALS, -EINVAL },
		{ 24, SOL_SOCKET, 77, -EINVAL }, { 16, SOL_SOCKET, SCM_RIGHTS, 1 }, { 24, 6, 77, 1 } };
	struct iovec iov = { G(PAGE_SIZE), 1 };
	struct user_msghdr m = { .msg_iov = G(512), .msg_iovlen = 1, .msg_control = G(600), .msg_controllen = 24 };
	int fds[2];

	net_unit_start();
	pair(SOCK_STREAM, fds);
	poke(512, &iov, sizeof(iov));
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct cmsghdr c = { bad[i].len, bad[i].level, bad[i].type };

		poke(600, &c, sizeof(c));
		poke(700, &m, sizeof(m));
		ck_assert_int_eq(__sys_sendmsg(fds[0], G(700), 0, true), bad[i].want);
	}
	m.msg_controllen = (size_t)net_sysctl.optmem_max + 1;
	poke(700, &m, sizeof(m));
	ck_assert_int_eq(__sys_sendmsg(fds[0], G(700), 0, true), -ENOBUFS);
	m.msg_controllen = 1ul << 40;
	poke(700, &m, sizeof(m));
	ck_assert_int_eq(__sys_sendmsg(fds[0], G(700), 0, true), -ENOBUFS);
	ck_assert_int_eq(__sys_sendmsg(fds[0], G(700), MSG_CMSG_COMPAT, true), -EINVAL);
	do_close(fds[0]);
	do_close(fds[1]);
	net_unit_end();
}
END_TEST

UNIT_MAIN("af_unix", test_accounting, test_release_order, test_listener_release, test_autobind, test_collector,
	test_too_many_in_flight, test_control_bounds)
