/* Receiving datagrams: the queue, peeking at an offset, and poll. */
#include "../sock.h"
#include "../dev.h"
#include "fs.h"
#include <linux/eventpoll.h>

/* The datagram that holds byte *off of what is queued; *off is then within it. NULL: none yet. */
static struct sk_buff *find_datagram(struct sock *sk, unsigned flags, int *off)
{
	struct sk_buff *skb;
	int left = *off;

	skb_queue_walk(&sk->sk_receive_queue, skb) {
		if (flags & MSG_PEEK && left > 0 && left >= (int)skb->len && (skb->len || left)) {
			left -= (int)skb->len;
			continue;
		}
		*off = left;
		return skb;
	}
	return NULL;
}

struct sk_buff *skb_recv_datagram(struct sock *sk, unsigned flags, int *off, int *err)
{
	u64 deadline = 0;
	bool waited = false;
	int first = *off;

	for (;;) {
		struct sk_buff *skb;
		long error = sock_error(sk);

		if (error) {
			*err = (int)error;
			return NULL;
		}
		*off = first;
		skb = find_datagram(sk, flags, off);
		if (skb) {
			if (flags & MSG_PEEK) {
				skb->peeked = true;
				return skb_get(skb);
			}
			skb_unlink(skb, &sk->sk_receive_queue);
			return skb;
		}
		if (!waited) {
			deadline = sock_rcvdeadline(sk, flags & MSG_DONTWAIT);
			waited = true;
		}
		if (!deadline) {
			*err = -EAGAIN;
			return NULL;
		}
		if (sk->sk_shutdown & RCV_SHUTDOWN) {
			*err = 0;
			return NULL;
		}
		error = sk_wait_event(sk->sk_wq, ({ *off = first; find_datagram(sk, flags, off); }) || sk->sk_err
			|| sk->sk_shutdown & RCV_SHUTDOWN, deadline);
		if (error) {
			*err = (int)error;
			return NULL;
		}
	}
}

int skb_kill_datagram(struct sock *sk, struct sk_buff *skb, unsigned flags)
{
	int err = 0;

	if (flags & MSG_PEEK) {
		err = -ENOENT;
		if (!list_empty(&skb->list)) {
			skb_unlink(skb, &sk->sk_receive_queue);
			kfree_skb(skb);
			err = 0;
		}
	}
	kfree_skb(skb);
	sk->sk_drops++;
	return err;
}

int sk_set_peek_off(struct sock *sk, int val)
{
	sk->sk_peek_off = val;
	return 0;
}

u32 datagram_poll(struct file *file __maybe_unused, struct socket *sock, struct poll_table *pt)
{
	struct sock *sk = sock->sk;
	u32 mask = 0;

	poll_wait(pt, &sock->wait);
	if (sk->sk_err || !skb_queue_empty(&sk->sk_error_queue))
		mask |= EPOLLERR | (sock_flag(sk, SOCK_SELECT_ERR_QUEUE) ? EPOLLPRI : 0);
	if (sk->sk_shutdown & RCV_SHUTDOWN)
		mask |= EPOLLRDHUP | EPOLLIN | EPOLLRDNORM;
	if (sk->sk_shutdown == SHUTDOWN_MASK)
		mask |= EPOLLHUP;
	if (!skb_queue_empty(&sk->sk_receive_queue))
		mask |= EPOLLIN | EPOLLRDNORM;
	if (sock_writeable(sk))
		mask |= EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND;
	return mask;
}
