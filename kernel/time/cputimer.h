/* CPU-time clocks, and what happens when one reaches a limit (cputimer.c). */
#ifndef UMK_KERNEL_CPUTIMER_H
#define UMK_KERNEL_CPUTIMER_H

#include "sched.h"

enum cpu_itimer_kind { CPU_ITIMER_VIRTUAL, CPU_ITIMER_PROF }; /* index of signal_struct.cpu_itimer */

/* Whose CPU time, and which part of it. The number may be given away again: the start time tells. */
struct cpu_clock {
	int pid;       /* a thread's, or that of a process's leader */
	bool thread;   /* its own time only */
	u8 which;      /* CPUCLOCK_* */
	u64 start;
};
/* The clock that @id names, seen from current: 0 or -EINVAL. */
int cpu_clock_find(int id, struct cpu_clock *c);
/* Its time now: 0, or -ESRCH when the thread or process is gone. */
int cpu_clock_sample(const struct cpu_clock *c, u64 *ns);

/* Calls @func once when the clock reaches @expires: on the kernel thread, outside any task's call; must not sleep. */
struct cpu_alarm {
	struct list_head node;        /* of the process's cpu_alarms while it waits */
	struct cpu_clock clock;
	u64 expires;                  /* ns of CPU time */
	void (*func)(struct cpu_alarm *alarm);
};
void cpu_alarm_init(struct cpu_alarm *a, const struct cpu_clock *clock, void (*func)(struct cpu_alarm *));
int cpu_alarm_start(struct cpu_alarm *a, u64 expires); /* 0 or -ESRCH */
void cpu_alarm_cancel(struct cpu_alarm *a);

/* Looks at all limits of a process now, and as long as there are any: after fork, and whenever RLIMIT_CPU changes. */
void cpu_timers_start(struct signal_struct *s);
/* The process ends. */
void cpu_timers_stop(struct signal_struct *s);
/* getitimer(2): ns until it fires (0: not set), and its interval. */
void cpu_itimer_get(const struct signal_struct *s, enum cpu_itimer_kind kind, u64 *left, u64 *interval);
/* setitimer(2): @value ns of CPU time from now; 0 stops it. */
void cpu_itimer_set(struct signal_struct *s, enum cpu_itimer_kind kind, u64 value, u64 interval);

#endif
