/* What the host forbids: each function tries the thing itself and names the obstacle as well as can be told, because
 * "Operation not permitted" alone leaves a user of a container guessing. */
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "um.h"

/* The number in a file such as a sysctl, or -1. */
static long read_number(const char *path)
{
	char text[32];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -1;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (n <= 0)
		return -1;
	text[n] = 0;
	return strtol(text, NULL, 10);
}

const char *probe_seccomp(void)
{
	unsigned action = SECCOMP_RET_TRAP;

	if (!syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action))
		return NULL;
	switch (errno) {
	case ENOSYS:
		return "the host kernel has no seccomp, or a container's seccomp profile hides it";
	case EOPNOTSUPP:
		return "the host's seccomp lacks SECCOMP_RET_TRAP";
	case EPERM:
	case EACCES:
		return "a container's seccomp profile or a security module forbids seccomp(2)";
	default:
		return "seccomp(2) fails";
	}
}

static const char *explain_ptrace(int err)
{
	if (read_number("/proc/sys/kernel/yama/ptrace_scope") == 3)
		return "the sysctl kernel.yama.ptrace_scope is 3, which forbids ptrace";
	if (err == ENOSYS)
		return "the host kernel has no ptrace, or a container's seccomp profile hides it";
	return "a container's seccomp profile or a security module forbids ptrace(2)"
	       " (docker run --cap-add=SYS_PTRACE allows it)";
}

const char *probe_ptrace(void)
{
	int status;
	pid_t pid = vfork();

	if (pid < 0)
		return "no process can be made (limit of processes reached?)";
	if (!pid)
		_exit(ptrace(PTRACE_TRACEME, 0, 0, 0) ? errno : 0);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return "waitpid(2) fails";
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return NULL;
	return explain_ptrace(WIFEXITED(status) ? WEXITSTATUS(status) : EPERM);
}

const char *probe_memfd(int err)
{
	switch (err) {
	case ENOSYS:
		return "memfd_create(2) is missing: the host kernel is too old, or a container's seccomp profile hides it";
	case EPERM:
		return "memfd_create(2) is forbidden by a container's seccomp profile or a security module";
	case EACCES:
		return "the sysctl vm.memfd_noexec forbids executable memfds";
	case EMFILE:
		return "the limit of open files is too low (ulimit -n)";
	case ENFILE:
		return "the host's table of open files is full";
	case EFBIG:
		return "the limit of file size is too low (ulimit -f), and this user cannot raise it";
	case ENOMEM:
	case ENOSPC:
		return "the host has no memory left for it";
	default:
		return strerror(err);
	}
}
