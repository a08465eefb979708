/* Sending again what was lost, in the order of the scoreboard and as much as the congestion window lets. */
#include "../tcp.h"
#include "string.h"

/* The next buffer joins @skb: small segments are repeated as one. */
static bool tcp_collapse_retrans(struct sock *sk, struct sk_buff *skb, struct sk_buff *next)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_skb_cb *cb = TCP_SKB_CB(skb), *next_cb = TCP_SKB_CB(next);

	if (next->len) {
		if (skb_cloned(skb) && skb_cow(skb, MAX_TCP_HEADER))
			return false;
		if (!tcp_skb_grow(sk, skb, next->len))
			return false;
		memcpy(skb_put(skb, next->len), next->data, next->len);
		skb->truesize += next->len;
		sk_wmem_queued_add(sk, (int)next->len);
	}
	if (tp->highest_sack == next)
		tp->highest_sack = skb;
	cb->end_seq = next_cb->end_seq;
	cb->tcp_flags |= next_cb->tcp_flags;
	cb->sacked |= next_cb->sacked & TCPCB_EVER_RETRANS;
	cb->eor = next_cb->eor;
	tcp_skb_collapse_tstamp(skb, next);
	if (tp->retransmit_skb_hint == next)
		tp->retransmit_skb_hint = skb;
	tcp_adjust_pcount(sk, next, (int)tcp_skb_pcount(next));
	tcp_rtx_queue_unlink_and_free(sk, next);
	return true;
}

static void tcp_retrans_try_collapse(struct sock *sk, struct sk_buff *to, int space)
{
	struct sk_buff *next;

	if (!net_sysctl.tcp_retrans_collapse || TCP_SKB_CB(to)->tcp_flags & TCPHDR_SYN)
		return;
	space -= (int)to->len;
	while ((next = tcp_rtx_queue_next(to))) {
		if (tcp_skb_pcount(to) > 1 || tcp_skb_pcount(next) > 1 || TCP_SKB_CB(next)->sacked & TCPCB_SACKED_ACKED
				|| TCP_SKB_CB(to)->eor || TCP_SKB_CB(to)->tcp_flags & TCPHDR_FIN)
			break;
		space -= (int)next->len;
		if (space < 0 || after(TCP_SKB_CB(next)->end_seq, tcp_wnd_end(tcp_sk(sk))))
			break;
		if (!tcp_collapse_retrans(sk, to, next))
			break;
	}
}

/* RFC 3168 6.1.1.1: a SYN that was lost may have been dropped for its ECN bits. */
static void tcp_ecn_clear_syn(struct sock *sk, struct sk_buff *skb)
{
	if (!net_sysctl.tcp_ecn_fallback)
		return;
	TCP_SKB_CB(skb)->tcp_flags &= (u8)~(TCPHDR_ECE | TCPHDR_CWR);
	tcp_sk(sk)->ecn_flags &= (u8)~TCP_ECN_OK;
}

/* Sends @skb, at most @segs segments of it, again. 0, -EAGAIN (beyond the window), -ENOMEM ..., or what IP says. */
int __tcp_retransmit_skb(struct sock *sk, struct sk_buff *skb, int segs)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
	u32 mss, len;
	int avail, err, diff;

	tp->mtup.probe_size = 0; /* what becomes of a probe tells nothing any more */
	if (before(cb->seq, tp->snd_una)) {
		if (cb->tcp_flags & TCPHDR_SYN) {
			cb->tcp_flags &= (u8)~TCPHDR_SYN;
			cb->seq++;
		}
		if (before(cb->end_seq, tp->snd_una))
			return -EINVAL;
		tcp_trim_head(sk, skb, min(tp->snd_una - cb->seq, skb->len));
	}
	if (inet_csk(sk)->icsk_af_ops->rebuild_header(sk))
		return -EHOSTUNREACH;
	mss = tcp_current_mss(sk);
	avail = (int)(tcp_wnd_end(tp) - cb->seq);
	if (avail <= 0) {
		if (cb->seq != tp->snd_una)
			return -EAGAIN;
		/* The window was taken back: this is a probe. */
		avail = (int)mss;
	}
	len = mss * (u32)segs;
	if (len > (u32)avail) {
		len = (u32)avail / mss * mss;
		if (!len)
			len = (u32)avail;
	}
	if (skb->len > len) {
		if (tcp_fragment(sk, false, skb, len, mss))
			return -ENOMEM;
	} else {
		diff = (int)tcp_skb_pcount(skb);
		tcp_set_skb_tso_segs(skb, mss);
		diff -= (int)tcp_skb_pcount(skb);
		if (diff)
			tcp_adjust_pcount(sk, skb, diff);
		avail = min(avail, (int)mss);
		if (skb->len < (u32)avail)
			tcp_retrans_try_collapse(sk, skb, avail);
	}
	if ((cb->tcp_flags & TCPHDR_SYN_ECN) == TCPHDR_SYN_ECN)
		tcp_ecn_clear_syn(sk, skb);
	TCP_ADD_STATS(TCP_MIB_RETRANSSEGS, tcp_skb_pcount(skb));
	if (cb->tcp_flags & TCPHDR_SYN)
		NET_INC_STATS(LINUX_MIB_TCPSYNRETRANS);
	tp->total_retrans += tcp_skb_pcount(skb);
	tp->bytes_retrans += skb->len;
	err = tcp_transmit_skb(sk, skb, true);
	if (err)
		NET_ADD_STATS(LINUX_MIB_TCPRETRANSFAIL, tcp_skb_pcount(skb));
	else
		list_move_tail(&skb->tcp_tsorted, &tp->tsorted_sent_queue);
	/* Even if it did not get out: Karn must know. */
	cb->sacked |= TCPCB_EVER_RETRANS;
	return err;
}

int tcp_retransmit_skb(struct sock *sk, struct sk_buff *skb, int segs)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int err = __tcp_retransmit_skb(sk, skb, segs);

	if (!err) {
		TCP_SKB_CB(skb)->sacked |= TCPCB_RETRANS;
		tp->retrans_out += tcp_skb_pcount(skb);
	}
	if (!tp->retrans_stamp)
		tp->retrans_stamp = (u32)(tcp_skb_timestamp_us(skb) / 1000);
	if (tp->undo_retrans < 0)
		tp->undo_retrans = 0;
	tp->undo_retrans += (int)tcp_skb_pcount(skb);
	return err;
}

/* All that is marked lost, from the first on that may need it. */
void tcp_xmit_retransmit_queue(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *head = tcp_rtx_queue_head(sk), *skb, *hole = NULL;
	bool rearm_timer = false;
	u32 max_segs;

	if (!tp->packets_out)
		return;
	max_segs = tcp_tso_segs(sk, tcp_current_mss(sk));
	for (skb = tp->retransmit_skb_hint ? tp->retransmit_skb_hint : head; skb; skb = tcp_rtx_queue_next(skb)) {
		u8 sacked = TCP_SKB_CB(skb)->sacked;
		int segs;

		if (tcp_pacing_check(sk))
			break;
		if (!hole)
			tp->retransmit_skb_hint = skb;
		segs = (int)(tp->snd_cwnd - tcp_packets_in_flight(tp));
		if (segs <= 0 || tp->retrans_out >= tp->lost_out)
			break;
		if (!(sacked & TCPCB_LOST)) {
			if (!hole && !(sacked & (TCPCB_SACKED_RETRANS | TCPCB_SACKED_ACKED)))
				hole = skb;
			continue;
		}
		if (sacked & (TCPCB_SACKED_ACKED | TCPCB_SACKED_RETRANS))
			continue;
		if (tcp_retransmit_skb(sk, skb, min(segs, (int)max_segs)))
			break;
		NET_ADD_STATS(inet_csk(sk)->icsk_ca_state == TCP_CA_Loss ? LINUX_MIB_TCPSLOWSTARTRETRANS
			: LINUX_MIB_TCPFASTRETRANS, tcp_skb_pcount(skb));
		if (tcp_in_cwnd_reduction(sk))
			tp->prr_out += tcp_skb_pcount(skb);
		if (skb == head && inet_csk(sk)->icsk_pending != ICSK_TIME_REO_TIMEOUT)
			rearm_timer = true;
	}
	if (rearm_timer)
		tcp_reset_xmit_timer(sk, ICSK_TIME_RETRANS, inet_csk(sk)->icsk_rto);
}
