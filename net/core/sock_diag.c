/* NETLINK_SOCK_DIAG, sock_diag(7): questions about sockets go to their family; one without an answer is as a kernel without
 * its module. */
#include "../sock_diag.h"
#include "kerrno.h"
#include "ledger.h"
#include "sched.h"
#include <linux/capability.h>

#define TCPDIAG_GETSOCK_ 18
#define DCCPDIAG_GETSOCK_ 19

void sock_diag_save_cookie(struct sock *sk, u32 *cookie)
{
	u64 v = sock_gen_cookie(sk);

	cookie[0] = (u32)v;
	cookie[1] = (u32)(v >> 32);
}

bool sock_diag_cookie_ok(struct sock *sk, const u32 *cookie)
{
	u64 v;

	if (cookie[0] == INET_DIAG_NOCOOKIE && cookie[1] == INET_DIAG_NOCOOKIE)
		return true;
	v = sock_gen_cookie(sk);
	return cookie[0] == (u32)v && cookie[1] == (u32)(v >> 32);
}

int sock_diag_put_meminfo(struct sk_buff *skb, int type, const struct sock *sk)
{
	u32 mem[SK_MEMINFO_VARS];

	sk_get_meminfo(sk, mem);
	return nla_put(skb, type, sizeof(mem), mem);
}

static int sock_diag_rcv(struct nl_request *rq)
{
	const struct sock_diag_req *req = nlmsg_data(rq->nlh);

	switch (rq->nlh->nlmsg_type) {
	case TCPDIAG_GETSOCK_: case DCCPDIAG_GETSOCK_:
		LEDGER("inet_diag's first interface", rq->nlh->nlmsg_type);
		return -EINVAL;
	case SOCK_DIAG_BY_FAMILY: case SOCK_DESTROY:
		break;
	default:
		return -EINVAL;
	}
	if (nlmsg_payload(rq->nlh) < sizeof(*req) || req->sdiag_family >= AF_MAX)
		return -EINVAL;
	if (rq->nlh->nlmsg_type == SOCK_DESTROY) {
		if (req->sdiag_family != AF_INET && req->sdiag_family != AF_INET6)
			return req->sdiag_family == AF_UNIX || req->sdiag_family == AF_NETLINK ? -EOPNOTSUPP : -ENOENT;
		if (!netlink_capable(rq, CAP_NET_ADMIN))
			return -EPERM;
		LEDGER("SOCK_DESTROY", req->sdiag_protocol);
		return -EOPNOTSUPP;
	}
	switch (req->sdiag_family) {
	case AF_INET: case AF_INET6: return inet_diag_cmd(rq);
	case AF_UNIX: return unix_diag_cmd(rq);
	case AF_NETLINK: return netlink_diag_cmd(rq);
	}
	return -ENOENT;
}

const struct netlink_kernel sock_diag_kernel = { .protocol = NETLINK_SOCK_DIAG, .name = "sock_diag", .groups = SKNLGRP_MAX,
	.nonroot_recv = true, .rcv = sock_diag_rcv };
