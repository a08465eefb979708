/* AF_INET6: creation, names, binding. With sk_ipv6only off, a socket also speaks IPv4 by mapped addresses; its IPv4 side is
 * in the same struct inet_sock. */
#include "../ipv6.h"
#include "../udp.h"
#include "../tcp.h"
#include "../ping.h"
#include "host.h"
#include "ledger.h"
#include "slab.h"
#include "string.h"
#include <linux/capability.h>
#include <linux/rtnetlink.h>

#define LOOPBACK4_IPV6 htonl(0x7f000006) /* IPv4 side of a socket that has none: matches nothing */

static const struct inet_protosw inetsw6[] = {
	{ SOCK_STREAM, IPPROTO_TCP, &tcpv6_prot, &inet6_stream_ops, INET_PROTOSW_PERMANENT | INET_PROTOSW_ICSK },
	{ SOCK_DGRAM, IPPROTO_UDP, &udpv6_prot, &inet6_dgram_ops, INET_PROTOSW_PERMANENT },
	{ SOCK_DGRAM, IPPROTO_ICMPV6, &pingv6_prot, &inet6_sockraw_ops, INET_PROTOSW_REUSE },
	{ SOCK_DGRAM, IPPROTO_UDPLITE, &udplitev6_prot, &inet6_dgram_ops, INET_PROTOSW_PERMANENT },
	{ SOCK_RAW, IPPROTO_IP, &rawv6_prot, &inet6_sockraw_ops, INET_PROTOSW_REUSE },
};

static void inet6_sock_destruct(struct sock *sk)
{
	struct ipv6_pinfo *np = inet6_sk(sk);

	kfree_skb(np->rxpmtu);
	txopt_put(np->opt);
	np->opt = NULL;
	inet_sock_destruct(sk);
}

/* EINVAL, ESOCKTNOSUPPORT, EPROTONOSUPPORT, EPERM, ENOBUFS, and what the protocol says. */
int inet6_create(struct socket *sock, int protocol)
{
	const struct inet_protosw *row;
	struct ipv6_pinfo *np;
	struct sock *sk;
	int err;

	if (protocol < 0 || protocol >= IPPROTO_MAX)
		return -EINVAL;
	row = inet_find_protosw(inetsw6, ARRAY_SIZE(inetsw6), sock->type, &protocol, &err);
	if (!row && err == -EPROTONOSUPPORT)
		LEDGER("AF_INET6 protocol", protocol);
	if (err)
		return err;
	sk = sk_alloc_prot(row->prot, AF_INET6, sock);
	if (!sk)
		return -ENOBUFS;
	sock->ops = row->ops;
	/* struct ipv6_pinfo is the last member of every AF_INET6 socket. */
	np = (struct ipv6_pinfo *)((char *)sk + row->prot->obj_size - sizeof(struct ipv6_pinfo));
	inet_init_sock(sk, (u16)protocol);
	inet_sk(sk)->pinet6 = np;
	inet_sk(sk)->mc_all = false; /* Linux sets only IPv6's own */
	sk->sk_destruct = inet6_sock_destruct;
	np->hop_limit = -1;
	np->mcast_hops = 1;
	np->mc_loop = np->mc_all = true;
	inet_sk(sk)->mc_all = false; /* IPv4's, for mapped addresses */
	np->pmtudisc = IPV6_PMTUDISC_WANT;
	np->repflow = net_sysctl.ip6_flowlabel_reflect & 1;
	sk->sk_ipv6only = net_sysctl.bindv6only;
	err = inet_create_finish(sk, row);
	if (err) {
		sk_common_release(sk);
		sock->sk = NULL;
	}
	return err;
}

static void inet6_release(struct socket *sock)
{
	if (sock->sk) {
		ipv6_sock_mc_close(sock->sk);
		ipv6_sock_ac_close(sock->sk);
	}
	inet_release(sock);
}

/* May the socket be bound to @addr? *v4addr is its IPv4 side's address. 0, -EINVAL, -ENODEV, -EADDRNOTAVAIL. */
static int check_bind_addr(struct sock *sk, const struct sockaddr_in6 *addr, int len, int full_type, __be32 *v4addr)
{
	struct net_device *dev = NULL;
	int type = full_type & 0xffff;

	if (type == IPV6_ADDR_MAPPED) {
		int kind;

		if (ipv6_only_sock(sk))
			return -EINVAL;
		*v4addr = addr->sin6_addr.s6_addr32[3];
		kind = inet_addr_type(*v4addr);
		if (*v4addr && kind != RTN_LOCAL && kind != RTN_MULTICAST && kind != RTN_BROADCAST
				&& !inet_can_nonlocal_bind(inet_sk(sk)))
			return -EADDRNOTAVAIL;
		return 0;
	}
	if (type == IPV6_ADDR_ANY)
		return 0;
	if (__ipv6_addr_needs_scope_id(full_type)) {
		if (len >= (int)sizeof(*addr) && addr->sin6_scope_id)
			sk->sk_bound_dev_if = (int)addr->sin6_scope_id;
		if (!sk->sk_bound_dev_if)
			return -EINVAL;
	}
	if (sk->sk_bound_dev_if) {
		dev = dev_get_by_index(sk->sk_bound_dev_if);
		if (!dev)
			return -ENODEV;
	}
	*v4addr = LOOPBACK4_IPV6;
	if (!(type & IPV6_ADDR_MULTICAST) && !ipv6_chk_addr(&addr->sin6_addr, dev)
			&& !inet_can_nonlocal_bind(inet_sk(sk)) && !net_sysctl.ip6_nonlocal_bind)
		return -EADDRNOTAVAIL;
	return 0;
}

static int __inet6_bind(struct sock *sk, const struct sockaddr_in6 *addr, int len)
{
	struct inet_sock *inet = inet_sk(sk);
	struct ipv6_pinfo *np = inet6_sk(sk);
	int full_type = __ipv6_addr_type(&addr->sin6_addr), type = full_type & 0xffff, err;
	u16 port = ntohs(addr->sin6_port);
	bool saved_only;
	__be32 v4addr = 0;

	if (addr->sin6_family != AF_INET6)
		return -EAFNOSUPPORT;
	if (type & IPV6_ADDR_MULTICAST && sk->sk_type == SOCK_STREAM)
		return -EINVAL;
	if (port && inet_port_requires_bind_service(port) && !capable(CAP_NET_BIND_SERVICE))
		return -EACCES;
	lock_sock(sk);
	err = -EINVAL;
	if (sk->sk_state != TCP_CLOSE || sk->sk_num)
		goto out;
	err = check_bind_addr(sk, addr, len, full_type, &v4addr);
	if (err)
		goto out;
	sk->sk_rcv_saddr = inet->inet_saddr = v4addr;
	sk->sk_v6_rcv_saddr = addr->sin6_addr;
	if (!(type & IPV6_ADDR_MULTICAST))
		np->saddr = addr->sin6_addr;
	saved_only = sk->sk_ipv6only;
	if (type != IPV6_ADDR_ANY && type != IPV6_ADDR_MAPPED)
		sk->sk_ipv6only = true;
	err = inet_bind_port(sk, port);
	if (err) {
		sk->sk_ipv6only = saved_only;
		sk->sk_rcv_saddr = inet->inet_saddr = 0;
		sk->sk_v6_rcv_saddr = in6addr_any;
		np->saddr = in6addr_any;
		goto out;
	}
	if (type != IPV6_ADDR_ANY)
		sk->sk_userlocks |= SOCK_BINDADDR_LOCK;
	if (port)
		sk->sk_userlocks |= SOCK_BINDPORT_LOCK;
	inet->inet_sport = htons(sk->sk_num);
	sk->sk_dport = 0;
	sk->sk_daddr = 0;
out:
	release_sock(sk);
	return err;
}

static int inet6_bind(struct socket *sock, struct sockaddr *addr, int len)
{
	struct sock *sk = sock->sk;

	if (sk->sk_prot->bind)
		return sk->sk_prot->bind(sk, addr, len);
	if (len < SIN6_LEN_RFC2133)
		return -EINVAL;
	return __inet6_bind(sk, (const struct sockaddr_in6 *)addr, len);
}

static int inet6_getname(struct socket *sock, struct sockaddr *addr, int peer)
{
	struct sock *sk = sock->sk;
	const struct ipv6_pinfo *np = inet6_sk(sk);
	struct sockaddr_in6 *sin = (struct sockaddr_in6 *)addr;

	memset(sin, 0, sizeof(*sin));
	sin->sin6_family = AF_INET6;
	if (peer) {
		if (!sk->sk_dport || (peer == 1 && TCPF(sk->sk_state) & (TCPF(TCP_CLOSE) | TCPF(TCP_SYN_SENT))))
			return -ENOTCONN;
		sin->sin6_port = sk->sk_dport;
		sin->sin6_addr = sk->sk_v6_daddr;
		if (np->sndflow)
			sin->sin6_flowinfo = np->flow_label;
	} else {
		sin->sin6_port = inet_sk(sk)->inet_sport;
		sin->sin6_addr = ipv6_addr_any(&sk->sk_v6_rcv_saddr) ? np->saddr : sk->sk_v6_rcv_saddr;
	}
	sin->sin6_scope_id = (u32)ipv6_iface_scope_id(&sin->sin6_addr, sk->sk_bound_dev_if);
	return sizeof(*sin);
}

static long inet6_ioctl(struct socket *sock, unsigned cmd, unsigned long arg)
{
	int err = ipv6_config_ioctl(cmd, u64_to_uptr(arg));

	return err == -ENOIOCTLCMD ? inet_ioctl(sock, cmd, arg) : err;
}

const struct proto_ops inet6_stream_ops = {
	.family = AF_INET6,
	.release = inet6_release,
	.bind = inet6_bind,
	.connect = inet_stream_connect,
	.accept = inet_accept,
	.getname = inet6_getname,
	.poll = tcp_poll,
	.ioctl = inet6_ioctl,
	.listen = inet_listen,
	.shutdown = inet_shutdown,
	.setsockopt = sock_common_setsockopt,
	.getsockopt = sock_common_getsockopt,
	.sendmsg = inet_sendmsg,
	.recvmsg = inet_recvmsg,
	.splice_eof = inet_splice_eof,
	.set_peek_off = sk_set_peek_off,
};

/* As in Linux, what sendfile(2) has begun with MSG_MORE stays begun at the end of the file. */
const struct proto_ops inet6_dgram_ops = {
	.family = AF_INET6,
	.release = inet6_release,
	.bind = inet6_bind,
	.connect = inet_dgram_connect,
	.getname = inet6_getname,
	.poll = udp_poll,
	.ioctl = inet6_ioctl,
	.shutdown = inet_shutdown,
	.setsockopt = sock_common_setsockopt,
	.getsockopt = sock_common_getsockopt,
	.sendmsg = inet_sendmsg,
	.recvmsg = inet_recvmsg,
	.set_peek_off = sk_set_peek_off,
};

const struct proto_ops inet6_sockraw_ops = {
	.family = AF_INET6,
	.release = inet6_release,
	.bind = inet6_bind,
	.connect = inet_dgram_connect,
	.getname = inet6_getname,
	.poll = datagram_poll,
	.ioctl = inet6_ioctl,
	.shutdown = inet_shutdown,
	.setsockopt = sock_common_setsockopt,
	.getsockopt = sock_common_getsockopt,
	.sendmsg = inet_sendmsg,
	.recvmsg = inet_recvmsg,
};


void inet6_init(void)
{
	ip6_route_init();
	addrconf_init();
	ipv6_frag_init();
	tcpv6_init();
	udpv6_init();
	rawv6_init();
	pingv6_init();
}

void inet6_exit(void)
{
	ipv6_frag_exit();
	addrconf_exit();
	fib6_exit();
}
