/* connect(2) of IPv4's datagram sockets: a destination for what is sent, a filter for what is received. */
#include "../ip.h"
#include "kerrno.h"

/* EINVAL, EAFNOSUPPORT, EACCES (broadcast), and the route's errors. */
int __ip4_datagram_connect(struct sock *sk, struct sockaddr *addr, int len)
{
	struct inet_sock *inet = inet_sk(sk);
	const struct sockaddr_in *sin = (const struct sockaddr_in *)addr;
	struct flowi4 fl4;
	struct rtable *rt;
	__be32 saddr;
	int oif;

	if (len < (int)sizeof(*sin))
		return -EINVAL;
	if (sin->sin_family != AF_INET)
		return -EAFNOSUPPORT;
	sk_dst_reset(sk);
	oif = sk->sk_bound_dev_if;
	saddr = inet->inet_saddr;
	if (ipv4_is_multicast(sin->sin_addr.s_addr)) {
		if (!oif)
			oif = inet->mc_index;
		if (!saddr)
			saddr = inet->mc_addr;
	} else if (!oif) {
		oif = inet->uc_index;
	}
	rt = ip_route_connect(&fl4, sin->sin_addr.s_addr, saddr, oif, (u8)sk->sk_protocol, inet->inet_sport, sin->sin_port, sk);
	if (IS_ERR(rt)) {
		if (PTR_ERR(rt) == -ENETUNREACH)
			IP_INC_STATS(IPSTATS_MIB_OUTNOROUTES);
		return (int)PTR_ERR(rt);
	}
	if (rt->rt_flags & RTCF_BROADCAST && !sock_flag(sk, SOCK_BROADCAST)) {
		ip_rt_put(rt);
		return -EACCES;
	}
	if (!inet->inet_saddr)
		inet->inet_saddr = fl4.saddr;
	if (!sk->sk_rcv_saddr) {
		sk->sk_rcv_saddr = fl4.saddr;
		if (sk->sk_prot->rehash && sk->sk_family == AF_INET)
			sk->sk_prot->rehash(sk);
	}
	sk->sk_daddr = fl4.daddr;
	sk->sk_dport = sin->sin_port;
	if (sk->sk_reuseport_cb)
		sk->sk_reuseport_cb->has_conns = true;
	sk->sk_state = TCP_ESTABLISHED;
	inet->inet_id++;
	sk_dst_set(sk, &rt->dst);
	return 0;
}

int ip4_datagram_connect(struct sock *sk, struct sockaddr *addr, int len)
{
	int err;

	lock_sock(sk);
	err = __ip4_datagram_connect(sk, addr, len);
	release_sock(sk);
	return err;
}
