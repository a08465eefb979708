/* The page-fault error code in the frame tells reads from writes. ptrace does not show it to a tracer. */
// skip-modes: ptrace
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <ucontext.h>

static sigjmp_buf jump;

static void handler(int sig, siginfo_t *info, void *ctx)
{
	ucontext_t *uc = ctx;

	printf("signal %d code %d err %#llx\n", sig, info->si_code, uc->uc_mcontext.gregs[REG_ERR] & ~1ll);
	siglongjmp(jump, 1);
}

int main(void)
{
	struct sigaction sa = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO };
	volatile char *p = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	sigaction(SIGSEGV, &sa, NULL);
	if (!sigsetjmp(jump, 1))
		p[5] = 1;
	mprotect((void *)p, 4096, PROT_NONE);
	if (!sigsetjmp(jump, 1))
		(void)p[5];
	if (!sigsetjmp(jump, 1))
		p[5] = 1;
	munmap((void *)p, 4096);
	if (!sigsetjmp(jump, 1))
		(void)p[5];
	if (!sigsetjmp(jump, 1))
		p[5] = 1;
	if (!sigsetjmp(jump, 1))
		((void (*)(void))p)();
	return 0;
}
