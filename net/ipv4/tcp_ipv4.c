/* TCP over IPv4: connect, the way in from IP, answers without a socket, ICMP errors, and the addresses of new connections. */
#include "../tcp.h"
#include "../route.h"
#include "byteorder.h"
#include "host.h"
#include "slab.h"
#include "string.h"
#include <linux/if_packet.h>

/* ---- checksums ---- */

/* Over lo it is never computed: whoever shows the packet to others completes it. */
static void __tcp_v4_send_check(struct sk_buff *skb, __be32 saddr, __be32 daddr)
{
	struct tcphdr *th = tcp_hdr(skb);

	th->check = (u16)~csum_tcpudp_magic(saddr, daddr, skb->len, IPPROTO_TCP, 0);
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = (u16)(skb_transport_header(skb) - skb->head);
	skb->csum_offset = offsetof(struct tcphdr, check);
}

void tcp_v4_send_check(struct sock *sk, struct sk_buff *skb)
{
	__tcp_v4_send_check(skb, inet_sk(sk)->inet_saddr, sk->sk_daddr);
}

/* ---- connect ---- */

static u32 tcp_v4_init_seq(const struct sk_buff *skb)
{
	return secure_tcp_seq(ip_hdr(skb)->daddr, ip_hdr(skb)->saddr, tcp_hdr(skb)->dest, tcp_hdr(skb)->source);
}

static u32 tcp_v4_init_ts_off(const struct sk_buff *skb)
{
	return net_sysctl.tcp_timestamps == 1 ? secure_tcp_ts_off(ip_hdr(skb)->daddr, ip_hdr(skb)->saddr) : 0;
}

/* The way to @usin; by a source route it goes to the first hop. *daddr: whom the connection is with. */
static struct rtable *tcp_v4_connect_route(struct sock *sk, const struct sockaddr_in *usin, __be32 *daddr)
{
	struct inet_sock *inet = inet_sk(sk);
	struct ip_options_rcu *opt = inet->inet_opt;
	bool source_route = opt && opt->opt.srr;
	struct flowi4 *fl4 = &inet->cork.fl.u.ip4;
	struct rtable *rt;

	if (source_route && !usin->sin_addr.s_addr)
		return ERR_PTR(-EINVAL);
	rt = ip_route_connect(fl4, source_route ? opt->opt.faddr : usin->sin_addr.s_addr, inet->inet_saddr, sk->sk_bound_dev_if,
		IPPROTO_TCP, inet->inet_sport, usin->sin_port, sk);
	if (IS_ERR(rt)) {
		if (PTR_ERR(rt) == -ENETUNREACH)
			IP_INC_STATS(IPSTATS_MIB_OUTNOROUTES);
		return rt;
	}
	if (rt->rt_flags & (RTCF_MULTICAST | RTCF_BROADCAST)) {
		ip_rt_put(rt);
		return ERR_PTR(-ENETUNREACH);
	}
	*daddr = source_route ? usin->sin_addr.s_addr : fl4->daddr;
	return rt;
}

/* Both ends but for the own port, which may be still to be found. */
static void tcp_v4_set_ends(struct sock *sk, __be32 saddr, __be32 daddr, __be16 dport)
{
	struct inet_sock *inet = inet_sk(sk);
	struct tcp_sock *tp = tcp_sk(sk);

	if (!inet->inet_saddr)
		inet->inet_saddr = saddr;
	if (!sk->sk_rcv_saddr)
		sk->sk_rcv_saddr = inet->inet_saddr;
	if (tp->rx_opt.ts_recent_stamp && sk->sk_daddr != daddr) {
		/* A socket used again for another peer. */
		tp->rx_opt.ts_recent = tp->rx_opt.ts_recent_stamp = 0;
		tp->write_seq = 0;
	}
	sk->sk_dport = dport;
	sk->sk_daddr = daddr;
	/* A mapped address of an AF_INET6 socket. */
	if (sk->sk_family == AF_INET6) {
		ipv6_addr_set_v4mapped(daddr, &sk->sk_v6_daddr);
		ipv6_addr_set_v4mapped(sk->sk_rcv_saddr, &sk->sk_v6_rcv_saddr);
	}
}

/* The socket is owned. 0 (SYN-SENT), -EINVAL, -EAFNOSUPPORT, -ENETUNREACH, -EADDRNOTAVAIL, -ENOBUFS, ... */
int tcp_v4_connect(struct sock *sk, struct sockaddr *addr, int len)
{
	struct sockaddr_in *usin = (struct sockaddr_in *)addr;
	struct inet_sock *inet = inet_sk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	struct ip_options_rcu *opt = inet->inet_opt;
	struct flowi4 *fl4 = &inet->cork.fl.u.ip4;
	__be16 orig_sport = inet->inet_sport;
	struct rtable *rt;
	__be32 daddr;
	int err;

	if (len < (int)sizeof(struct sockaddr_in))
		return -EINVAL;
	if (usin->sin_family != AF_INET)
		return -EAFNOSUPPORT;
	rt = tcp_v4_connect_route(sk, usin, &daddr);
	if (IS_ERR(rt))
		return (int)PTR_ERR(rt);
	tcp_v4_set_ends(sk, fl4->saddr, daddr, usin->sin_port);
	inet_csk(sk)->icsk_ext_hdr_len = opt ? opt->opt.optlen : 0;
	tp->rx_opt.mss_clamp = TCP_MSS_DEFAULT;
	/* In this state the socket is in no table until it has a port. */
	tcp_set_state(sk, TCP_SYN_SENT);
	err = inet_hash_connect(sk, inet->inet_sport ? 0
		: secure_ipv4_port_ephemeral(inet->inet_saddr, sk->sk_daddr, sk->sk_dport));
	if (err)
		goto failure;
	rt = ip_route_newports(fl4, rt, orig_sport, usin->sin_port, inet->inet_sport, sk->sk_dport, sk);
	if (IS_ERR(rt)) {
		err = (int)PTR_ERR(rt);
		rt = NULL;
		goto failure;
	}
	sk_dst_set(sk, &rt->dst);
	rt = NULL;
	if (!tp->write_seq)
		tp->write_seq = secure_tcp_seq(inet->inet_saddr, sk->sk_daddr, inet->inet_sport, sk->sk_dport);
	tp->tsoffset = net_sysctl.tcp_timestamps == 1 ? secure_tcp_ts_off(inet->inet_saddr, sk->sk_daddr) : 0;
	host_random(&inet->inet_id, sizeof(inet->inet_id));
	if (tcp_fastopen_defer_connect(sk, &err))
		return err;
	if (!err)
		err = tcp_connect(sk);
	if (!err)
		return 0;
failure:
	tcp_set_state(sk, TCP_CLOSE);
	if (!(sk->sk_userlocks & SOCK_BINDADDR_LOCK))
		inet->inet_saddr = sk->sk_rcv_saddr = 0;
	if (rt)
		ip_rt_put(rt);
	sk->sk_dport = 0;
	return err;
}

/* The route may have gone: a connected socket finds another. 0 or -errno. */
int inet_sk_rebuild_header(struct sock *sk)
{
	struct inet_sock *inet = inet_sk(sk);
	struct ip_options_rcu *opt = inet->inet_opt;
	struct flowi4 *fl4 = &inet->cork.fl.u.ip4;
	struct rtable *rt;

	if (sk_dst_check(sk))
		return 0;
	flowi4_init_output(fl4, sk->sk_bound_dev_if, sk->sk_mark, ip_sock_rt_tos(sk), ip_sock_rt_scope(sk),
		(u8)sk->sk_protocol, inet_sk_flowi_flags(sk), opt && opt->opt.srr ? opt->opt.faddr : sk->sk_daddr,
		inet->inet_saddr, sk->sk_dport, inet->inet_sport, sk->sk_uid);
	rt = ip_route_output_flow(fl4, sk);
	if (IS_ERR(rt)) {
		sk->sk_err_soft = (int)-PTR_ERR(rt);
		return (int)PTR_ERR(rt);
	}
	sk_dst_set(sk, &rt->dst);
	return 0;
}

/* ---- answers without a socket ---- */

/* Source routes of the packet that is answered are not followed back. */
static const struct ip_options no_options;

struct tcp_reply {
	struct tcphdr th;
	u8 opt[TCPOLEN_TSTAMP_ALIGNED];
};

/* A RST for what nobody expects. @sk may be NULL. */
void tcp_v4_send_reset(const struct sock *sk, struct sk_buff *skb)
{
	const struct tcphdr *th = tcp_hdr(skb);
	struct tcphdr rep = { .source = th->dest, .dest = th->source, .doff = sizeof(rep) / 4, .rst = 1 };

	if (th->rst)
		return;
	if (!sk && skb->dst && skb_rtable(skb)->rt_type != RTN_LOCAL)
		return;
	if (th->ack) {
		rep.seq = th->ack_seq;
	} else {
		rep.ack = 1;
		rep.ack_seq = htonl(TCP_SKB_CB(skb)->end_seq);
	}
	local_bh_disable();
	ip_send_unicast_reply(NULL, skb, &no_options, ip_hdr(skb)->saddr, ip_hdr(skb)->daddr, &rep, sizeof(rep),
		offsetof(struct tcphdr, check), 0, 0, sk && sk->sk_bound_dev_if ? sk->sk_bound_dev_if : skb->skb_iif,
		ip_hdr(skb)->tos & ~3, sk && sk->sk_state != TCP_TIME_WAIT && sk->sk_state != TCP_NEW_SYN_RECV ? sk->sk_mark : 0);
	TCP_INC_STATS(TCP_MIB_OUTSEGS);
	TCP_INC_STATS(TCP_MIB_OUTRSTS);
	local_bh_enable();
}

/* An acknowledgement in the name of a TIME-WAIT or request socket, which IP must not take for a full one. */
void tcp_v4_send_ack_for(const struct sock *sk, struct sk_buff *skb, u32 seq, u32 ack, u32 win, u32 tsval, u32 tsecr, int oif,
	u8 tos)
{
	const struct tcphdr *th = tcp_hdr(skb);
	struct tcp_reply rep = { .th = { .source = th->dest, .dest = th->source, .ack = 1, .seq = htonl(seq),
		.ack_seq = htonl(ack), .window = htons((u16)win) } };
	u32 len = sizeof(rep.th);

	(void)sk;
	if (tsecr) {
		put_unaligned_be32(TCPOPT_NOP << 24 | TCPOPT_NOP << 16 | TCPOPT_TIMESTAMP << 8 | TCPOLEN_TIMESTAMP, rep.opt);
		put_unaligned_be32(tsval, rep.opt + 4);
		put_unaligned_be32(tsecr, rep.opt + 8);
		len = sizeof(rep);
	}
	rep.th.doff = len / 4;
	local_bh_disable();
	ip_send_unicast_reply(NULL, skb, &no_options, ip_hdr(skb)->saddr, ip_hdr(skb)->daddr, &rep, len,
		offsetof(struct tcphdr, check), 0, 0, oif, tos, 0);
	TCP_INC_STATS(TCP_MIB_OUTSEGS);
	local_bh_enable();
}

static void tcp_v4_timewait_ack(struct inet_timewait_sock *tw, struct sk_buff *skb)
{
	tcp_v4_send_ack_for(NULL, skb, tw->tw_snd_nxt, tw->tw_rcv_nxt, tw->tw_rcv_wnd >> tw->tw_rcv_wscale,
		tcp_clock_ts() + tw->tw_ts_offset, tw->tw_ts_recent, tw->sk_bound_dev_if, tw->tw_tos);
}

/* ---- new connections ---- */

static void tcp_v4_init_req(struct request_sock *req, const struct sock *sk, struct sk_buff *skb)
{
	req->sk_rcv_saddr = ip_hdr(skb)->daddr;
	req->sk_daddr = ip_hdr(skb)->saddr;
	ipv6_addr_set_v4mapped(req->sk_daddr, &req->sk_v6_daddr);
	ipv6_addr_set_v4mapped(req->sk_rcv_saddr, &req->sk_v6_rcv_saddr);
	(void)sk;
}

static struct dst_entry *tcp_v4_route_req(const struct sock *sk, struct request_sock *req)
{
	struct rtable *rt;
	struct flowi4 fl4;

	flowi4_init_output(&fl4, req->sk_bound_dev_if, req->ir_mark, ip_sock_rt_tos(sk), ip_sock_rt_scope(sk), IPPROTO_TCP,
		inet_sk_flowi_flags(sk), req->sk_daddr, req->sk_rcv_saddr, req->sk_dport, htons(req->sk_num), sk->sk_uid);
	rt = ip_route_output_flow(&fl4, sk);
	if (IS_ERR(rt)) {
		IP_INC_STATS(IPSTATS_MIB_OUTNOROUTES);
		return NULL;
	}
	return &rt->dst;
}

static int tcp_v4_send_synack(const struct sock *sk, struct dst_entry *dst, struct request_sock *req,
	struct tcp_fastopen_cookie *foc, bool cookie)
{
	struct dst_entry *own = NULL;
	struct sk_buff *skb;
	u8 tos = net_sysctl.tcp_reflect_tos ? req->syn_tos & ~3 : inet_sk(sk)->tos;
	int err;

	if (!dst) {
		dst = own = tcp_v4_route_req(sk, req);
		if (!dst)
			return -1;
	}
	skb = tcp_make_synack(sk, dst, req, foc, cookie);
	dst_release(own);
	if (!skb)
		return -1;
	__tcp_v4_send_check(skb, req->sk_rcv_saddr, req->sk_daddr);
	local_bh_disable();
	err = ip_build_and_send_pkt(skb, sk, req->sk_rcv_saddr, req->sk_daddr, req->ireq_opt, tos);
	local_bh_enable();
	return err;
}

const struct tcp_conn_ops tcp_conn_ipv4 = {
	.family = AF_INET,
	.mss_clamp = TCP_MSS_DEFAULT,
	.init_req = tcp_v4_init_req,
	.route_req = tcp_v4_route_req,
	.init_seq = tcp_v4_init_seq,
	.init_ts_off = tcp_v4_init_ts_off,
	.cookie_init_seq = cookie_v4_init_sequence,
	.send_synack = tcp_v4_send_synack,
};

int tcp_v4_conn_request(struct sock *sk, struct sk_buff *skb)
{
	if (skb->dst && skb_rtable(skb)->rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST)) {
		NET_INC_STATS(LINUX_MIB_LISTENDROPS);
		return 0;
	}
	return tcp_conn_request(&tcp_conn_ipv4, sk, skb);
}

/* The handshake is complete: a socket for it. @dst: its route, a reference, or NULL. *own_req: the request's place in the
 * table is now the socket's. NULL: no room or memory. */
struct sock *tcp_v4_syn_recv_sock(const struct sock *sk, struct sk_buff *skb, struct request_sock *req, struct dst_entry *dst,
	struct request_sock *req_unhash, bool *own_req)
{
	bool found_dup = false;
	struct inet_sock *newinet;
	struct sock *newsk;

	if (sk_acceptq_is_full(sk)) {
		NET_INC_STATS(LINUX_MIB_LISTENOVERFLOWS);
		goto drop;
	}
	newsk = tcp_create_openreq_child(sk, req, skb);
	if (!newsk)
		goto drop;
	newinet = inet_sk(newsk);
	newsk->sk_daddr = req->sk_daddr;
	newsk->sk_rcv_saddr = newinet->inet_saddr = req->sk_rcv_saddr;
	newsk->sk_v6_daddr = req->sk_v6_daddr;
	newsk->sk_v6_rcv_saddr = req->sk_v6_rcv_saddr;
	newsk->sk_bound_dev_if = req->sk_bound_dev_if;
	newinet->inet_opt = req->ireq_opt;
	newinet->mc_list = NULL;
	newinet->mc_index = skb->skb_iif;
	newinet->mc_ttl = ip_hdr(skb)->ttl;
	newinet->rcv_tos = ip_hdr(skb)->tos;
	inet_csk(newsk)->icsk_ext_hdr_len = newinet->inet_opt ? newinet->inet_opt->opt.optlen : 0;
	memset(&newinet->cork, 0, sizeof(newinet->cork));
	host_random(&newinet->inet_id, sizeof(newinet->inet_id));
	if (net_sysctl.tcp_reflect_tos)
		newinet->tos = req->syn_tos & ~3;
	if (!dst) {
		dst = tcp_v4_route_req(sk, req);
		if (!dst)
			goto put_and_drop;
	}
	sk_dst_set(newsk, dst);
	dst = NULL;
	tcp_sync_mss(newsk, dst_mtu(newsk->sk_dst_cache));
	tcp_sk(newsk)->advmss = tcp_mss_clamp(tcp_sk(sk), tcp_dst_advmss(newsk->sk_dst_cache));
	tcp_initialize_rcv_mss(newsk);
	if (__inet_inherit_port(sk, newsk) < 0)
		goto put_and_drop;
	*own_req = inet_ehash_nolisten(newsk, (struct sock *)req_unhash, &found_dup);
	if (*own_req) {
		req->ireq_opt = NULL;
		if (req_unhash)
			tcp_req_replaced(req_unhash);
	} else {
		newinet->inet_opt = NULL;
		if (!req_unhash && found_dup)
			goto put_and_drop;
	}
	return newsk;

put_and_drop:
	newinet->inet_opt = NULL;
	inet_csk_prepare_forced_close(newsk);
	tcp_done(newsk);
drop:
	dst_release(dst);
	NET_INC_STATS(LINUX_MIB_LISTENDROPS);
	return NULL;
}

/* ---- ICMP errors ---- */

void tcp_v4_mtu_reduced(struct sock *sk)
{
	struct inet_sock *inet = inet_sk(sk);
	struct dst_entry *dst;
	u32 mtu = tcp_sk(sk)->mtu_info;

	if (TCPF(sk->sk_state) & (TCPF(TCP_LISTEN) | TCPF(TCP_CLOSE)))
		return;
	dst = sk_dst_check(sk);
	if (dst)
		dst->ops->update_pmtu(dst, sk, NULL, mtu);
	inet_csk(sk)->icsk_af_ops->rebuild_header(sk);
	dst = sk_dst_check(sk);
	if (!dst)
		return;
	if (mtu < dst_mtu(dst) && inet->pmtudisc == IP_PMTUDISC_DO)
		sk->sk_err_soft = EMSGSIZE;
	mtu = dst_mtu(dst);
	if (inet->pmtudisc != IP_PMTUDISC_DONT && inet->pmtudisc != IP_PMTUDISC_INTERFACE && inet->pmtudisc != IP_PMTUDISC_OMIT
			&& inet_csk(sk)->icsk_pmtu_cookie > mtu) {
		tcp_sync_mss(sk, mtu);
		tcp_simple_retransmit(sk);
	}
}

/* The error of an ICMP message, 0: none. */
static int tcp_v4_icmp_errno(const struct icmphdr *icmph)
{
	switch (icmph->type) {
	case ICMP_PARAMETERPROB:
		return EPROTO;
	case ICMP_DEST_UNREACH:
		return icmph->code < 16 ? icmp_err_convert[icmph->code].error : 0;
	case ICMP_TIME_EXCEEDED:
		return EHOSTUNREACH;
	}
	return 0;
}

/* About a SYN-ACK of a request. */
void tcp_req_err(struct sock *sk, u32 seq, bool abort)
{
	struct request_sock *req = inet_reqsk(sk);

	if (seq != req->snt_isn) {
		NET_INC_STATS(LINUX_MIB_OUTOFWINDOWICMPS);
	} else if (abort) {
		inet_csk_reqsk_queue_drop(req->rsk_listener, req);
		req->rsk_listener->sk_drops++;
		NET_INC_STATS(LINUX_MIB_LISTENDROPS);
	}
	reqsk_put(req);
}

static void tcp_v4_err_sock(struct sock *sk, struct sk_buff *skb, const struct tcphdr *th, u32 info)
{
	const struct icmphdr *icmph = (const struct icmphdr *)skb_transport_header(skb);
	struct request_sock *fastopen = tcp_fastopen_rsk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	u32 seq = get_unaligned_be32((const u8 *)th + 4), snd_una = fastopen ? fastopen->snt_isn : tp->snd_una;
	bool owned = sock_owned_by_user(sk);
	int err = tcp_v4_icmp_errno(icmph);

	if (sk->sk_state == TCP_CLOSE)
		return;
	if (sk->sk_state != TCP_LISTEN && !between(seq, snd_una, tp->snd_nxt)) {
		NET_INC_STATS(LINUX_MIB_OUTOFWINDOWICMPS);
		return;
	}
	if (icmph->type == ICMP_REDIRECT) {
		if (!owned)
			ipv4_sk_redirect(skb, sk);
		return;
	}
	if (icmph->type == ICMP_DEST_UNREACH && icmph->code == ICMP_FRAG_NEEDED) {
		if (sk->sk_state == TCP_LISTEN)
			return;
		tp->mtu_info = info;
		if (!owned)
			tcp_v4_mtu_reduced(sk);
		else
			sk->sk_tsq_flags |= TCPF_MTU_REDUCED_DEFERRED;
		return;
	}
	if (!err)
		return;
	if (TCPF(sk->sk_state) & (TCPF(TCP_SYN_SENT) | TCPF(TCP_SYN_RECV))) {
		if (fastopen && !fastopen->sk)
			return;
		ip_icmp_error(sk, skb, err, th->dest, info, (u8 *)th);
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
	/* RFC 1122 4.2.3.9: an established connection does not break for it; the reason for a timeout is kept. */
	if (!owned && inet_sk(sk)->recverr) {
		sk->sk_err = err;
		sk_error_report(sk);
	} else {
		sk->sk_err_soft = err;
	}
}

/* skb->data is the header of our packet in the ICMP message, of which at least 8 bytes of TCP are there. */
int tcp_v4_err(struct sk_buff *skb, u32 info)
{
	const struct iphdr *iph = (const struct iphdr *)skb->data;
	const struct tcphdr *th = (const struct tcphdr *)(skb->data + iph->ihl * 4u);
	const struct icmphdr *icmph = (const struct icmphdr *)skb_transport_header(skb);
	struct sock *sk;

	if (skb->len < iph->ihl * 4u + 8)
		return -EINVAL;
	sk = __inet_lookup_established(iph->daddr, th->dest, iph->saddr, ntohs(th->source), skb->skb_iif);
	if (!sk) {
		ICMP_INC_STATS(ICMP_MIB_INERRORS);
		return -ENOENT;
	}
	if (sk->sk_state == TCP_TIME_WAIT) {
		inet_twsk_put(inet_twsk(sk));
		return 0;
	}
	if (sk->sk_state == TCP_NEW_SYN_RECV) {
		tcp_req_err(sk, get_unaligned_be32((const u8 *)th + 4), icmph->type == ICMP_PARAMETERPROB
			|| icmph->type == ICMP_TIME_EXCEEDED || (icmph->type == ICMP_DEST_UNREACH
			&& (icmph->code == ICMP_NET_UNREACH || icmph->code == ICMP_HOST_UNREACH)));
		return 0;
	}
	tcp_v4_err_sock(sk, skb, th, info);
	sock_put(sk);
	return 0;
}

/* ---- in ---- */

static void tcp_v4_time_wait(struct sk_buff *skb, struct inet_timewait_sock *tw)
{
	const struct tcphdr *th = tcp_hdr(skb);
	struct sock *sk;
	u32 isn = 0;

	switch (tcp_timewait_state_process(tw, skb, th, &isn)) {
	case TCP_TW_SYN:
		sk = __inet_lookup_listener(skb, th->doff * 4, ip_hdr(skb)->saddr, th->source, ip_hdr(skb)->daddr, ntohs(th->dest),
			skb->skb_iif);
		if (sk) {
			inet_twsk_deschedule_put(tw);
			tcp_tw_isn = isn;
			tcp_deliver(sock_hold(sk), skb);
			return;
		}
		/* fall through */
	case TCP_TW_ACK:
		tcp_v4_timewait_ack(tw, skb);
		inet_twsk_put(tw);
		break;
	case TCP_TW_RST:
		tcp_v4_send_reset(tw_sk(tw), skb);
		inet_twsk_deschedule_put(tw);
		break;
	case TCP_TW_SUCCESS:
		break;
	}
	kfree_skb(skb);
}

static struct sock *tcp_v4_lookup(struct sk_buff *skb)
{
	const struct iphdr *iph = ip_hdr(skb);
	const struct tcphdr *th = tcp_hdr(skb);
	struct sock *sk = __inet_lookup_established(iph->saddr, th->source, iph->daddr, ntohs(th->dest), skb->skb_iif);

	if (sk)
		return sk;
	sk = __inet_lookup_listener(skb, th->doff * 4, iph->saddr, th->source, iph->daddr, ntohs(th->dest), skb->skb_iif);
	return sk ? sock_hold(sk) : NULL;
}

/* From IP: data at the TCP header. */
int tcp_v4_rcv(struct sk_buff *skb)
{
	struct sock *sk;

	TCP_INC_STATS(TCP_MIB_INSEGS);
	if (skb->pkt_type != PACKET_HOST)
		goto discard;
	if (!tcp_header_ok(skb, csum_tcpudp_nofold(ip_hdr(skb)->saddr, ip_hdr(skb)->daddr, skb->len, IPPROTO_TCP, 0)))
		goto discard;
	tcp_fill_cb(skb, ip_hdr(skb)->tos);
again:
	sk = tcp_v4_lookup(skb);
	if (!sk) {
		tcp_v4_send_reset(NULL, skb);
		goto discard;
	}
	if (sk->sk_state == TCP_TIME_WAIT) {
		tcp_v4_time_wait(skb, inet_twsk(sk));
		return 0;
	}
	if (sk->sk_state == TCP_NEW_SYN_RECV) {
		if (tcp_rcv_request(inet_reqsk(sk), skb))
			return 0;
		/* The listener is gone, and the request with it. */
		goto again;
	}
	if (inet_sk(sk)->min_ttl && ip_hdr(skb)->ttl < inet_sk(sk)->min_ttl) {
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

const struct inet_connection_sock_af_ops ipv4_specific = {
	.queue_xmit = ip_queue_xmit,
	.send_check = tcp_v4_send_check,
	.rebuild_header = inet_sk_rebuild_header,
	.conn_request = tcp_v4_conn_request,
	.syn_recv_sock = tcp_v4_syn_recv_sock,
	.net_header_len = sizeof(struct iphdr),
	.sockaddr_len = sizeof(struct sockaddr_in),
	.setsockopt = ip_setsockopt,
	.getsockopt = ip_getsockopt,
	.mtu_reduced = tcp_v4_mtu_reduced,
};

static int tcp_v4_init_sock(struct sock *sk)
{
	inet_csk(sk)->icsk_af_ops = &ipv4_specific;
	return tcp_init_sock(sk);
}

struct proto tcp_prot = {
	.name = "TCP",
	.no_autobind = true,
	.close = tcp_close,
	.connect = tcp_v4_connect,
	.disconnect = tcp_disconnect,
	.accept = inet_csk_accept,
	.ioctl = tcp_ioctl,
	.init = tcp_v4_init_sock,
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
	.obj_size = sizeof(struct tcp_sock),
	.max_header = MAX_TCP_HEADER,
	.mem = &tcp_memory,
	.sysctl_wmem = net_sysctl.tcp_wmem,
	.sysctl_rmem = net_sysctl.tcp_rmem,
};
