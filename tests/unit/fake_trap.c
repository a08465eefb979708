/* The trap backend of unit tests: guests are tasks that never run; a test posts their events. What is mapped is remembered. */
#include <stdlib.h>
#include <string.h>

#define UNIT_LIBC /* here the names are libc's */
#include "unit.h"
#include "fake_host.h"

struct range {
	u64 addr, size, phys;
	int prot;
};
struct trap_mm {
	struct range *ranges;
	unsigned count, room, tasks;
};
struct trap_task {
	struct trap_mm *mm;
	void *cookie;
	struct pt_regs *regs;
	struct trap_event event;
	bool running, posted;
	u64 fs, gs;
	struct trap_task *next;
	u8 fp[4096];
};
static struct trap_task *trap_tasks;

unsigned unit_trap_mms, unit_trap_tasks, unit_trap_flushes, unit_trap_maps, unit_trap_unmaps, unit_trap_protects;
int unit_trap_fail;

static void range_add(struct trap_mm *mm, u64 addr, u64 size, u64 phys, int prot)
{
	if (mm->count == mm->room) {
		mm->room = mm->room ? mm->room * 2 : 16;
		mm->ranges = realloc(mm->ranges, mm->room * sizeof(*mm->ranges));
		if (!mm->ranges)
			abort();
	}
	mm->ranges[mm->count++] = (struct range){ addr, size, phys, prot };
}

/* Cuts [addr,+size) out; with @prot >= 0 it is put back with that protection. */
static void range_cut(struct trap_mm *mm, u64 addr, u64 size, int prot)
{
	u64 end = addr + size;
	unsigned count = mm->count;

	for (unsigned i = 0; i < count; i++) {
		struct range r = mm->ranges[i];
		u64 from = max(r.addr, addr), to = min(r.addr + r.size, end);

		if (from >= to)
			continue;
		mm->ranges[i].size = 0;
		if (r.addr < from)
			range_add(mm, r.addr, from - r.addr, r.phys, r.prot);
		if (to < r.addr + r.size)
			range_add(mm, to, r.addr + r.size - to, r.phys + (to - r.addr), r.prot);
		if (prot >= 0)
			range_add(mm, from, to - from, r.phys + (from - r.addr), prot);
	}
	for (unsigned i = 0; i < mm->count; i++)
		if (!mm->ranges[i].size)
			mm->ranges[i--] = mm->ranges[--mm->count];
}

bool unit_trap_lookup(struct trap_mm *mm, u64 addr, u64 *phys, int *prot)
{
	for (unsigned i = 0; i < mm->count; i++) {
		struct range *r = &mm->ranges[i];

		if (addr < r->addr || addr - r->addr >= r->size)
			continue;
		if (phys)
			*phys = r->phys + (addr - r->addr);
		if (prot)
			*prot = r->prot;
		return true;
	}
	return false;
}

static struct trap_task *fake_task(struct trap_mm *mm, void *cookie)
{
	struct trap_task *t = calloc(1, sizeof(*t));

	t->mm = mm;
	t->cookie = cookie;
	t->next = trap_tasks;
	trap_tasks = t;
	mm->tasks++;
	unit_trap_tasks++;
	return t;
}

static int take_failure(void)
{
	int err = unit_trap_fail;

	unit_trap_fail = 0;
	return err;
}

static int fake_mm_create(struct trap_mm **mm, struct trap_task **first, void *cookie, u64 program)
{
	(void)program;
	int err = take_failure();

	if (err)
		return err;
	*mm = calloc(1, sizeof(**mm));
	*first = fake_task(*mm, cookie);
	unit_trap_mms++;
	return 0;
}

static void fake_mm_destroy(struct trap_mm *mm, u64 program)
{
	(void)program;
	if (mm->tasks)
		host_panic("trap_mm destroyed with %u tasks", mm->tasks);
	free(mm->ranges);
	free(mm);
	unit_trap_mms--;
}

static int fake_task_create(struct trap_task **t, struct trap_mm *mm, struct trap_task *creator, void *cookie)
{
	int err = take_failure();

	if (err)
		return err;
	if (creator->running || creator->mm != mm)
		host_panic("task_create by a task that is not parked in the mm");
	*t = fake_task(mm, cookie);
	return 0;
}

static void fake_task_destroy(struct trap_task *t)
{
	struct trap_task **p = &trap_tasks;

	while (*p != t)
		p = &(*p)->next;
	*p = t->next;
	t->mm->tasks--;
	unit_trap_tasks--;
	free(t);
}

static void fake_resume(struct trap_task *t, struct pt_regs *regs)
{
	if (t->running)
		host_panic("resume of a running task");
	t->regs = regs;
	t->event.kind = TRAP_NONE;
	t->running = true;
}

static const struct trap_event *fake_event(struct trap_task *t)
{
	return &t->event;
}

static void fake_will_block(struct trap_task *t)
{
}

void unit_trap_post(struct trap_task *t, const struct trap_event *ev)
{
	t->event = *ev;
	t->running = false;
	t->posted = true;
}

bool unit_trap_running(struct trap_task *t)
{
	return t->running;
}

static void fake_interrupt(struct trap_task *t)
{
	struct trap_event ev = { .kind = TRAP_INTERRUPT };

	if (!t->running)
		return;
	t->regs->orig_ax = -1ul;
	unit_trap_post(t, &ev);
}

static int fake_get_fp(struct trap_task *t, void *xsave)
{
	memcpy(xsave, t->fp, trap_layout.xsave_size);
	return 0;
}

static int fake_set_fp(struct trap_task *t, const void *xsave)
{
	memcpy(t->fp, xsave, trap_layout.xsave_size);
	return 0;
}

static int fake_get_bases(struct trap_task *t, u64 *fs, u64 *gs)
{
	*fs = t->fs;
	*gs = t->gs;
	return 0;
}

static int fake_set_bases(struct trap_task *t, u64 fs, u64 gs)
{
	t->fs = fs;
	t->gs = gs;
	return 0;
}

int host_membarrier(void)
{
	return 0;
}

static int fake_set_affinity(struct trap_task *t, const u64 *mask, unsigned words)
{
	return 0;
}

static u64 fake_cpu_time(struct trap_task *t)
{
	return 0;
}

static void fake_map(struct trap_mm *mm, u64 addr, u64 size, int prot, u64 phys, bool populate)
{
	unit_trap_maps++;
	if ((addr | size | phys) & 4095 || phys + size > host_info.physmem_size || addr + size > trap_layout.task_size)
		host_panic("bad map %#llx +%#llx of %#llx", (unsigned long long)addr, (unsigned long long)size,
			(unsigned long long)phys);
	range_cut(mm, addr, size, -1);
	range_add(mm, addr, size, phys, prot);
}

static void fake_unmap(struct trap_mm *mm, u64 addr, u64 size)
{
	unit_trap_unmaps++;
	range_cut(mm, addr, size, -1);
}

static void fake_protect(struct trap_mm *mm, u64 addr, u64 size, int prot)
{
	unit_trap_protects++;
	range_cut(mm, addr, size, prot);
}

static void fake_flush(struct trap_mm *mm)
{
	unit_trap_flushes++;
}

static unsigned fake_running(struct trap_mm *mm)
{
	unsigned n = 0;

	for (struct trap_task *t = trap_tasks; t; t = t->next)
		n += t->mm == mm && t->running;
	return n;
}

unsigned fake_trap_upcalls(void)
{
	unsigned made = 0;

	for (struct trap_task *t = trap_tasks, *next; t; t = next) {
		next = t->next;
		if (!t->posted)
			continue;
		t->posted = false;
		trap_event_upcall(t->cookie);
		made++;
	}
	return made;
}

static const struct trap_ops fake_ops = {
	.name = "fake",
	.mm_create = fake_mm_create,
	.mm_destroy = fake_mm_destroy,
	.task_create = fake_task_create,
	.task_destroy = fake_task_destroy,
	.resume = fake_resume,
	.event = fake_event,
	.will_block = fake_will_block,
	.interrupt = fake_interrupt,
	.get_fp = fake_get_fp,
	.set_fp = fake_set_fp,
	.get_bases = fake_get_bases,
	.set_bases = fake_set_bases,
	.set_affinity = fake_set_affinity,
	.cpu_time = fake_cpu_time,
	.map = fake_map,
	.unmap = fake_unmap,
	.protect = fake_protect,
	.flush = fake_flush,
	.running = fake_running,
};
const struct trap_ops *trap = &fake_ops;
