/* membarrier(2). Guest threads run on the host's CPUs, so the barrier is the host's: the zygote has registered every guest
 * address space for the host's global expedited barrier, which umk issues. Where the host has none, each guest thread that
 * runs is interrupted instead; a thread that does not run guest code has passed a barrier on its way into the stub. */
#include "host.h"
#include "ledger.h"
#include "mm.h"
#include "sched.h"
#include "syscalls.h"
#include "trap.h"
#include <linux/membarrier.h>

#ifndef MEMBARRIER_CMD_GET_REGISTRATIONS /* 6.3 */
#define MEMBARRIER_CMD_GET_REGISTRATIONS (1 << 9)
#endif
#define REGISTRATIONS (MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED | MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED | \
	MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE)
/* Without rseq there is nothing that the commands for it could restart. */
#define COMMANDS (REGISTRATIONS | MEMBARRIER_CMD_GLOBAL | MEMBARRIER_CMD_GLOBAL_EXPEDITED | \
	MEMBARRIER_CMD_PRIVATE_EXPEDITED | MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE | MEMBARRIER_CMD_GET_REGISTRATIONS)

/* Every guest thread of @mm, or of all if NULL, that runs guest code now executes a barrier (and, as the host's barrier comes
 * by an interrupt, serializes its instructions). */
static void barrier_all(const struct mm *mm)
{
	struct task *t;

	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (!host_membarrier())
		return;
	list_for_each_entry(t, &all_tasks, task_node)
		if (t != current && t->tt && t->state == TASK_GUEST && (!mm || t->mm == mm))
			trap->interrupt(t->tt);
	/* They have stopped once the queue of host operations of their address space is done. */
	list_for_each_entry(t, &all_tasks, task_node)
		if (t->tt && t->mm && t->mm->tmm && (!mm || t->mm == mm))
			trap->flush(t->mm->tmm);
}

static long barrier_private(u64 registration)
{
	if (!(current->mm->membarrier & registration))
		return -EPERM;
	barrier_all(current->mm);
	return 0;
}

/* membarrier(2): EINVAL, EPERM. */
SYSCALL_DEFINE3(membarrier, int, cmd, unsigned, flags, int, cpu_id)
{
	struct mm *mm = current->mm;

	if (flags)
		return -EINVAL;
	switch (cmd) {
	case MEMBARRIER_CMD_QUERY:
		return COMMANDS;
	case MEMBARRIER_CMD_GLOBAL:
	case MEMBARRIER_CMD_GLOBAL_EXPEDITED:
		barrier_all(NULL);
		return 0;
	case MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED:
	case MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED:
		mm->membarrier |= (u64)cmd;
		return 0;
	case MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE:
		mm->membarrier |= (u64)cmd;
		return 0;
	case MEMBARRIER_CMD_PRIVATE_EXPEDITED:
		return barrier_private(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED);
	case MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE:
		return barrier_private(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE);
	case MEMBARRIER_CMD_GET_REGISTRATIONS:
		return (long)(mm->membarrier & REGISTRATIONS);
	case MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ:
	case MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ:
		LEDGER("membarrier for rseq", cmd);
		return -EINVAL;
	default:
		return -EINVAL;
	}
}
