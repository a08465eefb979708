/* inet_diag, sock_diag(7): what ss(8) asks of TCP, UDP, UDP-Lite and raw sockets of both families. */
#include "../inet_csk.h"
#include "../inet_walk.h"
#include "../sock_diag.h"
#include "../tcp.h"
#include "../udp.h"
#include "kerrno.h"
#include "ledger.h"
#include "sched.h"
#include "slab.h"
#include <linux/capability.h>

#define EXT(x) (1u << ((x) - 1))
#define NSEC_PER_MSEC 1000000ull

static const struct nla_policy req_policy[4] = { [INET_DIAG_REQ_BYTECODE] = { NLA_UNSPEC }, [2] = { NLA_UNSPEC }, [3] = { NLA_U32 } };

/* The tables that hold a protocol's sockets, in the order in which they are told; how many, 0: no such protocol here. */
static int tables_of(u32 protocol, enum inet_walk_what *what)
{
	switch (protocol) {
	case IPPROTO_TCP:
		what[0] = WALK_TCP_LISTEN;
		what[1] = WALK_TCP;
		return 2;
	case IPPROTO_UDP:
		what[0] = WALK_UDP;
		return 1;
	case IPPROTO_UDPLITE:
		what[0] = WALK_UDPLITE;
		return 1;
	case IPPROTO_RAW:
		what[0] = WALK_RAW;
		what[1] = WALK_RAW6;
		return 2;
	}
	return 0;
}

/* ---- one socket ---- */

static u8 shown_state(const struct sock *sk)
{
	return sk->sk_state == TCP_TIME_WAIT ? inet_twsk(sk)->tw_substate : sk->sk_state == TCP_NEW_SYN_RECV ? TCP_SYN_RECV : sk->sk_state;
}

static bool full_sock(const struct sock *sk)
{
	return sk->sk_state != TCP_TIME_WAIT && sk->sk_state != TCP_NEW_SYN_RECV;
}

static __be16 source_port(const struct sock *sk)
{
	return htons(sk->sk_num);
}

static void fill_id(struct inet_diag_msg *r, struct sock *sk)
{
	r->idiag_family = (u8)sk->sk_family;
	r->idiag_state = shown_state(sk);
	r->id.idiag_sport = source_port(sk);
	r->id.idiag_dport = sk->sk_dport;
	r->id.idiag_if = (u32)sk->sk_bound_dev_if;
	if (full_sock(sk)) {
		sock_diag_save_cookie(sk, r->id.idiag_cookie);
	} else {
		r->id.idiag_cookie[0] = (u32)sk->sk_cookie;
		r->id.idiag_cookie[1] = (u32)(sk->sk_cookie >> 32);
	}
	if (sk->sk_family == AF_INET6) {
		memcpy(r->id.idiag_src, &sk->sk_v6_rcv_saddr, 16);
		memcpy(r->id.idiag_dst, &sk->sk_v6_daddr, 16);
	} else {
		r->id.idiag_src[0] = sk->sk_rcv_saddr;
		r->id.idiag_dst[0] = sk->sk_daddr;
	}
}

static bool is_tcp(const struct sock *sk)
{
	return sk->sk_protocol == IPPROTO_TCP && sk->sk_type == SOCK_STREAM;
}

/* What any socket has. 0 or -EMSGSIZE. */
static int fill_common(struct sk_buff *skb, const struct sock *sk, u32 ext, bool admin)
{
	const struct inet_sock *inet = inet_sk(sk);
	struct inet_diag_sockopt opt = { .recverr = inet->recverr, .is_icsk = inet->is_icsk, .freebind = inet->freebind,
		.hdrincl = inet->hdrincl, .mc_loop = inet->mc_loop, .transparent = inet->transparent, .mc_all = inet->mc_all,
		.nodefrag = inet->nodefrag, .bind_address_no_port = inet->bind_address_no_port,
		.recverr_rfc4884 = inet->recverr_rfc4884, .defer_connect = inet->defer_connect };

	if (nla_put_u8(skb, INET_DIAG_SHUTDOWN, sk->sk_shutdown) || (ext & EXT(INET_DIAG_TOS) && nla_put_u8(skb, INET_DIAG_TOS, inet->tos)))
		return -EMSGSIZE;
	if (sk->sk_family == AF_INET6) {
		if (ext & EXT(INET_DIAG_TCLASS) && nla_put_u8(skb, INET_DIAG_TCLASS, inet6_sk(sk)->tclass))
			return -EMSGSIZE;
		if (TCPF(sk->sk_state) & (TCPF(TCP_LISTEN) | TCPF(TCP_CLOSE)) && nla_put_u8(skb, INET_DIAG_SKV6ONLY, ipv6_only_sock(sk)))
			return -EMSGSIZE;
	}
	if (admin && nla_put_u32(skb, INET_DIAG_MARK, sk->sk_mark))
		return -EMSGSIZE;
	if (ext & (EXT(INET_DIAG_TCLASS)) && nla_put_u32(skb, INET_DIAG_CLASS_ID, sk->sk_priority))
		return -EMSGSIZE;
	return nla_put(skb, INET_DIAG_SOCKOPT, sizeof(opt), &opt);
}

/* What is asked for of memory and connection. 0 or -EMSGSIZE. */
static int fill_extensions(struct sk_buff *skb, struct sock *sk, u32 ext)
{
	struct inet_diag_meminfo mem = { .idiag_rmem = sk->sk_rmem_alloc, .idiag_wmem = sk->sk_wmem_queued,
		.idiag_fmem = (u32)sk->sk_forward_alloc, .idiag_tmem = sk->sk_wmem_alloc };
	struct tcp_info_612 *info;

	if (ext & EXT(INET_DIAG_MEMINFO) && nla_put(skb, INET_DIAG_MEMINFO, sizeof(mem), &mem))
		return -EMSGSIZE;
	if (ext & EXT(INET_DIAG_SKMEMINFO) && sock_diag_put_meminfo(skb, INET_DIAG_SKMEMINFO, sk))
		return -EMSGSIZE;
	if (!is_tcp(sk))
		return 0;
	if (ext & EXT(INET_DIAG_INFO)) {
		info = nla_reserve(skb, INET_DIAG_INFO, sizeof(*info));
		if (!info)
			return -EMSGSIZE;
		tcp_get_info(sk, info);
	}
	if (ext & EXT(INET_DIAG_CONG) && inet_csk(sk)->icsk_ca_ops
			&& nla_put_string(skb, INET_DIAG_CONG, inet_csk(sk)->icsk_ca_ops->name))
		return -EMSGSIZE;
	return 0;
}

struct shown_sock {
	struct sock *sk;
	u32 ext;                   /* EXT(INET_DIAG_*) */
	bool admin;                /* the mark is for administrators */
};

static int fill_sock(struct sk_buff *skb, struct nlmsghdr *nlh, const void *what)
{
	const struct shown_sock *s = what;
	struct sock *sk = s->sk;
	struct inet_diag_msg *r = nlmsg_data(nlh);
	struct inet_timer_state timer = inet_timer_of(sk);

	fill_id(r, sk);
	r->idiag_timer = timer.kind;
	r->idiag_expires = (u32)((timer.left + NSEC_PER_MSEC - 1) / NSEC_PER_MSEC);
	inet_queues_of(sk, &r->idiag_rqueue, &r->idiag_wqueue);
	if (sk->sk_state == TCP_NEW_SYN_RECV)
		r->idiag_retrans = inet_reqsk(sk)->num_retrans;
	if (full_sock(sk)) {
		r->idiag_uid = sk->sk_uid;
		r->idiag_inode = (u32)sock_i_ino(sk);
		if (is_tcp(sk) && (timer.kind == 1 || timer.kind == 4))
			r->idiag_retrans = timer.kind == 4 ? inet_csk(sk)->icsk_probes_out : inet_csk(sk)->icsk_retransmits;
		else if (timer.kind == 2)
			r->idiag_retrans = inet_csk(sk)->icsk_probes_out;
		if (fill_common(skb, sk, s->ext, s->admin) || fill_extensions(skb, sk, s->ext))
			return -EMSGSIZE;
	}
	return 0;
}

/* ---- choosing ---- */

struct diag_dump { /* netlink_callback.data */
	struct inet_diag_req_v2 req;
	bool admin;
	u8 stage;
	enum inet_walk_what what[2];
	int tables;
	struct inet_walk walk;
	const struct nlattr *bytecode; /* within cb->nlh */
};

static bool filter_accepts(const struct nlattr *bytecode, const struct sock *sk)
{
	bool v6 = sk->sk_family == AF_INET6;
	struct inet_diag_entry e = { .saddr = v6 ? (const void *)&sk->sk_v6_rcv_saddr : &sk->sk_rcv_saddr,
		.daddr = v6 ? (const void *)&sk->sk_v6_daddr : &sk->sk_daddr, .family = sk->sk_family, .sport = sk->sk_num,
		.dport = ntohs(sk->sk_dport), .ifindex = (u16)sk->sk_bound_dev_if };

	if (full_sock(sk)) {
		e.userlocks = sk->sk_userlocks;
		e.mark = sk->sk_mark;
	} else {
		e.mark = sk->sk_state == TCP_NEW_SYN_RECV ? inet_reqsk(sk)->ir_mark : inet_twsk(sk)->tw_mark;
	}
	return inet_diag_bc_run(bytecode, &e);
}

static bool wanted(const struct diag_dump *d, const struct sock *sk)
{
	const struct inet_diag_req_v2 *r = &d->req;

	if (!(r->idiag_states & TCPF(shown_state(sk))) && !(sk->sk_state == TCP_TIME_WAIT && r->idiag_states & TCPF(TCP_TIME_WAIT)
			&& shown_state(sk) == TCP_TIME_WAIT))
		return false;
	if (r->sdiag_family != AF_UNSPEC && sk->sk_family != r->sdiag_family)
		return false;
	if ((r->id.idiag_sport && r->id.idiag_sport != source_port(sk)) || (r->id.idiag_dport && r->id.idiag_dport != sk->sk_dport))
		return false;
	return !d->bytecode || filter_accepts(d->bytecode, sk);
}

static int diag_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct diag_dump *d = cb->data;

	if (!d->tables)
		return -ENOENT;
	for (; d->stage < d->tables; d->stage++, d->walk = (struct inet_walk){ .bucket = 0 }) {
		struct inet_walk before;
		struct sock *sk;

		d->walk.what = d->what[d->stage];
		for (before = d->walk; (sk = inet_walk_next(&d->walk)); before = d->walk) {
			struct shown_sock s = { sk, d->req.idiag_ext, d->admin };

			if (!wanted(d, sk))
				continue;
			if (nlmsg_dump(skb, cb, SOCK_DIAG_BY_FAMILY, sizeof(struct inet_diag_msg), 0, fill_sock, &s)) {
				d->walk = before;
				return nlmsg_dump_full(skb);
			}
		}
	}
	return (int)skb->len;
}

static int start_dump(struct nl_request *rq, const struct inet_diag_req_v2 *req)
{
	const struct nlattr *tb[4];
	struct diag_dump *d;
	int err = nlmsg_parse(rq->nlh, sizeof(*req), tb, 3, req_policy, false, rq->extack);

	if (!err && tb[INET_DIAG_REQ_BYTECODE])
		err = inet_diag_bc_audit(tb[INET_DIAG_REQ_BYTECODE]);
	if (err)
		return err;
	d = kzalloc(sizeof(*d) + rq->nlh->nlmsg_len);
	if (!d)
		return -ENOMEM;
	d->req = *req;
	d->admin = netlink_capable(rq, CAP_NET_ADMIN);
	d->tables = tables_of(req->sdiag_protocol, d->what);
	if (tb[INET_DIAG_REQ_BYTECODE]) {
		/* The request goes when the call ends: the filter stays with the dump. */
		memcpy(d + 1, tb[INET_DIAG_REQ_BYTECODE], tb[INET_DIAG_REQ_BYTECODE]->nla_len);
		d->bytecode = (const struct nlattr *)(d + 1);
	}
	return netlink_dump_start(rq, &(struct netlink_callback){ .dump = diag_dump, .data = d });
}

/* ---- one by its addresses ---- */

static bool same_end(const struct sock *sk, const struct inet_diag_req_v2 *r)
{
	if (sk->sk_family != r->sdiag_family || source_port(sk) != r->id.idiag_sport || sk->sk_dport != r->id.idiag_dport)
		return false;
	if (r->id.idiag_if && sk->sk_bound_dev_if && sk->sk_bound_dev_if != (int)r->id.idiag_if)
		return false;
	if (sk->sk_family == AF_INET6)
		return !memcmp(&sk->sk_v6_daddr, r->id.idiag_dst, 16) && (ipv6_addr_any(&sk->sk_v6_rcv_saddr)
			|| !memcmp(&sk->sk_v6_rcv_saddr, r->id.idiag_src, 16));
	return sk->sk_daddr == r->id.idiag_dst[0] && (!sk->sk_rcv_saddr || sk->sk_rcv_saddr == r->id.idiag_src[0]);
}

static int answer_one(struct nl_request *rq, const struct inet_diag_req_v2 *req)
{
	enum inet_walk_what what[2];
	int n = tables_of(req->sdiag_protocol, what);
	struct sock *sk = NULL;
	struct shown_sock s;

	for (int i = n - 1; i >= 0 && !sk; i--) {
		struct inet_walk w = { .what = what[i] };

		do
			sk = inet_walk_next(&w);
		while (sk && !same_end(sk, req));
	}
	if (!sk)
		return -ENOENT;
	if (full_sock(sk) && !sock_diag_cookie_ok(sk, req->id.idiag_cookie))
		return -ENOENT;
	s = (struct shown_sock){ sk, req->idiag_ext, netlink_capable(rq, CAP_NET_ADMIN) };
	return nlmsg_answer(rq, NLMSG_DEFAULT_SIZE, SOCK_DIAG_BY_FAMILY, sizeof(struct inet_diag_msg), fill_sock, &s);
}

int inet_diag_cmd(struct nl_request *rq)
{
	enum inet_walk_what what[2];
	struct inet_diag_req_v2 req;

	if (nlmsg_payload(rq->nlh) < sizeof(req))
		return -EINVAL;
	memcpy(&req, nlmsg_data(rq->nlh), sizeof(req));
	if (!tables_of(req.sdiag_protocol, what))
		LEDGER("inet_diag protocol", req.sdiag_protocol);
	return rq->nlh->nlmsg_flags & NLM_F_DUMP ? start_dump(rq, &req) : answer_one(rq, &req);
}
