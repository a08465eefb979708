/* Core files and reports of processes that die of a signal: coredump.c, corename.c, corenote.c, backtrace.c. */
#ifndef UMK_KERNEL_COREDUMP_H
#define UMK_KERNEL_COREDUMP_H

#include "ksignal.h"
#include "types.h"

struct file;
struct task;
struct seq;

/* While a process is being dumped: its other threads stand still. */
struct core_state {
	struct task *dumper;
	struct wait_queue_head parked; /* the dumper waits here for the others, and they for its end */
};
/* current is about to die of @info's signal: writes a core file if one is wanted. Whether one was written whole. */
bool coredump(const siginfo_t *info);
/* For the other threads: true if current stood still until the dump had ended. */
bool coredump_park(void);

void coredump_init(void);
/* A new file for the core of current, which dies of signal @sig, by kernel.core_pattern: a reference or ERR_PTR. (corename.c) */
struct file *core_file(int sig);

/* All notes of current's process, in the order that gdb and Linux have them. (corenote.c) */
void core_notes(struct seq *s, const siginfo_t *info);

/* The guest's call chain, one line a frame, by pr_verbose. (backtrace.c) */
void guest_backtrace(struct task *t);

#endif
