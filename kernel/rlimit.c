/* Resource limits: getrlimit(2), setrlimit(2), prlimit(2). Those who consume a resource enforce its limit. */
#include "time/cputimer.h"
#include "sched.h"
#include "cred.h"
#include "host.h"
#include "string.h"
#include "syscalls.h"
#include <asm/resource.h>
#include <linux/capability.h>
#include <linux/resource.h>

#define NR_OPEN_MAX 1048576ull /* fs.nr_open: nobody may allow more descriptors */
BUILD_BUG_ON(RLIM_NLIMITS != 16);
BUILD_BUG_ON(sizeof(struct rlimit64) != sizeof(struct rlimit64_k));

u64 task_rlimit(const struct task *t, unsigned which) { return t->signal->rlim[which].cur; }
u64 rlimit(unsigned which) { return current->signal->rlim[which].cur; }

void rlimits_first(struct rlimit64_k *rlim)
{
	for (unsigned i = 0; i < RLIM_NLIMITS; i++) {
		rlim[i].cur = umk_options.rlimit[i].cur;
		rlim[i].max = umk_options.rlimit[i].max;
	}
	/* Whoever asks for core files has asked: the shell's usual limit of 0 is not meant. */
	if (umk_options.core)
		rlim[RLIMIT_CORE].cur = rlim[RLIMIT_CORE].max = RLIM64_INFINITY;
}

/* @new and @old may be NULL. 0, -EINVAL, -EPERM. */
static int do_prlimit(struct task *t, unsigned resource, const struct rlimit64_k *new, struct rlimit64_k *old)
{
	struct rlimit64_k *r;

	if (resource >= RLIM_NLIMITS)
		return -EINVAL;
	if (new && new->cur > new->max)
		return -EINVAL;
	if (new && resource == RLIMIT_NOFILE && new->max > NR_OPEN_MAX)
		return -EPERM;
	r = &t->signal->rlim[resource];
	if (new && new->max > r->max && !capable(CAP_SYS_RESOURCE))
		return -EPERM;
	if (old)
		*old = *r;
	if (new) {
		*r = *new;
		if (resource == RLIMIT_CPU)
			cpu_timers_start(t->signal);
	}
	return 0;
}

SYSCALL_DEFINE2(getrlimit, unsigned, resource, struct rlimit64_k __user *, rlim)
{
	struct rlimit64_k value;
	int err = do_prlimit(current, resource, NULL, &value);

	if (err)
		return err;
	return copy_to_user(rlim, &value, sizeof(value)) ? -EFAULT : 0;
}

SYSCALL_DEFINE2(setrlimit, unsigned, resource, const struct rlimit64_k __user *, rlim)
{
	struct rlimit64_k value;

	if (copy_from_user(&value, rlim, sizeof(value)))
		return -EFAULT;
	return do_prlimit(current, resource, &value, NULL);
}

static bool may_prlimit(const struct task *t)
{
	const struct cred *c = current->cred, *o = t->cred;

	if (t == current)
		return true;
	if (o && c->uid == o->euid && c->uid == o->suid && c->uid == o->uid && c->gid == o->egid && c->gid == o->sgid &&
	    c->gid == o->gid)
		return true;
	return capable(CAP_SYS_RESOURCE);
}

SYSCALL_DEFINE4(prlimit64, int, pid, unsigned, resource, const struct rlimit64_k __user *, new_rlim,
	struct rlimit64_k __user *, old_rlim)
{
	struct rlimit64_k new, old;
	struct task *t;
	int err;

	if (new_rlim && copy_from_user(&new, new_rlim, sizeof(new)))
		return -EFAULT;
	t = pid ? find_task(pid) : current;
	if (!t || !t->signal)
		return -ESRCH;
	if (!may_prlimit(t))
		return -EPERM;
	err = do_prlimit(t, resource, new_rlim ? &new : NULL, old_rlim ? &old : NULL);
	if (!err && old_rlim && copy_to_user(old_rlim, &old, sizeof(old)))
		return -EFAULT;
	return err;
}
