/* Calls about memory that is already mapped: madvise(2), mincore(2), msync(2), mlock(2) and its kin. There is no swap:
 * locked memory is memory that has been faulted in and is counted against RLIMIT_MEMLOCK. */
#include "internal.h"
#include "fs.h"
#include "ledger.h"
#include "sched.h"
#include "syscalls.h"
#include <asm-generic/resource.h>
#include <asm/mman.h>
#include <linux/capability.h>

/* ---- madvise ---- */

enum advice_kind { ADVICE_UNKNOWN, ADVICE_NOTHING, ADVICE_ZAP, ADVICE_FLAGS, ADVICE_POPULATE, ADVICE_READ };

struct advice {
	int number;
	enum advice_kind kind;
	u64 set, clear;
};

/* What changes only the speed is accepted and needs nothing done. Huge pages, KSM and the rest are as in a kernel that was
 * built without them: EINVAL. */
static const struct advice advices[] = {
	{ MADV_NORMAL, ADVICE_NOTHING, 0, 0 },
	{ MADV_RANDOM, ADVICE_NOTHING, 0, 0 },
	{ MADV_SEQUENTIAL, ADVICE_NOTHING, 0, 0 },
	{ MADV_WILLNEED, ADVICE_READ, 0, 0 },
	{ MADV_COLD, ADVICE_NOTHING, 0, 0 },
	{ MADV_PAGEOUT, ADVICE_NOTHING, 0, 0 },
	{ MADV_DONTNEED, ADVICE_ZAP, 0, 0 },
	{ MADV_FREE, ADVICE_ZAP, 0, 0 },
	{ MADV_DONTFORK, ADVICE_FLAGS, VM_DONTCOPY, 0 },
	{ MADV_DOFORK, ADVICE_FLAGS, 0, VM_DONTCOPY },
	{ MADV_WIPEONFORK, ADVICE_FLAGS, VM_WIPEONFORK, 0 },
	{ MADV_KEEPONFORK, ADVICE_FLAGS, 0, VM_WIPEONFORK },
	{ MADV_DONTDUMP, ADVICE_FLAGS, VM_DONTDUMP, 0 },
	{ MADV_DODUMP, ADVICE_FLAGS, 0, VM_DONTDUMP },
	{ MADV_POPULATE_READ, ADVICE_POPULATE, 0, 0 },
	{ MADV_POPULATE_WRITE, ADVICE_POPULATE, 0, 0 },
};

static const struct advice *find_advice(int number)
{
	for (unsigned i = 0; i < ARRAY_SIZE(advices); i++)
		if (advices[i].number == number)
			return &advices[i];
	return NULL;
}

/* Changes the flags of [start, end) of one area. */
static int change_flags(struct mm *mm, u64 start, u64 end, u64 set, u64 clear)
{
	struct vm_area *vma;
	int err = vma_isolate(mm, start, end, false);

	if (err)
		return err == -ENOMEM ? -EAGAIN : err;
	vma = find_vma_exact(mm, start);
	mm_account(mm, vma, -(s64)vma_pages(vma));
	vma->flags = (vma->flags & ~clear) | set;
	mm_account(mm, vma, (s64)vma_pages(vma));
	vma_merge(vma);
	return 0;
}

static int advise_area(struct mm *mm, struct vm_area *vma, u64 start, u64 end, const struct advice *advice)
{
	switch (advice->kind) {
	case ADVICE_ZAP:
		if (vma->flags & VM_LOCKED)
			return -EINVAL;
		if (advice->number == MADV_FREE && vma->mapping)
			return -EINVAL;
		zap_range(mm, start, end, NULL, true);
		return 0;
	case ADVICE_FLAGS:
		if (advice->number == MADV_WIPEONFORK && vma->mapping)
			return -EINVAL;
		if ((vma->flags & (advice->set | advice->clear)) == advice->set)
			return 0;
		return change_flags(mm, start, end, advice->set, advice->clear);
	case ADVICE_READ:
		return 0; /* files are read ahead by their faults */
	default:
		return 0;
	}
}

static long populate_range(struct mm *mm, u64 start, u64 end, bool write)
{
	int err;

	for (u64 a = start; a < end;) {
		struct vm_area *vma = find_vma_exact(mm, a);

		if (!vma)
			return -ENOMEM;
		if (!(vma->flags & (write ? VM_WRITE : VM_READ | VM_WRITE | VM_EXEC)))
			return -EINVAL;
		err = mm_populate(mm, a, min(vma->end, end), write);
		if (err)
			return err == -EFBIG || err == -EIO ? -EFAULT : err;
		/* The areas may have changed while we slept. */
		vma = find_vma_exact(mm, a);
		if (!vma)
			return -ENOMEM;
		a = vma->end;
	}
	return 0;
}

SYSCALL_DEFINE3(madvise, unsigned long, start, size_t, len_in, int, behavior)
{
	const struct advice *advice = find_advice(behavior);
	struct mm *mm = current->mm;
	u64 len = round_up(len_in, PAGE_SIZE), end = start + len;
	bool gap = false;
	int err;

	if (!advice) {
		LEDGER("madvise advice", behavior);
		return -EINVAL;
	}
	if ((start & ~PAGE_MASK) || (len_in && !len) || end < start)
		return -EINVAL;
	if (end == start)
		return 0;
	if (advice->kind == ADVICE_POPULATE)
		return populate_range(mm, start, end, behavior == MADV_POPULATE_WRITE);
	err = mmap_lock(mm);
	if (err)
		return err;
	for (u64 a = start; a < end && !err;) {
		struct vm_area *vma = find_vma(mm, a);
		u64 stop;

		if (!vma || vma->start >= end) {
			gap = true;
			break;
		}
		if (vma->start > a || (vma->flags & VM_STUB)) {
			gap = true;
			a = vma->flags & VM_STUB ? vma->end : vma->start;
			continue;
		}
		stop = min(vma->end, end);
		err = advise_area(mm, vma, a, stop, advice);
		a = stop;
	}
	mmap_unlock(mm);
	return err ? err : gap ? -ENOMEM : 0;
}

/* ---- mincore ---- */

static u8 in_core(struct mm *mm, const struct vm_area *vma, u64 addr)
{
	const pte_t *e = pte_lookup(mm, addr);

	if (e && (*e & PTE_PRESENT))
		return 1;
	return vma->mapping && cache_peek(vma->mapping, vma_index(vma, addr));
}

SYSCALL_DEFINE3(mincore, unsigned long, start, size_t, len, unsigned char __user *, vec)
{
	u64 end = start + round_up(len, PAGE_SIZE), a = start;
	u8 buf[256];

	if (start & ~PAGE_MASK)
		return -EINVAL;
	if (start > trap_layout.task_size || len > trap_layout.task_size - start)
		return -ENOMEM;
	while (a < end) {
		unsigned n = 0;

		for (; n < sizeof(buf) && a < end; n++, a += PAGE_SIZE) {
			const struct vm_area *vma = find_vma_exact(current->mm, a);

			if (!vma)
				break;
			buf[n] = in_core(current->mm, vma, a);
		}
		if (copy_to_user(vec, buf, n))
			return -EFAULT;
		vec += n;
		if (n < sizeof(buf) && a < end)
			return -ENOMEM;
		cond_resched();
	}
	return 0;
}

/* ---- msync ---- */

SYSCALL_DEFINE3(msync, unsigned long, start, size_t, len, int, flags)
{
	struct mm *mm = current->mm;
	u64 end = start + round_up(len, PAGE_SIZE);
	bool gap = false;
	int err = 0;

	if ((flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC)) || (start & ~PAGE_MASK) ||
	    ((flags & MS_ASYNC) && (flags & MS_SYNC)))
		return -EINVAL;
	if (end < start)
		return -ENOMEM;
	while (start < end && !err) {
		struct vm_area *vma = find_vma(mm, start);
		struct file *file;
		u64 stop, first;

		if (!vma || vma->start >= end)
			return -ENOMEM;
		if (vma->start > start) {
			gap = true;
			start = vma->start;
		}
		if ((flags & MS_INVALIDATE) && (vma->flags & VM_LOCKED))
			return -EBUSY;
		stop = min(vma->end, end);
		if ((flags & MS_SYNC) && vma->file && vma->mapping && (vma->flags & VM_SHARED)) {
			file = file_get(vma->file); /* the area may go while we write */
			first = vma_index(vma, start);
			err = write_dirty_pages(vma->mapping, first, first + ((stop - start) >> PAGE_SHIFT));
			if (!err && file->ops->fsync)
				err = file->ops->fsync(file, true);
			file_put(file);
		}
		start = stop;
	}
	return err ? err : gap ? -ENOMEM : 0;
}

/* ---- mlock ---- */

static long lock_range(u64 start, size_t len_in, u64 set, u64 clear)
{
	struct mm *mm = current->mm;
	u64 len = round_up(len_in + (start & ~PAGE_MASK), PAGE_SIZE), end;
	int err = 0;

	start &= PAGE_MASK;
	end = start + len;
	if (end < start || len < len_in)
		return -EINVAL;
	if (end == start)
		return 0;
	err = mmap_lock(mm);
	if (err)
		return err;
	for (u64 a = start; a < end && !err;) {
		struct vm_area *vma = find_vma_exact(mm, a);
		u64 stop;

		if (!vma || (vma->flags & VM_STUB)) {
			err = -ENOMEM;
			break;
		}
		stop = min(vma->end, end);
		if ((vma->flags & VM_LOCKED) != set)
			err = change_flags(mm, a, stop, set, clear);
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

static long do_mlock(u64 start, size_t len_in, bool populate)
{
	struct mm *mm = current->mm;
	u64 limit = rlimit(RLIMIT_MEMLOCK), len = round_up(len_in + (start & ~PAGE_MASK), PAGE_SIZE);
	u64 first = start & PAGE_MASK, count = len >> PAGE_SHIFT;
	long r;

	if (!limit && !capable(CAP_IPC_LOCK))
		return -EPERM;
	if (mm->locked_vm + count > limit >> PAGE_SHIFT && !capable(CAP_IPC_LOCK) &&
	    mm->locked_vm + count - locked_in(mm, first, first + len) > limit >> PAGE_SHIFT)
		return -ENOMEM;
	r = lock_range(start, len_in, VM_LOCKED, 0);
	if (r || !populate)
		return r;
	r = mm_populate(mm, first, first + len, true);
	return r == -EFAULT ? -ENOMEM : r == -ENOMEM ? -EAGAIN : r == -EACCES ? -ENOMEM : r;
}

SYSCALL_DEFINE2(mlock, unsigned long, start, size_t, len)
{
	return do_mlock(start, len, true);
}

SYSCALL_DEFINE3(mlock2, unsigned long, start, size_t, len, int, flags)
{
	if (flags & ~MLOCK_ONFAULT)
		return -EINVAL;
	return do_mlock(start, len, !(flags & MLOCK_ONFAULT));
}

SYSCALL_DEFINE2(munlock, unsigned long, start, size_t, len)
{
	return lock_range(start, len, 0, VM_LOCKED);
}

static int lock_all(struct mm *mm, bool lock)
{
	struct vm_area *vma;
	int err = mmap_lock(mm);

	if (err)
		return err;
	list_for_each_entry(vma, &mm->vmas, node) {
		if (vma->flags & VM_STUB)
			continue;
		mm_account(mm, vma, -(s64)vma_pages(vma));
		vma->flags = lock ? vma->flags | VM_LOCKED : vma->flags & ~VM_LOCKED;
		mm_account(mm, vma, (s64)vma_pages(vma));
	}
	mmap_unlock(mm);
	return 0;
}

SYSCALL_DEFINE1(mlockall, int, flags)
{
	struct mm *mm = current->mm;
	u64 limit = rlimit(RLIMIT_MEMLOCK);
	int err;

	if (!flags || (flags & ~(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT)) || flags == MCL_ONFAULT)
		return -EINVAL;
	if (!limit && !capable(CAP_IPC_LOCK))
		return -EPERM;
	if ((flags & MCL_CURRENT) && mm->total_vm > limit >> PAGE_SHIFT && !capable(CAP_IPC_LOCK))
		return -ENOMEM;
	mm->def_flags = flags & MCL_FUTURE ? VM_LOCKED : 0;
	if (!(flags & MCL_CURRENT))
		return 0;
	err = lock_all(mm, true);
	if (!err && !(flags & MCL_ONFAULT))
		for (u64 a = 0; a < trap_layout.task_size;) {
			struct vm_area *vma = find_vma(mm, a);

			if (!vma || fatal_signal_pending(current))
				break;
			a = vma->end;
			mm_populate(mm, vma->start, vma->end, !(vma->flags & VM_SHARED));
		}
	return err;
}

SYSCALL_DEFINE0(munlockall)
{
	current->mm->def_flags = 0;
	return lock_all(current->mm, false);
}
