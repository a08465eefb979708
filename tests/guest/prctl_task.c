/* prctl: machine checks, I/O flushers, timer slack, performance counters, the clear-tid address, write-xor-execute, the
 * auxiliary vector; what forks, threads and execve keep of them. */
// needs-root: I/O flushers
/* musl */
#include <elf.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include "show.h"

#ifndef PR_SET_MDWE
#define PR_SET_MDWE 65
#define PR_GET_MDWE 66
#endif
#ifndef PR_GET_AUXV
#define PR_GET_AUXV 0x41555856
#endif
#ifndef PR_SET_IO_FLUSHER
#define PR_SET_IO_FLUSHER 57
#define PR_GET_IO_FLUSHER 58
#endif
#define P(...) syscall(SYS_prctl, __VA_ARGS__)

static void *thread(void *arg)
{
	(void)arg;
	SHOW(P(PR_MCE_KILL_GET, 0, 0, 0, 0));
	SHOW(P(PR_GET_TIMERSLACK, 0, 0, 0, 0));
	P(PR_SET_TIMERSLACK, 0, 0, 0, 0);
	SHOW(P(PR_GET_TIMERSLACK, 0, 0, 0, 0));
	return NULL;
}

static void in_child(void (*fn)(void))
{
	if (!fork()) {
		fn();
		fflush(stdout);
		_exit(0);
	}
	wait(NULL);
}

static void show_mdwe(void) { SHOW(P(PR_GET_MDWE, 0, 0, 0, 0)); }

static void mdwe(void)
{
	char *p = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *x = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	SHOW(P(PR_SET_MDWE, 2, 0, 0, 0));
	SHOW(P(PR_SET_MDWE, 4, 0, 0, 0));
	SHOW(P(PR_SET_MDWE, 1, 1, 0, 0));
	SHOW(P(PR_SET_MDWE, 1, 0, 0, 0));
	show_mdwe();
	SHOW(P(PR_SET_MDWE, 1, 0, 0, 0));
	SHOW(P(PR_SET_MDWE, 0, 0, 0, 0));
	SHOW(P(PR_SET_MDWE, 3, 0, 0, 0));
	SHOW(mprotect(p, 4096, PROT_READ | PROT_EXEC));
	SHOW(mprotect(p, 4096, PROT_READ | PROT_WRITE | PROT_EXEC));
	SHOW(mprotect(p, 4096, PROT_READ));
	SHOW(mprotect(x, 4096, PROT_READ | PROT_EXEC));
	SHOW(mprotect(x, 4096, PROT_READ | PROT_EXEC | PROT_WRITE));
	SHOW_OK(mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	SHOW_OK(mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	SHOW(P(PR_GET_MDWE, 1, 0, 0, 0));
	in_child(show_mdwe);
}

static void mdwe_no_inherit(void)
{
	SHOW(P(PR_SET_MDWE, 3, 0, 0, 0));
	show_mdwe();
	in_child(show_mdwe);
}

int main(void)
{
	unsigned long auxv[64], *addr = NULL;
	int tid_word, found = 0;
	struct sched_param sp = { 1 };
	pthread_t t;

	SHOW(P(PR_MCE_KILL_GET, 0, 0, 0, 0));
	SHOW(P(PR_MCE_KILL, PR_MCE_KILL_SET, PR_MCE_KILL_EARLY, 0, 0));
	SHOW(P(PR_MCE_KILL_GET, 0, 0, 0, 0));
	SHOW(P(PR_MCE_KILL, PR_MCE_KILL_SET, PR_MCE_KILL_LATE, 0, 0));
	SHOW(P(PR_MCE_KILL_GET, 0, 0, 0, 0));
	SHOW(P(PR_MCE_KILL, PR_MCE_KILL_SET, 9, 0, 0));
	SHOW(P(PR_MCE_KILL, PR_MCE_KILL_CLEAR, 1, 0, 0));
	SHOW(P(PR_MCE_KILL, 9, 0, 0, 0));
	SHOW(P(PR_MCE_KILL, PR_MCE_KILL_SET, PR_MCE_KILL_EARLY, 1, 0));
	SHOW(P(PR_MCE_KILL_GET, 1, 0, 0, 0));
	SHOW(P(PR_SET_TIMERSLACK, 12345, 0, 0, 0));
	pthread_create(&t, NULL, thread, NULL);
	pthread_join(t, NULL);
	SHOW(P(PR_MCE_KILL, PR_MCE_KILL_CLEAR, 0, 0, 0));
	SHOW(P(PR_MCE_KILL_GET, 0, 0, 0, 0));
	SHOW(P(PR_SET_TIMERSLACK, 0, 0, 0, 0));
	SHOW(P(PR_GET_TIMERSLACK, 0, 0, 0, 0));
	/* not while a real-time policy has none */
	sched_setscheduler(0, SCHED_FIFO, &sp);
	SHOW(P(PR_SET_TIMERSLACK, 777, 0, 0, 0));
	sp.sched_priority = 0;
	sched_setscheduler(0, SCHED_OTHER, &sp);
	SHOW(P(PR_TASK_PERF_EVENTS_DISABLE, 0, 0, 0, 0));
	SHOW(P(PR_TASK_PERF_EVENTS_ENABLE, 0, 0, 0, 0));
	/* a thread's */
	syscall(SYS_set_tid_address, &tid_word);
	SHOW(P(PR_GET_TID_ADDRESS, &addr, 0, 0, 0));
	SHOW(addr == (void *)&tid_word);
	SHOW(P(PR_GET_TID_ADDRESS, BAD_PTR, 0, 0, 0));
	/* the auxiliary vector as the kernel keeps it */
	SHOW(P(PR_GET_AUXV, auxv, sizeof(auxv), 0, 0) > 300);
	for (unsigned i = 0; i < 62 && auxv[i]; i += 2)
		if (auxv[i] == AT_PAGESZ)
			found = (int)auxv[i + 1];
	SHOW(found);
	SHOW(P(PR_GET_AUXV, auxv, 8, 0, 0) > 300);
	SHOW(P(PR_GET_AUXV, BAD_PTR, 8, 0, 0));
	SHOW(P(PR_GET_AUXV, auxv, 8, 1, 0));
	in_child(mdwe);
	in_child(mdwe_no_inherit);
	show_mdwe();
	/* of other machines */
	SHOW(P(PR_GET_FPEMU, &found, 0, 0, 0));
	SHOW(P(PR_SET_FPEXC, 0, 0, 0, 0));
	SHOW(P(PR_SVE_GET_VL, 0, 0, 0, 0));
	SHOW(P(PR_MPX_ENABLE_MANAGEMENT, 0, 0, 0, 0));
	SHOW(P(PR_SET_TSC, PR_TSC_ENABLE, 0, 0, 0));
	SHOW(P(PR_GET_SPECULATION_CTRL, 9, 0, 0, 0));
	SHOW(P(PR_GET_SPECULATION_CTRL, 0, 1, 0, 0));
	SHOW(P(PR_SET_SPECULATION_CTRL, 9, 2, 0, 0));
	setresuid(1000, 1000, 1000);
	SHOW(P(PR_SET_IO_FLUSHER, 1, 0, 0, 0));
	SHOW(P(PR_GET_IO_FLUSHER, 0, 0, 0, 0));
	return 0;
}
