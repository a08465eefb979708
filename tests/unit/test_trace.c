/* kernel/trace.c and kernel/trace/: lines as strace writes them, from calls that never ran. */
#include "net_unit.h"
#include "kernel/trace/trace.h"
#include <asm/unistd_64.h>

static struct task other;

static void start(void)
{
	static char *argv[] = { "prog", "an argument of more than thirty-two characters", NULL }, *envp[] = { "A=1", "B=2", NULL };

	net_unit_start();
	umk_options.strace = true;
	umk_options.program = "/bin/prog";
	umk_options.argv = argv;
	umk_options.envp = envp;
	other = mm_unit_task;
	other.pid = other.tgid = 3;
	other.trace = NULL;
}

static void enter(struct task *t, long nr, u64 a, u64 b, u64 c, u64 d, u64 e, u64 f)
{
	t->regs = (struct pt_regs){ .orig_ax = nr, .di = a, .si = b, .dx = c, .r10 = d, .r8 = e, .r9 = f };
	trace_syscall_enter(t);
}

static void leave(struct task *t, long ret)
{
	t->regs.ax = ret;
	trace_syscall_exit(t);
}

/* What has been written since the last look. */
static void expect_trace(const char *want)
{
	static size_t seen;
	const char *got = unit_traces + seen;

	ck_assert_msg(!strcmp(got, want), "got:\n%s\nwant:\n%s", got, want);
	seen += strlen(got);
}

static void one(long nr, u64 a, u64 b, u64 c, u64 d, long ret, const char *want)
{
	enter(current, nr, a, b, c, d, 0, 0);
	leave(current, ret);
	expect_trace(want);
}

#define FIRST "execve(\"/bin/prog\", [\"prog\", \"an argument of more than thirty-\"...], 0 /* 2 vars */) = 0\n"

START_TEST(test_lines)
{
	start();
	one(__NR_getpid, 0, 0, 0, 0, 2, FIRST "getpid()                                = 2\n");
	one(__NR_close, 7, 0, 0, 0, -EBADF, "close(7)                                = -1 EBADF (Bad file descriptor)\n");
	one(__NR_brk, 0, 0, 0, 0, 0x5000, "brk(NULL)                               = 0x5000\n");
	one(__NR_getuid, 0, 0, 0, 0, -ERESTARTSYS,
		"getuid()                                = ? ERESTARTSYS (To be restarted if SA_RESTART is set)\n");
	one(__NR_munmap, 0x10000, 4096, 0, 0, -ERESTART_RESTARTBLOCK,
		"munmap(0x10000, 4096)                   = ? ERESTART_RESTARTBLOCK (Interrupted by signal)\n");
	one(9999, 1, 0, 0, 0, -ENOSYS,
		"syscall_0x270f(0x1, 0, 0, 0, 0, 0)      = -1 ENOSYS (Function not implemented)\n");
	trace_exit(current, 3 << 8);
	expect_trace("+++ exited with 3 +++\n");
}
END_TEST

START_TEST(test_turns)
{
	siginfo_t info = { .si_signo = SIGUSR1, .si_code = SI_USER, .si_pid = 9, .si_uid = 1 };

	start();
	enter(current, __NR_close, 3, 0, 0, 0, 0, 0);
	expect_trace(FIRST "close(3");
	enter(&other, __NR_getpid, 0, 0, 0, 0, 0, 0);
	expect_trace(" <unfinished ...>\n[pid     3] getpid(");
	leave(&other, 3);
	expect_trace(")                    = 3\n");
	leave(current, 0);
	expect_trace("[pid     2] <... close resumed>)        = 0\n");
	enter(&other, __NR_exit_group, 0, 0, 0, 0, 0, 0);
	trace_signal(current, SIGUSR1, &info);
	expect_trace("[pid     3] exit_group(0 <unfinished ...>\n"
		"[pid     2] --- SIGUSR1 {si_signo=SIGUSR1, si_code=SI_USER, si_pid=9, si_uid=1} ---\n");
	trace_exit(&other, SIGSEGV | 0x80);
	expect_trace("[pid     3] <... exit_group resumed>)   = ?\n[pid     3] +++ killed by SIGSEGV (core dumped) +++\n");
	/* an ignored signal waits for the end of the call that it came in */
	enter(current, __NR_close, 3, 0, 0, 0, 0, 0);
	info = (siginfo_t){ .si_signo = SIGCHLD, .si_code = CLD_EXITED };
	info.si_pid = 3;
	info.si_status = 5;
	trace_signal_ignored(current, &info);
	expect_trace("close(3");
	leave(current, 0);
	expect_trace(")                                = 0\n--- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=3, si_uid=0, "
		"si_status=5, si_utime=0, si_stime=0} ---\n");
	trace_exit(current, 0);
	expect_trace("+++ exited with 0 +++\n");
}
END_TEST

START_TEST(test_strings)
{
	start();
	poke(0, "a\"b\\c\n\1\0022\xff""9\0", 13);
	one(__NR_write, 1, GUEST, 12, 0, 12,
		FIRST "write(1, \"a\\\"b\\\\c\\n\\1\\0022\\3779\\0\", 12) = 12\n");
	poke(0, "0123456789012345678901234567890123456789", 41);
	one(__NR_write, 1, GUEST, 32, 0, 32, "write(1, \"01234567890123456789012345678901\", 32) = 32\n");
	one(__NR_write, 1, GUEST, 33, 0, 33, "write(1, \"01234567890123456789012345678901\"..., 33) = 33\n");
	one(__NR_read, 0, GUEST, 100, 0, 3, "read(0, \"012\", 100)                     = 3\n");
	one(__NR_read, 0, GUEST, 100, 0, -EINTR, "read(0, 0x100000, 100)                  = -1 EINTR (Interrupted system call)\n");
	one(__NR_chdir, GUEST, 0, 0, 0, 0, "chdir(\"0123456789012345678901234567890123456789\") = 0\n");
	/* a string that runs into nothing, a null, a kernel address */
	poke(64 * PAGE_SIZE - 4, "abcd", 4);
	one(__NR_chdir, GUEST + 64 * PAGE_SIZE - 4, 0, 0, 0, -EFAULT,
		"chdir(0x13fffc)                         = -1 EFAULT (Bad address)\n");
	one(__NR_chdir, 0, 0, 0, 0, -EFAULT, "chdir(NULL)                             = -1 EFAULT (Bad address)\n");
	one(__NR_chdir, -4096ul, 0, 0, 0, -EFAULT,
		"chdir(0xfffffffffffff000)               = -1 EFAULT (Bad address)\n");
	trace_exit(current, 0);
	expect_trace("+++ exited with 0 +++\n");
}
END_TEST

START_TEST(test_names)
{
	u64 set = sigmask(SIGINT) | sigmask(SIGTERM), most = ~(sigmask(32) | sigmask(33));

	start();
	poke(0, "f", 2);
	one(__NR_openat, -100, GUEST, O_RDWR | O_CREAT | O_CLOEXEC, 0600, 3,
		FIRST "openat(AT_FDCWD, \"f\", O_RDWR|O_CREAT|O_CLOEXEC, 0600) = 3\n");
	one(__NR_openat, 5, GUEST, O_WRONLY, 0600, 3, "openat(5, \"f\", O_WRONLY)                = 3\n");
	one(__NR_openat, 5, GUEST, 3 | 0x80000000ul, 0, -EINVAL,
		"openat(5, \"f\", O_ACCMODE|0x80000000 /* O_??? */) = -1 EINVAL (Invalid argument)\n");
	one(__NR_access, GUEST, 0, 0, 0, 0, "access(\"f\", F_OK)                       = 0\n");
	one(__NR_access, GUEST, 5, 0, 0, 0, "access(\"f\", R_OK|X_OK)                  = 0\n");
	one(__NR_kill, 2, SIGKILL, 0, 0, 0, "kill(2, SIGKILL)                        = 0\n");
	one(__NR_kill, 2, 40, 0, 0, 0, "kill(2, SIGRT_8)                        = 0\n");
	poke(100, &set, 8);
	poke(108, &most, 8);
	one(__NR_rt_sigprocmask, 2, GUEST + 100, GUEST + 108, 8, 0,
		"rt_sigprocmask(SIG_SETMASK, [INT TERM], ~[RTMIN RT_1], 8) = 0\n");
	one(__NR_socket, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, 0, 3, "socket(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0) = 3\n");
	one(__NR_socket, 77, 9, 0, 0, -EAFNOSUPPORT, "socket(0x4d /* AF_??? */, 0x9 /* SOCK_??? */, 0) = -1 EAFNOSUPPORT "
		"(Address family not supported by protocol)\n");
	one(__NR_fcntl, 3, F_GETFL, 0, 0, O_RDWR | O_APPEND, "fcntl(3, F_GETFL)                       = 0x402 (flags O_RDWR|O_APPEND)\n");
	one(__NR_umask, 022, 0, 0, 0, 077, "umask(022)                              = 077\n");
	trace_exit(current, 0);
	expect_trace("+++ exited with 0 +++\n");
}
END_TEST

/* Lists whose counts lie, and structures that cross into nothing: an address, or "..." where it ends. */
START_TEST(test_hostile)
{
	u64 edge = GUEST + 64 * PAGE_SIZE;
	struct iovec iov = { G(0), 1ul << 60 };
	struct user_msghdr m = { .msg_name = G(8), .msg_namelen = 1 << 30, .msg_iov = G(200), .msg_iovlen = 1ul << 60,
		.msg_control = G(300), .msg_controllen = 1ul << 50 };
	struct cmsghdr c = { 1ul << 40, SOL_SOCKET, SCM_RIGHTS };

	start();
	poke(64 * PAGE_SIZE - sizeof(iov), &iov, sizeof(iov));
	one(__NR_writev, 1, edge - sizeof(iov), ~0ul, 0, -EINVAL, FIRST
		"writev(1, [{iov_base=\"\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\"..., "
		"iov_len=1152921504606846976}, ...], 18446744073709551615) = -1 EINVAL (Invalid argument)\n");
	one(__NR_poll, edge - 4, 5, 0, 0, -EFAULT, "poll(0x13fffc, 5, 0)                    = -1 EFAULT (Bad address)\n");
	one(__NR_execve, 16, 16, 16, 0, -EFAULT, "execve(0x10, 0x10, 0x10 /* 0 vars */)   = -1 EFAULT (Bad address)\n");
	poke(200, &iov, sizeof(iov));
	poke(300, &c, sizeof(c));
	poke(400, &m, sizeof(m));
	enter(current, __NR_sendmsg, 0, GUEST + 400, 0, 0, 0, 0);
	leave(current, -EMSGSIZE);
	ck_assert_uint_lt(strlen(unit_traces), 16000);
	trace_exit(current, 0);
}
END_TEST

UNIT_MAIN("trace", test_lines, test_turns, test_strings, test_names, test_hostile)
