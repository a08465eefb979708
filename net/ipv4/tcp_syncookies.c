/* SYN cookies: when the queue of SYNs is full, the connection's parameters go into the sequence number of the SYN-ACK (and its
 * timestamp), and nothing is kept. The layout is Bernstein's: a hash, a minute counter and an index of the MSS. */
#include "../tcp.h"
#include "../ipv6.h"
#include "byteorder.h"
#include "host.h"
#include "string.h"

#define COOKIEBITS 24
#define COOKIEMASK ((1u << COOKIEBITS) - 1)
#define MAX_SYNCOOKIE_AGE 2 /* minutes */
/* what the low bits of the timestamp say */
#define TS_OPT_WSCALE_MASK 0xf
#define TS_OPT_SACK 0x10
#define TS_OPT_ECN 0x20
#define TSBITS 6
#define TSMASK ((1u << TSBITS) - 1)

static u16 const msstab4[] = { 536, 1300, 1440, 1460 };
static u16 const msstab6[] = { 1280 - 60, 1480 - 60, 1500 - 60, 9000 - 60 };

/* When a queue overflowed last (s): cookies are believed only for a while after that. */
static u32 last_overflow;
static bool overflowed;

void tcp_synq_overflow(void)
{
	last_overflow = tcp_seconds();
	overflowed = true;
}

static bool tcp_synq_no_recent_overflow(void)
{
	return !overflowed || tcp_seconds() - last_overflow > MAX_SYNCOOKIE_AGE * 60;
}

static u32 cookie_time(void)
{
	return tcp_seconds() / 60;
}

struct cookie_flow { u8 saddr[16], daddr[16]; u16 sport, dport; u32 count; u32 which; } __packed;

static void cookie_flow(const struct sk_buff *skb, struct cookie_flow *f)
{
	memset(f, 0, sizeof(*f));
	if (skb->protocol == htons(ETH_P_IPV6)) {
		memcpy(f->saddr, &ipv6_hdr(skb)->saddr, 16);
		memcpy(f->daddr, &ipv6_hdr(skb)->daddr, 16);
	} else {
		memcpy(f->saddr, &ip_hdr(skb)->saddr, 4);
		memcpy(f->daddr, &ip_hdr(skb)->daddr, 4);
	}
	f->sport = tcp_hdr(skb)->source;
	f->dport = tcp_hdr(skb)->dest;
}

static u32 cookie_hash(struct cookie_flow *f, u32 count, u32 which)
{
	static struct siphash_key key;
	static bool made;

	if (!made) {
		host_random(&key, sizeof(key));
		made = true;
	}
	f->count = count;
	f->which = which;
	return (u32)siphash(f, sizeof(*f), &key);
}

static u32 secure_syn_cookie(struct cookie_flow *f, u32 sseq, u32 data)
{
	u32 count = cookie_time();

	return cookie_hash(f, 0, 0) + sseq + (count << COOKIEBITS) + ((cookie_hash(f, count, 1) + data) & COOKIEMASK);
}

/* The data of @cookie, or ~0. */
static u32 check_syn_cookie(struct cookie_flow *f, u32 cookie, u32 sseq)
{
	u32 count = cookie_time(), diff;

	cookie -= cookie_hash(f, 0, 0) + sseq;
	diff = (count - (cookie >> COOKIEBITS)) & (~0u >> COOKIEBITS);
	if (diff >= MAX_SYNCOOKIE_AGE)
		return ~0u;
	return (cookie - cookie_hash(f, count - diff, 1)) & COOKIEMASK;
}

static u32 cookie_init_sequence(const struct sk_buff *skb, u16 *mss, const u16 *tab)
{
	struct cookie_flow f;
	u32 i = 3;

	while (i && *mss < tab[i])
		i--;
	*mss = tab[i];
	cookie_flow(skb, &f);
	NET_INC_STATS(LINUX_MIB_SYNCOOKIESSENT);
	return secure_syn_cookie(&f, ntohl(tcp_hdr(skb)->seq), i);
}

u32 cookie_v4_init_sequence(const struct sk_buff *skb, u16 *mss)
{
	return cookie_init_sequence(skb, mss, msstab4);
}

u32 cookie_v6_init_sequence(const struct sk_buff *skb, u16 *mss)
{
	return cookie_init_sequence(skb, mss, msstab6);
}

/* The timestamp of a SYN-ACK with a cookie: not later than now, with the options in its low bits. */
u32 cookie_init_timestamp(struct request_sock *req, u64 now_us)
{
	u32 options = req->wscale_ok ? req->snd_wscale : TS_OPT_WSCALE_MASK, now = (u32)(now_us / 1000), ts;

	if (req->sack_ok)
		options |= TS_OPT_SACK;
	if (req->ecn_ok)
		options |= TS_OPT_ECN;
	ts = (now >> TSBITS << TSBITS) | options;
	if (ts > now)
		ts -= 1u << TSBITS;
	return ts + req->ts_off;
}

/* What the echoed timestamp says. False: it cannot be from us. */
static bool cookie_timestamp_decode(struct tcp_options_received *opt)
{
	u32 options = opt->rcv_tsecr;

	if (!opt->saw_tstamp) {
		opt->sack_ok = opt->wscale_ok = 0;
		return true;
	}
	if (!net_sysctl.tcp_timestamps)
		return false;
	opt->sack_ok = options & TS_OPT_SACK ? TCP_SACK_SEEN : 0;
	if (opt->sack_ok && !net_sysctl.tcp_sack)
		return false;
	if ((options & TS_OPT_WSCALE_MASK) == TS_OPT_WSCALE_MASK)
		return true;
	opt->wscale_ok = 1;
	opt->snd_wscale = options & TS_OPT_WSCALE_MASK;
	return net_sysctl.tcp_window_scaling != 0;
}

static struct sock *tcp_get_cookie_sock(struct sock *sk, struct sk_buff *skb, struct request_sock *req, struct dst_entry *dst)
{
	bool own_req = false;
	struct sock *child = inet_csk(sk)->icsk_af_ops->syn_recv_sock(sk, skb, req, dst, NULL, &own_req);

	if (child) {
		reqsk_hold(req);
		if (inet_csk_reqsk_queue_add(sk, req, child))
			return child;
		reqsk_put(req);
		return NULL;
	}
	return NULL;
}

/* An acknowledgement for the listener: is it of a cookie? The new connection; @sk: no cookie, go on; NULL: drop it. */
struct sock *tcp_cookie_check(struct sock *sk, struct sk_buff *skb)
{
	const struct tcphdr *th = tcp_hdr(skb);
	u32 cookie = TCP_SKB_CB(skb)->ack_seq - 1, mss;
	bool v6 = skb->protocol == htons(ETH_P_IPV6);
	const struct tcp_conn_ops *ops = v6 ? &tcp_conn_ipv6 : &tcp_conn_ipv4;
	struct tcp_options_received opt = { 0 };
	struct request_sock *req;
	struct cookie_flow f;
	struct dst_entry *dst;
	struct sock *child;

	if (!net_sysctl.tcp_syncookies || !th->ack || th->rst || th->syn || tcp_synq_no_recent_overflow())
		return sk;
	cookie_flow(skb, &f);
	mss = check_syn_cookie(&f, cookie, TCP_SKB_CB(skb)->seq - 1);
	if (mss >= ARRAY_SIZE(msstab4)) {
		NET_INC_STATS(LINUX_MIB_SYNCOOKIESFAILED);
		return sk;
	}
	NET_INC_STATS(LINUX_MIB_SYNCOOKIESRECV);
	tcp_parse_options(skb, &opt, false, NULL);
	req = inet_reqsk_alloc(sk, ops->family);
	if (!req)
		return NULL;
	if (opt.saw_tstamp && opt.rcv_tsecr) {
		req->ts_off = ops->init_ts_off(skb);
		opt.rcv_tsecr -= req->ts_off;
	}
	if (!cookie_timestamp_decode(&opt))
		goto drop;
	req->rcv_isn = TCP_SKB_CB(skb)->seq - 1;
	req->rcv_nxt = TCP_SKB_CB(skb)->seq;
	req->snt_isn = cookie;
	req->mss = v6 ? msstab6[mss] : msstab4[mss];
	req->sk_num = ntohs(th->dest);
	req->sk_dport = th->source;
	req->ir_mark = sk->sk_mark;
	req->sk_bound_dev_if = sk->sk_bound_dev_if;
	req->ir_iif = skb->skb_iif;
	req->snd_wscale = opt.snd_wscale;
	req->sack_ok = opt.sack_ok;
	req->wscale_ok = opt.wscale_ok;
	req->tstamp_ok = opt.saw_tstamp;
	req->ts_recent = opt.saw_tstamp ? opt.rcv_tsval : 0;
	req->ecn_ok = opt.saw_tstamp && opt.rcv_tsecr & TS_OPT_ECN && net_sysctl.tcp_ecn;
	ops->init_req(req, sk, skb);
	dst = ops->route_req(sk, req);
	if (!dst)
		goto drop;
	tcp_openreq_init_rwin(req, sk, dst);
	/* The window that the SYN-ACK had offered. */
	child = tcp_get_cookie_sock(sk, skb, req, dst);
	reqsk_put(req);
	return child;
drop:
	reqsk_put(req);
	return NULL;
}
