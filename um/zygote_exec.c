/* How the zygote's process comes to be: forked without a copy of umk's memory, and without waiting for it: umk goes on with its
 * own start while the host executes the stub's image there. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "rawcall.h"
#include "um.h"
#include "zygote_parts.h"

#define STACK 16384
#define KERNEL_SIGSET 8         /* bytes */

/* Ignored in stubs: what the terminal or a careless kill(2) sends to the whole process group is umk's to pass on; ^Z stops
 * go through umk as well (stop_all): a guest may catch SIGTSTP. Signals that tell of a fault are what they are. */
static const int ignored[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGPIPE, SIGALRM, SIGUSR1, SIGUSR2, SIGVTALRM, SIGPROF, SIGIO,
	SIGPWR };

static struct start {
	pid_t umk;
	int fds[6];             /* in the order of their numbers there, from STUB_PHYS_FD on; the last two end with the exec */
} start;
#define REPORT 5                /* the last: what went wrong, or nothing */
struct failure { long step, err; };
static int report_fd = -1;      /* umk's end of it */

/* ---- the child: it shares umk's memory, while umk runs. No libc but what only computes ---- */

static void set_handler(int sig, __sighandler_t handler)
{
	struct { __sighandler_t handler; unsigned long flags; void *restorer; u64 mask; } sa = { .handler = handler };

	RAW4(SYS_rt_sigaction, sig, &sa, NULL, KERNEL_SIGSET);
}

static void stub_signals(void)
{
	u64 none = 0;

	for (int sig = 1; sig < 65; sig++)
		set_handler(sig, SIG_DFL);
	for (unsigned i = 0; i < ARRAY_SIZE(ignored); i++)
		set_handler(ignored[i], SIG_IGN);
	RAW4(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, KERNEL_SIGSET);
}

static void stub_limits(void)
{
	struct rlimit r = { 0, 0 };

	/* A dump of a stub helps nobody, and older hosts kill all that share the address space for it. */
	RAW4(SYS_prlimit64, 0, RLIMIT_CORE, &r, NULL);
	/* mmap_base depends on it; unlimited would put the vdso low. */
	RAW4(SYS_prlimit64, 0, RLIMIT_STACK, NULL, &r);
	if (r.rlim_cur == RLIM_INFINITY || r.rlim_cur > 8u << 20) {
		r.rlim_cur = 8u << 20;
		RAW4(SYS_prlimit64, 0, RLIMIT_STACK, &r, NULL);
	}
}

static void close_from(unsigned first)
{
	struct rlimit r = { 0, 0 };

	if (!RAW(SYS_close_range, first, ~0u, 0))
		return;
	RAW4(SYS_prlimit64, 0, RLIMIT_NOFILE, NULL, &r);
	for (unsigned fd = first; fd < r.rlim_cur && fd < 1u << 20; fd++)
		RAW(SYS_close, fd, 0, 0);
}

static long place_descriptors(void)
{
	const unsigned count = ARRAY_SIZE(start.fds);
	long high[ARRAY_SIZE(start.fds)], err;

	for (unsigned i = 0; i < count; i++) {
		high[i] = RAW(SYS_fcntl, start.fds[i], F_DUPFD, 16);
		if (high[i] < 0)
			return high[i];
	}
	for (unsigned i = 0; i < count; i++) {
		err = RAW(SYS_dup3, high[i], STUB_PHYS_FD + i, i < count - 2 ? 0 : O_CLOEXEC);
		if (err < 0)
			return err;
	}
	close_from(STUB_PHYS_FD + count);
	for (int fd = 0; fd < STUB_PHYS_FD; fd++)
		RAW(SYS_close, fd, 0, 0);
	return 0;
}

/* Returns only if it cannot: the step that failed. */
static struct failure become_zygote(void)
{
	char *const argv[] = { (char *)"umk-stub", NULL };
	char *const envp[] = { NULL };
	long err = RAW(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0);

	if (err)
		return (struct failure){ 1, err };
	if (RAW(SYS_getppid, 0, 0, 0) != start.umk)
		RAW(SYS_exit, 0, 0, 0);
	stub_signals();
	stub_limits();
	/* A container may refuse this; umk then moves what lies in the way. */
	RAW(SYS_personality, ADDR_NO_RANDOMIZE, 0, 0);
	err = place_descriptors();
	if (err)
		return (struct failure){ 2, err };
	err = raw_call(SYS_execveat, STUB_PHYS_FD + 4, (long)"", (long)argv, (long)envp, AT_EMPTY_PATH, 0);
	return (struct failure){ 3, err };
}

static int child(void *unused)
{
	struct failure failed = become_zygote();

	(void)unused;
	/* where it is depends on how far the child came; the wrong one is closed or takes no data */
	RAW(SYS_write, failed.step == 3 ? STUB_PHYS_FD + REPORT : start.fds[REPORT], &failed, sizeof(failed));
	return 1;
}

/* ---- umk ---- */

static const char *const step_names[] = { "", "prctl(PR_SET_PDEATHSIG)", "its descriptors", "execveat of its memfd" };

/* gdb takes its breakpoints out of the memory of a child that it does not follow, which would be umk's own: not if that waits. */
static bool traced(void)
{
	char text[2048], *at;
	int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		close(fd);
	if (n < 0)
		return false;
	text[n] = 0;
	at = strstr(text, "TracerPid:");
	return at && atoi(at + strlen("TracerPid:"));
}

/* The process, with all signals blocked until it has handlers of its own. AddressSanitizer keeps books of stacks that two cannot
 * write at once. */
static pid_t fork_child(void)
{
	static u8 stack[STACK] __aligned(16);
	int flags = CLONE_VM | SIGCHLD | (host_info.sanitized || traced() ? CLONE_VFORK : 0), err;
	sigset_t all, old;
	pid_t pid;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &old);
	pid = clone(child, stack + sizeof(stack), flags, NULL);
	err = errno;
	sigprocmask(SIG_SETMASK, &old, NULL);
	errno = err;
	return pid;
}

int zygote_launch(const int *fds)
{
	int sv[2], report[2], err;

	zygote_launch_end(); /* of another backend's, perhaps */
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sv)) {
		um_reason("no socket pair for the zygote: %s", strerror(errno));
		return -errno;
	}
	if (pipe2(report, O_CLOEXEC)) {
		err = errno;
		close(sv[0]);
		close(sv[1]);
		um_reason("no pipe for the zygote: %s", strerror(err));
		return -err;
	}
	start = (struct start){ .umk = getpid(), .fds = { fds[0], fds[1], fds[2], sv[1], fds[3], report[1] } };
	zygote_pid = fork_child();
	err = errno;
	close(sv[1]);
	close(report[1]);
	zygote_fd = sv[0];
	report_fd = report[0];
	if (zygote_pid > 0)
		return 0;
	zygote_pid = 0;
	zygote_launch_end();
	um_reason("fork of the zygote: %s%s", strerror(err), err == EAGAIN ? " (RLIMIT_NPROC, or pids.max of the cgroup)" : "");
	return -err;
}

void zygote_launch_end(void)
{
	if (report_fd >= 0)
		close(report_fd);
	report_fd = -1;
	if (!zygote_pid && zygote_fd >= 0) {
		close(zygote_fd);
		zygote_fd = -1;
	}
}

int zygote_launch_failed(void)
{
	struct pollfd p = { .fd = report_fd, .events = POLLIN };
	struct failure failed = { 0, 0 };
	ssize_t n = 0;

	if (poll(&p, 1, 0) > 0)
		n = read(report_fd, &failed, sizeof(failed));
	if (n != sizeof(failed))
		return 0;
	um_reason("the zygote could not start: %s: %s%s", step_names[failed.step > 0 && failed.step < 4 ? failed.step : 0],
		  strerror((int)-failed.err),
		  failed.step == 3 && failed.err == -EACCES ? " (sysctl vm.memfd_noexec, or a security module)" : "");
	return failed.err < 0 ? (int)failed.err : -EIO;
}
