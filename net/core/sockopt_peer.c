/* The options of SOL_SOCKET about who is at the other end, and what of that goes with messages. */
#include "sockopt.h"
#include "fs.h"
#include "pidfd.h"
#include "slab.h"
#include "string.h"
#include "uaccess.h"

/* What goes with messages is AF_UNIX's and, credentials and labels, netlink's. */
static bool may_pass(const struct sock *sk, enum scm_flag flag)
{
	return sk->sk_family == AF_UNIX || (sk->sk_family == AF_NETLINK && flag & (SCM_PASS_CREDS | SCM_PASS_SEC));
}

static int set_pass(struct sock *sk, enum scm_flag flag, int val)
{
	if (!may_pass(sk, flag))
		return -EOPNOTSUPP;
	sk->sk_scm_flags = (u8)(val ? sk->sk_scm_flags | flag : sk->sk_scm_flags & ~flag);
	return 0;
}

static int get_pass(const struct sock *sk, enum scm_flag flag, union sock_optval *v)
{
	if (!may_pass(sk, flag))
		return -EOPNOTSUPP;
	v->val = !!(sk->sk_scm_flags & flag);
	return sizeof(int);
}

#define PASS_OPTION(name, flag)                                                                                               \
	static int get_##name(struct socket *sock, union sock_optval *v) { return get_pass(sock->sk, flag, v); }               \
	static int set_##name(struct socket *sock, union sock_optval *v) { return set_pass(sock->sk, flag, v->val); }
PASS_OPTION(passcred, SCM_PASS_CREDS)
PASS_OPTION(passpidfd, SCM_PASS_PIDFD)
PASS_OPTION(passrights, SCM_PASS_RIGHTS)
PASS_OPTION(passsec, SCM_PASS_SEC) /* accepted; without a security module there is no label to tell */

static int get_peercred(struct socket *sock, union sock_optval *v)
{
	v->cred = sock->sk->sk_peer_cred;
	return sizeof(struct ucred);
}

int sock_get_peergroups(struct sock *sk, void __user *val, int __user *ulen, int len)
{
	int size = (int)(sk->sk_peer_ngroups * sizeof(u32)), err = 0;
	u32 *groups;

	if (!sk->sk_peer_cred.pid)
		return -ENODATA;
	if (len < size)
		return put_user(size, ulen) ? -EFAULT : -ERANGE;
	if (size) {
		/* another thread's listen(2) may change them while this one copies */
		groups = kmemdup(sk->sk_peer_groups, (size_t)size);
		if (!groups)
			return -ENOMEM;
		err = copy_to_user(val, groups, (size_t)size) ? -EFAULT : 0;
		kfree(groups);
	}
	return err || put_user(size, ulen) ? -EFAULT : 0;
}

/* A pidfd of the process that made the connection, alive or not. */
int sock_get_peerpidfd(struct sock *sk, void __user *val, int __user *ulen, int len)
{
	struct file *f;
	int fd;

	if (!sk->sk_peer_pid)
		return -ENODATA;
	fd = fd_reserve(O_CLOEXEC);
	if (fd < 0)
		return fd;
	f = pid_handle_file(sk->sk_peer_pid, 0);
	if (IS_ERR(f)) {
		fd_unreserve(fd);
		return (int)PTR_ERR(f);
	}
	len = min(len, (int)sizeof(fd));
	if (copy_to_user(val, &fd, len) || put_user(len, ulen)) {
		fd_unreserve(fd);
		file_put(f);
		return -EFAULT;
	}
	fd_install(fd, f);
	return 0;
}

int sock_get_peername(struct socket *sock, void __user *val, int __user *ulen, int len)
{
	struct sockaddr_storage address;
	int size = sock->ops->getname ? sock->ops->getname(sock, (struct sockaddr *)&address, 1) : -ENOTCONN;

	if (size < 0)
		return -ENOTCONN;
	if (size < len)
		return -EINVAL;
	if (copy_to_user(val, &address, len))
		return -EFAULT;
	return put_user(len, ulen) ? -EFAULT : 0;
}

const struct sock_option peer_options[] = {
	{ SO_PASSCRED, 4, get_passcred, set_passcred },
	{ SO_PASSPIDFD, 4, get_passpidfd, set_passpidfd },
	{ SO_PASSRIGHTS, 4, get_passrights, set_passrights },
	{ SO_PASSSEC, 4, get_passsec, set_passsec },
	{ SO_PEERCRED, 4, get_peercred, sock_set_read_only },
	{ 0 }
};
