/* The error queue of a socket, and the notifications that MSG_ZEROCOPY puts there. */
#include "../inet.h"
#include "../scm.h"
#include "slab.h"
#include "string.h"
#include <linux/eventpoll.h>
#include <linux/if_packet.h>

/* Error-queue entries are charged to the receive buffer as messages are. */
int sock_queue_err_skb(struct sock *sk, struct sk_buff *skb)
{
	if (sk->sk_rmem_alloc + skb->truesize >= (u32)sk->sk_rcvbuf)
		return -ENOMEM;
	skb_orphan(skb);
	skb->sk = sk;
	skb->destructor = sock_rfree;
	sk->sk_rmem_alloc += skb->truesize;
	skb_dst_drop(skb);
	skb->pkt_type = PACKET_OUTGOING; /* what tells it from a received packet */
	skb_queue_tail(&sk->sk_error_queue, skb);
	if (!sock_flag(sk, SOCK_DEAD))
		sk_error_report(sk);
	return 0;
}

static bool is_icmp_err(const struct sk_buff *skb)
{
	return skb && (SKB_EXT_ERR(skb)->ee.ee_origin == SO_EE_ORIGIN_ICMP
		|| SKB_EXT_ERR(skb)->ee.ee_origin == SO_EE_ORIGIN_ICMP6);
}

/* The pending error is that of the next ICMP entry, so that select and SO_ERROR agree with the queue. */
struct sk_buff *sock_dequeue_err_skb(struct sock *sk)
{
	struct sk_buff *skb = skb_dequeue(&sk->sk_error_queue), *next = NULL;

	if (skb)
		next = skb_peek(&sk->sk_error_queue);
	if (is_icmp_err(next))
		sk->sk_err = (int)SKB_EXT_ERR(next)->ee.ee_errno;
	else if (is_icmp_err(skb))
		sk->sk_err = 0;
	if (is_icmp_err(next))
		sk_error_report(sk);
	return skb;
}

/* ---- MSG_ZEROCOPY ---- */

static void sock_ofree(struct sk_buff *skb)
{
	skb->sk->sk_omem_alloc -= skb->truesize;
}

struct ubuf_info *msg_zerocopy_realloc(struct sock *sk, size_t size, struct ubuf_info *uarg)
{
	/* Calls that follow each other on a stream share one notification, up to a limit on what it may cover. */
	if (uarg && uarg->bytelen + size <= 1u << 19 && sk->sk_zckey == uarg->id + uarg->len) {
		uarg->len++;
		uarg->bytelen += size;
		sk->sk_zckey++;
		if (sk->sk_type == SOCK_STREAM)
			uarg->refs++;
		return uarg;
	}
	uarg = kzalloc(sizeof(*uarg));
	if (!uarg)
		return NULL;
	uarg->skb = alloc_skb(0);
	if (!uarg->skb || sk->sk_omem_alloc + uarg->skb->truesize > (u32)net_sysctl.optmem_max) {
		kfree_skb(uarg->skb);
		kfree(uarg);
		return NULL;
	}
	uarg->skb->sk = sk;
	uarg->skb->destructor = sock_ofree;
	sk->sk_omem_alloc += uarg->skb->truesize;
	uarg->refs = 1;
	uarg->id = sk->sk_zckey++;
	uarg->len = 1;
	uarg->bytelen = (u32)size;
	uarg->sk = sock_hold(sk);
	return uarg;
}

/* Extends the last notification on the queue instead of adding one, when it is of the same kind and the next in line. */
static bool notify_merge(struct sock *sk, u32 lo, u32 len, u8 code)
{
	struct sk_buff *tail = skb_peek_tail(&sk->sk_error_queue);
	struct sock_extended_err *ee;

	if (!tail || SKB_EXT_ERR(tail)->ee.ee_origin != SO_EE_ORIGIN_ZEROCOPY || SKB_EXT_ERR(tail)->ee.ee_code != code)
		return false;
	ee = &SKB_EXT_ERR(tail)->ee;
	if (lo != ee->ee_data + 1 || (u64)ee->ee_data - ee->ee_info + 1 + len >= 1ull << 32)
		return false;
	ee->ee_data += len;
	return true;
}

void msg_zerocopy_put(struct ubuf_info *uarg)
{
	struct sock *sk;
	struct sk_buff *skb;
	u8 code;

	if (!uarg || --uarg->refs)
		return;
	sk = uarg->sk;
	skb = uarg->skb;
	code = uarg->zerocopy ? 0 : SO_EE_CODE_ZEROCOPY_COPIED;
	if (uarg->len && !sock_flag(sk, SOCK_DEAD)) {
		struct sock_exterr_skb *serr = SKB_EXT_ERR(skb);

		memset(serr, 0, sizeof(*serr));
		serr->ee.ee_origin = SO_EE_ORIGIN_ZEROCOPY;
		serr->ee.ee_code = code;
		serr->ee.ee_info = uarg->id;
		serr->ee.ee_data = uarg->id + uarg->len - 1;
		if (!notify_merge(sk, uarg->id, uarg->len, code)) {
			skb_queue_tail(&sk->sk_error_queue, skb);
			skb = NULL;
		}
		sk_error_report(sk);
	}
	kfree_skb(skb);
	kfree(uarg);
	sock_put(sk);
}

void msg_zerocopy_put_abort(struct ubuf_info *uarg, bool have_ref)
{
	if (!uarg)
		return;
	uarg->sk->sk_zckey--;
	uarg->len--;
	if (have_ref)
		msg_zerocopy_put(uarg);
}
