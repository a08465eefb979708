/* i386 callers of the socket layer: entries whose structures differ from the native ones, and the conversion of control
 * messages and segment lists. The work is the native helpers'; MSG_CMSG_COMPAT tells them. */
#define SYSCALL_THIN_BODIES
#include "syscalls.h"
#include "sock.h"
#include "scm.h"
#include "slab.h"
#include "string.h"
#include <linux/time_types.h>

ssize_t import_compat_iovec(u64 uvec, unsigned nr, struct iovec *fast, struct iovec **to_free, struct iov_iter *i)
{
	const struct compat_iovec __user *u = u64_to_uptr(uvec);
	struct iovec *iov = fast;
	size_t total = 0;

	*to_free = NULL;
	if (nr > UIO_MAXIOV)
		return -EINVAL;
	if (nr > UIO_FASTIOV) {
		iov = *to_free = kcalloc(nr, sizeof(*iov));
		if (!iov)
			return -ENOMEM;
	}
	for (unsigned k = 0; k < nr; k++) {
		struct compat_iovec c;

		if (copy_from_user(&c, u + k, sizeof(c)))
			return -EFAULT;
		if ((s32)c.iov_len < 0)
			return -EINVAL;
		iov[k].iov_base = u64_to_uptr(c.iov_base);
		iov[k].iov_len = min((size_t)c.iov_len, MAX_RW_COUNT - total);
		total += iov[k].iov_len;
	}
	iov_iter_init(i, iov, nr, total);
	return (ssize_t)total;
}

/* The native size of the control messages in the @len bytes at @c, or -EINVAL. With @out they are written there. */
static long convert_cmsgs(const u8 *c, u32 len, u8 *out)
{
	size_t size = 0;

	while (len >= sizeof(struct compat_cmsghdr)) {
		const struct compat_cmsghdr *h = (const struct compat_cmsghdr *)c;
		u32 data, step;

		if (h->cmsg_len < sizeof(*h) || h->cmsg_len > len)
			return -EINVAL;
		data = h->cmsg_len - sizeof(*h);
		if (out) {
			struct cmsghdr *n = (struct cmsghdr *)(out + size);

			n->cmsg_len = CMSG_LEN(data);
			n->cmsg_level = h->cmsg_level;
			n->cmsg_type = h->cmsg_type;
			memcpy(CMSG_DATA(n), h + 1, data);
		}
		size += CMSG_SPACE(data);
		step = COMPAT_CMSG_ALIGN(h->cmsg_len);
		if (step > len)
			break;
		c += step;
		len -= step;
	}
	return (long)size;
}

int cmsghdr_from_compat(struct msghdr *msg, u32 ucontrol, u32 len)
{
	u8 *copy, *out;
	long size;
	int err;

	if (len > (unsigned)net_sysctl.optmem_max)
		return -ENOBUFS;
	copy = kmalloc(len);
	if (!copy)
		return -ENOBUFS;
	err = -EFAULT;
	if (copy_from_user(copy, u64_to_uptr(ucontrol), len))
		goto free_copy;
	size = convert_cmsgs(copy, len, NULL);
	err = size <= 0 ? -EINVAL : 0;
	if (err)
		goto free_copy;
	out = kzalloc(size);
	err = out ? 0 : -ENOBUFS;
	if (err)
		goto free_copy;
	convert_cmsgs(copy, len, out);
	msg->msg_control = out;
	msg->msg_controllen = size;
free_copy:
	kfree(copy);
	return err;
}

/* SO_RCVTIMEO and SO_SNDTIMEO of old hold 32-bit times; all other options of SOL_SOCKET look alike. */
static bool is_old_timeo(int level, int optname)
{
	return level == SOL_SOCKET && (optname == SO_RCVTIMEO_OLD || optname == SO_SNDTIMEO_OLD);
}

static long compat_set_timeo(int fd, int optname, const s32 __user *optval, int optlen)
{
	struct socket *sock;
	s32 tv[2];
	int err;

	if (optlen < (int)sizeof(tv))
		return -EINVAL;
	if (copy_from_user(tv, optval, sizeof(tv)))
		return -EFAULT;
	sock = sockfd_lookup(fd, &err);
	if (!sock)
		return err;
	err = sock_set_timeo(optname == SO_RCVTIMEO_OLD ? &sock->sk->sk_rcvtimeo : &sock->sk->sk_sndtimeo, tv[0], tv[1]);
	sockfd_put(sock);
	return err;
}

static long compat_get_timeo(int fd, int optname, s32 __user *optval, int __user *optlen)
{
	struct socket *sock;
	s32 tv[2];
	int err;
	u64 ns;
	int len;

	sock = sockfd_lookup(fd, &err);
	if (!sock)
		return err;
	ns = optname == SO_RCVTIMEO_OLD ? sock->sk->sk_rcvtimeo : sock->sk->sk_sndtimeo;
	sockfd_put(sock);
	tv[0] = ns == KTIME_MAX ? 0 : (s32)min(ns / NSEC_PER_SEC, (u64)0x7fffffff);
	tv[1] = ns == KTIME_MAX ? 0 : (s32)(ns % NSEC_PER_SEC / 1000);
	if (get_user(len, optlen))
		return -EFAULT;
	if (len < 0)
		return -EINVAL;
	len = min(len, (int)sizeof(tv));
	if (copy_to_user(optval, tv, len))
		return -EFAULT;
	return put_user(len, optlen);
}

long __compat_sys_setsockopt(int fd, int level, int optname, char __user *optval, int optlen)
{
	if (is_old_timeo(level, optname))
		return compat_set_timeo(fd, optname, (const s32 __user *)optval, optlen);
	return __sys_setsockopt(fd, level, optname, optval, optlen);
}

long __compat_sys_getsockopt(int fd, int level, int optname, char __user *optval, int __user *optlen)
{
	if (is_old_timeo(level, optname))
		return compat_get_timeo(fd, optname, (s32 __user *)optval, optlen);
	return __sys_getsockopt(fd, level, optname, optval, optlen);
}

long __compat_sys_recvmmsg(int fd, struct compat_mmsghdr __user *mmsg, unsigned vlen, unsigned flags, s32 __user *timeout)
{
	u64 ns = KTIME_MAX;
	s32 ts[2];
	long n;

	if (timeout) {
		if (copy_from_user(ts, timeout, sizeof(ts)))
			return -EFAULT;
		if (ts[0] < 0 || ts[1] < 0 || ts[1] >= (s32)NSEC_PER_SEC)
			return -EINVAL;
		ns = (u64)ts[0] * NSEC_PER_SEC + (u64)ts[1];
	}
	n = do_recvmmsg(fd, (struct mmsghdr __user *)mmsg, vlen, flags | MSG_CMSG_COMPAT, &ns);

	if (timeout && n > 0) {
		ts[0] = (s32)(ns / NSEC_PER_SEC);
		ts[1] = (s32)(ns % NSEC_PER_SEC);
		if (copy_to_user(timeout, ts, sizeof(ts)))
			n = -EFAULT;
	}
	return n;
}

long __compat_sys_recvmmsg_time64(int fd, struct compat_mmsghdr __user *mmsg, unsigned vlen, unsigned flags,
	struct __kernel_timespec __user *timeout)
{
	u64 ns = KTIME_MAX;
	long n;

	if (timeout) {
		n = get_timespec(&ns, timeout);
		if (n)
			return n;
	}
	n = do_recvmmsg(fd, (struct mmsghdr __user *)mmsg, vlen, flags | MSG_CMSG_COMPAT, &ns);
	if (timeout && n > 0 && put_timespec(ns, timeout))
		n = -EFAULT;
	return n;
}

long __compat_sys_sendmsg(int fd, struct compat_msghdr __user *msg, unsigned flags)
{
	return __sys_sendmsg(fd, (struct user_msghdr __user *)msg, flags | MSG_CMSG_COMPAT, false);
}

long __compat_sys_recvmsg(int fd, struct compat_msghdr __user *msg, unsigned flags)
{
	return __sys_recvmsg(fd, (struct user_msghdr __user *)msg, flags | MSG_CMSG_COMPAT, false);
}

long __compat_sys_sendmmsg(int fd, struct compat_mmsghdr __user *mmsg, unsigned vlen, unsigned flags)
{
	return __sys_sendmmsg(fd, (struct mmsghdr __user *)mmsg, vlen, flags | MSG_CMSG_COMPAT, false);
}

/* ---- the entries ---- */

COMPAT_SYSCALL_DEFINE3(sendmsg, int, fd, struct compat_msghdr __user *, msg, unsigned, flags)
{
	return __compat_sys_sendmsg(fd, msg, flags);
}

COMPAT_SYSCALL_DEFINE3(recvmsg, int, fd, struct compat_msghdr __user *, msg, unsigned, flags)
{
	return __compat_sys_recvmsg(fd, msg, flags);
}

COMPAT_SYSCALL_DEFINE4(sendmmsg, int, fd, struct compat_mmsghdr __user *, mmsg, unsigned, vlen, unsigned, flags)
{
	return __compat_sys_sendmmsg(fd, mmsg, vlen, flags);
}

COMPAT_SYSCALL_DEFINE5(recvmmsg, int, fd, struct compat_mmsghdr __user *, mmsg, unsigned, vlen, unsigned, flags,
	s32 __user *, timeout)
{
	return __compat_sys_recvmmsg(fd, mmsg, vlen, flags, timeout);
}

COMPAT_SYSCALL_DEFINE5(recvmmsg_time64, int, fd, struct compat_mmsghdr __user *, mmsg, unsigned, vlen, unsigned, flags,
	struct __kernel_timespec __user *, timeout)
{
	return __compat_sys_recvmmsg_time64(fd, mmsg, vlen, flags, timeout);
}

COMPAT_SYSCALL_DEFINE5(setsockopt, int, fd, int, level, int, optname, char __user *, optval, int, optlen)
{
	return __compat_sys_setsockopt(fd, level, optname, optval, optlen);
}

COMPAT_SYSCALL_DEFINE5(getsockopt, int, fd, int, level, int, optname, char __user *, optval, int __user *, optlen)
{
	return __compat_sys_getsockopt(fd, level, optname, optval, optlen);
}

COMPAT_SYSCALL_DEFINE4(recv, int, fd, void __user *, ubuf, u32, size, unsigned, flags)
{
	return __sys_recvfrom(fd, ubuf, size, flags, NULL, NULL);
}

COMPAT_SYSCALL_DEFINE6(recvfrom, int, fd, void __user *, ubuf, u32, size, unsigned, flags, struct sockaddr __user *, addr,
	int __user *, addr_len)
{
	return __sys_recvfrom(fd, ubuf, size, flags, addr, addr_len);
}

COMPAT_SYSCALL_DEFINE2(socketcall, int, call, u32 __user *, args)
{
	return __compat_sys_socketcall(call, args);
}
