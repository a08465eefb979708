/* How processes and threads of the seccomp backend come and go, and what threads have beside their registers. Clean processes are
 * the zygote's children, threads are cloned by one of their process; those that have lost their guest wait for another one
 * (spare.c). */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "seccomp.h"

static struct trap_task *new_task(struct trap_mm *mm, unsigned area, pid_t pid, void *cookie)
{
	struct trap_task *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->mm = mm;
	t->f = area_frame(area);
	t->area = area;
	t->pid = pid;
	t->cookie = cookie;
	t->next_in_mm = mm->tasks;
	mm->tasks = t;
	by_area[area] = t;
	return t;
}

int seccomp_mm_create(struct trap_mm **out, struct trap_task **first, void *cookie, u64 program)
{
	struct trap_mm *mm = kept_take(program, cookie);
	u32 generation;
	unsigned area;
	pid_t pid;
	int err;

	if (mm) {
		*first = mm->tasks;
		*out = mm;
		return 0;
	}
	mm = calloc(1, sizeof(*mm));
	if (!mm)
		return -ENOMEM;
	err = zygote_child(&area, &pid, &generation);
	if (err && spare_spend_all())
		err = zygote_child(&area, &pid, &generation);
	if (err) {
		free(mm);
		return err;
	}
	mm->shown = calloc(1, sizeof(*mm->shown));
	*first = new_task(mm, area, pid, cookie);
	if (!*first) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, __WALL);
		area_free(area);
		stub_mm_free(mm);
		return -ENOMEM;
	}
	stub_prepare_area(area);
	*out = mm;
	cpu_task_add(&(*first)->cpu, pid, generation);
	return 0;
}

void seccomp_mm_destroy(struct trap_mm *mm, u64 program)
{
	while (mm->tasks)
		trap->task_destroy(mm->tasks);
	kept_add(mm, program);
}

static pid_t clone_now(struct trap_task *creator, const struct stub_op *op)
{
	struct stub_frame *f = creator->f;
	pid_t pid;

	stub_rest_end(creator);
	if (stub_wait_posted(creator))
		return -EAGAIN;
	f->ops[0] = *op;
	f->nops = 1;
	f->result = 0;
	stub_answer(f, STUB_WORK);
	pid = zygote_new_thread(creator->pid, f);
	if (pid == -EIO && !creator->dead) {
		stub_kill_and_reap(creator);
		stub_mark_dead(creator, SIGKILL);
	}
	if (stub_wait_posted(creator) && pid > 0) {
		zygote_kill(pid, ZYGOTE_NO_AREA);
		return -EAGAIN;
	}
	return pid;
}

/* The new thread's id, or -errno. Meanwhile whoever has something for the kernel is to sleep: creator and new thread need a CPU. */
static pid_t clone_by(struct trap_task *creator, const struct stub_op *op)
{
	pid_t pid;

	__atomic_store_n(&stub_ctl->kernel_away, 1, __ATOMIC_RELAXED);
	pid = clone_now(creator, op);
	__atomic_store_n(&stub_ctl->kernel_away, 0, __ATOMIC_RELAXED);
	return pid;
}

int seccomp_task_create(struct trap_task **out, struct trap_mm *mm, struct trap_task *creator, void *cookie)
{
	struct stub_op op = { .kind = STUB_OP_CLONE };
	struct trap_task *t = spare_take(mm, creator, cookie);
	pid_t pid;
	int area;

	if (t) {
		*out = t;
		return 0;
	}
	area = area_alloc();
	if (area < 0 && spare_spend_all())
		area = area_alloc();
	if (area < 0)
		return area;
	stub_prepare_area((unsigned)area);
	op.addr = (u64)area;
	if (mm->queue.n) /* in order: the clone does not pass earlier operations */
		stub_work_queue(mm, creator);
	pid = clone_by(creator, &op);
	if (pid < 0) {
		area_free((unsigned)area);
		return pid == -ENOMEM ? -ENOMEM : -EAGAIN;
	}
	t = new_task(mm, (unsigned)area, pid, cookie);
	if (!t) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, __WALL);
		area_free((unsigned)area);
		return -ENOMEM;
	}
	*out = t;
	cpu_task_add(&t->cpu, pid, creator->cpu.generation);
	cpu_task_inherit(&t->cpu, &creator->cpu);
	return 0;
}

/* A parked thread sits in stub code and will not run guest code again: it stays as a spare, or is reaped when its SIGCHLD comes,
 * and its area stays taken until then. A running one may be storing into guest memory: wait for its end. */
void seccomp_task_destroy(struct trap_task *t)
{
	stub_unlink_task(t);
	if (spare_make(t))
		return;
	by_area[t->area] = NULL;
	if (t->dead) {
		area_free(t->area);
	} else if (t->running) {
		stub_kill_and_reap(t);
		area_free(t->area);
	} else {
		zygote_kill(t->pid, t->area);
	}
	free(t);
}

/* ---- what a thread has beside its registers ---- */

int seccomp_get_fp(struct trap_task *t, void *xsave)
{
	struct stub_op op = { .kind = STUB_OP_SAVE_FP };
	int err;

	if (t->load_fp) { /* set and not yet loaded */
		memcpy(xsave, (u8 *)t->f + AREA_XSAVE, trap_layout.xsave_size);
		return 0;
	}
	err = stub_work(t, &op, 1);
	if (!err)
		memcpy(xsave, (u8 *)t->f + AREA_XSAVE, trap_layout.xsave_size);
	return err;
}

int seccomp_set_fp(struct trap_task *t, const void *xsave)
{
	int err = stub_wait_posted(t);

	if (err)
		return err;
	memcpy((u8 *)t->f + AREA_XSAVE, xsave, trap_layout.xsave_size);
	t->load_fp = true;
	return 0;
}

int seccomp_get_bases(struct trap_task *t, u64 *fs, u64 *gs)
{
	*fs = t->fs;
	*gs = t->gs;
	return t->dead ? -EIO : 0;
}

int seccomp_set_bases(struct trap_task *t, u64 fs, u64 gs)
{
	t->fs = fs;
	t->gs = gs;
	t->load_bases = true;
	return t->dead ? -EIO : 0;
}

int seccomp_set_affinity(struct trap_task *t, const u64 *mask, unsigned words)
{
	return cpu_task_set_affinity(&t->cpu, mask, words);
}

int seccomp_set_sched(struct trap_task *t, int policy, int nice)
{
	return cpu_task_set_sched(&t->cpu, policy, nice);
}

u64 seccomp_cpu_time(struct trap_task *t)
{
	u64 time = t->dead ? 0 : stub_cpu_time(t->pid);

	return time > t->cpu_base ? time - t->cpu_base : 0;
}
