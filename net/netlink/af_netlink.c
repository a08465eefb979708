/* AF_NETLINK, netlink(7): the sockets, their port ids, groups and options. What messages mean is each protocol's business
 * (struct netlink_kernel); how they travel stands in message.c. */
#include "af_netlink.h"
#include "../dev.h"
#include "host.h"
#include "kerrno.h"
#include "ledger.h"
#include "sched.h"
#include "slab.h"
#include "uaccess.h"
#include <linux/capability.h>

#define DEFAULT_GROUPS 32u
#define MAX_LINKS 32

static const struct netlink_kernel usersock_kernel = { .protocol = NETLINK_USERSOCK, .name = "usersock", .nonroot_send = true };

static int uevent_rcv(struct nl_request *rq)
{
	if (!netlink_capable(rq, CAP_SYS_ADMIN)) {
		NL_SET_ERR_MSG(rq->extack, "missing CAP_SYS_ADMIN capability");
		return -EPERM;
	}
	LEDGER("uevent of a guest's", rq->nlh->nlmsg_type);
	return -EOPNOTSUPP;
}

/* Nothing is ever plugged in or out: a silent group. */
static const struct netlink_kernel uevent_kernel = { .protocol = NETLINK_KOBJECT_UEVENT, .name = "uevent", .groups = 1,
	.nonroot_recv = true, .rcv = uevent_rcv };
const struct netlink_kernel *const netlink_kernels[] = { &rtnetlink_kernel, &usersock_kernel, &sock_diag_kernel, &uevent_kernel,
	&genetlink_kernel, NULL };

struct list_head netlink_sockets = LIST_HEAD_INIT(netlink_sockets);
static struct kmem_cache *netlink_cache;
static const struct proto_ops netlink_ops;
static struct proto netlink_proto = { .name = "NETLINK", .obj_size = sizeof(struct netlink_sock) };

/* ---- life ---- */

static void netlink_destruct(struct sock *sk)
{
	skb_queue_purge(&sk->sk_receive_queue);
	kfree(nlk_sk(sk)->groups);
	netlink_proto.inuse--;
}

/* What a kernel has that is configured as umk is, and umk does not have. Others are unknown to any, or belong to what is left out
 * (CONFIG_AUDIT=n, CONFIG_SECURITY_SELINUX=n). */
static bool is_missing(int protocol)
{
	static const u8 protocols[] = { NETLINK_XFRM, NETLINK_ISCSI, NETLINK_FIB_LOOKUP, NETLINK_CONNECTOR, NETLINK_NETFILTER,
		NETLINK_SCSITRANSPORT, NETLINK_ECRYPTFS, NETLINK_RDMA, NETLINK_CRYPTO };

	return memchr(protocols, protocol, sizeof(protocols));
}

/* ESOCKTNOSUPPORT, EPROTONOSUPPORT (no kernel side), ENOMEM. */
int netlink_create(struct socket *sock, int protocol)
{
	const struct netlink_kernel *const *k;
	struct netlink_sock *nlk;
	struct sock *sk;

	if (sock->type != SOCK_RAW && sock->type != SOCK_DGRAM)
		return -ESOCKTNOSUPPORT;
	if (protocol < 0 || protocol >= MAX_LINKS)
		return -EPROTONOSUPPORT;
	for (k = netlink_kernels; *k; k++)
		if ((*k)->protocol == protocol)
			break;
	if (!*k) {
		if (is_missing(protocol))
			LEDGER("netlink protocol", protocol);
		return -EPROTONOSUPPORT;
	}
	sk = sk_alloc(netlink_cache, AF_NETLINK, sock);
	if (!sk)
		return -ENOMEM;
	sk->sk_protocol = (u16)protocol;
	sk->sk_destruct = netlink_destruct;
	nlk = nlk_sk(sk);
	nlk->kernel = *k;
	init_waitqueue_head(&nlk->wait);
	list_add_tail(&nlk->list, &netlink_sockets);
	netlink_proto.inuse++;
	sock->ops = &netlink_ops;
	return 0;
}

static void netlink_release(struct socket *sock)
{
	struct sock *sk = sock->sk;
	struct netlink_sock *nlk;

	if (!sk)
		return;
	nlk = nlk_sk(sk);
	list_del(&nlk->list);
	netlink_dump_end(nlk);
	sock_orphan(sk);
	sock->sk = NULL;
	wake_up_all(&nlk->wait);
	skb_queue_purge(&sk->sk_receive_queue);
	sock_put(sk);
}

/* ---- port ids ---- */

struct netlink_sock *netlink_lookup(int protocol, u32 portid)
{
	struct netlink_sock *nlk;

	list_for_each_entry(nlk, &netlink_sockets, list)
		if (nlk->sk.sk_protocol == protocol && nlk->bound && nlk->portid == portid)
			return nlk;
	return NULL;
}

static int netlink_insert(struct netlink_sock *nlk, u32 portid)
{
	if (nlk->bound)
		return nlk->portid == portid ? 0 : -EBUSY;
	if (netlink_lookup(nlk->sk.sk_protocol, portid))
		return -EADDRINUSE;
	nlk->portid = portid;
	nlk->bound = true;
	return 0;
}

/* The process's id, or, when that is taken, a number that no process has. */
int netlink_autobind(struct sock *sk)
{
	static s32 rover;
	s32 portid = current->tgid;

	if (nlk_sk(sk)->bound)
		return 0;
	while (!portid || netlink_lookup(sk->sk_protocol, (u32)portid)) {
		if (rover >= -4096) {
			u32 random;

			host_random(&random, sizeof(random));
			rover = (s32)(random | 0x80000000u);
			rover = min(rover, -4097);
		}
		portid = rover--;
	}
	return netlink_insert(nlk_sk(sk), (u32)portid);
}

/* ---- groups ---- */

bool netlink_is_member(const struct netlink_sock *nlk, u32 group)
{
	return group && group <= nlk->ngroups && nlk->groups[(group - 1) / 64] >> (group - 1) % 64 & 1;
}

static u32 kernel_groups(const struct netlink_kernel *k)
{
	return k->groups < DEFAULT_GROUPS ? DEFAULT_GROUPS : k->groups;
}

static bool may_receive(const struct netlink_sock *nlk)
{
	return nlk->kernel->nonroot_recv || capable(CAP_NET_ADMIN);
}

static bool may_send(const struct netlink_sock *nlk)
{
	return nlk->kernel->nonroot_send || capable(CAP_NET_ADMIN);
}

static int alloc_groups(struct netlink_sock *nlk)
{
	u32 n = kernel_groups(nlk->kernel);

	if (nlk->groups)
		return 0;
	nlk->groups = kcalloc((n + 63) / 64, sizeof(*nlk->groups));
	if (!nlk->groups)
		return -ENOMEM;
	nlk->ngroups = n;
	return 0;
}

static int group_allowed(struct netlink_sock *nlk, u32 group)
{
	return nlk->kernel->bind ? nlk->kernel->bind(&nlk->sk, group - 1) : 0;
}

static void set_member(struct netlink_sock *nlk, u32 group, bool on)
{
	unsigned long *word = &nlk->groups[(group - 1) / 64], bit = 1ul << (group - 1) % 64;

	if (!(*word & bit) == !on)
		return;
	*word ^= bit;
	nlk->subscriptions = on ? nlk->subscriptions + 1 : nlk->subscriptions - 1;
}

static u32 group_mask(u32 group)
{
	return group && group <= 32 ? 1u << (group - 1) : 0;
}

/* ---- names ---- */

/* EINVAL, EPERM, EADDRINUSE, ENOMEM. */
static int netlink_bind(struct socket *sock, struct sockaddr *addr, int len)
{
	struct netlink_sock *nlk = nlk_sk(sock->sk);
	const struct sockaddr_nl *a = (const struct sockaddr_nl *)addr;
	u32 groups;
	int err;

	if (len < (int)sizeof(*a) || a->nl_family != AF_NETLINK)
		return -EINVAL;
	groups = a->nl_groups;
	if (groups) {
		if (!may_receive(nlk))
			return -EPERM;
		err = alloc_groups(nlk);
		if (err)
			return err;
	}
	if (nlk->bound && a->nl_pid != nlk->portid)
		return -EINVAL;
	for (u32 g = 1; g <= 32 && groups; g++) {
		err = groups & group_mask(g) ? group_allowed(nlk, g) : 0;
		if (err)
			return err;
	}
	if (!nlk->bound) {
		err = a->nl_pid ? netlink_insert(nlk, a->nl_pid) : netlink_autobind(&nlk->sk);
		if (err)
			return err;
	}
	for (u32 g = 1; nlk->groups && g <= 32; g++)
		set_member(nlk, g, groups & group_mask(g));
	return 0;
}

/* AF_UNSPEC dissolves. EINVAL, EPERM. */
static int netlink_connect(struct socket *sock, struct sockaddr *addr, int len, int flags __maybe_unused)
{
	struct netlink_sock *nlk = nlk_sk(sock->sk);
	const struct sockaddr_nl *a = (const struct sockaddr_nl *)addr;
	int err = 0;

	if (len < (int)sizeof(addr->sa_family))
		return -EINVAL;
	if (addr->sa_family == AF_UNSPEC) {
		nlk->connected = false;
		nlk->dst_portid = nlk->dst_group = 0;
		return 0;
	}
	if (addr->sa_family != AF_NETLINK || len < (int)sizeof(*a))
		return -EINVAL;
	if ((a->nl_groups || a->nl_pid) && !may_send(nlk))
		return -EPERM;
	if (!nlk->bound)
		err = netlink_autobind(&nlk->sk);
	if (err)
		return err;
	nlk->connected = true;
	nlk->dst_portid = a->nl_pid;
	nlk->dst_group = (u32)__builtin_ffs((int)a->nl_groups);
	return 0;
}

static int netlink_getname(struct socket *sock, struct sockaddr *addr, int peer)
{
	const struct netlink_sock *nlk = nlk_sk(sock->sk);
	struct sockaddr_nl *a = (struct sockaddr_nl *)addr;

	*a = (struct sockaddr_nl){ .nl_family = AF_NETLINK };
	a->nl_pid = peer ? nlk->dst_portid : nlk->portid;
	a->nl_groups = peer ? group_mask(nlk->dst_group) : nlk->groups ? (u32)nlk->groups[0] : 0;
	return sizeof(*a);
}

/* ---- options ---- */

static const struct { u8 name; u8 flag; } bool_options[] = { { NETLINK_PKTINFO, NETLINK_F_PKTINFO },
	{ NETLINK_BROADCAST_ERROR, NETLINK_F_BROADCAST_ERROR }, { NETLINK_NO_ENOBUFS, NETLINK_F_NO_ENOBUFS },
	{ NETLINK_LISTEN_ALL_NSID, NETLINK_F_LISTEN_ALL_NSID }, { NETLINK_CAP_ACK, NETLINK_F_CAP_ACK },
	{ NETLINK_EXT_ACK, NETLINK_F_EXT_ACK }, { NETLINK_GET_STRICT_CHK, NETLINK_F_STRICT_CHK } };

static u32 option_flag(int name)
{
	for (unsigned i = 0; i < ARRAY_SIZE(bool_options); i++)
		if (bool_options[i].name == name)
			return bool_options[i].flag;
	return 0;
}

static int set_membership(struct netlink_sock *nlk, bool add, u32 group)
{
	int err;

	if (!may_receive(nlk))
		return -EPERM;
	err = alloc_groups(nlk);
	if (err)
		return err;
	if (!group || group > nlk->ngroups)
		return -EINVAL;
	err = add ? group_allowed(nlk, group) : 0;
	if (err)
		return err;
	set_member(nlk, group, add);
	return 0;
}

static int netlink_setsockopt(struct socket *sock, int level, int name, const void __user *val, unsigned len)
{
	struct netlink_sock *nlk = nlk_sk(sock->sk);
	u32 v = 0, flag = option_flag(name);

	if (level != SOL_NETLINK)
		return -ENOPROTOOPT;
	if (len >= sizeof(v) && get_user(v, (const u32 __user *)val))
		return -EFAULT;
	if (name == NETLINK_ADD_MEMBERSHIP || name == NETLINK_DROP_MEMBERSHIP)
		return set_membership(nlk, name == NETLINK_ADD_MEMBERSHIP, v);
	if (!flag) {
		LEDGER("SOL_NETLINK option", name);
		return -ENOPROTOOPT;
	}
	if (name == NETLINK_LISTEN_ALL_NSID && !capable(CAP_NET_BROADCAST))
		return -EPERM;
	nlk->flags = v ? nlk->flags | flag : nlk->flags & ~flag;
	if (v && name == NETLINK_NO_ENOBUFS) {
		nlk->congested = false;
		wake_up_all(&nlk->wait);
	}
	return 0;
}

static int list_memberships(const struct netlink_sock *nlk, void __user *val, int __user *ulen, u32 len)
{
	u32 size = ((nlk->ngroups + 7) / 8 + 3) & ~3u;

	for (u32 pos = 0; pos < size && len - pos >= sizeof(u32); pos += sizeof(u32))
		if (put_user((u32)(nlk->groups[pos / 8] >> pos % 8 * 8), (u32 __user *)((char __user *)val + pos)))
			return -EFAULT;
	return put_user((int)size, ulen);
}

static int netlink_getsockopt(struct socket *sock, int level, int name, void __user *val, int __user *ulen)
{
	const struct netlink_sock *nlk = nlk_sk(sock->sk);
	u32 flag = option_flag(name);
	int len;

	if (level != SOL_NETLINK)
		return -ENOPROTOOPT;
	if (get_user(len, ulen))
		return -EFAULT;
	if (len < 0)
		return -EINVAL;
	if (name == NETLINK_LIST_MEMBERSHIPS)
		return list_memberships(nlk, val, ulen, (u32)len);
	if (!flag)
		return -ENOPROTOOPT;
	if (len < (int)sizeof(int))
		return -EINVAL;
	if (put_user((int)sizeof(int), ulen) || put_user(nlk->flags & flag ? 1 : 0, (int __user *)val))
		return -EFAULT;
	return 0;
}

static long netlink_ioctl(struct socket *sock __maybe_unused, unsigned cmd, unsigned long arg)
{
	return sock_dev_ioctl(cmd, u64_to_uptr(arg));
}

static const struct proto_ops netlink_ops = {
	.family = AF_NETLINK,
	.release = netlink_release,
	.bind = netlink_bind,
	.connect = netlink_connect,
	.getname = netlink_getname,
	.poll = datagram_poll,
	.ioctl = netlink_ioctl,
	.setsockopt = netlink_setsockopt,
	.getsockopt = netlink_getsockopt,
	.sendmsg = netlink_sendmsg,
	.recvmsg = netlink_recvmsg,
};

int netlink_protocol_of(const struct file *file)
{
	const struct socket *sock = sock_from_file(file);

	return sock && sock->ops == &netlink_ops && sock->sk ? sock->sk->sk_protocol : -1;
}

void netlink_init(void)
{
	netlink_cache = kmem_cache_create("netlink_sock", sizeof(struct netlink_sock), 0);
	list_add(&netlink_proto.list, &proto_list);
}
