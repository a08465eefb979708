/* SO_REUSEPORT groups: sockets of one address and port among which incoming packets are distributed, by hash or by a
 * program of the group's. */
#include "../sock.h"
#include "slab.h"
#include "string.h"

#define INIT_SOCKS 16

int reuseport_alloc(struct sock *sk, bool bind_inany)
{
	struct sock_reuseport *r = sk->sk_reuseport_cb;

	if (r) { /* a program was attached before bind */
		if (bind_inany)
			r->bind_inany = true;
		return 0;
	}
	r = kzalloc(sizeof(*r));
	if (!r)
		return -ENOMEM;
	r->socks = kcalloc(INIT_SOCKS, sizeof(*r->socks));
	if (!r->socks) {
		kfree(r);
		return -ENOMEM;
	}
	r->max = INIT_SOCKS;
	r->socks[0] = sk;
	r->num = 1;
	r->bind_inany = bind_inany;
	sk->sk_reuseport_cb = r;
	return 0;
}

static int reuseport_grow(struct sock_reuseport *r)
{
	struct sock **socks;

	if (r->max > 0x7fff)
		return -ENOMEM;
	socks = krealloc(r->socks, r->max * 2 * sizeof(*socks));
	if (!socks)
		return -ENOMEM;
	r->socks = socks;
	r->max *= 2;
	return 0;
}

static void reuseport_free(struct sock_reuseport *r)
{
	sk_filter_put(r->prog);
	kfree(r->socks);
	kfree(r);
}

int reuseport_add_sock(struct sock *sk, struct sock *other, bool bind_inany)
{
	struct sock_reuseport *r, *old = sk->sk_reuseport_cb;

	if (!other->sk_reuseport_cb) {
		int err = reuseport_alloc(other, bind_inany);

		if (err)
			return err;
	}
	r = other->sk_reuseport_cb;
	if (old && old->num != 1)
		return -EBUSY;
	if (r->num == r->max) {
		int err = reuseport_grow(r);

		if (err)
			return err;
	}
	if (old)
		reuseport_free(old); /* its own program goes: the group's holds */
	r->socks[r->num++] = sk;
	sk->sk_reuseport_cb = r;
	return 0;
}

void reuseport_detach_sock(struct sock *sk)
{
	struct sock_reuseport *r = sk->sk_reuseport_cb;

	if (!r)
		return;
	sk->sk_reuseport_cb = NULL;
	for (u16 i = 0; i < r->num; i++)
		if (r->socks[i] == sk) {
			r->socks[i] = r->socks[--r->num];
			break;
		}
	if (!r->num)
		reuseport_free(r);
}

/* The program sees the payload; what it returns is a member's number. */
static struct sock *run_program(struct sock_reuseport *r, struct sk_buff *skb, int hdr_len)
{
	u32 index;

	if (!skb_pull(skb, hdr_len))
		return NULL;
	index = bpf_prog_run(r->prog, skb);
	skb_push(skb, hdr_len);
	return index < r->num ? r->socks[index] : NULL;
}

struct sock *reuseport_select_sock(struct sock *sk, u32 hash, struct sk_buff *skb, int hdr_len)
{
	struct sock_reuseport *r = sk->sk_reuseport_cb;
	struct sock *selected = NULL;
	u32 start, i;

	if (!r || !r->num)
		return NULL;
	if (r->prog && skb)
		selected = run_program(r, skb, hdr_len);
	if (selected)
		return selected;
	start = i = (u32)((u64)hash * r->num >> 32);
	/* Connected members only get what is theirs by their address. */
	while (r->socks[i]->sk_state == TCP_ESTABLISHED) {
		if (++i >= r->num)
			i = 0;
		if (i == start)
			return NULL;
	}
	return r->socks[i];
}

int reuseport_attach_prog(struct sock *sk, struct sk_filter *prog)
{
	struct sock_reuseport *r;

	if (!sk->sk_reuseport_cb) {
		int err;

		if (!sk->sk_reuseport || !hlist_unhashed(&sk->sk_node))
			return -EINVAL;
		err = reuseport_alloc(sk, false);
		if (err)
			return err;
	}
	r = sk->sk_reuseport_cb;
	sk_filter_put(r->prog);
	r->prog = prog;
	return 0;
}

int reuseport_detach_prog(struct sock *sk)
{
	struct sock_reuseport *r = sk->sk_reuseport_cb;

	if (!r)
		return sk->sk_reuseport ? -ENOENT : -EINVAL;
	if (!r->prog)
		return -ENOENT;
	sk_filter_put(r->prog);
	r->prog = NULL;
	return 0;
}
