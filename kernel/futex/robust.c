/* Robust lists: what becomes of the locks of a thread that dies. set_robust_list(2), get_robust_list(2). */
#include "cred.h"
#include "futex.h"
#include "sched.h"
#include "syscalls.h"
#include "umk_kernel.h"
#include <linux/futex.h>

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
	if (!ptrace_may_access(t, false))
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
