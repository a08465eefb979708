/* What all protocols share: life of a struct sock, ownership, and the accounting of send and receive buffers. It knows no
 * protocol. The options of SOL_SOCKET are in sockopt.c. */
#include "../sock.h"
#include "../dev.h"
#include "slab.h"
#include "string.h"
#include "host.h"
#include "pidfd.h"
#include "ledger.h"
#include "uaccess.h"
#include <linux/eventpoll.h>
#include <linux/capability.h>

static void sock_def_wakeup(struct sock *sk)
{
	sk_wake_all(sk, 0);
}

static void sock_def_readable(struct sock *sk)
{
	sk_wake(sk, EPOLLIN | EPOLLPRI | EPOLLRDNORM | EPOLLRDBAND);
	sk_wake_async(sk, POLL_IN);
}

static void sock_def_write_space(struct sock *sk)
{
	if (sk->sk_wmem_alloc * 2 <= (u32)sk->sk_sndbuf)
		sk_wake_all(sk, EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND);
	if (sock_writeable(sk))
		sk_wake_async(sk, POLL_OUT);
}

static void sock_def_error_report(struct sock *sk)
{
	sk_wake(sk, EPOLLERR);
	sk_wake_async(sk, POLL_ERR);
}

void sk_wake_async(struct sock *sk, int band)
{
	if (sk->sk_socket)
		kill_fasync(&sk->sk_socket->fasync, SIGIO, band);
}

void sk_send_sigurg(struct sock *sk)
{
	if (sk->sk_socket && sk->sk_socket->file && send_sigurg(sk->sk_socket->file))
		sk_wake_async(sk, POLL_PRI);
}

static void sock_def_destruct(struct sock *sk __maybe_unused)
{
}

struct sock *sk_alloc(struct kmem_cache *cache, int family, struct socket *sock)
{
	struct sock *sk = kmem_cache_zalloc(cache);

	if (!sk)
		return NULL;
	sk->sk_cache = cache;
	sk->refs = 1;
	sk->sk_family = family;
	sk->sk_state = TCP_CLOSE;
	sk->sk_sndbuf = net_sysctl.wmem_default;
	sk->sk_rcvbuf = net_sysctl.rmem_default;
	sk->sk_rcvlowat = 1;
	sk->sk_peek_off = -1;
	sk->sk_stamp = KTIME_MAX;
	sk->sk_peer_cred = (struct ucred){ 0, (u32)-1, (u32)-1 };
	sk->sk_rcvtimeo = sk->sk_sndtimeo = KTIME_MAX;
	skb_queue_head_init(&sk->sk_receive_queue);
	skb_queue_head_init(&sk->sk_write_queue);
	skb_queue_head_init(&sk->sk_error_queue);
	skb_queue_head_init(&sk->sk_backlog);
	init_waitqueue_head(&sk->sk_lock_wait);
	sk->sk_max_pacing_rate = sk->sk_pacing_rate = ~0ull;
	sk->sk_incoming_cpu = -1;
	sk->sk_txrehash = (u8)net_sysctl.txrehash;
	sk->sk_uid = current ? current->cred->euid : 0;
	sk->sk_state_change = sock_def_wakeup;
	sk->sk_data_ready = sock_def_readable;
	sk->sk_write_space = sock_def_write_space;
	sk->sk_error_report = sock_def_error_report;
	sk->sk_destruct = sock_def_destruct;
	if (sock)
		sock_graft(sk, sock);
	return sk;
}

struct sock *sk_alloc_prot(struct proto *prot, int family, struct socket *sock)
{
	struct sock *sk = sk_alloc(prot->slab, family, sock);

	if (!sk)
		return NULL;
	sk->sk_prot = prot;
	if (prot->sysctl_wmem)
		sk->sk_sndbuf = prot->sysctl_wmem[1];
	if (prot->sysctl_rmem)
		sk->sk_rcvbuf = prot->sysctl_rmem[1];
	return sk;
}

struct sock *sk_clone(const struct sock *sk)
{
	struct sock *n = kmem_cache_alloc(sk->sk_cache);

	if (!n)
		return NULL;
	memcpy(n, sk, sk->sk_prot->obj_size);
	n->refs = 1;
	n->sk_socket = NULL;
	n->sk_wq = NULL;
	INIT_HLIST_NODE(&n->sk_node);
	INIT_HLIST_NODE(&n->sk_bind_node);
	skb_queue_head_init(&n->sk_receive_queue);
	skb_queue_head_init(&n->sk_write_queue);
	skb_queue_head_init(&n->sk_error_queue);
	skb_queue_head_init(&n->sk_backlog);
	init_waitqueue_head(&n->sk_lock_wait);
	n->sk_owned = false;
	n->sk_backlog_len = 0;
	n->sk_rmem_alloc = n->sk_wmem_alloc = n->sk_omem_alloc = n->sk_wmem_queued = 0;
	n->sk_forward_alloc = 0;
	n->sk_reserved_mem = 0;
	n->sk_drops = 0;
	n->sk_zckey = 0;
	n->sk_tsq_flags = 0;
	n->sk_dst_cache = NULL;
	n->sk_reuseport_cb = NULL;
	n->sk_err = n->sk_err_soft = 0;
	n->sk_cookie = 0;
	n->sk_userlocks &= ~(SOCK_BINDPORT_LOCK | SOCK_CONNECT_BIND);
	n->sk_peer_groups = NULL;
	n->sk_peer_pid = NULL;
	n->sk_peer_ngroups = 0;
	timer_setup(&n->sk_timer, NULL);
	if (sock_stamps_packets(n))
		net_timestamps_wanted++;
	if (n->sk_filter) {
		sk_filter_get(n->sk_filter);
		n->sk_omem_alloc += sizeof(*n->sk_filter) + n->sk_filter->len * sizeof(struct sock_filter);
	}
	return n;
}

void sk_common_release(struct sock *sk)
{
	if (sk->sk_prot->destroy)
		sk->sk_prot->destroy(sk);
	if (sk->sk_prot->unhash)
		sk->sk_prot->unhash(sk);
	sock_orphan(sk);
	sock_put(sk);
}

struct list_head proto_list = LIST_HEAD_INIT(proto_list);

int proto_register(struct proto *p)
{
	p->slab = kmem_cache_create(p->name, p->obj_size, 0);
	list_add_tail(&p->list, &proto_list);
	return 0;
}

int sock_common_setsockopt(struct socket *sock, int level, int name, const void __user *val, unsigned len)
{
	return sock->sk->sk_prot->setsockopt(sock->sk, level, name, val, len);
}

int sock_common_getsockopt(struct socket *sock, int level, int name, void __user *val, int __user *len)
{
	return sock->sk->sk_prot->getsockopt(sock->sk, level, name, val, len);
}

void sock_put(struct sock *sk)
{
	if (--sk->refs)
		return;
	sk->sk_destruct(sk);
	if (sk->sk_reuseport_cb)
		reuseport_detach_sock(sk);
	net_disable_timestamp(sk);
	kfree(sk->sk_peer_groups);
	pid_handle_put(sk->sk_peer_pid);
	kmem_cache_free(sk->sk_cache, sk);
}

void sock_graft(struct sock *sk, struct socket *parent)
{
	sk->sk_type = parent->type;
	sk->sk_socket = parent;
	sk->sk_wq = &parent->wait;
	parent->sk = sk;
}

void sock_orphan(struct sock *sk)
{
	sock_set_flag(sk, SOCK_DEAD, true);
	sk->sk_socket = NULL;
	sk->sk_wq = NULL;
}

/* ---- ownership ---- */

void lock_sock(struct sock *sk)
{
	if (sk->sk_owned)
		wait_event(&sk->sk_lock_wait, !sk->sk_owned);
	sk->sk_owned = true;
}

static void receive_backlog(struct sock *sk)
{
	struct sk_buff *skb;

	local_bh_disable();
	while ((skb = skb_dequeue(&sk->sk_backlog))) {
		sk->sk_backlog_rcv(sk, skb);
		if (skb_queue_empty(&sk->sk_backlog))
			break;
	}
	sk->sk_backlog_len = 0;
	local_bh_enable();
}

void sk_flush_backlog(struct sock *sk)
{
	if (!skb_queue_empty(&sk->sk_backlog))
		receive_backlog(sk);
}

void release_sock(struct sock *sk)
{
	while (!skb_queue_empty(&sk->sk_backlog))
		receive_backlog(sk);
	if (sk->sk_prot && sk->sk_prot->release_cb)
		sk->sk_prot->release_cb(sk);
	sk->sk_owned = false;
	if (waitqueue_active(&sk->sk_lock_wait))
		wake_up(&sk->sk_lock_wait);
}

int sk_add_backlog(struct sock *sk, struct sk_buff *skb, u32 limit)
{
	if (sk->sk_backlog_len + sk->sk_rmem_alloc > limit)
		return -ENOBUFS;
	skb_queue_tail(&sk->sk_backlog, skb);
	sk->sk_backlog_len += skb->truesize;
	return 0;
}

/* ---- send buffers ---- */

static bool wmem_available(const struct sock *sk)
{
	return sk->sk_wmem_alloc < (u32)sk->sk_sndbuf;
}

/* Waits until the send buffer has room: 0 or as above. The socket is not owned. */
static long sock_wait_for_wmem(struct sock *sk, bool noblock)
{
	u64 deadline;

	if (likely(!sk->sk_err && !(sk->sk_shutdown & SEND_SHUTDOWN) && wmem_available(sk)))
		return 0;
	deadline = sock_snddeadline(sk, noblock);
	for (;;) {
		long err = sock_error(sk);

		if (err)
			return err;
		if (sk->sk_shutdown & SEND_SHUTDOWN)
			return -EPIPE;
		if (wmem_available(sk))
			return 0;
		if (!deadline)
			return -EAGAIN;
		err = sk_wait_event(sk->sk_wq, wmem_available(sk) || sk->sk_err || sk->sk_shutdown & SEND_SHUTDOWN, deadline);
		if (err)
			return err;
	}
}

struct sk_buff *sock_alloc_send_skb(struct sock *sk, size_t header, size_t size, bool noblock)
{
	long err = sock_wait_for_wmem(sk, noblock);
	struct sk_buff *skb;

	if (err)
		return ERR_PTR(err);
	skb = alloc_skb(size);
	if (!skb)
		return ERR_PTR(-ENOBUFS);
	skb->truesize = skb_linux_truesize(header, size - header);
	skb_set_owner_w(skb, sk);
	return skb;
}

struct sk_buff *sock_wmalloc(struct sock *sk, size_t size, bool force)
{
	struct sk_buff *skb;

	if (!force && !wmem_available(sk))
		return NULL;
	skb = alloc_skb(size);
	if (skb)
		skb_set_owner_w(skb, sk);
	return skb;
}

void skb_set_owner_w(struct sk_buff *skb, struct sock *sk)
{
	skb_orphan(skb);
	skb->sk = sock_hold(sk);
	skb->destructor = sock_wfree;
	sk->sk_wmem_alloc += skb->truesize;
}

void sock_wfree(struct sk_buff *skb)
{
	struct sock *sk = skb->sk;

	sk->sk_wmem_alloc -= skb->truesize;
	if (sk->sk_wq && waitqueue_active(sk->sk_wq))
		sk->sk_write_space(sk);
	skb->sk = NULL;
	sock_put(sk);
}

static void sock_efree(struct sk_buff *skb)
{
	struct sock *sk = skb->sk;

	skb->sk = NULL;
	sock_put(sk);
}

void skb_set_owner_free(struct sk_buff *skb, struct sock *sk)
{
	skb_orphan(skb);
	skb->sk = sock_hold(sk);
	skb->destructor = sock_efree;
}

void *sock_kmalloc(struct sock *sk, size_t size)
{
	void *p;

	if (size > (size_t)net_sysctl.optmem_max || sk->sk_omem_alloc + size >= (size_t)net_sysctl.optmem_max)
		return NULL;
	p = kmalloc(size);
	if (p)
		sk->sk_omem_alloc += size;
	return p;
}

void sock_kfree(struct sock *sk, void *p, size_t size)
{
	if (!p)
		return;
	kfree(p);
	sk->sk_omem_alloc -= size;
}

/* ---- receive buffers ---- */

void skb_set_owner_r(struct sk_buff *skb, struct sock *sk)
{
	skb_orphan(skb);
	skb->sk = sk;
	skb->destructor = sock_rfree;
	sk->sk_rmem_alloc += skb->truesize;
}

void sock_rfree(struct sk_buff *skb)
{
	skb->sk->sk_rmem_alloc -= skb->truesize;
}

/* without the filter */
static int __sock_queue_rcv_skb(struct sock *sk, struct sk_buff *skb)
{
	if (sk->sk_rmem_alloc >= (u32)sk->sk_rcvbuf) {
		sk->sk_drops++;
		return -ENOMEM;
	}
	skb->dev = NULL;
	skb->dropcount = sk->sk_drops;
	skb_set_owner_r(skb, sk);
	skb_dst_drop(skb);
	skb_queue_tail(&sk->sk_receive_queue, skb);
	if (!sock_flag(sk, SOCK_DEAD))
		sk->sk_data_ready(sk);
	return 0;
}

int sock_queue_rcv_skb(struct sock *sk, struct sk_buff *skb)
{
	int err = sk_filter(sk, skb);

	return err ? err : __sock_queue_rcv_skb(sk, skb);
}
