/* How a task is scheduled: what schedcalls.c and schedpolicy.c share. */
#ifndef UMK_KERNEL_SCHEDPOLICY_H
#define UMK_KERNEL_SCHEDPOLICY_H

#include "sched.h"

#define NICE_MIN (-20)
#define NICE_MAX 19

/* The task that a call means by @pid (0: current), or NULL. */
struct task *sched_target(int pid);
/* May current change how @t is scheduled? */
bool sched_may_change(const struct task *t);
/* RLIMIT_NICE lets @t have @nice. */
bool nice_allowed(const struct task *t, int nice);

#endif
