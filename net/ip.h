/* IPv4: packets in and out, options, fragments, ICMP. Everything but the building of datagrams runs within bh. */
#ifndef UMK_NET_IP_H
#define UMK_NET_IP_H

#include "inet.h"
#include "route.h"
#include "dev.h"
#include "mib.h"
#include <linux/ip.h>
#include <linux/icmp.h>

#define IP_CE 0x8000
#define IP_DF 0x4000
#define IP_MF 0x2000
#define IP_OFFSET 0x1fff
#define IP_MAX_MTU 0xffffu
#define IPV4_MIN_MTU 68
#define LL_MAX_HEADER 48
#define MAX_HEADER LL_MAX_HEADER
#define MAX_TCP_HEADER 192

static inline struct iphdr *ip_hdr(const struct sk_buff *skb) { return (struct iphdr *)skb_network_header(skb); }
static inline unsigned ip_hdrlen(const struct sk_buff *skb) { return ip_hdr(skb)->ihl * 4u; }
static inline bool ip_is_fragment(const struct iphdr *iph) { return iph->frag_off & htons(IP_MF | IP_OFFSET); }

/* ---- in ---- */
void ip_rcv(struct sk_buff *skb, struct net_device *dev);
int ip_local_deliver(struct sk_buff *skb);
/* A whole packet, or NULL: @skb was kept, or was bad and is gone. */
struct sk_buff *ip_defrag(struct sk_buff *skb);
void ipfrag_init(void);
void ipfrag_exit(void);

/* ---- out ---- */
/* Of a connected socket: @skb's data is the transport header. Finds the route, adds the IP header. */
int ip_queue_xmit(struct sock *sk, struct sk_buff *skb, struct flowi *fl);
/* The same by skb->dst, for a SYN-ACK: the socket is the listener. @opt may be NULL. */
int ip_build_and_send_pkt(struct sk_buff *skb, const struct sock *sk, __be32 saddr, __be32 daddr,
	struct ip_options_rcu *opt, u8 tos);
/* A reply of a transport without a socket (RST, TIME-WAIT's ACK): @len bytes at @data, a transport header whose checksum
 * field is at @csumoffset, go back to where @skb came from. The checksum is filled in. */
void ip_send_unicast_reply(struct sock *sk, struct sk_buff *skb, const struct ip_options *sopt, __be32 daddr, __be32 saddr,
	const void *data, unsigned len, unsigned csumoffset, u64 transmit_time, u32 txhash, int bound_dev_if, u8 tos, u32 mark);
int ip_local_out(struct sock *sk, struct sk_buff *skb);   /* header complete but for length and checksum */
int ip_output(struct sock *sk, struct sk_buff *skb);
int ip_mc_output(struct sock *sk, struct sk_buff *skb);
/* Cuts @skb (header included) into packets of @mtu and gives each to @output. */
int ip_fragment(struct sock *sk, struct sk_buff *skb, u32 mtu, int (*output)(struct sock *, struct sk_buff *));
void ip_send_check(struct iphdr *iph);
void ip_select_ident(struct sk_buff *skb, const struct sock *sk, unsigned segs);

/* Building datagrams. */
struct ipcm_cookie {
	struct sockcm_cookie sockc;
	__be32 addr;
	int oif;
	struct ip_options_rcu *opt;
	u8 protocol, ttl;
	s16 tos;
	u16 gso_size;
	bool opt_owned;            /* opt came from a control message: kfree it */
};
static inline void ipcm_init_sk(struct ipcm_cookie *ipc, const struct inet_sock *inet)
{
	*ipc = (struct ipcm_cookie){ .addr = inet->inet_saddr, .oif = inet->sk.sk_bound_dev_if, .tos = -1,
		.protocol = (u8)inet->sk.sk_protocol };
	sockcm_init(&ipc->sockc, &inet->sk);
}
/* IP_TTL, IP_TOS, IP_PKTINFO, IP_RETOPTS ... of a sender. 0 or -EINVAL, -EPERM, ... */
int ip_cmsg_send(struct sock *sk, struct msghdr *msg, struct ipcm_cookie *ipc, bool allow_ipv6);
void ip_cmsg_free(struct ipcm_cookie *ipc);

/* A message of a raw or ping socket on its way out (ip_sendmsg.c). */
struct ip_send {
	__be32 daddr, saddr;       /* of the route: daddr is the first hop of a source route */
	struct ipcm_cookie ipc;    /* ipc.addr is where it goes in the end */
	struct ip_options_rcu opt; /* a copy of the socket's */
	struct flowi4 fl4;
	struct rtable *rt;         /* a reference, or NULL: it was given to somebody */
};
/* Destination (@unspec: AF_UNSPEC is as good as AF_INET), control messages, options, device. 0, -EDESTADDRREQ, -EAFNOSUPPORT,
 * -EINVAL ...; ip_send_end() in any case. */
int ip_send_begin(struct sock *sk, struct msghdr *msg, bool unspec, struct ip_send *s);
/* The route, by FLOWI_FLAG_* @flow_flags too. 0, -EACCES (broadcast), or the route's error. */
int ip_send_route(struct sock *sk, const struct msghdr *msg, struct ip_send *s, u8 flow_flags);
void ip_send_end(struct ip_send *s);
/* Fills @to from the message or, with -EFAULT, stops. */
typedef int (*ip_getfrag)(void *from, u8 *to, int offset, int len, int odd, struct sk_buff *skb);
int ip_generic_getfrag(void *from, u8 *to, int offset, int len, int odd, struct sk_buff *skb);
/* What the two families' building shares: adds @length bytes to the message on @queue, which is begun (with room for
 * @header bytes ahead) if there is none. */
int datagram_append(struct sock *sk, struct sk_buff_head *queue, struct inet_cork *cork, unsigned header, unsigned mtu,
	ip_getfrag getfrag, void *from, int length, int transhdrlen, unsigned flags);
/* Adds @length bytes (with @transhdrlen, of a new message, ahead) to the socket's pending message. */
int ip_append_data(struct sock *sk, struct flowi4 *fl4, ip_getfrag getfrag, void *from, int length, int transhdrlen,
	struct ipcm_cookie *ipc, struct rtable **rtp, unsigned flags);
int ip_push_pending_frames(struct sock *sk, struct flowi4 *fl4);
void ip_flush_pending_frames(struct sock *sk);
/* The pending message as one packet, IP header on, or NULL. */
struct sk_buff *ip_finish_skb(struct sock *sk, struct flowi4 *fl4);
/* One packet at once, for a message that nothing can be added to. NULL or ERR_PTR. */
struct sk_buff *ip_make_skb(struct sock *sk, struct flowi4 *fl4, ip_getfrag getfrag, void *from, int length, int transhdrlen,
	struct ipcm_cookie *ipc, struct rtable **rtp, struct inet_cork *cork, unsigned flags);
int ip_send_skb(struct sk_buff *skb);

/* ---- options ---- */
/* Reads and checks the options at the end of @skb's header (or in @opt's own data when @skb is NULL). 0 or -EINVAL;
 * *info: where. */
int ip_options_compile(struct ip_options *opt, u8 *data, struct sk_buff *skb, __be32 *info);
int ip_options_get(struct ip_options_rcu **optp, const u8 *data, int optlen);
void ip_options_build(struct sk_buff *skb, struct ip_options_rcu *opt, __be32 daddr, struct rtable *rt);
/* The options for an answer to @skb. 0 or -EINVAL. */
int ip_options_echo(struct ip_options_rcu *dopt, struct sk_buff *skb, const struct ip_options *sopt);
void ip_options_undo(struct ip_options *opt, u8 *data);
void ip_options_fragment(struct sk_buff *skb);
int ip_options_rcv_srr(struct sk_buff *skb);

/* ---- ICMP ---- */
int icmp_rcv(struct sk_buff *skb);
int icmp_err(struct sk_buff *skb, u32 info);
/* Tells the sender of @skb (data at its IP header, or network_header set). Rate-limited as Linux. */
void icmp_send(struct sk_buff *skb, int type, int code, __be32 info);

/* ---- multicast (igmp.c) ---- */
struct ip_mreqn;
int ip_mc_join_group(struct sock *sk, struct ip_mreqn *imr);
int ip_mc_leave_group(struct sock *sk, struct ip_mreqn *imr);
void ip_mc_drop_socket(struct sock *sk);
/* May @sk receive what @rmt_addr sent to group @loc_addr by device @dif? */
bool ip_mc_sf_allow(const struct sock *sk, __be32 loc_addr, __be32 rmt_addr, int dif);
/* A group that sockets have joined on a device. */
struct ip_mc_dev {
	struct list_head list;      /* net_device.mc4 */
	__be32 group;
	u32 users;
};
/* Has anybody on @dev joined @group? */
bool ip_check_mc(const struct net_device *dev, __be32 group, __be32 src, u8 proto);
int ip_mc_join_group_ssm(struct sock *sk, struct ip_mreqn *imr, u32 mode);
struct ip_mreq_source;
struct group_filter;
int ip_mc_source(bool add, int omode, struct sock *sk, struct ip_mreq_source *mreqs, int ifindex);
int ip_mc_msfilter(struct sock *sk, struct ip_msfilter *msf, int ifindex);
int ip_mc_msfget(struct sock *sk, struct ip_msfilter *msf, void __user *val, int __user *len);
int ip_mc_gsfget(struct sock *sk, struct group_filter *gsf, void __user *list, size_t room);
/* MCAST_MSFILTER's getter at either level; @get is ip_mc_gsfget() or ip6_mc_msfget(). */
int ip_get_group_filter(struct sock *sk, void __user *val, int __user *ulen, int len,
	int (*get)(struct sock *sk, struct group_filter *gsf, void __user *list, size_t room));

/* ---- raw and ping sockets ---- */
long raw_ioctl(struct sock *sk, unsigned cmd, unsigned long arg);
extern struct hlist_head raw_hash[256];
bool raw_local_deliver(struct sk_buff *skb, int protocol);
void raw_icmp_error(struct sk_buff *skb, int protocol, u32 info);
extern struct proto raw_prot, ping_prot, udp_prot, udplite_prot, rawv6_prot, pingv6_prot, udpv6_prot, udplitev6_prot;
void raw_init(void);
void ping_init(void);
bool ping_rcv(struct sk_buff *skb);
void ping_err(struct sk_buff *skb, int offset, u32 info);

#endif
