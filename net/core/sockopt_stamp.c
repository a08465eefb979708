/* The options of SOL_SOCKET about time: stamps of what comes and goes, and when it may go. What a receiver is told is in
 * timestamp.c. */
#include "sockopt.h"
#include "ledger.h"
#include <linux/capability.h>
#include <linux/time.h>

GET_INT(get_timestamp, sock_flag(sk, SOCK_RCVTSTAMP) && !sock_flag(sk, SOCK_TSTAMP_NEW) && !sock_flag(sk, SOCK_RCVTSTAMPNS))
GET_INT(get_timestampns, sock_flag(sk, SOCK_RCVTSTAMPNS) && !sock_flag(sk, SOCK_TSTAMP_NEW))
GET_INT(get_timestamp_new, sock_flag(sk, SOCK_RCVTSTAMP) && sock_flag(sk, SOCK_TSTAMP_NEW))
GET_INT(get_timestampns_new, sock_flag(sk, SOCK_RCVTSTAMPNS) && sock_flag(sk, SOCK_TSTAMP_NEW))

static int set_timestamps(struct sock *sk, int val, bool new, bool ns)
{
	sock_set_flag(sk, SOCK_RCVTSTAMP, val);
	sock_set_flag(sk, SOCK_RCVTSTAMPNS, val && ns);
	if (val) {
		sock_set_flag(sk, SOCK_TSTAMP_NEW, new);
		net_enable_timestamp(sk);
	}
	return 0;
}

static int set_timestamp(struct socket *sock, union sock_optval *v) { return set_timestamps(sock->sk, v->val, false, false); }
static int set_timestampns(struct socket *sock, union sock_optval *v) { return set_timestamps(sock->sk, v->val, false, true); }
static int set_timestamp_new(struct socket *sock, union sock_optval *v)
{
	return set_timestamps(sock->sk, v->val, true, false);
}

static int set_timestampns_new(struct socket *sock, union sock_optval *v)
{
	return set_timestamps(sock->sk, v->val, true, true);
}

static int get_timestamping(struct socket *sock, union sock_optval *v)
{
	v->timestamping.flags = sock->sk->sk_tsflags;
	v->timestamping.bind_phc = sock->sk->sk_bind_phc;
	return sizeof(v->timestamping);
}

static int get_timestamping_new(struct socket *sock, union sock_optval *v)
{
	return sock_flag(sock->sk, SOCK_TSTAMP_NEW) ? get_timestamping(sock, v) : (int)sizeof(v->timestamping);
}

static int set_timestamping(struct socket *sock, union sock_optval *v)
{
	return sock_set_timestamping(sock->sk, SO_TIMESTAMPING_OLD, (u32)v->val, 0);
}

static int set_timestamping_new(struct socket *sock, union sock_optval *v)
{
	return sock_set_timestamping(sock->sk, SO_TIMESTAMPING_NEW, (u32)v->val, 0);
}

static int get_txtime(struct socket *sock, union sock_optval *v)
{
	v->txtime.clockid = sock->sk->sk_clockid;
	v->txtime.flags = sock->sk->sk_txtime_flags;
	return sizeof(v->txtime);
}

/* Departure times are noted; without a queueing discipline that keeps them, packets leave at once, as in Linux. */
static int set_txtime(struct socket *sock, union sock_optval *v)
{
	struct sock *sk = sock->sk;
	int clock = (int)v->txtime.clockid;

	if (v->txtime.flags & ~(u32)SOF_TXTIME_FLAGS_MASK)
		return -EINVAL;
	if (clock != CLOCK_MONOTONIC && !capable(CAP_NET_ADMIN))
		return -EPERM;
	if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC && clock != CLOCK_TAI)
		return -EINVAL;
	sock_set_flag(sk, SOCK_TXTIME, true);
	sk->sk_clockid = (u8)clock;
	sk->sk_txtime_flags = (u8)v->txtime.flags;
	return 0;
}

const struct sock_option stamp_options[] = {
	{ SO_TIMESTAMP_OLD, 4, get_timestamp, set_timestamp },
	{ SO_TIMESTAMPNS_OLD, 4, get_timestampns, set_timestampns },
	{ SO_TIMESTAMP_NEW, 4, get_timestamp_new, set_timestamp_new },
	{ SO_TIMESTAMPNS_NEW, 4, get_timestampns_new, set_timestampns_new },
	{ SO_TIMESTAMPING_OLD, 4, get_timestamping, set_timestamping },
	{ SO_TIMESTAMPING_NEW, 4, get_timestamping_new, set_timestamping_new },
	{ SO_TXTIME, sizeof(struct sock_txtime), get_txtime, set_txtime, true },
	{ 0 }
};
