/* A TCP socket's life: made, closed, shut down, disconnected, polled; and its states. Data goes through tcp_sendmsg.c and
 * tcp_recvmsg.c. */
#include "../tcp.h"
#include "fs.h"
#include "host.h"
#include "slab.h"
#include "string.h"
#include "uaccess.h"
#include <asm/ioctls.h>
#include <asm/sockios.h>
#include <linux/eventpoll.h>
#include <linux/sockios.h>

/* Timestamps of the error queue count bytes from here: the next to be sent, or the first that is not acknowledged. */
u32 tcp_tskey(const struct sock *sk, bool next)
{
	return next ? tcp_sk(sk)->write_seq : tcp_sk(sk)->snd_una;
}

int tcp_init_sock(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	u32 now = tcp_time_ms();

	tcp_init_xmit_timers(sk);
	INIT_LIST_HEAD(&tp->tsorted_sent_queue);
	icsk->icsk_rto = TCP_TIMEOUT_INIT;
	icsk->icsk_rto_min = (u32)net_sysctl.tcp_rto_min_us;
	icsk->icsk_rto_max = (u32)net_sysctl.tcp_rto_max_ms * 1000;
	icsk->icsk_delack_max = TCP_DELACK_MAX * 1000;
	tp->mdev_us = TCP_TIMEOUT_INIT;
	tp->rtt_min = (struct minmax){ { { now, ~0u }, { now, ~0u }, { now, ~0u } } };
	tp->snd_cwnd = TCP_INIT_CWND;
	tp->app_limited = ~0u;
	tp->rate_app_limited = 1;
	tp->snd_ssthresh = TCP_INFINITE_SSTHRESH;
	tp->snd_cwnd_clamp = ~0u;
	tp->mss_cache = TCP_MSS_DEFAULT;
	tp->undo_retrans = -1;
	tp->reordering = (u32)net_sysctl.tcp_reordering;
	tp->rack.reo_wnd_steps = 1;
	tp->tcp_header_len = sizeof(struct tcphdr);
	tp->scaling_ratio = 128;
	tcp_assign_congestion_control(sk);
	sk->sk_txrehash = (u8)net_sysctl.txrehash;
	sk->sk_state = TCP_CLOSE;
	sk->sk_write_space = sk_stream_write_space;
	sk->sk_sndbuf = net_sysctl.tcp_wmem[1];
	sk->sk_rcvbuf = net_sysctl.tcp_rmem[1];
	sk->sk_pacing_rate = ~0ull;
	sk->sk_max_pacing_rate = ~0ull;
	sock_set_flag(sk, SOCK_USE_WRITE_QUEUE, true);
	tcp_mstamp_refresh(tp);
	return 0;
}

void tcp_destroy_sock(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tcp_clear_xmit_timers(sk);
	tcp_write_queue_purge(sk);
	tcp_ooo_purge(sk);
	skb_queue_purge(&sk->sk_receive_queue);
	inet_put_port(sk);
	tcp_free_fastopen_req(tp);
	tcp_fastopen_destroy(sk);
	kfree(tp->saved_syn);
	tp->saved_syn = NULL;
}

/* ---- states ---- */

void tcp_set_state(struct sock *sk, int state)
{
	int old = sk->sk_state;

	switch (state) {
	case TCP_ESTABLISHED:
		if (old != TCP_ESTABLISHED)
			TCP_INC_STATS(TCP_MIB_CURRESTAB);
		break;
	case TCP_CLOSE_WAIT:
		if (old == TCP_SYN_RECV)
			TCP_INC_STATS(TCP_MIB_CURRESTAB);
		break;
	case TCP_CLOSE:
		if (old == TCP_CLOSE_WAIT || old == TCP_ESTABLISHED)
			TCP_INC_STATS(TCP_MIB_ESTABRESETS);
		/* By its old state the table that holds it is known. */
		sk->sk_prot->unhash(sk);
		if (!(sk->sk_userlocks & SOCK_BINDPORT_LOCK))
			inet_put_port(sk);
		/* fall through */
	default:
		if (old == TCP_ESTABLISHED || old == TCP_CLOSE_WAIT)
			TCP_DEC_STATS(TCP_MIB_CURRESTAB);
	}
	sk->sk_state = (u8)state;
}

/* The connection is over; the socket goes as soon as no program has it. */
void tcp_done(struct sock *sk)
{
	struct request_sock *req = tcp_sk(sk)->fastopen_rsk;

	if (sk->sk_state == TCP_SYN_SENT || sk->sk_state == TCP_SYN_RECV)
		TCP_INC_STATS(TCP_MIB_ATTEMPTFAILS);
	tcp_set_state(sk, TCP_CLOSE);
	tcp_clear_xmit_timers(sk);
	if (req)
		reqsk_fastopen_remove(sk, req, false);
	sk->sk_shutdown = SHUTDOWN_MASK;
	if (!sock_flag(sk, SOCK_DEAD))
		sk->sk_state_change(sk);
	else
		inet_csk_destroy_sock(sk);
}

/* The state after close(2) or shutdown(2): true if a FIN is due. */
static bool tcp_close_state(struct sock *sk)
{
	static const struct { u8 next; bool fin; } table[] = {
		[TCP_ESTABLISHED] = { TCP_FIN_WAIT1, true }, [TCP_SYN_SENT] = { TCP_CLOSE, false },
		[TCP_SYN_RECV] = { TCP_FIN_WAIT1, true }, [TCP_FIN_WAIT1] = { TCP_FIN_WAIT1, false },
		[TCP_FIN_WAIT2] = { TCP_FIN_WAIT2, false }, [TCP_TIME_WAIT] = { TCP_CLOSE, false },
		[TCP_CLOSE] = { TCP_CLOSE, false }, [TCP_CLOSE_WAIT] = { TCP_LAST_ACK, true },
		[TCP_LAST_ACK] = { TCP_LAST_ACK, false }, [TCP_LISTEN] = { TCP_CLOSE, false },
		[TCP_CLOSING] = { TCP_CLOSING, false }, [TCP_NEW_SYN_RECV] = { TCP_CLOSE, false },
	};
	int old = sk->sk_state;

	tcp_set_state(sk, table[old].next);
	return table[old].fin;
}

void tcp_shutdown(struct sock *sk, int how)
{
	if (!(how & SEND_SHUTDOWN))
		return;
	if (TCPF(sk->sk_state) & (TCPF(TCP_ESTABLISHED) | TCPF(TCP_SYN_SENT) | TCPF(TCP_CLOSE_WAIT)) && tcp_close_state(sk))
		tcp_send_fin(sk);
}

int tcp_listen(struct sock *sk, int backlog)
{
	int fo = net_sysctl.tcp_fastopen;

	sk->sk_max_ack_backlog = (u32)backlog;
	if (sk->sk_state == TCP_LISTEN)
		return 0;
	if (fo & TFO_SERVER_WO_SOCKOPT1 && fo & TFO_SERVER_ENABLE && !inet_csk(sk)->icsk_accept_queue.fastopenq.max_qlen)
		fastopen_queue_tune(sk, backlog);
	return inet_csk_listen_start(sk);
}

/* ---- close ---- */

/* SO_LINGER: until everything has been acknowledged, or @timeout ns have passed. */
static void sk_stream_wait_close(struct sock *sk, u64 timeout)
{
	const u32 busy = TCPF(TCP_FIN_WAIT1) | TCPF(TCP_CLOSING) | TCPF(TCP_LAST_ACK);

	if (timeout && TCPF(sk->sk_state) & busy && sk->sk_wq)
		(void)sk_wait_event_locked(sk, !(TCPF(sk->sk_state) & busy), ktime_add_safe(ktime_get(), timeout));
}

/* Throws away what was not read: was there anything? */
static bool tcp_flush_receive_queue(struct sock *sk)
{
	bool unread = false;
	struct sk_buff *skb;

	while ((skb = skb_dequeue(&sk->sk_receive_queue))) {
		u32 end_seq = TCP_SKB_CB(skb)->end_seq - !!(TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN);

		if (after(end_seq, tcp_sk(sk)->copied_seq))
			unread = true;
		kfree_skb(skb);
	}
	return unread;
}

/* The program has let go; what is left of the socket lives on without it, or not. */
static void tcp_close_orphan(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int state = sk->sk_state;

	sock_orphan(sk);
	sk_flush_backlog(sk);
	tcp_orphan_count++;
	/* Destroyed by what was in the backlog: tcp_done() has seen that it is dead. */
	if (state != TCP_CLOSE && sk->sk_state == TCP_CLOSE)
		return;
	if (sk->sk_state == TCP_FIN_WAIT2) {
		u64 tmo = tcp_fin_time(sk);

		if (tp->linger2 < 0) {
			tcp_set_state(sk, TCP_CLOSE);
			tcp_send_active_reset(sk);
			NET_INC_STATS(LINUX_MIB_TCPABORTONLINGER);
		} else if (tmo > TCP_TIMEWAIT_LEN) {
			tcp_reset_keepalive_timer(sk, tmo - TCP_TIMEWAIT_LEN);
		} else {
			tcp_time_wait(sk, TCP_FIN_WAIT2, tmo);
			return;
		}
	}
	if (sk->sk_state != TCP_CLOSE && tcp_check_oom(sk, 0)) {
		tcp_set_state(sk, TCP_CLOSE);
		tcp_send_active_reset(sk);
		NET_INC_STATS(LINUX_MIB_TCPABORTONMEMORY);
	}
	if (sk->sk_state == TCP_CLOSE) {
		if (tp->fastopen_rsk)
			reqsk_fastopen_remove(sk, tp->fastopen_rsk, false);
		inet_csk_destroy_sock(sk);
	}
}

static void __tcp_close(struct sock *sk, u64 timeout)
{
	bool unread;

	sk->sk_shutdown = SHUTDOWN_MASK;
	if (sk->sk_state == TCP_LISTEN) {
		tcp_set_state(sk, TCP_CLOSE);
		inet_csk_listen_stop(sk);
		goto orphan;
	}
	unread = tcp_flush_receive_queue(sk);
	if (sk->sk_state == TCP_CLOSE)
		goto orphan;
	if (unread) {
		/* RFC 2525 2.17: the peer must know that its data was not read. */
		NET_INC_STATS(LINUX_MIB_TCPABORTONCLOSE);
		tcp_set_state(sk, TCP_CLOSE);
		tcp_send_active_reset(sk);
	} else if (sock_flag(sk, SOCK_LINGER) && !sk->sk_lingertime) {
		tcp_disconnect(sk, 0);
		NET_INC_STATS(LINUX_MIB_TCPABORTONDATA);
	} else if (tcp_close_state(sk)) {
		tcp_send_fin(sk);
	}
	sk_stream_wait_close(sk, timeout);
orphan:
	tcp_close_orphan(sk);
}

void tcp_close(struct sock *sk, u64 timeout)
{
	sock_hold(sk);
	lock_sock(sk);
	__tcp_close(sk, timeout);
	release_sock(sk);
	sock_put(sk);
}

/* ---- disconnect ---- */

static bool tcp_need_reset(int state)
{
	return TCPF(state) & (TCPF(TCP_ESTABLISHED) | TCPF(TCP_CLOSE_WAIT) | TCPF(TCP_FIN_WAIT1) | TCPF(TCP_FIN_WAIT2)
		| TCPF(TCP_SYN_RECV));
}

/* What a connection has learned is forgotten; what the program has set stays. */
static void tcp_forget_connection(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	u32 now = tcp_time_ms();
	u16 user_mss = tp->rx_opt.user_mss;

	tp->srtt_us = 0;
	tp->mdev_us = TCP_TIMEOUT_INIT;
	tp->rcv_rtt_last_tsecr = 0;
	tp->write_seq += tp->max_window + 2;
	if (!tp->write_seq)
		tp->write_seq = 1;
	icsk->icsk_backoff = icsk->icsk_probes_out = icsk->icsk_retransmits = 0;
	icsk->icsk_probes_tstamp = 0;
	icsk->icsk_rto = TCP_TIMEOUT_INIT;
	tp->rtt_min = (struct minmax){ { { now, ~0u }, { now, ~0u }, { now, ~0u } } };
	tp->snd_ssthresh = TCP_INFINITE_SSTHRESH;
	tp->snd_cwnd = TCP_INIT_CWND;
	tp->snd_cwnd_cnt = tp->max_packets_out = tp->cwnd_usage_seq = 0;
	tp->is_cwnd_limited = 0;
	tp->window_clamp = 0;
	tp->delivered = tp->delivered_ce = tp->lost = 0;
	icsk->icsk_ca_initialized = false;
	tcp_set_ca_state(sk, TCP_CA_Open);
	tp->is_sack_reneg = 0;
	tp->retrans_out = tp->lost_out = tp->sacked_out = 0;
	tp->undo_marker = 0;
	tp->undo_retrans = -1;
	tp->total_retrans = tp->retrans_stamp = tp->tlp_high_seq = 0;
	memset(&icsk->icsk_ack, 0, sizeof(icsk->icsk_ack));
	icsk->icsk_ack.rcv_mss = TCP_MIN_MSS;
	memset(&tp->rx_opt, 0, sizeof(tp->rx_opt));
	tp->rx_opt.user_mss = user_mss;
	kfree(tp->saved_syn);
	tp->saved_syn = NULL;
	tp->compressed_ack = 0;
	tp->segs_in = tp->segs_out = tp->data_segs_in = tp->data_segs_out = 0;
	tp->bytes_sent = tp->bytes_retrans = tp->bytes_acked = tp->bytes_received = 0;
	tp->dsack_dups = tp->reord_seen = tp->rcv_ooopack = 0;
	memset(&tp->duplicate_sack, 0, sizeof(tp->duplicate_sack));
	memset(&tp->rack, 0, sizeof(tp->rack));
	tp->rack.reo_wnd_steps = 1;
	tp->app_limited = ~0u;
	tp->rate_app_limited = 1;
	tp->rate_delivered = tp->rate_interval_us = 0;
	tp->syn_data = tp->syn_fastopen = tp->syn_data_acked = 0;
	tp->rcv_rtt_est.rtt_us = 0;
	tp->rcv_rtt_est.time = 0;
}

/* RFC 9293's ABORT: also connect(2) with AF_UNSPEC. The socket is owned, or nobody else's. */
int tcp_disconnect(struct sock *sk, int flags)
{
	struct inet_sock *inet = inet_sk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	int old = sk->sk_state;

	(void)flags;
	if (old != TCP_CLOSE)
		tcp_set_state(sk, TCP_CLOSE);
	if (old == TCP_LISTEN) {
		inet_csk_listen_stop(sk);
	} else if (tcp_need_reset(old) || (tp->snd_nxt != tp->write_seq
			&& TCPF(old) & (TCPF(TCP_CLOSING) | TCPF(TCP_LAST_ACK)))) {
		tcp_send_active_reset(sk);
		sk->sk_err = ECONNRESET;
	} else if (old == TCP_SYN_SENT) {
		sk->sk_err = ECONNRESET;
	}
	tcp_clear_xmit_timers(sk);
	skb_queue_purge(&sk->sk_receive_queue);
	tp->copied_seq = tp->rcv_nxt;
	tp->urg_data = 0;
	tcp_write_queue_purge(sk);
	tcp_ooo_purge(sk);
	sk->sk_dport = 0;
	if (!(sk->sk_userlocks & SOCK_BINDADDR_LOCK)) {
		inet->inet_saddr = sk->sk_rcv_saddr = 0;
		if (sk->sk_family == AF_INET6) {
			memset(&inet6_sk(sk)->saddr, 0, sizeof(struct in6_addr));
			memset(&sk->sk_v6_rcv_saddr, 0, sizeof(struct in6_addr));
		}
	}
	sk->sk_shutdown = 0;
	sock_set_flag(sk, SOCK_DONE, false);
	tcp_forget_connection(sk);
	sk_dst_reset(sk);
	tcp_free_fastopen_req(tp);
	inet->defer_connect = false;
	tp->fastopen_client_fail = 0;
	if (sk->sk_socket)
		sk_error_report(sk);
	return 0;
}

/* ---- readiness ---- */

/* Are there @target bytes, or as many as there will be before some are read? */
bool tcp_stream_is_readable(struct sock *sk, int target)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	int avail = (int)(tp->rcv_nxt - tp->copied_seq);

	if (avail <= 0)
		return false;
	return avail >= target || tcp_under_memory_pressure() || (int)sk->sk_rmem_alloc > sk->sk_rcvbuf - (sk->sk_rcvbuf >> 3)
		|| tcp_receive_window(tp) <= inet_csk(sk)->icsk_ack.rcv_mss;
}

static u32 tcp_poll_writable(struct sock *sk)
{
	if (sk->sk_shutdown & SEND_SHUTDOWN || sk_stream_is_writeable(sk))
		return EPOLLOUT | EPOLLWRNORM;
	/* Whoever polls is to be told. */
	sock_set_flag(sk, SOCK_NOSPACE, true);
	return 0;
}

u32 tcp_poll(struct file *file, struct socket *sock, struct poll_table *pt)
{
	struct sock *sk = sock->sk;
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 mask = 0;

	(void)file;
	poll_wait(pt, &sock->wait);
	if (sk->sk_state == TCP_LISTEN)
		return inet_csk(sk)->icsk_accept_queue.head ? EPOLLIN | EPOLLRDNORM : 0;
	if (sk->sk_shutdown == SHUTDOWN_MASK || sk->sk_state == TCP_CLOSE)
		mask |= EPOLLHUP;
	if (sk->sk_shutdown & RCV_SHUTDOWN)
		mask |= EPOLLIN | EPOLLRDNORM | EPOLLRDHUP;
	if (sk->sk_state != TCP_SYN_SENT && (sk->sk_state != TCP_SYN_RECV || tp->fastopen_rsk)) {
		int target = sock_rcvlowat(sk, false, 0x7fffffff);

		if (tp->urg_data && tp->urg_seq == tp->copied_seq && !sock_flag(sk, SOCK_URGINLINE))
			target++;
		if (tcp_stream_is_readable(sk, target))
			mask |= EPOLLIN | EPOLLRDNORM;
		mask |= tcp_poll_writable(sk);
		if (tp->urg_data & TCP_URG_VALID)
			mask |= EPOLLPRI;
	} else if (sk->sk_state == TCP_SYN_SENT && inet_sk(sk)->defer_connect) {
		/* The first write connects. */
		mask |= EPOLLOUT | EPOLLWRNORM;
	}
	if (sk->sk_err || !skb_queue_empty(&sk->sk_error_queue))
		mask |= EPOLLERR;
	return mask;
}

/* ---- ioctl ---- */

static int tcp_inq(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	int n;

	if (TCPF(sk->sk_state) & (TCPF(TCP_SYN_SENT) | TCPF(TCP_SYN_RECV)))
		return 0;
	if (!sock_flag(sk, SOCK_URGINLINE) && tp->urg_data && !before(tp->urg_seq, tp->copied_seq)
			&& before(tp->urg_seq, tp->rcv_nxt))
		return (int)(tp->urg_seq - tp->copied_seq);
	n = (int)(tp->rcv_nxt - tp->copied_seq);
	/* The FIN is no byte. */
	return n && sock_flag(sk, SOCK_DONE) ? n - 1 : n;
}

int tcp_peek_len(struct socket *sock)
{
	return tcp_inq(sock->sk);
}

long tcp_ioctl(struct sock *sk, unsigned cmd, unsigned long arg)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	bool opening = TCPF(sk->sk_state) & (TCPF(TCP_SYN_SENT) | TCPF(TCP_SYN_RECV));
	int answer;

	switch (cmd) {
	case SIOCINQ:
		if (sk->sk_state == TCP_LISTEN)
			return -EINVAL;
		lock_sock(sk);
		answer = tcp_inq(sk);
		release_sock(sk);
		break;
	case SIOCATMARK:
		answer = tp->urg_data && tp->urg_seq == tp->copied_seq;
		break;
	case SIOCOUTQ:
		if (sk->sk_state == TCP_LISTEN)
			return -EINVAL;
		answer = opening ? 0 : (int)(tp->write_seq - tp->snd_una);
		break;
	case SIOCOUTQNSD:
		if (sk->sk_state == TCP_LISTEN)
			return -EINVAL;
		answer = opening ? 0 : (int)(tp->write_seq - tp->snd_nxt);
		break;
	default:
		return -ENOIOCTLCMD;
	}
	return put_user(answer, (int __user *)u64_to_uptr(arg)) ? -EFAULT : 0;
}

/* ---- start ---- */

void tcp_init(void)
{
	long pages = max((long)(host_info.physmem_size >> PAGE_SHIFT) / 16, 128l);

	tcp_listen_init();
	tcp_timewait_init();
	tcp_fastopen_init();
	inet_twsk_unique = tcp_twsk_unique;
	inet_twsk_kill = tcp_twsk_kill;
	/* As Linux: a sixteenth of memory and fractions of that. The kernel's arena holds a quarter of physmem. */
	net_sysctl.tcp_mem[0] = pages / 4 * 3;
	net_sysctl.tcp_mem[1] = pages;
	net_sysctl.tcp_mem[2] = net_sysctl.tcp_mem[0] * 2;
	proto_register(&tcp_prot);
}

/* What only waits for a timer: TIME-WAIT sockets, requests, connections that no program has. */
void tcp_exit(void)
{
	struct sock *sk;

	local_bh_disable();
	for (u32 i = 0; i <= tcp_hashinfo.ehash_mask; i++) {
		while ((sk = hlist_entry_safe(tcp_hashinfo.ehash[i].first, struct sock, sk_node))) {
			if (sk->sk_state == TCP_TIME_WAIT) {
				tcp_twsk_kill(sk);
			} else if (sk->sk_state == TCP_NEW_SYN_RECV) {
				inet_csk_reqsk_queue_drop(inet_reqsk(sk)->rsk_listener, inet_reqsk(sk));
			} else if (sock_flag(sk, SOCK_DEAD)) {
				sock_hold(sk);
				tcp_done(sk);
				sock_put(sk);
			} else {
				break;
			}
		}
	}
	local_bh_enable();
}
