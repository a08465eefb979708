/* kernel/sched/sched.c and kernel/sched/wait.c: order, sleeping, waking, deadlines. The test's body runs as a task, too. */
#include "kernel/task.h"
#include "slab.h"
#include "string.h"

static char order[64];
static unsigned len;
static struct wait_queue_head queue;
static struct completion finished;
static int left;

static void note(char c)
{
	order[len++] = c;
	order[len] = 0;
}

static void end_task(void)
{
	if (--left == 0)
		complete(&finished);
	current->state = TASK_ZOMBIE;
	sched_end();
}

static struct task *start(void (*fn)(void *), const char *arg)
{
	struct task *t = task_alloc(NULL);

	left++;
	ck_assert_int_eq(task_start(t, fn, (void *)arg), 0);
	return t;
}

/* Runs @body as the first task and leaves the test with its end. */
static void run_body(void (*body)(void *))
{
	struct task *t;

	slab_init();
	fork_init();
	sched_init();
	init_waitqueue_head(&queue);
	init_completion(&finished);
	t = task_alloc(NULL);
	ck_assert_int_eq(task_start(t, body, NULL), 0);
	unit_exit_catch = true;
	if (!__builtin_setjmp(unit_exit_jump))
		sched_start();
}

static void body_done(void)
{
	host_exit(0, 0);
}

static void yielder(void *arg)
{
	for (int i = 0; i < 3; i++) {
		note(*(char *)arg);
		schedule();
	}
	end_task();
}

static void body_fifo(void *unused)
{
	start(yielder, "a");
	start(yielder, "b");
	start(yielder, "c");
	wait_event(&finished.wait, finished.done);
	ck_assert_str_eq(order, "abcabcabc");
	body_done();
}

START_TEST(test_fifo)
{
	run_body(body_fifo);
}
END_TEST

static bool go;

static void sleeper(void *arg)
{
	wait_event(&queue, go);
	note(*(char *)arg);
	end_task();
}

static void exclusive(void *arg)
{
	struct wait_entry e;

	init_wait(&e);
	e.exclusive = true;
	prepare_to_wait(&queue, &e, TASK_UNINTERRUPTIBLE);
	schedule();
	finish_wait(&e);
	note(*(char *)arg);
	end_task();
}

static void body_wake(void *unused)
{
	start(sleeper, "a");
	start(exclusive, "1");
	start(exclusive, "2");
	schedule();
	go = true;
	wake_up(&queue); /* all others and one exclusive waiter */
	schedule();
	ck_assert_str_eq(order, "a1");
	wake_up(&queue);
	wait_event(&finished.wait, finished.done);
	ck_assert_str_eq(order, "a12");
	ck_assert(!waitqueue_active(&queue));
	body_done();
}

START_TEST(test_wake)
{
	run_body(body_wake);
}
END_TEST

static void body_deadline(void *unused)
{
	u64 before = unit_now;
	bool never = false;

	ck_assert_int_eq(wait_event_deadline(&queue, never, TASK_INTERRUPTIBLE, before + 5000000), -ETIME);
	ck_assert_uint_ge(unit_now, before + 5000000);
	/* one that has passed already does not sleep */
	before = unit_now;
	ck_assert_int_eq(wait_event_deadline(&queue, never, TASK_INTERRUPTIBLE, before), -ETIME);
	ck_assert_uint_eq(unit_now, before);
	ck_assert_int_eq(wait_event_deadline(&queue, !never, TASK_INTERRUPTIBLE, before), 0);
	ck_assert_int_eq(current->state, TASK_RUNNING);
	current->sigpending = true;
	ck_assert_int_eq(wait_event_interruptible(&queue, never), -ERESTARTSYS);
	/* a signal that is no kill does not end a killable sleep */
	ck_assert_int_eq(wait_event_deadline(&queue, never, TASK_KILLABLE, unit_now + 1000), -ETIME);
	body_done();
}

START_TEST(test_deadline)
{
	run_body(body_deadline);
}
END_TEST

static void body_states(void *unused)
{
	struct task *t;

	go = false;
	t = start(sleeper, "x");
	schedule();
	ck_assert_int_eq(t->state, TASK_UNINTERRUPTIBLE);
	wake_task_signal(t, true); /* not even a kill */
	ck_assert_int_eq(t->state, TASK_UNINTERRUPTIBLE);
	t->state = TASK_STOPPED;
	wake_task(t);
	wake_task_signal(t, false);
	ck_assert_int_eq(t->state, TASK_STOPPED);
	go = true;
	wake_stopped_task(t);
	ck_assert_int_eq(t->state, TASK_RUNNING);
	wait_event(&finished.wait, finished.done);
	ck_assert_int_eq(t->state, TASK_ZOMBIE);
	ck_assert_ptr_eq(t->stack, NULL); /* who ran next has freed it */
	body_done();
}

START_TEST(test_states)
{
	run_body(body_states);
}
END_TEST

/* 40 ms of this task's work, for @away of which the host ran somebody else: its system time. */
static u64 work(u64 away)
{
	u64 before, end = __builtin_ia32_rdtsc() + 3000000;

	sched_account();
	before = current->stime;
	while (__builtin_ia32_rdtsc() < end)
		;
	unit_now += 40000000;
	unit_preempted += away;
	sched_account();
	return current->stime - before;
}

static void body_time(void *unused)
{
	ck_assert_uint_gt(work(0), 20000000);
	ck_assert_uint_le(work(39000000), 1000000);
	body_done();
}

START_TEST(test_time)
{
	run_body(body_time);
}
END_TEST

UNIT_MAIN("sched", test_fifo, test_wake, test_deadline, test_states, test_time)
