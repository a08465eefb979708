/* Calls that ask about or set small things of the system and of the process: sysinfo, personality. */
#include "sched/loadavg.h"
#include "sched.h"
#include "host.h"
#include "ledger.h"
#include "mm.h"
#include "string.h"
#include "syscalls.h"
#include <linux/capability.h>
#include <linux/sysinfo.h>

/* ---- figures ---- */

SYSCALL_DEFINE1(sysinfo, struct sysinfo __user *, info)
{
	struct sysinfo s;

	memset(&s, 0, sizeof(s));
	s.uptime = (long)(host_clock(HOST_BOOTTIME) / NSEC_PER_SEC);
	s.totalram = nr_total_pages() * PAGE_SIZE;
	s.freeram = nr_free_pages() * PAGE_SIZE;
	s.procs = (u16)min(nr_tasks, 65535u);
	s.mem_unit = 1;
	loadavg_get(s.loads, SI_LOAD_SHIFT);
	return copy_to_user(info, &s, sizeof(s)) ? -EFAULT : 0;
}

/* ---- personality ---- */

SYSCALL_DEFINE1(personality, unsigned, persona)
{
	u32 old = current->personality;

	if (persona != 0xffffffff)
		current->personality = persona;
	return old;
}
