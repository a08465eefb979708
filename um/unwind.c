/* umk's own call chain, by libunwind, and what happens when umk itself faults. */
#define UNW_LOCAL_ONLY
#include <libunwind.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "um.h"

#define FRAMES_MOST 48
#define CRASH_STACK (64 * 1024)

void host_backtrace(void)
{
	unw_context_t context;
	unw_cursor_t cursor;
	unw_word_t ip, off;
	char name[128];

	unw_getcontext(&context);
	if (unw_init_local(&cursor, &context))
		return;
	for (int i = 0; i < FRAMES_MOST && unw_step(&cursor) > 0; i++) {
		unw_get_reg(&cursor, UNW_REG_IP, &ip);
		if (!ip)
			break;
		if (unw_get_proc_name(&cursor, name, sizeof(name), &off))
			um_message("  #%-2d %#lx", i, (unsigned long)ip);
		else
			um_message("  #%-2d %#lx %s+%#lx", i, (unsigned long)ip, name, (unsigned long)off);
	}
}

static void crash(int signo, siginfo_t *info, void *context)
{
	static volatile sig_atomic_t again;

	(void)context;
	if (again)
		_exit(125);
	again = 1;
	console_restore();
	um_message("umk itself failed: %s at address %p; please report this", strsignal(signo), info->si_addr);
	host_backtrace();
	um_exit(125);
}

void crash_init(void)
{
	static const int faults[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE };
	struct sigaction sa = { .sa_sigaction = crash, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER };
	stack_t ss = { .ss_size = CRASH_STACK };

	if (host_info.sanitized)
		return;         /* the sanitizer reports better */
	/* a stack of its own: the fault may be a kernel stack's guard page */
	ss.ss_sp = mmap(NULL, CRASH_STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (ss.ss_sp == MAP_FAILED || sigaltstack(&ss, NULL))
		sa.sa_flags &= ~SA_ONSTACK;
	sigemptyset(&sa.sa_mask);
	for (unsigned i = 0; i < ARRAY_SIZE(faults); i++)
		sigaction(faults[i], &sa, NULL);
}
