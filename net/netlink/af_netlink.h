/* AF_NETLINK inside: shared by af_netlink.c (sockets, names, options) and message.c (sending, receiving, dumps). */
#ifndef UMK_NET_AF_NETLINK_H
#define UMK_NET_AF_NETLINK_H

#include "../netlink.h"

bool netlink_is_member(const struct netlink_sock *nlk, u32 group); /* from 1 on */
/* The socket of that port id, or NULL. */
struct netlink_sock *netlink_lookup(int protocol, u32 portid);
int netlink_autobind(struct sock *sk);
/* Lets senders go on that waited for room. */
void netlink_rcv_wake(struct sock *sk);
/* Charges @skb to the socket, if there is room for it. */
bool netlink_charge(struct netlink_sock *nlk, struct sk_buff *skb);
/* Sleeps until there may be room, or the socket is closed. 0, -EAGAIN (the deadline), -EINTR, -ERESTARTSYS. */
int netlink_wait_room(struct netlink_sock *nlk, const struct sk_buff *skb, u64 deadline);
/* Puts what has been charged into the queue. */
void netlink_deliver(struct netlink_sock *nlk, struct sk_buff *skb);
void netlink_dump_end(struct netlink_sock *nlk);
ssize_t netlink_sendmsg(struct socket *sock, struct msghdr *msg, size_t size);
ssize_t netlink_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, unsigned flags);

#endif
