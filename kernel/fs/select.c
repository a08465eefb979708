/* poll, ppoll, select, pselect6: each file is asked once with a place on its wait queues, then again when a queue wakes
 * the caller. What is ready is the files' matter (file_operations.poll). */
#include "internal.h"
#include "syscalls.h"
#include <linux/personality.h>
#include <linux/eventpoll.h>
#include <linux/poll.h>
#include <linux/posix_types.h>
#include <linux/resource.h>
#include <linux/time.h>

u32 vfs_poll(struct file *f, struct poll_table *pt)
{
	if (!f->ops->poll)
		return EPOLLIN | EPOLLOUT | EPOLLRDNORM | EPOLLWRNORM;
	return f->ops->poll(f, pt);
}

/* ---- waiting on many queues ---- */

struct poll_waiter;
struct poll_entry {
	struct wait_entry wait;
	struct poll_waiter *owner;
	struct file *file;         /* reference held: its queues stay */
	u32 key;
};
struct poll_chunk {
	struct poll_chunk *next;
	unsigned used;
	struct poll_entry entry[30];
};
struct poll_waiter {
	struct poll_table pt;
	struct task *task;
	bool triggered;
	int error;
	struct file *file;         /* being asked */
	struct poll_chunk *chunks;
	unsigned inline_used;
	struct poll_entry few[4];
};

static bool poll_wake(struct wait_entry *e, u32 key)
{
	struct poll_entry *p = container_of(e, struct poll_entry, wait);

	if (key && !(key & p->key))
		return false;
	p->owner->triggered = true;
	wake_task(p->owner->task);
	return true;
}

static void poll_queue(struct poll_table *pt, struct wait_queue_head *q)
{
	struct poll_waiter *w = container_of(pt, struct poll_waiter, pt);
	struct poll_entry *e;

	if (w->inline_used < ARRAY_SIZE(w->few)) {
		e = &w->few[w->inline_used++];
	} else {
		if (!w->chunks || w->chunks->used == ARRAY_SIZE(w->chunks->entry)) {
			struct poll_chunk *c = kmalloc(sizeof(*c));

			if (!c) {
				w->error = -ENOMEM;
				return;
			}
			c->used = 0;
			c->next = w->chunks;
			w->chunks = c;
		}
		e = &w->chunks->entry[w->chunks->used++];
	}
	e->owner = w;
	e->file = file_get(w->file);
	e->key = pt->key;
	init_wait(&e->wait);
	e->wait.func = poll_wake;
	add_wait_queue(q, &e->wait);
}

static void poll_waiter_init(struct poll_waiter *w)
{
	w->pt.queue = poll_queue;
	w->pt.key = 0;
	w->task = current;
	w->triggered = false;
	w->error = 0;
	w->file = NULL;
	w->chunks = NULL;
	w->inline_used = 0;
}

static void poll_waiter_end(struct poll_waiter *w)
{
	for (unsigned i = 0; i < w->inline_used; i++) {
		remove_wait_queue(&w->few[i].wait);
		file_put(w->few[i].file);
	}
	while (w->chunks) {
		struct poll_chunk *c = w->chunks;

		for (unsigned i = 0; i < c->used; i++) {
			remove_wait_queue(&c->entry[i].wait);
			file_put(c->entry[i].file);
		}
		w->chunks = c->next;
		kfree(c);
	}
}

/* Asks @f for @events (EPOLL*); registers unless @pt is already NULL. */
static u32 ask(struct poll_waiter *w, struct file *f, u32 events, bool enlist)
{
	w->file = f;
	w->pt.key = events | EPOLLERR | EPOLLHUP;
	w->pt.queue = enlist ? poll_queue : NULL;
	return vfs_poll(f, &w->pt) & w->pt.key;
}

/* Sleeps until triggered or @deadline. False at the deadline. */
static bool poll_sleep(struct poll_waiter *w, u64 deadline)
{
	bool late = false;

	current->state = TASK_INTERRUPTIBLE;
	if (!w->triggered && !signal_pending(current))
		late = schedule_until(deadline);
	current->state = TASK_RUNNING;
	w->triggered = false;
	return !late;
}

/* ---- poll ---- */

#define POLL_FAST 64

static unsigned poll_once(struct poll_waiter *w, struct pollfd *fds, unsigned nfds, bool enlist)
{
	unsigned count = 0;

	for (unsigned i = 0; i < nfds; i++) {
		struct file *f;
		u32 events = (u16)fds[i].events;

		fds[i].revents = 0;
		if (fds[i].fd < 0)
			continue;
		f = fget(fds[i].fd);
		if (!f) {
			fds[i].revents = POLLNVAL;
		} else {
			fds[i].revents = ask(w, f, events, enlist && !count);
			file_put(f);
		}
		count += fds[i].revents != 0;
		if (i % 256 == 255)
			cond_resched();
	}
	return count;
}

/* @deadline: ktime ns, 0: look once, KTIME_MAX: no end. */
static long do_poll(struct pollfd __user *ufds, unsigned nfds, u64 deadline)
{
	struct pollfd fast[POLL_FAST], *fds = fast;
	struct poll_waiter w;
	long count;
	bool last = deadline == 0;

	if (nfds > rlimit(RLIMIT_NOFILE))
		return -EINVAL;
	if (nfds > POLL_FAST) {
		fds = kmalloc(nfds * sizeof(*fds));
		if (!fds)
			return -ENOMEM;
	}
	if (copy_from_user(fds, ufds, nfds * sizeof(*fds))) {
		count = -EFAULT;
		goto free;
	}
	poll_waiter_init(&w);
	for (bool first = true; ; first = false) {
		count = poll_once(&w, fds, nfds, first && !last);
		if (count)
			break;
		count = w.error;
		if (!count && signal_pending(current))
			count = -EINTR;
		if (count || last)
			break;
		if (!poll_sleep(&w, deadline))
			last = true;
	}
	poll_waiter_end(&w);
	if (count >= 0)
		for (unsigned i = 0; i < nfds; i++)
			if (put_user(fds[i].revents, &ufds[i].revents)) {
				count = -EFAULT;
				break;
			}
free:
	if (fds != fast)
		kfree(fds);
	return count;
}

/* Of a relative time in ns; 0 stays 0: do not wait. */
static u64 deadline_of(u64 ns)
{
	return ns ? ktime_add_safe(ktime_get(), ns) : 0;
}

SYSCALL_DEFINE3(poll, struct pollfd __user *, ufds, unsigned, nfds, int, timeout_msecs)
{
	u64 deadline = timeout_msecs < 0 ? KTIME_MAX : deadline_of((u64)timeout_msecs * 1000000);
	long count = do_poll(ufds, nfds, deadline);

	if (count == -EINTR) {
		struct restart_block *r = &current->restart;

		r->kind = RESTART_POLL;
		r->deadline = deadline;
		r->arg[0] = (u64)(unsigned long)ufds;
		r->arg[1] = nfds;
		count = -ERESTART_RESTARTBLOCK;
	}
	return count;
}

long poll_restart(struct restart_block *r)
{
	long count = do_poll(u64_to_uptr(r->arg[0]), r->arg[1], r->deadline);

	return count == -EINTR ? -ERESTART_RESTARTBLOCK : count;
}

/* The result with STICKY_TIMEOUTS (personality(2)): a call that does not write back what is left cannot be restarted. */
static long sticky(long count)
{
	return count == -ERESTARTNOHAND ? -EINTR : count;
}

/* The end of ppoll and pselect6: what is left of the time goes back, the signal mask too, unless a signal came. */
static long finish(long count, u64 deadline, struct __kernel_timespec __user *uts)
{
	if (count == -EINTR)
		count = -ERESTARTNOHAND;
	restore_saved_sigmask_unless(count == -ERESTARTNOHAND);
	if (uts && (current->personality & STICKY_TIMEOUTS))
		return sticky(count);
	if (uts && deadline != KTIME_MAX) {
		u64 now = ktime_get(), left = deadline > now ? deadline - now : 0;

		if (put_timespec(left, uts) && count == -ERESTARTNOHAND)
			count = -EINTR; /* the time cannot be written back: a restart would wait for all of it again */
	}
	return count;
}

SYSCALL_DEFINE5(ppoll, struct pollfd __user *, ufds, unsigned, nfds, struct __kernel_timespec __user *, tsp,
	const void __user *, sigmask, size_t, sigsetsize)
{
	u64 deadline = KTIME_MAX, ns;
	int err;

	if (tsp) {
		err = get_timespec(&ns, tsp);
		if (err)
			return err;
		deadline = deadline_of(ns);
	}
	if (sigmask) {
		err = set_user_sigmask(sigmask, sigsetsize);
		if (err)
			return err;
	}
	return finish(do_poll(ufds, nfds, deadline), deadline, tsp);
}

/* ---- select ---- */

#define BITS_OF(n) (((n) + 63) / 64)
#define SELECT_IN (EPOLLRDNORM | EPOLLRDBAND | EPOLLIN | EPOLLHUP | EPOLLERR)
#define SELECT_OUT (EPOLLWRBAND | EPOLLWRNORM | EPOLLOUT | EPOLLERR)
#define SELECT_EX EPOLLPRI

/* in, out, ex and their results, @words each, in one array. Number of bits set, or -EBADF. */
static long select_once(struct poll_waiter *w, u64 *bits, unsigned words, int n, bool enlist)
{
	u64 *in = bits, *out = bits + words, *ex = bits + 2 * words;
	u64 *rin = bits + 3 * words, *rout = bits + 4 * words, *rex = bits + 5 * words;
	long count = 0;

	memset(rin, 0, 3 * words * sizeof(u64));
	for (int fd = 0; fd < n; fd++) {
		u64 bit = 1ull << (fd % 64);
		unsigned i = fd / 64;
		struct file *f;
		u32 ready, want = 0;

		if (!(in[i] | out[i] | ex[i])) {
			fd |= 63;
			continue;
		}
		if (!((in[i] | out[i] | ex[i]) & bit))
			continue;
		f = fget(fd);
		if (!f)
			return -EBADF;
		want |= in[i] & bit ? SELECT_IN : 0;
		want |= out[i] & bit ? SELECT_OUT : 0;
		want |= ex[i] & bit ? SELECT_EX : 0;
		ready = ask(w, f, want, enlist && !count);
		file_put(f);
		if ((in[i] & bit) && (ready & SELECT_IN))
			rin[i] |= bit, count++;
		if ((out[i] & bit) && (ready & SELECT_OUT))
			rout[i] |= bit, count++;
		if ((ex[i] & bit) && (ready & SELECT_EX))
			rex[i] |= bit, count++;
	}
	return count;
}

static long select_wait(u64 *bits, unsigned words, int n, u64 deadline)
{
	struct poll_waiter w;
	bool last = deadline == 0;
	long count;

	poll_waiter_init(&w);
	for (bool first = true; ; first = false) {
		count = select_once(&w, bits, words, n, first && !last);
		if (count)
			break;
		count = w.error;
		if (!count && signal_pending(current))
			count = -EINTR;
		if (count || last)
			break;
		if (!poll_sleep(&w, deadline))
			last = true;
	}
	poll_waiter_end(&w);
	return count;
}

static long do_select(int n, u64 __user *inp, u64 __user *outp, u64 __user *exp, u64 deadline)
{
	u64 __user *sets[3] = { inp, outp, exp };
	unsigned words, bytes;
	u64 fast[6 * 4], *bits = fast;
	long count = 0;

	if (n < 0)
		return -EINVAL;
	n = min((unsigned)n, files_max(current->files));
	words = BITS_OF((unsigned)n);
	bytes = words * sizeof(u64);
	if (words > 4)
		bits = kmalloc(6 * bytes);
	if (!bits)
		return -ENOMEM;
	memset(bits, 0, 6 * bytes);
	for (int i = 0; i < 3 && !count; i++)
		if (sets[i] && copy_from_user(bits + i * words, sets[i], bytes))
			count = -EFAULT;
	/* Bits beyond n in the last word are not asked about. */
	if (n % 64)
		for (int i = 0; i < 3; i++)
			bits[i * words + words - 1] &= (1ull << (n % 64)) - 1;
	if (!count)
		count = select_wait(bits, words, n, deadline);
	for (int i = 0; i < 3 && count >= 0; i++)
		if (sets[i] && copy_to_user(sets[i], bits + (3 + i) * words, bytes))
			count = -EFAULT;
	if (bits != fast)
		kfree(bits);
	return count;
}

SYSCALL_DEFINE5(select, int, n, u64 __user *, inp, u64 __user *, outp, u64 __user *, exp,
	struct __kernel_old_timeval __user *, tvp)
{
	u64 deadline = KTIME_MAX;
	struct __kernel_old_timeval tv;
	long count;

	if (tvp) {
		if (copy_from_user(&tv, tvp, sizeof(tv)))
			return -EFAULT;
		if (tv.tv_sec < 0 || tv.tv_usec < 0)
			return -EINVAL;
		deadline = deadline_of(((u64)min(tv.tv_sec, 4000000000l) + min(tv.tv_usec / 1000000, 4000000000l)) * NSEC_PER_SEC +
			(u64)(tv.tv_usec % 1000000) * 1000);
	}
	count = do_select(n, inp, outp, exp, deadline);
	if (count == -EINTR)
		count = -ERESTARTNOHAND;
	if (tvp && (current->personality & STICKY_TIMEOUTS))
		return sticky(count);
	if (tvp && deadline != KTIME_MAX) {
		u64 now = ktime_get(), left = deadline > now ? deadline - now : 0;

		tv.tv_sec = left / NSEC_PER_SEC;
		tv.tv_usec = left % NSEC_PER_SEC / 1000;
		if (copy_to_user(tvp, &tv, sizeof(tv)) && count == -ERESTARTNOHAND)
			count = -EINTR;
	}
	return count;
}

SYSCALL_DEFINE6(pselect6, int, n, u64 __user *, inp, u64 __user *, outp, u64 __user *, exp,
	struct __kernel_timespec __user *, tsp, void __user *, sig)
{
	u64 deadline = KTIME_MAX, ns, mask[2] = { 0 };
	int err;

	if (sig && copy_from_user(mask, sig, sizeof(mask)))
		return -EFAULT;
	if (tsp) {
		err = get_timespec(&ns, tsp);
		if (err)
			return err;
		deadline = deadline_of(ns);
	}
	if (mask[0]) {
		err = set_user_sigmask(u64_to_uptr(mask[0]), mask[1]);
		if (err)
			return err;
	}
	return finish(do_select(n, inp, outp, exp, deadline), deadline, tsp);
}
