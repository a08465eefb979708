/* Which calls --strace=EXPR shows, in the words of strace(1)'s -e trace=: names and sets, by comma; ! turns the meaning round. */
#include "syscalls.h"
#include "host.h"
#include "printk.h"
#include "string.h"
#include "kerrno.h"
#include "umk_kernel.h"
#include "trace.h"

#define CALLS_MOST 1024

static const struct set {
	const char *name, *calls; /* between blanks */
} sets[] = {
	{ "file", " access acct chdir chmod chown chroot creat execve execveat faccessat faccessat2 fanotify_mark fchmodat fchmodat2 "
		"fchownat fspick futimesat getcwd getxattr inotify_add_watch lchown lgetxattr link linkat listxattr llistxattr "
		"lremovexattr lsetxattr lstat mkdir mkdirat mknod mknodat mount mount_setattr move_mount name_to_handle_at "
		"newfstatat open openat openat2 open_tree pivot_root quotactl readlink readlinkat removexattr rename renameat "
		"renameat2 rmdir setxattr stat statfs statx swapoff swapon symlink symlinkat truncate umount2 unlink unlinkat "
		"uselib utime utimensat utimes " },
	{ "process", " clone clone3 execve execveat exit exit_group fork kill pidfd_open pidfd_send_signal rt_sigqueueinfo "
		"rt_tgsigqueueinfo tgkill tkill unshare vfork wait4 waitid " },
	{ "network", " accept accept4 bind connect getpeername getpmsg getsockname getsockopt listen putpmsg recvfrom recvmmsg "
		"recvmsg sendmmsg sendmsg sendto setsockopt shutdown socket socketpair " },
	{ "signal", " kill pause pidfd_send_signal rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn "
		"rt_sigsuspend rt_sigtimedwait rt_tgsigqueueinfo sigaltstack signalfd signalfd4 tgkill tkill " },
	{ "ipc", " msgctl msgget msgrcv msgsnd semctl semget semop semtimedop shmat shmctl shmdt shmget " },
	{ "desc", " bpf close close_range copy_file_range dup dup2 dup3 epoll_create epoll_create1 epoll_ctl epoll_pwait "
		"epoll_pwait2 epoll_wait eventfd eventfd2 faccessat faccessat2 fadvise64 fallocate fanotify_init fanotify_mark "
		"fchdir fchmod fchmodat fchmodat2 fchown fchownat fcntl fdatasync fgetxattr flistxattr flock fremovexattr fsconfig "
		"fsetxattr fsmount fsopen fspick fstat fstatfs fsync ftruncate futimesat getdents getdents64 inotify_add_watch "
		"inotify_init inotify_init1 inotify_rm_watch io_uring_enter io_uring_register io_uring_setup ioctl kcmp linkat "
		"lseek memfd_create mkdirat mknodat mmap mount_setattr move_mount mq_getsetattr mq_notify mq_open mq_timedreceive "
		"mq_timedsend name_to_handle_at newfstatat open openat openat2 open_by_handle_at open_tree perf_event_open "
		"pidfd_getfd pidfd_open pidfd_send_signal pipe pipe2 poll ppoll pread64 preadv preadv2 process_madvise pselect6 "
		"pwrite64 pwritev pwritev2 read readahead readlinkat readv renameat renameat2 select sendfile setns signalfd "
		"signalfd4 splice statx symlinkat sync_file_range syncfs tee timerfd_create timerfd_gettime timerfd_settime "
		"unlinkat userfaultfd utimensat vmsplice write writev " },
	{ "memory", " brk get_mempolicy madvise mbind migrate_pages mincore mlock mlock2 mlockall mmap move_pages mprotect "
		"mremap msync munlock munlockall munmap pkey_alloc pkey_free pkey_mprotect process_madvise process_mrelease "
		"remap_file_pages set_mempolicy set_mempolicy_home_node shmat shmdt " },
	{ "creds", " capget capset getegid geteuid getgid getgroups getresgid getresuid getuid prctl setfsgid setfsuid setgid "
		"setgroups setregid setresgid setresuid setreuid setuid " },
	{ "clock", " adjtimex clock_adjtime clock_getres clock_gettime clock_settime gettimeofday settimeofday time " },
	{ "stat", " stat " }, { "lstat", " lstat " }, { "fstat", " fstat newfstatat statx " },
	{ "%stat", " stat newfstatat statx " }, { "%%stat", " fstat lstat newfstatat stat statx " },
	{ "%statfs", " statfs " }, { "%%statfs", " fstatfs statfs ustat " },
	{ "pure", " getegid geteuid getgid getpgrp getpid getppid gettid getuid " },
};

static bool limited;                    /* an expression was given */
static u8 wanted[CALLS_MOST / 8];       /* by number */

static bool in_set(const char *calls, const char *name)
{
	size_t len = strlen(name);

	for (const char *p = calls; (p = strchr(p, name[0])) != NULL; p++)
		if (p[-1] == ' ' && !strncmp(p, name, len) && p[len] == ' ')
			return true;
	return false;
}

static const char *call_of(unsigned nr)
{
	return syscall_metadata[nr] ? syscall_metadata[nr]->name : syscall_names[nr];
}

/* Adds what @word, a name or set, stands for. False: there is no such thing. */
static bool add_word(const char *word)
{
	const struct set *set = NULL;
	bool all = !strcmp(word, "all") || !strcmp(word, "%all"), known = all || !strcmp(word, "none");

	for (unsigned i = 0; i < ARRAY_SIZE(sets) && !set; i++)
		if (!strcmp(sets[i].name, word) || (word[0] == '%' && !strcmp(sets[i].name, word + 1)))
			set = &sets[i];
	/* without %, a name that is a call's is the call */
	for (unsigned nr = 0; nr < sys_call_table_size && nr < CALLS_MOST; nr++) {
		const char *name = call_of(nr);

		if (!name || !(all || (set ? in_set(set->calls, name) : !strcmp(name, word))))
			continue;
		wanted[nr / 8] |= (u8)(1 << (nr % 8));
		known = true;
	}
	return known || set;
}

int trace_set_expr(void)
{
	const char *p = umk_options.strace_expr;
	bool invert = false;
	char word[64];

	if (!p)
		return 0;
	limited = true;
	memset(wanted, 0, sizeof(wanted));
	if (!strncmp(p, "trace=", 6))
		p += 6;
	if (*p == '!') {
		invert = true;
		p++;
	}
	while (*p) {
		size_t len = 0;

		while (p[len] && p[len] != ',')
			len++;
		strscpy(word, p, min(len + 1, sizeof(word)));
		if (!len || !add_word(word)) {
			pr_msg("--strace=%s: no system call or set of them is named \"%s\"", umk_options.strace_expr, word);
			return -EINVAL;
		}
		p += len + (p[len] == ',');
	}
	for (unsigned i = 0; invert && i < sizeof(wanted); i++)
		wanted[i] = (u8)~wanted[i];
	return 0;
}

bool trace_wants(int nr)
{
	if (!limited)
		return true;
	return nr >= 0 && nr < CALLS_MOST && wanted[nr / 8] >> (nr % 8) & 1;
}
