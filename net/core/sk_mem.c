/* What all sockets of a protocol together may use for buffers: tcp_mem and udp_mem (tcp(7), udp(7)) with three numbers of pages. Up to
 * the first nobody minds. Beyond the second there is memory pressure, until use is below the first again: then whoever has more
 * than a fair share gets no more. Beyond the third nobody does, but each socket may go on with the smallest of buffers. */
#include "../sock.h"
#include "../mib.h"
#include "ktime.h"

static long pages_of(u64 bytes)
{
	return (long)((bytes + PAGE_SIZE - 1) >> PAGE_SHIFT);
}

void proto_mem_press(struct proto_mem *m)
{
	if (!m->can_press || m->pressed_since)
		return;
	m->pressed_since = ktime_get();
	NET_INC_STATS(LINUX_MIB_TCPMEMORYPRESSURES);
}

static void proto_mem_relax(struct proto_mem *m)
{
	if (!m->pressed_since)
		return;
	NET_ADD_STATS(LINUX_MIB_TCPMEMORYPRESSURESCHRONO, (ktime_get() - m->pressed_since) / 1000000);
	m->pressed_since = 0;
}

/* Has the socket less than the minimum that tcp_rmem, tcp_wmem or udp_rmem_min guarantee? */
static bool below_minimum(const struct sock *sk, bool send)
{
	const struct proto *p = sk->sk_prot;

	return send ? sk->sk_wmem_queued < (u32)p->sysctl_wmem[0] : sk->sk_rmem_alloc < (u32)*p->mem->rmem_min;
}

static bool below_fair_share(const struct sock *sk)
{
	const struct proto_mem *m = sk->sk_prot->mem;
	const struct proto *p;
	long sockets = 0;

	list_for_each_entry(p, &proto_list, list)
		sockets += p->mem == m ? (long)p->inuse : 0;
	return m->limit[2] > sockets * pages_of((u64)sk->sk_wmem_queued + sk->sk_rmem_alloc);
}

void sk_stream_moderate_sndbuf(struct sock *sk)
{
	if (!(sk->sk_userlocks & SOCK_SNDBUF_LOCK))
		sk->sk_sndbuf = max(min(sk->sk_sndbuf, (int)(sk->sk_wmem_queued >> 1)), SOCK_MIN_SNDBUF);
}

bool sk_mem_schedule(struct sock *sk, u32 size, bool send)
{
	struct proto_mem *m = sk->sk_prot->mem;
	long pages = pages_of((u64)m->allocated + size);

	if (pages <= m->limit[0]) {
		proto_mem_relax(m);
		return true;
	}
	if (pages > m->limit[1])
		proto_mem_press(m);
	if (pages <= m->limit[2]) {
		if (below_minimum(sk, send))
			return true;
		if (m->can_press && (!m->pressed_since || below_fair_share(sk)))
			return true;
	}
	if (!send)
		return false;
	/* A writer that can be made to wait gets what it asks for now and a smaller buffer from now on. */
	sk_stream_moderate_sndbuf(sk);
	return sk->sk_wmem_queued + size >= (u32)sk->sk_sndbuf;
}

static void sk_mem_rfree(struct sk_buff *skb)
{
	sk_mem_charge(skb->sk, -(int)skb->truesize);
	sock_rfree(skb);
}

void sk_mem_set_owner_r(struct sk_buff *skb, struct sock *sk)
{
	skb_set_owner_r(skb, sk);
	skb->destructor = sk_mem_rfree;
	sk_mem_charge(sk, (int)skb->truesize);
}
