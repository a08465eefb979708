/* Netlink messages on their way: to a protocol's kernel side, which answers before the sender's call returns; to other
 * sockets; to groups; and dumps, which are made piece by piece while the reader makes room (netlink(7)). */
#include "af_netlink.h"
#include "../scm.h"
#include "cred.h"
#include "kerrno.h"
#include "sched.h"
#include "slab.h"
#include "uaccess.h"
#include <linux/capability.h>

#define RECV_MOST (32768 - 320)     /* a dump's datagrams grow with the reader's buffer up to this */
#define SEND_OVERHEAD 32

/* ---- delivery ---- */

static void charge(struct sk_buff *skb, struct sock *sk)
{
	skb->truesize = skb_linux_truesize(skb->len, 0);
	skb_set_owner_r(skb, sk);
}

void netlink_deliver(struct netlink_sock *nlk, struct sk_buff *skb)
{
	skb_queue_tail(&nlk->sk.sk_receive_queue, skb);
	nlk->sk.sk_data_ready(&nlk->sk);
}

/* The reader has lost a message: it is told once, until it has read all that is left. */
static void overrun(struct netlink_sock *nlk)
{
	if (!(nlk->flags & NETLINK_F_NO_ENOBUFS) && !nlk->congested) {
		nlk->congested = true;
		nlk->sk.sk_err = ENOBUFS;
		sk_error_report(&nlk->sk);
	}
	nlk->sk.sk_drops++;
}

static bool has_room(const struct netlink_sock *nlk, const struct sk_buff *skb)
{
	u32 used = nlk->sk.sk_rmem_alloc;

	return !nlk->congested && (!used || used + skb_linux_truesize(skb->len, 0) <= (u32)nlk->sk.sk_rcvbuf);
}

bool netlink_charge(struct netlink_sock *nlk, struct sk_buff *skb)
{
	if (!has_room(nlk, skb))
		return false;
	charge(skb, &nlk->sk);
	return true;
}

int netlink_wait_room(struct netlink_sock *nlk, const struct sk_buff *skb, u64 deadline)
{
	return (int)sk_wait_event(&nlk->wait, has_room(nlk, skb) || sock_flag(&nlk->sk, SOCK_DEAD), deadline);
}

void netlink_rcv_wake(struct sock *sk)
{
	struct netlink_sock *nlk = nlk_sk(sk);

	if (skb_queue_empty(&sk->sk_receive_queue))
		nlk->congested = false;
	if (!nlk->congested)
		wake_up_all(&nlk->wait);
}

/* From the kernel to one socket; a full one is overrun. Takes over the buffer. */
static int netlink_unicast_to(struct sock *from_kernel_of, struct sk_buff *skb, u32 portid)
{
	struct netlink_sock *to = netlink_lookup(from_kernel_of->sk_protocol, portid);
	int size = (int)skb->len;

	if (!to) {
		kfree_skb(skb);
		return -ECONNREFUSED;
	}
	if (!has_room(to, skb)) {
		overrun(to);
		kfree_skb(skb);
		return -EAGAIN;
	}
	if (sk_filter(&to->sk, skb)) {
		kfree_skb(skb);
		return size;
	}
	charge(skb, &to->sk);
	netlink_deliver(to, skb);
	return size;
}

int nlmsg_reply(const struct nl_request *rq, struct sk_buff *skb)
{
	int n = netlink_unicast_to(rq->sk, skb, rq->portid);

	return n < 0 ? n : 0;
}

/* Whoever has opened the socket must have the capability, too, so that nobody's descriptor can be made to speak for another;
 * unless the sender names the kernel's side itself. */
bool netlink_capable(const struct nl_request *rq, int cap)
{
	const struct socket *sock = rq->sk->sk_socket;

	return (rq->to_kernel || (sock && sock->file && sock->file->cred && cred_capable(sock->file->cred, cap))) && capable(cap);
}

bool netlink_has_listeners(int protocol, u32 group)
{
	struct netlink_sock *nlk;

	list_for_each_entry(nlk, &netlink_sockets, list)
		if (nlk->sk.sk_protocol == protocol && netlink_is_member(nlk, group))
			return true;
	return false;
}

/* @from is the sender, who does not hear itself, or NULL: the kernel. */
static void broadcast(int protocol, const struct sock *from, struct sk_buff *skb, u32 exclude, u32 group)
{
	struct netlink_sock *nlk;

	NETLINK_CB(skb).dst_group = group;
	list_for_each_entry(nlk, &netlink_sockets, list) {
		struct sk_buff *copy;

		if (nlk->sk.sk_protocol != protocol || &nlk->sk == from || nlk->portid == exclude || !netlink_is_member(nlk, group))
			continue;
		copy = skb_clone(skb);
		if (copy && sk_filter(&nlk->sk, copy)) {
			kfree_skb(copy);
		} else if (copy && has_room(nlk, copy)) {
			charge(copy, &nlk->sk);
			netlink_deliver(nlk, copy);
		} else {
			kfree_skb(copy);
			overrun(nlk);
		}
	}
}

void netlink_broadcast_kernel(int protocol, struct sk_buff *skb, u32 exclude, u32 group)
{
	broadcast(protocol, NULL, skb, exclude, group);
	kfree_skb(skb);
}

/* ---- answers ---- */

static size_t ack_tlv_size(const struct netlink_ext_ack *e, int err)
{
	size_t n = e->msg ? (size_t)NLA_HDRLEN + NLA_ALIGN(strlen(e->msg) + 1) : 0;

	if (err && e->bad_attr)
		n += 8;
	if (err && e->policy)
		n += nla_policy_size(e->policy);
	if (err && e->has_miss_type)
		n += 8;
	return n;
}

static void put_ack_tlvs(struct sk_buff *skb, const struct nlmsghdr *nlh, const struct netlink_ext_ack *e, int err)
{
	if (e->msg)
		(void)nla_put_string(skb, NLMSGERR_ATTR_MSG, e->msg);
	if (err && e->bad_attr)
		(void)nla_put_u32(skb, NLMSGERR_ATTR_OFFS, (u32)((const u8 *)e->bad_attr - (const u8 *)nlh));
	if (err && e->policy)
		(void)nla_put_policy(skb, NLMSGERR_ATTR_POLICY, e->policy);
	if (err && e->has_miss_type)
		(void)nla_put_u32(skb, NLMSGERR_ATTR_MISS_TYPE, e->miss_type);
}

/* NLMSG_ERROR: the error, and the request or its header alone. */
static void netlink_ack(const struct nl_request *rq, int err)
{
	const struct netlink_sock *nlk = nlk_sk(rq->sk);
	bool whole = err && !(nlk->flags & NETLINK_F_CAP_ACK);
	size_t payload = sizeof(struct nlmsgerr) + (whole ? NLMSG_ALIGN(rq->nlh->nlmsg_len) - NLMSG_HDRLEN : 0);
	size_t tlvs = nlk->flags & NETLINK_F_EXT_ACK ? ack_tlv_size(rq->extack, err) : 0;
	struct sk_buff *skb = nlmsg_new(NLMSG_SPACE(payload) + tlvs);
	struct nlmsgerr *e;
	struct nlmsghdr *nlh;

	if (!skb) {
		rq->sk->sk_err = ENOBUFS;
		sk_error_report(rq->sk);
		return;
	}
	nlh = nlmsg_put(skb, rq->portid, rq->nlh->nlmsg_seq, NLMSG_ERROR, payload,
		(whole ? 0 : NLM_F_CAPPED) | (tlvs ? NLM_F_ACK_TLVS : 0));
	e = nlmsg_data(nlh);
	e->error = err;
	memcpy(&e->msg, rq->nlh, whole ? rq->nlh->nlmsg_len : sizeof(e->msg));
	if (tlvs)
		put_ack_tlvs(skb, rq->nlh, rq->extack, err);
	nlmsg_end(skb, nlh);
	(void)netlink_unicast_to(rq->sk, skb, rq->portid);
}

/* ---- dumps ---- */

void netlink_dump_end(struct netlink_sock *nlk)
{
	if (!nlk->cb_running)
		return;
	nlk->cb_running = false;
	kfree(nlk->cb.nlh);
	kfree(nlk->cb.data);
	nlk->cb.nlh = NULL;
	nlk->cb.data = NULL;
}

static bool put_done(struct netlink_sock *nlk, struct sk_buff *skb, const struct netlink_ext_ack *e)
{
	size_t tlvs = nlk->flags & NETLINK_F_EXT_ACK ? ack_tlv_size(e, nlk->dump_done_errno) : 0;
	struct nlmsghdr *nlh;

	if (skb_tailroom(skb) < NLMSG_SPACE(sizeof(int)) + tlvs)
		return false;
	nlh = nlmsg_put_dump(skb, &nlk->cb, NLMSG_DONE, sizeof(int), tlvs ? NLM_F_ACK_TLVS : 0);
	*(int *)nlmsg_data(nlh) = nlk->dump_done_errno;
	if (tlvs) {
		put_ack_tlvs(skb, nlk->cb.nlh, e, nlk->dump_done_errno);
		nlmsg_end(skb, nlh);
	}
	return true;
}

/* One datagram more of the dump. 0 or -errno. */
static int netlink_dump(struct netlink_sock *nlk)
{
	size_t size = max((size_t)max(nlk->cb.min_dump_alloc, (u32)NLMSG_DEFAULT_SIZE), nlk->max_recvmsg_len);
	struct netlink_ext_ack extack = { .msg = NULL };
	bool more;
	struct sk_buff *skb;

	if (nlk->sk.sk_rmem_alloc >= (u32)nlk->sk.sk_rcvbuf)
		return -ENOBUFS;
	skb = nlmsg_new(size);
	if (!skb)
		return -ENOBUFS;
	if (nlk->dump_done_errno > 0) {
		nlk->cb.extack = &extack;
		nlk->dump_done_errno = nlk->cb.dump(skb, &nlk->cb);
		nlk->cb.extack = NULL;
		if (!nlk->dump_done_errno && nlk->cb.split_done && skb->len)
			nlk->dump_done_errno = (int)skb->len;
	}
	more = nlk->dump_done_errno > 0;
	if (!more && !put_done(nlk, skb, &extack)) {
		more = true;
		nlk->dump_done_errno = min(nlk->dump_done_errno, 0);
	}
	if (sk_filter(&nlk->sk, skb)) {
		kfree_skb(skb);
	} else {
		charge(skb, &nlk->sk);
		netlink_deliver(nlk, skb);
	}
	if (!more)
		netlink_dump_end(nlk);
	return 0;
}

int netlink_dump_start(struct nl_request *rq, const struct netlink_callback *init)
{
	struct netlink_sock *nlk = nlk_sk(rq->sk);
	struct nlmsghdr *nlh;
	int err;

	if (nlk->cb_running) {
		kfree(init->data);
		return -EBUSY;
	}
	nlh = kmemdup(rq->nlh, rq->nlh->nlmsg_len);
	if (!nlh) {
		kfree(init->data);
		return -ENOMEM;
	}
	nlk->cb = *init;
	nlk->cb.nlh = nlh;
	nlk->cb.portid = rq->portid;
	nlk->cb.sk = rq->sk;
	nlk->cb.strict_check = nlk->flags & NETLINK_F_STRICT_CHK;
	nlk->cb_running = true;
	nlk->dump_done_errno = 1;
	err = netlink_dump(nlk);
	return err ? err : -EINTR;
}

/* ---- to the kernel ---- */

/* One datagram of a guest's: each message in it is answered in turn, netlink(7). */
static void kernel_receive(struct sock *sk, struct sk_buff *skb, bool named)
{
	const struct netlink_kernel *k = nlk_sk(sk)->kernel;

	while (skb->len >= NLMSG_HDRLEN) {
		const struct nlmsghdr *nlh = (const struct nlmsghdr *)skb->data;
		struct netlink_ext_ack extack = { .msg = NULL };
		struct nl_request rq = { .sk = sk, .portid = nlk_sk(sk)->portid, .nlh = nlh, .extack = &extack,
			.to_kernel = named };
		int err = 0;

		if (nlh->nlmsg_len < NLMSG_HDRLEN || nlh->nlmsg_len > skb->len)
			return;
		if (nlh->nlmsg_flags & NLM_F_REQUEST && nlh->nlmsg_type >= NLMSG_MIN_TYPE)
			err = k->rcv(&rq);
		if (err != -EINTR && (err || nlh->nlmsg_flags & NLM_F_ACK))
			netlink_ack(&rq, err);
		skb_pull(skb, min((size_t)NLMSG_ALIGN(nlh->nlmsg_len), (size_t)skb->len));
	}
}

/* ---- to another socket ---- */

static bool connected_elsewhere(const struct netlink_sock *to, u32 portid)
{
	return to->connected && to->dst_portid != portid;
}

/* Takes over the buffer. */
static ssize_t unicast_user(struct sock *sk, struct sk_buff *skb, u32 portid, u64 deadline)
{
	ssize_t size = (ssize_t)skb->len;
	long err;

	for (;;) {
		struct netlink_sock *to = netlink_lookup(sk->sk_protocol, portid);

		err = -ECONNREFUSED;
		if (!to || connected_elsewhere(to, nlk_sk(sk)->portid))
			break;
		if (has_room(to, skb)) {
			if (sk_filter(&to->sk, skb)) {
				kfree_skb(skb);
				return size;
			}
			charge(skb, &to->sk);
			netlink_deliver(to, skb);
			return size;
		}
		err = -EAGAIN;
		if (!deadline)
			break;
		sock_hold(&to->sk);
		err = netlink_wait_room(to, skb, deadline);
		sock_put(&to->sk);
		if (err)
			break;
	}
	kfree_skb(skb);
	return err;
}

/* ---- the calls ---- */

/* EOPNOTSUPP, ENODATA (empty), EINVAL (the name), EPERM, EMSGSIZE, ENOBUFS, EFAULT, ECONNREFUSED, EAGAIN, EINTR. */
ssize_t netlink_sendmsg(struct socket *sock, struct msghdr *msg, size_t size)
{
	struct sock *sk = sock->sk;
	struct netlink_sock *nlk = nlk_sk(sk);
	const struct sockaddr_nl *a = msg->msg_name;
	u32 portid = nlk->dst_portid, group = nlk->dst_group;
	struct scm_cookie scm;
	struct sk_buff *skb;
	ssize_t err;

	if (msg->msg_flags & MSG_OOB)
		return -EOPNOTSUPP;
	if (!size)
		return -ENODATA;
	err = scm_send(msg, &scm, false);
	if (err)
		return err;
	if (msg->msg_namelen) {
		if (msg->msg_namelen < (int)sizeof(*a) || a->nl_family != AF_NETLINK)
			return -EINVAL;
		portid = a->nl_pid;
		group = (u32)__builtin_ffs((int)a->nl_groups);
		if ((portid || group) && !nlk->kernel->nonroot_send && !capable(CAP_NET_ADMIN))
			return -EPERM;
	}
	if (!nlk->bound) {
		err = netlink_autobind(sk);
		if (err)
			return err;
	}
	if (size > (size_t)sk->sk_sndbuf - SEND_OVERHEAD)
		return -EMSGSIZE;
	skb = nlmsg_new(size);
	if (!skb)
		return -ENOBUFS;
	NETLINK_CB(skb).portid = nlk->portid;
	NETLINK_CB(skb).dst_group = group;
	NETLINK_CB(skb).creds = scm.creds.pid ? scm.creds : (struct ucred){ (u32)current->tgid, current->cred->uid, current->cred->gid };
	err = skb_copy_from_iter(skb, &msg->msg_iter, size);
	if (err) {
		kfree_skb(skb);
		return err;
	}
	if (group)
		broadcast(sk->sk_protocol, sk, skb, portid, group);
	if (portid || !nlk->kernel->rcv)
		return portid ? unicast_user(sk, skb, portid, sock_snddeadline(sk, msg->msg_flags & MSG_DONTWAIT))
			: (kfree_skb(skb), -ECONNREFUSED);
	kernel_receive(sk, skb, msg->msg_namelen);
	kfree_skb(skb);
	return (ssize_t)size;
}

static void tell_receiver(struct socket *sock, struct msghdr *msg, const struct sk_buff *skb)
{
	const struct netlink_skb_parms *p = &NETLINK_CB(skb);

	if (nlk_sk(sock->sk)->flags & NETLINK_F_PKTINFO) {
		struct nl_pktinfo info = { p->dst_group };

		put_cmsg(msg, SOL_NETLINK, NETLINK_PKTINFO, &info, sizeof(info));
	}
	if (sock->sk->sk_scm_flags & SCM_PASS_CREDS)
		put_cmsg(msg, SOL_SOCKET, SCM_CREDENTIALS, &p->creds, sizeof(p->creds));
}

/* EOPNOTSUPP, EAGAIN, EINTR, ENOBUFS (messages were lost), EFAULT. */
ssize_t netlink_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, unsigned flags)
{
	struct sock *sk = sock->sk;
	struct netlink_sock *nlk = nlk_sk(sk);
	struct sk_buff *skb;
	int off = 0, err = 0;
	ssize_t n;

	if (flags & MSG_OOB)
		return -EOPNOTSUPP;
	skb = skb_recv_datagram(sk, flags, &off, &err);
	if (!skb)
		return err;
	nlk->max_recvmsg_len = min(max(nlk->max_recvmsg_len, size), (size_t)RECV_MOST);
	n = (ssize_t)skb->len;
	if (size < (size_t)n) {
		msg->msg_flags |= MSG_TRUNC;
		n = (ssize_t)size;
	}
	err = skb_copy_to_iter(skb, 0, &msg->msg_iter, (size_t)n);
	if (msg->msg_name) {
		u32 group = NETLINK_CB(skb).dst_group;

		*(struct sockaddr_nl *)msg->msg_name = (struct sockaddr_nl){ .nl_family = AF_NETLINK,
			.nl_pid = NETLINK_CB(skb).portid, .nl_groups = group && group <= 32 ? 1u << (group - 1) : 0 };
		msg->msg_namelen = sizeof(struct sockaddr_nl);
	}
	if (!err)
		tell_receiver(sock, msg, skb);
	if (flags & MSG_TRUNC)
		n = (ssize_t)skb->len;
	kfree_skb(skb);
	if (nlk->cb_running && sk->sk_rmem_alloc <= (u32)sk->sk_rcvbuf / 2) {
		int ret = netlink_dump(nlk);

		if (ret) {
			sk->sk_err = -ret;
			sk_error_report(sk);
		}
	}
	netlink_rcv_wake(sk);
	return err ? err : n;
}
