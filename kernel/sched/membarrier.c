/* membarrier(2). Guest threads run on the host's CPUs, so the barrier is the host's: the zygote has registered every guest
 * address space for the host's global expedited barrier, which umk issues. It comes by an interrupt, so that it serializes
 * instructions, too; a thread that does not run guest code has passed a barrier on its way into the stub. Where the host has no
 * such barrier there is no membarrier. */
#include "host.h"
#include "ledger.h"
#include "mm.h"
#include "sched.h"
#include "syscalls.h"
#include <linux/membarrier.h>

#ifndef MEMBARRIER_CMD_GET_REGISTRATIONS /* 6.3 */
#define MEMBARRIER_CMD_GET_REGISTRATIONS (1 << 9)
#endif
#define REGISTRATIONS (MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED | MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED | \
	MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE)
/* Without rseq there is nothing that the commands for it could restart. */
#define COMMANDS (REGISTRATIONS | MEMBARRIER_CMD_GLOBAL | MEMBARRIER_CMD_GLOBAL_EXPEDITED | \
	MEMBARRIER_CMD_PRIVATE_EXPEDITED | MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE | MEMBARRIER_CMD_GET_REGISTRATIONS)

static bool available(void)
{
	static int known;

	if (!known)
		known = host_membarrier() ? -1 : 1;
	return known > 0;
}

static long barrier_private(u64 registration)
{
	if (!(current->mm->membarrier & registration))
		return -EPERM;
	return host_membarrier();
}

/* membarrier(2): EINVAL, EPERM, ENOSYS. */
SYSCALL_DEFINE3(membarrier, int, cmd, unsigned, flags, int, cpu_id)
{
	struct mm *mm = current->mm;

	if (!available()) {
		LEDGER("membarrier without the host's", cmd);
		return -ENOSYS;
	}
	if (flags)
		return -EINVAL;
	switch (cmd) {
	case MEMBARRIER_CMD_QUERY:
		return COMMANDS;
	case MEMBARRIER_CMD_GLOBAL:
	case MEMBARRIER_CMD_GLOBAL_EXPEDITED:
		return host_membarrier();
	case MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED:
	case MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED:
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
