/* The options of IPPROTO_TCP (tcp(7)), as a table: what each takes, and how it is read and set. */
#include "../tcp.h"
#include "ledger.h"
#include "slab.h"
#include "string.h"
#include "uaccess.h"
#include <linux/capability.h>

struct tcp_option {
	int name;
	int min, max;      /* of the int that is set; outside: EINVAL */
	int (*set)(struct sock *sk, int val); /* owned. NULL: ENOPROTOOPT */
	int (*get)(struct sock *sk, int *val); /* 0 or -errno. NULL: ENOPROTOOPT */
};
#define ANY (-0x7fffffff - 1), 0x7fffffff

static bool closed_or_listening(const struct sock *sk)
{
	return TCPF(sk->sk_state) & (TCPF(TCP_CLOSE) | TCPF(TCP_LISTEN));
}

static void push_pending(struct sock *sk)
{
	if (tcp_send_head(sk))
		__tcp_push_pending_frames(sk, tcp_current_mss(sk), tcp_sk(sk)->nonagle);
}

/* ---- sending ---- */

static int get_nodelay(struct sock *sk, int *val) { *val = !!(tcp_sk(sk)->nonagle & TCP_NAGLE_OFF); return 0; }
static int set_nodelay(struct sock *sk, int val)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (val) {
		/* What was held back goes now, unless it is corked. */
		tp->nonagle |= TCP_NAGLE_OFF | TCP_NAGLE_PUSH;
		push_pending(sk);
	} else {
		tp->nonagle &= (u8)~TCP_NAGLE_OFF;
	}
	return 0;
}

static int get_cork(struct sock *sk, int *val) { *val = !!(tcp_sk(sk)->nonagle & TCP_NAGLE_CORK); return 0; }
static int set_cork(struct sock *sk, int val)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (val) {
		tp->nonagle |= TCP_NAGLE_CORK;
		return 0;
	}
	tp->nonagle &= (u8)~TCP_NAGLE_CORK;
	if (tp->nonagle & TCP_NAGLE_OFF)
		tp->nonagle |= TCP_NAGLE_PUSH;
	push_pending(sk);
	return 0;
}

static int get_maxseg(struct sock *sk, int *val)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	*val = tp->rx_opt.user_mss && closed_or_listening(sk) ? tp->rx_opt.user_mss : tp->mss_cache;
	return 0;
}

/* Less than 88 bytes would be mostly headers; 0 takes the wish back. */
static int set_maxseg(struct sock *sk, int val)
{
	if (val && (val < (int)TCP_MIN_MSS || val > (int)MAX_TCP_WINDOW))
		return -EINVAL;
	tcp_sk(sk)->rx_opt.user_mss = (u16)val;
	return 0;
}

static int get_notsent_lowat(struct sock *sk, int *val) { *val = (int)tcp_sk(sk)->notsent_lowat; return 0; }
static int set_notsent_lowat(struct sock *sk, int val)
{
	tcp_sk(sk)->notsent_lowat = (u32)val;
	sk->sk_write_space(sk);
	return 0;
}

static int get_thin_lto(struct sock *sk, int *val) { *val = tcp_sk(sk)->thin_lto; return 0; }
static int set_thin_lto(struct sock *sk, int val) { tcp_sk(sk)->thin_lto = val != 0; return 0; }
/* RACK has made it superfluous: Linux takes it and does nothing, too. */
static int get_thin_dupack(struct sock *sk, int *val) { (void)sk; *val = 0; return 0; }
static int set_thin_dupack(struct sock *sk, int val) { (void)sk; (void)val; return 0; }
/* Only a queueing discipline that knows departure times would delay packets; lo has none. */
static int get_tx_delay(struct sock *sk, int *val) { *val = (int)tcp_sk(sk)->tcp_tx_delay; return 0; }
static int set_tx_delay(struct sock *sk, int val)
{
	tcp_sk(sk)->tcp_tx_delay = (u32)val;
	return 0;
}

/* ---- receiving ---- */

static int get_quickack(struct sock *sk, int *val) { *val = !inet_csk_in_pingpong_mode(sk); return 0; }
static int set_quickack(struct sock *sk, int val)
{
	if (!val) {
		inet_csk_enter_pingpong_mode(sk);
		return 0;
	}
	inet_csk_exit_pingpong_mode(sk);
	if (TCPF(sk->sk_state) & (TCPF(TCP_ESTABLISHED) | TCPF(TCP_CLOSE_WAIT)) && inet_csk_ack_scheduled(sk)) {
		inet_csk(sk)->icsk_ack.pending |= ICSK_ACK_PUSHED;
		tcp_cleanup_rbuf(sk, 1);
		if (!(val & 1))
			inet_csk_enter_pingpong_mode(sk);
	}
	return 0;
}

static int get_window_clamp(struct sock *sk, int *val) { *val = (int)tcp_sk(sk)->window_clamp; return 0; }
static int set_window_clamp(struct sock *sk, int val)
{
	if (val) {
		tcp_set_window_clamp(sk, (u32)max(val, 0));
		return 0;
	}
	if (sk->sk_state != TCP_CLOSE)
		return -EINVAL;
	tcp_sk(sk)->window_clamp = 0;
	return 0;
}

static int get_inq(struct sock *sk, int *val) { *val = tcp_sk(sk)->recvmsg_inq; return 0; }
static int set_inq(struct sock *sk, int val) { tcp_sk(sk)->recvmsg_inq = val != 0; return 0; }

/* ---- life of a connection ---- */

static int get_keepidle(struct sock *sk, int *val) { *val = (int)keepalive_time_when(tcp_sk(sk)); return 0; }
static int set_keepidle(struct sock *sk, int val)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u64 idle, elapsed;

	tp->keepalive_time = (u32)val;
	if (sock_flag(sk, SOCK_KEEPOPEN) && !closed_or_listening(sk)) {
		idle = (u64)val * 1000;
		elapsed = keepalive_time_elapsed_ms(tp);
		tcp_reset_keepalive_timer(sk, (idle > elapsed ? idle - elapsed : 0) * 1000);
	}
	return 0;
}

static int get_keepintvl(struct sock *sk, int *val) { *val = (int)keepalive_intvl_when(tcp_sk(sk)); return 0; }
static int set_keepintvl(struct sock *sk, int val) { tcp_sk(sk)->keepalive_intvl = (u32)val; return 0; }
static int get_keepcnt(struct sock *sk, int *val) { *val = (int)keepalive_probes(tcp_sk(sk)); return 0; }
static int set_keepcnt(struct sock *sk, int val) { tcp_sk(sk)->keepalive_probes = (u8)val; return 0; }
static int get_syncnt(struct sock *sk, int *val)
{
	*val = inet_csk(sk)->icsk_syn_retries ? inet_csk(sk)->icsk_syn_retries : net_sysctl.tcp_syn_retries;
	return 0;
}
static int set_syncnt(struct sock *sk, int val) { inet_csk(sk)->icsk_syn_retries = (u8)val; return 0; }
static int get_user_timeout(struct sock *sk, int *val) { *val = (int)inet_csk(sk)->icsk_user_timeout; return 0; }
static int set_user_timeout(struct sock *sk, int val) { inet_csk(sk)->icsk_user_timeout = (u32)val; return 0; }

static int get_linger2(struct sock *sk, int *val)
{
	int v = tcp_sk(sk)->linger2;

	*val = v > 0 ? v : v < 0 ? -1 : net_sysctl.tcp_fin_timeout;
	return 0;
}

static int set_linger2(struct sock *sk, int val)
{
	tcp_sk(sk)->linger2 = val < 0 ? -1 : min(val, 120);
	return 0;
}

/* Seconds and the number of SYN-ACK retransmissions that take so long. */
static int get_defer_accept(struct sock *sk, int *val)
{
	int n = inet_csk(sk)->icsk_accept_queue.defer_accept, timeout = 1;

	for (*val = 0; n; n--) {
		*val += timeout;
		timeout = min(timeout << 1, 120);
	}
	return 0;
}

static int set_defer_accept(struct sock *sk, int val)
{
	int n = 0, timeout = 1, period = 1;

	if (val > 0)
		for (n = 1; val > period && n < 255; n++) {
			timeout = min(timeout << 1, 120);
			period += timeout;
		}
	inet_csk(sk)->icsk_accept_queue.defer_accept = (u8)n;
	return 0;
}

/* The timeouts' bounds, in whole milliseconds. */
static u32 whole_ms(int us) { return ((u32)us + 999) / 1000 * 1000; }
static int get_rto_max(struct sock *sk, int *val) { *val = (int)(inet_csk(sk)->icsk_rto_max / 1000); return 0; }
static int set_rto_max(struct sock *sk, int val) { inet_csk(sk)->icsk_rto_max = (u32)val * 1000; return 0; }
static int get_rto_min(struct sock *sk, int *val) { *val = (int)inet_csk(sk)->icsk_rto_min; return 0; }
static int set_rto_min(struct sock *sk, int val) { inet_csk(sk)->icsk_rto_min = whole_ms(val); return 0; }
static int get_delack_max(struct sock *sk, int *val) { *val = (int)inet_csk(sk)->icsk_delack_max; return 0; }
static int set_delack_max(struct sock *sk, int val) { inet_csk(sk)->icsk_delack_max = whole_ms(val); return 0; }

/* ---- fast open, saved SYNs ---- */

static int get_fastopen(struct sock *sk, int *val)
{
	*val = (int)inet_csk(sk)->icsk_accept_queue.fastopenq.max_qlen;
	return 0;
}

static int set_fastopen(struct sock *sk, int val)
{
	if (!closed_or_listening(sk))
		return -EINVAL;
	fastopen_queue_tune(sk, val);
	return 0;
}

static int get_fastopen_connect(struct sock *sk, int *val) { *val = tcp_sk(sk)->fastopen_connect; return 0; }
static int set_fastopen_connect(struct sock *sk, int val)
{
	if (!(net_sysctl.tcp_fastopen & TFO_CLIENT_ENABLE))
		return -EOPNOTSUPP;
	if (sk->sk_state != TCP_CLOSE)
		return -EINVAL;
	tcp_sk(sk)->fastopen_connect = val != 0;
	return 0;
}

static int get_fastopen_no_cookie(struct sock *sk, int *val) { *val = tcp_sk(sk)->fastopen_no_cookie; return 0; }
static int set_fastopen_no_cookie(struct sock *sk, int val)
{
	if (!closed_or_listening(sk))
		return -EINVAL;
	tcp_sk(sk)->fastopen_no_cookie = val != 0;
	return 0;
}

static int get_save_syn(struct sock *sk, int *val) { *val = tcp_sk(sk)->save_syn; return 0; }
static int set_save_syn(struct sock *sk, int val) { tcp_sk(sk)->save_syn = (u8)val; return 0; }

/* ---- repair, of checkpoints: needs CAP_NET_ADMIN and a socket that is not connected; refused to everybody ---- */

static int get_repair(struct sock *sk, int *val) { (void)sk; *val = 0; return 0; }
static int set_repair(struct sock *sk, int val)
{
	(void)sk;
	LEDGER("TCP_REPAIR", val);
	return -EPERM;
}
static int set_only_in_repair(struct sock *sk, int val) { (void)sk; (void)val; return -EPERM; }
static int set_repair_options(struct sock *sk, int val) { (void)sk; (void)val; return -EINVAL; }
static int get_repair_queue(struct sock *sk, int *val) { (void)sk; (void)val; return -EINVAL; }
static int set_queue_seq(struct sock *sk, int val)
{
	(void)val;
	return sk->sk_state != TCP_CLOSE ? -EPERM : -EINVAL;
}

/* A listener, and an ordinary user, learn that they may not; others that there is no TCP-AO. */
static int set_ao_repair(struct sock *sk, int val)
{
	LEDGER("TCP_AO_REPAIR", val);
	return sk->sk_state != TCP_LISTEN && capable(CAP_NET_ADMIN) ? -ENOPROTOOPT : -EPERM;
}
static int get_ao_repair(struct sock *sk, int *val) { (void)val; return set_ao_repair(sk, 0); }

static int get_timestamp(struct sock *sk, int *val) { *val = (int)(tcp_clock_ts() + tcp_sk(sk)->tsoffset); return 0; }
static int get_is_mptcp(struct sock *sk, int *val) { (void)sk; *val = 0; return 0; }

static const struct tcp_option tcp_options[] = {
	{ TCP_NODELAY, ANY, set_nodelay, get_nodelay },
	{ TCP_MAXSEG, ANY, set_maxseg, get_maxseg },
	{ TCP_CORK, ANY, set_cork, get_cork },
	{ TCP_KEEPIDLE, 1, 32767, set_keepidle, get_keepidle },
	{ TCP_KEEPINTVL, 1, 32767, set_keepintvl, get_keepintvl },
	{ TCP_KEEPCNT, 1, 127, set_keepcnt, get_keepcnt },
	{ TCP_SYNCNT, 1, 127, set_syncnt, get_syncnt },
	{ TCP_LINGER2, ANY, set_linger2, get_linger2 },
	{ TCP_DEFER_ACCEPT, ANY, set_defer_accept, get_defer_accept },
	{ TCP_WINDOW_CLAMP, ANY, set_window_clamp, get_window_clamp },
	{ TCP_QUICKACK, ANY, set_quickack, get_quickack },
	{ TCP_THIN_LINEAR_TIMEOUTS, 0, 1, set_thin_lto, get_thin_lto },
	{ TCP_THIN_DUPACK, 0, 1, set_thin_dupack, get_thin_dupack },
	{ TCP_USER_TIMEOUT, 0, 0x7fffffff, set_user_timeout, get_user_timeout },
	{ TCP_REPAIR, ANY, set_repair, get_repair },
	{ TCP_REPAIR_QUEUE, ANY, set_only_in_repair, get_repair_queue },
	{ TCP_QUEUE_SEQ, ANY, set_queue_seq, get_repair_queue },
	{ TCP_REPAIR_OPTIONS, ANY, set_repair_options, NULL },
	{ TCP_REPAIR_WINDOW, ANY, set_only_in_repair, NULL },
	{ TCP_FASTOPEN, 0, 0x7fffffff, set_fastopen, get_fastopen },
	{ TCP_FASTOPEN_CONNECT, 0, 1, set_fastopen_connect, get_fastopen_connect },
	{ TCP_FASTOPEN_NO_COOKIE, 0, 1, set_fastopen_no_cookie, get_fastopen_no_cookie },
	{ TCP_TIMESTAMP, ANY, set_only_in_repair, get_timestamp },
	{ TCP_NOTSENT_LOWAT, ANY, set_notsent_lowat, get_notsent_lowat },
	{ TCP_SAVE_SYN, 0, 2, set_save_syn, get_save_syn },
	{ TCP_INQ, 0, 1, set_inq, get_inq },
	{ TCP_TX_DELAY, 0, (1 << 28) - 1, set_tx_delay, get_tx_delay }, /* us, of which the RTT counts eighths in 32 bits */
	{ TCP_IS_MPTCP_612, ANY, NULL, get_is_mptcp },
	{ TCP_RTO_MAX_MS_615, 1000, TCP_RTO_MAX / 1000, set_rto_max, get_rto_max },
	{ TCP_RTO_MIN_US_615, TCP_TIMEOUT_MIN_US, TCP_RTO_MIN, set_rto_min, get_rto_min },
	{ TCP_DELACK_MAX_US_615, TCP_TIMEOUT_MIN_US, TCP_DELACK_MAX * 1000, set_delack_max, get_delack_max },
	{ TCP_AO_REPAIR_67, ANY, set_ao_repair, get_ao_repair },
};

static const struct tcp_option *find_option(int name)
{
	for (size_t i = 0; i < ARRAY_SIZE(tcp_options); i++)
		if (tcp_options[i].name == name)
			return &tcp_options[i];
	return NULL;
}

/* ---- names and keys ---- */

/* A string option, cut to @max characters. */
static int get_name(char *buf, size_t max, const void __user *val, unsigned len)
{
	size_t n = min((size_t)len, max);

	if (!len)
		return -EINVAL;
	if (copy_from_user(buf, val, n))
		return -EFAULT;
	buf[n] = 0;
	return 0;
}

static bool ca_allowed(const char *name)
{
	const char *list = net_sysctl.tcp_allowed_congestion_control;
	size_t n = strlen(name);

	if (capable(CAP_NET_ADMIN))
		return true;
	for (; *list; list++)
		if ((list == net_sysctl.tcp_allowed_congestion_control || list[-1] == ' ') && !strncmp(list, name, n)
				&& (!list[n] || list[n] == ' '))
			return true;
	return false;
}

static int set_congestion(struct sock *sk, const void __user *val, unsigned len)
{
	char name[16];
	int err = get_name(name, sizeof(name) - 1, val, len);

	if (err)
		return err;
	if (tcp_ca_find(name) && !ca_allowed(name))
		return -EPERM;
	lock_sock(sk);
	err = tcp_set_congestion_control(sk, name);
	release_sock(sk);
	if (err == -ENOENT)
		LEDGER("TCP_CONGESTION algorithm", name[0]);
	return err;
}

static int set_ulp(const void __user *val, unsigned len)
{
	char name[16];
	int err = get_name(name, sizeof(name) - 1, val, len);

	if (err)
		return err;
	LEDGER("TCP_ULP", name[0]);
	return -ENOENT;
}

static int set_fastopen_key(struct sock *sk, const void __user *val, unsigned len)
{
	u8 keys[32];
	int err;

	if (len != 16 && len != 32)
		return -EINVAL;
	if (copy_from_user(keys, val, len))
		return -EFAULT;
	lock_sock(sk);
	err = tcp_fastopen_set_key(sk, keys, len == 32 ? keys + 16 : NULL);
	release_sock(sk);
	return err;
}

int tcp_setsockopt(struct sock *sk, int level, int name, const void __user *val, unsigned len)
{
	const struct tcp_option *opt;
	int v, err;

	if (level != SOL_TCP)
		return inet_csk(sk)->icsk_af_ops->setsockopt(sk, level, name, val, len);
	switch (name) {
	case TCP_CONGESTION:
		return set_congestion(sk, val, len);
	case TCP_ULP:
		return set_ulp(val, len);
	case TCP_FASTOPEN_KEY:
		return set_fastopen_key(sk, val, len);
	}
	if (len < sizeof(int))
		return -EINVAL;
	if (copy_from_user(&v, val, sizeof(v)))
		return -EFAULT;
	opt = find_option(name);
	if (!opt || !opt->set) {
		LEDGER("setsockopt IPPROTO_TCP option", name);
		return -ENOPROTOOPT;
	}
	if (v < opt->min || v > opt->max)
		return -EINVAL;
	lock_sock(sk);
	err = opt->set(sk, v);
	release_sock(sk);
	return err;
}

/* ---- TCP_INFO ---- */

static void get_info_times(const struct sock *sk, struct tcp_info *info)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u64 total = 0, stat[3];
	u32 now = tcp_time_ms();

	info->tcpi_last_data_sent = now - tp->lsndtime;
	info->tcpi_last_data_recv = now - inet_csk(sk)->icsk_ack.lrcvtime;
	info->tcpi_last_ack_recv = now - tp->rcv_tstamp;
	for (int i = 0; i < 3; i++) {
		stat[i] = tp->chrono_stat[i];
		if (tp->chrono_type == i + 1)
			stat[i] += tcp_clock_us() - tp->chrono_start;
		total += stat[i];
	}
	info->tcpi_busy_time = total;
	info->tcpi_rwnd_limited = stat[1];
	info->tcpi_sndbuf_limited = stat[2];
}

static void get_info_counters(const struct sock *sk, struct tcp_info *info)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	info->tcpi_total_retrans = tp->total_retrans;
	info->tcpi_bytes_acked = tp->bytes_acked;
	info->tcpi_bytes_received = tp->bytes_received;
	info->tcpi_notsent_bytes = (u32)max(0, (int)(tp->write_seq - tp->snd_nxt));
	info->tcpi_segs_out = tp->segs_out;
	info->tcpi_segs_in = tp->segs_in;
	info->tcpi_data_segs_in = tp->data_segs_in;
	info->tcpi_data_segs_out = tp->data_segs_out;
	info->tcpi_delivered = tp->delivered;
	info->tcpi_delivered_ce = tp->delivered_ce;
	info->tcpi_bytes_sent = tp->bytes_sent;
	info->tcpi_bytes_retrans = tp->bytes_retrans;
	info->tcpi_dsack_dups = tp->dsack_dups;
	info->tcpi_reord_seen = tp->reord_seen;
	info->tcpi_rcv_ooopack = tp->rcv_ooopack;
	info->tcpi_delivery_rate_app_limited = tp->rate_app_limited;
	if (tp->rate_delivered && tp->rate_interval_us)
		info->tcpi_delivery_rate = (u64)tp->rate_delivered * tp->mss_cache * 1000000 / tp->rate_interval_us;
}

/* The figures of the moment. The socket is owned or not in use. */
void tcp_get_info(struct sock *sk, struct tcp_info_612 *full)
{
	struct tcp_info *info = &full->base;
	const struct inet_connection_sock *icsk = inet_csk(sk);
	const struct tcp_sock *tp = tcp_sk(sk);

	memset(full, 0, sizeof(*full));
	info->tcpi_state = sk->sk_state;
	info->tcpi_pacing_rate = sk->sk_pacing_rate;
	info->tcpi_max_pacing_rate = sk->sk_max_pacing_rate;
	info->tcpi_reordering = tp->reordering;
	info->tcpi_snd_cwnd = tp->snd_cwnd;
	if (sk->sk_state == TCP_LISTEN) {
		/* What a listener has instead. */
		info->tcpi_unacked = sk->sk_ack_backlog;
		info->tcpi_sacked = sk->sk_max_ack_backlog;
		return;
	}
	info->tcpi_ca_state = icsk->icsk_ca_state;
	info->tcpi_retransmits = icsk->icsk_retransmits;
	info->tcpi_probes = icsk->icsk_probes_out;
	info->tcpi_backoff = icsk->icsk_backoff;
	if (tp->rx_opt.tstamp_ok)
		info->tcpi_options |= TCPI_OPT_TIMESTAMPS;
	if (tcp_is_sack(tp))
		info->tcpi_options |= TCPI_OPT_SACK;
	if (tp->rx_opt.wscale_ok) {
		info->tcpi_options |= TCPI_OPT_WSCALE;
		info->tcpi_snd_wscale = tp->rx_opt.snd_wscale;
		info->tcpi_rcv_wscale = tp->rx_opt.rcv_wscale;
	}
	if (tp->ecn_flags & TCP_ECN_OK)
		info->tcpi_options |= TCPI_OPT_ECN;
	if (tp->ecn_flags & TCP_ECN_SEEN)
		info->tcpi_options |= TCPI_OPT_ECN_SEEN;
	if (tp->syn_data_acked)
		info->tcpi_options |= TCPI_OPT_SYN_DATA;
	info->tcpi_rto = icsk->icsk_rto;
	info->tcpi_ato = icsk->icsk_ack.ato * 1000;
	info->tcpi_snd_mss = tp->mss_cache;
	info->tcpi_rcv_mss = icsk->icsk_ack.rcv_mss;
	info->tcpi_unacked = tp->packets_out;
	info->tcpi_sacked = tp->sacked_out;
	info->tcpi_lost = tp->lost_out;
	info->tcpi_retrans = tp->retrans_out;
	info->tcpi_pmtu = icsk->icsk_pmtu_cookie;
	info->tcpi_rcv_ssthresh = tp->rcv_ssthresh;
	info->tcpi_rtt = tp->srtt_us >> 3;
	info->tcpi_rttvar = tp->mdev_us >> 2;
	info->tcpi_snd_ssthresh = tp->snd_ssthresh;
	info->tcpi_advmss = tp->advmss;
	info->tcpi_rcv_rtt = tp->rcv_rtt_est.rtt_us >> 3;
	info->tcpi_rcv_space = tp->rcvq_space.space;
	info->tcpi_min_rtt = minmax_get(&tp->rtt_min);
	info->tcpi_snd_wnd = tp->snd_wnd;
	full->tcpi_rcv_wnd = tp->rcv_wnd;
	full->tcpi_total_rto = (u16)tp->total_rto;
	full->tcpi_total_rto_recoveries = (u16)tp->total_rto_recoveries;
	full->tcpi_total_rto_time = tp->total_rto_time;
	if (tp->rto_stamp)
		full->tcpi_total_rto_time += tcp_time_ms() - tp->rto_stamp;
	info->tcpi_fastopen_client_fail = tp->fastopen_client_fail;
	get_info_times(sk, info);
	get_info_counters(sk, info);
}

static int put_value(void __user *val, int __user *ulen, const void *from, int len, int size)
{
	len = min(len, size);
	if (put_user(len, ulen))
		return -EFAULT;
	return copy_to_user(val, from, (size_t)len) ? -EFAULT : 0;
}

/* TCP_SAVED_SYN: the headers of the SYN, once. */
static int get_saved_syn(struct sock *sk, void __user *val, int __user *ulen, int len)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct saved_syn *syn;
	int size, err;

	lock_sock(sk);
	syn = tp->saved_syn;
	size = syn ? (int)(syn->network_hdrlen + syn->tcp_hdrlen) : 0;
	if (len < size) {
		err = put_user(size, ulen) ? -EFAULT : -EINVAL;
	} else if (put_user(size, ulen) || (syn && copy_to_user(val, syn->data, (size_t)size))) {
		err = -EFAULT;
	} else {
		err = 0;
		kfree(syn);
		tp->saved_syn = NULL;
	}
	release_sock(sk);
	return err;
}

int tcp_getsockopt(struct sock *sk, int level, int name, void __user *val, int __user *ulen)
{
	const struct tcp_option *opt;
	struct tcp_info_612 info;
	u8 keys[32];
	int len, v = 0, err;

	if (level != SOL_TCP)
		return inet_csk(sk)->icsk_af_ops->getsockopt(sk, level, name, val, ulen);
	if (get_user(len, ulen))
		return -EFAULT;
	if (len < 0)
		return -EINVAL;
	switch (name) {
	case TCP_INFO:
		lock_sock(sk);
		tcp_get_info(sk, &info);
		release_sock(sk);
		return put_value(val, ulen, &info, len, sizeof(info));
	case TCP_CC_INFO:
		/* Neither algorithm has anything to tell. */
		return put_user(0, ulen) ? -EFAULT : 0;
	case TCP_CONGESTION: {
		char ca[16] = { 0 };

		strscpy(ca, inet_csk(sk)->icsk_ca_ops->name, sizeof(ca));
		return put_value(val, ulen, ca, len, sizeof(ca));
	}
	case TCP_ULP:
		return put_user(0, ulen) ? -EFAULT : 0;
	case TCP_FASTOPEN_KEY:
		v = tcp_fastopen_get_key(sk, keys);
		return put_value(val, ulen, keys, len, v);
	case TCP_SAVED_SYN:
		return get_saved_syn(sk, val, ulen, len);
	case TCP_REPAIR_WINDOW:
		return len != sizeof(struct tcp_repair_window) ? -EINVAL : -EPERM;
	}
	opt = find_option(name);
	if (!opt || !opt->get) {
		LEDGER("getsockopt IPPROTO_TCP option", name);
		return -ENOPROTOOPT;
	}
	err = opt->get(sk, &v);
	return err ? err : put_value(val, ulen, &v, len, sizeof(v));
}
