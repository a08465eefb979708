/* mremap(2): areas change their size or their place; the frames stay, and the host's mappings of the old place go. */
#include "internal.h"
#include "fs.h"
#include "sched.h"
#include "syscalls.h"
#include "umk_kernel.h"
#include <asm/mman.h>
#include <linux/mman.h>

#define CHUNK (64ull << 20) /* bytes moved between reschedule points */
#define SPARE_AREAS 3u      /* a move may need so many more */

/* ---- moving pages ---- */

/* Tables for all that is present in [from, from+len), at @to. 0 or -ENOMEM. */
static int alloc_tables(struct mm *mm, u64 from, u64 to, u64 len)
{
	u64 a = from;
	unsigned n;
	pte_t *pt;

	while ((pt = pte_walk(mm, &a, from + len, &n)))
		for (unsigned i = 0; i < n; i++, a += PAGE_SIZE)
			if ((pt[i] & PTE_PRESENT) && !pte_alloc(mm, to + (a - from)))
				return -ENOMEM;
	return 0;
}

static void move_chunk(struct mm *mm, u64 from, u64 to, u64 len)
{
	u64 a = from, low = from + len, high = from;
	unsigned n;
	pte_t *pt;

	while ((pt = pte_walk(mm, &a, from + len, &n))) {
		for (unsigned i = 0; i < n; i++, a += PAGE_SIZE) {
			pte_t *e = pt[i] & PTE_PRESENT ? pte_alloc(mm, to + (a - from)) : NULL;

			if (pt[i] & (PTE_HOST | PTE_DIRECT)) {
				low = min(low, a);
				high = a + PAGE_SIZE;
			}
			mm->rss_file -= pte_direct(pt[i]);
			pt[i] &= ~PTE_DIRECT; /* faults in at the new place */
			if (!e) /* nothing there, or a page that has come since the tables were made */
				continue;
			*e = pt[i] & ~(PTE_HOST | PTE_HOSTW);
			pt[i] = 0;
		}
	}
	utlb_clear(mm);
	if (mm->tmm && low < high) {
		trap->unmap(mm->tmm, low, high - low);
		trap->flush(mm->tmm);
	}
}

static int move_entries(struct mm *mm, u64 from, u64 to, u64 len)
{
	int err;

	mm->keep_tables = true; /* a truncation meanwhile must not take the empty ones */
	err = alloc_tables(mm, from, to, len);
	for (u64 done = 0; !err && done < len; done += CHUNK) {
		move_chunk(mm, from + done, to + done, min(CHUNK, len - done));
		if (done + CHUNK < len)
			cond_resched();
	}
	mm->keep_tables = false;
	if (err)
		pgtable_trim(mm, to, to + len);
	else
		pgtable_trim(mm, from, from + len);
	return err;
}

/* ---- moving areas ---- */

/* What MREMAP_DONTUNMAP leaves behind: the area without its pages and locks. */
static void leave_behind(struct mm *mm, struct vm_area *vma, u64 addr, u64 len)
{
	mm_account(mm, vma, -(s64)vma_pages(vma));
	vma->flags &= ~(VM_LOCKED | VM_LOCKONFAULT);
	mm_account(mm, vma, (s64)vma_pages(vma));
	if (vma->start == addr && vma->end == addr + len)
		vma->anon_vma = 0;
	vma_merge(vma);
}

/* Moves [addr, addr+old_len) of @vma to @new_addr. An @old_len of 0 makes a second view of a shared mapping. */
static long move_area(struct mm *mm, struct vm_area *vma, u64 addr, u64 old_len, u64 new_len, u64 new_addr,
	unsigned long flags, struct list_head *dead)
{
	struct vm_area *made;
	int err;

	if (mm->nr_vmas >= sysctl_max_map_count - SPARE_AREAS)
		return -ENOMEM;
	if (old_len && !(flags & MREMAP_DONTUNMAP)) {
		err = vma_isolate(mm, addr, addr + old_len, true);
		if (err)
			return err;
		vma = find_vma_exact(mm, addr);
	}
	made = vma_dup(mm, vma);
	if (!made)
		return -ENOMEM;
	made->pgoff = !made->mapping && !made->anon_vma ? new_addr >> PAGE_SHIFT : vma_index(vma, addr);
	made->start = new_addr;
	made->end = new_addr + new_len;
	if (mm->rewrite)
		rewrite_forget(mm, addr, addr + old_len);
	err = move_entries(mm, addr, new_addr, old_len);
	if (err) {
		list_add_tail(&made->node, dead);
		return err;
	}
	vma_link(mm, made);
	mm_account(mm, made, (s64)(new_len >> PAGE_SHIFT));
	if (flags & MREMAP_DONTUNMAP)
		leave_behind(mm, vma, addr, old_len);
	vma_merge(made);
	if (!(flags & MREMAP_DONTUNMAP) && old_len) {
		err = unmap_areas(mm, addr, addr + old_len, dead);
		if (err)
			return err;
	}
	return (long)new_addr;
}

/* The area at @addr, if [addr, addr+old_len) of it may become @new_len long; ERR_PTR. */
static struct vm_area *vma_to_resize(struct mm *mm, u64 addr, u64 old_len, u64 new_len)
{
	struct vm_area *vma = find_vma_exact(mm, addr);
	u64 grow = (new_len - old_len) >> PAGE_SHIFT;

	if (!vma || (vma->flags & VM_STUB))
		return ERR_PTR(-EFAULT);
	if (vma->flags & VM_SEALED)
		return ERR_PTR(-EPERM);
	if (!old_len && !(vma->flags & VM_SHARED))
		return ERR_PTR(-EINVAL);
	if (old_len > vma->end - addr)
		return ERR_PTR(-EFAULT);
	if (new_len == old_len)
		return vma;
	if (vma_index(vma, addr) + (new_len >> PAGE_SHIFT) < vma_index(vma, addr))
		return ERR_PTR(-EINVAL);
	if (!mlock_allowed(mm, vma->flags, new_len - old_len))
		return ERR_PTR(-EAGAIN);
	if (!may_expand_vm(mm, grow, vma_is_data(vma)) || overcommit_refused(grow, vma->flags))
		return ERR_PTR(-ENOMEM);
	return vma;
}

/* MREMAP_FIXED and MREMAP_DONTUNMAP. */
static long mremap_to(struct mm *mm, u64 addr, u64 old_len, u64 new_len, unsigned long flags, u64 new_addr,
	struct list_head *dead)
{
	struct vm_area *vma;
	int err;

	if ((new_addr & ~PAGE_MASK) || new_len > trap_layout.task_size || new_addr > trap_layout.task_size - new_len)
		return -EINVAL;
	if (addr + old_len > new_addr && new_addr + new_len > addr)
		return -EINVAL;
	if (mm->nr_vmas + 2 >= sysctl_max_map_count - SPARE_AREAS)
		return -ENOMEM;
	if (flags & MREMAP_FIXED) {
		if (new_addr < GUEST_MMAP_MIN)
			return -EPERM;
		for (vma = find_vma(mm, new_addr); vma && vma->start < new_addr + new_len; vma = vma_next(vma))
			if (vma->flags & VM_STUB)
				return -ENOMEM;
		err = unmap_areas(mm, new_addr, new_addr + new_len, dead);
		if (err)
			return err;
	}
	if (old_len > new_len) {
		err = unmap_areas(mm, addr + new_len, addr + old_len, dead);
		if (err)
			return err;
		old_len = new_len;
	}
	vma = vma_to_resize(mm, addr, old_len, new_len);
	if (IS_ERR(vma))
		return PTR_ERR(vma);
	if ((flags & MREMAP_DONTUNMAP) && !may_expand_vm(mm, old_len >> PAGE_SHIFT, vma_is_data(vma)))
		return -ENOMEM;
	if (!(flags & MREMAP_FIXED)) {
		long where;

		if (new_addr < GUEST_MMAP_MIN || !range_free(mm, new_addr, new_len)) {
			where = get_unmapped_range(mm, new_len, GUEST_MMAP_MIN, mm->mmap_base);
			if (IS_ERR_VALUE(where))
				return where;
			new_addr = (u64)where;
		}
	}
	return move_area(mm, vma, addr, old_len, new_len, new_addr, flags, dead);
}

static long mremap_locked(struct mm *mm, u64 addr, u64 old_len, u64 new_len, unsigned long flags, u64 new_addr,
	struct list_head *dead)
{
	struct vm_area *vma = find_vma_exact(mm, addr);
	long where;
	int err;

	if (!vma || (vma->flags & VM_STUB))
		return -EFAULT;
	if (flags & (MREMAP_FIXED | MREMAP_DONTUNMAP))
		return mremap_to(mm, addr, old_len, new_len, flags, new_addr, dead);
	if (old_len >= new_len) {
		err = old_len > new_len ? unmap_areas(mm, addr + new_len, addr + old_len, dead) : 0;
		return err ? err : (long)addr;
	}
	vma = vma_to_resize(mm, addr, old_len, new_len);
	if (IS_ERR(vma))
		return PTR_ERR(vma);
	if (old_len == vma->end - addr && addr + new_len <= trap_layout.task_size &&
	    range_free(mm, vma->end, new_len - old_len)) {
		vma_resize(vma, vma->start, addr + new_len, vma->pgoff);
		mm_account(mm, vma, (s64)((new_len - old_len) >> PAGE_SHIFT));
		vma_merge(vma);
		return (long)addr;
	}
	if (!(flags & MREMAP_MAYMOVE))
		return -ENOMEM;
	where = get_unmapped_range(mm, new_len, GUEST_MMAP_MIN, mm->mmap_base);
	return IS_ERR_VALUE(where) ? where : move_area(mm, vma, addr, old_len, new_len, (u64)where, flags, dead);
}

long do_mremap(struct mm *mm, u64 addr, u64 old_len, u64 new_len, unsigned long flags, u64 new_addr)
{
	LIST_HEAD(dead);
	struct vm_area *vma;
	bool locked;
	long r;

	if (flags & ~(unsigned long)(MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP))
		return -EINVAL;
	if ((flags & (MREMAP_FIXED | MREMAP_DONTUNMAP)) && !(flags & MREMAP_MAYMOVE))
		return -EINVAL;
	if ((flags & MREMAP_DONTUNMAP) && old_len != new_len)
		return -EINVAL;
	if ((addr & ~PAGE_MASK) || old_len > trap_layout.task_size || new_len > trap_layout.task_size || !new_len)
		return -EINVAL;
	old_len = round_up(old_len, PAGE_SIZE);
	new_len = round_up(new_len, PAGE_SIZE);
	if (addr > trap_layout.task_size - old_len)
		return old_len > new_len ? -EINVAL : -EFAULT;
	r = mmap_lock(mm);
	if (r)
		return r;
	r = mremap_locked(mm, addr, old_len, new_len, flags, new_addr, &dead);
	vma = IS_ERR_VALUE(r) ? NULL : find_vma_exact(mm, (u64)r);
	locked = vma && (vma->flags & VM_LOCKED);
	mmap_unlock(mm);
	free_areas(&dead);
	if (locked && new_len > old_len)
		mm_populate(mm, (u64)r + old_len, (u64)r + new_len);
	return r;
}

SYSCALL_DEFINE5(mremap, unsigned long, addr, unsigned long, old_len, unsigned long, new_len, unsigned long, flags,
	unsigned long, new_addr)
{
	return do_mremap(current->mm, addr, old_len, new_len, flags, new_addr);
}
