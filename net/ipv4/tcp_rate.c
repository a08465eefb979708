/* Samples: how fast data is delivered (for pacing, TCP_INFO), the minimum RTT over a window of time, and how long the sender
 * was held up by what. Each segment keeps how much had been delivered when it was sent; its acknowledgement tells the rate. */
#include "../tcp.h"

void tcp_rate_skb_sent(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_skb_cb *cb = TCP_SKB_CB(skb);

	/* A flight begins: the time before it says nothing about the path. */
	if (!tp->packets_out)
		tp->first_tx_mstamp = tp->delivered_mstamp = tp->tcp_mstamp;
	cb->first_tx_mstamp = tp->first_tx_mstamp;
	cb->delivered_mstamp = tp->delivered_mstamp;
	cb->delivered = tp->delivered;
	cb->delivered_ce = tp->delivered_ce;
	cb->is_app_limited = tp->app_limited != 0;
}

/* @skb was acknowledged or sacked: the most recently sent one of those gives the sample. */
void tcp_rate_skb_delivered(struct sock *sk, struct sk_buff *skb, struct rate_sample *rs)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
	u64 tx = tcp_skb_timestamp_us(skb);

	if (!cb->delivered_mstamp)
		return;
	if (!rs->prior_delivered || tx > tp->first_tx_mstamp
			|| (tx == tp->first_tx_mstamp && after(cb->end_seq, rs->last_end_seq))) {
		rs->prior_delivered_ce = cb->delivered_ce;
		rs->prior_delivered = cb->delivered;
		rs->prior_mstamp = cb->delivered_mstamp;
		rs->is_app_limited = cb->is_app_limited;
		rs->is_retrans = cb->sacked & TCPCB_RETRANS;
		rs->last_end_seq = cb->end_seq;
		tp->first_tx_mstamp = tx;
		rs->snd_interval_us = tcp_stamp_us_delta(tp->first_tx_mstamp, cb->first_tx_mstamp);
	}
	/* Sacked: its cumulative acknowledgement later is not another delivery. */
	if (cb->sacked & TCPCB_SACKED_ACKED)
		cb->delivered_mstamp = 0;
}

void tcp_rate_gen(struct sock *sk, u32 delivered, u32 lost, bool is_sack_reneg, struct rate_sample *rs)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (tp->app_limited && after(tp->delivered, tp->app_limited))
		tp->app_limited = 0;
	if (delivered)
		tp->delivered_mstamp = tp->tcp_mstamp;
	rs->acked_sacked = delivered;
	rs->losses = (int)lost;
	if (!rs->prior_mstamp || is_sack_reneg) {
		rs->delivered = -1;
		rs->interval_us = -1;
		return;
	}
	rs->delivered = (s32)(tp->delivered - rs->prior_delivered);
	rs->delivered_ce = (s32)(tp->delivered_ce - rs->prior_delivered_ce);
	/* The slower of sending and acknowledging: either may come in bunches. */
	rs->rcv_interval_us = tcp_stamp_us_delta(tp->tcp_mstamp, rs->prior_mstamp);
	rs->interval_us = max(rs->snd_interval_us, rs->rcv_interval_us);
	if (rs->interval_us < (long)minmax_get(&tp->rtt_min)) {
		rs->interval_us = -1;
		return;
	}
	if (!rs->is_app_limited || (u64)rs->delivered * tp->rate_interval_us >= (u64)tp->rate_delivered * (u64)rs->interval_us) {
		tp->rate_delivered = (u32)rs->delivered;
		tp->rate_interval_us = (u32)rs->interval_us;
		tp->rate_app_limited = rs->is_app_limited;
	}
}

/* The program has nothing to send though the windows are open: samples from now on tell nothing about the path. */
void tcp_rate_check_app_limited(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 limit;

	if (tp->write_seq - tp->snd_nxt >= tp->mss_cache || tcp_packets_in_flight(tp) >= tp->snd_cwnd
			|| tp->lost_out > tp->retrans_out)
		return;
	limit = tp->delivered + tcp_packets_in_flight(tp);
	tp->app_limited = limit ? limit : 1;
}

/* ---- a minimum over a window of time, after Kathleen Nichols' algorithm ---- */

static u32 minmax_reset(struct minmax *m, u32 t, u32 v)
{
	for (int i = 0; i < 3; i++) {
		m->s[i].t = t;
		m->s[i].v = v;
	}
	return v;
}

/* @m keeps the best sample of the window @win, the best since that one, and the best since that. */
u32 minmax_running_min(struct minmax *m, u32 win, u32 t, u32 v)
{
	u32 age = t - m->s[0].t;

	if (v <= m->s[0].v || t - m->s[2].t > win)
		return minmax_reset(m, t, v);
	if (v <= m->s[1].v) {
		m->s[1].t = m->s[2].t = t;
		m->s[1].v = m->s[2].v = v;
	} else if (v <= m->s[2].v) {
		m->s[2].t = t;
		m->s[2].v = v;
	}
	if (age > win) {
		/* The best is too old: the others move up. */
		m->s[0] = m->s[1];
		m->s[1] = m->s[2];
		m->s[2].t = t;
		m->s[2].v = v;
		if (t - m->s[0].t > win) {
			m->s[0] = m->s[1];
			m->s[1] = m->s[2];
			m->s[2].t = t;
			m->s[2].v = v;
		}
	} else if (m->s[1].t == m->s[0].t && age > win / 4) {
		m->s[1].t = m->s[2].t = t;
		m->s[1].v = m->s[2].v = v;
	} else if (m->s[2].t == m->s[1].t && age > win / 2) {
		m->s[2].t = t;
		m->s[2].v = v;
	}
	return m->s[0].v;
}

/* ---- what holds the sender up (tcpi_busy_time and its kin) ---- */

static void tcp_chrono_set(struct tcp_sock *tp, u8 new)
{
	u64 now = tcp_clock_us();

	if (tp->chrono_type > TCP_CHRONO_UNSPEC)
		tp->chrono_stat[tp->chrono_type - 1] += now - tp->chrono_start;
	tp->chrono_start = now;
	tp->chrono_type = new;
}

/* A stronger reason takes precedence. */
void tcp_chrono_start(struct sock *sk, u8 type)
{
	if (type > tcp_sk(sk)->chrono_type)
		tcp_chrono_set(tcp_sk(sk), type);
}

void tcp_chrono_stop(struct sock *sk, u8 type)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (tcp_rtx_queue_empty(sk) && skb_queue_empty(&sk->sk_write_queue)) {
		if (tp->chrono_type)
			tcp_chrono_set(tp, TCP_CHRONO_UNSPEC);
	} else if (type == tp->chrono_type) {
		tcp_chrono_set(tp, TCP_CHRONO_BUSY);
	}
}
