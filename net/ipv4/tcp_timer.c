/* TCP's timers: retransmission, probes, delayed acknowledgements, keepalive; and when a connection is given up.
 *
 * Deadlines move with every segment, so the timers are lazy: a timer that is queued for earlier than the new deadline stays
 * where it is and is set again when it fires. A cleared deadline leaves the timer alone. */
#include "../tcp.h"

/* ---- setting ---- */

static void lazy_start(struct ktimer *t, u64 deadline)
{
	if (t->deadline > deadline)
		timer_start(t, deadline);
}

void tcp_reset_xmit_timer(struct sock *sk, int what, u32 when)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	u64 start = tcp_sk(sk)->tcp_clock_cache, deadline;

	/* Nothing can be late before pacing has let it go. */
	if (what != ICSK_TIME_DACK)
		start = max(start, tcp_sk(sk)->tcp_wstamp_ns);
	deadline = start + min(when, tcp_rto_max(sk)) * 1000ull;

	if (what == ICSK_TIME_DACK) {
		icsk->icsk_ack.pending |= ICSK_ACK_SCHED | ICSK_ACK_TIMER;
		icsk->icsk_ack.timeout = deadline;
		lazy_start(&icsk->icsk_delack_timer, deadline);
		return;
	}
	icsk->icsk_pending = (u8)what;
	icsk->icsk_timeout = deadline;
	lazy_start(&icsk->icsk_retransmit_timer, deadline);
}

void inet_csk_clear_xmit_timer(struct sock *sk, int what)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	if (what == ICSK_TIME_DACK) {
		icsk->icsk_ack.pending = 0;
		icsk->icsk_ack.retry = 0;
	} else {
		icsk->icsk_pending = 0;
	}
}

void tcp_reset_keepalive_timer(struct sock *sk, u64 us)
{
	timer_start(&sk->sk_timer, ktime_get() + us * 1000);
}

static void tcp_delete_keepalive_timer(struct sock *sk)
{
	timer_cancel(&sk->sk_timer);
}

void tcp_set_keepalive(struct sock *sk, bool on)
{
	if (TCPF(sk->sk_state) & (TCPF(TCP_CLOSE) | TCPF(TCP_LISTEN)))
		return;
	if (on && !sock_flag(sk, SOCK_KEEPOPEN))
		tcp_reset_keepalive_timer(sk, keepalive_time_when(tcp_sk(sk)) * 1000000ull);
	else if (!on)
		tcp_delete_keepalive_timer(sk);
}

void tcp_clear_xmit_timers(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	icsk->icsk_pending = 0;
	icsk->icsk_ack.pending = 0;
	timer_cancel(&icsk->icsk_retransmit_timer);
	timer_cancel(&icsk->icsk_delack_timer);
	timer_cancel(&sk->sk_timer);
	timer_cancel(&tcp_sk(sk)->compressed_ack_timer);
	timer_cancel(&tcp_sk(sk)->pacing_timer);
}

/* ---- giving up ---- */

/* The connection ends with the error that ICMP told of, or because nobody answered. */
void tcp_write_err(struct sock *sk)
{
	sk->sk_err = sk->sk_err_soft ? sk->sk_err_soft : ETIMEDOUT;
	tcp_write_queue_purge(sk);
	tcp_done(sk);
	if (!sock_flag(sk, SOCK_DEAD))
		sk_error_report(sk);
	NET_INC_STATS(LINUX_MIB_TCPABORTONTIMEOUT);
}

/* Orphans are given up when there are too many, or when TCP has no memory left. */
bool tcp_check_oom(const struct sock *sk, int shift)
{
	return tcp_orphan_count << shift > (u32)net_sysctl.tcp_max_orphans
		|| (sk->sk_wmem_queued > SOCK_MIN_SNDBUF && proto_mem_pages(&tcp_memory) > net_sysctl.tcp_mem[2]);
}

static bool tcp_out_of_resources(struct sock *sk, bool do_reset)
{
	struct tcp_sock *tp = tcp_sk(sk);
	s32 idle = (s32)(tcp_time_ms() - tp->lsndtime);
	int shift = 0;

	/* Those that have been silent for long, and those that are unreachable, count double. */
	if (idle > (s32)(2 * TCP_RTO_MAX / 1000) || !do_reset)
		shift++;
	if (sk->sk_err_soft)
		shift++;
	if (!tcp_check_oom(sk, shift))
		return false;
	if (idle <= (s32)(TCP_TIMEWAIT_LEN / 1000) || (!tp->snd_wnd && !tp->packets_out))
		do_reset = true;
	if (do_reset)
		tcp_send_active_reset(sk);
	tcp_done(sk);
	NET_INC_STATS(LINUX_MIB_TCPABORTONMEMORY);
	return true;
}

static u32 tcp_orphan_retries(const struct sock *sk, bool alive)
{
	u32 retries = (u32)net_sysctl.tcp_orphan_retries;

	if (sk->sk_err_soft && !alive)
		retries = 0;
	return !retries && alive ? 8 : retries;
}

/* ms that @boundary retransmissions take, with the timeout doubling from @base. */
static u64 tcp_model_timeout(const struct sock *sk, u32 boundary, u32 base_ms)
{
	u32 max_ms = tcp_rto_max(sk) / 1000, thresh = max_ms > base_ms ? 31u - (u32)__builtin_clz(max_ms / base_ms) : 0;

	if (boundary <= thresh)
		return ((2ull << boundary) - 1) * base_ms;
	return ((2ull << thresh) - 1) * base_ms + (u64)(boundary - thresh) * max_ms;
}

/* Is it longer than @timeout ms (0: than @boundary retransmissions take) since the first retransmission? */
static bool retransmits_timed_out(const struct sock *sk, u32 boundary, u64 timeout)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 base = max(tcp_rto_min(sk) / 1000, 1u);

	if (!inet_csk(sk)->icsk_retransmits)
		return false;
	if (!timeout) {
		if (TCPF(sk->sk_state) & (TCPF(TCP_SYN_SENT) | TCPF(TCP_SYN_RECV)))
			base = TCP_TIMEOUT_INIT / 1000;
		timeout = tcp_model_timeout(sk, boundary, base);
	}
	return (s32)(tcp_time_ts(tp) - tp->retrans_stamp - (u32)timeout) >= 0;
}

/* A retransmission timeout: true, and the connection is gone, if it was one too many. */
static bool tcp_write_timeout(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	u32 retry_until;
	bool expired = false;

	if (TCPF(sk->sk_state) & (TCPF(TCP_SYN_SENT) | TCPF(TCP_SYN_RECV))) {
		u32 most;

		retry_until = icsk->icsk_syn_retries ? icsk->icsk_syn_retries : (u32)net_sysctl.tcp_syn_retries;
		most = retry_until;
		if (sk->sk_state == TCP_SYN_SENT)
			most += min(tp->total_rto, (u32)net_sysctl.tcp_syn_linear_timeouts);
		expired = icsk->icsk_retransmits >= most;
	} else {
		if (retransmits_timed_out(sk, (u32)net_sysctl.tcp_retries1, 0))
			tcp_mtu_black_hole(sk);
		retry_until = (u32)net_sysctl.tcp_retries2;
		if (sock_flag(sk, SOCK_DEAD)) {
			bool alive = icsk->icsk_rto < tcp_rto_max(sk), do_reset;

			retry_until = tcp_orphan_retries(sk, alive);
			do_reset = alive || !retransmits_timed_out(sk, retry_until, 0);
			if (tcp_out_of_resources(sk, do_reset))
				return true;
		}
	}
	if (!expired)
		expired = retransmits_timed_out(sk, retry_until, icsk->icsk_user_timeout);
	if (expired)
		tcp_write_err(sk);
	return expired;
}

/* ---- retransmission ---- */

u32 tcp_rto_delta_us(const struct sock *sk)
{
	struct sk_buff *head = tcp_rtx_queue_head(sk);
	u32 rto = inet_csk(sk)->icsk_rto;

	return head ? (u32)(tcp_skb_timestamp_us(head) + rto - tcp_sk(sk)->tcp_mstamp) : rto;
}

static u32 tcp_clamp_rto_to_user_timeout(const struct sock *sk)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	s64 left;

	if (!icsk->icsk_user_timeout)
		return icsk->icsk_rto;
	left = (s64)icsk->icsk_user_timeout - (s64)(tcp_time_ts(tcp_sk(sk)) - tcp_sk(sk)->retrans_stamp);
	return left <= 0 ? 1000 : (u32)min((s64)icsk->icsk_rto, left * 1000);
}

/* The peer has closed a window with data in flight: the timeouts are probes, for as long as it answers at all. */
static bool tcp_rtx_probe0_timed_out(const struct sock *sk, const struct sk_buff *skb)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 user = inet_csk(sk)->icsk_user_timeout, timeout = tcp_rto_max(sk) / 1000 * 2;
	s32 rcv_delta = (s32)((u32)(inet_csk(sk)->icsk_timeout / 1000000) - tp->rcv_tstamp);

	if (user) {
		if ((u32)(tcp_time_ts(tp) - tp->retrans_stamp) > user && tp->retrans_stamp)
			return true;
		timeout = min(timeout, user);
	}
	if (rcv_delta <= (s32)timeout)
		return false;
	return tcp_time_ts(tp) - (u32)(tcp_skb_timestamp_us(skb) / 1000) > timeout;
}

static void tcp_count_timeout(const struct sock *sk)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	const struct tcp_sock *tp = tcp_sk(sk);

	if (icsk->icsk_ca_state == TCP_CA_Recovery)
		NET_INC_STATS(tcp_is_sack(tp) ? LINUX_MIB_TCPSACKRECOVERYFAIL : LINUX_MIB_TCPRENORECOVERYFAIL);
	else if (icsk->icsk_ca_state == TCP_CA_Loss)
		NET_INC_STATS(LINUX_MIB_TCPLOSSFAILURES);
	else if (icsk->icsk_ca_state == TCP_CA_Disorder || tp->sacked_out)
		NET_INC_STATS(tcp_is_sack(tp) ? LINUX_MIB_TCPSACKFAILURES : LINUX_MIB_TCPRENOFAILURES);
}

static void tcp_retransmit_timer(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb;

	if (tp->fastopen_rsk) {
		tcp_fastopen_synack_timer(sk, tp->fastopen_rsk);
		return;
	}
	skb = tcp_rtx_queue_head(sk);
	if (!tp->packets_out || !skb)
		return;
	if (!tp->snd_wnd && !sock_flag(sk, SOCK_DEAD)
			&& !(TCPF(sk->sk_state) & (TCPF(TCP_SYN_SENT) | TCPF(TCP_SYN_RECV)))) {
		if (tcp_rtx_probe0_timed_out(sk, skb)) {
			tcp_write_err(sk);
			return;
		}
		tcp_enter_loss(sk);
		tcp_retransmit_skb(sk, skb, 1);
		sk_dst_reset(sk);
		goto backoff;
	}
	NET_INC_STATS(LINUX_MIB_TCPTIMEOUTS);
	if (tcp_write_timeout(sk))
		return;
	if (!icsk->icsk_retransmits)
		tcp_count_timeout(sk);
	tcp_enter_loss(sk);
	icsk->icsk_retransmits++;
	tp->total_rto++;
	if (!tp->rto_stamp) {
		tp->total_rto_recoveries++;
		tp->rto_stamp = max(tcp_time_ms(), 1u);
	}
	if (tcp_retransmit_skb(sk, tcp_rtx_queue_head(sk), 1) > 0) {
		/* It could not even leave: try again soon, without backing off. */
		tcp_reset_xmit_timer(sk, ICSK_TIME_RETRANS, TCP_RESOURCE_PROBE_INTERVAL);
		return;
	}
backoff:
	if (sk->sk_state == TCP_ESTABLISHED && (tp->thin_lto || net_sysctl.tcp_thin_linear_timeouts)
			&& tp->packets_out < 4 && !tcp_in_initial_slowstart(tp) && icsk->icsk_retransmits <= 6) {
		icsk->icsk_backoff = 0;
		icsk->icsk_rto = min(max((tp->srtt_us >> 3) + tp->rttvar_us, tcp_rto_min(sk)), tcp_rto_max(sk));
	} else if (sk->sk_state != TCP_SYN_SENT || tp->total_rto > (u32)net_sysctl.tcp_syn_linear_timeouts) {
		icsk->icsk_backoff++;
		icsk->icsk_rto = min(icsk->icsk_rto << 1, tcp_rto_max(sk));
	}
	tcp_reset_xmit_timer(sk, ICSK_TIME_RETRANS, tcp_clamp_rto_to_user_timeout(sk));
	if (retransmits_timed_out(sk, (u32)net_sysctl.tcp_retries1 + 1, 0))
		sk_dst_reset(sk);
}

/* ---- window probes ---- */

static u32 tcp_probe0_base(const struct sock *sk)
{
	return max(inet_csk(sk)->icsk_rto, tcp_rto_min(sk));
}

u64 tcp_probe0_when(const struct sock *sk, u64 max_when)
{
	u32 backoff = min(inet_csk(sk)->icsk_backoff, (u8)10);

	return min((u64)tcp_probe0_base(sk) << backoff, max_when);
}

u64 tcp_clamp_probe0_to_user_timeout(const struct sock *sk, u64 when)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	s64 left;

	if (!icsk->icsk_user_timeout || !icsk->icsk_probes_tstamp)
		return when;
	left = (s64)icsk->icsk_user_timeout - max((s32)(tcp_time_ms() - icsk->icsk_probes_tstamp), 0);
	return min((u64)max(left * 1000, (s64)TCP_TIMEOUT_MIN_US), when);
}

void tcp_check_probe_timer(struct sock *sk)
{
	if (!tcp_sk(sk)->packets_out && !inet_csk(sk)->icsk_pending)
		tcp_reset_xmit_timer(sk, ICSK_TIME_PROBE0, (u32)tcp_clamp_probe0_to_user_timeout(sk, tcp_probe0_base(sk)));
}

static void tcp_probe_timer(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	u32 max_probes = (u32)net_sysctl.tcp_retries2;

	if (tp->packets_out || !tcp_send_head(sk)) {
		icsk->icsk_probes_out = 0;
		icsk->icsk_probes_tstamp = 0;
		return;
	}
	if (icsk->icsk_user_timeout) {
		if (!icsk->icsk_probes_tstamp)
			icsk->icsk_probes_tstamp = max(tcp_time_ms(), 1u);
		else if ((s32)(tcp_time_ms() - icsk->icsk_probes_tstamp) >= (s32)icsk->icsk_user_timeout)
			goto abort;
	}
	if (sock_flag(sk, SOCK_DEAD)) {
		bool alive = (u64)icsk->icsk_rto << min(icsk->icsk_backoff, (u8)20) < tcp_rto_max(sk);

		max_probes = tcp_orphan_retries(sk, alive);
		if (!alive && icsk->icsk_backoff >= max_probes)
			goto abort;
		if (tcp_out_of_resources(sk, true))
			return;
	}
	if (icsk->icsk_probes_out < max_probes) {
		tcp_send_probe0(sk);
		return;
	}
abort:
	tcp_write_err(sk);
}

/* ---- the timers themselves ---- */

static void tcp_write_timer_handler(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	int event = icsk->icsk_pending;

	if (TCPF(sk->sk_state) & (TCPF(TCP_CLOSE) | TCPF(TCP_LISTEN)) || !event)
		return;
	if (icsk->icsk_timeout > ktime_get()) {
		lazy_start(&icsk->icsk_retransmit_timer, icsk->icsk_timeout);
		return;
	}
	tcp_mstamp_refresh(tcp_sk(sk));
	switch (event) {
	case ICSK_TIME_REO_TIMEOUT:
		tcp_rack_reo_timeout(sk);
		break;
	case ICSK_TIME_LOSS_PROBE:
		tcp_send_loss_probe(sk);
		break;
	case ICSK_TIME_RETRANS:
		icsk->icsk_pending = 0;
		tcp_retransmit_timer(sk);
		break;
	case ICSK_TIME_PROBE0:
		icsk->icsk_pending = 0;
		tcp_probe_timer(sk);
	}
}

static void tcp_delack_timer_handler(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);

	if (TCPF(sk->sk_state) & (TCPF(TCP_CLOSE) | TCPF(TCP_LISTEN)) || !(icsk->icsk_ack.pending & ICSK_ACK_TIMER))
		return;
	if (icsk->icsk_ack.timeout > ktime_get()) {
		lazy_start(&icsk->icsk_delack_timer, icsk->icsk_ack.timeout);
		return;
	}
	icsk->icsk_ack.pending &= (u8)~ICSK_ACK_TIMER;
	if (!inet_csk_ack_scheduled(sk))
		return;
	if (!inet_csk_in_pingpong_mode(sk)) {
		/* No data came along: wait longer next time. */
		icsk->icsk_ack.ato = min(icsk->icsk_ack.ato << 1, icsk->icsk_rto / 1000);
	} else {
		/* It is no dialogue after all. */
		inet_csk_exit_pingpong_mode(sk);
		icsk->icsk_ack.ato = TCP_ATO_MIN;
	}
	tcp_mstamp_refresh(tp);
	tcp_send_ack(sk);
	NET_INC_STATS(LINUX_MIB_DELAYEDACKS);
}

/* Runs @handler, or leaves it to whoever owns the socket. The socket may be gone afterwards. */
static void tcp_timer_run(struct sock *sk, void (*handler)(struct sock *sk), unsigned long deferred)
{
	sock_hold(sk);
	local_bh_disable();
	if (sock_owned_by_user(sk))
		sk->sk_tsq_flags |= deferred;
	else
		handler(sk);
	local_bh_enable();
	sock_put(sk);
}

static void tcp_write_timer(struct ktimer *t)
{
	struct inet_connection_sock *icsk = container_of(t, struct inet_connection_sock, icsk_retransmit_timer);

	tcp_timer_run(&icsk->icsk_inet.sk, tcp_write_timer_handler, TCPF_WRITE_TIMER_DEFERRED);
}

static void tcp_delack_timer(struct ktimer *t)
{
	struct inet_connection_sock *icsk = container_of(t, struct inet_connection_sock, icsk_delack_timer);

	tcp_timer_run(&icsk->icsk_inet.sk, tcp_delack_timer_handler, TCPF_DELACK_TIMER_DEFERRED);
}

static void tcp_compressed_ack(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!tp->compressed_ack)
		return;
	tcp_mstamp_refresh(tp);
	/* The one that goes now is not one that was saved. */
	tp->compressed_ack--;
	tcp_send_ack(sk);
}

static void tcp_compressed_ack_kick(struct ktimer *t)
{
	struct tcp_sock *tp = container_of(t, struct tcp_sock, compressed_ack_timer);

	tcp_timer_run(&tp->inet_conn.icsk_inet.sk, tcp_compressed_ack, TCPF_ACK_DEFERRED);
}

/* ---- pacing ---- */

/* True: SO_MAX_PACING_RATE wants the next packet later; the timer will go on. */
bool tcp_pacing_check(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!sk->sk_pacing_needed || tp->tcp_wstamp_ns <= tp->tcp_clock_cache)
		return false;
	lazy_start(&tp->pacing_timer, tp->tcp_wstamp_ns);
	return true;
}

/* The time for the next packet has come: what was lost goes before what is new. */
static void tcp_paced_xmit(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!(TCPF(sk->sk_state) & (TCPF(TCP_ESTABLISHED) | TCPF(TCP_FIN_WAIT1) | TCPF(TCP_CLOSING) | TCPF(TCP_CLOSE_WAIT)
			| TCPF(TCP_LAST_ACK))))
		return;
	tcp_mstamp_refresh(tp);
	if (tp->lost_out > tp->retrans_out && tp->snd_cwnd > tcp_packets_in_flight(tp))
		tcp_xmit_retransmit_queue(sk);
	tcp_write_xmit(sk, tcp_current_mss(sk), tp->nonagle, 0);
}

static void tcp_pacing_timer(struct ktimer *t)
{
	struct tcp_sock *tp = container_of(t, struct tcp_sock, pacing_timer);

	tcp_timer_run(&tp->inet_conn.icsk_inet.sk, tcp_paced_xmit, TCPF_PACED_DEFERRED);
}

/* The owner gives the socket up: what the timers and ICMP left for it. */
void tcp_release_cb(struct sock *sk)
{
	unsigned long flags;

	while ((flags = sk->sk_tsq_flags)) {
		sk->sk_tsq_flags = 0;
		if (flags & TCPF_PACED_DEFERRED)
			tcp_paced_xmit(sk);
		if (flags & TCPF_WRITE_TIMER_DEFERRED)
			tcp_write_timer_handler(sk);
		if (flags & TCPF_DELACK_TIMER_DEFERRED)
			tcp_delack_timer_handler(sk);
		if (flags & TCPF_MTU_REDUCED_DEFERRED)
			inet_csk(sk)->icsk_af_ops->mtu_reduced(sk);
		if (flags & TCPF_ACK_DEFERRED && (inet_csk_ack_scheduled(sk) || tcp_sk(sk)->compressed_ack))
			tcp_send_ack(sk);
	}
}

/* ---- keepalive, and the end of FIN-WAIT-2 ---- */

/* ms until the next look, 0: the connection is gone. */
static u64 tcp_keepalive(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	u64 idle = keepalive_time_when(tp) * 1000ull, elapsed;

	/* Data in flight tells by itself whether the peer lives. */
	if (tp->packets_out || !tcp_write_queue_empty(sk))
		return idle;
	elapsed = keepalive_time_elapsed_ms(tp);
	if (elapsed < idle)
		return idle - elapsed;
	if (icsk->icsk_user_timeout ? elapsed >= icsk->icsk_user_timeout && icsk->icsk_probes_out
			: icsk->icsk_probes_out >= keepalive_probes(tp)) {
		tcp_send_active_reset(sk);
		tcp_write_err(sk);
		return 0;
	}
	if (tcp_write_wakeup(sk, LINUX_MIB_TCPKEEPALIVE) > 0)
		return TCP_RESOURCE_PROBE_INTERVAL / 1000;
	icsk->icsk_probes_out++;
	return keepalive_intvl_when(tp) * 1000ull;
}

static void tcp_keepalive_handler(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u64 next;

	if (sk->sk_state == TCP_LISTEN)
		return;
	tcp_mstamp_refresh(tp);
	if (sk->sk_state == TCP_FIN_WAIT2 && sock_flag(sk, SOCK_DEAD)) {
		u64 tmo = tcp_fin_time(sk);

		if (tp->linger2 >= 0 && tmo > TCP_TIMEWAIT_LEN) {
			tcp_time_wait(sk, TCP_FIN_WAIT2, tmo - TCP_TIMEWAIT_LEN);
			return;
		}
		tcp_send_active_reset(sk);
		tcp_done(sk);
		return;
	}
	if (!sock_flag(sk, SOCK_KEEPOPEN) || TCPF(sk->sk_state) & (TCPF(TCP_CLOSE) | TCPF(TCP_SYN_SENT)))
		return;
	next = tcp_keepalive(sk);
	if (next)
		tcp_reset_keepalive_timer(sk, next * 1000);
}

static void tcp_keepalive_timer(struct ktimer *t)
{
	struct sock *sk = container_of(t, struct sock, sk_timer);

	sock_hold(sk);
	local_bh_disable();
	if (sock_owned_by_user(sk))
		tcp_reset_keepalive_timer(sk, 50000);
	else
		tcp_keepalive_handler(sk);
	local_bh_enable();
	sock_put(sk);
}

void tcp_init_xmit_timers(struct sock *sk)
{
	timer_setup(&inet_csk(sk)->icsk_retransmit_timer, tcp_write_timer);
	timer_setup(&inet_csk(sk)->icsk_delack_timer, tcp_delack_timer);
	timer_setup(&sk->sk_timer, tcp_keepalive_timer);
	timer_setup(&tcp_sk(sk)->compressed_ack_timer, tcp_compressed_ack_kick);
	timer_setup(&tcp_sk(sk)->pacing_timer, tcp_pacing_timer);
}
