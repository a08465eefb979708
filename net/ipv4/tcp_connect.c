/* The first segments: SYN of an active open (with data, for fast open), SYN-ACK of a passive and of a simultaneous one. */
#include "../tcp.h"
#include "byteorder.h"
#include "string.h"

static void tcp_connect_init(struct sock *sk)
{
	const struct dst_entry *dst = sk_dst_check(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	u8 rcv_wscale;

	tp->tcp_header_len = sizeof(struct tcphdr);
	if (net_sysctl.tcp_timestamps)
		tp->tcp_header_len += TCPOLEN_TSTAMP_ALIGNED;
	if (tp->rx_opt.user_mss)
		tp->rx_opt.mss_clamp = tp->rx_opt.user_mss;
	tp->max_window = 0;
	tcp_ca_dst_init(sk, dst);
	tcp_mtup_init(sk);
	tcp_sync_mss(sk, dst ? dst_mtu(dst) : 576);
	tp->advmss = tcp_mss_clamp(tp, dst ? tcp_dst_advmss(dst) : TCP_MSS_DEFAULT);
	tcp_initialize_rcv_mss(sk);
	if (!tp->window_clamp)
		tp->window_clamp = tcp_route_metric(sk, RTAX_WINDOW);
	if (sk->sk_userlocks & SOCK_RCVBUF_LOCK && (tp->window_clamp > (u32)tcp_full_space(sk) || !tp->window_clamp))
		tp->window_clamp = (u32)tcp_full_space(sk);
	tcp_select_initial_window(sk, tcp_full_space(sk),
		tp->advmss - (tp->rx_opt.ts_recent_stamp ? tp->tcp_header_len - sizeof(struct tcphdr) : 0),
		&tp->rcv_wnd, &tp->window_clamp, net_sysctl.tcp_window_scaling, &rcv_wscale,
		tcp_route_metric(sk, RTAX_INITRWND));
	tp->rx_opt.rcv_wscale = rcv_wscale;
	tp->rcv_ssthresh = tp->rcv_wnd;
	sk->sk_err = 0;
	sock_set_flag(sk, SOCK_DONE, false);
	tp->snd_wnd = 0;
	tp->snd_wl1 = 0;
	tcp_write_queue_purge(sk);
	tp->snd_una = tp->snd_sml = tp->snd_up = tp->snd_nxt = tp->write_seq;
	tp->rcv_nxt = tp->rcv_wup = tp->copied_seq = 0;
	inet_csk(sk)->icsk_rto = TCP_TIMEOUT_INIT;
	inet_csk(sk)->icsk_retransmits = 0;
	tp->retrans_out = tp->lost_out = 0;
	tp->undo_marker = 0;
	tp->undo_retrans = -1;
	tp->total_retrans = 0;
}

/* On the retransmit queue without having been on the write queue. */
static void tcp_connect_queue_skb(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);

	TCP_SKB_CB(skb)->end_seq += skb->len;
	sk_wmem_queued_add(sk, (int)skb->truesize);
	tp->write_seq = TCP_SKB_CB(skb)->end_seq;
	tp->packets_out += tcp_skb_pcount(skb);
}

static void tcp_ecn_send_syn(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tp->ecn_flags = 0;
	if (net_sysctl.tcp_ecn == 1 || tcp_route_metric(sk, RTAX_FEATURES) & RTAX_FEATURE_ECN) {
		TCP_SKB_CB(skb)->tcp_flags |= TCPHDR_ECE | TCPHDR_CWR;
		tp->ecn_flags = TCP_ECN_OK;
	}
}

/* The data of a fast open in a buffer of its own, as much as one segment holds. NULL: none. */
static struct sk_buff *tcp_syn_data_skb(struct sock *sk, struct tcp_fastopen_request *fo, int space)
{
	struct sk_buff *data;

	space = min(space, (int)fo->size);
	if (space <= 0 || !fo->data)
		return NULL;
	data = tcp_stream_alloc_skb(sk, (size_t)space, false);
	if (!data)
		return NULL;
	if (skb_copy_from_iter(data, &fo->data->msg_iter, (size_t)space)) {
		kfree_skb(data);
		return NULL;
	}
	data->truesize = TCP_SKB_OVERHEAD + data->len;
	fo->copied = space;
	return data;
}

/* SYN with the cookie and data of a fast open, or one that asks for a cookie. The data is queued behind the SYN as a segment
 * of its own: if the SYN has to be repeated, that goes without. */
static int tcp_send_syn_data(struct sock *sk, struct sk_buff *syn)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_fastopen_request *fo = tp->fastopen_req;
	struct sk_buff *data, *both;
	int space, err;

	tp->rx_opt.mss_clamp = tp->advmss; /* unless one was learnt */
	if (!tcp_fastopen_cookie_check(sk, &tp->rx_opt.mss_clamp, &fo->cookie))
		goto request;
	if (tp->rx_opt.user_mss && tp->rx_opt.user_mss < tp->rx_opt.mss_clamp)
		tp->rx_opt.mss_clamp = tp->rx_opt.user_mss;
	/* Nothing to send: the SYN has the cookie alone. */
	if (!fo->size)
		goto bare;
	/* The MSS does not count options: room for all is set aside, whichever this SYN has. */
	space = (int)tcp_mtu_to_mss(sk, inet_csk(sk)->icsk_pmtu_cookie) + tp->tcp_header_len - (int)sizeof(struct tcphdr)
		- MAX_TCP_OPTION_SPACE;
	data = tcp_syn_data_skb(sk, fo, space);
	if (!data)
		goto request;
	tcp_init_nondata_skb(data, TCP_SKB_CB(syn)->end_seq, TCPHDR_ACK | TCPHDR_PSH);
	tcp_set_skb_tso_segs(data, max(data->len, 1u));
	tcp_connect_queue_skb(sk, data);
	tcp_rtx_queue_insert(sk, data);
	list_add_tail(&data->tcp_tsorted, &tp->tsorted_sent_queue);
	both = tcp_stream_alloc_skb(sk, data->len, false);
	if (!both)
		return -ENOBUFS;
	memcpy(skb_put(both, data->len), data->data, data->len);
	*TCP_SKB_CB(both) = *TCP_SKB_CB(syn);
	TCP_SKB_CB(both)->end_seq += data->len;
	err = tcp_transmit_skb(sk, both, false);
	syn->tstamp = data->tstamp = tp->tcp_clock_cache;
	tcp_rate_skb_sent(sk, syn);
	tcp_rate_skb_sent(sk, data);
	if (!err) {
		tp->syn_data = 1;
		NET_INC_STATS(LINUX_MIB_TCPORIGDATASENT);
	}
	goto done;

request:
	if (fo->cookie.len > 0)
		fo->cookie.len = 0;
bare:
	err = tcp_transmit_skb(sk, syn, true);
	if (err)
		tp->syn_fastopen = 0;
done:
	fo->cookie.len = -1; /* a SYN that has to be repeated has no option */
	return err;
}

/* Sends the SYN. 0, -ENOBUFS, -EHOSTUNREACH, -ECONNREFUSED (refused on the spot, over lo). */
int tcp_connect(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb;
	int err;

	if (inet_csk(sk)->icsk_af_ops->rebuild_header(sk))
		return -EHOSTUNREACH;
	tcp_connect_init(sk);
	skb = tcp_stream_alloc_skb(sk, 0, true);
	if (!skb)
		return -ENOBUFS;
	tcp_mstamp_refresh(tp);
	tcp_init_nondata_skb(skb, tp->write_seq, TCPHDR_SYN);
	tp->retrans_stamp = tcp_time_ts(tp);
	tcp_connect_queue_skb(sk, skb);
	tcp_ecn_send_syn(sk, skb);
	tcp_rtx_queue_insert(sk, skb);
	list_add_tail(&skb->tcp_tsorted, &tp->tsorted_sent_queue);
	err = tp->fastopen_req ? tcp_send_syn_data(sk, skb) : tcp_transmit_skb(sk, skb, true);
	if (err == -ECONNREFUSED)
		return err;
	tp->snd_nxt = tp->write_seq;
	tp->pushed_seq = tp->write_seq;
	TCP_INC_STATS(TCP_MIB_ACTIVEOPENS);
	tcp_reset_xmit_timer(sk, ICSK_TIME_RETRANS, inet_csk(sk)->icsk_rto);
	return 0;
}

/* The answer to a crossed SYN: our own SYN once more, with an acknowledgement. */
int tcp_send_synack(struct sock *sk)
{
	struct sk_buff *skb = tcp_rtx_queue_head(sk);
	struct tcp_skb_cb *cb;

	if (!skb || !(TCP_SKB_CB(skb)->tcp_flags & TCPHDR_SYN))
		return -EFAULT;
	cb = TCP_SKB_CB(skb);
	if (!(cb->tcp_flags & TCPHDR_ACK)) {
		cb->tcp_flags |= TCPHDR_ACK;
		cb->tcp_flags &= (u8)~TCPHDR_CWR;
		if (!(tcp_sk(sk)->ecn_flags & TCP_ECN_OK))
			cb->tcp_flags &= (u8)~TCPHDR_ECE;
	}
	return tcp_transmit_skb(sk, skb, true);
}

/* ---- passive ---- */

u32 tcp_rsk_tsval(const struct request_sock *req)
{
	return tcp_clock_ts() + req->ts_off;
}

void tcp_openreq_init_rwin(struct request_sock *req, const struct sock *sk, const struct dst_entry *dst)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	int full = tcp_full_space(sk);
	u32 mss = tcp_mss_clamp(tp, tcp_dst_advmss(dst));

	req->rsk_window_clamp = tp->window_clamp ? tp->window_clamp : dst_metric(dst, RTAX_WINDOW);
	if (sk->sk_userlocks & SOCK_RCVBUF_LOCK && (req->rsk_window_clamp > (u32)full || !req->rsk_window_clamp))
		req->rsk_window_clamp = (u32)full;
	tcp_select_initial_window(sk, full, mss - (req->tstamp_ok ? TCPOLEN_TSTAMP_ALIGNED : 0), &req->rsk_rcv_wnd,
		&req->rsk_window_clamp, req->wscale_ok, &req->rcv_wscale, dst_metric(dst, RTAX_INITRWND));
}

/* The SYN-ACK as a packet without IP header: data at the TCP header. NULL without memory. @cookie: snt_isn is a SYN
 * cookie, and the timestamp tells what it cannot. */
struct sk_buff *tcp_make_synack(const struct sock *sk, struct dst_entry *dst, struct request_sock *req,
	struct tcp_fastopen_cookie *foc, bool cookie)
{
	struct tcp_out_options opts = { 0 };
	struct sk_buff *skb = alloc_skb(MAX_TCP_HEADER);
	struct tcphdr *th;
	u32 size;
	u64 now = tcp_clock_us();

	if (!skb)
		return NULL;
	skb_reserve(skb, MAX_TCP_HEADER);
	skb_dst_set(skb, dst_hold(dst));
	req->snt_synack = now;
	if (!req->snt_synack_first)
		req->snt_synack_first = now;
	size = (u32)sizeof(*th) + tcp_synack_options(req, tcp_mss_clamp(tcp_sk(sk), tcp_dst_advmss(dst)), &opts, foc);
	if (cookie && req->tstamp_ok)
		opts.tsval = cookie_init_timestamp(req, now);
	th = skb_push(skb, size);
	skb_reset_transport_header(skb);
	memset(th, 0, sizeof(*th));
	((u8 *)th)[12] = (u8)(size >> 2 << 4);
	th->syn = 1;
	th->ack = 1;
	th->ece = req->ecn_ok;
	th->source = htons(req->sk_num);
	th->dest = req->sk_dport;
	th->seq = htonl(req->snt_isn);
	th->ack_seq = htonl(req->rcv_nxt);
	th->window = htons((u16)min(req->rsk_rcv_wnd, 65535u));
	tcp_options_write(th, NULL, &opts);
	skb->mark = req->ir_mark;
	skb->priority = sk->sk_priority;
	TCP_INC_STATS(TCP_MIB_OUTSEGS);
	return skb;
}

int tcp_rtx_synack(const struct sock *sk, struct request_sock *req)
{
	int err = tcp_req_ops(req)->send_synack(sk, NULL, req, NULL, false);

	if (!err) {
		TCP_INC_STATS(TCP_MIB_RETRANSSEGS);
		NET_INC_STATS(LINUX_MIB_TCPSYNRETRANS);
	}
	return err;
}
