/* TCP: the state of a connection, and what the files net/ipv4/tcp*.c give each other. Behaviour is that of Linux 6.12; the
 * names are Linux's, so that what is known about its TCP helps in reading this one.
 *
 * Units, unless a field says otherwise: sequence numbers in host order, windows in bytes, cwnd and the counters of the
 * scoreboard in segments of mss_cache bytes, RTTs and timeouts in us, "mstamp" in us of ktime_get(), "stamp" in ms. */
#ifndef UMK_NET_TCP_H
#define UMK_NET_TCP_H

#include "inet_csk.h"
#include "mib.h"
#include "treap.h"
#include "siphash.h"
#include "ip.h"
#include <linux/rtnetlink.h>
#include <linux/tcp.h>

/* ---- constants of the protocol and of Linux ---- */
#define MAX_TCP_WINDOW 32767u
#define MAX_TCP_OPTION_SPACE 40
#define TCP_MIN_SND_MSS 48
#define TCP_MIN_MSS 88u
#define TCP_BASE_MSS 1024
#define TCP_MIN_GSO_SIZE (TCP_MIN_SND_MSS - MAX_TCP_OPTION_SPACE)
#define TCP_MAX_WSCALE 14u
#define TCP_FASTRETRANS_THRESH 3
#define TCP_MAX_QUICKACKS 16u
#define TCP_MAX_URG 0x4000000u
#define TCP_INIT_CWND 10
#define TCP_INFINITE_SSTHRESH 0x7fffffff
#define TCP_NUM_SACKS 4
#define TCP_RACK_RECOVERY_THRESH 16
#define TCP_GSO_PAYLOAD_MAX 65215u    /* of one packet to a device that segments: Linux's 65536 - 1 - MAX_TCP_HEADER */
#define TCP_SKB_OVERHEAD 832          /* what Linux charges for a buffer beside its payload */

#define TCP_RTO_MAX (120u * 1000000)
#define TCP_RTO_MIN 200000u
#define TCP_TIMEOUT_INIT 1000000u     /* RFC 6298: before there is a sample */
#define TCP_TIMEOUT_FALLBACK 3000000u /* when SYN or SYN-ACK had to be repeated and nothing could be measured */
#define TCP_TIMEOUT_MIN_US 2000u
#define TCP_DELACK_MAX 200u           /* ms */
#define TCP_DELACK_MIN 40u
#define TCP_ATO_MIN 40u
#define TCP_RESOURCE_PROBE_INTERVAL 500000u
#define TCP_TIMEWAIT_LEN 60000000u
#define TCP_PAWS_WRAP (2147483647 / 1000u) /* s */
#define TCP_PAWS_MSL 60               /* s */
#define TCP_PAWS_WINDOW 1

/* option kinds and sizes */
#define TCPOPT_NOP 1
#define TCPOPT_EOL 0
#define TCPOPT_MSS 2
#define TCPOPT_WINDOW 3
#define TCPOPT_SACK_PERM 4
#define TCPOPT_SACK 5
#define TCPOPT_TIMESTAMP 8
#define TCPOPT_MD5SIG 19
#define TCPOPT_AO 29
#define TCPOPT_FASTOPEN 34
#define TCPOPT_EXP 254
#define TCPOPT_FASTOPEN_MAGIC 0xf989
#define TCPOLEN_MSS 4
#define TCPOLEN_WINDOW 3
#define TCPOLEN_SACK_PERM 2
#define TCPOLEN_TIMESTAMP 10
#define TCPOLEN_TSTAMP_ALIGNED 12
#define TCPOLEN_MSS_ALIGNED 4
#define TCPOLEN_WSCALE_ALIGNED 4
#define TCPOLEN_SACKPERM_ALIGNED 4
#define TCPOLEN_SACK_BASE 2
#define TCPOLEN_SACK_BASE_ALIGNED 4
#define TCPOLEN_SACK_PERBLOCK 8
#define TCPOLEN_FASTOPEN_BASE 2
#define TCP_FASTOPEN_COOKIE_MIN 4
#define TCP_FASTOPEN_COOKIE_MAX 16
#define TCP_FASTOPEN_COOKIE_SIZE 8

/* bits of the header's flag byte */
#define TCPHDR_FIN 0x01
#define TCPHDR_SYN 0x02
#define TCPHDR_RST 0x04
#define TCPHDR_PSH 0x08
#define TCPHDR_ACK 0x10
#define TCPHDR_URG 0x20
#define TCPHDR_ECE 0x40
#define TCPHDR_CWR 0x80
#define TCPHDR_SYN_ECN (TCPHDR_SYN | TCPHDR_ECE | TCPHDR_CWR)

static inline bool before(u32 a, u32 b) { return (s32)(a - b) < 0; }
static inline bool after(u32 a, u32 b) { return before(b, a); }
/* a <= x <= b in sequence space */
static inline bool between(u32 x, u32 a, u32 b) { return b - a >= x - a; }

/* ---- what a buffer of TCP carries in cb ---- */
struct tcp_skb_cb {
	u32 seq, end_seq;       /* [seq, end_seq), SYN and FIN counted */
	u32 ack_seq;            /* received: the acknowledgement */
	u16 gso_segs, gso_size; /* sent: segments of mss bytes that it counts for */
	u8 tcp_flags;           /* TCPHDR_* */
	u8 sacked;              /* TCPCB_* */
	u8 ip_dsfield;
	bool eor : 1;           /* nothing may be appended (MSG_EOR, zero copy) */
	bool is_app_limited : 1;
	bool urg : 1;           /* received: the urgent pointer is urg_ptr */
	u16 urg_ptr;
	u16 window;             /* received: as in the header */
	/* Sent: the state of delivery when it was sent (tcp_rate.c). */
	u32 delivered, delivered_ce;
	u64 first_tx_mstamp, delivered_mstamp;
};
#define TCP_SKB_CB(skb) ((struct tcp_skb_cb *)(skb)->cb)
#define TCPCB_SACKED_ACKED 0x01
#define TCPCB_SACKED_RETRANS 0x02
#define TCPCB_LOST 0x04
#define TCPCB_TAGBITS 0x07
#define TCPCB_EVER_RETRANS 0x80
#define TCPCB_RETRANS (TCPCB_SACKED_RETRANS | TCPCB_EVER_RETRANS)
static inline u32 tcp_skb_pcount(const struct sk_buff *skb) { return TCP_SKB_CB(skb)->gso_segs; }
static inline u32 tcp_skb_mss(const struct sk_buff *skb) { return TCP_SKB_CB(skb)->gso_size; }

struct tcp_sack_block { u32 start_seq, end_seq; };
struct tcp_fastopen_cookie { u8 val[TCP_FASTOPEN_COOKIE_MAX]; s8 len; bool exp; };

/* What the options of a header said, and what the two ends agreed on. */
struct tcp_options_received {
	u32 ts_recent, ts_recent_stamp; /* TSval to echo, and when it came (s) */
	u32 rcv_tsval, rcv_tsecr;
	u16 saw_tstamp : 1, tstamp_ok : 1, dsack : 1, wscale_ok : 1, sack_ok : 3, saw_unknown : 1;
	u8 snd_wscale, rcv_wscale;
	u8 num_sacks;                  /* blocks that the next header carries */
	u16 user_mss, mss_clamp;
};
#define TCP_SACK_SEEN 1
#define TCP_DSACK_SEEN 4

/* ---- congestion control ---- */
enum tcp_ca_event { CA_EVENT_TX_START, CA_EVENT_CWND_RESTART, CA_EVENT_COMPLETE_CWR, CA_EVENT_LOSS, CA_EVENT_ECN_NO_CE,
	CA_EVENT_ECN_IS_CE };
struct ack_sample { u32 pkts_acked; s32 rtt_us; u32 in_flight; };
/* A sample of delivery, made at an acknowledgement (tcp_rate.c). */
struct rate_sample {
	u64 prior_mstamp;
	u32 prior_delivered, prior_delivered_ce;
	s32 delivered, delivered_ce;
	long interval_us, snd_interval_us, rcv_interval_us;
	long rtt_us;
	int losses;
	u32 acked_sacked, prior_in_flight, last_end_seq;
	bool is_app_limited, is_retrans, is_ack_delayed;
};
/* NULL members are skipped but ssthresh, cong_avoid and undo_cwnd, which every algorithm has. */
struct tcp_congestion_ops {
	const char *name;
	void (*init)(struct sock *sk);
	u32 (*ssthresh)(struct sock *sk);                       /* after a loss */
	void (*cong_avoid)(struct sock *sk, u32 ack, u32 acked); /* the window may grow */
	void (*set_state)(struct sock *sk, u8 new_state);
	void (*cwnd_event)(struct sock *sk, enum tcp_ca_event ev);
	void (*pkts_acked)(struct sock *sk, const struct ack_sample *sample);
	u32 (*undo_cwnd)(struct sock *sk);                      /* the loss was none */
};
extern const struct tcp_congestion_ops tcp_reno, tcp_cubic;

/* A minimum over a window of time, as a list of the three best samples (tcp_rate.c). */
struct minmax { struct { u32 t, v; } s[3]; };
u32 minmax_running_min(struct minmax *m, u32 win, u32 t, u32 meas);
static inline u32 minmax_get(const struct minmax *m) { return m->s[0].v; }

/* The search for the path's MTU (tcp_mtu_probe.c): lengths of packets. */
struct tcp_mtu_probe {
	u32 search_low, search_high; /* passes; may pass */
	u32 probe_size;              /* under way; 0: none */
	u32 seq_start, seq_end;      /* the probe's */
	u32 searched_at;             /* s */
	bool enabled;
};

/* ---- a connection ---- */
struct tcp_sock {
	struct inet_connection_sock inet_conn; /* first */

	/* sequence space */
	u32 rcv_nxt, copied_seq, rcv_wup;    /* expected; read by the program; rcv_nxt at the last window update */
	u32 snd_una, snd_nxt, write_seq;     /* oldest unacknowledged; next to send; end of what is queued */
	u32 pushed_seq;                      /* last PSH */
	u32 zc_frags;                        /* MSG_ZEROCOPY: pieces in the last buffer of the write queue, and where the guest has */
	u64 zc_end;                          /* what follows them */
	u32 snd_sml;                         /* end of the last small segment (Minshall's Nagle) */
	u32 snd_up, urg_seq;                 /* urgent pointers, out and in */
	u16 urg_data;                        /* TCP_URG_* | the byte */

	/* windows */
	u32 snd_wnd, snd_wl1, max_window;
	u32 rcv_wnd, window_clamp, rcv_ssthresh;
	u32 pred_flags;                      /* word 3 of the header of the expected segment, network order; 0: slow path */
	u8 scaling_ratio;                    /* of 256: payload in a buffer's truesize */
	u8 ecn_flags;
	u8 nonagle;                          /* TCP_NAGLE_* */
	u8 repair : 1, thin_lto : 1, recvmsg_inq : 1, fastopen_connect : 1, fastopen_no_cookie : 1, syn_fastopen : 1,
		syn_fastopen_exp : 1, syn_data : 1;
	u8 syn_data_acked : 1, is_sack_reneg : 1, frto : 1, is_cwnd_limited : 1, tlp_retrans : 1, save_syn : 2,
		rate_app_limited : 1;
	u8 rcvq_space_copied_init : 1, defer_connect : 1, compressed_ack_pending : 1, fastopen_client_fail : 2;
	u16 tcp_header_len;                  /* with the options of every segment */
	u16 advmss, mss_cache;
	u16 gso_segs_max;
	struct tcp_mtu_probe mtup;
	u16 dup_ack_counter;
	u8 compressed_ack;
	u8 keepalive_probes, write_pending;  /* write_pending: writers that wait for the connection */
	u32 mtu_info;                        /* of an ICMP error that waits for the owner */
	u32 keepalive_time, keepalive_intvl; /* s; 0: the sysctl's */
	s32 linger2;                         /* s; 0: the sysctl's; -1: no FIN_WAIT2 */
	u32 notsent_lowat;
	u32 tsoffset;
	u32 tcp_tx_delay;
	u64 tcp_clock_cache, tcp_mstamp;     /* ns, us: refreshed at the start of each piece of work */
	u64 tcp_wstamp_ns;                   /* ns: when the last packet went; while pacing, when the next one may */
	struct ktimer pacing_timer;
	struct tcp_options_received rx_opt;

	/* congestion control */
	u32 snd_cwnd, snd_ssthresh, snd_cwnd_cnt, snd_cwnd_clamp, snd_cwnd_used, snd_cwnd_stamp;
	u32 prior_cwnd, prior_ssthresh;
	u32 prr_delivered, prr_out;
	u32 cwnd_usage_seq, max_packets_out; /* window's edge and peak use: is the window the limit? */
	u32 high_seq;                        /* snd_nxt when the present state of congestion began */
	u32 ecn_high_seq;
	u32 undo_marker;                     /* snd_una when cwnd was reduced; 0: nothing to undo */
	int undo_retrans;                    /* retransmissions since, less those that a D-SACK told were needless; -1: none */
	u32 tlp_high_seq;                    /* snd_nxt when a tail loss probe went out; 0: none */
	u32 retrans_stamp;                   /* ms: first retransmission of this episode; 0: none */
	u32 total_retrans, reord_seen, dsack_dups;
	u64 bytes_sent, bytes_retrans, bytes_acked, bytes_received;
	u32 segs_in, segs_out, data_segs_in, data_segs_out;
	u32 reordering;                      /* segments */
	u32 total_rto, total_rto_recoveries, total_rto_time, rto_stamp;

	/* the scoreboard */
	u32 packets_out, retrans_out, sacked_out, lost_out;
	u32 lost, delivered, delivered_ce, received_ce, app_limited;
	u64 first_tx_mstamp, delivered_mstamp;
	u32 rate_delivered, rate_interval_us;
	struct sk_buff *retransmit_skb_hint; /* nothing ahead of it needs retransmission; NULL: begin at the head */
	struct sk_buff *highest_sack;        /* just above the highest sacked one; NULL: none above */
	struct treap_root rtx_queue;         /* sent, by seq */
	struct list_head tsorted_sent_queue; /* the same by time of (re)transmission */
	struct tcp_sack_block recv_sack_cache[TCP_NUM_SACKS];

	/* RTT (RFC 6298, as Linux): srtt << 3, mdev << 2 */
	u32 srtt_us, mdev_us, mdev_max_us, rttvar_us, rtt_seq;
	struct minmax rtt_min;

	struct tcp_rack {
		u64 mstamp;                  /* when the most recently delivered segment was sent */
		u32 rtt_us, end_seq, last_delivered;
		u8 reo_wnd_steps;            /* quarters of min_rtt */
		u8 reo_wnd_persist : 5, dsack_seen : 1, advanced : 1;
	} rack;

	/* receiving */
	struct treap_root ooo_queue;         /* beyond rcv_nxt, by seq, without overlaps */
	struct sk_buff *ooo_last_skb;
	u32 ooo_skbs;
	u32 rcv_ooopack;
	struct tcp_sack_block duplicate_sack[1], selective_acks[TCP_NUM_SACKS];
	struct { u32 rtt_us, seq; u64 time; } rcv_rtt_est; /* the receiver's estimate; us << 3 */
	struct { u32 space, seq; u64 time; } rcvq_space;  /* auto-tuning: bytes copied in an RTT */
	u32 rcv_tstamp, lsndtime;            /* ms: last segment received, last data sent */
	u32 rcv_rtt_last_tsecr;
	u64 last_oow_ack_time;               /* ms, 0: never: rate limit of challenge ACKs */
	u32 compressed_ack_rcv_nxt;
	struct ktimer compressed_ack_timer;

	struct tcp_fastopen_request *fastopen_req; /* while a SYN with data waits */
	struct request_sock *fastopen_rsk;   /* passive fast open: until the handshake completes */
	struct siphash_key *fastopen_key;    /* a listener's own keys (two), or NULL */
	u8 fastopen_nr_keys;
	struct saved_syn *saved_syn;         /* SAVE_SYN */
	struct tcp_zerocopy *zerocopy;
	u32 zc_key;                          /* MSG_ZEROCOPY: the next send's number */
	u64 chrono_start; u64 chrono_stat[3]; u8 chrono_type; /* us in busy, rwnd-limited, sndbuf-limited */
};
static inline struct tcp_sock *tcp_sk(const struct sock *sk) { return (struct tcp_sock *)sk; }

/* urg_data */
#define TCP_URG_VALID 0x0100
#define TCP_URG_NOTYET 0x0200
#define TCP_URG_READ 0x0400
/* sk_tsq_flags: what release_cb is to do */
#define TCPF_WRITE_TIMER_DEFERRED 1
#define TCPF_DELACK_TIMER_DEFERRED 2
#define TCPF_MTU_REDUCED_DEFERRED 4
#define TCPF_ACK_DEFERRED 8
#define TCPF_PACED_DEFERRED 16
#define SOCK_NOSPACE SOCK_NOSPACE_FLAG
/* nonagle */
#define TCP_NAGLE_OFF 1
#define TCP_NAGLE_CORK 2
#define TCP_NAGLE_PUSH 4
/* ecn_flags */
#define TCP_ECN_OK 1
#define TCP_ECN_QUEUE_CWR 2
#define TCP_ECN_DEMAND_CWR 4
#define TCP_ECN_SEEN 8

static inline struct request_sock *tcp_fastopen_rsk(const struct sock *sk) { return tcp_sk(sk)->fastopen_rsk; }
/* What Linux 6.12 tells beyond what the headers of older systems know. */
struct tcp_info_612 {
	struct tcp_info base;
	u32 tcpi_rcv_wnd, tcpi_rehash;
	u16 tcpi_total_rto, tcpi_total_rto_recoveries;
	u32 tcpi_total_rto_time;       /* ms */
};
/* Options newer than the headers that this builds with. */
#define TCP_AO_REPAIR_67 42
#define TCP_IS_MPTCP_612 43
#define TCP_RTO_MAX_MS_615 44
#define TCP_RTO_MIN_US_615 45
#define TCP_DELACK_MAX_US_615 46
struct tcp_fastopen_request {
	struct tcp_fastopen_cookie cookie; /* len 0: asks for one; -1: none */
	struct msghdr *data;           /* what rides on the SYN, or NULL */
	size_t size;
	int copied;
};
static inline bool tcp_fastopen_data_waits(const struct sock *sk)
{
	const struct tcp_fastopen_request *fo = tcp_sk(sk)->fastopen_req;

	return fo && (size_t)fo->copied < fo->size;
}

/* ---- time ---- */
static inline u32 tcp_time_ms(void) { return (u32)(ktime_get() / 1000000); }
static inline void tcp_mstamp_refresh(struct tcp_sock *tp)
{
	tp->tcp_clock_cache = ktime_get();
	tp->tcp_mstamp = tp->tcp_clock_cache / 1000;
}
/* ms as of the present piece of work: what tcp_mstamp_refresh() saw. */
static inline u32 tcp_now(const struct tcp_sock *tp) { return (u32)(tp->tcp_mstamp / 1000); }
/* The clock of timestamps: ms. */
static inline u32 tcp_time_ts(const struct tcp_sock *tp) { return (u32)(tp->tcp_mstamp / 1000); }
static inline u32 tcp_clock_ts(void) { return tcp_time_ms(); }
static inline u64 tcp_clock_us(void) { return ktime_get() / 1000; }
static inline u32 tcp_stamp_us_delta(u64 later, u64 earlier) { return (s64)(later - earlier) < 0 ? 0 : (u32)(later - earlier); }
static inline u32 tcp_seconds(void) { return (u32)(ktime_get() / NSEC_PER_SEC); }
static inline u64 tcp_skb_timestamp_us(const struct sk_buff *skb) { return skb->tstamp / 1000; }
u32 tcp_rsk_tsval(const struct request_sock *req);

/* ---- sizes and windows ---- */
/* Is urgent data on its way? */
static inline bool tcp_urg_mode(const struct tcp_sock *tp) { return tp->snd_una != tp->snd_up; }
static inline u32 tcp_wnd_end(const struct tcp_sock *tp) { return tp->snd_una + tp->snd_wnd; }
static inline u32 tcp_receive_window(const struct tcp_sock *tp)
{
	s32 win = (s32)(tp->rcv_wup + tp->rcv_wnd - tp->rcv_nxt);

	return win < 0 ? 0 : (u32)win;
}
static inline int tcp_win_from_space(const struct sock *sk, int space)
{
	return (int)((s64)space * tcp_sk(sk)->scaling_ratio >> 8);
}
static inline int tcp_space_from_win(const struct sock *sk, int win)
{
	u64 v = ((u64)win << 8) / max(tcp_sk(sk)->scaling_ratio, (u8)1);

	return (int)min(v, (u64)0x7fffffff);
}
static inline int tcp_space(const struct sock *sk)
{
	return tcp_win_from_space(sk, sk->sk_rcvbuf - (int)sk->sk_backlog_len - (int)sk->sk_rmem_alloc);
}
static inline int tcp_full_space(const struct sock *sk) { return tcp_win_from_space(sk, sk->sk_rcvbuf); }
static inline u32 tcp_left_out(const struct tcp_sock *tp) { return tp->sacked_out + tp->lost_out; }
static inline u32 tcp_packets_in_flight(const struct tcp_sock *tp)
{
	return tp->packets_out - tcp_left_out(tp) + tp->retrans_out;
}
static inline bool tcp_is_sack(const struct tcp_sock *tp) { return tp->rx_opt.sack_ok; }
static inline bool tcp_is_reno(const struct tcp_sock *tp) { return !tp->rx_opt.sack_ok; }
static inline bool tcp_in_slow_start(const struct tcp_sock *tp) { return tp->snd_cwnd < tp->snd_ssthresh; }
static inline bool tcp_in_initial_slowstart(const struct tcp_sock *tp) { return tp->snd_ssthresh >= TCP_INFINITE_SSTHRESH; }
static inline bool tcp_in_cwnd_reduction(const struct sock *sk)
{
	return 1u << inet_csk(sk)->icsk_ca_state & (1u << TCP_CA_CWR | 1u << TCP_CA_Recovery);
}
static inline u32 tcp_current_ssthresh(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	return tcp_in_cwnd_reduction(sk) ? tp->snd_ssthresh
		: max(tp->snd_ssthresh, (tp->snd_cwnd >> 1) + (tp->snd_cwnd >> 2));
}
/* Is it the congestion window that limits the sender? In slow start, half of it is enough. */
static inline bool tcp_is_cwnd_limited(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	return tp->is_cwnd_limited || (tcp_in_slow_start(tp) && tp->snd_cwnd < 2 * tp->max_packets_out);
}
static inline void tcp_ca_event(struct sock *sk, enum tcp_ca_event ev)
{
	if (inet_csk(sk)->icsk_ca_ops->cwnd_event)
		inet_csk(sk)->icsk_ca_ops->cwnd_event(sk, ev);
}
static inline void tcp_set_ca_state(struct sock *sk, u8 state)
{
	if (inet_csk(sk)->icsk_ca_ops->set_state)
		inet_csk(sk)->icsk_ca_ops->set_state(sk, state);
	inet_csk(sk)->icsk_ca_state = state;
}
static inline void tcp_sack_reset(struct tcp_options_received *rx) { rx->dsack = 0; rx->num_sacks = 0; }
static inline u32 tcp_acceptable_seq(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	/* A window that was taken back: the peer accepts nothing beyond its edge. */
	if (!before(tcp_wnd_end(tp), tp->snd_nxt)
			|| (tp->rx_opt.wscale_ok && tp->snd_nxt - tcp_wnd_end(tp) < 1u << tp->rx_opt.rcv_wscale))
		return tp->snd_nxt;
	return tcp_wnd_end(tp);
}
/* ECN-capable data: ECT(0) in the IP header of what is sent. */
static inline void INET_ECN_xmit(struct sock *sk)
{
	inet_sk(sk)->tos |= 2;
	if (inet6_sk(sk))
		inet6_sk(sk)->tclass |= 2;
}
static inline void INET_ECN_dontxmit(struct sock *sk)
{
	inet_sk(sk)->tos &= (u8)~3;
	if (inet6_sk(sk))
		inet6_sk(sk)->tclass &= (u8)~3;
}
static inline u8 tcp_flag_byte(const struct tcphdr *th) { return ((const u8 *)th)[13]; }

/* ---- memory: bytes of all TCP buffers against net.ipv4.tcp_mem ---- */
extern struct proto tcp_prot, tcpv6_prot;
extern struct proto_mem tcp_memory;
static inline bool tcp_under_memory_pressure(void) { return tcp_memory.pressed_since; }
static inline void sk_wmem_queued_add(struct sock *sk, int bytes)
{
	sk->sk_wmem_queued += (u32)bytes;
	tcp_memory.allocated += bytes;
}
static inline bool sk_stream_memory_free(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 lowat = tp->notsent_lowat ? tp->notsent_lowat : net_sysctl.tcp_notsent_lowat;

	return sk->sk_wmem_queued < (u32)sk->sk_sndbuf && tp->write_seq - tp->snd_nxt < lowat;
}
static inline bool sk_stream_is_writeable(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 lowat = tp->notsent_lowat ? tp->notsent_lowat : net_sysctl.tcp_notsent_lowat;

	return (u32)sk->sk_sndbuf - min((u32)sk->sk_sndbuf, sk->sk_wmem_queued) >= sk->sk_wmem_queued >> 1
		&& (tp->write_seq - tp->snd_nxt) < (lowat == ~0u ? lowat : max(lowat / 2, 1u));
}

/* ---- queues (tcp_queue.c) ---- */
static inline struct sk_buff *treap_skb(struct treap_node *n) { return n ? container_of(n, struct sk_buff, tree) : NULL; }
static inline struct sk_buff *tcp_rtx_queue_head(const struct sock *sk) { return treap_skb(treap_first(&tcp_sk(sk)->rtx_queue)); }
static inline struct sk_buff *tcp_rtx_queue_tail(const struct sock *sk) { return treap_skb(treap_last(&tcp_sk(sk)->rtx_queue)); }
static inline struct sk_buff *tcp_rtx_queue_next(const struct sk_buff *skb) { return treap_skb(treap_next(&skb->tree)); }
static inline struct sk_buff *tcp_rtx_queue_prev(const struct sk_buff *skb) { return treap_skb(treap_prev(&skb->tree)); }
static inline bool tcp_rtx_queue_empty(const struct sock *sk) { return treap_empty(&tcp_sk(sk)->rtx_queue); }
static inline bool tcp_write_queue_empty(const struct sock *sk) { return tcp_sk(sk)->write_seq == tcp_sk(sk)->snd_nxt; }
static inline struct sk_buff *tcp_send_head(const struct sock *sk) { return skb_peek(&sk->sk_write_queue); }
void tcp_rtx_queue_insert(struct sock *sk, struct sk_buff *skb);
void tcp_rtx_queue_unlink_and_free(struct sock *sk, struct sk_buff *skb);
void tcp_wmem_free_skb(struct sock *sk, struct sk_buff *skb);
struct sk_buff *tcp_stream_alloc_skb(struct sock *sk, size_t room, bool force);
struct sk_buff *tcp_skb_grow(struct sock *sk, struct sk_buff *skb, size_t room);
struct sk_buff *tcp_skb_split(struct sk_buff *skb, u32 len);
void tcp_skb_collapse_tstamp(struct sk_buff *dst, const struct sk_buff *src);
void tcp_eat_skb(struct sock *sk, struct sk_buff *dst, struct sk_buff *src);
void tcp_queue_skb(struct sock *sk, struct sk_buff *skb);
void tcp_write_queue_purge(struct sock *sk);
void tcp_init_nondata_skb(struct sk_buff *skb, u32 seq, u8 flags);
void tcp_ooo_purge(struct sock *sk);
u32 tcp_highest_sack_seq(const struct tcp_sock *tp);
void tcp_advance_highest_sack(struct tcp_sock *tp, struct sk_buff *skb);
void tcp_highest_sack_reset(struct sock *sk);

/* ---- options (tcp_options.c) ---- */
struct tcp_out_options {
	u16 options;                   /* OPTION_* */
	u16 mss;                       /* 0: none */
	u8 ws, num_sack_blocks;
	u32 tsval, tsecr;
	struct tcp_fastopen_cookie *fastopen_cookie;
};
#define OPTION_SACK_ADVERTISE 1
#define OPTION_TS 2
#define OPTION_WSCALE 8
#define OPTION_FAST_OPEN_COOKIE 256
/* Bytes of options that a SYN, a SYN-ACK, any other segment gets. */
u32 tcp_syn_options(struct sock *sk, struct tcp_out_options *opts);
u32 tcp_synack_options(struct request_sock *req, u16 mss, struct tcp_out_options *opts, struct tcp_fastopen_cookie *foc);
u32 tcp_established_options(struct sock *sk, bool for_skb, struct tcp_out_options *opts);
void tcp_options_write(struct tcphdr *th, struct tcp_sock *tp, const struct tcp_out_options *opts);
void tcp_parse_options(const struct sk_buff *skb, struct tcp_options_received *rx, bool estab, struct tcp_fastopen_cookie *foc);
bool tcp_fast_parse_options(const struct sk_buff *skb, struct tcp_sock *tp);
bool tcp_parse_aligned_timestamp(struct tcp_sock *tp, const struct tcphdr *th);
static inline struct tcphdr *tcp_hdr(const struct sk_buff *skb) { return (struct tcphdr *)skb_transport_header(skb); }
/* Counts a segment whose header stands before its data. */
static inline void tcp_segs_in(struct tcp_sock *tp, const struct sk_buff *skb)
{
	u32 segs = max((u32)skb->gso_segs, 1u);

	tp->segs_in += segs;
	if (skb->len > tcp_hdr(skb)->doff * 4u)
		tp->data_segs_in += segs;
}

/* ---- congestion control (tcp_cong.c, tcp_cubic.c, tcp_rate.c) ---- */
const struct tcp_congestion_ops *tcp_ca_find(const char *name);
/* How a route names an algorithm: 0 is none. By a key of its own making only. */
u32 tcp_ca_key(const char *name);
const struct tcp_congestion_ops *tcp_ca_by_key(u32 key);
void tcp_ca_dst_init(struct sock *sk, const struct dst_entry *dst); /* as the route wants it, if it does */
void tcp_assign_congestion_control(struct sock *sk);
void tcp_init_congestion_control(struct sock *sk);
int tcp_set_congestion_control(struct sock *sk, const char *name);
int tcp_set_default_congestion_control(const char *name);
u32 tcp_slow_start(struct tcp_sock *tp, u32 acked);
void tcp_cong_avoid_ai(struct tcp_sock *tp, u32 w, u32 acked);
u32 tcp_reno_undo_cwnd(struct sock *sk);
u32 tcp_cubic_root(u64 a);
void tcp_rate_skb_sent(struct sock *sk, struct sk_buff *skb);
void tcp_rate_skb_delivered(struct sock *sk, struct sk_buff *skb, struct rate_sample *rs);
void tcp_rate_gen(struct sock *sk, u32 delivered, u32 lost, bool is_sack_reneg, struct rate_sample *rs);
void tcp_rate_check_app_limited(struct sock *sk);
enum { TCP_CHRONO_UNSPEC, TCP_CHRONO_BUSY, TCP_CHRONO_RWND_LIMITED, TCP_CHRONO_SNDBUF_LIMITED };
void tcp_chrono_start(struct sock *sk, u8 type);
/* The socket is busy from the first byte that waits to the last acknowledgement. */
static inline void tcp_add_write_queue_tail(struct sock *sk, struct sk_buff *skb)
{
	if (skb_queue_empty(&sk->sk_write_queue))
		tcp_chrono_start(sk, TCP_CHRONO_BUSY);
	skb_queue_tail(&sk->sk_write_queue, skb);
}
void tcp_chrono_stop(struct sock *sk, u8 type);

/* ---- loss detection and recovery (tcp_recovery.c, tcp_loss.c, tcp_sack.c) ---- */
void tcp_mark_skb_lost(struct sock *sk, struct sk_buff *skb);
bool tcp_rack_mark_lost(struct sock *sk);
void tcp_rack_advance(struct tcp_sock *tp, u8 sacked, u32 end_seq, u64 xmit_time);
void tcp_rack_reo_timeout(struct sock *sk);
void tcp_rack_update_reo_wnd(struct sock *sk, struct rate_sample *rs);
void tcp_newreno_mark_lost(struct sock *sk, bool snd_una_advanced);
s32 tcp_rack_skb_timeout(struct tcp_sock *tp, struct sk_buff *skb, u32 reo_wnd);
void tcp_simple_retransmit(struct sock *sk);
void tcp_enter_loss(struct sock *sk);
void tcp_enter_cwr(struct sock *sk);
void tcp_enter_recovery(struct sock *sk, bool ece_ack);
void tcp_cwnd_reduction(struct sock *sk, int newly_acked, int newly_lost, int flag);
void tcp_fastretrans_alert(struct sock *sk, u32 prior_snd_una, int num_dupack, int *ack_flag, int *rexmit);
bool tcp_try_undo_recovery(struct sock *sk);
void tcp_try_keep_open(struct sock *sk);
void tcp_remove_reno_sacks(struct sock *sk, int acked, bool ece_ack);
void tcp_process_tlp_ack(struct sock *sk, u32 ack, int flag);
void tcp_xmit_recovery(struct sock *sk, int rexmit);
void tcp_check_sack_reordering(struct sock *sk, u32 low_seq, int ts);
void tcp_clear_all_retrans_hints(struct tcp_sock *tp);
#define REXMIT_NONE 0
#define REXMIT_LOST 1
#define REXMIT_NEW 2
struct tcp_sacktag_state {
	u64 first_sackt, last_sackt;   /* us: when the earliest and the latest newly sacked segment were sent */
	u32 reord;                     /* lowest sequence number found out of order */
	u32 sack_delivered;
	int flag;
	u32 mss_now;
	struct rate_sample *rate;
};
int tcp_sacktag_write_queue(struct sock *sk, const struct sk_buff *ack_skb, u32 prior_snd_una, struct tcp_sacktag_state *state);

/* what an acknowledgement did (tcp_ack.c) */
#define FLAG_DATA 0x01
#define FLAG_WIN_UPDATE 0x02
#define FLAG_DATA_ACKED 0x04
#define FLAG_RETRANS_DATA_ACKED 0x08
#define FLAG_SYN_ACKED 0x10
#define FLAG_DATA_SACKED 0x20
#define FLAG_ECE 0x40
#define FLAG_LOST_RETRANS 0x80
#define FLAG_SLOWPATH 0x100
#define FLAG_ORIG_SACK_ACKED 0x200
#define FLAG_SND_UNA_ADVANCED 0x400
#define FLAG_DSACKING_ACK 0x800
#define FLAG_SET_XMIT_TIMER 0x1000
#define FLAG_SACK_RENEGING 0x2000
#define FLAG_UPDATE_TS_RECENT 0x4000
#define FLAG_NO_CHALLENGE_ACK 0x8000
#define FLAG_ACK_MAYBE_DELAYED 0x10000
#define FLAG_DSACK_TLP 0x20000
#define FLAG_ACKED (FLAG_DATA_ACKED | FLAG_SYN_ACKED)
#define FLAG_NOT_DUP (FLAG_DATA | FLAG_WIN_UPDATE | FLAG_ACKED)
#define FLAG_CA_ALERT (FLAG_DATA_SACKED | FLAG_ECE | FLAG_DSACKING_ACK)
#define FLAG_FORWARD_PROGRESS (FLAG_ACKED | FLAG_DATA_SACKED)

/* ---- input (tcp_input.c, tcp_ack.c, tcp_data.c, tcp_state.c) ---- */
void tcp_rcv_established(struct sock *sk, struct sk_buff *skb);
int tcp_rcv_state_process(struct sock *sk, struct sk_buff *skb);
int tcp_ack(struct sock *sk, const struct sk_buff *skb, int flag);
void tcp_update_pacing_rate(struct sock *sk);
void tcp_init_transfer(struct sock *sk);
void tcp_rtt_estimator(struct sock *sk, long mrtt_us);
void tcp_set_rto(struct sock *sk);
void tcp_synack_rtt_meas(struct sock *sk, struct request_sock *req);
void tcp_rearm_rto(struct sock *sk);
void tcp_data_queue(struct sock *sk, struct sk_buff *skb);
void tcp_data_snd_check(struct sock *sk);
void tcp_ack_snd_check(struct sock *sk);
void __tcp_ack_snd_check(struct sock *sk, bool ofo_possible);
void tcp_measure_rcv_mss(struct sock *sk, const struct sk_buff *skb);
void tcp_ecn_check_ce(struct sock *sk, const struct sk_buff *skb);
void tcp_grow_window_by(struct sock *sk, const struct sk_buff *skb, u32 len);
void tcp_set_window_clamp(struct sock *sk, u32 clamp);
void tcp_sndbuf_expand(struct sock *sk);
void tcp_event_data_recv(struct sock *sk, struct sk_buff *skb);
void tcp_urg(struct sock *sk, struct sk_buff *skb, const struct tcphdr *th);
void tcp_fin(struct sock *sk);
void tcp_reset(struct sock *sk);
bool tcp_validate_incoming(struct sock *sk, struct sk_buff *skb, const struct tcphdr *th, bool syn_inerr);
void tcp_send_challenge_ack(struct sock *sk);
bool tcp_oow_rate_limited(const struct sk_buff *skb, u64 *last);
void tcp_rcv_space_adjust(struct sock *sk);
void tcp_initialize_rcv_mss(struct sock *sk);
void tcp_init_buffer_space(struct sock *sk);
void tcp_adjust_rcv_ssthresh(struct sock *sk);
void tcp_fast_path_on(struct tcp_sock *tp, u32 snd_wnd);
void tcp_fast_path_check(struct sock *sk);
void tcp_rcv_rtt_measure_ts(struct sock *sk, const struct sk_buff *skb);
void tcp_data_ready(struct sock *sk);
void tcp_check_space(struct sock *sk);
void tcp_queue_rcv(struct sock *sk, struct sk_buff *skb);
void tcp_store_ts_recent(struct tcp_sock *tp);
void tcp_replace_ts_recent(struct tcp_sock *tp, u32 seq);
void tcp_dec_quickack_mode(struct sock *sk);
void tcp_enter_quickack_mode(struct sock *sk, u32 max_quickacks);
void tcp_dsack_set(struct sock *sk, u32 seq, u32 end_seq);
bool tcp_paws_reject(const struct tcp_options_received *rx, bool rst);
struct tcp_conn_ops;
int tcp_conn_request(const struct tcp_conn_ops *ops, struct sock *sk, struct sk_buff *skb);

/* ---- output (tcp_output.c, tcp_xmit.c, tcp_retransmit.c) ---- */
u16 tcp_advertise_mss(struct sock *sk);
/* A metric of the route in use; 0: none, or no route. */
static inline u32 tcp_route_metric(struct sock *sk, int metric)
{
	return sk->sk_dst_cache ? dst_metric(sk->sk_dst_cache, metric) : 0;
}
/* A route's rto_min counts while it is locked, as ip-route(8) does it. us */
static inline u32 tcp_rto_min(const struct sock *sk)
{
	const struct dst_entry *dst = sk->sk_dst_cache;

	return dst && dst_metric_locked(dst, RTAX_RTO_MIN) ? dst_metric(dst, RTAX_RTO_MIN) * 1000 : inet_csk(sk)->icsk_rto_min;
}
static inline u32 tcp_rto_max(const struct sock *sk) { return inet_csk(sk)->icsk_rto_max; }
/* How long an acknowledgement may wait, in us: the peer's timeout is likely no shorter than ours. */
static inline u32 tcp_delack_max(const struct sock *sk)
{
	const struct dst_entry *dst = sk->sk_dst_cache;
	u32 most = inet_csk(sk)->icsk_delack_max;

	return dst && dst_metric_locked(dst, RTAX_RTO_MIN) ? min(most, max(tcp_rto_min(sk), 2000u) - 1000) : most;
}
/* Segments with which a connection begins (RFC 6928, or the route's initcwnd), and begins again after idleness. */
static inline u32 tcp_init_cwnd(struct sock *sk)
{
	u32 cwnd = tcp_route_metric(sk, RTAX_INITCWND);

	return min(cwnd ? cwnd : TCP_INIT_CWND, tcp_sk(sk)->snd_cwnd_clamp);
}
static inline u32 tcp_dst_advmss(const struct dst_entry *dst) { return dst->ops->advmss(dst); }
u32 tcp_mtu_to_mss(struct sock *sk, u32 pmtu);
u32 tcp_sync_mss(struct sock *sk, u32 pmtu);
u32 tcp_current_mss(struct sock *sk);
u32 tcp_send_mss(struct sock *sk, u32 *size_goal, unsigned flags);
void tcp_select_initial_window(const struct sock *sk, int space, u32 mss, u32 *rcv_wnd, u32 *window_clamp, bool wscale_ok,
	u8 *rcv_wscale, u32 init_rcv_wnd);
u32 __tcp_select_window(struct sock *sk);
int tcp_transmit_skb(struct sock *sk, struct sk_buff *skb, bool clone_it);
int __tcp_transmit_skb(struct sock *sk, struct sk_buff *skb, bool clone_it, u32 rcv_nxt);
bool tcp_write_xmit(struct sock *sk, u32 mss, int nonagle, int push_one);
void __tcp_push_pending_frames(struct sock *sk, u32 mss, int nonagle);
void tcp_push_one(struct sock *sk, u32 mss);
void tcp_set_skb_tso_segs(struct sk_buff *skb, u32 mss);
int tcp_fragment(struct sock *sk, bool unsent, struct sk_buff *skb, u32 len, u32 mss);
void tcp_event_new_data_sent(struct sock *sk, struct sk_buff *skb);
int tcp_trim_head(struct sock *sk, struct sk_buff *skb, u32 len);
void tcp_slow_start_after_idle_check(struct sock *sk);
bool tcp_schedule_loss_probe(struct sock *sk, bool advancing_rto);
void tcp_send_loss_probe(struct sock *sk);
void tcp_send_ack(struct sock *sk);
int tcp_write_wakeup(struct sock *sk, int mib);
void tcp_send_probe0(struct sock *sk);
void tcp_send_fin(struct sock *sk);
void tcp_send_active_reset(struct sock *sk);
int __tcp_retransmit_skb(struct sock *sk, struct sk_buff *skb, int segs);
int tcp_retransmit_skb(struct sock *sk, struct sk_buff *skb, int segs);
void tcp_xmit_retransmit_queue(struct sock *sk);
int tcp_connect(struct sock *sk);
u32 tcp_tso_segs(const struct sock *sk, u32 mss);
void tcp_adjust_pcount(struct sock *sk, const struct sk_buff *skb, int decr);
static inline u16 tcp_mss_clamp(const struct tcp_sock *tp, u32 mss)
{
	return (u16)min(tp->rx_opt.user_mss && tp->rx_opt.user_mss < mss ? tp->rx_opt.user_mss : mss, 65535u);
}
int tcp_send_synack(struct sock *sk);
int tcp_rtx_synack(const struct sock *sk, struct request_sock *req);
struct sk_buff *tcp_make_synack(const struct sock *sk, struct dst_entry *dst, struct request_sock *req,
	struct tcp_fastopen_cookie *foc, bool cookie);
void tcp_openreq_init_rwin(struct request_sock *req, const struct sock *sk, const struct dst_entry *dst);

/* ---- path MTU probing (tcp_mtu_probe.c) ---- */
void tcp_mtup_init(struct sock *sk);
int tcp_mtu_probe(struct sock *sk);
void tcp_mtup_acked(struct sock *sk);
bool tcp_mtup_lost(struct sock *sk);
void tcp_mtu_black_hole(struct sock *sk);

/* ---- timers (tcp_timer.c) ---- */
void tcp_init_xmit_timers(struct sock *sk);
void tcp_clear_xmit_timers(struct sock *sk);
/* In @when us. ICSK_TIME_DACK has a timer of its own; the others replace each other. */
void tcp_reset_xmit_timer(struct sock *sk, int what, u32 when);
void inet_csk_clear_xmit_timer(struct sock *sk, int what);
void tcp_reset_keepalive_timer(struct sock *sk, u64 us);
void tcp_set_keepalive(struct sock *sk, bool on);
bool tcp_pacing_check(struct sock *sk);
void tcp_fastopen_init(void);
bool tcp_fastopen_synack_timer(struct sock *sk, struct request_sock *req);
void tcp_release_cb(struct sock *sk);
u32 tcp_rto_delta_us(const struct sock *sk);
u64 tcp_probe0_when(const struct sock *sk, u64 max_when);
u64 tcp_clamp_probe0_to_user_timeout(const struct sock *sk, u64 when);
void tcp_check_probe_timer(struct sock *sk);
static inline u32 keepalive_intvl_when(const struct tcp_sock *tp)
{
	return tp->keepalive_intvl ? tp->keepalive_intvl : (u32)net_sysctl.tcp_keepalive_intvl;
}
static inline u32 keepalive_time_when(const struct tcp_sock *tp)
{
	return tp->keepalive_time ? tp->keepalive_time : (u32)net_sysctl.tcp_keepalive_time;
}
static inline u32 keepalive_probes(const struct tcp_sock *tp)
{
	return tp->keepalive_probes ? tp->keepalive_probes : (u32)net_sysctl.tcp_keepalive_probes;
}
static inline u32 keepalive_time_elapsed_ms(const struct tcp_sock *tp)
{
	u32 now = tcp_time_ms();

	return min(now - inet_csk((struct sock *)tp)->icsk_ack.lrcvtime, now - tp->rcv_tstamp);
}
static inline u64 tcp_fin_time(const struct sock *sk) /* us */
{
	u64 t = tcp_sk(sk)->linger2 ? (u64)tcp_sk(sk)->linger2 : (u64)net_sysctl.tcp_fin_timeout;
	u64 rto = inet_csk(sk)->icsk_rto;

	return max(t * 1000000, (rto << 2) - (rto >> 1));
}

/* ---- connections coming and going (tcp_minisocks.c, tcp_timewait.c, tcp_ipv4.c, tcp_ipv6.c) ---- */
/* What tcp_conn_request() needs of a family. */
struct tcp_conn_ops {
	u16 family, mss_clamp;
	void (*init_req)(struct request_sock *req, const struct sock *sk, struct sk_buff *skb);
	struct dst_entry *(*route_req)(const struct sock *sk, struct request_sock *req); /* a reference, or NULL */
	u32 (*init_seq)(const struct sk_buff *skb);
	u32 (*init_ts_off)(const struct sk_buff *skb);
	u32 (*cookie_init_seq)(const struct sk_buff *skb, u16 *mss);
	int (*send_synack)(const struct sock *sk, struct dst_entry *dst, struct request_sock *req,
		struct tcp_fastopen_cookie *foc, bool cookie); /* dst may be NULL: looked up */
};
extern const struct tcp_conn_ops tcp_conn_ipv4, tcp_conn_ipv6;
static inline const struct tcp_conn_ops *tcp_req_ops(const struct request_sock *req)
{
	return req->sk_family == AF_INET6 ? &tcp_conn_ipv6 : &tcp_conn_ipv4;
}
struct sock *tcp_create_openreq_child(const struct sock *sk, struct request_sock *req, struct sk_buff *skb);
struct sock *tcp_check_req(struct sock *sk, struct sk_buff *skb, struct request_sock *req, bool fastopen, bool *lost);
void tcp_child_process(struct sock *parent, struct sock *child, struct sk_buff *skb);
void tcp_time_wait(struct sock *sk, int state, u64 timeout_us);
enum tcp_tw_status { TCP_TW_SUCCESS, TCP_TW_RST, TCP_TW_ACK, TCP_TW_SYN };
enum tcp_tw_status tcp_timewait_state_process(struct inet_timewait_sock *tw, struct sk_buff *skb, const struct tcphdr *th,
	u32 *tw_isn);
int tcp_twsk_unique(struct sock *sk, struct sock *sktw);
void tcp_twsk_kill(struct sock *sk);
void tcp_timewait_init(void);
void tcp_fill_cb(struct sk_buff *skb, u8 dsfield);
int tcp_v4_rcv(struct sk_buff *skb);
int tcp_v4_err(struct sk_buff *skb, u32 info);
int tcp_do_rcv(struct sock *sk, struct sk_buff *skb);
bool tcp_header_ok(struct sk_buff *skb, u32 pseudo);
void tcp_deliver(struct sock *sk, struct sk_buff *skb);
bool tcp_rcv_request(struct request_sock *req, struct sk_buff *skb);
void tcp_req_replaced(struct request_sock *req);
void tcp_req_err(struct sock *sk, u32 seq, bool abort);
void tcp_send_reset(const struct sock *sk, struct sk_buff *skb);
int tcp_v4_connect(struct sock *sk, struct sockaddr *addr, int len);
void tcp_v4_mtu_reduced(struct sock *sk);
void tcp_v4_send_check(struct sock *sk, struct sk_buff *skb);
int tcp_v4_conn_request(struct sock *sk, struct sk_buff *skb);
struct sock *tcp_v4_syn_recv_sock(const struct sock *sk, struct sk_buff *skb, struct request_sock *req, struct dst_entry *dst,
	struct request_sock *req_unhash, bool *own_req);
void tcp_v4_send_reset(const struct sock *sk, struct sk_buff *skb);
void tcp_v4_send_ack_for(const struct sock *sk, struct sk_buff *skb, u32 seq, u32 ack, u32 win, u32 tsval, u32 tsecr, int oif,
	u8 tos);
void tcp_v6_send_ack_for(const struct sock *sk, struct sk_buff *skb, u32 seq, u32 ack, u32 win, u32 tsval, u32 tsecr, int oif,
	u8 tclass, __be32 label);
void tcp_v6_send_reset(const struct sock *sk, struct sk_buff *skb);
void tcp_req_send_ack(const struct sock *sk, struct sk_buff *skb, struct request_sock *req);
extern const struct inet_connection_sock_af_ops ipv4_specific, ipv6_specific, ipv6_mapped;
int tcp_v6_rcv(struct sk_buff *skb);
int tcp_v6_err(struct sk_buff *skb, u8 type, u8 code, int offset, u32 info);
void tcp_init(void);
void tcp_exit(void);
void tcpv6_init(void);
void tcp_v6_fix_child(struct sock *newsk);
struct tcp6_sock { struct tcp_sock tcp; struct ipv6_pinfo inet6; };

/* ---- SYN cookies, fast open (tcp_syncookies.c, tcp_fastopen.c) ---- */
u32 cookie_v4_init_sequence(const struct sk_buff *skb, u16 *mss);
u32 cookie_v6_init_sequence(const struct sk_buff *skb, u16 *mss);
struct sock *tcp_cookie_check(struct sock *sk, struct sk_buff *skb);
u32 cookie_init_timestamp(struct request_sock *req, u64 now_us);
void tcp_synq_overflow(void);
bool tcp_fastopen_cookie_check(struct sock *sk, u16 *mss, struct tcp_fastopen_cookie *cookie);
struct sock *tcp_try_fastopen(struct sock *sk, struct sk_buff *skb, struct request_sock *req, struct tcp_fastopen_cookie *foc);
void tcp_fastopen_cache_set(struct sock *sk, u16 mss, struct tcp_fastopen_cookie *cookie, bool syn_lost, u16 try_exp);
bool tcp_fastopen_defer_connect(struct sock *sk, int *err);
int tcp_fastopen_set_key(struct sock *sk, const u8 *primary, const u8 *backup);
int tcp_fastopen_get_key(const struct sock *sk, u8 *keys);
void tcp_fastopen_destroy(struct sock *sk);
void tcp_fastopen_add_skb(struct sock *sk, struct sk_buff *skb);
void reqsk_fastopen_remove(struct sock *sk, struct request_sock *req, bool reset);
void fastopen_queue_tune(struct sock *sk, int backlog);
#define TFO_CLIENT_ENABLE 1
#define TFO_SERVER_ENABLE 2
#define TFO_CLIENT_NO_COOKIE 4
#define TFO_SERVER_COOKIE_NOT_REQD 0x200
#define TFO_SERVER_WO_SOCKOPT1 0x400

/* ---- the socket's calls (tcp.c, tcp_sendmsg.c, tcp_recvmsg.c, tcp_sockopt.c) ---- */
int tcp_init_sock(struct sock *sk);
u32 tcp_tskey(const struct sock *sk, bool next);
int tcp_listen(struct sock *sk, int backlog);
int tcp_sendmsg_fastopen(struct sock *sk, struct msghdr *msg, int *copied, size_t size);
void tcp_free_fastopen_req(struct tcp_sock *tp);
void tcp_destroy_sock(struct sock *sk);
void tcp_close(struct sock *sk, u64 timeout);
void tcp_shutdown(struct sock *sk, int how);
int tcp_disconnect(struct sock *sk, int flags);
void tcp_done(struct sock *sk);
void tcp_set_state(struct sock *sk, int state);
void tcp_write_err(struct sock *sk);
bool tcp_check_oom(const struct sock *sk, int shift);
u32 tcp_poll(struct file *file, struct socket *sock, struct poll_table *pt);
long tcp_ioctl(struct sock *sk, unsigned cmd, unsigned long arg);
ssize_t tcp_sendmsg(struct sock *sk, struct msghdr *msg, size_t size);
void tcp_splice_eof(struct sock *sk);
ssize_t tcp_recvmsg(struct sock *sk, struct msghdr *msg, size_t size, unsigned flags);
void tcp_cleanup_rbuf(struct sock *sk, int copied);
bool tcp_stream_is_readable(struct sock *sk, int target);
int tcp_peek_len(struct socket *sock);
void tcp_eat_recv_skb(struct sock *sk, struct sk_buff *skb);
int tcp_setsockopt(struct sock *sk, int level, int name, const void __user *val, unsigned len);
int tcp_getsockopt(struct sock *sk, int level, int name, void __user *val, int __user *len);
void tcp_get_info(struct sock *sk, struct tcp_info_612 *info);
void sk_stream_write_space(struct sock *sk);
void tcp_rcvlowat_set(struct sock *sk);

#endif
