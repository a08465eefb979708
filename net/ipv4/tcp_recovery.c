/* RACK (RFC 8985): a segment is lost when one that was sent sufficiently later has been delivered. "Sufficiently" is a window
 * for reordering, which grows with every D-SACK that tells of a needless retransmission. */
#include "../tcp.h"

/* Marks @skb as lost, whatever it was. */
void tcp_mark_skb_lost(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_skb_cb *cb = TCP_SKB_CB(skb);

	if (cb->sacked & TCPCB_SACKED_ACKED)
		return;
	/* The lowest lost one is where retransmission begins. */
	if (tp->retransmit_skb_hint && before(cb->seq, TCP_SKB_CB(tp->retransmit_skb_hint)->seq))
		tp->retransmit_skb_hint = NULL;
	if (cb->sacked & TCPCB_LOST) {
		if (!(cb->sacked & TCPCB_SACKED_RETRANS))
			return;
		/* The retransmission is lost as well. */
		cb->sacked &= (u8)~TCPCB_SACKED_RETRANS;
		tp->retrans_out -= tcp_skb_pcount(skb);
		NET_ADD_STATS(LINUX_MIB_TCPLOSTRETRANSMIT, tcp_skb_pcount(skb));
		tp->lost += tcp_skb_pcount(skb);
		return;
	}
	tp->lost_out += tcp_skb_pcount(skb);
	cb->sacked |= TCPCB_LOST;
	tp->lost += tcp_skb_pcount(skb);
}

static bool tcp_rack_sent_after(u64 t1, u64 t2, u32 seq1, u32 seq2)
{
	return t1 > t2 || (t1 == t2 && after(seq1, seq2));
}

static u32 tcp_rack_reo_wnd(const struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!tp->reord_seen) {
		/* No reordering so far: three duplicates, or recovery under way, are proof enough. */
		if (inet_csk(sk)->icsk_ca_state >= TCP_CA_Recovery)
			return 0;
		if (tp->sacked_out >= tp->reordering && !(net_sysctl.tcp_recovery & 4))
			return 0;
	}
	return min(minmax_get(&tp->rtt_min) / 4 * tp->rack.reo_wnd_steps, tp->srtt_us >> 3);
}

/* us until @skb is to be held lost; 0 or less: now. */
s32 tcp_rack_skb_timeout(struct tcp_sock *tp, struct sk_buff *skb, u32 reo_wnd)
{
	return (s32)(tp->rack.rtt_us + reo_wnd - tcp_stamp_us_delta(tp->tcp_mstamp, tcp_skb_timestamp_us(skb)));
}

/* The list is in the order of sending: the search ends at the first that is too young. Returns in *timeout (us) when the
 * next one may be lost, 0: none. */
static void tcp_rack_detect_loss(struct sock *sk, u32 *timeout)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 reo_wnd = tcp_rack_reo_wnd(sk);
	struct sk_buff *skb, *n;

	*timeout = 0;
	list_for_each_entry_safe(skb, n, &tp->tsorted_sent_queue, tcp_tsorted) {
		struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
		s32 remaining;

		if (cb->sacked & TCPCB_LOST && !(cb->sacked & TCPCB_SACKED_RETRANS))
			continue;
		if (!tcp_rack_sent_after(tp->rack.mstamp, tcp_skb_timestamp_us(skb), tp->rack.end_seq, cb->end_seq))
			break;
		remaining = tcp_rack_skb_timeout(tp, skb, reo_wnd);
		if (remaining <= 0) {
			tcp_mark_skb_lost(sk, skb);
			list_del(&skb->tcp_tsorted);
		} else {
			*timeout = max(*timeout, (u32)remaining);
		}
	}
}

bool tcp_rack_mark_lost(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 timeout;

	if (!tp->rack.advanced)
		return false;
	tp->rack.advanced = 0;
	tcp_rack_detect_loss(sk, &timeout);
	if (timeout)
		tcp_reset_xmit_timer(sk, ICSK_TIME_REO_TIMEOUT, timeout + TCP_TIMEOUT_MIN_US);
	return timeout != 0;
}

/* A segment that was sent at @xmit_time has been delivered. */
void tcp_rack_advance(struct tcp_sock *tp, u8 sacked, u32 end_seq, u64 xmit_time)
{
	u32 rtt_us = tcp_stamp_us_delta(tp->tcp_mstamp, xmit_time);

	/* Too soon for the retransmission: it was the original that arrived. */
	if (rtt_us < minmax_get(&tp->rtt_min) && sacked & TCPCB_RETRANS)
		return;
	tp->rack.advanced = 1;
	tp->rack.rtt_us = rtt_us;
	if (tcp_rack_sent_after(xmit_time, tp->rack.mstamp, end_seq, tp->rack.end_seq)) {
		tp->rack.mstamp = xmit_time;
		tp->rack.end_seq = end_seq;
	}
}

/* The window for reordering has passed without the acknowledgement. */
void tcp_rack_reo_timeout(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 timeout, prior_inflight = tcp_packets_in_flight(tp), lost = tp->lost;

	tcp_rack_detect_loss(sk, &timeout);
	if (prior_inflight != tcp_packets_in_flight(tp)) {
		if (inet_csk(sk)->icsk_ca_state != TCP_CA_Recovery) {
			tcp_enter_recovery(sk, false);
			if (!inet_csk(sk)->icsk_ca_ops->cong_avoid)
				return;
			tcp_cwnd_reduction(sk, 1, (int)(tp->lost - lost), 0);
		}
		tcp_xmit_retransmit_queue(sk);
	}
	if (inet_csk(sk)->icsk_pending != ICSK_TIME_RETRANS)
		tcp_rearm_rto(sk);
}

/* Wider by a quarter of the RTT for each round with a D-SACK, for 16 recoveries. */
void tcp_rack_update_reo_wnd(struct sock *sk, struct rate_sample *rs)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (net_sysctl.tcp_recovery & 2 || !rs->prior_delivered)
		return;
	if (before(rs->prior_delivered, tp->rack.last_delivered))
		tp->rack.dsack_seen = 0;
	if (tp->rack.dsack_seen) {
		tp->rack.reo_wnd_steps = (u8)min(0xff, tp->rack.reo_wnd_steps + 1);
		tp->rack.dsack_seen = 0;
		tp->rack.last_delivered = tp->delivered;
		tp->rack.reo_wnd_persist = TCP_RACK_RECOVERY_THRESH;
	} else if (!tp->rack.reo_wnd_persist) {
		tp->rack.reo_wnd_steps = 1;
	}
}

/* Without SACK: the head is lost (RFC 6582). */
void tcp_newreno_mark_lost(struct sock *sk, bool snd_una_advanced)
{
	u8 state = inet_csk(sk)->icsk_ca_state;
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb;

	if (!((state < TCP_CA_Recovery && tp->sacked_out >= tp->reordering)
			|| (state == TCP_CA_Recovery && snd_una_advanced)))
		return;
	skb = tcp_rtx_queue_head(sk);
	if (!skb || TCP_SKB_CB(skb)->sacked & TCPCB_LOST)
		return;
	if (tcp_skb_pcount(skb) > 1 && skb->len > tcp_skb_mss(skb))
		tcp_fragment(sk, false, skb, tcp_skb_mss(skb), tcp_skb_mss(skb));
	tcp_mark_skb_lost(sk, skb);
}
