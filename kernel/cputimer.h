/* CPU-time limits of a process (cputimer.c). */
#ifndef UMK_KERNEL_CPUTIMER_H
#define UMK_KERNEL_CPUTIMER_H

#include "sched.h"

enum cpu_itimer_kind { CPU_ITIMER_VIRTUAL, CPU_ITIMER_PROF }; /* index of signal_struct.cpu_itimer */

/* Looks at all limits of a process now, and as long as there are any: after fork, and whenever RLIMIT_CPU changes. */
void cpu_timers_start(struct signal_struct *s);
/* The process ends. */
void cpu_timers_stop(struct signal_struct *s);
/* getitimer(2): ns until it fires (0: not set), and its interval. */
void cpu_itimer_get(const struct signal_struct *s, enum cpu_itimer_kind kind, u64 *left, u64 *interval);
/* setitimer(2): @value ns of CPU time from now; 0 stops it. */
void cpu_itimer_set(struct signal_struct *s, enum cpu_itimer_kind kind, u64 value, u64 interval);

#endif
