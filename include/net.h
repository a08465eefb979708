/* Sockets as the rest of the kernel's socket layer sees them: struct socket, what a family supplies (struct proto_ops), and
 * the __sys_* helpers behind the system calls. What a protocol owns is struct sock (net/sock.h). */
#ifndef UMK_NET_H
#define UMK_NET_H

#include "types.h"
#include "kerrno.h"
#include "socket.h"
#include "wait.h"
#include "fs.h"
#include <linux/net.h>

struct file;
struct sock;
struct socket;
struct poll_table;
struct iov_iter;
struct __kernel_timespec;

/* A message on its way through sendmsg or recvmsg. The name is in kernel memory; the payload is wherever msg_iter points. */
struct msghdr {
	void *msg_name;           /* kernel buffer of a struct sockaddr_storage, or NULL */
	int msg_namelen;          /* bytes: in for send; set by the family for receive */
	struct iov_iter msg_iter;
	union {
		void *msg_control;               /* send: a kernel copy */
		void __user *msg_control_user;   /* receive: the guest's buffer; advanced as it fills */
	};
	size_t msg_controllen;    /* bytes left */
	unsigned msg_flags;
};

/* What a family does with its sockets. A NULL member means -EOPNOTSUPP unless it says otherwise. All may sleep but poll. */
struct proto_ops {
	int family;
	/* The last reference to the file is gone: gives up sock->sk. Never fails. */
	void (*release)(struct socket *sock);
	/* A descriptor of the socket is being closed, maybe not the last. NULL: nothing to do. */
	void (*flush)(struct socket *sock);
	/* @addr is a kernel copy of @len bytes (0..sizeof(struct sockaddr_storage)), not validated. */
	int (*bind)(struct socket *sock, struct sockaddr *addr, int len);
	int (*connect)(struct socket *sock, struct sockaddr *addr, int len, int flags);
	int (*socketpair)(struct socket *a, struct socket *b);
	/* Fills @newsock, which is fresh and of the same type. @flags: the listener's file flags (O_NONBLOCK). */
	int (*accept)(struct socket *sock, struct socket *newsock, int flags);
	/* Writes a name into @addr (a struct sockaddr_storage); its length, or -errno (-ENOTCONN). */
	/* @peer: 0 this end's, 1 the other end's, 2 the same for accept(2), where the connection may have ended already */
	int (*getname)(struct socket *sock, struct sockaddr *addr, int peer);
	u32 (*poll)(struct file *file, struct socket *sock, struct poll_table *pt); /* NULL: 0 */
	long (*ioctl)(struct socket *sock, unsigned cmd, unsigned long arg);        /* NULL: -ENOTTY */
	int (*listen)(struct socket *sock, int backlog);
	int (*shutdown)(struct socket *sock, int how);   /* @how is not validated */
	/* Options above SOL_SOCKET; with custom_sockopt those of SOL_SOCKET too. NULL: -EOPNOTSUPP. */
	bool custom_sockopt;
	int (*setsockopt)(struct socket *sock, int level, int name, const void __user *val, unsigned len);
	int (*getsockopt)(struct socket *sock, int level, int name, void __user *val, int __user *len);
	/* Bytes sent or -errno. Partial when an error follows the first byte. */
	ssize_t (*sendmsg)(struct socket *sock, struct msghdr *msg, size_t size);
	/* Bytes received (with MSG_TRUNC a datagram's full length) or -errno; 0 is the end. */
	ssize_t (*recvmsg)(struct socket *sock, struct msghdr *msg, size_t size, unsigned flags);
	int (*set_peek_off)(struct sock *sk, int val);
	/* What was sent with MSG_MORE was the end all the same. NULL: nothing to do. */
	void (*splice_eof)(struct socket *sock);
};

/* What a file of type socket refers to. Freed with its file. */
struct socket {
	socket_state state;
	short type;
	struct file *file;        /* not counted: the file owns the socket */
	struct sock *sk;          /* one reference */
	const struct proto_ops *ops;
	struct wait_queue_head wait;
	struct fasync_list fasync; /* O_ASYNC */
};

/* A row of the family table in net/socket.c. */
struct net_proto_family {
	int family;
	const char *name;
	int (*create)(struct socket *sock, int protocol); /* sock->type is set. 0 or -errno */
};

/* The socket behind @file, or NULL if it is not one (ENOTSOCK). */
struct socket *sock_from_file(const struct file *file);
/* A socket of @family, not yet with a file. 0, -EAFNOSUPPORT, -EINVAL, what the family says, -ENFILE (no memory). */
int sock_create(int family, int type, int protocol, struct socket **res);
void sock_release(struct socket *sock);
extern u32 sockets_in_use;
/* Gives @sock a file with @flags (O_NONBLOCK). On failure, ERR_PTR(-ENFILE), the socket is released. */
struct file *sock_alloc_file(struct socket *sock, int flags);
ssize_t sock_sendmsg(struct socket *sock, struct msghdr *msg);
ssize_t sock_recvmsg(struct socket *sock, struct msghdr *msg, unsigned flags);

/* The socket behind @fd with a reference to its file, to be given back by sockfd_put; NULL and *err: -EBADF, -ENOTSOCK. */
struct socket *sockfd_lookup(int fd, int *err);
void sockfd_put(struct socket *sock);

/* The system calls' work, on typed arguments: socket(2), bind(2) ... Each stays a function of its own in every build: the
 * entries jump to it, and breakpoints find it. */
#ifdef __clang__
#define __syswork __attribute__((noinline))
#else
#define __syswork __attribute__((noinline, noclone))
#endif
__syswork long __sys_socket(int family, int type, int protocol);
__syswork long __sys_socketpair(int family, int type, int protocol, int __user *usockvec);
__syswork long __sys_bind(int fd, struct sockaddr __user *umyaddr, int addrlen);
__syswork long __sys_listen(int fd, int backlog);
__syswork long __sys_accept4(int fd, struct sockaddr __user *uaddr, int __user *uaddrlen, int flags);
__syswork long __sys_connect(int fd, struct sockaddr __user *uservaddr, int addrlen);
__syswork long __sys_getsockname(int fd, struct sockaddr __user *uaddr, int __user *uaddrlen);
__syswork long __sys_getpeername(int fd, struct sockaddr __user *uaddr, int __user *uaddrlen);
__syswork long __sys_sendto(int fd, void __user *ubuf, size_t size, unsigned flags, struct sockaddr __user *addr,
	int addr_len);
__syswork long __sys_recvfrom(int fd, void __user *ubuf, size_t size, unsigned flags, struct sockaddr __user *addr,
	int __user *addr_len);
__syswork long __sys_setsockopt(int fd, int level, int optname, char __user *optval, int optlen);
__syswork long __sys_getsockopt(int fd, int level, int optname, char __user *optval, int __user *optlen);
__syswork long __sys_shutdown(int fd, int how);
/* @umsg is a struct compat_msghdr when @flags has MSG_CMSG_COMPAT. @from_user: that bit is the guest's and refused. */
__syswork long __sys_sendmsg(int fd, struct user_msghdr __user *umsg, unsigned flags, bool from_user);
__syswork long __sys_recvmsg(int fd, struct user_msghdr __user *umsg, unsigned flags, bool from_user);
__syswork long __sys_sendmmsg(int fd, struct mmsghdr __user *mmsg, unsigned vlen, unsigned flags, bool from_user);
__syswork long __sys_recvmmsg(int fd, struct mmsghdr __user *mmsg, unsigned vlen, unsigned flags,
	struct __kernel_timespec __user *timeout);
__syswork long __sys_socketcall(int call, unsigned long __user *uargs);
/* recvmmsg with the time in ns (KTIME_MAX: none); what is left of it comes back. */
long do_recvmmsg(int fd, struct mmsghdr __user *mmsg, unsigned vlen, unsigned flags, u64 *timeout);

/* The same for i386 callers, where structures differ (net/compat.c). */
__syswork long __compat_sys_sendmsg(int fd, struct compat_msghdr __user *msg, unsigned flags);
__syswork long __compat_sys_recvmsg(int fd, struct compat_msghdr __user *msg, unsigned flags);
__syswork long __compat_sys_sendmmsg(int fd, struct compat_mmsghdr __user *mmsg, unsigned vlen, unsigned flags);
__syswork long __compat_sys_recvmmsg(int fd, struct compat_mmsghdr __user *mmsg, unsigned vlen, unsigned flags,
	s32 __user *timeout);
__syswork long __compat_sys_recvmmsg_time64(int fd, struct compat_mmsghdr __user *mmsg, unsigned vlen, unsigned flags,
	struct __kernel_timespec __user *timeout);
__syswork long __compat_sys_setsockopt(int fd, int level, int optname, char __user *optval, int optlen);
__syswork long __compat_sys_getsockopt(int fd, int level, int optname, char __user *optval, int __user *optlen);
__syswork long __compat_sys_socketcall(int call, u32 __user *uargs);
/* import_iovec (uio.h) for an array of struct compat_iovec. */
ssize_t import_compat_iovec(u64 uvec, unsigned nr, struct iovec *fast, struct iovec **to_free, struct iov_iter *i);

#endif
