/* AF_UNIX, unix(7): creation, names, connections, and what stream, datagram and seqpacket sockets share. The payload's way is
 * in stream.c and dgram.c. A path name is a socket inode of the file system; the file system knows nothing of what is
 * bound to it: this file finds the socket by the inode. */
#include "unix.h"
#include "../dev.h"
#include "fs.h"
#include "host.h"
#include "pidfd.h"
#include "slab.h"
#include "string.h"
#include "ledger.h"
#include "uaccess.h"
#include <linux/eventpoll.h>
#include <linux/sockios.h>
#include <linux/stat.h>
#include <asm/ioctls.h>

#define UNIX_HASH 64
#define SUN_PATH_OFFSET offsetof(struct sockaddr_un, sun_path)

static struct kmem_cache *unix_cache;
static struct list_head unix_names[UNIX_HASH];   /* abstract names, by hash */
static struct list_head unix_inodes[UNIX_HASH];  /* path names, by inode */

void unix_init(void)
{
	unix_cache = kmem_cache_create("unix_sock", sizeof(struct unix_sock), 0);
	for (unsigned i = 0; i < UNIX_HASH; i++) {
		INIT_LIST_HEAD(&unix_names[i]);
		INIT_LIST_HEAD(&unix_inodes[i]);
	}
}

/* ---- names ---- */

static void unix_address_put(struct unix_address *addr)
{
	if (addr && !--addr->refs)
		kfree(addr);
}

static struct unix_address *unix_address_new(const struct sockaddr_un *name, int len)
{
	struct unix_address *addr = kzalloc(sizeof(*addr));

	if (!addr)
		return NULL;
	addr->refs = 1;
	addr->len = len;
	memcpy(&addr->name, name, len);
	return addr;
}

static struct list_head *name_bucket(const struct sockaddr_un *name, int len)
{
	u32 hash = 5381;

	for (int i = SUN_PATH_OFFSET; i < len; i++)
		hash = hash * 33 + ((const u8 *)name)[i];
	return &unix_names[hash % UNIX_HASH];
}

static struct list_head *inode_bucket(const struct inode *inode)
{
	return &unix_inodes[((unsigned long)inode >> 6) % UNIX_HASH];
}

/* Each type has abstract names of its own. */
static struct sock *find_by_name(const struct sockaddr_un *name, int len, int type)
{
	struct unix_sock *u;

	list_for_each_entry(u, name_bucket(name, len), bind_node)
		if (u->sk.sk_type == type && u->addr->len == len && !memcmp(&u->addr->name, name, len))
			return &u->sk;
	return NULL;
}

static struct sock *find_by_inode(const struct inode *inode)
{
	struct unix_sock *u;

	list_for_each_entry(u, inode_bucket(inode), bind_node)
		if (u->inode == inode)
			return &u->sk;
	return NULL;
}

int unix_validate_addr(const struct sockaddr_un *sunaddr, int len)
{
	if (len <= (int)SUN_PATH_OFFSET || len > (int)sizeof(*sunaddr))
		return -EINVAL;
	return sunaddr->sun_family == AF_UNIX ? 0 : -EINVAL;
}

int unix_path(char *path, const struct sockaddr_un *sunaddr, int len)
{
	int size = (int)strnlen(sunaddr->sun_path, len - SUN_PATH_OFFSET);

	memcpy(path, sunaddr->sun_path, size);
	path[size] = 0;
	return SUN_PATH_OFFSET + size + 1;
}

struct sock *unix_find_other(const struct sockaddr_un *sunaddr, int len, int type)
{
	struct sock *sk;

	if (sunaddr->sun_path[0]) {
		char path[sizeof(struct sockaddr_un)];
		struct inode *inode;

		unix_path(path, sunaddr, len);
		inode = socket_inode_lookup(path);
		if (IS_ERR(inode))
			return (struct sock *)inode;
		sk = (inode->mode & S_IFMT) == S_IFSOCK ? find_by_inode(inode) : NULL;
		inode_put(inode);
	} else {
		sk = find_by_name(sunaddr, len, type);
	}
	if (!sk)
		return ERR_PTR(-ECONNREFUSED);
	if (sk->sk_type != type)
		return ERR_PTR(-EPROTOTYPE);
	return sock_hold(sk);
}

/* An abstract name of five hexadecimal digits that nobody has. */
int unix_autobind(struct sock *sk)
{
	static u32 next;
	struct unix_sock *u = unix_sk(sk);
	struct unix_address *addr;

	if (u->addr)
		return 0;
	addr = kzalloc(sizeof(*addr));
	if (!addr)
		return -ENOMEM;
	addr->refs = 1;
	addr->name.sun_family = AF_UNIX;
	addr->len = SUN_PATH_OFFSET + 6;
	for (u32 tries = 0; tries <= 0xfffff; tries++) {
		ksnprintf(addr->name.sun_path + 1, 6, "%05x", next++ & 0xfffff);
		if (find_by_name(&addr->name, addr->len, sk->sk_type))
			continue;
		u->addr = addr;
		list_add_tail(&u->bind_node, name_bucket(&addr->name, addr->len));
		return 0;
	}
	unix_address_put(addr);
	return -ENOSPC;
}

void unix_set_addr(struct sock *sk, const struct sockaddr_un *name, int len)
{
	unix_sk(sk)->addr = unix_address_new(name, len);
}

void unix_share_addr(struct sock *to, const struct sock *from)
{
	unix_sk(to)->addr = unix_sk(from)->addr;
	if (unix_sk(from)->addr)
		unix_sk(from)->addr->refs++;
}

static int unix_bind_path(struct unix_sock *u, const struct sockaddr_un *sunaddr, int len)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	char path[sizeof(struct sockaddr_un)];
	struct unix_address *addr;
	struct inode *inode;

	len = unix_path(path, sunaddr, len);
	memcpy(name.sun_path, path, min((size_t)len - SUN_PATH_OFFSET, sizeof(name.sun_path)));
	addr = unix_address_new(&name, min(len, (int)sizeof(name)));
	if (!addr)
		return -ENOMEM;
	addr->len = len; /* a path of 108 bytes is told with its NUL, one byte beyond the structure */
	/* fchmod(2) of the socket decides what its name gets. */
	inode = socket_inode_create(path, u->sk.sk_socket->file->inode->mode & ~current_umask(),
		umk_options.nhost_unix ? unix_host_bind : NULL, &u->sk);
	if (IS_ERR(inode)) {
		unix_address_put(addr);
		return PTR_ERR(inode) == -EEXIST ? -EADDRINUSE : (int)PTR_ERR(inode);
	}
	if (u->addr) { /* it was bound while the file system worked */
		inode_put(inode);
		unix_address_put(addr);
		return -EINVAL;
	}
	u->addr = addr;
	u->inode = inode;
	list_add_tail(&u->bind_node, inode_bucket(inode));
	return 0;
}

int unix_bind(struct socket *sock, struct sockaddr *uaddr, int len)
{
	const struct sockaddr_un *sunaddr = (const struct sockaddr_un *)uaddr;
	struct unix_sock *u = unix_sk(sock->sk);
	struct unix_address *addr;
	int err;

	if (len == SUN_PATH_OFFSET && sunaddr->sun_family == AF_UNIX)
		return unix_autobind(sock->sk);
	err = unix_validate_addr(sunaddr, len);
	if (err)
		return err;
	if (u->addr)
		return -EINVAL;
	if (sunaddr->sun_path[0])
		return unix_bind_path(u, sunaddr, len);
	if (find_by_name(sunaddr, len, sock->type))
		return -EADDRINUSE;
	addr = unix_address_new(sunaddr, len);
	if (!addr)
		return -ENOMEM;
	u->addr = addr;
	list_add_tail(&u->bind_node, name_bucket(sunaddr, len));
	return 0;
}

static int unix_addr_to(struct sockaddr_un *to, const struct sock *sk)
{
	const struct unix_address *addr = unix_sk(sk)->addr;

	if (!addr) {
		to->sun_family = AF_UNIX;
		to->sun_path[0] = 0;
		return SUN_PATH_OFFSET;
	}
	memset(to, 0, addr->len); /* the buffer is a sockaddr_storage */
	memcpy(to, &addr->name, min((size_t)addr->len, sizeof(addr->name)));
	return addr->len;
}

void unix_copy_addr(struct msghdr *msg, const struct sock *sk)
{
	msg->msg_namelen = unix_sk(sk)->addr ? unix_addr_to(msg->msg_name, sk) : 0;
}

int unix_getname(struct socket *sock, struct sockaddr *addr, int peer)
{
	struct sock *sk = peer ? unix_peer(sock->sk) : sock->sk;

	if (!sk && unix_host_connected(sock->sk))
		return unix_host_peername(sock->sk, (struct sockaddr_un *)addr);
	return sk ? unix_addr_to((struct sockaddr_un *)addr, sk) : -ENOTCONN;
}

/* ---- life ---- */

static void unix_sock_destruct(struct sock *sk)
{
	struct unix_sock *u = unix_sk(sk);

	skb_queue_purge(&sk->sk_receive_queue);
	list_del(&u->all_node);
	unix_address_put(u->addr);
}

static void unix_write_space(struct sock *sk)
{
	if (unix_writable(sk))
		sk_wake_all(sk, EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND);
}

/* Less than a quarter of the send buffer is in use: Linux's count starts at one. */
bool unix_writable(const struct sock *sk)
{
	return sk->sk_state != TCP_LISTEN && ((u64)sk->sk_wmem_alloc + 1) * 4 <= (u64)sk->sk_sndbuf;
}

static bool unix_dgram_peer_wake_relay(struct wait_entry *e, u32 key)
{
	struct unix_sock *u = e->private;

	remove_wait_queue(e);
	sk_wake_all(&u->sk, key);
	return false;
}

struct sock *unix_create1(struct socket *sock, int type)
{
	struct sock *sk = sk_alloc(unix_cache, AF_UNIX, sock);
	struct unix_sock *u;

	if (!sk)
		return NULL;
	u = unix_sk(sk);
	sk->sk_type = type;
	sk->sk_max_ack_backlog = (u32)net_sysctl.unix_max_dgram_qlen;
	sk->sk_scm_flags = SCM_PASS_RIGHTS;
	sk->sk_write_space = unix_write_space;
	sk->sk_destruct = unix_sock_destruct;
	INIT_LIST_HEAD(&u->bind_node);
	INIT_LIST_HEAD(&u->gc_node);
	INIT_LIST_HEAD(&u->peer_wake.list);
	u->peer_wake.func = unix_dgram_peer_wake_relay;
	u->peer_wake.private = u;
	init_waitqueue_head(&u->peer_wait);
	init_waitqueue_head(&u->read_wait);
	list_add_tail(&u->all_node, &unix_sockets);
	return sk;
}

/* EPROTONOSUPPORT, ESOCKTNOSUPPORT, ENOMEM. */
int unix_create(struct socket *sock, int protocol)
{
	if (protocol && protocol != AF_UNIX)
		return -EPROTONOSUPPORT;
	switch (sock->type) {
	case SOCK_STREAM:
		sock->ops = &unix_stream_ops;
		break;
	case SOCK_RAW: /* another name for a datagram socket */
		sock->type = SOCK_DGRAM;
		/* fall through */
	case SOCK_DGRAM:
		sock->ops = &unix_dgram_ops;
		break;
	case SOCK_SEQPACKET:
		sock->ops = &unix_seqpacket_ops;
		break;
	default:
		return -ESOCKTNOSUPPORT;
	}
	return unix_create1(sock, sock->type) ? 0 : -ENOMEM;
}

struct sock *unix_take_peer(struct sock *sk)
{
	struct sock *peer = unix_sk(sk)->peer;

	unix_sk(sk)->peer = NULL;
	return peer;
}

/* Is anything unread? An urgent byte that was taken out of line is not. */
static bool unix_unread(struct sock *sk)
{
	struct sk_buff *skb = skb_peek(&sk->sk_receive_queue);

	if (skb && !unix_skb_len(skb))
		skb = skb_peek_next(skb, &sk->sk_receive_queue);
	return skb != NULL;
}

/* Tells the peer of a connection that this end is gone; unread data is a reset. */
static void unix_peer_gone(struct sock *sk, struct sock *peer, bool embryo)
{
	if (sk->sk_type == SOCK_STREAM || sk->sk_type == SOCK_SEQPACKET) {
		peer->sk_shutdown = SHUTDOWN_MASK;
		if (unix_unread(sk) || embryo)
			peer->sk_err = ECONNRESET;
		peer->sk_state_change(peer);
		sk_wake_async(peer, POLL_HUP);
	}
	unix_dgram_peer_wake_disconnect(sk);
	sock_put(peer);
}

void unix_release_sock(struct sock *sk, bool embryo)
{
	struct unix_sock *u = unix_sk(sk);
	int state = sk->sk_state;
	struct sk_buff *skb;
	struct sock *peer;

	list_del(&u->bind_node);
	sock_orphan(sk);
	sk->sk_shutdown = SHUTDOWN_MASK;
	sk->sk_state = TCP_CLOSE;
	__wake_up(&u->peer_wait, 0, EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND);
	peer = unix_take_peer(sk);
	if (peer)
		unix_peer_gone(sk, peer, embryo);
	u->oob_skb = NULL;
	while ((skb = skb_dequeue(&sk->sk_receive_queue))) {
		if (state == TCP_LISTEN)
			unix_release_sock(skb->sk, true); /* takes over the buffer's reference */
		kfree_skb(skb);
	}
	unix_host_close(sk);
	if (u->inode) {
		struct inode *inode = u->inode;

		u->inode = NULL;
		inode_put(inode);
	}
	sock_put(sk);
	unix_gc(NULL);
}

void unix_release(struct socket *sock)
{
	struct sock *sk = sock->sk;

	sock->sk = NULL;
	if (sk)
		unix_release_sock(sk, false);
}

/* The descriptor that is being closed may have been the last way to reach a circle of sockets in flight. */
void unix_flush(struct socket *sock)
{
	if (sock->sk && unix_sk(sock->sk)->inflight)
		unix_gc(sock->file);
}

/* ---- connections ---- */

/* Takes over the reference to @pid. */
static void set_peercred(struct sock *sk, struct ucred cred, struct pid_handle *pid, const u32 *groups, u32 ngroups)
{
	sk->sk_peer_cred = cred;
	pid_handle_put(sk->sk_peer_pid);
	sk->sk_peer_pid = pid;
	kfree(sk->sk_peer_groups);
	sk->sk_peer_groups = ngroups ? kmemdup(groups, ngroups * sizeof(u32)) : NULL;
	sk->sk_peer_ngroups = sk->sk_peer_groups ? ngroups : 0;
}

static void current_peercred(struct sock *sk)
{
	const struct cred *c = current->cred;

	set_peercred(sk, (struct ucred){ (u32)current->tgid, c->euid, c->egid }, process_handle(current), c->groups, c->ngroups);
}

static void copy_peercred(struct sock *to, const struct sock *from)
{
	set_peercred(to, from->sk_peer_cred, pid_handle_hold(from->sk_peer_pid), from->sk_peer_groups, from->sk_peer_ngroups);
}

int unix_socketpair(struct socket *a, struct socket *b)
{
	struct sock *ska = a->sk, *skb = b->sk;

	unix_sk(ska)->peer = sock_hold(skb);
	unix_sk(skb)->peer = sock_hold(ska);
	current_peercred(ska);
	current_peercred(skb);
	ska->sk_state = skb->sk_state = TCP_ESTABLISHED;
	a->state = b->state = SS_CONNECTED;
	return 0;
}

int unix_listen(struct socket *sock, int backlog)
{
	struct sock *sk = sock->sk;

	int err;

	if (sock->type != SOCK_STREAM && sock->type != SOCK_SEQPACKET)
		return -EOPNOTSUPP;
	if (!unix_sk(sk)->addr)
		return -EINVAL;
	if (sk->sk_state != TCP_CLOSE && sk->sk_state != TCP_LISTEN)
		return -EINVAL;
	if ((u32)backlog > sk->sk_max_ack_backlog)
		__wake_up(&unix_sk(sk)->peer_wait, 0, 0);
	sk->sk_max_ack_backlog = backlog;
	sk->sk_state = TCP_LISTEN;
	current_peercred(sk);
	err = unix_host_listen(sk, backlog);
	if (err)
		sk->sk_state = TCP_CLOSE;
	return err;
}

static bool backlog_open(const struct sock *listener)
{
	return sock_flag(listener, SOCK_DEAD) || listener->sk_state != TCP_LISTEN
		|| listener->sk_shutdown & RCV_SHUTDOWN || !unix_recvq_full(listener);
}

/* The listener with room in its backlog, referenced; waits for it. The name is looked up again after each wait. */
static struct sock *find_listener(struct sock *sk, const struct sockaddr_un *sunaddr, int len, u64 deadline)
{
	for (;;) {
		struct sock *other = unix_find_other(sunaddr, len, sk->sk_type);
		long err = -ECONNREFUSED;

		if (IS_ERR(other))
			return other;
		if (!sock_flag(other, SOCK_DEAD) && other->sk_state == TCP_LISTEN && !(other->sk_shutdown & RCV_SHUTDOWN)) {
			if (!unix_recvq_full(other))
				return other;
			err = deadline ? sk_wait_event(&unix_sk(other)->peer_wait, backlog_open(other), deadline) : -EAGAIN;
		}
		sock_put(other);
		if (err)
			return ERR_PTR(err);
	}
}

/* ECONNREFUSED, EAGAIN (backlog full), EISCONN, EINVAL, EPROTOTYPE, ENOMEM, and what path lookup says. */
int unix_stream_connect(struct socket *sock, struct sockaddr *uaddr, int len, int flags)
{
	const struct sockaddr_un *sunaddr = (const struct sockaddr_un *)uaddr;
	struct sock *sk = sock->sk, *newsk, *other;
	struct sk_buff *skb;
	int err = unix_validate_addr(sunaddr, len);

	if (!err && unix_may_passcred(sk))
		err = unix_autobind(sk);
	if (err)
		return err;
	newsk = unix_create1(NULL, sock->type);
	if (!newsk)
		return -ENOMEM;
	skb = alloc_skb(0);
	other = skb ? find_listener(sk, sunaddr, len, sock_snddeadline(sk, flags & O_NONBLOCK)) : ERR_PTR(-ENOMEM);
	if (IS_ERR(other)) {
		err = PTR_ERR(other);
		if (err == -ECONNREFUSED)
			err = unix_host_connect(sock, sunaddr, len, flags);
		goto drop_newsk;
	}
	if (sk->sk_state != TCP_CLOSE) {
		err = sk->sk_state == TCP_ESTABLISHED ? -EISCONN : -EINVAL;
		sock_put(other);
		goto drop_newsk;
	}
	newsk->sk_state = TCP_ESTABLISHED;
	newsk->sk_scm_flags = other->sk_scm_flags;
	unix_sk(newsk)->peer = sock_hold(sk);
	unix_sk(newsk)->listener = other;
	current_peercred(newsk);
	unix_share_addr(newsk, other);
	copy_peercred(sk, other);
	sock->state = SS_CONNECTED;
	sk->sk_state = TCP_ESTABLISHED;
	unix_sk(sk)->peer = sock_hold(newsk);
	skb->sk = newsk; /* the queued buffer carries newsk's first reference, until accept gives it to a socket */
	skb_queue_tail(&other->sk_receive_queue, skb);
	other->sk_data_ready(other);
	sock_put(other);
	return 0;
drop_newsk:
	kfree_skb(skb);
	unix_release_sock(newsk, false);
	return err;
}

/* EOPNOTSUPP, EINVAL (not listening, or shut down), EAGAIN, EINTR. */
int unix_accept(struct socket *sock, struct socket *newsock, int flags)
{
	struct sock *sk = sock->sk;
	u64 deadline = sock_rcvdeadline(sk, flags & O_NONBLOCK);
	struct sk_buff *skb;

	if (sock->type != SOCK_STREAM && sock->type != SOCK_SEQPACKET)
		return -EOPNOTSUPP;
	if (sk->sk_state != TCP_LISTEN)
		return -EINVAL;
	unix_host_refill(sk);
	while (!(skb = skb_dequeue(&sk->sk_receive_queue))) {
		long err = sock_error(sk);

		if (err)
			return err;
		if (!deadline)
			return -EAGAIN;
		if (sk->sk_shutdown & RCV_SHUTDOWN)
			return -EINVAL;
		err = sk_wait_event(sk->sk_wq, !skb_queue_empty(&sk->sk_receive_queue) || sk->sk_err
			|| sk->sk_shutdown & RCV_SHUTDOWN, deadline);
		if (err)
			return err;
	}
	wake_up(&unix_sk(sk)->peer_wait);
	unix_sk(skb->sk)->listener = NULL;
	sock_graft(skb->sk, newsock);
	if (unix_host_connected(skb->sk))
		newsock->ops = &unix_host_ops;
	unix_host_refill(sk);
	newsock->state = SS_CONNECTED;
	skb->sk = NULL;
	kfree_skb(skb);
	return 0;
}

int unix_shutdown(struct socket *sock, int how)
{
	struct sock *sk = sock->sk, *other = unix_peer(sk);
	u8 mode = (u8)(how + 1), peer_mode;

	if (how < SHUT_RD || how > SHUT_RDWR)
		return -EINVAL;
	sk->sk_shutdown |= mode;
	sk->sk_state_change(sk);
	unix_host_shutdown(sk, how);
	if (!other || (sk->sk_type != SOCK_STREAM && sk->sk_type != SOCK_SEQPACKET))
		return 0;
	peer_mode = (mode & RCV_SHUTDOWN ? SEND_SHUTDOWN : 0) | (mode & SEND_SHUTDOWN ? RCV_SHUTDOWN : 0);
	other->sk_shutdown |= peer_mode;
	other->sk_state_change(other);
	if (peer_mode & RCV_SHUTDOWN)
		sk_wake_async(other, peer_mode == SHUTDOWN_MASK ? POLL_HUP : POLL_IN);
	return 0;
}

/* ---- what goes with a buffer ---- */

static void unix_skb_destructor(struct sk_buff *skb)
{
	struct scm_fp_list *fpl = UNIXCB(skb)->fp;

	if (fpl) {
		UNIXCB(skb)->fp = NULL;
		unix_inflight_remove(fpl);
		scm_fp_free(fpl);
	}
	pid_handle_put(UNIXCB(skb)->pid);
	sock_wfree(skb);
}

struct sk_buff *unix_alloc_skb(struct sock *sk, size_t header, size_t size, bool noblock)
{
	struct sk_buff *skb = sock_alloc_send_skb(sk, header, size, noblock);

	if (!IS_ERR(skb))
		skb->destructor = unix_skb_destructor;
	return skb;
}

int unix_attach_scm(struct scm_cookie *scm, struct sk_buff *skb, bool with_fds)
{
	UNIXCB(skb)->creds = scm->creds;
	UNIXCB(skb)->pid = pid_handle_hold(scm->pid);
	if (!with_fds || !scm->fp)
		return 0;
	if (unix_inflight_add(scm->fp))
		return -ETOOMANYREFS;
	UNIXCB(skb)->fp = scm->fp;
	scm->fp = NULL;
	return 0;
}

void unix_detach_fds(struct scm_cookie *scm, struct sk_buff *skb)
{
	scm->fp = UNIXCB(skb)->fp;
	UNIXCB(skb)->fp = NULL;
	if (scm->fp)
		unix_inflight_remove(scm->fp);
}

void unix_maybe_add_creds(struct sk_buff *skb, const struct sock *sk, const struct sock *other)
{
	if (UNIXCB(skb)->creds.pid)
		return;
	if (unix_may_passcred(sk) || !other->sk_socket || unix_may_passcred(other)) {
		UNIXCB(skb)->creds = (struct ucred){ (u32)current->tgid, current->cred->uid, current->cred->gid };
		UNIXCB(skb)->pid = process_handle(current);
	}
}

void unix_skb_to_scm(struct scm_cookie *scm, const struct sk_buff *skb)
{
	scm->creds = UNIXCB(skb)->creds;
	scm->pid = pid_handle_hold(UNIXCB(skb)->pid);
}

int unix_set_peek_off(struct sock *sk, int val)
{
	sk->sk_peek_off = val; /* below 0: off */
	return 0;
}

/* ---- ioctl(2) ---- */

static long unix_inq_len(struct sock *sk)
{
	struct sk_buff *skb;
	long amount = 0;

	if (sk->sk_state == TCP_LISTEN)
		return -EINVAL;
	if (sk->sk_type == SOCK_STREAM)
		return unix_sk(sk)->inq_len;
	if (sk->sk_type == SOCK_DGRAM) {
		skb = skb_peek(&sk->sk_receive_queue);
		return skb ? skb->len : 0;
	}
	skb_queue_walk(&sk->sk_receive_queue, skb)
		amount += skb->len;
	return amount;
}

long unix_ioctl(struct socket *sock, unsigned cmd, unsigned long arg)
{
	long amount;

	switch (cmd) {
	case SIOCOUTQ:
		amount = sock->sk->sk_wmem_alloc;
		break;
	case SIOCINQ:
		amount = unix_inq_len(sock->sk);
		break;
	case SIOCATMARK:
		if (sock->sk->sk_type != SOCK_STREAM)
			return -EOPNOTSUPP;
		amount = unix_at_mark(sock->sk);
		break;
	case TCGETS: /* isatty(3) asks */
		return -ENOTTY;
	default:
		return sock_dev_ioctl(cmd, u64_to_uptr(arg));
	}
	if (amount < 0)
		return amount;
	return put_user((int)amount, (int __user *)u64_to_uptr(arg));
}
