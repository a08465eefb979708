/* Data received: in sequence onto the receive queue, otherwise into the out-of-order tree with SACK and D-SACK blocks (RFC 2018,
 * 2883); memory for both; urgent data; FIN. When it is acknowledged is decided in tcp_delack.c. */
#include "../tcp.h"
#include "byteorder.h"
#include "string.h"
#include <linux/eventpoll.h>

/* ---- memory ---- */

/* Appends @from to @to when it is small and @to's bytes have room and no other user: many small segments would otherwise
 * hold a buffer each. True: @from is gone. */
static bool tcp_try_coalesce(struct sock *sk, struct sk_buff *to, struct sk_buff *from)
{
	if (TCP_SKB_CB(from)->seq != TCP_SKB_CB(to)->end_seq || from->len > 2048)
		return false;
	if (skb_cloned(to) || skb_tailroom(to) < from->len || to->users != 1)
		return false;
	memcpy(skb_put(to, from->len), from->data, from->len);
	to->truesize += from->len;
	sk->sk_rmem_alloc += from->len;
	sk_mem_charge(sk, (int)from->len);
	to->tstamp = from->tstamp;
	TCP_SKB_CB(to)->end_seq = TCP_SKB_CB(from)->end_seq;
	TCP_SKB_CB(to)->ack_seq = TCP_SKB_CB(from)->ack_seq;
	TCP_SKB_CB(to)->tcp_flags |= TCP_SKB_CB(from)->tcp_flags;
	NET_INC_STATS(LINUX_MIB_TCPRCVCOALESCE);
	kfree_skb(from);
	return true;
}

/* Packs the receive queue: payload that fills little of its buffers moves together. */
static void tcp_collapse_queue(struct sock *sk)
{
	struct sk_buff_head old;
	struct sk_buff *skb, *to = NULL;

	skb_queue_head_init(&old);
	skb_queue_splice_tail(&sk->sk_receive_queue, &old);
	while ((skb = skb_dequeue(&old))) {
		bool small = skb->len < skb->truesize / 2 && !(TCP_SKB_CB(skb)->tcp_flags & (TCPHDR_SYN | TCPHDR_FIN));

		if (to && small && tcp_try_coalesce(sk, to, skb))
			continue;
		if (small) {
			/* A fresh buffer that the next ones can join. */
			struct sk_buff *n = alloc_skb(PAGE_SIZE * 4);

			if (n && skb->len <= PAGE_SIZE * 2) {
				memcpy(skb_put(n, skb->len), skb->data, skb->len);
				memcpy(n->cb, skb->cb, sizeof(n->cb));
				n->tstamp = skb->tstamp;
				n->truesize = TCP_SKB_OVERHEAD + n->len;
				sk_mem_set_owner_r(n, sk);
				kfree_skb(skb);
				skb = n;
				NET_INC_STATS(LINUX_MIB_TCPRCVCOLLAPSED);
			} else {
				kfree_skb(n);
			}
		}
		skb_queue_tail(&sk->sk_receive_queue, skb);
		to = skb;
	}
}

static void tcp_drop_ooo(struct sock *sk, struct sk_buff *skb)
{
	treap_erase(&tcp_sk(sk)->ooo_queue, &skb->tree);
	INIT_LIST_HEAD(&skb->list);
	tcp_sk(sk)->ooo_skbs--;
	kfree_skb(skb);
}

void tcp_ooo_purge(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb;

	while ((skb = treap_skb(treap_first(&tp->ooo_queue))))
		tcp_drop_ooo(sk, skb);
	tp->ooo_last_skb = NULL;
}

/* Throws away out-of-order data from the far end, an eighth of the buffer at a time, but nothing ahead of @in. */
static bool tcp_prune_ofo_queue(struct sock *sk, const struct sk_buff *in)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int goal = sk->sk_rcvbuf >> 3;
	bool pruned = false;
	struct sk_buff *skb;

	while ((skb = tp->ooo_last_skb)) {
		struct sk_buff *prev = treap_skb(treap_prev(&skb->tree));

		if (after(TCP_SKB_CB(in)->seq, TCP_SKB_CB(skb)->seq))
			break;
		goal -= (int)skb->truesize;
		tcp_drop_ooo(sk, skb);
		tp->ooo_last_skb = prev;
		pruned = true;
		if (goal <= 0) {
			if ((int)sk->sk_rmem_alloc <= sk->sk_rcvbuf && !tcp_under_memory_pressure())
				break;
			goal = sk->sk_rcvbuf >> 3;
		}
	}
	if (pruned) {
		NET_INC_STATS(LINUX_MIB_OFOPRUNED);
		if (tp->rx_opt.sack_ok)
			tcp_sack_reset(&tp->rx_opt);
	}
	return pruned;
}

static void tcp_clamp_window(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	inet_csk(sk)->icsk_ack.quick = 0;
	if (sk->sk_rcvbuf < net_sysctl.tcp_rmem[2] && !(sk->sk_userlocks & SOCK_RCVBUF_LOCK) && !tcp_under_memory_pressure()
			&& proto_mem_pages(&tcp_memory) < net_sysctl.tcp_mem[0])
		sk->sk_rcvbuf = min((int)sk->sk_rmem_alloc, net_sysctl.tcp_rmem[2]);
	if ((int)sk->sk_rmem_alloc > sk->sk_rcvbuf)
		tp->rcv_ssthresh = min(tp->window_clamp, 2u * tp->advmss);
}

static bool tcp_prune_queue(struct sock *sk, const struct sk_buff *in)
{
	NET_INC_STATS(LINUX_MIB_PRUNECALLED);
	if ((int)sk->sk_rmem_alloc >= sk->sk_rcvbuf)
		tcp_clamp_window(sk);
	else if (tcp_under_memory_pressure())
		tcp_adjust_rcv_ssthresh(sk);
	if ((int)sk->sk_rmem_alloc <= sk->sk_rcvbuf)
		return true;
	tcp_collapse_queue(sk);
	if ((int)sk->sk_rmem_alloc <= sk->sk_rcvbuf)
		return true;
	tcp_prune_ofo_queue(sk, in);
	if ((int)sk->sk_rmem_alloc <= sk->sk_rcvbuf)
		return true;
	NET_INC_STATS(LINUX_MIB_RCVPRUNED);
	tcp_sk(sk)->pred_flags = 0;
	return false;
}

/* Is there room for @skb? */
static bool tcp_try_rmem_schedule(struct sock *sk, const struct sk_buff *skb)
{
	if ((int)sk->sk_rmem_alloc <= sk->sk_rcvbuf && sk_mem_schedule(sk, skb->truesize, false))
		return true;
	if (!tcp_prune_queue(sk, skb))
		return false;
	while (!sk_mem_schedule(sk, skb->truesize, false))
		if (!tcp_prune_ofo_queue(sk, skb))
			return false;
	return true;
}

/* ---- SACK blocks to send ---- */

/* Joins [seq, end_seq) to the block if they touch. */
static bool tcp_sack_extend(struct tcp_sack_block *sp, u32 seq, u32 end_seq)
{
	if (after(seq, sp->end_seq) || after(sp->start_seq, end_seq))
		return false;
	if (before(seq, sp->start_seq))
		sp->start_seq = seq;
	if (after(end_seq, sp->end_seq))
		sp->end_seq = end_seq;
	return true;
}

void tcp_dsack_set(struct sock *sk, u32 seq, u32 end_seq)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!tcp_is_sack(tp) || !net_sysctl.tcp_dsack)
		return;
	NET_INC_STATS(before(seq, tp->rcv_nxt) ? LINUX_MIB_TCPDSACKOLDSENT : LINUX_MIB_TCPDSACKOFOSENT);
	tp->rx_opt.dsack = 1;
	tp->duplicate_sack[0].start_seq = seq;
	tp->duplicate_sack[0].end_seq = end_seq;
}

static void tcp_dsack_extend(struct sock *sk, u32 seq, u32 end_seq)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!tp->rx_opt.dsack)
		tcp_dsack_set(sk, seq, end_seq);
	else
		tcp_sack_extend(tp->duplicate_sack, seq, end_seq);
}

/* The first block may now touch others. */
static void tcp_sack_maybe_coalesce(struct tcp_sock *tp)
{
	struct tcp_sack_block *sp = tp->selective_acks;

	for (int i = 1; i < tp->rx_opt.num_sacks;) {
		if (!tcp_sack_extend(sp, sp[i].start_seq, sp[i].end_seq)) {
			i++;
			continue;
		}
		tp->rx_opt.num_sacks--;
		for (int j = i; j < tp->rx_opt.num_sacks; j++)
			sp[j] = sp[j + 1];
	}
}

/* An acknowledgement held back would lose a block. */
static void tcp_sack_compress_send_ack(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!tp->compressed_ack)
		return;
	timer_cancel(&tp->compressed_ack_timer);
	/* One of them would have gone anyway. */
	NET_ADD_STATS(LINUX_MIB_TCPACKCOMPRESSED, tp->compressed_ack - 1u);
	tp->compressed_ack = 0;
	tcp_send_ack(sk);
}

/* The block with the newest segment comes first (RFC 2018 section 4). */
static void tcp_sack_new_ofo_skb(struct sock *sk, u32 seq, u32 end_seq)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_sack_block *sp = tp->selective_acks, t;
	int n = tp->rx_opt.num_sacks, i;

	for (i = 0; i < n; i++) {
		if (!tcp_sack_extend(&sp[i], seq, end_seq))
			continue;
		if (i >= 2)
			tcp_sack_compress_send_ack(sk);
		t = sp[i];
		for (; i > 0; i--)
			sp[i] = sp[i - 1];
		sp[0] = t;
		if (n > 1)
			tcp_sack_maybe_coalesce(tp);
		return;
	}
	if (n >= TCP_NUM_SACKS) {
		tcp_sack_compress_send_ack(sk);
		n = TCP_NUM_SACKS - 1;
	}
	for (i = n; i > 0; i--)
		sp[i] = sp[i - 1];
	sp[0].start_seq = seq;
	sp[0].end_seq = end_seq;
	tp->rx_opt.num_sacks = (u8)(n + 1);
}

/* rcv_nxt has moved: blocks below it are no longer out of order. */
static void tcp_sack_remove(struct tcp_sock *tp)
{
	struct tcp_sack_block *sp = tp->selective_acks;
	int n = 0;

	if (treap_empty(&tp->ooo_queue)) {
		tp->rx_opt.num_sacks = 0;
		return;
	}
	for (int i = 0; i < tp->rx_opt.num_sacks; i++)
		if (before(tp->rcv_nxt, sp[i].start_seq))
			sp[n++] = sp[i];
	tp->rx_opt.num_sacks = (u8)n;
}

/* ---- in sequence ---- */

static void tcp_rcv_nxt_update(struct tcp_sock *tp, u32 seq)
{
	tp->bytes_received += seq - tp->rcv_nxt;
	tp->rcv_nxt = seq;
}

/* Puts @skb, whose header is off, at the end of the receive queue, or its bytes into the last buffer there. */
void tcp_queue_rcv(struct sock *sk, struct sk_buff *skb)
{
	struct sk_buff *tail = skb_peek_tail(&sk->sk_receive_queue);
	u32 end_seq = TCP_SKB_CB(skb)->end_seq;

	tcp_rcv_nxt_update(tcp_sk(sk), end_seq);
	if (tail && tcp_try_coalesce(sk, tail, skb))
		return;
	skb_queue_tail(&sk->sk_receive_queue, skb);
	sk_mem_set_owner_r(skb, sk);
}

/* Tells the reader, unless it waits for more than there is. */
void tcp_data_ready(struct sock *sk)
{
	if (tcp_stream_is_readable(sk, sk->sk_rcvlowat) || sock_flag(sk, SOCK_DONE) || sk->sk_shutdown & RCV_SHUTDOWN)
		sk->sk_data_ready(sk);
}

/* What has become contiguous moves from the tree to the receive queue. */
static void tcp_ofo_queue(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 dsack_high = tp->rcv_nxt;
	struct sk_buff *skb, *tail;

	while ((skb = treap_skb(treap_first(&tp->ooo_queue)))) {
		struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
		bool fin = cb->tcp_flags & TCPHDR_FIN;

		if (after(cb->seq, tp->rcv_nxt))
			break;
		if (before(cb->seq, dsack_high)) {
			u32 dsack = dsack_high;

			if (before(cb->end_seq, dsack_high))
				dsack_high = cb->end_seq;
			tcp_dsack_extend(sk, cb->seq, dsack);
		}
		if (skb == tp->ooo_last_skb)
			tp->ooo_last_skb = NULL;
		if (!after(cb->end_seq, tp->rcv_nxt)) {
			tcp_drop_ooo(sk, skb);
			continue;
		}
		treap_erase(&tp->ooo_queue, &skb->tree);
		INIT_LIST_HEAD(&skb->list);
		tp->ooo_skbs--;
		tcp_rcv_nxt_update(tp, cb->end_seq);
		tail = skb_peek_tail(&sk->sk_receive_queue);
		if (!tail || !tcp_try_coalesce(sk, tail, skb))
			skb_queue_tail(&sk->sk_receive_queue, skb);
		if (fin) {
			tcp_fin(sk);
			break;
		}
	}
}

/* ---- out of sequence ---- */

/* Links @skb into the tree; what it covers is dropped. False: its bytes were all there, it is gone. */
static bool tcp_ofo_insert(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 seq = TCP_SKB_CB(skb)->seq, end_seq = TCP_SKB_CB(skb)->end_seq;
	struct treap_node **link = &tp->ooo_queue.node, *parent = NULL;
	struct sk_buff *other;

	/* Mostly beyond the last one. */
	if (tp->ooo_last_skb && !before(seq, TCP_SKB_CB(tp->ooo_last_skb)->end_seq)) {
		parent = &tp->ooo_last_skb->tree;
		link = &parent->right;
	}
	while (*link) {
		struct tcp_skb_cb *cb;

		parent = *link;
		other = treap_skb(parent);
		cb = TCP_SKB_CB(other);
		if (before(seq, cb->seq)) {
			link = &parent->left;
			continue;
		}
		if (before(seq, cb->end_seq)) {
			if (!after(end_seq, cb->end_seq)) {
				NET_INC_STATS(LINUX_MIB_TCPOFOMERGE);
				tcp_dsack_set(sk, seq, end_seq);
				kfree_skb(skb);
				return false;
			}
			if (seq == cb->seq) {
				/* Longer than what is there: takes its place. */
				tcp_dsack_extend(sk, cb->seq, cb->end_seq);
				NET_INC_STATS(LINUX_MIB_TCPOFOMERGE);
				if (other == tp->ooo_last_skb)
					tp->ooo_last_skb = treap_skb(treap_prev(parent));
				tcp_drop_ooo(sk, other);
				parent = NULL;
				link = &tp->ooo_queue.node;
				continue;
			}
			tcp_dsack_set(sk, seq, cb->end_seq);
		}
		link = &parent->right;
	}
	treap_insert(&tp->ooo_queue, &skb->tree, parent, link);
	tp->ooo_skbs++;
	while ((other = treap_skb(treap_next(&skb->tree)))) {
		struct tcp_skb_cb *cb = TCP_SKB_CB(other);

		if (!after(end_seq, cb->seq))
			break;
		if (before(end_seq, cb->end_seq)) {
			tcp_dsack_extend(sk, cb->seq, end_seq);
			break;
		}
		tcp_dsack_extend(sk, cb->seq, cb->end_seq);
		NET_INC_STATS(LINUX_MIB_TCPOFOMERGE);
		tcp_drop_ooo(sk, other);
	}
	if (!other)
		tp->ooo_last_skb = skb;
	sk_mem_set_owner_r(skb, sk);
	return true;
}

static void tcp_data_queue_ofo(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 seq = TCP_SKB_CB(skb)->seq, end_seq = TCP_SKB_CB(skb)->end_seq, len = skb->len;

	tcp_ecn_check_ce(sk, skb);
	if (!tcp_try_rmem_schedule(sk, skb)) {
		NET_INC_STATS(LINUX_MIB_TCPOFODROP);
		sk->sk_data_ready(sk);
		kfree_skb(skb);
		return;
	}
	tcp_measure_rcv_mss(sk, skb);
	tp->pred_flags = 0;
	inet_csk_schedule_ack(sk);
	tp->rcv_ooopack += max((u32)skb->gso_segs, 1u);
	NET_INC_STATS(LINUX_MIB_TCPOFOQUEUE);
	if (tp->ooo_last_skb && tcp_try_coalesce(sk, tp->ooo_last_skb, skb)) {
		tcp_grow_window_by(sk, tp->ooo_last_skb, len);
	} else if (tcp_ofo_insert(sk, skb)) {
		tcp_grow_window_by(sk, skb, len);
	}
	if (tcp_is_sack(tp))
		tcp_sack_new_ofo_skb(sk, seq, end_seq);
}

/* ---- a segment's data ---- */

static void tcp_out_of_window(struct sock *sk, struct sk_buff *skb)
{
	tcp_enter_quickack_mode(sk, TCP_MAX_QUICKACKS);
	inet_csk_schedule_ack(sk);
	kfree_skb(skb);
}

/* In sequence, in part at least: onto the receive queue, with what it makes contiguous. */
static void tcp_queue_and_out(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	bool fin = TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN;

	if (!tcp_try_rmem_schedule(sk, skb)) {
		inet_csk(sk)->icsk_ack.pending |= ICSK_ACK_NOMEM | ICSK_ACK_NOW;
		inet_csk_schedule_ack(sk);
		sk->sk_data_ready(sk);
		if (!skb_queue_empty(&sk->sk_receive_queue) && skb->len) {
			NET_INC_STATS(LINUX_MIB_TCPRCVQDROP);
			kfree_skb(skb);
			return;
		}
	}
	tcp_queue_rcv(sk, skb_get(skb));
	if (skb->len)
		tcp_event_data_recv(sk, skb);
	kfree_skb(skb);
	if (fin)
		tcp_fin(sk);
	if (!treap_empty(&tp->ooo_queue)) {
		tcp_ofo_queue(sk);
		/* RFC 5681 4.2: a gap was filled, tell at once. */
		if (treap_empty(&tp->ooo_queue))
			inet_csk(sk)->icsk_ack.pending |= ICSK_ACK_NOW;
	}
	if (tp->rx_opt.num_sacks)
		tcp_sack_remove(tp);
	tcp_fast_path_check(sk);
	if (!sock_flag(sk, SOCK_DEAD))
		tcp_data_ready(sk);
}

/* Takes over @skb, which has its header still on. */
void tcp_data_queue(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_skb_cb *cb = TCP_SKB_CB(skb);

	if (cb->seq == cb->end_seq) {
		kfree_skb(skb);
		return;
	}
	skb_dst_drop(skb);
	skb_pull(skb, tcp_hdr(skb)->doff * 4u);
	tp->rx_opt.dsack = 0;
	if (cb->seq == tp->rcv_nxt) {
		/* A bare FIN needs no room. */
		if (!tcp_receive_window(tp) && !(!skb->len && cb->tcp_flags & TCPHDR_FIN)) {
			NET_INC_STATS(LINUX_MIB_TCPZEROWINDOWDROP);
			tcp_out_of_window(sk, skb);
			return;
		}
		tcp_queue_and_out(sk, skb);
		return;
	}
	if (!after(cb->end_seq, tp->rcv_nxt)) {
		/* Our acknowledgement was lost, or the peer is impatient. */
		NET_INC_STATS(LINUX_MIB_DELAYEDACKLOST);
		tcp_dsack_set(sk, cb->seq, cb->end_seq);
		tcp_out_of_window(sk, skb);
		return;
	}
	if (!before(cb->seq, tp->rcv_nxt + tcp_receive_window(tp))) {
		tcp_out_of_window(sk, skb);
		return;
	}
	if (before(cb->seq, tp->rcv_nxt)) {
		/* The first part is known, the rest is new. */
		tcp_dsack_set(sk, cb->seq, tp->rcv_nxt);
		if (!tcp_receive_window(tp)) {
			NET_INC_STATS(LINUX_MIB_TCPZEROWINDOWDROP);
			tcp_out_of_window(sk, skb);
			return;
		}
		tcp_queue_and_out(sk, skb);
		return;
	}
	tcp_data_queue_ofo(sk, skb);
}

/* ---- FIN ---- */

void tcp_fin(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	inet_csk_schedule_ack(sk);
	sk->sk_shutdown |= RCV_SHUTDOWN;
	sock_set_flag(sk, SOCK_DONE, true);
	switch (sk->sk_state) {
	case TCP_SYN_RECV:
	case TCP_ESTABLISHED:
		tcp_set_state(sk, TCP_CLOSE_WAIT);
		inet_csk_enter_pingpong_mode(sk);
		break;
	case TCP_CLOSE_WAIT:
	case TCP_CLOSING:
	case TCP_LAST_ACK:
		/* A retransmission of the FIN. */
		break;
	case TCP_FIN_WAIT1:
		/* Both have closed at the same time. */
		tcp_send_ack(sk);
		tcp_set_state(sk, TCP_CLOSING);
		break;
	case TCP_FIN_WAIT2:
		tcp_send_ack(sk);
		tcp_time_wait(sk, TCP_TIME_WAIT, TCP_TIMEWAIT_LEN);
		break;
	}
	/* Nothing can come after a FIN. */
	tcp_ooo_purge(sk);
	if (tcp_is_sack(tp))
		tcp_sack_reset(&tp->rx_opt);
	if (!sock_flag(sk, SOCK_DEAD)) {
		sk->sk_state_change(sk);
		/* POLL_HUP when both directions are closed. */
		sk_wake_async(sk, sk->sk_shutdown == SHUTDOWN_MASK || sk->sk_state == TCP_CLOSE ? POLL_HUP : POLL_IN);
	}
}

/* ---- urgent data ---- */

static void tcp_check_urg(struct sock *sk, const struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 ptr = TCP_SKB_CB(skb)->urg_ptr;

	/* BSD's reading: the pointer is behind the byte. */
	if (ptr && !net_sysctl.tcp_stdurg)
		ptr--;
	ptr += TCP_SKB_CB(skb)->seq;
	if (after(tp->copied_seq, ptr) || before(ptr, tp->rcv_nxt))
		return;
	if (tp->urg_data && !after(ptr, tp->urg_seq))
		return;
	sk_send_sigurg(sk);
	/* The old urgent byte was not taken and is the next to be read: it turns into normal data that was skipped. */
	if (tp->urg_seq == tp->copied_seq && tp->urg_data && !sock_flag(sk, SOCK_URGINLINE) && tp->copied_seq != tp->rcv_nxt) {
		struct sk_buff *head = skb_peek(&sk->sk_receive_queue);

		tp->copied_seq++;
		if (head && !before(tp->copied_seq, TCP_SKB_CB(head)->end_seq))
			tcp_eat_recv_skb(sk, head);
	}
	tp->urg_data = TCP_URG_NOTYET;
	tp->urg_seq = ptr;
	tp->pred_flags = 0;
}

/* @skb has its header still on. */
void tcp_urg(struct sock *sk, struct sk_buff *skb, const struct tcphdr *th)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 ptr;

	if (th->urg)
		tcp_check_urg(sk, skb);
	if (tp->urg_data != TCP_URG_NOTYET)
		return;
	ptr = tp->urg_seq - TCP_SKB_CB(skb)->seq + th->doff * 4u - th->syn;
	/* The byte may come in a later segment. */
	if (ptr >= skb->len)
		return;
	tp->urg_data = TCP_URG_VALID | skb->data[ptr];
	if (!sock_flag(sk, SOCK_DEAD))
		sk->sk_data_ready(sk);
}
