/* The scheduler: which kernel stack runs. FIFO, cooperative; a task gives the thread away in schedule() only.
 *
 * The rule that keeps a null system call short: the task that runs, or that polls the host for want of another, is never
 * on the run queue. Its own event just sets its state, and schedule() returns without a switch. */
#include "sched.h"
#include "host.h"
#include "ktime.h"
#include "oops.h"
#include "printk.h"
#include "slab.h"
#include "string.h"
#include "../task.h"
#include "trap.h"

void switch_stack(void **save_sp, void *new_sp);
void task_entry(void);
void __noreturn task_first(void (*fn)(void *), void *arg);

struct task *current;
struct list_head all_tasks = LIST_HEAD_INIT(all_tasks);
u32 nr_tasks;
u64 nr_context_switches;

static LIST_HEAD(run_queue);
static struct task *switched_from; /* set before every switch, looked at by who runs next */

/* In cycles of the time-stamp counter, whatever its rate (1 to 5 GHz): no clock is read on the way of a short call. */
#define SLICE_CYCLES 2000000u /* about 1 ms: a long loop lets others run */
#define POLL_CYCLES 100000u   /* about 50 us: runnable tasks let the host's events in */
#define TIMER_ROUNDS 16       /* events taken in a row before timers are looked at */
static u64 slice_start;
static u64 last_poll;
#define ACCOUNT_CYCLES 1000000u /* what a task may have that is not in its stime yet */
#define LONG_CYCLES 500000u     /* what is longer may be time in which the host ran somebody else */
#define LOOK_CYCLES 8000000u    /* between looks at the kernel thread's own clock, which are system calls */
static u64 account_start;       /* since when the kernel works for current */
static u64 looked_at, looked_ns; /* cycles, and what that clock said */
static u64 boot_cycles, boot_ns;
static unsigned rounds;

static inline u64 cycles(void)
{
	return __builtin_ia32_rdtsc();
}

/* ---- the kernel's time ---- */

/* The counter's rate is what it has been since the start. For spans up to hours, to a few thousandths. */
static u64 cycles_to_ns(u64 n)
{
	u64 ns = ktime_get() - boot_ns, passed = cycles() - boot_cycles;

	return passed ? n * ((ns << 10) / passed) >> 10 : 0;
}

static void flush_cycles(struct task *t)
{
	t->stime += cycles_to_ns(t->stime_cycles);
	t->stime_cycles = 0;
}

static void look_at_clock(void)
{
	looked_at = cycles();
	looked_ns = host_clock(HOST_KERNEL_CPU);
}

/* The host may have taken the CPU away for most of it: a task does not pay for more than the kernel thread got since the last
 * look. */
static void account_long(struct task *t, u64 passed)
{
	u64 before = looked_ns;

	look_at_clock();
	t->stime += min(cycles_to_ns(passed), looked_ns - before);
}

static inline void account_stop(struct task *t)
{
	u64 passed = cycles() - account_start;

	if (unlikely(passed > LONG_CYCLES)) {
		account_long(t, passed);
		return;
	}
	t->stime_cycles += passed;
	if (unlikely(t->stime_cycles > ACCOUNT_CYCLES))
		flush_cycles(t);
}

static inline void account_begin(void)
{
	account_start = cycles();
	if (unlikely(account_start - looked_at > LOOK_CYCLES))
		look_at_clock();
}

void sched_account(void)
{
	account_stop(current);
	account_begin();
	flush_cycles(current);
}

static size_t kstack_size(void)
{
	return host_info.sanitized ? KSTACK_SIZE_SANITIZED : KSTACK_SIZE;
}

/* ---- switching ---- */

/* The first thing after every switch: what the task before could not do to itself. */
static void finish_switch(void)
{
	struct task *prev = switched_from;

	switched_from = NULL;
	host_switch_end(current->fiber);
	if (!prev || (prev->state != TASK_ZOMBIE && prev->state != TASK_DEAD))
		return;
	host_stack_free(prev->stack, prev->stack_size);
	prev->stack = NULL;
	if (prev->state == TASK_DEAD)
		task_free(prev);
}

/* @prev is NULL when the boot stack is left. */
static void switch_to(struct task *prev, struct task *next)
{
	void *boot_sp, *boot_fiber;
	bool ends = prev && (prev->state == TASK_ZOMBIE || prev->state == TASK_DEAD);

	current = next;
	switched_from = prev;
	nr_context_switches++;
	/* A NULL store tells the sanitizer that the stack that is left will not be entered again. */
	host_switch_begin(ends ? NULL : prev ? &prev->fiber : &boot_fiber, next->stack, next->stack_size);
	switch_stack(prev ? &prev->ksp : &boot_sp, next->ksp);
	finish_switch();
	account_begin();
	slice_start = account_start;
}

void task_first(void (*fn)(void *), void *arg)
{
	finish_switch();
	account_begin();
	slice_start = account_start;
	fn(arg);
	bug_at(__FILE__, __LINE__, "a task's function returned");
}

static void sleep_timer_fires(struct ktimer *timer)
{
	struct task *t = container_of(timer, struct task, sleep_timer);

	t->timed_out = true;
	wake_task(t);
}

int task_start(struct task *t, void (*fn)(void *), void *arg)
{
	void **sp;

	t->stack_size = kstack_size();
	t->stack = host_stack_alloc(t->stack_size);
	if (!t->stack)
		return -ENOMEM;
	timer_setup(&t->sleep_timer, sleep_timer_fires);
	sp = (void **)((char *)t->stack + t->stack_size);
	*--sp = NULL; /* so that task_first is entered with the alignment that the ABI wants */
	*--sp = NULL;
	*--sp = (void *)task_entry;
	*--sp = NULL;       /* rbp */
	*--sp = NULL;       /* rbx */
	*--sp = (void *)fn; /* r12 */
	*--sp = arg;        /* r13 */
	*--sp = NULL;       /* r14 */
	*--sp = NULL;       /* r15 */
	t->ksp = sp;
	t->fiber = NULL;
	sched_enqueue(t);
	return 0;
}

void sched_init(void)
{
	account_begin();
	slice_start = last_poll = boot_cycles = account_start;
	boot_ns = ktime_get();
}

void sched_enqueue(struct task *t)
{
	t->state = TASK_RUNNING;
	list_add_tail(&t->run_node, &run_queue);
}

static struct task *pick_next(void)
{
	struct task *next = list_first_entry(&run_queue, struct task, run_node);

	list_del(&next->run_node);
	return next;
}

void sched_start(void)
{
	BUG_ON(list_empty(&run_queue));
	switch_to(NULL, pick_next());
	bug_at(__FILE__, __LINE__, "the boot stack was entered again");
}

void sched_end(void)
{
	schedule();
	bug_at(__FILE__, __LINE__, "a dead task was scheduled");
}

/* The host's events and due timers are nobody's call: what they run is this kernel's interrupt context. */
static bool upcalls;

bool in_interrupt(void)
{
	return upcalls;
}

static void run_timers(void)
{
	upcalls = true;
	timers_run();
	upcalls = false;
}

/* Takes in what the host has for us, and due timers, without waiting. */
static void poll_host(void)
{
	last_poll = cycles();
	rounds = 0;
	upcalls = true;
	host_poll();
	upcalls = false;
	run_timers();
}

static bool sleeps(const struct task *t)
{
	return t->state == TASK_INTERRUPTIBLE || t->state == TASK_UNINTERRUPTIBLE || t->state == TASK_KILLABLE ||
		t->state == TASK_STOPPED;
}

void schedule(void)
{
	struct task *prev = current;

	if (prev->state == TASK_RUNNING) { /* a yield */
		if (list_empty(&run_queue) || cycles() - last_poll > POLL_CYCLES)
			poll_host();
		if (list_empty(&run_queue))
			return;
		list_add_tail(&prev->run_node, &run_queue);
		prev->nivcsw++;
	} else if (sleeps(prev)) {
		prev->nvcsw++;
		if (prev->tt)
			trap->will_block(prev->tt);
	}
	account_stop(prev);
	for (;;) {
		if (!list_empty(&run_queue)) {
			struct task *next;

			if (cycles() - last_poll > POLL_CYCLES)
				poll_host();
			if (prev->state == TASK_RUNNING && list_empty(&prev->run_node))
				break;
			next = pick_next();
			if (next == prev)
				break;
			switch_to(prev, next);
			return;
		}
		upcalls = true;
		host_idle(timers_next());
		upcalls = false;
		if (prev->state == TASK_RUNNING && list_empty(&run_queue) && ++rounds < TIMER_ROUNDS)
			break;
		rounds = 0;
		run_timers();
		if (prev->state == TASK_RUNNING)
			break;
	}
	account_begin();
}

bool schedule_until(u64 deadline)
{
	struct task *t = current;

	if (deadline == KTIME_MAX) {
		schedule();
		return false;
	}
	if (t->state != TASK_RUNNING && ktime_get() >= deadline) {
		t->state = TASK_RUNNING;
		return true;
	}
	t->timed_out = false;
	timer_start(&t->sleep_timer, deadline);
	schedule();
	timer_cancel(&t->sleep_timer);
	return t->timed_out;
}

void cond_resched(void)
{
	if (cycles() - slice_start < SLICE_CYCLES || current->state != TASK_RUNNING)
		return;
	slice_start = cycles();
	poll_host();
	if (!list_empty(&run_queue))
		schedule();
}

/* ---- waking ---- */

static void make_runnable(struct task *t)
{
	t->state = TASK_RUNNING;
	if (t != current)
		list_add_tail(&t->run_node, &run_queue);
}

void wake_task(struct task *t)
{
	if (t->state == TASK_INTERRUPTIBLE || t->state == TASK_UNINTERRUPTIBLE || t->state == TASK_KILLABLE)
		make_runnable(t);
}

void wake_stopped_task(struct task *t)
{
	if (t->state == TASK_STOPPED)
		make_runnable(t);
}

void wake_task_signal(struct task *t, bool fatal)
{
	switch (t->state) {
	case TASK_INTERRUPTIBLE:
		make_runnable(t);
		break;
	case TASK_KILLABLE:
	case TASK_STOPPED:
		if (fatal)
			make_runnable(t);
		break;
	case TASK_GUEST:
		/* A guest that is to die need not be asked: its task ends it from where it runs. */
		if (fatal)
			make_runnable(t);
		else
			trap->interrupt(t->tt);
		break;
	default:
		break;
	}
}

void trap_event_upcall(void *cookie)
{
	struct task *t = cookie;

	if (likely(t->state == TASK_GUEST))
		make_runnable(t);
	else if (t->tt && t->signal && trap->event(t->tt)->kind == TRAP_DIED)
		send_sig_group(SIGKILL, SEND_SIG_PRIV, t->signal->leader); /* its host thread died while it slept */
}
