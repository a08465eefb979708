/* The ledger: counts what umk does not do, by place. --stats reports it at the end, --strict ends umk at the first. */
#include "ledger.h"
#include "host.h"
#include "printk.h"
#include "sched.h"
#include "syscalls.h"

static struct ledger_place *places; /* those that have counted, newest first */
static u32 enosys_64[NR_SYSCALLS_MAX], enosys_32[NR_SYSCALLS_MAX];
static u64 enosys_other;
static unsigned enosys_other_last;

static void strict(const char *what, u64 value)
{
	if (!umk_options.strict)
		return;
	pr_msg("not implemented: %s (%lld, 0x%llx) in task %d (%s); --strict ends here", what, (long long)value,
		(unsigned long long)value, current ? current->pid : 0, current ? current->comm : "");
	host_exit(125, 0);
}

void ledger_count(struct ledger_place *place, u64 value)
{
	if (!place->count) {
		place->next = places;
		places = place;
	}
	place->count++;
	place->last = value;
	strict(place->what, value);
}

static const char *call_name(unsigned nr, bool i386)
{
	if (i386 || nr >= sys_call_table_size || !syscall_names[nr])
		return "?";
	return syscall_names[nr];
}

void ledger_count_enosys(unsigned nr, bool i386)
{
	if (nr < NR_SYSCALLS_MAX) {
		(i386 ? enosys_32 : enosys_64)[nr]++;
	} else {
		enosys_other++;
		enosys_other_last = nr;
	}
	strict(call_name(nr, i386), nr);
}

void ledger_report(void)
{
	const struct ledger_place *p;
	unsigned nr;

	for (nr = 0; nr < NR_SYSCALLS_MAX; nr++)
		if (enosys_64[nr])
			pr_msg("not implemented: %s (call %u): %u", call_name(nr, false), nr, enosys_64[nr]);
	for (nr = 0; nr < NR_SYSCALLS_MAX; nr++)
		if (enosys_32[nr])
			pr_msg("not implemented: i386 call %u: %u", nr, enosys_32[nr]);
	if (enosys_other)
		pr_msg("not implemented: calls outside the table: %llu, last %u", (unsigned long long)enosys_other,
			enosys_other_last);
	for (p = places; p; p = p->next)
		pr_msg("not implemented: %s: %llu, last %lld (0x%llx)", p->what, (unsigned long long)p->count,
			(long long)p->last, (unsigned long long)p->last);
}
