/* Stores of guests through shared mappings of host files reach the host here: within five seconds, at sync(2), at the end,
 * and when memory is short. (msync, fsync and close write their own file; write(2) goes to the host at once.) */
#include "internal.h"
#include "ktime.h"

#define WRITEBACK_NS (5 * NSEC_PER_SEC)

extern struct list_head dirty_mappings; /* kernel/mm/filemap.c: address_space.dirty_node */

static u64 due = KTIME_MAX;
static struct wait_queue_head *sleeper;

/* All that is dirty now; what becomes dirty meanwhile may be left. The first error or 0; *any: something was written. */
static int write_all(bool *any)
{
	int first = 0;

	*any = false;
	for (unsigned rounds = 0; !list_empty(&dirty_mappings) && rounds < 1000; rounds++) {
		struct address_space *m = list_first_entry(&dirty_mappings, struct address_space, dirty_node);
		struct inode *inode = m->host;
		u32 before = m->nr_dirty;
		int err;

		/* One that stays dirty, by errors or by guests that go on, must not keep the others waiting. */
		list_move_tail(&m->dirty_node, &dirty_mappings);
		inode_get(inode);
		err = write_dirty_pages(m, 0, ~0ull);
		if (err && !first)
			first = err;
		*any |= m->nr_dirty < before;
		inode_put(inode);
		cond_resched();
		if (err)
			break;
	}
	return first;
}

int hostfs_sync(void)
{
	bool any;

	return write_all(&any);
}

bool writeback_for_memory(void)
{
	bool any;

	write_all(&any);
	return any;
}

void writeback_wake(void)
{
	if (due != KTIME_MAX || !sleeper)
		return;
	due = ktime_get() + WRITEBACK_NS;
	wake_up(sleeper);
}

void writeback_init(struct wait_queue_head *q)
{
	sleeper = q;
}

u64 writeback_due(void)
{
	return due;
}

void writeback_run(void)
{
	if (ktime_get() < due)
		return;
	due = KTIME_MAX;
	hostfs_sync();
	if (!list_empty(&dirty_mappings) && due == KTIME_MAX)
		due = ktime_get() + WRITEBACK_NS;
}
