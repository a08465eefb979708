/* AF_INET: creation, and the operations that all its protocols share. What differs between protocols is behind struct
 * proto; the checks and their order here are Linux's. */
#include "../ip.h"
#include "../ifa.h"
#include "../udp.h"
#include "../tcp.h"
#include "../inet_hash.h"
#include "fs.h"
#include "host.h"
#include "ledger.h"
#include "slab.h"
#include "string.h"
#include "uaccess.h"
#include <linux/capability.h>
#include <linux/eventpoll.h>
#include <linux/sockios.h>
#include <asm/ioctls.h>

/* A type's first row is what protocol 0 means; IPPROTO_IP as a row's protocol takes any. */
static const struct inet_protosw inetsw[] = {
	{ SOCK_STREAM, IPPROTO_TCP, &tcp_prot, &inet_stream_ops, INET_PROTOSW_PERMANENT | INET_PROTOSW_ICSK },
	{ SOCK_DGRAM, IPPROTO_UDP, &udp_prot, &inet_dgram_ops, INET_PROTOSW_PERMANENT },
	{ SOCK_DGRAM, IPPROTO_ICMP, &ping_prot, &inet_sockraw_ops, INET_PROTOSW_REUSE },
	{ SOCK_DGRAM, IPPROTO_UDPLITE, &udplite_prot, &inet_dgram_ops, INET_PROTOSW_PERMANENT },
	{ SOCK_RAW, IPPROTO_IP, &raw_prot, &inet_sockraw_ops, INET_PROTOSW_REUSE },
};

/* ---- life ---- */

void inet_sock_destruct(struct sock *sk)
{
	struct inet_sock *inet = inet_sk(sk);

	skb_queue_purge(&sk->sk_receive_queue);
	skb_queue_purge(&sk->sk_error_queue);
	skb_queue_purge(&sk->sk_backlog);
	sk_filter_put(sk->sk_filter);
	sk->sk_filter = NULL;
	kfree(inet->inet_opt);
	inet->inet_opt = NULL;
	sk_dst_reset(sk);
}

void inet_init_sock(struct sock *sk, u16 protocol)
{
	struct inet_sock *inet = inet_sk(sk);

	sk->sk_protocol = protocol;
	sk->sk_backlog_rcv = sk->sk_prot->backlog_rcv;
	sk->sk_destruct = inet_sock_destruct;
	inet->uc_ttl = -1;
	inet->mc_loop = true;
	inet->mc_ttl = 1;
	inet->mc_all = true;
	inet->mc_index = 0;
	inet->pmtudisc = net_sysctl.ip_no_pmtu_disc ? IP_PMTUDISC_DONT : IP_PMTUDISC_WANT;
	host_random(&inet->inet_id, sizeof(inet->inet_id));
}

const struct inet_protosw *inet_find_protosw(const struct inet_protosw *rows, unsigned count, int type, int *protocol,
	int *err)
{
	const struct inet_protosw *found = NULL;

	*err = -ESOCKTNOSUPPORT;
	for (unsigned i = 0; i < count && !found; i++) {
		const struct inet_protosw *p = &rows[i];

		if (p->type != type)
			continue;
		*err = -EPROTONOSUPPORT;
		if (*protocol == p->protocol) {
			if (*protocol != IPPROTO_IP)
				found = p;
		} else if (*protocol == IPPROTO_IP) {
			*protocol = p->protocol;
			found = p;
		} else if (p->protocol == IPPROTO_IP) {
			found = p;
		}
	}
	if (!found)
		return NULL;
	*err = 0;
	if (type == SOCK_RAW && !capable(CAP_NET_RAW))
		*err = -EPERM;
	return found;
}

int inet_create_finish(struct sock *sk, const struct inet_protosw *row)
{
	struct inet_sock *inet = inet_sk(sk);
	int err;

	if (row->flags & INET_PROTOSW_REUSE)
		sk->sk_reuse = SK_CAN_REUSE;
	inet->is_icsk = row->flags & INET_PROTOSW_ICSK;
	if (sk->sk_type == SOCK_RAW) {
		sk->sk_num = sk->sk_protocol;
		inet->hdrincl = sk->sk_protocol == IPPROTO_RAW;
		inet->inet_sport = htons(sk->sk_num);
		err = sk->sk_prot->hash ? sk->sk_prot->hash(sk) : 0;
		if (err)
			return err;
	}
	return sk->sk_prot->init ? sk->sk_prot->init(sk) : 0;
}

/* EINVAL, ESOCKTNOSUPPORT, EPROTONOSUPPORT, EPERM, ENOBUFS, and what the protocol says. */
int inet_create(struct socket *sock, int protocol)
{
	const struct inet_protosw *row;
	struct sock *sk;
	int err;

	if (protocol < 0 || protocol >= IPPROTO_MAX)
		return -EINVAL;
	row = inet_find_protosw(inetsw, ARRAY_SIZE(inetsw), sock->type, &protocol, &err);
	if (!row && err == -EPROTONOSUPPORT)
		LEDGER("AF_INET protocol", protocol);
	if (err)
		return err;
	sk = sk_alloc_prot(row->prot, AF_INET, sock);
	if (!sk)
		return -ENOBUFS;
	sock->ops = row->ops;
	inet_init_sock(sk, (u16)protocol);
	err = inet_create_finish(sk, row);
	if (err) {
		sk_common_release(sk);
		sock->sk = NULL;
	}
	return err;
}

void inet_release(struct socket *sock)
{
	struct sock *sk = sock->sk;
	u64 timeout = 0;

	if (!sk)
		return;
	ip_mc_drop_socket(sk);
	/* Close does not wait when a process exits. */
	if (sock_flag(sk, SOCK_LINGER) && !(current && current->exiting))
		timeout = sk->sk_lingertime > KTIME_MAX / NSEC_PER_SEC ? KTIME_MAX : sk->sk_lingertime * NSEC_PER_SEC;
	sk->sk_prot->close(sk, timeout);
	sock->sk = NULL;
}

/* ---- names ---- */

static int inet_autobind(struct sock *sk)
{
	int err = 0;

	lock_sock(sk);
	if (!sk->sk_num) {
		if (sk->sk_prot->get_port(sk, 0))
			err = -EAGAIN;
		else
			inet_sk(sk)->inet_sport = htons(sk->sk_num);
	}
	release_sock(sk);
	return err;
}

/* Chooses a port for an unbound socket. 0 or -EAGAIN. Takes the socket. */
static int inet_send_prepare(struct sock *sk)
{
	if (!sk->sk_num && !sk->sk_prot->no_autobind)
		return inet_autobind(sk);
	return 0;
}

bool inet_can_nonlocal_bind(const struct inet_sock *inet)
{
	return net_sysctl.ip_nonlocal_bind || inet->freebind || inet->transparent;
}

/* The port part of binding, which both families share, on an owned socket with its address set. */
int inet_bind_port(struct sock *sk, u16 port)
{
	struct inet_sock *inet = inet_sk(sk);

	if (!port && inet->bind_address_no_port)
		return 0;
	return sk->sk_prot->get_port(sk, port);
}

static int __inet_bind(struct sock *sk, const struct sockaddr_in *addr)
{
	struct inet_sock *inet = inet_sk(sk);
	u16 port = ntohs(addr->sin_port);
	int type, err;

	/* AF_UNSPEC with the wildcard address is taken, as ever. */
	if (addr->sin_family != AF_INET && (addr->sin_family != AF_UNSPEC || addr->sin_addr.s_addr))
		return -EAFNOSUPPORT;
	type = inet_addr_type(addr->sin_addr.s_addr);
	if (addr->sin_addr.s_addr && type != RTN_LOCAL && type != RTN_MULTICAST && type != RTN_BROADCAST
			&& !inet_can_nonlocal_bind(inet))
		return -EADDRNOTAVAIL;
	if (port && inet_port_requires_bind_service(port) && !capable(CAP_NET_BIND_SERVICE))
		return -EACCES;
	lock_sock(sk);
	err = -EINVAL;
	if (sk->sk_state != TCP_CLOSE || sk->sk_num)
		goto release;
	sk->sk_rcv_saddr = inet->inet_saddr = addr->sin_addr.s_addr;
	if (type == RTN_MULTICAST || type == RTN_BROADCAST)
		inet->inet_saddr = 0; /* the device's own is used */
	err = inet_bind_port(sk, port);
	if (err) {
		inet->inet_saddr = sk->sk_rcv_saddr = 0;
		goto release;
	}
	if (sk->sk_rcv_saddr)
		sk->sk_userlocks |= SOCK_BINDADDR_LOCK;
	if (port)
		sk->sk_userlocks |= SOCK_BINDPORT_LOCK;
	inet->inet_sport = htons(sk->sk_num);
	sk->sk_daddr = 0;
	sk->sk_dport = 0;
	sk_dst_reset(sk);
release:
	release_sock(sk);
	return err;
}

/* EINVAL, EAFNOSUPPORT, EADDRNOTAVAIL, EACCES, EADDRINUSE. */
static int inet_bind(struct socket *sock, struct sockaddr *addr, int len)
{
	struct sock *sk = sock->sk;

	if (sk->sk_prot->bind)
		return sk->sk_prot->bind(sk, addr, len);
	if (len < (int)sizeof(struct sockaddr_in))
		return -EINVAL;
	return __inet_bind(sk, (const struct sockaddr_in *)addr);
}

static int inet_getname(struct socket *sock, struct sockaddr *addr, int peer)
{
	struct sock *sk = sock->sk;
	struct inet_sock *inet = inet_sk(sk);
	struct sockaddr_in *sin = (struct sockaddr_in *)addr;

	if (peer && (!sk->sk_dport || (peer == 1 && TCPF(sk->sk_state) & (TCPF(TCP_CLOSE) | TCPF(TCP_SYN_SENT)))))
		return -ENOTCONN;
	memset(sin, 0, sizeof(*sin));
	sin->sin_family = AF_INET;
	if (peer) {
		sin->sin_port = sk->sk_dport;
		sin->sin_addr.s_addr = sk->sk_daddr;
	} else {
		sin->sin_port = inet->inet_sport;
		sin->sin_addr.s_addr = sk->sk_rcv_saddr ? sk->sk_rcv_saddr : inet->inet_saddr;
	}
	return sizeof(*sin);
}

/* ---- connecting ---- */

int inet_dgram_connect(struct socket *sock, struct sockaddr *addr, int len, int flags)
{
	struct sock *sk = sock->sk;

	if (len < (int)sizeof(addr->sa_family))
		return -EINVAL;
	if (addr->sa_family == AF_UNSPEC)
		return sk->sk_prot->disconnect(sk, flags);
	if (!sk->sk_num && inet_autobind(sk))
		return -EAGAIN;
	return sk->sk_prot->connect(sk, addr, len);
}

static bool connecting(const struct sock *sk)
{
	return TCPF(sk->sk_state) & (TCPF(TCP_SYN_SENT) | TCPF(TCP_SYN_RECV));
}

int __inet_stream_connect(struct socket *sock, struct sockaddr *addr, int len, int flags, bool is_sendmsg)
{
	struct sock *sk = sock->sk;
	long err;
	u64 timeout;
	bool pending;

	if (addr) {
		if (len < (int)sizeof(addr->sa_family))
			return -EINVAL;
		if (addr->sa_family == AF_UNSPEC) {
			err = sk->sk_prot->disconnect(sk, flags);
			sock->state = err ? SS_DISCONNECTING : SS_UNCONNECTED;
			return (int)err;
		}
	}
	switch (sock->state) {
	case SS_CONNECTED:
		return -EISCONN;
	case SS_CONNECTING:
		/* With TCP_FASTOPEN_CONNECT a connection that has not begun says it is done; its first write begins it, and waits. */
		err = !inet_sk(sk)->defer_connect ? -EALREADY : is_sendmsg ? -EINPROGRESS : -EISCONN;
		break;
	case SS_UNCONNECTED:
		if (sk->sk_state != TCP_CLOSE)
			return -EISCONN;
		err = sk->sk_prot->connect(sk, addr, len);
		if (err < 0)
			return (int)err;
		sock->state = SS_CONNECTING;
		if (inet_sk(sk)->defer_connect)
			return 0;
		err = -EINPROGRESS;
		break;
	default:
		return -EINVAL;
	}
	timeout = sock_snddeadline(sk, flags & O_NONBLOCK);
	if (connecting(sk)) {
		if (!timeout)
			return (int)err;
		/* Data that did not go with the SYN waits: the SYN-ACK's acknowledgement goes with it. */
		pending = is_sendmsg && tcp_fastopen_data_waits(sk);
		if (pending)
			tcp_sk(sk)->write_pending++;
		err = sk_wait_event_locked(sk, !connecting(sk), timeout);
		if (pending)
			tcp_sk(sk)->write_pending--;
		if (err == -EAGAIN)
			return sk->sk_sndtimeo == KTIME_MAX ? -EAGAIN : -EINPROGRESS;
		if (err)
			return (int)err;
	}
	/* Closed meanwhile: by RST, timeout, ICMP error or disconnect. */
	if (sk->sk_state == TCP_CLOSE) {
		err = sock_error(sk);
		sock->state = SS_UNCONNECTED;
		if (sk->sk_prot->disconnect(sk, flags))
			sock->state = SS_DISCONNECTING;
		return err ? (int)err : -ECONNABORTED;
	}
	sock->state = SS_CONNECTED;
	return 0;
}

int inet_stream_connect(struct socket *sock, struct sockaddr *addr, int len, int flags)
{
	int err;

	lock_sock(sock->sk);
	err = __inet_stream_connect(sock, addr, len, flags, false);
	release_sock(sock->sk);
	return err;
}

int inet_listen(struct socket *sock, int backlog)
{
	struct sock *sk = sock->sk;
	int err = -EINVAL;

	lock_sock(sk);
	if (sock->state == SS_UNCONNECTED && sock->type == SOCK_STREAM
			&& TCPF(sk->sk_state) & (TCPF(TCP_CLOSE) | TCPF(TCP_LISTEN)))
		err = sk->sk_prot->listen ? sk->sk_prot->listen(sk, backlog) : -EOPNOTSUPP;
	release_sock(sk);
	return err;
}

int inet_accept(struct socket *sock, struct socket *newsock, int flags)
{
	int err = -EINVAL;
	struct sock *sk = sock->sk->sk_prot->accept(sock->sk, flags, &err);

	if (!sk)
		return err;
	lock_sock(sk);
	sock_graft(sk, newsock);
	newsock->state = SS_CONNECTED;
	release_sock(sk);
	return 0;
}

int inet_shutdown(struct socket *sock, int how)
{
	struct sock *sk = sock->sk;
	int err = 0;

	if ((unsigned)how > SHUT_RDWR)
		return -EINVAL;
	how++; /* SHUT_RD, SHUT_WR, SHUT_RDWR become bits */
	lock_sock(sk);
	if (sock->state == SS_CONNECTING) {
		if (TCPF(sk->sk_state) & (TCPF(TCP_SYN_SENT) | TCPF(TCP_SYN_RECV) | TCPF(TCP_CLOSE)))
			sock->state = SS_DISCONNECTING;
		else
			sock->state = SS_CONNECTED;
	}
	switch (sk->sk_state) {
	case TCP_LISTEN:
		if (!(how & RCV_SHUTDOWN))
			break;
		/* fall through */
	case TCP_SYN_SENT:
		err = sk->sk_prot->disconnect(sk, O_NONBLOCK);
		sock->state = err ? SS_DISCONNECTING : SS_UNCONNECTED;
		break;
	case TCP_CLOSE:
		err = -ENOTCONN; /* but whoever polls is woken for EPOLLHUP */
		/* fall through */
	default:
		sk->sk_shutdown |= how;
		if (sk->sk_prot->shutdown)
			sk->sk_prot->shutdown(sk, how);
	}
	sk->sk_state_change(sk);
	release_sock(sk);
	return err;
}

/* ---- data ---- */

ssize_t inet_sendmsg(struct socket *sock, struct msghdr *msg, size_t size)
{
	struct sock *sk = sock->sk;

	if (inet_send_prepare(sk))
		return -EAGAIN;
	return sk->sk_prot->sendmsg(sk, msg, size);
}

ssize_t inet_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, unsigned flags)
{
	return sock->sk->sk_prot->recvmsg(sock->sk, msg, size, flags);
}

void inet_splice_eof(struct socket *sock)
{
	sock->sk->sk_prot->splice_eof(sock->sk);
}

long inet_ioctl(struct socket *sock, unsigned cmd, unsigned long arg)
{
	struct sock *sk = sock->sk;
	void __user *uarg = u64_to_uptr(arg);
	long err;

	switch (cmd) {
	case SIOCGSTAMP_OLD: return sock_gettstamp(sock, uarg, true, false);
	case SIOCGSTAMPNS_OLD: return sock_gettstamp(sock, uarg, false, false);
	case SIOCGSTAMP_NEW: return sock_gettstamp(sock, uarg, true, false);
	case SIOCGSTAMPNS_NEW: return sock_gettstamp(sock, uarg, false, false);
	}
	err = sk->sk_prot->ioctl ? sk->sk_prot->ioctl(sk, cmd, arg) : -ENOIOCTLCMD;
	if (err == -ENOIOCTLCMD)
		err = dev_ioctl(cmd, uarg);
	if (err == -ENOIOCTLCMD) {
		LEDGER("AF_INET ioctl", cmd);
		return -ENOTTY;
	}
	return err;
}

const struct proto_ops inet_stream_ops = {
	.family = AF_INET,
	.release = inet_release,
	.bind = inet_bind,
	.connect = inet_stream_connect,
	.accept = inet_accept,
	.getname = inet_getname,
	.poll = tcp_poll,
	.ioctl = inet_ioctl,
	.listen = inet_listen,
	.shutdown = inet_shutdown,
	.setsockopt = sock_common_setsockopt,
	.getsockopt = sock_common_getsockopt,
	.sendmsg = inet_sendmsg,
	.recvmsg = inet_recvmsg,
	.splice_eof = inet_splice_eof,
	.set_peek_off = sk_set_peek_off,
};

const struct proto_ops inet_dgram_ops = {
	.family = AF_INET,
	.release = inet_release,
	.bind = inet_bind,
	.connect = inet_dgram_connect,
	.getname = inet_getname,
	.poll = udp_poll,
	.ioctl = inet_ioctl,
	.shutdown = inet_shutdown,
	.setsockopt = sock_common_setsockopt,
	.getsockopt = sock_common_getsockopt,
	.sendmsg = inet_sendmsg,
	.recvmsg = inet_recvmsg,
	.splice_eof = inet_splice_eof,
	.set_peek_off = sk_set_peek_off,
};

/* Raw and ping sockets: they have no SO_PEEK_OFF. */
const struct proto_ops inet_sockraw_ops = {
	.family = AF_INET,
	.release = inet_release,
	.bind = inet_bind,
	.connect = inet_dgram_connect,
	.getname = inet_getname,
	.poll = datagram_poll,
	.ioctl = inet_ioctl,
	.shutdown = inet_shutdown,
	.setsockopt = sock_common_setsockopt,
	.getsockopt = sock_common_getsockopt,
	.sendmsg = inet_sendmsg,
	.recvmsg = inet_recvmsg,
};

void inet_init(void)
{
	dev_init();
	ifa_lifetime_init();
	loopback_init();
	ip_rt_init();
	inet_hashinfo_init();
	ipfrag_init();
	tcp_init();
	udp_init();
	raw_init();
	ping_init();
}

/* What is kept for later use only. */
void inet_exit(void)
{
	tcp_exit();
	ifa_lifetime_exit();
	inet_addr_exit();
	dev_exit();
	udp_exit();
	ipfrag_exit();
	ip_rt_exit();
	inet_hashinfo_exit();
}
