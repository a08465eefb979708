/* Scheduling policies: sched_setscheduler, sched_setattr and their kin. sched(7) says what each policy means; the host's
 * scheduler runs the guests. SCHED_BATCH, SCHED_IDLE and nice values are passed on to it. Real-time and deadline policies are
 * kept and reported but not passed on: a guest could take the kernel's own CPU away with them; the ledger counts each. */
#include "schedpolicy.h"
#include "cred.h"
#include "host.h"
#include "ktime.h"
#include "ledger.h"
#include "string.h"
#include "syscalls.h"
#include "../task.h"
#include "trap.h"
#include <asm/resource.h>
#include <linux/capability.h>
#include <linux/sched.h>
#include <linux/sched/types.h>

#define MAX_RT_PRIO 99
#define RR_TIMESLICE (100 * 1000000ull)     /* ns: sched_rr_timeslice_ms */
#define JIFFY (NSEC_PER_SEC / 250)
#define SLICE_MIN 100000ull
#define SLICE_MAX 100000000ull
#define BASE_SLICE 750000ull                /* for one CPU; more CPUs, longer slices */
#define DL_RUNTIME_MIN 1024ull
#define DL_PERIOD_MIN 100000ull             /* sched_deadline_period_min_us, _max_us */
#define DL_PERIOD_MAX (4194304ull * 1000)
#define TOP_BIT (1ull << 63)
#define KEEP_POLICY (-1)
#define DL_FLAGS (SCHED_FLAG_RECLAIM | SCHED_FLAG_DL_OVERRUN)

struct sched_param_user {
	int priority;
};

struct task *sched_target(int pid) { return pid ? find_task(pid) : current; }

bool sched_may_change(const struct task *t)
{
	const struct cred *c = current->cred, *o = t->cred;

	return (o && (c->euid == o->euid || c->euid == o->uid)) || capable(CAP_SYS_NICE);
}

bool nice_allowed(const struct task *t, int nice)
{
	return (u64)(20 - nice) <= task_rlimit(t, RLIMIT_NICE);
}

/* ---- life of a task ---- */

static bool rt_policy(int policy) { return policy == SCHED_FIFO || policy == SCHED_RR; }
static bool fair_policy(int policy) { return policy == SCHED_NORMAL || policy == SCHED_BATCH; }

int sched_fork(struct task *child, const struct task *parent)
{
	child->sched_policy = parent->sched_policy;
	child->rt_priority = parent->rt_priority;
	child->nice = parent->nice;
	child->sched_slice = parent->sched_slice;
	if (parent->sched_reset_on_fork) {
		if (rt_policy(parent->sched_policy) || parent->sched_policy == SCHED_DEADLINE) {
			child->sched_policy = SCHED_NORMAL;
			child->rt_priority = 0;
			child->nice = 0;
		}
		child->nice = max(child->nice, 0);
		child->sched_slice = 0;
	}
	return child->sched_policy == SCHED_DEADLINE ? -EAGAIN : 0;
}

void sched_apply(struct task *t)
{
	int policy = t->sched_policy, err;

	if (!t->tt)
		return;
	if (memcmp(t->cpu_mask, host_info.cpu_mask, sizeof(t->cpu_mask)) != 0)
		trap->set_affinity(t->tt, t->cpu_mask, ARRAY_SIZE(t->cpu_mask));
	if (!trap->set_sched)
		return;
	if (rt_policy(policy) || policy == SCHED_DEADLINE)
		policy = SCHED_NORMAL;
	err = trap->set_sched(t->tt, policy, t->nice);
	if (err)
		LEDGER("scheduling that the host refuses (nice value)", t->nice);
}

/* ---- checks ---- */

/* sched(7), "Deadline scheduling": runtime <= deadline <= period. */
static bool deadline_sane(const struct sched_attr *a)
{
	u64 period = a->sched_period ? a->sched_period : a->sched_deadline;

	if (!a->sched_deadline || a->sched_runtime < DL_RUNTIME_MIN || ((a->sched_deadline | a->sched_period) & TOP_BIT))
		return false;
	if (period < a->sched_deadline || a->sched_deadline < a->sched_runtime)
		return false;
	return period >= DL_PERIOD_MIN && period <= DL_PERIOD_MAX;
}

/* May @t get this without CAP_SYS_NICE? */
static bool unprivileged_may(const struct task *t, const struct sched_attr *a, int policy, bool reset)
{
	const struct cred *c = current->cred, *o = t->cred;
	u64 rtprio = task_rlimit(t, RLIMIT_RTPRIO);

	if (fair_policy(policy) && a->sched_nice < t->nice && !nice_allowed(t, a->sched_nice))
		return false;
	if (rt_policy(policy) && policy != t->sched_policy && !rtprio)
		return false;
	if (rt_policy(policy) && a->sched_priority > t->rt_priority && a->sched_priority > rtprio)
		return false;
	if (policy == SCHED_DEADLINE)
		return false;
	if (t->sched_policy == SCHED_IDLE && policy != SCHED_IDLE && !nice_allowed(t, t->nice))
		return false;
	if (!o || (c->euid != o->euid && c->euid != o->uid))
		return false;
	return !t->sched_reset_on_fork || reset;
}

static void store(struct task *t, const struct sched_attr *a, int policy, bool reset)
{
	t->sched_reset_on_fork = reset;
	if (a->sched_flags & SCHED_FLAG_KEEP_PARAMS)
		return; /* and the policy with them, whatever was asked */
	t->sched_policy = policy;
	t->rt_priority = a->sched_priority;
	if (fair_policy(policy)) {
		t->nice = a->sched_nice;
		t->sched_slice = a->sched_runtime ? min(max((u64)a->sched_runtime, SLICE_MIN), SLICE_MAX) : 0;
	}
	if (policy == SCHED_DEADLINE) {
		t->dl_runtime = a->sched_runtime;
		t->dl_deadline = a->sched_deadline;
		t->dl_period = a->sched_period ? a->sched_period : a->sched_deadline;
		t->dl_flags = a->sched_flags & DL_FLAGS;
	}
	if (rt_policy(policy) || policy == SCHED_DEADLINE)
		LEDGER("real-time scheduling policy not applied on the host", policy);
	sched_apply(t);
}

/* The work of all setters; @policy may be KEEP_POLICY. 0, EINVAL, EPERM, EOPNOTSUPP; in Linux's order. */
static int set_scheduler(struct task *t, const struct sched_attr *a, int policy)
{
	bool reset = a->sched_flags & SCHED_FLAG_RESET_ON_FORK;

	if (policy == KEEP_POLICY) {
		policy = t->sched_policy;
		reset = t->sched_reset_on_fork;
	} else if (!fair_policy(policy) && policy != SCHED_IDLE && !rt_policy(policy) && policy != SCHED_DEADLINE) {
		return -EINVAL;
	}
	if (a->sched_flags & ~(u64)SCHED_FLAG_ALL)
		return -EINVAL;
	if (a->sched_priority > MAX_RT_PRIO || (policy == SCHED_DEADLINE && !deadline_sane(a)) ||
	    rt_policy(policy) != (a->sched_priority != 0))
		return -EINVAL;
	if (!unprivileged_may(t, a, policy, reset) && !capable(CAP_SYS_NICE))
		return -EPERM;
	if (a->sched_flags & SCHED_FLAG_UTIL_CLAMP) {
		LEDGER("sched_setattr utilization clamp", a->sched_flags);
		return -EOPNOTSUPP; /* as a kernel without CONFIG_UCLAMP_TASK */
	}
	store(t, a, policy, reset);
	return 0;
}

/* ---- the calls with a plain parameter ---- */

static int set_param(int pid, int policy, const struct sched_param_user __user *param)
{
	struct sched_param_user p;
	struct sched_attr a;
	struct task *t;

	if (!param || pid < 0)
		return -EINVAL;
	if (copy_from_user(&p, param, sizeof(p)))
		return -EFAULT;
	t = sched_target(pid);
	if (!t)
		return -ESRCH;
	memset(&a, 0, sizeof(a));
	a.sched_priority = (u32)p.priority;
	a.sched_nice = t->nice;
	a.sched_runtime = t->sched_slice;
	if (policy != KEEP_POLICY && (policy & SCHED_RESET_ON_FORK)) {
		a.sched_flags |= SCHED_FLAG_RESET_ON_FORK;
		policy &= ~SCHED_RESET_ON_FORK;
	}
	return set_scheduler(t, &a, policy);
}

SYSCALL_DEFINE3(sched_setscheduler, int, pid, int, policy, const struct sched_param_user __user *, param)
{
	return policy < 0 ? -EINVAL : set_param(pid, policy, param);
}

SYSCALL_DEFINE2(sched_setparam, int, pid, const struct sched_param_user __user *, param)
{
	return set_param(pid, KEEP_POLICY, param);
}

SYSCALL_DEFINE1(sched_getscheduler, int, pid)
{
	const struct task *t;

	if (pid < 0)
		return -EINVAL;
	t = sched_target(pid);
	if (!t)
		return -ESRCH;
	return t->sched_policy | (t->sched_reset_on_fork ? SCHED_RESET_ON_FORK : 0);
}

SYSCALL_DEFINE2(sched_getparam, int, pid, struct sched_param_user __user *, param)
{
	struct sched_param_user p;
	const struct task *t;

	if (!param || pid < 0)
		return -EINVAL;
	t = sched_target(pid);
	if (!t)
		return -ESRCH;
	p.priority = (int)t->rt_priority;
	return copy_to_user(param, &p, sizeof(p)) ? -EFAULT : 0;
}

/* ---- the calls with attributes ---- */

/* The size that this kernel knows is told to a caller whose structure is too small, or says things nobody knows. */
static int size_error(struct sched_attr __user *uattr)
{
	(void)put_user((u32)sizeof(struct sched_attr), &uattr->size);
	return -E2BIG;
}

/* What lies beyond the fields known here must be zero. */
static bool rest_is_zero(const char __user *p, size_t size)
{
	u8 more[64];

	while (size) {
		size_t n = min(size, sizeof(more));

		if (copy_from_user(more, p, n))
			return false;
		for (size_t i = 0; i < n; i++)
			if (more[i])
				return false;
		p += n;
		size -= n;
	}
	return true;
}

static int copy_attr(struct sched_attr *a, struct sched_attr __user *uattr)
{
	u32 size;

	memset(a, 0, sizeof(*a));
	if (get_user(size, &uattr->size))
		return -EFAULT;
	if (!size)
		size = SCHED_ATTR_SIZE_VER0;
	if (size < SCHED_ATTR_SIZE_VER0 || size > PAGE_SIZE)
		return size_error(uattr);
	if (copy_from_user(a, uattr, min((size_t)size, sizeof(*a))))
		return -EFAULT;
	if (size > sizeof(*a) && !rest_is_zero((const char __user *)uattr + sizeof(*a), size - sizeof(*a)))
		return size_error(uattr);
	if ((a->sched_flags & SCHED_FLAG_UTIL_CLAMP) && size < SCHED_ATTR_SIZE_VER1)
		return -EINVAL;
	a->sched_nice = max(NICE_MIN, min(NICE_MAX, a->sched_nice));
	return 0;
}

static u64 slice_of(const struct task *t)
{
	unsigned cpus = min(host_info.cpus, 8u), factor = 1;

	while (cpus >>= 1)
		factor++;
	return t->sched_slice ? t->sched_slice : BASE_SLICE * factor;
}

static void get_params(const struct task *t, struct sched_attr *a)
{
	if (t->sched_policy == SCHED_DEADLINE) {
		a->sched_runtime = t->dl_runtime;
		a->sched_deadline = t->dl_deadline;
		a->sched_period = t->dl_period;
		a->sched_flags = (a->sched_flags & ~(u64)DL_FLAGS) | t->dl_flags;
	} else if (rt_policy(t->sched_policy)) {
		a->sched_priority = t->rt_priority;
	} else {
		a->sched_nice = t->nice;
		a->sched_runtime = slice_of(t);
	}
}

/* sched_setattr(2): EINVAL, EFAULT, E2BIG, ESRCH, EPERM, EOPNOTSUPP. */
SYSCALL_DEFINE3(sched_setattr, int, pid, struct sched_attr __user *, uattr, unsigned, flags)
{
	struct sched_attr a;
	struct task *t;
	int err, policy;

	if (!uattr || pid < 0 || flags)
		return -EINVAL;
	err = copy_attr(&a, uattr);
	if (err)
		return err;
	policy = (int)a.sched_policy;
	if (policy < 0)
		return -EINVAL;
	if (a.sched_flags & SCHED_FLAG_KEEP_POLICY)
		policy = KEEP_POLICY;
	t = sched_target(pid);
	if (!t)
		return -ESRCH;
	if (a.sched_flags & SCHED_FLAG_KEEP_PARAMS)
		get_params(t, &a);
	return set_scheduler(t, &a, policy);
}

/* sched_getattr(2): EINVAL, ESRCH, EFAULT. */
SYSCALL_DEFINE4(sched_getattr, int, pid, struct sched_attr __user *, uattr, unsigned, usize, unsigned, flags)
{
	const struct task *t;
	struct sched_attr a;

	if (!uattr || pid < 0 || usize > PAGE_SIZE || usize < SCHED_ATTR_SIZE_VER0 || flags)
		return -EINVAL;
	t = sched_target(pid);
	if (!t)
		return -ESRCH;
	memset(&a, 0, sizeof(a));
	a.size = min(usize, (unsigned)sizeof(a));
	a.sched_policy = (u32)t->sched_policy;
	a.sched_flags = t->sched_reset_on_fork ? SCHED_FLAG_RESET_ON_FORK : 0;
	get_params(t, &a);
	if (copy_to_user(uattr, &a, a.size))
		return -EFAULT;
	return clear_user((char __user *)uattr + a.size, usize - a.size) ? -EFAULT : 0;
}

/* ---- facts ---- */

SYSCALL_DEFINE1(sched_get_priority_max, int, policy)
{
	if (rt_policy(policy))
		return MAX_RT_PRIO;
	return fair_policy(policy) || policy == SCHED_IDLE || policy == SCHED_DEADLINE ? 0 : -EINVAL;
}

SYSCALL_DEFINE1(sched_get_priority_min, int, policy)
{
	if (rt_policy(policy))
		return 1;
	return fair_policy(policy) || policy == SCHED_IDLE || policy == SCHED_DEADLINE ? 0 : -EINVAL;
}

/* sched_rr_get_interval(2): EINVAL, ESRCH, EFAULT. An ordinary task's slice in whole ticks of 250 Hz. */
SYSCALL_DEFINE2(sched_rr_get_interval, int, pid, struct __kernel_timespec __user *, tp)
{
	const struct task *t;
	u64 ns = 0;

	if (pid < 0)
		return -EINVAL;
	t = sched_target(pid);
	if (!t)
		return -ESRCH;
	if (t->sched_policy == SCHED_RR)
		ns = RR_TIMESLICE;
	else if (!rt_policy(t->sched_policy) && t->sched_policy != SCHED_DEADLINE)
		ns = slice_of(t) / JIFFY * JIFFY;
	return put_timespec(ns, tp);
}
