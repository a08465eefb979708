/* netlink_diag, sock_diag(7): netlink sockets, as ss(8) asks for them. */
#include "../inet_walk.h"
#include "../proc.h"
#include "../sock_diag.h"
#include "kerrno.h"
#include "slab.h"
#include <linux/netlink_diag.h>

static u32 flags_of(const struct netlink_sock *nlk)
{
	static const struct { u32 have, shown; } map[] = { { NETLINK_F_PKTINFO, NDIAG_FLAG_PKTINFO },
		{ NETLINK_F_BROADCAST_ERROR, NDIAG_FLAG_BROADCAST_ERROR }, { NETLINK_F_NO_ENOBUFS, NDIAG_FLAG_NO_ENOBUFS },
		{ NETLINK_F_LISTEN_ALL_NSID, NDIAG_FLAG_LISTEN_ALL_NSID }, { NETLINK_F_CAP_ACK, NDIAG_FLAG_CAP_ACK } };
	u32 flags = nlk->cb_running ? NDIAG_FLAG_CB_RUNNING : 0;

	for (unsigned i = 0; i < ARRAY_SIZE(map); i++)
		flags |= nlk->flags & map[i].have ? map[i].shown : 0;
	return flags;
}

struct shown_sock {
	struct netlink_sock *nlk;
	u32 show;                  /* NDIAG_SHOW_* */
};

static int fill(struct sk_buff *skb, struct nlmsghdr *nlh, const void *what)
{
	struct netlink_sock *nlk = ((const struct shown_sock *)what)->nlk;
	u32 show = ((const struct shown_sock *)what)->show;
	struct netlink_diag_msg *m = nlmsg_data(nlh);

	*m = (struct netlink_diag_msg){ .ndiag_family = AF_NETLINK, .ndiag_type = (u8)nlk->sk.sk_type,
		.ndiag_protocol = (u8)nlk->sk.sk_protocol, .ndiag_state = nlk->connected, .ndiag_portid = nlk->portid,
		.ndiag_dst_portid = nlk->dst_portid, .ndiag_dst_group = nlk->dst_group, .ndiag_ino = (u32)sock_i_ino(&nlk->sk) };
	sock_diag_save_cookie(&nlk->sk, m->ndiag_cookie);
	if (show & NDIAG_SHOW_GROUPS && nlk->groups && nla_put(skb, NETLINK_DIAG_GROUPS, (nlk->ngroups + 63) / 64 * 8, nlk->groups))
		return -EMSGSIZE;
	if (show & NDIAG_SHOW_MEMINFO && sock_diag_put_meminfo(skb, NETLINK_DIAG_MEMINFO, &nlk->sk))
		return -EMSGSIZE;
	if (show & NDIAG_SHOW_FLAGS && nla_put_u32(skb, NETLINK_DIAG_FLAGS, flags_of(nlk)))
		return -EMSGSIZE;
	return 0;
}

static int netlink_diag_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	const struct netlink_diag_req *req = nlmsg_data(cb->nlh);
	struct netlink_sock *nlk;
	long at = 0;

	list_for_each_entry(nlk, &netlink_sockets, list) {
		struct shown_sock s = { nlk, req->ndiag_show };

		if (at++ < cb->args[0] || (req->sdiag_protocol != NDIAG_PROTO_ALL && req->sdiag_protocol != nlk->sk.sk_protocol))
			continue;
		if (nlmsg_dump(skb, cb, SOCK_DIAG_BY_FAMILY, sizeof(struct netlink_diag_msg), 0, fill, &s)) {
			cb->args[0] = at - 1;
			return nlmsg_dump_full(skb);
		}
	}
	cb->args[0] = at;
	return (int)skb->len;
}

int netlink_diag_cmd(struct nl_request *rq)
{
	const struct netlink_diag_req *req = nlmsg_data(rq->nlh);

	if (nlmsg_payload(rq->nlh) < sizeof(*req))
		return -EINVAL;
	if (!(rq->nlh->nlmsg_flags & NLM_F_DUMP))
		return -EOPNOTSUPP;
	if (req->sdiag_protocol != NDIAG_PROTO_ALL && req->sdiag_protocol >= 32)
		return -ENOENT;
	return netlink_dump_start(rq, &(struct netlink_callback){ .dump = netlink_diag_dump });
}

/* ---- /proc/net/netlink ---- */

static void put_line(struct seq *s, unsigned long long id, u32 protocol, u32 portid, u32 groups, u32 rmem, u32 wmem, bool dump, u32 refs,
	u32 drops, unsigned long long ino)
{
	seq_printf(s, "%016llx %-3u %-10u %08x %-8u %-8u %-5u %-8u %-8u %-8llu\n", id, protocol, portid, groups, rmem, wmem, dump, refs, drops,
		ino);
}

/* By protocol; the kernel's own side of each comes first, as a socket without a number. */
void proc_netlink_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	seq_puts(s, "sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops    Inode\n");
	for (unsigned i = 0; netlink_kernels[i]; i++) {
		struct netlink_sock *nlk;

		if (netlink_kernels[i]->rcv)
			put_line(s, 0, (u32)netlink_kernels[i]->protocol, 0, 0, 0, 0, false, 2, 0, 0);
		list_for_each_entry(nlk, &netlink_sockets, list)
			if (nlk->kernel == netlink_kernels[i])
				put_line(s, proc_sock_id(&nlk->sk), nlk->sk.sk_protocol, nlk->portid, nlk->groups ? (u32)nlk->groups[0] : 0,
					nlk->sk.sk_rmem_alloc, nlk->sk.sk_wmem_alloc, nlk->cb_running, nlk->sk.refs + 1, nlk->sk.sk_drops,
					(unsigned long long)sock_i_ino(&nlk->sk));
	}
}
