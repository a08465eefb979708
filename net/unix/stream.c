/* Stream sockets: the bytes' way from one end to the other. The sender fills buffers and puts them on the peer's receive
 * queue; what goes with a message (descriptors, credentials) keeps it from running into its neighbours. */
#include "unix.h"
#include "fs.h"
#include "ledger.h"
#include "string.h"
#include "uaccess.h"
#include <linux/eventpoll.h>

#define SKB_MAX_HEAD 3776    /* what Linux puts in a page beside its bookkeeping */
#define STREAM_SKB_MAX (SKB_MAX_HEAD + 32768) /* the largest piece that Linux makes */

/* Linux keeps up to one page of a piece in its head and the rest in whole pages; only the accounting knows here. */
static size_t stream_header(size_t size)
{
	size_t pages = size > SKB_MAX_HEAD ? round_up(size - SKB_MAX_HEAD, PAGE_SIZE) : 0;

	return size - min(size, pages);
}

static int stream_pipe_error(const struct msghdr *msg)
{
	if (!(msg->msg_flags & MSG_NOSIGNAL))
		send_sig_task(SIGPIPE, SEND_SIG_NOINFO, current);
	return -EPIPE;
}

/* One piece of at most what fits; bytes or -errno. @first: what the caller attached goes with it. */
static ssize_t stream_send_piece(struct socket *sock, struct sock *other, struct msghdr *msg, size_t size,
	struct scm_cookie *scm, bool first)
{
	struct sock *sk = sock->sk;
	struct sk_buff *skb;
	int err;

	size = min(size, (size_t)(sk->sk_sndbuf >> 1) - 64);
	size = min(size, (size_t)STREAM_SKB_MAX);
	skb = unix_alloc_skb(sk, stream_header(size), size, msg->msg_flags & MSG_DONTWAIT);
	if (IS_ERR(skb))
		return PTR_ERR(skb);
	err = unix_attach_scm(scm, skb, first);
	if (!err)
		err = skb_copy_from_iter(skb, &msg->msg_iter, size);
	if (!err && (sock_flag(other, SOCK_DEAD) || other->sk_shutdown & RCV_SHUTDOWN))
		err = first ? stream_pipe_error(msg) : -EPIPE;
	if (err) {
		kfree_skb(skb);
		return err;
	}
	unix_maybe_add_creds(skb, sock, other);
	skb_queue_tail(&other->sk_receive_queue, skb);
	other->sk_data_ready(other);
	return (ssize_t)size;
}

/* EPIPE (with SIGPIPE), ENOTCONN, EISCONN, EOPNOTSUPP, EAGAIN, EINTR, EFAULT, ENOBUFS, ETOOMANYREFS. */
static ssize_t unix_stream_sendmsg(struct socket *sock, struct msghdr *msg, size_t size)
{
	struct sock *sk = sock->sk, *other;
	struct scm_cookie scm;
	size_t sent = 0;
	ssize_t err = scm_send(msg, &scm, true);

	if (err)
		return err;
	other = unix_peer(sk);
	if (msg->msg_flags & MSG_OOB) {
		LEDGER("AF_UNIX MSG_OOB", msg->msg_flags);
		err = -EOPNOTSUPP;
	} else if (msg->msg_namelen) {
		err = sk->sk_state == TCP_ESTABLISHED ? -EISCONN : -EOPNOTSUPP;
	} else if (!other) {
		err = -ENOTCONN;
	} else if (sk->sk_shutdown & SEND_SHUTDOWN) {
		err = stream_pipe_error(msg);
	}
	if (err) {
		scm_destroy(&scm);
		return err;
	}
	sock_hold(other);
	while (sent < size) {
		err = stream_send_piece(sock, other, msg, size - sent, &scm, !sent);
		if (err < 0)
			break;
		sent += (size_t)err;
		if (sent < size)
			cond_resched();
	}
	sock_put(other);
	scm_destroy(&scm);
	return sent ? (ssize_t)sent : err;
}

/* ---- receiving ---- */

struct stream_read {
	struct socket *sock;
	struct msghdr *msg;
	unsigned flags;
	struct scm_cookie scm;
	bool have_creds;   /* scm.creds are those of the first piece */
	bool have_addr;
	u32 skip;          /* SO_PEEK_OFF */
};

static bool same_creds(const struct ucred *a, const struct ucred *b)
{
	return a->pid == b->pid && a->uid == b->uid && a->gid == b->gid;
}

/* May this piece follow what has been read? Messages of different writers are never glued together. */
static bool stream_may_glue(struct stream_read *r, struct sk_buff *skb)
{
	if (r->have_creds)
		return same_creds(&UNIXCB(skb)->creds, &r->scm.creds);
	if (r->sock->flags & SOCK_PASSCRED_BIT) {
		r->scm.creds = UNIXCB(skb)->creds;
		r->have_creds = true;
	}
	return true;
}

static u32 skb_left(const struct sk_buff *skb)
{
	return skb->len - UNIXCB(skb)->consumed;
}

/* One reader at a time: copying to the guest may sleep in the middle of a piece. */
static void stream_lock(struct unix_sock *u)
{
	if (u->reading)
		wait_event(&u->read_wait, !u->reading);
	u->reading = true;
}

static void stream_unlock(struct unix_sock *u)
{
	u->reading = false;
	if (waitqueue_active(&u->read_wait))
		wake_up_all(&u->read_wait);
}

/* Waits for data: 0 when there may be some, 1 at the end of the stream, or -errno. Lets other readers in meanwhile. */
static long stream_wait(struct sock *sk, u64 deadline)
{
	const struct sk_buff_head *q = &sk->sk_receive_queue;
	const struct list_head *last = q->list.prev;
	long err = sock_error(sk);

	if (err)
		return err;
	if (sk->sk_shutdown & RCV_SHUTDOWN)
		return 1;
	if (!deadline)
		return -EAGAIN;
	stream_unlock(unix_sk(sk));
	err = sk_wait_event(sk->sk_wq, q->list.prev != last || sk->sk_err || sk->sk_shutdown & RCV_SHUTDOWN, deadline);
	stream_lock(unix_sk(sk));
	return err;
}

/* Takes up to @size bytes of @skb. Bytes, or -EFAULT; *more: the next piece may be added. */
static ssize_t stream_take(struct stream_read *r, struct sk_buff *skb, size_t size, bool *more)
{
	struct sock *sk = r->sock->sk;
	size_t chunk = min((size_t)(skb_left(skb) - r->skip), size);
	bool fds = UNIXCB(skb)->fp != NULL;

	*more = false;
	if (!r->have_addr && r->msg->msg_name) {
		unix_copy_addr(r->msg, skb->sk);
		r->have_addr = true;
	}
	if (skb_copy_to_iter(skb, UNIXCB(skb)->consumed + r->skip, &r->msg->msg_iter, chunk))
		return -EFAULT;
	if (r->flags & MSG_PEEK) {
		if (fds)
			r->scm.fp = scm_fp_dup(UNIXCB(skb)->fp);
		if (sk->sk_peek_off >= 0)
			sk->sk_peek_off += chunk;
		r->skip = 0;
		*more = !fds;
		return (ssize_t)chunk;
	}
	UNIXCB(skb)->consumed += chunk;
	if (sk->sk_peek_off >= 0)
		sk->sk_peek_off = max(sk->sk_peek_off - (int)chunk, 0);
	if (fds)
		unix_detach_fds(&r->scm, skb);
	if (!skb_left(skb)) {
		skb_unlink(skb, &sk->sk_receive_queue);
		consume_skb(skb);
		*more = !fds;
	}
	return (ssize_t)chunk;
}

/* The next piece to read, after @peeked if that is one; r->skip is less than its length. */
static struct sk_buff *stream_next(struct stream_read *r, struct sk_buff *peeked)
{
	struct sk_buff_head *q = &r->sock->sk->sk_receive_queue;
	struct sk_buff *skb = peeked ? skb_peek_next(peeked, q) : skb_peek(q);

	while (skb && r->skip && r->skip >= skb_left(skb)) {
		r->skip -= skb_left(skb);
		skb = skb_peek_next(skb, q);
	}
	return skb;
}

/* Bytes, 0 at the end, or -errno; r->scm is what the receiver is to be told. */
static ssize_t stream_read(struct stream_read *r, size_t size)
{
	struct sock *sk = r->sock->sk;
	u64 deadline = sock_rcvdeadline(sk, r->flags & MSG_DONTWAIT);
	u32 skip = r->flags & MSG_PEEK && sk->sk_peek_off > 0 ? sk->sk_peek_off : 0;
	size_t target = sock_rcvlowat(sk, r->flags & MSG_WAITALL, (int)min(size, (size_t)0x7fffffff));
	struct sk_buff *peeked = NULL;
	size_t copied = 0;
	ssize_t n = 0;
	bool more = true;

	r->skip = skip;
	do {
		struct sk_buff *skb = stream_next(r, peeked);

		if (!skb) {
			if (copied >= target || peeked)
				break;
			n = stream_wait(sk, deadline);
			if (n)
				break;
			if (r->flags & MSG_PEEK)
				r->skip = skip;
			continue;
		}
		if (!stream_may_glue(r, skb))
			break;
		n = stream_take(r, skb, size, &more);
		if (n < 0)
			break;
		copied += (size_t)n;
		size -= (size_t)n;
		peeked = r->flags & MSG_PEEK ? skb : NULL;
		n = 0;
		if (size)
			cond_resched();
		/* As in Linux a peek goes on behind what it copies, to the first piece with descriptors, and shows those. */
	} while ((size || peeked) && more);
	return copied ? (ssize_t)copied : n > 0 ? 0 : n;
}

/* EINVAL (not connected), EAGAIN, EINTR, ECONNRESET, EFAULT; 0 is the end. */
static ssize_t unix_stream_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, unsigned flags)
{
	struct stream_read r = { .sock = sock, .msg = msg, .flags = flags };
	ssize_t copied;

	if (sock->sk->sk_state != TCP_ESTABLISHED)
		return -EINVAL;
	if (flags & MSG_OOB) {
		LEDGER("AF_UNIX MSG_OOB", flags);
		return -EINVAL;
	}
	stream_lock(unix_sk(sock->sk));
	copied = stream_read(&r, size);
	stream_unlock(unix_sk(sock->sk));
	scm_recv(sock, msg, &r.scm, flags);
	return copied;
}

u32 unix_stream_poll(struct file *file __maybe_unused, struct socket *sock, struct poll_table *pt)
{
	struct sock *sk = sock->sk;
	u32 mask = 0;

	poll_wait(pt, &sock->wait);
	if (sk->sk_err)
		mask |= EPOLLERR;
	if (sk->sk_shutdown == SHUTDOWN_MASK)
		mask |= EPOLLHUP;
	if (sk->sk_shutdown & RCV_SHUTDOWN)
		mask |= EPOLLRDHUP | EPOLLIN | EPOLLRDNORM;
	if (!skb_queue_empty(&sk->sk_receive_queue))
		mask |= EPOLLIN | EPOLLRDNORM;
	if (sk->sk_state == TCP_CLOSE)
		mask |= EPOLLHUP;
	if (unix_writable(sk))
		mask |= EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND;
	return mask;
}

const struct proto_ops unix_stream_ops = {
	.family = AF_UNIX,
	.release = unix_release,
	.flush = unix_flush,
	.bind = unix_bind,
	.connect = unix_stream_connect,
	.socketpair = unix_socketpair,
	.accept = unix_accept,
	.getname = unix_getname,
	.poll = unix_stream_poll,
	.ioctl = unix_ioctl,
	.listen = unix_listen,
	.shutdown = unix_shutdown,
	.sendmsg = unix_stream_sendmsg,
	.recvmsg = unix_stream_recvmsg,
	.set_peek_off = unix_set_peek_off,
};
