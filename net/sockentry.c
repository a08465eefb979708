/* The entries of the socket system calls: each only unpacks registers and jumps to its helper in net/socket.c or
 * net/sockmsg.c. So does socketcall, i386's one number for all. Entries that only i386 has are in net/compat.c. */
#define SYSCALL_THIN_BODIES
#include "syscalls.h"
#include "net.h"
#include "uaccess.h"
#include <linux/time_types.h>

/* ---- socketcall: i386's one number for all ---- */

static const u8 socketcall_args[] = {
	[SYS_SOCKET] = 3, [SYS_BIND] = 3, [SYS_CONNECT] = 3, [SYS_LISTEN] = 2, [SYS_ACCEPT] = 3, [SYS_GETSOCKNAME] = 3,
	[SYS_GETPEERNAME] = 3, [SYS_SOCKETPAIR] = 4, [SYS_SEND] = 4, [SYS_RECV] = 4, [SYS_SENDTO] = 6, [SYS_RECVFROM] = 6,
	[SYS_SHUTDOWN] = 2, [SYS_SETSOCKOPT] = 5, [SYS_GETSOCKOPT] = 5, [SYS_SENDMSG] = 3, [SYS_RECVMSG] = 3,
	[SYS_ACCEPT4] = 4, [SYS_RECVMMSG] = 5, [SYS_SENDMMSG] = 4,
};

#define UPTR(n) u64_to_uptr(a[n])
static long socketcall_dispatch(int call, const unsigned long *a, unsigned compat)
{
	switch (call) {
	case SYS_SOCKET: return __sys_socket((int)a[0], (int)a[1], (int)a[2]);
	case SYS_BIND: return __sys_bind((int)a[0], UPTR(1), (int)a[2]);
	case SYS_CONNECT: return __sys_connect((int)a[0], UPTR(1), (int)a[2]);
	case SYS_LISTEN: return __sys_listen((int)a[0], (int)a[1]);
	case SYS_ACCEPT: return __sys_accept4((int)a[0], UPTR(1), UPTR(2), 0);
	case SYS_GETSOCKNAME: return __sys_getsockname((int)a[0], UPTR(1), UPTR(2));
	case SYS_GETPEERNAME: return __sys_getpeername((int)a[0], UPTR(1), UPTR(2));
	case SYS_SOCKETPAIR: return __sys_socketpair((int)a[0], (int)a[1], (int)a[2], UPTR(3));
	case SYS_SEND: return __sys_sendto((int)a[0], UPTR(1), a[2], (unsigned)a[3], NULL, 0);
	case SYS_SENDTO: return __sys_sendto((int)a[0], UPTR(1), a[2], (unsigned)a[3], UPTR(4), (int)a[5]);
	case SYS_RECV: return __sys_recvfrom((int)a[0], UPTR(1), a[2], (unsigned)a[3], NULL, NULL);
	case SYS_RECVFROM: return __sys_recvfrom((int)a[0], UPTR(1), a[2], (unsigned)a[3], UPTR(4), UPTR(5));
	case SYS_SHUTDOWN: return __sys_shutdown((int)a[0], (int)a[1]);
	case SYS_SETSOCKOPT: return __sys_setsockopt((int)a[0], (int)a[1], (int)a[2], UPTR(3), (int)a[4]);
	case SYS_GETSOCKOPT: return __sys_getsockopt((int)a[0], (int)a[1], (int)a[2], UPTR(3), UPTR(4));
	case SYS_SENDMSG: return __sys_sendmsg((int)a[0], UPTR(1), (unsigned)a[2] | compat, !compat);
	case SYS_RECVMSG: return __sys_recvmsg((int)a[0], UPTR(1), (unsigned)a[2] | compat, !compat);
	case SYS_ACCEPT4: return __sys_accept4((int)a[0], UPTR(1), UPTR(2), (int)a[3]);
	case SYS_SENDMMSG: return __sys_sendmmsg((int)a[0], UPTR(1), (unsigned)a[2], (unsigned)a[3] | compat, !compat);
	case SYS_RECVMMSG:
		if (compat)
			return __compat_sys_recvmmsg((int)a[0], UPTR(1), (unsigned)a[2], (unsigned)a[3], UPTR(4));
		return __sys_recvmmsg((int)a[0], UPTR(1), (unsigned)a[2], (unsigned)a[3], UPTR(4));
	}
	return -EINVAL;
}

long __sys_socketcall(int call, unsigned long __user *uargs)
{
	unsigned long a[6];

	if (call < 1 || call > SYS_SENDMMSG)
		return -EINVAL;
	if (copy_from_user(a, uargs, socketcall_args[call] * sizeof(a[0])))
		return -EFAULT;
	return socketcall_dispatch(call, a, 0);
}

long __compat_sys_socketcall(int call, u32 __user *uargs)
{
	unsigned long a[6];
	u32 c[6];

	if (call < 1 || call > SYS_SENDMMSG)
		return -EINVAL;
	if (copy_from_user(c, uargs, socketcall_args[call] * sizeof(c[0])))
		return -EFAULT;
	for (unsigned i = 0; i < socketcall_args[call]; i++)
		a[i] = c[i];
	return socketcall_dispatch(call, a, MSG_CMSG_COMPAT);
}

/* ---- the entries ---- */

SYSCALL_DEFINE3(socket, int, family, int, type, int, protocol)
{
	return __sys_socket(family, type, protocol);
}

SYSCALL_DEFINE4(socketpair, int, family, int, type, int, protocol, int __user *, usockvec)
{
	return __sys_socketpair(family, type, protocol, usockvec);
}

SYSCALL_DEFINE3(bind, int, fd, struct sockaddr __user *, umyaddr, int, addrlen)
{
	return __sys_bind(fd, umyaddr, addrlen);
}

SYSCALL_DEFINE2(listen, int, fd, int, backlog)
{
	return __sys_listen(fd, backlog);
}

SYSCALL_DEFINE3(accept, int, fd, struct sockaddr __user *, upeer_sockaddr, int __user *, upeer_addrlen)
{
	return __sys_accept4(fd, upeer_sockaddr, upeer_addrlen, 0);
}

SYSCALL_DEFINE4(accept4, int, fd, struct sockaddr __user *, upeer_sockaddr, int __user *, upeer_addrlen, int, flags)
{
	return __sys_accept4(fd, upeer_sockaddr, upeer_addrlen, flags);
}

SYSCALL_DEFINE3(connect, int, fd, struct sockaddr __user *, uservaddr, int, addrlen)
{
	return __sys_connect(fd, uservaddr, addrlen);
}

SYSCALL_DEFINE3(getsockname, int, fd, struct sockaddr __user *, usockaddr, int __user *, usockaddr_len)
{
	return __sys_getsockname(fd, usockaddr, usockaddr_len);
}

SYSCALL_DEFINE3(getpeername, int, fd, struct sockaddr __user *, usockaddr, int __user *, usockaddr_len)
{
	return __sys_getpeername(fd, usockaddr, usockaddr_len);
}

SYSCALL_DEFINE6(sendto, int, fd, void __user *, buff, size_t, len, unsigned, flags, struct sockaddr __user *, addr, int,
	addr_len)
{
	return __sys_sendto(fd, buff, len, flags, addr, addr_len);
}

SYSCALL_DEFINE4(send, int, fd, void __user *, buff, size_t, len, unsigned, flags)
{
	return __sys_sendto(fd, buff, len, flags, NULL, 0);
}

SYSCALL_DEFINE6(recvfrom, int, fd, void __user *, ubuf, size_t, size, unsigned, flags, struct sockaddr __user *, addr,
	int __user *, addr_len)
{
	return __sys_recvfrom(fd, ubuf, size, flags, addr, addr_len);
}

SYSCALL_DEFINE4(recv, int, fd, void __user *, ubuf, size_t, size, unsigned, flags)
{
	return __sys_recvfrom(fd, ubuf, size, flags, NULL, NULL);
}

SYSCALL_DEFINE5(setsockopt, int, fd, int, level, int, optname, char __user *, optval, int, optlen)
{
	return __sys_setsockopt(fd, level, optname, optval, optlen);
}

SYSCALL_DEFINE5(getsockopt, int, fd, int, level, int, optname, char __user *, optval, int __user *, optlen)
{
	return __sys_getsockopt(fd, level, optname, optval, optlen);
}

SYSCALL_DEFINE2(shutdown, int, fd, int, how)
{
	return __sys_shutdown(fd, how);
}

SYSCALL_DEFINE3(sendmsg, int, fd, struct user_msghdr __user *, msg, unsigned, flags)
{
	return __sys_sendmsg(fd, msg, flags, true);
}

SYSCALL_DEFINE3(recvmsg, int, fd, struct user_msghdr __user *, msg, unsigned, flags)
{
	return __sys_recvmsg(fd, msg, flags, true);
}

SYSCALL_DEFINE4(sendmmsg, int, fd, struct mmsghdr __user *, mmsg, unsigned, vlen, unsigned, flags)
{
	return __sys_sendmmsg(fd, mmsg, vlen, flags, true);
}

SYSCALL_DEFINE5(recvmmsg, int, fd, struct mmsghdr __user *, mmsg, unsigned, vlen, unsigned, flags,
	struct __kernel_timespec __user *, timeout)
{
	return __sys_recvmmsg(fd, mmsg, vlen, flags, timeout);
}

SYSCALL_DEFINE2(socketcall, int, call, unsigned long __user *, args)
{
	return __sys_socketcall(call, args);
}
