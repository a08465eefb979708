/* mlock(2) and its kin. There is no swap: locked memory is memory that has been faulted in, that madvise(2) does not throw away,
 * and that is counted against RLIMIT_MEMLOCK. */
#include "internal.h"
#include "fs.h"
#include "sched.h"
#include "syscalls.h"
#include <asm-generic/resource.h>
#include <asm/mman.h>
#include <linux/capability.h>

#define LOCK_FLAGS (VM_LOCKED | VM_LOCKONFAULT)

static bool can_mlock(void)
{
	return rlimit(RLIMIT_MEMLOCK) || capable(CAP_IPC_LOCK);
}

/* Gives the areas of [start, end) the lock flags @flags. 0, -ENOMEM, -EINTR. */
static long lock_range(struct mm *mm, u64 start, u64 end, u64 flags)
{
	int err;

	if (end == start)
		return 0;
	err = mmap_lock(mm);
	if (err)
		return err;
	for (u64 a = start; a < end && !err;) {
		struct vm_area *vma = find_vma_exact(mm, a);
		u64 stop, want = flags;

		if (!vma || (vma->flags & VM_STUB)) {
			err = -ENOMEM;
			break;
		}
		stop = min(vma->end, end);
		if (vma->flags & VM_DROPPABLE)
			want = 0;
		if ((vma->flags & LOCK_FLAGS) != want)
			err = change_vma_flags(mm, a, stop, want, LOCK_FLAGS);
		a = stop;
	}
	mmap_unlock(mm);
	return err;
}

static u64 locked_in(struct mm *mm, u64 start, u64 end)
{
	u64 n = 0;

	for (struct vm_area *vma = find_vma(mm, start); vma && vma->start < end; vma = vma_next(vma))
		if (vma->flags & VM_LOCKED)
			n += (min(vma->end, end) - max(vma->start, start)) >> PAGE_SHIFT;
	return n;
}

/* What an error of populating means to mlock. */
static long mlock_error(int err)
{
	return err == -ENOMEM ? -EAGAIN : err == -EINTR ? err : err ? -ENOMEM : 0;
}

static long do_mlock(u64 start, size_t len_in, u64 flags)
{
	struct mm *mm = current->mm;
	u64 limit = rlimit(RLIMIT_MEMLOCK) >> PAGE_SHIFT, len = round_up(len_in + (start & ~PAGE_MASK), PAGE_SIZE);
	u64 first = start & PAGE_MASK, locked = mm->locked_vm + (len >> PAGE_SHIFT);
	long r;

	if (!can_mlock())
		return -EPERM;
	if (locked > limit && !capable(CAP_IPC_LOCK) && locked - locked_in(mm, first, first + len) > limit)
		return -ENOMEM;
	if (first + len < first)
		return -EINVAL;
	r = lock_range(mm, first, first + len, flags);
	return r ? r : mlock_error(mm_fault_in(mm, first, first + len, FAULT_IN_LOCK));
}

SYSCALL_DEFINE2(mlock, unsigned long, start, size_t, len)
{
	return do_mlock(start, len, VM_LOCKED);
}

SYSCALL_DEFINE3(mlock2, unsigned long, start, size_t, len, int, flags)
{
	if (flags & ~MLOCK_ONFAULT)
		return -EINVAL;
	return do_mlock(start, len, flags & MLOCK_ONFAULT ? LOCK_FLAGS : VM_LOCKED);
}

SYSCALL_DEFINE2(munlock, unsigned long, start, size_t, len_in)
{
	u64 len = round_up(len_in + (start & ~PAGE_MASK), PAGE_SIZE), first = start & PAGE_MASK;

	return first + len < first ? -EINVAL : lock_range(current->mm, first, first + len, 0);
}

/* All areas that there are, and @future for those to come. */
static int lock_all(struct mm *mm, bool now, u64 flags, u64 future)
{
	struct vm_area *vma, *next;
	int err = mmap_lock(mm);

	if (err)
		return err;
	mm->def_flags = future;
	for (vma = find_vma(mm, 0); now && vma; vma = next) {
		if (!(vma->flags & (VM_STUB | VM_DROPPABLE)) && (vma->flags & LOCK_FLAGS) != flags) {
			mm_account(mm, vma, -(s64)vma_pages(vma));
			vma->flags = (vma->flags & ~LOCK_FLAGS) | flags;
			mm_account(mm, vma, (s64)vma_pages(vma));
			vma = vma_merge(vma);
		}
		next = vma_next(vma);
	}
	mmap_unlock(mm);
	return 0;
}

SYSCALL_DEFINE1(mlockall, int, flags)
{
	struct mm *mm = current->mm;
	u64 set = flags & MCL_ONFAULT ? LOCK_FLAGS : VM_LOCKED;
	int err;

	if (!flags || (flags & ~(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT)) || flags == MCL_ONFAULT)
		return -EINVAL;
	if (!can_mlock())
		return -EPERM;
	if ((flags & MCL_CURRENT) && mm->total_vm > rlimit(RLIMIT_MEMLOCK) >> PAGE_SHIFT && !capable(CAP_IPC_LOCK))
		return -ENOMEM;
	err = lock_all(mm, flags & MCL_CURRENT, set, flags & MCL_FUTURE ? set : 0);
	if (!err && (flags & MCL_CURRENT))
		mm_populate(mm, 0, trap_layout.task_size);
	return err;
}

SYSCALL_DEFINE0(munlockall)
{
	return lock_all(current->mm, true, 0, 0);
}
