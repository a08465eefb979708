/* arch_prctl(2): the segment bases, and what it says of the processor. */
#include "ledger.h"
#include "sched.h"
#include "syscalls.h"
#include "trap.h"
#include <asm/prctl.h>

/* Of newer headers. */
#ifndef ARCH_GET_XCOMP_SUPP
#define ARCH_GET_XCOMP_SUPP 0x1021
#define ARCH_GET_XCOMP_PERM 0x1022
#define ARCH_REQ_XCOMP_PERM 0x1023
#endif
#define XTILE_DATA 18 /* the one state that a process must ask for */

static long set_base(int option, u64 addr)
{
	u64 fs, gs;
	int err;

	if (addr >= trap_layout.task_size)
		return -EPERM;
	err = trap->get_bases(current->tt, &fs, &gs);
	if (err)
		return err;
	return trap->set_bases(current->tt, option == ARCH_SET_FS ? addr : fs, option == ARCH_SET_GS ? addr : gs);
}

static long get_base(int option, u64 uaddr)
{
	u64 fs, gs;
	int err = trap->get_bases(current->tt, &fs, &gs);

	if (err)
		return err;
	return put_user(option == ARCH_GET_FS ? fs : gs, (u64 __user *)u64_to_uptr(uaddr));
}

/* As a processor without tiles: the host's threads have not asked for them. */
static u64 extended_states(void)
{
	return trap_layout.xfeatures & ~(1ull << XTILE_DATA);
}

static long request_state(u64 feature)
{
	if (feature > XTILE_DATA)
		return -EINVAL;
	if (feature == XTILE_DATA)
		LEDGER("arch_prctl ARCH_REQ_XCOMP_PERM", feature);
	return -EOPNOTSUPP;
}

/* arch_prctl(2): EFAULT, EINVAL, EPERM, ENODEV, EOPNOTSUPP. */
SYSCALL_DEFINE2(arch_prctl, int, option, unsigned long, addr)
{
	switch (option) {
	case ARCH_SET_FS:
	case ARCH_SET_GS:
		return set_base(option, addr);
	case ARCH_GET_FS:
	case ARCH_GET_GS:
		return get_base(option, addr);
	case ARCH_GET_CPUID:
		return 1; /* the instruction is enabled */
	case ARCH_SET_CPUID: /* as a processor whose instruction cannot be made to fault */
		LEDGER("arch_prctl ARCH_SET_CPUID", addr);
		return -ENODEV;
	case ARCH_GET_XCOMP_SUPP:
	case ARCH_GET_XCOMP_PERM:
		return put_user(extended_states(), (u64 __user *)u64_to_uptr(addr));
	case ARCH_REQ_XCOMP_PERM:
		return request_state(addr);
	default:
		LEDGER("arch_prctl option", option);
		return -EINVAL;
	}
}
