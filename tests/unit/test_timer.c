/* kernel/time/timer.c: the wheel against a plain list, cancelling, timers that start timers. */
#include "ktime.h"

#define COUNT 2000
static struct ktimer timers[COUNT];
static u64 want[COUNT]; /* KTIME_MAX: not queued */
static unsigned fired, early, unexpected;

static u64 seed = 12345;
static u64 rnd(void)
{
	seed = seed * 6364136223846793005ull + 1442695040888963407ull;
	return seed >> 16;
}

static void fire(struct ktimer *t)
{
	unsigned i = (unsigned)(t - timers);

	fired++;
	if (want[i] == KTIME_MAX)
		unexpected++;
	else if (want[i] > unit_now)
		early++;
	want[i] = KTIME_MAX;
}

static u64 earliest(void)
{
	u64 e = KTIME_MAX;

	for (unsigned i = 0; i < COUNT; i++)
		e = min(e, want[i]);
	return e;
}

static void check_none_late(void)
{
	unsigned late = 0;

	for (unsigned i = 0; i < COUNT; i++)
		late += want[i] <= unit_now;
	ck_assert_uint_eq(late, 0);
	ck_assert_uint_eq(timers_next(), earliest());
	ck_assert_uint_eq(early, 0);
	ck_assert_uint_eq(unexpected, 0);
}

START_TEST(test_random)
{
	for (unsigned i = 0; i < COUNT; i++) {
		timer_setup(&timers[i], fire);
		want[i] = KTIME_MAX;
	}
	for (unsigned round = 0; round < 3000; round++) {
		for (unsigned k = 0; k < 10; k++) {
			unsigned i = rnd() % COUNT;

			if (rnd() % 3 == 0) {
				ck_assert_int_eq(timer_cancel(&timers[i]), want[i] != KTIME_MAX);
				want[i] = KTIME_MAX;
			} else {
				/* from the past to years ahead, in all sizes */
				want[i] = unit_now + (rnd() >> (rnd() % 47)) - 100;
				timer_start(&timers[i], want[i]);
			}
		}
		ck_assert_uint_eq(timers_next(), earliest());
		if (round % 2)
			unit_now = max(unit_now, min(timers_next(), 1ull << 62));
		else
			unit_now += rnd() >> (rnd() % 47 + 1);
		timers_run();
		check_none_late();
	}
	ck_assert_uint_gt(fired, COUNT);
}
END_TEST

static unsigned chain;
static struct ktimer self, other;

static void again(struct ktimer *t)
{
	chain++;
	if (chain < 100)
		timer_start(t, unit_now + 10);
	if (chain == 50)
		timer_cancel(&other);
}

START_TEST(test_restart_in_callback)
{
	timer_setup(&self, again);
	timer_setup(&other, again);
	timer_start(&self, unit_now + 10);
	timer_start(&other, unit_now + 1000000);
	while (timers_next() != KTIME_MAX) {
		unit_now = timers_next();
		timers_run();
	}
	ck_assert_uint_eq(chain, 100);
	ck_assert(!timer_cancel(&other));
}
END_TEST

START_TEST(test_cancel_in_batch)
{
	static struct ktimer zeroed;

	chain = 49; /* the first to fire cancels the other, which is due in the same run */
	timer_setup(&self, again);
	timer_setup(&other, again);
	timer_start(&self, unit_now + 5);
	timer_start(&other, unit_now + 5);
	unit_now += 5;
	timers_run();
	ck_assert_uint_eq(chain, 50);
	timer_cancel(&self);
	ck_assert(!timer_cancel(&zeroed));
	timer_start(&other, KTIME_MAX);
	ck_assert_uint_eq(timers_next(), KTIME_MAX);
}
END_TEST

UNIT_MAIN("timer", test_random, test_restart_in_callback, test_cancel_in_batch)
