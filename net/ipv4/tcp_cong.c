/* Congestion control: the table of algorithms, which one a socket has, and Reno (RFC 5681), whose pieces the others use. When
 * the window may grow or must shrink is decided by the callers (tcp_ack.c); by how much, here and in tcp_cubic.c. */
#include "../tcp.h"
#include "string.h"
#include "slab.h"

static const struct tcp_congestion_ops *const tcp_algorithms[] = { &tcp_cubic, &tcp_reno };

const struct tcp_congestion_ops *tcp_ca_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(tcp_algorithms); i++)
		if (!strcmp(tcp_algorithms[i]->name, name))
			return tcp_algorithms[i];
	return NULL;
}

u32 tcp_ca_key(const char *name)
{
	for (u32 i = 0; i < ARRAY_SIZE(tcp_algorithms); i++)
		if (!strcmp(tcp_algorithms[i]->name, name))
			return i + 1;
	return 0;
}

const struct tcp_congestion_ops *tcp_ca_by_key(u32 key)
{
	return tcp_algorithms[key - 1];
}

void tcp_ca_dst_init(struct sock *sk, const struct dst_entry *dst)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	u32 key = dst ? dst_metric(dst, RTAX_CC_ALGO) : 0;

	if (!key)
		return;
	icsk->icsk_ca_dst_locked = dst_metric_locked(dst, RTAX_CC_ALGO);
	icsk->icsk_ca_ops = tcp_ca_by_key(key);
}

void tcp_assign_congestion_control(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	icsk->icsk_ca_ops = tcp_ca_find(net_sysctl.tcp_congestion_control);
	if (!icsk->icsk_ca_ops)
		icsk->icsk_ca_ops = &tcp_cubic;
	memset(icsk->icsk_ca_priv, 0, sizeof(icsk->icsk_ca_priv));
}

void tcp_init_congestion_control(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	tcp_sk(sk)->prior_ssthresh = 0;
	if (icsk->icsk_ca_ops->init)
		icsk->icsk_ca_ops->init(sk);
	icsk->icsk_ca_initialized = 1;
}

/* TCP_CONGESTION. 0, -ENOENT, -EPERM (the route says which). A connection under way starts anew with the other algorithm. */
int tcp_set_congestion_control(struct sock *sk, const char *name)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	const struct tcp_congestion_ops *ca = tcp_ca_find(name);

	if (icsk->icsk_ca_dst_locked)
		return -EPERM;
	if (!ca)
		return -ENOENT;
	icsk->icsk_ca_setsockopt = 1;
	if (ca == icsk->icsk_ca_ops)
		return 0;
	icsk->icsk_ca_ops = ca;
	memset(icsk->icsk_ca_priv, 0, sizeof(icsk->icsk_ca_priv));
	if (sk->sk_state != TCP_CLOSE && sk->sk_state != TCP_LISTEN)
		tcp_init_congestion_control(sk);
	return 0;
}

/* net.ipv4.tcp_congestion_control: what sockets begin with. 0 or -ENOENT. */
int tcp_set_default_congestion_control(const char *name)
{
	if (!tcp_ca_find(name))
		return -ENOENT;
	strscpy(net_sysctl.tcp_congestion_control, name, sizeof(net_sysctl.tcp_congestion_control));
	return 0;
}

/* Slow start: the window grows by what was acknowledged, up to ssthresh. What is left of @acked is for the next phase. */
u32 tcp_slow_start(struct tcp_sock *tp, u32 acked)
{
	u32 cwnd = min(tp->snd_cwnd + acked, tp->snd_ssthresh);

	acked -= cwnd - tp->snd_cwnd;
	tp->snd_cwnd = min(cwnd, tp->snd_cwnd_clamp);
	return acked;
}

/* Congestion avoidance: one segment more for every @w acknowledged. */
void tcp_cong_avoid_ai(struct tcp_sock *tp, u32 w, u32 acked)
{
	/* The divisor may have shrunk since these credits were gathered: they buy one segment. */
	if (tp->snd_cwnd_cnt >= w) {
		tp->snd_cwnd_cnt = 0;
		tp->snd_cwnd++;
	}
	tp->snd_cwnd_cnt += acked;
	if (tp->snd_cwnd_cnt >= w) {
		u32 delta = tp->snd_cwnd_cnt / w;

		tp->snd_cwnd_cnt -= delta * w;
		tp->snd_cwnd += delta;
	}
	tp->snd_cwnd = min(tp->snd_cwnd, tp->snd_cwnd_clamp);
}

static void tcp_reno_cong_avoid(struct sock *sk, u32 ack, u32 acked)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!tcp_is_cwnd_limited(sk))
		return;
	if (tcp_in_slow_start(tp)) {
		acked = tcp_slow_start(tp, acked);
		if (!acked)
			return;
	}
	tcp_cong_avoid_ai(tp, tp->snd_cwnd, acked);
}

static u32 tcp_reno_ssthresh(struct sock *sk)
{
	return max(tcp_sk(sk)->snd_cwnd >> 1, 2u);
}

u32 tcp_reno_undo_cwnd(struct sock *sk)
{
	return max(tcp_sk(sk)->snd_cwnd, tcp_sk(sk)->prior_cwnd);
}

const struct tcp_congestion_ops tcp_reno = {
	.name = "reno",
	.ssthresh = tcp_reno_ssthresh,
	.cong_avoid = tcp_reno_cong_avoid,
	.undo_cwnd = tcp_reno_undo_cwnd,
};
