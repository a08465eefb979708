/* struct sock: what a protocol owns of a socket, and what all protocols share: buffer accounting, waiting, errors,
 * the options of SOL_SOCKET. */
#ifndef UMK_NET_SOCK_H
#define UMK_NET_SOCK_H

#include "net.h"
#include "skbuff.h"
#include "sched.h"
#include "ktime.h"

/* sk_state: TCP's states, which every family uses as in Linux. */
enum { TCP_ESTABLISHED = 1, TCP_SYN_SENT, TCP_SYN_RECV, TCP_FIN_WAIT1, TCP_FIN_WAIT2, TCP_TIME_WAIT, TCP_CLOSE,
	TCP_CLOSE_WAIT, TCP_LAST_ACK, TCP_LISTEN, TCP_CLOSING };
/* sk_shutdown */
#define RCV_SHUTDOWN 1
#define SEND_SHUTDOWN 2
#define SHUTDOWN_MASK 3
/* sk_flags: on/off options and states, by bit */
enum sock_flag { SOCK_DEAD, SOCK_DBG, SOCK_BROADCAST, SOCK_KEEPOPEN, SOCK_URGINLINE, SOCK_LINGER, SOCK_LOCALROUTE,
	SOCK_RCVTSTAMP, SOCK_RCVTSTAMPNS, SOCK_TSTAMP_NEW, SOCK_RXQ_OVFL };

struct sock {
	u16 sk_family, sk_type, sk_protocol;
	u8 sk_state, sk_shutdown;
	u32 refs;                     /* the socket, peers, buffers charged to it, whoever sleeps with it */
	struct socket *sk_socket;     /* NULL once the file is gone */
	struct wait_queue_head *sk_wq; /* the socket's, NULL with it */
	unsigned long sk_flags;       /* enum sock_flag */

	/* buffers; bytes as skb->truesize counts them */
	struct sk_buff_head sk_receive_queue;
	int sk_sndbuf, sk_rcvbuf;
	u32 sk_wmem_alloc;            /* sent and not yet freed */
	u32 sk_rmem_alloc;
	int sk_rcvlowat;
	int sk_peek_off;              /* SO_PEEK_OFF, -1: off */
	u64 sk_rcvtimeo, sk_sndtimeo; /* ns, KTIME_MAX: for ever */

	int sk_err;                   /* positive errno, reported once */
	u32 sk_ack_backlog, sk_max_ack_backlog;
	u64 sk_lingertime;            /* seconds */
	u32 sk_priority, sk_mark;
	u8 sk_reuse, sk_reuseport;
	u64 sk_cookie;
	struct ucred sk_peer_cred;    /* pid 0: none */
	u32 *sk_peer_groups;          /* kmalloc'd, or NULL */
	u32 sk_peer_ngroups;

	/* what happened, told to whoever waits; never NULL */
	void (*sk_state_change)(struct sock *sk);
	void (*sk_data_ready)(struct sock *sk);
	void (*sk_write_space)(struct sock *sk);
	void (*sk_destruct)(struct sock *sk); /* the last reference: frees what the family hung on */
	struct kmem_cache *sk_cache;          /* whence it came */
};

static inline bool sock_flag(const struct sock *sk, enum sock_flag f) { return sk->sk_flags >> f & 1; }
static inline void sock_set_flag(struct sock *sk, enum sock_flag f, bool on)
{
	sk->sk_flags = on ? sk->sk_flags | 1ul << f : sk->sk_flags & ~(1ul << f);
}
/* A sock from @cache, zeroed beyond struct sock, with defaults, one reference; joined to @sock unless that is NULL. */
struct sock *sk_alloc(struct kmem_cache *cache, int family, struct socket *sock);
static inline struct sock *sock_hold(struct sock *sk) { sk->refs++; return sk; }
void sock_put(struct sock *sk);
void sock_graft(struct sock *sk, struct socket *parent);
/* The file is gone: nobody waits on it any more. */
void sock_orphan(struct sock *sk);
/* Takes the pending error: 0 or -errno. */
static inline int sock_error(struct sock *sk)
{
	int err = sk->sk_err;

	sk->sk_err = 0;
	return -err;
}

/* When a wait ends: 0 for a call that must not wait, KTIME_MAX for one without SO_xTIMEO. */
static inline u64 sock_deadline(u64 timeo, bool noblock)
{
	return noblock ? 0 : timeo == KTIME_MAX ? KTIME_MAX : ktime_add_safe(ktime_get(), timeo);
}
static inline u64 sock_rcvdeadline(const struct sock *sk, bool noblock) { return sock_deadline(sk->sk_rcvtimeo, noblock); }
static inline u64 sock_snddeadline(const struct sock *sk, bool noblock) { return sock_deadline(sk->sk_sndtimeo, noblock); }
/* Sleeps until @cond: 0, -EAGAIN (the deadline), -ERESTARTSYS or, with a time limit as socket(7) says, -EINTR. */
#define sk_wait_event(q, cond, deadline) ({                                                        \
	long sw_r = wait_event_deadline((q), (cond), TASK_INTERRUPTIBLE, (deadline));              \
	sw_r == -ETIME ? -EAGAIN : sw_r == -ERESTARTSYS && (deadline) != KTIME_MAX ? -EINTR : sw_r; })
static inline int sock_rcvlowat(const struct sock *sk, bool waitall, int size)
{
	int v = waitall ? size : min(sk->sk_rcvlowat, size);

	return v ? v : 1;
}
static inline void sk_wake(struct sock *sk, u32 key)
{
	if (sk->sk_wq)
		wake_up_poll(sk->sk_wq, key);
}
static inline void sk_wake_all(struct sock *sk, u32 key)
{
	if (sk->sk_wq)
		__wake_up(sk->sk_wq, 0, key);
}

/* A buffer of @size bytes for sending, charged to @sk at Linux's price for @header linear bytes and @size - @header in
 * pages; waits for room. ERR_PTR: sk_err, -EPIPE (shut down), -EAGAIN, -EINTR, -ERESTARTSYS, -ENOBUFS (no memory). */
struct sk_buff *sock_alloc_send_skb(struct sock *sk, size_t header, size_t size, bool noblock);
/* Destructor of a buffer charged by sock_alloc_send_skb. */
void sock_wfree(struct sk_buff *skb);

/* SOL_SOCKET options; values in guest memory. */
int sock_setsockopt(struct socket *sock, int name, const void __user *val, unsigned len);
int sock_getsockopt(struct socket *sock, int name, void __user *val, int __user *len);

/* Zero means for ever, a negative time "do not wait". 0 or -EDOM. */
int sock_set_timeo(u64 *timeo, s64 sec, s64 usec);

#define SYSCTL_WMEM_MAX 212992
#define SYSCTL_RMEM_MAX 212992
#define SYSCTL_WMEM_DEFAULT 212992
#define SYSCTL_RMEM_DEFAULT 212992
#define SYSCTL_OPTMEM_MAX 131072
#define SOCK_MIN_SNDBUF 4608
#define SOCK_MIN_RCVBUF 2304

/* The families' creators. */
int unix_create(struct socket *sock, int protocol);
void unix_init(void);

#endif
