/* PI futexes: locks whose word holds the owner's thread id, and that the kernel hands from owner to waiter. futex(2),
 * "Priority-inheritance futexes".
 *
 * Waiters get the lock by priority, then by age. Guests run in parallel on the host's CPUs, so an owner needs no boost to go
 * on; what is left of priority inheritance is the order, the hand-over, the detection of deadlocks and what follows from
 * an owner's death. A lock has a struct futex_pi only while somebody waits for it. */
#include "futex.h"
#include "mm.h"
#include "slab.h"
#include "syscalls.h"
#include "../task.h"
#include <linux/futex.h>

struct futex_pi {
	struct list_head node;    /* locks */
	struct futex_key key;
	struct task *owner;
	struct list_head waiters; /* struct pi_waiter */
};
static LIST_HEAD(locks);
#define CHAIN_MOST 1024 /* locks to follow when looking for a deadlock */

/* ---- locks that are waited for ---- */

static struct futex_pi *find_lock(const struct futex_key *key)
{
	struct futex_pi *pi;

	list_for_each_entry(pi, &locks, node)
		if (futex_same_key(&pi->key, key))
			return pi;
	return NULL;
}

bool futex_pi_busy(const struct futex_key *key) { return !list_empty(&locks) && find_lock(key); }

static void put_lock(struct futex_pi *pi)
{
	if (!list_empty(&pi->waiters))
		return;
	list_del(&pi->node);
	kfree(pi);
}

static struct pi_waiter *top_waiter(const struct futex_pi *pi)
{
	return pi && !list_empty(&pi->waiters) ? list_first_entry(&pi->waiters, struct pi_waiter, node) : NULL;
}

static void add_waiter(struct futex_pi *pi, struct pi_waiter *w)
{
	struct list_head *at = pi->waiters.prev;

	while (at != &pi->waiters && list_entry(at, struct pi_waiter, node)->task->rt_priority < w->task->rt_priority)
		at = at->prev;
	w->pi = pi;
	w->granted = w->owner_died = false;
	list_add(&w->node, at);
	w->task->pi_blocked_on = pi;
}

/* A waiter gives up. */
static void remove_waiter(struct pi_waiter *w)
{
	list_del(&w->node);
	w->task->pi_blocked_on = NULL;
	put_lock(w->pi);
}

/* The lock goes to its first waiter. */
static void grant(struct futex_pi *pi, bool owner_died)
{
	struct pi_waiter *w = top_waiter(pi);

	list_del(&w->node);
	w->granted = true;
	w->owner_died = owner_died;
	w->task->pi_blocked_on = NULL;
	pi->owner = w->task;
	wake_task(w->task);
	put_lock(pi);
}

void futex_pi_exit(struct task *t)
{
	struct futex_pi *pi, *next;

	list_for_each_entry_safe(pi, next, &locks, node)
		if (pi->owner == t)
			grant(pi, true);
}

/* Would @t wait, by way of others, for itself? */
static bool deadlock(const struct futex_pi *pi, const struct task *t)
{
	for (int i = 0; pi && i < CHAIN_MOST; i++) {
		if (pi->owner == t)
			return true;
		pi = pi->owner->pi_blocked_on;
	}
	return false;
}

/* ---- the word ---- */

/* The lock that @task is to wait for. The word, read as @word, says who has it; a struct futex_pi is made if nobody waits yet.
 * ERR_PTR: -EAGAIN (read it again), -ESRCH (the owner is gone), -EPERM, -EINVAL (the word and the kernel disagree), -EDEADLK. */
static struct futex_pi *attach(const struct futex_key *key, u64 uaddr, u32 word, struct task *task)
{
	struct futex_pi *pi = find_lock(key);
	int tid = (int)(word & FUTEX_TID_MASK);
	struct task *owner;
	u32 again;

	if (pi) {
		if (pi->owner->pid != tid && !(word & FUTEX_OWNER_DIED))
			return ERR_PTR(-EINVAL);
		return deadlock(pi, task) ? ERR_PTR(-EDEADLK) : pi;
	}
	owner = find_task(tid);
	if (!owner || !owner->mm) {
		if (user_load32(u64_to_uptr(uaddr), &again))
			return ERR_PTR(-EFAULT);
		return ERR_PTR(again != word ? -EAGAIN : owner && owner->pid == INIT_PID ? -EPERM : -ESRCH);
	}
	if (owner == task)
		return ERR_PTR(-EDEADLK);
	pi = kzalloc(sizeof(*pi));
	if (!pi)
		return ERR_PTR(-ENOMEM);
	pi->key = *key;
	pi->owner = owner;
	INIT_LIST_HEAD(&pi->waiters);
	list_add(&pi->node, &locks);
	if (!deadlock(pi, task))
		return pi;
	put_lock(pi);
	return ERR_PTR(-EDEADLK);
}

/* Takes the lock for @task if it is free: 1, with @flags in the word; 0 and the lock to wait for in *pi; or -errno. The word
 * says then that there are waiters. */
static long acquire(const struct futex_key *key, u64 uaddr, struct task *task, u32 flags, struct futex_pi **pi)
{
	u32 word, seen;

	for (;;) {
		if (user_load32(u64_to_uptr(uaddr), &word))
			return -EFAULT;
		if ((word & FUTEX_TID_MASK) == (u32)task->pid)
			return -EDEADLK;
		if (!(word & FUTEX_TID_MASK) && !find_lock(key)) {
			u32 mine = (word & FUTEX_OWNER_DIED) | (u32)task->pid | flags;

			if (user_cmpxchg32(u64_to_uptr(uaddr), word, mine, &seen))
				return -EFAULT;
			if (seen == word)
				return 1;
		} else {
			if (user_cmpxchg32(u64_to_uptr(uaddr), word, word | FUTEX_WAITERS, &seen))
				return -EFAULT;
			if (seen == word) {
				*pi = attach(key, uaddr, word | FUTEX_WAITERS, task);
				if (!IS_ERR(*pi))
					return 0;
				if (PTR_ERR(*pi) != -EAGAIN)
					return PTR_ERR(*pi);
			}
		}
		cond_resched(); /* siblings may change the word as fast as we read it */
		if (fatal_signal_pending(current))
			return -EINTR;
	}
}

/* The previous owner died: the new one puts itself into the word. 0 or -EFAULT. */
static long take_over(u64 uaddr)
{
	u32 word, seen;

	do {
		if (user_load32(u64_to_uptr(uaddr), &word) ||
		    user_cmpxchg32(u64_to_uptr(uaddr), word, FUTEX_OWNER_DIED | FUTEX_WAITERS | (u32)current->pid, &seen))
			return -EFAULT;
		cond_resched();
	} while (seen != word && !fatal_signal_pending(current));
	return 0;
}

/* Sleeps until the lock is @w's: 0, -ETIMEDOUT, -EINTR. Otherwise it waits no more. */
static long sleep_on_lock(struct pi_waiter *w, u64 deadline, u64 uaddr)
{
	bool timeout = false;

	while (!w->granted && !timeout && !signal_pending(current)) {
		current->state = TASK_INTERRUPTIBLE;
		timeout = schedule_until(deadline);
		current->state = TASK_RUNNING;
	}
	if (w->granted)
		return w->owner_died ? take_over(uaddr) : 0;
	remove_waiter(w);
	return timeout ? -ETIMEDOUT : -EINTR;
}

long futex_lock_pi(u64 uaddr, unsigned flags, u64 deadline, bool trylock)
{
	struct pi_waiter w = { .task = current };
	struct futex_key key;
	struct futex_pi *pi;
	long ret;
	int err = futex_key(uaddr, flags, &key);

	if (err)
		return err;
	ret = acquire(&key, uaddr, current, 0, &pi);
	if (ret)
		return ret == 1 ? 0 : ret == -EINTR ? -ERESTARTNOINTR : ret;
	if (trylock) {
		put_lock(pi);
		return -EAGAIN;
	}
	add_waiter(pi, &w);
	ret = sleep_on_lock(&w, deadline, uaddr);
	return ret == -EINTR ? -ERESTARTNOINTR : ret;
}

long futex_unlock_pi(u64 uaddr, unsigned flags)
{
	struct pi_waiter *top;
	struct futex_pi *pi;
	struct futex_key key;
	u32 word, next, seen;
	int err;

	if (user_load32(u64_to_uptr(uaddr), &word))
		return uaddr % sizeof(u32) ? -EINVAL : -EFAULT;
	if ((word & FUTEX_TID_MASK) != (u32)current->pid)
		return -EPERM;
	err = futex_key(uaddr, flags, &key);
	while (!err) {
		pi = find_lock(&key);
		if (pi && pi->owner != current)
			return -EINVAL;
		top = top_waiter(pi);
		next = top ? FUTEX_WAITERS | (u32)top->task->pid : 0;
		if (user_cmpxchg32(u64_to_uptr(uaddr), word, next, &seen))
			return -EFAULT;
		/* The store may have slept: is it still the same waiter? */
		pi = find_lock(&key);
		if (seen == word && top_waiter(pi) == top) {
			if (pi)
				grant(pi, false);
			return 0;
		}
		if (seen != word && (seen & FUTEX_TID_MASK) != (word & FUTEX_TID_MASK))
			return -EINVAL;
		word = seen == word ? next : seen;
		cond_resched();
		err = fatal_signal_pending(current) ? -EINTR : 0;
	}
	return err;
}

/* ---- waiting for a condition, then for the lock ---- */

long futex_wait_requeue_pi(u64 uaddr, unsigned flags, u32 val, u64 deadline, u32 bitset, u64 uaddr2)
{
	struct futex_key key2;
	struct futex_waiter w = { .task = current, .bitset = bitset, .pi_key = &key2, .pi = { .task = current } };
	bool timeout = false;
	u32 seen;
	long ret;

	if (uaddr == uaddr2 || !bitset)
		return -EINVAL;
	INIT_LIST_HEAD(&w.pi.node);
	ret = futex_key(uaddr2, flags, &key2);
	if (!ret)
		ret = futex_key(uaddr, flags, &w.key);
	if (ret)
		return ret;
	futex_enqueue(&w);
	ret = user_load32(u64_to_uptr(uaddr), &seen);
	if (!ret && seen != val)
		ret = -EAGAIN;
	if (!ret && futex_same_key(&w.key, &key2))
		ret = -EINVAL;
	while (!ret && !w.woken && !w.pi.pi && !timeout && !signal_pending(current)) {
		current->state = TASK_INTERRUPTIBLE;
		timeout = schedule_until(deadline);
		current->state = TASK_RUNNING;
	}
	list_del(&w.node);
	if (w.woken) /* with the lock */
		return 0;
	if (w.pi.pi) {
		ret = sleep_on_lock(&w.pi, deadline, uaddr2);
		return ret == -EINTR ? -EAGAIN : ret; /* the condition has come: not to be waited for again */
	}
	return ret ? ret : timeout ? -ETIMEDOUT : -ERESTARTNOINTR;
}

/* The first waiter of the condition, which must want the lock at @to: NULL if there is none, -EINVAL. */
static struct futex_waiter *first_for(const struct futex_key *from, const struct futex_key *to)
{
	struct futex_waiter *w;

	list_for_each_entry(w, futex_bucket(from), node) {
		if (!futex_same_key(&w->key, from))
			continue;
		return w->pi_key && futex_same_key(w->pi_key, to) ? w : ERR_PTR(-EINVAL);
	}
	return NULL;
}

/* Gives the lock to the first waiter, if it is free, and lets the next @nr wait for it: how many in all. */
static long requeue_waiters(const struct futex_key *from, const struct futex_key *to, u64 uaddr2, int nr)
{
	struct futex_pi *pi = NULL;
	struct futex_waiter *w;
	struct task *first;
	long done = 0, ret;
	u32 word;

	if (user_load32(u64_to_uptr(uaddr2), &word))
		return -EFAULT;
	w = first_for(from, to);
	if (IS_ERR_OR_NULL(w))
		return PTR_ERR(w);
	first = w->task;
	ret = acquire(to, uaddr2, first, nr ? FUTEX_WAITERS : 0, &pi);
	if (ret < 0)
		return ret;
	if (ret == 1) {
		w = first_for(from, to);
		if (IS_ERR_OR_NULL(w) || w->task != first)
			return -EAGAIN; /* it went while the word was being written: its own lock call finds its number there */
		futex_wake_waiter(w);
		done = 1;
		w = nr ? first_for(from, to) : NULL;
		if (IS_ERR_OR_NULL(w))
			return done;
		ret = acquire(to, uaddr2, w->task, 0, &pi);
		if (ret)
			return done;
	}
	/* No sleep from here on. */
	while (done < 1 + (long)nr && !IS_ERR_OR_NULL(w = first_for(from, to)) && !deadlock(pi, w->task)) {
		list_del(&w->node);
		add_waiter(pi, &w->pi);
		done++;
	}
	put_lock(pi);
	return IS_ERR(w) && !done ? PTR_ERR(w) : done;
}

long futex_cmp_requeue_pi(u64 uaddr1, u64 uaddr2, unsigned flags, int nr_wake, int nr_requeue, u32 cmpval)
{
	struct futex_key from, to;
	u32 seen;
	int err;

	if (nr_wake < 0 || nr_requeue < 0 || uaddr1 == uaddr2 || nr_wake != 1)
		return -EINVAL;
	err = futex_key(uaddr1, flags, &from);
	if (!err)
		err = futex_key(uaddr2, flags, &to);
	if (err)
		return err;
	if (futex_same_key(&from, &to))
		return -EINVAL;
	if (user_load32(u64_to_uptr(uaddr1), &seen))
		return -EFAULT;
	return seen == cmpval ? requeue_waiters(&from, &to, uaddr2, nr_requeue) : -EAGAIN;
}
