/* The states of a connection other than ESTABLISHED: opening (actively, passively, both at once) and closing (RFC 9293 3.10.7). */
#include "../tcp.h"
#include "byteorder.h"

/* ---- a connection begins ---- */

/* What the route says of its way (ip-route(8)): a bound of the window if it is locked, reordering, and a round trip time until one
 * is measured. Its ssthresh counts where tcp_no_ssthresh_metrics_save is 0; its rttvar is told, and heeded by nothing in
 * Linux either. */
static void tcp_init_metrics(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 rtt = tcp_route_metric(sk, RTAX_RTT) * 1000 >> 3, ssthresh = tcp_route_metric(sk, RTAX_SSTHRESH);

	if (sk->sk_dst_cache && dst_metric_locked(sk->sk_dst_cache, RTAX_CWND))
		tp->snd_cwnd_clamp = tcp_route_metric(sk, RTAX_CWND);
	if (ssthresh && !net_sysctl.tcp_no_ssthresh_metrics_save)
		tp->snd_ssthresh = min(ssthresh, tp->snd_cwnd_clamp);
	if (tcp_route_metric(sk, RTAX_REORDERING))
		tp->reordering = tcp_route_metric(sk, RTAX_REORDERING);
	if (rtt > tp->srtt_us >> 3) {
		inet_csk(sk)->icsk_rto = min(rtt + max(2 * rtt, tcp_rto_min(sk)), tcp_rto_max(sk));
	} else if (!tp->srtt_us) {
		/* RFC 6298 5.7: SYN or SYN-ACK was repeated and measured nothing. */
		tp->rttvar_us = TCP_TIMEOUT_FALLBACK;
		tp->mdev_us = tp->mdev_max_us = tp->rttvar_us;
		inet_csk(sk)->icsk_rto = TCP_TIMEOUT_FALLBACK;
	}
}

void tcp_init_transfer(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tcp_mtup_init(sk);
	inet_csk(sk)->icsk_af_ops->rebuild_header(sk);
	tcp_init_metrics(sk);
	/* RFC 5681: carefully, if the SYN was lost and not only late. */
	tp->snd_cwnd = tp->total_retrans > 1 && tp->undo_marker ? 1 : tcp_init_cwnd(sk);
	tp->snd_cwnd_stamp = tcp_time_ms();
	if (!inet_csk(sk)->icsk_ca_initialized)
		tcp_init_congestion_control(sk);
	tcp_init_buffer_space(sk);
}

static void tcp_finish_connect(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tcp_set_state(sk, TCP_ESTABLISHED);
	tp->rcv_tstamp = inet_csk(sk)->icsk_ack.lrcvtime = tcp_time_ms();
	if (skb && inet_csk(sk)->icsk_af_ops->sk_rx_dst_set)
		inet_csk(sk)->icsk_af_ops->sk_rx_dst_set(sk, skb);
	tcp_init_transfer(sk);
	tp->lsndtime = tcp_time_ms();
	if (sock_flag(sk, SOCK_KEEPOPEN))
		tcp_reset_keepalive_timer(sk, keepalive_time_when(tp) * 1000000ull);
	if (!tp->rx_opt.snd_wscale)
		tcp_fast_path_on(tp, tp->snd_wnd);
	else
		tp->pred_flags = 0;
}

/* ---- ECN's negotiation ---- */

static void tcp_ecn_rcv_synack(struct tcp_sock *tp, const struct tcphdr *th)
{
	if (tp->ecn_flags & TCP_ECN_OK && (!th->ece || th->cwr))
		tp->ecn_flags &= (u8)~TCP_ECN_OK;
}

static void tcp_ecn_rcv_syn(struct tcp_sock *tp, const struct tcphdr *th)
{
	if (tp->ecn_flags & TCP_ECN_OK && (!th->ece || !th->cwr))
		tp->ecn_flags &= (u8)~TCP_ECN_OK;
}

/* ---- SYN-SENT ---- */

/* The timestamps show that the SYN was repeated for nothing: cwnd need not start at one. */
static void tcp_try_undo_spurious_syn(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (tp->undo_marker && tp->retrans_stamp && tp->rx_opt.saw_tstamp && tp->rx_opt.rcv_tsecr
			&& before(tp->rx_opt.rcv_tsecr, tp->retrans_stamp))
		tp->undo_marker = 0;
}

/* The SYN's data was not taken: it goes again. Fast open remembers what it has learned. True: something was sent. */
static bool tcp_rcv_fastopen_synack(struct sock *sk, struct sk_buff *synack, struct tcp_fastopen_cookie *cookie)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *data = tp->syn_data ? tcp_rtx_queue_head(sk) : NULL;
	u16 mss = tp->rx_opt.mss_clamp, try_exp = 0;
	bool syn_drop = false;

	if (mss == tp->rx_opt.user_mss) {
		struct tcp_options_received opt = { 0 };

		tcp_parse_options(synack, &opt, false, NULL);
		mss = opt.mss_clamp;
	}
	if (!tp->syn_fastopen) {
		/* A cookie that was not asked for. */
		cookie->len = -1;
	} else if (tp->total_retrans) {
		/* The SYN was lost, or something on the way drops those with data. */
		syn_drop = cookie->len < 0 && tp->syn_data;
	} else if (cookie->len < 0 && !tp->syn_data) {
		try_exp = tp->syn_fastopen_exp ? 2 : 1;
	}
	tcp_fastopen_cache_set(sk, mss, cookie, syn_drop, try_exp);
	if (data) {
		tp->fastopen_client_fail = tp->total_retrans ? TFO_SYN_RETRANSMITTED : TFO_DATA_NOT_ACKED;
		/* Not congestion: only the SYN's answer is missing. */
		for (; data; data = tcp_rtx_queue_next(data))
			tcp_mark_skb_lost(sk, data);
		tcp_xmit_retransmit_queue(sk);
		NET_INC_STATS(LINUX_MIB_TCPFASTOPENACTIVEFAIL);
		return true;
	}
	tp->syn_data_acked = tp->syn_data;
	if (tp->syn_data_acked) {
		NET_INC_STATS(LINUX_MIB_TCPFASTOPENACTIVE);
		if (tp->delivered > 1)
			--tp->delivered;
	}
	tcp_fastopen_add_skb(sk, synack); /* the answer may bring data, too */
	return false;
}

static void tcp_set_timestamps(struct tcp_sock *tp)
{
	if (tp->rx_opt.saw_tstamp) {
		tp->rx_opt.tstamp_ok = 1;
		tp->tcp_header_len = sizeof(struct tcphdr) + TCPOLEN_TSTAMP_ALIGNED;
		tcp_store_ts_recent(tp);
	} else {
		tp->tcp_header_len = sizeof(struct tcphdr);
	}
}

/* A SYN-ACK that fits: established. Value as for tcp_rcv_synsent(). */
static int tcp_rcv_synack(struct sock *sk, struct sk_buff *skb, const struct tcphdr *th, struct tcp_fastopen_cookie *foc)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	bool fastopen_fail;

	tcp_ecn_rcv_synack(tp, th);
	tp->snd_wl1 = TCP_SKB_CB(skb)->seq;
	tcp_try_undo_spurious_syn(sk);
	tcp_ack(sk, skb, FLAG_SLOWPATH);
	tp->rcv_nxt = TCP_SKB_CB(skb)->seq + 1;
	tp->rcv_wup = TCP_SKB_CB(skb)->seq + 1;
	/* The window of a SYN is never scaled. */
	tp->snd_wnd = TCP_SKB_CB(skb)->window;
	if (!tp->rx_opt.wscale_ok) {
		tp->rx_opt.snd_wscale = tp->rx_opt.rcv_wscale = 0;
		tp->window_clamp = min(tp->window_clamp, 65535u);
	}
	tcp_set_timestamps(tp);
	if (tp->rx_opt.tstamp_ok)
		tp->advmss -= TCPOLEN_TSTAMP_ALIGNED;
	tcp_mtup_init(sk);
	tcp_sync_mss(sk, icsk->icsk_pmtu_cookie);
	tcp_initialize_rcv_mss(sk);
	tp->copied_seq = tp->rcv_nxt;
	tcp_finish_connect(sk, skb);
	fastopen_fail = (tp->syn_fastopen || tp->syn_data) && tcp_rcv_fastopen_synack(sk, skb, foc);
	if (!sock_flag(sk, SOCK_DEAD)) {
		sk->sk_state_change(sk);
		sk_wake_async(sk, POLL_OUT);
	}
	if (fastopen_fail)
		return -1;
	if (tp->write_pending || icsk->icsk_accept_queue.defer_accept || inet_csk_in_pingpong_mode(sk)) {
		/* Data is about to follow: the acknowledgement can ride on it. */
		inet_csk_schedule_ack(sk);
		tcp_enter_quickack_mode(sk, TCP_MAX_QUICKACKS);
		tcp_reset_xmit_timer(sk, ICSK_TIME_DACK, TCP_DELACK_MAX * 1000);
		kfree_skb(skb);
		return 0;
	}
	tcp_send_ack(sk);
	return -1;
}

/* A SYN without ACK: both open at the same time. */
static void tcp_rcv_crossed_syn(struct sock *sk, struct sk_buff *skb, const struct tcphdr *th)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tcp_set_state(sk, TCP_SYN_RECV);
	tcp_set_timestamps(tp);
	tp->rcv_nxt = TCP_SKB_CB(skb)->seq + 1;
	tp->copied_seq = tp->rcv_nxt;
	tp->rcv_wup = TCP_SKB_CB(skb)->seq + 1;
	tp->snd_wnd = TCP_SKB_CB(skb)->window;
	tp->snd_wl1 = TCP_SKB_CB(skb)->seq;
	tp->max_window = tp->snd_wnd;
	tcp_ecn_rcv_syn(tp, th);
	tcp_mtup_init(sk);
	tcp_sync_mss(sk, inet_csk(sk)->icsk_pmtu_cookie);
	tcp_initialize_rcv_mss(sk);
	tcp_send_synack(sk);
}

/* What was read of the options goes back: the segment was not for this connection. */
static void tcp_undo_options(struct tcp_sock *tp, u16 saved_clamp)
{
	tp->rx_opt.tstamp_ok = tp->rx_opt.sack_ok = 0;
	tp->rx_opt.wscale_ok = tp->rx_opt.snd_wscale = 0;
	tp->rx_opt.mss_clamp = saved_clamp;
}

/* 1: answer with a RST (the segment is still the caller's); 0: done and gone; -1: done, the caller goes on with it. */
static int tcp_rcv_synsent(struct sock *sk, struct sk_buff *skb, const struct tcphdr *th)
{
	struct tcp_fastopen_cookie foc = { .len = -1 };
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	u16 saved_clamp = tp->rx_opt.mss_clamp;

	tcp_parse_options(skb, &tp->rx_opt, false, &foc);
	if (tp->rx_opt.saw_tstamp && tp->rx_opt.rcv_tsecr)
		tp->rx_opt.rcv_tsecr -= tp->tsoffset;
	if (th->ack) {
		if (!after(TCP_SKB_CB(skb)->ack_seq, tp->snd_una) || after(TCP_SKB_CB(skb)->ack_seq, tp->snd_nxt)) {
			/* Of an earlier connection: after our RST the SYN can go again soon. */
			if (!icsk->icsk_retransmits)
				tcp_reset_xmit_timer(sk, ICSK_TIME_RETRANS, TCP_TIMEOUT_MIN_US);
			tcp_undo_options(tp, saved_clamp);
			return 1;
		}
		if (tp->rx_opt.saw_tstamp && tp->rx_opt.rcv_tsecr
				&& !between(tp->rx_opt.rcv_tsecr, tp->retrans_stamp, tcp_time_ts(tp))) {
			NET_INC_STATS(LINUX_MIB_PAWSACTIVEREJECTED);
			tcp_undo_options(tp, saved_clamp);
			return 1;
		}
		if (th->rst) {
			tcp_reset(sk);
			kfree_skb(skb);
			return 0;
		}
		if (th->syn)
			return tcp_rcv_synack(sk, skb, th, &foc);
	} else if (!th->rst && th->syn && !(tp->rx_opt.ts_recent_stamp && tp->rx_opt.saw_tstamp
			&& tcp_paws_reject(&tp->rx_opt, false))) {
		tcp_rcv_crossed_syn(sk, skb, th);
		kfree_skb(skb);
		return 0;
	}
	tcp_undo_options(tp, saved_clamp);
	kfree_skb(skb);
	return 0;
}

/* ---- SYN-RECEIVED ---- */

/* The acknowledgement of a SYN-ACK whose connection has been in use already (fast open). */
static void tcp_rcv_synrecv_fastopen(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct request_sock *req = tp->fastopen_rsk;

	if (inet_csk(sk)->icsk_ca_state == TCP_CA_Loss && !tp->packets_out)
		tcp_try_undo_recovery(sk);
	tp->retrans_stamp = 0;
	inet_csk(sk)->icsk_retransmits = 0;
	reqsk_fastopen_remove(sk, req, false);
	/* The data that was sent waits for its own acknowledgement from now on. */
	tcp_rearm_rto(sk);
}

static void tcp_rcv_synrecv(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct request_sock *req = tp->fastopen_rsk;

	tp->delivered++;
	if (!tp->srtt_us)
		tcp_synack_rtt_meas(sk, req);
	if (req) {
		tcp_rcv_synrecv_fastopen(sk);
	} else {
		tcp_try_undo_spurious_syn(sk);
		tp->retrans_stamp = 0;
		tcp_init_transfer(sk);
		tp->copied_seq = tp->rcv_nxt;
	}
	tcp_set_state(sk, TCP_ESTABLISHED);
	sk->sk_state_change(sk);
	/* Only a crossed SYN has somebody who waits here. */
	if (sk->sk_socket)
		sk_wake_async(sk, POLL_OUT);
	tp->snd_una = TCP_SKB_CB(skb)->ack_seq;
	tp->snd_wnd = (u32)TCP_SKB_CB(skb)->window << tp->rx_opt.snd_wscale;
	tp->snd_wl1 = TCP_SKB_CB(skb)->seq;
	if (tp->rx_opt.tstamp_ok)
		tp->advmss -= TCPOLEN_TSTAMP_ALIGNED;
	tcp_update_pacing_rate(sk);
	tp->lsndtime = tcp_time_ms();
	tcp_initialize_rcv_mss(sk);
	tcp_fast_path_on(tp, tp->snd_wnd >> tp->rx_opt.snd_wscale);
	if (sk->sk_shutdown & SEND_SHUTDOWN)
		tcp_shutdown(sk, SEND_SHUTDOWN);
}

/* ---- closing ---- */

static bool tcp_has_new_data(const struct sock *sk, const struct sk_buff *skb)
{
	const struct tcp_skb_cb *cb = TCP_SKB_CB(skb);

	return cb->end_seq != cb->seq && after(cb->end_seq - !!(cb->tcp_flags & TCPHDR_FIN), tcp_sk(sk)->rcv_nxt);
}

/* FIN-WAIT-1 whose FIN may have been acknowledged. 0: go on; 1: RST; -1: the segment is done with, TIME-WAIT has taken over. */
static int tcp_rcv_finwait1(struct sock *sk, struct sk_buff *skb, const struct tcphdr *th)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u64 tmo;

	if (tp->fastopen_rsk)
		tcp_rcv_synrecv_fastopen(sk);
	if (tp->snd_una != tp->write_seq)
		return 0;
	tcp_set_state(sk, TCP_FIN_WAIT2);
	sk->sk_shutdown |= SEND_SHUTDOWN;
	if (!sock_flag(sk, SOCK_DEAD)) {
		sk->sk_state_change(sk);
		return 0;
	}
	/* Nobody is there who could read what may come. */
	if (tp->linger2 < 0 || tcp_has_new_data(sk, skb)) {
		tcp_done(sk);
		NET_INC_STATS(LINUX_MIB_TCPABORTONDATA);
		return 1;
	}
	tmo = tcp_fin_time(sk);
	if (tmo > TCP_TIMEWAIT_LEN) {
		tcp_reset_keepalive_timer(sk, tmo - TCP_TIMEWAIT_LEN);
	} else if (th->fin || sock_owned_by_user(sk)) {
		/* The FIN that comes with it, or waits in the backlog, must not be lost. */
		tcp_reset_keepalive_timer(sk, tmo);
	} else {
		tcp_time_wait(sk, TCP_FIN_WAIT2, tmo);
		return -1;
	}
	return 0;
}

/* What the acknowledgement means to a state. 0: go on; 1: RST; -1: done with the segment. */
static int tcp_state_acked(struct sock *sk, struct sk_buff *skb, const struct tcphdr *th)
{
	struct tcp_sock *tp = tcp_sk(sk);

	switch (sk->sk_state) {
	case TCP_SYN_RECV:
		tcp_rcv_synrecv(sk, skb);
		return 0;
	case TCP_FIN_WAIT1:
		return tcp_rcv_finwait1(sk, skb, th);
	case TCP_CLOSING:
		if (tp->snd_una != tp->write_seq)
			return 0;
		tcp_time_wait(sk, TCP_TIME_WAIT, TCP_TIMEWAIT_LEN);
		return -1;
	case TCP_LAST_ACK:
		if (tp->snd_una != tp->write_seq)
			return 0;
		tcp_done(sk);
		return -1;
	}
	return 0;
}

/* The segment's text. True: it was taken over. *rst: the connection is gone, answer with a RST. */
static bool tcp_state_data(struct sock *sk, struct sk_buff *skb, bool *rst)
{
	switch (sk->sk_state) {
	case TCP_CLOSE_WAIT:
	case TCP_CLOSING:
	case TCP_LAST_ACK:
		if (!before(TCP_SKB_CB(skb)->seq, tcp_sk(sk)->rcv_nxt))
			return false;
		/* fall through */
	case TCP_FIN_WAIT1:
	case TCP_FIN_WAIT2:
		/* RFC 1122 4.2.2.13: data for a program that has closed is lost data, and the peer is to know. */
		if (sk->sk_shutdown & RCV_SHUTDOWN && tcp_has_new_data(sk, skb)) {
			NET_INC_STATS(LINUX_MIB_TCPABORTONDATA);
			tcp_reset(sk);
			*rst = true;
			return false;
		}
		/* fall through */
	case TCP_ESTABLISHED:
		tcp_data_queue(sk, skb);
		return true;
	}
	return false;
}

static int tcp_rcv_listen(struct sock *sk, struct sk_buff *skb, const struct tcphdr *th)
{
	if (th->ack)
		return 1;
	if (!th->rst && th->syn && !th->fin && inet_csk(sk)->icsk_af_ops->conn_request(sk, skb) < 0)
		return 1;
	kfree_skb(skb);
	return 0;
}

/* 1: the sender is to get a RST, and the segment is still the caller's; 0: done and gone. */
int tcp_rcv_state_process(struct sock *sk, struct sk_buff *skb)
{
	const struct tcphdr *th = tcp_hdr(skb);
	struct tcp_sock *tp = tcp_sk(sk);
	bool lost = false, rst = false;
	int r;

	switch (sk->sk_state) {
	case TCP_CLOSE:
		goto discard;
	case TCP_LISTEN:
		return tcp_rcv_listen(sk, skb, th);
	case TCP_SYN_SENT:
		tp->rx_opt.saw_tstamp = 0;
		tcp_mstamp_refresh(tp);
		r = tcp_rcv_synsent(sk, skb, th);
		if (r >= 0)
			return r;
		tcp_urg(sk, skb, th);
		kfree_skb(skb);
		tcp_data_snd_check(sk);
		return 0;
	}
	tcp_mstamp_refresh(tp);
	tp->rx_opt.saw_tstamp = 0;
	if (tp->fastopen_rsk && !tcp_check_req(sk, skb, tp->fastopen_rsk, true, &lost))
		goto discard;
	if (!th->ack && !th->rst && !th->syn)
		goto discard;
	if (!tcp_validate_incoming(sk, skb, th, false))
		goto discard;
	r = tcp_ack(sk, skb, FLAG_SLOWPATH | FLAG_UPDATE_TS_RECENT | FLAG_NO_CHALLENGE_ACK);
	if (r <= 0) {
		if (sk->sk_state == TCP_SYN_RECV)
			return 1;
		/* An old one may still have a FIN with it. */
		if (r < 0) {
			tcp_send_challenge_ack(sk);
			goto discard;
		}
	}
	r = tcp_state_acked(sk, skb, th);
	if (r > 0)
		return 1;
	if (r < 0)
		goto discard;
	tcp_urg(sk, skb, th);
	if (tcp_state_data(sk, skb, &rst))
		skb = NULL;
	if (rst)
		return 1;
	if (sk->sk_state != TCP_CLOSE) {
		tcp_data_snd_check(sk);
		tcp_ack_snd_check(sk);
	}
discard:
	kfree_skb(skb);
	return 0;
}
