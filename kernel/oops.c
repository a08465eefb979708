/* Faults and failed assertions of the kernel itself. A task whose call runs into one is killed and the rest goes on; what the
 * call held is released as far as it is known, and what it left on its stack stays there for ever, because wait queues may
 * point to it. In what serves as interrupt context (timers, the host's events), in init, or while an oops is being handled
 * there is nobody to kill: umk ends with a message. */
#include "oops.h"
#include "host.h"
#include "mm.h"
#include "printk.h"
#include "task.h"
#include <linux/signal.h>

static void *reserve;          /* a stack for the next oops */
static bool handling;          /* from the report to the task's end */

void oops_init(void)
{
	reserve = host_stack_alloc(KSTACK_SIZE);
}

static bool survivable(void)
{
	return current && current != init_task && current->tt && !handling && !in_interrupt() && reserve;
}

/* ---- what a task holds ---- */

void oops_mutex_taken(struct held_lock *l)
{
	l->owner = current;
	l->next = current->held_locks;
	current->held_locks = l;
}

void oops_mutex_dropped(struct held_lock *l)
{
	struct held_lock **p;

	if (!l->owner)
		return;
	for (p = &l->owner->held_locks; *p; p = &(*p)->next)
		if (*p == l) {
			*p = l->next;
			break;
		}
	l->owner = NULL;
}

static void release_locks(struct task *t)
{
	while (t->held_locks)
		t->held_locks->release(t->held_locks);
	if (t->mm && t->mm->lock_owner == t)
		mmap_unlock(t->mm);
}

/* The rest of the task's life, on the reserve stack. */
static void __noreturn end_task(void)
{
	struct task *t = current;

	timer_cancel(&t->sleep_timer);
	t->state = TASK_RUNNING;
	t->in_syscall = -1;
	release_locks(t);
	handling = false;
	pr_msg("oops: killed process %d (%s)", t->tgid, t->comm);
	do_group_exit(SIGKILL);
}

/* The task's old stack and the task itself are left to those who may point to them. */
static void *change_stacks(void)
{
	struct task *t = current;

	handling = true;
	t->oopsed = true;
	t->stack = reserve;
	t->stack_size = KSTACK_SIZE;
	reserve = host_stack_alloc(KSTACK_SIZE);
	return (char *)t->stack + t->stack_size - 16;
}

/* ---- the reports ---- */

static void report_context(void)
{
	char call[160];

	if (!current)
		return;
	describe_call(current, call, sizeof(call));
	pr_msg("in task %d (%s)%s%s%s", current->pid, current->comm, *call ? ", call " : "", call,
		in_interrupt() ? ", interrupted while it waited" : "");
}

void *host_fault_upcall(const char *what, void (**go_on)(void))
{
	pr_msg("oops: %s", what);
	report_context();
	host_fault_registers();
	host_backtrace();
	if (!survivable()) {
		pr_msg("panic: %s", handling ? "an oops while another was handled" : in_interrupt() ? "an oops in interrupt context" :
			"an oops that no task can be killed for");
		return NULL;
	}
	*go_on = end_task;
	return change_stacks();
}

void warn_context(void)
{
	report_context();
	host_backtrace();
}

void bug_at(const char *file, int line, const char *what)
{
	void *sp;

	pr_msg("bug: %s at %s:%d", what, file, line);
	report_context();
	if (!survivable() || host_info.sanitized)
		host_panic("panic: %s at %s:%d", what, file, line);
	host_backtrace();
	sp = change_stacks();
	__asm__ volatile("movq %0, %%rsp\n\txorl %%ebp, %%ebp\n\tcallq *%1\n\tud2" : : "r"(sp), "r"(end_task) : "memory");
	__builtin_unreachable();
}
