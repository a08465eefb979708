/* Listening: request sockets from the first SYN to the last ACK, their timers, the accept queue, and what happens when either
 * is full (drop, SYN cookies). A request socket lies in the established table, so that the ACK finds it like any other. */
#include "../tcp.h"
#include "byteorder.h"
#include "slab.h"
#include "string.h"
#include <linux/fcntl.h>
#include "ledger.h"

static struct kmem_cache *req_cache;
u32 tcp_tw_isn; /* the next conn_request's initial sequence number, when it replaces a TIME-WAIT socket; 0: none */

void tcp_listen_init(void)
{
	req_cache = kmem_cache_create("request_sock_TCP", sizeof(struct request_sock), 0);
}

/* ---- request sockets ---- */

static void reqsk_timer(struct ktimer *t);

struct request_sock *inet_reqsk_alloc(struct sock *listener, int family)
{
	struct request_sock *req = kmem_cache_zalloc(req_cache);

	if (!req)
		return NULL;
	req->rsk_listener = sock_hold(listener);
	req->refs = 1;
	req->sk_state = TCP_NEW_SYN_RECV;
	req->sk_family = (u16)family;
	req->sk_prot = listener->sk_prot;
	req->sk_ipv6only = listener->sk_ipv6only;
	timer_setup(&req->rsk_timer, reqsk_timer);
	return req;
}

void reqsk_put(struct request_sock *req)
{
	if (--req->refs)
		return;
	timer_cancel(&req->rsk_timer);
	sock_put(req->rsk_listener);
	kfree(req->saved_syn);
	kfree(req->ireq_opt);
	kfree_skb(req->pktopts);
	kmem_cache_free(req_cache, req);
}

static u64 reqsk_timeout(const struct request_sock *req)
{
	return min(req->timeout << min(req->num_timeout, (u8)20), (u64)tcp_rto_max(req->rsk_listener));
}

/* Into the table, which gets a reference; the timer runs. False: the same connection is there already. */
static bool inet_csk_reqsk_queue_hash_add(struct sock *sk, struct request_sock *req, u64 timeout_us)
{
	struct request_sock_queue *q = &inet_csk(sk)->icsk_accept_queue;
	bool found = false;

	req->timeout = timeout_us;
	if (!inet_ehash_insert((struct sock *)req, NULL, &found))
		return false;
	reqsk_hold(req);
	timer_start(&req->rsk_timer, ktime_get() + timeout_us * 1000);
	q->qlen++;
	q->young++;
	return true;
}

/* Out of the table, if it is there: was it? */
bool inet_csk_reqsk_queue_drop(struct sock *sk, struct request_sock *req)
{
	struct request_sock_queue *q = &inet_csk(sk)->icsk_accept_queue;

	timer_cancel(&req->rsk_timer);
	if (!inet_ehash_remove((struct sock *)req))
		return false;
	q->qlen--;
	if (!req->num_timeout)
		q->young--;
	reqsk_put(req);
	return true;
}

void inet_csk_reqsk_queue_drop_and_put(struct sock *sk, struct request_sock *req)
{
	inet_csk_reqsk_queue_drop(sk, req);
	reqsk_put(req);
}

/* Repeats the SYN-ACK. */
static int inet_rtx_syn_ack(const struct sock *sk, struct request_sock *req)
{
	int err = tcp_rtx_synack(sk, req);

	if (!err)
		req->num_retrans++;
	return err;
}

/* How often SYN-ACKs are repeated: less often when the queue is filling with old ones. */
static int reqsk_max_retries(const struct sock *sk)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	int most = icsk->icsk_syn_retries ? icsk->icsk_syn_retries : net_sysctl.tcp_synack_retries;
	u32 qlen = icsk->icsk_accept_queue.qlen, young = icsk->icsk_accept_queue.young << 1;

	if (qlen << 1 <= max(8u, sk->sk_max_ack_backlog))
		return most;
	while (most > 2 && qlen >= young) {
		most--;
		young <<= 1;
	}
	return most;
}

static void reqsk_timer(struct ktimer *t)
{
	struct request_sock *req = container_of(t, struct request_sock, rsk_timer);
	struct sock *sk = req->rsk_listener;
	u8 defer = inet_csk(sk)->icsk_accept_queue.defer_accept;
	bool expire, resend = true;
	int most;

	reqsk_hold(req);
	local_bh_disable();
	if (sk->sk_state != TCP_LISTEN)
		goto drop;
	most = reqsk_max_retries(sk);
	expire = req->num_timeout >= most;
	if (defer) {
		/* Acknowledged but without data: wait silently, and repeat at the end to give it a last chance. */
		expire = expire && (!req->acked || req->num_timeout >= defer);
		resend = !req->acked || req->num_timeout >= defer - 1;
	}
	if (!expire && (!resend || !inet_rtx_syn_ack(sk, req) || req->acked)) {
		if (!req->num_timeout++)
			inet_csk(sk)->icsk_accept_queue.young--;
		timer_start(&req->rsk_timer, ktime_get() + reqsk_timeout(req) * 1000);
		goto out;
	}
drop:
	inet_csk_reqsk_queue_drop(sk, req);
out:
	local_bh_enable();
	reqsk_put(req);
}

/* A SYN again: the SYN-ACK again, and its timer starts anew. */
void tcp_req_resend(struct sock *sk, struct sk_buff *skb, struct request_sock *req, bool fastopen)
{
	if (tcp_oow_rate_limited(skb, &req->last_oow_ack_time) || inet_rtx_syn_ack(sk, req))
		return;
	if (!fastopen && req->rsk_timer.deadline != KTIME_MAX)
		timer_start(&req->rsk_timer, ktime_get() + reqsk_timeout(req) * 1000);
}

/* ---- the accept queue ---- */

/* A connection that nobody will accept. */
static void inet_child_forget(struct sock *sk, struct request_sock *req, struct sock *child)
{
	(void)sk;
	tcp_disconnect(child, 0);
	sock_orphan(child);
	tcp_orphan_count++;
	if (req->tfo_listener && tcp_sk(child)->fastopen_rsk == req) {
		tcp_sk(child)->fastopen_rsk = NULL;
		reqsk_put(req);
	}
	inet_csk_destroy_sock(child);
}

/* @child is complete. The queue takes over the caller's reference of @req. NULL: the listener is gone, and so is the child. */
struct sock *inet_csk_reqsk_queue_add(struct sock *sk, struct request_sock *req, struct sock *child)
{
	struct request_sock_queue *q = &inet_csk(sk)->icsk_accept_queue;

	if (sk->sk_state != TCP_LISTEN) {
		inet_child_forget(sk, req, child);
		return NULL;
	}
	req->sk = child;
	req->dl_next = NULL;
	if (!q->head)
		q->head = req;
	else
		q->tail->dl_next = req;
	q->tail = req;
	sk->sk_ack_backlog++;
	return child;
}

struct sock *inet_csk_complete_hashdance(struct sock *sk, struct sock *child, struct request_sock *req, bool own_req)
{
	if (own_req) {
		inet_csk_reqsk_queue_drop(req->rsk_listener, req);
		if (inet_csk_reqsk_queue_add(sk, req, child))
			return child;
		return NULL;
	}
	sock_put(child);
	return NULL;
}

static struct request_sock *reqsk_queue_remove(struct request_sock_queue *q, struct sock *sk)
{
	struct request_sock *req = q->head;

	if (req) {
		sk->sk_ack_backlog--;
		q->head = req->dl_next;
		if (!q->head)
			q->tail = NULL;
	}
	return req;
}

/* Sleeps until there is a connection; one sleeper is woken a connection. The socket is owned, before and after. */
static long inet_csk_wait_for_connect(struct sock *sk, u64 deadline)
{
	struct request_sock_queue *q = &inet_csk(sk)->icsk_accept_queue;
	struct wait_entry e;
	long err = 0;

	init_wait(&e);
	for (;;) {
		if (list_empty(&e.list))
			add_wait_queue_exclusive(sk->sk_wq, &e);
		release_sock(sk);
		current->state = TASK_INTERRUPTIBLE;
		if (!q->head && sk->sk_state == TCP_LISTEN && !signal_pending(current) && schedule_until(deadline))
			err = -EAGAIN;
		current->state = TASK_RUNNING;
		lock_sock(sk);
		if (q->head) {
			err = 0;
			break;
		}
		if (sk->sk_state != TCP_LISTEN) {
			err = -EINVAL;
			break;
		}
		if (signal_pending(current)) {
			err = deadline == KTIME_MAX ? -ERESTARTSYS : -EINTR;
			break;
		}
		if (err)
			break;
	}
	finish_wait(&e);
	return err;
}

struct sock *inet_csk_accept(struct sock *sk, int flags, int *err)
{
	struct request_sock_queue *q = &inet_csk(sk)->icsk_accept_queue;
	struct request_sock *req;
	struct sock *newsk = NULL;
	long e = 0;

	lock_sock(sk);
	if (sk->sk_state != TCP_LISTEN)
		e = -EINVAL;
	else if (!q->head && flags & O_NONBLOCK)
		e = -EAGAIN;
	else if (!q->head)
		e = inet_csk_wait_for_connect(sk, sock_rcvdeadline(sk, false));
	if (e)
		goto out;
	req = reqsk_queue_remove(q, sk);
	newsk = req->sk;
	if (req->tfo_listener && tcp_sk(newsk)->fastopen_rsk) {
		/* The handshake is not over: reqsk_fastopen_remove() will free the request. */
		req->sk = NULL;
		req = NULL;
	}
	if (req)
		reqsk_put(req);
out:
	release_sock(sk);
	*err = (int)e;
	return newsk;
}

/* ---- the listener ---- */

/* -EADDRINUSE: somebody else listens there. */
int inet_csk_listen_start(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	int err;

	icsk->icsk_accept_queue.head = icsk->icsk_accept_queue.tail = NULL;
	/* Requests of an earlier listening may still wait for their timers: they stay counted. */
	sk->sk_ack_backlog = 0;
	memset(&icsk->icsk_ack, 0, sizeof(icsk->icsk_ack));
	/* The state first: two sockets may share a port only until both listen. */
	sk->sk_state = TCP_LISTEN;
	err = sk->sk_prot->get_port(sk, sk->sk_num);
	if (!err) {
		inet_sk(sk)->inet_sport = htons(sk->sk_num);
		sk_dst_reset(sk);
		err = sk->sk_prot->hash(sk);
		if (!err)
			return 0;
	}
	tcp_set_state(sk, TCP_CLOSE);
	return err;
}

/* The listener closes: connections that were never accepted are reset. Requests that wait find out by their timers. */
void inet_csk_listen_stop(struct sock *sk)
{
	struct request_sock_queue *q = &inet_csk(sk)->icsk_accept_queue;
	struct request_sock *req;

	while ((req = reqsk_queue_remove(q, sk))) {
		struct sock *child = req->sk;

		local_bh_disable();
		sock_hold(child);
		inet_child_forget(sk, req, child);
		sock_put(child);
		reqsk_put(req);
		local_bh_enable();
		cond_resched();
	}
	while ((req = q->fastopenq.rskq_rst_head)) {
		q->fastopenq.rskq_rst_head = req->dl_next;
		reqsk_put(req);
	}
	q->fastopenq.rskq_rst_tail = NULL;
	q->fastopenq.qlen = 0;
}

/* What a new connection has of its listener. NULL without memory. */
struct sock *inet_csk_clone(const struct sock *sk, const struct request_sock *req)
{
	struct sock *newsk = sk_clone(sk);
	struct inet_connection_sock *icsk;

	if (!newsk)
		return NULL;
	icsk = inet_csk(newsk);
	newsk->sk_state = TCP_SYN_RECV;
	icsk->icsk_bind_hash = NULL;
	memset(&icsk->icsk_accept_queue, 0, sizeof(icsk->icsk_accept_queue));
	icsk->icsk_accept_queue.defer_accept = inet_csk(sk)->icsk_accept_queue.defer_accept;
	newsk->sk_dport = req->sk_dport;
	newsk->sk_num = req->sk_num;
	inet_sk(newsk)->inet_sport = htons(req->sk_num);
	newsk->sk_mark = req->ir_mark;
	newsk->sk_ack_backlog = 0;
	newsk->sk_max_ack_backlog = 0;
	memset(&icsk->icsk_ack, 0, sizeof(icsk->icsk_ack));
	icsk->icsk_retransmits = icsk->icsk_backoff = icsk->icsk_probes_out = icsk->icsk_pending = 0;
	icsk->icsk_probes_tstamp = 0;
	return newsk;
}

/* Orphaned, closed, out of the tables: the end. */
void inet_csk_destroy_sock(struct sock *sk)
{
	sk->sk_prot->destroy(sk);
	tcp_orphan_count--;
	sock_put(sk);
}

/* A child that could not be completed is closed by force: it never had a file. */
void inet_csk_prepare_forced_close(struct sock *sk)
{
	sock_set_flag(sk, SOCK_DEAD, true);
	tcp_orphan_count++;
	sk->sk_num = 0;
}

/* ---- the first SYN ---- */

static void tcp_openreq_init(struct request_sock *req, const struct tcp_options_received *opt, const struct sk_buff *skb,
	const struct sock *sk)
{
	req->rcv_isn = TCP_SKB_CB(skb)->seq;
	req->rcv_nxt = TCP_SKB_CB(skb)->seq + 1;
	req->mss = opt->mss_clamp;
	req->ts_recent = opt->saw_tstamp ? opt->rcv_tsval : 0;
	req->tstamp_ok = opt->tstamp_ok;
	req->sack_ok = opt->sack_ok;
	req->snd_wscale = opt->snd_wscale;
	req->wscale_ok = opt->wscale_ok;
	req->sk_dport = tcp_hdr(skb)->source;
	req->sk_num = ntohs(tcp_hdr(skb)->dest);
	req->ir_mark = sk->sk_mark;
	req->no_srccheck = inet_sk(sk)->transparent;
	req->sk_bound_dev_if = sk->sk_bound_dev_if;
	req->ir_iif = skb->skb_iif;
}

static void tcp_ecn_create_request(struct request_sock *req, const struct sk_buff *skb, const struct dst_entry *dst)
{
	bool wanted = net_sysctl.tcp_ecn || dst_metric(dst, RTAX_FEATURES) & RTAX_FEATURE_ECN;
	u8 flags = TCP_SKB_CB(skb)->tcp_flags;
	bool ect = TCP_SKB_CB(skb)->ip_dsfield & 3;

	if ((flags & (TCPHDR_ECE | TCPHDR_CWR)) == (TCPHDR_ECE | TCPHDR_CWR) && !ect && wanted)
		req->ecn_ok = true;
}

/* The queue of SYNs is full: cookies? */
static bool tcp_syn_flood_action(void)
{
	if (net_sysctl.tcp_syncookies) {
		NET_INC_STATS(LINUX_MIB_TCPREQQFULLDOCOOKIES);
		return true;
	}
	NET_INC_STATS(LINUX_MIB_TCPREQQFULLDROP);
	return false;
}

/* TCP_SAVE_SYN: the headers as they came. */
static void tcp_record_syn(const struct sock *sk, struct request_sock *req, const struct sk_buff *skb)
{
	u32 net = (u32)(skb_transport_header(skb) - skb_network_header(skb)), tcp = tcp_hdr(skb)->doff * 4u;

	if (!tcp_sk(sk)->save_syn)
		return;
	req->saved_syn = kmalloc(sizeof(struct saved_syn) + net + tcp);
	if (!req->saved_syn)
		return;
	req->saved_syn->mac_hdrlen = 0;
	req->saved_syn->network_hdrlen = net;
	req->saved_syn->tcp_hdrlen = tcp;
	memcpy(req->saved_syn->data, skb_network_header(skb), net + tcp);
}

/* The connection of a SYN whose data was taken is there before the handshake is over, and can be accepted. */
static void tcp_queue_fastopen_child(const struct tcp_conn_ops *ops, struct sock *sk, struct request_sock *req, struct sock *child,
	struct dst_entry *dst, struct tcp_fastopen_cookie *foc)
{
	ops->send_synack(sk, dst, req, foc, false);
	/* The queue has its own reference; the child's timer the other. */
	reqsk_hold(req);
	if (inet_csk_reqsk_queue_add(sk, req, child))
		sk->sk_data_ready(sk);
	else
		reqsk_put(req);
}

/* A SYN for the listener @sk: 0, the caller frees @skb; < 0: a RST is called for. */
int tcp_conn_request(const struct tcp_conn_ops *ops, struct sock *sk, struct sk_buff *skb)
{
	struct tcp_fastopen_cookie foc = { .len = -1 };
	struct tcp_options_received opt = { .mss_clamp = ops->mss_clamp, .user_mss = tcp_sk(sk)->rx_opt.user_mss };
	struct request_sock *req;
	struct dst_entry *dst;
	struct sock *child = NULL;
	bool want_cookie = false;
	u32 isn = tcp_tw_isn;

	tcp_tw_isn = 0;
	if (net_sysctl.tcp_syncookies == 2 || inet_csk_reqsk_queue_is_full(sk)) {
		want_cookie = tcp_syn_flood_action();
		if (!want_cookie)
			goto drop;
	}
	if (sk_acceptq_is_full(sk)) {
		NET_INC_STATS(LINUX_MIB_LISTENOVERFLOWS);
		goto drop;
	}
	req = inet_reqsk_alloc(sk, ops->family);
	if (!req)
		goto drop;
	req->syncookie = want_cookie;
	tcp_parse_options(skb, &opt, false, want_cookie ? NULL : &foc);
	if (want_cookie && !opt.saw_tstamp)
		opt.sack_ok = opt.wscale_ok = opt.snd_wscale = 0;
	opt.tstamp_ok = opt.saw_tstamp;
	tcp_openreq_init(req, &opt, skb, sk);
	ops->init_req(req, sk, skb);
	dst = ops->route_req(sk, req);
	if (!dst)
		goto drop_and_free;
	if (opt.tstamp_ok)
		req->ts_off = ops->init_ts_off(skb);
	if (!want_cookie && !isn) {
		/* Without cookies, the last quarter of the backlog is for peers that are known to exist: none are. */
		if (!net_sysctl.tcp_syncookies && (int)(net_sysctl.tcp_max_syn_backlog - (int)inet_csk(sk)->icsk_accept_queue.qlen)
				< net_sysctl.tcp_max_syn_backlog >> 2)
			goto drop_and_release;
		isn = ops->init_seq(skb);
	}
	tcp_ecn_create_request(req, skb, dst);
	if (want_cookie) {
		tcp_synq_overflow();
		isn = ops->cookie_init_seq(skb, &req->mss);
		if (!opt.tstamp_ok)
			req->ecn_ok = false;
	}
	req->snt_isn = isn;
	req->syn_tos = TCP_SKB_CB(skb)->ip_dsfield;
	tcp_openreq_init_rwin(req, sk, dst);
	if (!want_cookie) {
		tcp_record_syn(sk, req, skb);
		child = tcp_try_fastopen(sk, skb, req, &foc);
	}
	if (child)
		tcp_queue_fastopen_child(ops, sk, req, child, dst, &foc);
	else if (want_cookie)
		ops->send_synack(sk, dst, req, NULL, true);
	else if (inet_csk_reqsk_queue_hash_add(sk, req, TCP_TIMEOUT_INIT))
		ops->send_synack(sk, dst, req, &foc, false);
	dst_release(dst);
	reqsk_put(req);
	return 0;

drop_and_release:
	dst_release(dst);
drop_and_free:
	reqsk_put(req);
drop:
	NET_INC_STATS(LINUX_MIB_LISTENDROPS);
	sk->sk_drops++;
	return 0;
}
