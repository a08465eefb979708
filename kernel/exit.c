/* The end of tasks, and waiting for it: exit, exit_group, wait4, waitid. Decides what a dying task gives back and in
 * which order, who inherits its children, and when a zombie goes.
 *
 * Children hang on the leader of their parent's process, whichever thread made them. A leader that ends before its
 * other threads stays a silent zombie until they are gone. */
#include "fs.h"
#include "host.h"
#include "ledger.h"
#include "mm.h"
#include "printk.h"
#include "string.h"
#include "syscalls.h"
#include "task.h"
#include "trap.h"
#include "umk_kernel.h"
#include <linux/resource.h>
#include <linux/signal.h>
#include <linux/wait.h>

struct completion first_exit;
int first_exit_code;

/* ---- giving back ---- */

/* The host's side of an address space goes with its last task, whoever else still looks at the memory. */
static void host_side_end(struct mm *mm)
{
	if (mm->tmm)
		trap->mm_destroy(mm->tmm);
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
		rewrite_mm_exit(mm);
		host_side_end(mm);
		if (mm->exe_file)
			allow_write_access(mm->exe_file);
	}
	mm_put(mm);
}

static void account_task(struct task *t)
{
	struct signal_struct *sig = t->signal;

	sig->utime_dead += t->utime + trap->cpu_time(t->tt);
	sig->stime_dead += t->stime;
	sig->min_flt += t->min_flt;
	sig->maj_flt += t->maj_flt;
	sig->maxrss = max(sig->maxrss, t->mm->hiwater_rss);
	t->utime = t->stime = t->min_flt = t->maj_flt = 0;
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
		account_task(t);
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

static bool only_leader_left(const struct signal_struct *sig)
{
	return sig->live == 0 && sig->threads.next == sig->threads.prev;
}

static int process_exit_code(const struct task *leader)
{
	return leader->signal->group_exit ? leader->signal->group_exit_code : leader->exit_code;
}

static void exit_info(siginfo_t *info, const struct task *t, int sig)
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
		if (t != t->signal->leader || t->signal->pgid != pgid || t == ignored || only_leader_left(t->signal))
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

static void reparent_children(struct task *father)
{
	struct task *reaper = find_reaper(father), *t, *next;

	list_for_each_entry_safe(t, next, &father->children, sibling) {
		struct task *thread;

		list_for_each_entry(thread, &t->signal->threads, thread_node) {
			thread->parent = thread->real_parent = reaper;
			if (thread->pdeath_signal)
				send_sig_group((int)thread->pdeath_signal, SEND_SIG_NOINFO, thread);
		}
		list_move_tail(&t->sibling, &reaper->children);
		t->exit_signal = SIGCHLD;
		if (t->state == TASK_ZOMBIE && only_leader_left(t->signal) && notify_parent_exit(t)) {
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
	}
	if (t == leader) {
		t->state = TASK_ZOMBIE;
	} else {
		t->state = TASK_DEAD;
		task_release(t);
	}
	if (sig->exec_task)
		wake_task(sig->exec_task);
	if (sig->live == 0 && leader->state == TASK_ZOMBIE && only_leader_left(sig))
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
	exit_mm(NULL);
	if (t->files)
		files_put(t->files);
	t->files = NULL;
	if (t->fs)
		fs_put(t->fs);
	t->fs = NULL;
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

/* ---- waiting ---- */

enum wait_which { WAIT_ALL, WAIT_PID, WAIT_PGRP };

struct wait_request {
	enum wait_which which;
	int id;
	int options;       /* WNOHANG WEXITED WSTOPPED WCONTINUED WNOWAIT __WALL __WCLONE */
	/* the child that was found */
	int pid, uid;
	int status;        /* as wait4 gives it */
	int code, value;   /* si_code and si_status, as waitid gives them */
	struct rusage usage;
};

static bool wait_eligible(const struct task *child, const struct wait_request *w)
{
	if (w->which == WAIT_PID && child->pid != w->id)
		return false;
	if (w->which == WAIT_PGRP && child->signal->pgid != w->id)
		return false;
	/* A "clone" child is one that signals its parent by something other than SIGCHLD. */
	return (w->options & __WALL) || (child->exit_signal != SIGCHLD) == !!(w->options & __WCLONE);
}

static void set_timeval(struct __kernel_old_timeval *tv, u64 ns)
{
	tv->tv_sec = (long)(ns / NSEC_PER_SEC);
	tv->tv_usec = (long)(ns % NSEC_PER_SEC / 1000);
}

/* What a child that is being waited for has used, with its own waited-for children. */
static void child_usage(const struct task *child, struct rusage *ru)
{
	const struct signal_struct *sig = child->signal;

	memset(ru, 0, sizeof(*ru));
	set_timeval(&ru->ru_utime, sig->utime_dead + sig->cutime);
	set_timeval(&ru->ru_stime, sig->stime_dead + sig->cstime);
	ru->ru_maxrss = (long)(max(sig->maxrss, sig->cmaxrss) * (PAGE_SIZE / 1024));
	ru->ru_minflt = (long)(sig->min_flt + sig->cmin_flt);
	ru->ru_majflt = (long)(sig->maj_flt + sig->cmaj_flt);
	ru->ru_nvcsw = (long)child->nvcsw;
	ru->ru_nivcsw = (long)child->nivcsw;
}

static void inherit_usage(struct signal_struct *parent, const struct signal_struct *child)
{
	parent->cutime += child->utime_dead + child->cutime;
	parent->cstime += child->stime_dead + child->cstime;
	parent->cmin_flt += child->min_flt + child->cmin_flt;
	parent->cmaj_flt += child->maj_flt + child->cmaj_flt;
	parent->cmaxrss = max(parent->cmaxrss, max(child->maxrss, child->cmaxrss));
}

static void wait_found(struct wait_request *w, const struct task *child, int status, int code, int value)
{
	w->pid = child->pid;
	w->uid = (int)child->cred->uid;
	w->status = status;
	w->code = code;
	w->value = value;
	child_usage(child, &w->usage);
}

static bool wait_zombie(struct wait_request *w, struct task *child)
{
	siginfo_t info;

	if (child->state != TASK_ZOMBIE || !only_leader_left(child->signal) || !(w->options & WEXITED))
		return false;
	exit_info(&info, child, SIGCHLD);
	wait_found(w, child, process_exit_code(child), info.si_code, info.si_status);
	if (!(w->options & WNOWAIT)) {
		inherit_usage(current->signal, child->signal);
		task_release(child);
	}
	return true;
}

static bool wait_stopped(struct wait_request *w, struct task *child)
{
	struct signal_struct *sig = child->signal;

	if (!(w->options & WSTOPPED) || !group_stopped(sig) || sig->stop_reported)
		return false;
	wait_found(w, child, sig->stop_sig << 8 | 0x7f, CLD_STOPPED, sig->stop_sig);
	if (!(w->options & WNOWAIT))
		sig->stop_reported = true;
	return true;
}

static bool wait_continued(struct wait_request *w, struct task *child)
{
	struct signal_struct *sig = child->signal;

	if (!(w->options & WCONTINUED) || !sig->continued)
		return false;
	wait_found(w, child, 0xffff, CLD_CONTINUED, SIGCONT);
	if (!(w->options & WNOWAIT))
		sig->continued = false;
	return true;
}

/* One look at the children: 1 and *w filled, 0 (there are some, none ready), -ECHILD. */
static int wait_scan(struct wait_request *w)
{
	struct task *child;
	bool any = false;

	list_for_each_entry(child, &current->signal->leader->children, sibling) {
		if (!wait_eligible(child, w))
			continue;
		/* A whole zombie will never do anything but be waited for. */
		if (child->state != TASK_ZOMBIE || !only_leader_left(child->signal))
			any = true;
		if (wait_zombie(w, child) || wait_stopped(w, child) || wait_continued(w, child))
			return 1;
	}
	return any ? 0 : -ECHILD;
}

/* 1: *w tells of a child; 0: WNOHANG and none; -ECHILD, -ERESTARTSYS. */
static int do_wait(struct wait_request *w)
{
	struct wait_entry entry;
	int found;

	init_wait(&entry);
	for (;;) {
		prepare_to_wait(&current->signal->wait_chldexit, &entry, TASK_INTERRUPTIBLE);
		found = wait_scan(w);
		if (found || (w->options & WNOHANG))
			break;
		if (signal_pending(current)) {
			found = -ERESTARTSYS;
			break;
		}
		schedule();
	}
	finish_wait(&entry);
	return found;
}

/* wait4(2): EINVAL, ESRCH, ECHILD, EFAULT. */
SYSCALL_DEFINE4(wait4, int, upid, int __user *, stat_addr, int, options, struct rusage __user *, ru)
{
	struct wait_request w;
	int found;

	if (options & ~(WNOHANG | WUNTRACED | WCONTINUED | __WNOTHREAD | __WCLONE | __WALL))
		return -EINVAL;
	if (upid == (-0x7fffffff - 1))
		return -ESRCH;
	w.options = options | WEXITED;
	w.which = upid == -1 ? WAIT_ALL : upid > 0 ? WAIT_PID : WAIT_PGRP;
	w.id = upid > 0 ? upid : upid == 0 ? current->signal->pgid : -upid;
	found = do_wait(&w);
	if (found <= 0)
		return found;
	if (stat_addr && put_user(w.status, stat_addr))
		return -EFAULT;
	if (ru && copy_to_user(ru, &w.usage, sizeof(w.usage)))
		return -EFAULT;
	return w.pid;
}

/* The fields of siginfo that waitid sets, and no others. */
static int put_wait_info(siginfo_t __user *info, int signo, const struct wait_request *w)
{
	return put_user(signo, &info->si_signo) || put_user(0, &info->si_errno) || put_user(w->code, &info->si_code) ||
		put_user(w->pid, &info->si_pid) || put_user(w->uid, (int __user *)&info->si_uid) ||
		put_user(w->value, &info->si_status) ? -EFAULT : 0;
}

/* waitid(2): EINVAL, ECHILD, EFAULT, EBADF. */
SYSCALL_DEFINE5(waitid, int, which, int, upid, siginfo_t __user *, info, int, options, struct rusage __user *, ru)
{
	struct wait_request w;
	int found;

	if (options & ~(WNOHANG | WNOWAIT | WEXITED | WSTOPPED | WCONTINUED | __WNOTHREAD | __WCLONE | __WALL))
		return -EINVAL;
	if (!(options & (WEXITED | WSTOPPED | WCONTINUED)))
		return -EINVAL;
	memset(&w, 0, sizeof(w));
	w.options = options;
	w.id = upid;
	switch (which) {
	case P_ALL:
		w.which = WAIT_ALL;
		break;
	case P_PID:
		if (upid <= 0)
			return -EINVAL;
		w.which = WAIT_PID;
		break;
	case P_PGID:
		if (upid < 0)
			return -EINVAL;
		w.which = WAIT_PGRP;
		if (!upid)
			w.id = current->signal->pgid;
		break;
	case P_PIDFD:
		if (upid < 0)
			return -EINVAL;
		/* There are no pidfds yet, so no descriptor is one. */
		LEDGER("waitid P_PIDFD", upid);
		return -EBADF;
	default:
		return -EINVAL;
	}
	found = do_wait(&w);
	if (found > 0 && ru && copy_to_user(ru, &w.usage, sizeof(w.usage)))
		return -EFAULT;
	if (info && put_wait_info(info, found > 0 ? SIGCHLD : 0, &w))
		return -EFAULT;
	return found < 0 ? found : 0;
}
