/* unshare and setns. A task can stop sharing what clone made it share; there is one namespace of each kind, and both calls
 * refuse others as a kernel does that is built without them. */
#include "ipc/ipc_calls.h"
#include "cred.h"
#include "fs.h"
#include "ledger.h"
#include "nsfs.h"
#include "pidfd.h"
#include "sched.h"
#include "syscalls.h"
#include "trap.h"
#include <linux/capability.h>
#include <linux/sched.h>

#define CLONE_NAMESPACES (CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | \
	CLONE_NEWCGROUP | CLONE_NEWTIME)
#define UNSHARE_FLAGS (CLONE_THREAD | CLONE_FS | CLONE_SIGHAND | CLONE_VM | CLONE_FILES | CLONE_SYSVSEM | CLONE_NAMESPACES)

/* Some flags mean others (unshare(2)). */
static u64 implied_flags(u64 flags)
{
	if (flags & CLONE_NEWUSER)
		flags |= CLONE_THREAD | CLONE_FS;
	if (flags & CLONE_VM)
		flags |= CLONE_SIGHAND;
	if (flags & CLONE_SIGHAND)
		flags |= CLONE_THREAD;
	if (flags & CLONE_NEWNS)
		flags |= CLONE_FS;
	return flags;
}

static bool is_only_thread(void)
{
	return current->signal->threads.next == current->signal->threads.prev;
}

/* What cannot be unshared while it is shared: threads, handlers, memory. */
static int check_flags(u64 flags)
{
	const struct task *t;

	if (flags & ~(u64)UNSHARE_FLAGS)
		return -EINVAL;
	if ((flags & (CLONE_THREAD | CLONE_SIGHAND | CLONE_VM)) && !is_only_thread())
		return -EINVAL;
	if ((flags & (CLONE_SIGHAND | CLONE_VM)) && current->sighand->refs > 1)
		return -EINVAL;
	if (flags & CLONE_VM)
		list_for_each_entry(t, &all_tasks, task_node)
			if (t != current && t->mm == current->mm)
				return -EINVAL;
	return 0;
}

static int unshare_namespaces(u64 flags)
{
	if (!(flags & CLONE_NAMESPACES))
		return 0;
	LEDGER("unshare namespace flags", flags);
	return capable(CAP_SYS_ADMIN) || (flags & CLONE_NEWUSER) ? -EINVAL : -EPERM;
}

/* unshare(2): EINVAL, ENOMEM, EPERM. */
SYSCALL_DEFINE1(unshare, unsigned long, flags)
{
	struct fs_struct *fs = NULL;
	int err;

	flags = implied_flags(flags);
	err = check_flags(flags);
	if (!err)
		err = unshare_namespaces(flags);
	if (err)
		return err;
	if (flags & CLONE_FS) {
		fs = fs_copy(current->fs);
		if (!fs)
			return -ENOMEM;
	}
	if (flags & CLONE_FILES)
		err = files_unshare();
	if (err) {
		fs_put(fs);
		return err;
	}
	if (flags & (CLONE_SYSVSEM | CLONE_NEWIPC))
		sem_undo_exit(current);
	if (fs) {
		fs_put(current->fs);
		current->fs = fs;
	}
	return 0;
}

/* What joining the name spaces @kinds needs, in the order in which Linux asks; all are the ones that current is in. */
static int may_join(u32 kinds)
{
	if (kinds & CLONE_NEWUSER)
		return -EINVAL;
	if ((kinds & CLONE_NEWNS) && !capable(CAP_SYS_CHROOT))
		return -EPERM;
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (kinds == CLONE_NEWNS && fs_users(current->fs) != 1)
		return -EINVAL;
	return (kinds & CLONE_NEWTIME) && !is_only_thread() ? -EUSERS : 0;
}

/* setns(2): EBADF, EINVAL, EPERM, ESRCH, EUSERS. */
SYSCALL_DEFINE2(setns, int, fd, int, flags)
{
	struct file *f = fget_path((unsigned)fd);
	struct pid_handle *h = pidfd_of(f);
	u32 kinds = f ? ns_file_kind(f) : 0;
	bool gone = h && !h->task;
	int err;

	if (!f)
		return -EBADF;
	file_put(f);
	if (kinds ? flags && (u32)flags != kinds : !h || !flags || (flags & ~CLONE_NAMESPACES))
		return -EINVAL;
	if (gone)
		return -ESRCH;
	kinds = kinds ? kinds : (u32)flags;
	err = may_join(kinds);
	if (err)
		return err;
	if (kinds & CLONE_NEWNS)
		fs_to_first_root(current->fs);
	if (kinds & CLONE_NEWIPC)
		sem_undo_exit(current);
	return 0;
}
