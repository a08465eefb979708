/* The errors of the signal calls, by number. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define BAD ((void *)8)
#define SHOW(call) do { errno = 0; long r = call; printf("%s: %ld %s\n", #call, r < 0 ? -1l : r, r < 0 ? strerrorname_np(errno) : ""); } while (0)

int main(void)
{
	struct { unsigned long h, f, r, m; } act = { 0, 0, 0, 0 };
	unsigned long set = 0;
	char info[128];

	memset(info, 0, sizeof(info));
	SHOW(syscall(SYS_rt_sigaction, 0, NULL, NULL, 8));
	SHOW(syscall(SYS_rt_sigaction, 65, NULL, NULL, 8));
	SHOW(syscall(SYS_rt_sigaction, SIGUSR1, NULL, NULL, 16));
	SHOW(syscall(SYS_rt_sigaction, SIGKILL, &act, NULL, 8));
	SHOW(syscall(SYS_rt_sigaction, SIGSTOP, &act, NULL, 8));
	SHOW(syscall(SYS_rt_sigaction, SIGKILL, NULL, &act, 8));
	SHOW(syscall(SYS_rt_sigaction, SIGUSR1, BAD, NULL, 8));
	SHOW(syscall(SYS_rt_sigaction, SIGUSR1, NULL, BAD, 8));
	SHOW(syscall(SYS_rt_sigaction, 64, &act, &act, 8));
	SHOW(syscall(SYS_rt_sigprocmask, 3, &set, NULL, 8));
	SHOW(syscall(SYS_rt_sigprocmask, 3, NULL, NULL, 8));
	SHOW(syscall(SYS_rt_sigprocmask, 0, BAD, NULL, 8));
	SHOW(syscall(SYS_rt_sigprocmask, 0, NULL, BAD, 8));
	SHOW(syscall(SYS_rt_sigprocmask, 0, &set, NULL, 7));
	SHOW(syscall(SYS_rt_sigpending, BAD, 8));
	SHOW(syscall(SYS_rt_sigpending, &set, 9));
	SHOW(syscall(SYS_rt_sigpending, &set, 4));
	SHOW(syscall(SYS_rt_sigsuspend, BAD, 8));
	SHOW(syscall(SYS_rt_sigsuspend, &set, 4));
	SHOW(syscall(SYS_rt_sigtimedwait, BAD, NULL, NULL, 8));
	SHOW(syscall(SYS_rt_sigtimedwait, &set, NULL, BAD, 8));
	SHOW(syscall(SYS_rt_sigtimedwait, &set, NULL, NULL, 4));
	SHOW(syscall(SYS_rt_sigqueueinfo, getpid(), SIGUSR1, BAD));
	SHOW(syscall(SYS_rt_sigqueueinfo, getpid(), 65, info));
	SHOW(syscall(SYS_rt_sigqueueinfo, getpid(), 0, info));
	SHOW(syscall(SYS_rt_sigqueueinfo, 0x3fffffff, 0, (info[8] = -1, info)));
	SHOW(syscall(SYS_rt_tgsigqueueinfo, getpid(), 0, 0, info));
	SHOW(syscall(SYS_rt_tgsigqueueinfo, getpid(), getpid(), 65, info));
	SHOW(syscall(SYS_sigaltstack, BAD, NULL));
	SHOW(syscall(SYS_sigaltstack, NULL, BAD));
	SHOW(syscall(SYS_restart_syscall));
	SHOW(syscall(SYS_kill, 0x3fffffff, 0));
	return 0;
}
