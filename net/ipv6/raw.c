/* Raw IPv6 sockets, RFC 3542: payloads without the header on the way in, with a checksum that the kernel computes and checks
 * if asked; ICMPv6's always. */
#include "../ipv6.h"
#include "../scm.h"
#include "fs.h"
#include "kerrno.h"
#include "ledger.h"
#include "string.h"
#include "uaccess.h"
#include <linux/capability.h>
#include <linux/if_packet.h>

struct raw6_sock {
	struct inet_sock inet;      /* first */
	bool checksum;              /* IPV6_CHECKSUM is on */
	u32 offset;                 /* of the checksum in the payload */
	struct icmp6_filter filter; /* types that are refused, by bit */
	struct ipv6_pinfo inet6;    /* last */
};
static struct raw6_sock *raw6_sk(const struct sock *sk) { return (struct raw6_sock *)sk; }

struct hlist_head raw6_hash[256]; /* by header number */

static int rawv6_hash(struct sock *sk)
{
	hlist_add_head(&sk->sk_node, &raw6_hash[sk->sk_num & 255]);
	sock_prot_inuse_add(sk->sk_prot, 1);
	return 0;
}

static void rawv6_unhash(struct sock *sk)
{
	if (hlist_unhashed(&sk->sk_node))
		return;
	hlist_del(&sk->sk_node);
	sock_prot_inuse_add(sk->sk_prot, -1);
}

static bool raw_v6_match(const struct sock *sk, u16 num, const struct in6_addr *loc, const struct in6_addr *rmt, int dif)
{
	if (sk->sk_num != num || (!ipv6_addr_any(&sk->sk_v6_daddr) && !ipv6_addr_equal(&sk->sk_v6_daddr, rmt))
			|| !inet_sk_bound_dev_eq(sk->sk_bound_dev_if, dif))
		return false;
	if (ipv6_addr_any(&sk->sk_v6_rcv_saddr) || ipv6_addr_equal(&sk->sk_v6_rcv_saddr, loc))
		return true;
	return ipv6_addr_is_multicast(loc) && inet6_mc_check(sk, loc, rmt);
}

/* ---- receiving ---- */

static bool icmpv6_filtered(const struct sock *sk, const struct sk_buff *skb)
{
	u8 type;

	if (!skb->len)
		return true;
	type = skb->data[0];
	return raw6_sk(sk)->filter.data[type >> 5] & 1u << (type & 31);
}

static int rawv6_rcv_skb(struct sock *sk, struct sk_buff *skb)
{
	const struct raw6_sock *rp = raw6_sk(sk);

	if ((rp->checksum || sk->sk_filter) && skb->ip_summed == CHECKSUM_NONE
			&& csum_fold(csum_partial(skb->data, skb->len, skb->csum))) {
		sk->sk_drops++;
		goto drop;
	}
	if (!sock_queue_rcv_skb(sk, skb))
		return 0;
drop:
	kfree_skb(skb);
	return -1;
}

/* A copy for every raw socket that wants the packet (data at the header @nexthdr). */
bool raw6_local_deliver(struct sk_buff *skb, int nexthdr)
{
	const struct ipv6hdr *hdr = ipv6_hdr(skb);
	struct sock *sk;
	bool delivered = false;

	hlist_for_each_entry(sk, &raw6_hash[nexthdr], sk_node) {
		struct sk_buff *copy;

		if (!raw_v6_match(sk, (u16)nexthdr, &hdr->daddr, &hdr->saddr, skb->skb_iif))
			continue;
		if (sk->sk_rmem_alloc >= (u32)sk->sk_rcvbuf) {
			sk->sk_drops++;
			continue;
		}
		delivered = true;
		if (nexthdr == IPPROTO_ICMPV6 && icmpv6_filtered(sk, skb))
			continue;
		copy = skb_clone(skb);
		if (!copy)
			continue;
		skb_reset_transport_header(copy);
		if (copy->ip_summed == CHECKSUM_NONE)
			copy->csum = (u16)~csum_ipv6_magic(&hdr->saddr, &hdr->daddr, copy->len, (u8)sk->sk_num, 0);
		if (inet_sk(sk)->hdrincl)
			skb_push(copy, copy->data - skb_network_header(copy));
		rawv6_rcv_skb(sk, copy);
	}
	return delivered;
}

static void rawv6_err(struct sock *sk, struct sk_buff *skb, u8 type, u8 code, int offset, u32 info)
{
	bool recverr = inet6_sk(sk)->recverr, harderr;
	int err;

	if (!recverr && sk->sk_state != TCP_ESTABLISHED)
		return;
	harderr = icmpv6_err_convert(type, code, &err);
	if (type == ICMPV6_PKT_TOOBIG) {
		ip6_sk_update_pmtu(skb, sk, info);
		harderr = inet6_sk(sk)->pmtudisc == IPV6_PMTUDISC_DO;
	}
	if (recverr)
		ipv6_icmp_error(sk, skb, err, 0, ntohl(info), skb->data + (inet_sk(sk)->hdrincl ? 0 : offset));
	if (recverr || harderr) {
		sk->sk_err = err;
		sk_error_report(sk);
	}
}

void raw6_icmp_error(struct sk_buff *skb, int nexthdr, u8 type, u8 code, int inner_offset, __be32 info)
{
	const struct ipv6hdr *hdr = (const struct ipv6hdr *)skb->data;
	struct sock *sk;

	hlist_for_each_entry(sk, &raw6_hash[nexthdr & 255], sk_node)
		if (raw_v6_match(sk, (u16)nexthdr, &hdr->saddr, &hdr->daddr, skb->skb_iif))
			rawv6_err(sk, skb, type, code, inner_offset, info);
}

static ssize_t rawv6_recvmsg(struct sock *sk, struct msghdr *msg, size_t size, unsigned flags)
{
	struct ipv6_pinfo *np = inet6_sk(sk);
	struct sk_buff *skb;
	size_t copied;
	int off = 0, err = 0;

	if (flags & MSG_OOB)
		return -EOPNOTSUPP;
	if (flags & MSG_ERRQUEUE)
		return ipv6_recv_error(sk, msg, size);
	if (np->rxpmtu && np->rxopt.rxpmtu)
		return ipv6_recv_rxpmtu(sk, msg, size);
	skb = skb_recv_datagram(sk, flags, &off, &err);
	if (!skb)
		return err;
	copied = skb->len;
	if (copied > size) {
		copied = size;
		msg->msg_flags |= MSG_TRUNC;
	}
	if (skb->ip_summed == CHECKSUM_NONE && msg->msg_flags & MSG_TRUNC
			&& raw6_sk(sk)->checksum && csum_fold(csum_partial(skb->data, skb->len, skb->csum))) {
		skb_kill_datagram(sk, skb, flags);
		return flags & MSG_DONTWAIT ? -EAGAIN : -EHOSTUNREACH;
	}
	err = skb_copy_to_iter(skb, 0, &msg->msg_iter, copied);
	if (!err) {
		if (msg->msg_name) {
			struct sockaddr_in6 *sin6 = msg->msg_name;

			memset(sin6, 0, sizeof(*sin6));
			sin6->sin6_family = AF_INET6;
			sin6->sin6_addr = ipv6_hdr(skb)->saddr;
			sin6->sin6_scope_id = (u32)ipv6_iface_scope_id(&sin6->sin6_addr, skb->skb_iif);
			msg->msg_namelen = sizeof(*sin6);
		}
		sock_recv_cmsgs(msg, sk, skb);
		ip6_datagram_recv_ctl(sk, msg, skb);
		if (flags & MSG_TRUNC)
			copied = skb->len;
	}
	kfree_skb(skb);
	return err ? err : (ssize_t)copied;
}

/* ---- sending ---- */

/* The checksum at the place that IPV6_CHECKSUM says: over the whole message. */
static int rawv6_push(struct sock *sk, struct flowi6 *fl6)
{
	const struct raw6_sock *rp = raw6_sk(sk);
	struct sk_buff *skb = skb_peek(&sk->sk_write_queue);
	u8 *th, *at;
	u32 len;
	u16 csum;

	if (!skb)
		return 0;
	if (!rp->checksum)
		return ip6_push_pending_frames(sk);
	th = skb_transport_header(skb);
	len = (u32)(skb->tail - th);
	if (rp->offset + 1 >= len) {
		ip6_flush_pending_frames(sk);
		return -EINVAL;
	}
	at = th + rp->offset;
	put_unaligned16(0, at);
	csum = csum_ipv6_magic(&fl6->saddr, &fl6->daddr, len, fl6->flowi6_proto, csum_partial(th, len, 0));
	if (!csum && fl6->flowi6_proto == IPPROTO_UDP)
		csum = 0xffff;
	put_unaligned16(csum, at);
	return ip6_push_pending_frames(sk);
}

static int rawv6_send_hdrinc(struct sock *sk, struct msghdr *msg, size_t size, struct flowi6 *fl6, struct dst_entry *dst,
	unsigned flags, const struct ipcm6_cookie *ipc6)
{
	struct sk_buff *skb;
	int err;

	if (size > dst->dev->mtu) {
		ipv6_local_error(sk, EMSGSIZE, fl6, dst->dev->mtu);
		dst_release(dst);
		return -EMSGSIZE;
	}
	err = size < sizeof(struct ipv6hdr) ? -EINVAL : 0;
	if (err || flags & MSG_PROBE) {
		dst_release(dst);
		return err;
	}
	skb = sock_alloc_send_skb(sk, size + LL_MAX_HEADER, size + LL_MAX_HEADER, flags & MSG_DONTWAIT);
	if (IS_ERR(skb)) {
		dst_release(dst);
		return (int)PTR_ERR(skb);
	}
	skb_reserve(skb, LL_MAX_HEADER);
	skb->protocol = htons(ETH_P_IPV6);
	skb->priority = ipc6->sockc.priority;
	skb->mark = ipc6->sockc.mark;
	skb_dst_set(skb, dst);
	skb_reset_network_header(skb);
	skb->transport_header = skb->network_header;
	if (skb_copy_from_iter(skb, &msg->msg_iter, size)) {
		kfree_skb(skb);
		return -EFAULT;
	}
	IP6_INC_STATS(IP_MIB_OUTREQUESTS);
	memset(skb->cb, 0, sizeof(struct inet6_skb_parm));
	local_bh_disable();
	err = dst_output(sk, skb);
	local_bh_enable();
	if (err)
		IP6_INC_STATS(IPSTATS_MIB_OUTDISCARDS);
	/* A full queue is told to those only who asked for errors. */
	if (err == NET_XMIT_DROP || err == -ENOBUFS)
		err = inet6_sk(sk)->recverr ? -ENOBUFS : 0;
	return err;
}

/* Where a message goes, of which header (the port that the guest names), with which flow label and by which device. 0,
 * -EDESTADDRREQ, -EAFNOSUPPORT, -EINVAL. */
static int rawv6_destination(const struct sock *sk, const struct msghdr *msg, struct in6_addr *daddr, u16 *proto, struct flowi6 *fl6)
{
	const struct sockaddr_in6 *sin6 = msg->msg_name;
	const struct ipv6_pinfo *np = inet6_sk(sk);

	*proto = sk->sk_num;
	if (!sin6) {
		*daddr = sk->sk_v6_daddr;
		fl6->flowlabel = np->flow_label;
		return sk->sk_state == TCP_ESTABLISHED ? 0 : -EDESTADDRREQ;
	}
	if (msg->msg_namelen < SIN6_LEN_RFC2133)
		return -EINVAL;
	if (sin6->sin6_family && sin6->sin6_family != AF_INET6)
		return -EAFNOSUPPORT;
	if (sin6->sin6_port) {
		*proto = ntohs(sin6->sin6_port);
		if (*proto != sk->sk_num && sk->sk_num != IPPROTO_RAW)
			return -EINVAL;
	}
	if (*proto > 255)
		return -EINVAL;
	*daddr = sin6->sin6_addr;
	if (np->sndflow)
		fl6->flowlabel = sin6->sin6_flowinfo & IPV6_FLOWINFO_MASK;
	if (msg->msg_namelen >= (int)sizeof(*sin6) && sin6->sin6_scope_id && __ipv6_addr_needs_scope_id(__ipv6_addr_type(daddr)))
		fl6->flowi6_oif = (int)sin6->sin6_scope_id;
	return 0;
}

/* The system makes the header. Takes over the route. */
static int rawv6_append(struct sock *sk, struct msghdr *msg, size_t size, struct ipcm6_cookie *ipc6, struct flowi6 *fl6,
	struct dst_entry *dst)
{
	int err;

	lock_sock(sk);
	err = ip6_append_data(sk, ip_generic_getfrag, msg, (int)size, 0, ipc6, fl6, (struct rt6_info *)dst, msg->msg_flags);
	if (err)
		ip6_flush_pending_frames(sk);
	else if (!(msg->msg_flags & MSG_MORE))
		err = rawv6_push(sk, fl6);
	release_sock(sk);
	return err;
}

static ssize_t rawv6_sendmsg(struct sock *sk, struct msghdr *msg, size_t size)
{
	struct ipv6_pinfo *np = inet6_sk(sk);
	struct in6_addr daddr, final, *final_p;
	struct flowi6 fl6 = { .flowi6_mark = sk->sk_mark };
	bool hdrincl = inet_sk(sk)->hdrincl;
	struct ipcm6_cookie ipc6;
	struct dst_entry *dst;
	u16 proto;
	int err;

	if (size > 0x7fffffff)
		return -EMSGSIZE;
	if (msg->msg_flags & MSG_OOB)
		return -EOPNOTSUPP;
	ipcm6_init_sk(&ipc6, sk);
	ipc6.tclass = -1;
	ipc6.dontfrag = -1;
	err = rawv6_destination(sk, msg, &daddr, &proto, &fl6);
	if (err)
		return err;
	if (!fl6.flowi6_oif)
		fl6.flowi6_oif = sk->sk_bound_dev_if;
	if (msg->msg_controllen)
		err = ip6_datagram_send_ctl(sk, msg, &fl6, &ipc6);
	if (err)
		goto put_opt;
	if (!ipc6.opt)
		ipc6.opt = txopt_get(np);
	/* As in Linux, which looks at the type before it copies the message. */
	err = -EFAULT;
	if (!hdrincl && ((proto == IPPROTO_ICMPV6 && size < 2) || (proto == IPPROTO_MH && size < 4)))
		goto put_opt;
	fl6.flowi6_proto = (u8)proto;
	final_p = ip6_datagram_finish_flow(sk, &daddr, &ipc6, &fl6, &final);
	dst = ip6_dst_lookup_flow(sk, &fl6, final_p);
	if (IS_ERR(dst)) {
		err = (int)PTR_ERR(dst);
		goto put_opt;
	}
	if (ipc6.hlimit < 0)
		ipc6.hlimit = ip6_sk_dst_hoplimit(np, &fl6, dst);
	if (ipc6.dontfrag < 0)
		ipc6.dontfrag = np->dontfrag;
	err = hdrincl ? rawv6_send_hdrinc(sk, msg, size, &fl6, dst, msg->msg_flags, &ipc6) : rawv6_append(sk, msg, size, &ipc6, &fl6, dst);
put_opt:
	txopt_put(ipc6.opt);
	return err < 0 ? err : (ssize_t)size;
}

/* ---- the rest ---- */

static int rawv6_bind(struct sock *sk, struct sockaddr *uaddr, int len)
{
	const struct sockaddr_in6 *addr = (const struct sockaddr_in6 *)uaddr;
	struct net_device *dev = NULL;
	int type, err;

	if (len < SIN6_LEN_RFC2133)
		return -EINVAL;
	if (addr->sin6_family != AF_INET6)
		return -EINVAL;
	type = __ipv6_addr_type(&addr->sin6_addr);
	if ((type & 0xffff) == IPV6_ADDR_MAPPED)
		return -EADDRNOTAVAIL;
	lock_sock(sk);
	err = -EINVAL;
	if (sk->sk_state != TCP_CLOSE)
		goto out;
	if ((type & 0xffff) != IPV6_ADDR_ANY) {
		if (__ipv6_addr_needs_scope_id(type)) {
			if (len >= (int)sizeof(*addr) && addr->sin6_scope_id)
				sk->sk_bound_dev_if = (int)addr->sin6_scope_id;
			if (!sk->sk_bound_dev_if)
				goto out;
		}
		if (sk->sk_bound_dev_if) {
			err = -ENODEV;
			dev = dev_get_by_index(sk->sk_bound_dev_if);
			if (!dev)
				goto out;
		}
		err = -EADDRNOTAVAIL;
		if (!(type & IPV6_ADDR_MULTICAST) && !inet_can_nonlocal_bind(inet_sk(sk)) && !ipv6_chk_addr(&addr->sin6_addr, dev))
			goto out;
	}
	sk->sk_rcv_saddr = inet_sk(sk)->inet_saddr = 0;
	sk->sk_v6_rcv_saddr = addr->sin6_addr;
	if (!(type & IPV6_ADDR_MULTICAST))
		inet6_sk(sk)->saddr = addr->sin6_addr;
	err = 0;
out:
	release_sock(sk);
	return err;
}

static int rawv6_disconnect(struct sock *sk, int flags __maybe_unused)
{
	lock_sock(sk);
	sk->sk_state = TCP_CLOSE;
	sk->sk_dport = 0;
	sk->sk_v6_daddr = in6addr_any;
	if (!(sk->sk_userlocks & SOCK_BINDADDR_LOCK)) {
		sk->sk_v6_rcv_saddr = in6addr_any;
		inet6_sk(sk)->saddr = in6addr_any;
	}
	rawv6_unhash(sk);
	sk_dst_reset(sk);
	release_sock(sk);
	return 0;
}

static int set_checksum(struct sock *sk, int level, int v)
{
	struct raw6_sock *rp = raw6_sk(sk);

	/* RFC 3542: ICMPv6's place is fixed; by the level of RFC 2292 it is an error to name it. */
	if (sk->sk_num == IPPROTO_ICMPV6 && level == SOL_IPV6)
		return -EINVAL;
	if (v > 0 && v & 1)
		return -EINVAL;
	rp->checksum = v >= 0;
	if (v >= 0)
		rp->offset = (u32)v;
	return 0;
}

/* Raw sockets' own options: by SOL_RAW, and two of them by SOL_IPV6 as well. */
static bool is_raw_option(int level, int name)
{
	return level == SOL_RAW || (level == SOL_IPV6 && (name == IPV6_CHECKSUM || name == IPV6_HDRINCL));
}

static int set_raw_option(struct sock *sk, int level, int name, const void __user *val, unsigned len)
{
	int v;

	if (len < sizeof(int))
		return -EINVAL;
	if (get_user(v, (const int __user *)val))
		return -EFAULT;
	switch (name) {
	case IPV6_CHECKSUM:
		return set_checksum(sk, level, v);
	case IPV6_HDRINCL:
		inet_sk(sk)->hdrincl = v != 0;
		return 0;
	}
	LEDGER("setsockopt SOL_RAW option", name);
	return -ENOPROTOOPT;
}

static int rawv6_setsockopt(struct sock *sk, int level, int name, const void __user *val, unsigned len)
{
	if (level == SOL_ICMPV6) {
		if (sk->sk_num != IPPROTO_ICMPV6)
			return -EOPNOTSUPP;
		if (name != ICMPV6_FILTER) {
			LEDGER("setsockopt SOL_ICMPV6 option", name);
			return -ENOPROTOOPT;
		}
		return copy_from_user(&raw6_sk(sk)->filter, val, min(len, (unsigned)sizeof(struct icmp6_filter))) ? -EFAULT : 0;
	}
	if (is_raw_option(level, name))
		return set_raw_option(sk, level, name, val, len);
	return ipv6_setsockopt(sk, level, name, val, len);
}

static int get_filter(struct sock *sk, void __user *val, int __user *ulen)
{
	int len;

	if (get_user(len, ulen))
		return -EFAULT;
	if (len < 0)
		return -EINVAL;
	len = min(len, (int)sizeof(struct icmp6_filter));
	if (put_user(len, ulen))
		return -EFAULT;
	return copy_to_user(val, &raw6_sk(sk)->filter, len) ? -EFAULT : 0;
}

static int get_raw_option(struct sock *sk, int name, void __user *val, int __user *ulen)
{
	unsigned len;
	int v;

	if (get_user(len, (unsigned __user *)ulen))
		return -EFAULT;
	if (name == IPV6_CHECKSUM) {
		v = raw6_sk(sk)->checksum ? (int)raw6_sk(sk)->offset : -1;
	} else if (name == IPV6_HDRINCL) {
		v = inet_sk(sk)->hdrincl;
	} else {
		LEDGER("getsockopt SOL_RAW option", name);
		return -ENOPROTOOPT;
	}
	len = min(len, (unsigned)sizeof(v)); /* a negative one is large */
	if (put_user((int)len, ulen))
		return -EFAULT;
	return copy_to_user(val, &v, len) ? -EFAULT : 0;
}

static int rawv6_getsockopt(struct sock *sk, int level, int name, void __user *val, int __user *ulen)
{
	if (level == SOL_ICMPV6) {
		if (sk->sk_num != IPPROTO_ICMPV6)
			return -EOPNOTSUPP;
		if (name != ICMPV6_FILTER) {
			LEDGER("getsockopt SOL_ICMPV6 option", name);
			return -ENOPROTOOPT;
		}
		return get_filter(sk, val, ulen);
	}
	if (is_raw_option(level, name))
		return get_raw_option(sk, name, val, ulen);
	return ipv6_getsockopt(sk, level, name, val, ulen);
}

static void rawv6_destroy(struct sock *sk)
{
	lock_sock(sk);
	ip6_flush_pending_frames(sk);
	release_sock(sk);
}

static void rawv6_close(struct sock *sk, u64 timeout __maybe_unused)
{
	sk_common_release(sk);
}

static int rawv6_init_sk(struct sock *sk)
{
	struct raw6_sock *rp = raw6_sk(sk);

	if (sk->sk_num == IPPROTO_ICMPV6) {
		rp->checksum = true;
		rp->offset = 2;
	} else if (sk->sk_num == IPPROTO_MH) {
		rp->checksum = true;
		rp->offset = 4;
	}
	return 0;
}

struct proto rawv6_prot = { .name = "RAWv6", .close = rawv6_close, .destroy = rawv6_destroy,
	.connect = ip6_datagram_connect_v6_only, .disconnect = rawv6_disconnect, .ioctl = raw_ioctl, .init = rawv6_init_sk,
	.setsockopt = rawv6_setsockopt, .getsockopt = rawv6_getsockopt, .sendmsg = rawv6_sendmsg, .recvmsg = rawv6_recvmsg,
	.bind = rawv6_bind, .backlog_rcv = rawv6_rcv_skb, .hash = rawv6_hash, .unhash = rawv6_unhash,
	.obj_size = sizeof(struct raw6_sock), .no_autobind = true };

void rawv6_init(void)
{
	proto_register(&rawv6_prot);
}
