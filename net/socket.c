/* The socket system calls: entries, the __sys_* helpers behind them, and the table of families. It copies arguments in,
 * checks what every family wants checked, and leaves the rest to the family's proto_ops; it knows no protocol.
 * The entries stand at the end: each only unpacks registers and jumps to its helper. */
#define SYSCALL_THIN_BODIES
#include "syscalls.h"
#include "sock.h"
#include "dev.h"
#include "host.h"
#include "scm.h"
#include "fs.h"
#include "slab.h"
#include "string.h"
#include "ledger.h"
#include "trap.h"
#include "uaccess.h"
#include "umk_kernel.h"
#include <linux/sockios.h>
#include <linux/time_types.h>

/* Flags that callers inside the kernel use; taken out of what a guest passes. */
#define MSG_INTERNAL_FLAGS MSG_CMSG_COMPAT

static struct kmem_cache *socket_cache;
u32 sockets_in_use;

static const struct net_proto_family families[] = {
	{ AF_UNIX, "UNIX", unix_create },
	{ AF_INET, "INET", inet_create },
	{ AF_INET6, "INET6", inet6_create },
	{ AF_NETLINK, "NETLINK", netlink_create },
};

void net_init(void)
{
	socket_cache = kmem_cache_create("socket", sizeof(struct socket), 0);
	skb_init();
	net_sysctl_init();
	unix_init();
	if (netem_init())
		host_exit(125, 0);
	inet_init();
	inet6_init();
	netlink_init();
}

void net_exit(void)
{
	inet6_exit();
	inet_exit();
}

/* ---- life of a socket ---- */

static struct socket *sock_alloc(void)
{
	struct socket *sock = kmem_cache_zalloc(socket_cache);

	if (!sock)
		return NULL;
	sockets_in_use++;
	sock->state = SS_UNCONNECTED;
	init_waitqueue_head(&sock->wait);
	return sock;
}

void sock_release(struct socket *sock)
{
	if (sock->ops && sock->ops->release)
		sock->ops->release(sock);
	sockets_in_use--;
	kmem_cache_free(socket_cache, sock);
}

int sock_create(int family, int type, int protocol, struct socket **res)
{
	const struct net_proto_family *f = NULL;
	struct socket *sock;
	int err;

	if (family < 0 || family >= AF_MAX)
		return -EAFNOSUPPORT;
	if (type < 0 || type >= SOCK_MAX)
		return -EINVAL;
	for (size_t i = 0; i < ARRAY_SIZE(families); i++)
		if (families[i].family == family)
			f = &families[i];
	if (!f) {
		LEDGER("socket family", family);
		return -EAFNOSUPPORT;
	}
	sock = sock_alloc();
	if (!sock)
		return -ENFILE;
	sock->type = type;
	err = f->create(sock, protocol);
	if (err) {
		sock->ops = NULL;
		sock_release(sock);
		return err;
	}
	*res = sock;
	return 0;
}

/* ---- a socket as a file ---- */

ssize_t sock_sendmsg(struct socket *sock, struct msghdr *msg)
{
	if (!sock->ops->sendmsg)
		return -EOPNOTSUPP;
	return sock->ops->sendmsg(sock, msg, iov_iter_count(&msg->msg_iter));
}

ssize_t sock_recvmsg(struct socket *sock, struct msghdr *msg, unsigned flags)
{
	if (!sock->ops->recvmsg)
		return -EOPNOTSUPP;
	return sock->ops->recvmsg(sock, msg, iov_iter_count(&msg->msg_iter), flags);
}

static unsigned nonblock_flag(const struct socket *sock)
{
	return sock->file->flags & O_NONBLOCK ? MSG_DONTWAIT : 0;
}

/* read(2) of nothing returns 0 without a look at the socket, as in System V. */
static ssize_t sock_read(struct file *f, struct iov_iter *to, u64 *pos __maybe_unused)
{
	struct socket *sock = f->private;
	struct msghdr msg = { .msg_iter = *to };
	ssize_t n;

	if (!iov_iter_count(to))
		return 0;
	n = sock_recvmsg(sock, &msg, nonblock_flag(sock));
	if (n > 0)
		iov_iter_advance(to, min((size_t)n, iov_iter_count(to)));
	return n;
}

static ssize_t sock_write(struct file *f, struct iov_iter *from, u64 *pos __maybe_unused)
{
	struct socket *sock = f->private;
	struct msghdr msg = { .msg_iter = *from };
	ssize_t n;

	msg.msg_flags = nonblock_flag(sock) | (f->nosignal ? MSG_NOSIGNAL : 0);
	if (sock->type == SOCK_SEQPACKET)
		msg.msg_flags |= MSG_EOR;
	n = sock_sendmsg(sock, &msg);
	if (n > 0)
		iov_iter_advance(from, (size_t)n);
	return n;
}

static u32 sock_poll(struct file *f, struct poll_table *pt)
{
	struct socket *sock = f->private;

	return sock->ops->poll ? sock->ops->poll(f, sock, pt) : 0;
}

static long sock_ioctl(struct file *f, unsigned cmd, unsigned long arg)
{
	struct socket *sock = f->private;
	int who;

	switch (cmd) {
	case FIOSETOWN:
	case SIOCSPGRP:
		return get_user(who, (int __user *)u64_to_uptr(arg)) ? -EFAULT : f_setown(f, who);
	case FIOGETOWN:
	case SIOCGPGRP:
		return put_user(f_getown(f), (int __user *)u64_to_uptr(arg));
	}
	return sock->ops->ioctl ? sock->ops->ioctl(sock, cmd, arg) : -ENOTTY;
}

static int sock_fasync(int fd, struct file *f, bool on)
{
	return fasync_helper(fd, f, on, &((struct socket *)f->private)->fasync);
}

static int sock_flush(struct file *f)
{
	struct socket *sock = f->private;

	if (sock->ops->flush)
		sock->ops->flush(sock);
	return 0;
}

static void sock_file_release(struct file *f)
{
	sock_release(f->private);
}

static const struct file_operations socket_file_ops = {
	.name = "socket",
	.read = sock_read,
	.write = sock_write,
	.poll = sock_poll,
	.ioctl = sock_ioctl,
	.fasync = sock_fasync,
	.flush = sock_flush,
	.release = sock_file_release,
};

struct socket *sock_from_file(const struct file *file)
{
	return file->ops == &socket_file_ops ? file->private : NULL;
}

struct file *sock_alloc_file(struct socket *sock, int flags)
{
	struct file *f = anon_file("socket", &socket_file_ops, sock, O_RDWR | (flags & O_NONBLOCK), S_IFSOCK | 0777);

	if (IS_ERR_OR_NULL(f)) {
		sock_release(sock);
		return ERR_PTR(-ENFILE);
	}
	sock->file = f;
	return f;
}

struct socket *sockfd_lookup(int fd, int *err)
{
	struct file *f = fget((unsigned)fd);
	struct socket *sock;

	if (!f) {
		*err = -EBADF;
		return NULL;
	}
	sock = sock_from_file(f);
	if (!sock) {
		*err = -ENOTSOCK;
		file_put(f);
	}
	return sock;
}

void sockfd_put(struct socket *sock)
{
	file_put(sock->file);
}

/* ---- names ---- */

/* 0, -EINVAL (a length that no address has), -EFAULT. */
static int move_addr_to_kernel(const void __user *uaddr, int len, struct sockaddr_storage *addr)
{
	if (len < 0 || len > (int)sizeof(*addr))
		return -EINVAL;
	if (len && copy_from_user(addr, uaddr, len))
		return -EFAULT;
	return 0;
}

/* Cuts the name to the guest's buffer and tells its whole length. */
static int move_addr_to_user(const struct sockaddr_storage *addr, int size, void __user *uaddr, int __user *ulen)
{
	int len;

	if (get_user(len, ulen))
		return -EFAULT;
	len = min(len, size);
	if (len < 0)
		return -EINVAL;
	if (len && copy_to_user(uaddr, addr, len))
		return -EFAULT;
	return put_user(size, ulen);
}

/* Linux refuses a buffer that lies outside the guest's addresses before it looks at anything else. */
static bool access_ok(const void __user *p, size_t size)
{
	unsigned long addr = (unsigned long)p;

	return addr + size >= addr && addr + size <= trap_layout.task_size;
}

/* ---- socket, socketpair ---- */

/* The type without its flags; *flags are O_CLOEXEC and O_NONBLOCK. -EINVAL. */
static int split_type(int type, int *flags)
{
	int f = type & ~SOCK_TYPE_MASK;

	if (f & ~(SOCK_CLOEXEC | SOCK_NONBLOCK))
		return -EINVAL;
	*flags = f;
	return type & SOCK_TYPE_MASK;
}

long __sys_socket(int family, int type, int protocol)
{
	struct socket *sock;
	struct file *f;
	int flags, fd, err;

	type = split_type(type, &flags);
	if (type < 0)
		return type;
	err = sock_create(family, type, protocol, &sock);
	if (err)
		return err;
	fd = fd_reserve(flags & O_CLOEXEC);
	if (fd < 0) {
		sock_release(sock);
		return fd;
	}
	f = sock_alloc_file(sock, flags);
	if (IS_ERR(f)) {
		fd_unreserve(fd);
		return PTR_ERR(f);
	}
	fd_install(fd, f);
	return fd;
}

/* Two sockets of a family, connected; on success the caller owns both. */
static int create_pair(int family, int type, int protocol, struct socket **a, struct socket **b)
{
	int err = sock_create(family, type, protocol, a);

	if (err)
		return err;
	err = sock_create(family, type, protocol, b);
	if (err)
		goto release_a;
	err = (*a)->ops->socketpair ? (*a)->ops->socketpair(*a, *b) : -EOPNOTSUPP;
	if (!err)
		return 0;
	sock_release(*b);
release_a:
	sock_release(*a);
	return err;
}

long __sys_socketpair(int family, int type, int protocol, int __user *usockvec)
{
	struct socket *a, *b;
	struct file *fa, *fb;
	int flags, fds[2], err;

	type = split_type(type, &flags);
	if (type < 0)
		return type;
	fds[0] = fd_reserve(flags & O_CLOEXEC);
	if (fds[0] < 0)
		return fds[0];
	fds[1] = fd_reserve(flags & O_CLOEXEC);
	if (fds[1] < 0) {
		err = fds[1];
		goto unreserve_first;
	}
	err = copy_to_user(usockvec, fds, sizeof(fds)) ? -EFAULT : 0;
	if (!err)
		err = create_pair(family, type, protocol, &a, &b);
	if (err)
		goto unreserve_both;
	fa = sock_alloc_file(a, flags);
	if (IS_ERR(fa)) {
		err = PTR_ERR(fa);
		sock_release(b);
		goto unreserve_both;
	}
	fb = sock_alloc_file(b, flags);
	if (IS_ERR(fb)) {
		err = PTR_ERR(fb);
		file_put(fa);
		goto unreserve_both;
	}
	fd_install(fds[0], fa);
	fd_install(fds[1], fb);
	return 0;
unreserve_both:
	fd_unreserve(fds[1]);
unreserve_first:
	fd_unreserve(fds[0]);
	return err;
}

/* ---- bind, listen, accept, connect, names, shutdown ---- */

long __sys_bind(int fd, struct sockaddr __user *umyaddr, int addrlen)
{
	struct sockaddr_storage address;
	int err;
	struct socket *sock = sockfd_lookup(fd, &err);

	if (!sock)
		return err;
	err = move_addr_to_kernel(umyaddr, addrlen, &address);
	if (!err)
		err = sock->ops->bind ? sock->ops->bind(sock, (struct sockaddr *)&address, addrlen) : -EOPNOTSUPP;
	sockfd_put(sock);
	return err;
}

long __sys_listen(int fd, int backlog)
{
	int err;
	struct socket *sock = sockfd_lookup(fd, &err);

	if (!sock)
		return err;
	if ((unsigned)backlog > SOMAXCONN)
		backlog = SOMAXCONN;
	err = sock->ops->listen ? sock->ops->listen(sock, backlog) : -EOPNOTSUPP;
	sockfd_put(sock);
	return err;
}

/* The file of the next connection, with its peer's name told; ERR_PTR. */
static struct file *do_accept(struct socket *sock, struct sockaddr __user *uaddr, int __user *uaddrlen, int flags)
{
	struct sockaddr_storage address;
	struct socket *newsock = sock_alloc();
	struct file *f;
	int err, len;

	if (!newsock)
		return ERR_PTR(-ENFILE);
	newsock->type = sock->type;
	newsock->ops = sock->ops;
	f = sock_alloc_file(newsock, flags);
	if (IS_ERR(f))
		return f;
	err = sock->ops->accept ? sock->ops->accept(sock, newsock, (int)sock->file->flags) : -EOPNOTSUPP;
	if (err)
		goto put_file;
	if (uaddr) {
		len = newsock->ops->getname(newsock, (struct sockaddr *)&address, 2);
		err = len < 0 ? -ECONNABORTED : move_addr_to_user(&address, len, uaddr, uaddrlen);
		if (err)
			goto put_file;
	}
	return f;
put_file:
	file_put(f);
	return ERR_PTR(err);
}

long __sys_accept4(int fd, struct sockaddr __user *uaddr, int __user *uaddrlen, int flags)
{
	struct socket *sock;
	struct file *f;
	int newfd, err = 0;

	/* No descriptor, then bad flags, then no socket. */
	sock = sockfd_lookup(fd, &err);
	if (err != -EBADF && (flags & ~(SOCK_CLOEXEC | SOCK_NONBLOCK))) {
		if (sock)
			sockfd_put(sock);
		return -EINVAL;
	}
	if (!sock)
		return err;
	newfd = fd_reserve(flags & O_CLOEXEC);
	if (newfd >= 0) {
		f = do_accept(sock, uaddr, uaddrlen, flags);
		if (IS_ERR(f)) {
			fd_unreserve(newfd);
			newfd = (int)PTR_ERR(f);
		} else {
			fd_install(newfd, f);
		}
	}
	sockfd_put(sock);
	return newfd;
}

long __sys_connect(int fd, struct sockaddr __user *uservaddr, int addrlen)
{
	struct sockaddr_storage address;
	int err;
	struct socket *sock = sockfd_lookup(fd, &err);

	if (!sock)
		return err;
	err = move_addr_to_kernel(uservaddr, addrlen, &address);
	if (!err)
		err = sock->ops->connect ? sock->ops->connect(sock, (struct sockaddr *)&address, addrlen,
			(int)sock->file->flags) : -EOPNOTSUPP;
	sockfd_put(sock);
	return err;
}

static long get_name(int fd, struct sockaddr __user *uaddr, int __user *uaddrlen, bool peer)
{
	struct sockaddr_storage address;
	int err, len;
	struct socket *sock = sockfd_lookup(fd, &err);

	if (!sock)
		return err;
	len = sock->ops->getname ? sock->ops->getname(sock, (struct sockaddr *)&address, peer) : -EOPNOTSUPP;
	err = len < 0 ? len : move_addr_to_user(&address, len, uaddr, uaddrlen);
	sockfd_put(sock);
	return err;
}

long __sys_getsockname(int fd, struct sockaddr __user *uaddr, int __user *uaddrlen)
{
	return get_name(fd, uaddr, uaddrlen, false);
}

long __sys_getpeername(int fd, struct sockaddr __user *uaddr, int __user *uaddrlen)
{
	return get_name(fd, uaddr, uaddrlen, true);
}

long __sys_shutdown(int fd, int how)
{
	int err;
	struct socket *sock = sockfd_lookup(fd, &err);

	if (!sock)
		return err;
	err = sock->ops->shutdown ? sock->ops->shutdown(sock, how) : -EOPNOTSUPP;
	sockfd_put(sock);
	return err;
}

/* ---- options ---- */

long __sys_setsockopt(int fd, int level, int optname, char __user *optval, int optlen)
{
	struct socket *sock;
	int err;

	if (optlen < 0)
		return -EINVAL;
	sock = sockfd_lookup(fd, &err);
	if (!sock)
		return err;
	if (level == SOL_SOCKET && !sock->ops->custom_sockopt)
		err = sock_setsockopt(sock, optname, optval, (unsigned)optlen);
	else
		err = sock->ops->setsockopt ? sock->ops->setsockopt(sock, level, optname, optval, (unsigned)optlen)
			: -EOPNOTSUPP;
	sockfd_put(sock);
	return err;
}

long __sys_getsockopt(int fd, int level, int optname, char __user *optval, int __user *optlen)
{
	int err;
	struct socket *sock = sockfd_lookup(fd, &err);

	if (!sock)
		return err;
	if (level == SOL_SOCKET)
		err = sock_getsockopt(sock, optname, optval, optlen);
	else
		err = sock->ops->getsockopt ? sock->ops->getsockopt(sock, level, optname, optval, optlen) : -EOPNOTSUPP;
	sockfd_put(sock);
	return err;
}

/* ---- sendto, recvfrom ---- */

long __sys_sendto(int fd, void __user *ubuf, size_t size, unsigned flags, struct sockaddr __user *addr, int addr_len)
{
	struct sockaddr_storage address;
	struct msghdr msg = { .msg_flags = 0 };
	struct socket *sock;
	long n;
	int err;

	size = min(size, (size_t)MAX_RW_COUNT);
	if (!access_ok(ubuf, size))
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
	msg.msg_flags = (flags & ~MSG_INTERNAL_FLAGS) | nonblock_flag(sock);
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
	if (!access_ok(ubuf, size))
		return -EFAULT;
	sock = sockfd_lookup(fd, &err);
	if (!sock)
		return err;
	iov_iter_ubuf(&msg.msg_iter, ubuf, size);
	n = sock_recvmsg(sock, &msg, flags | nonblock_flag(sock));
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

static long send_one(struct socket *sock, const void __user *umsg, unsigned flags)
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
	msg.msg_flags = (flags & ~MSG_INTERNAL_FLAGS) | nonblock_flag(sock);
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

static long receive_one(struct socket *sock, void __user *umsg, unsigned flags)
{
	bool compat = flags & MSG_CMSG_COMPAT;
	struct msg_user m;
	struct msghdr msg;
	long n = import_msghdr(&m, &msg, umsg, compat, false);

	if (n)
		goto free_iov;
	msg.msg_flags = flags & (MSG_CMSG_CLOEXEC | MSG_CMSG_COMPAT);
	n = sock_recvmsg(sock, &msg, (flags & ~MSG_INTERNAL_FLAGS) | nonblock_flag(sock));
	if (n >= 0) {
		int err = export_msghdr(&m, &msg, umsg, compat);

		if (err)
			n = err;
	}
free_iov:
	kfree(m.to_free);
	return n;
}

long __sys_sendmsg(int fd, struct user_msghdr __user *umsg, unsigned flags, bool from_user)
{
	struct socket *sock;
	long n;
	int err;

	if (from_user && flags & MSG_CMSG_COMPAT)
		return -EINVAL;
	sock = sockfd_lookup(fd, &err);
	if (!sock)
		return err;
	n = send_one(sock, umsg, flags);
	sockfd_put(sock);
	return n;
}

long __sys_recvmsg(int fd, struct user_msghdr __user *umsg, unsigned flags, bool from_user)
{
	struct socket *sock;
	long n;
	int err;

	if (from_user && flags & MSG_CMSG_COMPAT)
		return -EINVAL;
	sock = sockfd_lookup(fd, &err);
	if (!sock)
		return err;
	n = receive_one(sock, umsg, flags);
	sockfd_put(sock);
	return n;
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
	unsigned count = 0;
	long n = flags & MSG_ERRQUEUE ? 0 : sock_error(sock->sk);

	if (n)
		return n;
	while (count < vlen) {
		void __user *entry = mmsg_entry(mmsg, count, compat);

		n = receive_one(sock, entry, flags & ~MSG_WAITFORONE);
		if (n >= 0)
			n = mmsg_put_len(entry, n, compat);
		if (n)
			break;
		count++;
		if (flags & MSG_WAITFORONE)
			flags |= MSG_DONTWAIT;
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
