#include "../tcp.h"
void tcp_v6_send_reset(const struct sock *sk, struct sk_buff *skb) { }
void tcp_v6_send_ack_for(const struct sock *sk, struct sk_buff *skb, u32 seq, u32 ack, u32 win, u32 tsval, u32 tsecr, int oif,
	u8 tclass, __be32 label) { }
const struct tcp_conn_ops tcp_conn_ipv6;
