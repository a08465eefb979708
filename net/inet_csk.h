/* Sockets with connections: what struct inet_sock does not have (timers, accept queue, the family's functions), connections
 * that are being made (request sockets) and that are over (TIME-WAIT). */
#ifndef UMK_NET_INET_CSK_H
#define UMK_NET_INET_CSK_H

#include "inet.h"
#include "inet_hash.h"
#include "ktime.h"

struct request_sock;
struct tcp_congestion_ops;
struct tcp_options_received;
struct tcp_fastopen_cookie;

/* ---- connections to be ---- */
struct saved_syn { u32 mac_hdrlen, network_hdrlen, tcp_hdrlen; u8 data[]; };

/* Both families; IPv6 uses sk_v6_daddr and sk_v6_rcv_saddr of sock_common. Its references: the queue's (while it is in
 * the established table) and whoever looks at it. */
struct request_sock {
	struct sock_common;            /* sk_state TCP_NEW_SYN_RECV */
	struct sock *rsk_listener;     /* a reference */
	struct request_sock *dl_next;  /* accept queue */
	struct sock *sk;               /* the finished connection, in the accept queue */
	struct saved_syn *saved_syn;
	struct ktimer rsk_timer;
	u64 timeout;                   /* us, of the present wait */
	u32 rsk_rcv_wnd, rsk_window_clamp, ts_recent;
	u16 mss;
	u8 num_retrans, num_timeout;
	bool syncookie;
	/* inet */
	struct ip_options_rcu *ireq_opt;
	struct ipv6_txoptions *ipv6_opt;
	struct sk_buff *pktopts;
	u32 ir_mark;
	int ir_iif;
	u8 snd_wscale, rcv_wscale;
	bool tstamp_ok, sack_ok, wscale_ok, ecn_ok, acked, no_srccheck;
	/* tcp */
	u64 snt_synack, snt_synack_first; /* us */
	u64 last_oow_ack_time;         /* ms */
	u32 rcv_isn, snt_isn, rcv_nxt, ts_off, snt_tsval_first, snt_tsval_last;
	u8 syn_tos;
	bool tfo_listener;             /* the child exists already (fast open) */
};
#define inet_request_sock request_sock
#define tcp_request_sock request_sock
static inline struct request_sock *inet_rsk(const struct request_sock *req) { return (struct request_sock *)req; }
static inline struct request_sock *tcp_rsk(const struct request_sock *req) { return (struct request_sock *)req; }
static inline struct request_sock *inet_reqsk(const struct sock *sk) { return (struct request_sock *)sk; }

struct fastopen_queue {
	u32 max_qlen, qlen;            /* TCP_FASTOPEN's value; connections that are not acknowledged */
	struct request_sock *rskq_rst_head, *rskq_rst_tail; /* reset ones, counted for a while */
};
struct request_sock_queue {
	u32 qlen, young;               /* request sockets; of them without a retransmission */
	u8 defer_accept;               /* retransmissions to wait for data */
	struct request_sock *head, *tail; /* finished, to be accepted */
	struct fastopen_queue fastopenq;
};

/* ---- the connection ---- */
struct inet_connection_sock_af_ops {
	int (*queue_xmit)(struct sock *sk, struct sk_buff *skb, struct flowi *fl);
	void (*send_check)(struct sock *sk, struct sk_buff *skb);
	int (*rebuild_header)(struct sock *sk);
	void (*sk_rx_dst_set)(struct sock *sk, const struct sk_buff *skb);
	int (*conn_request)(struct sock *sk, struct sk_buff *skb);
	struct sock *(*syn_recv_sock)(const struct sock *sk, struct sk_buff *skb, struct request_sock *req,
		struct dst_entry *dst, struct request_sock *req_unhash, bool *own_req);
	u16 net_header_len, sockaddr_len;
	int (*setsockopt)(struct sock *sk, int level, int name, const void __user *val, unsigned len);
	int (*getsockopt)(struct sock *sk, int level, int name, void __user *val, int __user *len);
	void (*mtu_reduced)(struct sock *sk);
};

enum { ICSK_TIME_RETRANS = 1, ICSK_TIME_DACK, ICSK_TIME_PROBE0, ICSK_TIME_LOSS_PROBE, ICSK_TIME_REO_TIMEOUT };
/* icsk_ack.pending */
#define ICSK_ACK_SCHED 1
#define ICSK_ACK_TIMER 2
#define ICSK_ACK_PUSHED 4
#define ICSK_ACK_PUSHED2 8
#define ICSK_ACK_NOW 16
#define ICSK_ACK_NOMEM 32

struct inet_connection_sock {
	struct inet_sock icsk_inet;                /* first */
	struct inet_bind_bucket *icsk_bind_hash;   /* second: inet_port.c's */
	struct request_sock_queue icsk_accept_queue;
	const struct inet_connection_sock_af_ops *icsk_af_ops;
	const struct tcp_congestion_ops *icsk_ca_ops;
	/* The timers are lazy: moving a deadline further away only changes icsk_timeout or icsk_ack.timeout; the timer that
	 * fires too early is set again. Deadlines are ktime ns. */
	struct ktimer icsk_retransmit_timer, icsk_delack_timer;
	u64 icsk_timeout;
	u32 icsk_rto, icsk_rto_min, icsk_rto_max;  /* us */
	u32 icsk_delack_max;                       /* us */
	u32 icsk_pmtu_cookie;
	u32 icsk_user_timeout;                     /* ms */
	u32 icsk_probes_tstamp;                    /* ms; 0: none */
	u8 icsk_ca_state, icsk_retransmits, icsk_pending, icsk_backoff, icsk_probes_out;
	u8 icsk_syn_retries;                       /* 0: the sysctl's */
	bool icsk_ca_initialized, icsk_ca_setsockopt, icsk_ca_dst_locked;
	u16 icsk_ext_hdr_len;
	struct {
		u8 pending, quick, pingpong, retry;
		u32 ato;                           /* ms */
		u64 timeout;                       /* ns */
		u32 lrcvtime;                      /* ms */
		u16 last_seg_size, rcv_mss;
	} icsk_ack;
	u64 icsk_ca_priv[13];
};
static inline struct inet_connection_sock *inet_csk(const struct sock *sk) { return (struct inet_connection_sock *)sk; }

static inline void inet_csk_schedule_ack(struct sock *sk) { inet_csk(sk)->icsk_ack.pending |= ICSK_ACK_SCHED; }
static inline bool inet_csk_ack_scheduled(const struct sock *sk) { return inet_csk(sk)->icsk_ack.pending & ICSK_ACK_SCHED; }
static inline bool inet_csk_in_pingpong_mode(const struct sock *sk) { return inet_csk(sk)->icsk_ack.pingpong >= 1; }
static inline void inet_csk_enter_pingpong_mode(struct sock *sk) { inet_csk(sk)->icsk_ack.pingpong = 1; }
static inline void inet_csk_exit_pingpong_mode(struct sock *sk) { inet_csk(sk)->icsk_ack.pingpong = 0; }
static inline void inet_csk_inc_pingpong_cnt(struct sock *sk)
{
	if (inet_csk(sk)->icsk_ack.pingpong < 0xff)
		inet_csk(sk)->icsk_ack.pingpong++;
}

/* ---- listeners (tcp_listen.c) ---- */
/* Takes @sk out of the established table: was it there? */
static inline bool inet_ehash_remove(struct sock *sk)
{
	if (hlist_unhashed(&sk->sk_node))
		return false;
	inet_unhash(sk);
	return true;
}
void tcp_listen_init(void);
extern u32 tcp_tw_isn;
void tcp_req_resend(struct sock *sk, struct sk_buff *skb, struct request_sock *req, bool fastopen);
int inet_csk_listen_start(struct sock *sk);
void inet_csk_listen_stop(struct sock *sk);
struct sock *inet_csk_accept(struct sock *sk, int flags, int *err);
static inline bool sk_acceptq_is_full(const struct sock *sk) { return sk->sk_ack_backlog > sk->sk_max_ack_backlog; }
/* More SYNs than the backlog allows? */
static inline bool inet_csk_reqsk_queue_is_full(const struct sock *sk)
{
	return inet_csk(sk)->icsk_accept_queue.qlen > sk->sk_max_ack_backlog;
}
struct request_sock *inet_reqsk_alloc(struct sock *listener, int family);
static inline void reqsk_hold(struct request_sock *req) { req->refs++; }
void reqsk_put(struct request_sock *req);
bool inet_csk_reqsk_queue_drop(struct sock *sk, struct request_sock *req);
void inet_csk_reqsk_queue_drop_and_put(struct sock *sk, struct request_sock *req);
struct sock *inet_csk_reqsk_queue_add(struct sock *sk, struct request_sock *req, struct sock *child);
struct sock *inet_csk_complete_hashdance(struct sock *sk, struct sock *child, struct request_sock *req, bool own_req);
struct sock *inet_csk_clone(const struct sock *sk, const struct request_sock *req);
void inet_csk_destroy_sock(struct sock *sk);
void inet_csk_prepare_forced_close(struct sock *sk);

/* ---- connections that were (tcp_timewait.c) ---- */
/* The last acknowledgement, for as long as old segments may come: what is left of a full socket. References: the tables'
 * (one, as long as the timer runs) and whoever looks at it. */
struct inet_timewait_sock {
	struct sock_common;            /* sk_state TCP_TIME_WAIT */
	struct inet_bind_bucket *tw_tb;
	struct ktimer tw_timer;
	u8 tw_substate;                /* TCP_FIN_WAIT2 or TCP_TIME_WAIT */
	u8 tw_rcv_wscale, tw_tos, tw_hop_limit;
	__be16 tw_sport;
	u32 tw_mark, tw_priority, tw_txhash;
	__be32 tw_flowlabel;
	bool tw_transparent;
	u64 tw_timeout;                /* us */
	u64 tw_inode;
	u32 tw_uid;
	/* tcp */
	u32 tw_rcv_nxt, tw_snd_nxt, tw_rcv_wnd, tw_ts_offset, tw_ts_recent, tw_ts_recent_stamp, tw_tx_delay;
	u64 tw_last_oow_ack_time;      /* ms */
	u32 tw_entry_stamp;            /* s */
};
static inline struct inet_timewait_sock *inet_twsk(const struct sock *sk) { return (struct inet_timewait_sock *)sk; }
static inline struct sock *tw_sk(struct inet_timewait_sock *tw) { return (struct sock *)tw; }
void inet_twsk_put(struct inet_timewait_sock *tw);
void inet_twsk_deschedule_put(struct inet_timewait_sock *tw);
extern u32 tcp_tw_count, tcp_orphan_count;

#endif
