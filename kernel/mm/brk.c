/* brk(2): the heap, an anonymous area above the program's data. */
#include "internal.h"
#include "fs.h"
#include "sched.h"
#include "syscalls.h"
#include "umk_kernel.h"
#include <asm-generic/resource.h>

#define HEAP_CLUSTER 16u /* pages shown by brk itself, at least */
#define HEAP_CLUSTER_MAX 64u
#define HEAP_SHARE 8u    /* ... or one of so many of a heap that has grown */

static bool brk_grow(struct mm *mm, u64 from, u64 to)
{
	u64 vm_flags = VM_READ | VM_WRITE | VM_MAYALL | VM_ACCOUNT | mm->def_flags;
	struct vm_area *vma;

	/* A page stays free above the heap; more below a stack. */
	if (to > trap_layout.task_size || !range_free(mm, from, to + PAGE_SIZE - from))
		return false;
	if (!mlock_allowed(mm, vm_flags, to - from))
		return false;
	if (mm->nr_vmas > sysctl_max_map_count || !may_expand_vm(mm, (to - from) >> PAGE_SHIFT, true) ||
	    overcommit_refused((to - from) >> PAGE_SHIFT, vm_flags))
		return false;
	vma = vma_alloc(mm, from, to, vm_flags);
	if (!vma)
		return false;
	vma_link(mm, vma);
	mm_account(mm, vma, (s64)vma_pages(vma));
	vma_merge(vma);
	return true;
}

/* The first pages of fresh heap are about to be written: they go back with the answer, which spares a fault. */
static void show_heap(struct mm *mm, u64 addr)
{
	struct vm_area *vma = find_vma_exact(mm, addr);
	u64 want;

	if (!vma || memory_low())
		return;
	want = min(max(vma_pages(vma) / HEAP_SHARE, (u64)HEAP_CLUSTER), (u64)HEAP_CLUSTER_MAX);
	if (vma->last_fault != addr || vma->cluster < want / 2) {
		vma->last_fault = addr;
		vma->cluster = (u32)want / 2;
	}
	handle_mm_fault(mm, addr, VM_WRITE);
}

u64 do_brk(struct mm *mm, u64 brk)
{
	LIST_HEAD(dead);
	u64 old = 0, new = 0, result, limit = rlimit(RLIMIT_DATA);

	if (mmap_lock(mm))
		return mm->brk;
	result = mm->brk;
	if (brk < mm->start_brk || brk > trap_layout.task_size)
		goto unlock;
	if (limit < RLIM_INFINITY && (brk - mm->start_brk) + (mm->end_data - mm->start_data) > limit)
		goto unlock;
	old = round_up(mm->brk, PAGE_SIZE);
	new = round_up(brk, PAGE_SIZE);
	if (new < old ? unmap_areas(mm, new, old, &dead) == 0 : new == old || brk_grow(mm, old, new))
		result = mm->brk = brk;
unlock:
	mmap_unlock(mm);
	free_areas(&dead);
	if (new > old && result == brk && (mm->def_flags & VM_LOCKED))
		mm_populate(mm, old, new);
	else if (new > old && result == brk)
		show_heap(mm, old);
	return result;
}

SYSCALL_DEFINE1(brk, unsigned long, brk)
{
	return (long)do_brk(current->mm, brk);
}
