/* Calls about another process's memory: process_vm_readv(2), process_vm_writev(2), process_madvise(2), process_mrelease(2).
 *
 * Bytes go through a buffer of the kernel's: a fault on either side may sleep, and what was true of the other side's pages
 * before need not be true after. Rights are the target's own: what it cannot write, we cannot write through it. */
#include "internal.h"
#include "cred.h"
#include "fs.h"
#include "pidfd.h"
#include "sched.h"
#include "slab.h"
#include "syscalls.h"
#include "uio.h"
#include <linux/capability.h>

#define CHUNK (4 * PAGE_SIZE) /* bytes copied at a time */

/* ---- reading and writing ---- */

/* The remote side's vector: not checked against anything but the signs of its lengths. kmalloc'd; ERR_PTR. */
static struct iovec *remote_iovec(const struct iovec __user *uvec, unsigned long nr)
{
	struct iovec *iov;

	if (nr > UIO_MAXIOV)
		return ERR_PTR(-EINVAL);
	iov = kmalloc(max(nr, 1ul) * sizeof(*iov));
	if (!iov)
		return ERR_PTR(-ENOMEM);
	if (copy_from_user(iov, uvec, nr * sizeof(*iov))) {
		kfree(iov);
		return ERR_PTR(-EFAULT);
	}
	for (unsigned long i = 0; i < nr; i++) {
		if ((ssize_t)iov[i].iov_len < 0) {
			kfree(iov);
			return ERR_PTR(-EINVAL);
		}
	}
	return iov;
}

/* The address space of @pid, with a reference, if current may attach to it. ERR_PTR(-ESRCH), ERR_PTR(-EPERM). */
static struct mm *mm_to_access(int pid)
{
	struct task *t = find_task(pid);

	if (!t || !t->mm)
		return ERR_PTR(-ESRCH);
	if (t->mm != current->mm && !ptrace_may_access(t, false))
		return ERR_PTR(-EPERM);
	mm_get(t->mm);
	return t->mm;
}

/* One part of the remote vector. 0 or -EFAULT; @local has advanced by what was copied. */
static int copy_remote(struct mm *mm, const struct iovec *remote, struct iov_iter *local, u8 *buf, bool write)
{
	u64 addr = (u64)remote->iov_base, left = min(remote->iov_len, iov_iter_count(local));

	while (left) {
		/* To the end of a page, so that a part that fails does so as a page. */
		size_t part = min(CHUNK - (addr & ~PAGE_MASK), left), got;

		if (write) {
			size_t missed;

			got = copy_from_iter(buf, part, local);
			missed = copy_to_mm(mm, addr, buf, got);
			iov_iter_revert(local, missed);
			got -= missed;
		} else {
			got = part - copy_from_mm(mm, buf, addr, part);
			got = copy_to_iter(buf, got, local);
		}
		if (got < part)
			return -EFAULT;
		addr += part;
		left -= part;
		cond_resched();
		if (fatal_signal_pending(current))
			return -EINTR;
	}
	return 0;
}

static ssize_t copy_vectors(int pid, struct iov_iter *local, const struct iovec *remote, unsigned long nr, bool write)
{
	size_t total = iov_iter_count(local), wanted = 0;
	struct mm *mm;
	int err = 0;
	u8 *buf;

	for (unsigned long i = 0; i < nr; i++)
		wanted |= remote[i].iov_len;
	if (!wanted)
		return 0;
	mm = mm_to_access(pid);
	if (IS_ERR(mm))
		return PTR_ERR(mm);
	buf = kmalloc(CHUNK);
	if (!buf)
		err = -ENOMEM;
	for (unsigned long i = 0; i < nr && iov_iter_count(local) && !err; i++)
		err = copy_remote(mm, &remote[i], local, buf, write);
	kfree(buf);
	mm_drop(mm);
	total -= iov_iter_count(local);
	return total ? (ssize_t)total : err;
}

static ssize_t process_vm_rw(int pid, const struct iovec __user *lvec, unsigned long liovcnt, const struct iovec __user *rvec,
	unsigned long riovcnt, unsigned long flags, bool write)
{
	struct iovec fast[UIO_FASTIOV], *to_free, *remote;
	struct iov_iter local;
	ssize_t n;

	if (flags)
		return -EINVAL;
	if (liovcnt > UIO_MAXIOV)
		return -EINVAL;
	n = import_iovec(lvec, (unsigned)liovcnt, fast, &to_free, &local);
	if (n <= 0)
		goto free_local;
	remote = remote_iovec(rvec, riovcnt);
	if (IS_ERR(remote)) {
		n = PTR_ERR(remote);
		goto free_local;
	}
	n = copy_vectors(pid, &local, remote, riovcnt, write);
	kfree(remote);
free_local:
	kfree(to_free);
	return n;
}

SYSCALL_DEFINE6(process_vm_readv, int, pid, const struct iovec __user *, lvec, unsigned long, liovcnt,
	const struct iovec __user *, rvec, unsigned long, riovcnt, unsigned long, flags)
{
	return process_vm_rw(pid, lvec, liovcnt, rvec, riovcnt, flags, false);
}

SYSCALL_DEFINE6(process_vm_writev, int, pid, const struct iovec __user *, lvec, unsigned long, liovcnt,
	const struct iovec __user *, rvec, unsigned long, riovcnt, unsigned long, flags)
{
	return process_vm_rw(pid, lvec, liovcnt, rvec, riovcnt, flags, true);
}

/* ---- advice ---- */

/* The address space behind a pidfd, with a reference. ERR_PTR(-EBADF, -ESRCH, -EACCES). */
static struct mm *pidfd_mm(int pidfd)
{
	struct task *t;
	u32 flags;

	t = pidfd_task((unsigned)pidfd, &flags);
	if (IS_ERR(t))
		return ERR_PTR(PTR_ERR(t));
	if (!t->mm)
		return ERR_PTR(-ESRCH);
	if (t->mm != current->mm && !ptrace_may_access(t, true))
		return ERR_PTR(-EACCES);
	mm_get(t->mm);
	return t->mm;
}

static ssize_t advise_vectors(struct mm *mm, struct iov_iter *i, int behavior)
{
	ssize_t done = 0;

	for (unsigned k = 0; k < i->nr_segs; k++) {
		int err = madvise_remote(mm, (u64)i->iov[k].iov_base, i->iov[k].iov_len, behavior);

		if (err)
			return done ? done : err;
		done += (ssize_t)i->iov[k].iov_len;
	}
	return done;
}

SYSCALL_DEFINE5(process_madvise, int, pidfd, const struct iovec __user *, vec, size_t, vlen, int, behavior,
	unsigned, flags)
{
	struct iovec fast[UIO_FASTIOV], *to_free;
	struct iov_iter i;
	struct mm *mm;
	ssize_t n;

	if (flags || vlen > UIO_MAXIOV)
		return -EINVAL;
	n = import_iovec(vec, (unsigned)vlen, fast, &to_free, &i);
	if (n < 0)
		return n;
	mm = pidfd_mm(pidfd);
	if (IS_ERR(mm) && PTR_ERR(mm) != -EACCES) {
		n = PTR_ERR(mm);
	} else if (!madvise_remote_valid(behavior)) {
		n = -EINVAL;
	} else if (IS_ERR(mm)) {
		n = PTR_ERR(mm);
	} else {
		n = capable(CAP_SYS_NICE) ? advise_vectors(mm, &i, behavior) : -EPERM;
	}
	if (!IS_ERR(mm))
		mm_drop(mm);
	kfree(to_free);
	return n;
}

/* ---- the memory of the dying ---- */

SYSCALL_DEFINE2(process_mrelease, int, pidfd, unsigned, flags)
{
	struct vm_area *vma;
	struct task *t;
	struct mm *mm;
	u32 file_flags;
	int err;

	if (flags)
		return -EINVAL;
	t = pidfd_task((unsigned)pidfd, &file_flags);
	if (IS_ERR(t))
		return PTR_ERR(t);
	if (!t->mm)
		return -ESRCH;
	if (!t->signal->group_exit && !fatal_signal_pending(t))
		return -EINVAL;
	mm = t->mm;
	mm_get(mm);
	err = mmap_lock(mm);
	if (!err) {
		list_for_each_entry(vma, &mm->vmas, node)
			if (!(vma->flags & (VM_SHARED | VM_STUB)))
				zap_range(mm, vma->start, vma->end, NULL, true);
		mmap_unlock(mm);
	}
	mm_drop(mm);
	return err;
}
