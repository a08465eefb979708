/* IPv6 datagram sockets: connect, control messages in both directions, and the error queue. */
#include "../ipv6.h"
#include "../scm.h"
#include "../udp.h"
#include "kerrno.h"
#include "ledger.h"
#include "slab.h"
#include "string.h"
#include <linux/capability.h>
#include <linux/net_tstamp.h>

#define LOOPBACK4_IPV6 htonl(0x7f000006)

/* ---- connect ---- */

/* The route of a connected socket; with @fix_saddr the source address becomes the socket's. */
int ip6_datagram_dst_update(struct sock *sk, bool fix_saddr)
{
	struct ipv6_pinfo *np = inet6_sk(sk);
	struct in6_addr final, *final_p;
	struct flowi6 fl6 = { .flowi6_proto = (u8)sk->sk_protocol, .daddr = sk->sk_v6_daddr, .saddr = np->saddr,
		.flowi6_oif = sk->sk_bound_dev_if, .flowi6_mark = sk->sk_mark, .fl6_dport = sk->sk_dport,
		.fl6_sport = inet_sk(sk)->inet_sport, .flowlabel = ip6_make_flowinfo(np->tclass, np->flow_label) };
	struct dst_entry *dst;

	if (!fl6.flowi6_oif)
		fl6.flowi6_oif = ipv6_addr_is_multicast(&fl6.daddr) ? np->mcast_oif : np->ucast_oif;
	final_p = fl6_update_dst(&fl6, np->opt, &final);
	dst = ip6_dst_lookup_flow(sk, &fl6, final_p);
	if (IS_ERR(dst))
		return (int)PTR_ERR(dst);
	if (fix_saddr) {
		if (ipv6_addr_any(&np->saddr))
			np->saddr = fl6.saddr;
		if (ipv6_addr_any(&sk->sk_v6_rcv_saddr)) {
			sk->sk_v6_rcv_saddr = fl6.saddr;
			sk->sk_rcv_saddr = LOOPBACK4_IPV6;
			if (sk->sk_prot->rehash)
				sk->sk_prot->rehash(sk);
		}
	}
	ip6_dst_store(sk, dst, &sk->sk_v6_daddr, NULL);
	return 0;
}

/* Towards an IPv4 address. */
static int connect_v4(struct sock *sk, struct sockaddr *addr, int len)
{
	struct ipv6_pinfo *np = inet6_sk(sk);
	int err = __ip4_datagram_connect(sk, addr, len);

	if (err)
		return err;
	ipv6_addr_set_v4mapped(sk->sk_daddr, &sk->sk_v6_daddr);
	if (ipv6_addr_any(&np->saddr) || ipv6_addr_v4mapped(&np->saddr))
		ipv6_addr_set_v4mapped(inet_sk(sk)->inet_saddr, &np->saddr);
	if (ipv6_addr_any(&sk->sk_v6_rcv_saddr) || ipv6_addr_v4mapped(&sk->sk_v6_rcv_saddr)) {
		ipv6_addr_set_v4mapped(sk->sk_rcv_saddr, &sk->sk_v6_rcv_saddr);
		if (sk->sk_prot->rehash)
			sk->sk_prot->rehash(sk);
	}
	return 0;
}

/* EINVAL, EAFNOSUPPORT, ENETUNREACH, EACCES ... */
int __ip6_datagram_connect(struct sock *sk, struct sockaddr *addr, int len)
{
	const struct sockaddr_in6 *usin = (const struct sockaddr_in6 *)addr;
	struct ipv6_pinfo *np = inet6_sk(sk);
	struct in6_addr daddr, old_daddr;
	int type, err;
	__be32 label = 0;
	__be16 old_dport;

	if (usin->sin6_family == AF_INET) {
		if (ipv6_only_sock(sk))
			return -EAFNOSUPPORT;
		return connect_v4(sk, addr, len);
	}
	if (len < SIN6_LEN_RFC2133)
		return -EINVAL;
	if (usin->sin6_family != AF_INET6)
		return -EAFNOSUPPORT;
	if (np->sndflow)
		label = usin->sin6_flowinfo & IPV6_FLOWINFO_MASK;
	daddr = usin->sin6_addr;
	if (ipv6_addr_any(&daddr)) { /* to itself */
		if (ipv6_addr_v4mapped(&sk->sk_v6_rcv_saddr))
			ipv6_addr_set_v4mapped(htonl(INADDR_LOOPBACK), &daddr);
		else
			daddr = in6addr_loopback;
	}
	type = __ipv6_addr_type(&daddr);
	if ((type & 0xffff) == IPV6_ADDR_MAPPED) {
		struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = usin->sin6_port,
			.sin_addr.s_addr = daddr.s6_addr32[3] };

		if (ipv6_only_sock(sk))
			return -ENETUNREACH;
		return connect_v4(sk, (struct sockaddr *)&sin, sizeof(sin));
	}
	if (__ipv6_addr_needs_scope_id(type)) {
		if (len >= (int)sizeof(*usin) && usin->sin6_scope_id) {
			if (sk->sk_bound_dev_if && sk->sk_bound_dev_if != (int)usin->sin6_scope_id)
				return -EINVAL;
			sk->sk_bound_dev_if = (int)usin->sin6_scope_id;
		}
		if (!sk->sk_bound_dev_if && type & IPV6_ADDR_MULTICAST)
			sk->sk_bound_dev_if = np->mcast_oif;
		if (!sk->sk_bound_dev_if)
			return -EINVAL;
	}
	old_daddr = sk->sk_v6_daddr;
	old_dport = sk->sk_dport;
	sk->sk_v6_daddr = daddr;
	np->flow_label = label;
	sk->sk_dport = usin->sin6_port;
	sk_dst_reset(sk);
	err = ip6_datagram_dst_update(sk, true);
	if (err) {
		/* Once connected, a failed connect leaves the old peer. */
		sk->sk_v6_daddr = old_daddr;
		sk->sk_dport = old_dport;
		return err;
	}
	if (sk->sk_reuseport_cb)
		sk->sk_reuseport_cb->has_conns = true;
	sk->sk_daddr = 0;
	sk->sk_state = TCP_ESTABLISHED;
	return 0;
}

static int ip6_datagram_connect(struct sock *sk, struct sockaddr *addr, int len)
{
	int err;

	lock_sock(sk);
	err = __ip6_datagram_connect(sk, addr, len);
	release_sock(sk);
	return err;
}

int ip6_datagram_connect_v6_only(struct sock *sk, struct sockaddr *addr, int len)
{
	if (((struct sockaddr_in6 *)addr)->sin6_family != AF_INET6)
		return -EAFNOSUPPORT;
	return ip6_datagram_connect(sk, addr, len);
}

/* ---- the error queue ---- */

void ipv6_icmp_error(struct sock *sk, struct sk_buff *skb, int err, __be16 port, u32 info, u8 *payload)
{
	const struct icmp6hdr *icmph = (const struct icmp6hdr *)skb_transport_header(skb);
	struct sock_exterr_skb *serr;

	if (!inet6_sk(sk)->recverr)
		return;
	skb = skb_clone(skb);
	if (!skb)
		return;
	skb->protocol = htons(ETH_P_IPV6);
	serr = SKB_EXT_ERR(skb);
	memset(serr, 0, sizeof(*serr));
	serr->header.h6.iif = skb->skb_iif;
	serr->ee.ee_errno = (u32)err;
	serr->ee.ee_origin = SO_EE_ORIGIN_ICMP6;
	serr->ee.ee_type = icmph->icmp6_type;
	serr->ee.ee_code = icmph->icmp6_code;
	serr->ee.ee_info = info;
	serr->addr_offset = (u16)((const u8 *)&((const struct ipv6hdr *)(icmph + 1))->daddr - skb_network_header(skb));
	serr->port = port;
	if (payload >= skb->data && skb_pull(skb, payload - skb->data)) {
		skb_reset_transport_header(skb);
		if (!sock_queue_err_skb(sk, skb))
			return;
	}
	kfree_skb(skb);
}

/* An entry whose packet is a header with the flow's destination. */
static struct sk_buff *local_entry(const struct flowi6 *fl6)
{
	struct sk_buff *skb = alloc_skb(sizeof(struct ipv6hdr));
	struct ipv6hdr *iph;

	if (!skb)
		return NULL;
	skb->protocol = htons(ETH_P_IPV6);
	iph = skb_put(skb, sizeof(*iph));
	memset(iph, 0, sizeof(*iph));
	skb_reset_network_header(skb);
	iph->daddr = fl6->daddr;
	ip6_flow_hdr(iph, 0, 0);
	memset(skb->cb, 0, sizeof(skb->cb));
	skb_pull(skb, sizeof(*iph));
	skb_reset_transport_header(skb);
	return skb;
}

void ipv6_local_error(struct sock *sk, int err, struct flowi6 *fl6, u32 info)
{
	struct sock_exterr_skb *serr;
	struct sk_buff *skb;

	if (!sk || sk->sk_family != AF_INET6 || !inet6_sk(sk)->recverr)
		return;
	skb = local_entry(fl6);
	if (!skb)
		return;
	serr = SKB_EXT_ERR(skb);
	serr->ee.ee_errno = (u32)err;
	serr->ee.ee_origin = SO_EE_ORIGIN_LOCAL;
	serr->ee.ee_info = info;
	serr->addr_offset = offsetof(struct ipv6hdr, daddr);
	serr->port = fl6->fl6_dport;
	if (sock_queue_err_skb(sk, skb))
		kfree_skb(skb);
}

/* IPV6_RECVPATHMTU: told by the next recvmsg. */
void ipv6_local_rxpmtu(struct sock *sk, struct flowi6 *fl6, u32 mtu)
{
	struct ipv6_pinfo *np = inet6_sk(sk);
	struct ip6_mtuinfo *mtu_info;
	struct sk_buff *skb;

	if (!np->rxopt.rxpmtu)
		return;
	skb = local_entry(fl6);
	if (!skb)
		return;
	mtu_info = (struct ip6_mtuinfo *)skb->cb;
	BUILD_BUG_ON(sizeof(*mtu_info) > sizeof(skb->cb));
	mtu_info->ip6m_mtu = mtu;
	mtu_info->ip6m_addr.sin6_family = AF_INET6;
	mtu_info->ip6m_addr.sin6_scope_id = (u32)fl6->flowi6_oif;
	mtu_info->ip6m_addr.sin6_addr = fl6->daddr;
	kfree_skb(np->rxpmtu);
	np->rxpmtu = skb;
}

ssize_t ipv6_recv_rxpmtu(struct sock *sk, struct msghdr *msg, size_t size __maybe_unused)
{
	struct ipv6_pinfo *np = inet6_sk(sk);
	struct sk_buff *skb = np->rxpmtu;
	struct ip6_mtuinfo info;

	if (!skb)
		return -EAGAIN;
	np->rxpmtu = NULL;
	memcpy(&info, skb->cb, sizeof(info));
	if (msg->msg_name) {
		struct sockaddr_in6 *sin = msg->msg_name;

		memset(sin, 0, sizeof(*sin));
		sin->sin6_family = AF_INET6;
		sin->sin6_scope_id = info.ip6m_addr.sin6_scope_id;
		sin->sin6_addr = info.ip6m_addr.sin6_addr;
		msg->msg_namelen = sizeof(*sin);
	}
	put_cmsg(msg, SOL_IPV6, IPV6_PATHMTU, &info, sizeof(info));
	kfree_skb(skb);
	return 0;
}

static void err_name(struct msghdr *msg, struct sock *sk, const struct sk_buff *skb, const struct sock_exterr_skb *serr)
{
	struct sockaddr_in6 *sin = msg->msg_name;
	const u8 *nh = skb_network_header(skb);

	memset(sin, 0, sizeof(*sin));
	sin->sin6_family = AF_INET6;
	sin->sin6_port = serr->port;
	if (skb->protocol == htons(ETH_P_IPV6)) {
		memcpy(&sin->sin6_addr, nh + serr->addr_offset, 16);
		if (inet6_sk(sk)->sndflow)
			sin->sin6_flowinfo = get_unaligned32(nh + serr->addr_offset - offsetof(struct ipv6hdr, daddr))
				& IPV6_FLOWINFO_MASK;
		sin->sin6_scope_id = (u32)ipv6_iface_scope_id(&sin->sin6_addr, serr->header.h6.iif);
	} else {
		ipv6_addr_set_v4mapped(get_unaligned32(nh + serr->addr_offset), &sin->sin6_addr);
	}
	msg->msg_namelen = sizeof(*sin);
}

static bool has_offender6(const struct sock *sk, const struct sk_buff *skb, u8 origin)
{
	if (origin == SO_EE_ORIGIN_ICMP || origin == SO_EE_ORIGIN_ICMP6)
		return true;
	return origin == SO_EE_ORIGIN_TIMESTAMPING && sk->sk_tsflags & SOF_TIMESTAMPING_OPT_CMSG && skb->len;
}

ssize_t ipv6_recv_error(struct sock *sk, struct msghdr *msg, size_t size)
{
	struct { struct sock_extended_err ee; struct sockaddr_in6 offender; } errhdr;
	const struct sock_exterr_skb *serr;
	struct sk_buff *skb = sock_dequeue_err_skb(sk);
	ssize_t copied;
	u8 origin;
	int err;

	if (!skb)
		return -EAGAIN;
	copied = skb->len;
	if ((size_t)copied > size) {
		msg->msg_flags |= MSG_TRUNC;
		copied = (ssize_t)size;
	}
	err = skb_copy_to_iter(skb, 0, &msg->msg_iter, copied);
	if (err) {
		kfree_skb(skb);
		return err;
	}
	sock_recv_timestamp(msg, sk, skb);
	serr = SKB_EXT_ERR(skb);
	origin = serr->ee.ee_origin;
	if (msg->msg_name && (origin == SO_EE_ORIGIN_ICMP || origin == SO_EE_ORIGIN_ICMP6 || origin == SO_EE_ORIGIN_LOCAL
			|| serr->port))
		err_name(msg, sk, skb, serr);
	memset(&errhdr, 0, sizeof(errhdr));
	errhdr.ee = serr->ee;
	if (has_offender6(sk, skb, origin)) {
		errhdr.offender.sin6_family = AF_INET6;
		if (inet6_sk(sk)->rxopt.rxinfo || inet6_sk(sk)->rxopt.rxhlim || inet6_sk(sk)->rxopt.rxtclass)
			ip6_datagram_recv_common_ctl(sk, msg, skb);
		if (skb->protocol == htons(ETH_P_IPV6)) {
			errhdr.offender.sin6_addr = ipv6_hdr(skb)->saddr;
			memset(IP6CB(skb), 0, sizeof(struct inet6_skb_parm));
			IP6CB(skb)->iif = skb->skb_iif;
			ip6_datagram_recv_specific_ctl(sk, msg, skb);
			errhdr.offender.sin6_scope_id = (u32)ipv6_iface_scope_id(&errhdr.offender.sin6_addr, skb->skb_iif);
		} else {
			ipv6_addr_set_v4mapped(ip_hdr(skb)->saddr, &errhdr.offender.sin6_addr);
			if (inet_sk(sk)->cmsg_flags) {
				memset(IPCB(skb), 0, sizeof(struct inet_skb_parm));
				ip_cmsg_recv_offset(msg, sk, skb, 0, 0);
			}
		}
	}
	put_cmsg(msg, SOL_IPV6, IPV6_RECVERR, &errhdr, sizeof(errhdr));
	msg->msg_flags |= MSG_ERRQUEUE;
	kfree_skb(skb);
	return copied;
}

/* ---- what a receiver is told ---- */

void ip6_datagram_recv_common_ctl(struct sock *sk, struct msghdr *msg, struct sk_buff *skb)
{
	struct in6_pktinfo info = { .ipi6_ifindex = skb->skb_iif };

	if (!inet6_sk(sk)->rxopt.rxinfo)
		return;
	if (skb->protocol == htons(ETH_P_IPV6)) {
		info.ipi6_addr = ipv6_hdr(skb)->daddr;
	} else {
		ipv6_addr_set_v4mapped(ip_hdr(skb)->daddr, &info.ipi6_addr);
	}
	put_cmsg(msg, SOL_IPV6, IPV6_PKTINFO, &info, sizeof(info));
}

/* The extension headers that the receiver asked for, in the order of the packet (RFC 3542, 9). */
static void put_exthdrs(struct sock *sk, struct msghdr *msg, const struct sk_buff *skb)
{
	const struct ipv6_pinfo *np = inet6_sk(sk);
	const struct inet6_skb_parm *opt = IP6CB(skb);
	const u8 *nh = skb_network_header(skb);
	unsigned off = sizeof(struct ipv6hdr), end = skb->transport_header - skb->network_header;
	u8 nexthdr = ipv6_hdr(skb)->nexthdr;

	if (np->rxopt.hopopts && opt->flags & 2)
		put_cmsg(msg, SOL_IPV6, IPV6_HOPOPTS, nh + sizeof(struct ipv6hdr), (nh[sizeof(struct ipv6hdr) + 1] + 1u) << 3);
	if (!opt->lastopt && !opt->dst1 && !opt->srcrt)
		return;
	while (off + 8 <= end) {
		unsigned len = (nh[off + 1] + 1u) << 3;

		if (off + len > end)
			break;
		if (nexthdr == IPPROTO_DSTOPTS && np->rxopt.dstopts)
			put_cmsg(msg, SOL_IPV6, IPV6_DSTOPTS, nh + off, len);
		else if (nexthdr == IPPROTO_ROUTING && np->rxopt.srcrt)
			put_cmsg(msg, SOL_IPV6, IPV6_RTHDR, nh + off, len);
		else if (nexthdr == IPPROTO_AH)
			len = (nh[off + 1] + 2u) << 2;
		else if (nexthdr != IPPROTO_DSTOPTS && nexthdr != IPPROTO_ROUTING && nexthdr != IPPROTO_HOPOPTS)
			break;
		nexthdr = nh[off];
		off += len;
	}
}

/* The same by the options of RFC 2292. */
static void put_2292(struct sock *sk, struct msghdr *msg, const struct sk_buff *skb)
{
	const struct ipv6_pinfo *np = inet6_sk(sk);
	const struct inet6_skb_parm *opt = IP6CB(skb);
	const u8 *nh = skb_network_header(skb);
	int hlim = ipv6_hdr(skb)->hop_limit;

	if (np->rxopt.rxoinfo) {
		struct in6_pktinfo info = { .ipi6_ifindex = skb->skb_iif, .ipi6_addr = ipv6_hdr(skb)->daddr };

		put_cmsg(msg, SOL_IPV6, IPV6_2292PKTINFO, &info, sizeof(info));
	}
	if (np->rxopt.rxohlim)
		put_cmsg(msg, SOL_IPV6, IPV6_2292HOPLIMIT, &hlim, sizeof(hlim));
	if (np->rxopt.ohopopts && opt->flags & 2)
		put_cmsg(msg, SOL_IPV6, IPV6_2292HOPOPTS, nh + sizeof(struct ipv6hdr), (nh[sizeof(struct ipv6hdr) + 1] + 1u) << 3);
	if (np->rxopt.odstopts && opt->dst0)
		put_cmsg(msg, SOL_IPV6, IPV6_2292DSTOPTS, nh + opt->dst0, (nh[opt->dst0 + 1] + 1u) << 3);
	if (np->rxopt.osrcrt && opt->srcrt)
		put_cmsg(msg, SOL_IPV6, IPV6_2292RTHDR, nh + opt->srcrt, (nh[opt->srcrt + 1] + 1u) << 3);
	if (np->rxopt.odstopts && opt->dst1)
		put_cmsg(msg, SOL_IPV6, IPV6_2292DSTOPTS, nh + opt->dst1, (nh[opt->dst1 + 1] + 1u) << 3);
}

void ip6_datagram_recv_specific_ctl(struct sock *sk, struct msghdr *msg, struct sk_buff *skb)
{
	const struct ipv6_pinfo *np = inet6_sk(sk);
	const struct ipv6hdr *hdr = ipv6_hdr(skb);
	int val;

	if (np->rxopt.rxhlim) {
		val = hdr->hop_limit;
		put_cmsg(msg, SOL_IPV6, IPV6_HOPLIMIT, &val, sizeof(val));
	}
	if (np->rxopt.rxtclass) {
		val = ipv6_get_dsfield(hdr);
		put_cmsg(msg, SOL_IPV6, IPV6_TCLASS, &val, sizeof(val));
	}
	if (np->rxopt.rxflow && ip6_flowinfo(hdr)) {
		__be32 flowinfo = ip6_flowinfo(hdr);

		put_cmsg(msg, SOL_IPV6, IPV6_FLOWINFO, &flowinfo, sizeof(flowinfo));
	}
	put_exthdrs(sk, msg, skb);
	put_2292(sk, msg, skb);
	if (np->rxopt.rxorigdstaddr && skb_transport_header(skb) + 4 <= skb->tail) {
		struct sockaddr_in6 sin6 = { .sin6_family = AF_INET6, .sin6_addr = hdr->daddr,
			.sin6_port = get_unaligned16(skb_transport_header(skb) + 2) };

		sin6.sin6_scope_id = (u32)ipv6_iface_scope_id(&sin6.sin6_addr, skb->skb_iif);
		put_cmsg(msg, SOL_IPV6, IPV6_ORIGDSTADDR, &sin6, sizeof(sin6));
	}
	if (np->rxopt.recvfragsize && IP6CB(skb)->frag_max_size) {
		val = IP6CB(skb)->frag_max_size;
		put_cmsg(msg, SOL_IPV6, IPV6_RECVFRAGSIZE, &val, sizeof(val));
	}
}

void ip6_datagram_recv_ctl(struct sock *sk, struct msghdr *msg, struct sk_buff *skb)
{
	ip6_datagram_recv_common_ctl(sk, msg, skb);
	ip6_datagram_recv_specific_ctl(sk, msg, skb);
}

/* ---- what a sender says ---- */

static int cmsg_pktinfo(struct sock *sk, const struct cmsghdr *cmsg, struct flowi6 *fl6)
{
	const struct in6_pktinfo *info = CMSG_DATA(cmsg);
	struct net_device *dev = NULL;
	int type;

	if (cmsg->cmsg_len < CMSG_LEN(sizeof(*info)))
		return -EINVAL;
	if (info->ipi6_ifindex) {
		if (fl6->flowi6_oif && info->ipi6_ifindex != fl6->flowi6_oif)
			return -EINVAL;
		fl6->flowi6_oif = info->ipi6_ifindex;
	}
	type = __ipv6_addr_type(&info->ipi6_addr);
	if (fl6->flowi6_oif) {
		dev = dev_get_by_index(fl6->flowi6_oif);
		if (!dev)
			return -ENODEV;
	} else if (type & IPV6_ADDR_LINKLOCAL) {
		return -EINVAL;
	}
	if ((type & 0xffff) == IPV6_ADDR_ANY)
		return 0;
	if (!inet_can_nonlocal_bind(inet_sk(sk)) && !net_sysctl.ip6_nonlocal_bind
			&& !ipv6_chk_addr(&info->ipi6_addr, __ipv6_addr_needs_scope_id(type) ? dev : NULL)
			&& !ipv6_addr_v4mapped(&info->ipi6_addr))
		return -EINVAL;
	fl6->saddr = info->ipi6_addr;
	return 0;
}

/* A new set of extension headers with @hdr in the place that @type says. */
static int cmsg_option(const struct cmsghdr *cmsg, struct ipcm6_cookie *ipc6, struct flowi6 *fl6 __maybe_unused)
{
	const struct ipv6_opt_hdr *hdr = CMSG_DATA(cmsg);
	struct ipv6_txoptions *n;
	unsigned len;

	if (cmsg->cmsg_len < CMSG_LEN(sizeof(*hdr)))
		return -EINVAL;
	len = (hdr->hdrlen + 1u) << 3;
	if (cmsg->cmsg_len < CMSG_LEN(len))
		return -EINVAL;
	if (cmsg->cmsg_type != IPV6_RTHDR && cmsg->cmsg_type != IPV6_2292RTHDR && !capable(CAP_NET_RAW))
		return -EPERM;
	if (cmsg->cmsg_type == IPV6_RTHDR || cmsg->cmsg_type == IPV6_2292RTHDR) {
		const struct ipv6_rt_hdr *rt = (const struct ipv6_rt_hdr *)hdr;

		/* Type 0 is deprecated (RFC 5095); type 2 belongs to mobile hosts. */
		LEDGER("IPV6_RTHDR", rt->type);
		return -EINVAL;
	}
	n = ipv6_renew_options(ipc6->opt, cmsg->cmsg_type, hdr, len);
	if (IS_ERR(n))
		return (int)PTR_ERR(n);
	txopt_put(ipc6->opt);
	ipc6->opt = n;
	return 0;
}

static int cmsg_int(const struct cmsghdr *cmsg, int low, int high, int *val)
{
	int v;

	if (cmsg->cmsg_len != CMSG_LEN(sizeof(int)))
		return -EINVAL;
	v = (int)get_unaligned32(CMSG_DATA(cmsg));
	if (v < low || v > high)
		return -EINVAL;
	*val = v;
	return 0;
}

static int cmsg_one(struct sock *sk, const struct cmsghdr *cmsg, struct flowi6 *fl6, struct ipcm6_cookie *ipc6)
{
	switch (cmsg->cmsg_type) {
	case IPV6_PKTINFO:
	case IPV6_2292PKTINFO:
		return cmsg_pktinfo(sk, cmsg, fl6);
	case IPV6_FLOWINFO:
		if (cmsg->cmsg_len < CMSG_LEN(4))
			return -EINVAL;
		if (fl6->flowlabel & IPV6_FLOWINFO_MASK
				&& (fl6->flowlabel ^ get_unaligned32(CMSG_DATA(cmsg))) & ~IPV6_FLOWINFO_MASK)
			return -EINVAL;
		fl6->flowlabel = IPV6_FLOWINFO_MASK & get_unaligned32(CMSG_DATA(cmsg));
		return 0;
	case IPV6_2292HOPOPTS:
	case IPV6_HOPOPTS:
	case IPV6_2292DSTOPTS:
	case IPV6_DSTOPTS:
	case IPV6_RTHDRDSTOPTS:
	case IPV6_2292RTHDR:
	case IPV6_RTHDR:
		return cmsg_option(cmsg, ipc6, fl6);
	case IPV6_2292HOPLIMIT:
	case IPV6_HOPLIMIT:
		return cmsg_int(cmsg, -1, 255, &ipc6->hlimit);
	case IPV6_TCLASS:
		return cmsg_int(cmsg, -1, 255, &ipc6->tclass);
	case IPV6_DONTFRAG:
		return cmsg_int(cmsg, 0, 1, &ipc6->dontfrag);
	}
	LEDGER("IPPROTO_IPV6 control message", cmsg->cmsg_type);
	return -EINVAL;
}

struct in6_addr *ip6_datagram_finish_flow(const struct sock *sk, const struct in6_addr *daddr, struct ipcm6_cookie *ipc6,
	struct flowi6 *fl6, struct in6_addr *final)
{
	const struct ipv6_pinfo *np = inet6_sk(sk);
	struct in6_addr *final_p;

	fl6->flowi6_mark = ipc6->sockc.mark;
	fl6->daddr = ipv6_addr_any(daddr) ? in6addr_loopback : *daddr;
	if (ipv6_addr_any(&fl6->saddr) && !ipv6_addr_any(&np->saddr))
		fl6->saddr = np->saddr;
	final_p = fl6_update_dst(fl6, ipc6->opt, final);
	if (!fl6->flowi6_oif)
		fl6->flowi6_oif = ipv6_addr_is_multicast(&fl6->daddr) ? np->mcast_oif : np->ucast_oif;
	if (ipc6->tclass < 0)
		ipc6->tclass = np->tclass;
	fl6->flowlabel = ip6_make_flowinfo((unsigned)ipc6->tclass, fl6->flowlabel);
	return final_p;
}

int ip6_datagram_send_ctl(struct sock *sk, struct msghdr *msg, struct flowi6 *fl6, struct ipcm6_cookie *ipc6)
{
	struct cmsghdr *cmsg;

	for_each_cmsghdr(cmsg, msg) {
		int err = 0;

		if (!CMSG_OK(msg, cmsg))
			return -EINVAL;
		if (cmsg->cmsg_level == SOL_SOCKET)
			err = sock_cmsg_send(sk, cmsg, &ipc6->sockc);
		else if (cmsg->cmsg_level == SOL_IPV6)
			err = cmsg_one(sk, cmsg, fl6, ipc6);
		if (err)
			return err;
	}
	return 0;
}
