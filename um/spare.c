/* Host threads and processes of the seccomp backend that have no guest and wait, parked in the stub, for the next one.
 *
 * A guest thread that ends leaves its host thread to the next of its address space. That spares the host's clone, its
 * questions and its end. An address space that ends leaves its process, with its last thread, to the next one, and with it what
 * the host has mapped: of that, the parts that the new program needs stay, the rest goes before it runs. Programs that start
 * again and again find their text there, page tables filled.
 *
 * A kept process is as clean as execve leaves one: no guest code runs in it, and its thread's mask, stack for signals and
 * registers are set anew (STUB_OP_RESET). Programs that gain rights do not get one. */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "seccomp.h"

#define MAX_SPARES 8u  /* of an address space */
#define MAX_KEPT 8u
#define KEPT_LEARN 4u  /* with fewer than this a program that none has run gets a new one: what is kept stays worth keeping */

static struct trap_mm *kept; /* newest first */
static unsigned nkept;

void stub_mm_free(struct trap_mm *mm)
{
	free(mm->queue.ops);
	free(mm->shown);
	free(mm->before);
	free(mm->files);
	free(mm);
}

/* ---- threads ---- */

static void unlink_spare(struct trap_task *t)
{
	struct trap_task **p;

	for (p = &t->mm->spares; *p && *p != t; p = &(*p)->next_in_mm)
		;
	if (*p) {
		*p = t->next_in_mm;
		t->mm->nspares--;
	}
	stub_rest_end(t);
	by_area[t->area] = NULL;
}

static void drop_spare(struct trap_task *t)
{
	unlink_spare(t);
	zygote_kill(t->pid, t->area);
	free(t);
}

static bool kept_unlink(struct trap_mm *mm)
{
	struct trap_mm **p;

	for (p = &kept; *p && *p != mm; p = &(*p)->next_kept)
		;
	if (!*p)
		return false;
	*p = mm->next_kept;
	nkept--;
	return true;
}

void spare_died(struct trap_task *t)
{
	struct trap_mm *mm = t->mm;

	unlink_spare(t);
	area_free(t->area);
	free(t);
	if (kept_unlink(mm))
		stub_mm_free(mm);
}

bool spare_spend_all(void)
{
	bool any = false;

	for (unsigned i = 0; i < area_top; i++) {
		struct trap_task *t = by_area[i];

		if (!t || !t->spare)
			continue;
		stub_kill_and_reap(t);
		spare_died(t);
		any = true;
	}
	return any;
}

/* Not one with CPUs of its own. */
bool spare_make(struct trap_task *t)
{
	struct trap_mm *mm = t->mm;

	if (mm->nspares >= MAX_SPARES || !stub_parked(t) || t->cpu.has_want)
		return false;
	t->spare = true;
	t->cookie = NULL;
	t->notify = false;
	t->next_in_mm = mm->spares;
	mm->spares = t;
	mm->nspares++;
	stub_rest(t);
	return true;
}

u64 stub_cpu_time(pid_t pid)
{
	struct timespec ts;
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) || clock_gettime(clock, &ts))
		return 0;
	return (u64)ts.tv_sec * 1000000000ull + (u64)ts.tv_nsec;
}

/* Makes the first spare of @mm a task. */
static struct trap_task *spare_revive(struct trap_mm *mm, void *cookie)
{
	struct trap_task *t = mm->spares;
	u32 generation = t->cpu.generation;

	stub_rest_end(t);
	mm->spares = t->next_in_mm;
	mm->nspares--;
	*t = (struct trap_task){ .mm = mm, .f = t->f, .area = t->area, .pid = t->pid, .cookie = cookie, .settled = true,
		.cpu_base = stub_cpu_time(t->pid), .next_in_mm = mm->tasks };
	mm->tasks = t;
	stub_prepare_area(t->area);
	cpu_task_add(&t->cpu, t->pid, generation);
	return t;
}

struct trap_task *spare_take(struct trap_mm *mm, const struct trap_task *creator, void *cookie)
{
	struct trap_task *t;

	while ((t = mm->spares)) {
		bool alike = t->cpu.policy == creator->cpu.policy && t->cpu.nice == creator->cpu.nice && !creator->cpu.has_want;

		if (!alike || !stub_parked(t)) {
			drop_spare(t);
			continue;
		}
		t = spare_revive(mm, cookie);
		cpu_task_inherit(&t->cpu, &creator->cpu);
		return t;
	}
	return NULL;
}

/* ---- processes ---- */

static void kept_drop(struct trap_mm *mm)
{
	kept_unlink(mm);
	while (mm->spares)
		drop_spare(mm->spares);
	stub_mm_free(mm);
}

static bool worth_keeping(const struct trap_mm *mm, u64 program)
{
	const struct trap_task *t = mm->spares;

	return program && mm->shown && t && stub_parked(t) && t->cpu.policy == SCHED_OTHER && t->cpu.nice == umk_options.nice;
}

/* What has not been done by now is not done any more. */
static void forget_queue(struct trap_mm *mm)
{
	if (mm->before) {
		free(mm->shown);
		mm->shown = mm->before;
		mm->before = NULL;
	} else if (mm->shown) {
		for (unsigned i = 0; i < mm->queue.n; i++)
			shown_forget(mm->shown, mm->queue.ops[i].addr, mm->queue.ops[i].addr + mm->queue.ops[i].size);
	}
	mm->queue.n = 0;
}

void kept_add(struct trap_mm *mm, u64 program)
{
	struct trap_mm *oldest;

	while (mm->nspares > 1)
		drop_spare(mm->spares->next_in_mm);
	forget_queue(mm);
	if (!worth_keeping(mm, program)) {
		kept_drop(mm);
		return;
	}
	for (oldest = kept; nkept == MAX_KEPT && oldest->next_kept; oldest = oldest->next_kept)
		;
	if (nkept == MAX_KEPT)
		kept_drop(oldest);
	mm->program = program;
	mm->next_kept = kept;
	kept = mm;
	nkept++;
}

bool kept_has(u64 program)
{
	for (const struct trap_mm *mm = kept; mm; mm = mm->next_kept)
		if (mm->program == program)
			return true;
	return false;
}

static struct trap_mm *kept_choose(u64 program)
{
	struct trap_mm *mm, *last = NULL;

	for (mm = kept; mm; mm = mm->next_kept) {
		if (mm->program == program)
			return mm;
		last = mm;
	}
	return nkept < KEPT_LEARN ? NULL : last;
}

/* XSTATE_BV 0: every component in its initial state, but for MXCSR, which is taken as it stands. */
static void initial_fp(u8 *xsave)
{
	const u32 mxcsr = 0x1f80;

	memset(xsave, 0, trap_layout.xsave_size);
	memcpy(xsave + 24, &mxcsr, sizeof(mxcsr));
}

struct trap_mm *kept_take(u64 program, void *cookie)
{
	struct trap_mm *mm;
	struct trap_task *t;

	while (program && (mm = kept_choose(program))) {
		if (!stub_parked(mm->spares) || !stub_begin_anew(mm)) {
			kept_drop(mm);
			continue;
		}
		kept_unlink(mm);
		mm->carrier = NULL;
		t = spare_revive(mm, cookie);
		initial_fp((u8 *)t->f + AREA_XSAVE);
		t->load_fp = t->load_bases = true;
		return mm;
	}
	return NULL;
}
