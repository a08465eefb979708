/* From a request to a connection: what the handshake's last segment must be, and what the new socket starts with. */
#include "../tcp.h"
#include "byteorder.h"
#include "string.h"

static bool tcp_in_window(u32 seq, u32 end_seq, u32 s_win, u32 e_win)
{
	if (seq == s_win)
		return true;
	if (after(end_seq, s_win) && before(seq, e_win))
		return true;
	return seq == e_win && seq == end_seq;
}

/* The congestion control of the route, or that the listener was given, or the default. */
static void tcp_ca_openreq_child(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	if (sk->sk_dst_cache && dst_metric(sk->sk_dst_cache, RTAX_CC_ALGO))
		tcp_ca_dst_init(sk, sk->sk_dst_cache);
	else if (!icsk->icsk_ca_setsockopt)
		tcp_assign_congestion_control(sk);
	icsk->icsk_ca_initialized = false;
	tcp_set_ca_state(sk, TCP_CA_Open);
}

static void tcp_child_options(struct tcp_sock *tp, const struct request_sock *req, u32 window)
{
	tp->rx_opt.tstamp_ok = req->tstamp_ok;
	tp->rx_opt.sack_ok = req->sack_ok;
	tp->window_clamp = req->rsk_window_clamp;
	tp->rcv_ssthresh = req->rsk_rcv_wnd;
	tp->rcv_wnd = req->rsk_rcv_wnd;
	tp->rx_opt.wscale_ok = req->wscale_ok;
	if (req->wscale_ok) {
		tp->rx_opt.snd_wscale = req->snd_wscale;
		tp->rx_opt.rcv_wscale = req->rcv_wscale;
	} else {
		tp->rx_opt.snd_wscale = tp->rx_opt.rcv_wscale = 0;
		tp->window_clamp = min(tp->window_clamp, 65535u);
	}
	tp->snd_wnd = window << tp->rx_opt.snd_wscale;
	tp->max_window = tp->snd_wnd;
	if (req->tstamp_ok) {
		tp->rx_opt.ts_recent = req->ts_recent;
		tp->rx_opt.ts_recent_stamp = tcp_seconds();
		tp->tcp_header_len = sizeof(struct tcphdr) + TCPOLEN_TSTAMP_ALIGNED;
	} else {
		tp->rx_opt.ts_recent_stamp = 0;
		tp->tcp_header_len = sizeof(struct tcphdr);
	}
}

/* A socket in SYN-RECEIVED from the listener and the request; its addresses are the family's to fill. NULL: no memory. */
struct sock *tcp_create_openreq_child(const struct sock *sk, struct request_sock *req, struct sk_buff *skb)
{
	struct sock *newsk = inet_csk_clone(sk, req);
	struct tcp_sock *tp;
	struct inet_connection_sock *icsk;

	if (!newsk)
		return NULL;
	if (newsk->sk_family == AF_INET6)
		tcp_v6_fix_child(newsk);
	tp = tcp_sk(newsk);
	icsk = inet_csk(newsk);
	tp->pred_flags = 0;
	tp->rcv_wup = tp->copied_seq = tp->rcv_nxt = req->rcv_isn + 1;
	tp->segs_in = 1;
	tp->snd_sml = tp->snd_una = tp->snd_nxt = tp->snd_up = req->snt_isn + 1;
	INIT_LIST_HEAD(&tp->tsorted_sent_queue);
	tp->rtx_queue.node = tp->ooo_queue.node = NULL;
	tp->snd_wl1 = req->rcv_isn;
	tp->rtt_min = (struct minmax){ { { tcp_time_ms(), ~0u }, { tcp_time_ms(), ~0u }, { tcp_time_ms(), ~0u } } };
	icsk->icsk_ack.lrcvtime = tcp_time_ms();
	tp->lsndtime = tcp_time_ms();
	tp->app_limited = ~0u;
	tp->total_retrans = req->num_retrans;
	tcp_init_xmit_timers(newsk);
	tp->write_seq = tp->pushed_seq = req->snt_isn + 1;
	if (sock_flag(newsk, SOCK_KEEPOPEN))
		tcp_reset_keepalive_timer(newsk, keepalive_time_when(tp) * 1000000ull);
	tcp_child_options(tp, req, TCP_SKB_CB(skb)->window);
	if (req->num_timeout) {
		tp->total_rto = req->num_timeout;
		tp->undo_marker = req->snt_isn;
		tp->retrans_stamp = (u32)(req->snt_synack_first / 1000);
		tp->total_rto_time = tcp_clock_ts() - tp->retrans_stamp;
		tp->total_rto_recoveries = 1;
	}
	tp->tsoffset = req->ts_off;
	if (skb->len >= TCP_MSS_DEFAULT + tp->tcp_header_len)
		icsk->icsk_ack.last_seg_size = (u16)(skb->len - tp->tcp_header_len);
	tp->rx_opt.mss_clamp = req->mss;
	tp->ecn_flags = req->ecn_ok ? TCP_ECN_OK : 0;
	tp->fastopen_req = NULL;
	tp->fastopen_rsk = NULL;
	tp->fastopen_key = NULL;
	tp->saved_syn = req->saved_syn;
	req->saved_syn = NULL;
	tcp_ca_openreq_child(newsk);
	TCP_INC_STATS(TCP_MIB_PASSIVEOPENS);
	return newsk;
}

/* The request is of no use any more. */
static void tcp_embryonic_reset(struct sock *sk, struct sk_buff *skb, struct request_sock *req, bool fastopen)
{
	if (!(TCP_SKB_CB(skb)->tcp_flags & TCPHDR_RST)) {
		tcp_send_reset(sk, skb);
	} else if (fastopen) {
		reqsk_fastopen_remove(sk, req, true);
		tcp_reset(sk);
	}
	if (!fastopen && inet_csk_reqsk_queue_drop(sk, req))
		NET_INC_STATS(LINUX_MIB_EMBRYONICRSTS);
}

/* False: the timestamp is too old. Keeps a newer one. */
static bool tcp_req_timestamp(struct sk_buff *skb, struct request_sock *req, struct tcp_options_received *opt)
{
	u64 age = min(req->timeout << min(req->num_timeout, (u8)20), (u64)tcp_rto_max(req->rsk_listener));

	opt->tstamp_ok = 1;
	if (tcp_hdr(skb)->doff <= sizeof(struct tcphdr) / 4)
		return true;
	tcp_parse_options(skb, opt, false, NULL);
	if (!opt->saw_tstamp)
		return true;
	opt->ts_recent = req->ts_recent;
	if (opt->rcv_tsecr)
		opt->rcv_tsecr -= req->ts_off;
	opt->ts_recent_stamp = tcp_seconds() - (u32)(age / 1000000);
	return !tcp_paws_reject(opt, tcp_hdr(skb)->rst);
}

/* A segment for a request. Returns the new connection, @sk itself (the segment is not for the request: the listener is to
 * see it, or with @fastopen the connection goes on), or NULL: done, the caller frees it. With a connection, the caller's
 * reference of @req has gone to the accept queue. */
struct sock *tcp_check_req(struct sock *sk, struct sk_buff *skb, struct request_sock *req, bool fastopen, bool *lost)
{
	struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
	u8 flags = cb->tcp_flags & (TCPHDR_RST | TCPHDR_SYN | TCPHDR_ACK);
	struct tcp_options_received opt = { 0 };
	bool paws_ok = tcp_req_timestamp(skb, req, &opt), own_req = false;
	struct sock *child;

	*lost = false;
	if (cb->seq == req->rcv_isn && flags == TCPHDR_SYN && paws_ok) {
		tcp_req_resend(sk, skb, req, fastopen);
		return NULL;
	}
	/* An acknowledgement of something else: the listener answers it with a RST. */
	if (flags & TCPHDR_ACK && !fastopen && cb->ack_seq != req->snt_isn + 1)
		return sk;
	if (!paws_ok || !tcp_in_window(cb->seq, cb->end_seq, req->rcv_nxt,
			req->rcv_nxt + min(req->rsk_rcv_wnd, 65535u))) {
		if (!(flags & TCPHDR_RST) && !tcp_oow_rate_limited(skb, &req->last_oow_ack_time))
			tcp_req_send_ack(sk, skb, req);
		if (!paws_ok)
			NET_INC_STATS(LINUX_MIB_PAWSESTABREJECTED);
		return NULL;
	}
	if (opt.saw_tstamp && !after(cb->seq, req->rcv_nxt))
		req->ts_recent = opt.rcv_tsval;
	if (cb->seq == req->rcv_isn)
		flags &= (u8)~TCPHDR_SYN;
	if (flags & (TCPHDR_RST | TCPHDR_SYN)) {
		TCP_INC_STATS(TCP_MIB_ATTEMPTFAILS);
		tcp_embryonic_reset(sk, skb, req, fastopen);
		return NULL;
	}
	if (!(flags & TCPHDR_ACK))
		return NULL;
	if (fastopen)
		return sk;
	if (req->num_timeout < inet_csk(sk)->icsk_accept_queue.defer_accept && cb->end_seq == req->rcv_isn + 1) {
		req->acked = true;
		NET_INC_STATS(LINUX_MIB_TCPDEFERACCEPTDROP);
		return NULL;
	}
	child = inet_csk(sk)->icsk_af_ops->syn_recv_sock(sk, skb, req, NULL, req, &own_req);
	if (!child) {
		if (!net_sysctl.tcp_abort_on_overflow) {
			req->acked = true;
			return NULL;
		}
		tcp_embryonic_reset(sk, skb, req, fastopen);
		return NULL;
	}
	tcp_synack_rtt_meas(child, req);
	*lost = !own_req;
	return inet_csk_complete_hashdance(sk, child, req, own_req);
}

/* An acknowledgement in the request's name. */
void tcp_req_send_ack(const struct sock *sk, struct sk_buff *skb, struct request_sock *req)
{
	u32 seq = sk->sk_state == TCP_LISTEN ? req->snt_isn + 1 : tcp_sk(sk)->snd_nxt;
	u32 win = req->rsk_rcv_wnd >> req->rcv_wscale;

	if (skb->protocol == htons(ETH_P_IPV6))
		tcp_v6_send_ack_for(sk, skb, seq, req->rcv_nxt, win, tcp_rsk_tsval(req), req->ts_recent, req->ir_iif,
			TCP_SKB_CB(skb)->ip_dsfield & ~3, 0);
	else
		tcp_v4_send_ack_for(sk, skb, seq, req->rcv_nxt, win, tcp_rsk_tsval(req), req->ts_recent, req->ir_iif,
			TCP_SKB_CB(skb)->ip_dsfield & ~3);
}

/* The connection's first segment, after the listener's part. */
void tcp_child_process(struct sock *parent, struct sock *child, struct sk_buff *skb)
{
	int state = child->sk_state;

	tcp_segs_in(tcp_sk(child), skb);
	sock_hold(child);
	if (!sock_owned_by_user(child)) {
		if (tcp_rcv_state_process(child, skb)) {
			tcp_send_reset(child, skb);
			kfree_skb(skb);
		}
		if (state == TCP_SYN_RECV && child->sk_state != state)
			parent->sk_data_ready(parent);
	} else if (sk_add_backlog(child, skb, (u32)child->sk_rcvbuf + (u32)child->sk_sndbuf)) {
		kfree_skb(skb);
	}
	sock_put(child);
}
