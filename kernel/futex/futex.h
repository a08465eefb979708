/* What the futex files share: futex.c (keys, waiting, waking, futex(2)), futex_pi.c (locks that the kernel hands over),
 * futex_wait.c (many words at once, and the calls of Linux 6.7), robust.c (locks of a thread that dies). */
#ifndef UMK_KERNEL_FUTEX_H
#define UMK_KERNEL_FUTEX_H

#include "sched.h"

#define FLAG_SHARED 1u
#define FLAG_REALTIME 2u
#define FLAG_STRICT 4u /* to wake nobody wakes nobody */

/* What makes two futex words the same: address in an address space, or offset in a shared mapping. */
struct futex_key {
	const void *space; /* struct mm or struct address_space */
	u64 offset;        /* in bytes; words are aligned, so bit 0 tells shared calls on private memory from private calls */
};
/* One that waits for a lock: in the order in which they get it. */
struct pi_waiter {
	struct list_head node;  /* of pi->waiters; empty once granted */
	struct task *task;
	struct futex_pi *pi;
	bool granted;           /* the lock is its own now */
	bool owner_died;        /* and it has to say so in the word */
};
struct futex_waiter {
	struct list_head node; /* of its bucket; empty once woken */
	struct futex_key key;
	struct task *task;
	u32 bitset;
	bool woken;
	const struct futex_key *pi_key; /* FUTEX_WAIT_REQUEUE_PI: the lock that it wants then; else NULL */
	struct pi_waiter pi;            /* with it, once requeued */
};

static inline bool futex_same_key(const struct futex_key *a, const struct futex_key *b)
{
	return a->space == b->space && a->offset == b->offset;
}
/* 0, -EINVAL (unaligned), -EFAULT. May sleep. */
int futex_key(u64 uaddr, unsigned flags, struct futex_key *key);
void futex_enqueue(struct futex_waiter *w);
/* The waiters of a word among others: for list_for_each_entry_safe and futex_same_key(). */
struct list_head *futex_bucket(const struct futex_key *key);
void futex_wake_waiter(struct futex_waiter *w);
/* Wakes at most @nr waiters whose bitset has a bit of @bitset: how many; -EINVAL for waiters of another kind. */
long futex_wake(u64 uaddr, unsigned flags, int nr, u32 bitset);
/* Deadline in ktime ns. 0, -EAGAIN, -ETIMEDOUT, -EINVAL, -EFAULT, -ERESTARTSYS. */
long futex_wait_once(u64 uaddr, unsigned flags, u32 val, u64 deadline, u32 bitset);
long futex_requeue(u64 uaddr1, unsigned flags1, u64 uaddr2, unsigned flags2, int nr_wake, int nr_requeue, const u32 *cmpval);
/* A timeout that is a moment of CLOCK_MONOTONIC or (@realtime) CLOCK_REALTIME, as ktime. */
u64 futex_abs_deadline(u64 ns, bool realtime);

/* ---- futex_pi.c ---- */
long futex_lock_pi(u64 uaddr, unsigned flags, u64 deadline, bool trylock);
long futex_unlock_pi(u64 uaddr, unsigned flags);
long futex_wait_requeue_pi(u64 uaddr, unsigned flags, u32 val, u64 deadline, u32 bitset, u64 uaddr2);
long futex_cmp_requeue_pi(u64 uaddr1, u64 uaddr2, unsigned flags, int nr_wake, int nr_requeue, u32 cmpval);
/* Somebody waits for the lock at @key. */
bool futex_pi_busy(const struct futex_key *key);
/* @t dies: the locks that others wait for go to them. */
void futex_pi_exit(struct task *t);

#endif
