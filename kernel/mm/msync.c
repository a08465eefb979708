/* mincore(2) and msync(2): what mapped memory has, and what of it goes to its file. */
#include "internal.h"
#include "fs.h"
#include "sched.h"
#include "syscalls.h"
#include <asm/mman.h>

/* Whether others use a file is told only to who may change it. */
static bool may_see_cache(const struct vm_area *vma)
{
	if (vma->mapping && vma->mapping->shmem && !vma->file->path.mnt)
		return true;
	return vma->file && (inode_may_write(vma->file->inode) || (vma->file->flags & O_ACCMODE) != O_RDONLY);
}

static u8 in_core(struct mm *mm, const struct vm_area *vma, u64 addr)
{
	const pte_t *e = pte_lookup(mm, addr);

	if (e && (*e & (PTE_PRESENT | PTE_DIRECT)))
		return 1;
	if (!vma->mapping)
		return 0;
	return !may_see_cache(vma) || cache_peek(vma->mapping, vma_index(vma, addr));
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
