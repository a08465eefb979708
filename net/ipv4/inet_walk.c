/* Walking the tables of sockets, and what everybody who lists them tells of each. */
#include "../inet_walk.h"
#include "../inet_csk.h"
#include "../ping.h"
#include "../tcp.h"
#include "../udp.h"
#include "fs.h"

static const struct { enum inet_walk_what what; struct hlist_head *heads; u32 count; } fixed[] = {
	{ WALK_RAW, raw_hash, 256 }, { WALK_RAW6, raw6_hash, 256 }, { WALK_PING, ping_table, PING_HASH } };

static struct hlist_head *heads_of(enum inet_walk_what what, u32 *count)
{
	switch (what) {
	case WALK_TCP_LISTEN:
		*count = tcp_hashinfo.lhash2_mask + 1;
		return tcp_hashinfo.lhash2;
	case WALK_TCP:
		*count = tcp_hashinfo.ehash_mask + 1;
		return tcp_hashinfo.ehash;
	case WALK_UDP:
		*count = udp_table.mask + 1;
		return udp_table.hash;
	case WALK_UDPLITE:
		*count = udplite_table.mask + 1;
		return udplite_table.hash;
	default:
		for (unsigned i = 0; i < ARRAY_SIZE(fixed); i++)
			if (fixed[i].what == what) {
				*count = fixed[i].count;
				return fixed[i].heads;
			}
	}
	*count = 0;
	return NULL;
}

struct sock *inet_walk_next(struct inet_walk *w)
{
	u32 count;
	struct hlist_head *heads = heads_of(w->what, &count);

	for (; heads && w->bucket < count; w->bucket++, w->passed = 0) {
		struct sock *sk;
		u32 at = 0;

		hlist_for_each_entry(sk, &heads[w->bucket], sk_node)
			if (at++ == w->passed) {
				w->passed++;
				return sk;
			}
	}
	return NULL;
}

static u64 left(u64 deadline)
{
	u64 now = ktime_get();

	return deadline == KTIME_MAX || deadline <= now ? 0 : deadline - now;
}

struct inet_timer_state inet_timer_of(const struct sock *sk)
{
	const struct inet_connection_sock *icsk;

	if (sk->sk_state == TCP_TIME_WAIT)
		return (struct inet_timer_state){ 3, left(inet_twsk(sk)->tw_timer.deadline) };
	if (sk->sk_state == TCP_NEW_SYN_RECV)
		return (struct inet_timer_state){ 1, left(inet_reqsk(sk)->rsk_timer.deadline) };
	if (sk->sk_protocol != IPPROTO_TCP || sk->sk_type != SOCK_STREAM)
		return (struct inet_timer_state){ 0, 0 };
	icsk = inet_csk(sk);
	switch (icsk->icsk_pending) {
	case ICSK_TIME_RETRANS: case ICSK_TIME_LOSS_PROBE: case ICSK_TIME_REO_TIMEOUT:
		return (struct inet_timer_state){ 1, left(icsk->icsk_timeout) };
	case ICSK_TIME_PROBE0:
		return (struct inet_timer_state){ 4, left(icsk->icsk_timeout) };
	}
	if (sk->sk_timer.deadline != KTIME_MAX && sk->sk_timer.deadline)
		return (struct inet_timer_state){ 2, left(sk->sk_timer.deadline) };
	return (struct inet_timer_state){ 0, 0 };
}

void inet_queues_of(const struct sock *sk, u32 *rqueue, u32 *wqueue)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	*rqueue = *wqueue = 0;
	if (sk->sk_state == TCP_TIME_WAIT || sk->sk_state == TCP_NEW_SYN_RECV)
		return;
	if (sk->sk_protocol != IPPROTO_TCP || sk->sk_type != SOCK_STREAM) {
		*rqueue = sk->sk_rmem_alloc;
		*wqueue = sk->sk_wmem_alloc;
	} else if (sk->sk_state == TCP_LISTEN) {
		*rqueue = sk->sk_ack_backlog;
		*wqueue = sk->sk_max_ack_backlog;
	} else {
		*rqueue = (u32)max((int)(tp->rcv_nxt - tp->copied_seq), 0);
		*wqueue = tp->write_seq - tp->snd_una;
	}
}

u64 sock_i_ino(const struct sock *sk)
{
	const struct file *f = sk->sk_socket ? sk->sk_socket->file : NULL;

	return f && f->inode ? f->inode->ino : 0;
}
