/* What tasks and processes have used: kernel/rusage.c. */
#ifndef UMK_KERNEL_RUSAGE_H
#define UMK_KERNEL_RUSAGE_H

#include "sched.h"
#include <linux/resource.h>

/* A process so far, its dead threads included; with @children those that were waited for, too. */
void usage_process(const struct signal_struct *s, struct rusage *r, bool children);
/* Current's part becomes that of its process: its host thread is about to end. */
void usage_task_exit(struct task *t);
/* A child has been waited for: what it and its children used counts as its parent's children's. */
void usage_inherit(struct signal_struct *parent, const struct signal_struct *child);

#endif
