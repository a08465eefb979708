/* Timers: a hierarchical wheel. Starting, stopping and finding the next are O(1) and need no memory, so that a timer
 * can always be started.
 *
 * Ticks are 1024 ns. A timer lies at the level where its expiry tick first differs from the wheel's own, in groups of 6
 * bits from the top; so everything at a level expires before everything at a higher one, and when the wheel reaches a
 * slot of a higher level, its timers move down. Deadlines are kept exact: a timer never fires early. */
#include "ktime.h"
#include "host.h"

#define TICK_SHIFT 10
#define LEVEL_BITS 6
#define LEVEL_SLOTS (1u << LEVEL_BITS)
#define LEVELS 9 /* 9 * 6 bits: all of a 54-bit tick number */

static struct list_head slots[LEVELS * LEVEL_SLOTS];
static u64 occupied[LEVELS]; /* bit i: slot i of the level has timers */
static u64 wheel;            /* every tick before this one has been dealt with */
static u64 next_deadline = KTIME_MAX;
static bool next_known = true;

u64 ktime_get(void) { return host_clock(HOST_MONOTONIC); }
u64 ktime_get_real(void) { return host_clock(HOST_REALTIME); }

void timer_setup(struct ktimer *t, void (*func)(struct ktimer *))
{
	t->deadline = KTIME_MAX;
	t->func = func;
	t->slot = 0;
	INIT_LIST_HEAD(&t->node);
}

static bool queued(const struct ktimer *t) { return t->node.next && !list_empty(&t->node); }

static void insert(struct ktimer *t)
{
	u64 tick = max(t->deadline >> TICK_SHIFT, wheel);
	unsigned level = (63 - (unsigned)__builtin_clzll((tick ^ wheel) | 1)) / LEVEL_BITS;
	unsigned index = (tick >> (level * LEVEL_BITS)) & (LEVEL_SLOTS - 1);

	t->slot = level * LEVEL_SLOTS + index;
	if (!(occupied[level] >> index & 1)) {
		INIT_LIST_HEAD(&slots[t->slot]);
		occupied[level] |= 1ull << index;
	}
	list_add_tail(&t->node, &slots[t->slot]);
}

static void unlink_timer(struct ktimer *t)
{
	unsigned level = t->slot / LEVEL_SLOTS, index = t->slot % LEVEL_SLOTS;

	list_del(&t->node);
	/* A timer about to run is on a list of timers_run(): its slot is unoccupied or has been filled anew. */
	if ((occupied[level] >> index & 1) && list_empty(&slots[t->slot]))
		occupied[level] &= ~(1ull << index);
}

void timer_start(struct ktimer *t, u64 deadline)
{
	timer_cancel(t);
	if (deadline == KTIME_MAX)
		return;
	t->deadline = deadline;
	insert(t);
	if (deadline < next_deadline)
		next_deadline = deadline;
}

bool timer_cancel(struct ktimer *t)
{
	if (!queued(t))
		return false;
	unlink_timer(t);
	if (t->deadline == next_deadline)
		next_known = false;
	t->deadline = KTIME_MAX;
	return true;
}

/* The first slot that has timers and the tick at which it begins. False: no timers. */
static bool first_slot(unsigned *slot, u64 *tick)
{
	for (unsigned level = 0; level < LEVELS; level++) {
		unsigned shift = level * LEVEL_BITS, index;

		if (!occupied[level])
			continue;
		index = (unsigned)__builtin_ctzll(occupied[level]);
		*slot = level * LEVEL_SLOTS + index;
		/* The groups above are the wheel's, those below begin at 0. */
		*tick = wheel >> (shift + LEVEL_BITS) << (shift + LEVEL_BITS);
		*tick |= (u64)index << shift;
		return true;
	}
	return false;
}

u64 timers_next(void)
{
	struct ktimer *t;
	unsigned slot;
	u64 tick;

	if (next_known)
		return next_deadline;
	next_known = true;
	next_deadline = KTIME_MAX;
	if (first_slot(&slot, &tick))
		list_for_each_entry(t, &slots[slot], node)
			next_deadline = min(next_deadline, t->deadline);
	return next_deadline;
}

/* Timers of @slot that are due run; others are put where they now belong. False if none was due or moved down. */
static bool drain_slot(unsigned slot, u64 now)
{
	unsigned level = slot / LEVEL_SLOTS;
	bool progress = level > 0;
	LIST_HEAD(batch);

	occupied[level] &= ~(1ull << (slot % LEVEL_SLOTS));
	list_splice_tail(&slots[slot], &batch);
	while (!list_empty(&batch)) {
		struct ktimer *t = list_first_entry(&batch, struct ktimer, node);

		list_del(&t->node);
		if (t->deadline > now) {
			insert(t);
			continue;
		}
		t->deadline = KTIME_MAX;
		progress = true;
		t->func(t); /* may start and cancel timers, this one too */
	}
	return progress;
}

void timers_run(void)
{
	unsigned slot;
	u64 now, tick;

	if (next_known && next_deadline == KTIME_MAX)
		return;
	now = ktime_get();
	if (next_known && next_deadline > now)
		return;
	next_known = false;
	while (first_slot(&slot, &tick) && tick <= now >> TICK_SHIFT) {
		wheel = max(wheel, tick);
		if (!drain_slot(slot, now))
			break;
	}
	wheel = max(wheel, now >> TICK_SHIFT);
}
