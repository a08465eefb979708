/* What a guest says and hears beside the data on IPv4 sockets: control messages and the error queue. The options are in
 * ip_sockopt.c. */
#include "../ip.h"
#include "../scm.h"
#include "kerrno.h"
#include "ledger.h"
#include "slab.h"
#include "string.h"
#include <linux/capability.h>
#include <linux/net_tstamp.h>

/* ---- sending ---- */

void ip_cmsg_free(struct ipcm_cookie *ipc)
{
	if (ipc->opt_owned)
		kfree(ipc->opt);
	ipc->opt = NULL;
	ipc->opt_owned = false;
}

/* A mapped address by which an AF_INET6 socket names source and device of an IPv4 packet. */
static int v6_pktinfo(const struct cmsghdr *cmsg, struct ipcm_cookie *ipc)
{
	const struct in6_pktinfo *info = CMSG_DATA(cmsg);

	if (cmsg->cmsg_len < CMSG_LEN(sizeof(*info)) || !ipv6_addr_v4mapped(&info->ipi6_addr))
		return -EINVAL;
	if (info->ipi6_ifindex)
		ipc->oif = info->ipi6_ifindex;
	ipc->addr = info->ipi6_addr.s6_addr32[3];
	return 0;
}

static int ip_cmsg_one(const struct cmsghdr *cmsg, struct ipcm_cookie *ipc)
{
	size_t size = cmsg->cmsg_len - sizeof(*cmsg);
	const void *data = CMSG_DATA(cmsg);
	int val, err;

	switch (cmsg->cmsg_type) {
	case IP_RETOPTS: {
		struct ip_options_rcu *opt = ipc->opt_owned ? ipc->opt : NULL;

		err = ip_options_get(&opt, data, (int)min(size, (size_t)MAX_IPOPTLEN));
		if (err)
			return err;
		ipc->opt = opt;
		ipc->opt_owned = true;
		return 0;
	}
	case IP_PKTINFO: {
		const struct in_pktinfo *info = data;

		if (size != sizeof(*info))
			return -EINVAL;
		if (info->ipi_ifindex)
			ipc->oif = info->ipi_ifindex;
		ipc->addr = info->ipi_spec_dst.s_addr;
		return 0;
	}
	case IP_TTL:
		if (size != sizeof(int))
			return -EINVAL;
		val = (int)get_unaligned32(data);
		if (val < 1 || val > 255)
			return -EINVAL;
		ipc->ttl = (u8)val;
		return 0;
	case IP_TOS:
		if (size == sizeof(int))
			val = (int)get_unaligned32(data);
		else if (size == sizeof(u8))
			val = *(const u8 *)data;
		else
			return -EINVAL;
		if (val < 0 || val > 255)
			return -EINVAL;
		ipc->tos = (s16)val;
		return 0;
	case IP_PROTOCOL:
		if (size != sizeof(int))
			return -EINVAL;
		val = (int)get_unaligned32(data);
		if (val < 1 || val > 255)
			return -EINVAL;
		ipc->protocol = (u8)val;
		return 0;
	}
	return -EINVAL;
}

int ip_cmsg_send(struct sock *sk, struct msghdr *msg, struct ipcm_cookie *ipc, bool allow_ipv6)
{
	struct cmsghdr *cmsg;

	for_each_cmsghdr(cmsg, msg) {
		int err = 0;

		if (!CMSG_OK(msg, cmsg))
			return -EINVAL;
		if (allow_ipv6 && cmsg->cmsg_level == SOL_IPV6 && cmsg->cmsg_type == IPV6_PKTINFO)
			err = v6_pktinfo(cmsg, ipc);
		else if (cmsg->cmsg_level == SOL_SOCKET)
			err = sock_cmsg_send(sk, cmsg, &ipc->sockc);
		else if (cmsg->cmsg_level == SOL_IP)
			err = ip_cmsg_one(cmsg, ipc);
		if (err)
			return err;
	}
	return 0;
}

/* ---- receiving ---- */

/* The address of ours by which an answer to @skb should be sent. */
static __be32 spec_dst(const struct sk_buff *skb)
{
	const struct iphdr *iph = ip_hdr(skb);
	struct flowi4 fl4 = { .daddr = iph->saddr };
	const struct fib_route *r;

	if (inet_addr_type(iph->daddr) == RTN_LOCAL)
		return iph->daddr;
	r = fib_lookup(&fl4);
	if (r && r->prefsrc)
		return r->prefsrc;
	return inet_select_addr(dev_get_by_index(skb->skb_iif), iph->saddr, iph->saddr ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK);
}

static void recv_pktinfo(struct msghdr *msg, const struct sk_buff *skb)
{
	struct in_pktinfo info = { .ipi_ifindex = skb->skb_iif, .ipi_spec_dst.s_addr = spec_dst(skb),
		.ipi_addr.s_addr = ip_hdr(skb)->daddr };

	put_cmsg(msg, SOL_IP, IP_PKTINFO, &info, sizeof(info));
}

static void recv_options(struct msghdr *msg, struct sk_buff *skb, bool retopts)
{
	const struct ip_options *opt = &IPCB(skb)->opt;
	struct ip_options_rcu echo;

	if (!opt->optlen)
		return;
	if (!retopts) {
		put_cmsg(msg, SOL_IP, IP_RECVOPTS, skb_network_header(skb) + sizeof(struct iphdr), opt->optlen);
		return;
	}
	if (ip_options_echo(&echo, skb, opt)) {
		msg->msg_flags |= MSG_CTRUNC;
		return;
	}
	ip_options_undo(&echo.opt, echo.data);
	put_cmsg(msg, SOL_IP, IP_RETOPTS, echo.data, echo.opt.optlen);
}

static void recv_origdstaddr(struct msghdr *msg, const struct sk_buff *skb)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_addr.s_addr = ip_hdr(skb)->daddr };

	if (skb_transport_header(skb) + 4 > skb->tail)
		return;
	sin.sin_port = get_unaligned16(skb_transport_header(skb) + 2);
	put_cmsg(msg, SOL_IP, IP_ORIGDSTADDR, &sin, sizeof(sin));
}

void ip_cmsg_recv_offset(struct msghdr *msg, struct sock *sk, struct sk_buff *skb, int tlen __maybe_unused,
	int offset __maybe_unused)
{
	u32 flags = inet_sk(sk)->cmsg_flags;
	int val;

	if (flags & IP_CMSG_PKTINFO)
		recv_pktinfo(msg, skb);
	if (flags & IP_CMSG_TTL) {
		val = ip_hdr(skb)->ttl;
		put_cmsg(msg, SOL_IP, IP_TTL, &val, sizeof(val));
	}
	if (flags & IP_CMSG_TOS)
		put_cmsg(msg, SOL_IP, IP_TOS, &ip_hdr(skb)->tos, 1);
	if (flags & IP_CMSG_RECVOPTS)
		recv_options(msg, skb, false);
	if (flags & IP_CMSG_RETOPTS)
		recv_options(msg, skb, true);
	if (flags & IP_CMSG_ORIGDSTADDR)
		recv_origdstaddr(msg, skb);
	if (flags & IP_CMSG_RECVFRAGSIZE && IPCB(skb)->frag_max_size) {
		val = IPCB(skb)->frag_max_size;
		put_cmsg(msg, SOL_IP, IP_RECVFRAGSIZE, &val, sizeof(val));
	}
}

/* ---- the error queue ---- */

/* RFC 4884: where the extensions of an ICMP message begin, if they hold together. */
static void ip_icmp_error_rfc4884(const struct sk_buff *skb, struct sock_ee_data_rfc4884 *out)
{
	const struct icmphdr *icmph = (const struct icmphdr *)skb_transport_header(skb);
	int off = icmph->un.reserved[1] * 4, hlen;
	const u8 *ext, *end = skb->tail;

	if (icmph->type != ICMP_DEST_UNREACH && icmph->type != ICMP_TIME_EXCEEDED && icmph->type != ICMP_PARAMETERPROB)
		return;
	hlen = (int)(skb->data - (const u8 *)(icmph + 1));
	if (off < 128 || off < hlen)
		return;
	out->len = (u16)(off - hlen);
	ext = (const u8 *)(icmph + 1) + off;
	if (ext + 4 > end || (ext[0] >> 4) != 2 || (get_unaligned16(ext + 2) && csum_fold(csum_partial(ext, end - ext, 0))))
		out->flags |= SO_EE_RFC4884_FLAG_INVALID;
}

void ip_icmp_error(struct sock *sk, struct sk_buff *skb, int err, __be16 port, u32 info, u8 *payload)
{
	const struct icmphdr *icmph = (const struct icmphdr *)skb_transport_header(skb);
	struct sock_exterr_skb *serr;

	skb = skb_clone(skb);
	if (!skb)
		return;
	serr = SKB_EXT_ERR(skb);
	memset(serr, 0, sizeof(*serr));
	serr->ee.ee_errno = (u32)err;
	serr->ee.ee_origin = SO_EE_ORIGIN_ICMP;
	serr->ee.ee_type = icmph->type;
	serr->ee.ee_code = icmph->code;
	serr->ee.ee_info = info;
	serr->addr_offset = (u16)((const u8 *)&((const struct iphdr *)(icmph + 1))->daddr - skb_network_header(skb));
	serr->port = port;
	if (payload >= skb->data && skb_pull(skb, payload - skb->data)) {
		if (inet_sk(sk)->recverr_rfc4884)
			ip_icmp_error_rfc4884(skb, &serr->ee.ee_rfc4884);
		skb_reset_transport_header(skb);
		if (!sock_queue_err_skb(sk, skb))
			return;
	}
	kfree_skb(skb);
}

void ip_local_error(struct sock *sk, int err, __be32 daddr, __be16 port, u32 info)
{
	struct sock_exterr_skb *serr;
	struct sk_buff *skb;
	struct iphdr *iph;

	if (!inet_sk(sk)->recverr)
		return;
	skb = alloc_skb(sizeof(*iph));
	if (!skb)
		return;
	iph = skb_put(skb, sizeof(*iph));
	skb_reset_network_header(skb);
	memset(iph, 0, sizeof(*iph));
	iph->daddr = daddr;
	serr = SKB_EXT_ERR(skb);
	memset(serr, 0, sizeof(*serr));
	serr->ee.ee_errno = (u32)err;
	serr->ee.ee_origin = SO_EE_ORIGIN_LOCAL;
	serr->ee.ee_info = info;
	serr->addr_offset = offsetof(struct iphdr, daddr);
	serr->port = port;
	skb_pull(skb, sizeof(*iph));
	skb_reset_transport_header(skb);
	if (sock_queue_err_skb(sk, skb))
		kfree_skb(skb);
}

/* Has this entry the address of an offender, and facts about a packet? */
static bool has_offender(const struct sock *sk, struct sk_buff *skb, u8 origin)
{
	if (origin == SO_EE_ORIGIN_ICMP)
		return true;
	/* Facts about a stamped packet, if asked, when there is a packet. */
	return origin == SO_EE_ORIGIN_TIMESTAMPING && sk->sk_tsflags & SOF_TIMESTAMPING_OPT_CMSG && skb->len
		&& SKB_EXT_ERR(skb)->header.h4.iif;
}

ssize_t ip_recv_error(struct sock *sk, struct msghdr *msg, size_t size)
{
	struct { struct sock_extended_err ee; struct sockaddr_in offender; } errhdr;
	const struct sock_exterr_skb *serr;
	struct sockaddr_in *sin = msg->msg_name;
	struct sk_buff *skb;
	ssize_t copied;
	int err;

	skb = sock_dequeue_err_skb(sk);
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
	if (sin && (serr->ee.ee_origin == SO_EE_ORIGIN_ICMP || serr->ee.ee_origin == SO_EE_ORIGIN_LOCAL || serr->port)) {
		memset(sin, 0, sizeof(*sin));
		sin->sin_family = AF_INET;
		sin->sin_addr.s_addr = get_unaligned32(skb_network_header(skb) + serr->addr_offset);
		sin->sin_port = serr->port;
		msg->msg_namelen = sizeof(*sin);
	}
	memset(&errhdr, 0, sizeof(errhdr));
	errhdr.ee = serr->ee;
	if (has_offender(sk, skb, serr->ee.ee_origin)) {
		errhdr.offender.sin_family = AF_INET;
		errhdr.offender.sin_addr.s_addr = ip_hdr(skb)->saddr;
		if (inet_sk(sk)->cmsg_flags) {
			memset(IPCB(skb), 0, sizeof(struct inet_skb_parm));
			ip_cmsg_recv_offset(msg, sk, skb, 0, 0);
		}
	}
	put_cmsg(msg, SOL_IP, IP_RECVERR, &errhdr, sizeof(errhdr));
	msg->msg_flags |= MSG_ERRQUEUE;
	kfree_skb(skb);
	return copied;
}

ssize_t inet_recv_error(struct sock *sk, struct msghdr *msg, size_t size)
{
	return sk->sk_family == AF_INET6 ? ipv6_recv_error(sk, msg, size) : ip_recv_error(sk, msg, size);
}
