/* prctl(2): the options by table, and those that need no file of their own. What Linux has for other machines only is refused
 * as there; what umk lacks is refused as by a kernel that is built without it, and counted. */
#include "prctl.h"
#include "cred.h"
#include "ledger.h"
#include "host.h"
#include "mm.h"
#include "oops.h"
#include "sched.h"
#include "string.h"
#include "syscalls.h"
#include <linux/capability.h>
#include <linux/prctl.h>
#include <linux/sched.h>

#define PR_UMK_FAULT 0x756d6b66 /* with --test-faults */

static bool rest_unused(const unsigned long *a, unsigned first)
{
	unsigned long any = 0;

	for (unsigned i = first; i < 4; i++)
		any |= a[i];
	return !any;
}

static long put_int(int value, unsigned long addr)
{
	return put_user(value, (int __user *)u64_to_uptr(addr));
}

/* ---- the task ---- */

static long set_name(const unsigned long *a)
{
	char name[sizeof(current->comm)];

	memset(name, 0, sizeof(name));
	if (strncpy_from_user(name, u64_to_uptr(a[0]), sizeof(name) - 1) < 0)
		return -EFAULT;
	name[sizeof(name) - 1] = 0;
	memcpy(current->comm, name, sizeof(name));
	return 0;
}

static long get_name(const unsigned long *a)
{
	char name[sizeof(current->comm)];

	memset(name, 0, sizeof(name));
	strscpy(name, current->comm, sizeof(name));
	return copy_to_user(u64_to_uptr(a[0]), name, sizeof(name)) ? -EFAULT : 0;
}

static long set_pdeathsig(const unsigned long *a)
{
	if (a[0] > _NSIG)
		return -EINVAL;
	current->pdeath_signal = (u32)a[0];
	return 0;
}

static long get_pdeathsig(const unsigned long *a) { return put_int((int)current->pdeath_signal, a[0]); }

static long set_subreaper(const unsigned long *a)
{
	current->signal->child_subreaper = a[0];
	return 0;
}

static long get_subreaper(const unsigned long *a) { return put_int(current->signal->child_subreaper, a[0]); }

static long get_tid_address(const unsigned long *a)
{
	return put_user(current->clear_child_tid, (u64 __user *)u64_to_uptr(a[0]));
}

/* A task with a real-time policy has no slack, and keeps none. */
static long set_timerslack(const unsigned long *a)
{
	int policy = current->sched_policy;

	if (policy == SCHED_FIFO || policy == SCHED_RR || policy == SCHED_DEADLINE)
		return 0;
	current->timer_slack = a[0] ? a[0] : current->default_timer_slack;
	return 0;
}

static long get_timerslack(const unsigned long *a __maybe_unused) { return (long)current->timer_slack; }
static long get_timing(const unsigned long *a __maybe_unused) { return PR_TIMING_STATISTICAL; }
static long set_timing(const unsigned long *a) { return a[0] == PR_TIMING_STATISTICAL ? 0 : -EINVAL; }

/* No task of a guest has performance counters: all of them are off, or on. */
static long perf_events(const unsigned long *a __maybe_unused) { return 0; }

static long mce_kill(const unsigned long *a)
{
	if (!rest_unused(a, 2))
		return -EINVAL;
	switch (a[0]) {
	case PR_MCE_KILL_CLEAR:
		if (a[1])
			return -EINVAL;
		current->mce_kill = PR_MCE_KILL_DEFAULT;
		return 0;
	case PR_MCE_KILL_SET:
		if (a[1] != PR_MCE_KILL_EARLY && a[1] != PR_MCE_KILL_LATE && a[1] != PR_MCE_KILL_DEFAULT)
			return -EINVAL;
		current->mce_kill = (u8)a[1];
		return 0;
	default:
		return -EINVAL;
	}
}

static long mce_kill_get(const unsigned long *a)
{
	return rest_unused(a, 0) ? current->mce_kill : -EINVAL;
}

static long set_io_flusher(const unsigned long *a)
{
	if (!capable(CAP_SYS_RESOURCE))
		return -EPERM;
	if (!rest_unused(a, 1) || a[0] > 1)
		return -EINVAL;
	current->io_flusher = a[0];
	return 0;
}

static long get_io_flusher(const unsigned long *a)
{
	if (!capable(CAP_SYS_RESOURCE))
		return -EPERM;
	return rest_unused(a, 0) ? current->io_flusher : -EINVAL;
}

/* ---- the processor ---- */

static long get_tsc(const unsigned long *a) { return put_int(PR_TSC_ENABLE, a[0]); }

static long set_tsc(const unsigned long *a)
{
	if (a[0] == PR_TSC_ENABLE)
		return 0;
	if (a[0] == PR_TSC_SIGSEGV)
		LEDGER("prctl PR_SET_TSC", a[0]);
	return -EINVAL;
}

/* Speculation is the host's business: it is on, and a guest cannot turn it off. */
static long get_speculation(const unsigned long *a)
{
	if (!rest_unused(a, 1))
		return -EINVAL;
	switch (a[0]) {
	case PR_SPEC_STORE_BYPASS:
	case PR_SPEC_INDIRECT_BRANCH:
		return PR_SPEC_ENABLE;
	case PR_SPEC_L1D_FLUSH:
		return PR_SPEC_FORCE_DISABLE;
	default:
		return -ENODEV;
	}
}

static long set_speculation(const unsigned long *a)
{
	if (!rest_unused(a, 2))
		return -EINVAL;
	if (a[0] > PR_SPEC_L1D_FLUSH)
		return -ENODEV;
	LEDGER("prctl PR_SET_SPECULATION_CTRL", a[0]);
	return a[0] == PR_SPEC_L1D_FLUSH ? -EPERM : -ENXIO;
}

/* ---- the table ---- */

/* As a kernel that is built without it. */
static long seccomp_option(const unsigned long *a)
{
	return -EINVAL;
}

static const struct prctl_row task_rows[] = {
	{ PR_SET_NAME, set_name },
	{ PR_GET_NAME, get_name },
	{ PR_SET_PDEATHSIG, set_pdeathsig },
	{ PR_GET_PDEATHSIG, get_pdeathsig },
	{ PR_SET_CHILD_SUBREAPER, set_subreaper },
	{ PR_GET_CHILD_SUBREAPER, get_subreaper },
	{ PR_GET_TID_ADDRESS, get_tid_address },
	{ PR_SET_TIMERSLACK, set_timerslack },
	{ PR_GET_TIMERSLACK, get_timerslack },
	{ PR_SET_TIMING, set_timing },
	{ PR_GET_TIMING, get_timing },
	{ PR_TASK_PERF_EVENTS_DISABLE, perf_events },
	{ PR_TASK_PERF_EVENTS_ENABLE, perf_events },
	{ PR_MCE_KILL, mce_kill },
	{ PR_MCE_KILL_GET, mce_kill_get },
	{ PR_SET_IO_FLUSHER, set_io_flusher },
	{ PR_GET_IO_FLUSHER, get_io_flusher },
	{ PR_GET_TSC, get_tsc },
	{ PR_SET_TSC, set_tsc },
	{ PR_GET_SPECULATION_CTRL, get_speculation },
	{ PR_SET_SPECULATION_CTRL, set_speculation },
	{ PR_SET_SYSCALL_USER_DISPATCH, prctl_user_dispatch },
	{ PR_GET_SECCOMP, seccomp_option },
	{ PR_SET_SECCOMP, seccomp_option },
	{ 0, NULL },
};

/* Of other machines: unaligned accesses, floating-point modes, byte order, vector lengths, pointer authentication. Linux on
 * x86-64 knows these names and nothing more. */
static const u8 foreign[] = { PR_GET_UNALIGN, PR_SET_UNALIGN, PR_GET_FPEMU, PR_SET_FPEMU, PR_GET_FPEXC, PR_SET_FPEXC,
	PR_GET_ENDIAN, PR_SET_ENDIAN, PR_MPX_ENABLE_MANAGEMENT, PR_MPX_DISABLE_MANAGEMENT, PR_SET_FP_MODE, PR_GET_FP_MODE,
	PR_SVE_SET_VL, PR_SVE_GET_VL, PR_PAC_RESET_KEYS, PR_SET_TAGGED_ADDR_CTRL, PR_GET_TAGGED_ADDR_CTRL,
	PR_PAC_SET_ENABLED_KEYS, PR_PAC_GET_ENABLED_KEYS };

static prctl_fn find(const struct prctl_row *row, u32 option)
{
	for (; row->fn; row++)
		if (row->option == option)
			return row->fn;
	return NULL;
}

SYSCALL_DEFINE5(prctl, int, option, unsigned long, arg2, unsigned long, arg3, unsigned long, arg4, unsigned long, arg5)
{
	const unsigned long a[4] = { arg2, arg3, arg4, arg5 };
	prctl_fn fn = find(task_rows, (u32)option);

	if (!fn)
		fn = find(prctl_cred_rows, (u32)option);
	if (!fn)
		fn = find(prctl_mm_rows, (u32)option);
	if (fn)
		return fn(a);
	for (unsigned i = 0; i < ARRAY_SIZE(foreign); i++)
		if (foreign[i] == (u32)option)
			return -EINVAL;
	if (option == PR_UMK_FAULT && umk_options.test_faults)
		return test_fault(arg2);
	LEDGER("prctl option", (u32)option);
	return -EINVAL;
}
