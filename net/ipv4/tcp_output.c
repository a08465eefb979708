/* From a buffer of the queue to a packet: segment sizes (MSS), the window that is advertised, the header, and the hand-over to
 * IP. When and what to send is decided in tcp_xmit.c and tcp_retransmit.c. */
#include "../tcp.h"
#include "string.h"

/* ---- segment sizes ---- */

/* The MSS that SYN advertises: what the route gives, unless the program wants less. */
u16 tcp_advertise_mss(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	const struct dst_entry *dst = sk_dst_check(sk);

	if (dst)
		tp->advmss = min(tp->advmss, (u16)tcp_dst_advmss(dst));
	return tp->advmss;
}

/* A segment may be at most half of the largest window the peer ever offered: otherwise small windows would deadlock with
 * avoidance of silly windows. */
static u32 tcp_bound_to_half_wnd(const struct tcp_sock *tp, u32 size)
{
	u32 cutoff = tp->max_window > TCP_MSS_DEFAULT ? tp->max_window >> 1 : tp->max_window;

	if (cutoff && size > cutoff)
		return max((int)cutoff, 68 - (int)tp->tcp_header_len);
	return size;
}

/* Payload of a packet of @pmtu bytes without SACK blocks. */
u32 tcp_mtu_to_mss(struct sock *sk, u32 pmtu)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct inet_connection_sock *icsk = inet_csk(sk);
	int mss = (int)pmtu - icsk->icsk_af_ops->net_header_len - (int)sizeof(struct tcphdr);

	mss = min(mss, (int)tp->rx_opt.mss_clamp);
	mss -= icsk->icsk_ext_hdr_len;
	mss = max(mss, net_sysctl.tcp_min_snd_mss);
	return (u32)(mss - (tp->tcp_header_len - (int)sizeof(struct tcphdr)));
}

u32 tcp_sync_mss(struct sock *sk, u32 pmtu)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 mss = tcp_bound_to_half_wnd(tp, tcp_mtu_to_mss(sk, pmtu));

	tp->mtup.search_high = min(tp->mtup.search_high, pmtu);
	if (tp->mtup.enabled)
		mss = min(mss, tcp_mtu_to_mss(sk, tp->mtup.search_low));
	inet_csk(sk)->icsk_pmtu_cookie = pmtu;
	tp->mss_cache = (u16)mss;
	return mss;
}

/* Payload of the next segment, as the route and the options of the moment are. */
u32 tcp_current_mss(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	const struct dst_entry *dst = sk_dst_check(sk);
	struct tcp_out_options opts = { 0 };
	u32 mss = tp->mss_cache, header;

	if (dst && dst_mtu(dst) != inet_csk(sk)->icsk_pmtu_cookie)
		mss = tcp_sync_mss(sk, dst_mtu(dst));
	header = tcp_established_options(sk, false, &opts) + (u32)sizeof(struct tcphdr);
	return mss - (header - tp->tcp_header_len);
}

/* How much goes into one buffer: as many segments as a packet of TCP_MAX_GSO holds. */
static u32 tcp_xmit_size_goal(struct sock *sk, u32 mss, bool large)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 limit, goal;

	if (!large)
		return mss;
	limit = tcp_bound_to_half_wnd(tp, TCP_GSO_PAYLOAD_MAX);
	goal = tp->gso_segs_max * mss;
	if (limit < goal || limit >= goal + mss) {
		tp->gso_segs_max = (u16)(limit / mss);
		goal = tp->gso_segs_max * mss;
	}
	return max(goal, mss);
}

u32 tcp_send_mss(struct sock *sk, u32 *size_goal, unsigned flags)
{
	u32 mss = tcp_current_mss(sk);

	*size_goal = tcp_xmit_size_goal(sk, mss, !(flags & MSG_OOB));
	return mss;
}

/* ---- the window that is offered ---- */

void tcp_select_initial_window(const struct sock *sk, int space, u32 mss, u32 *rcv_wnd, u32 *window_clamp, bool wscale_ok,
	u8 *rcv_wscale, u32 init_rcv_wnd)
{
	space = max(space, 0);
	if (!*window_clamp)
		*window_clamp = 65535u << TCP_MAX_WSCALE;
	space = (int)min(*window_clamp, (u32)space);
	if (space > (int)mss)
		space = space / (int)mss * (int)mss;
	*rcv_wnd = (u32)space; /* a SYN's field tells as much of it as it can */
	if (init_rcv_wnd)
		*rcv_wnd = min(*rcv_wnd, init_rcv_wnd * mss);
	*rcv_wscale = 0;
	if (wscale_ok) {
		/* As large as the buffer may ever become. */
		u32 most = max((u32)space, (u32)max(net_sysctl.tcp_rmem[2], net_sysctl.rmem_max));

		most = min(most, *window_clamp);
		while (*rcv_wscale < TCP_MAX_WSCALE && most >> *rcv_wscale > 65535)
			++*rcv_wscale;
	}
	*window_clamp = min(65535u << *rcv_wscale, *window_clamp);
}

/* The free space in a form that avoids silly windows (RFC 9293 3.8.6.2.2, Linux's variant). */
u32 __tcp_select_window(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	int mss = icsk->icsk_ack.rcv_mss, free = tcp_space(sk), allowed = tcp_full_space(sk);
	int full = min((int)tp->window_clamp, allowed), window;

	if (mss > full)
		mss = full;
	if (mss <= 0)
		return 0;
	if (free < full >> 1) {
		icsk->icsk_ack.quick = 0;
		if (tcp_under_memory_pressure())
			tcp_adjust_rcv_ssthresh(sk);
		free = (int)round_down((u32)max(free, 0), 1u << tp->rx_opt.rcv_wscale);
		/* Nearly full: close the window rather than offer crumbs. */
		if (free < allowed >> 4 || free < mss)
			return 0;
	}
	free = min(free, (int)tp->rcv_ssthresh);
	if (tp->rx_opt.rcv_wscale)
		return round_up((u32)free, 1u << tp->rx_opt.rcv_wscale);
	window = (int)tp->rcv_wnd;
	if (window <= free - mss || window > free)
		window = free / mss * mss;
	else if (mss == full && free > window + (full >> 1))
		window = free;
	return (u32)window;
}

/* The window field of the next header; remembers what was offered. The right edge never moves left. */
static u16 tcp_select_window(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 old = tp->rcv_wnd, cur = tcp_receive_window(tp), win;

	/* No memory for a segment in sequence: the peer is to stop at once. */
	if (inet_csk(sk)->icsk_ack.pending & ICSK_ACK_NOMEM) {
		tp->pred_flags = 0;
		tp->rcv_wnd = 0;
		tp->rcv_wup = tp->rcv_nxt;
		return 0;
	}
	win = __tcp_select_window(sk);
	if (win < cur) {
		if (!win)
			NET_INC_STATS(LINUX_MIB_TCPWANTZEROWINDOWADV);
		win = round_up(cur, 1u << tp->rx_opt.rcv_wscale);
	}
	tp->rcv_wnd = win;
	tp->rcv_wup = tp->rcv_nxt;
	win = min(win, 65535u << tp->rx_opt.rcv_wscale) >> tp->rx_opt.rcv_wscale;
	if (!win) {
		tp->pred_flags = 0;
		if (old)
			NET_INC_STATS(LINUX_MIB_TCPTOZEROWINDOWADV);
	} else if (!old) {
		NET_INC_STATS(LINUX_MIB_TCPFROMZEROWINDOWADV);
	}
	return (u16)win;
}

/* ---- ECN (RFC 3168) on what is sent ---- */

static void tcp_ecn_send(struct sock *sk, struct sk_buff *skb, struct tcphdr *th, u32 header)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!(tp->ecn_flags & TCP_ECN_OK))
		return;
	/* New data only: retransmissions and pure acknowledgements are not ECN-capable. */
	if (skb->len != header && !before(TCP_SKB_CB(skb)->seq, tp->snd_nxt)) {
		INET_ECN_xmit(sk);
		if (tp->ecn_flags & TCP_ECN_QUEUE_CWR) {
			tp->ecn_flags &= (u8)~TCP_ECN_QUEUE_CWR;
			th->cwr = 1;
			skb->gso_type |= SKB_GSO_TCP_ECN;
		}
	} else {
		INET_ECN_dontxmit(sk);
	}
	if (tp->ecn_flags & TCP_ECN_DEMAND_CWR)
		th->ece = 1;
}

/* ---- the header ---- */

static void tcp_event_data_sent(struct tcp_sock *tp, struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	u32 now = tcp_now(tp);

	if (!tcp_packets_in_flight(tp))
		tcp_ca_event(sk, CA_EVENT_TX_START);
	tp->lsndtime = now;
	/* A reply that follows soon: a dialogue, where acknowledgements can ride on data. */
	if (now - icsk->icsk_ack.lrcvtime < icsk->icsk_ack.ato)
		inet_csk_inc_pingpong_cnt(sk);
}

static void tcp_event_ack_sent(struct sock *sk, u32 rcv_nxt)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (tp->compressed_ack) {
		NET_ADD_STATS(LINUX_MIB_TCPACKCOMPRESSED, tp->compressed_ack);
		tp->compressed_ack = 0;
		timer_cancel(&tp->compressed_ack_timer);
	}
	if (rcv_nxt != tp->rcv_nxt)
		return;
	tcp_dec_quickack_mode(sk);
	inet_csk_clear_xmit_timer(sk, ICSK_TIME_DACK);
}

static void tcp_build_header(struct sock *sk, struct sk_buff *skb, const struct tcp_out_options *opts, u32 header)
{
	struct inet_sock *inet = inet_sk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	const struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
	struct tcphdr *th = skb_push(skb, header);

	skb_reset_transport_header(skb);
	th->source = inet->inet_sport;
	th->dest = sk->sk_dport;
	th->seq = htonl(cb->seq);
	th->ack_seq = htonl(cb->tcp_flags & TCPHDR_ACK ? tp->rcv_nxt : 0);
	((u8 *)th)[12] = (u8)(header >> 2 << 4);
	((u8 *)th)[13] = cb->tcp_flags;
	th->check = 0;
	th->urg_ptr = 0;
	if (tcp_urg_mode(tp) && before(cb->seq, tp->snd_up)) {
		if (before(tp->snd_up, cb->seq + 0x10000)) {
			th->urg_ptr = htons((u16)(tp->snd_up - cb->seq));
			th->urg = 1;
		} else if (after(cb->seq + 0xffff, tp->snd_nxt)) {
			th->urg_ptr = htons(0xffff);
			th->urg = 1;
		}
	}
	if (cb->tcp_flags & TCPHDR_SYN) {
		th->window = htons((u16)min(tp->rcv_wnd, 65535u));
	} else {
		th->window = htons(tcp_select_window(sk));
		tcp_ecn_send(sk, skb, th, header);
	}
	tcp_options_write(th, tp, opts);
}

static void put_stamped(struct sk_buff *skb)
{
	sock_put(skb->sk);
}

/* The packet for @skb of a queue: a second sk_buff on its bytes, or a copy while an earlier packet still uses them. It knows its
 * socket if that is to be told when it leaves (SO_TIMESTAMPING). */
static struct sk_buff *tcp_packet_of(struct sock *sk, struct sk_buff *skb)
{
	struct sk_buff *tx = skb_cloned(skb) ? skb_copy_expand(skb, MAX_TCP_HEADER, 0) : skb_clone(skb);

	if (!tx)
		return NULL;
	tx->tstamp = 0;
	if (unlikely(tx->tx_flags)) {
		sock_hold(sk);
		tx->sk = sk;
		tx->destructor = put_stamped;
	}
	return tx;
}

/* While pacing, the next packet goes when this one has passed at the rate, but for the first ten: what is late already is credit
 * for up to half of that. */
static void tcp_advance_wstamp(const struct sock *sk, u32 payload, u64 prior_wstamp)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u64 rate = sk->sk_pacing_rate, len_ns;

	if (!sk->sk_pacing_needed || rate == ~0ull || !rate || tp->data_segs_out < 10)
		return;
	len_ns = payload * NSEC_PER_SEC / rate;
	tp->tcp_wstamp_ns += len_ns - min(len_ns / 2, tp->tcp_wstamp_ns - prior_wstamp);
}

/* Sends @skb: a packet from its bytes when @clone_it, itself (and it is gone) otherwise. @rcv_nxt: what it acknowledges.
 * 0, -ENOBUFS (no memory: as if the net had lost it), NET_XMIT_DROP, or what IP says. */
int __tcp_transmit_skb(struct sock *sk, struct sk_buff *skb, bool clone_it, u32 rcv_nxt)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
	struct tcp_out_options opts = { 0 };
	struct sk_buff *oskb = NULL;
	u32 header, payload = skb->len;
	u64 prior_wstamp = tp->tcp_wstamp_ns;
	int err;

	tcp_mstamp_refresh(tp);
	tp->tcp_wstamp_ns = max(prior_wstamp, tp->tcp_clock_cache);
	if (clone_it) {
		oskb = skb;
		skb = tcp_packet_of(sk, oskb);
		if (!skb)
			return -ENOBUFS;
		cb = TCP_SKB_CB(skb);
	}
	if (cb->tcp_flags & TCPHDR_SYN) {
		header = tcp_syn_options(sk, &opts);
	} else {
		header = tcp_established_options(sk, true, &opts);
		/* PSH at the end of what is queued, so that receivers need not wait for more of the packet. */
		if (tcp_skb_pcount(skb) > 1)
			cb->tcp_flags |= TCPHDR_PSH;
	}
	header += sizeof(struct tcphdr);
	if (!skb->destructor)
		skb->sk = NULL;
	tcp_build_header(sk, skb, &opts, header);
	icsk->icsk_af_ops->send_check(sk, skb);
	if (cb->tcp_flags & TCPHDR_ACK)
		tcp_event_ack_sent(sk, rcv_nxt);
	if (payload) {
		tcp_event_data_sent(tp, sk);
		tp->data_segs_out += tcp_skb_pcount(skb);
		tp->bytes_sent += payload;
	}
	if (after(cb->end_seq, tp->snd_nxt) || cb->seq == cb->end_seq)
		TCP_ADD_STATS(TCP_MIB_OUTSEGS, tcp_skb_pcount(skb));
	tp->segs_out += tcp_skb_pcount(skb);
	skb->gso_segs = tcp_skb_pcount(skb);
	skb->gso_size = tcp_skb_pcount(skb) > 1 ? tcp_skb_mss(skb) : 0;
	if (skb->gso_size)
		skb->gso_type |= sk->sk_family == AF_INET6 && icsk->icsk_af_ops->net_header_len == 40 ? SKB_GSO_TCPV6 : SKB_GSO_TCPV4;
	skb->mark = sk->sk_mark;
	skb->priority = sk->sk_priority;
	skb->tx_flags = oskb ? oskb->tx_flags : 0;
	if (unlikely(skb->tx_flags)) {
		skb->tskey = oskb->tskey;
		skb_set_owner_free(skb, sk);
	}
	memset(skb->cb, 0, sizeof(skb->cb));
	if (oskb) {
		/* Before the packet leaves: over lo its acknowledgement may be back before queue_xmit returns. */
		oskb->tstamp = tp->tcp_wstamp_ns;
		tcp_advance_wstamp(sk, payload, prior_wstamp);
		if (payload || TCP_SKB_CB(oskb)->tcp_flags & (TCPHDR_SYN | TCPHDR_FIN))
			tcp_rate_skb_sent(sk, oskb);
	}
	err = icsk->icsk_af_ops->queue_xmit(sk, skb, &inet_sk(sk)->cork.fl);
	if (err > 0)
		tcp_enter_cwr(sk); /* congestion here: the device's queue is full */
	if (unlikely(err) && oskb)
		tp->tcp_wstamp_ns = oskb->tstamp; /* it takes no time on the wire */
	return err;
}

int tcp_transmit_skb(struct sock *sk, struct sk_buff *skb, bool clone_it)
{
	return __tcp_transmit_skb(sk, skb, clone_it, tcp_sk(sk)->rcv_nxt);
}
