/* Futexes: waiting on a word of guest memory. futex(2).
 *
 * A waiter is queued before the word is read. The kernel is one thread, so a wake can only come between two of its own
 * steps; the guest may change the word at any time, but its wake is a call and comes after. */
#include "futex.h"
#include "sched.h"
#include "host.h"
#include "ledger.h"
#include "mm.h"
#include "../signal/sigcore.h"
#include "syscalls.h"
#include "trap.h"
#include "umk_kernel.h"
#include <linux/futex.h>

#define BUCKETS 256u
static struct list_head buckets[BUCKETS];

struct list_head *futex_bucket(const struct futex_key *k)
{
	u64 h = ((u64)k->space >> 4 ^ k->offset >> 2) * 0x9e3779b97f4a7c15ull;
	struct list_head *b = &buckets[h >> 56];

	if (!b->next)
		INIT_LIST_HEAD(b);
	return b;
}

int futex_key(u64 uaddr, unsigned flags, struct futex_key *key)
{
	struct vm_area *vma;
	u32 value;

	if (uaddr % sizeof(u32))
		return -EINVAL;
	if (uaddr >= trap_layout.task_size)
		return -EFAULT;
	key->space = current->mm;
	key->offset = uaddr;
	if (!(flags & FLAG_SHARED))
		return 0;
	if (user_load32(u64_to_uptr(uaddr), &value))
		return -EFAULT;
	vma = find_vma_exact(current->mm, uaddr);
	if (!vma)
		return -EFAULT;
	if ((vma->flags & VM_SHARED) && vma->mapping) {
		key->space = vma->mapping;
		key->offset = (vma->pgoff << PAGE_SHIFT) + (uaddr - vma->start);
	} else {
		key->offset |= 1;
	}
	return 0;
}

/* Behind those of the same or a higher priority. */
void futex_enqueue(struct futex_waiter *w)
{
	struct list_head *b = futex_bucket(&w->key), *at = b->prev;

	if (w->task->rt_priority)
		while (at != b && list_entry(at, struct futex_waiter, node)->task->rt_priority < w->task->rt_priority)
			at = at->prev;
	list_add(&w->node, at);
}

void futex_wake_waiter(struct futex_waiter *w)
{
	list_del(&w->node);
	w->woken = true;
	wake_task(w->task);
}

static long futex_wake_key(const struct futex_key *key, int nr, u32 bitset)
{
	struct list_head *b = futex_bucket(key);
	struct futex_waiter *w, *next;
	long woken = 0;

	if (futex_pi_busy(key))
		return -EINVAL;
	list_for_each_entry_safe(w, next, b, node) {
		if (!futex_same_key(&w->key, key))
			continue;
		if (w->pi_key)
			return -EINVAL;
		if (!(w->bitset & bitset))
			continue;
		futex_wake_waiter(w);
		if (++woken >= nr)
			break;
	}
	return woken;
}

long futex_wake(u64 uaddr, unsigned flags, int nr, u32 bitset)
{
	struct futex_key key;
	int err;

	if (!bitset)
		return -EINVAL;
	err = futex_key(uaddr, flags, &key);
	if (err)
		return err;
	return (flags & FLAG_STRICT) && !nr ? 0 : futex_wake_key(&key, nr, bitset);
}

long futex_wake_user(u64 uaddr, int nr)
{
	return futex_wake(uaddr, FLAG_SHARED, nr, FUTEX_BITSET_MATCH_ANY);
}

/* ---- waiting ---- */

static long futex_wait_restart(struct restart_block *rb);

/* Sleeps until @w is woken or @deadline. 0, -ETIMEDOUT, -ERESTARTSYS. */
static long sleep_on_futex(struct futex_waiter *w, u64 deadline)
{
	while (!w->woken) {
		bool timeout;

		if (signal_pending(current))
			return -ERESTARTSYS;
		current->state = TASK_INTERRUPTIBLE;
		timeout = schedule_until(deadline);
		current->state = TASK_RUNNING;
		if (timeout && !w->woken)
			return -ETIMEDOUT;
	}
	return 0;
}

long futex_wait_once(u64 uaddr, unsigned flags, u32 val, u64 deadline, u32 bitset)
{
	struct futex_waiter w = { .task = current, .bitset = bitset };
	u32 seen;
	long ret;

	if (!bitset)
		return -EINVAL;
	ret = futex_key(uaddr, flags, &w.key);
	if (ret)
		return ret;
	futex_enqueue(&w);
	ret = user_load32(u64_to_uptr(uaddr), &seen); /* may have slept, and been woken meanwhile */
	if (!ret && seen != val)
		ret = -EAGAIN;
	if (!ret)
		ret = sleep_on_futex(&w, deadline);
	list_del(&w.node);
	return w.woken ? 0 : ret;
}

/* The same, as FUTEX_WAIT and FUTEX_WAIT_BITSET go on after a signal: with a time limit through a restart block. */
static long futex_wait(u64 uaddr, unsigned flags, u32 val, u64 deadline, u32 bitset)
{
	struct restart_block *rb = &current->restart;
	long ret = futex_wait_once(uaddr, flags, val, deadline, bitset);

	if (ret != -ERESTARTSYS || deadline == KTIME_MAX)
		return ret;
	rb->kind = RESTART_FUTEX;
	rb->fn = futex_wait_restart;
	rb->deadline = deadline;
	rb->arg[0] = uaddr;
	rb->arg[1] = flags;
	rb->arg[2] = val;
	rb->arg[3] = bitset;
	return -ERESTART_RESTARTBLOCK;
}

static long futex_wait_restart(struct restart_block *rb)
{
	return futex_wait(rb->arg[0], (unsigned)rb->arg[1], (u32)rb->arg[2], rb->deadline, (u32)rb->arg[3]);
}

/* ---- requeue and wake-op ---- */

long futex_requeue(u64 uaddr1, unsigned flags1, u64 uaddr2, unsigned flags2, int nr_wake, int nr_requeue, const u32 *cmpval)
{
	struct futex_key from, to;
	struct futex_waiter *w, *next;
	struct list_head *b;
	long done = 0;
	u32 seen;
	int err;

	if (nr_wake < 0 || nr_requeue < 0)
		return -EINVAL;
	err = futex_key(uaddr1, flags1, &from);
	if (!err)
		err = futex_key(uaddr2, flags2, &to);
	if (err)
		return err;
	if (cmpval) {
		if (user_load32(u64_to_uptr(uaddr1), &seen))
			return -EFAULT;
		if (seen != *cmpval)
			return -EAGAIN;
	}
	if (futex_pi_busy(&from) || futex_pi_busy(&to))
		return -EINVAL;
	b = futex_bucket(&from);
	list_for_each_entry_safe(w, next, b, node) {
		if (done - nr_wake >= nr_requeue)
			break;
		if (!futex_same_key(&w->key, &from))
			continue;
		if (w->pi_key)
			return -EINVAL;
		if (++done <= nr_wake) {
			futex_wake_waiter(w);
			continue;
		}
		w->key = to;
		if (futex_bucket(&to) != b) {
			list_del(&w->node);
			futex_enqueue(w);
		}
	}
	return done;
}

static s32 sign_extend12(u32 v) { return (s32)(v << 20) >> 20; }

/* Changes *@uaddr as @encoded says, atomically; the old value in *@old. 0, -EFAULT, -ENOSYS. */
static int atomic_op(u32 encoded, u64 uaddr, u32 *old)
{
	unsigned op = encoded >> 28 & 7;
	u32 arg = (u32)sign_extend12(encoded >> 12 & 0xfff), seen, new;
	int err = user_load32(u64_to_uptr(uaddr), &seen);

	if (encoded >> 28 & FUTEX_OP_OPARG_SHIFT)
		arg = 1u << (arg & 31);
	while (!err) {
		*old = seen;
		switch (op) {
		case FUTEX_OP_SET:
			new = arg;
			break;
		case FUTEX_OP_ADD:
			new = *old + arg;
			break;
		case FUTEX_OP_OR:
			new = *old | arg;
			break;
		case FUTEX_OP_ANDN:
			new = *old & ~arg;
			break;
		case FUTEX_OP_XOR:
			new = *old ^ arg;
			break;
		default:
			return -ENOSYS;
		}
		err = user_cmpxchg32(u64_to_uptr(uaddr), *old, new, &seen);
		if (!err && seen == *old)
			return 0;
		cond_resched(); /* a sibling may change the word as fast as we read it */
		if (fatal_signal_pending(current))
			return -EFAULT;
	}
	return err;
}

/* The comparison of FUTEX_WAKE_OP: 0, 1, or -ENOSYS. */
static int compare_op(u32 encoded, u32 old)
{
	s32 a = (s32)old, b = sign_extend12(encoded & 0xfff);

	switch (encoded >> 24 & 15) {
	case FUTEX_OP_CMP_EQ:
		return a == b;
	case FUTEX_OP_CMP_NE:
		return a != b;
	case FUTEX_OP_CMP_LT:
		return a < b;
	case FUTEX_OP_CMP_GE:
		return a >= b;
	case FUTEX_OP_CMP_LE:
		return a <= b;
	case FUTEX_OP_CMP_GT:
		return a > b;
	default:
		return -ENOSYS;
	}
}

static long futex_wake_op(u64 uaddr1, u64 uaddr2, unsigned flags, int nr_wake, int nr_wake2, u32 encoded)
{
	struct futex_key key1, key2;
	long woken;
	u32 old;
	int err;

	err = futex_key(uaddr1, flags, &key1);
	if (!err)
		err = futex_key(uaddr2, flags, &key2);
	if (!err)
		err = atomic_op(encoded, uaddr2, &old);
	if (!err)
		err = compare_op(encoded, old);
	if (err < 0)
		return err;
	woken = futex_wake_key(&key1, nr_wake, FUTEX_BITSET_MATCH_ANY);
	if (err && woken >= 0) {
		long more = futex_wake_key(&key2, nr_wake2, FUTEX_BITSET_MATCH_ANY);

		woken = more < 0 ? more : woken + more;
	}
	return woken;
}

/* ---- futex(2) ---- */

u64 futex_abs_deadline(u64 ns, bool realtime)
{
	u64 now;

	if (!realtime || ns == KTIME_MAX)
		return ns;
	now = ktime_get_real();
	return ns > now ? ktime_add_safe(ktime_get(), ns - now) : 0;
}

/* Which commands take a timeout, and in what form: FUTEX_WAIT's is relative, on CLOCK_MONOTONIC. */
static int read_deadline(int cmd, bool realtime, const struct __kernel_timespec __user *utime, u64 *deadline)
{
	u64 ns;
	int err;

	*deadline = KTIME_MAX;
	if (!utime || (cmd != FUTEX_WAIT && cmd != FUTEX_WAIT_BITSET && cmd != FUTEX_LOCK_PI && cmd != FUTEX_LOCK_PI2 &&
		cmd != FUTEX_WAIT_REQUEUE_PI))
		return 0;
	err = get_timespec(&ns, utime);
	if (err)
		return err;
	*deadline = cmd == FUTEX_WAIT ? ktime_add_safe(ktime_get(), ns) : futex_abs_deadline(ns, realtime || cmd == FUTEX_LOCK_PI);
	return 0;
}

SYSCALL_DEFINE6(futex, u32 __user *, uaddr, int, op, u32, val, const struct __kernel_timespec __user *, utime,
	u32 __user *, uaddr2, u32, val3)
{
	int cmd = op & FUTEX_CMD_MASK, nr2 = (int)(unsigned long)utime;
	unsigned flags = (op & FUTEX_PRIVATE_FLAG ? 0 : FLAG_SHARED) | (op & FUTEX_CLOCK_REALTIME ? FLAG_REALTIME : 0);
	u64 addr = (u64)uaddr, addr2 = (u64)uaddr2, deadline;
	int err = read_deadline(cmd, flags & FLAG_REALTIME, utime, &deadline);

	if (err)
		return err;
	if ((flags & FLAG_REALTIME) && cmd != FUTEX_WAIT_BITSET && cmd != FUTEX_WAIT_REQUEUE_PI && cmd != FUTEX_LOCK_PI2)
		return -ENOSYS;
	switch (cmd) {
	case FUTEX_WAIT:
		return futex_wait(addr, flags, val, deadline, FUTEX_BITSET_MATCH_ANY);
	case FUTEX_WAIT_BITSET:
		return futex_wait(addr, flags, val, deadline, val3);
	case FUTEX_WAKE:
		return futex_wake(addr, flags, (int)val, FUTEX_BITSET_MATCH_ANY);
	case FUTEX_WAKE_BITSET:
		return futex_wake(addr, flags, (int)val, val3);
	case FUTEX_REQUEUE:
		return futex_requeue(addr, flags, addr2, flags, (int)val, nr2, NULL);
	case FUTEX_CMP_REQUEUE:
		return futex_requeue(addr, flags, addr2, flags, (int)val, nr2, &val3);
	case FUTEX_WAKE_OP:
		return futex_wake_op(addr, addr2, flags, (int)val, nr2, val3);
	case FUTEX_LOCK_PI:
	case FUTEX_LOCK_PI2:
		return futex_lock_pi(addr, flags, deadline, false);
	case FUTEX_TRYLOCK_PI:
		return futex_lock_pi(addr, flags, KTIME_MAX, true);
	case FUTEX_UNLOCK_PI:
		return futex_unlock_pi(addr, flags);
	case FUTEX_WAIT_REQUEUE_PI:
		return futex_wait_requeue_pi(addr, flags, val, deadline, FUTEX_BITSET_MATCH_ANY, addr2);
	case FUTEX_CMP_REQUEUE_PI:
		return futex_cmp_requeue_pi(addr, addr2, flags, (int)val, nr2, val3);
	default:
		LEDGER("futex command", cmd);
		return -ENOSYS;
	}
}
