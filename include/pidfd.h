/* pidfds: descriptors that mean one process or thread, whatever becomes of its number. (kernel/pidfd.c) */
#ifndef UMK_PIDFD_H
#define UMK_PIDFD_H

#include "types.h"
#include "wait.h"

struct task;
struct file;

/* What every pidfd of a task refers to. It outlives the task: @task is NULL once that has been reaped. */
struct pid_handle {
	u32 refs;                   /* pidfds, the task, and who waits */
	int nr;
	struct task *task;
	struct wait_queue_head wait; /* woken when the task ends, and when it is reaped */
};

/* A new pidfd file for @t. @flags: O_NONBLOCK, O_EXCL (PIDFD_THREAD: a thread). ERR_PTR(-ENOMEM, -ENFILE). */
struct file *pidfd_file(struct task *t, u32 flags);
/* The handle behind a descriptor of current, with a reference, and the file's flags. NULL: no pidfd. */
struct pid_handle *pidfd_get(unsigned fd, u32 *flags);
/* The handle of a file that is a pidfd, without a reference, or NULL. */
struct pid_handle *pidfd_of(const struct file *f);
void pid_handle_put(struct pid_handle *h);
static inline struct pid_handle *pid_handle_hold(struct pid_handle *h) { if (h) h->refs++; return h; }
/* The handle of the process that @t belongs to, with a reference. NULL without memory. */
struct pid_handle *process_handle(struct task *t);
/* A new pidfd file for what @h means, ended and reaped or not. ERR_PTR(-ENFILE). */
struct file *pid_handle_file(struct pid_handle *h, u32 flags);
/* The task that a descriptor of current means: ERR_PTR(-EBADF), ERR_PTR(-ESRCH). Valid until the next sleep. */
struct task *pidfd_task(unsigned fd, u32 *flags);

/* ---- for fork.c, exec.c, exit.c ---- */
void pidfd_notify(struct task *t);   /* @t ended, or its process did */
void pidfd_detach(struct task *t);   /* @t is reaped */
/* execve by a thread: it takes over its leader's identity, which takes its own. */
void pidfd_exchange(struct task *t, struct task *leader);

#endif
