/* Routes that lead nowhere. */
#include "../dst.h"

int dst_discard(struct sk_buff *skb)
{
	kfree_skb(skb);
	return 0;
}

int dst_discard_out(struct sock *sk __maybe_unused, struct sk_buff *skb)
{
	kfree_skb(skb);
	return 0;
}
