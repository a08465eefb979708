/* Wait queues: the one mechanism by which anything waits (files, poll, epoll, sockets, futexes, wait4). */
#ifndef UMK_WAIT_H
#define UMK_WAIT_H

#include "list.h"

struct task;
struct wait_queue_head {
	struct list_head entries;
};
struct wait_entry;
/* Called by wake_up; @key is a mask of EPOLL* bits (0 = anything). Returns true if it woke an exclusive waiter. */
typedef bool (*wait_func)(struct wait_entry *e, u32 key);
struct wait_entry {
	struct list_head list; /* on a queue, or empty */
	struct task *task;
	wait_func func;        /* default_wake by default */
	bool exclusive;
	void *private;
};

static inline void init_waitqueue_head(struct wait_queue_head *q) { INIT_LIST_HEAD(&q->entries); }
static inline bool waitqueue_active(const struct wait_queue_head *q) { return !list_empty(&q->entries); }
void init_wait(struct wait_entry *e); /* for current, default_wake */
bool default_wake(struct wait_entry *e, u32 key);
void add_wait_queue(struct wait_queue_head *q, struct wait_entry *e);
void add_wait_queue_exclusive(struct wait_queue_head *q, struct wait_entry *e); /* at the tail, wakes one */
void remove_wait_queue(struct wait_entry *e);
/* Wakes every non-exclusive waiter and @nr exclusive ones (0 = all). */
void __wake_up(struct wait_queue_head *q, unsigned nr, u32 key);
#define wake_up(q) __wake_up((q), 1, 0)
#define wake_up_all(q) __wake_up((q), 0, 0)
#define wake_up_poll(q, key) __wake_up((q), 1, (key))
/* Puts @e on @q if it is not on one, and sets the task's state. */
void prepare_to_wait(struct wait_queue_head *q, struct wait_entry *e, int state);
void finish_wait(struct wait_entry *e);

/* Sleeps until @cond; @deadline in ktime ns or KTIME_MAX. Value: 0, -ERESTARTSYS (signal pending), -ETIME.
 * Needs sched.h. */
#define wait_event_deadline(q, cond, state, deadline) ({                                   \
	struct wait_entry we_e; long we_r = 0;                                             \
	init_wait(&we_e);                                                                  \
	for (;;) {                                                                         \
		prepare_to_wait((q), &we_e, (state));                                      \
		if (cond) break;                                                           \
		if ((state) == TASK_INTERRUPTIBLE && signal_pending(current)) { we_r = -ERESTARTSYS; break; } \
		if ((state) == TASK_KILLABLE && fatal_signal_pending(current)) { we_r = -ERESTARTSYS; break; } \
		if (schedule_until(deadline)) { if (cond) break; we_r = -ETIME; break; }   \
	}                                                                                  \
	finish_wait(&we_e);                                                                \
	we_r; })
#define wait_event(q, cond) ((void)wait_event_deadline(q, cond, TASK_UNINTERRUPTIBLE, KTIME_MAX))
#define wait_event_interruptible(q, cond) wait_event_deadline(q, cond, TASK_INTERRUPTIBLE, KTIME_MAX)
#define wait_event_killable(q, cond) wait_event_deadline(q, cond, TASK_KILLABLE, KTIME_MAX)

#endif
