/* From the program to the write queue: bytes are gathered into buffers of up to the largest packet, and sent as soon as Nagle
 * and the windows let them. */
#include "../tcp.h"
#include "../scm.h"
#include "uio.h"
#include "string.h"
#include <linux/eventpoll.h>
#include <linux/net_tstamp.h>

/* ---- waiting ---- */

void sk_stream_write_space(struct sock *sk)
{
	if (!sk_stream_is_writeable(sk) || !sk->sk_socket)
		return;
	sock_set_flag(sk, SOCK_NOSPACE, false);
	sk_wake(sk, EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND);
	if (!(sk->sk_shutdown & SEND_SHUTDOWN))
		sk_wake_async(sk, POLL_OUT);
}

/* Until the connection is there: 0, the connection's error, -EPIPE, -EAGAIN, -EINTR, -ERESTARTSYS. */
static long sk_stream_wait_connect(struct sock *sk, u64 deadline)
{
	const u32 open = TCPF(TCP_ESTABLISHED) | TCPF(TCP_CLOSE_WAIT), opening = TCPF(TCP_SYN_SENT) | TCPF(TCP_SYN_RECV);
	long err;

	for (;;) {
		err = sock_error(sk);
		if (err)
			return err;
		if (TCPF(sk->sk_state) & open)
			return 0;
		if (!(TCPF(sk->sk_state) & opening))
			return -EPIPE;
		if (!deadline)
			return -EAGAIN;
		tcp_sk(sk)->write_pending++;
		err = sk_wait_event_locked(sk, !(TCPF(sk->sk_state) & opening) || sk->sk_err, deadline);
		tcp_sk(sk)->write_pending--;
		if (err)
			return err;
	}
}

/* Until the send buffer has room: 0 or as above. Without memory though there is room, a while. */
static long sk_stream_wait_memory(struct sock *sk, u64 deadline)
{
	u64 short_of_memory = sk_stream_memory_free(sk) ? ktime_get() + 100000000 : KTIME_MAX;
	long err;

	if (sk->sk_err || sk->sk_shutdown & SEND_SHUTDOWN)
		return -EPIPE;
	sock_set_flag(sk, SOCK_NOSPACE, true);
	if (!deadline)
		return -EAGAIN;
	if (short_of_memory != KTIME_MAX) {
		err = sk_wait_event_locked(sk, sk->sk_err || sk->sk_shutdown & SEND_SHUTDOWN, min(deadline, short_of_memory));
		return err == -EAGAIN && ktime_get() < deadline ? 0 : err == -EINTR && deadline == KTIME_MAX ? -ERESTARTSYS : err;
	}
	err = sk_wait_event_locked(sk, sk->sk_err || sk->sk_shutdown & SEND_SHUTDOWN || sk_stream_memory_free(sk), deadline);
	if (!err && (sk->sk_err || sk->sk_shutdown & SEND_SHUTDOWN))
		return -EPIPE;
	return err;
}

/* The error of a send that has sent nothing: SIGPIPE goes with EPIPE. */
static int sk_stream_error(struct sock *sk, unsigned flags, int err)
{
	if (err == -EPIPE) {
		err = sock_error(sk);
		if (!err)
			err = -EPIPE;
	}
	if (err == -EPIPE && !(flags & MSG_NOSIGNAL))
		send_sig_task(SIGPIPE, SEND_SIG_NOINFO, current);
	return err;
}

/* ---- pushing ---- */

static void tcp_mark_push(struct tcp_sock *tp, struct sk_buff *skb)
{
	TCP_SKB_CB(skb)->tcp_flags |= TCPHDR_PSH;
	tp->pushed_seq = tp->write_seq;
}

/* Half a window without a PSH: the receiver should look at it. */
static bool forced_push(const struct tcp_sock *tp)
{
	return after(tp->write_seq, tp->pushed_seq + (tp->max_window >> 1));
}

static void tcp_push(struct sock *sk, unsigned flags, u32 mss, int nonagle, u32 size_goal)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb = skb_peek_tail(&sk->sk_write_queue);

	(void)size_goal;
	if (!skb)
		return;
	if (!(flags & MSG_MORE) || forced_push(tp))
		tcp_mark_push(tp, skb);
	if (flags & MSG_OOB)
		tp->snd_up = tp->write_seq;
	if (flags & MSG_MORE)
		nonagle = TCP_NAGLE_CORK;
	__tcp_push_pending_frames(sk, mss, nonagle);
}

/* ---- filling ---- */

#define TCP_COPY_MAX 32768 /* bytes that are copied at a time: what Linux has in one piece */
struct tcp_send {
	struct msghdr *msg;
	struct ubuf_info *uarg;
	unsigned flags;
	u32 mss, size_goal;
	size_t copied;
};

/* An empty buffer at the end of the write queue; NULL without room or memory. */
static struct sk_buff *tcp_new_segment(struct sock *sk, struct tcp_send *s)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb;

	if (!sk_stream_memory_free(sk))
		return NULL;
	skb = tcp_stream_alloc_skb(sk, min(iov_iter_count(&s->msg->msg_iter), (size_t)s->size_goal),
		skb_queue_empty(&sk->sk_write_queue) && tcp_rtx_queue_empty(sk));
	if (!skb)
		return NULL;
	TCP_SKB_CB(skb)->seq = TCP_SKB_CB(skb)->end_seq = tp->write_seq;
	TCP_SKB_CB(skb)->tcp_flags = TCPHDR_ACK;
	tcp_add_write_queue_tail(sk, skb);
	sk_wmem_queued_add(sk, (int)skb->truesize);
	if (tp->nonagle & TCP_NAGLE_PUSH)
		tp->nonagle &= (u8)~TCP_NAGLE_PUSH;
	tcp_slow_start_after_idle_check(sk);
	return skb;
}

/* A buffer that got no bytes goes again. */
static void tcp_remove_empty_skb(struct sock *sk)
{
	struct sk_buff *skb = skb_peek_tail(&sk->sk_write_queue);

	if (!skb || TCP_SKB_CB(skb)->seq != TCP_SKB_CB(skb)->end_seq)
		return;
	skb_unlink(skb, &sk->sk_write_queue);
	if (skb_queue_empty(&sk->sk_write_queue))
		tcp_chrono_stop(sk, TCP_CHRONO_BUSY);
	tcp_wmem_free_skb(sk, skb);
}

/* How many of @copy bytes the protocol's memory lets the socket queue: however little there is, tcp_wmem's minimum is its own. */
static size_t tcp_wmem_schedule(struct sock *sk, size_t copy)
{
	u32 own = (u32)net_sysctl.tcp_wmem[0];

	if (sk_mem_schedule(sk, (u32)copy, true))
		return copy;
	return min(copy, (size_t)(own - min(own, sk->sk_wmem_queued)));
}

/* Linux sends the guest's own pages for MSG_ZEROCOPY, a packet of at most net.core.max_skb_frags pieces: what would not fit goes into
 * the next one here, too. Cuts *copy to the next piece; false: @skb is full. */
static bool tcp_zerocopy_piece(struct tcp_sock *tp, const struct tcp_send *s, const struct sk_buff *skb, size_t *copy)
{
	const struct iov_iter *i = &s->msg->msg_iter;
	const struct iovec *v = i->iov;
	size_t offset = i->offset;
	bool merges;
	u64 at;

	for (; offset == v->iov_len; v++)
		offset = 0; /* nothing in it, or used up */
	at = (u64)v->iov_base + offset;
	if (!skb_data_of(skb)->uarg)
		tp->zc_frags = skb->len != 0;
	merges = tp->zc_frags && at == tp->zc_end && at & (PAGE_SIZE - 1);
	if (!merges && tp->zc_frags >= (u32)net_sysctl.max_skb_frags)
		return false;
	*copy = min(*copy, min((size_t)(PAGE_SIZE - (at & (PAGE_SIZE - 1))), v->iov_len - offset));
	tp->zc_frags += !merges;
	tp->zc_end = at + *copy;
	return true;
}

/* Appends up to @copy bytes to @skb. Bytes, 0: no memory now, -EFAULT. May sleep. */
static ssize_t tcp_append(struct sock *sk, struct tcp_send *s, struct sk_buff *skb, size_t copy)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 charge;
	size_t n, room = tcp_wmem_schedule(sk, min(min(copy, iov_iter_count(&s->msg->msg_iter)), (size_t)TCP_COPY_MAX));

	if (!room)
		return 0;
	if (skb_tailroom(skb) < room) {
		/* Doubling, so that many small writes copy each byte once or so. */
		size_t grow = max(room, min((size_t)skb->len, (size_t)s->size_goal - min(skb->len, s->size_goal)));

		if (!tcp_skb_grow(sk, skb, grow))
			return 0;
	}
	n = copy_from_iter(skb->tail, room, &s->msg->msg_iter);
	if (n != room) {
		/* A piece goes whole or not at all. */
		iov_iter_revert(&s->msg->msg_iter, n);
		return -EFAULT;
	}
	skb_put(skb, n);
	charge = s->uarg ? PAGE_SIZE : (u32)n; /* a page that is lent counts whole */
	skb->truesize += charge;
	sk_wmem_queued_add(sk, (int)charge);
	if (!s->copied)
		TCP_SKB_CB(skb)->tcp_flags &= (u8)~TCPHDR_PSH;
	tp->write_seq += (u32)n;
	TCP_SKB_CB(skb)->end_seq += (u32)n;
	TCP_SKB_CB(skb)->gso_segs = 0;
	skb_zcopy_set(skb, s->uarg);
	return (ssize_t)n;
}

/* The loop: 0 when everything is queued, or why it stopped. */
static long tcp_send_loop(struct sock *sk, struct tcp_send *s, u64 deadline)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int process_backlog = 0;
	struct sk_buff *skb, *full = NULL;
	ssize_t n;
	long err;

restart:
	s->mss = tcp_send_mss(sk, &s->size_goal, s->flags);
	if (sk->sk_err || sk->sk_shutdown & SEND_SHUTDOWN)
		return -EPIPE;
	while (iov_iter_count(&s->msg->msg_iter)) {
		size_t copy = 0;

		skb = skb_peek_tail(&sk->sk_write_queue);
		if (skb && skb != full && skb->len < s->size_goal && !TCP_SKB_CB(skb)->eor && !(TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN))
			copy = s->size_goal - skb->len;
		if (!copy) {
			if (process_backlog >= 16) {
				/* Acknowledgements that came meanwhile make room and open the window. */
				process_backlog = 0;
				if (!skb_queue_empty(&sk->sk_backlog)) {
					sk_flush_backlog(sk);
					goto restart;
				}
				cond_resched();
			}
			skb = tcp_new_segment(sk, s);
			if (!skb)
				goto wait;
			process_backlog++;
			full = NULL;
			copy = s->size_goal;
		}
		if (unlikely(s->uarg) && !tcp_zerocopy_piece(tp, s, skb, &copy)) {
			tcp_mark_push(tp, skb);
			full = skb;
			continue;
		}
		n = tcp_append(sk, s, skb, copy);
		if (n < 0)
			return n;
		if (!n)
			goto wait;
		s->copied += (size_t)n;
		if (!iov_iter_count(&s->msg->msg_iter)) {
			if (s->flags & MSG_EOR)
				TCP_SKB_CB(skb)->eor = 1;
			return 0;
		}
		if (skb->len < s->size_goal || s->flags & MSG_OOB)
			continue;
		if (forced_push(tp)) {
			tcp_mark_push(tp, skb);
			__tcp_push_pending_frames(sk, s->mss, TCP_NAGLE_PUSH);
		} else if (skb == tcp_send_head(sk)) {
			tcp_push_one(sk, s->mss);
		}
		continue;
wait:
		tcp_remove_empty_skb(sk);
		if (s->copied)
			tcp_push(sk, s->flags & ~MSG_MORE, s->mss, TCP_NAGLE_PUSH, s->size_goal);
		err = sk_stream_wait_memory(sk, deadline);
		if (err)
			return err;
		s->mss = tcp_send_mss(sk, &s->size_goal, s->flags);
	}
	return 0;
}

static void tcp_tx_timestamp(struct sock *sk, const struct sockcm_cookie *sockc)
{
	struct sk_buff *skb = skb_peek_tail(&sk->sk_write_queue);

	if (!sockc->tsflags || !skb)
		return;
	sock_tx_timestamp(sk, sockc, &skb->tx_flags, NULL);
	if (sockc->tsflags & SOF_TIMESTAMPING_TX_ACK)
		skb->tx_flags |= SKBTX_ACK_TSTAMP;
	if (skb->tx_flags)
		skb->tskey = TCP_SKB_CB(skb)->seq + skb->len - 1;
}

/* Control messages: only SOL_SOCKET has some for TCP. 0, -EINVAL, -EPERM. */
static int tcp_cmsg_send(struct sock *sk, struct msghdr *msg, struct sockcm_cookie *sockc)
{
	struct cmsghdr *cmsg;
	int err;

	for_each_cmsghdr(cmsg, msg) {
		if (!CMSG_OK(msg, cmsg))
			return -EINVAL;
		if (cmsg->cmsg_level != SOL_SOCKET)
			continue;
		err = sock_cmsg_send(sk, cmsg, sockc);
		if (err)
			return err;
	}
	return 0;
}

/* The socket is owned. Bytes, or -errno (with SIGPIPE for -EPIPE). */
static ssize_t tcp_sendmsg_locked(struct sock *sk, struct msghdr *msg, size_t size)
{
	struct tcp_send s = { .msg = msg, .flags = msg->msg_flags };
	struct sockcm_cookie sockc;
	struct tcp_sock *tp = tcp_sk(sk);
	u64 deadline;
	int copied_syn = 0;
	long err = 0;

	if (s.flags & MSG_ZEROCOPY && size && sock_flag(sk, SOCK_ZEROCOPY)) {
		s.uarg = msg_zerocopy_realloc(sk, size, NULL);
		if (!s.uarg) {
			err = -ENOBUFS;
			goto error;
		}
	}
	if (s.flags & MSG_FASTOPEN || inet_sk(sk)->defer_connect) {
		err = tcp_sendmsg_fastopen(sk, msg, &copied_syn, size);
		if (err == -EINPROGRESS && copied_syn > 0)
			goto out;
		if (err) {
			copied_syn = 0; /* what went with the SYN is lost with the connection */
			goto error;
		}
	}
	deadline = sock_snddeadline(sk, s.flags & MSG_DONTWAIT);
	tcp_rate_check_app_limited(sk);
	if (!(TCPF(sk->sk_state) & (TCPF(TCP_ESTABLISHED) | TCPF(TCP_CLOSE_WAIT))) && !tp->fastopen_rsk) {
		err = sk_stream_wait_connect(sk, deadline);
		if (err)
			goto error;
	}
	sockcm_init(&sockc, sk);
	if (msg->msg_controllen) {
		err = tcp_cmsg_send(sk, msg, &sockc);
		if (err)
			goto error;
	}
	err = tcp_send_loop(sk, &s, deadline);
	if (err)
		goto error;
	tcp_tx_timestamp(sk, &sockc);
push:
	if (s.copied)
		tcp_push(sk, s.flags, s.mss, tp->nonagle, s.size_goal);
out:
	if (s.uarg)
		msg_zerocopy_put(s.uarg);
	return (ssize_t)s.copied + copied_syn;
error:
	tcp_remove_empty_skb(sk);
	if (s.copied) {
		tcp_tx_timestamp(sk, &sockc);
		goto push;
	}
	if (copied_syn)
		goto out;
	if (s.uarg)
		msg_zerocopy_put_abort(s.uarg, true);
	err = sk_stream_error(sk, s.flags, (int)err);
	/* An edge-triggered waiter must not miss that the queue has run empty. */
	if (skb_queue_empty(&sk->sk_write_queue) && tcp_rtx_queue_empty(sk) && err == -EAGAIN)
		sk->sk_write_space(sk);
	return err;
}

ssize_t tcp_sendmsg(struct sock *sk, struct msghdr *msg, size_t size)
{
	ssize_t n;

	lock_sock(sk);
	n = tcp_sendmsg_locked(sk, msg, size);
	release_sock(sk);
	return n;
}

void tcp_splice_eof(struct sock *sk)
{
	u32 size_goal, mss;

	lock_sock(sk);
	if (!skb_queue_empty(&sk->sk_write_queue)) {
		mss = tcp_send_mss(sk, &size_goal, 0);
		tcp_push(sk, 0, mss, tcp_sk(sk)->nonagle, size_goal);
	}
	release_sock(sk);
}
