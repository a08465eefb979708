/* TCP over IPv6: what differs from tcp_ipv4.c. Sockets of this family talk to mapped addresses by IPv4's functions. */
#include "../tcp.h"
#include "../ipv6.h"
#include "../route.h"
#include "byteorder.h"
#include "host.h"
#include "slab.h"
#include "string.h"
#include <linux/if_packet.h>

static struct ipv6_pinfo *tcp_inet6_sk(const struct sock *sk)
{
	return &((struct tcp6_sock *)sk)->inet6;
}

/* ---- checksums ---- */

static void __tcp_v6_send_check(struct sk_buff *skb, const struct in6_addr *saddr, const struct in6_addr *daddr)
{
	struct tcphdr *th = tcp_hdr(skb);

	th->check = (u16)~csum_ipv6_magic(saddr, daddr, skb->len, IPPROTO_TCP, 0);
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = (u16)(skb_transport_header(skb) - skb->head);
	skb->csum_offset = offsetof(struct tcphdr, check);
}

static void tcp_v6_send_check(struct sock *sk, struct sk_buff *skb)
{
	__tcp_v6_send_check(skb, &inet6_sk(sk)->saddr, &sk->sk_v6_daddr);
}

/* The sum of the pseudo header, not folded. */
static u32 tcp_v6_pseudo(const struct sk_buff *skb)
{
	return (u16)~csum_ipv6_magic(&ipv6_hdr(skb)->saddr, &ipv6_hdr(skb)->daddr, skb->len, IPPROTO_TCP, 0);
}

/* ---- connect ---- */

static u32 tcp_v6_init_seq(const struct sk_buff *skb)
{
	return secure_tcpv6_seq(&ipv6_hdr(skb)->daddr, &ipv6_hdr(skb)->saddr, tcp_hdr(skb)->dest, tcp_hdr(skb)->source);
}

static u32 tcp_v6_init_ts_off(const struct sk_buff *skb)
{
	return net_sysctl.tcp_timestamps == 1 ? secure_tcpv6_ts_off(&ipv6_hdr(skb)->daddr, &ipv6_hdr(skb)->saddr) : 0;
}

/* A mapped address: by IPv4 from here on. */
static int tcp_v6_connect_mapped(struct sock *sk, const struct sockaddr_in6 *usin)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = usin->sin6_port };
	u16 ext = icsk->icsk_ext_hdr_len;
	int err;

	if (ipv6_only_sock(sk))
		return -ENETUNREACH;
	sin.sin_addr.s_addr = usin->sin6_addr.s6_addr32[3];
	icsk->icsk_af_ops = &ipv6_mapped;
	err = tcp_v4_connect(sk, (struct sockaddr *)&sin, sizeof(sin));
	if (err) {
		icsk->icsk_ext_hdr_len = ext;
		icsk->icsk_af_ops = &ipv6_specific;
		sk->sk_dport = 0;
		return err;
	}
	inet6_sk(sk)->saddr = sk->sk_v6_rcv_saddr;
	return 0;
}

static void tcp_v6_reset_saddr(struct sock *sk)
{
	if (sk->sk_userlocks & SOCK_BINDADDR_LOCK)
		return;
	memset(&sk->sk_v6_rcv_saddr, 0, sizeof(sk->sk_v6_rcv_saddr));
	memset(&inet6_sk(sk)->saddr, 0, sizeof(struct in6_addr));
	inet_sk(sk)->inet_saddr = sk->sk_rcv_saddr = 0;
}

/* The address of the peer: the scope of a link-local one must be known. 0 or -EINVAL, -ENETUNREACH. */
static int tcp_v6_check_daddr(struct sock *sk, struct sockaddr_in6 *usin, int len)
{
	int type;

	if (ipv6_addr_any(&usin->sin6_addr)) {
		/* This host itself. */
		if (ipv6_addr_v4mapped(&sk->sk_v6_rcv_saddr))
			ipv6_addr_set_v4mapped(htonl(0x7f000001), &usin->sin6_addr);
		else
			usin->sin6_addr = in6addr_loopback;
	}
	type = ipv6_addr_type(&usin->sin6_addr);
	if (type & IPV6_ADDR_MULTICAST)
		return -ENETUNREACH;
	if (type & IPV6_ADDR_LINKLOCAL) {
		if (len >= (int)sizeof(struct sockaddr_in6) && usin->sin6_scope_id) {
			if (sk->sk_bound_dev_if && sk->sk_bound_dev_if != (int)usin->sin6_scope_id)
				return -EINVAL;
			sk->sk_bound_dev_if = (int)usin->sin6_scope_id;
		}
		if (!sk->sk_bound_dev_if)
			return -EINVAL;
	}
	return 0;
}

static void tcp_v6_flow(struct sock *sk, struct flowi6 *fl6)
{
	const struct ipv6_pinfo *np = inet6_sk(sk);

	memset(fl6, 0, sizeof(*fl6));
	fl6->flowi6_proto = IPPROTO_TCP;
	fl6->daddr = sk->sk_v6_daddr;
	fl6->saddr = sk->sk_v6_rcv_saddr;
	fl6->flowlabel = ip6_make_flowinfo(np->tclass, np->flow_label);
	fl6->flowi6_oif = sk->sk_bound_dev_if;
	fl6->flowi6_mark = sk->sk_mark;
	fl6->fl6_dport = sk->sk_dport;
	fl6->fl6_sport = inet_sk(sk)->inet_sport;
	fl6->flowi6_uid = sk->sk_uid;
}

/* The socket is owned. As tcp_v4_connect(). */
static int tcp_v6_connect(struct sock *sk, struct sockaddr *addr, int len)
{
	struct sockaddr_in6 *usin = (struct sockaddr_in6 *)addr;
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct ipv6_pinfo *np = inet6_sk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	struct in6_addr *final_p, final;
	struct dst_entry *dst;
	struct flowi6 fl6;
	bool bound = !ipv6_addr_any(&sk->sk_v6_rcv_saddr);
	int err;

	if (len < 24) /* without sin6_scope_id, as RFC 2133 had it */
		return -EINVAL;
	if (usin->sin6_family != AF_INET6)
		return -EAFNOSUPPORT;
	err = tcp_v6_check_daddr(sk, usin, len);
	if (err)
		return err;
	if (tp->rx_opt.ts_recent_stamp && !ipv6_addr_equal(&sk->sk_v6_daddr, &usin->sin6_addr)) {
		tp->rx_opt.ts_recent = tp->rx_opt.ts_recent_stamp = 0;
		tp->write_seq = 0;
	}
	sk->sk_v6_daddr = usin->sin6_addr;
	np->flow_label = np->sndflow ? usin->sin6_flowinfo & IPV6_FLOWLABEL_MASK : 0;
	if (ipv6_addr_v4mapped(&usin->sin6_addr))
		return tcp_v6_connect_mapped(sk, usin);
	sk->sk_dport = usin->sin6_port;
	tcp_v6_flow(sk, &fl6);
	final_p = fl6_update_dst(&fl6, np->opt, &final);
	dst = ip6_dst_lookup_flow(sk, &fl6, final_p);
	if (IS_ERR(dst)) {
		err = (int)PTR_ERR(dst);
		goto failure;
	}
	if (!bound)
		sk->sk_v6_rcv_saddr = fl6.saddr;
	np->saddr = sk->sk_v6_rcv_saddr;
	/* What of IPv4 looks at the socket sees an address that nobody has. */
	sk->sk_rcv_saddr = inet_sk(sk)->inet_saddr = htonl(0x7f000006);
	ip6_dst_store(sk, dst, NULL, NULL);
	icsk->icsk_ext_hdr_len = np->opt ? np->opt->opt_flen + np->opt->opt_nflen : 0;
	tp->rx_opt.mss_clamp = IPV6_MIN_MTU - sizeof(struct tcphdr) - sizeof(struct ipv6hdr);
	tcp_set_state(sk, TCP_SYN_SENT);
	err = inet6_hash_connect(sk, inet_sk(sk)->inet_sport ? 0
		: secure_ipv6_port_ephemeral(&np->saddr, &sk->sk_v6_daddr, sk->sk_dport));
	if (err)
		goto late_failure;
	if (!tp->write_seq)
		tp->write_seq = secure_tcpv6_seq(&np->saddr, &sk->sk_v6_daddr, inet_sk(sk)->inet_sport, sk->sk_dport);
	tp->tsoffset = net_sysctl.tcp_timestamps == 1 ? secure_tcpv6_ts_off(&np->saddr, &sk->sk_v6_daddr) : 0;
	if (tcp_fastopen_defer_connect(sk, &err))
		return err;
	if (!err)
		err = tcp_connect(sk);
	if (!err)
		return 0;
late_failure:
	tcp_set_state(sk, TCP_CLOSE);
	tcp_v6_reset_saddr(sk);
failure:
	sk->sk_dport = 0;
	return err;
}

/* ---- answers without a socket ---- */

/* The header @th with its options, @size bytes, back to where @skb came from. */
static void tcp_v6_reply(const struct sock *sk, struct sk_buff *skb, const void *th, u32 size, int oif, u8 tclass, __be32 label,
	u32 mark)
{
	const struct ipv6hdr *h = ipv6_hdr(skb);
	struct flowi6 fl6 = { .daddr = h->saddr, .saddr = h->daddr, .flowi6_proto = IPPROTO_TCP, .flowlabel = label,
		.flowi6_mark = mark };
	struct dst_entry *dst;
	struct sk_buff *reply = alloc_skb(MAX_TCP_HEADER + size);

	if (!reply)
		return;
	fl6.flowi6_oif = ipv6_addr_type(&fl6.daddr) & (IPV6_ADDR_LINKLOCAL | IPV6_ADDR_MULTICAST) ? skb->skb_iif : oif;
	fl6.fl6_dport = ((const struct tcphdr *)th)->dest;
	fl6.fl6_sport = ((const struct tcphdr *)th)->source;
	skb_reserve(reply, MAX_TCP_HEADER);
	memcpy(skb_put(reply, size), th, size);
	skb_reset_transport_header(reply);
	__tcp_v6_send_check(reply, &fl6.saddr, &fl6.daddr);
	dst = ip6_dst_lookup_flow(NULL, &fl6, NULL);
	if (IS_ERR(dst)) {
		kfree_skb(reply);
		return;
	}
	skb_dst_set(reply, dst);
	local_bh_disable();
	ip6_xmit(sk, reply, &fl6, mark, NULL, tclass, 0);
	TCP_INC_STATS(TCP_MIB_OUTSEGS);
	local_bh_enable();
}

void tcp_v6_send_reset(const struct sock *sk, struct sk_buff *skb)
{
	const struct tcphdr *th = tcp_hdr(skb);
	struct tcphdr rep = { .source = th->dest, .dest = th->source, .doff = sizeof(rep) / 4, .rst = 1 };

	if (th->rst)
		return;
	if (!sk && !(ipv6_addr_type(&ipv6_hdr(skb)->daddr) & IPV6_ADDR_UNICAST)
			&& !ipv6_addr_loopback(&ipv6_hdr(skb)->daddr))
		return;
	if (th->ack) {
		rep.seq = th->ack_seq;
	} else {
		rep.ack = 1;
		rep.ack_seq = htonl(TCP_SKB_CB(skb)->end_seq);
	}
	tcp_v6_reply(NULL, skb, &rep, sizeof(rep), sk ? sk->sk_bound_dev_if : 0, TCP_SKB_CB(skb)->ip_dsfield & ~3, 0, 0);
	TCP_INC_STATS(TCP_MIB_OUTRSTS);
}

void tcp_v6_send_ack_for(const struct sock *sk, struct sk_buff *skb, u32 seq, u32 ack, u32 win, u32 tsval, u32 tsecr, int oif,
	u8 tclass, __be32 label)
{
	const struct tcphdr *th = tcp_hdr(skb);
	struct {
		struct tcphdr th;
		u8 opt[TCPOLEN_TSTAMP_ALIGNED];
	} rep = { .th = { .source = th->dest, .dest = th->source, .ack = 1, .seq = htonl(seq), .ack_seq = htonl(ack),
		.window = htons((u16)win) } };
	u32 size = sizeof(rep.th);

	(void)sk;
	if (tsecr) {
		put_unaligned_be32(TCPOPT_NOP << 24 | TCPOPT_NOP << 16 | TCPOPT_TIMESTAMP << 8 | TCPOLEN_TIMESTAMP, rep.opt);
		put_unaligned_be32(tsval, rep.opt + 4);
		put_unaligned_be32(tsecr, rep.opt + 8);
		size = sizeof(rep);
	}
	rep.th.doff = size / 4;
	tcp_v6_reply(NULL, skb, &rep, size, oif, tclass, label, 0);
}

static void tcp_v6_timewait_ack(struct inet_timewait_sock *tw, struct sk_buff *skb)
{
	tcp_v6_send_ack_for(NULL, skb, tw->tw_snd_nxt, tw->tw_rcv_nxt, tw->tw_rcv_wnd >> tw->tw_rcv_wscale,
		tcp_clock_ts() + tw->tw_ts_offset, tw->tw_ts_recent, tw->sk_bound_dev_if, tw->tw_tos, tw->tw_flowlabel);
}

/* ---- new connections ---- */

static void tcp_v6_init_req(struct request_sock *req, const struct sock *sk, struct sk_buff *skb)
{
	req->sk_v6_daddr = ipv6_hdr(skb)->saddr;
	req->sk_v6_rcv_saddr = ipv6_hdr(skb)->daddr;
	req->sk_daddr = req->sk_rcv_saddr = htonl(0x7f000006);
	/* Answers to a link-local address go where it came from. */
	if (!sk->sk_bound_dev_if && ipv6_addr_type(&req->sk_v6_daddr) & IPV6_ADDR_LINKLOCAL)
		req->sk_bound_dev_if = skb->skb_iif;
}

static void tcp_v6_req_flow(const struct sock *sk, const struct request_sock *req, struct flowi6 *fl6)
{
	memset(fl6, 0, sizeof(*fl6));
	fl6->flowi6_proto = IPPROTO_TCP;
	fl6->daddr = req->sk_v6_daddr;
	fl6->saddr = req->sk_v6_rcv_saddr;
	fl6->flowi6_oif = req->sk_bound_dev_if;
	fl6->flowi6_mark = req->ir_mark;
	fl6->fl6_dport = req->sk_dport;
	fl6->fl6_sport = htons(req->sk_num);
	fl6->flowi6_uid = sk->sk_uid;
}

static struct dst_entry *tcp_v6_route_req(const struct sock *sk, struct request_sock *req)
{
	struct in6_addr *final_p, final;
	struct dst_entry *dst;
	struct flowi6 fl6;

	tcp_v6_req_flow(sk, req, &fl6);
	final_p = fl6_update_dst(&fl6, inet6_sk(sk)->opt, &final);
	dst = ip6_dst_lookup_flow(sk, &fl6, final_p);
	return IS_ERR(dst) ? NULL : dst;
}

static int tcp_v6_send_synack(const struct sock *sk, struct dst_entry *dst, struct request_sock *req,
	struct tcp_fastopen_cookie *foc, bool cookie)
{
	const struct ipv6_pinfo *np = inet6_sk(sk);
	struct dst_entry *own = NULL;
	struct sk_buff *skb;
	struct flowi6 fl6;
	u8 tclass = net_sysctl.tcp_reflect_tos ? req->syn_tos & ~3 : np->tclass;
	int err;

	if (!dst) {
		dst = own = tcp_v6_route_req(sk, req);
		if (!dst)
			return -1;
	}
	skb = tcp_make_synack(sk, dst, req, foc, cookie);
	dst_release(own);
	if (!skb)
		return -1;
	__tcp_v6_send_check(skb, &req->sk_v6_rcv_saddr, &req->sk_v6_daddr);
	tcp_v6_req_flow(sk, req, &fl6);
	local_bh_disable();
	err = ip6_xmit(sk, skb, &fl6, skb->mark ? skb->mark : sk->sk_mark, np->opt, tclass, sk->sk_priority);
	local_bh_enable();
	return err;
}

const struct tcp_conn_ops tcp_conn_ipv6 = {
	.family = AF_INET6,
	.mss_clamp = IPV6_MIN_MTU - sizeof(struct tcphdr) - sizeof(struct ipv6hdr),
	.init_req = tcp_v6_init_req,
	.route_req = tcp_v6_route_req,
	.init_seq = tcp_v6_init_seq,
	.init_ts_off = tcp_v6_init_ts_off,
	.cookie_init_seq = cookie_v6_init_sequence,
	.send_synack = tcp_v6_send_synack,
};

static int tcp_v6_conn_request(struct sock *sk, struct sk_buff *skb)
{
	if (skb->protocol == htons(ETH_P_IP))
		return tcp_v4_conn_request(sk, skb);
	if (ipv6_addr_is_multicast(&ipv6_hdr(skb)->daddr)) {
		NET_INC_STATS(LINUX_MIB_LISTENDROPS);
		return 0;
	}
	/* Mapped addresses do not belong on the wire. */
	if (ipv6_addr_v4mapped(&ipv6_hdr(skb)->saddr)) {
		IP6_INC_STATS(IPSTATS_MIB_INHDRERRORS);
		return 0;
	}
	return tcp_conn_request(&tcp_conn_ipv6, sk, skb);
}

/* A connection from an IPv4 peer to a dual-stack listener. */
static struct sock *tcp_v6_syn_recv_mapped(const struct sock *sk, struct sk_buff *skb, struct request_sock *req,
	struct dst_entry *dst, struct request_sock *req_unhash, bool *own_req)
{
	struct sock *newsk = tcp_v4_syn_recv_sock(sk, skb, req, dst, req_unhash, own_req);
	struct ipv6_pinfo *np;

	if (!newsk)
		return NULL;
	np = inet6_sk(newsk);
	np->saddr = newsk->sk_v6_rcv_saddr;
	np->mcast_oif = skb->skb_iif;
	np->mcast_hops = ip_hdr(skb)->ttl;
	np->flow_label = 0;
	inet_csk(newsk)->icsk_af_ops = &ipv6_mapped;
	tcp_sync_mss(newsk, inet_csk(newsk)->icsk_pmtu_cookie);
	return newsk;
}

static struct sock *tcp_v6_syn_recv_sock(const struct sock *sk, struct sk_buff *skb, struct request_sock *req,
	struct dst_entry *dst, struct request_sock *req_unhash, bool *own_req)
{
	bool found_dup = false;
	struct ipv6_pinfo *np;
	struct sock *newsk;

	if (skb->protocol == htons(ETH_P_IP))
		return tcp_v6_syn_recv_mapped(sk, skb, req, dst, req_unhash, own_req);
	if (sk_acceptq_is_full(sk)) {
		NET_INC_STATS(LINUX_MIB_LISTENOVERFLOWS);
		goto drop;
	}
	if (!dst) {
		dst = tcp_v6_route_req(sk, req);
		if (!dst)
			goto drop;
	}
	newsk = tcp_create_openreq_child(sk, req, skb);
	if (!newsk)
		goto drop;
	np = inet6_sk(newsk);
	newsk->sk_v6_daddr = req->sk_v6_daddr;
	newsk->sk_v6_rcv_saddr = np->saddr = req->sk_v6_rcv_saddr;
	newsk->sk_daddr = newsk->sk_rcv_saddr = inet_sk(newsk)->inet_saddr = htonl(0x7f000006);
	newsk->sk_bound_dev_if = req->sk_bound_dev_if;
	inet_sk(newsk)->inet_opt = NULL;
	memset(&inet_sk(newsk)->cork, 0, sizeof(inet_sk(newsk)->cork));
	np->mcast_oif = skb->skb_iif;
	np->mcast_hops = ipv6_hdr(skb)->hop_limit;
	np->mcast_oif = skb->skb_iif;
	np->rcv_flowinfo = ip6_flowinfo(ipv6_hdr(skb));
	np->flow_label = np->repflow ? ip6_flowlabel(ipv6_hdr(skb)) : 0;
	if (net_sysctl.tcp_reflect_tos)
		np->tclass = req->syn_tos & ~3;
	inet_csk(newsk)->icsk_ext_hdr_len = np->opt ? np->opt->opt_nflen + np->opt->opt_flen : 0;
	ip6_dst_store(newsk, dst, NULL, NULL);
	dst = NULL;
	tcp_sync_mss(newsk, dst_mtu(newsk->sk_dst_cache));
	tcp_sk(newsk)->advmss = tcp_mss_clamp(tcp_sk(sk), tcp_dst_advmss(newsk->sk_dst_cache));
	tcp_initialize_rcv_mss(newsk);
	if (__inet_inherit_port(sk, newsk) < 0)
		goto put_and_drop;
	*own_req = inet_ehash_nolisten(newsk, (struct sock *)req_unhash, &found_dup);
	if (*own_req) {
		if (req_unhash)
			tcp_req_replaced(req_unhash);
	} else if (!req_unhash && found_dup) {
		goto put_and_drop;
	}
	return newsk;

put_and_drop:
	inet_csk_prepare_forced_close(newsk);
	tcp_done(newsk);
drop:
	dst_release(dst);
	NET_INC_STATS(LINUX_MIB_LISTENDROPS);
	return NULL;
}

/* ---- ICMP errors ---- */

static void tcp_v6_mtu_reduced(struct sock *sk)
{
	struct dst_entry *dst;
	u32 mtu = tcp_sk(sk)->mtu_info;

	if (TCPF(sk->sk_state) & (TCPF(TCP_LISTEN) | TCPF(TCP_CLOSE)) || mtu >= inet_csk(sk)->icsk_pmtu_cookie)
		return;
	dst = sk_dst_check(sk);
	if (dst)
		dst->ops->update_pmtu(dst, sk, NULL, mtu);
	inet_csk(sk)->icsk_af_ops->rebuild_header(sk);
	dst = sk_dst_check(sk);
	if (!dst)
		return;
	if (inet_csk(sk)->icsk_pmtu_cookie > dst_mtu(dst)) {
		tcp_sync_mss(sk, dst_mtu(dst));
		tcp_simple_retransmit(sk);
	}
}

static void tcp_v6_err_sock(struct sock *sk, struct sk_buff *skb, u8 type, u8 code, const struct tcphdr *th, u32 info)
{
	struct request_sock *fastopen = tcp_fastopen_rsk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	u32 seq = get_unaligned_be32((const u8 *)th + 4), snd_una = fastopen ? fastopen->snt_isn : tp->snd_una;
	bool owned = sock_owned_by_user(sk), fatal;
	int err;

	if (sk->sk_state == TCP_CLOSE)
		return;
	if (sk->sk_state != TCP_LISTEN && !between(seq, snd_una, tp->snd_nxt)) {
		NET_INC_STATS(LINUX_MIB_OUTOFWINDOWICMPS);
		return;
	}
	if (type == ICMPV6_PKT_TOOBIG) {
		if (sk->sk_state == TCP_LISTEN || inet6_sk(sk)->pmtudisc == IPV6_PMTUDISC_DONT)
			return;
		tp->mtu_info = info;
		if (!owned)
			tcp_v6_mtu_reduced(sk);
		else
			sk->sk_tsq_flags |= TCPF_MTU_REDUCED_DEFERRED;
		return;
	}
	fatal = icmpv6_err_convert(type, code, &err);
	(void)fatal;
	if (TCPF(sk->sk_state) & (TCPF(TCP_SYN_SENT) | TCPF(TCP_SYN_RECV))) {
		if (fastopen && !fastopen->sk)
			return;
		ipv6_icmp_error(sk, skb, err, th->dest, info, (u8 *)th);
		if (owned) {
			sk->sk_err_soft = err;
			return;
		}
		sk->sk_err = err;
		tcp_write_queue_purge(sk);
		tcp_done(sk);
		if (!sock_flag(sk, SOCK_DEAD))
			sk_error_report(sk);
		return;
	}
	if (sk->sk_state == TCP_LISTEN)
		return;
	if (!owned && inet6_sk(sk)->recverr) {
		sk->sk_err = err;
		sk_error_report(sk);
	} else {
		sk->sk_err_soft = err;
	}
}

int tcp_v6_err(struct sk_buff *skb, u8 type, u8 code, int offset, u32 info)
{
	const struct ipv6hdr *h = (const struct ipv6hdr *)skb->data;
	const struct tcphdr *th = (const struct tcphdr *)(skb->data + offset);
	struct sock *sk;

	if (offset < 0 || skb->len < (u32)offset + 8)
		return -EINVAL;
	info = ntohl((__be32)info);
	sk = __inet6_lookup_established(&h->daddr, th->dest, &h->saddr, ntohs(th->source), skb->skb_iif);
	if (!sk) {
		ICMP6_INC_STATS(ICMP6_MIB_INERRORS);
		return -ENOENT;
	}
	if (sk->sk_state == TCP_TIME_WAIT) {
		inet_twsk_put(inet_twsk(sk));
		return 0;
	}
	if (sk->sk_state == TCP_NEW_SYN_RECV) {
		int err;

		tcp_req_err(sk, get_unaligned_be32((const u8 *)th + 4), icmpv6_err_convert(type, code, &err));
		return 0;
	}
	tcp_v6_err_sock(sk, skb, type, code, th, info);
	sock_put(sk);
	return 0;
}

/* ---- in ---- */

static void tcp_v6_time_wait(struct sk_buff *skb, struct inet_timewait_sock *tw)
{
	const struct tcphdr *th = tcp_hdr(skb);
	struct sock *sk;
	u32 isn = 0;

	switch (tcp_timewait_state_process(tw, skb, th, &isn)) {
	case TCP_TW_SYN:
		sk = inet6_lookup_listener(skb, th->doff * 4, &ipv6_hdr(skb)->saddr, th->source, &ipv6_hdr(skb)->daddr,
			ntohs(th->dest), skb->skb_iif);
		if (sk) {
			inet_twsk_deschedule_put(tw);
			tcp_tw_isn = isn;
			tcp_deliver(sock_hold(sk), skb);
			return;
		}
		/* fall through */
	case TCP_TW_ACK:
		tcp_v6_timewait_ack(tw, skb);
		inet_twsk_put(tw);
		break;
	case TCP_TW_RST:
		tcp_v6_send_reset(NULL, skb);
		inet_twsk_deschedule_put(tw);
		break;
	case TCP_TW_SUCCESS:
		break;
	}
	kfree_skb(skb);
}

static struct sock *tcp_v6_lookup(struct sk_buff *skb)
{
	const struct ipv6hdr *h = ipv6_hdr(skb);
	const struct tcphdr *th = tcp_hdr(skb);
	struct sock *sk = __inet6_lookup_established(&h->saddr, th->source, &h->daddr, ntohs(th->dest), skb->skb_iif);

	if (sk)
		return sk;
	sk = inet6_lookup_listener(skb, th->doff * 4, &h->saddr, th->source, &h->daddr, ntohs(th->dest), skb->skb_iif);
	return sk ? sock_hold(sk) : NULL;
}

/* From IPv6: data at the TCP header. */
int tcp_v6_rcv(struct sk_buff *skb)
{
	struct sock *sk;

	TCP_INC_STATS(TCP_MIB_INSEGS);
	if (skb->pkt_type != PACKET_HOST)
		goto discard;
	if (!tcp_header_ok(skb, tcp_v6_pseudo(skb)))
		goto discard;
	tcp_fill_cb(skb, ipv6_get_dsfield(ipv6_hdr(skb)));
again:
	sk = tcp_v6_lookup(skb);
	if (!sk) {
		tcp_v6_send_reset(NULL, skb);
		goto discard;
	}
	if (sk->sk_state == TCP_TIME_WAIT) {
		tcp_v6_time_wait(skb, inet_twsk(sk));
		return 0;
	}
	if (sk->sk_state == TCP_NEW_SYN_RECV) {
		if (tcp_rcv_request(inet_reqsk(sk), skb))
			return 0;
		goto again;
	}
	if (inet6_sk(sk)->min_hopcount && ipv6_hdr(skb)->hop_limit < inet6_sk(sk)->min_hopcount) {
		NET_INC_STATS(LINUX_MIB_TCPMINTTLDROP);
		sock_put(sk);
		goto discard;
	}
	tcp_deliver(sk, skb);
	return 0;
discard:
	kfree_skb(skb);
	return 0;
}

/* ---- the protocol ---- */

const struct inet_connection_sock_af_ops ipv6_specific = {
	.queue_xmit = inet6_csk_xmit,
	.send_check = tcp_v6_send_check,
	.rebuild_header = inet6_sk_rebuild_header,
	.conn_request = tcp_v6_conn_request,
	.syn_recv_sock = tcp_v6_syn_recv_sock,
	.net_header_len = sizeof(struct ipv6hdr),
	.sockaddr_len = sizeof(struct sockaddr_in6),
	.setsockopt = ipv6_setsockopt,
	.getsockopt = ipv6_getsockopt,
	.mtu_reduced = tcp_v6_mtu_reduced,
};

const struct inet_connection_sock_af_ops ipv6_mapped = {
	.queue_xmit = ip_queue_xmit,
	.send_check = tcp_v4_send_check,
	.rebuild_header = inet_sk_rebuild_header,
	.conn_request = tcp_v6_conn_request,
	.syn_recv_sock = tcp_v6_syn_recv_sock,
	.net_header_len = sizeof(struct iphdr),
	.sockaddr_len = sizeof(struct sockaddr_in6),
	.setsockopt = ipv6_setsockopt,
	.getsockopt = ipv6_getsockopt,
	.mtu_reduced = tcp_v4_mtu_reduced,
};

static int tcp_v6_init_sock(struct sock *sk)
{
	inet_csk(sk)->icsk_af_ops = &ipv6_specific;
	return tcp_init_sock(sk);
}

/* A new connection of this family has its own IPv6 part, without what belongs to the listener's. */
void tcp_v6_fix_child(struct sock *newsk)
{
	struct ipv6_pinfo *np = tcp_inet6_sk(newsk);

	inet_sk(newsk)->pinet6 = np;
	np->ipv6_mc_list = NULL;
	np->ipv6_ac_list = NULL;
	np->ipv6_fl_list = NULL;
	np->rxpmtu = NULL;
	if (np->opt)
		np->opt->refs++;
}

struct proto tcpv6_prot = {
	.name = "TCPv6",
	.no_autobind = true,
	.close = tcp_close,
	.connect = tcp_v6_connect,
	.disconnect = tcp_disconnect,
	.accept = inet_csk_accept,
	.ioctl = tcp_ioctl,
	.init = tcp_v6_init_sock,
	.destroy = tcp_destroy_sock,
	.shutdown = tcp_shutdown,
	.setsockopt = tcp_setsockopt,
	.getsockopt = tcp_getsockopt,
	.keepalive = tcp_set_keepalive,
	.rcvlowat_set = tcp_rcvlowat_set,
	.listen = tcp_listen,
	.sendmsg = tcp_sendmsg,
	.splice_eof = tcp_splice_eof,
	.tskey = tcp_tskey,
	.recvmsg = tcp_recvmsg,
	.backlog_rcv = tcp_do_rcv,
	.release_cb = tcp_release_cb,
	.hash = inet_hash,
	.unhash = inet_unhash,
	.get_port = inet_csk_get_port,
	.put_port = inet_put_port,
	.obj_size = sizeof(struct tcp6_sock),
	.max_header = MAX_TCP_HEADER,
	.mem = &tcp_memory,
	.sysctl_wmem = net_sysctl.tcp_wmem,
	.sysctl_rmem = net_sysctl.tcp_rmem,
};

void tcpv6_init(void)
{
	proto_register(&tcpv6_prot);
}
