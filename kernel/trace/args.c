/* Arguments that are numbers: plain, by name, or as flags. */
#include "decode.h"
#include "fs.h"
#include "string.h"
#include <asm/ioctls.h>
#include <asm/mman.h>
#include <asm/poll.h>
#include <asm/prctl.h>
#include <linux/eventpoll.h>
#include <linux/futex.h>
#include <linux/membarrier.h>
#include <linux/memfd.h>
#include <linux/close_range.h>
#include <linux/falloc.h>
#include <linux/fs.h>
#include <linux/mman.h>
#include <linux/prctl.h>
#include <linux/random.h>
#include <linux/resource.h>
#include <linux/sched.h>
#include <linux/sockios.h>
#include <linux/time.h>
#include <linux/wait.h>

/* ---- plain numbers ---- */

static void show_int(struct trace_state *ts, unsigned arg) { tprintf(ts, "%d", (int)ts->args[arg]); }
static void show_uint(struct trace_state *ts, unsigned arg) { tprintf(ts, "%u", (unsigned)ts->args[arg]); }
static void show_long(struct trace_state *ts, unsigned arg) { tprintf(ts, "%ld", (long)ts->args[arg]); }
static void show_size(struct trace_state *ts, unsigned arg) { tprintf(ts, "%lu", (unsigned long)ts->args[arg]); }
static void show_addr(struct trace_state *ts, unsigned arg) { taddr(ts, ts->args[arg]); }
static void show_mode(struct trace_state *ts, unsigned arg) { tprintf(ts, "%#03o", (unsigned)ts->args[arg]); }

static void show_hex(struct trace_state *ts, unsigned arg)
{
	tprintf(ts, ts->args[arg] ? "%#lx" : "%lu", (unsigned long)ts->args[arg]);
}

static void show_dirfd(struct trace_state *ts, unsigned arg)
{
	if ((int)ts->args[arg] == AT_FDCWD)
		tputs(ts, "AT_FDCWD");
	else
		show_int(ts, arg);
}

static void show_signal(struct trace_state *ts, unsigned arg) { tsignal(ts, (int)ts->args[arg]); }

const struct arg_decoder d_int = { .show = show_int }, d_uint = { .show = show_uint }, d_long = { .show = show_long },
	d_hex = { .show = show_hex }, d_offset = { .show = show_hex }, d_addr = { .show = show_addr }, d_size = { .show = show_size },
	d_dirfd = { .show = show_dirfd }, d_mode = { .show = show_mode }, d_signal = { .show = show_signal };

void result_hex(struct trace_state *ts) { tprintf(ts, "%#lx", (unsigned long)ts->ret); }
void result_octal(struct trace_state *ts) { tprintf(ts, "%#03lo", (unsigned long)ts->ret); }

/* ---- open(2) ---- */

static const struct trace_name open_access_names[] = { TN(O_RDONLY), TN(O_WRONLY), TN(O_RDWR), TN(O_ACCMODE), TN_END };
static const struct trace_name open_flag_names[] = { TN(O_CREAT), TN(O_EXCL), TN(O_NOCTTY), TN(O_TRUNC), TN(O_APPEND), TN(O_NONBLOCK),
	TN(O_SYNC), TN(O_DSYNC), { FASYNC, "FASYNC" }, TN(O_DIRECT), TN(O_LARGEFILE), TN(O_NOFOLLOW), TN(O_NOATIME),
	TN(O_CLOEXEC), TN(O_PATH), { __O_TMPFILE | O_DIRECTORY, "O_TMPFILE" }, TN(O_DIRECTORY), TN_END };

static void topen_flags(struct trace_state *ts, u64 flags)
{
	tname(ts, open_access_names, flags & O_ACCMODE, "O_???");
	if (flags & ~(u64)O_ACCMODE) {
		tputs(ts, "|");
		tflags(ts, open_flag_names, flags & ~(u64)O_ACCMODE, "O_???");
	}
}

static void show_open_flags(struct trace_state *ts, unsigned arg)
{
	u32 flags = (u32)ts->args[arg];

	topen_flags(ts, flags);
	if (!(flags & O_CREAT) && (flags & O_TMPFILE) != O_TMPFILE)
		ts->no_more = true; /* the mode */
}
const struct arg_decoder d_open_flags = { .show = show_open_flags };

/* ---- tables of names ---- */

/* A decoder that shows its argument by a table: declares the table's two functions and the decoder. */
#define BY_FLAGS(name, what, ...)                                                     \
	static const struct trace_name names_##name[] = { __VA_ARGS__ TN_END };       \
	static void show_##name(struct trace_state *ts, unsigned arg)                 \
	{ tflags(ts, names_##name, (u32)ts->args[arg], what); }                       \
	const struct arg_decoder d_##name = { .show = show_##name };
#define BY_NAME(name, what, ...)                                                      \
	static const struct trace_name names_##name[] = { __VA_ARGS__ TN_END };       \
	static void show_##name(struct trace_state *ts, unsigned arg)                 \
	{ tname(ts, names_##name, (u32)ts->args[arg], what); }                        \
	const struct arg_decoder d_##name = { .show = show_##name };

BY_FLAGS(prot, "PROT_???", TN(PROT_NONE), TN(PROT_READ), TN(PROT_WRITE), TN(PROT_EXEC), TN(PROT_SEM), TN(PROT_GROWSDOWN),
	TN(PROT_GROWSUP),)
BY_FLAGS(mmap_flags, "MAP_???", TN(MAP_SHARED_VALIDATE), TN(MAP_SHARED), TN(MAP_PRIVATE), TN(MAP_FIXED), TN(MAP_ANONYMOUS),
	TN(MAP_32BIT), TN(MAP_NORESERVE), TN(MAP_POPULATE), TN(MAP_NONBLOCK), TN(MAP_GROWSDOWN), TN(MAP_DENYWRITE),
	TN(MAP_EXECUTABLE), TN(MAP_LOCKED), TN(MAP_STACK), TN(MAP_HUGETLB), TN(MAP_SYNC), TN(MAP_FIXED_NOREPLACE),)
BY_FLAGS(msync_flags, "MS_???", TN(MS_ASYNC), TN(MS_INVALIDATE), TN(MS_SYNC),)
BY_FLAGS(mlockall_flags, "MCL_???", TN(MCL_CURRENT), TN(MCL_FUTURE), TN(MCL_ONFAULT),)
BY_NAME(madvice, "MADV_???", TN(MADV_NORMAL), TN(MADV_RANDOM), TN(MADV_SEQUENTIAL), TN(MADV_WILLNEED), TN(MADV_DONTNEED),
	TN(MADV_FREE), TN(MADV_REMOVE), TN(MADV_DONTFORK), TN(MADV_DOFORK), TN(MADV_MERGEABLE), TN(MADV_UNMERGEABLE),
	TN(MADV_HUGEPAGE), TN(MADV_NOHUGEPAGE), TN(MADV_DONTDUMP), TN(MADV_DODUMP), TN(MADV_WIPEONFORK), TN(MADV_KEEPONFORK),
	TN(MADV_COLD), TN(MADV_PAGEOUT), TN(MADV_POPULATE_READ), TN(MADV_POPULATE_WRITE), TN(MADV_DONTNEED_LOCKED),
	TN(MADV_COLLAPSE), TN(MADV_HWPOISON), TN(MADV_SOFT_OFFLINE),)
BY_NAME(sigprocmask_how, "SIG_???", TN(SIG_BLOCK), TN(SIG_UNBLOCK), TN(SIG_SETMASK),)
BY_NAME(whence, "SEEK_???", TN(SEEK_SET), TN(SEEK_CUR), TN(SEEK_END), TN(SEEK_DATA), TN(SEEK_HOLE),)
BY_FLAGS(access_mode, "?_OK", { 0, "F_OK" }, { 4, "R_OK" }, { 2, "W_OK" }, { 1, "X_OK" },)
BY_FLAGS(at_flags, "AT_???", TN(AT_SYMLINK_NOFOLLOW), TN(AT_REMOVEDIR), TN(AT_SYMLINK_FOLLOW), TN(AT_NO_AUTOMOUNT),
	TN(AT_EMPTY_PATH),)
BY_FLAGS(statx_flags, "AT_???", TN(AT_STATX_SYNC_AS_STAT), TN(AT_STATX_FORCE_SYNC), TN(AT_STATX_DONT_SYNC),
	TN(AT_SYMLINK_NOFOLLOW), TN(AT_NO_AUTOMOUNT), TN(AT_EMPTY_PATH),)
const struct trace_name statx_mask_names[] = { TN(STATX_ALL), TN(STATX_BASIC_STATS), TN(STATX_TYPE), TN(STATX_MODE),
	TN(STATX_NLINK), TN(STATX_UID), TN(STATX_GID), TN(STATX_ATIME), TN(STATX_MTIME), TN(STATX_CTIME), TN(STATX_INO),
	TN(STATX_SIZE), TN(STATX_BLOCKS), TN(STATX_BTIME), TN(STATX_MNT_ID), TN_END };
static void show_statx_mask(struct trace_state *ts, unsigned arg) { tflags(ts, statx_mask_names, (u32)ts->args[arg], "STATX_???"); }
const struct arg_decoder d_statx_mask = { .show = show_statx_mask };
BY_NAME(clock, "CLOCK_???", TN(CLOCK_REALTIME), TN(CLOCK_MONOTONIC), TN(CLOCK_PROCESS_CPUTIME_ID), TN(CLOCK_THREAD_CPUTIME_ID),
	TN(CLOCK_MONOTONIC_RAW), TN(CLOCK_REALTIME_COARSE), TN(CLOCK_MONOTONIC_COARSE), TN(CLOCK_BOOTTIME),
	TN(CLOCK_REALTIME_ALARM), TN(CLOCK_BOOTTIME_ALARM), TN(CLOCK_TAI),)
BY_FLAGS(clock_flags, "TIMER_???", TN(TIMER_ABSTIME),)
BY_NAME(itimer, "ITIMER_???", TN(ITIMER_REAL), TN(ITIMER_VIRTUAL), TN(ITIMER_PROF),)
BY_NAME(resource, "RLIMIT_???", TN(RLIMIT_CPU), TN(RLIMIT_FSIZE), TN(RLIMIT_DATA), TN(RLIMIT_STACK), TN(RLIMIT_CORE),
	TN(RLIMIT_RSS), TN(RLIMIT_NPROC), TN(RLIMIT_NOFILE), TN(RLIMIT_MEMLOCK), TN(RLIMIT_AS), TN(RLIMIT_LOCKS),
	TN(RLIMIT_SIGPENDING), TN(RLIMIT_MSGQUEUE), TN(RLIMIT_NICE), TN(RLIMIT_RTPRIO), TN(RLIMIT_RTTIME),)
BY_NAME(rusage_who, "RUSAGE_???", TN(RUSAGE_SELF), { (u32)RUSAGE_CHILDREN, "RUSAGE_CHILDREN" }, TN(RUSAGE_THREAD),)
BY_NAME(arch_prctl, "ARCH_???", TN(ARCH_SET_GS), TN(ARCH_SET_FS), TN(ARCH_GET_FS), TN(ARCH_GET_GS), TN(ARCH_GET_CPUID),
	TN(ARCH_SET_CPUID), { 0x3001, "ARCH_CET_STATUS" },)
BY_FLAGS(grnd_flags, "GRND_???", TN(GRND_NONBLOCK), TN(GRND_RANDOM), TN(GRND_INSECURE),)
BY_FLAGS(wait_options, "W???", TN(WNOHANG), TN(WUNTRACED), TN(WEXITED), TN(WCONTINUED), TN(WNOWAIT), TN(__WCLONE), TN(__WALL),
	TN(__WNOTHREAD),)
BY_NAME(membarrier_cmd, "MEMBARRIER_CMD_???", { 0, "MEMBARRIER_CMD_QUERY" }, TN(MEMBARRIER_CMD_GLOBAL), TN(MEMBARRIER_CMD_GLOBAL_EXPEDITED),
	TN(MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED), TN(MEMBARRIER_CMD_PRIVATE_EXPEDITED),
	TN(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED), TN(MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE),
	TN(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE),)
BY_NAME(ioprio_which, "IOPRIO_WHO_???", { 1, "IOPRIO_WHO_PROCESS" }, { 2, "IOPRIO_WHO_PGRP" }, { 3, "IOPRIO_WHO_USER" },)
BY_NAME(kcmp_type, "KCMP_???", { 0, "KCMP_FILE" }, { 1, "KCMP_VM" }, { 2, "KCMP_FILES" }, { 3, "KCMP_FS" }, { 4, "KCMP_SIGHAND" },
	{ 5, "KCMP_IO" }, { 6, "KCMP_SYSVSEM" }, { 7, "KCMP_EPOLL_TFD" },)
BY_FLAGS(pidfd_flags, "PIDFD_???", { O_NONBLOCK, "PIDFD_NONBLOCK" }, { O_EXCL, "PIDFD_THREAD" },)
BY_FLAGS(pidfd_signal_flags, "PIDFD_SIGNAL_???", { 1, "PIDFD_SIGNAL_THREAD" }, { 2, "PIDFD_SIGNAL_THREAD_GROUP" },
	{ 4, "PIDFD_SIGNAL_PROCESS_GROUP" },)
BY_NAME(priority_which, "PRIO_???", { 0, "PRIO_PROCESS" }, { 1, "PRIO_PGRP" }, { 2, "PRIO_USER" },)
BY_NAME(idtype, "P_???", { P_ALL, "P_ALL" }, { P_PID, "P_PID" }, { P_PGID, "P_PGID" }, { P_PIDFD, "P_PIDFD" },)
BY_NAME(epoll_op, "EPOLL_CTL_???", TN(EPOLL_CTL_ADD), TN(EPOLL_CTL_DEL), TN(EPOLL_CTL_MOD),)
BY_FLAGS(epoll_flags, "EPOLL_???", TN(EPOLL_CLOEXEC),)
BY_FLAGS(pipe_flags, "O_???", TN(O_NONBLOCK), TN(O_CLOEXEC), TN(O_DIRECT),)
BY_FLAGS(dup_flags, "O_???", TN(O_CLOEXEC),)
BY_FLAGS(eventfd_flags, "EFD_???", { O_CLOEXEC, "EFD_CLOEXEC" }, { O_NONBLOCK, "EFD_NONBLOCK" }, { 1, "EFD_SEMAPHORE" },)
BY_FLAGS(timerfd_flags, "TFD_???", { O_CLOEXEC, "TFD_CLOEXEC" }, { O_NONBLOCK, "TFD_NONBLOCK" },)
BY_FLAGS(rename_flags, "RENAME_???", TN(RENAME_NOREPLACE), TN(RENAME_EXCHANGE), TN(RENAME_WHITEOUT),)
BY_FLAGS(close_range_flags, "CLOSE_RANGE_???", TN(CLOSE_RANGE_UNSHARE), TN(CLOSE_RANGE_CLOEXEC),)
BY_FLAGS(flock_op, "LOCK_???", { 1, "LOCK_SH" }, { 2, "LOCK_EX" }, { 8, "LOCK_UN" }, { 4, "LOCK_NB" },)
BY_FLAGS(fallocate_mode, "FALLOC_FL_???", TN(FALLOC_FL_KEEP_SIZE), TN(FALLOC_FL_PUNCH_HOLE), TN(FALLOC_FL_COLLAPSE_RANGE),
	TN(FALLOC_FL_ZERO_RANGE), TN(FALLOC_FL_INSERT_RANGE),)
BY_NAME(sched_policy, "SCHED_???", { 0, "SCHED_OTHER" }, { 1, "SCHED_FIFO" }, { 2, "SCHED_RR" }, { 3, "SCHED_BATCH" },
	{ 5, "SCHED_IDLE" }, { 6, "SCHED_DEADLINE" },)
BY_FLAGS(memfd_flags, "MFD_???", TN(MFD_CLOEXEC), TN(MFD_ALLOW_SEALING), TN(MFD_HUGETLB), { 8, "MFD_NOEXEC_SEAL" },
	{ 16, "MFD_EXEC" },)

/* ---- futex(2) ---- */

static const struct trace_name futex_ops[] = { TN(FUTEX_WAIT), TN(FUTEX_WAKE), TN(FUTEX_FD), TN(FUTEX_REQUEUE),
	TN(FUTEX_CMP_REQUEUE), TN(FUTEX_WAKE_OP), TN(FUTEX_LOCK_PI), TN(FUTEX_UNLOCK_PI), TN(FUTEX_TRYLOCK_PI),
	TN(FUTEX_WAIT_BITSET), TN(FUTEX_WAKE_BITSET), TN(FUTEX_WAIT_REQUEUE_PI), TN(FUTEX_CMP_REQUEUE_PI), TN(FUTEX_LOCK_PI2), TN_END };

/* futex(2)'s arguments depend on the operation; those that it ignores are not shown. */
void special_futex(struct trace_state *ts)
{
	u32 op = (u32)ts->args[1], cmd = op & FUTEX_CMD_MASK;
	bool waits = cmd == FUTEX_WAIT || cmd == FUTEX_WAIT_BITSET || cmd == FUTEX_LOCK_PI ||
		cmd == FUTEX_LOCK_PI2 || cmd == FUTEX_WAIT_REQUEUE_PI;

	if (ts->exiting)
		return;
	taddr(ts, ts->args[0]);
	tputs(ts, ", ");
	for (const struct trace_name *n = futex_ops; n->name; n++)
		if (n->val == cmd)
			tputs(ts, n->name);
	if (op & FUTEX_PRIVATE_FLAG)
		tputs(ts, "_PRIVATE");
	if (op & FUTEX_CLOCK_REALTIME)
		tputs(ts, "|FUTEX_CLOCK_REALTIME");
	if (cmd == FUTEX_UNLOCK_PI || cmd == FUTEX_TRYLOCK_PI)
		return;
	if (cmd != FUTEX_LOCK_PI && cmd != FUTEX_LOCK_PI2)
		tprintf(ts, (u32)ts->args[2] == 0x7fffffff ? ", INT_MAX" : ", %u", (u32)ts->args[2]);
	if (waits) {
		tputs(ts, ", ");
		ttimespec(ts, ts->args[3]);
	} else if (cmd == FUTEX_REQUEUE || cmd == FUTEX_CMP_REQUEUE || cmd == FUTEX_CMP_REQUEUE_PI || cmd == FUTEX_WAKE_OP) {
		tprintf(ts, ", %u, ", (u32)ts->args[3]);
		taddr(ts, ts->args[4]);
		if (cmd != FUTEX_REQUEUE)
			tprintf(ts, ", %u", (u32)ts->args[5]);
	}
	if (cmd == FUTEX_WAIT_REQUEUE_PI) {
		tputs(ts, ", ");
		taddr(ts, ts->args[4]);
	}
	if (cmd == FUTEX_WAIT_BITSET || cmd == FUTEX_WAKE_BITSET)
		tprintf(ts, (u32)ts->args[5] == 0xffffffff ? ", FUTEX_BITSET_MATCH_ANY" : ", %#x", (u32)ts->args[5]);
}

/* ---- clone(2) ---- */

static const struct trace_name clone_flags[] = { TN(CLONE_VM), TN(CLONE_FS), TN(CLONE_FILES), TN(CLONE_SIGHAND), TN(CLONE_PIDFD),
	TN(CLONE_PTRACE), TN(CLONE_VFORK), TN(CLONE_PARENT), TN(CLONE_THREAD), TN(CLONE_NEWNS), TN(CLONE_SYSVSEM),
	TN(CLONE_SETTLS), TN(CLONE_PARENT_SETTID), TN(CLONE_CHILD_CLEARTID), TN(CLONE_UNTRACED), TN(CLONE_CHILD_SETTID),
	TN(CLONE_NEWCGROUP), TN(CLONE_NEWUTS), TN(CLONE_NEWIPC), TN(CLONE_NEWUSER), TN(CLONE_NEWPID), TN(CLONE_NEWNET),
	TN(CLONE_IO), TN_END };

static void show_unshare_flags(struct trace_state *ts, unsigned arg) { tflags(ts, clone_flags, ts->args[arg], "CLONE_???"); }
const struct arg_decoder d_unshare_flags = { .show = show_unshare_flags };

/* clone(child_stack=, flags=, parent_tid=, tls=, child_tidptr=), of which only what the flags ask for. */
void special_clone(struct trace_state *ts)
{
	u64 flags = ts->args[0] & ~0xffull;
	u32 tid;

	if (!ts->exiting) {
		tputs(ts, "child_stack=");
		taddr(ts, ts->args[1]);
		tputs(ts, ", flags=");
		if (flags)
			tflags(ts, clone_flags, flags, "CLONE_???");
		if (ts->args[0] & 0xff) {
			tputs(ts, flags ? "|" : "");
			tsignal(ts, (int)(ts->args[0] & 0xff));
		} else if (!flags) {
			tputs(ts, "0");
		}
		return;
	}
	if (flags & (CLONE_PARENT_SETTID | CLONE_PIDFD)) {
		tputs(ts, ", parent_tid=");
		if (ts->ret > 0 && tread(&tid, ts->args[2], sizeof(tid)))
			tprintf(ts, "[%u]", tid);
		else
			taddr(ts, ts->args[2]);
	}
	if (flags & CLONE_SETTLS) {
		tputs(ts, ", tls=");
		tprintf(ts, "%#lx", (unsigned long)ts->args[4]);
	}
	if (flags & (CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID)) {
		tputs(ts, ", child_tidptr=");
		taddr(ts, ts->args[3]);
	}
}

/* clone3({...} => {parent_tid=[N]}, size). */
void special_clone3(struct trace_state *ts)
{
	struct clone_args a = { .flags = 0 };
	u64 size = min(ts->args[1], (u64)sizeof(a));
	u32 tid;

	if (size < 64 || !tread(&a, ts->args[0], size)) {
		if (!ts->exiting) {
			taddr(ts, ts->args[0]);
			tprintf(ts, ", %lu", (unsigned long)ts->args[1]);
		}
		return;
	}
	if (ts->exiting) {
		if (ts->ret > 0 && a.flags & CLONE_PARENT_SETTID && tread(&tid, a.parent_tid, sizeof(tid)))
			tprintf(ts, " => {parent_tid=[%u]}", tid);
		tprintf(ts, ", %lu", (unsigned long)ts->args[1]);
		return;
	}
	tputs(ts, "{flags=");
	tflags(ts, clone_flags, a.flags, "CLONE_???");
	if (a.flags & (CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID))
		tprintf(ts, ", child_tid=%#lx", (unsigned long)a.child_tid);
	if (a.flags & CLONE_PARENT_SETTID)
		tprintf(ts, ", parent_tid=%#lx", (unsigned long)a.parent_tid);
	tputs(ts, ", exit_signal=");
	tsignal(ts, (int)a.exit_signal);
	tputs(ts, ", stack=");
	taddr(ts, a.stack);
	tprintf(ts, a.stack_size ? ", stack_size=%#lx" : ", stack_size=%lu", (unsigned long)a.stack_size);
	if (a.flags & CLONE_SETTLS)
		tprintf(ts, ", tls=%#lx", (unsigned long)a.tls);
	tputs(ts, "}");
}

/* ---- prctl(2) ---- */

static const struct trace_name prctls[] = { TN(PR_SET_PDEATHSIG), TN(PR_GET_PDEATHSIG), TN(PR_GET_DUMPABLE), TN(PR_SET_DUMPABLE),
	TN(PR_GET_KEEPCAPS), TN(PR_SET_KEEPCAPS), TN(PR_SET_NAME), TN(PR_GET_NAME), TN(PR_GET_SECCOMP), TN(PR_SET_SECCOMP),
	TN(PR_CAPBSET_READ), TN(PR_CAPBSET_DROP), TN(PR_GET_SECUREBITS), TN(PR_SET_SECUREBITS), TN(PR_SET_TIMERSLACK),
	TN(PR_GET_TIMERSLACK), TN(PR_SET_MM), TN(PR_SET_CHILD_SUBREAPER), TN(PR_GET_CHILD_SUBREAPER), TN(PR_SET_NO_NEW_PRIVS),
	TN(PR_GET_NO_NEW_PRIVS), TN(PR_GET_TID_ADDRESS), TN(PR_SET_THP_DISABLE), TN(PR_GET_THP_DISABLE), TN(PR_CAP_AMBIENT),
	TN(PR_SET_VMA), TN(PR_SET_PTRACER), TN_END };

static void show_prctl(struct trace_state *ts, unsigned arg)
{
	tname(ts, prctls, (u32)ts->args[arg], "PR_???");
	switch ((int)ts->args[arg]) {
	case PR_GET_DUMPABLE:
	case PR_GET_KEEPCAPS:
	case PR_GET_TIMERSLACK:
	case PR_GET_SECUREBITS:
		ts->no_more = true;
	}
}

void special_prctl(struct trace_state *ts)
{
	bool get_name = (int)ts->args[0] == PR_GET_NAME;

	if (!ts->exiting) {
		show_prctl(ts, 0);
		if (ts->no_more)
			return;
		tputs(ts, ", ");
		if ((int)ts->args[0] == PR_SET_NAME)
			tstring(ts, ts->args[1], 15);
		else if ((int)ts->args[0] == PR_SET_PDEATHSIG)
			tsignal(ts, (int)ts->args[1]);
		else if (!get_name)
			tprintf(ts, ts->args[1] > 0xffff ? "%#lx" : "%lu", (unsigned long)ts->args[1]);
		if ((int)ts->args[0] == PR_SET_NO_NEW_PRIVS || (int)ts->args[0] == PR_SET_VMA)
			tprintf(ts, ", %#lx, %#lx, %#lx", (unsigned long)ts->args[2], (unsigned long)ts->args[3],
				(unsigned long)ts->args[4]);
	} else if (get_name) {
		if (IS_ERR_VALUE(ts->ret))
			taddr(ts, ts->args[1]);
		else
			tstring(ts, ts->args[1], 15);
	}
}

/* ---- fcntl(2) ---- */

static const struct trace_name fcntls[] = { TN(F_DUPFD), TN(F_GETFD), TN(F_SETFD), TN(F_GETFL), TN(F_SETFL), TN(F_GETLK),
	TN(F_SETLK), TN(F_SETLKW), TN(F_SETOWN), TN(F_GETOWN), TN(F_SETSIG), TN(F_GETSIG), TN(F_OFD_GETLK), TN(F_OFD_SETLK),
	TN(F_OFD_SETLKW), TN(F_SETLEASE), TN(F_GETLEASE), TN(F_NOTIFY), TN(F_DUPFD_CLOEXEC), TN(F_SETPIPE_SZ),
	TN(F_GETPIPE_SZ), TN(F_ADD_SEALS), TN(F_GET_SEALS), TN_END };
static const struct trace_name fd_flags[] = { TN(FD_CLOEXEC), TN_END };
static const struct trace_name lock_types[] = { TN(F_RDLCK), TN(F_WRLCK), TN(F_UNLCK), TN_END };
static const struct trace_name whences[] = { TN(SEEK_SET), TN(SEEK_CUR), TN(SEEK_END), TN_END };

static void show_fcntl_cmd(struct trace_state *ts, unsigned arg)
{
	tname(ts, fcntls, (u32)ts->args[arg], "F_???");
	switch ((int)ts->args[arg]) {
	case F_GETFD: case F_GETFL: case F_GETOWN: case F_GETSIG: case F_GETLEASE: case F_GETPIPE_SZ: case F_GET_SEALS:
		ts->no_more = true;
	}
}
const struct arg_decoder d_fcntl_cmd = { .show = show_fcntl_cmd };

static void show_flock(struct trace_state *ts, u64 addr)
{
	struct flock l;

	if (!tread(&l, addr, sizeof(l))) {
		taddr(ts, addr);
		return;
	}
	tputs(ts, "{l_type=");
	tname(ts, lock_types, (u16)l.l_type, "F_???");
	tputs(ts, ", l_whence=");
	tname(ts, whences, (u16)l.l_whence, "SEEK_???");
	tprintf(ts, ", l_start=%ld, l_len=%ld}", (long)l.l_start, (long)l.l_len);
}

static void show_fcntl_arg(struct trace_state *ts, unsigned arg)
{
	u64 v = ts->args[arg];

	switch ((int)ts->args[1]) {
	case F_SETFD:
		tflags(ts, fd_flags, v, "FD_???");
		break;
	case F_SETFL:
		topen_flags(ts, v);
		break;
	case F_SETSIG:
		tsignal(ts, (int)v);
		break;
	case F_GETLK: case F_SETLK: case F_SETLKW: case F_OFD_GETLK: case F_OFD_SETLK: case F_OFD_SETLKW:
		show_flock(ts, v);
		break;
	case F_DUPFD: case F_DUPFD_CLOEXEC: case F_SETOWN: case F_SETPIPE_SZ:
		tprintf(ts, "%d", (int)v);
		break;
	default:
		tprintf(ts, v ? "%#lx" : "%lu", (unsigned long)v);
	}
}
const struct arg_decoder d_fcntl_arg = { .show = show_fcntl_arg };

void result_fcntl(struct trace_state *ts)
{
	switch ((int)ts->args[1]) {
	case F_GETFL:
		tprintf(ts, "%#lx (flags ", (unsigned long)ts->ret);
		topen_flags(ts, ts->ret);
		tputs(ts, ")");
		break;
	case F_GETFD:
		if (ts->ret)
			tprintf(ts, "%#lx (flags FD_CLOEXEC)", (unsigned long)ts->ret);
		else
			tputs(ts, "0");
		break;
	default:
		tprintf(ts, "%ld", ts->ret);
	}
}

/* ---- ioctl(2) ---- */

static const struct trace_name ioctls[] = { TN(TCGETS), TN(TCSETS), TN(TCSETSW), TN(TCSETSF), TN(TCSBRK), TN(TCXONC), TN(TCFLSH),
	TN(TIOCEXCL), TN(TIOCNXCL), TN(TIOCSCTTY), TN(TIOCGPGRP), TN(TIOCSPGRP), TN(TIOCOUTQ), TN(TIOCSTI), TN(TIOCGWINSZ),
	TN(TIOCSWINSZ), TN(FIONREAD), TN(TIOCNOTTY), TN(TIOCGSID), TN(FIONBIO), TN(FIOASYNC), TN(FIONCLEX), TN(FIOCLEX),
	{ 0x80045430, "TIOCGPTN" }, { 0x40045431, "TIOCSPTLCK" }, { 0x5441, "TIOCGPTPEER" },
	TN(SIOCGIFCONF), TN(SIOCGIFNAME), TN(SIOCGIFFLAGS), TN(SIOCGIFADDR), TN(SIOCGIFINDEX), TN(SIOCGIFHWADDR),
	TN(SIOCGIFMTU), { 0x80086601, "FS_IOC_GETFLAGS" }, { 0x40086602, "FS_IOC_SETFLAGS" },
	{ 0x801c581f, "FS_IOC_FSGETXATTR" }, { 0x401c5820, "FS_IOC_FSSETXATTR" }, { 0x40049409, "FICLONE" },
	{ 0xc020660b, "FS_IOC_FIEMAP" },
	TN_END };
static const struct trace_name ioc_dirs[] = { { 0, "_IOC_NONE" }, { 1, "_IOC_WRITE" }, { 2, "_IOC_READ" },
	{ 3, "_IOC_READ|_IOC_WRITE" }, TN_END };

static void show_ioctl_cmd(struct trace_state *ts, unsigned arg)
{
	u32 cmd = (u32)ts->args[arg];

	ts->no_more = cmd == TIOCEXCL || cmd == TIOCNXCL || cmd == TIOCNOTTY || cmd == FIOCLEX || cmd == FIONCLEX;
	for (const struct trace_name *n = ioctls; n->name; n++) {
		if (n->val == cmd) {
			tputs(ts, n->name);
			return;
		}
	}
	tputs(ts, "_IOC(");
	tname(ts, ioc_dirs, cmd >> 30, "_IOC_???");
	tprintf(ts, ", %#x, %#x, %#x)", cmd >> 8 & 0xff, cmd & 0xff, cmd >> 16 & 0x3fff);
}
const struct arg_decoder d_ioctl_cmd = { .show = show_ioctl_cmd };

static void show_termios(struct trace_state *ts, u64 addr)
{
	struct { u32 iflag, oflag, cflag, lflag; u8 line, cc[19]; } t;

	if (!tread(&t, addr, sizeof(t))) {
		taddr(ts, addr);
		return;
	}
	tprintf(ts, "{c_iflag=%#x, c_oflag=%#x, c_cflag=%#x, c_lflag=%#x, ...}", t.iflag, t.oflag, t.cflag, t.lflag);
}

static void show_ioctl_arg(struct trace_state *ts, unsigned arg)
{
	u64 addr = ts->args[arg];
	u16 ws[4];
	int v;

	switch ((u32)ts->args[1]) {
	case TCGETS: case TCSETS: case TCSETSW: case TCSETSF:
		show_termios(ts, addr);
		break;
	case TIOCGWINSZ: case TIOCSWINSZ:
		if (tread(ws, addr, sizeof(ws)))
			tprintf(ts, "{ws_row=%u, ws_col=%u, ws_xpixel=%u, ws_ypixel=%u}", ws[0], ws[1], ws[2], ws[3]);
		else
			taddr(ts, addr);
		break;
	case FIONREAD: case TIOCOUTQ: case FIONBIO: case FIOASYNC: case TIOCGPGRP: case TIOCSPGRP: case TIOCGSID:
	case 0x80045430: case 0x40045431:
		if (tread(&v, addr, sizeof(v)))
			tprintf(ts, "[%d]", v);
		else
			taddr(ts, addr);
		break;
	default:
		tprintf(ts, addr > 0xffff ? "%#lx" : "%lu", (unsigned long)addr);
	}
}
const struct arg_decoder d_ioctl_arg = { .when = AT_EXIT, .show = show_ioctl_arg };
