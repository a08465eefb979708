/* Packetization-layer path MTU discovery (RFC 4821; net.ipv4.tcp_mtu_probing: 2 always, 1 when a path seems to swallow large
 * packets): segments begin small, and now and then one is larger than the others, between what is known to pass (search_low) and what
 * may (search_high). If it is acknowledged, segments become that large; if it alone is lost, packets of its size do not pass,
 * which says nothing of congestion. */
#include "../tcp.h"
#include "string.h"

/* Length of the packet whose payload has @mss bytes: the inverse of tcp_mtu_to_mss(). */
static u32 tcp_mss_to_mtu(const struct sock *sk, u32 mss)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);

	return mss + tcp_sk(sk)->tcp_header_len + icsk->icsk_ext_hdr_len + icsk->icsk_af_ops->net_header_len;
}

static u32 most_possible(const struct sock *sk)
{
	return tcp_sk(sk)->rx_opt.mss_clamp + (u32)sizeof(struct tcphdr) + inet_csk(sk)->icsk_af_ops->net_header_len;
}

void tcp_mtup_init(struct sock *sk)
{
	struct tcp_mtu_probe *m = &tcp_sk(sk)->mtup;

	m->enabled = net_sysctl.tcp_mtu_probing > 1;
	m->search_high = most_possible(sk);
	m->search_low = tcp_mss_to_mtu(sk, (u32)net_sysctl.tcp_base_mss);
	m->probe_size = 0;
	m->searched_at = tcp_seconds();
}

/* What could pass may change: after tcp_probe_interval seconds the search begins anew from what is in use. */
static void tcp_mtu_check_reprobe(struct sock *sk)
{
	struct tcp_mtu_probe *m = &tcp_sk(sk)->mtup;

	if (tcp_seconds() - m->searched_at < (u32)net_sysctl.tcp_probe_interval)
		return;
	m->probe_size = 0;
	m->search_high = most_possible(sk);
	m->search_low = tcp_mss_to_mtu(sk, tcp_current_mss(sk));
	m->searched_at = tcp_seconds();
}

/* May the first @size bytes of the write queue go as one segment? No boundary that matters may lie within. */
static bool can_be_one(const struct sock *sk, u32 size)
{
	const struct sk_buff *skb;

	skb_queue_walk(&sk->sk_write_queue, skb) {
		if (size <= skb->len)
			return true;
		if (skb->tx_flags || TCP_SKB_CB(skb)->eor || skb_data_of(skb)->uarg || TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN)
			return false;
		size -= skb->len;
	}
	return false;
}

/* Moves the first @size bytes of the write queue to a buffer of their own at its head. NULL without memory. */
static struct sk_buff *take_probe(struct sock *sk, u32 size, u32 mss)
{
	struct sk_buff *probe = tcp_stream_alloc_skb(sk, size, false), *skb = tcp_send_head(sk);
	struct tcp_skb_cb *cb;
	u32 seq = TCP_SKB_CB(skb)->seq;

	if (!probe)
		return NULL;
	cb = TCP_SKB_CB(probe);
	cb->seq = seq;
	cb->end_seq = seq + size;
	cb->tcp_flags = TCPHDR_ACK;
	while (probe->len < size) {
		u32 copy = min(skb->len, size - probe->len);

		memcpy(skb_put(probe, copy), skb->data, copy);
		if (copy == skb->len) {
			tcp_eat_skb(sk, probe, skb);
			skb = tcp_send_head(sk);
		} else {
			cb->tcp_flags |= TCP_SKB_CB(skb)->tcp_flags & (u8)~(TCPHDR_FIN | TCPHDR_PSH);
			tcp_trim_head(sk, skb, copy);
			tcp_set_skb_tso_segs(skb, mss);
		}
	}
	probe->truesize += size;
	sk_wmem_queued_add(sk, (int)probe->truesize);
	skb_queue_head(&sk->sk_write_queue, probe);
	tcp_set_skb_tso_segs(probe, size);
	return probe;
}

/* Is it the time for a probe? One at a time, without trouble on the path, with a window that can tell its loss from congestion's, and
 * without SACK blocks, which make headers longer. */
static bool tcp_mtu_may_probe(const struct tcp_sock *tp)
{
	return unlikely(tp->mtup.enabled) && !tp->mtup.probe_size && inet_csk(&tp->inet_conn.icsk_inet.sk)->icsk_ca_state == TCP_CA_Open
		&& tp->snd_cwnd >= 11 && !tp->rx_opt.num_sacks && !tp->rx_opt.dsack;
}

/* 1: a probe has gone; 0: one is due, and nothing else is to go until there is room for it; -1: go on as ever. */
int tcp_mtu_probe(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_mtu_probe *m = &tp->mtup;
	u32 mss, size, needed, in_flight = tcp_packets_in_flight(tp);
	struct sk_buff *probe;

	if (!tcp_mtu_may_probe(tp))
		return -1;
	mss = tcp_current_mss(sk);
	size = tcp_mtu_to_mss(sk, (m->search_high + m->search_low) >> 1);
	/* Enough behind it for duplicates to tell of its loss. */
	needed = size + (tp->reordering + 1) * tp->mss_cache;
	if (size > tcp_mtu_to_mss(sk, m->search_high) || (int)(m->search_high - m->search_low) < net_sysctl.tcp_probe_threshold) {
		tcp_mtu_check_reprobe(sk);
		return -1;
	}
	if (!can_be_one(sk, size) || tp->write_seq - tp->snd_nxt < needed || tp->snd_wnd < needed)
		return -1;
	if (after(tp->snd_nxt + needed, tcp_wnd_end(tp)))
		return 0;
	if (in_flight + 2 > tp->snd_cwnd)
		return in_flight ? 0 : -1;
	probe = take_probe(sk, size, mss);
	/* If it cannot leave, tcp_write_xmit() cuts it as any other. */
	if (!probe || tcp_transmit_skb(sk, probe, true))
		return -1;
	/* It takes the place of two. */
	tp->snd_cwnd--;
	m->probe_size = tcp_mss_to_mtu(sk, size);
	m->seq_start = TCP_SKB_CB(probe)->seq;
	m->seq_end = TCP_SKB_CB(probe)->end_seq;
	tcp_event_new_data_sent(sk, probe);
	return 1;
}

/* An acknowledgement has come: did the probe arrive? The window stays the same in bytes. */
void tcp_mtup_acked(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_mtu_probe *m = &tp->mtup;

	if (likely(!m->probe_size) || after(m->seq_end, tp->snd_una))
		return;
	tp->snd_cwnd = max(1u, (u32)((u64)tp->snd_cwnd * tcp_mss_to_mtu(sk, tp->mss_cache) / m->probe_size));
	tp->snd_cwnd_cnt = 0;
	tp->snd_cwnd_stamp = tcp_now(tp);
	tp->snd_ssthresh = tcp_current_ssthresh(sk);
	m->search_low = m->probe_size;
	m->probe_size = 0;
	tcp_sync_mss(sk, inet_csk(sk)->icsk_pmtu_cookie);
	NET_INC_STATS(LINUX_MIB_TCPMTUPSUCCESS);
}

/* Something is lost: if it is the probe and nothing before it, that is no congestion: it goes again in ordinary segments. True: so it was. */
bool tcp_mtup_lost(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_mtu_probe *m = &tp->mtup;

	if (likely(!m->probe_size) || inet_csk(sk)->icsk_ca_state >= TCP_CA_CWR || tp->snd_una != m->seq_start)
		return false;
	m->search_high = m->probe_size - 1;
	m->probe_size = 0;
	NET_INC_STATS(LINUX_MIB_TCPMTUPFAIL);
	tp->snd_cwnd++;
	tcp_simple_retransmit(sk);
	return true;
}

/* Retransmissions go unanswered: perhaps large packets vanish without an ICMP error. First base_mss, then half of it each time. */
void tcp_mtu_black_hole(struct sock *sk)
{
	struct tcp_mtu_probe *m = &tcp_sk(sk)->mtup;
	u32 mss;

	if (!net_sysctl.tcp_mtu_probing)
		return;
	if (!m->enabled) {
		m->enabled = true;
		m->searched_at = tcp_seconds();
	} else {
		mss = min((u32)net_sysctl.tcp_base_mss, tcp_mtu_to_mss(sk, m->search_low) >> 1);
		mss = max(mss, (u32)max(net_sysctl.tcp_mtu_probe_floor, net_sysctl.tcp_min_snd_mss));
		m->search_low = tcp_mss_to_mtu(sk, mss);
	}
	tcp_sync_mss(sk, inet_csk(sk)->icsk_pmtu_cookie);
}
