/* The load averages of /proc/loadavg and sysinfo(2): exponential means of how many tasks run or wait uninterruptibly, sampled
 * every 5 s as on Linux. The sampling stops while nothing runs, so that an idle umk sleeps; what it missed were samples of
 * nothing, and the means are faded for them when it goes on. */
#include "loadavg.h"
#include "sched.h"
#include "ktime.h"

#define PERIOD (5 * NSEC_PER_SEC)
#define ONE 2048u /* fixed point: 11 bits */
static const u32 decay[3] = { 1884, 2014, 2037 }; /* exp(-5 s/1 min, 5 min, 15 min) */

static u64 mean[3];
static u64 sampled_until; /* ktime ns */
static struct ktimer timer;

static unsigned active_tasks(void)
{
	const struct task *t;
	unsigned n = 0;

	list_for_each_entry(t, &all_tasks, task_node)
		n += t->pid != 1 && (t->state == TASK_RUNNING || t->state == TASK_GUEST || t->state == TASK_UNINTERRUPTIBLE ||
			t->state == TASK_KILLABLE);
	return n;
}

static void sample(unsigned active)
{
	for (int i = 0; i < 3; i++) {
		u64 load = mean[i] * decay[i] + (u64)active * ONE * (ONE - decay[i]);

		mean[i] = (load + (active * ONE >= mean[i] ? ONE - 1 : 0)) / ONE;
	}
}

/* The periods that have passed while nothing ran. */
static void fade(u64 now)
{
	for (unsigned n = 0; sampled_until + PERIOD <= now; sampled_until += PERIOD)
		if (n++ < 5000) /* seven hours: nothing is left */
			sample(0);
}

static void tick(struct ktimer *t)
{
	u64 now = ktime_get();
	unsigned active = active_tasks();

	fade(now - PERIOD);
	sample(active);
	sampled_until = now;
	if (active)
		timer_start(t, now + PERIOD);
}

void loadavg_kick(void)
{
	u64 now = ktime_get();

	if (!timer.func) {
		timer_setup(&timer, tick);
		sampled_until = now;
	}
	if (timer.deadline != KTIME_MAX && timer.deadline)
		return;
	fade(now);
	timer_start(&timer, sampled_until + PERIOD);
}

void loadavg_get(unsigned long loads[3], unsigned shift)
{
	loadavg_kick();
	for (int i = 0; i < 3; i++)
		loads[i] = shift > 11 ? mean[i] << (shift - 11) : mean[i];
}
