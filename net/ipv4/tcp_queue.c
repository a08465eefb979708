/* TCP's buffers and queues: the write queue (a list: what has not been sent), the retransmit queue (a tree: what has not been
 * acknowledged), and the buffers on them.
 *
 * A buffer has its payload in one piece. A packet is a second sk_buff on the same bytes with its headers ahead of them; the
 * receiver over lo reads the payload where the sender put it. */
#include "../tcp.h"
#include "string.h"

struct proto_mem tcp_memory = { .limit = net_sysctl.tcp_mem, .rmem_min = net_sysctl.tcp_rmem, .can_press = true };

/* ---- buffers ---- */

static u32 tcp_truesize(const struct sk_buff *skb)
{
	return TCP_SKB_OVERHEAD + skb->len;
}

static struct sk_buff *tcp_alloc(size_t room)
{
	/* Small ones fill a kmalloc-1024. */
	struct sk_buff *skb = alloc_skb(MAX_TCP_HEADER + max(room, (size_t)1024 - sizeof(struct skb_data) - MAX_TCP_HEADER));

	if (!skb)
		return NULL;
	skb_reserve(skb, MAX_TCP_HEADER);
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->truesize = TCP_SKB_OVERHEAD;
	INIT_LIST_HEAD(&skb->tcp_tsorted);
	return skb;
}

/* An empty buffer for @room bytes, or NULL: no memory, or TCP has used up its own and it is not to be there at any rate (@force). */
struct sk_buff *tcp_stream_alloc_skb(struct sock *sk, size_t room, bool force)
{
	struct sk_buff *skb = force || sk_mem_schedule(sk, TCP_SKB_OVERHEAD, true) ? tcp_alloc(room) : NULL;

	if (!skb) {
		proto_mem_press(&tcp_memory);
		sk_stream_moderate_sndbuf(sk);
	}
	return skb;
}

/* Exchanges the bytes of two buffers. */
static void tcp_swap_data(struct sk_buff *a, struct sk_buff *b)
{
	u8 *head = a->head, *data = a->data, *tail = a->tail, *end = a->end;
	bool cloned = a->cloned;
	u32 len = a->len;

	a->head = b->head, a->data = b->data, a->tail = b->tail, a->end = b->end;
	a->cloned = b->cloned;
	a->len = b->len;
	b->head = head, b->data = data, b->tail = tail, b->end = end;
	b->cloned = cloned;
	b->len = len;
}

/* A buffer that nobody else uses, with room for @room more bytes: @skb itself. NULL without memory. */
struct sk_buff *tcp_skb_grow(struct sock *sk, struct sk_buff *skb, size_t room)
{
	struct sk_buff *n;

	if (skb_tailroom(skb) >= room)
		return skb;
	n = tcp_alloc(skb->len + room);
	if (!n)
		return NULL;
	memcpy(skb_put(n, skb->len), skb->data, skb->len);
	tcp_swap_data(skb, n);
	kfree_skb(n);
	return skb;
}

/* Cuts @skb at @len bytes: it keeps the first part, in a buffer of its own; the value is the rest, in the old buffer, where
 * the headers of its packet may overwrite the first part. NULL without memory. */
struct sk_buff *tcp_skb_split(struct sk_buff *skb, u32 len)
{
	struct sk_buff *rest = tcp_alloc(len);

	if (!rest)
		return NULL;
	memcpy(skb_put(rest, len), skb->data, len);
	tcp_swap_data(skb, rest);
	skb_pull(rest, len);
	rest->tx_flags = skb->tx_flags;
	rest->tskey = skb->tskey;
	skb->tx_flags = 0;
	rest->truesize = tcp_truesize(rest);
	skb->truesize = tcp_truesize(skb);
	return rest;
}

/* @dst has taken the bytes of @src, which follows it: who waits to hear of the last of them waits for @dst. */
void tcp_skb_collapse_tstamp(struct sk_buff *dst, const struct sk_buff *src)
{
	if (likely(!src->tx_flags))
		return;
	dst->tx_flags |= src->tx_flags;
	dst->tskey = src->tskey;
}

/* @dst of the write queue has taken all the bytes of @src, the next one, which goes. */
void tcp_eat_skb(struct sock *sk, struct sk_buff *dst, struct sk_buff *src)
{
	TCP_SKB_CB(dst)->tcp_flags |= TCP_SKB_CB(src)->tcp_flags;
	TCP_SKB_CB(dst)->eor = TCP_SKB_CB(src)->eor;
	tcp_skb_collapse_tstamp(dst, src);
	skb_unlink(src, &sk->sk_write_queue);
	tcp_wmem_free_skb(sk, src);
}

void tcp_init_nondata_skb(struct sk_buff *skb, u32 seq, u8 flags)
{
	struct tcp_skb_cb *cb = TCP_SKB_CB(skb);

	INIT_LIST_HEAD(&skb->tcp_tsorted);
	memset(cb, 0, sizeof(*cb));
	cb->tcp_flags = flags;
	cb->gso_segs = 1;
	cb->seq = seq;
	cb->end_seq = seq + !!(flags & (TCPHDR_SYN | TCPHDR_FIN));
}

/* SYN or FIN: at the end of what is to be sent. */
void tcp_queue_skb(struct sock *sk, struct sk_buff *skb)
{
	tcp_sk(sk)->write_seq = TCP_SKB_CB(skb)->end_seq;
	skb->truesize = tcp_truesize(skb);
	sk_wmem_queued_add(sk, (int)skb->truesize);
	tcp_add_write_queue_tail(sk, skb);
}

/* A buffer of the write or retransmit queue, already unlinked. */
void tcp_wmem_free_skb(struct sock *sk, struct sk_buff *skb)
{
	sk_wmem_queued_add(sk, -(int)skb->truesize);
	kfree_skb(skb);
}

/* ---- the retransmit queue ---- */

void tcp_rtx_queue_insert(struct sock *sk, struct sk_buff *skb)
{
	struct treap_root *root = &tcp_sk(sk)->rtx_queue;
	struct treap_node **link = &root->node, *parent = NULL;
	struct sk_buff *last = tcp_rtx_queue_tail(sk);

	/* Nearly always at the end. */
	if (last && before(TCP_SKB_CB(last)->seq, TCP_SKB_CB(skb)->seq)) {
		treap_insert(root, &skb->tree, &last->tree, &last->tree.right);
		return;
	}
	while (*link) {
		parent = *link;
		link = before(TCP_SKB_CB(skb)->seq, TCP_SKB_CB(treap_skb(parent))->seq) ? &parent->left : &parent->right;
	}
	treap_insert(root, &skb->tree, parent, link);
}

static void tcp_rtx_queue_unlink(struct sock *sk, struct sk_buff *skb)
{
	list_del(&skb->tcp_tsorted);
	treap_erase(&tcp_sk(sk)->rtx_queue, &skb->tree);
	INIT_LIST_HEAD(&skb->list);
}

void tcp_rtx_queue_unlink_and_free(struct sock *sk, struct sk_buff *skb)
{
	tcp_rtx_queue_unlink(sk, skb);
	tcp_wmem_free_skb(sk, skb);
}

/* Everything that was sent or waits to be: the connection is over. */
void tcp_write_queue_purge(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb;

	tcp_chrono_stop(sk, TCP_CHRONO_BUSY);
	while ((skb = skb_dequeue(&sk->sk_write_queue)))
		tcp_wmem_free_skb(sk, skb);
	while ((skb = tcp_rtx_queue_head(sk)))
		tcp_rtx_queue_unlink_and_free(sk, skb);
	tp->highest_sack = NULL;
	tcp_clear_all_retrans_hints(tp);
	tp->packets_out = 0;
	inet_csk(sk)->icsk_backoff = 0;
}

/* ---- the highest sacked segment ---- */

u32 tcp_highest_sack_seq(const struct tcp_sock *tp)
{
	if (!tp->sacked_out)
		return tp->snd_una;
	return tp->highest_sack ? TCP_SKB_CB(tp->highest_sack)->seq : tp->snd_nxt;
}

void tcp_advance_highest_sack(struct tcp_sock *tp, struct sk_buff *skb)
{
	tp->highest_sack = tcp_rtx_queue_next(skb);
}

void tcp_highest_sack_reset(struct sock *sk)
{
	tcp_sk(sk)->highest_sack = tcp_rtx_queue_head(sk);
}
