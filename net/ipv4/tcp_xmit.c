/* What of the send queue goes out now: Nagle and CORK, congestion and receive window, the size of large packets, tail loss
 * probes; and pure acknowledgements, FIN, RST and window probes. */
#include "../tcp.h"
#include "string.h"

/* ---- cutting ---- */

/* How many segments of @mss bytes @skb is. */
void tcp_set_skb_tso_segs(struct sk_buff *skb, u32 mss)
{
	struct tcp_skb_cb *cb = TCP_SKB_CB(skb);

	if (skb->len <= mss) {
		cb->gso_segs = 1;
		cb->gso_size = 0;
		return;
	}
	cb->gso_size = (u16)mss;
	cb->gso_segs = (u16)((skb->len + mss - 1) / mss);
}

static void tcp_init_tso_segs(struct sk_buff *skb, u32 mss)
{
	if (!tcp_skb_pcount(skb) || (tcp_skb_pcount(skb) > 1 && tcp_skb_mss(skb) != mss))
		tcp_set_skb_tso_segs(skb, mss);
}

/* @skb of the scoreboard has @decr segments less: the counters follow. */
void tcp_adjust_pcount(struct sock *sk, const struct sk_buff *skb, int decr)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u8 sacked = TCP_SKB_CB(skb)->sacked;

	tp->packets_out -= (u32)decr;
	if (sacked & TCPCB_SACKED_ACKED)
		tp->sacked_out -= (u32)decr;
	if (sacked & TCPCB_SACKED_RETRANS)
		tp->retrans_out -= (u32)decr;
	if (sacked & TCPCB_LOST)
		tp->lost_out -= (u32)decr;
	if (tcp_is_reno(tp) && decr > 0)
		tp->sacked_out -= min(tp->sacked_out, (u32)decr);
}

/* Cuts @skb, which is on the retransmit queue or (@queued_unsent) on the write queue, at @len bytes: @skb keeps the first
 * part, a new buffer behind it has the rest. The first part moves to a new buffer of bytes, so that the rest may have its
 * headers where the first part was. 0 or -ENOMEM. */
int tcp_fragment(struct sock *sk, bool unsent, struct sk_buff *skb, u32 len, u32 mss)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_skb_cb *cb = TCP_SKB_CB(skb), *rest_cb;
	struct sk_buff *rest;
	int old_segs = (int)tcp_skb_pcount(skb), diff;
	u32 charged = skb->truesize;
	u8 flags = cb->tcp_flags;

	if (len >= skb->len)
		return -EINVAL;
	/* An attacker's tiny MSS could cut the queue to pieces (CVE-2019-11478). */
	if (!unsent && sk->sk_wmem_queued >> 1 > sk->sk_sndbuf + 2 * 0x10000) {
		NET_INC_STATS(LINUX_MIB_TCPWQUEUETOOBIG);
		return -ENOMEM;
	}
	rest = tcp_skb_split(skb, len);
	if (!rest)
		return -ENOMEM;
	/* What was acknowledged of it, and trimmed, was charged until now. */
	sk_wmem_queued_add(sk, (int)(skb->truesize + rest->truesize - charged));
	rest_cb = TCP_SKB_CB(rest);
	*rest_cb = *cb;
	rest_cb->seq = cb->seq + len;
	cb->end_seq = rest_cb->seq;
	cb->tcp_flags = flags & (u8)~(TCPHDR_FIN | TCPHDR_PSH);
	rest_cb->tcp_flags = flags;
	cb->eor = 0;
	rest->tstamp = skb->tstamp;
	if (unlikely(rest->tx_flags) && before(rest->tskey, rest_cb->seq)) {
		tcp_skb_collapse_tstamp(skb, rest); /* a later write was appended to the one that is waited for */
		rest->tx_flags = 0;
	}
	tcp_set_skb_tso_segs(skb, mss);
	tcp_set_skb_tso_segs(rest, mss);
	if (!unsent && !before(tp->snd_nxt, rest_cb->end_seq)) {
		diff = old_segs - (int)tcp_skb_pcount(skb) - (int)tcp_skb_pcount(rest);
		if (diff)
			tcp_adjust_pcount(sk, skb, diff);
	}
	if (unsent) {
		skb_queue_after(&sk->sk_write_queue, skb, rest);
	} else {
		tcp_rtx_queue_insert(sk, rest);
		list_add(&rest->tcp_tsorted, &skb->tcp_tsorted);
	}
	return 0;
}

/* Retransmission of a part: drops the first @len bytes, which have been acknowledged. */
int tcp_trim_head(struct sock *sk, struct sk_buff *skb, u32 len)
{
	skb_pull(skb, len);
	TCP_SKB_CB(skb)->seq += len;
	if (tcp_skb_pcount(skb) > 1)
		tcp_set_skb_tso_segs(skb, tcp_skb_mss(skb));
	return 0;
}

/* @skb is to have up to @amount bytes more, which the next buffer of the write queue gives: what the windows let go leaves in few
 * large packets, however the program wrote it. */
static void tcp_grow_skb(struct sock *sk, struct sk_buff *skb, u32 amount)
{
	struct sk_buff *next = skb_peek_next(skb, &sk->sk_write_queue);
	u32 n;

	if (!next || TCP_SKB_CB(skb)->eor || skb_data_of(skb)->uarg || skb_data_of(next)->uarg)
		return;
	n = min(amount, next->len);
	if (!n || (skb_cloned(skb) && skb_cow(skb, MAX_TCP_HEADER)) || !tcp_skb_grow(sk, skb, n))
		return;
	memcpy(skb_put(skb, n), next->data, n);
	skb->truesize += n;
	next->truesize -= n;
	TCP_SKB_CB(skb)->end_seq += n;
	skb_pull(next, n);
	TCP_SKB_CB(next)->seq += n;
	if (!next->len) {
		TCP_SKB_CB(skb)->end_seq = TCP_SKB_CB(next)->end_seq; /* its FIN, too */
		tcp_eat_skb(sk, skb, next);
	}
}

/* ---- Nagle (RFC 896 with Minshall's change), CORK ---- */

static bool tcp_minshall_check(const struct tcp_sock *tp)
{
	return after(tp->snd_sml, tp->snd_una) && !after(tp->snd_sml, tp->snd_nxt);
}

static void tcp_minshall_update(struct tcp_sock *tp, u32 mss, const struct sk_buff *skb)
{
	if (skb->len < tcp_skb_pcount(skb) * mss)
		tp->snd_sml = TCP_SKB_CB(skb)->end_seq;
}

/* Is a small segment to wait? */
static bool tcp_nagle_check(bool partial, const struct tcp_sock *tp, int nonagle)
{
	return partial && (nonagle & TCP_NAGLE_CORK || (!nonagle && tp->packets_out && tcp_minshall_check(tp)));
}

static bool tcp_nagle_test(const struct tcp_sock *tp, const struct sk_buff *skb, u32 mss, int nonagle)
{
	if (nonagle & TCP_NAGLE_PUSH)
		return true;
	if (tcp_urg_mode(tp) || TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN)
		return true;
	return !tcp_nagle_check(skb->len < mss, tp, nonagle);
}

/* ---- windows ---- */

static bool tcp_snd_wnd_test(const struct tcp_sock *tp, const struct sk_buff *skb, u32 mss)
{
	u32 end = TCP_SKB_CB(skb)->end_seq;

	if (skb->len > mss)
		end = TCP_SKB_CB(skb)->seq + mss;
	return !after(end, tcp_wnd_end(tp));
}

/* Segments that the congestion window lets out now. */
static u32 tcp_cwnd_test(const struct tcp_sock *tp)
{
	u32 in_flight = tcp_packets_in_flight(tp), cwnd = tp->snd_cwnd;

	if (in_flight >= cwnd)
		return 0;
	/* Not all of the window in one burst. */
	return min(max(cwnd >> 1, 1u), cwnd - in_flight);
}

/* Segments of a packet that takes about a millisecond at the present rate: more segments a packet where the path is short. */
static u32 tcp_tso_autosize(const struct sock *sk, u32 mss, u32 min_segs)
{
	u64 bytes = sk->sk_pacing_rate >> 10;
	u32 r = minmax_get(&tcp_sk(sk)->rtt_min) >> 9;

	if (r < 32)
		bytes += TCP_GSO_PAYLOAD_MAX >> r;
	bytes = min(bytes, (u64)TCP_GSO_PAYLOAD_MAX);
	return max((u32)(bytes / mss), min_segs);
}

u32 tcp_tso_segs(const struct sock *sk, u32 mss)
{
	return min(tcp_tso_autosize(sk, mss, (u32)net_sysctl.tcp_min_tso_segs), 65535u);
}

/* Bytes of @skb that go into one packet: within the windows, in whole segments unless it is the end of the data. */
static u32 tcp_mss_split_point(const struct sock *sk, const struct sk_buff *skb, u32 mss, u32 max_segs, int nonagle)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 window = tcp_wnd_end(tp) - TCP_SKB_CB(skb)->seq, max_len = mss * max_segs, needed, partial;

	if (max_len <= window && skb != skb_peek_tail(&sk->sk_write_queue))
		return max_len;
	needed = min(skb->len, window);
	if (max_len <= needed)
		return max_len;
	partial = needed % mss;
	if (tcp_nagle_check(partial != 0, tp, nonagle))
		return needed - partial;
	return needed;
}

/* Is it better to wait for more room in the window, so that a larger packet can go? */
static bool tcp_tso_should_defer(struct sock *sk, struct sk_buff *skb, bool *cwnd_limited, bool *rwnd_limited, u32 max_segs)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	u32 send_win, cong_win, limit, in_flight = tcp_packets_in_flight(tp), chunk;
	struct sk_buff *head;
	s64 delta;

	if (icsk->icsk_ca_state >= TCP_CA_Recovery)
		return false;
	/* Deferred for less than a millisecond: the last packet must have gone just now. */
	delta = (s64)(tp->tcp_clock_cache - tp->tcp_wstamp_ns) - 1000000;
	if (delta >= 0)
		return false;
	send_win = tcp_wnd_end(tp) - TCP_SKB_CB(skb)->seq;
	cong_win = (tp->snd_cwnd - in_flight) * tp->mss_cache;
	limit = min(send_win, cong_win);
	if (limit >= max_segs * tp->mss_cache)
		return false;
	if (skb != skb_peek_tail(&sk->sk_write_queue) && limit >= skb->len)
		return false;
	/* A third of the window is enough. */
	chunk = min(tp->snd_wnd, tp->snd_cwnd * tp->mss_cache) / 3;
	if (limit >= chunk)
		return false;
	head = tcp_rtx_queue_head(sk);
	if (!head)
		return false;
	/* The next acknowledgement must be due within half a round. */
	delta = (s64)(tp->tcp_clock_cache - head->tstamp) - (s64)((u64)(tp->srtt_us >> 4) * 1000);
	if (delta < 0)
		return false;
	if (cong_win < send_win) {
		if (cong_win <= skb->len) {
			*cwnd_limited = true;
			return true;
		}
	} else if (send_win <= skb->len) {
		*rwnd_limited = true;
		return true;
	}
	/* A FIN, or the end of what will be sent, does not wait. */
	if (TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN || TCP_SKB_CB(skb)->eor)
		return false;
	return true;
}

/* ---- idle connections and the use of the window ---- */

/* RFC 2861: what the window was good for is forgotten at one half for every RTO of idleness. */
static void tcp_cwnd_restart(struct sock *sk, u64 idle_us)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 restart = min(tcp_init_cwnd(sk), tp->snd_cwnd), cwnd = tp->snd_cwnd, rto = inet_csk(sk)->icsk_rto;

	tcp_ca_event(sk, CA_EVENT_CWND_RESTART);
	tp->snd_ssthresh = tcp_current_ssthresh(sk);
	while (idle_us > rto && cwnd > restart) {
		idle_us -= rto;
		cwnd >>= 1;
	}
	tp->snd_cwnd = max(cwnd, restart);
	tp->snd_cwnd_stamp = tcp_now(tp);
	tp->snd_cwnd_used = 0;
}

void tcp_slow_start_after_idle_check(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	s32 idle;

	if (!net_sysctl.tcp_slow_start_after_idle || tp->packets_out)
		return;
	/* the socket's own time may be that of the last segment */
	idle = (s32)(tcp_time_ms() - tp->lsndtime);
	if (idle > 0 && (u64)idle * 1000 > inet_csk(sk)->icsk_rto)
		tcp_cwnd_restart(sk, (u64)idle * 1000);
}

/* The program did not use its window for an RTO: the window shrinks towards what was used. */
static void tcp_cwnd_application_limited(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (inet_csk(sk)->icsk_ca_state == TCP_CA_Open && sk->sk_socket && !sock_flag(sk, SOCK_NOSPACE)) {
		u32 used = max(tp->snd_cwnd_used, tcp_init_cwnd(sk));

		if (used < tp->snd_cwnd) {
			tp->snd_ssthresh = tcp_current_ssthresh(sk);
			tp->snd_cwnd = (tp->snd_cwnd + used) >> 1;
		}
		tp->snd_cwnd_used = 0;
	}
	tp->snd_cwnd_stamp = tcp_now(tp);
}

static void tcp_cwnd_validate(struct sock *sk, bool is_cwnd_limited)
{
	struct tcp_sock *tp = tcp_sk(sk);

	/* The greatest use in this round decides whether it was limited by cwnd. */
	if (!before(tp->snd_una, tp->cwnd_usage_seq) || is_cwnd_limited
			|| (!tp->is_cwnd_limited && tp->packets_out > tp->max_packets_out)) {
		tp->is_cwnd_limited = is_cwnd_limited;
		tp->max_packets_out = tp->packets_out;
		tp->cwnd_usage_seq = tp->snd_nxt;
	}
	if (tcp_is_cwnd_limited(sk)) {
		tp->snd_cwnd_used = 0;
		tp->snd_cwnd_stamp = tcp_now(tp);
		return;
	}
	tp->snd_cwnd_used = max(tp->snd_cwnd_used, tp->packets_out);
	if (net_sysctl.tcp_slow_start_after_idle && (u64)(tcp_now(tp) - tp->snd_cwnd_stamp) * 1000 >= inet_csk(sk)->icsk_rto)
		tcp_cwnd_application_limited(sk);
	if (skb_queue_empty(&sk->sk_write_queue) && sock_flag(sk, SOCK_NOSPACE) && sk->sk_state != TCP_CLOSE)
		tcp_chrono_start(sk, TCP_CHRONO_SNDBUF_LIMITED);
}

/* ---- the loop ---- */

/* @skb has gone: from the write queue to the retransmit queue. */
void tcp_event_new_data_sent(struct sock *sk, struct sk_buff *skb)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	u32 prior = tp->packets_out;

	tp->snd_nxt = TCP_SKB_CB(skb)->end_seq;
	skb_unlink(skb, &sk->sk_write_queue);
	tcp_rtx_queue_insert(sk, skb);
	list_add_tail(&skb->tcp_tsorted, &tp->tsorted_sent_queue);
	if (!tp->highest_sack)
		tp->highest_sack = skb;
	tp->packets_out += tcp_skb_pcount(skb);
	if (!prior || icsk->icsk_pending == ICSK_TIME_LOSS_PROBE)
		tcp_rearm_rto(sk);
	NET_ADD_STATS(LINUX_MIB_TCPORIGDATASENT, tcp_skb_pcount(skb));
}

/* Sends what may go. @push_one: 0 all, 1 one packet (of a write just made), 2 one as a probe whatever cwnd says.
 * True: nothing is in flight though there is data (the peer's window is closed): the caller sees to a probe. */
bool tcp_write_xmit(struct sock *sk, u32 mss, int nonagle, int push_one)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb;
	u32 sent = 0, max_segs, quota;
	bool cwnd_limited = false, rwnd_limited = false;

	tcp_mstamp_refresh(tp);
	max_segs = tcp_tso_segs(sk, mss);
	if (!push_one) {
		int probed = tcp_mtu_probe(sk);

		if (!probed)
			return false;
		sent = probed > 0;
	}
	while ((skb = skb_peek(&sk->sk_write_queue))) {
		u32 limit = mss, segs;

		if (tcp_pacing_check(sk))
			break;
		quota = tcp_cwnd_test(tp);
		if (!quota) {
			if (push_one == 2)
				quota = 1;
			else
				break;
		}
		quota = min(quota, max_segs);
		if (min(quota * mss, TCP_GSO_PAYLOAD_MAX) > skb->len)
			tcp_grow_skb(sk, skb, min(quota * mss, TCP_GSO_PAYLOAD_MAX) - skb->len);
		segs = skb->len ? (skb->len + mss - 1) / mss : 1;
		tcp_init_tso_segs(skb, mss);
		if (!tcp_snd_wnd_test(tp, skb, mss)) {
			rwnd_limited = true;
			break;
		}
		if (segs == 1) {
			if (!tcp_nagle_test(tp, skb, mss, skb == skb_peek_tail(&sk->sk_write_queue) ? nonagle : TCP_NAGLE_PUSH))
				break;
		} else if (!push_one && tcp_tso_should_defer(sk, skb, &cwnd_limited, &rwnd_limited, max_segs)) {
			break;
		}
		if (segs > 1 && !tcp_urg_mode(tp))
			limit = tcp_mss_split_point(sk, skb, mss, quota, nonagle);
		if (skb->len > limit && tcp_fragment(sk, true, skb, limit, mss))
			break;
		tcp_set_skb_tso_segs(skb, mss);
		TCP_SKB_CB(skb)->sacked = 0;
		if (tcp_transmit_skb(sk, skb, true))
			break;
		tcp_event_new_data_sent(sk, skb);
		tcp_minshall_update(tp, mss, skb);
		sent += tcp_skb_pcount(skb);
		if (push_one)
			break;
	}
	if (rwnd_limited)
		tcp_chrono_start(sk, TCP_CHRONO_RWND_LIMITED);
	else
		tcp_chrono_stop(sk, TCP_CHRONO_RWND_LIMITED);
	cwnd_limited |= tcp_packets_in_flight(tp) >= tp->snd_cwnd;
	if (sent || cwnd_limited)
		tcp_cwnd_validate(sk, cwnd_limited);
	if (sent) {
		if (tcp_in_cwnd_reduction(sk))
			tp->prr_out += sent;
		if (push_one != 2)
			tcp_schedule_loss_probe(sk, false);
		return false;
	}
	return !tp->packets_out && !skb_queue_empty(&sk->sk_write_queue);
}

void __tcp_push_pending_frames(struct sock *sk, u32 mss, int nonagle)
{
	if (sk->sk_state == TCP_CLOSE)
		return;
	if (tcp_write_xmit(sk, mss, nonagle, 0))
		tcp_check_probe_timer(sk);
}

void tcp_push_one(struct sock *sk, u32 mss)
{
	tcp_write_xmit(sk, mss, TCP_NAGLE_PUSH, 1);
}

/* ---- tail loss probes (RFC 8985 section 7) ---- */

bool tcp_schedule_loss_probe(struct sock *sk, bool advancing_rto)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	u32 timeout, rto;

	if (tp->fastopen_rsk)
		return false;
	if (net_sysctl.tcp_early_retrans != 3 && net_sysctl.tcp_early_retrans != 4)
		return false;
	if (!tp->packets_out || !tcp_is_sack(tp)
			|| (icsk->icsk_ca_state != TCP_CA_Open && icsk->icsk_ca_state != TCP_CA_CWR))
		return false;
	/* Two round trips; for a single segment the peer's delay of its acknowledgement on top. */
	if (tp->srtt_us) {
		timeout = max(tp->srtt_us >> 2, TCP_TIMEOUT_MIN_US);
		if (tp->packets_out == 1)
			timeout += tcp_rto_min(sk);
		else
			timeout += TCP_TIMEOUT_MIN_US;
	} else {
		timeout = TCP_TIMEOUT_INIT;
	}
	rto = advancing_rto ? icsk->icsk_rto : tcp_rto_delta_us(sk);
	if ((s32)rto > 0)
		timeout = min(timeout, rto);
	tcp_reset_xmit_timer(sk, ICSK_TIME_LOSS_PROBE, timeout);
	return true;
}

/* The probe timer fired: new data if there is any, otherwise the last segment again. */
void tcp_send_loss_probe(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 mss = tcp_current_mss(sk), pcount;
	struct sk_buff *skb;

	if (tp->tlp_high_seq)
		goto rearm;
	tp->tlp_retrans = 0;
	skb = skb_peek(&sk->sk_write_queue);
	if (skb && tcp_snd_wnd_test(tp, skb, mss)) {
		pcount = tp->packets_out;
		tcp_write_xmit(sk, mss, TCP_NAGLE_OFF, 2);
		if (tp->packets_out > pcount)
			goto sent;
		goto rearm;
	}
	skb = tcp_rtx_queue_tail(sk);
	if (!skb) {
		inet_csk(sk)->icsk_pending = 0;
		return;
	}
	pcount = tcp_skb_pcount(skb);
	if (pcount > 1 && skb->len > (pcount - 1) * mss) {
		if (tcp_fragment(sk, false, skb, (pcount - 1) * mss, mss))
			goto rearm;
		skb = tcp_rtx_queue_next(skb);
	}
	if (!skb || __tcp_retransmit_skb(sk, skb, 1))
		goto rearm;
	tp->tlp_retrans = 1;
sent:
	tp->tlp_high_seq = tp->snd_nxt;
	NET_INC_STATS(LINUX_MIB_TCPLOSSPROBES);
	inet_csk(sk)->icsk_pending = 0;
rearm:
	tcp_rearm_rto(sk);
}

/* ---- acknowledgements and probes ---- */

static struct sk_buff *tcp_bare_skb(u32 seq, u8 flags)
{
	struct sk_buff *skb = alloc_skb(MAX_TCP_HEADER);

	if (!skb)
		return NULL;
	skb_reserve(skb, MAX_TCP_HEADER);
	skb->ip_summed = CHECKSUM_PARTIAL;
	tcp_init_nondata_skb(skb, seq, flags);
	return skb;
}

static void __tcp_send_ack(struct sock *sk, u32 rcv_nxt)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct sk_buff *skb;

	if (sk->sk_state == TCP_CLOSE)
		return;
	skb = tcp_bare_skb(tcp_acceptable_seq(sk), TCPHDR_ACK);
	if (!skb) {
		/* Without memory now: as a delayed acknowledgement, later and later. */
		u32 delay = tcp_delack_max(sk) << icsk->icsk_ack.retry;

		if (delay < tcp_rto_max(sk))
			icsk->icsk_ack.retry++;
		inet_csk_schedule_ack(sk);
		icsk->icsk_ack.ato = TCP_ATO_MIN;
		tcp_reset_xmit_timer(sk, ICSK_TIME_DACK, delay);
		return;
	}
	__tcp_transmit_skb(sk, skb, false, rcv_nxt);
}

void tcp_send_ack(struct sock *sk)
{
	__tcp_send_ack(sk, tcp_sk(sk)->rcv_nxt);
}

/* An old sequence number makes the peer tell where it stands. @urgent: with the last byte before it. */
static int tcp_xmit_probe_skb(struct sock *sk, bool urgent, int mib)
{
	struct sk_buff *skb = tcp_bare_skb(tcp_sk(sk)->snd_una - !urgent, TCPHDR_ACK);

	if (!skb)
		return -1;
	NET_INC_STATS(mib);
	return tcp_transmit_skb(sk, skb, false);
}

/* A probe of the window, or of whether the peer lives: data if the window has room for some. */
int tcp_write_wakeup(struct sock *sk, int mib)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb = skb_peek(&sk->sk_write_queue);
	u32 mss, seg;
	int err;

	if (sk->sk_state == TCP_CLOSE)
		return -1;
	if (!skb || !before(TCP_SKB_CB(skb)->seq, tcp_wnd_end(tp))) {
		if (between(tp->snd_up, tp->snd_una + 1, tp->snd_una + 0xffff))
			tcp_xmit_probe_skb(sk, true, mib);
		return tcp_xmit_probe_skb(sk, false, mib);
	}
	mss = tcp_current_mss(sk);
	seg = tcp_wnd_end(tp) - TCP_SKB_CB(skb)->seq;
	if (before(tp->pushed_seq, TCP_SKB_CB(skb)->end_seq))
		tp->pushed_seq = TCP_SKB_CB(skb)->end_seq;
	if (seg < TCP_SKB_CB(skb)->end_seq - TCP_SKB_CB(skb)->seq || skb->len > mss) {
		seg = min(seg, mss);
		TCP_SKB_CB(skb)->tcp_flags |= TCPHDR_PSH;
		if (seg < skb->len && tcp_fragment(sk, true, skb, seg, mss))
			return -1;
	}
	tcp_set_skb_tso_segs(skb, mss);
	TCP_SKB_CB(skb)->tcp_flags |= TCPHDR_PSH;
	err = tcp_transmit_skb(sk, skb, true);
	if (!err)
		tcp_event_new_data_sent(sk, skb);
	return err;
}

/* The peer's window is closed and nothing is in flight. */
void tcp_send_probe0(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	int err = tcp_write_wakeup(sk, LINUX_MIB_TCPWINPROBE);
	u64 timeout;

	if (tp->packets_out || skb_queue_empty(&sk->sk_write_queue)) {
		icsk->icsk_probes_out = 0;
		icsk->icsk_backoff = 0;
		icsk->icsk_probes_tstamp = 0;
		return;
	}
	icsk->icsk_probes_out++;
	if (err <= 0) {
		if (icsk->icsk_backoff < (u32)net_sysctl.tcp_retries2)
			icsk->icsk_backoff++;
		timeout = tcp_probe0_when(sk, tcp_rto_max(sk));
	} else {
		timeout = TCP_RESOURCE_PROBE_INTERVAL;
	}
	tcp_reset_xmit_timer(sk, ICSK_TIME_PROBE0, (u32)tcp_clamp_probe0_to_user_timeout(sk, timeout));
}

/* ---- FIN and RST ---- */

void tcp_send_fin(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *tail = skb_peek_tail(&sk->sk_write_queue), *skb;

	/* The FIN rides on what has not gone yet; when memory is short, on what has (it will be sent again). */
	if (!tail && tcp_under_memory_pressure())
		tail = tcp_rtx_queue_tail(sk);
	if (tail) {
		TCP_SKB_CB(tail)->tcp_flags |= TCPHDR_FIN;
		TCP_SKB_CB(tail)->end_seq++;
		tp->write_seq++;
		if (skb_queue_empty(&sk->sk_write_queue)) {
			tp->snd_nxt++;
			return;
		}
	} else {
		skb = tcp_bare_skb(tp->write_seq, TCPHDR_ACK | TCPHDR_FIN);
		if (!skb)
			return;
		tcp_queue_skb(sk, skb);
	}
	__tcp_push_pending_frames(sk, tcp_current_mss(sk), TCP_NAGLE_OFF);
}

/* The program is gone without having read everything, or wants it so. */
void tcp_send_active_reset(struct sock *sk)
{
	struct sk_buff *skb;

	TCP_INC_STATS(TCP_MIB_OUTRSTS);
	skb = tcp_bare_skb(tcp_acceptable_seq(sk), TCPHDR_ACK | TCPHDR_RST);
	if (!skb) {
		NET_INC_STATS(LINUX_MIB_TCPABORTFAILED);
		return;
	}
	tcp_mstamp_refresh(tcp_sk(sk));
	if (tcp_transmit_skb(sk, skb, false))
		NET_INC_STATS(LINUX_MIB_TCPABORTFAILED);
}
