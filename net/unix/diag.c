/* unix_diag, sock_diag(7): AF_UNIX sockets, as ss(8) asks for them. */
#include "unix.h"
#include "../inet_walk.h"
#include "../proc.h"
#include "../sock_diag.h"
#include "fs.h"
#include "kerrno.h"
#include "slab.h"
#include <linux/unix_diag.h>

static int fill_name(struct sk_buff *skb, const struct unix_sock *u)
{
	const struct unix_address *a = u->addr;

	if (!a || a->len <= (int)sizeof(sa_family_t))
		return 0;
	return nla_put(skb, UNIX_DIAG_NAME, (size_t)a->len - sizeof(sa_family_t), a->name.sun_path);
}

static int fill_vfs(struct sk_buff *skb, const struct unix_sock *u)
{
	struct unix_diag_vfs v;
	u64 dev;

	if (!u->inode)
		return 0;
	dev = socket_inode_dev(u->inode);
	v = (struct unix_diag_vfs){ .udiag_vfs_ino = (u32)u->inode->ino, .udiag_vfs_dev = (u32)dev };
	return nla_put(skb, UNIX_DIAG_VFS, sizeof(v), &v);
}

/* The sockets that wait to be accepted: of each the one that connects. */
static int fill_icons(struct sk_buff *skb, const struct sock *sk)
{
	const struct sk_buff *s;
	u32 *inodes, i = 0;

	if (sk->sk_state != TCP_LISTEN)
		return 0;
	inodes = nla_reserve(skb, UNIX_DIAG_ICONS, skb_queue_len(&sk->sk_receive_queue) * sizeof(u32));
	if (!inodes)
		return -EMSGSIZE;
	skb_queue_walk(&sk->sk_receive_queue, s) {
		const struct sock *peer = s->sk ? unix_peer(s->sk) : NULL;

		inodes[i++] = peer ? (u32)sock_i_ino(peer) : 0;
	}
	return 0;
}

static int fill_lengths(struct sk_buff *skb, const struct sock *sk)
{
	struct unix_diag_rqlen r;
	const struct sk_buff *s;
	u32 bytes = 0;

	if (sk->sk_state == TCP_LISTEN) {
		r = (struct unix_diag_rqlen){ skb_queue_len(&sk->sk_receive_queue), sk->sk_max_ack_backlog };
	} else {
		s = skb_peek(&sk->sk_receive_queue);
		if (s && sk->sk_type == SOCK_STREAM)
			skb_queue_walk(&sk->sk_receive_queue, s)
				bytes += s->len - UNIXCB(s)->consumed;
		else if (s)
			bytes = s->len;
		r = (struct unix_diag_rqlen){ bytes, sk->sk_wmem_alloc };
	}
	return nla_put(skb, UNIX_DIAG_RQLEN, sizeof(r), &r);
}

struct shown_sock {
	struct unix_sock *u;
	u32 show;                  /* UDIAG_SHOW_* */
};

static int fill(struct sk_buff *skb, struct nlmsghdr *nlh, const void *what)
{
	struct unix_sock *u = ((const struct shown_sock *)what)->u;
	u32 show = ((const struct shown_sock *)what)->show;
	struct sock *sk = &u->sk;
	struct unix_diag_msg *m = nlmsg_data(nlh);

	*m = (struct unix_diag_msg){ .udiag_family = AF_UNIX, .udiag_type = (u8)sk->sk_type, .udiag_state = sk->sk_state,
		.udiag_ino = (u32)sock_i_ino(sk) };
	sock_diag_save_cookie(sk, m->udiag_cookie);
	if ((show & UDIAG_SHOW_NAME && fill_name(skb, u)) || (show & UDIAG_SHOW_VFS && fill_vfs(skb, u)))
		return -EMSGSIZE;
	if (show & UDIAG_SHOW_PEER && unix_peer(sk) && nla_put_u32(skb, UNIX_DIAG_PEER, (u32)sock_i_ino(unix_peer(sk))))
		return -EMSGSIZE;
	if ((show & UDIAG_SHOW_ICONS && fill_icons(skb, sk)) || (show & UDIAG_SHOW_RQLEN && fill_lengths(skb, sk)))
		return -EMSGSIZE;
	if ((show & UDIAG_SHOW_MEMINFO && sock_diag_put_meminfo(skb, UNIX_DIAG_MEMINFO, sk))
			|| nla_put_u8(skb, UNIX_DIAG_SHUTDOWN, sk->sk_shutdown)
			|| (show & UDIAG_SHOW_UID && nla_put_u32(skb, UNIX_DIAG_UID, sk->sk_uid)))
		return -EMSGSIZE;
	return 0;
}

static int unix_diag_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	const struct unix_diag_req *req = nlmsg_data(cb->nlh);
	struct unix_sock *u;
	long at = 0;

	list_for_each_entry(u, &unix_sockets, all_node) {
		struct shown_sock s = { u, req->udiag_show };

		/* One that waits to be accepted has no number yet. */
		if (at++ < cb->args[0] || !sock_i_ino(&u->sk) || !(req->udiag_states & TCPF(u->sk.sk_state)))
			continue;
		if (nlmsg_dump(skb, cb, SOCK_DIAG_BY_FAMILY, sizeof(struct unix_diag_msg), 0, fill, &s)) {
			cb->args[0] = at - 1;
			return nlmsg_dump_full(skb);
		}
	}
	cb->args[0] = at;
	return (int)skb->len;
}

static int unix_diag_one(struct nl_request *rq, const struct unix_diag_req *req)
{
	struct unix_sock *u, *found = NULL;
	struct shown_sock s;

	if (!req->udiag_ino)
		return -EINVAL;
	list_for_each_entry(u, &unix_sockets, all_node)
		if ((u32)sock_i_ino(&u->sk) == req->udiag_ino)
			found = u;
	if (!found)
		return -ENOENT;
	if (!sock_diag_cookie_ok(&found->sk, req->udiag_cookie))
		return -ESTALE;
	s = (struct shown_sock){ found, req->udiag_show };
	return nlmsg_answer(rq, NLMSG_DEFAULT_SIZE + skb_queue_len(&found->sk.sk_receive_queue) * sizeof(u32), SOCK_DIAG_BY_FAMILY,
		sizeof(struct unix_diag_msg), fill, &s);
}

int unix_diag_cmd(struct nl_request *rq)
{
	const struct unix_diag_req *req = nlmsg_data(rq->nlh);

	if (nlmsg_payload(rq->nlh) < sizeof(*req))
		return -EINVAL;
	if (rq->nlh->nlmsg_flags & NLM_F_DUMP)
		return netlink_dump_start(rq, &(struct netlink_callback){ .dump = unix_diag_dump });
	return unix_diag_one(rq, req);
}

/* ---- /proc/net/unix ---- */

static void put_name(struct seq *s, const struct unix_address *a)
{
	int size = a->len - (int)sizeof(sa_family_t);
	const char *p = a->name.sun_path;

	if (size <= 0)
		return;
	seq_puts(s, " ");
	if (*p)
		size = (int)strnlen(p, (size_t)size);
	for (int i = 0; i < size; i++)
		seq_write(s, p[i] ? &p[i] : "@", 1);
}

void proc_unix_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	struct unix_sock *u;

	seq_puts(s, "Num       RefCount Protocol Flags    Type St Inode Path\n");
	list_for_each_entry(u, &unix_sockets, all_node) {
		struct sock *sk = &u->sk;
		bool established = sk->sk_state == TCP_ESTABLISHED;
		int state = sk->sk_socket ? established ? SS_CONNECTED : SS_UNCONNECTED : established ? SS_CONNECTING : SS_DISCONNECTING;

		seq_printf(s, "%016llx: %08X %08X %08X %04X %02X %5llu", proc_sock_id(sk), sk->refs + 1, 0, sk->sk_state == TCP_LISTEN ? 1u << 16 : 0,
			sk->sk_type, state, (unsigned long long)sock_i_ino(sk));
		if (u->addr)
			put_name(s, u->addr);
		seq_puts(s, "\n");
	}
}
