/* Raw IPv4 sockets, raw(7): every packet of a protocol, header included, on the way in; with or without a header of the
 * guest's own on the way out. */
#include "../ip.h"
#include "../scm.h"
#include "fs.h"
#include "kerrno.h"
#include "ledger.h"
#include "string.h"
#include "uaccess.h"
#include <linux/if_packet.h>
#include <linux/sockios.h>
#include <asm/ioctls.h>

struct raw_sock {
	struct inet_sock inet;      /* first */
	u32 filter;                 /* ICMP_FILTER: types that are not wanted, by bit */
};
static struct raw_sock *raw_sk(const struct sock *sk) { return (struct raw_sock *)sk; }

struct hlist_head raw_hash[256]; /* by protocol */

static int raw_hash_sk(struct sock *sk)
{
	hlist_add_head(&sk->sk_node, &raw_hash[sk->sk_num & 255]);
	sock_prot_inuse_add(sk->sk_prot, 1);
	return 0;
}

static void raw_unhash_sk(struct sock *sk)
{
	if (hlist_unhashed(&sk->sk_node))
		return;
	hlist_del(&sk->sk_node);
	sock_prot_inuse_add(sk->sk_prot, -1);
}

static bool raw_v4_match(const struct sock *sk, u16 num, __be32 raddr, __be32 laddr, int dif)
{
	return sk->sk_num == num && (!sk->sk_daddr || sk->sk_daddr == raddr)
		&& (!sk->sk_rcv_saddr || sk->sk_rcv_saddr == laddr) && inet_sk_bound_dev_eq(sk->sk_bound_dev_if, dif);
}

/* ---- receiving ---- */

/* Does the socket's ICMP_FILTER refuse this packet (data at the ICMP header)? */
static bool icmp_filtered(const struct sock *sk, const struct sk_buff *skb)
{
	u8 type;

	if (!skb->len)
		return true;
	type = skb->data[0];
	return type < 32 && raw_sk(sk)->filter & 1u << type;
}

static int raw_rcv_skb(struct sock *sk, struct sk_buff *skb)
{
	if (sock_queue_rcv_skb(sk, skb) < 0) {
		kfree_skb(skb);
		return -1;
	}
	return 0;
}

/* A copy for every raw socket that wants the packet (data at the transport header). Was there one? */
bool raw_local_deliver(struct sk_buff *skb, int protocol)
{
	const struct iphdr *iph = ip_hdr(skb);
	struct sock *sk;
	bool delivered = false;

	hlist_for_each_entry(sk, &raw_hash[protocol], sk_node) {
		struct sk_buff *copy;

		if (!raw_v4_match(sk, (u16)protocol, iph->saddr, iph->daddr, skb->skb_iif))
			continue;
		if (sk->sk_rmem_alloc >= (u32)sk->sk_rcvbuf) {
			sk->sk_drops++;
			continue;
		}
		delivered = true;
		if ((protocol == IPPROTO_ICMP && icmp_filtered(sk, skb)) || !ip_mc_sf_allow(sk, iph->daddr, iph->saddr, skb->skb_iif))
			continue;
		copy = skb_clone(skb);
		if (!copy)
			continue;
		skb_push(copy, copy->data - skb_network_header(copy));
		raw_rcv_skb(sk, copy);
	}
	return delivered;
}

/* @skb: data at the packet that the error is about. */
static void raw_err(struct sock *sk, struct sk_buff *skb, u32 info)
{
	struct inet_sock *inet = inet_sk(sk);
	const struct icmphdr *icmph = (const struct icmphdr *)skb_transport_header(skb);
	bool harderr;
	int err;

	if (icmph->type == ICMP_DEST_UNREACH && icmph->code == ICMP_FRAG_NEEDED)
		ipv4_sk_update_pmtu(skb, sk, info);
	/* Only a connected socket, or one that asks, is told. */
	if (!inet->recverr && sk->sk_state != TCP_ESTABLISHED)
		return;
	err = icmp_error_of(inet, icmph->type, icmph->code, &harderr);
	if (!err)
		return;
	if (inet->recverr) {
		const struct iphdr *iph = (const struct iphdr *)skb->data;
		u8 *payload = skb->data + (inet->hdrincl ? 0 : iph->ihl * 4);

		ip_icmp_error(sk, skb, err, 0, info, payload);
	}
	if (inet->recverr || harderr) {
		sk->sk_err = err;
		sk_error_report(sk);
	}
}

void raw_icmp_error(struct sk_buff *skb, int protocol, u32 info)
{
	const struct iphdr *iph = (const struct iphdr *)skb->data;
	struct sock *sk;

	hlist_for_each_entry(sk, &raw_hash[protocol & 255], sk_node)
		if (raw_v4_match(sk, (u16)protocol, iph->daddr, iph->saddr, skb->skb_iif))
			raw_err(sk, skb, info);
}

static ssize_t raw_recvmsg(struct sock *sk, struct msghdr *msg, size_t size, unsigned flags)
{
	struct sockaddr_in *sin = msg->msg_name;
	struct sk_buff *skb;
	size_t copied;
	int off = 0, err = 0;

	if (flags & MSG_OOB)
		return -EOPNOTSUPP;
	if (flags & MSG_ERRQUEUE)
		return ip_recv_error(sk, msg, size);
	skb = skb_recv_datagram(sk, flags, &off, &err);
	if (!skb)
		return err;
	copied = skb->len;
	if (size < copied) {
		msg->msg_flags |= MSG_TRUNC;
		copied = size;
	}
	err = skb_copy_to_iter(skb, 0, &msg->msg_iter, copied);
	if (!err) {
		sock_recv_cmsgs(msg, sk, skb);
		if (sin) {
			memset(sin, 0, sizeof(*sin));
			sin->sin_family = AF_INET;
			sin->sin_addr.s_addr = ip_hdr(skb)->saddr;
			msg->msg_namelen = sizeof(*sin);
		}
		if (inet_sk(sk)->cmsg_flags)
			ip_cmsg_recv_offset(msg, sk, skb, 0, 0);
		if (flags & MSG_TRUNC)
			copied = skb->len;
	}
	kfree_skb(skb);
	return err ? err : (ssize_t)copied;
}

/* ---- sending ---- */

/* The guest's own header: length, checksum, and a source and identification of 0 are filled in, raw(7). */
static int raw_send_hdrinc(struct sock *sk, struct flowi4 *fl4, struct msghdr *msg, size_t size, struct rtable **rtp,
	unsigned flags, const struct ipcm_cookie *ipc)
{
	struct rtable *rt = *rtp;
	struct iphdr *iph;
	struct sk_buff *skb;
	unsigned hlen;
	int err;

	if (size > rt->dst.dev->mtu) {
		ip_local_error(sk, EMSGSIZE, fl4->daddr, sk->sk_dport, rt->dst.dev->mtu);
		return -EMSGSIZE;
	}
	if (size < sizeof(*iph))
		return -EINVAL;
	if (flags & MSG_PROBE)
		return 0;
	skb = sock_alloc_send_skb(sk, size + LL_MAX_HEADER, size + LL_MAX_HEADER, flags & MSG_DONTWAIT);
	if (IS_ERR(skb))
		return (int)PTR_ERR(skb);
	skb_reserve(skb, LL_MAX_HEADER);
	skb->protocol = htons(ETH_P_IP);
	skb->priority = ipc->sockc.priority;
	skb->mark = ipc->sockc.mark;
	skb_reset_network_header(skb);
	sock_tx_timestamp(sk, &ipc->sockc, &skb->tx_flags, &skb->tskey);
	err = -EFAULT;
	if (skb_copy_from_iter(skb, &msg->msg_iter, size))
		goto free_skb;
	iph = ip_hdr(skb);
	hlen = iph->ihl * 4;
	err = -EINVAL;
	if (hlen > size || hlen < sizeof(*iph))
		goto free_skb;
	skb->transport_header = (u16)(skb->network_header + hlen);
	if (!iph->saddr)
		iph->saddr = fl4->saddr;
	iph->check = 0;
	iph->tot_len = htons((u16)size);
	if (!iph->id)
		ip_select_ident(skb, NULL, 1);
	iph->check = ip_fast_csum(iph, iph->ihl);
	if (iph->protocol == IPPROTO_ICMP && size > hlen)
		net_mib.icmpmsg[256 + ((u8 *)iph)[hlen]]++;
	skb_dst_set(skb, &rt->dst);
	*rtp = NULL;
	memset(skb->cb, 0, sizeof(struct inet_skb_parm));
	local_bh_disable();
	err = dst_output(sk, skb);
	local_bh_enable();
	if (err)
		IP_INC_STATS(IPSTATS_MIB_OUTDISCARDS);
	/* A full queue is told to those only who asked for errors. */
	if (err == NET_XMIT_DROP || err == -ENOBUFS)
		err = inet_sk(sk)->recverr ? -ENOBUFS : 0;
	return err;
free_skb:
	kfree_skb(skb);
	return err;
}

/* The system makes the header. */
static int raw_append(struct sock *sk, struct msghdr *msg, size_t size, struct ip_send *s)
{
	int err;

	lock_sock(sk);
	err = ip_append_data(sk, &s->fl4, ip_generic_getfrag, msg, (int)size, 0, &s->ipc, &s->rt, msg->msg_flags);
	if (err) {
		ip_flush_pending_frames(sk);
	} else if (!(msg->msg_flags & MSG_MORE)) {
		err = ip_push_pending_frames(sk, &s->fl4);
		if (err == -ENOBUFS && !inet_sk(sk)->recverr)
			err = 0;
	}
	release_sock(sk);
	return err;
}

static ssize_t raw_sendmsg(struct sock *sk, struct msghdr *msg, size_t size)
{
	bool hdrincl = inet_sk(sk)->hdrincl;
	struct ip_send s;
	int err;

	if (size > 0xffff)
		return -EMSGSIZE;
	if (msg->msg_flags & MSG_OOB)
		return -EOPNOTSUPP;
	err = ip_send_begin(sk, msg, true, &s);
	if (!err && hdrincl && s.ipc.opt)
		err = -EINVAL;
	/* As in Linux, which looks at the type before it copies the message. */
	if (!err && !hdrincl && sk->sk_protocol == IPPROTO_ICMP && size < 2)
		err = -EFAULT;
	if (!hdrincl)
		s.ipc.protocol = (u8)sk->sk_protocol;
	if (!err)
		err = ip_send_route(sk, msg, &s, hdrincl ? FLOWI_FLAG_KNOWN_NH : 0);
	if (!err)
		err = hdrincl ? raw_send_hdrinc(sk, &s.fl4, msg, size, &s.rt, msg->msg_flags, &s.ipc) : raw_append(sk, msg, size, &s);
	ip_send_end(&s);
	return err < 0 ? err : (ssize_t)size;
}

/* ---- the rest ---- */

static int raw_bind(struct sock *sk, struct sockaddr *uaddr, int len)
{
	struct inet_sock *inet = inet_sk(sk);
	const struct sockaddr_in *addr = (const struct sockaddr_in *)uaddr;
	int type, err = -EINVAL;

	lock_sock(sk);
	if (sk->sk_state != TCP_CLOSE || len < (int)sizeof(*addr))
		goto out;
	type = inet_addr_type(addr->sin_addr.s_addr);
	err = -EADDRNOTAVAIL;
	if (addr->sin_addr.s_addr && type != RTN_LOCAL && type != RTN_MULTICAST && type != RTN_BROADCAST
			&& !inet_can_nonlocal_bind(inet))
		goto out;
	sk->sk_rcv_saddr = inet->inet_saddr = addr->sin_addr.s_addr;
	if (type == RTN_MULTICAST || type == RTN_BROADCAST)
		inet->inet_saddr = 0;
	sk_dst_reset(sk);
	err = 0;
out:
	release_sock(sk);
	return err;
}

static int raw_connect(struct sock *sk, struct sockaddr *addr, int len)
{
	return ip4_datagram_connect(sk, addr, len);
}

static int raw_disconnect(struct sock *sk, int flags __maybe_unused)
{
	struct inet_sock *inet = inet_sk(sk);

	lock_sock(sk);
	sk->sk_state = TCP_CLOSE;
	sk->sk_daddr = 0;
	sk->sk_dport = 0;
	if (!(sk->sk_userlocks & SOCK_BINDADDR_LOCK))
		sk->sk_rcv_saddr = inet->inet_saddr = 0;
	/* As in Linux, whose raw sockets share UDP's disconnect: it leaves the table and hears nothing any more. */
	raw_unhash_sk(sk);
	inet->inet_sport = 0;
	sk_dst_reset(sk);
	release_sock(sk);
	return 0;
}

static void raw_destroy(struct sock *sk)
{
	lock_sock(sk);
	ip_flush_pending_frames(sk);
	release_sock(sk);
}

static void raw_close(struct sock *sk, u64 timeout __maybe_unused)
{
	sk_common_release(sk);
}

static int raw_setsockopt(struct sock *sk, int level, int name, const void __user *val, unsigned len)
{
	if (level != SOL_RAW)
		return ip_setsockopt(sk, level, name, val, len);
	if (name != ICMP_FILTER) {
		LEDGER("setsockopt SOL_RAW option", name);
		return -ENOPROTOOPT;
	}
	if (sk->sk_num != IPPROTO_ICMP)
		return -EOPNOTSUPP;
	return copy_from_user(&raw_sk(sk)->filter, val, min(len, (unsigned)sizeof(u32))) ? -EFAULT : 0;
}

static int raw_getsockopt(struct sock *sk, int level, int name, void __user *val, int __user *ulen)
{
	int len;

	if (level != SOL_RAW)
		return ip_getsockopt(sk, level, name, val, ulen);
	if (name != ICMP_FILTER) {
		LEDGER("getsockopt SOL_RAW option", name);
		return -ENOPROTOOPT;
	}
	if (sk->sk_num != IPPROTO_ICMP)
		return -EOPNOTSUPP;
	if (get_user(len, ulen))
		return -EFAULT;
	if (len < 0)
		return -EINVAL;
	len = min(len, (int)sizeof(u32));
	if (put_user(len, ulen) || copy_to_user(val, &raw_sk(sk)->filter, len))
		return -EFAULT;
	return 0;
}

long raw_ioctl(struct sock *sk, unsigned cmd, unsigned long arg)
{
	int __user *uarg = u64_to_uptr(arg);
	const struct sk_buff *skb;

	switch (cmd) {
	case SIOCOUTQ:
		return put_user(sk_wmem_alloc_get(sk), uarg);
	case SIOCINQ:
		skb = skb_peek(&sk->sk_receive_queue);
		return put_user(skb ? (int)skb->len : 0, uarg);
	}
	return -ENOIOCTLCMD;
}

struct proto raw_prot = { .name = "RAW", .close = raw_close, .destroy = raw_destroy, .connect = raw_connect,
	.disconnect = raw_disconnect, .ioctl = raw_ioctl, .setsockopt = raw_setsockopt, .getsockopt = raw_getsockopt,
	.sendmsg = raw_sendmsg, .recvmsg = raw_recvmsg, .bind = raw_bind, .backlog_rcv = raw_rcv_skb, .hash = raw_hash_sk,
	.unhash = raw_unhash_sk, .obj_size = sizeof(struct raw_sock), .no_autobind = true };

void raw_init(void)
{
	proto_register(&raw_prot);
}
