/* Stream sockets: the bytes' way from one end to the other. The sender fills buffers and puts them on the peer's receive
 * queue; what goes with a message (descriptors, credentials) keeps it from running into its neighbours. */
#include "unix.h"
#include "fs.h"
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

/* One piece of @size bytes; 0 or -errno. @first: what the caller attached goes with it. */
static int stream_queue_piece(struct sock *sk, struct sock *other, struct msghdr *msg, size_t size, struct scm_cookie *scm,
	bool first, bool oob)
{
	struct sk_buff *skb;
	int err;

	skb = unix_alloc_skb(sk, stream_header(size), size, msg->msg_flags & MSG_DONTWAIT);
	if (IS_ERR(skb))
		return (int)PTR_ERR(skb);
	err = unix_attach_scm(scm, skb, first);
	if (!err)
		err = skb_copy_from_iter(skb, &msg->msg_iter, size);
	if (!err && (sock_flag(other, SOCK_DEAD) || other->sk_shutdown & RCV_SHUTDOWN))
		err = first && !oob ? stream_pipe_error(msg) : -EPIPE;
	if (!err && UNIXCB(skb)->fp && !(other->sk_scm_flags & SCM_PASS_RIGHTS))
		err = -EPERM;
	if (err) {
		kfree_skb(skb);
		return err;
	}
	unix_maybe_add_creds(skb, sk, other);
	unix_sk(other)->inq_len += (u32)size;
	skb_queue_tail(&other->sk_receive_queue, skb);
	if (oob) {
		unix_sk(other)->oob_skb = skb; /* an older urgent byte is one like the others now */
		sk_send_sigurg(other);
	}
	other->sk_data_ready(other);
	return 0;
}

/* Bytes of the next piece of @size that are left. */
static size_t stream_piece_size(const struct sock *sk, size_t size)
{
	return min(min(size, (size_t)(sk->sk_sndbuf >> 1) - 64), (size_t)STREAM_SKB_MAX);
}

/* 0, -EISCONN, -EOPNOTSUPP, -ENOTCONN, -EPIPE (with SIGPIPE). */
static ssize_t stream_may_send(struct sock *sk, const struct msghdr *msg)
{
	if (msg->msg_namelen)
		return sk->sk_state == TCP_ESTABLISHED ? -EISCONN : -EOPNOTSUPP;
	if (!unix_peer(sk))
		return -ENOTCONN;
	return sk->sk_shutdown & SEND_SHUTDOWN ? stream_pipe_error(msg) : 0;
}

/* EPIPE (with SIGPIPE), ENOTCONN, EISCONN, EOPNOTSUPP, EAGAIN, EINTR, EFAULT, ENOBUFS, ETOOMANYREFS. */
static ssize_t unix_stream_sendmsg(struct socket *sock, struct msghdr *msg, size_t size)
{
	struct sock *sk = sock->sk, *other;
	bool oob = msg->msg_flags & MSG_OOB; /* of what is sent the last byte is urgent */
	struct scm_cookie scm;
	size_t sent = 0;
	ssize_t err = scm_send(msg, &scm, true);

	if (err)
		return err;
	err = oob && !size ? -EOPNOTSUPP : stream_may_send(sk, msg);
	if (err) {
		scm_destroy(&scm);
		return err;
	}
	other = sock_hold(unix_peer(sk));
	while (sent < size) {
		bool last = oob && sent == size - 1;
		size_t piece = stream_piece_size(sk, size - sent - (oob && !last));

		err = stream_queue_piece(sk, other, msg, piece, &scm, !sent, last);
		if (err)
			break;
		sent += piece;
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
	if (unix_may_passcred(r->sock->sk)) {
		unix_skb_to_scm(&r->scm, skb);
		r->have_creds = true;
	}
	return true;
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
	size_t chunk = min((size_t)(unix_skb_len(skb) - r->skip), size);
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
	unix_sk(sk)->inq_len -= chunk;
	if (sk->sk_peek_off >= 0)
		sk->sk_peek_off = max(sk->sk_peek_off - (int)chunk, 0);
	if (fds)
		unix_detach_fds(&r->scm, skb);
	if (!unix_skb_len(skb)) {
		skb_unlink(skb, &sk->sk_receive_queue);
		consume_skb(skb);
		*more = !fds;
	}
	return (ssize_t)chunk;
}

/* Where a read goes on that has come to @skb: behind an urgent byte that was taken, and at a mark no further once something
 * has been read. An urgent byte that is not in line is passed over here, which loses it. NULL: there is nothing to read. */
static struct sk_buff *stream_pass_mark(struct stream_read *r, struct sk_buff *skb, bool copied)
{
	struct sock *sk = r->sock->sk;
	struct sk_buff_head *q = &sk->sk_receive_queue;
	struct unix_sock *u = unix_sk(sk);

	if (!unix_skb_len(skb)) {
		struct sk_buff *taken = skb;

		if (copied && (!u->oob_skb || skb == u->oob_skb))
			return NULL;
		skb = skb_peek_next(skb, q);
		if (!(r->flags & MSG_PEEK)) {
			skb_unlink(taken, q);
			consume_skb(taken);
		}
	}
	if (!skb || skb != u->oob_skb)
		return skb;
	if (copied)
		return NULL;
	if (!(r->flags & MSG_PEEK)) {
		u->oob_skb = NULL;
		if (!sock_flag(sk, SOCK_URGINLINE)) {
			skb_unlink(skb, q); /* inq_len goes on counting it, as in Linux */
			kfree_skb(skb);
			skb = skb_peek(q);
		}
	} else if (!sock_flag(sk, SOCK_URGINLINE)) {
		skb = skb_peek_next(skb, q);
	}
	return skb;
}

/* The next piece to read, after @peeked if that is one; r->skip is less than its length. NULL: none; then *marked tells
 * whether the mark of urgent data is why. */
static struct sk_buff *stream_next(struct stream_read *r, struct sk_buff *peeked, bool copied, bool *marked)
{
	struct sk_buff_head *q = &r->sock->sk->sk_receive_queue;
	struct sk_buff *skb = peeked ? skb_peek_next(peeked, q) : skb_peek(q);

	*marked = false;
	if (!skb)
		return NULL;
	if (unlikely(!unix_skb_len(skb) || skb == unix_sk(r->sock->sk)->oob_skb)) {
		skb = stream_pass_mark(r, skb, copied);
		*marked = !skb;
	}
	while (skb && r->skip >= unix_skb_len(skb)) {
		r->skip -= unix_skb_len(skb);
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
	bool more = true, marked;

	r->skip = skip;
	do {
		struct sk_buff *skb = stream_next(r, peeked, copied, &marked);

		if (!skb) {
			if (copied >= target || (peeked && !marked) || (marked && copied))
				break;
			n = stream_wait(sk, deadline);
			if (n)
				break;
			peeked = NULL; /* others may have read meanwhile */
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

/* MSG_OOB: the urgent byte. Taken, it stays in the queue as an empty piece, which is the mark. Such pieces are not left one
 * behind the other. EINVAL: there is none, or it is in line. */
static ssize_t stream_read_urgent(struct sock *sk, struct msghdr *msg, unsigned flags)
{
	struct sk_buff_head *q = &sk->sk_receive_queue;
	struct unix_sock *u = unix_sk(sk);
	struct sk_buff *skb = u->oob_skb, *before;
	int err;

	if (sock_flag(sk, SOCK_URGINLINE) || !skb)
		return -EINVAL;
	if (!(flags & MSG_PEEK)) {
		u->oob_skb = NULL;
		u->inq_len--;
		before = skb == skb_peek(q) ? NULL : list_entry(skb->list.prev, struct sk_buff, list);
		if (before && !unix_skb_len(before)) {
			skb_unlink(before, q);
			consume_skb(before);
		}
	}
	/* A receiver without room loses it, and is told of one byte all the same. */
	err = skb_copy_to_iter(skb, 0, &msg->msg_iter, min(iov_iter_count(&msg->msg_iter), (size_t)1));
	if (!(flags & MSG_PEEK))
		UNIXCB(skb)->consumed = 1;
	if (err)
		return -EFAULT;
	msg->msg_flags |= MSG_OOB;
	return 1;
}

bool unix_at_mark(struct sock *sk)
{
	struct unix_sock *u = unix_sk(sk);
	struct sk_buff *skb = skb_peek(&sk->sk_receive_queue);

	if (!skb)
		return false;
	if (skb == u->oob_skb)
		return true;
	return !unix_skb_len(skb) && (!u->oob_skb || skb_peek_next(skb, &sk->sk_receive_queue) == u->oob_skb);
}

/* EINVAL (not connected), EAGAIN, EINTR, ECONNRESET, EFAULT; 0 is the end. */
static ssize_t unix_stream_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, unsigned flags)
{
	struct stream_read r = { .sock = sock, .msg = msg, .flags = flags };
	struct unix_sock *u = unix_sk(sock->sk);
	ssize_t copied;

	if (sock->sk->sk_state != TCP_ESTABLISHED)
		return -EINVAL;
	stream_lock(u);
	copied = flags & MSG_OOB ? stream_read_urgent(sock->sk, msg, flags) : stream_read(&r, size);
	stream_unlock(u);
	if (flags & MSG_OOB)
		return copied;
	scm_recv(sock, msg, &r.scm, flags);
	if (u->tell_inq) {
		int inq = (int)u->inq_len;

		put_cmsg(msg, SOL_SOCKET, SCM_INQ, &inq, sizeof(inq));
	}
	return copied;
}

/* SO_INQ is the only option that streams have of their own. EINVAL, EFAULT; the others are everybody's. */
static int unix_stream_setsockopt(struct socket *sock, int level, int name, const void __user *val, unsigned len)
{
	int on;

	if (level != SOL_SOCKET)
		return -EOPNOTSUPP;
	if (name != SO_INQ)
		return sock_setsockopt(sock, name, val, len);
	if (len != sizeof(on))
		return -EINVAL;
	if (copy_from_user(&on, val, sizeof(on)))
		return -EFAULT;
	if (on < 0 || on > 1)
		return -EINVAL;
	unix_sk(sock->sk)->tell_inq = on;
	return 0;
}

static u32 unix_stream_poll(struct file *file __maybe_unused, struct socket *sock, struct poll_table *pt)
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
	if (unix_sk(sk)->oob_skb)
		mask |= EPOLLPRI;
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
	.custom_sockopt = true,
	.setsockopt = unix_stream_setsockopt,
	.sendmsg = unix_stream_sendmsg,
	.recvmsg = unix_stream_recvmsg,
	.set_peek_off = unix_set_peek_off,
};
