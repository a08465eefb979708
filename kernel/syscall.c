/* The dispatcher: one call of the x86-64 table. It decides only which entry runs; restarts, tracing and signals are
 * the entry loop's. */
#include "syscalls.h"
#include "ledger.h"
#include "coverage.h"
#include <asm/unistd_64.h>

/* Runs the call in regs->orig_ax and puts its result into regs->ax. A number outside the table, one without an entry
 * and one with the x32 bit answer -ENOSYS and land in the ledger, unless it is one that is refused. */
void do_syscall_64(struct pt_regs *regs)
{
	unsigned long nr = regs->orig_ax;
	syscall_fn fn = likely(nr < sys_call_table_size) ? sys_call_table[nr] : NULL;

	if (unlikely(!fn)) {
		if (nr >= NR_SYSCALLS_MAX || !syscall_refused[nr])
			ledger_count_enosys(nr, false);
		regs->ax = -ENOSYS;
		return;
	}
	/* These two do not come back. */
	if (unlikely(coverage_on) && (nr == __NR_exit || nr == __NR_exit_group))
		coverage_count(nr, 0);
	regs->ax = fn(regs);
	if (unlikely(coverage_on))
		coverage_count(nr, regs->ax);
}
