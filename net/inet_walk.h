/* Every socket of an internet protocol, one after the other (net/ipv4/inet_walk.c): for /proc/net and inet_diag. */
#ifndef UMK_NET_INET_WALK_H
#define UMK_NET_INET_WALK_H

#include "sock.h"

struct tcp_sock;
enum inet_walk_what { WALK_TCP_LISTEN, WALK_TCP, WALK_UDP, WALK_UDPLITE, WALK_RAW, WALK_RAW6, WALK_PING };
/* A place between two sockets; all zero but @what at the start. */
struct inet_walk {
	enum inet_walk_what what;
	u32 bucket, passed;        /* sockets of the bucket that have been seen */
};
/* The next socket, or NULL. It may be a request or TIME-WAIT socket (sk_state). */
struct sock *inet_walk_next(struct inet_walk *w);
static inline u32 inet_walk_bucket(const struct inet_walk *w) { return w->bucket; }

/* What is told of a connection's timers. */
struct inet_timer_state {
	u8 kind;                   /* 0: none, 1: retransmission, 2: keepalive, 3: TIME-WAIT, 4: zero window probe */
	u64 left;                  /* ns */
};
struct inet_timer_state inet_timer_of(const struct sock *sk);
/* Bytes to be read and not yet acknowledged (of a listener: connections to accept, and how many there may be). */
void inet_queues_of(const struct sock *sk, u32 *rqueue, u32 *wqueue);
u64 sock_i_ino(const struct sock *sk); /* its file's number, or 0 */

#endif
