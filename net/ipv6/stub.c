#include "../ipv6.h"
void ipv6_rcv(struct sk_buff *skb, struct net_device *dev) { kfree_skb(skb); }
ssize_t ipv6_recv_error(struct sock *sk, struct msghdr *msg, size_t size) { return -EAGAIN; }
void ip6_datagram_recv_ctl(struct sock *sk, struct msghdr *msg, struct sk_buff *skb) { }
int fib6_add_route(const struct fib6_route *route) { return 0; }
