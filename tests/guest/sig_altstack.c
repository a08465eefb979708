/* sigaltstack: where handlers run, what they may change, SS_AUTODISARM, and a stack overflow that is survived. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include <ucontext.h>

#ifndef SS_AUTODISARM
#define SS_AUTODISARM (1u << 31)
#endif
static char stack[65536] __attribute__((aligned(16)));
static sigjmp_buf jump;

static int on_stack(const void *p) { return (const char *)p >= stack && (const char *)p < stack + sizeof(stack); }

static void show(const char *what)
{
	stack_t ss;

	sigaltstack(NULL, &ss);
	printf("%s: sp %s, size %zu, flags %#x\n", what, ss.ss_sp == stack ? "ours" : ss.ss_sp ? "other" : "none", ss.ss_size,
		(unsigned)ss.ss_flags);
}

static void handler(int sig, siginfo_t *info, void *ctx)
{
	ucontext_t *uc = ctx;
	stack_t ss = { .ss_sp = stack, .ss_size = sizeof(stack) };
	char local;

	(void)info;
	printf("handler %d on the alternate stack: %d\n", sig, on_stack(&local));
	printf("uc_stack: %s size %zu flags %#x\n", uc->uc_stack.ss_sp == stack ? "ours" : "other", uc->uc_stack.ss_size,
		(unsigned)uc->uc_stack.ss_flags);
	show("inside");
	/* With SS_AUTODISARM it would be allowed; what sigreturn then makes of it changed in Linux 6.12. */
	if (!((unsigned)uc->uc_stack.ss_flags & SS_AUTODISARM)) {
		printf("change inside: %d", sigaltstack(&ss, NULL));
		printf(" %s\n", errno == EPERM ? "EPERM" : "allowed");
	}
	errno = 0;
	if (sig == SIGUSR1)
		raise(SIGUSR2); /* nested: stays on the same stack */
}

static void overflow_handler(int sig, siginfo_t *info, void *ctx)
{
	char local;

	(void)ctx;
	(void)info;
	printf("overflow: signal %d on the alternate stack: %d\n", sig, on_stack(&local));
	siglongjmp(jump, 1);
}

static int recurse(volatile char *p, int n)
{
	volatile char buf[4096];

	buf[0] = *p;
	return n > 100000 ? 0 : recurse(buf, n + 1) + buf[n % 4096];
}

int main(void)
{
	struct sigaction sa = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO | SA_ONSTACK };
	stack_t ss = { .ss_sp = stack, .ss_size = sizeof(stack) };
	struct rlimit rl = { 256 * 1024, 256 * 1024 };
	char c = 0;

	show("at start");
	printf("too small: %d", sigaltstack(&(stack_t){ .ss_sp = stack, .ss_size = 100 }, NULL));
	printf(" %s\n", errno == ENOMEM ? "ENOMEM" : "?");
	printf("bad flags: %d", sigaltstack(&(stack_t){ .ss_sp = stack, .ss_size = 65536, .ss_flags = 16 }, NULL));
	printf(" %s\n", errno == EINVAL ? "EINVAL" : "?");
	errno = 0;
	sigaltstack(&ss, NULL);
	show("set");
	sigaction(SIGUSR1, &sa, NULL);
	sigaction(SIGUSR2, &sa, NULL);
	raise(SIGUSR1);
	show("after");
	ss.ss_flags = SS_AUTODISARM;
	printf("autodisarm: %d\n", sigaltstack(&ss, NULL));
	raise(SIGUSR2);
	show("after autodisarm");
	ss.ss_flags = SS_DISABLE;
	sigaltstack(&ss, NULL);
	show("disabled");
	ss.ss_flags = 0;
	sigaltstack(&ss, NULL);

	setrlimit(RLIMIT_STACK, &rl);
	sa.sa_sigaction = overflow_handler;
	sigaction(SIGSEGV, &sa, NULL);
	for (int i = 0; i < 3; i++)
		if (!sigsetjmp(jump, 1))
			recurse(&c, 0);
	show("after overflows");
	return 0;
}
