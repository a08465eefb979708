/* What raw and ping sockets do alike on their way out: destination, control messages, options, device and route. (UDP's way is
 * its own, as a connected socket keeps its route.) */
#include "../ip.h"
#include "kerrno.h"
#include "string.h"

static int destination(const struct sock *sk, const struct msghdr *msg, bool unspec, __be32 *daddr)
{
	const struct sockaddr_in *sin = msg->msg_name;

	if (!sin) {
		*daddr = sk->sk_daddr;
		return sk->sk_state == TCP_ESTABLISHED ? 0 : -EDESTADDRREQ;
	}
	if (msg->msg_namelen < (int)sizeof(*sin))
		return -EINVAL;
	if (sin->sin_family != AF_INET && (sin->sin_family != AF_UNSPEC || !unspec))
		return -EAFNOSUPPORT;
	*daddr = sin->sin_addr.s_addr;
	return 0;
}

int ip_send_begin(struct sock *sk, struct msghdr *msg, bool unspec, struct ip_send *s)
{
	const struct inet_sock *inet = inet_sk(sk);
	int err;

	s->rt = NULL;
	ipcm_init_sk(&s->ipc, inet);
	err = destination(sk, msg, unspec, &s->daddr);
	if (!err && msg->msg_controllen)
		err = ip_cmsg_send(sk, msg, &s->ipc, false);
	if (err)
		return err;
	s->saddr = s->ipc.addr;
	s->ipc.addr = s->daddr;
	if (!s->ipc.opt && inet->inet_opt) {
		s->opt = *inet->inet_opt; /* another thread may change the socket's while this one sleeps */
		s->ipc.opt = &s->opt;
	}
	if (s->ipc.opt && s->ipc.opt->opt.srr) {
		if (!s->daddr)
			return -EINVAL;
		s->daddr = s->ipc.opt->opt.faddr;
	}
	if (ipv4_is_multicast(s->daddr)) {
		if (!s->ipc.oif)
			s->ipc.oif = inet->mc_index;
		if (!s->saddr)
			s->saddr = inet->mc_addr;
	} else if (!s->ipc.oif) {
		s->ipc.oif = inet->uc_index;
	}
	return 0;
}

int ip_send_route(struct sock *sk, const struct msghdr *msg, struct ip_send *s, u8 flow_flags)
{
	struct ipcm_cookie *ipc = &s->ipc;
	bool link = msg->msg_flags & MSG_DONTROUTE || sock_flag(sk, SOCK_LOCALROUTE) || (ipc->opt && ipc->opt->opt.is_strictroute);
	struct rtable *rt;

	flowi4_init_output(&s->fl4, ipc->oif, ipc->sockc.mark, (u8)(ipc->tos != -1 ? ipc->tos : inet_sk(sk)->tos) & IPTOS_RT_MASK,
		link ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE, ipc->protocol, inet_sk_flowi_flags(sk) | flow_flags, s->daddr, s->saddr,
		0, 0, sk->sk_uid);
	rt = ip_route_output_key(&s->fl4);
	if (IS_ERR(rt))
		return (int)PTR_ERR(rt);
	s->rt = rt;
	if (rt->rt_flags & RTCF_BROADCAST && !sock_flag(sk, SOCK_BROADCAST))
		return -EACCES;
	if (!ipc->addr)
		ipc->addr = s->fl4.daddr;
	return 0;
}

void ip_send_end(struct ip_send *s)
{
	if (s->rt)
		ip_rt_put(s->rt);
	ip_cmsg_free(&s->ipc);
}
