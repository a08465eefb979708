/* The dispatcher: one call of the x86-64 table. It decides only which entry runs; restarts, tracing and signals are
 * the entry loop's. */
#include "syscalls.h"
#include "ledger.h"

/* Runs the call in regs->orig_ax and puts its result into regs->ax. A number outside the table, one without an entry
 * and one with the x32 bit answer -ENOSYS and land in the ledger. */
void do_syscall_64(struct pt_regs *regs)
{
	unsigned long nr = regs->orig_ax;

	if (likely(nr < sys_call_table_size)) {
		syscall_fn fn = sys_call_table[nr];

		if (likely(fn)) {
			regs->ax = fn(regs);
			return;
		}
	}
	ledger_count_enosys(nr, false);
	regs->ax = -ENOSYS;
}
