/* pidfd_open, pidfd_send_signal and pidfd_getfd, and the file behind a pidfd. Waiting by one is waitpid.c's, making one with
 * the task fork.c's. */
#include "pidfd.h"
#include "cred.h"
#include "fs.h"
#include "nsfs.h"
#include "procfs.h"
#include "slab.h"
#include "string.h"
#include "syscalls.h"
#include "task.h"
#include <linux/eventpoll.h>
#include <linux/pidfd.h>

/* linux/pidfd.h of 6.9 */
#ifndef PIDFD_THREAD
#define PIDFD_THREAD O_EXCL
#define PIDFD_SIGNAL_THREAD (1u << 0)
#define PIDFD_SIGNAL_THREAD_GROUP (1u << 1)
#define PIDFD_SIGNAL_PROCESS_GROUP (1u << 2)
#endif
#define PIDFD_GET_FIRST 0xff01u /* PIDFD_GET_CGROUP_NAMESPACE: linux/pidfd.h of 6.11 */
#define SIGNAL_SCOPES (PIDFD_SIGNAL_THREAD | PIDFD_SIGNAL_THREAD_GROUP | PIDFD_SIGNAL_PROCESS_GROUP)

/* ---- handles ---- */

static struct pid_handle *handle_of(struct task *t)
{
	struct pid_handle *h = t->handle;

	if (!h) {
		h = kzalloc(sizeof(*h));
		if (!h)
			return NULL;
		h->refs = 1; /* the task's */
		h->nr = t->pid;
		h->task = t;
		init_waitqueue_head(&h->wait);
		t->handle = h;
	}
	h->refs++;
	return h;
}

struct pid_handle *process_handle(struct task *t)
{
	return handle_of(t->signal->leader);
}

void pid_handle_put(struct pid_handle *h)
{
	if (h && !--h->refs)
		kfree(h);
}

void pidfd_notify(struct task *t)
{
	if (t->handle)
		wake_up_all(&t->handle->wait);
}

void pidfd_detach(struct task *t)
{
	struct pid_handle *h = t->handle;

	if (!h)
		return;
	t->handle = NULL;
	h->task = NULL;
	wake_up_all(&h->wait);
	pid_handle_put(h);
}

void pidfd_exchange(struct task *t, struct task *leader)
{
	struct pid_handle *h = t->handle;

	t->handle = leader->handle;
	leader->handle = h;
	if (t->handle)
		t->handle->task = t;
	if (h)
		h->task = leader;
}

/* ---- the file ---- */

static bool task_ended(const struct task *t, bool thread)
{
	if (t->state != TASK_ZOMBIE && t->state != TASK_DEAD)
		return false;
	return thread || process_is_zombie(t->signal);
}

static u32 pidfd_poll(struct file *f, struct poll_table *pt)
{
	struct pid_handle *h = f->private;

	poll_wait(pt, &h->wait);
	if (!h->task)
		return EPOLLIN | EPOLLRDNORM | EPOLLHUP;
	return task_ended(h->task, f->flags & PIDFD_THREAD) ? EPOLLIN | EPOLLRDNORM : 0;
}

static void pidfd_show(struct file *f, char *buf, size_t size)
{
	const struct pid_handle *h = f->private;
	int nr = h->task ? h->nr : -1;

	ksnprintf(buf, size, "Pid:\t%d\nNSpid:\t%d\n", nr, nr);
}

static void pidfd_release(struct file *f)
{
	pid_handle_put(f->private);
}

/* ioctl_pidfd(2), Linux 6.11: the name spaces of the process. */
static long pidfd_ioctl(struct file *f, unsigned cmd, unsigned long arg)
{
	static const char *const names[] = { "cgroup", "ipc", "mnt", "net", "pid", "pid_for_children", "time", "time_for_children",
		"user", "uts" };
	const struct pid_handle *h = f->private;
	unsigned nr = cmd - PIDFD_GET_FIRST;

	if (nr >= ARRAY_SIZE(names))
		return -ENOTTY;
	if (arg)
		return -EINVAL;
	if (!h->task || !h->task->mm)
		return -ESRCH;
	return proc_may_trace(h->task) ? ns_open(names[nr]) : -EPERM;
}

static const struct file_operations pidfd_ops = {
	.name = "pidfd", .poll = pidfd_poll, .ioctl = pidfd_ioctl, .show_fdinfo = pidfd_show, .release = pidfd_release,
};

struct file *pid_handle_file(struct pid_handle *h, u32 flags)
{
	struct file *f = anon_file("[pidfd]", &pidfd_ops, pid_handle_hold(h), O_RDWR | flags, 0600);

	if (IS_ERR(f))
		pid_handle_put(h);
	return f;
}

struct file *pidfd_file(struct task *t, u32 flags)
{
	struct pid_handle *h = handle_of(t);
	struct file *f;

	if (!h)
		return ERR_PTR(-ENOMEM);
	f = pid_handle_file(h, flags);
	pid_handle_put(h);
	return f;
}

struct pid_handle *pidfd_of(const struct file *f)
{
	return f && f->ops == &pidfd_ops ? f->private : NULL;
}

struct pid_handle *pidfd_get(unsigned fd, u32 *flags)
{
	struct file *f = fget(fd);
	struct pid_handle *h = pidfd_of(f);

	if (h) {
		h->refs++;
		*flags = f->flags;
	}
	file_put(f);
	return h;
}

struct task *pidfd_task(unsigned fd, u32 *flags)
{
	struct pid_handle *h = pidfd_get(fd, flags);
	struct task *t;

	if (!h)
		return ERR_PTR(-EBADF);
	t = h->task;
	pid_handle_put(h);
	return t ? t : ERR_PTR(-ESRCH);
}

/* ---- the calls ---- */

/* pidfd_open(2): EINVAL, ESRCH, EMFILE, ENFILE, ENOMEM. */
SYSCALL_DEFINE2(pidfd_open, int, pid, unsigned, flags)
{
	struct task *t;
	struct file *f;
	int fd;

	if ((flags & ~(O_NONBLOCK | PIDFD_THREAD)) || pid <= 0)
		return -EINVAL;
	t = find_task(pid);
	if (!t)
		return -ESRCH;
	if (t != t->signal->leader && !(flags & PIDFD_THREAD))
		return -EINVAL;
	fd = fd_reserve(O_CLOEXEC);
	if (fd < 0)
		return fd;
	f = pidfd_file(t, flags);
	if (IS_ERR(f)) {
		fd_unreserve(fd);
		return PTR_ERR(f);
	}
	fd_install(fd, f);
	return fd;
}

/* Whom the signal is for, from the call's flags or what the pidfd means by itself. */
static unsigned signal_scope(unsigned flags, u32 file_flags)
{
	if (flags)
		return flags;
	return file_flags & PIDFD_THREAD ? PIDFD_SIGNAL_THREAD : PIDFD_SIGNAL_THREAD_GROUP;
}

static long send_to(struct task *t, unsigned scope, int sig, const siginfo_t *info)
{
	int err;

	if (scope == PIDFD_SIGNAL_PROCESS_GROUP)
		return kill_many(sig, info, t->pid);
	err = kill_permission(t, sig);
	if (err || !sig)
		return err;
	if (scope == PIDFD_SIGNAL_THREAD)
		return send_sig_task(sig, info, t);
	return send_sig_group(sig, info, t->signal->leader);
}

/* Whom a descriptor names to pidfd_send_signal: a pidfd's task, or the process of an open directory /proc/PID. ERR_PTR(-EBADF),
 * ERR_PTR(-ESRCH). */
static struct task *signal_target(unsigned fd, u32 *flags)
{
	struct file *f = fget(fd);
	struct pid_handle *h = pidfd_of(f);
	struct task *t = ERR_PTR(-EBADF);

	*flags = f ? f->flags : 0;
	if (h)
		t = h->task ? h->task : ERR_PTR(-ESRCH);
	else if (f)
		t = proc_dir_task(f);
	file_put(f);
	return t;
}

/* pidfd_send_signal(2): EBADF, EINVAL, EFAULT, EPERM, ESRCH. */
SYSCALL_DEFINE4(pidfd_send_signal, int, pidfd, int, sig, const siginfo_t __user *, uinfo, unsigned, flags)
{
	struct task *t;
	siginfo_t info;
	unsigned scope;
	u32 file_flags;

	if ((flags & ~SIGNAL_SCOPES) || (flags & (flags - 1)))
		return -EINVAL;
	t = signal_target((unsigned)pidfd, &file_flags);
	if (t == ERR_PTR(-EBADF))
		return -EBADF;
	scope = signal_scope(flags, file_flags);
	if (uinfo) {
		if (copy_from_user(&info, uinfo, sizeof(info)))
			return -EFAULT;
		if (info.si_signo != sig)
			return -EINVAL;
		/* What looks like the kernel's or kill(2)'s may be sent to oneself alone. */
		if ((t != current || scope == PIDFD_SIGNAL_PROCESS_GROUP) && (info.si_code >= 0 || info.si_code == SI_TKILL))
			return -EPERM;
	} else {
		siginfo_user(&info, sig, scope == PIDFD_SIGNAL_THREAD ? SI_TKILL : SI_USER);
	}
	if (IS_ERR(t))
		return -ESRCH;
	if (sig < 0 || sig > _NSIG)
		return -EINVAL;
	return send_to(t, scope, sig, &info);
}

/* pidfd_getfd(2): EINVAL, EBADF, ESRCH, EPERM, EMFILE. */
SYSCALL_DEFINE3(pidfd_getfd, int, pidfd, int, targetfd, unsigned, flags)
{
	struct task *t;
	struct file *f;
	u32 file_flags;
	int fd;

	if (flags)
		return -EINVAL;
	t = pidfd_task((unsigned)pidfd, &file_flags);
	if (IS_ERR(t))
		return PTR_ERR(t);
	if (!ptrace_may_access(t, false))
		return -EPERM;
	if (!t->files)
		return -ESRCH;
	f = files_get(t->files, (unsigned)targetfd);
	if (!f)
		return -EBADF;
	fd = fd_reserve(O_CLOEXEC);
	if (fd < 0)
		file_put(f);
	else
		fd_install(fd, f);
	return fd;
}
