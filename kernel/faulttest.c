/* Faults on demand, for the tests of oops.c. prctl(PR_UMK_FAULT, kind) comes here only if umk was started with
 * --test-faults. */
#include "oops.h"
#include "host.h"
#include "ktime.h"
#include "mm.h"
#include "printk.h"
#include "fs.h"
#include "sched.h"

enum fault_kind {
	FAULT_WARN, FAULT_READ, FAULT_WRITE, FAULT_UD2, FAULT_DIVIDE, FAULT_STACK, FAULT_BUG, FAULT_HOLDING, FAULT_INTERRUPT,
	FAULT_TWICE, FAULT_LOOK,
};

static struct kmutex mutex;
static struct wait_queue_head queue = { LIST_HEAD_INIT(queue.entries) };
static struct ktimer timer;

static volatile unsigned long *volatile nowhere = (volatile unsigned long *)0x10;

static volatile unsigned deepest = ~0u;

static __attribute__((noipa)) unsigned recurse(unsigned depth)
{
	volatile char room[512];

	room[0] = (char)depth;
	return depth < deepest ? recurse(depth + 1) + (unsigned)room[0] : 0;
}

static void fire(struct ktimer *unused __maybe_unused)
{
	*nowhere = 1;
}

/* Dies with a lock, the address space's lock and a place on a wait queue. */
static void fail_holding(void)
{
	struct wait_entry entry;

	if (!mutex.wait.entries.next)
		init_waitqueue_head(&mutex.wait);
	kmutex_lock(&mutex);
	if (mmap_lock(current->mm))
		return;
	init_wait(&entry);
	prepare_to_wait(&queue, &entry, TASK_INTERRUPTIBLE);
	*nowhere = 1;
}

/* What fail_holding() left behind can be used: 0. */
static long look(void)
{
	kmutex_lock(&mutex);
	kmutex_unlock(&mutex);
	wake_up_all(&queue);
	return 0;
}

/* The release of this lock fails. */
static void bad_release(struct held_lock *unused __maybe_unused)
{
	*nowhere = 1;
}
static struct held_lock bad_lock = { .release = bad_release };

static long divide(long by)
{
	long result;

	__asm__ volatile("cqto\n\tidivq %1" : "=a"(result) : "r"(by), "a"(1l) : "rdx");
	return result;
}

long test_fault(unsigned long kind)
{
	switch (kind) {
	case FAULT_WARN:
		WARN_ON(kind == FAULT_WARN);
		return 0;
	case FAULT_READ:
		return (long)*nowhere;
	case FAULT_WRITE:
		*nowhere = 1;
		return 0;
	case FAULT_UD2:
		__asm__ volatile("ud2");
		return 0;
	case FAULT_DIVIDE:
		return divide(0);
	case FAULT_STACK:
		return recurse(0);
	case FAULT_BUG:
		BUG_ON(kind == FAULT_BUG);
		return 0;
	case FAULT_HOLDING:
		fail_holding();
		return 0;
	case FAULT_INTERRUPT:
		timer_setup(&timer, fire);
		timer_start(&timer, ktime_get() + 1000000);
		return 0;
	case FAULT_TWICE:
		oops_mutex_taken(&bad_lock);
		*nowhere = 1;
		return 0;
	case FAULT_LOOK:
		return look();
	default:
		return -EINVAL;
	}
}
