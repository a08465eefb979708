/* Syscall user dispatch: calls that are reported by SIGSYS instead of made, the range and the byte that let them through, and
 * what fork, threads and execve keep of it. */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <ucontext.h>
#include "show.h"

#ifndef PR_SET_SYSCALL_USER_DISPATCH
#define PR_SET_SYSCALL_USER_DISPATCH 59
#endif
#define ON 1
#define OFF 0
enum { ALLOW, BLOCK };

static volatile char gate;
static siginfo_t got;
static volatile int caught, main_spins, thread_done;

static long call(long nr)
{
	long ret;

	__asm__ volatile("syscall" : "=a"(ret) : "a"(nr) : "rcx", "r11", "memory");
	return ret;
}

static void handler(int sig, siginfo_t *si, void *context)
{
	ucontext_t *uc = context;

	(void)sig;
	gate = ALLOW;
	got = *si;
	caught++;
	/* what the call is to give; the registers are as it was made */
	if (uc->uc_mcontext.gregs[REG_RAX] == si->si_syscall)
		uc->uc_mcontext.gregs[REG_RAX] = 4242;
}

static void *thread(void *arg)
{
	(void)arg;
	while (!main_spins) /* and makes no call of its own while the gate is closed */
		;
	gate = BLOCK;
	call(SYS_getppid);
	gate = ALLOW;
	thread_done = 1;
	return NULL;
}

static int status_of(void (*fn)(void))
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		fn();
		_exit(0);
	}
	waitpid(pid, &status, 0);
	return WIFSIGNALED(status) ? WTERMSIG(status) : -WEXITSTATUS(status);
}

static void inherited(void)
{
	gate = BLOCK;
	call(SYS_getppid);
	gate = ALLOW;
	_exit(caught);
}

static void bad_gate(void)
{
	prctl(PR_SET_SYSCALL_USER_DISPATCH, ON, 0, 0, &gate);
	gate = 7;
	call(SYS_getppid);
	_exit(1);
}

static void no_gate(void)
{
	prctl(PR_SET_SYSCALL_USER_DISPATCH, ON, 0, 0, 16);
	call(SYS_getppid);
	_exit(1);
}

int main(void)
{
	struct sigaction sa = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO };
	pthread_t t;
	long r;

	sigaction(SIGSYS, &sa, NULL);
	SHOW(prctl(PR_SET_SYSCALL_USER_DISPATCH, ON, 0, 0, &gate));
	gate = BLOCK;
	r = call(SYS_getppid);
	SHOW(r);
	SHOW(caught);
	SHOW(got.si_signo == SIGSYS && got.si_code == 2);
	SHOW(got.si_syscall == SYS_getppid && got.si_arch == 0xc000003e);
	SHOW(((unsigned char *)got.si_call_addr)[-2] == 0x0f && ((unsigned char *)got.si_call_addr)[-1] == 0x05);
	SHOW(call(SYS_getpid) == getpid());
	/* not a call at all */
	gate = BLOCK;
	r = call(100000);
	SHOW(r);
	SHOW(got.si_syscall);
	/* one site made several times: it is rewritten meanwhile, where that is done */
	for (int i = 0; i < 20; i++) {
		call(SYS_getuid);
		gate = BLOCK;
		call(SYS_getuid);
	}
	SHOW(caught);
	pthread_create(&t, NULL, thread, NULL);
	main_spins = 1;
	while (!thread_done)
		;
	pthread_join(t, NULL);
	printf("in a thread: caught %d\n", caught);
	SHOW(status_of(inherited) == -caught);
	SHOW(status_of(bad_gate) == SIGSYS);
	SHOW(status_of(no_gate) == SIGSEGV);
	/* all addresses may call */
	SHOW(prctl(PR_SET_SYSCALL_USER_DISPATCH, ON, 1, -2l, 0));
	SHOW(call(SYS_getpid) == getpid());
	SHOW(prctl(PR_SET_SYSCALL_USER_DISPATCH, OFF, 0, 0, 0));
	gate = BLOCK;
	SHOW(call(SYS_getpid) == getpid());
	SHOW(prctl(PR_SET_SYSCALL_USER_DISPATCH, OFF, 1, 0, 0));
	SHOW(prctl(PR_SET_SYSCALL_USER_DISPATCH, OFF, 0, 1, 0));
	SHOW(prctl(PR_SET_SYSCALL_USER_DISPATCH, OFF, 0, 0, &gate));
	SHOW(prctl(PR_SET_SYSCALL_USER_DISPATCH, ON, 1, -1l, 0));
	SHOW(prctl(PR_SET_SYSCALL_USER_DISPATCH, ON, 0, 0, 1ul << 63));
	SHOW(prctl(PR_SET_SYSCALL_USER_DISPATCH, 9, 0, 0, 0));
	return 0;
}
