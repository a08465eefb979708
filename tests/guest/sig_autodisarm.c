/* Alternate stacks: SS_AUTODISARM, nesting, overflow, errors, what fork, threads and exec keep, the frame's uc_stack. */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <ucontext.h>
#include "show.h"

#ifndef SS_AUTODISARM
#define SS_AUTODISARM (1u << 31)
#endif
#define SIZE 65536

static char *stack, *second;
static volatile int depth;
static sigjmp_buf env;

static const char *where(void)
{
	char here;

	return &here >= stack && &here < stack + SIZE ? "first" : &here >= second && &here < second + SIZE ? "second" : "main";
}

static void show_current(const char *what)
{
	stack_t ss;

	sigaltstack(NULL, &ss);
	printf("%s: %s flags %x size %zu\n", what, ss.ss_sp == stack ? "first" : ss.ss_sp == second ? "second" : ss.ss_sp ? "other" :
		"none", ss.ss_flags, ss.ss_size);
}

static void handler(int sig, siginfo_t *si, void *ctx)
{
	ucontext_t *uc = ctx;
	stack_t ss = { .ss_sp = second, .ss_size = SIZE };

	depth++;
	printf("depth %d on %s, uc_stack %s flags %x\n", depth, where(), uc->uc_stack.ss_sp == stack ? "first" :
		uc->uc_stack.ss_sp == second ? "second" : "other", uc->uc_stack.ss_flags);
	show_current("in it");
	if (depth == 1) {
		SHOW(sigaltstack(&ss, NULL));
		raise(SIGUSR2);
		show_current("back in it");
	}
	depth--;
}

static void plain(int sig)
{
	stack_t ss = { .ss_sp = second, .ss_size = SIZE };

	depth++;
	printf("plain: depth %d on %s\n", depth, where());
	show_current("in it");
	SHOW(sigaltstack(&ss, NULL));
	if (depth == 1)
		raise(SIGUSR1);
	depth--;
}

static void overflowed(int sig) { siglongjmp(env, sig); }

static void *thread(void *arg)
{
	show_current("thread");
	return NULL;
}

static int deep(int n)
{
	volatile char buf[4096];

	buf[0] = n;
	return n > 100000 ? 0 : deep(n + 1) + buf[0];
}

int main(int argc, char **argv)
{
	struct sigaction sa = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER };
	stack_t ss = { .ss_size = SIZE }, old;
	pthread_t th;
	pid_t pid;
	int status;

	if (argc > 1) {
		show_current("after exec");
		return 0;
	}
	stack = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	second = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	show_current("at start");
	ss.ss_sp = stack;
	sigaction(SIGUSR1, &sa, NULL);
	sigaction(SIGUSR2, &sa, NULL);
	ss.ss_flags = SS_AUTODISARM;
	SHOW(sigaltstack(&ss, NULL));
	show_current("armed");
	raise(SIGUSR1);
	show_current("after");
	/* without it the stack cannot be changed while in use, and nested handlers go on below */
	sa.sa_handler = plain;
	sigaction(SIGUSR1, &sa, NULL);
	ss.ss_flags = 0;
	SHOW(sigaltstack(&ss, &old));
	printf("old flags %x\n", old.ss_flags);
	raise(SIGUSR1);
	ss.ss_flags = SS_ONSTACK; /* ignored */
	SHOW(sigaltstack(&ss, NULL));
	show_current("with SS_ONSTACK");
	ss.ss_flags = 4;
	SHOW(sigaltstack(&ss, NULL));
	ss.ss_flags = SS_DISABLE | SS_AUTODISARM;
	SHOW(sigaltstack(&ss, NULL));
	show_current("disabled");
	ss.ss_flags = 0;
	ss.ss_size = 2047;
	SHOW(sigaltstack(&ss, NULL));
	ss.ss_size = 2048;
	SHOW(sigaltstack(&ss, NULL));
	SHOW(sigaltstack(BAD_PTR, NULL));
	SHOW(sigaltstack(NULL, BAD_PTR));
	ss.ss_size = SIZE;
	sigaltstack(&ss, NULL);
	fflush(stdout);
	pthread_create(&th, NULL, thread, NULL);
	pthread_join(th, NULL);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		show_current("child");
		fflush(stdout);
		execl("/proc/self/exe", "self", "x", NULL);
	}
	waitpid(pid, &status, 0);
	/* a stack overflow is caught there */
	sa.sa_handler = overflowed;
	sigaction(SIGSEGV, &sa, NULL);
	if (!sigsetjmp(env, 1))
		printf("%d\n", deep(0));
	else
		printf("overflow caught\n");
	/* a frame that does not fit on the alternate stack kills */
	fflush(stdout);
	pid = fork();
	if (!pid) {
		ss.ss_size = 2048; /* too small for a frame with vector state, or just large enough: then it must work */
		sigaltstack(&ss, NULL);
		sigaction(SIGUSR1, &(struct sigaction){ .sa_handler = SIG_DFL }, NULL);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	printf("status %x\n", status);
	return 0;
}
