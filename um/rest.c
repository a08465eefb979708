/* How a guest's host thread waits for an answer that takes long, so that the next guest has the CPU: the seccomp backend's.
 *
 * A thread that blocks spins on until it is known who runs next, or that nobody does. If that one sleeps, the spinning thread is
 * told to wake it: that is a switch on the guests' CPU, where a wake from the kernel's would be an interrupt to it and its way
 * out of idleness. What a guest is told it may not do: before the kernel sleeps, and before the thread is told anything else,
 * the kernel repeats it.
 *
 * While others run, one thread waits by yielding, the last that blocked: two guests that talk to each other then hand their CPU
 * over by one call to the host, where sleeping takes a wake and a wait. It goes to sleep when another takes its place, when
 * nothing runs, when the kernel has waited in vain for as long as it spins, or after STUB_YIELDS. To a third thread that computes,
 * a guest's or another program's, a yield is a whole time slice: whoever was answered and has not had the CPU for so long has
 * met one, and for some time all sleep. */
#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "trap.h"
#include "seccomp.h"

#define REST_POLLS 2u     /* nobody runs next: the thread sleeps */
#define PENALTY_LEAST 64u /* threads that block and sleep at once, after a yield that was too dear */
#define PENALTY_MOST 4096u

static struct trap_task *resting;  /* spins until it is decided */
static unsigned rest_polls;
static struct trap_task *yielding;
static struct trap_task *waker;    /* has been told to wake the thread of area waker_peer */
static unsigned waker_peer;
static struct trap_task *handed;   /* was answered while it yielded */
static bool handed_late;           /* and had not had the CPU at the last look */
static unsigned penalty = PENALTY_LEAST, penalty_left;

static bool sleeps(const struct trap_task *t)
{
	return __atomic_load_n(&t->f->sleeping, __ATOMIC_ACQUIRE);
}

void stub_wake(struct stub_frame *f)
{
	syscall(SYS_futex, &f->state, FUTEX_WAKE, 1, NULL, NULL, 0);
}

/* A wake that @t was told to do goes on being told. */
static void tell(struct trap_task *t, u32 how)
{
	__atomic_exchange_n(&t->f->rest, waker == t ? how | STUB_WAKE(waker_peer) : how, __ATOMIC_SEQ_CST);
}

/* A yield would give the CPU to the host's other policies only when all of this one sleep. */
static bool may_yield(const struct trap_task *t)
{
	if (t->cpu.policy != SCHED_OTHER)
		return false;
	if (!penalty_left)
		return true;
	penalty_left--;
	return false;
}

/* Somebody else runs. */
static void give_way(struct trap_task *t)
{
	if (!may_yield(t)) {
		tell(t, STUB_SLEEP);
		return;
	}
	if (yielding && yielding != t)
		tell(yielding, STUB_SLEEP);
	yielding = t;
	tell(t, STUB_YIELD);
}

void stub_waker_settle(void)
{
	if (waker && __atomic_load_n(&area_frame(waker_peer)->sleeping, __ATOMIC_ACQUIRE))
		stub_wake(area_frame(waker_peer));
	waker = NULL;
}

static void rest_release(void)
{
	if (resting)
		tell(resting, STUB_SLEEP);
	resting = NULL;
}

static void yield_release(void)
{
	if (yielding)
		tell(yielding, STUB_SLEEP);
	yielding = NULL;
}

void stub_rest(struct trap_task *t)
{
	if (resting != t)
		rest_release();
	rest_polls = 0;
	if (cpu_no_spin || sleeps(t)) {
		tell(t, STUB_SLEEP);
	} else if (cpu_running) {
		give_way(t);
	} else {
		resting = t;
	}
}

void stub_rest_end(struct trap_task *t)
{
	if (handed == t)
		handed = NULL;
	if (resting == t)
		rest_release();
	if (yielding == t)
		yield_release();
	if (waker == t)
		stub_waker_settle();
}

void stub_rest_answered(struct trap_task *t)
{
	if (waker == t)
		stub_waker_settle();
	if (resting == t)
		resting = NULL;
	if (yielding == t) {
		yielding = NULL;
		handed = t;
		handed_late = false;
	}
}

void stub_rest_next(struct trap_task *t)
{
	struct trap_task *by = resting;

	resting = NULL;
	if (by && sleeps(t)) {
		stub_waker_settle();
		waker = by;
		waker_peer = t->area;
		give_way(by);
		if (!sleeps(by))
			return;
		waker = NULL;
	} else if (by) {
		give_way(by);
	}
	if (sleeps(t))
		stub_wake(t->f);
}

void stub_rest_poll(void)
{
	if (resting && ++rest_polls > REST_POLLS)
		rest_release();
}

/* Has the thread that was answered while it yielded had the CPU? */
static void look_at_handed(bool late)
{
	if (!handed)
		return;
	if (__atomic_load_n(&handed->f->state, __ATOMIC_ACQUIRE) != STUB_REPLY) {
		penalty = max(penalty / 2, PENALTY_LEAST);
		handed = NULL;
	} else if (late) {
		penalty_left = penalty;
		penalty = min(2 * penalty, PENALTY_MOST);
		handed = NULL;
	}
}

void stub_rest_look(void)
{
	look_at_handed(handed_late);
	handed_late = true;
	stub_waker_settle();
}

void stub_rest_before_sleep(void)
{
	look_at_handed(true);
	rest_release();
	yield_release();
	stub_waker_settle();
}
