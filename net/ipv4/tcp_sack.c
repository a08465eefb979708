/* Selective acknowledgements on the sender's side (RFC 2018, 2883, 6675): the blocks of a header are checked, and the segments
 * that they cover are marked as delivered. The blocks of the previous header are remembered, so that each segment is looked
 * at once however often it is reported. */
#include "../tcp.h"
#include "byteorder.h"
#include "string.h"

/* Is the block plausible? One below snd_una only tells of duplicates, and only since the last reduction of the window. */
static bool tcp_is_sackblock_valid(const struct tcp_sock *tp, bool is_dsack, u32 start, u32 end)
{
	if (after(end, tp->snd_nxt) || !before(start, end))
		return false;
	if (!before(start, tp->snd_nxt))
		return false;
	if (after(start, tp->snd_una))
		return true;
	if (!is_dsack || !tp->undo_marker)
		return false;
	if (after(end, tp->snd_una))
		return false;
	if (!before(start, tp->undo_marker))
		return true;
	if (!after(end, tp->undo_marker))
		return false;
	return !before(start, end - tp->max_window);
}

/* A D-SACK for [start, end): the number of segments that arrived twice, 0 if it is not credible. */
static u32 tcp_dsack_seen(struct tcp_sock *tp, u32 start, u32 end, struct tcp_sacktag_state *state)
{
	u32 dup_segs = 1, size = end - start;

	if (!before(start, end))
		return 0;
	if (size > tp->max_window)
		return 0;
	if (size > tp->mss_cache)
		dup_segs = (size + tp->mss_cache - 1) / tp->mss_cache;
	else if (tp->tlp_high_seq && tp->tlp_retrans && end == tp->tlp_high_seq)
		state->flag |= FLAG_DSACK_TLP;
	tp->dsack_dups += dup_segs;
	if (tp->dsack_dups > tp->total_retrans)
		return 0;
	tp->rx_opt.sack_ok |= TCP_DSACK_SEEN;
	if (tp->reord_seen && !(state->flag & FLAG_DSACK_TLP))
		tp->rack.dsack_seen = 1;
	state->flag |= FLAG_DSACKING_ACK;
	state->sack_delivered += dup_segs;
	return dup_segs;
}

static bool tcp_check_dsack(struct sock *sk, u32 ack, const struct tcp_sack_block *sp, int n, u32 prior_snd_una,
	struct tcp_sacktag_state *state)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 dup_segs;

	if (before(sp[0].start_seq, ack))
		NET_INC_STATS(LINUX_MIB_TCPDSACKRECV);
	else if (n > 1 && !after(sp[0].end_seq, sp[1].end_seq) && !before(sp[0].start_seq, sp[1].start_seq))
		NET_INC_STATS(LINUX_MIB_TCPDSACKOFORECV);
	else
		return false;
	dup_segs = tcp_dsack_seen(tp, sp[0].start_seq, sp[0].end_seq, state);
	if (!dup_segs) {
		NET_INC_STATS(LINUX_MIB_TCPDSACKIGNOREDDUBIOUS);
		return false;
	}
	NET_ADD_STATS(LINUX_MIB_TCPDSACKRECVSEGS, dup_segs);
	/* Below what was acknowledged: one retransmission fewer to explain. */
	if (tp->undo_marker && tp->undo_retrans > 0 && !after(sp[0].end_seq, prior_snd_una)
			&& after(sp[0].end_seq, tp->undo_marker))
		tp->undo_retrans = max(0, tp->undo_retrans - (int)dup_segs);
	return true;
}

/* The segment was delivered: the scoreboard. Returns its new tags. */
static u8 tcp_sacktag_one(struct sock *sk, struct tcp_sacktag_state *state, struct sk_buff *skb, bool dup_sack)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
	u32 pcount = tcp_skb_pcount(skb);
	u64 xmit_time = tcp_skb_timestamp_us(skb);
	u8 sacked = cb->sacked;

	if (dup_sack && sacked & TCPCB_RETRANS) {
		if (tp->undo_marker && tp->undo_retrans > 0 && after(cb->end_seq, tp->undo_marker))
			tp->undo_retrans = max(0, tp->undo_retrans - (int)pcount);
		if (sacked & TCPCB_SACKED_ACKED && before(cb->seq, state->reord))
			state->reord = cb->seq;
	}
	if (!after(cb->end_seq, tp->snd_una))
		return sacked;
	if (!(sacked & TCPCB_SACKED_ACKED)) {
		tcp_rack_advance(tp, sacked, cb->end_seq, xmit_time);
		if (sacked & TCPCB_SACKED_RETRANS) {
			/* Lost and retransmitted: the retransmission may have been needless, D-SACK will tell. */
			if (sacked & TCPCB_LOST) {
				sacked &= (u8)~(TCPCB_LOST | TCPCB_SACKED_RETRANS);
				tp->lost_out -= pcount;
				tp->retrans_out -= pcount;
			}
		} else {
			if (!(sacked & TCPCB_RETRANS)) {
				/* The original arrived after later ones: the net reorders. */
				if (before(cb->seq, tcp_highest_sack_seq(tp)) && before(cb->seq, state->reord))
					state->reord = cb->seq;
				if (!after(cb->end_seq, tp->high_seq))
					state->flag |= FLAG_ORIG_SACK_ACKED;
				if (!state->first_sackt)
					state->first_sackt = xmit_time;
				state->last_sackt = xmit_time;
			}
			if (sacked & TCPCB_LOST) {
				sacked &= (u8)~TCPCB_LOST;
				tp->lost_out -= pcount;
			}
		}
		sacked |= TCPCB_SACKED_ACKED;
		state->flag |= FLAG_DATA_SACKED;
		tp->sacked_out += pcount;
		state->sack_delivered += pcount;
	}
	if (dup_sack && sacked & TCPCB_SACKED_RETRANS) {
		sacked &= (u8)~TCPCB_SACKED_RETRANS;
		tp->retrans_out -= pcount;
	}
	return sacked;
}

/* Does [start, end) cover @skb? A large one that is covered in part is cut at a whole number of segments. 1, 0, -errno. */
static int tcp_match_skb_to_sack(struct sock *sk, struct sk_buff *skb, u32 start, u32 end)
{
	struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
	bool in_sack = !after(start, cb->seq) && !before(end, cb->end_seq);
	u32 mss, cut;
	int err;

	if (in_sack || tcp_skb_pcount(skb) <= 1 || !after(cb->end_seq, start))
		return in_sack;
	mss = tcp_skb_mss(skb);
	in_sack = !after(start, cb->seq);
	if (!in_sack) {
		cut = max(start - cb->seq, mss);
		cut = (cut + mss - 1) / mss * mss;
		if (cut >= skb->len)
			return 0;
	} else {
		cut = end - cb->seq;
		if (cut < mss)
			return -EINVAL;
		cut = cut / mss * mss;
	}
	err = tcp_fragment(sk, false, skb, cut, mss);
	return err ? err : in_sack;
}

/* The first segment that reaches beyond @seq. */
static struct sk_buff *tcp_sacktag_find(struct sock *sk, u32 seq)
{
	struct treap_node *n = tcp_sk(sk)->rtx_queue.node;
	struct sk_buff *best = NULL;

	while (n) {
		struct sk_buff *skb = treap_skb(n);

		if (after(TCP_SKB_CB(skb)->end_seq, seq)) {
			best = skb;
			n = n->left;
		} else {
			n = n->right;
		}
	}
	return best;
}

static void tcp_sacktag_walk(struct sock *sk, struct tcp_sacktag_state *state, u32 start, u32 end, bool dup_sack)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb;

	if (!before(start, end))
		return;
	for (skb = tcp_sacktag_find(sk, start); skb; skb = tcp_rtx_queue_next(skb)) {
		struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
		int in_sack;

		if (!before(cb->seq, end))
			break;
		in_sack = tcp_match_skb_to_sack(sk, skb, start, end);
		if (in_sack < 0)
			break;
		if (!in_sack)
			continue;
		cb->sacked = tcp_sacktag_one(sk, state, skb, dup_sack);
		tcp_rate_skb_delivered(sk, skb, state->rate);
		if (cb->sacked & TCPCB_SACKED_ACKED)
			list_del(&skb->tcp_tsorted);
		if (!before(cb->seq, tcp_highest_sack_seq(tp)))
			tcp_advance_highest_sack(tp, skb);
	}
}

/* The part of [start, end) that the last header's blocks did not have. */
static void tcp_sacktag_new_part(struct sock *sk, struct tcp_sacktag_state *state, u32 start, u32 end, bool have_cache)
{
	const struct tcp_sack_block *cache = tcp_sk(sk)->recv_sack_cache;

	for (int i = 0; have_cache && i < TCP_NUM_SACKS; i++) {
		if (!cache[i].start_seq && !cache[i].end_seq)
			continue;
		if (!before(start, cache[i].end_seq) || !before(cache[i].start_seq, end))
			continue;
		/* The cache is sorted: what lies ahead of it is new, the search goes on behind it. */
		if (before(start, cache[i].start_seq))
			tcp_sacktag_walk(sk, state, start, cache[i].start_seq, false);
		start = cache[i].end_seq;
		if (!before(start, end))
			return;
	}
	tcp_sacktag_walk(sk, state, start, end, false);
}

static void tcp_count_invalid_sack(const struct tcp_sock *tp, bool dsack)
{
	if (!dsack)
		NET_INC_STATS(LINUX_MIB_TCPSACKDISCARD);
	else if (!tp->undo_marker)
		NET_INC_STATS(LINUX_MIB_TCPDSACKIGNOREDNOUNDO);
	else
		NET_INC_STATS(LINUX_MIB_TCPDSACKIGNOREDOLD);
}

static void sort_blocks(struct tcp_sack_block *sp, int n, int *first)
{
	for (int i = n - 1; i > 0; i--)
		for (int j = 0; j < i; j++)
			if (after(sp[j].start_seq, sp[j + 1].start_seq)) {
				struct tcp_sack_block t = sp[j];

				sp[j] = sp[j + 1];
				sp[j + 1] = t;
				if (*first == j)
					*first = j + 1;
				else if (*first == j + 1)
					*first = j;
			}
}

/* Takes the blocks of @ack_skb's header (whose place tcp_parse_options left in cb->sacked). Returns FLAG_*. */
int tcp_sacktag_write_queue(struct sock *sk, const struct sk_buff *ack_skb, u32 prior_snd_una, struct tcp_sacktag_state *state)
{
	struct tcp_sock *tp = tcp_sk(sk);
	const u8 *opt = (const u8 *)tcp_hdr(ack_skb) + TCP_SKB_CB(ack_skb)->sacked;
	struct tcp_sack_block in[TCP_NUM_SACKS] = { { 0 } }, sp[TCP_NUM_SACKS];
	int n = min((opt[1] - TCPOLEN_SACK_BASE) / TCPOLEN_SACK_PERBLOCK, TCP_NUM_SACKS), used = 0, first = 0;
	bool have_cache = tp->sacked_out != 0, found_dup;

	state->flag = 0;
	state->reord = tp->snd_nxt;
	if (!tp->sacked_out)
		tcp_highest_sack_reset(sk);
	for (int i = 0; i < n; i++) {
		in[i].start_seq = get_unaligned_be32(opt + 2 + i * TCPOLEN_SACK_PERBLOCK);
		in[i].end_seq = get_unaligned_be32(opt + 6 + i * TCPOLEN_SACK_PERBLOCK);
	}
	found_dup = tcp_check_dsack(sk, TCP_SKB_CB(ack_skb)->ack_seq, in, n, prior_snd_una, state);
	/* An acknowledgement from before the whole window: its blocks are history. */
	if (before(TCP_SKB_CB(ack_skb)->ack_seq, prior_snd_una - tp->max_window))
		return 0;
	if (!tp->packets_out)
		goto out;
	for (int i = 0; i < n; i++) {
		bool dup = !i && found_dup;

		if (!tcp_is_sackblock_valid(tp, dup, in[i].start_seq, in[i].end_seq)) {
			if (i || !dup || before(TCP_SKB_CB(ack_skb)->ack_seq, prior_snd_una))
				tcp_count_invalid_sack(tp, dup);
			if (!i)
				first = -1;
			continue;
		}
		/* Below what was acknowledged cumulatively: nothing to mark. */
		if (!after(in[i].end_seq, prior_snd_una)) {
			if (!i)
				first = -1;
			continue;
		}
		sp[used++] = in[i];
	}
	sort_blocks(sp, used, &first);
	for (int i = 0; i < used; i++) {
		if (found_dup && i == first)
			tcp_sacktag_walk(sk, state, sp[i].start_seq, sp[i].end_seq, true);
		else
			tcp_sacktag_new_part(sk, state, sp[i].start_seq, sp[i].end_seq, have_cache);
	}
	memset(tp->recv_sack_cache, 0, sizeof(tp->recv_sack_cache));
	for (int i = 0; i < used; i++)
		tp->recv_sack_cache[i] = sp[i];
	if (inet_csk(sk)->icsk_ca_state != TCP_CA_Loss || tp->undo_marker)
		tcp_check_sack_reordering(sk, state->reord, 0);
out:
	return state->flag;
}

/* Something arrived though later data had arrived before: from @low_seq up to the highest that was sacked. */
void tcp_check_sack_reordering(struct sock *sk, u32 low_seq, int ts)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 fack = tcp_highest_sack_seq(tp), mss = tp->mss_cache, metric;

	if (!before(low_seq, fack))
		return;
	metric = fack - low_seq;
	if (metric > tp->reordering * mss && mss)
		tp->reordering = min((metric + mss - 1) / mss, (u32)net_sysctl.tcp_max_reordering);
	tp->reord_seen++;
	NET_INC_STATS(ts ? LINUX_MIB_TCPTSREORDER : LINUX_MIB_TCPSACKREORDER);
}
