/* Priorities of I/O: ioprio_set and ioprio_get. What is set is kept, inherited and reported; the host schedules the I/O, in
 * helpers that serve every guest, so nothing is passed on and each setting is counted. */
#include "cred.h"
#include "ledger.h"
#include "sched.h"
#include "slab.h"
#include "syscalls.h"
#include "../task.h"
#include <linux/capability.h>
#include <linux/ioprio.h>
#include <linux/sched.h>

#define IOPRIO_LEVEL(prio) ((prio) & (IOPRIO_NR_LEVELS - 1))
#define IOPRIO_CLASS(prio) ((prio) >> IOPRIO_CLASS_SHIFT & IOPRIO_CLASS_MASK)

struct io_context {
	u32 refs;  /* tasks: CLONE_IO shares it */
	int prio;
};

/* ---- life ---- */

static struct io_context *io_context_alloc(int prio)
{
	struct io_context *io = kmalloc(sizeof(*io));

	if (io) {
		io->refs = 1;
		io->prio = prio;
	}
	return io;
}

int io_context_fork(struct task *child, bool share)
{
	struct io_context *io = current->io;

	if (!io)
		return 0;
	if (share) {
		io->refs++;
		child->io = io;
		return 0;
	}
	if (IOPRIO_CLASS(io->prio) == IOPRIO_CLASS_NONE)
		return 0;
	child->io = io_context_alloc(io->prio);
	return child->io ? 0 : -ENOMEM;
}

void io_context_exit(struct task *t)
{
	struct io_context *io = t->io;

	t->io = NULL;
	if (io && !--io->refs)
		kfree(io);
}

/* ---- the calls ---- */

/* Without a class of its own a task's I/O goes by its nice value (ioprio_set(2)). */
static int effective_prio(const struct task *t)
{
	int level = (t->nice + 20) / 5;

	if (t->io && IOPRIO_CLASS(t->io->prio) != IOPRIO_CLASS_NONE)
		return t->io->prio;
	switch (t->sched_policy) {
	case SCHED_IDLE:
		return IOPRIO_PRIO_VALUE(IOPRIO_CLASS_IDLE, level);
	case SCHED_FIFO:
	case SCHED_RR:
		return IOPRIO_PRIO_VALUE(IOPRIO_CLASS_RT, level);
	default:
		return IOPRIO_PRIO_VALUE(IOPRIO_CLASS_BE, level);
	}
}

static int check_prio(int prio)
{
	switch (IOPRIO_CLASS(prio)) {
	case IOPRIO_CLASS_RT:
		return capable(CAP_SYS_ADMIN) || capable(CAP_SYS_NICE) ? 0 : -EPERM;
	case IOPRIO_CLASS_BE:
	case IOPRIO_CLASS_IDLE:
		return 0;
	case IOPRIO_CLASS_NONE:
		return IOPRIO_LEVEL(prio) ? -EINVAL : 0;
	default:
		return -EINVAL;
	}
}

static int set_prio(struct task *t, int prio)
{
	const struct cred *c = current->cred, *o = t->cred;

	if (o && o->uid != c->euid && o->uid != c->uid && !capable(CAP_SYS_NICE))
		return -EPERM;
	if (t->io) {
		t->io->prio = prio;
		return 0;
	}
	t->io = io_context_alloc(prio);
	return t->io ? 0 : -ENOMEM;
}

/* Is @t one of those that @which and @who name? IOPRIO_WHO_PROCESS is a thread. */
static bool named(const struct task *t, int which, int who)
{
	switch (which) {
	case IOPRIO_WHO_PROCESS:
		return who ? t->pid == who : t == current;
	case IOPRIO_WHO_PGRP:
		return t->signal->pgid == (who ? who : current->signal->pgid);
	default:
		return t->cred && t->cred->uid == (who ? (u32)who : current->cred->uid);
	}
}

static bool known_which(int which)
{
	return which == IOPRIO_WHO_PROCESS || which == IOPRIO_WHO_PGRP || which == IOPRIO_WHO_USER;
}

/* ioprio_set(2): EINVAL, EPERM, ESRCH, ENOMEM. */
SYSCALL_DEFINE3(ioprio_set, int, which, int, who, int, prio)
{
	int err = check_prio(prio), ret = -ESRCH;
	struct task *t;

	if (err)
		return err;
	if (!known_which(which))
		return -EINVAL;
	list_for_each_entry(t, &all_tasks, task_node) {
		if (!named(t, which, who))
			continue;
		ret = set_prio(t, prio);
		if (ret)
			break;
	}
	if (!ret && prio)
		LEDGER("I/O priority not applied on the host", prio);
	return ret;
}

/* Of several tasks the best: the lower class number, then the lower level; no class comes last. */
static int better_prio(int a, int b)
{
	return a < b ? a : b;
}

/* ioprio_get(2): EINVAL, ESRCH. One task's is what was set for it. */
SYSCALL_DEFINE2(ioprio_get, int, which, int, who)
{
	const struct task *t;
	int ret = -ESRCH;

	if (!known_which(which))
		return -EINVAL;
	list_for_each_entry(t, &all_tasks, task_node) {
		int prio;

		if (!named(t, which, who))
			continue;
		if (which == IOPRIO_WHO_PROCESS)
			return t->io ? t->io->prio : 0;
		prio = effective_prio(t);
		ret = ret < 0 ? prio : better_prio(ret, prio);
	}
	return ret;
}
