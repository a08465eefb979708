/* mprotect(2). Access that is taken away is gone, acknowledged by every thread, when the call returns; access that is
 * given shows at once where the frame is the guest's own, and by a fault where a copy or a dirty mark comes first. */
#include "internal.h"
#include "ledger.h"
#include "sched.h"
#include "syscalls.h"
#include "umk_kernel.h"
#include <asm/mman.h>

#define PROT_BITS (VM_READ | VM_WRITE | VM_EXEC)
#define CHUNK (64ul << 20) /* bytes between reschedule points */

static void queue_protect(struct vm_area *vma, u64 start, u64 end, int prot)
{
	if (prot)
		trap->protect(vma->mm->tmm, start, end - start, prot);
	else
		trap->unmap(vma->mm->tmm, start, end - start);
}

/* The entry under the area's new flags. */
static pte_t new_entry(const struct vm_area *vma, pte_t e)
{
	const struct page *p = pte_page(e);

	e &= ~(PTE_READ | PTE_WRITE);
	if (vma->flags & PROT_BITS)
		e |= PTE_READ;
	if ((vma->flags & (VM_WRITE | VM_SHARED)) == VM_WRITE && !p->mapping && p->mapcount == 1)
		e |= PTE_WRITE;
	return e;
}

/* Brings entries and host mappings of [start, end) in line with vma->flags. */
static void change_entries(struct vm_area *vma, u64 start, u64 end, u64 old_flags)
{
	struct mm *mm = vma->mm;
	bool narrowed = false;
	u64 a = start;
	unsigned n;
	pte_t *pt;

	while ((pt = pte_walk(mm, &a, end, &n))) {
		u64 run = a;
		int run_prot = -1; /* none */

		for (unsigned i = 0; i < n; i++, a += PAGE_SIZE) {
			int prot = -1;

			if (pt[i] & PTE_PRESENT) {
				bool hostw = pt[i] & PTE_HOSTW;

				pt[i] = new_entry(vma, pt[i]);
				utlb_drop(mm, a);
				if (pt[i] & PTE_HOST) {
					prot = host_prot(vma, pt[i] & PTE_WRITE);
					narrowed |= !prot || (hostw && !(prot & VM_WRITE)) ||
						((old_flags & VM_EXEC) && !(prot & VM_EXEC));
					pt[i] &= ~PTE_HOSTW;
					if (prot & VM_WRITE)
						pt[i] |= PTE_HOSTW;
					if (!prot)
						pt[i] &= ~PTE_HOST;
				}
			}
			if (prot == run_prot)
				continue;
			if (run_prot >= 0)
				queue_protect(vma, run, a, run_prot);
			run = a;
			run_prot = prot;
		}
		if (run_prot >= 0)
			queue_protect(vma, run, a, run_prot);
	}
	if (narrowed)
		trap->flush(mm->tmm);
}

static int protect_area(struct vm_area **pvma, u64 start, u64 end, u64 prot)
{
	struct vm_area *vma = *pvma;
	struct mm *mm = vma->mm;
	u64 old = vma->flags, new = (old & ~PROT_BITS) | prot, count = (end - start) >> PAGE_SHIFT;
	bool was_data = vma_is_data(vma), is_data = (new & (VM_WRITE | VM_SHARED | VM_GROWSDOWN)) == VM_WRITE;
	int err;

	if (new == old)
		return 0;
	if (is_data && !was_data && (!may_expand_vm(mm, 0, false) || overcommit_refused(count, new)))
		return -ENOMEM;
	if (is_data && !was_data && !may_expand_vm(mm, count, true) && may_expand_vm(mm, count, false))
		return -ENOMEM;
	err = vma_isolate(mm, start, end, false);
	if (err)
		return err;
	vma = find_vma_exact(mm, start);
	if (mm->rewrite && (prot & VM_WRITE))
		rewrite_forget(mm, start, end);
	mm_account(mm, vma, -(s64)count);
	vma->flags = new;
	mm_account(mm, vma, (s64)count);
	for (u64 a = start; a < end; a += CHUNK) {
		change_entries(vma, a, min(a + CHUNK, end), old);
		if (a + CHUNK < end)
			cond_resched();
	}
	*pvma = vma_merge(vma);
	return 0;
}

static int mprotect_locked(struct mm *mm, u64 start, u64 end, unsigned long prot, unsigned long grows)
{
	struct vm_area *vma = find_vma(mm, start);

	if (!vma)
		return -ENOMEM;
	if (grows & PROT_GROWSDOWN) {
		if (vma->start >= end)
			return -ENOMEM;
		start = vma->start;
		if (!(vma->flags & VM_GROWSDOWN))
			return -EINVAL;
	} else {
		if (vma->start > start)
			return -ENOMEM;
		if (grows & PROT_GROWSUP)
			return -EINVAL;
	}
	while (start < end) {
		u64 stop;
		int err;

		if (!vma || vma->start > start || (vma->flags & VM_STUB))
			return -ENOMEM;
		if (prot & ~(vma->flags >> 4) & PROT_BITS) /* VM_MAY* */
			return -EACCES;
		stop = min(vma->end, end);
		err = protect_area(&vma, start, stop, prot);
		if (err)
			return err;
		start = stop;
		vma = find_vma(mm, start);
	}
	return 0;
}

int do_mprotect(struct mm *mm, u64 start, u64 len, unsigned long prot)
{
	unsigned long grows = prot & (PROT_GROWSDOWN | PROT_GROWSUP);
	int err;

	prot &= ~grows;
	if (grows == (PROT_GROWSDOWN | PROT_GROWSUP) || (start & ~PAGE_MASK))
		return -EINVAL;
	if (!len)
		return 0;
	if (len > -PAGE_SIZE || start + round_up(len, PAGE_SIZE) <= start)
		return -ENOMEM;
	if (prot & ~(unsigned long)(PROT_READ | PROT_WRITE | PROT_EXEC | PROT_SEM))
		return -EINVAL;
	err = mmap_lock(mm);
	if (err)
		return err;
	err = mprotect_locked(mm, start, start + round_up(len, PAGE_SIZE), prot & PROT_BITS, grows);
	mmap_unlock(mm);
	return err;
}

SYSCALL_DEFINE3(mprotect, unsigned long, start, size_t, len, unsigned long, prot)
{
	return do_mprotect(current->mm, start, len, prot);
}
