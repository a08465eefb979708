/* IPv4 output: the header, the building of datagrams out of one or several calls, and the way to the device. A message under
 * construction is one buffer that grows; what does not fit its route's MTU is cut by ip_fragment() at the end. */
#include "../ip.h"
#include "host.h"
#include "kerrno.h"
#include "slab.h"
#include "string.h"
#include <linux/if.h>
#include <linux/net_tstamp.h>

#define HH_LEN 16               /* what Linux reserves for lo's header */
#define SKB_MAX_ALLOC 16064     /* Linux keeps longer messages in pages: only the accounting knows here */

void ip_send_check(struct iphdr *iph)
{
	iph->check = 0;
	iph->check = ip_fast_csum(iph, iph->ihl);
}

/* Identifications: counters by destination that begin anywhere. */
static u16 ip_idents_reserve(__be32 daddr, __be32 saddr, u8 proto, unsigned segs)
{
	static u32 idents[2048], key;
	u32 h, id;

	if (!key)
		host_random(&key, sizeof(key));
	h = (daddr ^ key) * 0x9e3779b1u;
	h = (h ^ saddr ^ h >> 16) * 0x85ebca6bu ^ proto;
	h = (h ^ h >> 13) % ARRAY_SIZE(idents);
	if (!idents[h])
		host_random(&idents[h], sizeof(u32));
	id = idents[h];
	idents[h] += segs;
	return (u16)id;
}

void ip_select_ident(struct sk_buff *skb, const struct sock *sk, unsigned segs)
{
	struct iphdr *iph = ip_hdr(skb);

	if (iph->frag_off & htons(IP_DF) && !skb->local_df) {
		/* It is never fragmented, so the number means nothing: 0, or for connected sockets one after the other. */
		if (sk && sk->sk_daddr) {
			iph->id = htons(inet_sk(sk)->inet_id);
			inet_sk(sk)->inet_id += segs;
		} else {
			iph->id = 0;
		}
		return;
	}
	if (sk && sk->sk_protocol == IPPROTO_TCP && sk->sk_daddr) {
		iph->id = htons(inet_sk(sk)->inet_id);
		inet_sk(sk)->inet_id += segs;
		return;
	}
	iph->id = htons(ip_idents_reserve(iph->daddr, iph->saddr, iph->protocol, segs));
}

/* ---- to the device ---- */

static int ip_finish_output2(struct sock *sk __maybe_unused, struct sk_buff *skb)
{
	const struct rtable *rt = skb_rtable(skb);
	struct net_device *dev = skb->dev;

	if (unlikely(rt->rt_type == RTN_MULTICAST)) {
		IP_INC_STATS(IPSTATS_MIB_OUTMCASTPKTS);
		IP_ADD_STATS(IPSTATS_MIB_OUTMCASTOCTETS, skb->len);
	} else if (unlikely(rt->rt_type == RTN_BROADCAST)) {
		IP_INC_STATS(IPSTATS_MIB_OUTBCASTPKTS);
		IP_ADD_STATS(IPSTATS_MIB_OUTBCASTOCTETS, skb->len);
	}
	IP_INC_STATS(IP_MIB_OUTTRANSMITS); /* each fragment is one */
	IP_ADD_STATS(IPSTATS_MIB_OUTOCTETS, skb->len);
	if (skb_headroom(skb) < dev->hard_header_len && skb_cow_head(skb, LL_MAX_HEADER)) {
		kfree_skb(skb);
		return -ENOMEM;
	}
	dev_hard_header(skb, dev, ETH_P_IP);
	return dev_queue_xmit(skb);
}

int ip_output(struct sock *sk, struct sk_buff *skb)
{
	u32 mtu;

	skb->dev = skb->dst->dev;
	skb->protocol = htons(ETH_P_IP);
	mtu = ip_skb_dst_mtu(sk, skb);
	if (likely((skb->len <= mtu && !IPCB(skb)->frag_max_size) || skb_is_gso(skb)))
		return ip_finish_output2(sk, skb);
	if (IPCB(skb)->frag_max_size)
		mtu = min(mtu, (u32)IPCB(skb)->frag_max_size);
	return ip_fragment(sk, skb, mtu, ip_finish_output2);
}

/* To a group or to all by a device that does not hear itself: who listens here gets a copy. */
int ip_mc_output(struct sock *sk, struct sk_buff *skb)
{
	const struct rtable *rt = skb_rtable(skb);
	bool loop = rt->rt_flags & RTCF_BROADCAST || !sk || !skb->sk || inet_sk(sk)->mc_loop;

	if (loop && rt->rt_flags & RTCF_LOCAL) {
		struct sk_buff *copy = skb_clone(skb);

		if (copy) {
			skb_orphan(copy);
			skb_dst_drop(copy);
			copy->dev = rt->dst.dev;
			copy->protocol = htons(ETH_P_IP);
			netif_rx(copy);
		}
	}
	if (rt->rt_flags & RTCF_MULTICAST && !ip_hdr(skb)->ttl) {
		kfree_skb(skb);
		return 0;
	}
	return ip_output(sk, skb);
}

int ip_local_out(struct sock *sk, struct sk_buff *skb)
{
	struct iphdr *iph = ip_hdr(skb);
	int err;

	IP_INC_STATS(IP_MIB_OUTREQUESTS);
	iph->tot_len = htons((u16)min(skb->len, IP_MAX_MTU));
	ip_send_check(iph);
	skb->protocol = htons(ETH_P_IP);
	local_bh_disable();
	err = dst_output(sk, skb);
	local_bh_enable();
	return err;
}

/* ---- connected sockets ---- */

static bool ip_dont_fragment(const struct sock *sk, const struct dst_entry *dst)
{
	u8 disc = inet_sk(sk)->pmtudisc;

	return disc == IP_PMTUDISC_DO || (disc == IP_PMTUDISC_WANT && !((const struct rtable *)dst)->rt_mtu_locked);
}

static u8 ip_select_ttl(const struct inet_sock *inet, const struct dst_entry *dst)
{
	return inet->uc_ttl < 0 ? ip4_dst_hoplimit(dst) : (u8)inet->uc_ttl;
}

static struct rtable *queue_route(struct sock *sk, struct flowi4 *fl4)
{
	const struct inet_sock *inet = inet_sk(sk);
	struct dst_entry *dst = sk_dst_check(sk);
	struct rtable *rt;
	__be32 daddr = sk->sk_daddr;

	if (dst)
		return dst_rtable(dst);
	if (inet->inet_opt && inet->inet_opt->opt.srr)
		daddr = inet->inet_opt->opt.faddr;
	flowi4_init_output(fl4, sk->sk_bound_dev_if, sk->sk_mark, ip_sock_rt_tos(sk), ip_sock_rt_scope(sk),
		(u8)sk->sk_protocol, inet_sk_flowi_flags(sk), daddr, inet->inet_saddr, sk->sk_dport, inet->inet_sport, sk->sk_uid);
	rt = ip_route_output_key(fl4);
	if (!IS_ERR(rt))
		sk_dst_set(sk, &rt->dst);
	return rt;
}

static int __ip_queue_xmit(struct sock *sk, struct sk_buff *skb, struct flowi *fl, u8 tos)
{
	const struct inet_sock *inet = inet_sk(sk);
	struct rtable *rt = skb_rtable(skb);
	struct ip_options_rcu *opt = inet->inet_opt;
	struct iphdr *iph;

	if (!rt) {
		rt = queue_route(sk, &fl->u.ip4);
		if (IS_ERR(rt))
			goto no_route;
		skb_dst_set(skb, dst_hold(&rt->dst));
	}
	if (opt && opt->opt.is_strictroute && rt->rt_uses_gateway)
		goto no_route;
	iph = skb_push(skb, sizeof(*iph) + (opt ? opt->opt.optlen : 0));
	skb_reset_network_header(skb);
	*(__be16 *)iph = htons((u16)(4 << 12 | 5 << 8 | tos));
	iph->frag_off = ip_dont_fragment(sk, &rt->dst) && !skb->local_df ? htons(IP_DF) : 0;
	iph->ttl = ip_select_ttl(inet, &rt->dst);
	iph->protocol = (u8)sk->sk_protocol;
	iph->saddr = inet->inet_saddr;
	iph->daddr = sk->sk_daddr;
	memset(skb->cb, 0, sizeof(struct inet_skb_parm));
	if (opt && opt->opt.optlen) {
		iph->ihl += opt->opt.optlen >> 2;
		ip_options_build(skb, opt, sk->sk_daddr, rt);
	}
	ip_select_ident(skb, sk, skb->gso_segs ? skb->gso_segs : 1);
	skb->priority = sk->sk_priority;
	skb->mark = sk->sk_mark;
	return ip_local_out(sk, skb);
no_route:
	IP_INC_STATS(IPSTATS_MIB_OUTNOROUTES);
	kfree_skb(skb);
	return -EHOSTUNREACH;
}

int ip_queue_xmit(struct sock *sk, struct sk_buff *skb, struct flowi *fl)
{
	return __ip_queue_xmit(sk, skb, fl, inet_sk(sk)->tos);
}

int ip_build_and_send_pkt(struct sk_buff *skb, const struct sock *sk, __be32 saddr, __be32 daddr,
	struct ip_options_rcu *opt, u8 tos)
{
	const struct inet_sock *inet = inet_sk(sk);
	struct rtable *rt = skb_rtable(skb);
	struct iphdr *iph = skb_push(skb, sizeof(*iph) + (opt ? opt->opt.optlen : 0));

	skb_reset_network_header(skb);
	iph->version = 4;
	iph->ihl = 5;
	iph->tos = tos;
	iph->ttl = ip_select_ttl(inet, &rt->dst);
	iph->daddr = opt && opt->opt.srr ? opt->opt.faddr : daddr;
	iph->saddr = saddr;
	iph->protocol = (u8)sk->sk_protocol;
	if (skb->len <= IPV4_MIN_MTU || ip_dont_fragment(sk, &rt->dst)) {
		iph->frag_off = htons(IP_DF);
		iph->id = 0;
	} else {
		iph->frag_off = 0;
		iph->id = htons(ip_idents_reserve(daddr, saddr, iph->protocol, 1));
	}
	memset(skb->cb, 0, sizeof(struct inet_skb_parm));
	if (opt && opt->opt.optlen) {
		iph->ihl += opt->opt.optlen >> 2;
		ip_options_build(skb, opt, daddr, rt);
	}
	skb->priority = sk->sk_priority;
	if (!skb->mark)
		skb->mark = sk->sk_mark;
	return ip_local_out(skb->sk, skb);
}

void ip_send_unicast_reply(struct sock *sk, struct sk_buff *skb, const struct ip_options *sopt, __be32 daddr, __be32 saddr,
	const void *data, unsigned len, unsigned csumoffset, u64 transmit_time __maybe_unused, u32 txhash, int bound_dev_if,
	u8 tos, u32 mark)
{
	struct ip_options_rcu opt;
	struct flowi4 fl4;
	struct rtable *rt;
	struct sk_buff *reply;
	struct iphdr *iph;
	u8 protocol = ip_hdr(skb)->protocol, *th;

	if (ip_options_echo(&opt, skb, sopt))
		return;
	flowi4_init_output(&fl4, bound_dev_if, mark, tos & IPTOS_RT_MASK, RT_SCOPE_UNIVERSE, protocol, FLOWI_FLAG_ANYSRC,
		opt.opt.srr ? opt.opt.faddr : daddr, saddr, 0, 0, 0);
	rt = ip_route_output_key(&fl4);
	if (IS_ERR(rt))
		return;
	reply = alloc_skb(LL_MAX_HEADER + sizeof(*iph) + MAX_IPOPTLEN + len);
	if (!reply) {
		ip_rt_put(rt);
		return;
	}
	skb_reserve(reply, LL_MAX_HEADER + sizeof(*iph) + opt.opt.optlen);
	skb_reset_transport_header(reply);
	th = skb_put(reply, len);
	memcpy(th, data, len);
	put_unaligned16(0, th + csumoffset);
	put_unaligned16(csum_tcpudp_magic(fl4.saddr, daddr, len, protocol, csum_partial(th, len, 0)), th + csumoffset);
	reply->ip_summed = CHECKSUM_UNNECESSARY;
	iph = skb_push(reply, sizeof(*iph) + opt.opt.optlen);
	skb_reset_network_header(reply);
	*iph = (struct iphdr){ .version = 4, .ihl = 5, .tos = tos, .frag_off = htons(IP_DF), .protocol = protocol,
		.ttl = ip4_dst_hoplimit(&rt->dst), .saddr = fl4.saddr, .daddr = daddr };
	if (opt.opt.optlen) {
		iph->ihl += opt.opt.optlen >> 2;
		ip_options_build(reply, &opt, daddr, rt);
	}
	reply->mark = mark;
	reply->hash = txhash;
	skb_dst_set(reply, &rt->dst);
	ip_local_out(sk, reply);
}

/* ---- building datagrams ---- */

int ip_generic_getfrag(void *from, u8 *to, int offset __maybe_unused, int len, int odd __maybe_unused,
	struct sk_buff *skb __maybe_unused)
{
	struct msghdr *msg = from;

	return copy_from_iter(to, len, &msg->msg_iter) == (size_t)len ? 0 : -EFAULT;
}

static bool ip_sk_ignore_df(const struct sock *sk)
{
	return inet_sk(sk)->pmtudisc < IP_PMTUDISC_DO || inet_sk(sk)->pmtudisc == IP_PMTUDISC_OMIT;
}

/* What the whole message has in common. Takes over the route's reference. */
static int ip_setup_cork(struct sock *sk, struct inet_cork *cork, struct ipcm_cookie *ipc, struct rtable **rtp)
{
	struct rtable *rt = *rtp;

	if (ipc->opt) {
		if (!cork->opt) {
			cork->opt = kmalloc(sizeof(*cork->opt));
			if (!cork->opt)
				return -ENOBUFS;
		}
		*cork->opt = *ipc->opt;
		cork->flags |= IPCORK_OPT;
		cork->addr = ipc->addr;
	}
	cork->fragsize = inet_sk(sk)->pmtudisc < IP_PMTUDISC_PROBE ? dst_mtu(&rt->dst) : rt->dst.dev->mtu;
	if (cork->fragsize < IPV4_MIN_MTU)
		return -ENETUNREACH;
	cork->gso_size = ipc->gso_size;
	cork->dst = &rt->dst;
	*rtp = NULL;
	cork->length = 0;
	cork->ttl = ipc->ttl;
	cork->tos = ipc->tos;
	cork->mark = ipc->sockc.mark;
	cork->priority = ipc->sockc.priority;
	cork->transmit_time = ipc->sockc.transmit_time;
	cork->tx_flags = 0;
	sock_tx_timestamp(sk, &ipc->sockc, &cork->tx_flags, NULL);
	return 0;
}

static void ip_cork_release(struct inet_cork *cork)
{
	cork->flags &= ~IPCORK_OPT;
	kfree(cork->opt);
	cork->opt = NULL;
	dst_release(cork->dst);
	cork->dst = NULL;
}

static u32 ip_datagram_truesize(unsigned header, unsigned len)
{
	if (header + len + 15 < SKB_MAX_ALLOC)
		return skb_linux_truesize(HH_LEN + 15 + header + len, 0);
	return skb_linux_truesize(HH_LEN + 15 + header, 0) + len;
}

/* Makes room for @length more bytes in the pending message. 0 or -errno. */
static int datagram_room(struct sock *sk, struct sk_buff_head *queue, unsigned header, int length, int transhdrlen,
	bool exact, unsigned flags)
{
	struct sk_buff *skb = skb_peek_tail(queue);
	u32 old;

	if (!skb) {
		unsigned room = LL_MAX_HEADER + header + (unsigned)length;

		if (transhdrlen) {
			skb = sock_alloc_send_skb(sk, room, room, flags & MSG_DONTWAIT);
			if (IS_ERR(skb))
				return (int)PTR_ERR(skb);
		} else {
			if (sk->sk_wmem_alloc > 2 * (u32)sk->sk_sndbuf)
				return -ENOBUFS;
			skb = sock_wmalloc(sk, room, true);
			if (!skb)
				return -ENOBUFS;
		}
		skb_reserve(skb, LL_MAX_HEADER + header);
		skb_queue_tail(queue, skb);
	} else if (skb_tailroom(skb) < (size_t)length) {
		if (sk->sk_wmem_alloc > 2 * (u32)sk->sk_sndbuf)
			return -ENOBUFS;
		if (skb_expand(skb, LL_MAX_HEADER + header, (size_t)length + (exact ? 0 : skb->len)))
			return -ENOBUFS;
	}
	old = skb->truesize;
	skb->truesize = ip_datagram_truesize(header, skb->len + (u32)length);
	sk->sk_wmem_alloc += skb->truesize - old;
	return 0;
}

int datagram_append(struct sock *sk, struct sk_buff_head *queue, struct inet_cork *cork, unsigned header, unsigned mtu,
	ip_getfrag getfrag, void *from, int length, int transhdrlen, unsigned flags)
{
	struct sk_buff *skb = skb_peek_tail(queue);
	struct ubuf_info *uarg = NULL, *old = skb ? skb_data_of(skb)->uarg : NULL;
	bool fresh = !skb;
	int err;
	u32 before = cork->length;

	if (flags & MSG_ZEROCOPY && length && sock_flag(sk, SOCK_ZEROCOPY)) {
		uarg = msg_zerocopy_realloc(sk, length, old);
		if (!uarg)
			return -ENOBUFS;
	}
	cork->length += length;
	err = datagram_room(sk, queue, header, length, transhdrlen, !(flags & MSG_MORE), flags);
	if (err)
		goto error;
	skb = skb_peek_tail(queue);
	if (fresh) {
		/* The checksum is left open unless more may follow: lo never needs it. */
		if (transhdrlen && length + header <= mtu && (!(flags & MSG_MORE) || cork->gso_size))
			skb->ip_summed = CHECKSUM_PARTIAL;
		skb->tx_flags = cork->tx_flags;
		skb_reset_transport_header(skb);
		if (transhdrlen)
			memset(skb_put(skb, transhdrlen), 0, transhdrlen);
		length -= transhdrlen;
	}
	if (length && getfrag(from, skb->tail, (int)(fresh ? 0 : before), length, 0, skb) < 0) {
		err = -EFAULT;
		if (fresh) {
			skb_unlink(skb, queue);
			kfree_skb(skb);
		}
		goto error;
	}
	skb_put(skb, length);
	if (uarg != old) {
		skb_zcopy_set(skb, uarg);
		msg_zerocopy_put(uarg);
	}
	return 0;
error:
	msg_zerocopy_put_abort(uarg, uarg != old);
	cork->length = before;
	return err;
}

/* @cork is set up. */
static int __ip_append_data(struct sock *sk, struct flowi4 *fl4, struct sk_buff_head *queue, struct inet_cork *cork,
	ip_getfrag getfrag, void *from, int length, int transhdrlen, struct ipcm_cookie *ipc, unsigned flags)
{
	unsigned header = sizeof(struct iphdr) + (cork->opt ? cork->opt->opt.optlen : 0);
	unsigned mtu = cork->gso_size ? IP_MAX_MTU : cork->fragsize;
	unsigned most = ip_sk_ignore_df(sk) ? IP_MAX_MTU : mtu;
	bool fresh = skb_queue_empty(queue);
	int err;

	if (cork->length + (u64)length > most - header) {
		ip_local_error(sk, EMSGSIZE, fl4->daddr, sk->sk_dport, mtu - (header - sizeof(struct iphdr)));
		return -EMSGSIZE;
	}
	err = datagram_append(sk, queue, cork, header, mtu, getfrag, from, length, transhdrlen, flags);
	if (err)
		IP_INC_STATS(IPSTATS_MIB_OUTDISCARDS);
	else if (fresh && cork->tx_flags && sk->sk_tsflags & SOF_TIMESTAMPING_OPT_ID)
		skb_peek_tail(queue)->tskey = ipc->sockc.has_ts_opt_id ? ipc->sockc.ts_opt_id : sk->sk_tskey++;
	return err;
}

int ip_append_data(struct sock *sk, struct flowi4 *fl4, ip_getfrag getfrag, void *from, int length, int transhdrlen,
	struct ipcm_cookie *ipc, struct rtable **rtp, unsigned flags)
{
	struct inet_cork *cork = &inet_sk(sk)->cork;
	int err;

	if (flags & MSG_PROBE)
		return 0;
	if (skb_queue_empty(&sk->sk_write_queue)) {
		err = ip_setup_cork(sk, cork, ipc, rtp);
		if (err)
			return err;
	} else {
		transhdrlen = 0;
	}
	return __ip_append_data(sk, fl4, &sk->sk_write_queue, cork, getfrag, from, length, transhdrlen, ipc, flags);
}

/* The message on @queue with its header; @cork is released. NULL if there is none. */
static struct sk_buff *__ip_make_skb(struct sock *sk, struct flowi4 *fl4, struct sk_buff_head *queue, struct inet_cork *cork)
{
	struct inet_sock *inet = inet_sk(sk);
	struct sk_buff *skb = skb_dequeue(queue);
	struct rtable *rt = dst_rtable(cork->dst);
	struct ip_options_rcu *opt = cork->flags & IPCORK_OPT ? cork->opt : NULL;
	unsigned header = sizeof(struct iphdr) + (opt ? opt->opt.optlen : 0);
	struct iphdr *iph;
	__be16 df = 0;
	u8 ttl;

	if (!skb)
		return NULL;
	skb_push(skb, header);
	skb_reset_network_header(skb);
	skb->local_df = ip_sk_ignore_df(sk);
	if (inet->pmtudisc == IP_PMTUDISC_DO || inet->pmtudisc == IP_PMTUDISC_PROBE
			|| (skb->len <= dst_mtu(&rt->dst) && ip_dont_fragment(sk, &rt->dst)))
		df = htons(IP_DF);
	if (cork->ttl)
		ttl = cork->ttl;
	else if (rt->rt_type == RTN_MULTICAST)
		ttl = inet->mc_ttl;
	else
		ttl = ip_select_ttl(inet, &rt->dst);
	iph = ip_hdr(skb);
	*iph = (struct iphdr){ .version = 4, .ihl = 5, .tos = cork->tos != -1 ? (u8)cork->tos : inet->tos, .frag_off = df,
		.ttl = ttl, .protocol = (u8)sk->sk_protocol, .saddr = fl4->saddr, .daddr = fl4->daddr };
	memset(skb->cb, 0, sizeof(struct inet_skb_parm));
	ip_select_ident(skb, sk, 1);
	if (opt) {
		iph->ihl += opt->opt.optlen >> 2;
		ip_options_build(skb, opt, cork->addr, rt);
	}
	skb->priority = cork->priority;
	skb->mark = cork->mark;
	skb->tstamp = cork->transmit_time;
	skb->tstamp_mono = cork->transmit_time != 0;
	cork->dst = NULL; /* its reference goes with the packet */
	skb_dst_set(skb, &rt->dst);
	if (iph->protocol == IPPROTO_ICMP) {
		u8 type = skb_transport_header(skb)[0];

		net_mib.icmpmsg[256 + type]++;
		ICMP_INC_STATS(ICMP_MIB_OUTMSGS);
	}
	ip_cork_release(cork);
	return skb;
}

struct sk_buff *ip_finish_skb(struct sock *sk, struct flowi4 *fl4)
{
	return __ip_make_skb(sk, fl4, &sk->sk_write_queue, &inet_sk(sk)->cork);
}

int ip_send_skb(struct sk_buff *skb)
{
	int err = ip_local_out(skb->sk, skb);

	if (err == NET_XMIT_DROP)
		err = -ENOBUFS;
	if (err)
		IP_INC_STATS(IPSTATS_MIB_OUTDISCARDS);
	return err;
}

int ip_push_pending_frames(struct sock *sk, struct flowi4 *fl4)
{
	struct sk_buff *skb = ip_finish_skb(sk, fl4);

	return skb ? ip_send_skb(skb) : 0;
}

void ip_flush_pending_frames(struct sock *sk)
{
	skb_queue_purge(&sk->sk_write_queue);
	ip_cork_release(&inet_sk(sk)->cork);
}

struct sk_buff *ip_make_skb(struct sock *sk, struct flowi4 *fl4, ip_getfrag getfrag, void *from, int length, int transhdrlen,
	struct ipcm_cookie *ipc, struct rtable **rtp, struct inet_cork *cork, unsigned flags)
{
	struct sk_buff_head queue;
	int err;

	if (flags & MSG_PROBE)
		return NULL;
	skb_queue_head_init(&queue);
	cork->flags = 0;
	cork->addr = 0;
	cork->opt = NULL;
	cork->dst = NULL;
	err = ip_setup_cork(sk, cork, ipc, rtp);
	if (!err)
		err = __ip_append_data(sk, fl4, &queue, cork, getfrag, from, length, transhdrlen, ipc, flags);
	if (err) {
		skb_queue_purge(&queue);
		ip_cork_release(cork);
		return ERR_PTR(err);
	}
	return __ip_make_skb(sk, fl4, &queue, cork);
}
