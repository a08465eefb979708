/* sched_setattr and sched_getattr: every policy, flags, sizes of the structure, and the errors. */
// needs-root: real-time policies
/* */
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include "show.h"

struct attr {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime, deadline, period;
	uint32_t util_min, util_max;
	uint64_t more[4];
};
#define V0 48
#define DEADLINE 6
#define RESET 1
#define KEEP_POLICY 8
#define KEEP_PARAMS 16

static long set(struct attr *a) { return syscall(SYS_sched_setattr, 0, a, 0); }
static long set_plain(int policy, int nice, unsigned prio)
{
	struct attr a = { .size = V0, .policy = (unsigned)policy, .nice = nice, .priority = prio };

	return set(&a);
}

static void show_attr(void)
{
	struct attr a;

	memset(&a, 0xff, sizeof(a));
	if (syscall(SYS_sched_getattr, 0, &a, V0, 0) < 0) {
		printf(" %s\n", errno_name(errno));
		return;
	}
	printf(" size %u, policy %u, flags %#llx, nice %d, priority %u", a.size, a.policy, (unsigned long long)a.flags, a.nice,
		a.priority);
	if (a.policy == DEADLINE)
		printf(", %llu %llu %llu", (unsigned long long)a.runtime, (unsigned long long)a.deadline,
			(unsigned long long)a.period);
	printf("\n");
}

int main(void)
{
	struct attr a = { 0 };
	struct sched_param sp;

	show_attr();
	SHOW(set_plain(SCHED_BATCH, 5, 0));
	show_attr();
	SHOW(getpriority(PRIO_PROCESS, 0));
	SHOW(set_plain(SCHED_IDLE, 3, 0));
	show_attr();
	SHOW(set_plain(SCHED_FIFO, 0, 10));
	show_attr();
	SHOW(sched_getscheduler(0));
	SHOW(sched_getparam(0, &sp) || sp.sched_priority != 10);
	SHOW(set_plain(SCHED_RR, 0, 99));
	show_attr();
	/* keep the one or the other */
	a = (struct attr){ .size = V0, .policy = SCHED_OTHER, .flags = KEEP_POLICY, .priority = 20 };
	SHOW(set(&a));
	show_attr();
	a = (struct attr){ .size = V0, .policy = SCHED_FIFO, .flags = KEEP_PARAMS, .priority = 3 };
	SHOW(set(&a));
	show_attr();
	a = (struct attr){ .size = V0, .policy = SCHED_OTHER, .flags = RESET, .nice = -7 };
	SHOW(set(&a));
	show_attr();
	if (!fork()) {
		show_attr();
		fflush(stdout);
		_exit(0);
	}
	wait(NULL);
	a = (struct attr){ .size = V0, .policy = SCHED_OTHER, .nice = 100 };
	SHOW(set(&a));
	show_attr();
	SHOW(set_plain(SCHED_OTHER, -100, 0));
	show_attr();
	SHOW(set_plain(SCHED_OTHER, 0, 0));
	/* sizes */
	a = (struct attr){ .policy = SCHED_BATCH };
	SHOW(set(&a)); /* 0: the first version */
	a.size = 47;
	SHOW(set(&a));
	SHOW(a.size >= V0);
	a.size = 4097;
	SHOW(set(&a));
	a.size = sizeof(a);
	SHOW(set(&a));
	a.more[3] = 1;
	SHOW(set(&a));
	SHOW(a.size >= V0 && a.size < sizeof(a));
	SHOW(syscall(SYS_sched_getattr, 0, &a, sizeof(a), 0));
	SHOW(a.more[3] == 0);
	SHOW(syscall(SYS_sched_getattr, 0, &a, 47, 0));
	SHOW(syscall(SYS_sched_getattr, 0, &a, 4097, 0));
	SHOW(syscall(SYS_sched_getattr, 0, &a, V0, 1));
	SHOW(syscall(SYS_sched_getattr, 0, NULL, V0, 0));
	SHOW(syscall(SYS_sched_getattr, 0, BAD_PTR, V0, 0));
	SHOW(syscall(SYS_sched_getattr, -1, &a, V0, 0));
	SHOW(syscall(SYS_sched_getattr, 0x3fffffff, &a, V0, 0));
	/* bad values */
	SHOW(set_plain(SCHED_FIFO, 0, 0));
	SHOW(set_plain(SCHED_FIFO, 0, 100));
	SHOW(set_plain(SCHED_OTHER, 0, 1));
	SHOW(set_plain(4, 0, 0));
	SHOW(set_plain(99, 0, 0));
	SHOW(set_plain(-1, 0, 0));
	a = (struct attr){ .size = V0, .flags = 0x100 };
	SHOW(set(&a));
	SHOW(syscall(SYS_sched_setattr, 0, &a, 1));
	SHOW(syscall(SYS_sched_setattr, 0, NULL, 0));
	SHOW(syscall(SYS_sched_setattr, 0, BAD_PTR, 0));
	SHOW(syscall(SYS_sched_setattr, -1, &a, 0));
	a.flags = 0;
	SHOW(syscall(SYS_sched_setattr, 0x3fffffff, &a, 0));
	a = (struct attr){ .size = V0, .policy = DEADLINE };
	SHOW(set(&a));
	a = (struct attr){ .size = V0, .policy = DEADLINE, .runtime = 20000000, .deadline = 10000000 };
	SHOW(set(&a));
	a = (struct attr){ .size = V0, .policy = DEADLINE, .runtime = 1000000, .deadline = 10000000, .period = 5000000 };
	SHOW(set(&a));
	a = (struct attr){ .size = V0, .policy = DEADLINE, .runtime = 100, .deadline = 10000000 };
	SHOW(set(&a));
	return 0;
}
