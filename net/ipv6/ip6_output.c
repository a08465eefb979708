/* IPv6 output: the header and extension headers, building datagrams, fragmentation, and the way to the device. */
#include "../ipv6.h"
#include "host.h"
#include "kerrno.h"
#include "slab.h"
#include "string.h"
#include <linux/if.h>
#include <linux/net_tstamp.h>

#define IP6_MAX_MTU (0xffff + sizeof(struct ipv6hdr))

static bool ip6_sk_ignore_df(const struct sock *sk)
{
	return inet6_sk(sk)->pmtudisc < IPV6_PMTUDISC_DO || inet6_sk(sk)->pmtudisc == IPV6_PMTUDISC_OMIT;
}

static int ip6_finish_output2(struct sock *sk __maybe_unused, struct sk_buff *skb)
{
	struct net_device *dev = skb->dst->dev;
	const struct ipv6hdr *hdr = ipv6_hdr(skb);

	if (ipv6_addr_is_multicast(&hdr->daddr)) {
		IP6_INC_STATS(IPSTATS_MIB_OUTMCASTPKTS);
		IP6_ADD_STATS(IPSTATS_MIB_OUTMCASTOCTETS, skb->len);
		if ((hdr->daddr.s6_addr[1] & 0xf) <= IPV6_ADDR_SCOPE_NODELOCAL && !(dev->flags & IFF_LOOPBACK)) {
			kfree_skb(skb);
			return 0;
		}
	}
	IP6_INC_STATS(IP_MIB_OUTTRANSMITS); /* each fragment is one */
	IP6_ADD_STATS(IPSTATS_MIB_OUTOCTETS, skb->len);
	if (skb_headroom(skb) < dev->hard_header_len && skb_cow_head(skb, LL_MAX_HEADER)) {
		kfree_skb(skb);
		return -ENOMEM;
	}
	dev_hard_header(skb, dev, ETH_P_IPV6);
	return dev_queue_xmit(skb);
}

int ip6_output(struct sock *sk, struct sk_buff *skb)
{
	skb->dev = skb->dst->dev;
	skb->protocol = htons(ETH_P_IPV6);
	if (unlikely(skb->len > ip6_skb_dst_mtu(skb) && !skb_is_gso(skb)))
		return ip6_fragment(sk, skb, ip6_finish_output2);
	return ip6_finish_output2(sk, skb);
}

static int ip6_local_out(struct sock *sk, struct sk_buff *skb)
{
	unsigned len = skb->len - sizeof(struct ipv6hdr);
	int err;

	ipv6_hdr(skb)->payload_len = htons(len > IPV6_MAXPLEN ? 0 : (u16)len);
	skb->protocol = htons(ETH_P_IPV6);
	local_bh_disable();
	err = dst_output(sk, skb);
	local_bh_enable();
	return err;
}

/* A label for a flow that has none: the same for all its packets, net.ipv6.auto_flowlabels. */
static __be32 ip6_make_flowlabel(const struct sock *sk, const struct flowi6 *fl6)
{
	u32 hash;

	if (fl6->flowlabel & IPV6_FLOWLABEL_MASK)
		return fl6->flowlabel & IPV6_FLOWLABEL_MASK;
	if (sk && inet6_sk(sk)->autoflowlabel_set ? !inet6_sk(sk)->autoflowlabel : net_sysctl.ip6_auto_flowlabels != 1
			&& net_sysctl.ip6_auto_flowlabels != 3)
		return 0;
	hash = inet6_ehashfn(&fl6->saddr, ntohs(fl6->fl6_sport), &fl6->daddr, fl6->fl6_dport) ^ fl6->flowi6_proto;
	hash ^= hash << 16 | hash >> 16;
	return htonl(hash) & IPV6_FLOWLABEL_MASK;
}

static void set_header(struct sk_buff *skb, const struct flowi6 *fl6, const struct in6_addr *daddr, unsigned tclass,
	__be32 label, u8 proto, int hlimit)
{
	struct ipv6hdr *hdr = skb_push(skb, sizeof(*hdr));

	skb_reset_network_header(skb);
	ip6_flow_hdr(hdr, tclass, label);
	hdr->payload_len = htons((u16)(skb->len - sizeof(*hdr)));
	hdr->nexthdr = proto;
	hdr->hop_limit = (u8)hlimit;
	hdr->saddr = fl6->saddr;
	hdr->daddr = *daddr;
}

int ip6_xmit(const struct sock *sk, struct sk_buff *skb, struct flowi6 *fl6, u32 mark, struct ipv6_txoptions *opt, int tclass,
	u32 priority)
{
	const struct ipv6_pinfo *np = sk ? inet6_sk(sk) : NULL;
	struct in6_addr *first_hop = &fl6->daddr;
	u8 proto = fl6->flowi6_proto;
	u32 room = sizeof(struct ipv6hdr) + LL_MAX_HEADER + (opt ? (u32)opt->opt_nflen + opt->opt_flen : 0);
	u32 mtu;

	if (skb_headroom(skb) < room && skb_cow_head(skb, room)) {
		IP6_INC_STATS(IPSTATS_MIB_OUTDISCARDS);
		kfree_skb(skb);
		return -ENOBUFS;
	}
	if (opt) {
		if (opt->opt_flen)
			ipv6_push_frag_opts(skb, opt, &proto);
		if (opt->opt_nflen)
			ipv6_push_nfrag_opts(skb, opt, &proto, &first_hop, &fl6->saddr);
	}
	set_header(skb, fl6, first_hop, (unsigned)tclass, ip6_make_flowlabel(sk, fl6), proto,
		np ? ip6_sk_dst_hoplimit(np, fl6, skb->dst) : ip6_dst_hoplimit(skb->dst));
	memset(skb->cb, 0, sizeof(struct inet6_skb_parm));
	skb->priority = priority;
	skb->mark = mark;
	mtu = dst_mtu(skb->dst);
	if (skb->len <= mtu || skb->local_df || skb_is_gso(skb)) {
		IP6_INC_STATS(IP_MIB_OUTREQUESTS);
		return ip6_local_out((struct sock *)sk, skb);
	}
	ipv6_local_error((struct sock *)sk, EMSGSIZE, fl6, mtu);
	IP6_INC_STATS(IPSTATS_MIB_FRAGFAILS);
	kfree_skb(skb);
	return -EMSGSIZE;
}

/* ---- connected sockets ---- */

static struct dst_entry *inet6_csk_route_socket(struct sock *sk, struct flowi6 *fl6)
{
	const struct inet_sock *inet = inet_sk(sk);
	struct ipv6_pinfo *np = inet6_sk(sk);
	struct in6_addr final, *final_p;
	struct dst_entry *dst;

	*fl6 = (struct flowi6){ .flowi6_proto = (u8)sk->sk_protocol, .daddr = sk->sk_v6_daddr, .saddr = np->saddr,
		.flowlabel = np->flow_label, .flowi6_oif = sk->sk_bound_dev_if, .flowi6_mark = sk->sk_mark,
		.fl6_sport = inet->inet_sport, .fl6_dport = sk->sk_dport, .flowi6_uid = sk->sk_uid };
	final_p = fl6_update_dst(fl6, np->opt, &final);
	dst = sk_dst_check(sk);
	if (!dst) {
		dst = ip6_dst_lookup_flow(sk, fl6, final_p);
		if (!IS_ERR(dst))
			ip6_dst_store(sk, dst, &fl6->daddr, NULL);
	}
	return dst;
}

int inet6_csk_xmit(struct sock *sk, struct sk_buff *skb, struct flowi *fl __maybe_unused)
{
	struct ipv6_pinfo *np = inet6_sk(sk);
	struct flowi6 fl6;
	struct dst_entry *dst = inet6_csk_route_socket(sk, &fl6);

	if (IS_ERR(dst)) {
		sk->sk_err_soft = (int)-PTR_ERR(dst);
		kfree_skb(skb);
		return (int)PTR_ERR(dst);
	}
	skb_dst_drop(skb);
	skb_dst_set(skb, dst_hold(dst));
	fl6.daddr = sk->sk_v6_daddr;
	return ip6_xmit(sk, skb, &fl6, sk->sk_mark, np->opt, np->tclass, sk->sk_priority);
}

int inet6_sk_rebuild_header(struct sock *sk)
{
	struct flowi6 fl6;
	struct dst_entry *dst = inet6_csk_route_socket(sk, &fl6);

	return IS_ERR(dst) ? (int)PTR_ERR(dst) : 0;
}

/* ---- building datagrams ---- */

static int ip6_setup_cork(struct sock *sk, struct inet_cork *cork, struct ipcm6_cookie *ipc6, struct rt6_info *rt,
	const struct flowi6 *fl6)
{
	const struct ipv6_pinfo *np = inet6_sk(sk);
	u32 mtu;

	cork->opt6 = ipc6->opt;
	if (cork->opt6)
		cork->opt6->refs++;
	cork->dst = &rt->dst;
	cork->fl.u.ip6 = *fl6;
	cork->hop_limit = (u8)ipc6->hlimit;
	cork->tclass = (u8)ipc6->tclass;
	cork->dontfrag = ipc6->dontfrag;
	mtu = np->pmtudisc >= IPV6_PMTUDISC_PROBE ? rt->dst.dev->mtu : dst_mtu(&rt->dst);
	if (np->frag_size && np->frag_size < mtu)
		mtu = np->frag_size;
	cork->fragsize = mtu;
	if (mtu < IPV6_MIN_MTU)
		return -EINVAL;
	cork->gso_size = ipc6->gso_size;
	cork->mark = ipc6->sockc.mark;
	cork->priority = ipc6->sockc.priority;
	cork->transmit_time = ipc6->sockc.transmit_time;
	cork->length = 0;
	cork->tx_flags = 0;
	sock_tx_timestamp(sk, &ipc6->sockc, &cork->tx_flags, NULL);
	return 0;
}

static void ip6_cork_release(struct inet_cork *cork)
{
	txopt_put(cork->opt6);
	cork->opt6 = NULL;
	dst_release(cork->dst);
	cork->dst = NULL;
}

static int __ip6_append_data(struct sock *sk, struct sk_buff_head *queue, struct inet_cork *cork, ip_getfrag getfrag,
	void *from, int length, int transhdrlen, struct ipcm6_cookie *ipc6, unsigned flags)
{
	struct flowi6 *fl6 = &cork->fl.u.ip6;
	unsigned header = sizeof(struct ipv6hdr) + (cork->opt6 ? cork->opt6->opt_flen + cork->opt6->opt_nflen : 0u);
	unsigned mtu = cork->gso_size ? IP6_MAX_MTU : cork->fragsize;
	unsigned most = ip6_sk_ignore_df(sk) ? sizeof(struct ipv6hdr) + IPV6_MAXPLEN : mtu;
	bool fresh = skb_queue_empty(queue);
	int err;

	if (cork->length + (u64)length > mtu - header && cork->dontfrag && sk->sk_type != SOCK_STREAM) {
		ipv6_local_rxpmtu(sk, fl6, mtu - header + sizeof(struct ipv6hdr));
		goto emsgsize;
	}
	if (cork->length + (u64)length > most - header) {
emsgsize:
		ipv6_local_error(sk, EMSGSIZE, fl6, mtu > header ? mtu - header + (u32)sizeof(struct ipv6hdr) : 0);
		return -EMSGSIZE;
	}
	err = datagram_append(sk, queue, cork, header + 8, mtu, getfrag, from, length, transhdrlen, flags);
	if (err)
		IP6_INC_STATS(IPSTATS_MIB_OUTDISCARDS);
	else if (fresh && cork->tx_flags && sk->sk_tsflags & SOF_TIMESTAMPING_OPT_ID)
		skb_peek_tail(queue)->tskey = ipc6->sockc.has_ts_opt_id ? ipc6->sockc.ts_opt_id : sk->sk_tskey++;
	return err;
}

/* Takes over the reference to @rt when it begins a message; otherwise the caller has none to give. */
int ip6_append_data(struct sock *sk, ip_getfrag getfrag, void *from, int length, int transhdrlen, struct ipcm6_cookie *ipc6,
	struct flowi6 *fl6, struct rt6_info *rt, unsigned flags)
{
	struct inet_cork *cork = &inet_sk(sk)->cork;

	if (flags & MSG_PROBE) {
		if (rt)
			dst_release(&rt->dst);
		return 0;
	}
	if (skb_queue_empty(&sk->sk_write_queue)) {
		int err = ip6_setup_cork(sk, cork, ipc6, rt, fl6);

		if (err) {
			ip6_cork_release(cork);
			return err;
		}
	} else {
		transhdrlen = 0;
		if (rt)
			dst_release(&rt->dst);
	}
	return __ip6_append_data(sk, &sk->sk_write_queue, cork, getfrag, from, length, transhdrlen, ipc6, flags);
}

static struct sk_buff *__ip6_make_skb(struct sock *sk, struct sk_buff_head *queue, struct inet_cork *cork)
{
	struct flowi6 *fl6 = &cork->fl.u.ip6;
	struct sk_buff *skb = skb_dequeue(queue);
	struct in6_addr final, *final_dst = &final;
	u8 proto = fl6->flowi6_proto;

	if (!skb)
		return NULL;
	skb->local_df = ip6_sk_ignore_df(sk);
	final = fl6->daddr;
	if (cork->opt6) {
		if (cork->opt6->opt_flen)
			ipv6_push_frag_opts(skb, cork->opt6, &proto);
		if (cork->opt6->opt_nflen)
			ipv6_push_nfrag_opts(skb, cork->opt6, &proto, &final_dst, &fl6->saddr);
	}
	set_header(skb, fl6, final_dst, cork->tclass, ip6_make_flowlabel(sk, fl6), proto, cork->hop_limit);
	memset(skb->cb, 0, sizeof(struct inet6_skb_parm));
	skb->priority = cork->priority;
	skb->mark = cork->mark;
	skb->tstamp = cork->transmit_time;
	skb->tstamp_mono = cork->transmit_time != 0;
	skb_dst_set(skb, cork->dst);
	cork->dst = NULL;
	IP6_INC_STATS(IP_MIB_OUTREQUESTS);
	if (proto == IPPROTO_ICMPV6) {
		net_mib.icmp6msg[256 + skb_transport_header(skb)[0]]++;
		ICMP6_INC_STATS(ICMP6_MIB_OUTMSGS);
	}
	ip6_cork_release(cork);
	return skb;
}

struct sk_buff *ip6_finish_skb(struct sock *sk)
{
	return __ip6_make_skb(sk, &sk->sk_write_queue, &inet_sk(sk)->cork);
}

int ip6_send_skb(struct sk_buff *skb)
{
	int err = ip6_local_out(skb->sk, skb);

	if (err == NET_XMIT_DROP)
		err = -ENOBUFS;
	if (err)
		IP6_INC_STATS(IPSTATS_MIB_OUTDISCARDS);
	return err;
}

int ip6_push_pending_frames(struct sock *sk)
{
	struct sk_buff *skb = ip6_finish_skb(sk);

	return skb ? ip6_send_skb(skb) : 0;
}

void ip6_flush_pending_frames(struct sock *sk)
{
	skb_queue_purge(&sk->sk_write_queue);
	ip6_cork_release(&inet_sk(sk)->cork);
}

/* @cork->fl is the flow. */
struct sk_buff *ip6_make_skb(struct sock *sk, ip_getfrag getfrag, void *from, int length, int transhdrlen,
	struct ipcm6_cookie *ipc6, struct rt6_info *rt, unsigned flags, struct inet_cork *cork)
{
	struct flowi6 fl6 = cork->fl.u.ip6;
	struct sk_buff_head queue;
	int err;

	if (flags & MSG_PROBE) {
		dst_release(&rt->dst);
		return NULL;
	}
	skb_queue_head_init(&queue);
	cork->flags = 0;
	cork->opt = NULL;
	err = ip6_setup_cork(sk, cork, ipc6, rt, &fl6);
	if (!err)
		err = __ip6_append_data(sk, &queue, cork, getfrag, from, length, transhdrlen, ipc6, flags);
	if (err) {
		skb_queue_purge(&queue);
		ip6_cork_release(cork);
		return ERR_PTR(err);
	}
	return __ip6_make_skb(sk, &queue, cork);
}

/* ---- fragments ---- */

/* Where a fragment header belongs: behind what routers look at. *nexthdr is the field that names what follows. */
static int ip6_find_1stfragopt(struct sk_buff *skb, u8 **nexthdr)
{
	unsigned offset = sizeof(struct ipv6hdr), packet = (unsigned)(skb->tail - skb_network_header(skb));
	bool routing = false;

	*nexthdr = &ipv6_hdr(skb)->nexthdr;
	while (offset + 8 <= packet) {
		u8 *h = skb_network_header(skb) + offset;

		if (**nexthdr == NEXTHDR_ROUTING)
			routing = true;
		else if (**nexthdr == NEXTHDR_DEST ? routing : **nexthdr != NEXTHDR_HOP)
			return (int)offset;
		*nexthdr = h;
		offset += (h[1] + 1u) << 3;
	}
	return offset > packet ? -EINVAL : (int)offset;
}

static struct sk_buff *frag6_next(struct sk_buff *skb, unsigned hlen, unsigned nh_at, u8 proto, u32 id, unsigned offset,
	unsigned len, bool last)
{
	struct sk_buff *n = alloc_skb(LL_MAX_HEADER + hlen + sizeof(struct frag_hdr) + len);
	struct frag_hdr *fh;

	if (!n)
		return NULL;
	skb_reserve(n, LL_MAX_HEADER);
	skb_reset_network_header(n);
	memcpy(skb_put(n, hlen), skb_network_header(skb), hlen);
	fh = skb_put(n, sizeof(*fh));
	memcpy(skb_put(n, len), skb_network_header(skb) + hlen + offset, len);
	n->transport_header = (u16)(n->network_header + hlen + sizeof(*fh));
	skb_network_header(n)[nh_at] = NEXTHDR_FRAGMENT;
	*fh = (struct frag_hdr){ .nexthdr = proto, .frag_off = htons((u16)(offset | (last ? 0 : IP6_MF))), .identification = id };
	ipv6_hdr(n)->payload_len = htons((u16)(n->len - sizeof(struct ipv6hdr)));
	n->protocol = skb->protocol;
	n->pkt_type = skb->pkt_type;
	n->priority = skb->priority;
	n->mark = skb->mark;
	n->dev = skb->dev;
	n->dst = dst_hold(skb->dst);
	memcpy(n->cb, skb->cb, sizeof(n->cb));
	return n;
}

int ip6_fragment(struct sock *sk, struct sk_buff *skb, int (*output)(struct sock *, struct sk_buff *))
{
	static u32 next_id;
	unsigned mtu = ip6_skb_dst_mtu(skb), hlen, left, offset = 0, room;
	u8 *nexthdr, proto;
	u32 id;
	int err, at = ip6_find_1stfragopt(skb, &nexthdr);

	if (at < 0) {
		err = at;
		goto fail;
	}
	hlen = (unsigned)at;
	proto = *nexthdr;
	if (!skb->local_df || IP6CB(skb)->frag_max_size > mtu)
		goto too_big;
	if (skb->sk && skb->sk->sk_family == AF_INET6 && inet6_sk(skb->sk) && inet6_sk(skb->sk)->frag_size
			&& inet6_sk(skb->sk)->frag_size < mtu)
		mtu = inet6_sk(skb->sk)->frag_size;
	if (mtu < hlen + sizeof(struct frag_hdr) + 8)
		goto too_big;
	room = (mtu - hlen - sizeof(struct frag_hdr)) & ~7u;
	if (!next_id)
		host_random(&next_id, sizeof(next_id));
	id = htonl(next_id++);
	err = -ENOMEM;
	if (skb_checksum_help(skb))
		goto fail;
	ip6_find_1stfragopt(skb, &nexthdr);
	for (left = skb->len - hlen; left;) {
		unsigned len = left > mtu - hlen - sizeof(struct frag_hdr) ? min(left, room) : left;
		struct sk_buff *n = frag6_next(skb, hlen, (unsigned)(nexthdr - skb_network_header(skb)), proto, id, offset, len,
			len == left);

		err = -ENOMEM;
		if (!n)
			goto fail;
		skb_set_owner_w_maybe(n, skb->sk);
		left -= len;
		offset += len;
		err = output(sk, n);
		if (err)
			goto fail;
		IP6_INC_STATS(IPSTATS_MIB_FRAGCREATES);
	}
	IP6_INC_STATS(IPSTATS_MIB_FRAGOKS);
	kfree_skb(skb);
	return 0;
too_big:
	icmpv6_send(skb, ICMPV6_PKT_TOOBIG, 0, mtu);
	err = -EMSGSIZE;
fail:
	IP6_INC_STATS(IPSTATS_MIB_FRAGFAILS);
	kfree_skb(skb);
	return err;
}
