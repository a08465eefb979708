/* The calls about where and how eagerly a task runs: yielding, CPUs, nice values. The host's scheduler runs the guests, so
 * affinity and nice values are applied there, as far as the host lets umk. Policies are schedpolicy.c's. */
#include "schedpolicy.h"
#include "cred.h"
#include "host.h"
#include "string.h"
#include "syscalls.h"
#include "../task.h"
#include "trap.h"
#include <asm/resource.h>
#include <linux/capability.h>
#include <linux/resource.h>
#include <linux/sched.h>

SYSCALL_DEFINE0(sched_yield)
{
	current->state = TASK_RUNNING;
	schedule();
	return 0;
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
	t = sched_target(pid);
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
	t = sched_target(pid);
	if (!t || !t->tt)
		return -ESRCH;
	if (!sched_may_change(t))
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

/* ---- nice values ---- */

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
	if (nice < t->nice && !nice_allowed(t, nice) && !capable(CAP_SYS_NICE))
		return -EACCES;
	if (nice == t->nice)
		return 0;
	t->nice = nice;
	sched_apply(t);
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
