/* Memory operations of the seccomp backend. They are queued, one list an address space, and travel in the reply to the thread
 * that ordered them, which does them before its guest runs on; or a parked or interrupted thread does them at once. */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "seccomp.h"

#define GUEST_LOWEST 0x10000 /* nothing of a guest's lies below */

int stub_work(struct trap_task *t, const struct stub_op *ops, unsigned n)
{
	struct stub_frame *f = t->f;
	int err;

	stub_rest_end(t);
	err = stub_wait_posted(t);
	if (err)
		return err;
	memcpy(f->ops, ops, n * sizeof(*ops));
	f->nops = n;
	f->result = 0;
	stub_answer(f, STUB_WORK);
	return stub_wait_posted(t);
}

void stub_wait_carrier(struct trap_mm *mm)
{
	struct trap_task *t = mm->carrier;
	struct stub_wait wait = { 0 };

	if (!t)
		return;
	for (u32 i = 0; __atomic_load_n(&t->f->nops, __ATOMIC_ACQUIRE) && !t->dead; i++) {
		if (i < stub_spin_rounds) {
			__builtin_ia32_pause();
			continue;
		}
		stub_waker_settle();
		sched_yield();
		if (i % 64)
			continue;
		stub_reap_children();
		if (!t->dead && stub_overdue(t, &wait) && __atomic_load_n(&t->f->nops, __ATOMIC_ACQUIRE))
			stub_give_up(t);
	}
	mm->carrier = NULL;
}

void stub_work_queue(struct trap_mm *mm, struct trap_task *t)
{
	unsigned done = 0;

	stub_wait_carrier(mm);
	while (done < mm->queue.n) {
		unsigned n = min(mm->queue.n - done, (unsigned)STUB_MAX_OPS);

		if (stub_work(t, mm->queue.ops + done, n))
			break;
		done += n;
	}
	mm->queue.n = 0;
}

void seccomp_map(struct trap_mm *mm, u64 addr, u64 size, int prot, u64 phys, bool populate)
{
	if (mm->shown)
		shown_map(mm->shown, addr, addr + size, phys, (u32)prot, populate);
	if (!mm->before)
		op_queue_map(&mm->queue, addr, size, (u32)prot | (populate ? STUB_OP_POPULATE : 0), phys);
}

bool stub_begin_anew(struct trap_mm *mm)
{
	if (!mm->shown)
		return false;
	if (!mm->before) {
		struct shown *record = malloc(sizeof(*record));

		if (!record)
			return false;
		mm->before = mm->shown;
		mm->shown = record;
	}
	mm->shown->count = 0;
	mm->queue.n = 0;
	return true;
}

void seccomp_unmap(struct trap_mm *mm, u64 addr, u64 size)
{
	if (addr <= GUEST_LOWEST && addr + size >= STUB_BASE && !mm->running && stub_begin_anew(mm))
		return; /* execve */
	if (mm->shown)
		shown_forget(mm->shown, addr, addr + size);
	if (!mm->before)
		op_queue_unmap(&mm->queue, addr, size);
}

void seccomp_protect(struct trap_mm *mm, u64 addr, u64 size, int prot)
{
	if (mm->shown)
		shown_protect(mm->shown, addr, addr + size, (u32)prot);
	if (!mm->before)
		op_queue_protect(&mm->queue, addr, size, (u32)prot);
}

static void change_map(void *arg, const struct shown_run *run)
{
	op_queue_map(arg, run->addr, run->end - run->addr, run->prot | (run->populate ? STUB_OP_POPULATE : 0), run->phys);
}

static void change_unmap(void *arg, u64 addr, u64 end)
{
	op_queue_unmap(arg, addr, end - addr);
}

void stub_adopt(struct trap_mm *mm)
{
	*op_queue_add(&mm->queue) = (struct stub_op){ .kind = STUB_OP_RESET };
	shown_change(mm->before, mm->shown, STUB_BASE, &mm->queue, change_map, change_unmap);
	free(mm->before);
	mm->before = NULL;
}

/* One of @mm's threads that can do operations at once, or NULL: rather one that looks for its answer, whose call is being served,
 * than one that waits long, which first needs a CPU. What the frame says is a hint. */
struct trap_task *stub_parked_thread(struct trap_mm *mm)
{
	struct trap_task *found = NULL;

	for (struct trap_task *t = mm->tasks; t; t = t->next_in_mm) {
		if (t->running || t->dead)
			continue;
		if (!READ_ONCE(t->f->rest))
			return t;
		found = t;
	}
	return found;
}

void seccomp_flush(struct trap_mm *mm)
{
	struct trap_task *t;

	if ((!mm->queue.n && !mm->carrier) || !mm->running)
		return;
	if (!mm->queue.n) {
		stub_wait_carrier(mm);
		return;
	}
	t = stub_parked_thread(mm);
	if (!t) { /* all of them run guest code: stop one; its event is told later */
		for (t = mm->tasks; t && t->dead; t = t->next_in_mm)
			;
		if (!t) {
			mm->queue.n = 0;
			return;
		}
		stub_kick(t);
		if (stub_wait_posted(t)) {
			seccomp_flush(mm);
			return;
		}
		stub_take_event(t);
		stub_notify(t);
	}
	stub_work_queue(mm, t);
}
