/* The options of TCP's header: which a segment gets and in what order (a trace shows it, so the order and padding are Linux's),
 * and what a received header says. Nothing that a header says is used as an index or length before it was checked against
 * the header's end. */
#include "../tcp.h"
#include "byteorder.h"
#include "string.h"

/* ---- writing ---- */

/* As many blocks as the rest of the space holds. */
static u32 sack_blocks_that_fit(u32 blocks, u32 used)
{
	return min(blocks, (MAX_TCP_OPTION_SPACE - used - TCPOLEN_SACK_BASE_ALIGNED) / TCPOLEN_SACK_PERBLOCK);
}

static void fastopen_option(struct tcp_out_options *opts, struct tcp_fastopen_cookie *cookie, u32 *used)
{
	u32 need = round_up((u32)cookie->len + (cookie->exp ? 4u : 2u), 4u);

	if (*used + need > MAX_TCP_OPTION_SPACE)
		return;
	opts->options |= OPTION_FAST_OPEN_COOKIE;
	opts->fastopen_cookie = cookie;
	*used += need;
}

u32 tcp_syn_options(struct sock *sk, struct tcp_out_options *opts)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_fastopen_request *fastopen = tp->fastopen_req;
	u32 used = TCPOLEN_MSS_ALIGNED;

	opts->mss = tcp_advertise_mss(sk);
	if (net_sysctl.tcp_timestamps) {
		opts->options |= OPTION_TS;
		opts->tsval = tcp_time_ts(tp) + tp->tsoffset;
		opts->tsecr = tp->rx_opt.ts_recent;
		used += TCPOLEN_TSTAMP_ALIGNED;
	}
	if (net_sysctl.tcp_window_scaling) {
		opts->ws = tp->rx_opt.rcv_wscale;
		opts->options |= OPTION_WSCALE;
		used += TCPOLEN_WSCALE_ALIGNED;
	}
	if (net_sysctl.tcp_sack) {
		opts->options |= OPTION_SACK_ADVERTISE;
		if (!(opts->options & OPTION_TS))
			used += TCPOLEN_SACKPERM_ALIGNED;
	}
	if (fastopen && fastopen->cookie.len >= 0) {
		fastopen_option(opts, &fastopen->cookie, &used);
		if (opts->options & OPTION_FAST_OPEN_COOKIE) {
			tp->syn_fastopen = 1;
			tp->syn_fastopen_exp = fastopen->cookie.exp;
		}
	}
	return used;
}

u32 tcp_synack_options(struct request_sock *req, u16 mss, struct tcp_out_options *opts, struct tcp_fastopen_cookie *foc)
{
	struct inet_request_sock *ireq = inet_rsk(req);
	u32 used = TCPOLEN_MSS_ALIGNED;

	opts->mss = mss;
	if (ireq->wscale_ok) {
		opts->ws = ireq->rcv_wscale;
		opts->options |= OPTION_WSCALE;
		used += TCPOLEN_WSCALE_ALIGNED;
	}
	if (ireq->tstamp_ok) {
		opts->options |= OPTION_TS;
		opts->tsval = tcp_rsk_tsval(tcp_rsk(req));
		opts->tsecr = req->ts_recent;
		if (!tcp_rsk(req)->snt_tsval_first)
			tcp_rsk(req)->snt_tsval_first = opts->tsval ? opts->tsval : ~0u;
		tcp_rsk(req)->snt_tsval_last = opts->tsval;
		used += TCPOLEN_TSTAMP_ALIGNED;
	}
	if (ireq->sack_ok) {
		opts->options |= OPTION_SACK_ADVERTISE;
		if (!ireq->tstamp_ok)
			used += TCPOLEN_SACKPERM_ALIGNED;
	}
	if (foc && foc->len >= 0)
		fastopen_option(opts, foc, &used);
	return used;
}

u32 tcp_established_options(struct sock *sk, bool for_skb, struct tcp_out_options *opts)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 used = 0, blocks = (u32)tp->rx_opt.num_sacks + tp->rx_opt.dsack;

	if (tp->rx_opt.tstamp_ok) {
		opts->options |= OPTION_TS;
		opts->tsval = for_skb ? tcp_time_ts(tp) + tp->tsoffset : 0;
		opts->tsecr = tp->rx_opt.ts_recent;
		used += TCPOLEN_TSTAMP_ALIGNED;
	}
	if (blocks) {
		opts->num_sack_blocks = (u8)sack_blocks_that_fit(blocks, used);
		if (opts->num_sack_blocks)
			used += TCPOLEN_SACK_BASE_ALIGNED + opts->num_sack_blocks * TCPOLEN_SACK_PERBLOCK;
	}
	return used;
}

static u8 *put32(u8 *p, u32 v)
{
	put_unaligned_be32(v, p);
	return p + 4;
}

static u8 *write_fastopen(u8 *p, const struct tcp_fastopen_cookie *foc)
{
	u8 *start = p;

	if (foc->exp) {
		*p++ = TCPOPT_EXP;
		*p++ = (u8)(4 + foc->len);
		*p++ = TCPOPT_FASTOPEN_MAGIC >> 8;
		*p++ = TCPOPT_FASTOPEN_MAGIC & 0xff;
	} else {
		*p++ = TCPOPT_FASTOPEN;
		*p++ = (u8)(TCPOLEN_FASTOPEN_BASE + foc->len);
	}
	memcpy(p, foc->val, (size_t)foc->len);
	for (p += foc->len; (p - start) & 3; p++)
		*p = TCPOPT_NOP;
	return p;
}

/* Writes what the functions above chose after the header @th. @tp: whose SACK blocks; NULL for a SYN-ACK. */
void tcp_options_write(struct tcphdr *th, struct tcp_sock *tp, const struct tcp_out_options *opts)
{
	u8 *p = (u8 *)(th + 1);
	bool sack_ok = opts->options & OPTION_SACK_ADVERTISE;

	if (opts->mss)
		p = put32(p, TCPOPT_MSS << 24 | TCPOLEN_MSS << 16 | opts->mss);
	if (opts->options & OPTION_TS) {
		if (sack_ok)
			p = put32(p, TCPOPT_SACK_PERM << 24 | TCPOLEN_SACK_PERM << 16 | TCPOPT_TIMESTAMP << 8 | TCPOLEN_TIMESTAMP);
		else
			p = put32(p, TCPOPT_NOP << 24 | TCPOPT_NOP << 16 | TCPOPT_TIMESTAMP << 8 | TCPOLEN_TIMESTAMP);
		p = put32(p, opts->tsval);
		p = put32(p, opts->tsecr);
	} else if (sack_ok) {
		p = put32(p, TCPOPT_NOP << 24 | TCPOPT_NOP << 16 | TCPOPT_SACK_PERM << 8 | TCPOLEN_SACK_PERM);
	}
	if (opts->options & OPTION_WSCALE)
		p = put32(p, TCPOPT_NOP << 24 | TCPOPT_WINDOW << 16 | TCPOLEN_WINDOW << 8 | opts->ws);
	if (opts->num_sack_blocks) {
		const struct tcp_sack_block *sp = tp->rx_opt.dsack ? tp->duplicate_sack : tp->selective_acks;

		p = put32(p, TCPOPT_NOP << 24 | TCPOPT_NOP << 16 | TCPOPT_SACK << 8
			| (TCPOLEN_SACK_BASE + opts->num_sack_blocks * TCPOLEN_SACK_PERBLOCK));
		for (u32 i = 0; i < opts->num_sack_blocks; i++, sp++) {
			p = put32(p, sp->start_seq);
			p = put32(p, sp->end_seq);
			if (sp == tp->duplicate_sack)
				sp = tp->selective_acks - 1;
		}
		tp->rx_opt.dsack = 0;
	}
	if (opts->options & OPTION_FAST_OPEN_COOKIE)
		write_fastopen(p, opts->fastopen_cookie);
}

/* ---- reading ---- */

static void parse_fastopen(int len, const u8 *cookie, bool syn, struct tcp_fastopen_cookie *foc, bool exp)
{
	if (!foc || !syn || len < 0 || len & 1)
		return;
	if (len >= TCP_FASTOPEN_COOKIE_MIN && len <= TCP_FASTOPEN_COOKIE_MAX)
		memcpy(foc->val, cookie, (size_t)len);
	else if (len)
		len = -1;
	foc->len = (s8)len;
	foc->exp = exp;
}

/* One option of @size bytes with its kind and length at @p. */
static void parse_option(const u8 *p, u32 size, bool syn, bool estab, struct tcp_options_received *rx, struct tcp_skb_cb *cb,
	struct tcp_fastopen_cookie *foc, u32 sack_off)
{
	u16 mss;

	switch (p[0]) {
	case TCPOPT_MSS:
		if (size != TCPOLEN_MSS || !syn || estab)
			return;
		mss = get_unaligned_be16(p + 2);
		if (!mss)
			return;
		if (rx->user_mss && rx->user_mss < mss)
			mss = rx->user_mss;
		rx->mss_clamp = mss;
		return;
	case TCPOPT_WINDOW:
		if (size != TCPOLEN_WINDOW || !syn || estab || !net_sysctl.tcp_window_scaling)
			return;
		rx->wscale_ok = 1;
		rx->snd_wscale = min(p[2], (u8)TCP_MAX_WSCALE);
		return;
	case TCPOPT_TIMESTAMP:
		if (size != TCPOLEN_TIMESTAMP || !(estab ? rx->tstamp_ok : net_sysctl.tcp_timestamps))
			return;
		rx->saw_tstamp = 1;
		rx->rcv_tsval = get_unaligned_be32(p + 2);
		rx->rcv_tsecr = get_unaligned_be32(p + 6);
		return;
	case TCPOPT_SACK_PERM:
		if (size != TCPOLEN_SACK_PERM || !syn || estab || !net_sysctl.tcp_sack)
			return;
		rx->sack_ok = TCP_SACK_SEEN;
		tcp_sack_reset(rx);
		return;
	case TCPOPT_SACK:
		if (size >= TCPOLEN_SACK_BASE + TCPOLEN_SACK_PERBLOCK
				&& !((size - TCPOLEN_SACK_BASE) % TCPOLEN_SACK_PERBLOCK) && rx->sack_ok)
			cb->sacked = (u8)sack_off;
		return;
	case TCPOPT_FASTOPEN:
		parse_fastopen((int)size - TCPOLEN_FASTOPEN_BASE, p + 2, syn, foc, false);
		return;
	case TCPOPT_EXP:
		if (size >= 4 && get_unaligned_be16(p + 2) == TCPOPT_FASTOPEN_MAGIC)
			parse_fastopen((int)size - 4, p + 4, syn, foc, true);
		else
			rx->saw_unknown = 1;
		return;
	default:
		rx->saw_unknown = 1;
	}
}

/* Reads the options of the segment @skb, whose header is whole, into @rx. @estab: the connection exists, what was agreed on
 * stays. Where SACK blocks begin is left in TCP_SKB_CB(skb)->sacked, as an offset from the header. */
void tcp_parse_options(const struct sk_buff *skb, struct tcp_options_received *rx, bool estab, struct tcp_fastopen_cookie *foc)
{
	const struct tcphdr *th = tcp_hdr(skb);
	const u8 *start = (const u8 *)th, *p = start + sizeof(*th), *end = start + th->doff * 4;

	rx->saw_tstamp = 0;
	rx->saw_unknown = 0;
	while (p < end) {
		u32 size;

		if (*p == TCPOPT_EOL)
			return;
		if (*p == TCPOPT_NOP) {
			p++;
			continue;
		}
		if (end - p < 2)
			return;
		size = p[1];
		if (size < 2 || size > (u32)(end - p))
			return;
		parse_option(p, size, th->syn, estab, rx, TCP_SKB_CB(skb), foc, (u32)(p - start));
		p += size;
	}
}

/* The commonest header by far has nothing but an aligned timestamp: read without a loop. False: no options at all. */
bool tcp_fast_parse_options(const struct sk_buff *skb, struct tcp_sock *tp)
{
	const struct tcphdr *th = tcp_hdr(skb);

	if (th->doff == sizeof(*th) / 4) {
		tp->rx_opt.saw_tstamp = 0;
		return false;
	}
	if (tp->rx_opt.tstamp_ok && th->doff == (sizeof(*th) + TCPOLEN_TSTAMP_ALIGNED) / 4
			&& tcp_parse_aligned_timestamp(tp, th))
		return true;
	tcp_parse_options(skb, &tp->rx_opt, true, NULL);
	if (tp->rx_opt.saw_tstamp && tp->rx_opt.rcv_tsecr)
		tp->rx_opt.rcv_tsecr -= tp->tsoffset;
	return true;
}

bool tcp_parse_aligned_timestamp(struct tcp_sock *tp, const struct tcphdr *th)
{
	const u8 *p = (const u8 *)(th + 1);

	if (get_unaligned_be32(p) != (TCPOPT_NOP << 24 | TCPOPT_NOP << 16 | TCPOPT_TIMESTAMP << 8 | TCPOLEN_TIMESTAMP))
		return false;
	tp->rx_opt.saw_tstamp = 1;
	tp->rx_opt.rcv_tsval = get_unaligned_be32(p + 4);
	tp->rx_opt.rcv_tsecr = get_unaligned_be32(p + 8);
	if (tp->rx_opt.rcv_tsecr)
		tp->rx_opt.rcv_tsecr -= tp->tsoffset;
	return true;
}
