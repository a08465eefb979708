/* Scheduling calls: policies and parameters, priorities, affinity, the CPU number, yielding. */
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include "show.h"

int main(void)
{
	struct sched_param sp = { 0 };
	struct timespec ts;
	cpu_set_t set, one;
	unsigned cpu, node;
	unsigned long mask[16];
	int status, first = 0;
	pid_t pid;

	SHOW(sched_getscheduler(0));
	SHOW(sched_getparam(0, &sp));
	SHOW(sp.sched_priority);
	SHOW(sched_setscheduler(0, SCHED_BATCH, &sp));
	SHOW(sched_getscheduler(0));
	SHOW(sched_setscheduler(0, SCHED_OTHER, &sp));
	SHOW(sched_setscheduler(0, SCHED_IDLE, &sp));
	SHOW(sched_setscheduler(0, SCHED_OTHER, &sp));
	sp.sched_priority = 5;
	SHOW(sched_setscheduler(0, SCHED_OTHER, &sp));
	SHOW(sched_setparam(0, &sp));
	SHOW(sched_setscheduler(0, 99, &sp));
	SHOW(sched_setscheduler(-1, SCHED_OTHER, &sp));
	SHOW(sched_setscheduler(999999, SCHED_OTHER, &sp));
	SHOW(syscall(SYS_sched_setscheduler, 0, SCHED_OTHER, BAD_PTR));
	SHOW(syscall(SYS_sched_getparam, 0, BAD_PTR));
	SHOW(syscall(SYS_sched_getparam, 0, NULL));
	SHOW(sched_get_priority_max(SCHED_FIFO));
	SHOW(sched_get_priority_min(SCHED_FIFO));
	SHOW(sched_get_priority_max(SCHED_OTHER));
	SHOW(sched_get_priority_max(SCHED_RR));
	SHOW(sched_get_priority_max(99));
	SHOW(sched_rr_get_interval(0, &ts));
	SHOW(sched_rr_get_interval(-1, &ts));
	SHOW(sched_rr_get_interval(999999, &ts));
	/* affinity */
	SHOW(sched_getaffinity(0, sizeof(set), &set));
	SHOW(CPU_COUNT(&set) > 0);
	SHOW(syscall(SYS_sched_getaffinity, 0, 7, mask));
	SHOW(syscall(SYS_sched_getaffinity, 0, 12, mask));
	SHOW(syscall(SYS_sched_getaffinity, 0, 128, BAD_PTR));
	SHOW(syscall(SYS_sched_getaffinity, 999999, 128, mask));
	SHOW(syscall(SYS_sched_getaffinity, -1, 128, mask));
	while (!CPU_ISSET(first, &set))
		first++;
	CPU_ZERO(&one);
	SHOW(sched_setaffinity(0, sizeof(one), &one));
	CPU_SET(first, &one);
	SHOW(sched_setaffinity(0, sizeof(one), &one));
	SHOW(syscall(SYS_getcpu, &cpu, &node, NULL));
	SHOW(cpu == (unsigned)first);
	SHOW(sched_getcpu() == first);
	pid = fork();
	if (!pid) {
		sched_getaffinity(0, sizeof(one), &one);
		_exit(CPU_COUNT(&one));
	}
	waitpid(pid, &status, 0);
	SHOW(WEXITSTATUS(status));
	SHOW(sched_setaffinity(0, sizeof(set), &set));
	SHOW(syscall(SYS_getcpu, BAD_PTR, NULL, NULL));
	SHOW(syscall(SYS_getcpu, NULL, NULL, NULL));
	/* priorities */
	SHOW(getpriority(PRIO_PROCESS, 0) == getpriority(PRIO_PGRP, 0)); /* whoever runs the tests may be nice */
	SHOW(setpriority(PRIO_PROCESS, 0, 15));
	SHOW(getpriority(PRIO_PROCESS, 0));
	SHOW(getpriority(PRIO_PGRP, 0) <= 15);
	SHOW(setpriority(PRIO_PROCESS, 0, 100));
	SHOW(getpriority(PRIO_PROCESS, 0));
	SHOW(nice(-1) == -1 ? errno != EPERM : 1);
	SHOW(getpriority(9, 0));
	SHOW(getpriority(PRIO_PROCESS, 999999));
	SHOW(getpriority(PRIO_PGRP, 999999));
	SHOW(setpriority(PRIO_PROCESS, 999999, 1));
	SHOW(sched_yield());
	return 0;
}
