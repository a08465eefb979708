/* Signal calls: success and errors; what a mask holds back; pending sets. */
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/select.h>
#include <time.h>

#include "show.h"

static volatile int got;
static void handler(int sig)
{
	got = sig;
}

int main(void)
{
	struct sigaction sa = { .sa_handler = handler }, old;
	struct timespec zero = { 0, 0 }, bad = { 0, 1000000000 };
	sigset_t set, empty;
	siginfo_t info;
	stack_t ss = { .ss_sp = malloc(1 << 16), .ss_size = 1 << 16 }, small = { .ss_sp = &ss, .ss_size = 100 };

	sigemptyset(&empty);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	SHOW(sigaction(SIGUSR1, &sa, &old));
	SHOW(old.sa_handler == SIG_DFL);
	SHOW(sigaction(SIGUSR1, NULL, &old));
	SHOW(old.sa_handler == handler);
	SHOW(sigaction(SIGKILL, &sa, NULL));
	SHOW(sigaction(SIGSTOP, &sa, NULL));
	SHOW(sigaction(65, &sa, NULL));
	SHOW(sigaction(0, &sa, NULL));
	SHOW(syscall(SYS_rt_sigaction, SIGUSR1, NULL, NULL, 4));
	SHOW(syscall(SYS_rt_sigaction, SIGUSR1, BAD_PTR, NULL, 8));
	SHOW(raise(SIGUSR1));
	SHOW(got == SIGUSR1);
	got = 0;
	SHOW(sigprocmask(SIG_BLOCK, &set, NULL));
	SHOW(raise(SIGUSR1));
	SHOW(got);
	SHOW(syscall(SYS_rt_sigpending, &info, 8));
	SHOW(*(unsigned long *)&info == 1ul << (SIGUSR1 - 1));
	SHOW(syscall(SYS_rt_sigpending, BAD_PTR, 8));
	SHOW(syscall(SYS_rt_sigpending, &info, 16));
	SHOW(sigtimedwait(&set, &info, &zero) == SIGUSR1);
	SHOW(info.si_code == SI_TKILL && info.si_pid == getpid());
	SHOW(sigtimedwait(&set, &info, &zero));
	SHOW(sigtimedwait(&set, &info, &bad));
	SHOW(syscall(SYS_rt_sigtimedwait, BAD_PTR, &info, &zero, 8));
	SHOW(syscall(SYS_rt_sigtimedwait, &set, &info, &zero, 4));
	SHOW(raise(SIGUSR1));
	SHOW(sigsuspend(&empty));
	SHOW(got == SIGUSR1);
	SHOW(syscall(SYS_rt_sigsuspend, BAD_PTR, 8));
	SHOW(syscall(SYS_rt_sigsuspend, &set, 4));
	SHOW(sigprocmask(99, &set, NULL));
	SHOW(syscall(SYS_rt_sigprocmask, SIG_BLOCK, &set, NULL, 4));
	SHOW(syscall(SYS_rt_sigprocmask, SIG_BLOCK, BAD_PTR, NULL, 8));
	got = 0;
	SHOW(raise(SIGUSR1));
	SHOW(pselect(0, NULL, NULL, NULL, &zero, &empty));
	SHOW(got == 0 || got == SIGUSR1);
	SHOW(sigprocmask(SIG_UNBLOCK, &set, NULL));
	SHOW(got == SIGUSR1);
	SHOW(sigaltstack(&ss, NULL));
	SHOW(sigaltstack(&small, NULL));
	small.ss_flags = 77;
	SHOW(sigaltstack(&small, NULL));
	SHOW(sigaltstack(BAD_PTR, NULL));
	SHOW(sigaltstack(NULL, BAD_PTR));
	SHOW(syscall(SYS_rt_sigqueueinfo, getpid(), SIGUSR1, BAD_PTR));
	info.si_code = SI_QUEUE;
	info.si_signo = SIGUSR1;
	info.si_value.sival_int = 5;
	SHOW(syscall(SYS_rt_sigqueueinfo, getpid(), SIGUSR1, &info));
	SHOW(syscall(SYS_rt_sigqueueinfo, 999999, SIGUSR1, &info));
	return 0;
}
