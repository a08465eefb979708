/* Futexes: waiting on a word of guest memory, and the robust list. futex(2), set_robust_list(2).
 *
 * A waiter is queued before the word is read. The kernel is one thread, so a wake can only come between two of its own
 * steps; the guest may change the word at any time, but its wake is a call and comes after. */
#include "sched.h"
#include "host.h"
#include "ledger.h"
#include "mm.h"
#include "sigcore.h"
#include "syscalls.h"
#include "trap.h"
#include "umk_kernel.h"
#include <linux/capability.h>
#include <linux/futex.h>

#define FLAG_SHARED 1u
#define FLAG_REALTIME 2u

/* What makes two futex words the same: address in an address space, or offset in a shared mapping. */
struct futex_key {
	const void *space; /* struct mm or struct address_space */
	u64 offset;        /* in bytes; words are aligned, so bit 0 tells shared calls on private memory from private calls */
};
struct futex_waiter {
	struct list_head node; /* of its bucket; empty once woken */
	struct futex_key key;
	struct task *task;
	u32 bitset;
	bool woken;
};

#define BUCKETS 256u
static struct list_head buckets[BUCKETS];

static struct list_head *bucket_of(const struct futex_key *k)
{
	u64 h = ((u64)k->space >> 4 ^ k->offset >> 2) * 0x9e3779b97f4a7c15ull;
	struct list_head *b = &buckets[h >> 56];

	if (!b->next)
		INIT_LIST_HEAD(b);
	return b;
}

static bool same_key(const struct futex_key *a, const struct futex_key *b)
{
	return a->space == b->space && a->offset == b->offset;
}

/* 0, -EINVAL (unaligned), -EFAULT. May sleep. */
static int futex_key(u64 uaddr, unsigned flags, struct futex_key *key)
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

static void wake_waiter(struct futex_waiter *w)
{
	list_del(&w->node);
	w->woken = true;
	wake_task(w->task);
}

/* Wakes at most @nr waiters whose bitset has a bit of @bitset; at least one is looked for, as in Linux. */
static long wake_key(const struct futex_key *key, int nr, u32 bitset)
{
	struct list_head *b = bucket_of(key);
	struct futex_waiter *w, *next;
	long woken = 0;

	list_for_each_entry_safe(w, next, b, node) {
		if (!same_key(&w->key, key) || !(w->bitset & bitset))
			continue;
		wake_waiter(w);
		if (++woken >= nr)
			break;
	}
	return woken;
}

static long futex_wake(u64 uaddr, unsigned flags, int nr, u32 bitset)
{
	struct futex_key key;
	int err;

	if (!bitset)
		return -EINVAL;
	err = futex_key(uaddr, flags, &key);
	return err ? err : wake_key(&key, nr, bitset);
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

/* futex(FUTEX_WAIT_BITSET) with a deadline in ktime ns. 0, -EAGAIN, -ETIMEDOUT, -EINVAL, -EFAULT, restart codes. */
static long futex_wait(u64 uaddr, unsigned flags, u32 val, u64 deadline, u32 bitset)
{
	struct futex_waiter w = { .task = current, .bitset = bitset };
	struct restart_block *rb = &current->restart;
	u32 seen;
	long ret;

	if (!bitset)
		return -EINVAL;
	ret = futex_key(uaddr, flags, &w.key);
	if (ret)
		return ret;
	list_add_tail(&w.node, bucket_of(&w.key));
	ret = user_load32(u64_to_uptr(uaddr), &seen); /* may have slept, and been woken meanwhile */
	if (!ret && seen != val)
		ret = -EAGAIN;
	if (!ret)
		ret = sleep_on_futex(&w, deadline);
	list_del(&w.node);
	if (w.woken)
		return 0;
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

static long futex_requeue(u64 uaddr1, u64 uaddr2, unsigned flags, int nr_wake, int nr_requeue, const u32 *cmpval)
{
	struct futex_key from, to;
	struct futex_waiter *w, *next;
	struct list_head *b;
	long done = 0;
	u32 seen;
	int err;

	if (nr_wake < 0 || nr_requeue < 0)
		return -EINVAL;
	err = futex_key(uaddr1, flags, &from);
	if (!err)
		err = futex_key(uaddr2, flags, &to);
	if (err)
		return err;
	if (cmpval) {
		if (user_load32(u64_to_uptr(uaddr1), &seen))
			return -EFAULT;
		if (seen != *cmpval)
			return -EAGAIN;
	}
	b = bucket_of(&from);
	list_for_each_entry_safe(w, next, b, node) {
		if (done - nr_wake >= nr_requeue)
			break;
		if (!same_key(&w->key, &from))
			continue;
		if (++done <= nr_wake) {
			wake_waiter(w);
			continue;
		}
		w->key = to;
		if (bucket_of(&to) != b)
			list_move_tail(&w->node, bucket_of(&to));
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
	woken = wake_key(&key1, nr_wake, FUTEX_BITSET_MATCH_ANY);
	if (err)
		woken += wake_key(&key2, nr_wake2, FUTEX_BITSET_MATCH_ANY);
	return woken;
}

/* ---- futex(2) ---- */

/* Which commands take a timeout, and in what form: FUTEX_WAIT's is relative, on CLOCK_MONOTONIC. */
static int read_deadline(int cmd, unsigned flags, const struct __kernel_timespec __user *utime, u64 *deadline)
{
	u64 ns, now;
	int err;

	*deadline = KTIME_MAX;
	if (!utime || (cmd != FUTEX_WAIT && cmd != FUTEX_WAIT_BITSET))
		return 0;
	err = get_timespec(&ns, utime);
	if (err || ns == KTIME_MAX)
		return err;
	if (cmd == FUTEX_WAIT) {
		*deadline = ktime_add_safe(ktime_get(), ns);
	} else if (flags & FLAG_REALTIME) {
		now = ktime_get_real();
		*deadline = ns > now ? ktime_add_safe(ktime_get(), ns - now) : 0;
	} else {
		*deadline = ns;
	}
	return 0;
}

SYSCALL_DEFINE6(futex, u32 __user *, uaddr, int, op, u32, val, const struct __kernel_timespec __user *, utime,
	u32 __user *, uaddr2, u32, val3)
{
	int cmd = op & FUTEX_CMD_MASK, nr2 = (int)(unsigned long)utime;
	unsigned flags = (op & FUTEX_PRIVATE_FLAG ? 0 : FLAG_SHARED) | (op & FUTEX_CLOCK_REALTIME ? FLAG_REALTIME : 0);
	u64 addr = (u64)uaddr, addr2 = (u64)uaddr2, deadline;
	int err = read_deadline(cmd, flags, utime, &deadline);

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
		return futex_requeue(addr, addr2, flags, (int)val, nr2, NULL);
	case FUTEX_CMP_REQUEUE:
		return futex_requeue(addr, addr2, flags, (int)val, nr2, &val3);
	case FUTEX_WAKE_OP:
		return futex_wake_op(addr, addr2, flags, (int)val, nr2, val3);
	default:
		LEDGER("futex command", cmd);
		return -ENOSYS;
	}
}

/* ---- robust lists: locks of a thread that dies ---- */

SYSCALL_DEFINE2(set_robust_list, struct robust_list_head __user *, head, size_t, len)
{
	if (len != sizeof(struct robust_list_head))
		return -EINVAL;
	current->robust_list = (u64)head;
	return 0;
}

SYSCALL_DEFINE3(get_robust_list, int, pid, u64 __user *, head_ptr, size_t __user *, len_ptr)
{
	struct task *t = pid ? find_task(pid) : current;

	if (!t || !t->signal)
		return -ESRCH;
	if (t->tgid != current->tgid && !capable(CAP_SYS_PTRACE) && (!t->cred || t->cred->uid != current->cred->euid ||
		t->cred->euid != current->cred->euid || t->cred->suid != current->cred->euid))
		return -EPERM;
	if (put_user(sizeof(struct robust_list_head), len_ptr))
		return -EFAULT;
	return put_user(t->robust_list, head_ptr);
}

/* Marks a lock word that the dying thread owns, and wakes one waiter. False: the guest's memory is bad, give up. */
static bool lock_owner_died(struct task *t, u64 uaddr, bool pi, bool pending)
{
	u32 seen, old;

	if (uaddr % sizeof(u32) || user_load32(u64_to_uptr(uaddr), &seen))
		return false;
	/* Unlocked, but died before it could wake the next. */
	if (pending && !pi && !seen) {
		futex_wake(uaddr, FLAG_SHARED, 1, FUTEX_BITSET_MATCH_ANY);
		return true;
	}
	do {
		if ((seen & FUTEX_TID_MASK) != (u32)t->pid)
			return true;
		old = seen;
		if (user_cmpxchg32(u64_to_uptr(uaddr), old, (old & FUTEX_WAITERS) | FUTEX_OWNER_DIED, &seen))
			return false;
		cond_resched();
	} while (seen != old);
	if (!pi && (old & FUTEX_WAITERS))
		futex_wake(uaddr, FLAG_SHARED, 1, FUTEX_BITSET_MATCH_ANY);
	return true;
}

/* A list entry: bit 0 of the pointer marks a priority-inheritance lock. */
static bool fetch_entry(u64 from, u64 *entry, bool *pi)
{
	u64 raw;

	if (get_user(raw, (u64 __user *)u64_to_uptr(from)))
		return false;
	*entry = raw & ~1ull;
	*pi = raw & 1;
	return true;
}

void exit_robust_list(struct task *t)
{
	u64 head = t->robust_list, entry, next, pending, offset;
	bool pi, next_pi, pending_pi;
	unsigned limit = ROBUST_LIST_LIMIT;

	if (!head || !fetch_entry(head, &entry, &pi) ||
	    get_user(offset, (u64 __user *)u64_to_uptr(head + offsetof(struct robust_list_head, futex_offset))) ||
	    !fetch_entry(head + offsetof(struct robust_list_head, list_op_pending), &pending, &pending_pi))
		return;
	while (entry != head) {
		bool more = fetch_entry(entry, &next, &next_pi); /* before the lock is let go: its memory may vanish */

		if (entry != pending && !lock_owner_died(t, entry + offset, pi, false))
			return;
		if (!more)
			return;
		entry = next;
		pi = next_pi;
		if (!--limit)
			break;
		cond_resched();
	}
	if (pending)
		lock_owner_died(t, pending + offset, pending_pi, true);
}
