/* Messages in and out of sockets: sendto, recvfrom, sendmsg, recvmsg and their many-message kin (__sys_*). Headers, names,
 * buffers and control messages are copied here, i386's too; what becomes of them is the family's. */
#include "sock.h"
#include "sockcall.h"
#include "scm.h"
#include "slab.h"
#include "string.h"
#include "uaccess.h"
#include <linux/time_types.h>

/* Flags that callers inside the kernel use; taken out of what a guest passes. */

/* ---- sendto, recvfrom ---- */

long __sys_sendto(int fd, void __user *ubuf, size_t size, unsigned flags, struct sockaddr __user *addr, int addr_len)
{
	struct sockaddr_storage address;
	struct msghdr msg = { .msg_flags = 0 };
	struct socket *sock;
	long n;
	int err;

	size = min(size, (size_t)MAX_RW_COUNT);
	if (!access_ok((u64)ubuf, size))
		return -EFAULT;
	sock = sockfd_lookup(fd, &err);
	if (!sock)
		return err;
	iov_iter_ubuf(&msg.msg_iter, ubuf, size);
	if (addr) {
		n = move_addr_to_kernel(addr, addr_len, &address);
		if (n)
			goto put_sock;
		msg.msg_name = &address;
		msg.msg_namelen = addr_len;
	}
	msg.msg_flags = (flags & ~MSG_INTERNAL_FLAGS) | nonblock_flag(sock->file);
	n = sock_sendmsg(sock, &msg);
put_sock:
	sockfd_put(sock);
	return n;
}

long __sys_recvfrom(int fd, void __user *ubuf, size_t size, unsigned flags, struct sockaddr __user *addr,
	int __user *addr_len)
{
	struct sockaddr_storage address;
	struct msghdr msg = { .msg_name = addr ? &address : NULL };
	struct socket *sock;
	long n;
	int err;

	size = min(size, (size_t)MAX_RW_COUNT);
	if (!access_ok((u64)ubuf, size))
		return -EFAULT;
	sock = sockfd_lookup(fd, &err);
	if (!sock)
		return err;
	iov_iter_ubuf(&msg.msg_iter, ubuf, size);
	n = sock_recvmsg(sock, &msg, (flags & ~MSG_INTERNAL_FLAGS) | nonblock_flag(sock->file));
	if (n >= 0 && addr) {
		err = move_addr_to_user(&address, msg.msg_namelen, addr, addr_len);
		if (err)
			n = err;
	}
	sockfd_put(sock);
	return n;
}

/* ---- sendmsg, recvmsg ---- */

/* A caller's msghdr in native form and its buffers. */
struct msg_user {
	struct user_msghdr hdr;
	struct iovec fast[UIO_FASTIOV], *to_free;
	struct sockaddr_storage address;
};

static int copy_msghdr(struct user_msghdr *hdr, const void __user *umsg, bool compat)
{
	struct compat_msghdr c;

	if (!compat)
		return copy_from_user(hdr, umsg, sizeof(*hdr)) ? -EFAULT : 0;
	if (copy_from_user(&c, umsg, sizeof(c)))
		return -EFAULT;
	*hdr = (struct user_msghdr){
		.msg_name = u64_to_uptr(c.msg_name), .msg_namelen = c.msg_namelen,
		.msg_iov = u64_to_uptr(c.msg_iov), .msg_iovlen = c.msg_iovlen,
		.msg_control = u64_to_uptr(c.msg_control), .msg_controllen = c.msg_controllen,
		.msg_flags = c.msg_flags,
	};
	return 0;
}

/* Fills @msg (name buffer, iterator, control) from the guest's header; *@m must live as long as @msg is used, and
 * kfree(m->to_free) ends it. 0, -EFAULT, -EINVAL, -EMSGSIZE (too many segments), -ENOMEM. */
static int import_msghdr(struct msg_user *m, struct msghdr *msg, const void __user *umsg, bool compat, bool send)
{
	ssize_t n;
	int err = copy_msghdr(&m->hdr, umsg, compat);

	m->to_free = NULL;
	memset(msg, 0, sizeof(*msg));
	if (err)
		return err;
	if (!m->hdr.msg_name)
		m->hdr.msg_namelen = 0;
	if (m->hdr.msg_namelen < 0)
		return -EINVAL;
	m->hdr.msg_namelen = min(m->hdr.msg_namelen, (int)sizeof(m->address));
	if (m->hdr.msg_name && (m->hdr.msg_namelen || !send)) {
		msg->msg_name = &m->address;
		if (send) {
			err = move_addr_to_kernel(m->hdr.msg_name, m->hdr.msg_namelen, &m->address);
			msg->msg_namelen = m->hdr.msg_namelen;
		}
		if (err)
			return err;
	}
	if (m->hdr.msg_iovlen > UIO_MAXIOV)
		return -EMSGSIZE;
	msg->msg_control_user = m->hdr.msg_control;
	msg->msg_controllen = m->hdr.msg_controllen;
	if (compat)
		n = import_compat_iovec((unsigned long)m->hdr.msg_iov, (unsigned)m->hdr.msg_iovlen, m->fast, &m->to_free,
			&msg->msg_iter);
	else
		n = import_iovec(m->hdr.msg_iov, (unsigned)m->hdr.msg_iovlen, m->fast, &m->to_free, &msg->msg_iter);
	return n < 0 ? (int)n : 0;
}

/* The sender's control messages, copied into msg->msg_control (kmalloc'd). 0, -ENOBUFS, -EFAULT, -EINVAL. */
static int import_control(struct msghdr *msg, bool compat)
{
	void __user *ucontrol = msg->msg_control_user;
	void *copy;

	msg->msg_control = NULL;
	if (msg->msg_controllen > 0x7fffffff)
		return -ENOBUFS;
	if (!msg->msg_controllen)
		return 0;
	if (compat)
		return cmsghdr_from_compat(msg, (u32)(unsigned long)ucontrol, (u32)msg->msg_controllen);
	if (msg->msg_controllen > (unsigned)net_sysctl.optmem_max)
		return -ENOBUFS;
	copy = kmalloc(msg->msg_controllen);
	if (!copy)
		return -ENOBUFS;
	if (copy_from_user(copy, ucontrol, msg->msg_controllen)) {
		kfree(copy);
		return -EFAULT;
	}
	msg->msg_control = copy;
	return 0;
}

static long send_one(struct socket *sock, void __user *umsg, unsigned flags)
{
	bool compat = flags & MSG_CMSG_COMPAT;
	struct msg_user m;
	struct msghdr msg;
	long n = import_msghdr(&m, &msg, umsg, compat, true);

	if (n)
		goto free_iov;
	n = import_control(&msg, compat);
	if (n)
		goto free_iov;
	msg.msg_flags = (flags & ~MSG_INTERNAL_FLAGS) | nonblock_flag(sock->file);
	n = sock_sendmsg(sock, &msg);
	kfree(msg.msg_control);
free_iov:
	kfree(m.to_free);
	return n;
}

/* What changed goes back into the guest's header: name length, flags, length of the control messages. */
static int export_msghdr(const struct msg_user *m, const struct msghdr *msg, void __user *umsg, bool compat)
{
	unsigned flags = msg->msg_flags & ~MSG_INTERNAL_FLAGS;
	size_t controllen = m->hdr.msg_controllen - msg->msg_controllen;

	if (compat) {
		struct compat_msghdr __user *c = umsg;

		if (m->hdr.msg_name && move_addr_to_user(&m->address, msg->msg_namelen, m->hdr.msg_name, &c->msg_namelen))
			return -EFAULT;
		return put_user(flags, &c->msg_flags) || put_user((u32)controllen, &c->msg_controllen) ? -EFAULT : 0;
	}
	struct user_msghdr __user *u = umsg;

	if (m->hdr.msg_name) {
		int err = move_addr_to_user(&m->address, msg->msg_namelen, m->hdr.msg_name, &u->msg_namelen);

		if (err)
			return err;
	}
	return put_user(flags, &u->msg_flags) || put_user(controllen, &u->msg_controllen) ? -EFAULT : 0;
}

/* *told: the MSG_* flags that the guest is told, of a message. */
static long receive_told(struct socket *sock, void __user *umsg, unsigned flags, unsigned *told)
{
	bool compat = flags & MSG_CMSG_COMPAT;
	struct msg_user m;
	struct msghdr msg;
	long n = import_msghdr(&m, &msg, umsg, compat, false);

	if (n)
		goto free_iov;
	msg.msg_flags = flags & (MSG_CMSG_CLOEXEC | MSG_CMSG_COMPAT);
	n = sock_recvmsg(sock, &msg, (flags & ~MSG_INTERNAL_FLAGS) | nonblock_flag(sock->file));
	if (n >= 0) {
		int err = export_msghdr(&m, &msg, umsg, compat);

		*told = msg.msg_flags;
		if (err)
			n = err;
	}
free_iov:
	kfree(m.to_free);
	return n;
}

static long receive_one(struct socket *sock, void __user *umsg, unsigned flags)
{
	unsigned told;

	return receive_told(sock, umsg, flags, &told);
}

/* One message by @transfer, send_one() or receive_one(). */
static inline long transfer_message(int fd, struct user_msghdr __user *umsg, unsigned flags, bool from_user,
	long (*transfer)(struct socket *sock, void __user *umsg, unsigned flags))
{
	struct socket *sock;
	long n;
	int err;

	if (from_user && flags & MSG_CMSG_COMPAT)
		return -EINVAL;
	sock = sockfd_lookup(fd, &err);
	if (!sock)
		return err;
	n = transfer(sock, umsg, flags);
	sockfd_put(sock);
	return n;
}

long __sys_sendmsg(int fd, struct user_msghdr __user *umsg, unsigned flags, bool from_user)
{
	return transfer_message(fd, umsg, flags, from_user, send_one);
}

long __sys_recvmsg(int fd, struct user_msghdr __user *umsg, unsigned flags, bool from_user)
{
	return transfer_message(fd, umsg, flags, from_user, receive_one);
}

/* The @i-th entry of an mmsghdr array, in the caller's layout. */
static void __user *mmsg_entry(struct mmsghdr __user *mmsg, unsigned i, bool compat)
{
	return compat ? (void __user *)((struct compat_mmsghdr __user *)mmsg + i) : (void __user *)(mmsg + i);
}

static int mmsg_put_len(void __user *entry, long len, bool compat)
{
	if (compat)
		return put_user((u32)len, &((struct compat_mmsghdr __user *)entry)->msg_len);
	return put_user((unsigned)len, &((struct mmsghdr __user *)entry)->msg_len);
}

/* The number of messages sent, if any; otherwise the first one's error. */
long __sys_sendmmsg(int fd, struct mmsghdr __user *mmsg, unsigned vlen, unsigned flags, bool from_user)
{
	bool compat = flags & MSG_CMSG_COMPAT;
	struct socket *sock;
	long n = 0;
	unsigned count;
	int err;

	if (from_user && compat)
		return -EINVAL;
	vlen = min(vlen, (unsigned)UIO_MAXIOV);
	sock = sockfd_lookup(fd, &err);
	if (!sock)
		return err;
	for (count = 0; count < vlen; count++) {
		void __user *entry = mmsg_entry(mmsg, count, compat);

		n = send_one(sock, entry, flags);
		if (n >= 0)
			n = mmsg_put_len(entry, n, compat);
		if (n)
			break;
		cond_resched();
	}
	sockfd_put(sock);
	return count ? (long)count : n;
}

/* Receives until @vlen, an error, urgent data or @deadline, which is looked at after each message only, as recvmmsg(2)
 * admits. */
static long receive_many(struct socket *sock, struct mmsghdr __user *mmsg, unsigned vlen, unsigned flags, u64 deadline)
{
	bool compat = flags & MSG_CMSG_COMPAT;
	unsigned count = 0, told = 0;
	long n = flags & MSG_ERRQUEUE ? 0 : sock_error(sock->sk);

	if (n)
		return n;
	while (count < vlen) {
		void __user *entry = mmsg_entry(mmsg, count, compat);

		n = receive_told(sock, entry, flags & ~MSG_WAITFORONE, &told);
		if (n >= 0)
			n = mmsg_put_len(entry, n, compat);
		if (n)
			break;
		count++;
		if (flags & MSG_WAITFORONE)
			flags |= MSG_DONTWAIT;
		if (told & MSG_OOB)
			break;
		if (deadline != KTIME_MAX && ktime_get() >= deadline)
			break;
		cond_resched();
	}
	/* The error that ended it is told by the next call. */
	if (n && count && n != -EAGAIN && n > -ERESTARTSYS)
		sock->sk->sk_err = (int)-n;
	return count ? (long)count : n;
}

long do_recvmmsg(int fd, struct mmsghdr __user *mmsg, unsigned vlen, unsigned flags, u64 *timeout)
{
	u64 deadline = *timeout == KTIME_MAX ? KTIME_MAX : ktime_add_safe(ktime_get(), *timeout), now;
	int err;
	struct socket *sock = sockfd_lookup(fd, &err);
	long n;

	if (!sock)
		return err;
	n = receive_many(sock, mmsg, min(vlen, (unsigned)UIO_MAXIOV), flags, deadline);
	sockfd_put(sock);
	now = ktime_get();
	*timeout = deadline > now ? deadline - now : 0;
	return n;
}

long __sys_recvmmsg(int fd, struct mmsghdr __user *mmsg, unsigned vlen, unsigned flags,
	struct __kernel_timespec __user *timeout)
{
	u64 ns = KTIME_MAX;
	long n;

	if (flags & MSG_CMSG_COMPAT)
		return -EINVAL;
	if (timeout) {
		n = get_timespec(&ns, timeout);
		if (n)
			return n;
	}
	n = do_recvmmsg(fd, mmsg, vlen, flags, &ns);
	if (timeout && n > 0 && put_timespec(ns, timeout))
		n = -EFAULT;
	return n;
}
