/* Descriptors in flight: how many there are, and the collector of sockets that can no longer be reached because the only
 * references to them lie in receive queues of one another, unix(7).
 *
 * A socket is a candidate when every reference to its file is in flight. Taking away the references that come from
 * candidates' own queues leaves those that come from outside; what such a candidate's queue holds is reachable as well.
 * The rest is garbage: its queued descriptors are taken out of the queues and closed. */
#include "unix.h"
#include "fs.h"
#include "cred.h"
#include "sched.h"
#include <linux/resource.h>
#include <linux/capability.h>

LIST_HEAD(unix_sockets);
u32 unix_tot_inflight;

static struct unix_sock *unix_from_file(const struct file *f)
{
	struct socket *sock = sock_from_file(f);

	return sock && sock->sk && sock->sk->sk_family == AF_UNIX ? unix_sk(sock->sk) : NULL;
}

int unix_inflight_add(struct scm_fp_list *fpl)
{
	struct user_count *user = user_count_get(current->cred->uid);

	/* Without memory for the count, descriptors that nobody counts must not pile up. */
	if (!user || (user->unix_inflight > rlimit(RLIMIT_NOFILE) && !capable(CAP_SYS_RESOURCE) && !capable(CAP_SYS_ADMIN))) {
		user_count_put(user);
		return -ETOOMANYREFS;
	}
	for (u32 i = 0; i < fpl->count; i++) {
		struct unix_sock *u = unix_from_file(fpl->fp[i]);

		if (u) {
			u->inflight++;
			unix_tot_inflight++;
		}
	}
	fpl->inflight = fpl->count;
	fpl->user = user;
	user->unix_inflight += fpl->count;
	return 0;
}

void unix_inflight_remove(struct scm_fp_list *fpl)
{
	for (u32 i = 0; i < fpl->inflight; i++) {
		struct unix_sock *u = unix_from_file(fpl->fp[i]);

		if (u) {
			u->inflight--;
			unix_tot_inflight--;
		}
	}
	if (fpl->user) {
		fpl->user->unix_inflight -= fpl->inflight;
		user_count_put(fpl->user);
		fpl->user = NULL;
	}
	fpl->inflight = 0;
}

typedef void (*child_func)(struct unix_sock *child);

static void scan_queue(struct sock *sk, child_func func)
{
	struct sk_buff *skb;

	skb_queue_walk(&sk->sk_receive_queue, skb) {
		struct scm_fp_list *fpl = UNIXCB(skb)->fp;

		for (u32 i = 0; fpl && i < fpl->inflight; i++) {
			struct unix_sock *u = unix_from_file(fpl->fp[i]);

			if (u && u->gc_candidate)
				func(u);
		}
	}
}

/* A listener's queue holds connections that nobody has accepted; what was sent to them is reached through it. */
static void scan_children(struct unix_sock *u, child_func func)
{
	struct sk_buff *skb;

	if (u->sk.sk_state != TCP_LISTEN) {
		scan_queue(&u->sk, func);
		return;
	}
	skb_queue_walk(&u->sk.sk_receive_queue, skb)
		scan_queue(skb->sk, func);
}

static void dec_ref(struct unix_sock *u)
{
	u->gc_refs--;
}

/* Reachable, but what its queue holds has not been looked at. */
static LIST_HEAD(to_scan);

static void mark_reachable(struct unix_sock *u)
{
	u->gc_candidate = false;
	list_add_tail(&u->gc_node, &to_scan);
}

/* Leaves gc_candidate set for what nothing outside can reach. True if there is any. */
static bool find_garbage(const struct file *closing)
{
	struct unix_sock *u;
	u32 candidates = 0;

	list_for_each_entry(u, &unix_sockets, all_node) {
		const struct file *f = u->sk.sk_socket ? u->sk.sk_socket->file : NULL;

		u->gc_candidate = u->inflight && f && f->refs - (f == closing) == u->inflight;
		u->gc_refs = u->inflight;
		candidates += u->gc_candidate;
	}
	if (!candidates)
		return false;
	list_for_each_entry(u, &unix_sockets, all_node)
		if (u->gc_candidate)
			scan_children(u, dec_ref);
	list_for_each_entry(u, &unix_sockets, all_node)
		if (u->gc_candidate && u->gc_refs)
			mark_reachable(u);
	while (!list_empty(&to_scan)) {
		u = list_first_entry(&to_scan, struct unix_sock, gc_node);
		list_del(&u->gc_node);
		scan_children(u, mark_reachable);
	}
	return true;
}

/* Moves every buffer with descriptors from @sk's queue to @doomed. */
static void take_fd_buffers(struct sock *sk, struct sk_buff_head *doomed)
{
	struct sk_buff *skb, *next;

	list_for_each_entry_safe(skb, next, &sk->sk_receive_queue.list, list) {
		if (UNIXCB(skb)->fp) {
			skb_unlink(skb, &sk->sk_receive_queue);
			if (skb == unix_sk(sk)->oob_skb)
				unix_sk(sk)->oob_skb = NULL;
			skb_queue_tail(doomed, skb);
		}
	}
}

void unix_gc(const struct file *closing)
{
	static bool running;
	struct sk_buff_head doomed;
	struct unix_sock *u;

	if (running || !unix_tot_inflight)
		return;
	running = true;
	skb_queue_head_init(&doomed);
	if (find_garbage(closing)) {
		list_for_each_entry(u, &unix_sockets, all_node) {
			struct sk_buff *skb;

			if (!u->gc_candidate)
				continue;
			if (u->sk.sk_state != TCP_LISTEN) {
				take_fd_buffers(&u->sk, &doomed);
				continue;
			}
			skb_queue_walk(&u->sk.sk_receive_queue, skb)
				take_fd_buffers(skb->sk, &doomed);
		}
	}
	/* Closing the descriptors releases the sockets, which changes the list: it is no longer walked. */
	skb_queue_purge(&doomed);
	running = false;
}
