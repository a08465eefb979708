/* kcmp(2): do two tasks share a kernel object? Objects are ordered by a scrambled address, which says nothing about where
 * they are. */
#include "cred.h"
#include "fs.h"
#include "host.h"
#include "sched.h"
#include "syscalls.h"
#include <linux/kcmp.h>

static u64 scramble[2];

static u64 order_of(const void *object)
{
	if (!scramble[1]) {
		host_random(scramble, sizeof(scramble));
		scramble[1] |= 1; /* odd: the product is a permutation */
	}
	return ((u64)(unsigned long)object ^ scramble[0]) * scramble[1];
}

/* 0: the same, 1: less, 2: greater. */
static long compare(const void *a, const void *b)
{
	u64 x = order_of(a), y = order_of(b);

	return x == y ? 0 : x < y ? 1 : 2;
}

/* A file is compared by its open file description; who else holds it does not matter, so no reference is kept. */
static const struct file *file_of(const struct task *t, unsigned long fd)
{
	struct file *f = fd <= 0xffffffffu ? files_get(t->files, (unsigned)fd) : NULL;

	file_put(f);
	return f;
}

static long compare_files(const struct task *a, const struct task *b, unsigned long fd1, unsigned long fd2)
{
	const struct file *f1 = file_of(a, fd1), *f2 = file_of(b, fd2);

	return f1 && f2 ? compare(f1, f2) : -EBADF;
}

/* KCMP_EPOLL_TFD: the file of @a's descriptor against a target of an epoll of @b's. */
static long compare_target(const struct task *a, const struct task *b, unsigned long fd, const void __user *uslot)
{
	const struct file *f, *target;
	struct kcmp_epoll_slot slot;
	struct file *ep;

	if (copy_from_user(&slot, uslot, sizeof(slot)))
		return -EFAULT;
	f = file_of(a, fd);
	if (!f)
		return -EBADF;
	ep = files_get(b->files, slot.efd);
	if (!ep)
		return -EBADF;
	target = eventpoll_target(ep, (int)slot.tfd, slot.toff);
	file_put(ep);
	return IS_ERR(target) ? PTR_ERR(target) : compare(f, target);
}

/* kcmp(2): ESRCH, EPERM, EINVAL, EBADF, EFAULT, ENOENT. */
SYSCALL_DEFINE5(kcmp, int, pid1, int, pid2, int, type, unsigned long, idx1, unsigned long, idx2)
{
	const struct task *a = find_task(pid1), *b = find_task(pid2);

	if (!a || !b)
		return -ESRCH;
	if (!ptrace_may_access(a, false) || !ptrace_may_access(b, false))
		return -EPERM;
	switch (type) {
	case KCMP_FILE:
		return compare_files(a, b, idx1, idx2);
	case KCMP_VM:
		return compare(a->mm, b->mm);
	case KCMP_FILES:
		return compare(a->files, b->files);
	case KCMP_FS:
		return compare(a->fs, b->fs);
	case KCMP_SIGHAND:
		return compare(a->sighand, b->sighand);
	case KCMP_IO:
		return compare(a->io, b->io);
	case KCMP_SYSVSEM:
		return compare(a->sem_undo, b->sem_undo);
	case KCMP_EPOLL_TFD:
		return compare_target(a, b, idx1, u64_to_uptr(idx2));
	default:
		return -EINVAL;
	}
}
