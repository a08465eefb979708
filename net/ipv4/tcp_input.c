/* Segments of an existing connection: header prediction for the common ones, otherwise the checks of RFC 9293 3.10.7.4 with
 * PAWS (RFC 7323) and the challenge acknowledgements of RFC 5961. Acknowledgements are tcp_ack.c's, data tcp_data.c's, the
 * states other than ESTABLISHED tcp_state.c's. */
#include "../tcp.h"
#include "byteorder.h"

/* ---- timestamps ---- */

void tcp_store_ts_recent(struct tcp_sock *tp)
{
	tp->rx_opt.ts_recent = tp->rx_opt.rcv_tsval;
	tp->rx_opt.ts_recent_stamp = tcp_seconds();
}

/* Is the timestamp not older than what was seen, by more than @window? */
static bool tcp_paws_check(const struct tcp_options_received *rx, int window)
{
	if ((s32)(rx->ts_recent - rx->rcv_tsval) <= window)
		return true;
	if (tcp_seconds() >= rx->ts_recent_stamp + TCP_PAWS_WRAP)
		return true;
	/* Some systems begin with zero. */
	return !rx->ts_recent;
}

bool tcp_paws_reject(const struct tcp_options_received *rx, bool rst)
{
	if (tcp_paws_check(rx, 0))
		return false;
	/* A RST need not have a good timestamp after a while. */
	return !(rst && tcp_seconds() >= rx->ts_recent_stamp + TCP_PAWS_MSL);
}

void tcp_replace_ts_recent(struct tcp_sock *tp, u32 seq)
{
	if (tp->rx_opt.saw_tstamp && !after(seq, tp->rcv_wup) && tcp_paws_check(&tp->rx_opt, 0))
		tcp_store_ts_recent(tp);
}

/* A duplicate acknowledgement that was overtaken in the net: old, but harmless and of use. */
static bool tcp_disordered_ack(const struct sock *sk, const struct sk_buff *skb)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	const struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
	u32 nwin = (u32)cb->window << tp->rx_opt.snd_wscale;
	bool updates = after(cb->ack_seq, tp->snd_una) || after(cb->seq, tp->snd_wl1)
		|| (cb->seq == tp->snd_wl1 && (nwin > tp->snd_wnd || !nwin));

	return cb->tcp_flags & TCPHDR_ACK && cb->seq == cb->end_seq && cb->seq == tp->rcv_nxt && cb->ack_seq == tp->snd_una
		&& !updates && (s32)(tp->rx_opt.ts_recent - tp->rx_opt.rcv_tsval) <= (s32)(inet_csk(sk)->icsk_rto / 1000 * 6 / 5);
}

/* ---- answers to what is not acceptable ---- */

/* At most one in tcp_invalid_ratelimit ms, so that two ends that disagree do not answer each other for ever. */
static bool tcp_rate_limited(u64 *last)
{
	u64 now = ktime_get() / 1000000;

	if (*last && now - *last < (u64)net_sysctl.tcp_invalid_ratelimit)
		return true;
	*last = now ? now : 1;
	return false;
}

/* Segments with data but SYNs are never limited. */
bool tcp_oow_rate_limited(const struct sk_buff *skb, u64 *last)
{
	if (TCP_SKB_CB(skb)->seq != TCP_SKB_CB(skb)->end_seq && !(TCP_SKB_CB(skb)->tcp_flags & TCPHDR_SYN))
		return false;
	return tcp_rate_limited(last);
}

/* RFC 5961: a suspicious RST, SYN or acknowledgement is answered by the truth, which a true peer will act upon. */
void tcp_send_challenge_ack(struct sock *sk)
{
	static u32 second, left;
	u32 now = tcp_seconds(), limit = (u32)net_sysctl.tcp_challenge_ack_limit;

	if (tcp_rate_limited(&tcp_sk(sk)->last_oow_ack_time)) {
		NET_INC_STATS(LINUX_MIB_TCPACKSKIPPEDCHALLENGE);
		return;
	}
	if (limit != 0x7fffffff) {
		if (now != second) {
			second = now;
			left = limit;
		}
		if (!left)
			return;
		left--;
	}
	NET_INC_STATS(LINUX_MIB_TCPCHALLENGEACK);
	tcp_send_ack(sk);
}

static void tcp_send_dupack(struct sock *sk, const struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	const struct tcp_skb_cb *cb = TCP_SKB_CB(skb);

	if (cb->end_seq != cb->seq && before(cb->seq, tp->rcv_nxt)) {
		NET_INC_STATS(LINUX_MIB_DELAYEDACKLOST);
		tcp_enter_quickack_mode(sk, TCP_MAX_QUICKACKS);
		if (tcp_is_sack(tp) && net_sysctl.tcp_dsack)
			tcp_dsack_set(sk, cb->seq, after(cb->end_seq, tp->rcv_nxt) ? tp->rcv_nxt : cb->end_seq);
	}
	tcp_send_ack(sk);
}

/* The peer has given up. */
void tcp_reset(struct sock *sk)
{
	switch (sk->sk_state) {
	case TCP_SYN_SENT:
		sk->sk_err = ECONNREFUSED;
		break;
	case TCP_CLOSE_WAIT:
		sk->sk_err = EPIPE;
		break;
	case TCP_CLOSE:
		return;
	default:
		sk->sk_err = ECONNRESET;
	}
	tcp_write_queue_purge(sk);
	tcp_done(sk);
	if (!sock_flag(sk, SOCK_DEAD))
		sk_error_report(sk);
}

/* ---- acceptability ---- */

static bool tcp_sequence_ok(const struct tcp_sock *tp, const struct tcp_skb_cb *cb)
{
	return !before(cb->end_seq, tp->rcv_wup) && !after(cb->seq, tp->rcv_nxt + tcp_receive_window(tp));
}

/* A RST just below the FIN that was received: the peer reset instead of waiting. */
static bool tcp_reset_check(const struct sock *sk, const struct sk_buff *skb)
{
	return TCP_SKB_CB(skb)->seq == tcp_sk(sk)->rcv_nxt - 1
		&& TCPF(sk->sk_state) & (TCPF(TCP_CLOSE_WAIT) | TCPF(TCP_LAST_ACK) | TCPF(TCP_CLOSING));
}

/* RFC 5961 3.2: exactly the next byte, or the right edge of the furthest SACK block that we told of. */
static bool tcp_rst_acceptable(const struct sock *sk, const struct sk_buff *skb)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 max_sack;

	if (TCP_SKB_CB(skb)->seq == tp->rcv_nxt || tcp_reset_check(sk, skb))
		return true;
	if (!tcp_is_sack(tp) || !tp->rx_opt.num_sacks)
		return false;
	max_sack = tp->selective_acks[0].end_seq;
	for (int i = 1; i < tp->rx_opt.num_sacks; i++)
		if (after(tp->selective_acks[i].end_seq, max_sack))
			max_sack = tp->selective_acks[i].end_seq;
	return TCP_SKB_CB(skb)->seq == max_sack;
}

static void tcp_syn_challenge(struct sock *sk, bool syn_inerr)
{
	if (syn_inerr)
		TCP_INC_STATS(TCP_MIB_INERRS);
	NET_INC_STATS(LINUX_MIB_TCPSYNCHALLENGE);
	tcp_send_challenge_ack(sk);
}

/* Simultaneous open: the peer's SYN-ACK repeats the SYN that has been taken. */
static bool tcp_crossed_synack(const struct sock *sk, const struct sk_buff *skb, const struct tcphdr *th)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	const struct tcp_skb_cb *cb = TCP_SKB_CB(skb);

	return sk->sk_state == TCP_SYN_RECV && sk->sk_socket && th->ack && cb->seq + 1 == cb->end_seq
		&& cb->seq + 1 == tp->rcv_nxt && cb->ack_seq == tp->snd_nxt;
}

/* False: the segment was answered as it deserves; the caller frees it. */
bool tcp_validate_incoming(struct sock *sk, struct sk_buff *skb, const struct tcphdr *th, bool syn_inerr)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (tcp_fast_parse_options(skb, tp) && tp->rx_opt.saw_tstamp && !tcp_paws_check(&tp->rx_opt, TCP_PAWS_WINDOW)
			&& !tcp_disordered_ack(sk, skb) && !th->rst) {
		if (th->syn) {
			tcp_syn_challenge(sk, syn_inerr);
			return false;
		}
		NET_INC_STATS(LINUX_MIB_PAWSESTABREJECTED);
		if (!tcp_oow_rate_limited(skb, &tp->last_oow_ack_time))
			tcp_send_dupack(sk, skb);
		else
			NET_INC_STATS(LINUX_MIB_TCPACKSKIPPEDPAWS);
		return false;
	}
	if (!tcp_sequence_ok(tp, TCP_SKB_CB(skb))) {
		if (th->rst) {
			if (tcp_reset_check(sk, skb))
				tcp_reset(sk);
		} else if (th->syn && !tcp_crossed_synack(sk, skb, th)) {
			tcp_syn_challenge(sk, syn_inerr);
		} else if (th->syn) {
			return true;
		} else if (!tcp_oow_rate_limited(skb, &tp->last_oow_ack_time)) {
			tcp_send_dupack(sk, skb);
		} else {
			NET_INC_STATS(LINUX_MIB_TCPACKSKIPPEDSEQ);
		}
		return false;
	}
	if (th->rst) {
		if (tcp_rst_acceptable(sk, skb))
			tcp_reset(sk);
		else
			tcp_send_challenge_ack(sk);
		return false;
	}
	if (th->syn && !tcp_crossed_synack(sk, skb, th)) {
		tcp_syn_challenge(sk, syn_inerr);
		return false;
	}
	return true;
}

/* ---- header prediction ---- */

/* The word of the header with length, flags and window, if the next segment is like most: no flags but ACK and PSH, the same
 * window, only timestamps. */
void tcp_fast_path_on(struct tcp_sock *tp, u32 snd_wnd)
{
	tp->pred_flags = htonl((u32)tp->tcp_header_len << 26 | TCPHDR_ACK << 16 | (snd_wnd & 0xffff));
}

void tcp_fast_path_check(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (treap_empty(&tp->ooo_queue) && tp->rcv_wnd && (int)sk->sk_rmem_alloc < sk->sk_rcvbuf && !tp->urg_data)
		tcp_fast_path_on(tp, tp->snd_wnd >> tp->rx_opt.snd_wscale);
}

static void tcp_hp_data(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tcp_rcv_rtt_measure_ts(sk, skb);
	NET_INC_STATS(LINUX_MIB_TCPHPHITS);
	skb_dst_drop(skb);
	skb_pull(skb, tp->tcp_header_len);
	tcp_queue_rcv(sk, skb_get(skb));
	tcp_event_data_recv(sk, skb);
	if (TCP_SKB_CB(skb)->ack_seq != tp->snd_una) {
		tcp_ack(sk, skb, FLAG_DATA);
		tcp_data_snd_check(sk);
		if (!inet_csk_ack_scheduled(sk))
			goto no_ack;
	} else {
		tp->snd_wl1 = TCP_SKB_CB(skb)->seq;
	}
	__tcp_ack_snd_check(sk, false);
no_ack:
	kfree_skb(skb);
	tcp_data_ready(sk);
}

/* True: the segment was what header prediction had expected, and is done with. */
static bool tcp_predicted(struct sock *sk, struct sk_buff *skb)
{
	const struct tcphdr *th = tcp_hdr(skb);
	struct tcp_sock *tp = tcp_sk(sk);
	u32 header = tp->tcp_header_len;

	if ((get_unaligned32((const u8 *)th + 12) & ~htonl(0x0f000000 | TCPHDR_PSH << 16)) != tp->pred_flags
			|| TCP_SKB_CB(skb)->seq != tp->rcv_nxt || after(TCP_SKB_CB(skb)->ack_seq, tp->snd_nxt)
			|| before(TCP_SKB_CB(skb)->ack_seq, tp->snd_una)) /* an old one may be forged: RFC 5961, 5.2 */
		return false;
	if (header == sizeof(*th) + TCPOLEN_TSTAMP_ALIGNED) {
		if (!tcp_parse_aligned_timestamp(tp, th) || (s32)(tp->rx_opt.rcv_tsval - tp->rx_opt.ts_recent) < 0)
			return false;
		if (tp->rcv_nxt == tp->rcv_wup && skb->len >= header)
			tcp_store_ts_recent(tp);
	}
	if (skb->len > header) {
		if ((int)sk->sk_rmem_alloc > sk->sk_rcvbuf || tcp_under_memory_pressure())
			return false;
		tcp_hp_data(sk, skb);
		return true;
	}
	if (skb->len == header) {
		tcp_ack(sk, skb, 0);
		kfree_skb(skb);
		tcp_data_snd_check(sk);
		tp->rcv_rtt_last_tsecr = tp->rx_opt.rcv_tsecr;
		return true;
	}
	TCP_INC_STATS(TCP_MIB_INERRS);
	kfree_skb(skb);
	return true;
}

/* Takes over @skb, whose header is whole and checked. */
void tcp_rcv_established(struct sock *sk, struct sk_buff *skb)
{
	const struct tcphdr *th = tcp_hdr(skb);
	struct tcp_sock *tp = tcp_sk(sk);

	tcp_mstamp_refresh(tp);
	tp->rx_opt.saw_tstamp = 0;
	if (tcp_predicted(sk, skb))
		return;
	if (!th->ack && !th->rst && !th->syn)
		goto discard;
	if (!tcp_validate_incoming(sk, skb, th, true))
		goto discard;
	if (tcp_ack(sk, skb, FLAG_SLOWPATH | FLAG_UPDATE_TS_RECENT) < 0)
		goto discard;
	tcp_rcv_rtt_measure_ts(sk, skb);
	tcp_urg(sk, skb, th);
	tcp_data_queue(sk, skb);
	tcp_data_snd_check(sk);
	tcp_ack_snd_check(sk);
	return;
discard:
	kfree_skb(skb);
}
