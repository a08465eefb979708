/* The options of ip(7). */
#include "../ip.h"
#include "../scm.h"
#include "kerrno.h"
#include "ledger.h"
#include "slab.h"
#include "string.h"
#include "uaccess.h"
#include <linux/capability.h>
#include <linux/if.h>

/* The priority that a type of service means, RFC 1349's table. */
static u32 rt_tos2priority(u8 tos)
{
	static const u8 prio[16] = { 0, 0, 0, 0, 2, 2, 2, 2, 6, 6, 6, 6, 4, 4, 4, 4 };

	return prio[(tos & IPTOS_TOS_MASK) >> 1];
}

/* Sets an int that the guest gave. */
static int ip_sock_set_tos(struct sock *sk, int val)
{
	struct inet_sock *inet = inet_sk(sk);

	if (sk->sk_type == SOCK_STREAM) /* the ECN bits are TCP's own */
		val = (val & ~3) | (inet->tos & 3);
	if (inet->tos != (u8)val) {
		inet->tos = (u8)val;
		sk->sk_priority = rt_tos2priority((u8)val);
		sk_dst_reset(sk);
	}
	return 0;
}

static int set_cmsg(struct inet_sock *inet, u32 bit, bool on)
{
	inet->cmsg_flags = on ? inet->cmsg_flags | bit : inet->cmsg_flags & ~bit;
	return 0;
}

/* ---- multicast ---- */

static int set_multicast_if(struct sock *sk, const void __user *val, unsigned len)
{
	struct inet_sock *inet = inet_sk(sk);
	struct ip_mreqn mreq = { .imr_ifindex = 0 };
	struct net_device *dev;
	unsigned size = len >= sizeof(mreq) ? sizeof(mreq) : len >= sizeof(struct ip_mreq) ? sizeof(struct ip_mreq) : 0;

	if (sk->sk_type == SOCK_STREAM || len < sizeof(struct in_addr))
		return -EINVAL;
	if (size) {
		if (copy_from_user(&mreq, val, size))
			return -EFAULT;
	} else if (copy_from_user(&mreq.imr_address, val, sizeof(struct in_addr))) {
		return -EFAULT;
	}
	if (!mreq.imr_ifindex) {
		if (!mreq.imr_address.s_addr) {
			inet->mc_index = 0;
			inet->mc_addr = 0;
			return 0;
		}
		dev = ip_dev_find(mreq.imr_address.s_addr);
		if (dev)
			mreq.imr_ifindex = dev->ifindex;
	} else {
		dev = dev_get_by_index(mreq.imr_ifindex);
	}
	if (!dev)
		return -EADDRNOTAVAIL;
	if (sk->sk_bound_dev_if && mreq.imr_ifindex != sk->sk_bound_dev_if)
		return -EINVAL;
	inet->mc_index = mreq.imr_ifindex;
	inet->mc_addr = mreq.imr_address.s_addr;
	return 0;
}

static int set_membership(struct sock *sk, int name, const void __user *val, unsigned len)
{
	struct ip_mreqn mreq = { .imr_ifindex = 0 };

	if (inet_sk(sk)->is_icsk)
		return -EPROTO;
	if (len < sizeof(struct ip_mreq))
		return -EINVAL;
	if (copy_from_user(&mreq, val, len >= sizeof(mreq) ? sizeof(mreq) : sizeof(struct ip_mreq)))
		return -EFAULT;
	return name == IP_ADD_MEMBERSHIP ? ip_mc_join_group(sk, &mreq) : ip_mc_leave_group(sk, &mreq);
}

/* Adding, dropping, blocking and unblocking a source, by either interface's number for it. */
static int change_source(struct sock *sk, int name, struct ip_mreq_source *mreqs, int ifindex)
{
	struct ip_mreqn mreq = { .imr_multiaddr.s_addr = mreqs->imr_multiaddr, .imr_address.s_addr = mreqs->imr_interface,
		.imr_ifindex = ifindex };
	int err;

	switch (name) {
	case IP_BLOCK_SOURCE:
	case MCAST_BLOCK_SOURCE:
		return ip_mc_source(true, MCAST_EXCLUDE, sk, mreqs, ifindex);
	case IP_UNBLOCK_SOURCE:
	case MCAST_UNBLOCK_SOURCE:
		return ip_mc_source(false, MCAST_EXCLUDE, sk, mreqs, ifindex);
	case IP_ADD_SOURCE_MEMBERSHIP:
	case MCAST_JOIN_SOURCE_GROUP:
		err = ip_mc_join_group_ssm(sk, &mreq, MCAST_INCLUDE);
		if (err && err != -EADDRINUSE)
			return err;
		return ip_mc_source(true, MCAST_INCLUDE, sk, mreqs, name == MCAST_JOIN_SOURCE_GROUP ? mreq.imr_ifindex : ifindex);
	default:
		return ip_mc_source(false, MCAST_INCLUDE, sk, mreqs, ifindex);
	}
}

static int set_source(struct sock *sk, int name, const void __user *val, unsigned len)
{
	struct ip_mreq_source mreqs;

	if (len != sizeof(mreqs))
		return -EINVAL;
	if (copy_from_user(&mreqs, val, sizeof(mreqs)))
		return -EFAULT;
	return change_source(sk, name, &mreqs, 0);
}

static int set_group(struct sock *sk, int name, const void __user *val, unsigned len)
{
	struct group_req greq;
	const struct sockaddr_in *psin = (const struct sockaddr_in *)&greq.gr_group;
	struct ip_mreqn mreq = { .imr_ifindex = 0 };

	if (len < sizeof(greq))
		return -EINVAL;
	if (copy_from_user(&greq, val, sizeof(greq)))
		return -EFAULT;
	if (psin->sin_family != AF_INET)
		return -EINVAL;
	mreq.imr_multiaddr = psin->sin_addr;
	mreq.imr_ifindex = (int)greq.gr_interface;
	return name == MCAST_JOIN_GROUP ? ip_mc_join_group(sk, &mreq) : ip_mc_leave_group(sk, &mreq);
}

static int set_group_source(struct sock *sk, int name, const void __user *val, unsigned len)
{
	struct group_source_req g;
	const struct sockaddr_in *psin = (const struct sockaddr_in *)&g.gsr_source;
	struct ip_mreq_source mreqs = { .imr_interface = 0 };

	if (len != sizeof(g))
		return -EINVAL;
	if (copy_from_user(&g, val, sizeof(g)))
		return -EFAULT;
	if (g.gsr_group.ss_family != AF_INET || g.gsr_source.ss_family != AF_INET)
		return -EADDRNOTAVAIL;
	mreqs.imr_sourceaddr = psin->sin_addr.s_addr;
	psin = (const struct sockaddr_in *)&g.gsr_group;
	mreqs.imr_multiaddr = psin->sin_addr.s_addr;
	return change_source(sk, name, &mreqs, (int)g.gsr_interface);
}

static int set_msfilter(struct sock *sk, const void __user *val, unsigned len)
{
	struct ip_msfilter *msf;
	int err = -EINVAL;

	if (len < IP_MSFILTER_SIZE(0))
		return -EINVAL;
	if (len > (unsigned)net_sysctl.optmem_max)
		return -ENOBUFS;
	msf = kmalloc(max(len, (unsigned)sizeof(*msf)));
	if (!msf)
		return -ENOMEM;
	if (copy_from_user(msf, val, len)) {
		err = -EFAULT;
		goto free_msf;
	}
	if (msf->imsf_numsrc >= 0x3ffffffcu || msf->imsf_numsrc > (u32)net_sysctl.igmp_max_msf) {
		err = -ENOBUFS;
		goto free_msf;
	}
	if (IP_MSFILTER_SIZE(msf->imsf_numsrc) > len)
		goto free_msf;
	err = ip_mc_msfilter(sk, msf, 0);
free_msf:
	kfree(msf);
	return err;
}

/* MCAST_MSFILTER: the same with sockaddr_storages. */
static int set_group_filter(struct sock *sk, const void __user *val, unsigned len)
{
	const size_t head = offsetof(struct group_filter, gf_slist_flex);
	struct group_filter *gsf;
	struct ip_msfilter *msf = NULL;
	u32 n;
	int err = -EINVAL;

	if (len < head)
		return -EINVAL;
	if (len > (unsigned)net_sysctl.optmem_max)
		return -ENOBUFS;
	gsf = kmalloc(max((size_t)len, sizeof(*gsf)));
	if (!gsf)
		return -ENOMEM;
	if (copy_from_user(gsf, val, len)) {
		err = -EFAULT;
		goto free_gsf;
	}
	n = gsf->gf_numsrc;
	if (n >= 0x1ffffffu || n > (u32)net_sysctl.igmp_max_msf) {
		err = -ENOBUFS;
		goto free_gsf;
	}
	if (head + n * sizeof(struct sockaddr_storage) > len)
		goto free_gsf;
	msf = kzalloc(sizeof(*msf) + n * sizeof(__be32));
	if (!msf) {
		err = -ENOMEM;
		goto free_gsf;
	}
	err = -EADDRNOTAVAIL;
	if (gsf->gf_group.ss_family != AF_INET)
		goto free_gsf;
	msf->imsf_multiaddr = ((struct sockaddr_in *)&gsf->gf_group)->sin_addr.s_addr;
	msf->imsf_fmode = gsf->gf_fmode;
	msf->imsf_numsrc = n;
	for (u32 i = 0; i < n; i++) {
		const struct sockaddr_in *psin = (const struct sockaddr_in *)&gsf->gf_slist_flex[i];

		if (psin->sin_family != AF_INET)
			goto free_gsf;
		msf->imsf_slist_flex[i] = psin->sin_addr.s_addr;
	}
	err = ip_mc_msfilter(sk, msf, (int)gsf->gf_interface);
free_gsf:
	kfree(msf);
	kfree(gsf);
	return err;
}

/* ---- the others ---- */

static int set_options(struct sock *sk, const void __user *val, unsigned len)
{
	struct inet_sock *inet = inet_sk(sk);
	struct ip_options_rcu *opt = NULL;
	u8 data[MAX_IPOPTLEN];
	int err;

	if (len > MAX_IPOPTLEN)
		return -EINVAL;
	if (copy_from_user(data, val, len))
		return -EFAULT;
	err = ip_options_get(&opt, data, (int)len);
	if (err)
		return err;
	kfree(inet->inet_opt);
	inet->inet_opt = opt;
	return 0;
}

static int set_unicast_if(struct sock *sk, int val, unsigned len)
{
	struct inet_sock *inet = inet_sk(sk);
	int ifindex = (int)ntohl((u32)val);

	if (len != sizeof(int))
		return -EINVAL;
	if (!ifindex) {
		inet->uc_index = 0;
		return 0;
	}
	if (!dev_get_by_index(ifindex))
		return -EADDRNOTAVAIL;
	if (sk->sk_bound_dev_if)
		return -EINVAL;
	inet->uc_index = ifindex;
	return 0;
}

static int set_port_range(struct sock *sk, u32 val, unsigned len)
{
	u16 low = (u16)val, high = (u16)(val >> 16);

	if (len != sizeof(u32) || (low && high && low > high))
		return -EINVAL;
	inet_sk(sk)->local_port_range = val;
	return 0;
}

/* Numbers that want at least one byte. */
static int set_byte(struct sock *sk, int name, int val, unsigned len)
{
	struct inet_sock *inet = inet_sk(sk);

	if (name == IP_TRANSPARENT && val && !capable(CAP_NET_RAW) && !capable(CAP_NET_ADMIN))
		return -EPERM;
	if (name == IP_MULTICAST_TTL && sk->sk_type == SOCK_STREAM)
		return -EINVAL;
	if (!len)
		return -EINVAL;
	switch (name) {
	case IP_TTL:
		if (val != -1 && (val < 1 || val > 255))
			return -EINVAL;
		inet->uc_ttl = (s16)val;
		return 0;
	case IP_MINTTL:
		if (val < 0 || val > 255)
			return -EINVAL;
		inet->min_ttl = (u8)val;
		return 0;
	case IP_MULTICAST_TTL:
		if (val == -1)
			val = 1;
		if (val < 0 || val > 255)
			return -EINVAL;
		inet->mc_ttl = (u8)val;
		return 0;
	case IP_MULTICAST_LOOP: inet->mc_loop = val != 0; return 0;
	case IP_MULTICAST_ALL:
		if (val != 0 && val != 1)
			return -EINVAL;
		inet->mc_all = val;
		return 0;
	case IP_FREEBIND: inet->freebind = val != 0; return 0;
	case IP_TRANSPARENT: inet->transparent = val != 0; return 0;
	}
	return -ENOPROTOOPT;
}

/* The routers' list of who is shown what they forward with the option Router Alert: on it once, off it once. */
static int set_router_alert(struct sock *sk, bool on)
{
	struct inet_sock *inet = inet_sk(sk);

	if (sk->sk_type != SOCK_RAW || sk->sk_num == IPPROTO_RAW)
		return -EINVAL;
	if (inet->router_alert == on)
		return on ? -EADDRINUSE : -ENOBUFS;
	inet->router_alert = on;
	return 0;
}

/* The options whose value is a number: fewer than four bytes are one, none are 0. */
static int set_number(struct sock *sk, int name, int val, unsigned len)
{
	struct inet_sock *inet = inet_sk(sk);

	switch (name) {
	case IP_ROUTER_ALERT: return set_router_alert(sk, val);
	case IP_PKTINFO: return set_cmsg(inet, IP_CMSG_PKTINFO, val);
	case IP_RECVTTL: return set_cmsg(inet, IP_CMSG_TTL, val);
	case IP_RECVTOS: return set_cmsg(inet, IP_CMSG_TOS, val);
	case IP_RECVOPTS: return set_cmsg(inet, IP_CMSG_RECVOPTS, val);
	case IP_RETOPTS: return set_cmsg(inet, IP_CMSG_RETOPTS, val);
	case IP_PASSSEC: return set_cmsg(inet, IP_CMSG_PASSSEC, val);
	case IP_RECVORIGDSTADDR: return set_cmsg(inet, IP_CMSG_ORIGDSTADDR, val);
	case IP_RECVFRAGSIZE:
		if (sk->sk_type != SOCK_RAW && sk->sk_type != SOCK_DGRAM)
			return -EINVAL;
		return set_cmsg(inet, IP_CMSG_RECVFRAGSIZE, val);
	case IP_CHECKSUM: return set_cmsg(inet, IP_CMSG_CHECKSUM, val);
	case IP_RECVERR:
		inet->recverr = val != 0;
		if (!val)
			skb_queue_purge(&sk->sk_error_queue);
		return 0;
	case IP_RECVERR_RFC4884:
		if (val < 0 || val > 1)
			return -EINVAL;
		inet->recverr_rfc4884 = val;
		return 0;
	case IP_HDRINCL:
		if (sk->sk_type != SOCK_RAW)
			return -ENOPROTOOPT;
		inet->hdrincl = val != 0;
		return 0;
	case IP_NODEFRAG:
		if (sk->sk_type != SOCK_RAW)
			return -ENOPROTOOPT;
		inet->nodefrag = val != 0;
		return 0;
	case IP_BIND_ADDRESS_NO_PORT:
		inet->bind_address_no_port = val != 0;
		return 0;
	case IP_MTU_DISCOVER:
		if (val < IP_PMTUDISC_DONT || val > IP_PMTUDISC_OMIT)
			return -EINVAL;
		inet->pmtudisc = (u8)val;
		return 0;
	case IP_TOS: return ip_sock_set_tos(sk, val);
	case IP_UNICAST_IF: return set_unicast_if(sk, val, len);
	case IP_LOCAL_PORT_RANGE: return set_port_range(sk, (u32)val, len);
	}
	return set_byte(sk, name, val, len);
}

static bool is_number(int name)
{
	switch (name) {
	case IP_PKTINFO: case IP_RECVTTL: case IP_RECVTOS: case IP_RECVOPTS: case IP_RETOPTS: case IP_PASSSEC:
	case IP_RECVORIGDSTADDR: case IP_RECVFRAGSIZE: case IP_CHECKSUM: case IP_RECVERR: case IP_RECVERR_RFC4884:
	case IP_HDRINCL: case IP_NODEFRAG: case IP_BIND_ADDRESS_NO_PORT: case IP_MTU_DISCOVER: case IP_TOS:
	case IP_UNICAST_IF: case IP_LOCAL_PORT_RANGE: case IP_TRANSPARENT: case IP_MULTICAST_TTL: case IP_TTL:
	case IP_MINTTL: case IP_MULTICAST_LOOP: case IP_MULTICAST_ALL: case IP_FREEBIND:
	case IP_ROUTER_ALERT:
		return true;
	}
	return false;
}

/* What has a structure. -ENOIOCTLCMD: @name is none of these. */
static int set_structure(struct sock *sk, int name, const void __user *val, unsigned len)
{
	switch (name) {
	case IP_OPTIONS: return set_options(sk, val, len);
	case IP_MULTICAST_IF: return set_multicast_if(sk, val, len);
	case IP_ADD_MEMBERSHIP:
	case IP_DROP_MEMBERSHIP: return set_membership(sk, name, val, len);
	case IP_MSFILTER: return set_msfilter(sk, val, len);
	case IP_BLOCK_SOURCE:
	case IP_UNBLOCK_SOURCE:
	case IP_ADD_SOURCE_MEMBERSHIP:
	case IP_DROP_SOURCE_MEMBERSHIP: return set_source(sk, name, val, len);
	case MCAST_JOIN_GROUP:
	case MCAST_LEAVE_GROUP: return set_group(sk, name, val, len);
	case MCAST_JOIN_SOURCE_GROUP:
	case MCAST_LEAVE_SOURCE_GROUP:
	case MCAST_BLOCK_SOURCE:
	case MCAST_UNBLOCK_SOURCE: return set_group_source(sk, name, val, len);
	case MCAST_MSFILTER: return set_group_filter(sk, val, len);
	case IP_IPSEC_POLICY:
	case IP_XFRM_POLICY:
		LEDGER("IP_XFRM_POLICY", name);
		return capable(CAP_NET_ADMIN) ? -ENOPROTOOPT : -EPERM;
	}
	return -ENOIOCTLCMD;
}

int ip_setsockopt(struct sock *sk, int level, int name, const void __user *val, unsigned len)
{
	int err, v = 0;
	u8 byte = 0;

	if (level != SOL_IP)
		return -ENOPROTOOPT;
	lock_sock(sk);
	err = set_structure(sk, name, val, len);
	if (err == -ENOIOCTLCMD) {
		err = is_number(name) ? 0 : -ENOPROTOOPT;
		if (err)
			len = 0;
		if (len >= sizeof(int))
			err = get_user(v, (const int __user *)val);
		else if (len)
			err = get_user(byte, (const u8 __user *)val), v = byte;
		if (!err)
			err = set_number(sk, name, v, len);
		if (err == -ENOPROTOOPT)
			LEDGER("setsockopt IPPROTO_IP option", name);
	}
	release_sock(sk);
	return err;
}

/* ---- getting ---- */

static int get_options(const struct sock *sk, void __user *val, int __user *ulen, int len)
{
	struct ip_options_rcu opt = { .opt.optlen = 0 };

	if (inet_sk(sk)->inet_opt)
		opt = *inet_sk(sk)->inet_opt;
	if (!opt.opt.optlen) {
		if (put_user(0, ulen))
			return -EFAULT;
		return 0;
	}
	ip_options_undo(&opt.opt, opt.data);
	len = min(len, (int)opt.opt.optlen);
	if (put_user(len, ulen))
		return -EFAULT;
	return copy_to_user(val, opt.data, len) ? -EFAULT : 0;
}

/* Memberships and their sources may not go while they are copied, which may sleep: the getters own the socket. */

static int get_msfilter(struct sock *sk, void __user *val, int __user *ulen, int len)
{
	struct ip_msfilter msf;
	int err;

	if (len < (int)IP_MSFILTER_SIZE(0))
		return -EINVAL;
	if (copy_from_user(&msf, val, IP_MSFILTER_SIZE(0)))
		return -EFAULT;
	lock_sock(sk);
	err = ip_mc_msfget(sk, &msf, val, ulen);
	release_sock(sk);
	return err;
}

int ip_get_group_filter(struct sock *sk, void __user *val, int __user *ulen, int len,
	int (*get)(struct sock *sk, struct group_filter *gsf, void __user *list, size_t room))
{
	const size_t head = offsetof(struct group_filter, gf_slist_flex);
	struct group_filter gsf;
	u32 room;
	int err;

	if (len < (int)head)
		return -EINVAL;
	if (copy_from_user(&gsf, val, head))
		return -EFAULT;
	room = gsf.gf_numsrc;
	lock_sock(sk);
	err = get(sk, &gsf, (char __user *)val + head, room);
	release_sock(sk);
	if (err)
		return err;
	len = (int)(head + min(room, gsf.gf_numsrc) * sizeof(struct sockaddr_storage));
	if (put_user(len, ulen) || copy_to_user(val, &gsf, head))
		return -EFAULT;
	return 0;
}

/* *v and 0, or -errno. */
static int get_number(struct sock *sk, int name, int *v)
{
	const struct inet_sock *inet = inet_sk(sk);
	const struct dst_entry *dst;

	switch (name) {
	case IP_PKTINFO: *v = !!(inet->cmsg_flags & IP_CMSG_PKTINFO); return 0;
	case IP_ROUTER_ALERT: *v = inet->router_alert; return 0;
	case IP_RECVTTL: *v = !!(inet->cmsg_flags & IP_CMSG_TTL); return 0;
	case IP_RECVTOS: *v = !!(inet->cmsg_flags & IP_CMSG_TOS); return 0;
	case IP_RECVOPTS: *v = !!(inet->cmsg_flags & IP_CMSG_RECVOPTS); return 0;
	case IP_RETOPTS: *v = !!(inet->cmsg_flags & IP_CMSG_RETOPTS); return 0;
	case IP_PASSSEC: *v = !!(inet->cmsg_flags & IP_CMSG_PASSSEC); return 0;
	case IP_RECVORIGDSTADDR: *v = !!(inet->cmsg_flags & IP_CMSG_ORIGDSTADDR); return 0;
	case IP_CHECKSUM: *v = !!(inet->cmsg_flags & IP_CMSG_CHECKSUM); return 0;
	case IP_RECVFRAGSIZE: *v = !!(inet->cmsg_flags & IP_CMSG_RECVFRAGSIZE); return 0;
	case IP_TOS: *v = inet->tos; return 0;
	case IP_TTL: *v = inet->uc_ttl < 0 ? net_sysctl.ip_default_ttl : inet->uc_ttl; return 0;
	case IP_HDRINCL: *v = inet->hdrincl; return 0;
	case IP_NODEFRAG: *v = inet->nodefrag; return 0;
	case IP_BIND_ADDRESS_NO_PORT: *v = inet->bind_address_no_port; return 0;
	case IP_MTU_DISCOVER: *v = inet->pmtudisc; return 0;
	case IP_MTU:
		dst = sk_dst_check(sk);
		*v = dst ? (int)dst_mtu(dst) : 0;
		return *v ? 0 : -ENOTCONN;
	case IP_RECVERR: *v = inet->recverr; return 0;
	case IP_RECVERR_RFC4884: *v = inet->recverr_rfc4884; return 0;
	case IP_MULTICAST_TTL: *v = inet->mc_ttl; return 0;
	case IP_MULTICAST_LOOP: *v = inet->mc_loop; return 0;
	case IP_MULTICAST_ALL: *v = inet->mc_all; return 0;
	case IP_FREEBIND: *v = inet->freebind; return 0;
	case IP_TRANSPARENT: *v = inet->transparent; return 0;
	case IP_MINTTL: *v = inet->min_ttl; return 0;
	case IP_UNICAST_IF: *v = (int)htonl((u32)inet->uc_index); return 0;
	case IP_LOCAL_PORT_RANGE: *v = (int)inet->local_port_range; return 0;
	case IP_PROTOCOL: *v = sk->sk_num; return 0; /* of a raw socket: of others it is the port */
	}
	return -ENOPROTOOPT;
}

/* IP_PKTOPTIONS: what the packet that made the connection said, as control messages of the kinds that are asked for. */
static int get_pktoptions(struct sock *sk, void __user *val, int __user *ulen, int len)
{
	const struct inet_sock *inet = inet_sk(sk);
	struct msghdr msg = { .msg_control_user = val, .msg_controllen = (size_t)len };
	struct in_pktinfo info = { .ipi_ifindex = inet->mc_index, .ipi_spec_dst.s_addr = sk->sk_rcv_saddr, .ipi_addr.s_addr = sk->sk_rcv_saddr };

	if (sk->sk_type != SOCK_STREAM)
		return -ENOPROTOOPT;
	if (inet->cmsg_flags & IP_CMSG_PKTINFO)
		put_cmsg(&msg, SOL_IP, IP_PKTINFO, &info, sizeof(info));
	if (inet->cmsg_flags & IP_CMSG_TTL)
		put_cmsg(&msg, SOL_IP, IP_TTL, &(int){ inet->mc_ttl }, sizeof(int));
	if (inet->cmsg_flags & IP_CMSG_TOS)
		put_cmsg(&msg, SOL_IP, IP_TOS, &(int){ inet->rcv_tos }, sizeof(int));
	return put_user(len - (int)msg.msg_controllen, ulen);
}

int ip_getsockopt(struct sock *sk, int level, int name, void __user *val, int __user *ulen)
{
	int len, v = 0, err;

	if (level != SOL_IP)
		return -EOPNOTSUPP;
	if (get_user(len, ulen))
		return -EFAULT;
	if (len < 0)
		return -EINVAL;
	switch (name) {
	case IP_OPTIONS: return get_options(sk, val, ulen, len);
	case IP_MSFILTER: return get_msfilter(sk, val, ulen, len);
	case MCAST_MSFILTER: return ip_get_group_filter(sk, val, ulen, len, ip_mc_gsfget);
	case IP_PKTOPTIONS: return get_pktoptions(sk, val, ulen, len);
	case IP_MULTICAST_IF:
		len = min(len, (int)sizeof(struct in_addr));
		if (put_user(len, ulen))
			return -EFAULT;
		return copy_to_user(val, &inet_sk(sk)->mc_addr, len) ? -EFAULT : 0;
	}
	err = get_number(sk, name, &v);
	if (err == -ENOPROTOOPT)
		LEDGER("getsockopt IPPROTO_IP option", name);
	if (err)
		return err;
	if (len < (int)sizeof(int) && len > 0 && v >= 0 && v <= 255) {
		u8 byte = (u8)v;

		if (put_user(1, ulen))
			return -EFAULT;
		return put_user(byte, (u8 __user *)val);
	}
	len = min(len, (int)sizeof(int));
	if (put_user(len, ulen))
		return -EFAULT;
	return copy_to_user(val, &v, len) ? -EFAULT : 0;
}
