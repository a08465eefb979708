/* What all protocols share: life of a struct sock, send-buffer accounting, and the options of SOL_SOCKET. It knows no
 * protocol; options that only some families have are refused here by the family number, as in Linux. */
#include "../sock.h"
#include "../dev.h"
#include "slab.h"
#include "string.h"
#include "host.h"
#include "ledger.h"
#include "uaccess.h"
#include <linux/eventpoll.h>
#include <linux/capability.h>

static u64 next_cookie;

static void sock_def_wakeup(struct sock *sk)
{
	sk_wake_all(sk, 0);
}

void sock_def_readable(struct sock *sk)
{
	sk_wake(sk, EPOLLIN | EPOLLPRI | EPOLLRDNORM | EPOLLRDBAND);
	sk_wake_async(sk, POLL_IN);
}

void sock_def_write_space(struct sock *sk)
{
	if (sk->sk_wmem_alloc * 2 <= (u32)sk->sk_sndbuf)
		sk_wake_all(sk, EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND);
	if (sock_writeable(sk))
		sk_wake_async(sk, POLL_OUT);
}

void sock_def_error_report(struct sock *sk)
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
	sk->sk_rcvtimeo = sk->sk_sndtimeo = KTIME_MAX;
	skb_queue_head_init(&sk->sk_receive_queue);
	skb_queue_head_init(&sk->sk_write_queue);
	skb_queue_head_init(&sk->sk_error_queue);
	skb_queue_head_init(&sk->sk_backlog);
	init_waitqueue_head(&sk->sk_lock_wait);
	sk->sk_max_pacing_rate = sk->sk_pacing_rate = ~0ull;
	sk->sk_incoming_cpu = -1;
	sk->sk_txrehash = 255; /* SOCK_TXREHASH_DEFAULT */
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
	n->sk_peer_ngroups = 0;
	timer_setup(&n->sk_timer, NULL);
	if (sock_flag(n, SOCK_TIMESTAMP))
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

ssize_t sock_common_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, unsigned flags)
{
	return sock->sk->sk_prot->recvmsg(sock->sk, msg, size, flags);
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

long sock_wait_for_wmem(struct sock *sk, bool noblock)
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

int __sock_queue_rcv_skb(struct sock *sk, struct sk_buff *skb)
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

/* ---- options ---- */

/* What a getter fills: up to a struct linger, timeval or ucred; lists write to the guest themselves. */
union sock_optval {
	int val;
	u64 val64;
	struct linger ling;
	struct ucred cred;
	struct { s64 sec, usec; } tv;
	u32 meminfo[9];
};

/* A row of the table. get returns the value's size or -errno; set gets at least min_len bytes in @v. */
struct sock_option {
	int name;
	u8 min_len;  /* bytes that setsockopt needs; fewer: EINVAL */
	int (*get)(struct socket *sock, union sock_optval *v);  /* NULL: ENOPROTOOPT */
	int (*set)(struct socket *sock, union sock_optval *v);  /* NULL: ENOPROTOOPT */
};

#define GET_INT(fn, expr) \
	static int fn(struct socket *sock, union sock_optval *v) \
	{ struct sock *sk __maybe_unused = sock->sk; v->val = (expr); return sizeof(int); }
#define SET_FLAG(fn, flag) \
	static int fn(struct socket *sock, union sock_optval *v) \
	{ sock_set_flag(sock->sk, flag, v->val != 0); return 0; }

GET_INT(get_type, sk->sk_type)
GET_INT(get_domain, sk->sk_family)
GET_INT(get_protocol, sk->sk_protocol)
GET_INT(get_acceptconn, sk->sk_state == TCP_LISTEN)
GET_INT(get_sndbuf, sk->sk_sndbuf)
GET_INT(get_rcvbuf, sk->sk_rcvbuf)
GET_INT(get_rcvlowat, sk->sk_rcvlowat)
GET_INT(get_sndlowat, 1)
GET_INT(get_priority, (int)sk->sk_priority)
GET_INT(get_mark, (int)sk->sk_mark)
GET_INT(get_reuse, sk->sk_reuse)
GET_INT(get_reuseport, sk->sk_reuseport)
GET_INT(get_keepalive, sock_flag(sk, SOCK_KEEPOPEN))
GET_INT(get_broadcast, sock_flag(sk, SOCK_BROADCAST))
GET_INT(get_oobinline, sock_flag(sk, SOCK_URGINLINE))
GET_INT(get_debug, sock_flag(sk, SOCK_DBG))
GET_INT(get_dontroute, sock_flag(sk, SOCK_LOCALROUTE))
GET_INT(get_rxq_ovfl, sock_flag(sk, SOCK_RXQ_OVFL))
GET_INT(get_timestamp, sock_flag(sk, SOCK_RCVTSTAMP) && !sock_flag(sk, SOCK_RCVTSTAMPNS))
GET_INT(get_timestampns, sock_flag(sk, SOCK_RCVTSTAMPNS))
GET_INT(get_passcred, !!(sock->flags & SOCK_PASSCRED_BIT))
SET_FLAG(set_keepalive, SOCK_KEEPOPEN)
SET_FLAG(set_broadcast, SOCK_BROADCAST)
SET_FLAG(set_oobinline, SOCK_URGINLINE)
SET_FLAG(set_dontroute, SOCK_LOCALROUTE)
SET_FLAG(set_rxq_ovfl, SOCK_RXQ_OVFL)

/* SO_ERROR takes the pending error. */
static int get_error(struct socket *sock, union sock_optval *v)
{
	v->val = -sock_error(sock->sk);
	return sizeof(int);
}

static int set_debug(struct socket *sock, union sock_optval *v)
{
	if (v->val && !capable(CAP_NET_ADMIN))
		return -EACCES;
	sock_set_flag(sock->sk, SOCK_DBG, v->val != 0);
	return 0;
}

static int set_reuse(struct socket *sock, union sock_optval *v)
{
	sock->sk->sk_reuse = v->val != 0;
	return 0;
}

static int set_reuseport(struct socket *sock, union sock_optval *v)
{
	if (v->val && sock->sk->sk_family != AF_INET && sock->sk->sk_family != AF_INET6)
		return -EOPNOTSUPP;
	sock->sk->sk_reuseport = v->val != 0;
	return 0;
}

static int set_sndbuf_force(struct socket *sock, union sock_optval *v)
{
	if (!capable(CAP_NET_ADMIN))
		return -EPERM;
	sock->sk->sk_sndbuf = max(min(max(v->val, 0), 0x3fffffff) * 2, SOCK_MIN_SNDBUF);
	sock->sk->sk_write_space(sock->sk);
	return 0;
}

static int set_sndbuf(struct socket *sock, union sock_optval *v)
{
	u32 val = min((u32)v->val, (u32)net_sysctl.wmem_max);

	sock->sk->sk_sndbuf = max((int)val * 2, SOCK_MIN_SNDBUF);
	sock->sk->sk_write_space(sock->sk);
	return 0;
}

static int set_rcvbuf_force(struct socket *sock, union sock_optval *v)
{
	if (!capable(CAP_NET_ADMIN))
		return -EPERM;
	sock->sk->sk_rcvbuf = max(min(max(v->val, 0), 0x3fffffff) * 2, SOCK_MIN_RCVBUF);
	return 0;
}

static int set_rcvbuf(struct socket *sock, union sock_optval *v)
{
	u32 val = min((u32)v->val, (u32)net_sysctl.rmem_max);

	sock->sk->sk_rcvbuf = max((int)val * 2, SOCK_MIN_RCVBUF);
	return 0;
}

static int set_rcvlowat(struct socket *sock, union sock_optval *v)
{
	int val = v->val < 0 ? 0x7fffffff : v->val;

	sock->sk->sk_rcvlowat = val ? val : 1;
	return 0;
}

static int set_priority(struct socket *sock, union sock_optval *v)
{
	if ((v->val < 0 || v->val > 6) && !capable(CAP_NET_RAW) && !capable(CAP_NET_ADMIN))
		return -EPERM;
	sock->sk->sk_priority = v->val;
	return 0;
}

static int set_mark(struct socket *sock, union sock_optval *v)
{
	if (!capable(CAP_NET_RAW) && !capable(CAP_NET_ADMIN))
		return -EPERM;
	sock->sk->sk_mark = v->val;
	return 0;
}

static int get_linger(struct socket *sock, union sock_optval *v)
{
	v->ling.l_onoff = sock_flag(sock->sk, SOCK_LINGER);
	v->ling.l_linger = (int)sock->sk->sk_lingertime;
	return sizeof(struct linger);
}

static int set_linger(struct socket *sock, union sock_optval *v)
{
	sock_set_flag(sock->sk, SOCK_LINGER, v->ling.l_onoff != 0);
	if (v->ling.l_onoff)
		sock->sk->sk_lingertime = (u32)v->ling.l_linger;
	return 0;
}

static int get_timeo(u64 timeo, union sock_optval *v)
{
	v->tv.sec = timeo == KTIME_MAX ? 0 : (s64)(timeo / NSEC_PER_SEC);
	v->tv.usec = timeo == KTIME_MAX ? 0 : (s64)(timeo % NSEC_PER_SEC / 1000);
	return sizeof(v->tv);
}

int sock_set_timeo(u64 *timeo, s64 sec, s64 usec)
{
	if (usec < 0 || usec >= 1000000)
		return -EDOM;
	if (sec < 0)
		*timeo = 0;
	else if ((!sec && !usec) || sec >= (s64)(KTIME_MAX / NSEC_PER_SEC - 1))
		*timeo = KTIME_MAX;
	else
		*timeo = (u64)sec * NSEC_PER_SEC + (u64)usec * 1000;
	return 0;
}

static int get_rcvtimeo(struct socket *sock, union sock_optval *v) { return get_timeo(sock->sk->sk_rcvtimeo, v); }
static int get_sndtimeo(struct socket *sock, union sock_optval *v) { return get_timeo(sock->sk->sk_sndtimeo, v); }
static int set_rcvtimeo(struct socket *sock, union sock_optval *v) 
{
	return sock_set_timeo(&sock->sk->sk_rcvtimeo, v->tv.sec, v->tv.usec);
}

static int set_sndtimeo(struct socket *sock, union sock_optval *v) 
{
	return sock_set_timeo(&sock->sk->sk_sndtimeo, v->tv.sec, v->tv.usec);
}

static int set_passcred(struct socket *sock, union sock_optval *v)
{
	sock->flags = v->val ? sock->flags | SOCK_PASSCRED_BIT : sock->flags & ~SOCK_PASSCRED_BIT;
	return 0;
}

static int get_peercred(struct socket *sock, union sock_optval *v)
{
	v->cred = sock->sk->sk_peer_cred;
	if (!v->cred.pid)
		v->cred.uid = v->cred.gid = (u32)-1;
	return sizeof(struct ucred);
}

static int get_peek_off(struct socket *sock, union sock_optval *v)
{
	if (!sock->ops->set_peek_off)
		return -EOPNOTSUPP;
	v->val = sock->sk->sk_peek_off;
	return sizeof(int);
}

static int set_peek_off(struct socket *sock, union sock_optval *v)
{
	return sock->ops->set_peek_off ? sock->ops->set_peek_off(sock->sk, v->val) : -EOPNOTSUPP;
}

static int get_cookie(struct socket *sock, union sock_optval *v)
{
	if (!sock->sk->sk_cookie)
		sock->sk->sk_cookie = ++next_cookie;
	v->val64 = sock->sk->sk_cookie;
	return sizeof(u64);
}

static int get_meminfo(struct socket *sock, union sock_optval *v)
{
	struct sock *sk = sock->sk;

	memset(v->meminfo, 0, sizeof(v->meminfo));
	v->meminfo[0] = sk->sk_rmem_alloc;
	v->meminfo[1] = sk->sk_rcvbuf;
	v->meminfo[2] = sk->sk_wmem_alloc;
	v->meminfo[3] = sk->sk_sndbuf;
	return sizeof(v->meminfo);
}

static int set_read_only(struct socket *sock __maybe_unused, union sock_optval *v __maybe_unused)
{
	return -ENOPROTOOPT;
}

static const struct sock_option sock_options[] = {
	{ SO_DEBUG, 4, get_debug, set_debug },
	{ SO_REUSEADDR, 4, get_reuse, set_reuse },
	{ SO_REUSEPORT, 4, get_reuseport, set_reuseport },
	{ SO_TYPE, 4, get_type, set_read_only },
	{ SO_PROTOCOL, 4, get_protocol, set_read_only },
	{ SO_DOMAIN, 4, get_domain, set_read_only },
	{ SO_ERROR, 4, get_error, set_read_only },
	{ SO_ACCEPTCONN, 4, get_acceptconn, set_read_only },
	{ SO_DONTROUTE, 4, get_dontroute, set_dontroute },
	{ SO_BROADCAST, 4, get_broadcast, set_broadcast },
	{ SO_SNDBUF, 4, get_sndbuf, set_sndbuf },
	{ SO_SNDBUFFORCE, 4, NULL, set_sndbuf_force },
	{ SO_RCVBUF, 4, get_rcvbuf, set_rcvbuf },
	{ SO_RCVBUFFORCE, 4, NULL, set_rcvbuf_force },
	{ SO_KEEPALIVE, 4, get_keepalive, set_keepalive },
	{ SO_OOBINLINE, 4, get_oobinline, set_oobinline },
	{ SO_PRIORITY, 4, get_priority, set_priority },
	{ SO_MARK, 4, get_mark, set_mark },
	{ SO_LINGER, sizeof(struct linger), get_linger, set_linger },
	{ SO_RCVTIMEO_OLD, 16, get_rcvtimeo, set_rcvtimeo },
	{ SO_SNDTIMEO_OLD, 16, get_sndtimeo, set_sndtimeo },
	{ SO_RCVTIMEO_NEW, 16, get_rcvtimeo, set_rcvtimeo },
	{ SO_SNDTIMEO_NEW, 16, get_sndtimeo, set_sndtimeo },
	{ SO_RCVLOWAT, 4, get_rcvlowat, set_rcvlowat },
	{ SO_SNDLOWAT, 4, get_sndlowat, set_read_only },
	{ SO_PASSCRED, 4, get_passcred, set_passcred },
	{ SO_PEERCRED, 4, get_peercred, set_read_only },
	{ SO_PEEK_OFF, 4, get_peek_off, set_peek_off },
	{ SO_RXQ_OVFL, 4, get_rxq_ovfl, set_rxq_ovfl },
	{ SO_TIMESTAMP_OLD, 4, get_timestamp, NULL },
	{ SO_TIMESTAMPNS_OLD, 4, get_timestampns, NULL },
	{ SO_COOKIE, 8, get_cookie, set_read_only },
	{ SO_MEMINFO, 36, get_meminfo, set_read_only },
};

static const struct sock_option *find_option(int name)
{
	for (size_t i = 0; i < ARRAY_SIZE(sock_options); i++)
		if (sock_options[i].name == name)
			return &sock_options[i];
	return NULL;
}

/* socket(7). Linux reads an int first, whatever the option; fewer than 4 bytes are EINVAL. */
int sock_setsockopt(struct socket *sock, int name, const void __user *val, unsigned len)
{
	const struct sock_option *opt = find_option(name);
	union sock_optval v;

	if (len < sizeof(int))
		return -EINVAL;
	memset(&v, 0, sizeof(v));
	if (copy_from_user(&v.val, val, sizeof(int)))
		return -EFAULT;
	if (!opt || !opt->set) {
		LEDGER("setsockopt SOL_SOCKET option", name);
		return -ENOPROTOOPT;
	}
	if (opt->set == set_read_only)
		return -ENOPROTOOPT;
	if (len < opt->min_len)
		return -EINVAL;
	if (opt->min_len > sizeof(int) && copy_from_user(&v, val, opt->min_len))
		return -EFAULT;
	return opt->set(sock, &v);
}

static int get_peergroups(struct sock *sk, void __user *val, int __user *ulen, int len)
{
	int size = (int)(sk->sk_peer_ngroups * sizeof(u32)), err = 0;

	if (!sk->sk_peer_cred.pid)
		return -ENODATA;
	if (len < size)
		err = -ERANGE;
	else if (size && copy_to_user(val, sk->sk_peer_groups, size))
		return -EFAULT;
	return put_user(size, ulen) ? -EFAULT : err;
}

static int get_peername(struct socket *sock, void __user *val, int __user *ulen, int len)
{
	struct sockaddr_storage address;
	int size = sock->ops->getname ? sock->ops->getname(sock, (struct sockaddr *)&address, true) : -ENOTCONN;

	if (size < 0)
		return -ENOTCONN;
	if (size < len)
		len = size;
	if (copy_to_user(val, &address, len))
		return -EFAULT;
	return put_user(len, ulen) ? -EFAULT : 0;
}

int sock_getsockopt(struct socket *sock, int name, void __user *val, int __user *ulen)
{
	const struct sock_option *opt = find_option(name);
	union sock_optval v;
	int len, size;

	if (get_user(len, ulen))
		return -EFAULT;
	if (len < 0)
		return -EINVAL;
	if (name == SO_PEERGROUPS)
		return get_peergroups(sock->sk, val, ulen, len);
	if (name == SO_PEERNAME)
		return get_peername(sock, val, ulen, len);
	if (!opt || !opt->get) {
		LEDGER("getsockopt SOL_SOCKET option", name);
		return -ENOPROTOOPT;
	}
	if (name == SO_COOKIE && len < 8)
		return -EINVAL;
	memset(&v, 0, sizeof(v));
	size = opt->get(sock, &v);
	if (size < 0)
		return size;
	len = min(len, size);
	if (copy_to_user(val, &v, len))
		return -EFAULT;
	return put_user(len, ulen) ? -EFAULT : 0;
}
