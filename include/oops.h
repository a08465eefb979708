/* When the kernel itself fails: kernel/oops.c. */
#ifndef UMK_OOPS_H
#define UMK_OOPS_H

#include "types.h"

struct task;

/* A lock that a task may hold while it sleeps says so, so that an oops can give it back. Part of the lock. */
struct held_lock {
	struct task *owner;           /* NULL: free */
	struct held_lock *next;       /* task.held_locks */
	void (*release)(struct held_lock *l);
};
void oops_mutex_taken(struct held_lock *l);
void oops_mutex_dropped(struct held_lock *l);

void oops_init(void);
/* Is this code run on behalf of nobody: by a timer or an event of the host? (kernel/sched/sched.c) */
bool in_interrupt(void);
/* The task and its call, and the kernel's call chain: for warnings. */
void warn_context(void);
/* "name(args)" of the call that @t is in, or "": kernel/taskdump.c. */
/* The kernel's function in which @t sleeps; empty: it does not. For /proc/PID/wchan. */
void task_waits_in(const struct task *t, char *name, size_t size);
void describe_call(const struct task *t, char *buf, size_t size);
/* Every task and what it waits for, as messages: kernel/taskdump.c. */
void dump_tasks(void);
/* Fails in the way that @kind names; for tests, with --test-faults only: kernel/faulttest.c. */
long test_fault(unsigned long kind);

#endif
