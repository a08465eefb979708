/* Ping sockets of IPv6; identifiers, queue and lookup are net/ipv4/ping.c's. */
#include "../ping.h"
#include "../scm.h"
#include "kerrno.h"
#include "string.h"

struct ping6_sock {
	struct inet_sock inet;      /* first */
	struct ipv6_pinfo inet6;    /* last */
};

void ping6_err(struct sk_buff *skb, u8 type, u8 code, int offset, u32 info)
{
	const struct icmp6hdr *about = (const struct icmp6hdr *)(skb->data + offset);
	const struct ipv6hdr *hdr = (const struct ipv6hdr *)skb->data;
	struct ipv6hdr back = { .daddr = hdr->saddr, .saddr = hdr->daddr }; /* as its answer would have come */
	struct sk_buff answer = { .head = (u8 *)&back, .protocol = htons(ETH_P_IPV6), .skb_iif = skb->skb_iif };
	struct sock *sk;
	bool harderr;
	int err;

	sk = ping_lookup(&answer, ntohs(about->icmp6_identifier));
	if (!sk)
		return;
	harderr = icmpv6_err_convert(type, code, &err);
	if (inet6_sk(sk)->recverr)
		ipv6_icmp_error(sk, skb, err, 0, ntohl(info), (u8 *)about);
	else if (!harderr || sk->sk_state != TCP_ESTABLISHED)
		return;
	sk->sk_err = err;
	sk_error_report(sk);
}

static ssize_t ping_v6_sendmsg(struct sock *sk, struct msghdr *msg, size_t size)
{
	const struct sockaddr_in6 *sin6 = msg->msg_name;
	struct ipv6_pinfo *np = inet6_sk(sk);
	struct icmp6hdr user_icmph, *icmp6h;
	struct inet_cork cork;
	struct flowi6 *fl6 = &cork.fl.u.ip6;
	struct in6_addr daddr;
	struct ipcm6_cookie ipc6;
	struct dst_entry *dst;
	struct sk_buff *skb;
	int oif = 0;
	ssize_t err = ping_common_sendmsg(AF_INET6, msg, size, &user_icmph, sizeof(user_icmph));

	if (err)
		return err;
	if (sin6) {
		if (msg->msg_namelen < (int)sizeof(*sin6))
			return -EINVAL;
		if (sin6->sin6_family != AF_INET6)
			return -EAFNOSUPPORT;
		daddr = sin6->sin6_addr;
		if (__ipv6_addr_needs_scope_id(ipv6_addr_type(&daddr)))
			oif = (int)sin6->sin6_scope_id;
	} else {
		if (sk->sk_state != TCP_ESTABLISHED)
			return -EDESTADDRREQ;
		daddr = sk->sk_v6_daddr;
	}
	if (!oif)
		oif = sk->sk_bound_dev_if;
	if (!oif)
		oif = np->sticky_oif;
	if (!oif)
		oif = ipv6_addr_is_multicast(&daddr) ? np->mcast_oif : np->ucast_oif;
	if (ipv6_addr_type(&daddr) & IPV6_ADDR_MAPPED || (__ipv6_addr_needs_scope_id(__ipv6_addr_type(&daddr)) && !oif))
		return -EINVAL;
	ipcm6_init_sk(&ipc6, sk);
	*fl6 = (struct flowi6){ .flowi6_proto = IPPROTO_ICMPV6, .saddr = np->saddr, .daddr = daddr, .flowi6_oif = oif,
		.flowi6_mark = ipc6.sockc.mark, .fl6_icmp_type = user_icmph.icmp6_type };
	if (msg->msg_controllen) {
		err = ip6_datagram_send_ctl(sk, msg, fl6, &ipc6);
		if (err)
			goto put_opt;
	}
	if (ipc6.tclass < 0)
		ipc6.tclass = np->tclass;
	fl6->flowlabel = ip6_make_flowinfo((unsigned)ipc6.tclass, fl6->flowlabel);
	dst = ip6_dst_lookup_flow(sk, fl6, NULL);
	if (IS_ERR(dst)) {
		err = PTR_ERR(dst);
		goto put_opt;
	}
	if (ipc6.hlimit < 0)
		ipc6.hlimit = ip6_sk_dst_hoplimit(np, fl6, dst);
	skb = ip6_make_skb(sk, ip_generic_getfrag, msg, (int)size, sizeof(*icmp6h), &ipc6, (struct rt6_info *)dst,
		msg->msg_flags, &cork);
	err = PTR_ERR(skb);
	if (IS_ERR_OR_NULL(skb))
		goto put_opt;
	icmp6h = (struct icmp6hdr *)skb_transport_header(skb);
	*icmp6h = (struct icmp6hdr){ .icmp6_type = user_icmph.icmp6_type };
	icmp6h->icmp6_identifier = inet_sk(sk)->inet_sport;
	icmp6h->icmp6_sequence = user_icmph.icmp6_sequence;
	icmp6h->icmp6_cksum = csum_ipv6_magic(&ipv6_hdr(skb)->saddr, &ipv6_hdr(skb)->daddr, (u32)(skb->tail - (u8 *)icmp6h),
		IPPROTO_ICMPV6, csum_partial(icmp6h, (size_t)(skb->tail - (u8 *)icmp6h), 0));
	skb->ip_summed = CHECKSUM_NONE;
	(void)ip6_send_skb(skb); /* other than with IPv4, what became of it is not told */
put_opt:
	txopt_put(ipc6.opt);
	return err < 0 ? err : (ssize_t)size;
}

struct proto pingv6_prot = { .name = "PINGv6", .init = ping_init_sock, .close = ping_close,
	.connect = ip6_datagram_connect_v6_only, .disconnect = ping_disconnect, .setsockopt = ipv6_setsockopt,
	.getsockopt = ipv6_getsockopt, .sendmsg = ping_v6_sendmsg, .recvmsg = ping_recvmsg, .bind = ping_bind,
	.backlog_rcv = ping_queue_rcv_skb, .hash = ping_hash, .unhash = ping_unhash, .get_port = ping_get_port,
	.put_port = ping_unhash, .obj_size = sizeof(struct ping6_sock) };

void pingv6_init(void)
{
	proto_register(&pingv6_prot);
}
