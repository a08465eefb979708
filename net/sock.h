/* struct sock: what a protocol owns of a socket, and what all protocols share: ownership, buffer accounting, waiting,
 * errors, the options of SOL_SOCKET. */
#ifndef UMK_NET_SOCK_H
#define UMK_NET_SOCK_H

#include "net.h"
#include "skbuff.h"
#include "sched.h"
#include "ktime.h"
#include "byteorder.h"
#include "sysctl.h"
#include "dst.h"
#include <linux/in6.h>
#include <linux/filter.h>

/* sk_state: TCP's states, which every family uses as in Linux. */
enum { TCP_ESTABLISHED = 1, TCP_SYN_SENT, TCP_SYN_RECV, TCP_FIN_WAIT1, TCP_FIN_WAIT2, TCP_TIME_WAIT, TCP_CLOSE,
	TCP_CLOSE_WAIT, TCP_LAST_ACK, TCP_LISTEN, TCP_CLOSING, TCP_NEW_SYN_RECV, TCP_BOUND_INACTIVE };
#define TCPF(state) (1u << (state))
/* sk_shutdown */
#define RCV_SHUTDOWN 1
#define SEND_SHUTDOWN 2
#define SHUTDOWN_MASK 3
/* sk_userlocks: what the guest has chosen and the kernel must not change */
#define SOCK_SNDBUF_LOCK 1
#define SOCK_RCVBUF_LOCK 2
#define SOCK_BINDADDR_LOCK 4
#define SOCK_BINDPORT_LOCK 8
#define SOCK_CONNECT_BIND 16
/* sk_reuse */
enum { SK_NO_REUSE, SK_CAN_REUSE, SK_FORCE_REUSE };
/* sk_flags: on/off options and states, by bit */
enum sock_flag { SOCK_DEAD, SOCK_DONE, SOCK_DBG, SOCK_BROADCAST, SOCK_KEEPOPEN, SOCK_URGINLINE, SOCK_LINGER, SOCK_LOCALROUTE,
	SOCK_RCVTSTAMP, SOCK_RCVTSTAMPNS, SOCK_TSTAMP_NEW, SOCK_RXQ_OVFL, SOCK_TIMESTAMPING_RX_SOFTWARE, SOCK_ZEROCOPY,
	SOCK_WIFI_STATUS, SOCK_NOFCS, SOCK_FILTER_LOCKED, SOCK_SELECT_ERR_QUEUE, SOCK_TXTIME, SOCK_XDP, SOCK_RCVMARK,
	SOCK_TIMESTAMP, SOCK_RCVPRIORITY, SOCK_USE_WRITE_QUEUE, SOCK_NOSPACE_FLAG, SOCK_MEMALLOC, SOCK_QUEUE_SHRUNK, SOCK_RCU_FREE };

/* sk_scm_flags: SO_PASSCRED, SO_PASSPIDFD, SO_PASSRIGHTS, SO_PASSSEC */
enum scm_flag { SCM_PASS_CREDS = 1, SCM_PASS_PIDFD = 2, SCM_PASS_RIGHTS = 4, SCM_PASS_SEC = 8 };

struct proto;
struct pid_handle;
struct sk_filter;
struct sock_reuseport;

/* What full sockets, request sockets and TIME-WAIT sockets have in common: the lookup tables hold any of them. */
struct sock_common {
	u16 sk_family;
	u8 sk_state, sk_reuse;
	bool sk_reuseport, sk_ipv6only;
	u16 sk_num;                   /* local port, host order */
	__be16 sk_dport;
	__be32 sk_daddr, sk_rcv_saddr;
	int sk_bound_dev_if;
	u32 sk_hash;                  /* of the established table, or UDP's port hash */
	u32 refs;                     /* the socket, peers, buffers charged to it, whoever sleeps with it */
	struct hlist_node sk_node;      /* established or listening table; UDP: by port; raw: by protocol */
	struct hlist_node sk_bind_node; /* the owners of a bind bucket; UDP: by address and port */
	struct proto *sk_prot;
	struct in6_addr sk_v6_daddr, sk_v6_rcv_saddr;
	u64 sk_cookie;
};

struct sock {
	struct sock_common;
	u16 sk_type, sk_protocol;
	u8 sk_shutdown, sk_userlocks;
	u8 sk_no_check_tx, sk_no_check_rx;
	struct socket *sk_socket;     /* NULL once the file is gone */
	struct wait_queue_head *sk_wq; /* the socket's, NULL with it */
	unsigned long sk_flags;       /* enum sock_flag */

	/* ownership: whoever changes the socket in a call that may sleep holds it; packets wait in the backlog meanwhile */
	bool sk_owned;
	struct wait_queue_head sk_lock_wait;
	struct sk_buff_head sk_backlog;
	u32 sk_backlog_len;           /* bytes, as truesize counts */
	int (*sk_backlog_rcv)(struct sock *sk, struct sk_buff *skb); /* takes over the packet */
	unsigned long sk_tsq_flags;   /* work that timers left for release_cb */

	/* buffers; bytes as skb->truesize counts them */
	struct sk_buff_head sk_receive_queue, sk_write_queue, sk_error_queue;
	int sk_sndbuf, sk_rcvbuf;
	u32 sk_wmem_alloc;            /* sent and not yet freed */
	u32 sk_rmem_alloc;
	u32 sk_omem_alloc;            /* options: filters, memberships */
	u32 sk_wmem_queued;           /* TCP: in the write queue */
	int sk_forward_alloc;         /* TCP, UDP: taken from the protocol's account and not used */
	u32 sk_reserved_mem;
	u32 sk_drops;                 /* packets that did not fit or failed their checksum */
	int sk_rcvlowat;
	int sk_peek_off;              /* SO_PEEK_OFF, -1: off */
	u64 sk_rcvtimeo, sk_sndtimeo; /* ns, KTIME_MAX: for ever */

	int sk_err;                   /* positive errno, reported once */
	int sk_err_soft;              /* a reason for a later timeout */
	u32 sk_ack_backlog, sk_max_ack_backlog;
	u64 sk_lingertime;            /* seconds */
	u32 sk_priority, sk_mark;
	u32 sk_uid;                   /* effective uid of who made it */
	struct dst_entry *sk_dst_cache; /* a reference, or NULL */
	u32 sk_dst_cookie;
	u32 sk_txhash, sk_rxhash;
	int sk_incoming_cpu;
	u8 sk_txrehash;
	u32 sk_ll_usec;               /* SO_BUSY_POLL */
	u16 sk_busy_poll_budget;
	bool sk_prefer_busy_poll;
	u64 sk_pacing_rate, sk_max_pacing_rate; /* bytes a second; ~0: unlimited */
	bool sk_pacing_needed;        /* TCP is to pace: SO_MAX_PACING_RATE was set once */
	u16 sk_gso_type, sk_gso_max_segs;
	u32 sk_gso_max_size;
	u32 sk_tsflags;               /* SOF_TIMESTAMPING_* */
	u32 sk_tskey, sk_zckey;       /* the next ids of OPT_ID and MSG_ZEROCOPY */
	int sk_bind_phc;
	u64 sk_stamp;                 /* ns of CLOCK_REALTIME: of the last packet read; KTIME_MAX: none; SIOCGSTAMP */
	u8 sk_clockid, sk_txtime_flags; /* SO_TXTIME */
	struct sk_filter *sk_filter;  /* or NULL */
	struct sock_reuseport *sk_reuseport_cb; /* its group, or NULL */
	u16 sk_tx_queue, sk_rx_queue;
	struct ktimer sk_timer;       /* TCP: keepalive */
	void *sk_user_data;
	u8 sk_scm_flags;              /* enum scm_flag: what receivers are told, SO_PASS* */
	struct ucred sk_peer_cred;    /* pid 0, ids -1: none; pid 0: a host program */
	struct pid_handle *sk_peer_pid; /* a reference, or NULL */
	u32 *sk_peer_groups;          /* kmalloc'd, or NULL */
	u32 sk_peer_ngroups;

	/* what happened, told to whoever waits; never NULL */
	void (*sk_state_change)(struct sock *sk);
	void (*sk_data_ready)(struct sock *sk);
	void (*sk_write_space)(struct sock *sk);
	void (*sk_error_report)(struct sock *sk);
	void (*sk_destruct)(struct sock *sk); /* the last reference: frees what the family hung on */
	struct kmem_cache *sk_cache;          /* whence it came */
};

/* What the buffers of all sockets of a protocol, in both families, take (net/core/sk_mem.c). */
struct proto_mem {
	long allocated;               /* bytes, as truesize counts */
	const long *limit;            /* pages: low, pressure, high */
	const int *rmem_min;          /* bytes that a socket may receive even under pressure */
	bool can_press;               /* there is a state between low and high: TCP */
	u64 pressed_since;            /* ns; 0: no pressure */
};

/* What a transport protocol does with its sockets; the families' proto_ops are a thin layer over it. All members run with
 * the socket owned unless told otherwise. NULL: -EOPNOTSUPP, or nothing to do. */
struct proto {
	const char *name;
	/* Not owned. The file is gone; @timeout is SO_LINGER's, ns (0: do not wait). Gives up the file's reference. */
	void (*close)(struct sock *sk, u64 timeout);
	/* Both owned. @addr has @addr_len bytes, of which the family is there. */
	int (*connect)(struct sock *sk, struct sockaddr *addr, int addr_len);
	int (*disconnect)(struct sock *sk, int flags);
	/* Not owned. A new sock, or NULL with *err. @flags: O_NONBLOCK. May sleep. */
	struct sock *(*accept)(struct sock *sk, int flags, int *err);
	long (*ioctl)(struct sock *sk, unsigned cmd, unsigned long arg); /* not owned; -ENOIOCTLCMD: not mine */
	int (*init)(struct sock *sk);
	void (*destroy)(struct sock *sk);
	void (*shutdown)(struct sock *sk, int how);
	int (*listen)(struct sock *sk, int backlog); /* state is CLOSE or LISTEN */
	/* Not owned. All levels; values in guest memory. */
	int (*setsockopt)(struct sock *sk, int level, int name, const void __user *val, unsigned len);
	int (*getsockopt)(struct sock *sk, int level, int name, void __user *val, int __user *len);
	void (*keepalive)(struct sock *sk, bool on);
	void (*rcvlowat_set)(struct sock *sk); /* sk_rcvlowat has changed. NULL: nothing to do */
	/* Not owned. As in proto_ops. */
	ssize_t (*sendmsg)(struct sock *sk, struct msghdr *msg, size_t size);
	ssize_t (*recvmsg)(struct sock *sk, struct msghdr *msg, size_t size, unsigned flags);
	void (*splice_eof)(struct sock *sk);
	int (*bind)(struct sock *sk, struct sockaddr *addr, int addr_len);  /* not owned; instead of the family's */
	int (*backlog_rcv)(struct sock *sk, struct sk_buff *skb);
	void (*release_cb)(struct sock *sk);  /* the socket is about to be given up: deferred work */
	int (*hash)(struct sock *sk);         /* into the lookup table. 0 or -errno */
	void (*unhash)(struct sock *sk);
	void (*rehash)(struct sock *sk);      /* its local address changed */
	int (*get_port)(struct sock *sk, u16 port); /* 0: any. 0 (sk_num is set) or -EADDRINUSE */
	void (*put_port)(struct sock *sk);
	/* The number of the next byte for SOF_TIMESTAMPING_OPT_ID; @next: of the next to be sent. NULL: datagrams count */
	u32 (*tskey)(const struct sock *sk, bool next);
	bool no_autobind;
	u32 obj_size;
	struct kmem_cache *slab;              /* made by proto_register */
	u32 max_header;                       /* bytes that headers below may need */
	u32 inuse;                            /* sockets, for /proc/net/sockstat and protocols */
	struct proto_mem *mem;                /* NULL: no limit for all of them together */
	const int *sysctl_wmem, *sysctl_rmem; /* min, default, max; NULL: net.core's */
	void *h;                              /* the lookup table */
	struct list_head list;
};
#define ENOIOCTLCMD 515
int proto_register(struct proto *p);
extern struct list_head proto_list;
static inline void sock_prot_inuse_add(struct proto *p, int n) { p->inuse += n; }

static inline bool sock_flag(const struct sock *sk, enum sock_flag f) { return sk->sk_flags >> f & 1; }
static inline void sock_set_flag(struct sock *sk, enum sock_flag f, bool on)
{
	sk->sk_flags = on ? sk->sk_flags | 1ul << f : sk->sk_flags & ~(1ul << f);
}
/* A sock from @cache, zeroed beyond struct sock, with defaults, one reference; joined to @sock unless that is NULL. */
struct sock *sk_alloc(struct kmem_cache *cache, int family, struct socket *sock);
/* The same from @prot's cache, with sk_prot set and counted as in use. */
struct sock *sk_alloc_prot(struct proto *prot, int family, struct socket *sock);
/* A copy of a listener for a new connection, without queues, socket, dst and reference counts of its own; owned if
 * @owned. NULL without memory. */
struct sock *sk_clone(const struct sock *sk);
static inline struct sock *sock_hold(struct sock *sk) { sk->refs++; return sk; }
void sock_put(struct sock *sk);
void sock_graft(struct sock *sk, struct socket *parent);
/* The file is gone: nobody waits on it any more. */
void sock_orphan(struct sock *sk);
/* What every protocol's close ends with: unhashes, orphans, drops queues and dst, and the file's reference. */
void sk_common_release(struct sock *sk);
/* Takes the pending error: 0 or -errno. */
static inline int sock_error(struct sock *sk)
{
	int err = sk->sk_err;

	sk->sk_err = 0;
	return -err;
}

/* ---- ownership ---- */
static inline bool sock_owned_by_user(const struct sock *sk) { return sk->sk_owned; }
void lock_sock(struct sock *sk);       /* may sleep, not to be interrupted */
void release_sock(struct sock *sk);    /* receives what has come in meanwhile */
/* A packet for an owned socket. 0, or -ENOBUFS when @limit bytes are waiting (the packet is still the caller's). */
int sk_add_backlog(struct sock *sk, struct sk_buff *skb, u32 limit);
/* Receives the backlog now: long operations call it between two steps. */
void sk_flush_backlog(struct sock *sk);

/* ---- waiting ---- */
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
/* The same on the socket's own queue by its owner, who gives it up meanwhile. */
#define sk_wait_event_locked(sk, cond, deadline) ({                                                \
	long swl_r;                                                                                \
	release_sock(sk);                                                                          \
	swl_r = sk_wait_event((sk)->sk_wq, (cond), (deadline));                                    \
	lock_sock(sk);                                                                             \
	swl_r; })
static inline int sock_intr_errno(u64 timeo) { return timeo == KTIME_MAX ? -ERESTARTSYS : -EINTR; }
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
/* SIGIO to whoever F_SETOWN and O_ASYNC name; @band is POLL_IN ... . */
void sk_wake_async(struct sock *sk, int band);
/* Urgent data: SIGURG. */
void sk_send_sigurg(struct sock *sk);
static inline void sk_error_report(struct sock *sk) { sk->sk_error_report(sk); }

/* ---- send buffers ---- */
/* A buffer of @size bytes for sending, charged to @sk at Linux's price for @header linear bytes and @size - @header in
 * pages; waits for room. ERR_PTR: sk_err, -EPIPE (shut down), -EAGAIN, -EINTR, -ERESTARTSYS, -ENOBUFS (no memory). */
struct sk_buff *sock_alloc_send_skb(struct sock *sk, size_t header, size_t size, bool noblock);
/* Charges @skb (its truesize) to @sk's send buffer. */
void skb_set_owner_w(struct sk_buff *skb, struct sock *sk);
void skb_set_owner_free(struct sk_buff *skb, struct sock *sk); /* charges nothing: it is only known whose it is */
static inline void skb_set_owner_w_maybe(struct sk_buff *skb, struct sock *sk)
{
	if (sk)
		skb_set_owner_w(skb, sk);
}
/* Destructor of such a buffer. */
void sock_wfree(struct sk_buff *skb);
/* A buffer of @size that @force takes whatever the limit; NULL when there is no room or memory. */
struct sk_buff *sock_wmalloc(struct sock *sk, size_t size, bool force);
static inline bool sock_writeable(const struct sock *sk) { return sk->sk_wmem_alloc < (u32)sk->sk_sndbuf >> 1; }
static inline int sk_wmem_alloc_get(const struct sock *sk) { return (int)sk->sk_wmem_alloc; }
void *sock_kmalloc(struct sock *sk, size_t size); /* charged to optmem: NULL when that is used up */
void sock_kfree(struct sock *sk, void *p, size_t size);

/* ---- memory of a protocol (sk_mem.c); only for sockets whose protocol counts it ---- */
/* May the socket have @size more bytes, to send or to receive? Nothing is charged yet. */
bool sk_mem_schedule(struct sock *sk, u32 size, bool send);
static inline void sk_mem_charge(struct sock *sk, int bytes) { sk->sk_prot->mem->allocated += bytes; }
/* skb_set_owner_r() that charges the protocol, too. */
void sk_mem_set_owner_r(struct sk_buff *skb, struct sock *sk);
void proto_mem_press(struct proto_mem *m);
static inline long proto_mem_pages(const struct proto_mem *m) { return m->allocated >> PAGE_SHIFT; }
/* No memory: the send buffer becomes smaller, unless the program chose its size. */
void sk_stream_moderate_sndbuf(struct sock *sk);

/* ---- receive buffers ---- */
void skb_set_owner_r(struct sk_buff *skb, struct sock *sk);
void sock_rfree(struct sk_buff *skb);
/* Filters, charges and queues a packet and tells the reader: 0, -ENOMEM (the receive buffer is full; counted in
 * sk_drops), -EPERM (the filter). On an error the packet is still the caller's. */
int sock_queue_rcv_skb(struct sock *sk, struct sk_buff *skb);
/* The attached filter: 0 (the packet may have been cut) or -EPERM. */
int sk_filter_trim_cap(struct sock *sk, struct sk_buff *skb, unsigned cap);
static inline int sk_filter(struct sock *sk, struct sk_buff *skb)
{
	return sk->sk_filter ? sk_filter_trim_cap(sk, skb, 1) : 0;
}
static inline u64 skb_get_ktime(const struct sk_buff *skb) { return skb->tstamp; }

/* ---- datagrams (net/core/datagram.c) ---- */
/* The next datagram, *off bytes into it as SO_PEEK_OFF says: off the queue, or referenced when @flags peek. Waits. ERR_PTR
 * never: NULL and *err. */
struct sk_buff *skb_recv_datagram(struct sock *sk, unsigned flags, int *off, int *err);
/* A peeked datagram is bad: takes it off the queue, if it is there, and drops the reader's reference. */
int skb_kill_datagram(struct sock *sk, struct sk_buff *skb, unsigned flags);
struct file;
struct poll_table;
u32 datagram_poll(struct file *file, struct socket *sock, struct poll_table *pt);
int sk_set_peek_off(struct sock *sk, int val);
static inline void sk_peek_offset_fwd(struct sock *sk, int n)
{
	if (sk->sk_peek_off >= 0)
		sk->sk_peek_off += n;
}
static inline void sk_peek_offset_bwd(struct sock *sk, int n)
{
	if (sk->sk_peek_off >= 0)
		sk->sk_peek_off = max(sk->sk_peek_off - n, 0);
}
static inline int sk_peek_offset(const struct sock *sk, unsigned flags)
{
	return flags & MSG_PEEK && sk->sk_peek_off > 0 ? sk->sk_peek_off : 0;
}

/* ---- control messages of SOL_SOCKET (net/core/timestamp.c) ---- */
struct sockcm_cookie {
	u64 transmit_time;
	u32 mark, tsflags, priority;
	u32 ts_opt_id;
	bool has_ts_opt_id;
};
static inline void sockcm_init(struct sockcm_cookie *c, const struct sock *sk)
{
	*c = (struct sockcm_cookie){ .mark = sk->sk_mark, .tsflags = sk->sk_tsflags, .priority = sk->sk_priority };
}
bool sock_may_set_priority(int val); /* SO_PRIORITY: may the current task? */
int sock_cmsg_send(struct sock *sk, const struct cmsghdr *cmsg, struct sockcm_cookie *c); /* one: 0 or -EINVAL, -EPERM */
/* What the receiver of @skb asked for: timestamps, drops, mark. */
void sock_recv_cmsgs(struct msghdr *msg, struct sock *sk, struct sk_buff *skb);
/* The stamps alone: of a stream, whose bytes may come from many packets. */
void sock_recv_timestamp(struct msghdr *msg, struct sock *sk, struct sk_buff *skb);
/* Notes at which points of its way out @skb is to be stamped. */
void sock_tx_timestamp(struct sock *sk, const struct sockcm_cookie *c, u8 *tx_flags, u32 *tskey);
/* Stamps @skb for its sender at one of those points (SCM_TSTAMP_*), if asked. */
void __skb_tstamp_tx(struct sk_buff *skb, struct sock *sk, int type);
static inline void skb_tx_timestamp(struct sk_buff *skb)
{
	if (skb->tx_flags & SKBTX_SW_TSTAMP)
		__skb_tstamp_tx(skb, skb->sk, 0);
}
bool sock_stamps_packets(const struct sock *sk); /* SIOCGSTAMP, SO_TIMESTAMP or SO_TIMESTAMPING has asked that packets be stamped */
void net_enable_timestamp(struct sock *sk);
void net_disable_timestamp(struct sock *sk);
extern u32 net_timestamps_wanted;
static inline void net_timestamp_set(struct sk_buff *skb)
{
	if (net_timestamps_wanted && !skb->tstamp)
		skb->tstamp = ktime_get_real();
}
int sock_set_timestamping(struct sock *sk, int name, u32 flags, int bind_phc);
long sock_gettstamp(struct socket *sock, void __user *arg, bool timeval, bool time32);

/* ---- the error queue (net/core/errqueue.c) ---- */
/* Puts @skb, whose cb is a struct sock_exterr_skb, on the error queue: 0 or -ENOMEM (receive buffer full). */
int sock_queue_err_skb(struct sock *sk, struct sk_buff *skb);
struct sk_buff *sock_dequeue_err_skb(struct sock *sk);

/* MSG_ZEROCOPY: who is told when the buffers of a call are free. */
struct ubuf_info {
	u32 refs;
	bool zerocopy;            /* nothing was copied: the notification says so */
	u32 id, len;              /* the first call's number, and how many calls */
	u32 bytelen;
	struct sock *sk;          /* a reference */
	struct sk_buff *skb;      /* the notification, made beforehand; charged to optmem */
};
/* A notifier for the next call's @size bytes, which may be @uarg itself when that is the socket's last. NULL: no memory
 * or optmem used up. */
struct ubuf_info *msg_zerocopy_realloc(struct sock *sk, size_t size, struct ubuf_info *uarg);
void msg_zerocopy_put(struct ubuf_info *uarg);           /* the last reference notifies */
void msg_zerocopy_put_abort(struct ubuf_info *uarg, bool have_ref); /* the call failed: as if it had not been */
void skb_zcopy_set(struct sk_buff *skb, struct ubuf_info *uarg); /* takes a reference for the buffer, once */

/* The sender's memory is not referred to any more, unless a clone (for a retransmission) still is under way. */
void skb_zcopy_clear(struct sk_buff *skb);

/* ---- routes ---- */
static inline void sk_dst_reset(struct sock *sk)
{
	struct dst_entry *dst = sk->sk_dst_cache;

	sk->sk_dst_cache = NULL;
	dst_release(dst);
}
static inline void sk_dst_set(struct sock *sk, struct dst_entry *dst) /* takes the reference */
{
	struct dst_entry *old = sk->sk_dst_cache;

	sk->sk_dst_cache = dst;
	dst_release(old);
}
/* The cached route if it still holds, without a reference; NULL otherwise. */
static inline struct dst_entry *sk_dst_check(struct sock *sk)
{
	struct dst_entry *dst = sk->sk_dst_cache;

	if (dst && (dst->obsolete || (dst->expires != KTIME_MAX && ktime_get() >= dst->expires))) {
		sk_dst_reset(sk);
		return NULL;
	}
	return dst;
}
static inline struct dst_entry *sk_dst_get(struct sock *sk)
{
	struct dst_entry *dst = sk_dst_check(sk);

	return dst ? dst_hold(dst) : NULL;
}

/* ---- options ---- */
/* SOL_SOCKET options; values in guest memory. */
int sock_setsockopt(struct socket *sock, int name, const void __user *val, unsigned len);
int sock_getsockopt(struct socket *sock, int name, void __user *val, int __user *len);
/* Zero means for ever, a negative time "do not wait". 0 or -EDOM. */
int sock_set_timeo(u64 *timeo, s64 sec, s64 usec);
u64 sock_gen_cookie(struct sock *sk);
void sk_get_meminfo(const struct sock *sk, u32 *mem);    /* SK_MEMINFO_VARS numbers */
/* The proto_ops members of families that have a struct proto. */
int sock_common_setsockopt(struct socket *sock, int level, int name, const void __user *val, unsigned len);
int sock_common_getsockopt(struct socket *sock, int level, int name, void __user *val, int __user *len);

/* ---- filters (net/core/filter.c) ---- */
struct sk_filter {
	u32 refs;
	u16 len;                      /* instructions */
	struct sock_filter insns[];
};
/* Attaches the classic BPF program at @uprog (struct sock_fprog). 0, -EINVAL, -EFAULT, -ENOMEM, -EPERM (locked). */
int sk_attach_filter(struct sock *sk, const struct sock_fprog *fprog);
int sk_detach_filter(struct sock *sk);  /* -ENOENT, -EPERM */
int sk_get_filter(struct sock *sk, void __user *optval, unsigned len); /* instructions */
/* A checked program from guest memory; ERR_PTR. */
struct sk_filter *bpf_prog_create_from_user(const struct sock_fprog *fprog);
static inline struct sk_filter *sk_filter_get(struct sk_filter *f) { if (f) f->refs++; return f; }
void sk_filter_put(struct sk_filter *f);
/* Bytes to keep of the packet; 0: drop it. */
u32 bpf_prog_run(const struct sk_filter *prog, struct sk_buff *skb);
int bpf_check_classic(const struct sock_filter *insns, unsigned count); /* 0 or -EINVAL */

/* ---- SO_REUSEPORT groups (net/core/sock_reuseport.c) ---- */
struct sock_reuseport {
	u16 max, num;                 /* members */
	bool bind_inany, has_conns;
	struct sk_filter *prog;       /* SO_ATTACH_REUSEPORT_CBPF */
	struct sock **socks;
};
int reuseport_alloc(struct sock *sk, bool bind_inany);                          /* 0 or -ENOMEM */
int reuseport_add_sock(struct sock *sk, struct sock *other, bool bind_inany);   /* joins @other's group */
void reuseport_detach_sock(struct sock *sk);
/* The member for @hash or by the group's program, which sees @skb from @hdr_len bytes into its data; NULL: no group. */
struct sock *reuseport_select_sock(struct sock *sk, u32 hash, struct sk_buff *skb, int hdr_len);
int reuseport_attach_prog(struct sock *sk, struct sk_filter *prog);             /* takes over the program */
int reuseport_detach_prog(struct sock *sk);
static inline bool sk_reuseport_match_uid(const struct sock *a, const struct sock *b) { return a->sk_uid == b->sk_uid; }

#define SOCK_MIN_SNDBUF 4608
#define SOCK_MIN_RCVBUF 2304

/* The families' creators. */
int unix_create(struct socket *sock, int protocol);
void unix_init(void);
int inet_create(struct socket *sock, int protocol);
int inet6_create(struct socket *sock, int protocol);
void inet_init(void);
void inet_exit(void);
void inet6_init(void);
void inet6_exit(void);
int netlink_create(struct socket *sock, int protocol);
void netlink_init(void);

#endif
