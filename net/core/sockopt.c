/* The options of SOL_SOCKET, socket(7): a row each. Options that only some families have are refused here by the family's
 * number, as in Linux. Those about time are in sockopt_stamp.c, those about the other end in sockopt_peer.c. */
#include "sockopt.h"
#include "../dev.h"
#include "slab.h"
#include "string.h"
#include "ledger.h"
#include "uaccess.h"
#include <linux/capability.h>
#include <linux/eventpoll.h>
#include <linux/if.h>
#include <linux/in.h>
#include <linux/sock_diag.h>

static u64 next_cookie;

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
GET_INT(get_no_check, sk->sk_no_check_tx)
GET_INT(get_rcvmark, sock_flag(sk, SOCK_RCVMARK))
GET_INT(get_wifi_status, sock_flag(sk, SOCK_WIFI_STATUS))
GET_INT(get_nofcs, sock_flag(sk, SOCK_NOFCS))
GET_INT(get_select_err_queue, sock_flag(sk, SOCK_SELECT_ERR_QUEUE))
GET_INT(get_lock_filter, sock_flag(sk, SOCK_FILTER_LOCKED))
GET_INT(get_bpf_extensions, SKF_AD_MAX)
GET_INT(get_busy_poll, (int)sk->sk_ll_usec)
GET_INT(get_prefer_busy_poll, sk->sk_prefer_busy_poll)
GET_INT(get_incoming_cpu, sk->sk_incoming_cpu)
GET_INT(get_napi_id, 0)
GET_INT(get_zerocopy, sock_flag(sk, SOCK_ZEROCOPY))
GET_INT(get_ifindex, sk->sk_bound_dev_if)
GET_INT(get_buf_lock, sk->sk_userlocks & (SOCK_SNDBUF_LOCK | SOCK_RCVBUF_LOCK))
GET_INT(get_reserve_mem, (int)sk->sk_reserved_mem)
GET_INT(get_bsdcompat, 0) /* obsolete: Linux takes it and does nothing, too */
GET_INT(get_rcvpriority, sock_flag(sk, SOCK_RCVPRIORITY))
SET_FLAG(set_rcvpriority, SOCK_RCVPRIORITY)
SET_FLAG(set_rcvmark_flag, SOCK_RCVMARK)
SET_FLAG(set_wifi_status, SOCK_WIFI_STATUS)
SET_FLAG(set_nofcs, SOCK_NOFCS)
SET_FLAG(set_select_err_queue, SOCK_SELECT_ERR_QUEUE)
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
	sock->sk->sk_userlocks |= SOCK_SNDBUF_LOCK;
	sock->sk->sk_sndbuf = max(min(max(v->val, 0), 0x3fffffff) * 2, SOCK_MIN_SNDBUF);
	sock->sk->sk_write_space(sock->sk);
	return 0;
}

static int set_sndbuf(struct socket *sock, union sock_optval *v)
{
	u32 val = min((u32)v->val, (u32)net_sysctl.wmem_max);

	sock->sk->sk_userlocks |= SOCK_SNDBUF_LOCK;
	sock->sk->sk_sndbuf = max((int)val * 2, SOCK_MIN_SNDBUF);
	sock->sk->sk_write_space(sock->sk);
	return 0;
}

static int set_rcvbuf_force(struct socket *sock, union sock_optval *v)
{
	if (!capable(CAP_NET_ADMIN))
		return -EPERM;
	sock->sk->sk_userlocks |= SOCK_RCVBUF_LOCK;
	sock->sk->sk_rcvbuf = max(min(max(v->val, 0), 0x3fffffff) * 2, SOCK_MIN_RCVBUF);
	return 0;
}

static int set_rcvbuf(struct socket *sock, union sock_optval *v)
{
	u32 val = min((u32)v->val, (u32)net_sysctl.rmem_max);

	sock->sk->sk_userlocks |= SOCK_RCVBUF_LOCK;
	sock->sk->sk_rcvbuf = max((int)val * 2, SOCK_MIN_RCVBUF);
	return 0;
}

static int set_rcvlowat(struct socket *sock, union sock_optval *v)
{
	int val = v->val < 0 ? 0x7fffffff : v->val;

	sock->sk->sk_rcvlowat = val ? val : 1;
	if (sock->sk->sk_prot && sock->sk->sk_prot->rcvlowat_set)
		sock->sk->sk_prot->rcvlowat_set(sock->sk);
	return 0;
}

bool sock_may_set_priority(int val)
{
	return (val >= 0 && val <= 6) || capable(CAP_NET_RAW) || capable(CAP_NET_ADMIN);
}

static int set_priority(struct socket *sock, union sock_optval *v)
{
	if (!sock_may_set_priority(v->val))
		return -EPERM;
	sock->sk->sk_priority = v->val;
	return 0;
}

static int set_mark(struct socket *sock, union sock_optval *v)
{
	if (!capable(CAP_NET_RAW) && !capable(CAP_NET_ADMIN))
		return -EPERM;
	if (sock->sk->sk_mark != (u32)v->val)
		sk_dst_reset(sock->sk); /* another route may be meant */
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

u64 sock_gen_cookie(struct sock *sk)
{
	if (!sk->sk_cookie)
		sk->sk_cookie = ++next_cookie;
	return sk->sk_cookie;
}

void sk_get_meminfo(const struct sock *sk, u32 *mem)
{
	memset(mem, 0, SK_MEMINFO_VARS * sizeof(*mem));
	mem[SK_MEMINFO_RMEM_ALLOC] = sk->sk_rmem_alloc;
	mem[SK_MEMINFO_RCVBUF] = (u32)sk->sk_rcvbuf;
	mem[SK_MEMINFO_WMEM_ALLOC] = sk->sk_wmem_alloc;
	mem[SK_MEMINFO_SNDBUF] = (u32)sk->sk_sndbuf;
	mem[SK_MEMINFO_FWD_ALLOC] = (u32)sk->sk_forward_alloc;
	mem[SK_MEMINFO_WMEM_QUEUED] = sk->sk_wmem_queued;
	mem[SK_MEMINFO_OPTMEM] = sk->sk_omem_alloc;
	mem[SK_MEMINFO_BACKLOG] = sk->sk_backlog_len;
	mem[SK_MEMINFO_DROPS] = sk->sk_drops;
}

static int get_cookie(struct socket *sock, union sock_optval *v)
{
	v->val64 = sock_gen_cookie(sock->sk);
	return sizeof(u64);
}

static int get_meminfo(struct socket *sock, union sock_optval *v)
{
	sk_get_meminfo(sock->sk, v->meminfo);
	return sizeof(v->meminfo);
}

/* ---- devices ---- */

/* SO_BINDTODEVICE's work on an owned socket. 0, -ENODEV, -EPERM. */
static int sock_bindtoindex(struct sock *sk, int ifindex)
{
	if (sk->sk_bound_dev_if && !capable(CAP_NET_RAW))
		return -EPERM;
	if (ifindex < 0)
		return -EINVAL;
	if (sk->sk_bound_dev_if == ifindex)
		return 0;
	sk->sk_bound_dev_if = ifindex;
	if (sk->sk_prot && sk->sk_prot->rehash)
		sk->sk_prot->rehash(sk);
	sk_dst_reset(sk);
	return 0;
}

static int set_ifindex(struct socket *sock, union sock_optval *v)
{
	return sock_bindtoindex(sock->sk, v->val);
}

static int set_bindtodevice(struct sock *sk, const void __user *val, unsigned len)
{
	char name[IFNAMSIZ] = "";
	const struct net_device *dev;

	if (copy_from_user(name, val, min(len, (unsigned)IFNAMSIZ - 1)))
		return -EFAULT;
	if (!name[0])
		return sock_bindtoindex(sk, 0);
	dev = dev_get_by_name(name);
	return dev ? sock_bindtoindex(sk, dev->ifindex) : -ENODEV;
}

static int get_bindtodevice(const struct sock *sk, void __user *val, int __user *ulen, int len)
{
	const struct net_device *dev;
	char name[IFNAMSIZ];

	if (!sk->sk_bound_dev_if)
		return put_user(0, ulen);
	if (len < IFNAMSIZ)
		return -EINVAL;
	dev = dev_get_by_index(sk->sk_bound_dev_if);
	if (!dev)
		return -ENODEV;
	strscpy(name, dev->name, sizeof(name)); /* the device may go while it is copied */
	len = (int)strlen(name) + 1;
	return copy_to_user(val, name, len) ? -EFAULT : put_user(len, ulen);
}

/* ---- filters ---- */

static int set_filter(struct socket *sock, union sock_optval *v) { return sk_attach_filter(sock->sk, &v->fprog); }
static int detach_filter(struct socket *sock, union sock_optval *v __maybe_unused) { return sk_detach_filter(sock->sk); }

static int set_lock_filter(struct socket *sock, union sock_optval *v)
{
	if (sock_flag(sock->sk, SOCK_FILTER_LOCKED) && !v->val)
		return -EPERM;
	sock_set_flag(sock->sk, SOCK_FILTER_LOCKED, v->val);
	return 0;
}

static int set_reuseport_cbpf(struct socket *sock, union sock_optval *v)
{
	struct sk_filter *prog;
	int err;

	if (sock_flag(sock->sk, SOCK_FILTER_LOCKED))
		return -EPERM;
	prog = bpf_prog_create_from_user(&v->fprog);
	if (IS_ERR(prog))
		return (int)PTR_ERR(prog);
	err = reuseport_attach_prog(sock->sk, prog);
	if (err)
		sk_filter_put(prog);
	return err;
}

static int detach_reuseport_bpf(struct socket *sock, union sock_optval *v __maybe_unused)
{
	return reuseport_detach_prog(sock->sk);
}

/* No descriptor is an eBPF program here. */
static int set_ebpf(struct socket *sock, union sock_optval *v)
{
	int err;
	struct socket *other;

	if (sock_flag(sock->sk, SOCK_FILTER_LOCKED))
		return -EPERM;
	LEDGER("SO_ATTACH_BPF", v->val);
	other = sockfd_lookup(v->val, &err);
	if (!other)
		return err == -EBADF ? -EBADF : -EINVAL;
	sockfd_put(other);
	return -EINVAL;
}

/* ---- the others ---- */

static int set_keepalive(struct socket *sock, union sock_optval *v)
{
	if (sock->sk->sk_prot && sock->sk->sk_prot->keepalive)
		sock->sk->sk_prot->keepalive(sock->sk, v->val != 0);
	sock_set_flag(sock->sk, SOCK_KEEPOPEN, v->val != 0);
	return 0;
}

static int set_no_check(struct socket *sock, union sock_optval *v)
{
	sock->sk->sk_no_check_tx = v->val != 0;
	return 0;
}

static int set_rcvmark(struct socket *sock, union sock_optval *v)
{
	if (!capable(CAP_NET_RAW) && !capable(CAP_NET_ADMIN))
		return -EPERM;
	return set_rcvmark_flag(sock, v);
}

static int set_busy_poll(struct socket *sock, union sock_optval *v)
{
	if (v->val > (int)sock->sk->sk_ll_usec && !capable(CAP_NET_ADMIN))
		return -EPERM;
	if (v->val < 0)
		return -EINVAL;
	sock->sk->sk_ll_usec = (u32)v->val;
	return 0;
}

static int set_prefer_busy_poll(struct socket *sock, union sock_optval *v)
{
	if (v->val && !capable(CAP_NET_ADMIN))
		return -EPERM;
	sock->sk->sk_prefer_busy_poll = v->val != 0;
	return 0;
}

static int set_busy_poll_budget(struct socket *sock, union sock_optval *v)
{
	if (v->val > sock->sk->sk_busy_poll_budget && !capable(CAP_NET_ADMIN))
		return -EPERM;
	if (v->val < 0 || v->val > 0xffff)
		return -EINVAL;
	sock->sk->sk_busy_poll_budget = (u16)v->val;
	return 0;
}

static int set_incoming_cpu(struct socket *sock, union sock_optval *v)
{
	sock->sk->sk_incoming_cpu = v->val;
	return 0;
}

/* ~0 as a 32-bit value means no limit, too. Only TCP paces by itself; for others it is the work of a queueing discipline
 * (tc-fq(8)). */
static int set_max_pacing_rate(struct socket *sock, union sock_optval *v, const void __user *val, unsigned len)
{
	struct sock *sk = sock->sk;
	u64 rate = v->val == -1 ? ~0ull : (u32)v->val;

	if (len >= sizeof(u64) && copy_from_user(&rate, val, sizeof(rate)))
		return -EFAULT;
	if (rate != ~0ull)
		sk->sk_pacing_needed = true;
	sk->sk_max_pacing_rate = rate;
	sk->sk_pacing_rate = min(sk->sk_pacing_rate, rate);
	return 0;
}

static int get_max_pacing_rate(const struct sock *sk, void __user *val, int __user *ulen, int len)
{
	u32 narrow = (u32)min(sk->sk_max_pacing_rate, 0xffffffffull);

	if (len >= (int)sizeof(u64))
		return copy_to_user(val, &sk->sk_max_pacing_rate, sizeof(u64)) ? -EFAULT : put_user((int)sizeof(u64), ulen);
	len = min(len, (int)sizeof(narrow));
	return copy_to_user(val, &narrow, len) ? -EFAULT : put_user(len, ulen);
}

static int set_cnx_advice(struct socket *sock, union sock_optval *v)
{
	if (v->val == 1)
		sk_dst_reset(sock->sk);
	return 0;
}

static int set_zerocopy(struct socket *sock, union sock_optval *v)
{
	const struct sock *sk = sock->sk;

	if ((sk->sk_family != AF_INET && sk->sk_family != AF_INET6) || !((sk->sk_type == SOCK_STREAM
			&& sk->sk_protocol == IPPROTO_TCP) || (sk->sk_type == SOCK_DGRAM && sk->sk_protocol == IPPROTO_UDP)))
		return -EOPNOTSUPP;
	if (v->val < 0 || v->val > 1)
		return -EINVAL;
	sock_set_flag(sock->sk, SOCK_ZEROCOPY, v->val);
	return 0;
}

static int get_netns_cookie(struct socket *sock __maybe_unused, union sock_optval *v)
{
	v->val64 = 1; /* the first network name space, and the only one */
	return sizeof(u64);
}

static int set_buf_lock(struct socket *sock, union sock_optval *v)
{
	const int mask = SOCK_SNDBUF_LOCK | SOCK_RCVBUF_LOCK;

	if (v->val & ~mask)
		return -EINVAL;
	sock->sk->sk_userlocks = (u8)((sock->sk->sk_userlocks & ~mask) | v->val);
	return 0;
}

/* Memory is reserved from a memory cgroup's account, and there is none. */
static int set_reserve_mem(struct socket *sock __maybe_unused, union sock_optval *v)
{
	if (v->val < 0)
		return -EINVAL;
	return -EOPNOTSUPP;
}

static bool is_tcp(const struct sock *sk)
{
	return (sk->sk_family == AF_INET || sk->sk_family == AF_INET6) && sk->sk_type == SOCK_STREAM
		&& sk->sk_protocol == IPPROTO_TCP;
}

static int get_txrehash(struct socket *sock, union sock_optval *v)
{
	if (!is_tcp(sock->sk))
		return -EOPNOTSUPP;
	v->val = sock->sk->sk_txrehash;
	return sizeof(int);
}

static int set_bsdcompat(struct socket *sock __maybe_unused, union sock_optval *v __maybe_unused)
{
	return 0;
}

/* Gives back device memory that packets were received into, in struct dmabuf_token: nobody has received any. */
static int set_devmem_dontneed(const struct sock *sk, unsigned len)
{
	if (!is_tcp(sk))
		return -EBADF;
	return len % 8 || len > 128 * 8 ? -EINVAL : 0;
}

static int set_txrehash(struct socket *sock, union sock_optval *v)
{
	if (!is_tcp(sock->sk))
		return -EOPNOTSUPP;
	if (v->val < -1 || v->val > 1)
		return -EINVAL;
	sock->sk->sk_txrehash = v->val == -1 ? (u8)net_sysctl.txrehash : (u8)v->val;
	return 0;
}

int sock_set_read_only(struct socket *sock __maybe_unused, union sock_optval *v __maybe_unused)
{
	return -ENOPROTOOPT;
}

static const struct sock_option sock_options[] = {
	{ SO_DEBUG, 4, get_debug, set_debug },
	{ SO_REUSEADDR, 4, get_reuse, set_reuse },
	{ SO_REUSEPORT, 4, get_reuseport, set_reuseport },
	{ SO_TYPE, 4, get_type, sock_set_read_only },
	{ SO_PROTOCOL, 4, get_protocol, sock_set_read_only },
	{ SO_DOMAIN, 4, get_domain, sock_set_read_only },
	{ SO_ERROR, 4, get_error, sock_set_read_only },
	{ SO_ACCEPTCONN, 4, get_acceptconn, sock_set_read_only },
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
	{ SO_SNDLOWAT, 4, get_sndlowat, sock_set_read_only },
	{ SO_PEEK_OFF, 4, get_peek_off, set_peek_off },
	{ SO_RXQ_OVFL, 4, get_rxq_ovfl, set_rxq_ovfl },
	{ SO_BINDTOIFINDEX, 4, get_ifindex, set_ifindex },
	{ SO_NO_CHECK, 4, get_no_check, set_no_check },
	{ SO_ATTACH_FILTER, sizeof(struct sock_fprog), NULL, set_filter, true },
	{ SO_DETACH_FILTER, 4, NULL, detach_filter },
	{ SO_LOCK_FILTER, 4, get_lock_filter, set_lock_filter },
	{ SO_ATTACH_BPF, 4, NULL, set_ebpf, true },
	{ SO_ATTACH_REUSEPORT_CBPF, sizeof(struct sock_fprog), NULL, set_reuseport_cbpf, true },
	{ SO_ATTACH_REUSEPORT_EBPF, 4, NULL, set_ebpf, true },
	{ SO_DETACH_REUSEPORT_BPF, 4, NULL, detach_reuseport_bpf },
	{ SO_BPF_EXTENSIONS, 4, get_bpf_extensions, NULL },
	{ SO_WIFI_STATUS, 4, get_wifi_status, set_wifi_status },
	{ SO_NOFCS, 4, get_nofcs, set_nofcs },
	{ SO_SELECT_ERR_QUEUE, 4, get_select_err_queue, set_select_err_queue },
	{ SO_BUSY_POLL, 4, get_busy_poll, set_busy_poll },
	{ SO_PREFER_BUSY_POLL, 4, get_prefer_busy_poll, set_prefer_busy_poll },
	{ SO_BUSY_POLL_BUDGET, 4, NULL, set_busy_poll_budget },
	{ SO_INCOMING_CPU, 4, get_incoming_cpu, set_incoming_cpu },
	{ SO_INCOMING_NAPI_ID, 4, get_napi_id, NULL },
	{ SO_CNX_ADVICE, 4, NULL, set_cnx_advice },
	{ SO_ZEROCOPY, 4, get_zerocopy, set_zerocopy },
	{ SO_NETNS_COOKIE, 8, get_netns_cookie, NULL },
	{ SO_BUF_LOCK, 4, get_buf_lock, set_buf_lock },
	{ SO_RESERVE_MEM, 4, get_reserve_mem, set_reserve_mem },
	{ SO_TXREHASH, 4, get_txrehash, set_txrehash },
	{ SO_RCVMARK, 4, get_rcvmark, set_rcvmark },
	{ SO_RCVPRIORITY, 4, get_rcvpriority, set_rcvpriority },
	{ SO_BSDCOMPAT, 4, get_bsdcompat, set_bsdcompat },
	{ SO_COOKIE, 8, get_cookie, sock_set_read_only },
	{ SO_MEMINFO, 36, get_meminfo, sock_set_read_only },
	{ 0 }
};

static const struct sock_option *find_option(int name)
{
	static const struct sock_option *const tables[] = { sock_options, stamp_options, peer_options };

	for (size_t i = 0; i < ARRAY_SIZE(tables); i++)
		for (const struct sock_option *opt = tables[i]; opt->name; opt++)
			if (opt->name == name)
				return opt;
	return NULL;
}

/* socket(7). Linux reads an int first, whatever the option; fewer than 4 bytes are EINVAL. */
int sock_setsockopt(struct socket *sock, int name, const void __user *val, unsigned len)
{
	const struct sock_option *opt = find_option(name);
	union sock_optval v;

	if (name == SO_BINDTODEVICE)
		return set_bindtodevice(sock->sk, val, len);
	if (len < sizeof(int))
		return -EINVAL;
	memset(&v, 0, sizeof(v));
	if (copy_from_user(&v.val, val, sizeof(int)))
		return -EFAULT;
	if (name == SO_MAX_PACING_RATE)
		return set_max_pacing_rate(sock, &v, val, len);
	if (name == SO_DEVMEM_DONTNEED)
		return set_devmem_dontneed(sock->sk, len);
	if (!opt || !opt->set) {
		LEDGER("setsockopt SOL_SOCKET option", name);
		return -ENOPROTOOPT;
	}
	if (opt->set == sock_set_read_only)
		return -ENOPROTOOPT;
	if (len < opt->min_len || (len != opt->min_len && opt->exact))
		return -EINVAL;
	if (opt->min_len > sizeof(int) && copy_from_user(&v, val, opt->min_len))
		return -EFAULT;
	return opt->set(sock, &v);
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
		return sock_get_peergroups(sock->sk, val, ulen, len);
	if (name == SO_PEERPIDFD)
		return sock_get_peerpidfd(sock->sk, val, ulen, len);
	if (name == SO_PEERNAME)
		return sock_get_peername(sock, val, ulen, len);
	if (name == SO_BINDTODEVICE)
		return get_bindtodevice(sock->sk, val, ulen, len);
	if (name == SO_MAX_PACING_RATE)
		return get_max_pacing_rate(sock->sk, val, ulen, len);
	if (name == SO_GET_FILTER) {
		size = sk_get_filter(sock->sk, val, (unsigned)len);
		return size < 0 ? size : put_user(size, ulen);
	}
	if (!opt || !opt->get) {
		LEDGER("getsockopt SOL_SOCKET option", name);
		return -ENOPROTOOPT;
	}
	if ((name == SO_COOKIE && len < 8) || (name == SO_NETNS_COOKIE && len != 8))
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
