/* From the receive queue to the program, with urgent data, peeking and waiting; and the acknowledgements that reading causes. */
#include "../tcp.h"
#include "../scm.h"
#include "uio.h"
#include "string.h"

void tcp_eat_recv_skb(struct sock *sk, struct sk_buff *skb)
{
	skb_unlink(skb, &sk->sk_receive_queue);
	kfree_skb(skb);
}

/* The program has read @copied bytes: is it time to tell the peer of the room? */
void tcp_cleanup_rbuf(struct sock *sk, int copied)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	bool ack = false;

	if (inet_csk_ack_scheduled(sk)) {
		if (tp->rcv_nxt - tp->rcv_wup > icsk->icsk_ack.rcv_mss)
			ack = true;
		/* Everything has been read, and the peer had pushed: it may wait. */
		else if (copied > 0 && !sk->sk_rmem_alloc && (icsk->icsk_ack.pending & ICSK_ACK_PUSHED2
				|| (icsk->icsk_ack.pending & ICSK_ACK_PUSHED && !inet_csk_in_pingpong_mode(sk))))
			ack = true;
	}
	/* The window can double: worth a segment of its own. */
	if (copied > 0 && !ack && !(sk->sk_shutdown & RCV_SHUTDOWN)) {
		u32 now = tcp_receive_window(tp);

		if (2 * now <= tp->window_clamp) {
			u32 new = __tcp_select_window(sk);

			ack = new && new >= 2 * now;
		}
	}
	if (ack) {
		tcp_mstamp_refresh(tp);
		tcp_send_ack(sk);
	}
}

/* MSG_OOB. */
static ssize_t tcp_recv_urg(struct sock *sk, struct msghdr *msg, size_t size, unsigned flags)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (sock_flag(sk, SOCK_URGINLINE) || !tp->urg_data || tp->urg_data == TCP_URG_READ)
		return -EINVAL;
	if (sk->sk_state == TCP_CLOSE && !sock_flag(sk, SOCK_DONE))
		return -ENOTCONN;
	if (tp->urg_data & TCP_URG_VALID) {
		u8 c = (u8)tp->urg_data;

		if (!(flags & MSG_PEEK))
			tp->urg_data = TCP_URG_READ;
		msg->msg_flags |= MSG_OOB;
		if (!size) {
			msg->msg_flags |= MSG_TRUNC;
			return 0;
		}
		if (!(flags & MSG_TRUNC) && copy_to_iter(&c, 1, &msg->msg_iter) != 1)
			return -EFAULT;
		return 1;
	}
	if (sk->sk_state == TCP_CLOSE || sk->sk_shutdown & RCV_SHUTDOWN)
		return 0;
	return -EAGAIN;
}

struct tcp_read {
	struct msghdr *msg;
	size_t len;               /* bytes still wanted */
	unsigned flags;
	u64 deadline;
	ssize_t copied;
	u32 peek_seq, peek_offset;
	u32 *seq;                 /* &copied_seq, or &peek_seq */
	u64 tstamp;               /* of the last buffer */
};

/* The buffer with the byte at *r->seq, and where in it; NULL: none. *fin: the end of the stream stands there. */
static struct sk_buff *tcp_read_find(struct sock *sk, struct tcp_read *r, u32 *offset, bool *fin)
{
	struct sk_buff *skb;

	*fin = false;
	skb_queue_walk(&sk->sk_receive_queue, skb) {
		*offset = *r->seq - TCP_SKB_CB(skb)->seq;
		if (*offset < skb->len)
			return skb;
		if (TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN) {
			*fin = true;
			return skb;
		}
	}
	return NULL;
}

/* Copies from @skb at @offset. False: stop. */
static bool tcp_read_skb(struct sock *sk, struct tcp_read *r, struct sk_buff *skb, u32 offset)
{
	struct tcp_sock *tp = tcp_sk(sk);
	size_t used = min((size_t)(skb->len - offset), r->len);

	if (tp->urg_data) {
		u32 urg = tp->urg_seq - *r->seq;

		if (urg < used) {
			if (urg) {
				used = urg;
			} else if (r->flags & MSG_SPLICE_READ) {
				return false;
			} else if (!sock_flag(sk, SOCK_URGINLINE)) {
				/* The urgent byte is not part of the stream. */
				++*r->seq;
				offset++;
				if (!--used)
					goto skip;
			}
		}
	}
	if (!(r->flags & MSG_TRUNC)) {
		size_t n = copy_to_iter(skb->data + offset, used, &r->msg->msg_iter);

		if (n != used) {
			if (!r->copied)
				r->copied = -EFAULT;
			return false;
		}
	}
	*r->seq += (u32)used;
	r->copied += (ssize_t)used;
	r->len -= used;
	if (r->flags & MSG_PEEK)
		sk_peek_offset_fwd(sk, (int)used);
	else
		sk_peek_offset_bwd(sk, (int)used);
	tcp_rcv_space_adjust(sk);
skip:
	if (tp->urg_data && after(tp->copied_seq, tp->urg_seq)) {
		tp->urg_data = 0;
		tcp_fast_path_check(sk);
	}
	r->tstamp = skb->tstamp;
	if (used + offset < skb->len)
		return true;
	if (TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN) {
		++*r->seq;
		if (!(r->flags & MSG_PEEK))
			tcp_eat_recv_skb(sk, skb);
		return false;
	}
	if (!(r->flags & MSG_PEEK))
		tcp_eat_recv_skb(sk, skb);
	return true;
}

/* Nothing is there to be read: 0 to wait, 1 to stop (r->copied says with what). */
static bool tcp_read_stop(struct sock *sk, struct tcp_read *r)
{
	if (r->copied)
		return !r->deadline || sk->sk_err || sk->sk_state == TCP_CLOSE || sk->sk_shutdown & RCV_SHUTDOWN
			|| signal_pending(current);
	if (sock_flag(sk, SOCK_DONE))
		return true;
	if (sk->sk_err)
		r->copied = sock_error(sk);
	else if (sk->sk_shutdown & RCV_SHUTDOWN)
		return true;
	else if (sk->sk_state == TCP_CLOSE)
		r->copied = -ENOTCONN;
	else if (!r->deadline)
		r->copied = -EAGAIN;
	else if (signal_pending(current))
		r->copied = sock_intr_errno(sk->sk_rcvtimeo);
	return r->copied != 0;
}

static void tcp_read_wait(struct sock *sk, struct tcp_read *r)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 seen = tp->rcv_nxt;
	u16 urg = tp->urg_data;

	if (sk_wait_event_locked(sk, tp->rcv_nxt != seen || tp->urg_data != urg || sk->sk_err || sk->sk_state == TCP_CLOSE
			|| sk->sk_shutdown & RCV_SHUTDOWN || sock_flag(sk, SOCK_DONE), r->deadline) == -EAGAIN)
		r->deadline = 0;
}

static ssize_t tcp_recvmsg_locked(struct sock *sk, struct tcp_read *r)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int target = sock_rcvlowat(sk, r->flags & MSG_WAITALL, (int)min(r->len, (size_t)0x7fffffff));

	/* Once even for no bytes at all: it may have to wait, or be told of an error. */
	do {
		struct sk_buff *skb;
		u32 offset;
		bool fin;

		/* Stop at urgent data if something was read. */
		if (tp->urg_data && tp->urg_seq == *r->seq) {
			if (r->copied)
				break;
			if (signal_pending(current)) {
				r->copied = r->deadline ? sock_intr_errno(sk->sk_rcvtimeo) : -EAGAIN;
				break;
			}
		}
		skb = tcp_read_find(sk, r, &offset, &fin);
		if (skb && !fin) {
			if (!tcp_read_skb(sk, r, skb, offset))
				break;
			continue;
		}
		if (skb) {
			++*r->seq;
			if (!(r->flags & MSG_PEEK))
				tcp_eat_recv_skb(sk, skb);
			break;
		}
		if (r->copied >= target && skb_queue_empty(&sk->sk_backlog))
			break;
		if (tcp_read_stop(sk, r))
			break;
		if (r->copied >= target) {
			sk_flush_backlog(sk);
		} else {
			tcp_cleanup_rbuf(sk, (int)r->copied);
			tcp_read_wait(sk, r);
		}
		if (r->flags & MSG_PEEK && r->peek_seq - r->peek_offset - (u32)r->copied != tp->copied_seq)
			r->peek_seq = tp->copied_seq + r->peek_offset;
	} while (r->len);
	tcp_cleanup_rbuf(sk, (int)r->copied);
	return r->copied;
}

/* TCP_INQ and SO_TIMESTAMP. */
static void tcp_recv_cmsgs(struct sock *sk, struct msghdr *msg, u64 tstamp, int inq)
{
	if (tstamp && (sock_flag(sk, SOCK_RCVTSTAMP) || sk->sk_tsflags)) {
		struct sk_buff stamp = { .tstamp = tstamp };

		sock_recv_timestamp(msg, sk, &stamp);
	}
	if (tcp_sk(sk)->recvmsg_inq)
		put_cmsg(msg, SOL_TCP, TCP_CM_INQ, &inq, sizeof(inq));
}

ssize_t tcp_recvmsg(struct sock *sk, struct msghdr *msg, size_t size, unsigned flags)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_read r = { .msg = msg, .len = size, .flags = flags };
	ssize_t n;
	int inq = 0;

	if (unlikely(flags & MSG_ERRQUEUE))
		return inet_recv_error(sk, msg, size);
	lock_sock(sk);
	if (sk->sk_state == TCP_LISTEN) {
		n = -ENOTCONN;
	} else if (flags & MSG_OOB) {
		n = tcp_recv_urg(sk, msg, size, flags);
	} else {
		r.deadline = sock_rcvdeadline(sk, flags & MSG_DONTWAIT);
		r.seq = &tp->copied_seq;
		if (flags & MSG_PEEK) {
			r.peek_offset = (u32)max(sk_peek_offset(sk, flags), 0);
			r.peek_seq = tp->copied_seq + r.peek_offset;
			r.seq = &r.peek_seq;
		}
		n = tcp_recvmsg_locked(sk, &r);
	}
	if (tp->recvmsg_inq && n >= 0) {
		inq = tcp_peek_len(sk->sk_socket);
		/* The end of the stream is something to be read. */
		if (!inq && sock_flag(sk, SOCK_DONE))
			inq = 1;
	}
	release_sock(sk);
	if (n >= 0 && !(flags & MSG_OOB))
		tcp_recv_cmsgs(sk, msg, r.tstamp, inq);
	return n;
}
