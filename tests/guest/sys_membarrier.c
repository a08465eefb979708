/* membarrier: its commands, registrations, and that it makes Dekker's algorithm with one-sided barriers hold. */
/* */
/* musl */
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <linux/membarrier.h>
#include <sys/wait.h>
#include "show.h"

#define GET_REGISTRATIONS (1 << 9)
#define RSEQ (MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ | MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ)

static long membarrier(int cmd, unsigned flags) { return syscall(SYS_membarrier, cmd, flags, 0); }

#define ROUNDS 3000
static volatile int x, y, round_no, r1, r2, finished;

/* The fast side: only the compiler is kept in order. */
static void *fast(void *arg)
{
	(void)arg;
	for (int i = 1; i <= ROUNDS; i++) {
		while (__atomic_load_n(&round_no, __ATOMIC_ACQUIRE) != i)
			sched_yield();
		x = 1;
		__asm__ volatile("" ::: "memory");
		r1 = y;
		__atomic_store_n(&finished, i, __ATOMIC_RELEASE);
	}
	return NULL;
}

int main(void)
{
	int status, both_missed = 0;
	pthread_t t;
	pid_t pid;

	SHOW(membarrier(MEMBARRIER_CMD_QUERY, 0) & ~RSEQ);
	SHOW(membarrier(GET_REGISTRATIONS, 0));
	SHOW(membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0));
	SHOW(membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE, 0));
	SHOW(membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0));
	SHOW(membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0));
	SHOW(membarrier(GET_REGISTRATIONS, 0));
	pid = fork();
	if (!pid) {
		SHOW(membarrier(GET_REGISTRATIONS, 0));
		SHOW(membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0));
		_exit(0);
	}
	waitpid(pid, &status, 0);
	SHOW(membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE, 0));
	SHOW(membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE, 0));
	SHOW(membarrier(MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED, 0));
	SHOW(membarrier(MEMBARRIER_CMD_GLOBAL_EXPEDITED, 0));
	SHOW(membarrier(MEMBARRIER_CMD_GLOBAL, 0));
	SHOW(membarrier(GET_REGISTRATIONS, 0));
	SHOW(membarrier(MEMBARRIER_CMD_QUERY, 1));
	SHOW(membarrier(MEMBARRIER_CMD_GLOBAL, 1));
	SHOW(membarrier(1 << 20, 0));
	SHOW(membarrier(-1, 0));
	pthread_create(&t, NULL, fast, NULL);
	for (int i = 1; i <= ROUNDS; i++) {
		x = y = 0;
		__atomic_store_n(&round_no, i, __ATOMIC_RELEASE);
		y = 1;
		membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0);
		r2 = x;
		while (__atomic_load_n(&finished, __ATOMIC_ACQUIRE) != i)
			sched_yield();
		both_missed += !r1 && !r2;
	}
	pthread_join(t, NULL);
	SHOW(both_missed);
	return 0;
}
