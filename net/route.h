/* IPv4 routing: the table of routes (fib) and the route of a packet or socket (struct rtable). */
#ifndef UMK_NET_ROUTE_H
#define UMK_NET_ROUTE_H

#include "dst.h"
#include "dev.h"
#include "fib.h"
#include "flow.h"
#include "inet.h"
#include <linux/rtnetlink.h>

struct rtable {
	struct dst_entry dst;      /* first */
	u32 rt_flags;              /* RTCF_* */
	u16 rt_type;               /* RTN_* */
	bool rt_is_input, rt_uses_gateway;
	int rt_iif;
	__be32 rt_gw4;             /* 0: on the link */
	u32 rt_pmtu;               /* learned; 0: none */
	bool rt_mtu_locked;
};
#define RTCF_BROADCAST 0x10000000u
#define RTCF_MULTICAST 0x20000000u
#define RTCF_LOCAL 0x80000000u
static inline struct rtable *dst_rtable(struct dst_entry *dst) { return (struct rtable *)dst; }
static inline struct rtable *skb_rtable(const struct sk_buff *skb) { return (struct rtable *)skb->dst; }
static inline void ip_rt_put(struct rtable *rt) { dst_release(&rt->dst); }
static inline __be32 rt_nexthop(const struct rtable *rt, __be32 daddr) { return rt->rt_gw4 ? rt->rt_gw4 : daddr; }

/* A route. */
struct fib_route {
	union {                    /* its fields by both names */
		struct fib_common common;
		struct fib_common;
	};
	__be32 prefix;
	u8 tos;
	bool gw_local;             /* the gateway is this system: nothing is sent by way of it */
	__be32 gw, prefsrc;
	u32 metrics[DST_METRICS];  /* by RTAX_*; 0: none */
	struct rtable *out, *in;   /* routes made from it that many packets share; a reference each, or NULL */
};
struct nl_request;
int fib_add_route(const struct fib_route *route);  /* copied: 0, -EEXIST, -ENOMEM */
/* The same by NLM_F_CREATE, _EXCL, _REPLACE, _APPEND; -ENOENT, -ENOBUFS. Members are told. */
int fib_insert(const struct fib_route *route, unsigned flags, const struct nl_request *rq);
int fib_del_route(u32 table, __be32 prefix, u8 prefixlen, u8 type); /* 0 or -ESRCH */
/* The first route like @match, of which zero members (scope: RT_SCOPE_NOWHERE) match any. 0 or -ESRCH. */
int fib_remove(const struct fib_route *match, const struct nl_request *rq);
struct fib_route *fib_lookup(const struct flowi4 *fl4);
bool fib_prefix_match(__be32 addr, const struct fib_route *r);
void fib_flush_dev(const struct net_device *dev, bool all); /* its routes go; those of its addresses only if @all */
void fib_flush_prefsrc(__be32 addr); /* what was to be sent from an address that is gone */
void fib_flush_cache(void);  /* every route in use becomes obsolete */
void fib_booted(void); /* what there is now stays */
void fib_exit(void);
void ip_rt_init(void);
void ip_rt_exit(void);

/* The route for sending to fl4->daddr. Fills saddr (and daddr, oif) as Linux. ERR_PTR: -ENETUNREACH, -EINVAL, -EACCES ... */
struct rtable *ip_route_output_key(struct flowi4 *fl4);
static inline struct rtable *ip_route_output_flow(struct flowi4 *fl4, const struct sock *sk __maybe_unused)
{
	return ip_route_output_key(fl4);
}
/* Gives @skb, which came in by @dev, its route (skb->dst). 0, -EINVAL (martian), -EHOSTUNREACH ... */
int ip_route_input(struct sk_buff *skb, __be32 daddr, __be32 saddr, u8 tos, struct net_device *dev);
void ipv4_sk_update_pmtu(struct sk_buff *skb, struct sock *sk, u32 mtu);
void ipv4_update_pmtu(struct sk_buff *skb, u32 mtu, int oif, u8 protocol);
void ipv4_sk_redirect(struct sk_buff *skb, struct sock *sk);
u32 ip_skb_dst_mtu(struct sock *sk, const struct sk_buff *skb);

static inline void flowi4_init_output(struct flowi4 *fl4, int oif, u32 mark, u8 tos, u8 scope, u8 proto, u8 flags,
	__be32 daddr, __be32 saddr, __be16 dport, __be16 sport, u32 uid)
{
	*fl4 = (struct flowi4){ .flowi4_oif = oif, .flowi4_iif = LOOPBACK_IFINDEX, .flowi4_mark = mark, .flowi4_tos = tos,
		.flowi4_scope = scope, .flowi4_proto = proto, .flowi4_flags = flags, .daddr = daddr, .saddr = saddr,
		.fl4_dport = dport, .fl4_sport = sport, .flowi4_uid = uid };
}
static inline u8 inet_sk_flowi_flags(const struct sock *sk)
{
	return inet_sk(sk)->transparent || inet_sk(sk)->hdrincl ? FLOWI_FLAG_ANYSRC : 0;
}
#define RT_TOS(tos) ((tos) & IPTOS_TOS_MASK)
#define IPTOS_RT_MASK (IPTOS_TOS_MASK & ~3)
static inline u8 ip_sock_rt_tos(const struct sock *sk) { return inet_sk(sk)->tos & IPTOS_RT_MASK; }
static inline u8 ip_sock_rt_scope(const struct sock *sk)
{
	return sock_flag(sk, SOCK_LOCALROUTE) ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
}
/* connect(2)'s two steps: the route by what is known, then, with the ports chosen, the flow for good. */
struct rtable *ip_route_connect(struct flowi4 *fl4, __be32 dst, __be32 src, int oif, u8 protocol, __be16 sport, __be16 dport,
	const struct sock *sk);
struct rtable *ip_route_newports(struct flowi4 *fl4, struct rtable *rt, __be16 orig_sport, __be16 orig_dport, __be16 sport,
	__be16 dport, const struct sock *sk);
u8 ip4_dst_hoplimit(const struct dst_entry *dst);

#endif
