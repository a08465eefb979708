/* mprotect(2), pkey_mprotect(2) and mseal(2). Access that is taken away is gone, acknowledged by every thread, when the call returns; access that is
 * given shows at once where the frame is the guest's own, and by a fault where a copy or a dirty mark comes first. */
#include "internal.h"
#include "sched.h"
#include "syscalls.h"
#include "umk_kernel.h"
#include <asm/mman.h>
#include <linux/personality.h>

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
	if ((vma->flags & (VM_WRITE | VM_SHARED)) == VM_WRITE && page_exclusive(p))
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
			if (pt[i] & PTE_DIRECT) {
				prot = host_prot(vma, false);
				narrowed |= !prot || ((old_flags & VM_EXEC) && !(prot & VM_EXEC));
				if (!prot) {
					mm->rss_file -= pte_direct(pt[i]);
					pt[i] &= ~PTE_DIRECT;
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

/* The flags that @vma gets, or -errno: what becomes writable counts as data and as committed memory, and stays so once pages
 * are there. */
static int new_flags(struct mm *mm, const struct vm_area *vma, u64 count, u64 prot, u64 *flags)
{
	u64 old = vma->flags, new = (old & ~PROT_BITS) | prot;

	if (new & VM_WRITE) {
		bool is_data = (new & (VM_WRITE | VM_SHARED | VM_GROWSDOWN)) == VM_WRITE;

		if (!may_expand_vm(mm, count, is_data) && may_expand_vm(mm, count, vma_is_data(vma)))
			return -ENOMEM;
		if (!(old & (VM_ACCOUNT | VM_WRITE | VM_SHARED | VM_NORESERVE))) {
			if (overcommit_refused(count, new))
				return -ENOMEM;
			new |= VM_ACCOUNT;
		}
	} else if ((old & VM_ACCOUNT) && !vma->mapping && !vma->anon_vma) {
		new &= ~VM_ACCOUNT;
	}
	*flags = new;
	return 0;
}

static int protect_area(struct vm_area **pvma, u64 start, u64 end, u64 prot)
{
	struct vm_area *vma = *pvma;
	struct mm *mm = vma->mm;
	u64 old = vma->flags, new, count = (end - start) >> PAGE_SHIFT;
	int err;

	if (old & VM_SEALED)
		return -EPERM;
	if ((old & PROT_BITS) == prot)
		return 0;
	err = new_flags(mm, vma, count, prot, &new);
	if (!err)
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
	/* Locked memory that becomes writable is copied now, not at the first store. */
	if ((old & (VM_WRITE | VM_SHARED | VM_LOCKED)) == VM_LOCKED && (new & VM_WRITE)) {
		mm_fault_in(mm, start, end, FAULT_IN_LOCK);
		*pvma = find_vma_exact(mm, start);
	}
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
		u64 stop, want = prot;
		int err;

		if (!vma || vma->start > start || (vma->flags & VM_STUB))
			return -ENOMEM;
		if ((prot & PROT_READ) && (current->personality & READ_IMPLIES_EXEC) && (vma->flags & VM_MAYEXEC))
			want |= VM_EXEC;
		if (want & ~(vma->flags >> 4) & PROT_BITS) /* VM_MAY* */
			return -EACCES;
		if (mdwe_refuses(mm, vma->flags, want))
			return -EACCES;
		stop = min(vma->end, end);
		err = protect_area(&vma, start, stop, want);
		if (err)
			return err;
		start = stop;
		vma = find_vma(mm, start);
	}
	return 0;
}

static int mprotect_pkey(struct mm *mm, u64 start, u64 len, unsigned long prot, int pkey)
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
	if (pkey != -1)
		return -EINVAL; /* no key was ever given */
	err = mmap_lock(mm);
	if (err)
		return err;
	err = mprotect_locked(mm, start, start + round_up(len, PAGE_SIZE), prot & PROT_BITS, grows);
	mmap_unlock(mm);
	return err;
}

int do_mprotect(struct mm *mm, u64 start, u64 len, unsigned long prot)
{
	return mprotect_pkey(mm, start, len, prot, -1);
}

SYSCALL_DEFINE3(mprotect, unsigned long, start, size_t, len, unsigned long, prot)
{
	return do_mprotect(current->mm, start, len, prot);
}

/* ---- protection keys: as on a machine that has none, whatever the host's has ---- */

SYSCALL_DEFINE4(pkey_mprotect, unsigned long, start, size_t, len, unsigned long, prot, int, pkey)
{
	return mprotect_pkey(current->mm, start, len, prot, pkey);
}

SYSCALL_DEFINE2(pkey_alloc, unsigned long, flags, unsigned long, init_val)
{
	if (flags || (init_val & ~(unsigned long)(PKEY_DISABLE_ACCESS | PKEY_DISABLE_WRITE)))
		return -EINVAL;
	/* Linux gives out key 0, finds that it cannot be used, and does not take it back. */
	if (current->mm->pkey_spent)
		return -ENOSPC;
	current->mm->pkey_spent = true;
	return -EINVAL;
}

SYSCALL_DEFINE1(pkey_free, int, pkey __maybe_unused)
{
	return -EINVAL;
}

/* ---- mseal ---- */

/* Is every page of [start, end) mapped? */
static bool all_mapped(struct mm *mm, u64 start, u64 end)
{
	while (start < end) {
		struct vm_area *vma = find_vma_exact(mm, start);

		if (!vma || (vma->flags & VM_STUB))
			return false;
		start = vma->end;
	}
	return true;
}

/* Linux 6.10: what is sealed keeps its place and its access for good. */
SYSCALL_DEFINE3(mseal, unsigned long, start, size_t, len_in, unsigned long, flags)
{
	struct mm *mm = current->mm;
	u64 len = round_up(len_in, PAGE_SIZE), end = start + len;
	int err;

	if (flags || (start & ~PAGE_MASK) || (len_in && !len) || end < start)
		return -EINVAL;
	if (end == start)
		return 0;
	err = mmap_lock(mm);
	if (err)
		return err;
	if (!all_mapped(mm, start, end))
		err = -ENOMEM;
	for (u64 a = start; a < end && !err;) {
		struct vm_area *vma = find_vma_exact(mm, a);
		u64 stop = min(vma->end, end);

		if (!(vma->flags & VM_SEALED))
			err = change_vma_flags(mm, a, stop, VM_SEALED, 0);
		a = stop;
	}
	mmap_unlock(mm);
	return err;
}
