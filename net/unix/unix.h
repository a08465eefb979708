/* AF_UNIX inside: shared by af_unix.c (addresses, connections), stream.c, dgram.c and garbage.c. */
#ifndef UMK_NET_UNIX_H
#define UMK_NET_UNIX_H

#include "../sock.h"
#include "../scm.h"

struct inode;
struct unix_host;
/* A name: shared by a listener and the sockets accepted from it. */
struct unix_address {
	u32 refs;
	int len;                  /* bytes of name in use */
	struct sockaddr_un name;
};
struct unix_sock {
	struct sock sk;           /* first */
	struct unix_address *addr; /* reference, or NULL */
	struct inode *inode;      /* bound to a path: reference held, or NULL */
	struct list_head bind_node; /* the table of bound names, or empty */
	struct sock *peer;        /* reference, or NULL. A connected pair refers to each other */
	struct sock *listener;    /* not yet accepted: whose queue it is in (no reference) */
	struct wait_queue_head peer_wait; /* senders that wait for room in this socket's queue */
	struct wait_entry peer_wake;      /* while polled for writing and the peer's queue is full: on peer->peer_wait */
	bool reading;             /* stream: a reader is copying; others wait on read_wait */
	bool tell_inq;            /* stream: SO_INQ */
	u32 inq_len;              /* stream: bytes in the queue, what SIOCINQ tells */
	struct unix_host *host;   /* owned: its socket on the host (hostsock.c), or NULL */
	struct sk_buff *oob_skb;  /* stream: the urgent byte, in the queue, until it is taken or passed over */
	struct wait_queue_head read_wait;
	struct list_head all_node;
	u32 inflight;             /* references to its file that lie in receive queues */
	bool gc_candidate;        /* garbage.c's */
	u32 gc_refs;
	struct list_head gc_node;
};
static inline struct unix_sock *unix_sk(const struct sock *sk) { return (struct unix_sock *)sk; }
static inline struct sock *unix_peer(const struct sock *sk) { return unix_sk(sk)->peer; }

/* What skb->cb holds. */
struct unix_skb_cb {
	struct ucred creds;       /* pid 0: the sender gave none */
	struct pid_handle *pid;   /* of creds.pid: a reference, or NULL */
	struct scm_fp_list *fp;   /* owned */
	u32 consumed;             /* stream: bytes read so far */
};
#define UNIXCB(skb) ((struct unix_skb_cb *)(skb)->cb)
BUILD_BUG_ON(sizeof(struct unix_skb_cb) > sizeof(((struct sk_buff *)0)->cb));

extern const struct proto_ops unix_stream_ops, unix_dgram_ops, unix_seqpacket_ops, unix_host_ops;

/* af_unix.c */
struct sk_buff *unix_alloc_skb(struct sock *sk, size_t header, size_t size, bool noblock);
/* Moves what the sender attached onto @skb; descriptors count as in flight. 0 or -ETOOMANYREFS (then @scm keeps them). */
int unix_attach_scm(struct scm_cookie *scm, struct sk_buff *skb, bool with_fds);
/* Takes them back off. */
void unix_detach_fds(struct scm_cookie *scm, struct sk_buff *skb);
/* Adds the sender's credentials when it gave none and either side asks for them. */
void unix_maybe_add_creds(struct sk_buff *skb, const struct sock *sk, const struct sock *other);
/* What the receiver of @skb is to be told of its sender; @scm holds nothing yet. */
void unix_skb_to_scm(struct scm_cookie *scm, const struct sk_buff *skb);
/* Does @sk ask for the sender's credentials or pidfd? */
static inline bool unix_may_passcred(const struct sock *sk)
{
	return sk->sk_scm_flags & (SCM_PASS_CREDS | SCM_PASS_PIDFD);
}
/* Of a stream's piece: what has not been read. An urgent byte that was taken stays as a piece of 0 bytes. */
static inline u32 unix_skb_len(const struct sk_buff *skb)
{
	return skb->len - UNIXCB(skb)->consumed;
}
/* The name of @sk into msg->msg_name. */
void unix_copy_addr(struct msghdr *msg, const struct sock *sk);
struct sock *unix_create1(struct socket *sock, int type); /* NULL: no memory */
/* Gives @sk, which has none, a name that is bound nowhere. */
void unix_set_addr(struct sock *sk, const struct sockaddr_un *name, int len);
void unix_share_addr(struct sock *to, const struct sock *from);
/* The path in @sunaddr, NUL-ended, into @path (sizeof(struct sockaddr_un) bytes); the length of the name with its NUL. */
int unix_path(char *path, const struct sockaddr_un *sunaddr, int len);
int unix_validate_addr(const struct sockaddr_un *sunaddr, int len);
/* The socket that @sunaddr names, with a reference. ERR_PTR: -ECONNREFUSED, -EPROTOTYPE, and what path lookup says. */
struct sock *unix_find_other(const struct sockaddr_un *sunaddr, int len, int type);
int unix_autobind(struct sock *sk);
bool unix_writable(const struct sock *sk);
static inline bool unix_recvq_full(const struct sock *sk)
{
	return skb_queue_len(&sk->sk_receive_queue) > sk->sk_max_ack_backlog;
}
/* The peer of @sk in a reference, forgotten by @sk. */
struct sock *unix_take_peer(struct sock *sk);
void unix_release_sock(struct sock *sk, bool embryo);
void unix_release(struct socket *sock);
void unix_flush(struct socket *sock);
int unix_bind(struct socket *sock, struct sockaddr *addr, int len);
int unix_getname(struct socket *sock, struct sockaddr *addr, int peer);
int unix_socketpair(struct socket *a, struct socket *b);
int unix_listen(struct socket *sock, int backlog);
int unix_accept(struct socket *sock, struct socket *newsock, int flags);
int unix_stream_connect(struct socket *sock, struct sockaddr *addr, int len, int flags);
int unix_shutdown(struct socket *sock, int how);
long unix_ioctl(struct socket *sock, unsigned cmd, unsigned long arg);
int unix_set_peek_off(struct sock *sk, int val);
/* stream.c: is the next byte to read the urgent one, or was it? */
bool unix_at_mark(struct sock *sk);

/* dgram.c */
void unix_dgram_peer_wake_disconnect(struct sock *sk);

/* hostsock.c: a socket that host programs know. Functions on a socket without one do nothing. */
int unix_host_bind(void *ctx, int dirfd, const char *dirpath, const char *name, u32 mode);
int unix_host_connect(struct socket *sock, const struct sockaddr_un *sunaddr, int len, int flags);
bool unix_host_connected(const struct sock *sk);
void unix_host_disconnect(struct sock *sk);
int unix_host_listen(struct sock *sk, int backlog);
void unix_host_shutdown(struct sock *sk, int how);
int unix_host_peername(const struct sock *sk, struct sockaddr_un *name); /* its length, -ENOTCONN */
/* There is room in @sk's queue: takes what waits at its gate. */
void unix_host_refill(struct sock *sk);
long unix_host_send_datagram(struct sock *sk, struct sk_buff *skb, const struct sockaddr_un *sunaddr, int len, u64 deadline);
bool unix_host_writable(struct sock *sk);
void unix_host_close(struct sock *sk);

/* garbage.c */
extern struct list_head unix_sockets;  /* every unix_sock, by all_node */
extern u32 unix_tot_inflight;            /* references to such sockets that are in flight */
int unix_inflight_add(struct scm_fp_list *fpl);  /* 0 or -ETOOMANYREFS */
void unix_inflight_remove(struct scm_fp_list *fpl);
/* Frees sockets that only messages in their own circle refer to. One reference to @closing, if any, does not count. */
void unix_gc(const struct file *closing);

#endif
