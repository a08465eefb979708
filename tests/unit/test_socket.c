/* net/socket.c, net/sockmsg.c, net/sockentry.c, net/core/sock.c and net/compat.c: the entries by pt_regs, native and i386,
 * and the checks before any family. */
#include "net_unit.h"

long __x64_sys_socket(const struct pt_regs *regs);
long __x64_sys_socketpair(const struct pt_regs *regs);
long __x64_sys_sendto(const struct pt_regs *regs);
long __x64_sys_send(const struct pt_regs *regs);
long __x64_sys_recvfrom(const struct pt_regs *regs);
long __x64_sys_recv(const struct pt_regs *regs);
long __x64_sys_recvmmsg(const struct pt_regs *regs);
long __x64_sys_accept(const struct pt_regs *regs);
long __ia32_sys_socketpair(const struct pt_regs *regs);
long __ia32_sys_sendto(const struct pt_regs *regs);
long __ia32_compat_sys_recv(const struct pt_regs *regs);
long __ia32_compat_sys_recvfrom(const struct pt_regs *regs);
long __ia32_compat_sys_sendmsg(const struct pt_regs *regs);
long __ia32_compat_sys_recvmsg(const struct pt_regs *regs);
long __ia32_compat_sys_sendmmsg(const struct pt_regs *regs);
long __ia32_compat_sys_recvmmsg(const struct pt_regs *regs);
long __ia32_compat_sys_recvmmsg_time64(const struct pt_regs *regs);
long __ia32_compat_sys_setsockopt(const struct pt_regs *regs);
long __ia32_compat_sys_getsockopt(const struct pt_regs *regs);
long __ia32_compat_sys_socketcall(const struct pt_regs *regs);

#define X64(name, a, b, c, d, e, f) __x64_sys_##name(&(struct pt_regs){ .di = (unsigned long)(a), .si = (unsigned long)(b), \
	.dx = (unsigned long)(c), .r10 = (unsigned long)(d), .r8 = (unsigned long)(e), .r9 = (unsigned long)(f) })
/* The high halves hold garbage that an i386 entry must not see. */
#define HIGH(x) ((unsigned long)(x) | 0xdeadbeef00000000ul)
#define IA32(name, a, b, c, d, e, f) __ia32_##name(&(struct pt_regs){ .bx = HIGH(a), .cx = HIGH(b), .dx = HIGH(c), \
	.si = HIGH(d), .di = HIGH(e), .bp = HIGH(f) })

START_TEST(test_entries)
{
	int fds[2];

	net_unit_start();
	ck_assert_int_eq(X64(socketpair, AF_UNIX, SOCK_STREAM, 0, G(0), 0, 0), 0);
	peek(0, fds, sizeof(fds));
	ck_assert_int_eq(fds[0], 0);
	ck_assert_int_eq(fds[1], 1);
	poke(100, "hello", 5);
	ck_assert_int_eq(X64(sendto, fds[0], G(100), 5, 0, 0, 0), 5);
	ck_assert_int_eq(X64(send, fds[0], G(100), 5, MSG_NOSIGNAL, -1, -1), 5);
	ck_assert_int_eq(X64(recv, fds[1], G(200), 7, 0, -1, -1), 7);
	expect(200, "hellohe");
	ck_assert_int_eq(X64(recvfrom, fds[1], G(300), 100, MSG_DONTWAIT, 0, 0), 3);
	expect(300, "llo");
	ck_assert_int_eq(X64(recvfrom, fds[1], G(300), 100, MSG_DONTWAIT, 0, 0), -EAGAIN);
	/* int arguments are the low halves of their registers */
	ck_assert_int_eq(X64(recvfrom, 0x100000000ul | fds[1], G(300), 100, MSG_DONTWAIT, 0, 0), -EAGAIN);
	ck_assert_int_eq(X64(socket, -1, SOCK_STREAM, 0, 0, 0, 0), -EAFNOSUPPORT);
	ck_assert_int_eq(X64(accept, 40, 0, 0, 0, 0, 0), -EBADF);
	ck_assert_int_eq(X64(recvmmsg, fds[1], G(0), 1, MSG_CMSG_COMPAT, 0, 0), -EINVAL);
	do_close(fds[0]);
	do_close(fds[1]);
	net_unit_end();
}
END_TEST

START_TEST(test_entries_i386)
{
	u32 args[6] = { AF_UNIX, SOCK_STREAM, 0, (u32)GUEST };
	int fds[2];

	net_unit_start();
	ck_assert_int_eq(IA32(sys_socketpair, AF_UNIX, SOCK_DGRAM, 0, G(0), 0, 0), 0);
	peek(0, fds, sizeof(fds));
	poke(100, "datagram", 8);
	ck_assert_int_eq(IA32(sys_sendto, fds[0], G(100), 8, 0, 0, 0), 8);
	ck_assert_int_eq(IA32(compat_sys_recvfrom, fds[1], G(200), 4, MSG_TRUNC, 0, 0), 8);
	expect(200, "data");
	ck_assert_int_eq(IA32(compat_sys_recv, fds[1], G(200), 4, MSG_DONTWAIT, 0, 0), -EAGAIN);
	poke(1000, args, sizeof(args));
	ck_assert_int_eq(IA32(compat_sys_socketcall, SYS_SOCKETPAIR, G(1000), 0, 0, 0, 0), 0);
	peek(0, fds, sizeof(fds));
	ck_assert_int_eq(fds[0], 2);
	args[0] = fds[0];
	args[1] = (u32)GUEST + 100;
	args[2] = 8;
	args[3] = 0;
	poke(1000, args, sizeof(args));
	ck_assert_int_eq(IA32(compat_sys_socketcall, SYS_SEND, G(1000), 0, 0, 0, 0), 8);
	args[0] = fds[1];
	poke(1000, args, sizeof(args));
	ck_assert_int_eq(IA32(compat_sys_socketcall, SYS_RECV, G(1000), 0, 0, 0, 0), 8);
	ck_assert_int_eq(IA32(compat_sys_socketcall, 0, G(1000), 0, 0, 0, 0), -EINVAL);
	ck_assert_int_eq(IA32(compat_sys_socketcall, 21, G(1000), 0, 0, 0, 0), -EINVAL);
	ck_assert_int_eq(IA32(compat_sys_socketcall, SYS_RECV, 16, 0, 0, 0, 0), -EFAULT);
	for (int fd = 0; fd < 4; fd++)
		do_close(fd);
	net_unit_end();
}
END_TEST

/* A message with a descriptor, written and read in i386 layout. */
START_TEST(test_compat_message)
{
	struct compat_iovec iov = { (u32)GUEST + 100, 5 };
	struct compat_msghdr m = { .msg_iov = (u32)GUEST + 500, .msg_iovlen = 1, .msg_control = (u32)GUEST + 600,
		.msg_controllen = COMPAT_CMSG_SPACE(4) };
	struct { struct compat_cmsghdr h; int fd; } control = { { COMPAT_CMSG_LEN(4), SOL_SOCKET, SCM_RIGHTS }, 0 }, got;
	int fds[2];

	net_unit_start();
	pair(SOCK_STREAM, fds);
	poke(100, "pass!", 5);
	poke(500, &iov, sizeof(iov));
	poke(600, &control, sizeof(control));
	poke(700, &m, sizeof(m));
	ck_assert_int_eq(IA32(compat_sys_sendmsg, fds[0], G(700), 0, 0, 0, 0), 5);
	ck_assert_uint_eq(unix_tot_inflight, 1);
	m.msg_controllen = 64;
	poke(700, &m, sizeof(m));
	poke(100, "-----", 5);
	ck_assert_int_eq(IA32(compat_sys_recvmsg, fds[1], G(700), 0, 0, 0, 0), 5);
	expect(100, "pass!");
	peek(700, &m, sizeof(m));
	ck_assert_uint_eq(m.msg_controllen, COMPAT_CMSG_SPACE(4));
	ck_assert_uint_eq(m.msg_flags, 0);
	peek(600, &got, sizeof(got));
	ck_assert_uint_eq(got.h.cmsg_len, COMPAT_CMSG_LEN(4));
	ck_assert_int_eq(got.fd, 2);
	ck_assert_uint_eq(unix_tot_inflight, 0);
	/* lengths that lie */
	control.h.cmsg_len = 11;
	poke(600, &control, sizeof(control));
	m.msg_controllen = 16;
	poke(700, &m, sizeof(m));
	ck_assert_int_eq(IA32(compat_sys_sendmsg, fds[0], G(700), 0, 0, 0, 0), -EINVAL);
	control.h.cmsg_len = 0xfffffff0;
	poke(600, &control, sizeof(control));
	ck_assert_int_eq(IA32(compat_sys_sendmsg, fds[0], G(700), 0, 0, 0, 0), -EINVAL);
	m.msg_controllen = 0x7fffffff;
	poke(700, &m, sizeof(m));
	ck_assert_int_eq(IA32(compat_sys_sendmsg, fds[0], G(700), 0, 0, 0, 0), -ENOBUFS);
	m.msg_controllen = 0;
	m.msg_iovlen = 1025;
	poke(700, &m, sizeof(m));
	ck_assert_int_eq(IA32(compat_sys_sendmsg, fds[0], G(700), 0, 0, 0, 0), -EMSGSIZE);
	m.msg_iovlen = 1;
	iov.iov_len = 0x80000000;
	poke(500, &iov, sizeof(iov));
	poke(700, &m, sizeof(m));
	ck_assert_int_eq(IA32(compat_sys_sendmsg, fds[0], G(700), 0, 0, 0, 0), -EINVAL);
	for (int fd = 0; fd < 3; fd++)
		do_close(fd);
	net_unit_end();
}
END_TEST

START_TEST(test_compat_many)
{
	struct compat_iovec iov[2] = { { (u32)GUEST + 100, 3 }, { (u32)GUEST + 110, 3 } };
	struct compat_mmsghdr m[2] = { { .msg_hdr = { .msg_iov = (u32)GUEST + 500, .msg_iovlen = 1 } },
		{ .msg_hdr = { .msg_iov = (u32)GUEST + 508, .msg_iovlen = 1 } } };
	s32 ts[2] = { 0, 1000 };
	s64 ts64[2] = { 1, 1000000000 };
	int fds[2];

	net_unit_start();
	pair(SOCK_DGRAM, fds);
	poke(100, "one       two", 13);
	poke(500, iov, sizeof(iov));
	poke(700, m, sizeof(m));
	ck_assert_int_eq(IA32(compat_sys_sendmmsg, fds[0], G(700), 2, 0, 0, 0), 2);
	peek(700, m, sizeof(m));
	ck_assert_uint_eq(m[1].msg_len, 3);
	poke(900, ts, sizeof(ts));
	poke(100, "-------------", 13);
	ck_assert_int_eq(IA32(compat_sys_recvmmsg, fds[1], G(700), 2, MSG_DONTWAIT, G(900), 0), 2);
	expect(100, "one");
	expect(110, "two");
	ts[1] = -1;
	poke(900, ts, sizeof(ts));
	ck_assert_int_eq(IA32(compat_sys_recvmmsg, fds[1], G(700), 2, MSG_DONTWAIT, G(900), 0), -EINVAL);
	poke(900, ts64, sizeof(ts64));
	ck_assert_int_eq(IA32(compat_sys_recvmmsg_time64, fds[1], G(700), 2, MSG_DONTWAIT, G(900), 0), -EINVAL);
	ck_assert_int_eq(IA32(compat_sys_recvmmsg_time64, fds[1], G(700), 2, MSG_DONTWAIT, 0, 0), -EAGAIN);
	do_close(fds[0]);
	do_close(fds[1]);
	net_unit_end();
}
END_TEST

START_TEST(test_compat_timeo)
{
	s32 tv[2] = { 2, 500000 }, back[2];
	u32 len = sizeof(tv);
	int fds[2];

	net_unit_start();
	pair(SOCK_STREAM, fds);
	poke(100, tv, sizeof(tv));
	poke(200, &len, sizeof(len));
	ck_assert_int_eq(IA32(compat_sys_setsockopt, fds[0], SOL_SOCKET, SO_RCVTIMEO_OLD, G(100), 8, 0), 0);
	ck_assert_uint_eq(sock_of(fds[0])->sk_rcvtimeo, 2500000000ull);
	ck_assert_uint_eq(sock_of(fds[0])->sk_sndtimeo, KTIME_MAX);
	ck_assert_int_eq(IA32(compat_sys_getsockopt, fds[0], SOL_SOCKET, SO_RCVTIMEO_OLD, G(300), G(200), 0), 0);
	peek(300, back, sizeof(back));
	ck_assert_int_eq(back[0], 2);
	ck_assert_int_eq(back[1], 500000);
	ck_assert_int_eq(IA32(compat_sys_setsockopt, fds[0], SOL_SOCKET, SO_RCVTIMEO_OLD, G(100), 7, 0), -EINVAL);
	ck_assert_int_eq(IA32(compat_sys_setsockopt, fds[0], SOL_SOCKET, SO_RCVTIMEO_OLD, 16, 8, 0), -EFAULT);
	tv[1] = 1000000;
	poke(100, tv, sizeof(tv));
	ck_assert_int_eq(IA32(compat_sys_setsockopt, fds[0], SOL_SOCKET, SO_RCVTIMEO_OLD, G(100), 8, 0), -EDOM);
	do_close(fds[0]);
	do_close(fds[1]);
	net_unit_end();
}
END_TEST

START_TEST(test_descriptors)
{
	int fds[2], n;

	net_unit_start();
	/* every descriptor that a failing call reserved is free again */
	for (n = 0; n < 100; n++) {
		ck_assert_int_eq(__sys_socketpair(AF_UNIX, SOCK_STREAM, 0, (int *)16), -EFAULT);
		ck_assert_int_eq(__sys_socketpair(AF_UNIX, SOCK_RDM, 0, G(0)), -ESOCKTNOSUPPORT);
		ck_assert_int_eq(__sys_socketpair(AF_INET, SOCK_STREAM, 0, G(0)), -EOPNOTSUPP);
		ck_assert_int_eq(__sys_socketpair(AF_AX25, SOCK_STREAM, 0, G(0)), -EAFNOSUPPORT);
	}
	for (n = 0; n < 32; n++)
		pair(SOCK_STREAM, fds);
	ck_assert_int_eq(__sys_socketpair(AF_UNIX, SOCK_STREAM, 0, G(0)), -EMFILE);
	ck_assert_int_eq(__sys_socket(AF_UNIX, SOCK_STREAM, 0), -EMFILE);
	do_close(63);
	ck_assert_int_eq(__sys_socketpair(AF_UNIX, SOCK_STREAM, 0, G(0)), -EMFILE);
	ck_assert_int_eq(__sys_socket(AF_UNIX, SOCK_STREAM, 0), 63);
	for (n = 0; n < 64; n++)
		do_close(n);
	net_unit_end();
}
END_TEST

START_TEST(test_options)
{
	static const int readonly[] = { SO_TYPE, SO_PROTOCOL, SO_DOMAIN, SO_ERROR, SO_ACCEPTCONN, SO_SNDLOWAT, SO_PEERCRED, SO_COOKIE };
	int fds[2], v = 100000;
	u32 len = 4;

	net_unit_start();
	pair(SOCK_STREAM, fds);
	poke(100, &v, sizeof(v));
	for (size_t i = 0; i < ARRAY_SIZE(readonly); i++)
		ck_assert_int_eq(__sys_setsockopt(fds[0], SOL_SOCKET, readonly[i], G(100), 4), -ENOPROTOOPT);
	ck_assert_int_eq(__sys_setsockopt(fds[0], SOL_SOCKET, SO_SNDBUF, G(100), 4), 0);
	ck_assert_int_eq(sock_of(fds[0])->sk_sndbuf, 200000);
	v = -1;
	poke(100, &v, sizeof(v));
	ck_assert_int_eq(__sys_setsockopt(fds[0], SOL_SOCKET, SO_SNDBUF, G(100), 4), 0);
	ck_assert_int_eq(sock_of(fds[0])->sk_sndbuf, 2 * (u32)net_sysctl.wmem_max);
	v = 300000;
	poke(100, &v, sizeof(v));
	ck_assert_int_eq(__sys_setsockopt(fds[0], SOL_SOCKET, SO_SNDBUFFORCE, G(100), 4), 0);
	ck_assert_int_eq(sock_of(fds[0])->sk_sndbuf, 600000);
	mm_unit_cred.cap_effective = 0;
	ck_assert_int_eq(__sys_setsockopt(fds[0], SOL_SOCKET, SO_SNDBUFFORCE, G(100), 4), -EPERM);
	ck_assert_int_eq(__sys_setsockopt(fds[0], SOL_SOCKET, SO_MARK, G(100), 4), -EPERM);
	ck_assert_int_eq(__sys_setsockopt(fds[0], SOL_SOCKET, SO_PRIORITY, G(100), 4), -EPERM);
	ck_assert_int_eq(__sys_setsockopt(fds[0], SOL_SOCKET, SO_DEBUG, G(100), 4), -EACCES);
	poke(200, &len, sizeof(len));
	ck_assert_int_eq(__sys_getsockopt(fds[0], SOL_SOCKET, SO_COOKIE, G(100), G(200)), -EINVAL);
	ck_assert_int_eq(__sys_getsockopt(fds[0], SOL_SOCKET, SO_SNDBUFFORCE, G(100), G(200)), -ENOPROTOOPT);
	do_close(fds[0]);
	do_close(fds[1]);
	net_unit_end();
}
END_TEST

UNIT_MAIN("socket", test_entries, test_entries_i386, test_compat_message, test_compat_many, test_compat_timeo, test_descriptors,
	test_options)
