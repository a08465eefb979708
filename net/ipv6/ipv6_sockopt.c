/* The options of ipv6(7). On a socket that may also speak IPv4, IPPROTO_IP's options are taken as well. */
#include "../ipv6.h"
#include "../scm.h"
#include "../udp.h"
#include "kerrno.h"
#include "ledger.h"
#include "slab.h"
#include "string.h"
#include "uaccess.h"
#include <linux/capability.h>
#include <linux/in.h>

/* ---- extension headers of a socket ---- */

static unsigned opt_size(const struct ipv6_opt_hdr *h) { return h ? (h->hdrlen + 1u) << 3 : 0; }

/* Copies @h to *p unless it is NULL. */
static void *place(u8 **p, const void *h, unsigned len)
{
	void *at = *p;

	if (!h || !len)
		return NULL;
	memcpy(at, h, len);
	*p += len;
	return at;
}

/* @opt with @hdr (@len bytes; NULL: none) in the place of @type, in a new allocation. NULL: nothing is left. ERR_PTR. */
struct ipv6_txoptions *ipv6_renew_options(const struct ipv6_txoptions *opt, int type, const struct ipv6_opt_hdr *hdr,
	unsigned len)
{
	const struct ipv6_opt_hdr *hop = opt ? opt->hopopt : NULL, *dst0 = opt ? opt->dst0opt : NULL;
	const struct ipv6_opt_hdr *rt = opt ? (const struct ipv6_opt_hdr *)opt->srcrt : NULL, *dst1 = opt ? opt->dst1opt : NULL;
	struct ipv6_txoptions *n;
	unsigned total;
	u8 *p;

	if (!len)
		hdr = NULL;
	if (type == IPV6_HOPOPTS || type == IPV6_2292HOPOPTS)
		hop = hdr;
	else if (type == IPV6_RTHDRDSTOPTS)
		dst0 = hdr;
	else if (type == IPV6_DSTOPTS || type == IPV6_2292DSTOPTS)
		dst1 = hdr;
	else
		rt = hdr;
	total = opt_size(hop) + opt_size(dst0) + opt_size(rt) + opt_size(dst1);
	if (!total)
		return NULL;
	n = kzalloc(sizeof(*n) + total);
	if (!n)
		return ERR_PTR(-ENOBUFS);
	n->refs = 1;
	n->tot_len = (int)(sizeof(*n) + total);
	p = (u8 *)(n + 1);
	n->hopopt = place(&p, hop, opt_size(hop));
	n->dst0opt = place(&p, dst0, opt_size(dst0));
	n->srcrt = place(&p, rt, opt_size(rt));
	n->dst1opt = place(&p, dst1, opt_size(dst1));
	n->opt_nflen = (u16)(opt_size(hop) + (rt ? opt_size(dst0) + opt_size(rt) : 0));
	n->opt_flen = (u16)opt_size(dst1);
	return n;
}

/* Extension headers for all packets that follow; takes over the reference. */
static void set_txoptions(struct sock *sk, struct ipv6_txoptions *opt)
{
	txopt_put(inet6_sk(sk)->opt);
	inet6_sk(sk)->opt = opt;
	sk_dst_reset(sk);
}

static int set_sticky_opt(struct sock *sk, int name, const void __user *val, unsigned len)
{
	struct ipv6_opt_hdr *hdr = NULL;
	struct ipv6_txoptions *n;
	int err = -EINVAL;

	if (name != IPV6_RTHDR && !capable(CAP_NET_RAW))
		return -EPERM;
	if (len && (!val || len < sizeof(*hdr) || len & 7 || len > 8 * 255))
		return -EINVAL;
	if (len) {
		hdr = kmalloc(len);
		if (!hdr)
			return -ENOMEM;
		if (copy_from_user(hdr, val, len)) {
			err = -EFAULT;
			goto free_hdr;
		}
		if (opt_size(hdr) > len)
			goto free_hdr;
		if (name == IPV6_RTHDR && !seg6_validate_srh(hdr, len)) {
			LEDGER("IPV6_RTHDR", ((struct ipv6_rt_hdr *)hdr)->type);
			goto free_hdr;
		}
	}
	n = ipv6_renew_options(inet6_sk(sk)->opt, name, hdr, len);
	err = IS_ERR(n) ? (int)PTR_ERR(n) : 0;
	if (!err)
		set_txoptions(sk, n);
free_hdr:
	kfree(hdr);
	return err;
}

/* ---- multicast ---- */

static int set_mcast_if(struct sock *sk, int val)
{
	struct ipv6_pinfo *np = inet6_sk(sk);

	if (sk->sk_type == SOCK_STREAM)
		return -ENOPROTOOPT;
	if (val) {
		if (sk->sk_bound_dev_if && sk->sk_bound_dev_if != val)
			return -EINVAL;
		if (!dev_get_by_index(val))
			return -ENODEV;
	}
	np->mcast_oif = val;
	return 0;
}

static int set_membership(struct sock *sk, int name, const void __user *val, unsigned len)
{
	struct ipv6_mreq mreq;

	if (len < sizeof(mreq))
		return -EINVAL;
	if (name == IPV6_ADD_MEMBERSHIP || name == IPV6_DROP_MEMBERSHIP) {
		if (inet_sk(sk)->is_icsk)
			return -EPROTO;
	}
	if (copy_from_user(&mreq, val, sizeof(mreq)))
		return -EFAULT;
	switch (name) {
	case IPV6_ADD_MEMBERSHIP: return ipv6_sock_mc_join(sk, mreq.ipv6mr_ifindex, &mreq.ipv6mr_multiaddr);
	case IPV6_DROP_MEMBERSHIP: return ipv6_sock_mc_drop(sk, mreq.ipv6mr_ifindex, &mreq.ipv6mr_multiaddr);
	case IPV6_JOIN_ANYCAST: return ipv6_sock_ac_join(sk, mreq.ipv6mr_ifindex, &mreq.ipv6mr_multiaddr);
	}
	return ipv6_sock_ac_drop(sk, mreq.ipv6mr_ifindex, &mreq.ipv6mr_multiaddr);
}

static int set_group(struct sock *sk, int name, const void __user *val, unsigned len)
{
	struct group_req greq;
	const struct sockaddr_in6 *psin6 = (const struct sockaddr_in6 *)&greq.gr_group;

	if (len < sizeof(greq))
		return -EINVAL;
	if (copy_from_user(&greq, val, sizeof(greq)))
		return -EFAULT;
	if (greq.gr_group.ss_family != AF_INET6)
		return -EADDRNOTAVAIL;
	return name == MCAST_JOIN_GROUP ? ipv6_sock_mc_join(sk, (int)greq.gr_interface, &psin6->sin6_addr)
		: ipv6_sock_mc_drop(sk, (int)greq.gr_interface, &psin6->sin6_addr);
}

static int set_group_source(struct sock *sk, int name, const void __user *val, unsigned len)
{
	struct group_source_req g;
	int err;

	if (len < sizeof(g))
		return -EINVAL;
	if (copy_from_user(&g, val, sizeof(g)))
		return -EFAULT;
	if (g.gsr_group.ss_family != AF_INET6 || g.gsr_source.ss_family != AF_INET6)
		return -EADDRNOTAVAIL;
	switch (name) {
	case MCAST_BLOCK_SOURCE: return ip6_mc_source(true, MCAST_EXCLUDE, sk, &g);
	case MCAST_UNBLOCK_SOURCE: return ip6_mc_source(false, MCAST_EXCLUDE, sk, &g);
	case MCAST_JOIN_SOURCE_GROUP:
		err = ipv6_sock_mc_join_ssm(sk, (int)g.gsr_interface, &((struct sockaddr_in6 *)&g.gsr_group)->sin6_addr,
			MCAST_INCLUDE);
		if (err && err != -EADDRINUSE)
			return err;
		return ip6_mc_source(true, MCAST_INCLUDE, sk, &g);
	}
	return ip6_mc_source(false, MCAST_INCLUDE, sk, &g);
}

static int set_group_filter(struct sock *sk, const void __user *val, unsigned len)
{
	const size_t head = offsetof(struct group_filter, gf_slist_flex);
	struct group_filter *gsf;
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
	} else if (gsf->gf_numsrc >= 0x1ffffffu || gsf->gf_numsrc > (u32)net_sysctl.ip6_mld_max_msf) {
		err = -ENOBUFS;
	} else if (head + gsf->gf_numsrc * sizeof(struct sockaddr_storage) <= len) {
		err = ip6_mc_msfilter(sk, gsf, gsf->gf_slist_flex);
	}
	kfree(gsf);
	return err;
}

/* ---- the others ---- */

/* A dual-stack socket that is connected by a mapped address, or not at all, becomes one of AF_INET. Linux does so for RFC
 * 3493's sake; what it cannot do here is keep the object, so it is refused. */
static int set_addrform(struct sock *sk, int val)
{
	if (val != AF_INET)
		return -EINVAL;
	if (sk->sk_type == SOCK_RAW)
		return -ENOPROTOOPT;
	if (sk->sk_state != TCP_ESTABLISHED)
		return -ENOTCONN;
	if (ipv6_only_sock(sk) || !ipv6_addr_v4mapped(&sk->sk_v6_daddr))
		return -EADDRNOTAVAIL;
	LEDGER("IPV6_ADDRFORM", val);
	return -ENOPROTOOPT;
}

/* RFC 5014: of each group at most one; a group of which none is given keeps its setting. */
static int set_prefs(struct ipv6_pinfo *np, int val)
{
	int life = val & (IPV6_PREFER_SRC_TMP | IPV6_PREFER_SRC_PUBLIC | IPV6_PREFER_SRC_PUBTMP_DEFAULT);
	int home = val & (IPV6_PREFER_SRC_HOME | IPV6_PREFER_SRC_COA), cga = val & (IPV6_PREFER_SRC_CGA | IPV6_PREFER_SRC_NONCGA);
	int prefs = np->srcprefs;

	if ((life & (life - 1)) || (home & (home - 1)) || (cga & (cga - 1)))
		return -EINVAL;
	if (life)
		prefs = (prefs & ~(IPV6_PREFER_SRC_TMP | IPV6_PREFER_SRC_PUBLIC)) | (life & ~IPV6_PREFER_SRC_PUBTMP_DEFAULT);
	if (home)
		prefs = (prefs & ~IPV6_PREFER_SRC_COA) | (home & IPV6_PREFER_SRC_COA);
	np->srcprefs = (u8)prefs;
	return 0;
}

static int set_unicast_if(struct sock *sk, int val, unsigned len)
{
	int ifindex = (int)ntohl((u32)val);

	if (len != sizeof(int))
		return -EINVAL;
	if (!ifindex) {
		inet6_sk(sk)->ucast_oif = 0;
		return 0;
	}
	if (!dev_get_by_index(ifindex))
		return -EADDRNOTAVAIL;
	if (sk->sk_bound_dev_if)
		return -EINVAL;
	inet6_sk(sk)->ucast_oif = ifindex;
	return 0;
}

static int set_pktinfo(struct sock *sk, const void __user *val, unsigned len)
{
	struct in6_pktinfo pkt;

	if (len < sizeof(pkt) || !val)
		return -EINVAL;
	if (copy_from_user(&pkt, val, sizeof(pkt)))
		return -EFAULT;
	if (sk->sk_bound_dev_if && pkt.ipi6_ifindex != sk->sk_bound_dev_if)
		return -EINVAL;
	inet6_sk(sk)->sticky_oif = pkt.ipi6_ifindex;
	inet6_sk(sk)->sticky_addr = pkt.ipi6_addr;
	return 0;
}

/* IPV6_2292PKTOPTIONS, RFC 2292's way: control messages that hold for all packets. Of what they can say, only extension headers
 * are kept. */
static int set_pktoptions(struct sock *sk, const void __user *val, unsigned len)
{
	struct flowi6 fl6 = { .flowi6_oif = sk->sk_bound_dev_if };
	struct ipcm6_cookie ipc6 = { .hlimit = -1 };
	struct msghdr msg = { .msg_controllen = len };
	int err = -EFAULT;

	if (len > 64 * 1024)
		return -EINVAL;
	msg.msg_control = len ? sock_kmalloc(sk, len) : NULL;
	if (len && !msg.msg_control)
		return -ENOBUFS;
	if (!copy_from_user(msg.msg_control, val, len))
		err = ip6_datagram_send_ctl(sk, &msg, &fl6, &ipc6);
	if (len)
		sock_kfree(sk, msg.msg_control, len);
	if (err) {
		txopt_put(ipc6.opt);
		return err;
	}
	set_txoptions(sk, ipc6.opt);
	return 0;
}

/* The same of a connection: what the packet that made it said. Extension headers of later ones are not kept. */
static int get_pktoptions(struct sock *sk, void __user *val, int __user *ulen, int len)
{
	const struct ipv6_pinfo *np = inet6_sk(sk);
	struct msghdr msg = { .msg_control_user = val, .msg_controllen = (size_t)len };
	struct in6_pktinfo info = { .ipi6_ifindex = np->mcast_oif ? np->mcast_oif : np->sticky_oif,
		.ipi6_addr = np->mcast_oif ? sk->sk_v6_daddr : np->sticky_addr };
	int tclass = (int)(ntohl(np->rcv_flowinfo) >> 20 & 0xff), hops = np->mcast_hops;

	if (sk->sk_type != SOCK_STREAM)
		return -ENOPROTOOPT;
	if (np->rxopt.hopopts || np->rxopt.ohopopts || np->rxopt.dstopts || np->rxopt.odstopts || np->rxopt.srcrt || np->rxopt.osrcrt)
		LEDGER("IPV6_2292PKTOPTIONS of extension headers", len);
	if (np->rxopt.rxinfo)
		put_cmsg(&msg, SOL_IPV6, IPV6_PKTINFO, &info, sizeof(info));
	if (np->rxopt.rxhlim)
		put_cmsg(&msg, SOL_IPV6, IPV6_HOPLIMIT, &hops, sizeof(hops));
	if (np->rxopt.rxtclass)
		put_cmsg(&msg, SOL_IPV6, IPV6_TCLASS, &tclass, sizeof(tclass));
	if (np->rxopt.rxoinfo)
		put_cmsg(&msg, SOL_IPV6, IPV6_2292PKTINFO, &info, sizeof(info));
	if (np->rxopt.rxohlim)
		put_cmsg(&msg, SOL_IPV6, IPV6_2292HOPLIMIT, &hops, sizeof(hops));
	if (np->rxopt.rxflow)
		put_cmsg(&msg, SOL_IPV6, IPV6_FLOWINFO, &np->rcv_flowinfo, sizeof(np->rcv_flowinfo));
	return put_user(len - (int)msg.msg_controllen, ulen);
}

/* Flags, by their place. NULL: @name is none. */
static bool *flag_of(struct sock *sk, int name)
{
	struct ipv6_pinfo *np = inet6_sk(sk);

	switch (name) {
	case IPV6_RECVPKTINFO: return &np->rxopt.rxinfo;
	case IPV6_2292PKTINFO: return &np->rxopt.rxoinfo;
	case IPV6_RECVHOPLIMIT: return &np->rxopt.rxhlim;
	case IPV6_2292HOPLIMIT: return &np->rxopt.rxohlim;
	case IPV6_RECVRTHDR: return &np->rxopt.srcrt;
	case IPV6_2292RTHDR: return &np->rxopt.osrcrt;
	case IPV6_RECVHOPOPTS: return &np->rxopt.hopopts;
	case IPV6_2292HOPOPTS: return &np->rxopt.ohopopts;
	case IPV6_RECVDSTOPTS: return &np->rxopt.dstopts;
	case IPV6_2292DSTOPTS: return &np->rxopt.odstopts;
	case IPV6_FLOWINFO: return &np->rxopt.rxflow;
	case IPV6_RECVPATHMTU: return &np->rxopt.rxpmtu;
	case IPV6_RECVTCLASS: return &np->rxopt.rxtclass;
	case IPV6_RECVORIGDSTADDR: return &np->rxopt.rxorigdstaddr;
	case IPV6_RECVFRAGSIZE: return &np->rxopt.recvfragsize;
	case IPV6_FLOWINFO_SEND: return &np->sndflow;
	case IPV6_DONTFRAG: return &np->dontfrag;
	case IPV6_RECVERR: return &np->recverr;
	case IPV6_FREEBIND: return &inet_sk(sk)->freebind;
	case IPV6_ROUTER_ALERT_ISOLATE: return &np->rtalert_isolate;
	}
	return NULL;
}

/* A raw socket for all protocols joins the list of who is shown what is forwarded with the option Router Alert of @selector; leaves it
 * with a negative one. */
static int set_router_alert(struct sock *sk, int selector)
{
	struct ipv6_pinfo *np = inet6_sk(sk);
	bool on = selector >= 0;

	if (sk->sk_type != SOCK_RAW || sk->sk_num != IPPROTO_RAW)
		return -ENOPROTOOPT;
	if (np->router_alert == on)
		return on ? -EADDRINUSE : -ENOBUFS;
	np->router_alert = on;
	np->router_alert_shown = selector != 0;
	return 0;
}

static int set_multicast(struct sock *sk, int name, int val, unsigned len)
{
	struct ipv6_pinfo *np = inet6_sk(sk);

	switch (name) {
	case IPV6_MULTICAST_LOOP:
		if (len < sizeof(int) || val != (val != 0))
			return -EINVAL;
		np->mc_loop = val;
		return 0;
	case IPV6_MULTICAST_HOPS:
		if (sk->sk_type == SOCK_STREAM)
			return -ENOPROTOOPT;
		if (len < sizeof(int) || val > 255 || val < -1)
			return -EINVAL;
		np->mcast_hops = val == -1 ? 1 : val;
		return 0;
	case IPV6_MULTICAST_ALL:
		if (len < sizeof(int))
			return -EINVAL;
		np->mc_all = val != 0;
		return 0;
	case IPV6_MULTICAST_IF:
		return len < sizeof(int) && sk->sk_type != SOCK_STREAM ? -EINVAL : set_mcast_if(sk, val);
	}
	return -ENOPROTOOPT;
}

/* -1: the default. A stream's two bits of ECN are TCP's. */
static int set_tclass(struct sock *sk, int val)
{
	struct ipv6_pinfo *np = inet6_sk(sk);

	if (val < -1 || val > 255)
		return -EINVAL;
	if (val == -1)
		val = 0;
	if (sk->sk_type == SOCK_STREAM)
		val = (val & ~3) | (np->tclass & 3);
	if (np->tclass != val) {
		np->tclass = (u8)val;
		sk_dst_reset(sk);
	}
	return 0;
}

static int set_number(struct sock *sk, int name, int val, unsigned len)
{
	struct ipv6_pinfo *np = inet6_sk(sk);
	bool *flag = flag_of(sk, name);

	if (flag) {
		if (len < sizeof(int) && name != IPV6_DONTFRAG && name != IPV6_RECVFRAGSIZE)
			return -EINVAL;
		*flag = val != 0;
		if (name == IPV6_RECVERR && !val)
			skb_queue_purge(&sk->sk_error_queue);
		return 0;
	}
	switch (name) {
	case IPV6_V6ONLY:
		if (len < sizeof(int) || sk->sk_num)
			return -EINVAL;
		sk->sk_ipv6only = val != 0;
		return 0;
	case IPV6_UNICAST_HOPS:
		if (len < sizeof(int) || val > 255 || val < -1)
			return -EINVAL;
		np->hop_limit = val;
		return 0;
	case IPV6_MULTICAST_LOOP:
	case IPV6_MULTICAST_HOPS:
	case IPV6_MULTICAST_ALL:
	case IPV6_MULTICAST_IF: return set_multicast(sk, name, val, len);
	case IPV6_MTU:
		if (len < sizeof(int) || (val && val < IPV6_MIN_MTU))
			return -EINVAL;
		np->frag_size = (u32)val;
		return 0;
	case IPV6_MTU_DISCOVER:
		if (len < sizeof(int) || val < IPV6_PMTUDISC_DONT || val > IPV6_PMTUDISC_OMIT)
			return -EINVAL;
		np->pmtudisc = (u8)val;
		return 0;
	case IPV6_MINHOPCOUNT:
		if (len < sizeof(int) || val < 0 || val > 255)
			return -EINVAL;
		np->min_hopcount = (u8)val;
		return 0;
	case IPV6_RECVERR_RFC4884:
		if (len < sizeof(int) || val < 0 || val > 1)
			return -EINVAL;
		np->recverr_rfc4884 = val;
		return 0;
	case IPV6_AUTOFLOWLABEL:
		np->autoflowlabel = val != 0;
		np->autoflowlabel_set = true;
		return 0;
	case IPV6_TCLASS:
		return len < sizeof(int) ? -EINVAL : set_tclass(sk, val);
	case IPV6_TRANSPARENT:
		if (val && !capable(CAP_NET_RAW) && !capable(CAP_NET_ADMIN))
			return -EPERM;
		if (len < sizeof(int))
			return -EINVAL;
		inet_sk(sk)->transparent = val != 0;
		return 0;
	case IPV6_UNICAST_IF: return set_unicast_if(sk, val, len);
	case IPV6_ADDR_PREFERENCES: return len < sizeof(int) ? -EINVAL : set_prefs(np, val);
	case IPV6_ADDRFORM: return len < sizeof(int) ? -EINVAL : set_addrform(sk, val);
	case IPV6_ROUTER_ALERT:
		return len < sizeof(int) ? -EINVAL : set_router_alert(sk, val);
	case IPV6_IPSEC_POLICY:
	case IPV6_XFRM_POLICY:
		LEDGER("IPV6_XFRM_POLICY", name);
		return capable(CAP_NET_ADMIN) ? -ENOPROTOOPT : -EPERM;
	}
	return -ENOPROTOOPT;
}

static int set_structure(struct sock *sk, int name, const void __user *val, unsigned len)
{
	switch (name) {
	case IPV6_HOPOPTS:
	case IPV6_RTHDRDSTOPTS:
	case IPV6_RTHDR:
	case IPV6_DSTOPTS: return set_sticky_opt(sk, name, val, len);
	case IPV6_PKTINFO: return set_pktinfo(sk, val, len);
	case IPV6_2292PKTOPTIONS: return set_pktoptions(sk, val, len);
	case IPV6_ADD_MEMBERSHIP:
	case IPV6_DROP_MEMBERSHIP:
	case IPV6_JOIN_ANYCAST:
	case IPV6_LEAVE_ANYCAST: return set_membership(sk, name, val, len);
	case MCAST_JOIN_GROUP:
	case MCAST_LEAVE_GROUP: return set_group(sk, name, val, len);
	case MCAST_JOIN_SOURCE_GROUP:
	case MCAST_LEAVE_SOURCE_GROUP:
	case MCAST_BLOCK_SOURCE:
	case MCAST_UNBLOCK_SOURCE: return set_group_source(sk, name, val, len);
	case MCAST_MSFILTER: return set_group_filter(sk, val, len);
	case IPV6_FLOWLABEL_MGR:
		LEDGER("IPV6_FLOWLABEL_MGR", len);
		return -EINVAL; /* what Linux says of an action that it does not know */
	}
	return -ENOIOCTLCMD;
}

int ipv6_setsockopt(struct sock *sk, int level, int name, const void __user *val, unsigned len)
{
	int err, v = 0;

	if (level == SOL_IP && sk->sk_type != SOCK_RAW)
		return ip_setsockopt(sk, level, name, val, len);
	if (level != SOL_IPV6)
		return -ENOPROTOOPT;
	/* Whatever the option, an int is read first. */
	if (val && len >= sizeof(int) && get_user(v, (const int __user *)val))
		return -EFAULT;
	lock_sock(sk);
	err = set_structure(sk, name, val, len);
	if (err == -ENOIOCTLCMD) {
		err = set_number(sk, name, v, len); /* no value: 0 */
		if (err == -ENOPROTOOPT)
			LEDGER("setsockopt IPPROTO_IPV6 option", name);
	}
	release_sock(sk);
	return err;
}

/* ---- getting ---- */

static int get_number(struct sock *sk, int name, int *v)
{
	const struct ipv6_pinfo *np = inet6_sk(sk);
	const bool *flag = flag_of(sk, name);
	const struct dst_entry *dst;

	if (name == IPV6_ROUTER_ALERT) {
		*v = np->router_alert_shown;
		return 0;
	}
	if (flag) {
		*v = *flag;
		return 0;
	}
	switch (name) {
	case IPV6_V6ONLY: *v = sk->sk_ipv6only; return 0;
	case IPV6_UNICAST_HOPS: *v = np->hop_limit < 0 ? net_sysctl.ip6_hop_limit : np->hop_limit; return 0;
	case IPV6_MULTICAST_HOPS: *v = np->mcast_hops < 0 ? net_sysctl.ip6_hop_limit : np->mcast_hops; return 0;
	case IPV6_MULTICAST_LOOP: *v = np->mc_loop; return 0;
	case IPV6_MULTICAST_IF: *v = np->mcast_oif; return 0;
	case IPV6_MULTICAST_ALL: *v = np->mc_all; return 0;
	case IPV6_UNICAST_IF: *v = (int)htonl((u32)np->ucast_oif); return 0;
	case IPV6_MTU:
		dst = sk_dst_check(sk);
		*v = dst ? (int)dst_mtu(dst) : 0;
		return *v ? 0 : -ENOTCONN;
	case IPV6_MTU_DISCOVER: *v = np->pmtudisc; return 0;
	case IPV6_MINHOPCOUNT: *v = np->min_hopcount; return 0;
	case IPV6_RECVERR_RFC4884: *v = np->recverr_rfc4884; return 0;
	case IPV6_AUTOFLOWLABEL:
		*v = np->autoflowlabel_set ? np->autoflowlabel
			: net_sysctl.ip6_auto_flowlabels == 1 || net_sysctl.ip6_auto_flowlabels == 3;
		return 0;
	case IPV6_TCLASS: *v = np->tclass; return 0;
	case IPV6_TRANSPARENT: *v = inet_sk(sk)->transparent; return 0;
	case IPV6_ADDR_PREFERENCES:
		*v = np->srcprefs & (IPV6_PREFER_SRC_TMP | IPV6_PREFER_SRC_PUBLIC | IPV6_PREFER_SRC_COA);
		if (!(*v & (IPV6_PREFER_SRC_TMP | IPV6_PREFER_SRC_PUBLIC)))
			*v |= IPV6_PREFER_SRC_PUBTMP_DEFAULT;
		if (!(*v & IPV6_PREFER_SRC_COA))
			*v |= IPV6_PREFER_SRC_HOME;
		return 0;
	case IPV6_ADDRFORM:
		if (sk->sk_protocol != IPPROTO_UDP && sk->sk_protocol != IPPROTO_UDPLITE && sk->sk_protocol != IPPROTO_TCP)
			return -ENOPROTOOPT;
		if (sk->sk_state != TCP_ESTABLISHED)
			return -ENOTCONN;
		*v = sk->sk_family;
		return 0;
	}
	return -ENOPROTOOPT;
}

static int get_sticky_opt(struct sock *sk, int name, void __user *val, int __user *ulen, int len)
{
	struct ipv6_txoptions *opt = txopt_get(inet6_sk(sk)); /* another thread may change it while this one copies */
	const struct ipv6_opt_hdr *hdr = NULL;
	int err;

	if (opt)
		hdr = name == IPV6_HOPOPTS ? opt->hopopt : name == IPV6_RTHDRDSTOPTS ? opt->dst0opt
			: name == IPV6_DSTOPTS ? opt->dst1opt : (const struct ipv6_opt_hdr *)opt->srcrt;
	len = (int)min((unsigned)len, (unsigned)opt_size(hdr));
	err = len && copy_to_user(val, hdr, len) ? -EFAULT : put_user(len, ulen);
	txopt_put(opt);
	return err;
}

static int get_pathmtu(struct sock *sk, void __user *val, int __user *ulen, int len)
{
	const struct dst_entry *dst = sk_dst_check(sk);
	struct ip6_mtuinfo info;

	if ((unsigned)len < sizeof(info))
		return -EINVAL;
	memset(&info, 0, sizeof(info));
	info.ip6m_mtu = dst ? dst_mtu(dst) : 0;
	if (!info.ip6m_mtu)
		return -ENOTCONN;
	if (put_user((int)sizeof(info), ulen))
		return -EFAULT;
	return copy_to_user(val, &info, sizeof(info)) ? -EFAULT : 0;
}

int ipv6_getsockopt(struct sock *sk, int level, int name, void __user *val, int __user *ulen)
{
	int len, v = 0, err;

	if (level == SOL_IP && sk->sk_type != SOCK_RAW)
		return ip_getsockopt(sk, level, name, val, ulen);
	if (level != SOL_IPV6)
		return -ENOPROTOOPT;
	if (get_user(len, ulen))
		return -EFAULT;
	switch (name) {
	case IPV6_HOPOPTS:
	case IPV6_RTHDRDSTOPTS:
	case IPV6_RTHDR:
	case IPV6_DSTOPTS: return get_sticky_opt(sk, name, val, ulen, len);
	case IPV6_PATHMTU: return get_pathmtu(sk, val, ulen, len);
	case MCAST_MSFILTER: return ip_get_group_filter(sk, val, ulen, len, ip6_mc_msfget);
	case IPV6_2292PKTOPTIONS: return get_pktoptions(sk, val, ulen, len);
	case IPV6_FLOWLABEL_MGR: return -EINVAL; /* there are no labels to tell of */
	}
	err = get_number(sk, name, &v);
	if (err == -ENOPROTOOPT)
		LEDGER("getsockopt IPPROTO_IPV6 option", name);
	if (err)
		return err;
	len = (int)min((unsigned)len, (unsigned)sizeof(int));
	if (put_user(len, ulen))
		return -EFAULT;
	return copy_to_user(val, &v, len) ? -EFAULT : 0;
}
