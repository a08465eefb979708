/* What the ping sockets of both families share (net/ipv4/ping.c). */
#ifndef UMK_NET_PING_H
#define UMK_NET_PING_H

#include "ip.h"
#include "ipv6.h"

#define PING_HASH 64
extern struct hlist_head ping_table[PING_HASH];
int ping_init_sock(struct sock *sk);
void ping_close(struct sock *sk, u64 timeout);
int ping_get_port(struct sock *sk, u16 ident);
int ping_hash(struct sock *sk);
void ping_unhash(struct sock *sk);
int ping_bind(struct sock *sk, struct sockaddr *addr, int len);
int ping_queue_rcv_skb(struct sock *sk, struct sk_buff *skb);
ssize_t ping_recvmsg(struct sock *sk, struct msghdr *msg, size_t size, unsigned flags);
/* Checks the request that a guest sends and copies its ICMP header. 0, -EMSGSIZE, -EOPNOTSUPP, -EFAULT, -EINVAL. */
int ping_common_sendmsg(int family, struct msghdr *msg, size_t size, void *icmph, size_t icmph_len);
/* An answer whose ICMP header is at skb->data, or NULL: nobody asked. Counted as received by the socket. */
struct sock *ping_lookup(const struct sk_buff *skb, u16 ident);
void ping6_err(struct sk_buff *skb, u8 type, u8 code, int offset, u32 info);
bool ping_deliver(struct sk_buff *skb, u16 ident);
int ping_disconnect(struct sock *sk, int flags);

#endif
