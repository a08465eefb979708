/* What every task is doing, for who looks from outside (SIGUSR1 to umk) and for oops reports: its state, its call with the
 * arguments, and the kernel functions in which it waits. */
#include "oops.h"
#include "host.h"
#include "printk.h"
#include "sched.h"
#include "string.h"
#include "syscalls.h"

void describe_call(const struct task *t, char *buf, size_t size)
{
	const struct pt_regs *r = &t->regs;
	const unsigned long args[6] = { r->di, r->si, r->dx, r->r10, r->r8, r->r9 };
	unsigned nr = (unsigned)t->in_syscall, nargs = 6;
	size_t len;

	*buf = 0;
	if (t->in_syscall < 0)
		return;
	if (nr < sys_call_table_size && syscall_metadata[nr])
		nargs = syscall_metadata[nr]->nargs;
	if (nr < sys_call_table_size && syscall_names[nr])
		len = (size_t)ksnprintf(buf, size, "%s(", syscall_names[nr]);
	else
		len = (size_t)ksnprintf(buf, size, "call %u(", nr);
	for (unsigned i = 0; i < nargs && len < size; i++)
		len += (size_t)ksnprintf(buf + len, size - len, "%s%#lx", i ? ", " : "", args[i]);
	if (len < size)
		ksnprintf(buf + len, size - len, ")");
}

static const char *state_text(const struct task *t)
{
	switch (t->state) {
	case TASK_RUNNING:
		return "runnable";
	case TASK_INTERRUPTIBLE:
		return "sleeping";
	case TASK_UNINTERRUPTIBLE:
		return "sleeping (uninterruptible)";
	case TASK_KILLABLE:
		return "sleeping (killable)";
	case TASK_GUEST:
		return "running its program";
	case TASK_STOPPED:
		return "stopped";
	case TASK_ZOMBIE:
		return "zombie";
	default:
		return "dead";
	}
}

/* ---- the call chain of a sleeping task ---- */

struct chain {
	bool below;          /* the scheduler has been passed: what follows is who waits */
	bool named;          /* the first function that is not about waiting has been met */
	char waits_in[64];
	char text[640];
	size_t len;
};

static bool is_waiting_function(const char *name)
{
	static const char *const names[] = { "schedule", "schedule_until", "cond_resched", "host_call" };

	for (unsigned i = 0; i < ARRAY_SIZE(names); i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

static bool add_frame(void *ctx, u64 ip, const char *name, u64 offset)
{
	struct chain *c = ctx;

	if (!c->below) {
		c->below = !strcmp(name, "schedule") || !strcmp(name, "switch_to");
		return true;
	}
	if (!c->named && !is_waiting_function(name)) {
		c->named = true;
		strscpy(c->waits_in, name, sizeof(c->waits_in));
	}
	if (c->len < sizeof(c->text))
		c->len += (size_t)ksnprintf(c->text + c->len, sizeof(c->text) - c->len, "%s%s+%#llx", c->len ? " < " : "",
			*name ? name : "?", (unsigned long long)offset);
	return strcmp(name, "task_loop") != 0;
}

static bool has_chain(const struct task *t)
{
	return t->stack && t->state != TASK_ZOMBIE && t->state != TASK_DEAD && t->state != TASK_GUEST;
}

void task_waits_in(const struct task *t, char *name, size_t size)
{
	struct chain c = { .len = sizeof(c.text) };

	if (has_chain(t) && t != current && t->state != TASK_RUNNING)
		host_walk_stack(t->ksp, add_frame, &c);
	strscpy(name, c.waits_in, size);
}

static void dump_task(const struct task *t)
{
	struct chain c = { .len = 0 };
	char call[160];

	describe_call(t, call, sizeof(call));
	if (has_chain(t))
		host_walk_stack(t == current ? NULL : t->ksp, add_frame, &c);
	pr_msg("task %d (%s), process %d, parent %d: %s%s%s%s%s", t->pid, t->comm, t->tgid, t->real_parent ? t->real_parent->tgid : 0,
		state_text(t), *call ? " in " : "", call, c.named && *call ? ", waits in " : "", c.named && *call ? c.waits_in : "");
	if (c.len)
		pr_msg("  %s", c.text);
}

void dump_tasks(void)
{
	const struct task *t;

	pr_msg("%u tasks", nr_tasks);
	list_for_each_entry(t, &all_tasks, task_node)
		dump_task(t);
}
