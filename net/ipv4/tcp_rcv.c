/* The way in that both families share: a header is checked, its numbers are read once, and the segment goes to its socket, or
 * waits while that is owned. */
#include "../tcp.h"
#include "byteorder.h"
#include "slab.h"
#include "string.h"

/* Is the header whole and the checksum right? @pseudo: the pseudo header's sum. Counts what is not. */
bool tcp_header_ok(struct sk_buff *skb, u32 pseudo)
{
	const struct tcphdr *th = tcp_hdr(skb);

	if (!pskb_may_pull(skb, sizeof(*th)))
		return false;
	if (th->doff < sizeof(*th) / 4) {
		TCP_INC_STATS(TCP_MIB_INERRS);
		return false;
	}
	if (!pskb_may_pull(skb, th->doff * 4u))
		return false;
	if (!skb_checksum_ok(skb, pseudo)) {
		TCP_INC_STATS(TCP_MIB_CSUMERRORS);
		TCP_INC_STATS(TCP_MIB_INERRS);
		return false;
	}
	return true;
}

/* Reads the header into cb: from here on nobody uses what IP had left there. */
void tcp_fill_cb(struct sk_buff *skb, u8 dsfield)
{
	const struct tcphdr *th = tcp_hdr(skb);
	struct tcp_skb_cb *cb = TCP_SKB_CB(skb);

	memset(cb, 0, sizeof(*cb));
	cb->seq = ntohl(th->seq);
	cb->end_seq = cb->seq + th->syn + th->fin + skb->len - th->doff * 4u;
	cb->ack_seq = ntohl(th->ack_seq);
	cb->tcp_flags = tcp_flag_byte(th);
	cb->window = ntohs(th->window);
	cb->urg_ptr = ntohs(th->urg_ptr);
	cb->ip_dsfield = dsfield;
}

void tcp_send_reset(const struct sock *sk, struct sk_buff *skb)
{
	if (skb->protocol == htons(ETH_P_IPV6))
		tcp_v6_send_reset(sk, skb);
	else
		tcp_v4_send_reset(sk, skb);
}

/* A segment for a socket that nobody else owns. Both families: the packet tells its own. */
int tcp_do_rcv(struct sock *sk, struct sk_buff *skb)
{
	struct sock *nsk;

	if (sk->sk_state == TCP_ESTABLISHED) {
		tcp_rcv_established(sk, skb);
		return 0;
	}
	if (sk->sk_state == TCP_LISTEN) {
		nsk = tcp_cookie_check(sk, skb);
		if (!nsk) {
			kfree_skb(skb);
			return 0;
		}
		if (nsk != sk) {
			tcp_child_process(sk, nsk, skb);
			return 0;
		}
	}
	if (tcp_rcv_state_process(sk, skb)) {
		tcp_send_reset(sk, skb);
		kfree_skb(skb);
	}
	return 0;
}

/* The socket's reference goes with it. Full sockets only. */
void tcp_deliver(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (sk_filter(sk, skb))
		goto discard;
	/* The filter may have cut the payload. */
	TCP_SKB_CB(skb)->end_seq = TCP_SKB_CB(skb)->seq + tcp_hdr(skb)->syn + tcp_hdr(skb)->fin + skb->len
		- min(skb->len, tcp_hdr(skb)->doff * 4u);
	if (sk->sk_state == TCP_LISTEN && !sock_owned_by_user(sk)) {
		sk->sk_backlog_rcv(sk, skb);
		sock_put(sk);
		return;
	}
	tcp_segs_in(tp, skb);
	if (!sock_owned_by_user(sk)) {
		sk->sk_backlog_rcv(sk, skb);
	} else if (sk_add_backlog(sk, skb, (u32)min(((u64)(u32)sk->sk_rcvbuf << 1) + ((u32)sk->sk_sndbuf >> 1) + 65536, 0xffffffffull))) {
		NET_INC_STATS(LINUX_MIB_TCPBACKLOGDROP);
		goto discard;
	}
	sock_put(sk);
	return;
discard:
	sk->sk_drops++;
	sock_put(sk);
	kfree_skb(skb);
}

/* A segment for the request @req, whose reference goes with it. False: there is no such request any more, look again. */
bool tcp_rcv_request(struct request_sock *req, struct sk_buff *skb)
{
	struct sock *sk = req->rsk_listener, *nsk = NULL;
	bool lost = false;

	if (sk->sk_state != TCP_LISTEN) {
		inet_csk_reqsk_queue_drop_and_put(sk, req);
		return false;
	}
	sock_hold(sk);
	if (!sk_filter(sk, skb))
		nsk = tcp_check_req(sk, skb, req, false, &lost);
	if (!nsk) {
		reqsk_put(req);
		kfree_skb(skb);
	} else if (nsk == sk) {
		reqsk_put(req);
		if (!sock_owned_by_user(sk))
			sk->sk_backlog_rcv(sk, skb);
		else if (sk_add_backlog(sk, skb, (u32)sk->sk_rcvbuf))
			kfree_skb(skb);
	} else {
		/* The request's reference is the accept queue's now. */
		tcp_child_process(sk, nsk, skb);
	}
	sock_put(sk);
	return true;
}

/* A connection has taken the request's place in the table: what the request's removal would have undone. */
void tcp_req_replaced(struct request_sock *req)
{
	struct request_sock_queue *q = &inet_csk(req->rsk_listener)->icsk_accept_queue;

	timer_cancel(&req->rsk_timer);
	q->qlen--;
	if (!req->num_timeout)
		q->young--;
	sock_prot_inuse_add(req->sk_prot, -1);
	reqsk_put(req);
}
