/* Datagram and seqpacket sockets: a message is one buffer from end to end. A receiver that the sender is not paired with
 * takes only a few messages (net.unix.max_dgram_qlen); then senders wait on its peer_wait. */
#include "unix.h"
#include "fs.h"
#include "host.h"
#include "ledger.h"
#include "string.h"
#include "uaccess.h"
#include <linux/eventpoll.h>

#define SKB_MAX_ALLOC 16064 /* beyond it Linux puts a message's end into pages */
#define SKB_MAX_PAGES (17 * PAGE_SIZE)

static size_t dgram_header(size_t size)
{
	size_t pages = size > SKB_MAX_ALLOC ? round_up(min(size - SKB_MAX_ALLOC, SKB_MAX_PAGES), PAGE_SIZE) : 0;

	return size - min(size, pages);
}

static bool may_send(const struct sock *sk, const struct sock *other)
{
	return !unix_peer(other) || unix_peer(other) == sk;
}

/* The queue limit does not hold between sockets that are each other's peer. */
static bool other_full(const struct sock *sk, const struct sock *other)
{
	return unix_peer(other) != sk && unix_recvq_full(other);
}

/* ---- polling for room in the peer's queue ---- */

/* Asks to be told when the peer's queue has room. True: it is full now. */
static bool peer_wake_me(struct sock *sk, struct sock *other)
{
	struct unix_sock *u = unix_sk(sk);

	if (list_empty(&u->peer_wake.list))
		add_wait_queue(&unix_sk(other)->peer_wait, &u->peer_wake);
	if (unix_recvq_full(other) && !sock_flag(other, SOCK_DEAD))
		return true;
	remove_wait_queue(&u->peer_wake);
	return false;
}

/* @sk's peer changes or goes: leaves its queue. */
void unix_dgram_peer_wake_disconnect(struct sock *sk)
{
	struct unix_sock *u = unix_sk(sk);

	if (!list_empty(&u->peer_wake.list)) {
		remove_wait_queue(&u->peer_wake);
		sk_wake_all(sk, EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND);
	}
}

static u32 unix_dgram_poll(struct file *file __maybe_unused, struct socket *sock, struct poll_table *pt)
{
	struct sock *sk = sock->sk, *other = unix_peer(sk);
	bool writable = unix_writable(sk);
	u32 mask = 0;

	poll_wait(pt, &sock->wait);
	if (sk->sk_err)
		mask |= EPOLLERR;
	if (sk->sk_shutdown & RCV_SHUTDOWN)
		mask |= EPOLLRDHUP | EPOLLIN | EPOLLRDNORM;
	if (sk->sk_shutdown == SHUTDOWN_MASK)
		mask |= EPOLLHUP;
	if (!skb_queue_empty(&sk->sk_receive_queue))
		mask |= EPOLLIN | EPOLLRDNORM;
	if (sk->sk_type == SOCK_SEQPACKET && sk->sk_state == TCP_CLOSE)
		mask |= EPOLLHUP;
	if (writable && !other && unix_host_connected(sk))
		writable = unix_host_writable(sk);
	if (writable && other && other_full(sk, other) && peer_wake_me(sk, other))
		writable = false;
	if (writable)
		mask |= EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND;
	return mask;
}

/* ---- connecting ---- */

/* Messages that the old peer sent are dropped; a connected old peer sees a reset. */
static void dgram_disconnected(struct sock *sk, struct sock *other)
{
	if (skb_queue_empty(&sk->sk_receive_queue))
		return;
	skb_queue_purge(&sk->sk_receive_queue);
	__wake_up(&unix_sk(sk)->peer_wait, 0, EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND);
	if (!sock_flag(other, SOCK_DEAD) && unix_peer(other) == sk) {
		other->sk_err = ECONNRESET;
		sk_wake_all(other, EPOLLERR);
	}
}

/* @sk's peer is @other, a reference, from now on, or NULL: none among the guests. */
static void dgram_replace_peer(struct sock *sk, struct sock *other)
{
	struct sock *old;

	unix_dgram_peer_wake_disconnect(sk);
	old = unix_take_peer(sk);
	unix_sk(sk)->peer = other;
	if (!old)
		return;
	if (old != other) {
		dgram_disconnected(sk, old);
		if (!unix_peer(old))
			old->sk_state = TCP_CLOSE;
	}
	sock_put(old);
}

static void dgram_set_peer(struct sock *sk, struct sock *other)
{
	unix_host_disconnect(sk);
	sk->sk_state = other ? TCP_ESTABLISHED : TCP_CLOSE;
	if (other)
		other->sk_state = TCP_ESTABLISHED;
	dgram_replace_peer(sk, other);
}

/* Nobody in here has that name; maybe a host program. The old association ends if it has. */
static int dgram_connect_host(struct socket *sock, const struct sockaddr_un *sunaddr, int len, int flags)
{
	int err = unix_host_connect(sock, sunaddr, len, flags);

	if (!err)
		dgram_replace_peer(sock->sk, NULL);
	return err;
}

/* AF_UNSPEC dissolves the association. EINVAL, ECONNREFUSED, EPROTOTYPE, EPERM, and what path lookup says. */
static int unix_dgram_connect(struct socket *sock, struct sockaddr *addr, int len, int flags)
{
	const struct sockaddr_un *sunaddr = (const struct sockaddr_un *)addr;
	struct sock *sk = sock->sk, *other;
	int err;

	if (len < (int)offsetof(struct sockaddr_un, sun_path))
		return -EINVAL;
	if (addr->sa_family == AF_UNSPEC) {
		dgram_set_peer(sk, NULL);
		sock->state = SS_UNCONNECTED;
		return 0;
	}
	err = unix_validate_addr(sunaddr, len);
	if (!err && unix_may_passcred(sk))
		err = unix_autobind(sk);
	if (err)
		return err;
	other = unix_find_other(sunaddr, len, sock->type);
	if (other == ERR_PTR(-ECONNREFUSED) && umk_options.nhost_unix)
		return dgram_connect_host(sock, sunaddr, len, flags);
	if (IS_ERR(other))
		return (int)PTR_ERR(other);
	if (!may_send(sk, other)) {
		sock_put(other);
		return -EPERM;
	}
	sock->state = SS_CONNECTED;
	dgram_set_peer(sk, other);
	return 0;
}

/* ---- sending ---- */

/* Whom a message goes to: a reference or ERR_PTR. */
static struct sock *dgram_target(struct sock *sk, struct msghdr *msg)
{
	struct sock *other = unix_peer(sk);
	int err;

	if (msg->msg_namelen) {
		err = unix_validate_addr(msg->msg_name, msg->msg_namelen);
		return err ? ERR_PTR(err) : unix_find_other(msg->msg_name, msg->msg_namelen, sk->sk_type);
	}
	return other ? sock_hold(other) : ERR_PTR(-ENOTCONN);
}

/* 0 when @other takes a message now, with descriptors if @fds; waits while its queue is full. */
static long dgram_admit(struct sock *sk, struct sock *other, bool named, bool fds, u64 deadline)
{
	for (;;) {
		long err;

		if (!may_send(sk, other))
			return -EPERM;
		if (sock_flag(other, SOCK_DEAD)) {
			if (sk->sk_type != SOCK_SEQPACKET && !named && unix_peer(sk) == other)
				dgram_set_peer(sk, NULL);
			return -ECONNREFUSED;
		}
		if (other->sk_shutdown & RCV_SHUTDOWN)
			return -EPIPE;
		if (fds && !(other->sk_scm_flags & SCM_PASS_RIGHTS))
			return -EPERM;
		if (!other_full(sk, other))
			return 0;
		if (!deadline)
			return -EAGAIN;
		err = sk_wait_event(&unix_sk(other)->peer_wait, !other_full(sk, other) || sock_flag(other, SOCK_DEAD)
			|| other->sk_shutdown & RCV_SHUTDOWN, deadline);
		if (err)
			return err;
	}
}

static ssize_t dgram_send(struct socket *sock, struct msghdr *msg, size_t size, struct scm_cookie *scm)
{
	struct sock *sk = sock->sk, *other;
	u64 deadline = sock_snddeadline(sk, msg->msg_flags & MSG_DONTWAIT);
	struct sk_buff *skb;
	long err;

	if (msg->msg_flags & MSG_OOB)
		return -EOPNOTSUPP;
	err = msg->msg_namelen ? unix_validate_addr(msg->msg_name, msg->msg_namelen) : 0;
	if (!err && unix_may_passcred(sk))
		err = unix_autobind(sk);
	if (err)
		return err;
	if (size > (size_t)sk->sk_sndbuf - 32)
		return -EMSGSIZE;
	skb = unix_alloc_skb(sk, dgram_header(size), size, msg->msg_flags & MSG_DONTWAIT);
	if (IS_ERR(skb))
		return PTR_ERR(skb);
	err = unix_attach_scm(scm, skb, true);
	if (!err)
		err = skb_copy_from_iter(skb, &msg->msg_iter, size);
	if (err)
		goto free_skb;
	other = dgram_target(sk, msg);
	if (IS_ERR(other)) {
		err = PTR_ERR(other);
		if ((err == -ECONNREFUSED || err == -ENOTCONN) && umk_options.nhost_unix)
			err = unix_host_send_datagram(sk, skb, msg->msg_namelen ? msg->msg_name : NULL, msg->msg_namelen, deadline);
		goto free_skb;
	}
	err = dgram_admit(sk, other, msg->msg_namelen, UNIXCB(skb)->fp, deadline);
	if (err) {
		sock_put(other);
		goto free_skb;
	}
	unix_maybe_add_creds(skb, sk, other);
	if (sock_flag(other, SOCK_RCVTSTAMP))
		skb->tstamp = ktime_get_real();
	skb_queue_tail(&other->sk_receive_queue, skb);
	other->sk_data_ready(other);
	sock_put(other);
	return (ssize_t)size;
free_skb:
	kfree_skb(skb);
	return err;
}

/* EMSGSIZE, ENOTCONN, ECONNREFUSED, EPERM, EPIPE, EAGAIN, EINTR, EFAULT, ENOBUFS, ETOOMANYREFS. No SIGPIPE. */
static ssize_t unix_dgram_sendmsg(struct socket *sock, struct msghdr *msg, size_t size)
{
	struct scm_cookie scm;
	ssize_t err = scm_send(msg, &scm, true);

	if (err)
		return err;
	err = dgram_send(sock, msg, size, &scm);
	scm_destroy(&scm);
	return err;
}

static ssize_t unix_seqpacket_sendmsg(struct socket *sock, struct msghdr *msg, size_t size)
{
	int err = sock_error(sock->sk);

	if (err)
		return err;
	if (sock->sk->sk_state != TCP_ESTABLISHED)
		return -ENOTCONN;
	msg->msg_namelen = 0;
	return unix_dgram_sendmsg(sock, msg, size);
}

/* ---- receiving ---- */

/* The message to read, with *skip bytes of it passed over (SO_PEEK_OFF); NULL: none. */
static struct sk_buff *dgram_find(struct sock *sk, unsigned flags, u32 *skip)
{
	struct sk_buff *skb;

	*skip = flags & MSG_PEEK && sk->sk_peek_off > 0 ? sk->sk_peek_off : 0;
	skb_queue_walk(&sk->sk_receive_queue, skb) {
		if (!*skip || *skip < skb->len)
			return skb;
		*skip -= skb->len;
	}
	return NULL;
}

/* Waits for a message: it is taken off the queue, or referenced when peeked at. ERR_PTR; NULL is the end. */
static struct sk_buff *dgram_receive(struct sock *sk, unsigned flags, u32 *skip)
{
	u64 deadline = sock_rcvdeadline(sk, flags & MSG_DONTWAIT);

	for (;;) {
		struct sk_buff *skb;
		long err = sock_error(sk);

		if (err)
			return ERR_PTR(err);
		skb = dgram_find(sk, flags, skip);
		if (skb) {
			if (flags & MSG_PEEK)
				return skb_get(skb);
			skb_unlink(skb, &sk->sk_receive_queue);
			return skb;
		}
		if (!deadline)
			return sk->sk_type == SOCK_SEQPACKET && sk->sk_shutdown & RCV_SHUTDOWN ? NULL : ERR_PTR(-EAGAIN);
		if (sk->sk_shutdown & RCV_SHUTDOWN)
			return NULL;
		err = sk_wait_event(sk->sk_wq, dgram_find(sk, flags, skip) || sk->sk_err
			|| sk->sk_shutdown & RCV_SHUTDOWN, deadline);
		if (err)
			return ERR_PTR(err);
	}
}

/* EAGAIN, EINTR, ECONNRESET, EOPNOTSUPP, EFAULT (the message is lost, as in Linux). */
static ssize_t unix_dgram_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, unsigned flags)
{
	struct sock *sk = sock->sk;
	struct scm_cookie scm = { .fp = NULL };
	struct sk_buff *skb;
	u32 skip = 0;
	ssize_t err;

	if (flags & MSG_OOB)
		return -EOPNOTSUPP;
	skb = dgram_receive(sk, flags, &skip);
	if (IS_ERR_OR_NULL(skb))
		return PTR_ERR(skb);
	if (waitqueue_active(&unix_sk(sk)->peer_wait))
		wake_up_poll(&unix_sk(sk)->peer_wait, EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND);
	unix_host_refill(sk);
	if (msg->msg_name)
		unix_copy_addr(msg, skb->sk);
	if (sock_flag(sk, SOCK_RCVTSTAMP))
		sock_recv_timestamp(msg, sk, skb);
	if (size > skb->len - skip)
		size = skb->len - skip;
	else if (size < skb->len - skip)
		msg->msg_flags |= MSG_TRUNC;
	err = skb_copy_to_iter(skb, skip, &msg->msg_iter, size);
	if (err)
		goto free_skb;
	unix_skb_to_scm(&scm, skb);
	if (flags & MSG_PEEK) {
		if (UNIXCB(skb)->fp)
			scm.fp = scm_fp_dup(UNIXCB(skb)->fp);
		if (sk->sk_peek_off >= 0)
			sk->sk_peek_off += size;
	} else {
		unix_detach_fds(&scm, skb);
		if (sk->sk_peek_off >= 0)
			sk->sk_peek_off = max(sk->sk_peek_off - (int)skb->len, 0);
	}
	err = flags & MSG_TRUNC ? (ssize_t)(skb->len - skip) : (ssize_t)size;
	scm_recv(sock, msg, &scm, flags);
free_skb:
	kfree_skb(skb);
	return err;
}

static ssize_t unix_seqpacket_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, unsigned flags)
{
	if (sock->sk->sk_state != TCP_ESTABLISHED)
		return -ENOTCONN;
	return unix_dgram_recvmsg(sock, msg, size, flags);
}

const struct proto_ops unix_dgram_ops = {
	.family = AF_UNIX,
	.release = unix_release,
	.flush = unix_flush,
	.bind = unix_bind,
	.connect = unix_dgram_connect,
	.socketpair = unix_socketpair,
	.getname = unix_getname,
	.poll = unix_dgram_poll,
	.ioctl = unix_ioctl,
	.shutdown = unix_shutdown,
	.sendmsg = unix_dgram_sendmsg,
	.recvmsg = unix_dgram_recvmsg,
	.set_peek_off = unix_set_peek_off,
};

const struct proto_ops unix_seqpacket_ops = {
	.family = AF_UNIX,
	.release = unix_release,
	.flush = unix_flush,
	.bind = unix_bind,
	.connect = unix_stream_connect,
	.socketpair = unix_socketpair,
	.accept = unix_accept,
	.getname = unix_getname,
	.poll = unix_dgram_poll,
	.ioctl = unix_ioctl,
	.listen = unix_listen,
	.shutdown = unix_shutdown,
	.sendmsg = unix_seqpacket_sendmsg,
	.recvmsg = unix_seqpacket_recvmsg,
	.set_peek_off = unix_set_peek_off,
};
