/* Acknowledgements received: what they free, the RTT that they measure, the window that they open, and whether they call for
 * the care of tcp_loss.c. */
#include "../tcp.h"

/* ---- RTT and RTO (RFC 6298, with Linux's damping of the variance) ---- */

void tcp_rtt_estimator(struct sock *sk, long mrtt_us)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 rto_min = tcp_rto_min(sk), srtt = tp->srtt_us;
	long m = mrtt_us;

	if (!srtt) {
		tp->srtt_us = (u32)max(m << 3, 1l);
		tp->mdev_us = (u32)m << 1;
		tp->rttvar_us = max(tp->mdev_us, rto_min);
		tp->mdev_max_us = tp->rttvar_us;
		tp->rtt_seq = tp->snd_nxt;
		return;
	}
	m -= (long)(srtt >> 3);
	srtt = (u32)((long)srtt + m);
	if (m < 0) {
		/* A shorter round trip must not raise the RTO: it counts little. */
		m = -m - (long)(tp->mdev_us >> 2);
		if (m > 0)
			m >>= 3;
	} else {
		m -= (long)(tp->mdev_us >> 2);
	}
	tp->mdev_us = (u32)((long)tp->mdev_us + m);
	if (tp->mdev_us > tp->mdev_max_us) {
		tp->mdev_max_us = tp->mdev_us;
		if (tp->mdev_max_us > tp->rttvar_us)
			tp->rttvar_us = tp->mdev_max_us;
	}
	if (after(tp->snd_una, tp->rtt_seq)) {
		if (tp->mdev_max_us < tp->rttvar_us)
			tp->rttvar_us -= (tp->rttvar_us - tp->mdev_max_us) >> 2;
		tp->rtt_seq = tp->snd_nxt;
		tp->mdev_max_us = rto_min;
	}
	tp->srtt_us = max(1u, srtt);
}

void tcp_set_rto(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	inet_csk(sk)->icsk_rto = min((tp->srtt_us >> 3) + tp->rttvar_us, tcp_rto_max(sk));
}

static void tcp_update_rtt_min_flag(struct sock *sk, u32 rtt_us, int flag)
{
	struct tcp_sock *tp = tcp_sk(sk);

	/* The only segment of a flight: the peer may have waited with its acknowledgement. */
	if (flag & FLAG_ACK_MAYBE_DELAYED && rtt_us > minmax_get(&tp->rtt_min))
		return;
	minmax_running_min(&tp->rtt_min, (u32)net_sysctl.tcp_min_rtt_wlen * 1000, tcp_now(tp), rtt_us ? rtt_us : 1000);
}

/* True: there was a sample. By what was acknowledged, or sacked, or by the echoed timestamp; < 0: none. */
static bool tcp_ack_update_rtt(struct sock *sk, int flag, long seq_rtt_us, long sack_rtt_us, long ca_rtt_us, struct rate_sample *rs)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (seq_rtt_us < 0)
		seq_rtt_us = sack_rtt_us;
	if (seq_rtt_us < 0 && tp->rx_opt.saw_tstamp && tp->rx_opt.rcv_tsecr && flag & FLAG_ACKED) {
		u32 delta = tcp_time_ts(tp) - tp->rx_opt.rcv_tsecr;

		if (delta < 0x7fffffff / 1000)
			seq_rtt_us = ca_rtt_us = (long)max(delta, 1u) * 1000;
	}
	rs->rtt_us = ca_rtt_us;
	if (seq_rtt_us < 0)
		return false;
	tcp_update_rtt_min_flag(sk, (u32)ca_rtt_us, flag);
	tcp_rtt_estimator(sk, seq_rtt_us);
	tcp_set_rto(sk);
	inet_csk(sk)->icsk_backoff = 0;
	return true;
}

/* The first sample of an accepted connection: from SYN-ACK to ACK. */
void tcp_synack_rtt_meas(struct sock *sk, struct request_sock *req)
{
	struct rate_sample rs = { 0 };
	long rtt_us = -1;

	if (req && !req->num_retrans && req->snt_synack)
		rtt_us = (long)tcp_stamp_us_delta(tcp_clock_us(), req->snt_synack);
	tcp_ack_update_rtt(sk, FLAG_SYN_ACKED, rtt_us, -1, rtt_us, &rs);
}

/* ---- timers ---- */

void tcp_rearm_rto(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	u32 rto = icsk->icsk_rto;

	if (tcp_fastopen_rsk(sk))
		return;
	if (!tcp_sk(sk)->packets_out) {
		inet_csk_clear_xmit_timer(sk, ICSK_TIME_RETRANS);
		return;
	}
	/* Counted from when the oldest segment was sent, not from now: the probe's time is not added. */
	if (icsk->icsk_pending == ICSK_TIME_REO_TIMEOUT || icsk->icsk_pending == ICSK_TIME_LOSS_PROBE)
		rto = max((s32)tcp_rto_delta_us(sk), 1);
	tcp_reset_xmit_timer(sk, ICSK_TIME_RETRANS, rto);
}

static void tcp_set_xmit_timer(struct sock *sk)
{
	if (!tcp_schedule_loss_probe(sk, true))
		tcp_rearm_rto(sk);
}

/* Nothing is in flight: is a probe of the closed window still called for? */
static void tcp_ack_probe(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct sk_buff *head = tcp_send_head(sk);
	u64 when;

	if (!head)
		return;
	if (!after(TCP_SKB_CB(head)->end_seq, tcp_wnd_end(tcp_sk(sk)))) {
		icsk->icsk_backoff = 0;
		icsk->icsk_probes_tstamp = 0;
		inet_csk_clear_xmit_timer(sk, ICSK_TIME_PROBE0);
		return;
	}
	when = tcp_clamp_probe0_to_user_timeout(sk, tcp_probe0_when(sk, tcp_rto_max(sk)));
	tcp_reset_xmit_timer(sk, ICSK_TIME_PROBE0, (u32)when);
}

/* ---- the retransmit queue ---- */

struct clean_state {
	u32 prior_snd_una, prior_fack, reord, pkts_acked;
	u64 first_ackt, last_ackt;
	bool fully_acked;
	int flag;
};

/* One buffer of which @acked segments were acknowledged. */
static void tcp_clean_one(struct sock *sk, struct sk_buff *skb, u32 acked, bool ece_ack, struct clean_state *c,
	struct tcp_sacktag_state *sack)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_skb_cb *cb = TCP_SKB_CB(skb);

	if (cb->sacked & TCPCB_RETRANS) {
		if (cb->sacked & TCPCB_SACKED_RETRANS)
			tp->retrans_out -= acked;
		c->flag |= FLAG_RETRANS_DATA_ACKED;
	} else if (!(cb->sacked & TCPCB_SACKED_ACKED)) {
		c->last_ackt = tcp_skb_timestamp_us(skb);
		if (!c->first_ackt)
			c->first_ackt = c->last_ackt;
		if (before(cb->seq, c->reord))
			c->reord = cb->seq;
		if (!after(cb->end_seq, tp->high_seq))
			c->flag |= FLAG_ORIG_SACK_ACKED;
	}
	if (cb->sacked & TCPCB_SACKED_ACKED) {
		tp->sacked_out -= acked;
	} else if (tcp_is_sack(tp)) {
		tp->delivered += acked;
		if (ece_ack)
			tp->delivered_ce += acked;
		/* The echo of a timestamp older than the retransmission: that was the original. */
		if (!(cb->sacked & TCPCB_RETRANS && tp->rx_opt.saw_tstamp && tp->rx_opt.rcv_tsecr
				&& before(tp->rx_opt.rcv_tsecr, (u32)(tcp_skb_timestamp_us(skb) / 1000))))
			tcp_rack_advance(tp, cb->sacked, cb->end_seq, tcp_skb_timestamp_us(skb));
	}
	if (cb->sacked & TCPCB_LOST)
		tp->lost_out -= acked;
	tp->packets_out -= acked;
	c->pkts_acked += acked;
	tcp_rate_skb_delivered(sk, skb, sack->rate);
	if (cb->tcp_flags & TCPHDR_SYN) {
		c->flag |= FLAG_SYN_ACKED;
		tp->retrans_stamp = 0;
	} else {
		c->flag |= FLAG_DATA_ACKED;
	}
}

static void tcp_clean_rtt(struct sock *sk, struct sk_buff *skb, bool ece_ack, struct clean_state *c, bool prior_sacked,
	struct tcp_sacktag_state *sack)
{
	struct tcp_sock *tp = tcp_sk(sk);
	long seq_rtt_us = -1, sack_rtt_us = -1, ca_rtt_us = -1;
	bool updated;

	/* Karn: a retransmitted segment measures nothing. */
	if (c->first_ackt && !(c->flag & FLAG_RETRANS_DATA_ACKED)) {
		seq_rtt_us = tcp_stamp_us_delta(tp->tcp_mstamp, c->first_ackt);
		ca_rtt_us = tcp_stamp_us_delta(tp->tcp_mstamp, c->last_ackt);
		if (c->pkts_acked == 1 && c->fully_acked && !prior_sacked && tp->snd_una - c->prior_snd_una < tp->mss_cache
				&& sack->rate->prior_delivered + 1 == tp->delivered && !(c->flag & (FLAG_CA_ALERT | FLAG_SYN_ACKED)))
			c->flag |= FLAG_ACK_MAYBE_DELAYED;
	}
	if (sack->first_sackt) {
		sack_rtt_us = tcp_stamp_us_delta(tp->tcp_mstamp, sack->first_sackt);
		ca_rtt_us = tcp_stamp_us_delta(tp->tcp_mstamp, sack->last_sackt);
	}
	updated = tcp_ack_update_rtt(sk, c->flag, seq_rtt_us, sack_rtt_us, ca_rtt_us, sack->rate);
	if (c->flag & FLAG_ACKED) {
		c->flag |= FLAG_SET_XMIT_TIMER;
		tcp_mtup_acked(sk);
		if (tcp_is_reno(tp)) {
			tcp_remove_reno_sacks(sk, (int)c->pkts_acked, ece_ack);
			if (c->flag & FLAG_RETRANS_DATA_ACKED)
				c->flag &= ~FLAG_ORIG_SACK_ACKED;
		} else if (before(c->reord, c->prior_fack)) {
			tcp_check_sack_reordering(sk, c->reord, 0);
		}
	} else if (skb && updated && sack_rtt_us >= 0
			&& sack_rtt_us > (long)tcp_stamp_us_delta(tp->tcp_mstamp, tcp_skb_timestamp_us(skb))) {
		/* The head was sent again after what this sample is from: its time begins anew. */
		c->flag |= FLAG_SET_XMIT_TIMER;
	}
	if (inet_csk(sk)->icsk_ca_ops->pkts_acked) {
		struct ack_sample sample = { .pkts_acked = c->pkts_acked, .rtt_us = (s32)sack->rate->rtt_us };

		inet_csk(sk)->icsk_ca_ops->pkts_acked(sk, &sample);
	}
}

/* Frees what is below snd_una. Returns FLAG_*. */
static int tcp_clean_rtx_queue(struct sock *sk, u32 prior_fack, u32 prior_snd_una, struct tcp_sacktag_state *sack, bool ece_ack)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct clean_state c = { .prior_snd_una = prior_snd_una, .prior_fack = prior_fack, .reord = tp->snd_nxt,
		.fully_acked = true };
	bool prior_sacked = tp->sacked_out != 0;
	struct sk_buff *skb, *next;

	for (skb = tcp_rtx_queue_head(sk); skb; skb = next) {
		struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
		u32 acked = tcp_skb_pcount(skb);

		if (after(cb->end_seq, tp->snd_una)) {
			if (acked == 1 || !after(tp->snd_una, cb->seq))
				break;
			tcp_trim_head(sk, skb, tp->snd_una - cb->seq);
			acked -= tcp_skb_pcount(skb);
			if (!acked)
				break;
			c.fully_acked = false;
		}
		tcp_clean_one(sk, skb, acked, ece_ack, &c, sack);
		if (!c.fully_acked)
			break;
		next = tcp_rtx_queue_next(skb);
		if (unlikely(skb->tx_flags & SKBTX_ACK_TSTAMP))
			__skb_tstamp_tx(skb, sk, SCM_TSTAMP_ACK);
		if (skb == tp->retransmit_skb_hint)
			tp->retransmit_skb_hint = NULL;
		if (tp->highest_sack == skb)
			tp->highest_sack = next;
		tcp_rtx_queue_unlink_and_free(sk, skb);
	}
	if (!skb)
		tcp_chrono_stop(sk, TCP_CHRONO_BUSY);
	if (between(tp->snd_up, prior_snd_una, tp->snd_una))
		tp->snd_up = tp->snd_una;
	if (skb && TCP_SKB_CB(skb)->sacked & TCPCB_SACKED_ACKED)
		c.flag |= FLAG_SACK_RENEGING;
	tcp_clean_rtt(sk, skb, ece_ack, &c, prior_sacked, sack);
	return c.flag;
}

/* ---- window ---- */

static void tcp_snd_una_update(struct tcp_sock *tp, u32 ack)
{
	tp->bytes_acked += ack - tp->snd_una;
	tp->snd_una = ack;
}

static int tcp_ack_update_window(struct sock *sk, const struct sk_buff *skb, u32 ack, u32 ack_seq)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 nwin = TCP_SKB_CB(skb)->window;
	int flag = 0;

	if (!(TCP_SKB_CB(skb)->tcp_flags & TCPHDR_SYN))
		nwin <<= tp->rx_opt.snd_wscale;
	if (after(ack, tp->snd_una) || after(ack_seq, tp->snd_wl1)
			|| (ack_seq == tp->snd_wl1 && (nwin > tp->snd_wnd || !nwin))) {
		flag = FLAG_WIN_UPDATE;
		tp->snd_wl1 = ack_seq;
		if (tp->snd_wnd != nwin) {
			tp->snd_wnd = nwin;
			tp->pred_flags = 0;
			tcp_fast_path_check(sk);
			if (!tcp_write_queue_empty(sk))
				tcp_slow_start_after_idle_check(sk);
			if (nwin > tp->max_window) {
				tp->max_window = nwin;
				tcp_sync_mss(sk, inet_csk(sk)->icsk_pmtu_cookie);
			}
		}
	}
	tcp_snd_una_update(tp, ack);
	return flag;
}

/* ---- congestion window ---- */

/* Twice the rate at which the window goes round in slow start, 1.2 times afterwards. */
void tcp_update_pacing_rate(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u64 rate = (u64)tp->mss_cache * ((1000000 / 100) << 3);

	rate *= tp->snd_cwnd < tp->snd_ssthresh / 2 ? (u64)net_sysctl.tcp_pacing_ss_ratio : (u64)net_sysctl.tcp_pacing_ca_ratio;
	rate *= max(tp->snd_cwnd, tp->packets_out);
	if (tp->srtt_us)
		rate /= tp->srtt_us;
	sk->sk_pacing_rate = min(rate, sk->sk_max_pacing_rate);
}

static void tcp_cong_control(struct sock *sk, u32 ack, u32 acked, int flag, const struct rate_sample *rs)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int progress = tp->reordering > (u32)net_sysctl.tcp_reordering ? FLAG_FORWARD_PROGRESS : FLAG_DATA_ACKED;

	if (tcp_in_cwnd_reduction(sk)) {
		tcp_cwnd_reduction(sk, (int)acked, rs->losses, flag);
	} else if (flag & progress) {
		inet_csk(sk)->icsk_ca_ops->cong_avoid(sk, ack, acked);
		tp->snd_cwnd_stamp = tcp_now(tp);
	}
	tcp_update_pacing_rate(sk);
}

static u32 tcp_newly_delivered(struct tcp_sock *tp, u32 prior, int flag)
{
	u32 delivered = tp->delivered - prior;

	NET_ADD_STATS(LINUX_MIB_TCPDELIVERED, delivered);
	if (flag & FLAG_ECE)
		NET_ADD_STATS(LINUX_MIB_TCPDELIVEREDCE, delivered);
	return delivered;
}

static void tcp_ecn_accept_cwr(struct sock *sk, const struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!(TCP_SKB_CB(skb)->tcp_flags & TCPHDR_CWR))
		return;
	tp->ecn_flags &= (u8)~TCP_ECN_DEMAND_CWR;
	/* Told at once, unless it is a pure acknowledgement. */
	if (TCP_SKB_CB(skb)->seq != TCP_SKB_CB(skb)->end_seq)
		inet_csk(sk)->icsk_ack.pending |= ICSK_ACK_NOW;
}

/* ---- the acknowledgement of a segment ---- */

static int tcp_take_sacks(struct sock *sk, const struct sk_buff *skb, u32 prior_snd_una, bool ece, struct tcp_sacktag_state *state)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int flag;

	state->sack_delivered = 0;
	flag = tcp_sacktag_write_queue(sk, skb, prior_snd_una, state);
	tp->delivered += state->sack_delivered;
	if (ece)
		tp->delivered_ce += state->sack_delivered;
	return flag;
}

/* The slow path's part: window, SACK, ECN. Returns FLAG_*. */
static int tcp_ack_slow(struct sock *sk, const struct sk_buff *skb, u32 ack, u32 ack_seq, u32 prior_snd_una,
	struct tcp_sacktag_state *state)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u8 hflags = TCP_SKB_CB(skb)->tcp_flags;
	bool ece = hflags & TCPHDR_ECE && !(hflags & TCPHDR_SYN) && tp->ecn_flags & TCP_ECN_OK;
	int flag = 0;

	if (ack_seq != TCP_SKB_CB(skb)->end_seq)
		flag |= FLAG_DATA;
	else
		NET_INC_STATS(LINUX_MIB_TCPPUREACKS);
	flag |= tcp_ack_update_window(sk, skb, ack, ack_seq);
	if (TCP_SKB_CB(skb)->sacked)
		flag |= tcp_take_sacks(sk, skb, prior_snd_una, ece, state);
	return ece ? flag | FLAG_ECE : flag;
}

/* May the peer have sent @ack? 1: yes; 0: it is old; -1: no, and it is challenged. RFC 5961 5.2: far too old is suspicious, as is what was
 * never sent. */
static int tcp_ack_acceptable(struct sock *sk, u32 ack, int flag)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 max_window;

	if (before(ack, tp->snd_una)) {
		max_window = (u32)min((u64)tp->max_window, tp->bytes_acked);
		if (!before(ack, tp->snd_una - max_window))
			return 0;
	} else if (!after(ack, tp->snd_nxt)) {
		return 1;
	}
	if (!(flag & FLAG_NO_CHALLENGE_ACK))
		tcp_send_challenge_ack(sk);
	return -1;
}

/* An old acknowledgement may say what has arrived since. */
static void tcp_ack_old(struct sock *sk, const struct sk_buff *skb, int flag, struct tcp_sacktag_state *state)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 prior_snd_una = tp->snd_una, delivered = tp->delivered;
	int rexmit = REXMIT_NONE;

	if (!TCP_SKB_CB(skb)->sacked)
		return;
	flag |= tcp_take_sacks(sk, skb, prior_snd_una, false, state);
	tcp_fastretrans_alert(sk, prior_snd_una, 0, &flag, &rexmit);
	tcp_newly_delivered(tp, delivered, flag);
	tcp_xmit_recovery(sk, rexmit);
}

/* Nothing was on its way: the answer to a probe, or the peer's word that something came twice. */
static void tcp_ack_no_queue(struct sock *sk, u32 ack, u32 prior_snd_una, u32 delivered, int flag)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int rexmit = REXMIT_NONE;

	if (flag & FLAG_DSACKING_ACK) {
		tcp_fastretrans_alert(sk, prior_snd_una, 0, &flag, &rexmit);
		tcp_newly_delivered(tp, delivered, flag);
	}
	tcp_ack_probe(sk);
	if (tp->tlp_high_seq)
		tcp_process_tlp_ack(sk, ack, flag);
}

/* 1: fine; 0: old, its data may be new; -1: not acceptable, drop the segment. */
int tcp_ack(struct sock *sk, const struct sk_buff *skb, int flag)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	struct rate_sample rs = { 0 };
	struct tcp_sacktag_state state = { .rate = &rs };
	u32 prior_snd_una = tp->snd_una, ack_seq = TCP_SKB_CB(skb)->seq, ack = TCP_SKB_CB(skb)->ack_seq, prior_fack;
	u32 prior_packets = tp->packets_out, delivered = tp->delivered, lost = tp->lost;
	bool is_sack_reneg = tp->is_sack_reneg;
	int rexmit = REXMIT_NONE, num_dupack = 0, acceptable;

	acceptable = tcp_ack_acceptable(sk, ack, flag);
	if (acceptable <= 0) {
		if (!acceptable)
			tcp_ack_old(sk, skb, flag, &state);
		return acceptable;
	}
	if (after(ack, prior_snd_una)) {
		flag |= FLAG_SND_UNA_ADVANCED;
		icsk->icsk_retransmits = 0;
	}
	prior_fack = tcp_is_sack(tp) ? tcp_highest_sack_seq(tp) : tp->snd_una;
	rs.prior_in_flight = tcp_packets_in_flight(tp);
	if (flag & FLAG_UPDATE_TS_RECENT)
		tcp_replace_ts_recent(tp, TCP_SKB_CB(skb)->seq);
	if ((flag & (FLAG_SLOWPATH | FLAG_SND_UNA_ADVANCED)) == FLAG_SND_UNA_ADVANCED) {
		/* Header prediction has found that the window is the same and there are no options but timestamps. */
		tp->snd_wl1 = ack_seq;
		tcp_snd_una_update(tp, ack);
		flag |= FLAG_WIN_UPDATE;
		NET_INC_STATS(LINUX_MIB_TCPHPACKS);
	} else {
		flag |= tcp_ack_slow(sk, skb, ack, ack_seq, prior_snd_una, &state);
	}
	tcp_ecn_accept_cwr(sk, skb);
	sk->sk_err_soft = 0;
	icsk->icsk_probes_out = 0;
	tp->rcv_tstamp = tcp_now(tp);
	if (!prior_packets) {
		tcp_ack_no_queue(sk, ack, prior_snd_una, delivered, flag);
		return 1;
	}

	flag |= tcp_clean_rtx_queue(sk, prior_fack, prior_snd_una, &state, flag & FLAG_ECE);
	tcp_rack_update_reo_wnd(sk, &rs);
	if (tp->tlp_high_seq)
		tcp_process_tlp_ack(sk, ack, flag);
	if (!(flag & FLAG_NOT_DUP) || flag & FLAG_CA_ALERT || icsk->icsk_ca_state != TCP_CA_Open) {
		if (!(flag & (FLAG_SND_UNA_ADVANCED | FLAG_NOT_DUP | FLAG_DSACKING_ACK)))
			num_dupack = flag & FLAG_DATA ? 1 : max(1, (int)skb->gso_segs);
		tcp_fastretrans_alert(sk, prior_snd_una, num_dupack, &flag, &rexmit);
	}
	if (flag & FLAG_SET_XMIT_TIMER)
		tcp_set_xmit_timer(sk);
	delivered = tcp_newly_delivered(tp, delivered, flag);
	lost = tp->lost - lost;
	rs.is_ack_delayed = flag & FLAG_ACK_MAYBE_DELAYED;
	tcp_rate_gen(sk, delivered, lost, is_sack_reneg, &rs);
	tcp_cong_control(sk, ack, delivered, flag, &rs);
	tcp_xmit_recovery(sk, rexmit);
	return 1;
}
