/* struct inet_sock and what sockets of AF_INET and AF_INET6 have in common (net/ipv4/af_inet.c, ip_sockglue.c). */
#ifndef UMK_NET_INET_H
#define UMK_NET_INET_H

#include "sock.h"
#include "flow.h"
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/ip.h>
#include <linux/errqueue.h>
#include <linux/ipv6.h>

/* IP options as they stand in a header, compiled by ip_options_compile(); faddr, srr ... as in Linux. */
struct ip_options {
	__be32 faddr;              /* the first hop of a source route */
	__be32 nexthop;
	u8 optlen;                 /* bytes of __data; 0: none */
	u8 srr, rr, ts;            /* where those options stand: offsets from the header's start; 0: not there */
	bool is_strictroute, srr_is_hit, is_changed, rr_needaddr, ts_needtime, ts_needaddr;
	u8 router_alert, cipso;
};
#define MAX_IPOPTLEN 40
struct ip_options_rcu {            /* of a socket: kmalloc'd */
	struct ip_options opt;
	u8 data[MAX_IPOPTLEN];
};

/* Message being put together by MSG_MORE or UDP_CORK. */
struct inet_cork {
	u32 flags;                 /* IPCORK_OPT: opt is owned */
	__be32 addr;
	struct ip_options_rcu *opt;
	u32 fragsize, length;      /* length: bytes so far, transport header included */
	struct dst_entry *dst;     /* a reference, or NULL */
	u8 tx_flags, ttl;
	s16 tos;
	u32 priority;
	u16 gso_size;
	u32 ts_opt_id, mark;
	u64 transmit_time;
	struct flowi fl;
	/* IPv6 */
	struct ipv6_txoptions *opt6;
	u8 hop_limit, tclass;
	bool dontfrag;
};
#define IPCORK_OPT 1
#define IPCORK_TS_OPT_ID 2

struct ipv6_pinfo;
struct ip_mc_socklist;
struct inet_sock {
	struct sock sk;            /* first */
	struct ipv6_pinfo *pinet6; /* AF_INET6: within the same object. NULL otherwise */
	/* sk_daddr, sk_rcv_saddr, sk_num, sk_dport are struct sock's */
	__be32 inet_saddr;         /* source of what is sent */
	__be16 inet_sport;
	s16 uc_ttl;                /* -1: net.ipv4.ip_default_ttl */
	u16 inet_id;               /* IP identification, counting */
	struct ip_options_rcu *inet_opt; /* or NULL */
	u8 tos, min_ttl, mc_ttl, pmtudisc, rcv_tos, convert_csum;
	bool recverr, is_icsk, freebind, hdrincl, mc_loop, transparent, mc_all, nodefrag, bind_address_no_port;
	bool recverr_rfc4884, defer_connect, cork_on;
	bool router_alert;           /* IP_ROUTER_ALERT: would be shown what is forwarded with that option; nothing is */
	u32 cmsg_flags;            /* IP_CMSG_* */
	int uc_index, mc_index;
	__be32 mc_addr;
	u32 local_port_range;      /* IP_LOCAL_PORT_RANGE: high << 16 | low; 0: the system's */
	struct ip_mc_socklist *mc_list;
	struct inet_cork cork;
};
#define IP_CMSG_PKTINFO 1
#define IP_CMSG_TTL 2
#define IP_CMSG_TOS 4
#define IP_CMSG_RECVOPTS 8
#define IP_CMSG_RETOPTS 16
#define IP_CMSG_PASSSEC 32
#define IP_CMSG_ORIGDSTADDR 64
#define IP_CMSG_CHECKSUM 128
#define IP_CMSG_RECVFRAGSIZE 256
static inline struct inet_sock *inet_sk(const struct sock *sk) { return (struct inet_sock *)sk; }

/* ---- AF_INET6's part ---- */
struct ipv6_txoptions;
struct ipv6_mc_socklist;
struct ipv6_ac_socklist;
struct ipv6_fl_socklist;
struct ipv6_pinfo {
	struct in6_addr saddr;     /* source of what is sent */
	bool saddr_set;
	__be32 flow_label;         /* of a connected socket, with IPV6_FLOWINFO_SEND */
	u32 frag_size;
	int hop_limit, mcast_hops; /* -1: the default */
	int ucast_oif, mcast_oif, sticky_oif; /* sticky: IPV6_PKTINFO's */
	struct in6_addr sticky_addr;
	__be32 rcv_flowinfo;       /* TCP: of the packet that made the connection */
	bool mc_loop, mc_all, recverr, sndflow, repflow, dontfrag, autoflowlabel, autoflowlabel_set, rtalert_isolate;
	bool router_alert, router_alert_shown; /* as in inet_sock; what getsockopt(2) tells of it */
	bool recverr_rfc4884;
	u8 pmtudisc, srcprefs, tclass, min_hopcount;
	struct {                   /* what received packets are told of */
		bool rxinfo, rxoinfo, rxhlim, rxohlim, hopopts, ohopopts, dstopts, odstopts, rxflow, rxtclass, rxpmtu,
			rxorigdstaddr, recvfragsize, srcrt, osrcrt;
	} rxopt;
	struct in6_addr daddr_cache;
	struct ipv6_mc_socklist *ipv6_mc_list;
	struct ipv6_ac_socklist *ipv6_ac_list;
	struct ipv6_fl_socklist *ipv6_fl_list;
	struct ipv6_txoptions *opt;
	struct sk_buff *rxpmtu;
};
static inline struct ipv6_pinfo *inet6_sk(const struct sock *sk) { return inet_sk(sk)->pinet6; }
static inline bool ipv6_only_sock(const struct sock *sk) { return sk->sk_ipv6only; }
static inline bool inet_v6_ipv6only(const struct sock *sk) { return sk->sk_ipv6only; }

/* cb of a packet within IPv4 and IPv6; sock_exterr_skb's begin. Transports keep it at the start of theirs. */
struct inet_skb_parm {
	int iif;
	struct ip_options opt;
	u16 flags;                 /* IPSKB_* */
	u16 frag_max_size;
};
#define IPSKB_FORWARDED 1
#define IPSKB_FRAG_COMPLETE 8
#define IPSKB_REROUTED 16
#define IPSKB_DOREDIRECT 32
#define IPSKB_FRAG_PMTU 64
struct inet6_skb_parm {
	int iif;
	u16 ra, dst0, srcrt, dst1, lastopt, nhoff, flags, dsthao, frag_max_size;
};
#define IPCB(skb) ((struct inet_skb_parm *)(skb)->cb)
#define IP6CB(skb) ((struct inet6_skb_parm *)(skb)->cb)

/* cb of a packet on the error queue. */
struct sock_exterr_skb {
	union {
		struct inet_skb_parm h4;
		struct inet6_skb_parm h6;
	} header;
	struct sock_extended_err ee;
	u16 addr_offset;           /* of the address in the packet, from the network header */
	__be16 port;
	bool opt_stats;
};
#define SKB_EXT_ERR(skb) ((struct sock_exterr_skb *)(skb)->cb)
BUILD_BUG_ON(sizeof(struct sock_exterr_skb) > 64);

/* ---- the table of socket types and the generic proto_ops (af_inet.c) ---- */
struct inet_protosw {
	u16 type, protocol;        /* IPPROTO_IP: any protocol */
	struct proto *prot;
	const struct proto_ops *ops;
	u8 flags;
};
#define INET_PROTOSW_REUSE 1      /* SO_REUSEADDR is on from the start */
#define INET_PROTOSW_PERMANENT 2
#define INET_PROTOSW_ICSK 4
/* Rows of both families lie in arrays: inetsw in af_inet.c, inetsw6 in af_inet6.c. The row for @type and *protocol, which
 * becomes the row's when 0; NULL with *err. *err may be set with a row: EPERM. */
const struct inet_protosw *inet_find_protosw(const struct inet_protosw *rows, unsigned count, int type, int *protocol,
	int *err);
/* What both creators end with. 0 or what the protocol says; then the caller releases @sk. */
int inet_create_finish(struct sock *sk, const struct inet_protosw *row);
/* Binds the port of an owned socket whose address is set: any if @port is 0, none yet with IP_BIND_ADDRESS_NO_PORT. */
int inet_bind_port(struct sock *sk, u16 port);

extern const struct proto_ops inet_stream_ops, inet_dgram_ops, inet_sockraw_ops;
extern const struct proto_ops inet6_stream_ops, inet6_dgram_ops, inet6_sockraw_ops;
void inet_release(struct socket *sock);
int inet_dgram_connect(struct socket *sock, struct sockaddr *addr, int len, int flags);
int inet_stream_connect(struct socket *sock, struct sockaddr *addr, int len, int flags);
/* The same on an owned socket; @is_sendmsg: MSG_FASTOPEN's. */
int __inet_stream_connect(struct socket *sock, struct sockaddr *addr, int len, int flags, bool is_sendmsg);
int inet_accept(struct socket *sock, struct socket *newsock, int flags);
void inet_splice_eof(struct socket *sock);
ssize_t inet_sendmsg(struct socket *sock, struct msghdr *msg, size_t size);
ssize_t inet_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, unsigned flags);
int inet_shutdown(struct socket *sock, int how);
int inet_listen(struct socket *sock, int backlog);
long inet_ioctl(struct socket *sock, unsigned cmd, unsigned long arg);
/* sk_destruct of all sockets of both families. */
void inet_sock_destruct(struct sock *sk);
/* What both creators set up in a fresh socket. */
void inet_init_sock(struct sock *sk, u16 protocol);
/* The route of a connected socket is gone: looks it up anew. 0 or -errno. */
int inet_sk_rebuild_header(struct sock *sk);
int inet6_sk_rebuild_header(struct sock *sk);

/* ---- protocols over IP ---- */
struct net_protocol {
	/* skb->data is at the transport header. Takes over the packet. IPv6: 0, or a next header's offset as in Linux. */
	int (*handler)(struct sk_buff *skb);
	/* An ICMP error: skb->data at the embedded IP header. @info: the MTU and the like. 0, or -ENOENT: no socket. */
	int (*err_handler)(struct sk_buff *skb, u32 info);
	bool no_policy, icmp_strict_tag_validation;
};
struct inet6_protocol {
	int (*handler)(struct sk_buff *skb);
	/* skb->data at the embedded transport header, whose offset @offset is from the network header. */
	int (*err_handler)(struct sk_buff *skb, u8 type, u8 code, int offset, u32 info);
	u8 flags;                  /* INET6_PROTO_* */
};
#define INET6_PROTO_NOPOLICY 1
#define INET6_PROTO_FINAL 2
/* By protocol number; NULL: nobody. Rows stand in net/ipv4/protocol.c and net/ipv6/protocol.c. */
extern const struct net_protocol *inet_protos[256];
extern const struct inet6_protocol *inet6_protos[256];

/* ---- addresses ---- */
static inline bool ipv4_is_loopback(__be32 a) { return (a & htonl(0xff000000)) == htonl(0x7f000000); }
static inline bool ipv4_is_multicast(__be32 a) { return (a & htonl(0xf0000000)) == htonl(0xe0000000); }
static inline bool ipv4_is_local_multicast(__be32 a) { return (a & htonl(0xffffff00)) == htonl(0xe0000000); }
static inline bool ipv4_is_lbcast(__be32 a) { return a == htonl(0xffffffff); }
static inline bool ipv4_is_zeronet(__be32 a) { return !a; }

#define IPV6_ADDR_ANY 0x0000u
#define IPV6_ADDR_UNICAST 0x0001u
#define IPV6_ADDR_MULTICAST 0x0002u
#define IPV6_ADDR_LOOPBACK 0x0010u
#define IPV6_ADDR_LINKLOCAL 0x0020u
#define IPV6_ADDR_SITELOCAL 0x0040u
#define IPV6_ADDR_COMPATv4 0x0080u
#define IPV6_ADDR_SCOPE_MASK 0x00f0u
#define IPV6_ADDR_MAPPED 0x1000u
#define IPV6_ADDR_SCOPE_NODELOCAL 0x01
#define IPV6_ADDR_SCOPE_LINKLOCAL 0x02
#define IPV6_ADDR_SCOPE_SITELOCAL 0x05
#define IPV6_ADDR_SCOPE_ORGLOCAL 0x08
#define IPV6_ADDR_SCOPE_GLOBAL 0x0e
extern const struct in6_addr in6addr_any, in6addr_loopback, in6addr_linklocal_allnodes, in6addr_interfacelocal_allnodes;
int __ipv6_addr_type(const struct in6_addr *addr);  /* with the scope in bits 16 to 31 */
static inline int ipv6_addr_type(const struct in6_addr *addr) { return __ipv6_addr_type(addr) & 0xffff; }
static inline int ipv6_addr_scope(const struct in6_addr *addr) { return __ipv6_addr_type(addr) >> 16; }
static inline bool __ipv6_addr_needs_scope_id(int type)
{
	return type & IPV6_ADDR_LINKLOCAL || (type & IPV6_ADDR_MULTICAST
		&& ((type >> 16) == IPV6_ADDR_SCOPE_NODELOCAL || (type >> 16) == IPV6_ADDR_SCOPE_LINKLOCAL));
}
static inline bool ipv6_addr_equal(const struct in6_addr *a, const struct in6_addr *b)
{
	const u64 *x = (const u64 *)a, *y = (const u64 *)b;

	return !((get_unaligned64(x) ^ get_unaligned64(y)) | (get_unaligned64(x + 1) ^ get_unaligned64(y + 1)));
}
static inline bool ipv6_addr_any(const struct in6_addr *a)
{
	return !(get_unaligned64(a) | get_unaligned64((const u64 *)a + 1));
}
static inline bool ipv6_addr_loopback(const struct in6_addr *a)
{
	return !get_unaligned64(a) && get_unaligned64((const u64 *)a + 1) == (u64)1 << 56;
}
static inline bool ipv6_addr_v4mapped(const struct in6_addr *a)
{
	return !get_unaligned64(a) && get_unaligned32((const u32 *)a + 2) == htonl(0xffff);
}
static inline bool ipv6_addr_is_multicast(const struct in6_addr *a) { return *(const u8 *)a == 0xff; }
static inline void ipv6_addr_set_v4mapped(__be32 v4, struct in6_addr *a)
{
	a->s6_addr32[0] = a->s6_addr32[1] = 0;
	a->s6_addr32[2] = htonl(0xffff);
	a->s6_addr32[3] = v4;
}
bool ipv6_prefix_equal(const struct in6_addr *a, const struct in6_addr *b, unsigned bits);
static inline int inet6_iif(const struct sk_buff *skb) { return skb->skb_iif; }
static inline int inet_iif(const struct sk_buff *skb) { return skb->skb_iif; }
/* A packet that came in by device @dif may be for @sk. */
static inline bool inet_sk_bound_dev_eq(int bound_dev_if, int dif) { return !bound_dev_if || bound_dev_if == dif; }
/* What a socket's packets may be sent from. */
bool inet_can_nonlocal_bind(const struct inet_sock *inet);
int inet_addr_type(__be32 addr);           /* RTN_* */
int inet_dev_addr_type(const struct net_device *dev, __be32 addr);
static inline bool inet_port_requires_bind_service(u16 port)
{
	return port < net_sysctl.ip_unprivileged_port_start;
}
/* Equal local addresses for binding, wildcards matching as Linux's inet_rcv_saddr_equal. */
bool inet_rcv_saddr_equal(const struct sock *sk, const struct sock *sk2, bool match_wildcard);
bool inet_rcv_saddr_any(const struct sock *sk);
void inet_get_local_port_range(const struct sock *sk, int *low, int *high);
/* 32 bits that are stable for a tuple and cannot be foreseen. */
u32 inet_ehashfn(__be32 laddr, u16 lport, __be32 faddr, __be16 fport);
u32 inet6_ehashfn(const struct in6_addr *laddr, u16 lport, const struct in6_addr *faddr, __be16 fport);

/* ---- options of IPPROTO_IP and IPPROTO_IPV6 (ip_sockopt.c, ip_sockglue.c, ipv6_sockopt.c, ../ipv6/datagram.c) ---- */
int ip_setsockopt(struct sock *sk, int level, int name, const void __user *val, unsigned len);
int ip_getsockopt(struct sock *sk, int level, int name, void __user *val, int __user *len);
int ipv6_setsockopt(struct sock *sk, int level, int name, const void __user *val, unsigned len);
int ipv6_getsockopt(struct sock *sk, int level, int name, void __user *val, int __user *len);
/* What the receiver of @skb asked for by IP_RECV*; @offset: from skb->data to the transport header. */
void ip_cmsg_recv_offset(struct msghdr *msg, struct sock *sk, struct sk_buff *skb, int tlen, int offset);
static inline void ip_cmsg_recv(struct msghdr *msg, struct sk_buff *skb) { ip_cmsg_recv_offset(msg, skb->sk, skb, 0, 0); }
void ip6_datagram_recv_ctl(struct sock *sk, struct msghdr *msg, struct sk_buff *skb);
void ip6_datagram_recv_common_ctl(struct sock *sk, struct msghdr *msg, struct sk_buff *skb);
void ip6_datagram_recv_specific_ctl(struct sock *sk, struct msghdr *msg, struct sk_buff *skb);
/* On to the error queue: an ICMP error about a packet whose payload is at @payload; a local error (EMSGSIZE). */
void ip_icmp_error(struct sock *sk, struct sk_buff *skb, int err, __be16 port, u32 info, u8 *payload);
void ip_local_error(struct sock *sk, int err, __be32 daddr, __be16 port, u32 info);
void ipv6_icmp_error(struct sock *sk, struct sk_buff *skb, int err, __be16 port, u32 info, u8 *payload);
void ipv6_local_error(struct sock *sk, int err, struct flowi6 *fl6, u32 info);
void ipv6_local_rxpmtu(struct sock *sk, struct flowi6 *fl6, u32 mtu);
ssize_t ip_recv_error(struct sock *sk, struct msghdr *msg, size_t size);
ssize_t ipv6_recv_error(struct sock *sk, struct msghdr *msg, size_t size);
ssize_t ipv6_recv_rxpmtu(struct sock *sk, struct msghdr *msg, size_t size);
/* MSG_ERRQUEUE by the socket's family. */
ssize_t inet_recv_error(struct sock *sk, struct msghdr *msg, size_t size);
/* errno and fatality of ICMP codes. */
struct icmp_err { int error; bool fatal; };
extern const struct icmp_err icmp_err_convert[16];
/* What an ICMP error means to a socket of datagrams: its errno, or 0: nothing. *hard: a connected socket is told; when a packet
 * was too large that is so unless the socket leaves fragmenting to others. */
int icmp_error_of(const struct inet_sock *inet, int type, int code, bool *hard);
int icmpv6_err_convert(u8 type, u8 code, int *err); /* fatal? */

/* ---- datagram connect ---- */
int ip4_datagram_connect(struct sock *sk, struct sockaddr *addr, int len);   /* takes the socket */
int __ip4_datagram_connect(struct sock *sk, struct sockaddr *addr, int len); /* owned */
int __ip6_datagram_connect(struct sock *sk, struct sockaddr *addr, int len);
int ip6_datagram_connect_v6_only(struct sock *sk, struct sockaddr *addr, int len);

#endif
