/* UDP and UDP-Lite over both families (net/ipv4/udp.c, net/ipv6/udp.c). */
#ifndef UMK_NET_UDP_H
#define UMK_NET_UDP_H

#include "inet.h"
#include "ip.h"
#include "ipv6.h"
#include <linux/udp.h>

#define SOL_UDPLITE 136
#define UDPLITE_SEND_CSCOV 10
#define UDPLITE_RECV_CSCOV 11
#define UDPLITE_SEND_CC 1
#define UDPLITE_RECV_CC 2
#define UDP_MAX_SEGMENTS 128

struct udp_sock {
	struct inet_sock inet;     /* first */
	int pending;               /* AF_INET or AF_INET6 while a message is being put together, or 0 */
	bool corkflag, no_check6_tx, no_check6_rx, gro_enabled, encap_enabled, lookup_bound;
	u8 pcflag, encap_type;     /* UDPLITE_*_CC */
	u16 len;                   /* of the pending message, header included */
	u16 gso_size, pcslen, pcrlen;
	u32 forward_deficit;
	bool peeking_with_offset;
	struct hlist_node hash4_node; /* connected: by all four numbers */
	u32 hash2, hash4;
};
struct udp6_sock {
	struct udp_sock udp;       /* first */
	struct ipv6_pinfo inet6;
};
static inline struct udp_sock *udp_sk(const struct sock *sk) { return (struct udp_sock *)sk; }
/* The counters of a socket's protocol and family. */
#define udp_sk_mib(sk) udp_mib((sk)->sk_family == AF_INET6, is_udplite(sk))
static inline bool is_udplite(const struct sock *sk) { return sk->sk_protocol == IPPROTO_UDPLITE; }

/* cb of a received datagram. */
struct udp_skb_cb {
	union {
		struct inet_skb_parm h4;
		struct inet6_skb_parm h6;
	} header;
	u16 cscov;
	bool partial_cov;
};
#define UDP_SKB_CB(skb) ((struct udp_skb_cb *)(skb)->cb)
static inline struct udphdr *udp_hdr(const struct sk_buff *skb) { return (struct udphdr *)skb_transport_header(skb); }

struct udp_table {
	struct hlist_head *hash, *hash2, *hash4;
	u32 mask, count, count4;
};
extern struct udp_table udp_table, udplite_table;
extern struct proto_mem udp_memory;
void udp_tables_init(void);
void udp_tables_exit(void);
void udp_init(void);
void udp_exit(void);
int udp_rcv(struct sk_buff *skb);
int udp_err(struct sk_buff *skb, u32 info);
int udplite_rcv(struct sk_buff *skb);
int udplite_err(struct sk_buff *skb, u32 info);
int udpv6_rcv(struct sk_buff *skb);
int udpv6_err(struct sk_buff *skb, u8 type, u8 code, int offset, u32 info);
int udplitev6_rcv(struct sk_buff *skb);
int udplitev6_err(struct sk_buff *skb, u8 type, u8 code, int offset, u32 info);

/* ---- shared by the two families ---- */
int udp_init_sock(struct sock *sk);
int udp_lib_get_port(struct sock *sk, u16 port, u32 hash2_nulladdr);
void udp_lib_unhash(struct sock *sk);
void udp_lib_rehash(struct sock *sk, u32 newhash2);
void udp_lib_close(struct sock *sk, u64 timeout);
int udp_disconnect(struct sock *sk, int flags);
int udp_lib_setsockopt(struct sock *sk, int level, int name, const void __user *val, unsigned len,
	int (*push_pending_frames)(struct sock *));
int udp_lib_getsockopt(struct sock *sk, int level, int name, void __user *val, int __user *len);
u32 udp_poll(struct file *file, struct socket *sock, struct poll_table *pt);
long udp_ioctl(struct sock *sk, unsigned cmd, unsigned long arg);
int udp_queue_rcv_skb(struct sock *sk, struct sk_buff *skb);
void udp_flush_pending_frames(struct sock *sk);
int udp_push_pending_frames(struct sock *sk);
int udp_cmsg_send(struct sock *sk, struct msghdr *msg, u16 *gso_size);
/* Takes the next good datagram and copies up to @size bytes of it from @off on; generic control messages go with it. The packet,
 * for udp_read_done(); NULL at the end of a socket that was shut down; or EAGAIN, EINTR, EFAULT, and a pending error. */
struct sk_buff *udp_read_skb(struct sock *sk, struct msghdr *msg, size_t size, unsigned flags, int *off, ssize_t *copied);
/* Puts it away; the value of recvmsg(2). */
ssize_t udp_read_done(struct sock *sk, struct sk_buff *skb, unsigned flags, ssize_t copied);
/* The checksum was looked at when the packet came in: it is its first reader who computes it, as the packet may be dropped
 * unread. */
bool udp_reader_checksum_ok(struct sk_buff *skb);
ssize_t udp_recvmsg(struct sock *sk, struct msghdr *msg, size_t size, unsigned flags);
ssize_t udp_sendmsg(struct sock *sk, struct msghdr *msg, size_t size);
u32 udp4_portaddr_hash(__be32 addr, u16 port);
u32 udp6_portaddr_hash(const struct in6_addr *addr, u16 port);
struct sock *udp4_lib_lookup(struct udp_table *t, __be32 saddr, __be16 sport, __be32 daddr, __be16 dport, int dif,
	struct sk_buff *skb);
/* Can packets of IPv4 be for a socket that is bound as @sk is? */
static inline bool udp_takes_v4(const struct sock *sk)
{
	return sk->sk_family == AF_INET || ipv6_addr_any(&sk->sk_v6_rcv_saddr) || ipv6_addr_v4mapped(&sk->sk_v6_rcv_saddr);
}
/* @sk scores best and shares its port: *@result is the one of its group that gets the packet, if there is one. True: no other
 * socket can score higher. */
bool udp_reuseport_choose(struct sock *sk, u32 hash, struct sk_buff *skb, struct sock **result);
/* To every socket that listens to the packet's group or, IPv4, to broadcasts. Takes over the packet. */
void udp_mcast_deliver(struct sk_buff *skb, struct udp_table *t, bool v6);
bool udp6_mcast_match(const struct sock *sk, const struct sk_buff *skb);
/* The datagram went to IP, which says @err: counts it. What the sender is told: 0 or -errno. */
int udp_count_sent(struct sock *sk, int err, bool recverr);
void udp_hash4(struct sock *sk);
void udp_unhash4(struct sock *sk);
bool udp_check_lengths(struct sk_buff *skb, bool lite, bool v6);
bool udp_lib_checksum_ok(struct sk_buff *skb, u32 pseudo);
void udp_csum_partial(struct sk_buff *skb, struct udphdr *uh, u32 pseudo);
u32 udplite_csum(const struct sock *sk, struct sk_buff *skb, struct udphdr *uh);
int udp_finish_gso(struct sock *sk, struct sk_buff *skb, unsigned hlen, const struct inet_cork *cork, unsigned len,
	bool no_check);
void udp_cmsg_recv(struct msghdr *msg, struct sock *sk, struct sk_buff *skb);

#endif
