/* The end of tasks: exit, exit_group. Decides what a dying task gives back and in which order, who inherits its children,
 * and when a zombie goes by itself. Waiting for one is in waitpid.c.
 *
 * Children hang on the leader of their parent's process and remember the thread that made them. A leader that ends before
 * its other threads stays a silent zombie until they are gone. */
#include "ipc/ipc_calls.h"
#include "fs.h"
#include "futex/futex.h"
#include "host.h"
#include "ledger.h"
#include "mm.h"
#include "pidfd.h"
#include "printk.h"
#include "rusage.h"
#include "string.h"
#include "syscalls.h"
#include "task.h"
#include "trap.h"
#include "tty.h"
#include "umk_kernel.h"
#include <linux/signal.h>

struct completion first_exit;
int first_exit_code;

/* ---- giving back ---- */

/* The host's side of an address space goes with its last task, whoever else still looks at the memory. */
static void host_side_end(struct mm *mm)
{
	if (mm->tmm)
		trap->mm_destroy(mm->tmm, mm->program);
	mm->tmm = NULL;
}

static bool other_task_uses(const struct mm *mm)
{
	const struct task *t;

	list_for_each_entry(t, &all_tasks, task_node)
		if (t->mm == mm)
			return true;
	return false;
}

void mm_drop(struct mm *mm)
{
	if (mm->users == 1) {
		aio_exit_mm(mm);
		rewrite_mm_exit(mm);
		host_side_end(mm);
		if (mm->exe_file)
			allow_write_access(mm->exe_file);
	}
	mm_put(mm);
}

void exit_mm(struct mm *heir)
{
	struct task *t = current;
	struct mm *mm = t->mm;
	struct completion *vfork_done = t->vfork_done;

	if (!mm)
		return;
	exit_robust_list(t);
	t->robust_list = 0;
	futex_pi_exit(t);
	if (t->clear_child_tid && mm->users > 1) {
		u32 zero = 0;

		(void)put_user(zero, (u32 __user *)u64_to_uptr(t->clear_child_tid));
		futex_wake_user(t->clear_child_tid, 1);
	}
	t->clear_child_tid = 0;
	if (heir) {
		t->signal->maxrss = max(t->signal->maxrss, mm->hiwater_rss);
		heir->tmm = mm->tmm;
		mm->tmm = NULL;
	} else {
		usage_task_exit(t);
		trap->task_destroy(t->tt);
		t->tt = NULL;
	}
	t->mm = NULL;
	if (mm->users > 1 && !other_task_uses(mm))
		host_side_end(mm);
	mm_drop(mm);
	/* Read again: a killed parent may have left in the meantime. */
	vfork_done = t->vfork_done;
	t->vfork_done = NULL;
	if (vfork_done)
		complete(vfork_done);
}

/* ---- parents ---- */

bool process_is_zombie(const struct signal_struct *sig)
{
	return sig->live == 0 && sig->threads.next == sig->threads.prev && sig->leader->state == TASK_ZOMBIE;
}

int process_exit_code(const struct task *leader)
{
	return leader->signal->group_exit ? leader->signal->group_exit_code : leader->exit_code;
}

void exit_info(siginfo_t *info, const struct task *t, int sig)
{
	int code = process_exit_code(t);
	u64 tick = NSEC_PER_SEC / 100;

	memset(info, 0, sizeof(*info));
	info->si_signo = sig;
	info->si_pid = t->pid;
	info->si_uid = t->cred->uid;
	info->_sifields._sigchld._utime = (long)(t->signal->utime_dead / tick);
	info->_sifields._sigchld._stime = (long)(t->signal->stime_dead / tick);
	if (code & 0x7f) {
		info->si_code = code & 0x80 ? CLD_DUMPED : CLD_KILLED;
		info->si_status = code & 0x7f;
	} else {
		info->si_code = CLD_EXITED;
		info->si_status = code >> 8;
	}
}

/* Tells the parent of the zombie @t. True if nobody is going to wait for it (SIGCHLD ignored, SA_NOCLDWAIT). */
static bool notify_parent_exit(struct task *t)
{
	struct task *parent = t->parent;
	bool autoreap = false;
	int sig = t->exit_signal;

	if (sig == SIGCHLD) {
		const struct k_sigaction *sa = &parent->sighand->action[SIGCHLD - 1];

		if (sa->handler == (u64)(unsigned long)SIG_IGN) {
			autoreap = true;
			sig = 0;
		} else if (sa->flags & SA_NOCLDWAIT) {
			autoreap = true;
		}
	}
	if (sig > 0 && sig <= _NSIG) {
		siginfo_t info;

		exit_info(&info, t, sig);
		send_sig_group(sig, &info, parent);
	}
	wake_up_all(&parent->signal->wait_chldexit);
	return autoreap;
}

/* As pgrp_is_orphaned(), as if @ignored were gone. The first program counts umk's caller as its shell: it can be
 * stopped from the terminal like any job. */
static bool will_be_orphaned(int pgid, const struct task *ignored)
{
	struct task *t;

	list_for_each_entry(t, &all_tasks, task_node) {
		if (t != t->signal->leader || t->signal->pgid != pgid || t == ignored || process_is_zombie(t->signal))
			continue;
		if (t->tgid == FIRST_PID)
			return false;
		if (t->real_parent != init_task && t->real_parent->signal->pgid != pgid &&
		    t->real_parent->signal->sid == t->signal->sid)
			return false;
	}
	return true;
}

bool pgrp_is_orphaned(int pgid)
{
	return will_be_orphaned(pgid, NULL);
}

static bool has_stopped_process(int pgid)
{
	struct task *t;

	list_for_each_entry(t, &all_tasks, task_node)
		if (t == t->signal->leader && t->signal->pgid == pgid && group_stopped(t->signal))
			return true;
	return false;
}

/* The exit of @t, or of its parent @parent, may orphan its group: stopped jobs that nobody could continue get SIGHUP
 * and SIGCONT (POSIX, _exit). */
static void kill_orphaned_pgrp(struct task *t, struct task *parent)
{
	const struct task *ignored = parent ? NULL : t;
	int pgid = t->signal->pgid;

	if (!parent)
		parent = t->real_parent;
	if (parent->signal->pgid == pgid || parent->signal->sid != t->signal->sid)
		return;
	if (has_stopped_process(pgid) && will_be_orphaned(pgid, ignored)) {
		send_sig_pgrp(SIGHUP, SEND_SIG_PRIV, pgid);
		send_sig_pgrp(SIGCONT, SEND_SIG_PRIV, pgid);
	}
}

/* The nearest ancestor that asked for it (PR_SET_CHILD_SUBREAPER), or init. */
static struct task *find_reaper(struct task *t)
{
	for (t = t->real_parent; t != init_task; t = t->real_parent)
		if (t->signal->child_subreaper && t->signal->live)
			return t;
	return init_task;
}

/* A thread that can have children and is not about to end, or the leader if there is none. */
static struct task *alive_thread(struct task *leader)
{
	struct task *t;

	list_for_each_entry(t, &leader->signal->threads, thread_node)
		if (!t->exiting && t->state != TASK_ZOMBIE && t->state != TASK_DEAD)
			return t;
	return leader;
}

static void parent_died(struct task *child)
{
	struct task *thread;

	list_for_each_entry(thread, &child->signal->threads, thread_node)
		if (thread->pdeath_signal)
			send_sig_group((int)thread->pdeath_signal, SEND_SIG_NOINFO, thread);
}

/* A thread ends and its process lives on: its children are another thread's. */
static void pass_on_children(struct task *father)
{
	struct task *leader = father->signal->leader, *heir = alive_thread(leader), *t;

	list_for_each_entry(t, &leader->children, sibling) {
		if (t->made_by != father)
			continue;
		t->made_by = heir;
		parent_died(t);
	}
}

static void reparent_children(struct task *father)
{
	struct task *reaper = find_reaper(father), *t, *next;

	list_for_each_entry_safe(t, next, &father->children, sibling) {
		struct task *thread;

		list_for_each_entry(thread, &t->signal->threads, thread_node)
			thread->parent = thread->real_parent = reaper;
		t->made_by = alive_thread(reaper);
		parent_died(t);
		list_move_tail(&t->sibling, &reaper->children);
		t->exit_signal = SIGCHLD;
		if (process_is_zombie(t->signal) && notify_parent_exit(t)) {
			task_release(t);
			continue;
		}
		kill_orphaned_pgrp(t, father);
	}
}

/* The last thread of the process has ended and only its zombie leader remains. */
static void process_ended(struct task *leader)
{
	struct signal_struct *sig = leader->signal;

	if (leader->tgid == FIRST_PID && !first_exit.done) {
		first_exit_code = process_exit_code(leader);
		complete(&first_exit);
	}
	if (sig->exec_task)
		return;
	pidfd_notify(leader);
	if (notify_parent_exit(leader)) {
		task_release(leader);
		if (leader == current)
			leader->state = TASK_DEAD;
	}
}

static void exit_notify(struct task *t)
{
	struct signal_struct *sig = t->signal;
	struct task *leader = sig->leader;

	if (sig->live == 0) {
		reparent_children(leader);
		kill_orphaned_pgrp(leader, NULL);
	} else {
		pass_on_children(t);
	}
	if (t == leader) {
		t->state = TASK_ZOMBIE;
		pidfd_notify(t);
	} else {
		t->state = TASK_DEAD;
		task_release(t);
	}
	if (sig->exec_task)
		wake_task(sig->exec_task);
	if (process_is_zombie(sig))
		process_ended(leader);
}

/* Ends the current thread with wait status @code. */
void do_exit(int code)
{
	struct task *t = current;
	struct signal_struct *sig = t->signal;

	t->exit_code = code;
	signals_exit(t);
	if (--sig->live == 0) {
		exit_itimers(sig);
		/* The last thread's status is the process's, whoever led it. */
		if (!sig->group_exit) {
			sig->group_exit = true;
			sig->group_exit_code = code;
		}
	}
	if (umk_options.strace)
		trace_exit(t, sig->group_exit ? sig->group_exit_code : code);
	sem_undo_exit(t);
	exit_mm(NULL);
	if (t->files)
		files_put(t->files);
	t->files = NULL;
	if (t->fs)
		fs_put(t->fs);
	t->fs = NULL;
	io_context_exit(t);
	if (!sig->live)
		disassociate_ctty(true);
	exit_notify(t);
	sched_end();
}

/* Ends the whole process of current with wait status @code, unless another thread was first. */
void do_group_exit(int code)
{
	struct signal_struct *sig = current->signal;

	if (sig->group_exit) {
		code = sig->group_exit_code;
	} else if (sig->exec_task && sig->exec_task != current) {
		code = 0; /* execve replaces the process; this thread only makes way */
	} else {
		sig->group_exit = true;
		sig->group_exit_code = code;
		zap_other_threads(current);
	}
	do_exit(code);
}

/* _exit(2) of one thread */
SYSCALL_DEFINE1(exit, int, code)
{
	do_exit((code & 0xff) << 8);
}

/* exit_group(2) */
SYSCALL_DEFINE1(exit_group, int, code)
{
	do_group_exit((code & 0xff) << 8);
}
