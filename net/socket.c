/* The table of families, the life of a socket, a socket as a file, and the calls that make, name, connect and set one up
 * (__sys_*). It copies arguments in, checks what every family wants checked, and leaves the rest to the family's proto_ops;
 * it knows no protocol. Messages are net/sockmsg.c's, the entries net/sockentry.c's. */
#include "sock.h"
#include "sockcall.h"
#include "dev.h"
#include "host.h"
#include "fs.h"
#include "slab.h"
#include "ledger.h"
#include "uaccess.h"
#include "umk_kernel.h"
#include <linux/sockios.h>

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

static ssize_t read_to_iter(struct file *f, struct iov_iter *to, unsigned flags)
{
	struct socket *sock = f->private;
	struct msghdr msg = { .msg_iter = *to };
	ssize_t n = sock_recvmsg(sock, &msg, flags | nonblock_flag(f));

	if (n > 0)
		iov_iter_advance(to, min((size_t)n, iov_iter_count(to)));
	return n;
}

static ssize_t send_iter(struct file *f, struct iov_iter *from, unsigned flags)
{
	struct msghdr msg = { .msg_iter = *from, .msg_flags = nonblock_flag(f) | flags };
	ssize_t n = sock_sendmsg(f->private, &msg);

	if (n > 0)
		iov_iter_advance(from, (size_t)n);
	return n;
}

/* read(2) of nothing returns 0 without a look at the socket, as in System V. */
static ssize_t sock_read(struct file *f, struct iov_iter *to, u64 *pos __maybe_unused)
{
	return iov_iter_count(to) ? read_to_iter(f, to, 0) : 0;
}

static ssize_t sock_splice_read(struct file *f, struct iov_iter *to, u64 *pos __maybe_unused)
{
	return read_to_iter(f, to, MSG_SPLICE_READ);
}

static ssize_t sock_write(struct file *f, struct iov_iter *from, u64 *pos __maybe_unused)
{
	struct socket *sock = f->private;

	return send_iter(f, from, (f->nosignal ? MSG_NOSIGNAL : 0) | (sock->type == SOCK_SEQPACKET ? MSG_EOR : 0));
}

static ssize_t sock_splice_write(struct file *f, struct iov_iter *from, bool more)
{
	return send_iter(f, from, more ? MSG_MORE : 0);
}

static void sock_splice_eof(struct file *f)
{
	struct socket *sock = f->private;

	if (sock->ops->splice_eof)
		sock->ops->splice_eof(sock);
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
	.nowait = true,
	.read = sock_read,
	.splice_read = sock_splice_read,
	.write = sock_write,
	.splice_write = sock_splice_write,
	.splice_eof = sock_splice_eof,
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

int move_addr_to_kernel(const void __user *uaddr, int len, struct sockaddr_storage *addr)
{
	if (len < 0 || len > (int)sizeof(*addr))
		return -EINVAL;
	if (len && copy_from_user(addr, uaddr, len))
		return -EFAULT;
	return 0;
}

int move_addr_to_user(const struct sockaddr_storage *addr, int size, void __user *uaddr, int __user *ulen)
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

	sock = sockfd_lookup(fd, &err);
	if (!sock)
		return err;
	if (optlen < 0)
		err = -EINVAL;
	else if (level == SOL_SOCKET && !sock->ops->custom_sockopt)
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
