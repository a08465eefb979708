/* The receiver's judgement: how large the peer's segments are, whether an acknowledgement goes now, later, or with data, and how
 * large the window may grow (receive buffer auto-tuning). */
#include "../tcp.h"

/* ---- quick and delayed acknowledgements ---- */

static void tcp_incr_quickack(struct sock *sk, u32 most)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	u32 n = icsk->icsk_ack.rcv_mss ? tcp_sk(sk)->rcv_wnd / (2u * icsk->icsk_ack.rcv_mss) : 0;

	n = min(n ? n : 2, most);
	if (n > icsk->icsk_ack.quick)
		icsk->icsk_ack.quick = (u8)n;
}

/* Each segment is acknowledged at once, for a while: the peer is in slow start, or has lost something. */
void tcp_enter_quickack_mode(struct sock *sk, u32 max_quickacks)
{
	tcp_incr_quickack(sk, max_quickacks);
	inet_csk_exit_pingpong_mode(sk);
	inet_csk(sk)->icsk_ack.ato = TCP_ATO_MIN;
}

static bool tcp_in_quickack_mode(struct sock *sk)
{
	return tcp_route_metric(sk, RTAX_QUICKACK) || (inet_csk(sk)->icsk_ack.quick && !inet_csk_in_pingpong_mode(sk));
}

/* An acknowledgement goes out. */
void tcp_dec_quickack_mode(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	if (!icsk->icsk_ack.quick || !inet_csk_ack_scheduled(sk))
		return;
	if (icsk->icsk_ack.quick == 1)
		icsk->icsk_ack.ato = TCP_ATO_MIN;
	icsk->icsk_ack.quick--;
}

static void tcp_send_delayed_ack(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	u32 ato = icsk->icsk_ack.ato;
	u64 now, timeout;

	if (ato > TCP_DELACK_MIN) {
		u32 most = 500;

		if (inet_csk_in_pingpong_mode(sk) || icsk->icsk_ack.pending & ICSK_ACK_PUSHED)
			most = TCP_DELACK_MAX;
		/* Not longer than the peer's round trip, which it would notice. */
		if (tcp_sk(sk)->srtt_us)
			most = min(most, max(tcp_sk(sk)->srtt_us / 8000, TCP_DELACK_MIN));
		ato = min(ato, most);
	}
	ato = min(ato, tcp_delack_max(sk) / 1000);
	now = tcp_sk(sk)->tcp_clock_cache;
	timeout = now + ato * 1000000ull;
	if (icsk->icsk_ack.pending & ICSK_ACK_TIMER) {
		/* About to fire anyway. */
		if (icsk->icsk_ack.timeout <= now + ato * 250000ull) {
			tcp_send_ack(sk);
			return;
		}
		timeout = min(timeout, icsk->icsk_ack.timeout);
	}
	tcp_reset_xmit_timer(sk, ICSK_TIME_DACK, timeout > now ? (u32)((timeout - now) / 1000) : 0);
}

/* Several duplicates of an acknowledgement in a row say nothing new: they are held back for a twentieth of the RTT. */
static void tcp_compress_ack(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u64 rtt_us, delay;

	if (!tcp_is_sack(tp) || tp->compressed_ack >= net_sysctl.tcp_comp_sack_nr) {
		tcp_send_ack(sk);
		return;
	}
	if (tp->compressed_ack_rcv_nxt != tp->rcv_nxt) {
		tp->compressed_ack_rcv_nxt = tp->rcv_nxt;
		tp->dup_ack_counter = 0;
	}
	if (tp->dup_ack_counter < TCP_FASTRETRANS_THRESH) {
		tp->dup_ack_counter++;
		tcp_send_ack(sk);
		return;
	}
	tp->compressed_ack++;
	if (tp->compressed_ack > 1)
		return;
	rtt_us = tp->rcv_rtt_est.rtt_us;
	if (tp->srtt_us && tp->srtt_us < rtt_us)
		rtt_us = tp->srtt_us;
	delay = min((u64)net_sysctl.tcp_comp_sack_delay_ns, rtt_us * (1000 >> 3) / 20);
	timer_start(&tp->compressed_ack_timer, ktime_get() + delay);
}

void __tcp_ack_snd_check(struct sock *sk, bool ofo_possible)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);

	/* More than one full segment has come, and the window has moved or the reader has not enough yet. */
	if ((tp->rcv_nxt - tp->rcv_wup > icsk->icsk_ack.rcv_mss
			&& ((int)(tp->rcv_nxt - tp->copied_seq) < sk->sk_rcvlowat || __tcp_select_window(sk) >= tp->rcv_wnd))
			|| tcp_in_quickack_mode(sk) || icsk->icsk_ack.pending & ICSK_ACK_NOW) {
		/* In the middle of release_sock(): one acknowledgement for all that the backlog has. */
		if (sock_owned_by_user(sk) && net_sysctl.tcp_backlog_ack_defer)
			sk->sk_tsq_flags |= TCPF_ACK_DEFERRED;
		else
			tcp_send_ack(sk);
		return;
	}
	if (!ofo_possible || treap_empty(&tp->ooo_queue))
		tcp_send_delayed_ack(sk);
	else
		tcp_compress_ack(sk);
}

void tcp_ack_snd_check(struct sock *sk)
{
	if (inet_csk_ack_scheduled(sk))
		__tcp_ack_snd_check(sk, true);
}

/* After an acknowledgement: what may go now, and whether the writer has room. */
void tcp_data_snd_check(struct sock *sk)
{
	if (!skb_queue_empty(&sk->sk_write_queue))
		__tcp_push_pending_frames(sk, tcp_current_mss(sk), tcp_sk(sk)->nonagle);
	tcp_check_space(sk);
}

/* ---- the peer's segments ---- */

/* The size of the peer's full segments, from what comes. */
void tcp_measure_rcv_mss(struct sock *sk, const struct sk_buff *skb)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	u32 lss = icsk->icsk_ack.last_seg_size, len = skb->gso_size ? skb->gso_size : skb->len;
	u8 flags = TCP_SKB_CB(skb)->tcp_flags;

	icsk->icsk_ack.last_seg_size = 0;
	if (len >= icsk->icsk_ack.rcv_mss) {
		if (len != icsk->icsk_ack.rcv_mss && skb->truesize) {
			/* What part of a buffer is payload decides how much of it can be offered as a window. */
			u64 ratio = ((u64)skb->len << 8) / skb->truesize;
			u8 old = tp->scaling_ratio;

			tp->scaling_ratio = ratio ? (u8)min(ratio, (u64)255) : 1;
			if (old != tp->scaling_ratio) {
				u32 clamp = (u32)tcp_win_from_space(sk, sk->sk_rcvbuf);

				tcp_set_window_clamp(sk, clamp);
				if (tp->window_clamp < tp->rcvq_space.space)
					tp->rcvq_space.space = tp->window_clamp;
			}
		}
		icsk->icsk_ack.rcv_mss = (u16)min(len, (u32)tp->advmss);
		/* Full and pushed: the writer may wait for the acknowledgement. */
		if (flags & TCPHDR_PSH)
			icsk->icsk_ack.pending |= ICSK_ACK_PUSHED;
		return;
	}
	/* Not full, but twice the same size without being a remnant: segments got smaller. */
	len += (u32)(skb->data - skb_transport_header(skb));
	if (len >= TCP_MSS_DEFAULT + sizeof(struct tcphdr)
			|| (len >= TCP_MIN_MSS + sizeof(struct tcphdr)
			&& !(flags & (TCPHDR_FIN | TCPHDR_URG | TCPHDR_SYN | TCPHDR_PSH)))) {
		len -= tp->tcp_header_len;
		icsk->icsk_ack.last_seg_size = (u16)len;
		if (len == lss) {
			icsk->icsk_ack.rcv_mss = (u16)len;
			return;
		}
	}
	if (icsk->icsk_ack.pending & ICSK_ACK_PUSHED)
		icsk->icsk_ack.pending |= ICSK_ACK_PUSHED2;
	icsk->icsk_ack.pending |= ICSK_ACK_PUSHED;
}

void tcp_initialize_rcv_mss(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 hint = min((u32)tp->advmss, (u32)tp->mss_cache);

	hint = min(hint, tp->rcv_wnd / 2);
	hint = min(hint, TCP_MSS_DEFAULT);
	inet_csk(sk)->icsk_ack.rcv_mss = (u16)max(hint, TCP_MIN_MSS);
}

/* ECN: congestion was experienced on the way here; the peer is told until it says CWR. */
void tcp_ecn_check_ce(struct sock *sk, const struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!(tp->ecn_flags & TCP_ECN_OK))
		return;
	switch (TCP_SKB_CB(skb)->ip_dsfield & 3) {
	case 0:
		/* A retransmission of something that was ECN-capable: there was loss. */
		if (tp->ecn_flags & TCP_ECN_SEEN)
			tcp_enter_quickack_mode(sk, 2);
		break;
	case 3:
		tcp_ca_event(sk, CA_EVENT_ECN_IS_CE);
		if (!(tp->ecn_flags & TCP_ECN_DEMAND_CWR)) {
			tcp_enter_quickack_mode(sk, 2);
			tp->ecn_flags |= TCP_ECN_DEMAND_CWR;
		}
		tp->received_ce += max((u32)skb->gso_segs, 1u);
		tp->ecn_flags |= TCP_ECN_SEEN;
		break;
	default:
		tcp_ca_event(sk, CA_EVENT_ECN_NO_CE);
		tp->ecn_flags |= TCP_ECN_SEEN;
	}
}

/* ---- the receiver's RTT ---- */

static void tcp_rcv_rtt_update(struct tcp_sock *tp, u32 sample, bool win_dep)
{
	long m = sample, new = tp->rcv_rtt_est.rtt_us;

	if (!new) {
		new = m << 3;
	} else if (!win_dep) {
		m -= new >> 3;
		new += m;
	} else {
		/* By a window's worth of data: never too short, so only less counts. */
		m <<= 3;
		new = min(new, m);
	}
	tp->rcv_rtt_est.rtt_us = (u32)max(new, 1l);
}

static void tcp_rcv_rtt_measure(struct tcp_sock *tp)
{
	if (tp->rcv_rtt_est.time) {
		if (before(tp->rcv_nxt, tp->rcv_rtt_est.seq))
			return;
		tcp_rcv_rtt_update(tp, max(tcp_stamp_us_delta(tp->tcp_mstamp, tp->rcv_rtt_est.time), 1u), true);
	}
	tp->rcv_rtt_est.seq = tp->rcv_nxt + tp->rcv_wnd;
	tp->rcv_rtt_est.time = tp->tcp_mstamp;
}

void tcp_rcv_rtt_measure_ts(struct sock *sk, const struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 delta;

	if (tp->rx_opt.rcv_tsecr == tp->rcv_rtt_last_tsecr)
		return;
	tp->rcv_rtt_last_tsecr = tp->rx_opt.rcv_tsecr;
	if (TCP_SKB_CB(skb)->end_seq - TCP_SKB_CB(skb)->seq < inet_csk(sk)->icsk_ack.rcv_mss)
		return;
	delta = tcp_time_ts(tp) - tp->rx_opt.rcv_tsecr;
	if (delta < 0x7fffffff / 1000)
		tcp_rcv_rtt_update(tp, max(delta, 1u) * 1000, false);
}

/* ---- the window's growth ---- */

void tcp_adjust_rcv_ssthresh(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tp->rcv_ssthresh = min(tp->rcv_ssthresh, 4u * tp->advmss);
}

/* @skb is poorly filled: does the buffer bear a larger window all the same? */
static u32 tcp_grow_poor(const struct sock *sk, u32 len, u32 truesize_win)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	int truesize = (int)truesize_win >> 1, window = tcp_win_from_space(sk, net_sysctl.tcp_rmem[2]) >> 1;

	while ((int)tp->rcv_ssthresh <= window && window) {
		if (truesize <= (int)len)
			return 2u * inet_csk(sk)->icsk_ack.rcv_mss;
		truesize >>= 1;
		window >>= 1;
	}
	return 0;
}

/* @len bytes have come in @skb: the window that may be offered grows. */
void tcp_grow_window_by(struct sock *sk, const struct sk_buff *skb, u32 len)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int room = (int)min((u32)max(tcp_space(sk), 0), tp->window_clamp) - (int)tp->rcv_ssthresh;
	u32 win, incr;

	if (room <= 0)
		return;
	if (tcp_under_memory_pressure()) {
		tcp_adjust_rcv_ssthresh(sk);
		return;
	}
	win = (u32)tcp_win_from_space(sk, (int)skb->truesize);
	incr = win <= len ? 2u * tp->advmss : tcp_grow_poor(sk, len, win);
	if (incr) {
		incr = max(incr, 2 * len);
		tp->rcv_ssthresh += min((u32)room, incr);
		inet_csk(sk)->icsk_ack.quick |= 1;
	}
}

/* Data in sequence has come: @skb has its payload only. */
void tcp_event_data_recv(struct sock *sk, struct sk_buff *skb)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	u32 now = tcp_now(tcp_sk(sk));

	inet_csk_schedule_ack(sk);
	tcp_measure_rcv_mss(sk, skb);
	tcp_rcv_rtt_measure(tcp_sk(sk));
	if (!icsk->icsk_ack.ato) {
		/* The first data: the peer begins in slow start. */
		tcp_incr_quickack(sk, TCP_MAX_QUICKACKS);
		icsk->icsk_ack.ato = TCP_ATO_MIN;
	} else {
		u32 m = now - icsk->icsk_ack.lrcvtime, rto = icsk->icsk_rto / 1000;

		if (m <= TCP_ATO_MIN / 2) {
			icsk->icsk_ack.ato = (icsk->icsk_ack.ato >> 1) + TCP_ATO_MIN / 2;
		} else if (m < icsk->icsk_ack.ato) {
			icsk->icsk_ack.ato = min((icsk->icsk_ack.ato >> 1) + m, rto);
		} else if (m > rto) {
			/* It has been idle: it restarts its window. */
			tcp_incr_quickack(sk, TCP_MAX_QUICKACKS);
		}
	}
	icsk->icsk_ack.lrcvtime = now;
	tcp_ecn_check_ce(sk, skb);
	if (skb->len >= 128)
		tcp_grow_window_by(sk, skb, skb->len);
}

/* The largest window that will be offered: what is offered now follows. */
void tcp_set_window_clamp(struct sock *sk, u32 clamp)
{
	struct tcp_sock *tp = tcp_sk(sk);

	clamp = max((u32)SOCK_MIN_RCVBUF / 2, clamp);
	if (clamp < tp->window_clamp)
		tp->rcv_ssthresh = min(tp->rcv_ssthresh, clamp);
	else if (clamp > tp->window_clamp)
		tp->rcv_ssthresh = max(min(tp->rcv_wnd, clamp), tp->rcv_ssthresh);
	tp->window_clamp = clamp;
}

/* SO_RCVLOWAT: room for so much, and the reader may have enough already. */
void tcp_rcvlowat_set(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	bool locked = sk->sk_userlocks & SOCK_RCVBUF_LOCK;
	int space;

	/* more than half the buffer might never be there */
	sk->sk_rcvlowat = max(min(sk->sk_rcvlowat, (locked ? sk->sk_rcvbuf : net_sysctl.tcp_rmem[2]) >> 1), 1);
	if (sk->sk_state == TCP_LISTEN)
		return;
	tcp_data_ready(sk);
	if (locked)
		return;
	space = tcp_space_from_win(sk, sk->sk_rcvlowat);
	if (space > sk->sk_rcvbuf) {
		sk->sk_rcvbuf = space;
		if (sk->sk_rcvlowat > (int)tp->window_clamp)
			tcp_set_window_clamp(sk, (u32)sk->sk_rcvlowat);
	}
}

/* Dynamic right-sizing: as the program reads more in a round trip than the buffer was made for, the buffer grows. */
void tcp_rcv_space_adjust(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 time, copied;

	tcp_mstamp_refresh(tp);
	time = tcp_stamp_us_delta(tp->tcp_mstamp, tp->rcvq_space.time);
	if (time < tp->rcv_rtt_est.rtt_us >> 3 || !tp->rcv_rtt_est.rtt_us)
		return;
	copied = tp->copied_seq - tp->rcvq_space.seq;
	if (copied > tp->rcvq_space.space) {
		if (net_sysctl.tcp_moderate_rcvbuf && !(sk->sk_userlocks & SOCK_RCVBUF_LOCK)) {
			/* Twice what was read, and as much again in proportion to the growth: the sender may be in slow start. */
			u64 rcvwin = ((u64)copied << 1) + 16u * tp->advmss;
			u64 grow = rcvwin * (copied - tp->rcvq_space.space) / max(tp->rcvq_space.space, 1u);
			int rcvbuf;

			rcvwin += grow << 1;
			rcvbuf = min(tcp_space_from_win(sk, (int)min(rcvwin, (u64)0x3fffffff)), net_sysctl.tcp_rmem[2]);
			if (rcvbuf > sk->sk_rcvbuf) {
				sk->sk_rcvbuf = rcvbuf;
				tcp_set_window_clamp(sk, (u32)tcp_win_from_space(sk, rcvbuf));
			}
		}
		tp->rcvq_space.space = copied;
	}
	tp->rcvq_space.seq = tp->copied_seq;
	tp->rcvq_space.time = tp->tcp_mstamp;
}

/* A connection begins: the room there is, and what of it is offered. */
void tcp_init_buffer_space(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 maxwin;

	if (!(sk->sk_userlocks & SOCK_SNDBUF_LOCK))
		tcp_sndbuf_expand(sk);
	tcp_mstamp_refresh(tp);
	tp->rcvq_space.time = tp->tcp_mstamp;
	tp->rcvq_space.seq = tp->copied_seq;
	maxwin = (u32)tcp_full_space(sk);
	if (tp->window_clamp >= maxwin) {
		tp->window_clamp = maxwin;
		if (net_sysctl.tcp_app_win && maxwin > 4u * tp->advmss)
			tp->window_clamp = max(maxwin - (maxwin >> net_sysctl.tcp_app_win), 4u * tp->advmss);
	}
	/* Two segments at least always fit. */
	if (net_sysctl.tcp_app_win && tp->window_clamp > 2u * tp->advmss && tp->window_clamp + tp->advmss > maxwin)
		tp->window_clamp = max(2u * tp->advmss, maxwin - tp->advmss);
	tp->rcv_ssthresh = min(tp->rcv_ssthresh, tp->window_clamp);
	tp->snd_cwnd_stamp = tcp_time_ms();
	tp->rcvq_space.space = min(min(tp->rcv_ssthresh, tp->rcv_wnd), (u32)TCP_INIT_CWND * tp->advmss);
}

/* ---- the send buffer ---- */

/* Two windows' worth, with what buffers cost beside their payload. */
void tcp_sndbuf_expand(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 per_mss = max((u32)tp->rx_opt.mss_clamp, (u32)tp->mss_cache) + 192 + 320, size = 512, nr;
	u64 sndmem;

	while (size < per_mss)
		size <<= 1;
	per_mss = size + 256;
	nr = max(TCP_INIT_CWND, (int)tp->snd_cwnd);
	nr = max(nr, tp->reordering + 1);
	sndmem = 2ull * nr * per_mss;
	if ((u64)sk->sk_sndbuf < sndmem)
		sk->sk_sndbuf = (int)min(sndmem, (u64)net_sysctl.tcp_wmem[2]);
}

static bool tcp_should_expand_sndbuf(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	if (sk->sk_userlocks & SOCK_SNDBUF_LOCK || tcp_under_memory_pressure())
		return false;
	if (proto_mem_pages(&tcp_memory) >= net_sysctl.tcp_mem[0])
		return false;
	/* Not before the window is used. */
	return tcp_packets_in_flight(tp) < tp->snd_cwnd;
}

void tcp_check_space(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!sk->sk_socket || !sock_flag(sk, SOCK_NOSPACE))
		return;
	if (tcp_should_expand_sndbuf(sk)) {
		tcp_sndbuf_expand(sk);
		tp->snd_cwnd_stamp = tcp_time_ms();
	}
	sk->sk_write_space(sk);
	if (!sock_flag(sk, SOCK_NOSPACE))
		tcp_chrono_stop(sk, TCP_CHRONO_SNDBUF_LIMITED);
}
