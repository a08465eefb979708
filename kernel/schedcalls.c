/* The calls about scheduling: yielding, CPUs, policies, priorities. The host's scheduler runs the guests; affinity is
 * applied there, priorities are remembered. */
#include "sched.h"
#include "cred.h"
#include "host.h"
#include "ktime.h"
#include "ledger.h"
#include "string.h"
#include "syscalls.h"
#include "trap.h"
#include <asm/resource.h>
#include <linux/capability.h>
#include <linux/resource.h>
#include <linux/sched.h>

struct sched_param_user {
	int priority;
};
#define MAX_RT_PRIO 99

SYSCALL_DEFINE0(sched_yield)
{
	current->state = TASK_RUNNING;
	schedule();
	return 0;
}

static struct task *target(int pid) { return pid ? find_task(pid) : current; }

/* May current change how @t is scheduled? */
static bool may_schedule(const struct task *t)
{
	const struct cred *c = current->cred, *o = t->cred;

	return (o && (c->euid == o->euid || c->euid == o->uid)) || capable(CAP_SYS_NICE);
}

/* ---- CPUs ---- */

/* Words of a mask that holds every CPU of the host that umk may use: what sched_getaffinity(2) answers. */
static unsigned mask_words(void)
{
	unsigned n = ARRAY_SIZE(host_info.cpu_mask);

	while (n > 1 && !host_info.cpu_mask[n - 1])
		n--;
	return n;
}

SYSCALL_DEFINE3(sched_getaffinity, int, pid, unsigned, len, u64 __user *, umask)
{
	unsigned size = min(len, mask_words() * (unsigned)sizeof(u64));
	const struct task *t;

	if (len < mask_words() * sizeof(u64) || len % sizeof(u64))
		return -EINVAL;
	if (pid < 0)
		return -EINVAL;
	t = target(pid);
	if (!t || !t->tt)
		return -ESRCH;
	return copy_to_user(umask, t->cpu_mask, size) ? -EFAULT : (long)size;
}

SYSCALL_DEFINE3(sched_setaffinity, int, pid, unsigned, len, const u64 __user *, umask)
{
	u64 mask[ARRAY_SIZE(current->cpu_mask)], any = 0;
	struct task *t;
	int err;

	memset(mask, 0, sizeof(mask));
	if (copy_from_user(mask, umask, min((size_t)len, sizeof(mask))))
		return -EFAULT;
	t = target(pid);
	if (!t || !t->tt)
		return -ESRCH;
	if (!may_schedule(t))
		return -EPERM;
	for (unsigned i = 0; i < ARRAY_SIZE(mask); i++)
		any |= mask[i] &= host_info.cpu_mask[i];
	if (!any)
		return -EINVAL;
	err = trap->set_affinity(t->tt, mask, ARRAY_SIZE(mask));
	if (!err)
		memcpy(t->cpu_mask, mask, sizeof(mask));
	return err;
}

SYSCALL_DEFINE3(getcpu, u32 __user *, cpu, u32 __user *, node, void __user *, unused)
{
	int where = trap->cpu ? trap->cpu(current->tt) : 0;

	if (where < 0)
		where = 0;
	if (cpu && put_user((u32)where, cpu))
		return -EFAULT;
	if (node && put_user((u32)0, node))
		return -EFAULT;
	return 0;
}

/* ---- policies ---- */

static bool rt_policy(int policy) { return policy == SCHED_FIFO || policy == SCHED_RR; }

static int set_policy(int pid, int policy, const struct sched_param_user __user *param)
{
	struct sched_param_user p;
	bool reset = false;
	struct task *t;

	if (!param || pid < 0)
		return -EINVAL;
	if (copy_from_user(&p, param, sizeof(p)))
		return -EFAULT;
	t = target(pid);
	if (!t || !t->tt)
		return -ESRCH;
	if (policy < 0) {
		policy = t->sched_policy;
		reset = t->sched_reset_on_fork;
	} else {
		reset = policy & SCHED_RESET_ON_FORK;
		policy &= ~SCHED_RESET_ON_FORK;
		if (policy != SCHED_NORMAL && policy != SCHED_BATCH && policy != SCHED_IDLE && !rt_policy(policy))
			return -EINVAL;
	}
	if (p.priority < 0 || p.priority > MAX_RT_PRIO || rt_policy(policy) != (p.priority != 0))
		return -EINVAL;
	if (!may_schedule(t))
		return -EPERM;
	if (rt_policy(policy)) {
		if (capable(CAP_SYS_NICE))
			LEDGER("real-time scheduling policy", policy);
		return -EPERM;
	}
	t->sched_policy = policy;
	t->sched_reset_on_fork = reset;
	return 0;
}

SYSCALL_DEFINE3(sched_setscheduler, int, pid, int, policy, const struct sched_param_user __user *, param)
{
	return policy < 0 ? -EINVAL : set_policy(pid, policy, param);
}

SYSCALL_DEFINE2(sched_setparam, int, pid, const struct sched_param_user __user *, param)
{
	return set_policy(pid, -1, param);
}

SYSCALL_DEFINE1(sched_getscheduler, int, pid)
{
	const struct task *t;

	if (pid < 0)
		return -EINVAL;
	t = target(pid);
	if (!t || !t->signal)
		return -ESRCH;
	return t->sched_policy | (t->sched_reset_on_fork ? SCHED_RESET_ON_FORK : 0);
}

SYSCALL_DEFINE2(sched_getparam, int, pid, struct sched_param_user __user *, param)
{
	struct sched_param_user p = { 0 };

	if (!param || pid < 0)
		return -EINVAL;
	if (!target(pid))
		return -ESRCH;
	return copy_to_user(param, &p, sizeof(p)) ? -EFAULT : 0;
}

SYSCALL_DEFINE1(sched_get_priority_max, int, policy)
{
	switch (policy) {
	case SCHED_FIFO:
	case SCHED_RR:
		return MAX_RT_PRIO;
	case SCHED_NORMAL:
	case SCHED_BATCH:
	case SCHED_IDLE:
	case SCHED_DEADLINE:
		return 0;
	default:
		return -EINVAL;
	}
}

SYSCALL_DEFINE1(sched_get_priority_min, int, policy)
{
	switch (policy) {
	case SCHED_FIFO:
	case SCHED_RR:
		return 1;
	case SCHED_NORMAL:
	case SCHED_BATCH:
	case SCHED_IDLE:
	case SCHED_DEADLINE:
		return 0;
	default:
		return -EINVAL;
	}
}

/* sched_rr_get_interval(2): EINVAL, ESRCH, EFAULT. What an ordinary task's slice comes to with ticks of 250 Hz. */
SYSCALL_DEFINE2(sched_rr_get_interval, int, pid, struct __kernel_timespec __user *, tp)
{
	if (pid < 0)
		return -EINVAL;
	return target(pid) ? put_timespec(NSEC_PER_SEC / 250, tp) : -ESRCH;
}

/* ---- nice values ---- */

#define NICE_MIN (-20)
#define NICE_MAX 19

static bool priority_matches(const struct task *t, int which, u32 who)
{
	switch (which) {
	case PRIO_PROCESS:
		return t->pid == (int)(who ? who : (u32)current->pid);
	case PRIO_PGRP:
		return t->signal->pgid == (int)(who ? who : (u32)current->signal->pgid);
	default:
		return t->cred && t->cred->uid == (who ? who : current->cred->uid);
	}
}

static int set_nice(struct task *t, int nice)
{
	const struct cred *c = current->cred;

	if (t->cred && t->cred->uid != c->euid && t->cred->euid != c->euid && !capable(CAP_SYS_NICE))
		return -EPERM;
	if (nice < t->nice && (u64)(20 - nice) > task_rlimit(t, RLIMIT_NICE) && !capable(CAP_SYS_NICE))
		return -EACCES;
	if (nice != t->nice)
		LEDGER("nice value not applied on the host", nice);
	t->nice = nice;
	return 0;
}

SYSCALL_DEFINE3(setpriority, int, which, int, who, int, niceval)
{
	struct task *t;
	int err = -ESRCH;

	if (which < PRIO_PROCESS || which > PRIO_USER)
		return -EINVAL;
	niceval = max(NICE_MIN, min(NICE_MAX, niceval));
	list_for_each_entry(t, &all_tasks, task_node) {
		int e;

		if (!priority_matches(t, which, (u32)who))
			continue;
		e = set_nice(t, niceval);
		if (e || err == -ESRCH)
			err = e;
	}
	return err;
}

/* 40 for the highest priority (-20) down to 1, so that no answer looks like an error. */
SYSCALL_DEFINE2(getpriority, int, which, int, who)
{
	const struct task *t;
	long best = -ESRCH;

	if (which < PRIO_PROCESS || which > PRIO_USER)
		return -EINVAL;
	list_for_each_entry(t, &all_tasks, task_node)
		if (priority_matches(t, which, (u32)who))
			best = max(best, (long)(20 - t->nice));
	return best;
}
