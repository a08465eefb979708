/* Ping sockets, icmp(7): echo requests without privilege, for the groups of net.ipv4.ping_group_range. The identifier of the
 * requests is the socket's port; answers are found by it. Shared with IPv6. */
#include "../ping.h"
#include "../scm.h"
#include "kerrno.h"
#include "string.h"
#include "uaccess.h"
#include <linux/capability.h>
#include <linux/sockios.h>
#include <asm/ioctls.h>


struct hlist_head ping_table[PING_HASH]; /* by identifier */
static u16 ping_port_rover;

int ping_init_sock(struct sock *sk)
{
	const struct cred *c = current->cred;
	int low = net_sysctl.ping_group_range[0], high = net_sysctl.ping_group_range[1];

	if (sk->sk_family == AF_INET6)
		sk->sk_ipv6only = true;
	if (low <= high) {
		if (c->egid >= (u32)low && c->egid <= (u32)high)
			return 0;
		for (u32 i = 0; i < c->ngroups; i++)
			if (c->groups[i] >= (u32)low && c->groups[i] <= (u32)high)
				return 0;
	}
	return -EACCES;
}

void ping_close(struct sock *sk, u64 timeout __maybe_unused)
{
	sk_common_release(sk);
}

static struct hlist_head *slot_of(u16 ident) { return &ping_table[ident % PING_HASH]; }

static bool ident_taken(const struct sock *sk, u16 ident)
{
	const struct sock *sk2;

	hlist_for_each_entry(sk2, slot_of(ident), sk_node)
		if (sk2->sk_num == ident && sk2 != sk && (!sk2->sk_reuse || !sk->sk_reuse))
			return true;
	return false;
}

int ping_get_port(struct sock *sk, u16 ident)
{
	if (!ident) {
		u16 result = (u16)(ping_port_rover + 1);

		for (u32 i = 0; i < 65536; i++, result++) {
			if (!result)
				result++;
			if (!ident_taken(sk, result)) {
				ping_port_rover = ident = result;
				break;
			}
		}
		if (!ident)
			return -EADDRINUSE;
	} else if (ident_taken(sk, ident)) {
		return -EADDRINUSE;
	}
	sk->sk_num = ident;
	if (hlist_unhashed(&sk->sk_node)) {
		hlist_add_head(&sk->sk_node, slot_of(ident));
		sock_prot_inuse_add(sk->sk_prot, 1);
	}
	return 0;
}

int ping_hash(struct sock *sk __maybe_unused)
{
	return 0; /* by ping_get_port() */
}

void ping_unhash(struct sock *sk)
{
	if (hlist_unhashed(&sk->sk_node))
		return;
	hlist_del(&sk->sk_node);
	sk->sk_num = 0;
	inet_sk(sk)->inet_sport = 0;
	sock_prot_inuse_add(sk->sk_prot, -1);
}

struct sock *ping_lookup(const struct sk_buff *skb, u16 ident)
{
	bool v6 = skb->protocol == htons(ETH_P_IPV6);
	struct sock *sk;

	hlist_for_each_entry(sk, slot_of(ident), sk_node) {
		if (sk->sk_num != ident)
			continue;
		if (v6 != (sk->sk_family == AF_INET6))
			continue;
		if (!v6 && sk->sk_rcv_saddr && sk->sk_rcv_saddr != ip_hdr(skb)->daddr)
			continue;
		if (v6 && !ipv6_addr_any(&sk->sk_v6_rcv_saddr)
				&& !ipv6_addr_equal(&sk->sk_v6_rcv_saddr, &ipv6_hdr(skb)->daddr))
			continue;
		if (inet_sk_bound_dev_eq(sk->sk_bound_dev_if, skb->skb_iif))
			return sk;
	}
	return NULL;
}

/* ---- binding ---- */

static int bind_addr4(struct sock *sk, const struct sockaddr *uaddr, int len)
{
	const struct sockaddr_in *addr = (const struct sockaddr_in *)uaddr;
	int type;

	if (len < (int)sizeof(*addr))
		return -EINVAL;
	if (addr->sin_family != AF_INET && !(addr->sin_family == AF_UNSPEC && !addr->sin_addr.s_addr))
		return -EAFNOSUPPORT;
	type = inet_addr_type(addr->sin_addr.s_addr);
	if (addr->sin_addr.s_addr && type != RTN_LOCAL && !inet_can_nonlocal_bind(inet_sk(sk)))
		return -EADDRNOTAVAIL;
	return 0;
}

static int bind_addr6(struct sock *sk, const struct sockaddr *uaddr, int len)
{
	const struct sockaddr_in6 *addr = (const struct sockaddr_in6 *)uaddr;
	int type, scoped;

	if (len < (int)sizeof(*addr))
		return -EINVAL;
	if (addr->sin6_family != AF_INET6)
		return -EAFNOSUPPORT;
	type = __ipv6_addr_type(&addr->sin6_addr);
	scoped = __ipv6_addr_needs_scope_id(type);
	type &= 0xffff;
	if ((type != IPV6_ADDR_ANY && !(type & IPV6_ADDR_UNICAST)) || (scoped && !addr->sin6_scope_id))
		return -EINVAL;
	if (type != IPV6_ADDR_ANY && !ipv6_chk_addr(&addr->sin6_addr, NULL) && !inet_can_nonlocal_bind(inet_sk(sk)))
		return -EADDRNOTAVAIL;
	return 0;
}

int ping_bind(struct sock *sk, struct sockaddr *uaddr, int len)
{
	struct inet_sock *inet = inet_sk(sk);
	bool v6 = sk->sk_family == AF_INET6;
	int err = v6 ? bind_addr6(sk, uaddr, len) : bind_addr4(sk, uaddr, len);
	u16 ident;

	if (err)
		return err;
	lock_sock(sk);
	err = -EINVAL;
	if (sk->sk_num)
		goto out;
	ident = ntohs(((struct sockaddr_in *)uaddr)->sin_port);
	err = ping_get_port(sk, ident);
	if (err)
		goto out;
	if (v6) {
		const struct sockaddr_in6 *addr = (const struct sockaddr_in6 *)uaddr;

		sk->sk_v6_rcv_saddr = inet6_sk(sk)->saddr = addr->sin6_addr;
		if (addr->sin6_scope_id)
			sk->sk_bound_dev_if = (int)addr->sin6_scope_id;
	} else {
		sk->sk_rcv_saddr = inet->inet_saddr = ((struct sockaddr_in *)uaddr)->sin_addr.s_addr;
	}
	if (!inet_rcv_saddr_any(sk))
		sk->sk_userlocks |= SOCK_BINDADDR_LOCK;
	if (ident)
		sk->sk_userlocks |= SOCK_BINDPORT_LOCK;
	inet->inet_sport = htons(sk->sk_num);
	sk->sk_daddr = 0;
	sk->sk_dport = 0;
	memset(&sk->sk_v6_daddr, 0, sizeof(sk->sk_v6_daddr));
	sk_dst_reset(sk);
out:
	release_sock(sk);
	return err;
}

int ping_disconnect(struct sock *sk, int flags __maybe_unused)
{
	lock_sock(sk);
	sk->sk_state = TCP_CLOSE;
	sk->sk_daddr = 0;
	sk->sk_dport = 0;
	memset(&sk->sk_v6_daddr, 0, sizeof(sk->sk_v6_daddr));
	if (!(sk->sk_userlocks & SOCK_BINDADDR_LOCK)) {
		sk->sk_rcv_saddr = inet_sk(sk)->inet_saddr = 0;
		memset(&sk->sk_v6_rcv_saddr, 0, sizeof(sk->sk_v6_rcv_saddr));
	}
	if (!(sk->sk_userlocks & SOCK_BINDPORT_LOCK))
		sk->sk_prot->unhash(sk);
	sk_dst_reset(sk);
	release_sock(sk);
	return 0;
}

/* ---- sending ---- */

int ping_common_sendmsg(int family, struct msghdr *msg, size_t size, void *icmph, size_t icmph_len)
{
	u8 type, code;

	if (size > 0xffff || size < icmph_len)
		return size > 0xffff ? -EMSGSIZE : -EINVAL;
	if (msg->msg_flags & MSG_OOB)
		return -EOPNOTSUPP;
	if (copy_from_iter(icmph, icmph_len, &msg->msg_iter) != icmph_len)
		return -EFAULT;
	type = ((u8 *)icmph)[0];
	code = ((u8 *)icmph)[1];
	if (family == AF_INET ? type != ICMP_ECHO : type != ICMPV6_ECHO_REQUEST)
		return -EINVAL;
	return code ? -EINVAL : 0;
}

/* The message behind the header that the guest gave and of which it chose the sequence number. */
static int ping_v4_send(struct sock *sk, struct msghdr *msg, size_t size, struct ip_send *s, const struct icmphdr *user)
{
	struct inet_cork cork;
	struct icmphdr *icmph;
	struct sk_buff *skb;

	s->fl4.daddr = s->ipc.addr;
	skb = ip_make_skb(sk, &s->fl4, ip_generic_getfrag, msg, (int)size, sizeof(struct icmphdr), &s->ipc, &s->rt, &cork,
		msg->msg_flags);
	if (IS_ERR_OR_NULL(skb))
		return (int)PTR_ERR(skb);
	icmph = (struct icmphdr *)skb_transport_header(skb);
	*icmph = (struct icmphdr){ .type = ICMP_ECHO, .un.echo.id = inet_sk(sk)->inet_sport, .un.echo.sequence = user->un.echo.sequence };
	icmph->checksum = csum_fold(csum_partial(icmph, (size_t)(skb->tail - (u8 *)icmph), 0));
	skb->ip_summed = CHECKSUM_NONE;
	return ip_send_skb(skb);
}

static ssize_t ping_v4_sendmsg(struct sock *sk, struct msghdr *msg, size_t size)
{
	struct icmphdr user_icmph;
	struct ip_send s;
	int err = ping_common_sendmsg(AF_INET, msg, size, &user_icmph, sizeof(user_icmph));

	if (err)
		return err;
	err = ip_send_begin(sk, msg, false, &s);
	s.ipc.protocol = (u8)sk->sk_protocol;
	if (!err)
		err = ip_send_route(sk, msg, &s, 0);
	if (!err)
		err = ping_v4_send(sk, msg, size, &s, &user_icmph);
	ip_send_end(&s);
	return err < 0 ? err : (ssize_t)size;
}

/* ---- receiving ---- */

int ping_queue_rcv_skb(struct sock *sk, struct sk_buff *skb)
{
	if (sock_queue_rcv_skb(sk, skb) < 0) {
		kfree_skb(skb);
		return -1;
	}
	return 0;
}

bool ping_deliver(struct sk_buff *skb, u16 ident)
{
	struct sock *sk = ping_lookup(skb, ident);
	struct sk_buff *copy;

	if (!sk)
		return false;
	copy = skb_clone(skb);
	return copy && !ping_queue_rcv_skb(sk, copy);
}

bool ping_rcv(struct sk_buff *skb)
{
	const struct icmphdr *icmph = (const struct icmphdr *)skb->data;

	return ping_deliver(skb, ntohs(icmph->un.echo.id));
}

void ping_err(struct sk_buff *skb, int offset, u32 info)
{
	const struct iphdr *iph = (const struct iphdr *)skb->data;
	const struct icmphdr *about = (const struct icmphdr *)(skb->data + offset);
	const struct icmphdr *icmph = (const struct icmphdr *)skb_transport_header(skb);
	u16 ident = ntohs(about->un.echo.id);
	struct sock *sk;
	bool harderr;
	int err;

	if (about->type != ICMP_ECHO)
		return;
	hlist_for_each_entry(sk, slot_of(ident), sk_node)
		if (sk->sk_num == ident && sk->sk_family == AF_INET && (!sk->sk_rcv_saddr || sk->sk_rcv_saddr == iph->saddr))
			break;
	if (!sk)
		return;
	if (icmph->type == ICMP_DEST_UNREACH && icmph->code == ICMP_FRAG_NEEDED)
		ipv4_sk_update_pmtu(skb, sk, info);
	err = icmp_error_of(inet_sk(sk), icmph->type, icmph->code, &harderr);
	if (!err || (err == EMSGSIZE && !harderr))
		return;
	if (inet_sk(sk)->recverr)
		ip_icmp_error(sk, skb, err, 0, info, (u8 *)about);
	else if (!harderr || sk->sk_state != TCP_ESTABLISHED)
		return;
	sk->sk_err = err;
	sk_error_report(sk);
}

static void ping_name(struct msghdr *msg, const struct sk_buff *skb, bool v6)
{
	if (!v6) {
		struct sockaddr_in *sin = msg->msg_name;

		memset(sin, 0, sizeof(*sin));
		sin->sin_family = AF_INET;
		sin->sin_addr.s_addr = ip_hdr(skb)->saddr;
		msg->msg_namelen = sizeof(*sin);
	} else {
		struct sockaddr_in6 *sin6 = msg->msg_name;

		memset(sin6, 0, sizeof(*sin6));
		sin6->sin6_family = AF_INET6;
		sin6->sin6_addr = ipv6_hdr(skb)->saddr;
		if (inet6_sk(skb->sk)->sndflow)
			sin6->sin6_flowinfo = ip6_flowinfo(ipv6_hdr(skb));
		sin6->sin6_scope_id = (u32)ipv6_iface_scope_id(&sin6->sin6_addr, skb->skb_iif);
		msg->msg_namelen = sizeof(*sin6);
	}
}

ssize_t ping_recvmsg(struct sock *sk, struct msghdr *msg, size_t size, unsigned flags)
{
	bool v6 = sk->sk_family == AF_INET6;
	struct sk_buff *skb;
	size_t copied;
	int off = 0, err = 0;

	if (flags & MSG_OOB)
		return -EOPNOTSUPP;
	if (flags & MSG_ERRQUEUE)
		return inet_recv_error(sk, msg, size);
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
		sock_recv_timestamp(msg, sk, skb);
		if (msg->msg_name)
			ping_name(msg, skb, v6);
		if (v6)
			ip6_datagram_recv_ctl(sk, msg, skb);
		else if (inet_sk(sk)->cmsg_flags)
			ip_cmsg_recv_offset(msg, sk, skb, 0, 0);
		if (flags & MSG_TRUNC)
			copied = skb->len;
	}
	kfree_skb(skb);
	return err ? err : (ssize_t)copied;
}

struct proto ping_prot = { .name = "PING", .init = ping_init_sock, .close = ping_close, .connect = ip4_datagram_connect,
	.disconnect = ping_disconnect, .setsockopt = ip_setsockopt, .getsockopt = ip_getsockopt, .sendmsg = ping_v4_sendmsg,
	.recvmsg = ping_recvmsg, .bind = ping_bind, .backlog_rcv = ping_queue_rcv_skb, .hash = ping_hash,
	.unhash = ping_unhash, .get_port = ping_get_port, .put_port = ping_unhash, .obj_size = sizeof(struct inet_sock) };

void ping_init(void)
{
	proto_register(&ping_prot);
}
