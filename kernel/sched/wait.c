/* Wait queues and completions. Who waits is a list of entries on the waiters' own stacks; waking makes the task
 * runnable and leaves the entry where it is: the waiter takes it off itself. */
#include "wait.h"
#include "sched.h"

void init_wait(struct wait_entry *e)
{
	INIT_LIST_HEAD(&e->list);
	e->task = current;
	e->func = default_wake;
	e->exclusive = false;
	e->private = NULL;
}

/* True only if the task really slept: an exclusive wake-up then goes on to the next waiter instead of being lost. */
bool default_wake(struct wait_entry *e, u32 key __maybe_unused)
{
	switch (e->task->state) {
	case TASK_INTERRUPTIBLE:
	case TASK_UNINTERRUPTIBLE:
	case TASK_KILLABLE:
		wake_task(e->task);
		return true;
	default:
		return false;
	}
}

void add_wait_queue(struct wait_queue_head *q, struct wait_entry *e)
{
	list_add(&e->list, &q->entries);
}

void add_wait_queue_exclusive(struct wait_queue_head *q, struct wait_entry *e)
{
	e->exclusive = true;
	list_add_tail(&e->list, &q->entries);
}

void remove_wait_queue(struct wait_entry *e)
{
	list_del(&e->list);
}

void __wake_up(struct wait_queue_head *q, unsigned nr, u32 key)
{
	struct wait_entry *e, *n;

	list_for_each_entry_safe(e, n, &q->entries, list) {
		bool exclusive = e->exclusive; /* func may take the entry away */
		bool woken = e->func(e, key);

		if (woken && exclusive && nr && --nr == 0)
			return;
	}
}

void prepare_to_wait(struct wait_queue_head *q, struct wait_entry *e, int state)
{
	if (list_empty(&e->list)) {
		if (e->exclusive)
			list_add_tail(&e->list, &q->entries);
		else
			list_add(&e->list, &q->entries);
	}
	current->state = (enum task_state)state;
}

void finish_wait(struct wait_entry *e)
{
	current->state = TASK_RUNNING;
	list_del(&e->list);
}

void complete(struct completion *c)
{
	c->done = true;
	wake_up_all(&c->wait);
}
