/* CUBIC (RFC 9438): after a loss the window follows a cubic function of time with its plateau at the window where the loss
 * happened, and is never slower than Reno would be. Slow start ends early by HyStart: when the acknowledgements of one
 * round come in a train as long as half the shortest delay, or when the delay rises. Constants are Linux's. */
#include "../tcp.h"
#include "module_param.h"
#include "string.h"

#define C_1024 410            /* C = 0.4 segments a cubic second, times 1024 */
#define UNITS_SHIFT 10        /* time runs in units of 1/1024 s */
#define RENO_SCALE 15         /* 8 * 3(1-b)/(1+b) inverted: acknowledgements, in eighths of a window, for one Reno segment */

#define HYSTART_TRAIN 1       /* bits of hystart_detect */
#define HYSTART_DELAY 2
#define HYSTART_MIN_SAMPLES 8
#define HYSTART_DELAY_MIN 4000u  /* us: bounds of the rise that ends slow start */
#define HYSTART_DELAY_MAX 16000u

/* /sys/module/tcp_cubic/parameters. beta: of 1024, what a loss leaves of the window. The curve's are fixed when Linux starts. */
static int fast_convergence = 1, beta = 717, initial_ssthresh, bic_scale = 41, tcp_friendliness = 1;
static int hystart = 1, hystart_detect = HYSTART_TRAIN | HYSTART_DELAY, hystart_low_window = 16, hystart_ack_delta_us = 2000;
const struct module_param tcp_cubic_params[] = {
	{ "beta", 0644, &beta }, { "bic_scale", 0444, &bic_scale }, { "fast_convergence", 0644, &fast_convergence },
	{ "hystart", 0644, &hystart }, { "hystart_ack_delta_us", 0644, &hystart_ack_delta_us },
	{ "hystart_detect", 0644, &hystart_detect }, { "hystart_low_window", 0644, &hystart_low_window },
	{ "initial_ssthresh", 0644, &initial_ssthresh }, { "tcp_friendliness", 0644, &tcp_friendliness }, { NULL },
};

/* In icsk_ca_priv. Times in us or, where they say so, ms. */
struct cubic {
	u32 cnt;              /* acknowledgements for one more segment */
	u32 last_max_cwnd;    /* where the last loss was */
	u32 last_cwnd, last_time_ms;
	u32 origin;           /* the plateau of the current curve */
	u32 k;                /* time from the epoch to the plateau, units */
	u32 delay_min;        /* us, the shortest seen; 0: none */
	u32 epoch_start_ms;   /* 0: no curve yet */
	u32 ack_cnt, tcp_cwnd; /* what Reno would have */
	u8 sample_cnt;
	bool found;           /* HyStart has ended slow start */
	u32 round_start, end_seq, last_ack, curr_rtt; /* us, seq, us, us: HyStart's round */
};

static struct cubic *cubic_ca(struct sock *sk)
{
	BUILD_BUG_ON(sizeof(struct cubic) > sizeof(((struct inet_connection_sock *)0)->icsk_ca_priv));
	return (struct cubic *)inet_csk(sk)->icsk_ca_priv;
}

static u32 clock_us(struct sock *sk)
{
	return (u32)tcp_sk(sk)->tcp_mstamp;
}

u32 tcp_cubic_root(u64 a)
{
	u32 lo = 0, hi = 2642245; /* the cube root of 2^64 */

	while (lo < hi) {
		u64 mid = ((u64)lo + hi + 1) / 2;

		if (mid * mid * mid <= a)
			lo = (u32)mid;
		else
			hi = (u32)mid - 1;
	}
	return lo;
}

static void hystart_reset(struct sock *sk)
{
	struct cubic *ca = cubic_ca(sk);

	ca->round_start = ca->last_ack = clock_us(sk);
	ca->end_seq = tcp_sk(sk)->snd_nxt;
	ca->curr_rtt = ~0u;
	ca->sample_cnt = 0;
}

static void cubic_reset(struct cubic *ca)
{
	memset(ca, 0, offsetof(struct cubic, round_start));
}

static void cubic_init(struct sock *sk)
{
	cubic_reset(cubic_ca(sk));
	if (hystart)
		hystart_reset(sk);
	else if (initial_ssthresh)
		tcp_sk(sk)->snd_ssthresh = (u32)initial_ssthresh;
}

/* After idling, the curve goes on from where it stood: the pause does not count. */
static void cubic_cwnd_event(struct sock *sk, enum tcp_ca_event event)
{
	struct cubic *ca = cubic_ca(sk);
	u32 now = tcp_now(tcp_sk(sk));
	s32 idle = (s32)(now - tcp_sk(sk)->lsndtime);

	if (event != CA_EVENT_TX_START || !ca->epoch_start_ms || idle <= 0)
		return;
	ca->epoch_start_ms += (u32)idle;
	if ((s32)(ca->epoch_start_ms - now) > 0)
		ca->epoch_start_ms = now;
}

/* A new curve starts at @cwnd. */
static void cubic_epoch(struct cubic *ca, u32 cwnd, u32 acked, u32 now)
{
	ca->epoch_start_ms = now ? now : 1;
	ca->ack_cnt = acked;
	ca->tcp_cwnd = cwnd;
	if (ca->last_max_cwnd <= cwnd) {
		ca->k = 0;
		ca->origin = cwnd;
	} else {
		ca->k = tcp_cubic_root(((1ull << 40) / C_1024) * (ca->last_max_cwnd - cwnd));
		ca->origin = ca->last_max_cwnd;
	}
}

/* W(t) of RFC 9438 (figure 1) at @t units after the epoch. */
static u32 cubic_window(const struct cubic *ca, u64 t)
{
	u64 off = t < ca->k ? ca->k - t : t - ca->k;
	u64 delta;

	/* Far beyond the plateau the cube overflows; the caller limits growth anyway. */
	off = min(off, (u64)300000);
	delta = C_1024 * off * off * off >> 40;
	if (t < ca->k)
		return delta < ca->origin ? ca->origin - (u32)delta : 0;
	return ca->origin + (u32)min(delta, (u64)1 << 30);
}

/* Never slower than Reno: what AIMD with this beta would have reached. */
static void cubic_reno_friendly(struct cubic *ca, u32 cwnd)
{
	u32 delta = max((cwnd * RENO_SCALE) >> 3, 1u);

	if (ca->ack_cnt > delta) {
		u32 n = (ca->ack_cnt - 1) / delta;

		ca->ack_cnt -= n * delta;
		ca->tcp_cwnd += n;
	}
	if (ca->tcp_cwnd > cwnd)
		ca->cnt = min(ca->cnt, cwnd / (ca->tcp_cwnd - cwnd));
}

static void cubic_update(struct cubic *ca, u32 cwnd, u32 acked)
{
	u32 now = tcp_time_ms(), target;
	u64 t;

	ca->ack_cnt += acked;
	if (ca->last_cwnd == cwnd && (s32)(now - ca->last_time_ms) <= 1000 / 32)
		return;
	if (!ca->epoch_start_ms || now != ca->last_time_ms) {
		ca->last_cwnd = cwnd;
		ca->last_time_ms = now;
		if (!ca->epoch_start_ms)
			cubic_epoch(ca, cwnd, acked, now);
		t = (((u64)(now - ca->epoch_start_ms) + ca->delay_min / 1000) << UNITS_SHIFT) / 1000;
		target = cubic_window(ca, t);
		ca->cnt = target > cwnd ? cwnd / (target - cwnd) : 100 * cwnd;
		/* Before the first loss nothing is known of the path: grow at 5% a round at least. */
		if (!ca->last_max_cwnd && ca->cnt > 20)
			ca->cnt = 20;
	}
	if (tcp_friendliness)
		cubic_reno_friendly(ca, cwnd);
	ca->cnt = max(ca->cnt, 2u);
}

static void cubic_cong_avoid(struct sock *sk, u32 ack, u32 acked)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!tcp_is_cwnd_limited(sk))
		return;
	if (tcp_in_slow_start(tp)) {
		acked = tcp_slow_start(tp, acked);
		if (!acked)
			return;
	}
	cubic_update(cubic_ca(sk), tp->snd_cwnd, acked);
	tcp_cong_avoid_ai(tp, cubic_ca(sk)->cnt, acked);
}

/* The threshold after a loss. Fast convergence: a flow that lost below its last maximum leaves room for others. */
static u32 cubic_ssthresh(struct sock *sk)
{
	struct cubic *ca = cubic_ca(sk);
	u32 cwnd = tcp_sk(sk)->snd_cwnd;

	ca->epoch_start_ms = 0;
	ca->last_max_cwnd = cwnd < ca->last_max_cwnd && fast_convergence ? cwnd * (u32)(1024 + beta) / 2048 : cwnd;
	return max(cwnd * (u32)beta / 1024, 2u);
}

static void cubic_state(struct sock *sk, u8 state)
{
	if (state != TCP_CA_Loss)
		return;
	cubic_reset(cubic_ca(sk));
	hystart_reset(sk);
}

static u32 hystart_threshold(u32 t)
{
	return min(max(t, HYSTART_DELAY_MIN), HYSTART_DELAY_MAX);
}

static void hystart_end(struct sock *sk)
{
	cubic_ca(sk)->found = true;
	tcp_sk(sk)->snd_ssthresh = tcp_sk(sk)->snd_cwnd;
}

static void hystart_update(struct sock *sk, u32 delay)
{
	struct cubic *ca = cubic_ca(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	u32 now = clock_us(sk);

	if (after(tp->snd_una, ca->end_seq))
		hystart_reset(sk);
	/* Rounds are counted from the start; what they show counts when the window is no longer tiny. */
	if (tp->snd_cwnd < (u32)hystart_low_window)
		return;
	/* Acknowledgements that follow each other closely form a train; its length is the bandwidth-delay product. */
	if (hystart_detect & HYSTART_TRAIN && (s32)(now - ca->last_ack) <= hystart_ack_delta_us) {
		/* Large packets delay acknowledgements by the time they take at the present rate. */
		u64 packet = 65536ull * 4 * 1000000 / max(sk->sk_pacing_rate, 1ull);
		u32 threshold = ca->delay_min + (u32)min(packet, 1000ull);

		ca->last_ack = now;
		if (!sk->sk_pacing_needed)
			threshold >>= 1; /* paced packets may come half a round late by themselves */
		if ((s32)(now - ca->round_start) > (s32)threshold) {
			hystart_end(sk);
			NET_INC_STATS(LINUX_MIB_TCPHYSTARTTRAINDETECT);
			NET_ADD_STATS(LINUX_MIB_TCPHYSTARTTRAINCWND, tp->snd_cwnd);
			return;
		}
	}
	if (!(hystart_detect & HYSTART_DELAY))
		return;
	ca->curr_rtt = min(ca->curr_rtt, delay);
	if (ca->sample_cnt < HYSTART_MIN_SAMPLES) {
		ca->sample_cnt++;
	} else if (ca->curr_rtt > ca->delay_min + hystart_threshold(ca->delay_min >> 3)) {
		hystart_end(sk);
		NET_INC_STATS(LINUX_MIB_TCPHYSTARTDELAYDETECT);
		NET_ADD_STATS(LINUX_MIB_TCPHYSTARTDELAYCWND, tp->snd_cwnd);
	}
}

static void cubic_acked(struct sock *sk, const struct ack_sample *sample)
{
	struct cubic *ca = cubic_ca(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	u32 delay;

	if (sample->rtt_us < 0)
		return;
	/* Just after fast recovery delays are not the path's. */
	if (ca->epoch_start_ms && (s32)(tcp_time_ms() - ca->epoch_start_ms) < 1000)
		return;
	delay = max((u32)sample->rtt_us, 1u);
	if (!ca->delay_min || ca->delay_min > delay)
		ca->delay_min = delay;
	if (!ca->found && tcp_in_slow_start(tp) && hystart)
		hystart_update(sk, delay);
}

const struct tcp_congestion_ops tcp_cubic = {
	.name = "cubic",
	.init = cubic_init,
	.ssthresh = cubic_ssthresh,
	.cong_avoid = cubic_cong_avoid,
	.set_state = cubic_state,
	.undo_cwnd = tcp_reno_undo_cwnd,
	.cwnd_event = cubic_cwnd_event,
	.pkts_acked = cubic_acked,
};
