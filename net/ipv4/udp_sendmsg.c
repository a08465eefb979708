/* UDP's way out over IPv4, RFC 768 and 3828: sendmsg, messages that are put together, checksums, UDP_SEGMENT. Checksums and segments
 * are those of both families. */
#include "../udp.h"
#include "../scm.h"
#include "kerrno.h"
#include "string.h"

/* UDP_SEGMENT: the packet becomes one of many segments. 0 or -errno (the packet is the caller's still). */
static int udp_set_gso(struct sock *sk, struct sk_buff *skb, unsigned hlen, const struct inet_cork *cork, unsigned len,
	bool no_check)
{
	unsigned datalen = len - sizeof(struct udphdr);

	if (hlen + min(datalen, (unsigned)cork->gso_size) > cork->fragsize)
		return -EMSGSIZE;
	if (datalen > (unsigned)cork->gso_size * UDP_MAX_SEGMENTS)
		return -EINVAL;
	if (no_check)
		return -EINVAL;
	if (is_udplite(sk))
		return -EIO;
	if (datalen > cork->gso_size) {
		skb->gso_size = cork->gso_size;
		skb->gso_type = SKB_GSO_UDP_L4;
		skb->gso_segs = (u16)((datalen + cork->gso_size - 1) / cork->gso_size);
		skb->ip_summed = CHECKSUM_PARTIAL;
	}
	return 0;
}

int udp_finish_gso(struct sock *sk, struct sk_buff *skb, unsigned hlen, const struct inet_cork *cork, unsigned len,
	bool no_check)
{
	return cork->gso_size ? udp_set_gso(sk, skb, hlen, cork, len, no_check) : 0;
}

/* How much of the packet UDP-Lite's checksum covers; the header's length field says so. */
u32 udplite_csum(const struct sock *sk, struct sk_buff *skb, struct udphdr *uh)
{
	const struct udp_sock *up = udp_sk(sk);
	u32 len = (u32)(skb->tail - (u8 *)uh), cover = len;

	if (up->pcflag & UDPLITE_SEND_CC) {
		if (up->pcslen < len) {
			if (up->pcslen > 0)
				cover = up->pcslen;
			uh->len = htons(up->pcslen);
		}
	}
	skb->ip_summed = CHECKSUM_NONE;
	return csum_partial(uh, cover, 0);
}

/* Leaves the checksum to whoever shows the packet to others. */
void udp_csum_partial(struct sk_buff *skb, struct udphdr *uh, u32 pseudo)
{
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = (u16)((u8 *)uh - skb->head);
	skb->csum_offset = offsetof(struct udphdr, check);
	uh->check = (u16)~csum_fold(pseudo);
}

int udp_count_sent(struct sock *sk, int err, bool recverr)
{
	u64 *mib = udp_sk_mib(sk);

	if (!err) {
		mib[UDP_MIB_OUTDATAGRAMS]++;
	} else if (err == -ENOBUFS && !recverr) {
		mib[UDP_MIB_SNDBUFERRORS]++;
		err = 0;
	}
	return err;
}

static int udp_send_skb(struct sk_buff *skb, struct flowi4 *fl4, const struct inet_cork *cork)
{
	struct sock *sk = skb->sk;
	struct udphdr *uh = udp_hdr(skb);
	unsigned offset = (unsigned)skb_transport_offset(skb), len = skb->len - offset;
	int err;

	uh->source = inet_sk(sk)->inet_sport;
	uh->dest = fl4->fl4_dport;
	uh->len = htons((u16)len);
	uh->check = 0;
	err = udp_finish_gso(sk, skb, offset + sizeof(*uh), cork, len, sk->sk_no_check_tx);
	if (err) {
		kfree_skb(skb);
		return err;
	}
	if (is_udplite(sk)) {
		u32 sum = udplite_csum(sk, skb, uh);

		uh->check = csum_tcpudp_magic(fl4->saddr, fl4->daddr, len, IPPROTO_UDPLITE, sum);
		if (!uh->check)
			uh->check = 0xffff;
	} else if (sk->sk_no_check_tx && !skb_is_gso(skb)) {
		skb->ip_summed = CHECKSUM_NONE;
	} else {
		udp_csum_partial(skb, uh, csum_tcpudp_nofold(fl4->saddr, fl4->daddr, len, IPPROTO_UDP, 0));
	}
	return udp_count_sent(sk, ip_send_skb(skb), inet_sk(sk)->recverr);
}

void udp_flush_pending_frames(struct sock *sk)
{
	struct udp_sock *up = udp_sk(sk);

	if (up->pending) {
		up->len = 0;
		up->pending = 0;
		ip_flush_pending_frames(sk);
	}
}

int udp_push_pending_frames(struct sock *sk)
{
	struct udp_sock *up = udp_sk(sk);
	struct inet_cork *cork = &up->inet.cork;
	struct flowi4 *fl4 = &cork->fl.u.ip4;
	struct inet_cork facts = *cork;
	struct sk_buff *skb = ip_finish_skb(sk, fl4);
	int err = skb ? udp_send_skb(skb, fl4, &facts) : 0;

	up->len = 0;
	up->pending = 0;
	return err;
}

/* SOL_UDP control messages: 1 if others remain for IP, 0, or -EINVAL. */
int udp_cmsg_send(struct sock *sk __maybe_unused, struct msghdr *msg, u16 *gso_size)
{
	struct cmsghdr *cmsg;
	bool need_ip = false;

	for_each_cmsghdr(cmsg, msg) {
		if (!CMSG_OK(msg, cmsg))
			return -EINVAL;
		if (cmsg->cmsg_level != SOL_UDP) {
			need_ip = true;
			continue;
		}
		if (cmsg->cmsg_type != UDP_SEGMENT || cmsg->cmsg_len != CMSG_LEN(sizeof(u16)))
			return -EINVAL;
		*gso_size = get_unaligned16(CMSG_DATA(cmsg));
	}
	return need_ip;
}

/* The destination that the message names. 0, -EINVAL, -EAFNOSUPPORT. */
static int udp_name(const struct msghdr *msg, __be32 *daddr, __be16 *dport)
{
	const struct sockaddr_in *sin = msg->msg_name;

	if (msg->msg_namelen < (int)sizeof(*sin))
		return -EINVAL;
	if (sin->sin_family != AF_INET && sin->sin_family != AF_UNSPEC)
		return -EAFNOSUPPORT;
	*daddr = sin->sin_addr.s_addr;
	*dport = sin->sin_port;
	return *dport ? 0 : -EINVAL;
}

/* ICMP, IP_PKTINFO and the socket together say where a datagram goes. */
static struct rtable *udp_route(struct sock *sk, struct flowi4 *fl4, struct ipcm_cookie *ipc, __be32 faddr, __be32 *saddr,
	__be16 dport, bool connected, unsigned flags)
{
	struct inet_sock *inet = inet_sk(sk);
	struct dst_entry *dst = connected ? sk_dst_check(sk) : NULL;
	struct rtable *rt;
	u8 tos = (u8)(ipc->tos != -1 ? ipc->tos : inet->tos) & IPTOS_RT_MASK;
	u8 scope = flags & MSG_DONTROUTE || sock_flag(sk, SOCK_LOCALROUTE) || (ipc->opt && ipc->opt->opt.is_strictroute)
		? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;

	if (dst) {
		fl4->saddr = *saddr;
		return dst_rtable(dst_hold(dst));
	}
	flowi4_init_output(fl4, ipc->oif, ipc->sockc.mark, tos, scope, (u8)sk->sk_protocol, inet_sk_flowi_flags(sk), faddr,
		*saddr, dport, inet->inet_sport, sk->sk_uid);
	rt = ip_route_output_key(fl4);
	if (IS_ERR(rt)) {
		if (PTR_ERR(rt) == -ENETUNREACH)
			IP_INC_STATS(IPSTATS_MIB_OUTNOROUTES);
		return rt;
	}
	if (rt->rt_flags & RTCF_BROADCAST && !sock_flag(sk, SOCK_BROADCAST)) {
		ip_rt_put(rt);
		return ERR_PTR(-EACCES);
	}
	if (connected)
		sk_dst_set(sk, dst_hold(&rt->dst));
	return rt;
}

/* More to a message that MSG_MORE or UDP_CORK holds. The socket is owned. */
static ssize_t udp_append(struct sock *sk, struct msghdr *msg, size_t size, struct ipcm_cookie *ipc, struct rtable **rt,
	unsigned ulen, bool corkreq)
{
	struct udp_sock *up = udp_sk(sk);
	struct flowi4 *fl4 = &up->inet.cork.fl.u.ip4;
	int err;

	up->len += ulen;
	err = ip_append_data(sk, fl4, ip_generic_getfrag, msg, (int)ulen, sizeof(struct udphdr), ipc, rt,
		corkreq ? msg->msg_flags | MSG_MORE : msg->msg_flags);
	if (err)
		udp_flush_pending_frames(sk);
	else if (!corkreq)
		err = udp_push_pending_frames(sk);
	else if (skb_queue_empty(&sk->sk_write_queue))
		up->pending = 0;
	return err ? err : (ssize_t)size;
}

/* What control messages and the socket say: the cookie, and whether the connected route still serves. 0 or -errno. */
static int udp_cookie(struct sock *sk, struct msghdr *msg, struct ipcm_cookie *ipc, bool *connected)
{
	int err;

	ipcm_init_sk(ipc, inet_sk(sk));
	ipc->gso_size = udp_sk(sk)->gso_size;
	if (!msg->msg_controllen)
		return 0;
	err = udp_cmsg_send(sk, msg, &ipc->gso_size);
	if (err > 0) {
		err = ip_cmsg_send(sk, msg, ipc, sk->sk_family == AF_INET6);
		*connected = false;
	}
	return min(err, 0);
}

/* The device, and for groups the source, where neither message nor binding say. */
static void udp_choose_device(struct sock *sk, struct ipcm_cookie *ipc, __be32 daddr, __be32 *saddr, bool *connected)
{
	const struct inet_sock *inet = inet_sk(sk);

	if (unlikely(ipv4_is_multicast(daddr))) {
		if (!ipc->oif || ipc->oif == sk->sk_bound_dev_if)
			ipc->oif = inet->mc_index ? inet->mc_index : ipc->oif;
		if (!*saddr)
			*saddr = inet->mc_addr;
		*connected = false;
	} else if (!ipc->oif) {
		ipc->oif = inet->uc_index;
	} else if (ipv4_is_lbcast(daddr) && inet->uc_index) {
		if (ipc->oif != inet->uc_index && !sk->sk_bound_dev_if)
			ipc->oif = inet->uc_index;
	}
}

/* A datagram that is whole: built and sent at once. 0 or -errno. */
static ssize_t udp_send_whole(struct sock *sk, struct msghdr *msg, unsigned ulen, struct ipcm_cookie *ipc, struct rtable **rt,
	struct flowi4 *fl4)
{
	struct inet_cork cork;
	struct sk_buff *skb = ip_make_skb(sk, fl4, ip_generic_getfrag, msg, (int)ulen, sizeof(struct udphdr), ipc, rt, &cork,
		msg->msg_flags);

	return IS_ERR_OR_NULL(skb) ? PTR_ERR(skb) : udp_send_skb(skb, fl4, &cork);
}

/* The first part of a message that is put together. */
static ssize_t udp_begin(struct sock *sk, struct msghdr *msg, size_t size, struct ipcm_cookie *ipc, struct rtable **rt,
	const struct flowi4 *fl4, unsigned ulen)
{
	struct udp_sock *up = udp_sk(sk);
	ssize_t err = -EINVAL; /* somebody else began a message while this one was prepared */

	lock_sock(sk);
	if (!up->pending) {
		up->inet.cork.fl.u.ip4 = (struct flowi4){ .daddr = fl4->daddr, .saddr = fl4->saddr, .fl4_dport = fl4->fl4_dport,
			.fl4_sport = up->inet.inet_sport };
		up->pending = AF_INET;
		err = udp_append(sk, msg, size, ipc, rt, ulen, true);
	}
	release_sock(sk);
	return err;
}

/* A message that is put together already goes on; *pending: there was one. */
static ssize_t udp_continue(struct sock *sk, struct msghdr *msg, size_t size, bool corkreq, bool *pending)
{
	struct udp_sock *up = udp_sk(sk);
	struct ipcm_cookie ipc;
	struct rtable *rt = NULL;
	ssize_t err = 0;

	lock_sock(sk);
	*pending = up->pending;
	if (up->pending && up->pending != AF_INET) {
		err = -EINVAL;
	} else if (up->pending) {
		ipcm_init_sk(&ipc, inet_sk(sk));
		err = udp_append(sk, msg, size, &ipc, &rt, (unsigned)size, corkreq);
	}
	release_sock(sk);
	return err;
}

/* Cookie, route, and away with it. */
static ssize_t udp_send_to(struct sock *sk, struct msghdr *msg, size_t size, __be32 daddr, __be16 dport, bool connected, bool corkreq)
{
	struct inet_sock *inet = inet_sk(sk);
	unsigned ulen = (unsigned)(size + sizeof(struct udphdr));
	struct ip_options_rcu opt_copy;
	struct ipcm_cookie ipc;
	struct rtable *rt = NULL;
	__be32 faddr = daddr, saddr;
	struct flowi4 fl4;
	ssize_t err = udp_cookie(sk, msg, &ipc, &connected);

	if (err)
		goto free_opt;
	if (!ipc.opt && inet->inet_opt) {
		opt_copy = *inet->inet_opt;
		ipc.opt = &opt_copy;
	}
	saddr = ipc.addr;
	ipc.addr = daddr;
	if (ipc.opt && ipc.opt->opt.srr) {
		err = -EINVAL;
		if (!daddr)
			goto free_opt;
		faddr = ipc.opt->opt.faddr;
		connected = false;
	}
	if (msg->msg_flags & MSG_DONTROUTE || sock_flag(sk, SOCK_LOCALROUTE) || ipc.tos != -1)
		connected = false;
	udp_choose_device(sk, &ipc, daddr, &saddr, &connected);
	rt = udp_route(sk, &fl4, &ipc, faddr, &saddr, dport, connected, msg->msg_flags);
	if (IS_ERR(rt)) {
		err = PTR_ERR(rt);
		rt = NULL;
		goto free_opt;
	}
	if (unlikely(msg->msg_flags & MSG_CONFIRM) && msg->msg_flags & MSG_PROBE && !size)
		goto free_opt;
	if (!ipc.addr)
		daddr = ipc.addr = fl4.daddr;
	fl4.daddr = daddr;
	fl4.fl4_dport = dport;
	if (corkreq) {
		err = udp_begin(sk, msg, size, &ipc, &rt, &fl4, ulen);
	} else {
		err = udp_send_whole(sk, msg, ulen, &ipc, &rt, &fl4);
		err = err ? err : (ssize_t)size;
	}
free_opt:
	if (rt)
		ip_rt_put(rt);
	ip_cmsg_free(&ipc);
	return err;
}

/* EMSGSIZE, EOPNOTSUPP, EINVAL, EAFNOSUPPORT, EDESTADDRREQ, EACCES, ENETUNREACH and other routes' errors, EAGAIN, EINTR,
 * EFAULT, ENOBUFS, EPIPE, and a pending error. */
ssize_t udp_sendmsg(struct sock *sk, struct msghdr *msg, size_t size)
{
	bool corkreq = udp_sk(sk)->corkflag || msg->msg_flags & MSG_MORE, pending = false;
	__be32 daddr = sk->sk_daddr;
	__be16 dport = sk->sk_dport;
	ssize_t err;

	if (size > 0xffff)
		return -EMSGSIZE;
	if (msg->msg_flags & MSG_OOB)
		return -EOPNOTSUPP;
	if (udp_sk(sk)->pending) {
		err = udp_continue(sk, msg, size, corkreq, &pending);
		if (pending)
			return err;
		daddr = sk->sk_daddr;
		dport = sk->sk_dport;
	}
	if (msg->msg_name) {
		err = udp_name(msg, &daddr, &dport);
		if (err)
			return err;
	} else if (sk->sk_state != TCP_ESTABLISHED) {
		return -EDESTADDRREQ;
	}
	err = udp_send_to(sk, msg, size, daddr, dport, !msg->msg_name, corkreq);
	/* Told by SO_SNDBUF rather than as a lost datagram. */
	if (err == -ENOBUFS)
		udp_sk_mib(sk)[UDP_MIB_SNDBUFERRORS]++;
	return err;
}
