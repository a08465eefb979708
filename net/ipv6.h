/* IPv6: packets in and out, routes, extension headers, ICMPv6. */
#ifndef UMK_NET_IPV6_H
#define UMK_NET_IPV6_H

#include "inet.h"
#include "dev.h"
#include "dst.h"
#include "mib.h"
#include "ip.h"
#include <linux/ipv6.h>
#include <linux/icmpv6.h>
#include <linux/seg6.h>

#define IPV6_FLOWINFO_MASK htonl(0x0fffffff)
#define IPV6_FLOWLABEL_MASK htonl(0x000fffff)
#define IPV6_TCLASS_MASK (IPV6_FLOWINFO_MASK & ~IPV6_FLOWLABEL_MASK)
#define IPV6_MIN_MTU 1280
#define IPV6_MAXPLEN 65535
#define SIN6_LEN_RFC2133 24 /* struct sockaddr_in6 before it had a scope */
#define NEXTHDR_HOP 0
#define NEXTHDR_ROUTING 43
#define NEXTHDR_FRAGMENT 44
#define NEXTHDR_AUTH 51
#define NEXTHDR_ICMP 58
#define NEXTHDR_NONE 59
#define NEXTHDR_DEST 60
#define NEXTHDR_MOBILITY 135
#define IP6SKB_FRAGMENTED 16
#define IP6SKB_JUMBOGRAM 128

struct frag_hdr {
	u8 nexthdr, reserved;
	__be16 frag_off;
	__be32 identification;
};
#define IP6_MF 1
#define IP6_OFFSET 0xfff8
static inline struct ipv6hdr *ipv6_hdr(const struct sk_buff *skb) { return (struct ipv6hdr *)skb_network_header(skb); }
static inline void ip6_flow_hdr(struct ipv6hdr *h, unsigned tclass, __be32 flowlabel)
{
	*(__be32 *)h = htonl(0x60000000 | tclass << 20) | flowlabel;
}
static inline __be32 ip6_flowinfo(const struct ipv6hdr *h) { return *(const __be32 *)h & IPV6_FLOWINFO_MASK; }
static inline __be32 ip6_flowlabel(const struct ipv6hdr *h) { return *(const __be32 *)h & IPV6_FLOWLABEL_MASK; }
static inline u8 ip6_tclass(__be32 flowinfo) { return ntohl(flowinfo & IPV6_TCLASS_MASK) >> 20; }
static inline __be32 ip6_make_flowinfo(unsigned tclass, __be32 flowlabel) { return htonl(tclass << 20) | flowlabel; }
static inline u8 ipv6_get_dsfield(const struct ipv6hdr *h) { return ntohs(*(const __be16 *)h) >> 4; }

/* Extension headers that a sender adds: in one allocation, counted. */
struct ipv6_txoptions {
	u32 refs;
	int tot_len;               /* of the allocation */
	u16 opt_flen, opt_nflen;   /* after and before the fragment header */
	struct ipv6_opt_hdr *hopopt, *dst0opt, *dst1opt;
	struct ipv6_rt_hdr *srcrt;
};
void txopt_put(struct ipv6_txoptions *opt);
struct ipv6_txoptions *ipv6_renew_options(const struct ipv6_txoptions *opt, int type, const struct ipv6_opt_hdr *hdr,
	unsigned len);
static inline struct ipv6_txoptions *txopt_get(const struct ipv6_pinfo *np)
{
	if (np->opt)
		np->opt->refs++;
	return np->opt;
}

/* ---- routes (fib6.c, route.c) ---- */
struct rt6_info {
	struct dst_entry dst;      /* first */
	struct in6_addr prefsrc;   /* or :: */
	u32 rt6i_flags;            /* RTF_* */
	bool local, multicast;
	struct in6_addr rt6i_gateway;
	u32 rt6_pmtu;
	struct net_device *idev;   /* whose address it is: of a local route, where the packet is received */
};
struct fib6_route {
	union {                    /* its fields by both names */
		struct fib_common common;
		struct fib_common;
	};
	struct in6_addr prefix, gw, prefsrc;
	u8 pref;                   /* ICMPV6_ROUTER_PREF_* */
	u32 metrics[DST_METRICS];  /* by RTAX_* */
	u64 expires;               /* ktime; 0: never */
	struct rt6_info *cache;    /* shared by its packets; a reference, or NULL */
};
#define IP6_RT_PRIO_USER 1024
#define IP6_RT_PRIO_ADDRCONF 256
struct nl_request;
struct netlink_ext_ack;
int fib6_add_route(const struct fib6_route *route); /* copied: 0, -EEXIST, -ENOMEM */
/* The same by NLM_F_CREATE, _EXCL, _REPLACE, _APPEND; -ENOENT. Members are told. */
int fib6_insert(const struct fib6_route *route, unsigned flags, const struct nl_request *rq);
/* The first route like @match, of which zero members match any. 0 or -ESRCH. */
int fib6_remove(const struct fib6_route *match, const struct nl_request *rq);
struct fib6_route *fib6_lookup(const struct in6_addr *daddr, int oif, bool strict);
void fib6_flush_dev(const struct net_device *dev);
void fib6_booted(void); /* what there is now stays */
void fib6_exit(void);
struct in6_addr ipv6_prefix(const struct in6_addr *addr, unsigned bits); /* the rest is zero */
void ip6_route_init(void);
void fib6_flush_cache(void);
/* Never NULL: dst->error tells (-ENETUNREACH). */
struct dst_entry *ip6_route_output(const struct sock *sk, struct flowi6 *fl6);
/* With the source address chosen; ERR_PTR. */
struct dst_entry *ip6_dst_lookup_flow(const struct sock *sk, struct flowi6 *fl6, const struct in6_addr *final_dst);
struct dst_entry *ip6_sk_dst_lookup_flow(struct sock *sk, struct flowi6 *fl6, const struct in6_addr *final_dst, bool connected);
void ip6_route_input(struct sk_buff *skb);
/* A connected datagram socket's route anew; @fix_saddr: its source address becomes the socket's. */
int ip6_datagram_dst_update(struct sock *sk, bool fix_saddr);
int ipv6_get_saddr(const struct dst_entry *dst, const struct in6_addr *daddr, u8 srcprefs, struct in6_addr *saddr);
void ip6_update_pmtu(struct sk_buff *skb, __be32 mtu, int oif, u32 mark, u32 uid);
void ip6_sk_update_pmtu(struct sk_buff *skb, struct sock *sk, __be32 mtu);
int ip6_dst_hoplimit(const struct dst_entry *dst);
int ip6_sk_dst_hoplimit(const struct ipv6_pinfo *np, const struct flowi6 *fl6, const struct dst_entry *dst);
u32 ip6_skb_dst_mtu(struct sk_buff *skb);
/* Connected sockets: keeps @dst. */
void ip6_dst_store(struct sock *sk, struct dst_entry *dst, const struct in6_addr *daddr, const struct in6_addr *saddr);
/* The first hop of a routing header in place of the destination, which goes to @orig; @orig or NULL. */
struct in6_addr *fl6_update_dst(struct flowi6 *fl6, const struct ipv6_txoptions *opt, struct in6_addr *orig);

/* ---- in ---- */
void ipv6_rcv(struct sk_buff *skb, struct net_device *dev);
int ip6_input(struct sk_buff *skb);
int ip6_mc_input(struct sk_buff *skb);
/* Extension headers: 1 to go on with the next header (at IP6CB->nhoff), -1: the packet is gone. */
int ipv6_parse_hopopts(struct sk_buff *skb);
int ipv6_frag_rcv(struct sk_buff *skb);
void ipv6_frag_init(void);
void ipv6_frag_exit(void);
extern const struct inet6_protocol ipv6_destopt_protocol, ipv6_rthdr_protocol, ipv6_nodata_protocol;
/* Walks the extension headers from @start: offset of the transport header or -1. */
int ipv6_skip_exthdr(const struct sk_buff *skb, int start, u8 *nexthdrp, __be16 *frag_offp);

/* ---- out ---- */
/* Of a transport: skb->data at its header, skb->dst set. Adds @opt and the IPv6 header. */
int ip6_xmit(const struct sock *sk, struct sk_buff *skb, struct flowi6 *fl6, u32 mark, struct ipv6_txoptions *opt, int tclass,
	u32 priority);
/* queue_xmit of connected sockets: finds the route, sends. */
int inet6_csk_xmit(struct sock *sk, struct sk_buff *skb, struct flowi *fl);
int ip6_output(struct sock *sk, struct sk_buff *skb);
int ip6_fragment(struct sock *sk, struct sk_buff *skb, int (*output)(struct sock *, struct sk_buff *));
struct ipcm6_cookie {
	struct sockcm_cookie sockc;
	int hlimit, tclass, dontfrag;
	u16 gso_size;
	struct ipv6_txoptions *opt;
};
static inline void ipcm6_init_sk(struct ipcm6_cookie *c, const struct sock *sk)
{
	*c = (struct ipcm6_cookie){ .hlimit = -1, .tclass = inet6_sk(sk)->tclass, .dontfrag = inet6_sk(sk)->dontfrag };
	sockcm_init(&c->sockc, sk);
}
/* All that the route of a datagram to @daddr depends on, protocol and ports aside; the device is filled in when there is none. When
 * a routing header names others before it, *@final is the destination, which is returned; otherwise NULL. */
struct in6_addr *ip6_datagram_finish_flow(const struct sock *sk, const struct in6_addr *daddr, struct ipcm6_cookie *ipc6,
	struct flowi6 *fl6, struct in6_addr *final);
int ip6_datagram_send_ctl(struct sock *sk, struct msghdr *msg, struct flowi6 *fl6, struct ipcm6_cookie *ipc6);
int ip6_append_data(struct sock *sk, ip_getfrag getfrag, void *from, int length, int transhdrlen, struct ipcm6_cookie *ipc6,
	struct flowi6 *fl6, struct rt6_info *rt, unsigned flags);
int ip6_push_pending_frames(struct sock *sk);
void ip6_flush_pending_frames(struct sock *sk);
struct sk_buff *ip6_finish_skb(struct sock *sk);
struct sk_buff *ip6_make_skb(struct sock *sk, ip_getfrag getfrag, void *from, int length, int transhdrlen,
	struct ipcm6_cookie *ipc6, struct rt6_info *rt, unsigned flags, struct inet_cork *cork);
int ip6_send_skb(struct sk_buff *skb);
bool seg6_validate_srh(const void *hdr, unsigned len); /* of @len bytes */
struct in6_addr *ipv6_srcrt_first(const struct ipv6_rt_hdr *opt);
void ipv6_push_nfrag_opts(struct sk_buff *skb, struct ipv6_txoptions *opt, u8 *proto, struct in6_addr **daddr_p,
	const struct in6_addr *saddr);
void ipv6_push_frag_opts(struct sk_buff *skb, struct ipv6_txoptions *opt, u8 *proto);

/* ---- ICMPv6 ---- */
int icmpv6_rcv(struct sk_buff *skb);
int icmpv6_err(struct sk_buff *skb, u8 type, u8 code, int offset, u32 info);
void icmpv6_send(struct sk_buff *skb, u8 type, u8 code, u32 info);
void icmpv6_param_prob(struct sk_buff *skb, u8 code, int pos); /* takes over the packet */

/* ---- addresses and multicast (addrconf.c, mcast.c) ---- */
/* A group that sockets have joined on a device. */
struct ifmcaddr6 {
	struct list_head list;      /* net_device.mc6 */
	struct net_device *dev;
	struct in6_addr group;
	u32 users;
};
struct netlink_ext_ack;
/* May @dev have that address at all? 0, -EACCES, -ENODEV, -EADDRNOTAVAIL. */
int inet6_check_address(const struct net_device *dev, const struct in6_addr *addr, struct netlink_ext_ack *extack);
/* Is it a route that can be, by the device @oif (0: to be found)? Completes it. 0, -ENODEV, -EINVAL, -ENETDOWN, -EHOSTUNREACH ... */
int ip6_route_check(struct fib6_route *r, u32 oif, struct netlink_ext_ack *extack);
int ipv6_config_ioctl(unsigned cmd, void __user *arg); /* ioctl.c; -ENOIOCTLCMD: it is none of these */
void addrconf_init(void);
void addrconf_exit(void);
int ipv6_sock_mc_join(struct sock *sk, int ifindex, const struct in6_addr *addr);
int ipv6_sock_mc_drop(struct sock *sk, int ifindex, const struct in6_addr *addr);
int ipv6_sock_mc_join_ssm(struct sock *sk, int ifindex, const struct in6_addr *addr, u32 mode);
struct group_source_req;
struct group_filter;
int ip6_mc_source(bool add, int omode, struct sock *sk, const struct group_source_req *g);
int ip6_mc_msfilter(struct sock *sk, const struct group_filter *gsf, const struct sockaddr_storage *list);
int ip6_mc_msfget(struct sock *sk, struct group_filter *gsf, void __user *list, size_t room);
void ipv6_sock_mc_close(struct sock *sk);
int ipv6_sock_ac_join(struct sock *sk, int ifindex, const struct in6_addr *addr);
int ipv6_sock_ac_drop(struct sock *sk, int ifindex, const struct in6_addr *addr);
void ipv6_sock_ac_close(struct sock *sk);
bool ipv6_chk_mcast_addr(struct net_device *dev, const struct in6_addr *group, const struct in6_addr *src);
bool inet6_mc_check(const struct sock *sk, const struct in6_addr *mc_addr, const struct in6_addr *src_addr);
void udpv6_init(void);
void rawv6_init(void);
void pingv6_init(void);
/* Receivers. */
extern struct hlist_head raw6_hash[256];
bool raw6_local_deliver(struct sk_buff *skb, int nexthdr);
void raw6_icmp_error(struct sk_buff *skb, int nexthdr, u8 type, u8 code, int inner_offset, __be32 info);
/* Name and other details of @skb for recvmsg. */
int ipv6_iface_scope_id(const struct in6_addr *addr, int iface);

#endif
