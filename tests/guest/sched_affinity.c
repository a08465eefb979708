/* Affinity: of threads and other processes, inheritance, sizes of masks, and that it is obeyed. */
/* musl */
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <signal.h>
#include <sys/wait.h>
#include "show.h"

static int first = -1;
static cpu_set_t all, one;

static void *thread(void *arg)
{
	cpu_set_t got;

	(void)arg;
	sched_getaffinity(0, sizeof(got), &got);
	SHOW(CPU_EQUAL(&got, &one));
	SHOW(sched_setaffinity(0, sizeof(all), &all));
	sched_getaffinity(getpid(), sizeof(got), &got);
	SHOW(CPU_EQUAL(&got, &one)); /* main's is its own */
	return NULL;
}

int main(void)
{
	unsigned long mask[128];
	unsigned cpu = 99, node = 99;
	cpu_set_t got;
	int wrong = 0, n;
	pthread_t t;
	pid_t pid;

	sched_getaffinity(0, sizeof(all), &all);
	for (int i = 0; i < CPU_SETSIZE; i++)
		if (CPU_ISSET(i, &all) && first < 0)
			first = i;
	CPU_ZERO(&one);
	CPU_SET(first, &one);
	SHOW(sched_setaffinity(0, sizeof(one), &one));
	for (int i = 0; i < 200; i++) {
		syscall(SYS_getcpu, &cpu, &node, NULL);
		wrong += cpu != (unsigned)first;
		sched_yield();
	}
	SHOW(wrong);
	SHOW(sched_getcpu() == first);
	pthread_create(&t, NULL, thread, NULL);
	pthread_join(t, NULL);
	pid = fork();
	if (!pid) {
		sched_getaffinity(0, sizeof(got), &got);
		_exit(CPU_EQUAL(&got, &one) ? sched_getcpu() == first : 2);
	}
	waitpid(pid, &n, 0);
	SHOW(WEXITSTATUS(n));
	/* of another process */
	pid = fork();
	if (!pid)
		for (;;)
			sched_yield();
	SHOW(sched_setaffinity(pid, sizeof(all), &all));
	sched_getaffinity(pid, sizeof(got), &got);
	SHOW(CPU_EQUAL(&got, &all));
	kill(pid, 9);
	waitpid(pid, NULL, 0);
	SHOW(sched_getaffinity(pid, sizeof(got), &got));
	SHOW(sched_setaffinity(pid, sizeof(all), &all));
	/* masks: too short, odd, long; CPUs that do not exist do not count */
	SHOW(syscall(SYS_sched_getaffinity, 0, 0, mask));
	SHOW(syscall(SYS_sched_getaffinity, 0, 4, mask));
	SHOW(syscall(SYS_sched_getaffinity, 0, 17, mask));
	SHOW(syscall(SYS_sched_getaffinity, 0, sizeof(mask), mask) > 0);
	SHOW(syscall(SYS_sched_getaffinity, 0, 128, BAD_PTR));
	SHOW(syscall(SYS_sched_setaffinity, 0, 128, BAD_PTR));
	SHOW(syscall(SYS_sched_setaffinity, 0, 0, mask));
	memset(mask, 0, sizeof(mask));
	SHOW(syscall(SYS_sched_setaffinity, 0, sizeof(mask), mask));
	memset(mask, 0xff, sizeof(mask));
	SHOW(syscall(SYS_sched_setaffinity, 0, sizeof(mask), mask));
	sched_getaffinity(0, sizeof(got), &got);
	SHOW(CPU_COUNT(&got) >= CPU_COUNT(&all));
	SHOW(syscall(SYS_sched_getaffinity, -1, 128, mask));
	SHOW(syscall(SYS_sched_setaffinity, -1, 128, mask));
	return 0;
}
