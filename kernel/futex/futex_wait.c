/* futex_waitv(2), which waits on many words at once, and the calls of Linux 6.7 that take one command each: futex_wake,
 * futex_wait, futex_requeue. Only 32-bit words, as there. */
#include "futex.h"
#include "slab.h"
#include "syscalls.h"
#include <linux/futex.h>
#include <linux/time.h>

/* linux/futex.h of 6.7 */
#define FUTEX2_SIZE_U32 0x02u
#define FUTEX2_SIZE_MASK 0x03u
#define FUTEX2_NUMA 0x04u
#define FUTEX2_PRIVATE 0x80u
#define FUTEX2_VALID_MASK (FUTEX2_SIZE_MASK | FUTEX2_NUMA | FUTEX2_PRIVATE)

/* The flags of these calls as those of futex.c: 0 or -EINVAL. */
static int parse_flags(unsigned flags, unsigned *out)
{
	if ((flags & ~FUTEX2_VALID_MASK) || (flags & FUTEX2_NUMA) || (flags & FUTEX2_SIZE_MASK) != FUTEX2_SIZE_U32)
		return -EINVAL;
	*out = flags & FUTEX2_PRIVATE ? 0 : FLAG_SHARED;
	return 0;
}

static bool fits(u64 value) { return value >> 32 == 0; }

/* A moment of CLOCK_MONOTONIC or CLOCK_REALTIME: 0, -EINVAL, -EFAULT. */
static int read_deadline(const struct __kernel_timespec __user *utime, int clockid, u64 *deadline)
{
	u64 ns;
	int err;

	*deadline = KTIME_MAX;
	if (!utime)
		return 0;
	if (clockid != CLOCK_REALTIME && clockid != CLOCK_MONOTONIC)
		return -EINVAL;
	err = get_timespec(&ns, utime);
	if (!err)
		*deadline = futex_abs_deadline(ns, clockid == CLOCK_REALTIME);
	return err;
}

/* ---- futex_waitv ---- */

/* What a guest asks for and the waiter that comes of it. */
struct waitv_slot {
	struct futex_waiter w;
	u64 uaddr;
	u32 val;
	unsigned flags;
};

static int read_slot(struct waitv_slot *s, const struct futex_waitv __user *u)
{
	struct futex_waitv v;

	if (copy_from_user(&v, u, sizeof(v)))
		return -EFAULT;
	if ((v.flags & ~FUTEX2_VALID_MASK) || v.__reserved || parse_flags(v.flags, &s->flags) || !fits(v.val))
		return -EINVAL;
	s->uaddr = v.uaddr;
	s->val = (u32)v.val;
	s->w = (struct futex_waiter){ .task = current, .bitset = FUTEX_BITSET_MATCH_ANY };
	INIT_LIST_HEAD(&s->w.node);
	return 0;
}

static long woken_index(const struct waitv_slot *s, unsigned n)
{
	while (n-- > 0)
		if (s[n].w.woken)
			return (long)n;
	return -1;
}

/* Queues all and looks at their words: 0 or -errno. */
static long queue_slots(struct waitv_slot *s, unsigned n)
{
	u32 seen;

	for (unsigned i = 0; i < n; i++) {
		int err = futex_key(s[i].uaddr, s[i].flags, &s[i].w.key);

		if (err)
			return err;
	}
	for (unsigned i = 0; i < n; i++) {
		futex_enqueue(&s[i].w);
		if (user_load32(u64_to_uptr(s[i].uaddr), &seen))
			return -EFAULT;
		if (seen != s[i].val)
			return -EAGAIN;
	}
	return 0;
}

/* The index of one that was woken, or -errno. */
static long wait_slots(struct waitv_slot *s, unsigned n, u64 deadline)
{
	long err = queue_slots(s, n), index;
	bool timeout = false;

	while (!err && woken_index(s, n) < 0) {
		err = timeout ? -ETIMEDOUT : signal_pending(current) ? -ERESTARTSYS : 0;
		if (err)
			break;
		current->state = TASK_INTERRUPTIBLE;
		timeout = schedule_until(deadline);
		current->state = TASK_RUNNING;
	}
	for (unsigned i = 0; i < n; i++)
		list_del(&s[i].w.node);
	index = woken_index(s, n);
	return index >= 0 ? index : err;
}

SYSCALL_DEFINE5(futex_waitv, struct futex_waitv __user *, waiters, unsigned, nr_futexes, unsigned, flags,
	struct __kernel_timespec __user *, timeout, int, clockid)
{
	struct waitv_slot *s;
	u64 deadline;
	long ret;

	if (flags || !nr_futexes || nr_futexes > FUTEX_WAITV_MAX || !waiters)
		return -EINVAL;
	ret = read_deadline(timeout, clockid, &deadline);
	if (ret)
		return ret;
	s = kcalloc(nr_futexes, sizeof(*s));
	if (!s)
		return -ENOMEM;
	for (unsigned i = 0; !ret && i < nr_futexes; i++)
		ret = read_slot(&s[i], waiters + i);
	if (!ret)
		ret = wait_slots(s, nr_futexes, deadline);
	kfree(s);
	return ret;
}

/* ---- one command each ---- */

SYSCALL_DEFINE4(futex_wake, void __user *, uaddr, unsigned long, mask, int, nr, unsigned, flags)
{
	unsigned ours;

	if (parse_flags(flags, &ours) || !fits(mask))
		return -EINVAL;
	return futex_wake((u64)uaddr, ours | FLAG_STRICT, nr, (u32)mask);
}

SYSCALL_DEFINE6(futex_wait, void __user *, uaddr, unsigned long, val, unsigned long, mask, unsigned, flags,
	struct __kernel_timespec __user *, timeout, int, clockid)
{
	unsigned ours;
	u64 deadline;
	int err;

	if (parse_flags(flags, &ours) || !fits(val) || !fits(mask))
		return -EINVAL;
	err = read_deadline(timeout, clockid, &deadline);
	return err ? err : futex_wait_once((u64)uaddr, ours, (u32)val, deadline, (u32)mask);
}

SYSCALL_DEFINE4(futex_requeue, struct futex_waitv __user *, waiters, unsigned, flags, int, nr_wake, int, nr_requeue)
{
	struct waitv_slot *s;
	u32 cmpval;
	long ret;

	if (flags || !waiters)
		return -EINVAL;
	s = kcalloc(2, sizeof(*s));
	if (!s)
		return -ENOMEM;
	ret = read_slot(&s[0], waiters);
	if (!ret)
		ret = read_slot(&s[1], waiters + 1);
	cmpval = s[0].val;
	if (!ret)
		ret = futex_requeue(s[0].uaddr, s[0].flags, s[1].uaddr, s[1].flags, nr_wake, nr_requeue, &cmpval);
	kfree(s);
	return ret;
}
