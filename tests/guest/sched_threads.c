/* Policies belong to threads: changes of one, what new threads and processes inherit, resetting on fork. */
// needs-root: real-time policies
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include "show.h"

static int set(int tid, int policy, int prio)
{
	struct sched_param sp = { .sched_priority = prio };

	return (int)syscall(SYS_sched_setscheduler, tid, policy, &sp);
}

static void show_policy(const char *who)
{
	struct sched_param sp = { -1 };

	syscall(SYS_sched_getparam, 0, &sp);
	printf("%s: policy %#lx, priority %d, nice %ld\n", who, syscall(SYS_sched_getscheduler, 0), sp.sched_priority,
		20 - syscall(SYS_getpriority, PRIO_PROCESS, 0));
	fflush(stdout);
}

static int go[2];
static volatile int other_tid;

static void *thread(void *arg)
{
	char c;

	show_policy(arg);
	other_tid = (int)syscall(SYS_gettid);
	read(go[0], &c, 1);
	show_policy(arg);
	return NULL;
}

static void child(const char *who)
{
	fflush(stdout);
	if (!fork()) {
		show_policy(who);
		_exit(0);
	}
	wait(NULL);
}

int main(void)
{
	pthread_t t;

	pipe(go);
	SHOW(setpriority(PRIO_PROCESS, 0, 3));
	SHOW(set(0, SCHED_BATCH, 0));
	show_policy("main");
	pthread_create(&t, NULL, thread, "a thread");
	while (!other_tid)
		sched_yield();
	SHOW(set(other_tid, SCHED_RR, 7));
	show_policy("main");
	write(go[1], "g", 1);
	pthread_join(t, NULL);
	child("a child");
	SHOW(set(0, SCHED_FIFO, 9));
	child("a child of FIFO");
	SHOW(set(0, SCHED_FIFO | SCHED_RESET_ON_FORK, 9));
	child("a child of FIFO that resets");
	SHOW(set(0, SCHED_OTHER | SCHED_RESET_ON_FORK, 0));
	SHOW(setpriority(PRIO_PROCESS, 0, -4));
	child("a child of nice -4 that resets");
	SHOW(setpriority(PRIO_PROCESS, 0, 6));
	child("a child of nice 6 that resets");
	show_policy("main");
	SHOW(set(0, SCHED_IDLE, 0));
	child("a child of IDLE");
	show_policy("main");
	for (int i = 0; i < 100; i++)
		if (sched_yield())
			printf("yield fails\n");
	return 0;
}
