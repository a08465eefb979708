/* kernel/sched/schedpolicy.c: which policies go with which parameters, who may have them, what fork hands on, and structures of
 * sizes that this kernel does not know. */
#include "mm_unit.h"
#include "kernel/sched/schedpolicy.h"
#include <asm/resource.h>
#include <linux/capability.h>
#include <linux/sched.h>
#include <linux/sched/types.h>

long __x64_sys_sched_setscheduler(const struct pt_regs *regs);
long __x64_sys_sched_setattr(const struct pt_regs *regs);
long __x64_sys_sched_getattr(const struct pt_regs *regs);
long __x64_sys_sched_rr_get_interval(const struct pt_regs *regs);

#define MSEC 1000000ull

static u64 page; /* of the guest's */

static void start(u64 caps)
{
	mm_unit_start();
	current->tt = mm_unit_mms[0].task;
	memcpy(current->cpu_mask, host_info.cpu_mask, sizeof(current->cpu_mask));
	mm_unit_signal.rlim[RLIMIT_NICE].cur = mm_unit_signal.rlim[RLIMIT_RTPRIO].cur = 0;
	mm_unit_cred.euid = mm_unit_cred.uid = 1000;
	mm_unit_cred.cap_effective = caps;
	page = map_anon(0, 2 * PAGE_SIZE, RW, PRIVATE_ANON);
}

static long set_scheduler(int policy, int priority)
{
	struct pt_regs regs = { .di = 0, .si = (unsigned long)policy, .dx = page };

	ck_assert_uint_eq(copy_to_user(u64_to_uptr(page), &priority, sizeof(priority)), 0);
	return __x64_sys_sched_setscheduler(&regs);
}

static long set_attr(struct sched_attr a)
{
	struct pt_regs regs = { .si = page };

	if (!a.size)
		a.size = sizeof(a);
	ck_assert_uint_eq(copy_to_user(u64_to_uptr(page), &a, sizeof(a)), 0);
	return __x64_sys_sched_setattr(&regs);
}

static struct sched_attr get_attr(void)
{
	struct pt_regs regs = { .si = page, .dx = sizeof(struct sched_attr) };
	struct sched_attr a;

	ck_assert_int_eq(__x64_sys_sched_getattr(&regs), 0);
	ck_assert_uint_eq(copy_from_user(&a, u64_to_uptr(page), sizeof(a)), 0);
	return a;
}

START_TEST(test_priorities)
{
	start(1ull << CAP_SYS_NICE);
	ck_assert_int_eq(set_scheduler(SCHED_FIFO, 0), -EINVAL);
	ck_assert_int_eq(set_scheduler(SCHED_FIFO, 100), -EINVAL);
	ck_assert_int_eq(set_scheduler(SCHED_FIFO, -1), -EINVAL);
	ck_assert_int_eq(set_scheduler(SCHED_NORMAL, 1), -EINVAL);
	ck_assert_int_eq(set_scheduler(SCHED_IDLE, 1), -EINVAL);
	ck_assert_int_eq(set_scheduler(4, 0), -EINVAL);
	ck_assert_int_eq(set_scheduler(-1, 0), -EINVAL);
	ck_assert_int_eq(set_scheduler(SCHED_RR | SCHED_RESET_ON_FORK, 99), 0);
	ck_assert_int_eq(current->sched_policy, SCHED_RR);
	ck_assert_uint_eq(current->rt_priority, 99);
	ck_assert(current->sched_reset_on_fork);
	/* a deadline is no matter of this call: it would have none */
	ck_assert_int_eq(set_scheduler(SCHED_DEADLINE, 0), -EINVAL);
}
END_TEST

START_TEST(test_rights)
{
	start(0);
	ck_assert_int_eq(set_scheduler(SCHED_FIFO, 1), -EPERM);
	ck_assert_int_eq(set_scheduler(SCHED_BATCH, 0), 0);
	ck_assert_int_eq(set_scheduler(SCHED_IDLE, 0), 0);
	/* out of idleness only where nice 0 would be allowed */
	ck_assert_int_eq(set_scheduler(SCHED_NORMAL, 0), -EPERM);
	mm_unit_signal.rlim[RLIMIT_NICE].cur = 20;
	ck_assert_int_eq(set_scheduler(SCHED_NORMAL, 0), 0);
	ck_assert(nice_allowed(current, 0));
	ck_assert(!nice_allowed(current, -1));
	/* up to RLIMIT_RTPRIO, and what one has once one may keep */
	mm_unit_signal.rlim[RLIMIT_RTPRIO].cur = 10;
	ck_assert_int_eq(set_scheduler(SCHED_RR, 11), -EPERM);
	ck_assert_int_eq(set_scheduler(SCHED_RR, 10), 0);
	mm_unit_signal.rlim[RLIMIT_RTPRIO].cur = 0;
	ck_assert_int_eq(set_scheduler(SCHED_RR, 9), 0);
	ck_assert_int_eq(set_scheduler(SCHED_FIFO, 9), -EPERM);
	/* once set, only privilege takes it away */
	ck_assert_int_eq(set_scheduler(SCHED_RR | SCHED_RESET_ON_FORK, 9), 0);
	ck_assert_int_eq(set_scheduler(SCHED_RR, 9), -EPERM);
}
END_TEST

START_TEST(test_others)
{
	static struct task other;
	static struct cred cred;

	start(0);
	other.cred = &cred;
	cred.uid = cred.euid = 1001;
	ck_assert(!sched_may_change(&other));
	cred.uid = 1000; /* the real user counts as well */
	ck_assert(sched_may_change(&other));
	cred.uid = 1001;
	mm_unit_cred.cap_effective = 1ull << CAP_SYS_NICE;
	ck_assert(sched_may_change(&other));
	ck_assert_ptr_eq(sched_target(0), current);
}
END_TEST

START_TEST(test_deadline)
{
	struct sched_attr a = { .sched_policy = SCHED_DEADLINE, .sched_runtime = 10 * MSEC, .sched_deadline = 20 * MSEC,
		.sched_period = 30 * MSEC }, bad;
	static struct task child;

	start(1ull << CAP_SYS_NICE);
	bad = a, bad.sched_runtime = 1023;
	ck_assert_int_eq(set_attr(bad), -EINVAL);
	bad = a, bad.sched_runtime = 21 * MSEC;
	ck_assert_int_eq(set_attr(bad), -EINVAL);
	bad = a, bad.sched_period = 19 * MSEC;
	ck_assert_int_eq(set_attr(bad), -EINVAL);
	bad = a, bad.sched_period = 1ull << 63;
	ck_assert_int_eq(set_attr(bad), -EINVAL);
	bad = a, bad.sched_deadline = 0;
	ck_assert_int_eq(set_attr(bad), -EINVAL);
	ck_assert_int_eq(set_attr(a), 0);
	a = get_attr();
	ck_assert_uint_eq(a.sched_policy, SCHED_DEADLINE);
	ck_assert_uint_eq(a.sched_period, 30 * MSEC);
	/* no child inherits it, and without the flag there is no child */
	ck_assert_int_eq(sched_fork(&child, current), -EAGAIN);
	current->sched_reset_on_fork = true;
	ck_assert_int_eq(sched_fork(&child, current), 0);
	ck_assert_int_eq(child.sched_policy, SCHED_NORMAL);
	a.sched_period = 0;
	a.sched_flags = 0;
	ck_assert_int_eq(set_attr(a), 0);
	ck_assert_uint_eq(get_attr().sched_period, 20 * MSEC);
}
END_TEST

START_TEST(test_fork)
{
	static struct task child;

	start(0);
	current->sched_policy = SCHED_BATCH;
	current->nice = -5;
	current->sched_slice = MSEC;
	ck_assert_int_eq(sched_fork(&child, current), 0);
	ck_assert_int_eq(child.sched_policy, SCHED_BATCH);
	ck_assert_int_eq(child.nice, -5);
	ck_assert_uint_eq(child.sched_slice, MSEC);
	ck_assert(!child.sched_reset_on_fork);
	current->sched_reset_on_fork = true;
	ck_assert_int_eq(sched_fork(&child, current), 0);
	ck_assert_int_eq(child.sched_policy, SCHED_BATCH);
	ck_assert_int_eq(child.nice, 0);
	ck_assert_uint_eq(child.sched_slice, 0);
	current->nice = 5;
	sched_fork(&child, current);
	ck_assert_int_eq(child.nice, 5);
	current->sched_policy = SCHED_FIFO;
	current->rt_priority = 7;
	sched_fork(&child, current);
	ck_assert_int_eq(child.sched_policy, SCHED_NORMAL);
	ck_assert_uint_eq(child.rt_priority, 0);
	ck_assert_int_eq(child.nice, 0);
}
END_TEST

START_TEST(test_attr)
{
	struct sched_attr a = { .sched_policy = SCHED_NORMAL, .sched_nice = 100, .sched_runtime = 1 };

	start(0);
	ck_assert_int_eq(set_attr(a), 0);
	ck_assert_int_eq(current->nice, NICE_MAX); /* clamped, as the slice is */
	ck_assert_uint_eq(get_attr().sched_runtime, 100000);
	a.sched_flags = SCHED_FLAG_KEEP_POLICY | SCHED_FLAG_KEEP_PARAMS;
	a.sched_policy = SCHED_BATCH;
	ck_assert_int_eq(set_attr(a), 0);
	ck_assert_int_eq(current->sched_policy, SCHED_NORMAL);
	a.sched_flags = 1ull << 40;
	ck_assert_int_eq(set_attr(a), -EINVAL);
	a.sched_flags = SCHED_FLAG_UTIL_CLAMP_MIN;
	ck_assert_int_eq(set_attr(a), -EOPNOTSUPP);
	a.size = SCHED_ATTR_SIZE_VER0;
	ck_assert_int_eq(set_attr(a), -EINVAL);
	a.sched_flags = 0;
	ck_assert_int_eq(set_attr(a), 0);
	a.size = SCHED_ATTR_SIZE_VER0 - 1;
	ck_assert_int_eq(set_attr(a), -E2BIG);
	ck_assert_uint_eq(get_attr().size, sizeof(a));
}
END_TEST

/* More than this kernel knows is no matter while it is zero. */
START_TEST(test_larger_attr)
{
	struct sched_attr a = { .sched_policy = SCHED_BATCH, .size = sizeof(a) + 100 };
	u8 one = 1;
	u32 size;

	start(0);
	ck_assert_int_eq(set_attr(a), 0);
	ck_assert_int_eq(current->sched_policy, SCHED_BATCH);
	ck_assert_uint_eq(copy_to_user(u64_to_uptr(page + sizeof(a) + 99), &one, 1), 0);
	ck_assert_int_eq(set_attr(a), -E2BIG);
	ck_assert_uint_eq(copy_from_user(&size, u64_to_uptr(page + offsetof(struct sched_attr, size)), 4), 0);
	ck_assert_uint_eq(size, sizeof(a));
	a.size = PAGE_SIZE + 1;
	ck_assert_int_eq(set_attr(a), -E2BIG);
}
END_TEST

START_TEST(test_interval)
{
	struct pt_regs regs = { 0 };
	s64 ts[2];

	start(0);
	regs.si = page;
	current->sched_policy = SCHED_RR;
	ck_assert_int_eq(__x64_sys_sched_rr_get_interval(&regs), 0);
	ck_assert_uint_eq(copy_from_user(ts, u64_to_uptr(page), sizeof(ts)), 0);
	ck_assert_uint_eq(ts[0], 0);
	ck_assert_uint_eq(ts[1], 100 * MSEC);
	current->sched_policy = SCHED_FIFO; /* for as long as it likes */
	ck_assert_int_eq(__x64_sys_sched_rr_get_interval(&regs), 0);
	ck_assert_uint_eq(copy_from_user(ts, u64_to_uptr(page), sizeof(ts)), 0);
	ck_assert_uint_eq(ts[1], 0);
	regs.di = (unsigned long)-1;
	ck_assert_int_eq(__x64_sys_sched_rr_get_interval(&regs), -EINVAL);
}
END_TEST

UNIT_MAIN("schedpolicy", test_priorities, test_rights, test_others, test_deadline, test_fork, test_attr, test_larger_attr,
	test_interval)
