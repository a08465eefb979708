/* UDP and UDP-Lite sockets: connecting, options, ioctl, poll, and the struct protos of IPv4. Tables and lookup are in udp_hash.c,
 * the way out in udp_sendmsg.c, the way in in udp_recv.c; IPv6's part is in net/ipv6/udp.c. */
#include "../udp.h"
#include "fs.h"
#include "kerrno.h"
#include "ledger.h"
#include "string.h"
#include "uaccess.h"
#include <linux/eventpoll.h>
#include <linux/sockios.h>
#include <asm/ioctls.h>

/* ---- life ---- */

static int udp_v4_get_port(struct sock *sk, u16 port)
{
	return udp_lib_get_port(sk, port, 0);
}

static void udp_v4_rehash(struct sock *sk)
{
	udp_lib_rehash(sk, udp4_portaddr_hash(sk->sk_rcv_saddr, sk->sk_num));
}

static void udp_v4_flush_on_close(struct sock *sk)
{
	lock_sock(sk);
	udp_flush_pending_frames(sk);
	release_sock(sk);
}

int udp_init_sock(struct sock *sk __maybe_unused)
{
	return 0;
}

static void udp_destroy_sock(struct sock *sk)
{
	if (udp_sk(sk)->pending)
		udp_v4_flush_on_close(sk);
}

void udp_lib_close(struct sock *sk, u64 timeout __maybe_unused)
{
	sk_common_release(sk);
}

static int __udp_disconnect(struct sock *sk, int flags __maybe_unused)
{
	struct inet_sock *inet = inet_sk(sk);

	sk->sk_state = TCP_CLOSE;
	sk->sk_daddr = 0;
	sk->sk_dport = 0;
	udp_unhash4(sk);
	if (!(sk->sk_userlocks & SOCK_BINDADDR_LOCK)) {
		sk->sk_rcv_saddr = inet->inet_saddr = 0;
		if (sk->sk_family == AF_INET6) {
			struct ipv6_pinfo *np = inet6_sk(sk);

			memset(&np->saddr, 0, sizeof(np->saddr));
			memset(&sk->sk_v6_rcv_saddr, 0, sizeof(sk->sk_v6_rcv_saddr));
		}
		if (sk->sk_prot->rehash && sk->sk_userlocks & SOCK_BINDPORT_LOCK)
			sk->sk_prot->rehash(sk);
	}
	if (!(sk->sk_userlocks & SOCK_BINDPORT_LOCK)) {
		sk->sk_prot->unhash(sk);
		inet->inet_sport = 0;
	}
	sk_dst_reset(sk);
	return 0;
}

int udp_disconnect(struct sock *sk, int flags)
{
	lock_sock(sk);
	__udp_disconnect(sk, flags);
	release_sock(sk);
	return 0;
}

static int udp_connect(struct sock *sk, struct sockaddr *addr, int len)
{
	int err;

	lock_sock(sk);
	err = __ip4_datagram_connect(sk, addr, len);
	if (!err)
		udp_hash4(sk);
	release_sock(sk);
	return err;
}

/* The next datagram's size. */
long udp_ioctl(struct sock *sk, unsigned cmd, unsigned long arg)
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

u32 udp_poll(struct file *file, struct socket *sock, struct poll_table *pt)
{
	u32 mask = datagram_poll(file, sock, pt);
	struct sock *sk = sock->sk;
	struct sk_buff *skb;

	/* A blocking reader must not be told of packets that it will find bad. */
	if (!(mask & EPOLLRDNORM) || !file || file->flags & O_NONBLOCK || sk->sk_shutdown & RCV_SHUTDOWN)
		return mask;
	while ((skb = skb_peek(&sk->sk_receive_queue)) && !udp_reader_checksum_ok(skb)) {
		udp_sk_mib(sk)[UDP_MIB_CSUMERRORS]++;
		udp_sk_mib(sk)[UDP_MIB_INERRORS]++;
		sk->sk_drops++;
		skb_unlink(skb, &sk->sk_receive_queue);
		kfree_skb(skb);
	}
	if (!skb)
		mask &= ~(EPOLLIN | EPOLLRDNORM);
	return mask;
}

/* ---- options ---- */

int udp_lib_setsockopt(struct sock *sk, int level __maybe_unused, int name, const void __user *val, unsigned len,
	int (*push_pending_frames)(struct sock *))
{
	struct udp_sock *up = udp_sk(sk);
	int v;

	if (len < sizeof(int))
		return -EINVAL;
	if (get_user(v, (const int __user *)val))
		return -EFAULT;
	switch (name) {
	case UDP_CORK:
		up->corkflag = v != 0;
		if (!v) {
			lock_sock(sk);
			if (up->pending)
				push_pending_frames(sk);
			release_sock(sk);
		}
		return 0;
	case UDP_ENCAP:
		if (!v) {
			up->encap_type = 0;
			return 0;
		}
		LEDGER("UDP_ENCAP", v);
		return -ENOPROTOOPT;
	case UDP_NO_CHECK6_TX:
		up->no_check6_tx = v != 0;
		return 0;
	case UDP_NO_CHECK6_RX:
		up->no_check6_rx = v != 0;
		return 0;
	case UDP_SEGMENT:
		if (v < 0 || v > 0xffff)
			return -EINVAL;
		up->gso_size = (u16)v;
		return 0;
	case UDP_GRO:
		up->gro_enabled = v != 0;
		return 0;
	case UDPLITE_SEND_CSCOV:
	case UDPLITE_RECV_CSCOV:
		if (!is_udplite(sk))
			return -ENOPROTOOPT;
		if (v && v < 8)
			v = 8; /* the least that is legal */
		else if (v > 0xffff)
			v = 0xffff;
		if (name == UDPLITE_SEND_CSCOV) {
			up->pcslen = (u16)v;
			up->pcflag |= UDPLITE_SEND_CC;
		} else {
			up->pcrlen = (u16)v;
			up->pcflag |= UDPLITE_RECV_CC;
		}
		return 0;
	}
	LEDGER("setsockopt SOL_UDP option", name);
	return -ENOPROTOOPT;
}

int udp_lib_getsockopt(struct sock *sk, int level __maybe_unused, int name, void __user *val, int __user *ulen)
{
	const struct udp_sock *up = udp_sk(sk);
	int v, len;

	if (get_user(len, ulen))
		return -EFAULT;
	if (len < 0)
		return -EINVAL;
	len = min(len, (int)sizeof(int));
	switch (name) {
	case UDP_CORK: v = up->corkflag; break;
	case UDP_ENCAP: v = up->encap_type; break;
	case UDP_NO_CHECK6_TX: v = up->no_check6_tx; break;
	case UDP_NO_CHECK6_RX: v = up->no_check6_rx; break;
	case UDP_SEGMENT: v = up->gso_size; break;
	case UDP_GRO: v = up->gro_enabled; break;
	case UDPLITE_SEND_CSCOV: v = up->pcslen; break;
	case UDPLITE_RECV_CSCOV: v = up->pcrlen; break;
	default:
		LEDGER("getsockopt SOL_UDP option", name);
		return -ENOPROTOOPT;
	}
	if (put_user(len, ulen))
		return -EFAULT;
	return copy_to_user(val, &v, len) ? -EFAULT : 0;
}

static int udp_setsockopt(struct sock *sk, int level, int name, const void __user *val, unsigned len)
{
	if (level == SOL_UDP || level == SOL_UDPLITE)
		return udp_lib_setsockopt(sk, level, name, val, len, udp_push_pending_frames);
	return ip_setsockopt(sk, level, name, val, len);
}

/* Sends what MSG_MORE has kept back; UDP_CORK keeps it. */
static void udp_splice_eof(struct sock *sk)
{
	lock_sock(sk);
	if (udp_sk(sk)->pending && !udp_sk(sk)->corkflag)
		udp_push_pending_frames(sk);
	release_sock(sk);
}

static int udp_getsockopt(struct sock *sk, int level, int name, void __user *val, int __user *len)
{
	if (level == SOL_UDP || level == SOL_UDPLITE)
		return udp_lib_getsockopt(sk, level, name, val, len);
	return ip_getsockopt(sk, level, name, val, len);
}

struct proto_mem udp_memory = { .limit = net_sysctl.udp_mem, .rmem_min = &net_sysctl.udp_rmem_min };
#define UDP_PROT(_name) { .name = _name, .close = udp_lib_close, .connect = udp_connect, .disconnect = udp_disconnect, \
	.ioctl = udp_ioctl, .init = udp_init_sock, .destroy = udp_destroy_sock, .setsockopt = udp_setsockopt,              \
	.getsockopt = udp_getsockopt, .sendmsg = udp_sendmsg, .recvmsg = udp_recvmsg, .unhash = udp_lib_unhash,            \
	.rehash = udp_v4_rehash, .get_port = udp_v4_get_port, .obj_size = sizeof(struct udp_sock),                         \
	.splice_eof = udp_splice_eof, .mem = &udp_memory }
struct proto udp_prot = UDP_PROT("UDP");
struct proto udplite_prot = UDP_PROT("UDP-Lite");

void udp_exit(void)
{
	udp_tables_exit();
}

void udp_init(void)
{
	udp_tables_init();
	proto_register(&udp_prot);
	proto_register(&udplite_prot);
}

