/* Waiting for children: wait4, waitid. Decides which child a call means, what it reports and what it takes away; how a
 * child comes to its end is exit.c's. */
#include "fs.h"
#include "pidfd.h"
#include "rusage.h"
#include "string.h"
#include "syscalls.h"
#include "task.h"
#include <linux/resource.h>
#include <linux/signal.h>
#include <linux/wait.h>

enum wait_which { WAIT_ALL, WAIT_PID, WAIT_PGRP, WAIT_HANDLE };

struct wait_request {
	enum wait_which which;
	int id;
	struct pid_handle *handle; /* WAIT_HANDLE: a pidfd's, held by who asks */
	int options;       /* WNOHANG WEXITED WSTOPPED WCONTINUED WNOWAIT __WALL __WCLONE __WNOTHREAD */
	bool nonblock;     /* the pidfd is */
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
	if (w->which == WAIT_HANDLE && child->handle != w->handle)
		return false;
	if ((w->options & __WNOTHREAD) && child->made_by != current)
		return false;
	/* A "clone" child is one that signals its parent by something other than SIGCHLD. */
	return (w->options & __WALL) || (child->exit_signal != SIGCHLD) == !!(w->options & __WCLONE);
}

static void wait_found(struct wait_request *w, const struct task *child, int status, int code, int value)
{
	w->pid = child->pid;
	w->uid = (int)child->cred->uid;
	w->status = status;
	w->code = code;
	w->value = value;
	usage_process(child->signal, &w->usage, true);
}

static bool wait_zombie(struct wait_request *w, struct task *child)
{
	siginfo_t info;

	if (!process_is_zombie(child->signal) || !(w->options & WEXITED))
		return false;
	exit_info(&info, child, SIGCHLD);
	wait_found(w, child, process_exit_code(child), info.si_code, info.si_status);
	if (!(w->options & WNOWAIT)) {
		usage_inherit(current->signal, child->signal);
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
		if (!process_is_zombie(child->signal))
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

/* What waitid's first two arguments name: 0 and @w, or -EINVAL, -EBADF. */
static int wait_target(struct wait_request *w, int which, int upid)
{
	u32 file_flags;

	w->id = upid;
	switch (which) {
	case P_ALL:
		w->which = WAIT_ALL;
		return 0;
	case P_PID:
		w->which = WAIT_PID;
		return upid > 0 ? 0 : -EINVAL;
	case P_PGID:
		w->which = WAIT_PGRP;
		if (!upid)
			w->id = current->signal->pgid;
		return upid >= 0 ? 0 : -EINVAL;
	case P_PIDFD:
		if (upid < 0)
			return -EINVAL;
		w->which = WAIT_HANDLE;
		w->handle = pidfd_get((unsigned)upid, &file_flags);
		if (!w->handle)
			return -EBADF;
		w->nonblock = file_flags & O_NONBLOCK;
		return 0;
	default:
		return -EINVAL;
	}
}

/* waitid(2): EINVAL, ECHILD, EFAULT, EBADF, EAGAIN (a pidfd that is non-blocking). */
SYSCALL_DEFINE5(waitid, int, which, int, upid, siginfo_t __user *, info, int, options, struct rusage __user *, ru)
{
	struct wait_request w;
	int found;

	if (options & ~(WNOHANG | WNOWAIT | WEXITED | WSTOPPED | WCONTINUED | __WNOTHREAD | __WCLONE | __WALL))
		return -EINVAL;
	if (!(options & (WEXITED | WSTOPPED | WCONTINUED)))
		return -EINVAL;
	memset(&w, 0, sizeof(w));
	found = wait_target(&w, which, upid);
	if (found)
		return found;
	w.options = options | (w.nonblock ? WNOHANG : 0);
	found = do_wait(&w);
	if (!found && w.nonblock && !(options & WNOHANG))
		found = -EAGAIN;
	pid_handle_put(w.handle);
	if (found > 0 && ru && copy_to_user(ru, &w.usage, sizeof(w.usage)))
		return -EFAULT;
	if (info && put_wait_info(info, found > 0 ? SIGCHLD : 0, &w))
		return -EFAULT;
	return found < 0 ? found : 0;
}
