/* TIME-WAIT, and FIN-WAIT-2 of connections that no program has any more: a small socket answers for them (RFC 9293 3.10.7.4,
 * RFC 1337, RFC 6191). */
#include "../tcp.h"
#include "byteorder.h"
#include "slab.h"
#include "string.h"
#include "../ipv6.h"

static struct kmem_cache *tw_cache;
u32 tcp_tw_count, tcp_orphan_count;

void tcp_timewait_init(void)
{
	tw_cache = kmem_cache_create("tw_sock_TCP", sizeof(struct inet_timewait_sock), 0);
}

void inet_twsk_put(struct inet_timewait_sock *tw)
{
	if (!--tw->refs)
		kmem_cache_free(tw_cache, tw);
}

/* Out of the tables, once. */
static void inet_twsk_unlink(struct inet_timewait_sock *tw)
{
	if (!inet_ehash_remove(tw_sk(tw)))
		return;
	if (tw->tw_tb) {
		inet_bind_bucket_put(tw->tw_tb, &tw->sk_bind_node);
		tw->tw_tb = NULL;
	}
	tcp_tw_count--;
	inet_twsk_put(tw);
}

/* Ends it, and gives up the caller's reference. */
void inet_twsk_deschedule_put(struct inet_timewait_sock *tw)
{
	timer_cancel(&tw->tw_timer);
	inet_twsk_unlink(tw);
	inet_twsk_put(tw);
}

/* A new connection takes the place of this one (inet_hash.c). */
void tcp_twsk_kill(struct sock *sk)
{
	struct inet_timewait_sock *tw = inet_twsk(sk);

	tw->refs++;
	inet_twsk_deschedule_put(tw);
}

static void tw_timer(struct ktimer *t)
{
	struct inet_timewait_sock *tw = container_of(t, struct inet_timewait_sock, tw_timer);

	NET_INC_STATS(LINUX_MIB_TIMEWAITED);
	inet_twsk_unlink(tw);
}

static void inet_twsk_schedule(struct inet_timewait_sock *tw, u64 timeout_us)
{
	timer_start(&tw->tw_timer, ktime_get() + timeout_us * 1000);
}

static void tcp_fill_timewait(struct inet_timewait_sock *tw, const struct sock *sk, int state)
{
	const struct inet_sock *inet = inet_sk(sk);
	const struct tcp_sock *tp = tcp_sk(sk);

	memcpy(tw, sk, sizeof(struct sock_common));
	memset(&tw->sk_node, 0, sizeof(tw->sk_node));
	memset(&tw->sk_bind_node, 0, sizeof(tw->sk_bind_node));
	tw->refs = 1;
	tw->sk_state = TCP_TIME_WAIT;
	tw->tw_substate = (u8)state;
	tw->tw_sport = inet->inet_sport;
	tw->tw_tos = inet->tos;
	tw->tw_mark = sk->sk_mark;
	tw->tw_priority = sk->sk_priority;
	tw->tw_uid = sk->sk_uid;
	tw->tw_transparent = inet->transparent;
	if (sk->sk_family == AF_INET6)
		tw->tw_tos = inet6_sk(sk)->tclass;
	tw->tw_rcv_wscale = tp->rx_opt.rcv_wscale;
	tw->tw_rcv_nxt = tp->rcv_nxt;
	tw->tw_snd_nxt = tp->snd_nxt;
	tw->tw_rcv_wnd = tcp_receive_window(tp);
	tw->tw_ts_recent = tp->rx_opt.ts_recent;
	tw->tw_ts_recent_stamp = tp->rx_opt.ts_recent_stamp;
	tw->tw_ts_offset = tp->tsoffset;
	tw->tw_last_oow_ack_time = 0;
	tw->tw_entry_stamp = tcp_seconds();
	timer_setup(&tw->tw_timer, tw_timer);
}

/* A small socket takes @sk's place for @timeout_us; @sk is done. Without memory, or when there are too many, nobody does. */
void tcp_time_wait(struct sock *sk, int state, u64 timeout_us)
{
	struct inet_timewait_sock *tw = NULL;
	u64 rto = inet_csk(sk)->icsk_rto;

	if (tcp_tw_count < (u32)net_sysctl.tcp_max_tw_buckets)
		tw = kmem_cache_zalloc(tw_cache);
	if (tw) {
		tcp_fill_timewait(tw, sk, state);
		timeout_us = max(timeout_us, (rto << 2) - (rto >> 1));
		if (state == TCP_TIME_WAIT)
			timeout_us = TCP_TIMEWAIT_LEN;
		tw->tw_tb = inet_csk(sk)->icsk_bind_hash;
		if (tw->tw_tb)
			inet_bind_bucket_get(tw->tw_tb, &tw->sk_bind_node);
		inet_ehash_insert(tw_sk(tw), sk, NULL);
		tcp_tw_count++;
		inet_twsk_schedule(tw, timeout_us);
	} else {
		NET_INC_STATS(LINUX_MIB_TCPTIMEWAITOVERFLOW);
	}
	tcp_done(sk);
}

/* ---- segments for it ---- */

static bool tw_in_window(const struct tcp_skb_cb *cb, const struct inet_timewait_sock *tw)
{
	u32 e_win = tw->tw_rcv_nxt + tw->tw_rcv_wnd;

	if (cb->seq == tw->tw_rcv_nxt || (after(cb->end_seq, tw->tw_rcv_nxt) && before(cb->seq, e_win)))
		return true;
	return cb->seq == e_win && cb->seq == cb->end_seq;
}

static enum tcp_tw_status tw_ack_limited(struct inet_timewait_sock *tw, const struct sk_buff *skb, int mib)
{
	if (!tcp_oow_rate_limited(skb, &tw->tw_last_oow_ack_time))
		return TCP_TW_ACK;
	NET_INC_STATS(mib);
	inet_twsk_put(tw);
	return TCP_TW_SUCCESS;
}

static void tw_store_timestamp(struct inet_timewait_sock *tw, const struct tcp_options_received *opt)
{
	if (!opt->saw_tstamp)
		return;
	tw->tw_entry_stamp = tcp_seconds();
	tw->tw_ts_recent = opt->rcv_tsval;
	tw->tw_ts_recent_stamp = tcp_seconds();
}

static enum tcp_tw_status tw_finwait2(struct inet_timewait_sock *tw, struct sk_buff *skb, const struct tcphdr *th,
	const struct tcp_options_received *opt, bool paws_reject)
{
	const struct tcp_skb_cb *cb = TCP_SKB_CB(skb);

	if (paws_reject || !tw_in_window(cb, tw))
		return tw_ack_limited(tw, skb, LINUX_MIB_TCPACKSKIPPEDFINWAIT2);
	if (th->rst) {
		inet_twsk_deschedule_put(tw);
		return TCP_TW_SUCCESS;
	}
	if (th->syn && !before(cb->seq, tw->tw_rcv_nxt))
		return TCP_TW_RST;
	if (!th->ack || !after(cb->end_seq, tw->tw_rcv_nxt) || cb->end_seq == cb->seq) {
		inet_twsk_put(tw);
		return TCP_TW_SUCCESS;
	}
	/* Data for a program that is gone. */
	if (!th->fin || cb->end_seq != tw->tw_rcv_nxt + 1)
		return TCP_TW_RST;
	tw->tw_substate = TCP_TIME_WAIT;
	tw->tw_rcv_nxt = cb->end_seq;
	tw_store_timestamp(tw, opt);
	inet_twsk_schedule(tw, TCP_TIMEWAIT_LEN);
	return TCP_TW_ACK;
}

/* With SUCCESS the caller's reference of @tw is gone. *tw_isn: where a new connection may begin (TCP_TW_SYN). */
enum tcp_tw_status tcp_timewait_state_process(struct inet_timewait_sock *tw, struct sk_buff *skb, const struct tcphdr *th,
	u32 *tw_isn)
{
	const struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
	struct tcp_options_received opt = { .tstamp_ok = 1 };
	bool paws_reject = false;

	if (th->doff > sizeof(*th) / 4 && tw->tw_ts_recent_stamp) {
		tcp_parse_options(skb, &opt, true, NULL);
		if (opt.saw_tstamp) {
			if (opt.rcv_tsecr)
				opt.rcv_tsecr -= tw->tw_ts_offset;
			opt.ts_recent = tw->tw_ts_recent;
			opt.ts_recent_stamp = tw->tw_ts_recent_stamp;
			paws_reject = tcp_paws_reject(&opt, th->rst);
		}
	}
	if (tw->tw_substate == TCP_FIN_WAIT2)
		return tw_finwait2(tw, skb, th, &opt, paws_reject);
	if (!paws_reject && cb->seq == tw->tw_rcv_nxt && (cb->seq == cb->end_seq || th->rst)) {
		if (th->rst && !net_sysctl.tcp_rfc1337) {
			inet_twsk_deschedule_put(tw);
			return TCP_TW_SUCCESS;
		}
		if (!th->rst)
			inet_twsk_schedule(tw, TCP_TIMEWAIT_LEN);
		tw_store_timestamp(tw, &opt);
		inet_twsk_put(tw);
		return TCP_TW_SUCCESS;
	}
	/* RFC 6191 and 9293 3.6.1: a SYN that is certainly newer begins a new connection. */
	if (th->syn && !th->rst && !th->ack && !paws_reject && (after(cb->seq, tw->tw_rcv_nxt)
			|| (opt.saw_tstamp && (s32)(opt.ts_recent - opt.rcv_tsval) < 0))) {
		u32 isn = tw->tw_snd_nxt + 65535 + 2;

		*tw_isn = isn ? isn : 1;
		return TCP_TW_SYN;
	}
	if (paws_reject)
		NET_INC_STATS(LINUX_MIB_PAWSESTABREJECTED);
	if (!th->rst) {
		if (paws_reject || th->ack)
			inet_twsk_schedule(tw, TCP_TIMEWAIT_LEN);
		return tw_ack_limited(tw, skb, LINUX_MIB_TCPACKSKIPPEDTIMEWAIT);
	}
	inet_twsk_put(tw);
	return TCP_TW_SUCCESS;
}

static bool tw_is_loopback(const struct inet_timewait_sock *tw)
{
	if (tw->sk_bound_dev_if == LOOPBACK_IFINDEX)
		return true;
	if (tw->sk_family == AF_INET6)
		return ipv6_addr_loopback(&tw->sk_v6_daddr) || ipv6_addr_loopback(&tw->sk_v6_rcv_saddr)
			|| (ipv6_addr_v4mapped(&tw->sk_v6_daddr) && ipv4_is_loopback(tw->sk_daddr));
	return ipv4_is_loopback(tw->sk_daddr) || ipv4_is_loopback(tw->sk_rcv_saddr);
}

/* connect(2) found @sktw with the same four numbers: may it be replaced (net.ipv4.tcp_tw_reuse)? Timestamps protect the new
 * connection from the old one's segments, once a second has passed. */
int tcp_twsk_unique(struct sock *sk, struct sock *sktw)
{
	struct inet_timewait_sock *tw = inet_twsk(sktw);
	struct tcp_sock *tp = tcp_sk(sk);
	int reuse = net_sysctl.tcp_tw_reuse;

	if (reuse == 2 && !tw_is_loopback(tw))
		reuse = 0;
	if (!tw->tw_ts_recent_stamp || !reuse || (s32)(tcp_seconds() - tw->tw_ts_recent_stamp) <= 0)
		return 0;
	tp->write_seq = tw->tw_snd_nxt + 65535 + 2;
	if (!tp->write_seq)
		tp->write_seq = 1;
	tp->rx_opt.ts_recent = tw->tw_ts_recent;
	tp->rx_opt.ts_recent_stamp = tw->tw_ts_recent_stamp;
	return 1;
}
